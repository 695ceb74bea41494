"""Round after round: what is prefilled, what is asked, what stands, and that nobody reads what another wrote."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import SMALL_CAMPAIGN, make_folder
from clerk import Ledger, edit
from commands import Ran, ledgergen
from ledgergen.campaign.folder import find_folder
from ledgergen.campaign.generate import generate
from ledgergen.campaign.outcome import Occasion
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.standing import standing
from ledgergen.state.history import read_history
from ledgergen.workbook.layout import Face, Layout

FINANCE, PLANNING, TOWN = "区财政局", "区发改局", "昆仑镇"
LATER = """\
- {id: 2022Q3, name: 2022年第三季度, opens: 2022-09-20, due: 2022-10-10}
- {id: 2022Q4, name: 2022年第四季度, opens: 2022-12-10, due: 2023-01-05}
"""
PLAN = """\
plan: {title: 2022年工作方案, region: 淄川区, year: 2022, issued: 2022-06-08}
tasks:
- {id: "1", name: 重要部署, requirement: 按季度公开, responsible: [区财政局, 区发改局], time_limit: 按季度公开}
- {id: "2", name: 减税降费, requirement: 推送政策, lead: [区财政局], time_limit: 长期坚持}
- {id: "3", name: 收费目录, requirement: 公开目录, responsible: [各单位], time_limit: 年底前}
- {id: "4", name: 业务培训, requirement: 培训一次, responsible: [各单位], time_limit: 6月底前}
"""


def campaign_of(root: Path, **rounds: str) -> Path:
    """Make a campaign of three rounds; a keyword adds keys to a round: ``Q3="not_due: leave_out"``."""
    settings = SMALL_CAMPAIGN["ledgergen.yaml"] + LATER
    for name, keys in rounds.items():
        settings = re.sub(rf"(id: 2022{name}, .*)}}", rf"\1, {keys}}}", settings)
    return make_folder(root, {**SMALL_CAMPAIGN, "ledgergen.yaml": settings, "plan.yaml": PLAN})


@pytest.fixture
def rounds(tmp_path: Path) -> Path:
    return campaign_of(tmp_path / "campaign")


def issue(campaign: Path, round_id: str) -> dict[str, dict[str, Any]]:
    ran = ledgergen("generate", "--round", round_id, "--json", at=campaign)
    assert ran.code == 0, ran.out
    return {each["unit"]: each for each in ran.json["ledgers"]}


def ledger(campaign: Path, unit: str, round_id: str) -> Ledger:
    (path,) = (campaign / "ledgers" / round_id).glob(f"{unit}_*.xlsx")
    return Ledger(path)


def hand_in(
    campaign: Path,
    unit: str,
    round_id: str,
    typed: Mapping[tuple[str, str], object],
    head: Mapping[str, object] | None = None,
) -> Ran:
    made = ledger(campaign, unit, round_id).type(typed, head)
    return ledgergen("collect", made.save(campaign / "inbox" / f"{unit}{round_id}.xlsx"), "--json", at=campaign)


def states(campaign: Path, unit: str, round_id: str) -> dict[str, str]:
    rows = ledgergen("show", "--entries", "--json", "--unit", unit, "--round", round_id, at=campaign).json
    return {f"{row['task']}-{row['measure']}": row["state"] for row in rows}


def columns(campaign: Path, unit: str, round_id: str, column: str) -> list[str]:
    rows = ledgergen("show", "--entries", "--json", "--unit", unit, "--round", round_id, at=campaign).json
    return [row["fields"].get(column, {}).get("text", "") for row in sorted(rows, key=lambda row: str(row["task"]))]


# Faces.


def test_the_first_round_sets_up_and_later_ones_report(rounds: Path) -> None:
    first, later = issue(rounds, "2022Q2"), issue(rounds, "2022Q3")
    assert {each["face"] for each in first.values()} == {"first"}
    assert {each["face"] for each in later.values()} == {"progress"}
    assert first[FINANCE] | {"path": "", "cells": 0} == {
        "unit": FINANCE, "path": "", "verb": "new", "face": "first", "rows": 4, "due": 4, "cells": 0,
    }  # fmt: skip
    assert (later[FINANCE]["rows"], later[FINANCE]["due"]) == (4, 3)


def test_a_round_may_say_its_face_itself(tmp_path: Path) -> None:
    campaign = campaign_of(tmp_path / "c", Q2="face: progress", Q3="face: first")
    assert issue(campaign, "2022Q2")[FINANCE]["face"] == "progress"
    assert issue(campaign, "2022Q3")[FINANCE]["face"] == "first"


def test_the_face_is_read_back_from_the_journal_and_old_ledgers_were_first(rounds: Path) -> None:
    issue(rounds, "2022Q2")
    issue(rounds, "2022Q3")
    journal = Journal(rounds)
    events, _ = journal.load()
    layout = Layout("small", "s", "t", "f", "n", (), (), ())
    history = read_history(standing(events), lambda _: layout)
    assert [(item.book.round, item.book.face, item.layout.face) for item in history.issued][::3] == [
        ("2022Q2", "first", Face.FIRST),
        ("2022Q3", "progress", Face.PROGRESS),
    ]
    assert [row.due for row in history.issued[3].book.rows] == [True, True, True, False]
    old = [json.loads(json.dumps(event.facts)) for event in events]
    for facts in old:
        for book in facts["books"]:
            del book["face"], book["before"]
    bare = [
        Event(event.sequence, event.at, "", "issued", facts, (), "") for event, facts in zip(events, old, strict=True)
    ]
    assert {item.layout.face for item in read_history(bare, lambda _: layout).issued} == {Face.FIRST}


# What is prefilled.


def test_all_that_a_unit_said_of_itself_is_there_and_its_progress_is_asked_anew(rounds: Path) -> None:
    asked = issue(rounds, "2022Q2")[FINANCE]["cells"]
    typed = {
        ("1", "measure"): "=按季公开",
        ("1", "unit_limit"): "季后10日内",
        ("2", "leader"): "钱局长",
        ("1", "status"): "在办",
        ("1", "progress"): "已公开一季度",
        ("1", "evidence"): "a.png",
        ("1", "note"): "有疑问",
    }
    head = {"filled_by": "王某", "phone": "0000-0000001", "reviewer": "李某", "default_leader": "赵局长"}
    assert hand_in(rounds, FINANCE, "2022Q2", typed, head).code == 0
    issued = issue(rounds, "2022Q3")
    made = ledger(rounds, FINANCE, "2022Q3")
    assert [made.cell("1", name).value for name in ("measure", "unit_limit")] == ["=按季公开", "季后10日内"]
    assert [made.cell("1", name).value for name in ("status", "progress", "evidence", "note")] == [None] * 4
    assert [made.head_cell(name).value for name in head] == list(head.values())
    # the default is not written into the rows: a new leader is then typed once
    assert [made.cell(task, "leader").value for task in ("1", "2")] == [None, "钱局长"]
    assert columns(rounds, FINANCE, "2022Q3", "leader") == ["赵局长", "钱局长", "赵局长", "赵局长"]
    assert issued[FINANCE]["cells"] == 2 * issued[FINANCE]["due"] < asked
    assert issued[PLANNING]["cells"] == 2 * issued[PLANNING]["due"] + 3  # who fills it in is still to be said


def test_what_a_unit_wrote_before_a_silent_round_is_not_forgotten(rounds: Path) -> None:
    issue(rounds, "2022Q2")
    hand_in(rounds, FINANCE, "2022Q2", {("1", "measure"): "按季公开"}, {"filled_by": "王某"})
    issue(rounds, "2022Q3")
    hand_in(rounds, FINANCE, "2022Q3", {("2", "measure"): "另一条"}, {"filled_by": "清空"})
    issue(rounds, "2022Q4")
    made = ledger(rounds, FINANCE, "2022Q4")
    assert [made.cell(task, "measure").value for task in ("1", "2")] == ["按季公开", "另一条"]
    assert made.head_cell("filled_by").value is None


def test_a_measure_that_was_taken_back_stays_away(rounds: Path) -> None:
    issue(rounds, "2022Q2")
    hand_in(rounds, FINANCE, "2022Q2", {("1", "measure"): "按季公开"})
    issue(rounds, "2022Q3")
    hand_in(rounds, FINANCE, "2022Q3", {("1", "measure"): "清空"})
    issue(rounds, "2022Q4")
    assert ledger(rounds, FINANCE, "2022Q4").cell("1", "measure").value is None


def test_a_renamed_unit_goes_on_with_its_own_words_and_states(rounds: Path) -> None:
    issue(rounds, "2022Q2")
    hand_in(rounds, FINANCE, "2022Q2", {("4", "status"): "办结", ("4", "measure"): "办班"}, {"filled_by": "王某"})
    units = rounds / "units.yaml"
    renamed = "{name: 区财政金融局, former_names: [区财政局],"
    units.write_text(units.read_text(encoding="utf-8").replace("{name: 区财政局,", renamed), encoding="utf-8")
    assert issue(rounds, "2022Q3")["区财政金融局"]["due"] == 2
    made = ledger(rounds, "区财政金融局", "2022Q3")
    assert (made.cell("4", "measure").value, made.head_cell("filled_by").value) == ("办班", "王某")
    assert states(rounds, "区财政金融局", "2022Q3")["4-1"] == "已完成"


def parts_of(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            yield name, package.read(name)


def test_nothing_of_one_unit_is_in_what_another_unit_gets(rounds: Path) -> None:
    issue(rounds, "2022Q2")
    canaries = {unit: f"金丝雀{number}号" for number, unit in enumerate((FINANCE, PLANNING, TOWN))}
    head = ("filled_by", "phone", "reviewer", "default_leader")
    texts = ("measure", "unit_limit", "leader", "office", "progress", "evidence", "note")
    for unit, canary in canaries.items():
        tasks = ledger(rounds, unit, "2022Q2").rows()
        hand_in(
            rounds, unit, "2022Q2", {(task, name): f"{canary}{name}" for task in tasks for name in texts},
            {name: f"{canary}{name}" for name in head},
        )  # fmt: skip
    (rounds / "prefill.yaml").write_text(
        'entries:\n- {task: "3", units: [昆仑镇], fields: {evidence: 金丝雀2号代填}}\n', encoding="utf-8"
    )
    issue(rounds, "2022Q3")
    for unit, canary in canaries.items():
        (path,) = (rounds / "ledgers" / "2022Q3").glob(f"{unit}_*.xlsx")
        found = set()
        for _, data in parts_of(path):
            found |= set(re.findall("金丝雀[0-9]号", data.decode("utf-8", "replace")))
        assert found == {canary}


# What is due.


def test_what_is_done_is_not_asked_again_but_stands(rounds: Path) -> None:
    issue(rounds, "2022Q2")
    done = {("4", "status"): "办结", ("4", "progress"): "已培训", ("3", "status"): "在办", ("2", "status"): "不涉及"}
    hand_in(rounds, FINANCE, "2022Q2", {**done, ("1", "status"): "√"})
    issued = issue(rounds, "2022Q3")
    assert (issued[FINANCE]["due"], issued[PLANNING]["due"], issued[TOWN]["due"]) == (1, 2, 1)
    # task 1 comes round every quarter, so it is asked again; task 3 is not due before the end of the year
    assert states(rounds, FINANCE, "2022Q3") == {"1-1": "未报送", "2-1": "不涉及", "3-1": "推进中", "4-1": "已完成"}
    assert states(rounds, PLANNING, "2022Q3") == {"1-1": "未报送", "3-1": "未报送", "4-1": "未报送"}
    assert columns(rounds, FINANCE, "2022Q3", "progress") == ["", "", "", "已培训"]
    hand_in(rounds, FINANCE, "2022Q3", {("1", "status"): "在办", ("4", "status"): "在办"})
    assert states(rounds, FINANCE, "2022Q3") == {"1-1": "推进中", "2-1": "不涉及", "3-1": "推进中", "4-1": "推进中"}
    assert issue(rounds, "2022Q4")[FINANCE]["due"] == 3  # 4 is open again, 3 is due now, 2 is still nobody's


def test_rows_left_out_are_not_missing_and_their_states_stand(tmp_path: Path) -> None:
    campaign = campaign_of(tmp_path / "c", Q3="not_due: leave_out")
    issue(campaign, "2022Q2")
    hand_in(campaign, FINANCE, "2022Q2", {("4", "status"): "办结", ("3", "status"): "在办", ("3", "measure"): "甲"})
    issued = issue(campaign, "2022Q3")[FINANCE]
    assert (issued["rows"], issued["due"]) == (2, 2)
    assert set(ledger(campaign, FINANCE, "2022Q3").rows()) == {"1", "2"}
    ran = hand_in(campaign, FINANCE, "2022Q3", {("1", "status"): "在办"})
    assert ran.json[0]["returns"][0]["rows"] == {"matched": 2, "new": 0, "missing": 0, "doubtful": 0}
    assert ran.json[0]["findings"] == []
    assert states(campaign, FINANCE, "2022Q3") == {"1-1": "推进中", "2-1": "未报送", "3-1": "推进中", "4-1": "已完成"}
    issue(campaign, "2022Q4")
    made = ledger(campaign, FINANCE, "2022Q4")
    assert made.cell("3", "measure").value == "甲"
    assert set(made.rows()) == {"1", "2", "3", "4"}
    hand_in(campaign, FINANCE, "2022Q4", {}, {"no_change": "√"})
    assert states(campaign, FINANCE, "2022Q4") == {"1-1": "推进中", "2-1": "未报送", "3-1": "推进中", "4-1": "已完成"}


def test_a_round_may_ask_for_every_row(tmp_path: Path) -> None:
    campaign = campaign_of(tmp_path / "c", Q3="not_due: ask")
    issue(campaign, "2022Q2")
    hand_in(campaign, FINANCE, "2022Q2", {("4", "status"): "办结"})
    assert issue(campaign, "2022Q3")[FINANCE]["due"] == 4


def test_it_says_what_is_due(rounds: Path) -> None:
    ran = ledgergen("generate", "--round", "2022Q3", at=rounds)
    assert "3 of 4 rows due, asks for 9 cells" in ran.out
    assert "6 of 9 rows are due in this round." in ran.err


# Unedited, and on another machine.


def test_an_unedited_return_of_a_later_round_changes_nothing(rounds: Path) -> None:
    issue(rounds, "2022Q2")
    hand_in(rounds, FINANCE, "2022Q2", {("1", "measure"): "甲 ", ("4", "status"): "办结"}, {"phone": "0533"})
    issue(rounds, "2022Q3")
    before = ledgergen("show", "--entries", "--json", "--round", "2022Q3", at=rounds).json
    (path,) = (rounds / "ledgers" / "2022Q3").glob(f"{FINANCE}_*.xlsx")
    edit(path, rounds / "inbox" / "退.xlsx", lambda _: None)
    ran = ledgergen("collect", rounds / "inbox" / "退.xlsx", "--json", at=rounds)
    assert [found["code"] for found in ran.json[0]["findings"]] == ["nothing-filled"]
    assert ran.json[0]["returns"][0]["changed"] == 0
    assert ledgergen("show", "--entries", "--json", "--round", "2022Q3", at=rounds).json == before


texts = st.text(st.sampled_from("甲乙 \n=+-@'\"<>&_x0041_0533.５年月日√％#NA!"), min_size=1, max_size=12)


@settings(max_examples=settings().max_examples // 6)  # each takes a second: three commands with a file each
@given(st.dictionaries(st.tuples(st.sampled_from("1234"), st.sampled_from(["measure", "leader", "office"])), texts))
def test_whatever_a_unit_wrote_goes_out_and_comes_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, typed: dict[tuple[str, str], str]
) -> None:
    campaign = campaign_of(tmp_path_factory.mktemp("c"))
    issue(campaign, "2022Q2")
    hand_in(campaign, FINANCE, "2022Q2", typed)
    stood = {name: columns(campaign, FINANCE, "2022Q2", name) for name in ("measure", "leader", "office")}
    issue(campaign, "2022Q3")
    assert {name: columns(campaign, FINANCE, "2022Q3", name) for name in stood} == stood
    (path,) = (campaign / "ledgers" / "2022Q3").glob(f"{FINANCE}_*.xlsx")
    edit(path, campaign / "inbox" / "退.xlsx", lambda _: None)
    ran = ledgergen("collect", campaign / "inbox" / "退.xlsx", "--json", at=campaign)
    assert ran.json[0]["returns"][0]["changed"] == 0
    assert {name: columns(campaign, FINANCE, "2022Q3", name) for name in stood} == stood


def generated(root: Path, day: datetime, environment: Mapping[str, str]) -> dict[str, bytes]:
    """Generate both rounds of a filled campaign in a process of its own, from another folder."""
    issue(root, "2022Q2")
    hand_in(root, FINANCE, "2022Q2", {("1", "measure"): "甲", ("4", "status"): "办结"}, {"filled_by": "王某"})
    code = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from ledgergen.campaign.folder import find_folder\n"
        "from ledgergen.campaign.generate import generate\n"
        "from ledgergen.campaign.outcome import Occasion\n"
        "for round_id in ('2022Q2', '2022Q3'):\n"
        "    generate(find_folder(Path(sys.argv[1])), round_id=round_id,\n"
        "             occasion=Occasion(datetime.fromisoformat(sys.argv[2]), sys.argv[3]))\n"
    )
    place = root.parent / day.strftime("%Y")
    place.mkdir()
    command = [sys.executable, "-c", code, str(root), day.isoformat(), str(day.year)]
    subprocess.run(command, check=True, cwd=place, env={**os.environ, **environment})
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted((root / "ledgers").rglob("*.xlsx"))}


def test_the_same_input_is_the_same_bytes_on_another_day_and_machine(tmp_path: Path) -> None:
    one = generated(
        campaign_of(tmp_path / "a"), datetime(2022, 9, 21, tzinfo=UTC), {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}
    )
    other = generated(
        campaign_of(tmp_path / "深" / "b c"), datetime(2031, 1, 1, tzinfo=UTC),
        {"TZ": "America/Anchorage", "LC_ALL": "POSIX", "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert len(one) == 6
    assert one == other


# The example.


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Issue the second quarter of the example, let its clerks answer, issue the third."""
    os.environ["LEDGERGEN_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    place = tmp_path_factory.mktemp("example") / "zichuan"
    assert ledgergen("demo", place).code in (0, 1)  # one of the answers cannot be read, on purpose
    folder = find_folder(place)
    occasion = Occasion(datetime(2022, 9, 20, tzinfo=UTC), "office")
    assert generate(folder, round_id="2022Q3", occasion=occasion).files
    return place


def test_a_unit_with_32_tasks_is_asked_two_cells_a_task_that_is_due(example: Path) -> None:
    first, later = issue(example, "2022Q2"), issue(example, "2022Q3")
    journal = Journal(example)
    events, _ = journal.load()
    tasks = {
        book["unit"]: {row[0] for row in book["rows"]}
        for event in events
        if event.kind == "issued"
        for book in json.loads(json.dumps(event.facts))["books"]
    }
    largest = [unit for unit, own in tasks.items() if len(own) == max(map(len, tasks.values()))]
    assert largest == ["区住房城乡建设局"]
    assert len(tasks[largest[0]]) == 32
    head = 4  # who filled it in, telephone, who looked it over, the default leader
    for unit, each in later.items():
        assert each["cells"] <= 2 * each["due"] + head, unit
        assert each["due"] <= each["rows"]
        assert each["cells"] < first[unit]["cells"]
    assert (later[largest[0]]["due"], later[largest[0]]["cells"]) == (26, 52)


def test_what_the_example_reported_as_done_is_not_due(example: Path) -> None:
    before = states(example, "区住房城乡建设局", "2022Q2")
    issued = issue(example, "2022Q3")["区住房城乡建设局"]
    after = states(example, "区住房城乡建设局", "2022Q3")
    done = {row for row, state in before.items() if state in ("已完成", "不涉及")}
    assert after["17-1"] == "未报送"  # it comes round every month
    done.remove("17-1")
    assert done
    assert {row: after[row] for row in done} == {row: before[row] for row in done}
    assert issued["rows"] - issued["due"] > len(done)
