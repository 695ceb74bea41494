"""Four of the safety rules on the whole example: originals, second runs, files that a person edited, order and place.

1. Every hash that the journal names is an original with those bytes.
2. What stands does not depend on clock, time zone, locale, language, or the order of collecting.
3. A second run of any command adds no event and changes no byte of the campaign's folder, its log apart.
4. A ledger or status workbook that a person edited is kept.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from clerk import Ledger
from commands import ledgergen
from ledgergen.cli import root
from office_cases import (
    EXAMPLE,
    FINANCE,
    ROUND,
    Office,
    copied,
    events,
    issued_example,
    ledgers,
    opened_office,
    own_cache,
    shown,
    shown_round,
)

SHA256 = re.compile(r"[0-9a-f]{64}")
RECEIVED = "2022-07-10"
ON_A_DAY = ("--as-of", "2022-07-20")
PLACES: tuple[dict[str, str], ...] = (
    {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "LEDGERGEN_LANG": "zh", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "C", "LEDGERGEN_LANG": "en", "PYTHONHASHSEED": "2"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "en", "PYTHONHASHSEED": "3"},
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Show the whole round, and collect what nobody wants: a damaged file, a picture, a file twice."""
    folder = copied(shown_round(tmp_path_factory), tmp_path_factory.mktemp("demo") / "c")
    with own_cache():
        inbox = folder / "inbox"
        one = min(inbox.glob("*.xlsx"))
        (inbox / "坏的.xlsx").write_bytes(one.read_bytes()[:2000])
        (inbox / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(500))
        (inbox / f"{one.stem} (1).xlsx").write_bytes(one.read_bytes())
        assert ledgergen("collect", at=folder).code == 1
        assert ledgergen("merge", at=folder).code == 0
    return folder


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_example(tmp_path_factory)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as opened:
        yield opened


def files(campaign: Path) -> list[Path]:
    """Give everything below a folder, its log apart."""
    return [path for path in sorted(campaign.rglob("*")) if path.name != "ledgergen.log"]


def snapshot(campaign: Path) -> dict[str, str]:
    """Give every file and folder below a folder, with the hash of its bytes."""
    return {
        path.relative_to(campaign).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in files(campaign)
    }


def written(campaign: Path) -> dict[str, int]:
    """Give when every file was written, the lock apart, which everybody takes."""
    return {path.name: path.stat().st_mtime_ns for path in files(campaign) if path.is_file() and path.name != "lock"}


# --- 1: originals ---


def named(facts: object) -> Iterator[str]:
    """Give every hash in an event's facts, wherever it stands."""
    if isinstance(facts, str):
        if SHA256.fullmatch(facts):
            yield facts
    elif isinstance(facts, dict):
        for key, value in facts.items():
            yield from named(key)
            yield from named(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from named(value)


def test_every_hash_in_the_journal_is_an_original_with_those_bytes(demo: Path) -> None:
    stored = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (demo / ".ledgergen" / "originals").rglob("*")
        if path.is_file()
    }
    assert all(name == sha256 for name, sha256 in stored.items())
    hashes = [sha256 for path in events(demo) for sha256 in named(json.loads(path.read_bytes())["facts"])]
    assert set(hashes) <= set(stored)
    # And it is all of it: what was issued, what came in (refused or not), what was shown.
    seen = [*ledgers(demo).values(), *(demo / "inbox").iterdir(), *(demo / "reports").iterdir()]
    seen += [demo / name for name in ("plan.yaml", "units.yaml", "ledgergen.yaml")]
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in seen} <= set(hashes)
    ran = ledgergen("verify", "--json", at=demo)
    assert ran.json["findings"] == []
    assert ran.json["originals"] == len(set(hashes))


def test_no_event_and_no_original_is_ever_altered(demo: Path, tmp_path: Path) -> None:
    campaign = copied(demo, tmp_path / "c")
    before = snapshot(campaign / ".ledgergen")
    plan = campaign / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("动态调整", "随时调整"), encoding="utf-8")
    made = Ledger(ledgers(campaign)[FINANCE])
    made.type({("1", "note"): "又报一次"}).save(campaign / "inbox" / "又报.xlsx")
    for arguments in (
        ["generate", "--round", ROUND],
        ["generate", "--round", "2022Q3"],
        ["collect"],
        ["merge"],
        ["undo"],
    ):
        ledgergen(*arguments, at=campaign)
    after = snapshot(campaign / ".ledgergen")
    kept = {name: each for name, each in before.items() if name.startswith(("journal/", "originals/"))}
    assert {name: after[name] for name in kept} == kept
    assert len(events(campaign)) == len(events(demo)) + 5


# --- 2: clock, place, order ---


class LaterClock(datetime):
    """A clock that is nine years on."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Give the last minute of 2031."""
        return cls(2031, 12, 31, 23, 59, 59, tzinfo=UTC).astimezone(tz)


class EarlierClock(datetime):
    """A clock of the day after everything came in."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Give the first second of that day in UTC."""
        return cls(2022, 7, 11, tzinfo=UTC).astimezone(tz)


def in_place(campaign: Path, environment: dict[str, str], *arguments: str | Path) -> str:
    """Run the program itself in a process of its own, in a place of its own; gives its standard output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ"))}
    done = subprocess.run(
        [sys.executable, "-m", "ledgergen", "-C", campaign, *arguments],
        capture_output=True,
        env={**kept, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def state_in(campaign: Path, environment: dict[str, str]) -> tuple[str, str]:
    """Give what stands on a day, as the program prints it in one language."""
    shown = in_place(campaign, environment, "--lang", "zh", "show", "--entries", *ON_A_DAY, "--json")
    return shown, in_place(campaign, environment, "--lang", "zh", "status", *ON_A_DAY, "--json")


@pytest.fixture(scope="module")
def returned(demo: Path, example: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give returns of which several are one unit's, saved at different times, at the same time, and at none."""
    folder = tmp_path_factory.mktemp("returned")
    good = [path for path in sorted((demo / "inbox").glob("*.xlsx")) if not re.search(r"坏的| \(1\)", path.name)]
    paths = good[:8]
    for number, saved in enumerate((datetime(2022, 7, 8, 9, tzinfo=UTC),) * 2 + (datetime(2022, 7, 7, 9, tzinfo=UTC),)):
        made = Ledger(ledgers(example)[FINANCE])
        made.type(
            {
                ("1", "progress"): f"第{number}稿",
                ("3", "status"): "已完成",
                (("4", "7", "11")[number], "note"): f"备注{number}",
            }
        )
        made.workbook.properties.modified = saved.replace(tzinfo=None)
        paths.append(made.save(folder / f"财政{number}.xlsx"))
    return paths


def collected_in(campaign: Path, environment: dict[str, str], batches: Iterable[Sequence[Path]]) -> tuple[str, str]:
    """Collect batch by batch as of one day, and give what stands."""
    for batch in batches:
        in_place(campaign, environment, "collect", "--received", RECEIVED, *batch)
    return state_in(campaign, environment)


def test_what_stands_depends_on_no_place_and_no_order(example: Path, returned: list[Path], tmp_path: Path) -> None:
    backwards = returned[::-1]
    ways: tuple[list[Sequence[Path]], ...] = (
        [returned],
        [backwards],
        [backwards[1::2], backwards[::2]],
    )
    states = [
        collected_in(copied(example, tmp_path / str(number)), environment, batches)
        for number, (environment, batches) in enumerate(zip(PLACES, ways, strict=True))
    ]
    assert len(json.loads(states[0][0])) > 1118
    assert states[1:] == states[:1] * 2


def test_what_stands_depends_on_no_clock(
    example: Path, returned: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []
    for clock, paths in (
        (datetime, returned),
        (LaterClock, returned[::-1]),
        (EarlierClock, returned[3:] + returned[:3]),
    ):
        monkeypatch.setattr(root, "datetime", clock)
        campaign = copied(example, tmp_path / clock.__name__)
        assert ledgergen("collect", "--received", RECEIVED, *paths, at=campaign).code == 0
        asked = (("show", "--entries"), ("status",))
        states.append([ledgergen(*each, *ON_A_DAY, "--json", at=campaign).out for each in asked])
    assert states[1:] == states[:1] * 2


def test_the_ledgers_are_the_same_bytes_wherever_they_are_made(tmp_path: Path) -> None:
    made = []
    for number, environment in enumerate(PLACES[:2]):
        in_place(tmp_path, environment, "new", str(number), "--example", EXAMPLE)
        in_place(tmp_path / str(number), environment, "generate", "--round", ROUND)
        made.append({unit: path.read_bytes() for unit, path in ledgers(tmp_path / str(number)).items()})
    assert made[0] == made[1]
    assert len(made[0]) == 48


def test_a_file_that_came_under_two_names_stands_as_one(example: Path, returned: list[Path], tmp_path: Path) -> None:
    names = [tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"]
    for path in names:
        path.write_bytes(returned[-1].read_bytes())
    states = [
        collected_in(copied(example, tmp_path / str(number)), PLACES[0], [[one], [other]])
        for number, (one, other) in enumerate((names, names[::-1]))
    ]
    assert states[0] == states[1]


def test_a_file_that_came_twice_stands_by_the_same_day_whichever_was_collected_first(
    example: Path, returned: list[Path], tmp_path: Path
) -> None:
    one, other = returned[-2:]
    again = tmp_path / "再报.xlsx"
    again.write_bytes(one.read_bytes())
    days = {one: "2022-07-10", again: "2022-07-05", other: "2022-07-08"}
    states = []
    for number, order in enumerate(((one, again, other), (again, one, other))):
        campaign = copied(example, tmp_path / str(number))
        for path in order:
            assert ledgergen("collect", "--received", days[path], path, at=campaign).code == 0
        (row,) = (each for each in shown(campaign) if each["task"] == "1")
        states.append(row["fields"]["progress"]["text"])
    assert states[0] == states[1]


def test_json_is_json_whatever_the_terminal_can_show(example: Path, tmp_path: Path) -> None:
    campaign = copied(example, tmp_path / "c")
    text = "𠮷野家😀é"
    Ledger(ledgers(campaign)[FINANCE]).type({("1", "progress"): text}).save(campaign / "inbox" / "x.xlsx")
    assert ledgergen("collect", at=campaign).code == 0
    done = subprocess.run(
        [sys.executable, "-m", "ledgergen", "-C", campaign, "show", "--json", "--task", "1"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},  # as the pipes of a Chinese Windows are
        check=True,
    )
    for encoding in ("utf-8", "gbk"):
        try:
            shown = done.stdout.decode(encoding)
        except UnicodeDecodeError:
            continue
        assert text in [row["fields"].get("progress", {}).get("text") for row in json.loads(shown)]
        return
    pytest.fail("neither UTF-8 nor GBK")


# --- 3: second runs ---

AGAIN = (
    (["check", "--json"], 0),
    (["generate", "--round", ROUND], 0),
    (["collect"], 1),  # the damaged file is said again
    (["collect", "--received", "2022-07-20"], 1),
    (["collect", "--json", "inbox"], 1),
    (["merge"], 0),
    (["merge", "--json", "--round", ROUND], 0),
    (["status"], 0),
    (["status", "--json"], 0),
    (["show", "--entries", "--json"], 0),
    (["show", "--unit", FINANCE, "--task", "1"], 0),
    (["log"], 0),
    (["verify"], 0),
    (["rebuild"], 0),
)


@pytest.mark.parametrize(("arguments", "code"), AGAIN, ids=[" ".join(each) for each, _ in AGAIN])
def test_a_second_run_changes_nothing(
    demo: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    monkeypatch.chdir(demo)
    before, times = snapshot(demo), written(demo)
    first, second = (ledgergen(*arguments, at=demo) for _ in range(2))
    assert (first.code, second.code) == (code, code), second.err
    assert (first.out, first.err) == (second.out, second.err)
    assert snapshot(demo) == before
    assert written(demo) == times  # nor is anything written again as it was


def test_beginning_where_a_campaign_is_changes_nothing(demo: Path) -> None:
    before = snapshot(demo.parent)
    assert ledgergen("new", demo.name, "--example", EXAMPLE, at=demo.parent).code == 3
    assert ledgergen("new", demo.name, at=demo.parent).code == 3
    assert ledgergen("demo", demo.name, at=demo.parent).code == 3
    assert snapshot(demo.parent) == before


# --- 4: files that a person edited ---


def test_a_ledger_that_was_edited_is_kept(demo: Path, office: Office, tmp_path: Path) -> None:
    campaign = copied(demo, tmp_path / "c")
    path = ledgers(campaign)[FINANCE]
    office.edit(path, [("enter", "L12", "我在这里批注")], xlsx=tmp_path / "edited.xlsx")
    path.write_bytes((tmp_path / "edited.xlsx").read_bytes())
    mine = path.read_bytes()
    plan = campaign / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("动态调整", "随时调整"), encoding="utf-8")
    first = ledgergen("generate", "--json", "--round", ROUND, at=campaign).json
    after = snapshot(campaign)
    second = ledgergen("generate", "--json", "--round", ROUND, at=campaign).json
    assert snapshot(campaign) == after
    assert path.read_bytes() == mine
    for ran in (first, second):
        (kept,) = (each for each in ran["ledgers"] if each["unit"] == FINANCE)
        assert kept["verb"] == "kept"
        assert campaign / kept["path"] != path
        assert Ledger(campaign / kept["path"]).cell("4", "time_limit").value == "随时调整"
        assert [found["where"] for found in ran["findings"] if found["code"] == "file-kept"] == [
            path.relative_to(campaign).as_posix()
        ]
    assert {each["verb"] for each in first["ledgers"] if each["unit"] != FINANCE} == {"changed"}


def test_a_status_workbook_that_was_edited_is_kept(demo: Path, office: Office, tmp_path: Path) -> None:
    campaign = copied(demo, tmp_path / "c")
    (path,) = (campaign / "reports").glob("*.xlsx")
    office.edit(path, [("set_string", "Z99", "领导批示")], xlsx=tmp_path / "edited.xlsx")
    path.write_bytes((tmp_path / "edited.xlsx").read_bytes())
    mine = path.read_bytes()
    made = Ledger(ledgers(campaign)[FINANCE])
    made.type({("1", "progress"): "又有进展"}).save(campaign / "inbox" / "又报.xlsx")
    ledgergen("collect", campaign / "inbox" / "又报.xlsx", at=campaign)
    first = ledgergen("merge", "--json", at=campaign).json
    after = snapshot(campaign)
    second = ledgergen("merge", "--json", at=campaign).json
    assert snapshot(campaign) == after
    assert path.read_bytes() == mine
    for ran in (first, second):
        assert [each["verb"] for each in ran["files"]] == ["kept"]
        assert campaign / ran["files"][0]["path"] != path
        assert (campaign / ran["files"][0]["path"]).is_file()
        assert [found["code"] for found in ran["findings"]] == ["file-kept"]


def test_nor_is_the_new_one_written_over_when_it_was_edited_in_its_turn(demo: Path, tmp_path: Path) -> None:
    campaign = copied(demo, tmp_path / "c")
    path = ledgers(campaign)[FINANCE]
    path.write_bytes(path.read_bytes() + b"mine")
    plan = campaign / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("动态调整", "随时调整"), encoding="utf-8")
    ran = ledgergen("generate", "--json", "--round", ROUND, at=campaign).json
    beside = campaign / next(each["path"] for each in ran["ledgers"] if each["unit"] == FINANCE)
    beside.write_bytes(beside.read_bytes() + b"mine too")
    mine = beside.read_bytes()
    ledgergen("generate", "--round", ROUND, at=campaign)
    assert beside.read_bytes() == mine


def test_nor_is_the_new_status_workbook_when_it_was_edited_in_its_turn(demo: Path, tmp_path: Path) -> None:
    campaign = copied(demo, tmp_path / "c")
    (path,) = (campaign / "reports").glob("*.xlsx")
    path.write_bytes(path.read_bytes() + b"mine")
    Ledger(ledgers(campaign)[FINANCE]).type({("1", "progress"): "又有进展"}).save(campaign / "inbox" / "又报.xlsx")
    ledgergen("collect", campaign / "inbox" / "又报.xlsx", at=campaign)
    beside = campaign / ledgergen("merge", "--json", at=campaign).json["files"][0]["path"]
    assert beside != path
    beside.write_bytes(beside.read_bytes() + b"mine too")
    mine = beside.read_bytes()
    ledgergen("merge", at=campaign)
    assert beside.read_bytes() == mine
