"""Writing and reading events: strict one way, tolerant the other."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal_steps import WHO, Calls, attempt, codes, event_file, events_folder, kinds, leftovers, minute, names, write
from ledgergen.errors import Surroundings
from ledgergen.journal.events import Draft, decode, encode
from ledgergen.journal.journal import Journal


def test_an_event_on_disk(tmp_path: Path) -> None:
    """The form is for ever: a change of these bytes is a change of every journal that exists."""
    event = Journal(tmp_path).append("issued", {"b": [1, None], "a": "区住建局"}, at=minute(0), who="王五")
    data = event_file(tmp_path, event).read_bytes()
    expected = (
        '{"at":"2022-07-01T08:00:00.000Z","facts":{"a":"区住建局","b":[1,null]},"kind":"issued","parents":[],'
        '"sequence":1,"who":"王五"}\n'
    )
    assert data.decode() == expected
    assert event.digest == hashlib.sha256(data).hexdigest()
    assert names(events_folder(tmp_path)) == [f"000001-{event.digest[:16]}.json"]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = write(tmp_path, "issued", "sent", "collected")
    assert Journal(tmp_path).load() == (written, [])
    assert [event.sequence for event in written] == [1, 2, 3]
    assert [event.parents for event in written] == [(), (written[0].digest,), (written[1].digest,)]
    assert len({*written}) == 3


def test_a_journal_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert Journal(tmp_path).load() == ([], [])
    assert names(tmp_path) == []


def test_two_objects_on_one_journal_do_not_overwrite(tmp_path: Path) -> None:
    first, second = Journal(tmp_path), Journal(tmp_path)
    for number, journal in enumerate([first, second, second, first]):
        journal.append(f"k{number}", {}, at=minute(number), who=WHO)
    assert kinds(tmp_path) == ["k0", "k1", "k2", "k3"]
    assert first.load()[1] == []


def test_times_are_written_in_utc(tmp_path: Path) -> None:
    beijing = timezone(timedelta(hours=8))
    event = Journal(tmp_path).append("x", {}, at=datetime(2022, 7, 1, 16, 0, 0, 1500, tzinfo=beijing), who="")
    assert event.at == "2022-07-01T08:00:00.001Z"
    assert event.moment == datetime(2022, 7, 1, 8, 0, 0, 1000, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        Journal(tmp_path).append("x", {}, at=minute(0).replace(tzinfo=None), who="")


def test_a_file_name_in_gbk_survives(tmp_path: Path) -> None:
    name = os.fsdecode("台账.xlsx".encode("gbk"))
    Journal(tmp_path).append("collected", {"name": name}, at=minute(0), who=WHO)
    events, findings = Journal(tmp_path).load()
    assert (events[0].facts, findings) == ({"name": name}, [])


def test_a_number_that_json_does_not_know_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        Journal(tmp_path).append("x", {"n": float("nan")}, at=minute(0), who=WHO)
    assert kinds(tmp_path) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(facts=st.dictionaries(st.text(), JSON), who=st.text(), kind=st.text(), at=st.datetimes(timezones=st.just(UTC)))
def test_every_fact_comes_back(facts: dict[str, object], who: str, kind: str, at: datetime) -> None:
    event = decode(encode(Draft(7, at, who, kind, facts, ("0" * 64, "f" * 64))))
    assert (event.facts, event.who, event.kind, event.parents) == (facts, who, kind, ("0" * 64, "f" * 64))
    assert event.moment == at.replace(microsecond=at.microsecond // 1000 * 1000)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": "1"},
        {"sequence": True},
        {"sequence": 0},
        {"sequence": 2},
        {"at": "yesterday"},
        {"at": "2022-07-01T08:00:00"},
        {"who": None},
        {"kind": 1},
        {"facts": []},
        {"parents": None},
        {"parents": ["abc"]},
        {"parents": ["0" * 64]},
    ],
)
def test_json_of_another_shape_is_no_event(tmp_path: Path, change: dict[str, object]) -> None:
    stored = {"sequence": 1, "at": "2022-07-01T08:00:00.000Z", "who": "", "kind": "x", "facts": {}, "parents": []}
    assert decode(json.dumps(stored).encode()).sequence == 1
    data = json.dumps({**stored, **change}).encode()
    with pytest.raises(ValueError):  # noqa: PT011 - any
        decode(data)
    name = f"000001-{hashlib.sha256(data).hexdigest()[:16]}.json"
    events_folder(tmp_path).mkdir(parents=True)
    (events_folder(tmp_path) / name).write_bytes(data)
    events, findings = Journal(tmp_path).load()
    assert (events, codes(findings)) == ([], [(name, "journal-event-damaged")])


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 200_000, b'{"facts":{}'])
def test_bytes_that_are_no_event(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any
        decode(data)


Harm = Callable[[Path], object]
HARMS: list[Harm] = [
    lambda path: path.write_bytes(path.read_bytes()[:40]),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(path.read_bytes().replace(b"08:0", b"09:0")),
    lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n")),
    lambda path: path.rename(path.with_name(f"9{path.name}")),
]


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_damaged_event_is_reported_and_stops_writing(tmp_path: Path, harm: Harm, which: int) -> None:
    journal = Journal(tmp_path)
    written = [journal.append(kind, {}, at=minute(n), who=WHO) for n, kind in enumerate(["a", "b", "c"])]
    path = event_file(tmp_path, written[which])
    before = path.read_bytes()
    sound = {(event.name, event_file(tmp_path, event).read_bytes()) for event in written}
    harm(path)
    (harmed,) = (file for file in events_folder(tmp_path).iterdir() if (file.name, file.read_bytes()) not in sound)
    there = names(events_folder(tmp_path))
    for fresh in (journal, Journal(tmp_path)):  # the one that remembers what it wrote, and one that does not
        with pytest.raises(Surroundings) as stop:
            fresh.append("d", {}, at=minute(9), who=WHO)
        assert stop.value.finding.code == "journal-event-damaged"
        assert stop.value.finding.where.file == f".ledgergen/journal/{harmed.name}"
    assert names(events_folder(tmp_path)) == there
    events, findings = Journal(tmp_path).load()
    assert events == [event for event in written if event is not written[which]]
    assert (harmed.name, "journal-event-damaged") in codes(findings)
    harmed.unlink()
    path.write_bytes(before)
    assert Journal(tmp_path).load() == (written, [])
    journal.append("d", {}, at=minute(9), who=WHO)


def test_a_damaged_parent_is_reported_once(tmp_path: Path) -> None:
    written = write(tmp_path, "a", "b", "c")
    event_file(tmp_path, written[1]).write_bytes(b"{}")
    assert codes(Journal(tmp_path).load()[1]) == [(written[1].name, "journal-event-damaged")]


@pytest.mark.parametrize("which", [0, 1])
def test_a_missing_event(tmp_path: Path, which: int) -> None:
    written = write(tmp_path, "a", "b", "c")
    event_file(tmp_path, written[which]).unlink()
    events, findings = Journal(tmp_path).load()
    assert events == [event for event in written if event is not written[which]]
    assert codes(findings) == [(written[which + 1].name, "journal-event-missing")]
    assert findings[0].facts == {"parent": written[which].digest[:16], "number": which + 2}
    with pytest.raises(Surroundings) as stop:
        write(tmp_path, "d")
    assert stop.value.finding == findings[0]


@pytest.mark.parametrize(
    "name",
    [".tmp-0123456789abcdef", ".DS_Store", "._000001-0123456789abcdef.json", "desktop.ini", "000009-x.json.part"],
)
def test_other_files_are_passed_over(tmp_path: Path, name: str) -> None:
    written = write(tmp_path, "a", "b")
    (events_folder(tmp_path) / name).write_bytes(b"{")
    (events_folder(tmp_path) / "folder.json").mkdir()
    assert Journal(tmp_path).load() == (written, [])
    write(tmp_path, "c")
    assert (events_folder(tmp_path) / name).exists() is not name.startswith(".tmp-")


def test_a_copy_that_a_sync_program_made(tmp_path: Path) -> None:
    written = write(tmp_path, "a", "b")
    path = event_file(tmp_path, written[1])
    copy = path.with_name(f"{path.stem} (冲突副本).json")
    shutil.copy(path, copy)
    assert Journal(tmp_path).load() == (written, [])
    copy.write_bytes(b"{}")
    assert codes(Journal(tmp_path).load()[1]) == [(copy.name, "journal-event-damaged")]


def test_one_event_under_the_name_of_another(tmp_path: Path) -> None:
    written = write(tmp_path, "a", "b")
    shutil.copy(event_file(tmp_path, written[0]), event_file(tmp_path, written[1]))
    assert codes(Journal(tmp_path).load()[1]) == [(written[1].name, "journal-event-damaged")]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("before", [0, 2])
def test_every_call_fails_once(tmp_path: Path, code: int, before: int) -> None:
    """After a fault at any call the journal is as before, no file is left over, and a repeat succeeds."""
    failed: list[str] = []
    for number in range(1, 100):
        folder = tmp_path / str(number)
        folder.mkdir()
        journal = Journal(folder)
        written = write(folder, *["a", "b"][:before])
        with Calls(number, code).watching() as calls:
            found = attempt(lambda: journal.append("c", {}, at=minute(9), who=WHO))  # noqa: B023 - done at once
        assert Journal(folder).load()[0][:before] == written
        assert kinds(folder)[before:] == ["c"] * (not found)
        assert Journal(folder).load()[1] == []
        if not calls.reached:
            break
        if found:
            assert (found.code, found.facts) == ("cannot-write", {"reason": os.strerror(code)})
            failed.append(calls.log[number - 1])
            assert leftovers(folder) == []
            journal.append("c", {}, at=minute(9), who=WHO)
            assert kinds(folder)[before:] == ["c"]
    making = [] if before else ["mkdir", "open", "fsync", "close"] * 2
    linking = [] if code == errno.EACCES else ["link"]  # as if there were no hard links: goes another way
    reading_back = ["open", "close"]
    assert failed == [*making, "open", "write", "fsync", "close", *reading_back, *linking, "open", "fsync", "close"]


def test_a_full_disk_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write(tmp_path, "a")
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data)[:9]) and len(data))
    with pytest.raises(Surroundings) as stop:
        write(tmp_path, "b")
    monkeypatch.undo()
    assert stop.value.finding.code == "write-not-kept"
    assert Journal(tmp_path).load() == (written, [])
    assert leftovers(tmp_path) == []
    write(tmp_path, "b")
    assert kinds(tmp_path) == ["a", "b"]


def test_an_unreadable_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write(tmp_path, "a")

    def refused(_: Path) -> bytes:
        raise OSError(errno.EIO, "bad sector")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(Surroundings) as stop:
        Journal(tmp_path).load()
    monkeypatch.undo()
    found = stop.value.finding
    assert (found.code, found.facts) == ("cannot-read", {"reason": "bad sector"})
    assert found.where.file == str(event_file(tmp_path, written[0]))


def test_a_file_where_the_journal_should_be(tmp_path: Path) -> None:
    events_folder(tmp_path).parent.mkdir()
    events_folder(tmp_path).write_bytes(b"")
    with pytest.raises(Surroundings) as stop:
        Journal(tmp_path).load()
    assert stop.value.finding.code == "cannot-read"


def test_appending_reads_no_event_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunk after chunk of a big collect would else read the whole journal again each time."""
    write(tmp_path, "a", "b")
    journal = Journal(tmp_path)
    journal.load()
    read: list[str] = []
    real = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    written = [journal.append("c", {}, at=minute(number), who=WHO) for number in range(5, 9)]
    assert [name for name in read if not name.startswith(".tmp-")] == []
    assert Journal(tmp_path).load()[0][-4:] == written
