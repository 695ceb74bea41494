"""The index: whatever state its file is in, it answers as a fresh one does."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from journal_steps import WHO, minute, write
from ledgergen.journal.events import Event
from ledgergen.journal.index import Index, IndexedEvent, IssuedBook, index_path
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import held
from ledgergen.journal.standing import CANCEL, cancelling

GBK = os.fsdecode("台账.xlsx".encode("gbk"))


def book(unit: str, round_id: str, edition: str = "e1") -> dict[str, object]:
    return {
        "token": f"{unit}-{round_id}", "edition": edition, "unit": unit, "round": round_id,
        "sha256": f"{unit}{edition}", "name": f"{unit}.xlsx", "rows": [1, 2],
    }  # fmt: skip


def parcel(sha256: str, name: str, verdict: str) -> dict[str, object]:
    return {"sha256": sha256, "name": name, "verdict": verdict, "from": "zjj@example.invalid"}


def append(folder: Path, number: int, kind: str, facts: dict[str, object]) -> Event:
    return Journal(folder).append(kind, facts, at=minute(number), who=WHO)


def told(folder: Path) -> list[Event]:
    """Write a journal that has something of everything."""
    append(folder, 0, "issued", {"books": [book("甲", "2022Q2"), book("乙", "2022Q2")]})
    append(folder, 1, "collected", {"parcels": [parcel("s1", "a.xlsx", "accepted"), parcel("s2", GBK, "review")]})
    append(folder, 2, "collected", {"parcels": [parcel("s1", "final (1).xlsx", "duplicate")]})
    undone = append(folder, 3, "collected", {"parcels": [parcel("s3", "c.xlsx", "accepted")]})
    append(folder, 4, CANCEL, cancelling([undone]))
    append(folder, 5, "issued", {"books": [book("甲", "2022Q3"), book("甲", "2022Q2", "e2")]})
    append(folder, 6, "collected", {"parcels": [parcel("s2", GBK, "accepted")]})
    append(folder, 7, "of a later version", {"books": 1, "parcels": ["?"]})
    append(folder, 8, "collected", {"parcels": "?"})
    append(folder, 9, "issued", {"books": ["?", {"token": "t"}]})
    undone = append(folder, 10, "issued", {"books": [book("丙", "2022Q2")]})
    append(folder, 11, CANCEL, cancelling([undone]))
    return Journal(folder).load()[0]


def answers(index: Index) -> list[object]:
    with index:
        verdicts = [index.verdict_of(sha256) for sha256 in ("s1", "s2", "s3", "s4", "x")]
        return [sorted(index.receipts()), verdicts, index.books(), index.books("2022Q2"), index.events()]


def fresh(events: list[Event], tmp_path: Path) -> list[object]:
    folder = tmp_path / "fresh"
    shutil.rmtree(folder, ignore_errors=True)
    return answers(Index.open(tmp_path, events, cache=folder))


def test_what_it_answers(tmp_path: Path) -> None:
    events = told(tmp_path)
    with Index.open(tmp_path, events, cache=tmp_path / "cache") as index:
        assert index.receipts() == {("s1", "a.xlsx"), ("s1", "final (1).xlsx"), ("s2", GBK)}
        assert [index.verdict_of(sha256) for sha256 in ("s1", "s2", "s3")] == ["accepted", "accepted", None]
        first, last = events[0].digest, events[5].digest
        jia = IssuedBook("甲-2022Q2", "e1", "甲", "2022Q2", "甲e1", "甲.xlsx", first)
        yi = IssuedBook("乙-2022Q2", "e1", "乙", "2022Q2", "乙e1", "乙.xlsx", first)
        later = IssuedBook("甲-2022Q3", "e1", "甲", "2022Q3", "甲e1", "甲.xlsx", last)
        again = IssuedBook("甲-2022Q2", "e2", "甲", "2022Q2", "甲e2", "甲.xlsx", last)
        unknown = IssuedBook("t", "", "", "", "", "", events[9].digest)
        assert index.books() == [jia, yi, later, again, unknown]
        assert index.books("2022Q2") == [jia, yi, again]
        assert index.books("2030") == []
        assert index.events() == [
            IndexedEvent(event.sequence, event.digest, event.kind, event.at, event.who, cancelled=number in (3, 10))
            for number, event in enumerate(events)
        ]


def test_the_newest_verdict_counts(tmp_path: Path) -> None:
    for number in range(8):
        append(tmp_path, number, "collected", {"parcels": [parcel("s", f"{number % 3}{number}", f"v{number}")]})
    append(tmp_path, 8, "collected", {"parcels": [parcel("s", "z", "duplicate"), parcel("t", "z", "duplicate")]})
    with Index.open(tmp_path, Journal(tmp_path).load()[0], cache=tmp_path) as index:
        assert [index.verdict_of(sha256) for sha256 in "stu"] == ["v7", "duplicate", None]


def test_no_events_yet(tmp_path: Path) -> None:
    for _ in range(2):
        assert answers(Index.open(tmp_path, [], cache=tmp_path)) == [[], [None] * 5, [], [], []]


def overwrite(start: float, length: float) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        data = bytearray(path.read_bytes())
        size, noise = len(data), random.Random(7)  # noqa: S311 - the same noise every time
        data[int(start * size) : int((start + length) * size)] = noise.randbytes(int(length * size))
        path.write_bytes(data)

    return spoil


def statement(*statements: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for each in statements:
                connection.execute(each)

    return spoil


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def another_digest_in_the_look_up(path: Path) -> None:
    """Alter the b-tree by which events are found, whose every page stays well-formed."""
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name LIKE '%autoindex_event%'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        digests = [row[0].encode() for row in connection.execute("SELECT digest FROM event")]
    data = path.read_bytes()
    look_up = data[(page - 1) * size : page * size]
    for digest in digests:
        look_up = look_up.replace(digest, digest[:-4] + b"zzzz")
    path.write_bytes(data[: (page - 1) * size] + look_up + data[page * size :])


def a_rollback_journal_of_something_else(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)
    path.with_name(f"{path.name}-journal").write_bytes(b"garbage" * 1000)


SPOILED: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"garbage" * 1000),
    "garbage at the head": overwrite(0, 0.05),
    "garbage in the middle": overwrite(0.3, 0.4),
    "garbage at the end": overwrite(0.7, 0.3),
    "another digest in the look-up": another_digest_in_the_look_up,
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a folder": a_folder,
    "unreadable journal beside it": a_rollback_journal_of_something_else,
    "a table missing": statement("DROP TABLE parcel"),
    "a column missing": statement("DROP TABLE parcel", "CREATE TABLE parcel (sha256 TEXT)"),
    "an older shape": statement("UPDATE applied SET digest = 'of another shape'"),
    "the same digest at another place": statement("UPDATE applied SET sequence = 3"),
    "it remembers nothing": statement("DELETE FROM applied"),
    "it remembers two things": statement("INSERT INTO applied SELECT * FROM applied"),
    "WAL": statement("PRAGMA journal_mode = WAL"),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_file_answers_like_a_fresh_one(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    events = told(tmp_path)
    expected = fresh(events, tmp_path)
    cache = tmp_path / "cache"
    Index.open(tmp_path, events, cache=cache).close()
    path = index_path(tmp_path, cache=cache)
    spoil(path)
    assert answers(Index.open(tmp_path, events, cache=cache)) == expected
    assert answers(Index.open(tmp_path, events, cache=cache)) == expected
    if path.is_file():
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
            assert connection.execute("SELECT sequence FROM applied").fetchall() == [(len(events),)]


def test_a_file_spoiled_while_it_is_open(tmp_path: Path) -> None:
    events = told(tmp_path)
    expected = fresh(events, tmp_path)
    index = Index.open(tmp_path, events, cache=tmp_path / "cache")
    index_path(tmp_path, cache=tmp_path / "cache").write_bytes(b"garbage" * 5000)
    assert answers(index) == expected


@pytest.mark.parametrize("first", range(13))
@pytest.mark.parametrize("second", [0, 3, 4, 5, 11, 12])
def test_behind_or_ahead_of_the_journal(tmp_path: Path, first: int, second: int) -> None:
    events = told(tmp_path)
    Index.open(tmp_path, events[:first], cache=tmp_path / "cache").close()
    assert answers(Index.open(tmp_path, events[:second], cache=tmp_path / "cache")) == fresh(events[:second], tmp_path)


def test_another_journal_in_the_same_place(tmp_path: Path) -> None:
    events = told(tmp_path / "one")
    others = write(tmp_path / "two", "a", "b", "c")
    for shown in (events, others, events):
        assert answers(Index.open(tmp_path, shown, cache=tmp_path / "cache")) == fresh(shown, tmp_path)


def test_a_fork_united_rewrites_the_past(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    told(folder)
    other = Path(shutil.copytree(folder, tmp_path / "two"))
    append(folder, 20, "collected", {"parcels": [parcel("s4", "a.xlsx", "accepted")]})
    append(folder, 21, "collected", {"parcels": [parcel("s4", "a.xlsx", "superseded")]})
    append(other, 22, "collected", {"parcels": [parcel("s4", "a.xlsx", "review")]})
    Index.open(folder, Journal(folder).load()[0], cache=tmp_path / "cache").close()
    shutil.copytree(other, folder, dirs_exist_ok=True)
    events = Journal(folder).load()[0]
    assert len(events) == 15
    assert answers(Index.open(folder, events, cache=tmp_path / "cache")) == fresh(events, tmp_path)


def marked(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT 1 FROM event WHERE who = 'marked'").fetchall() == [(1,)]


def test_only_the_rest_is_applied_unless_the_past_has_changed(tmp_path: Path) -> None:
    """A mark set in the file itself shows what becomes of the rows that are there already."""
    events = told(tmp_path)
    path = index_path(tmp_path, cache=tmp_path)
    Index.open(tmp_path, events[:6], cache=tmp_path).close()
    statement("UPDATE event SET who = 'marked' WHERE sequence = 1")(path)
    Index.open(tmp_path, events, cache=tmp_path).close()
    assert marked(path)
    before = path.read_bytes()
    Index.open(tmp_path, events, cache=tmp_path).close()
    assert path.read_bytes() == before  # a second run writes nothing
    append(tmp_path, 30, CANCEL, cancelling(events[:1]))
    Index.open(tmp_path, Journal(tmp_path).load()[0], cache=tmp_path).close()
    assert not marked(path)


@pytest.mark.parametrize("seed", range(20))
def test_any_history_applied_in_any_steps(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    journal = Journal(tmp_path)
    events: list[Event] = []
    for number in range(chance.randrange(3, 9)):
        if events and chance.random() < 0.4:
            facts = cancelling(chance.sample(events, 1))
        else:
            names = [parcel(f"s{chance.randrange(4)}", chance.choice("ab"), chance.choice("xyz")) for _ in range(3)]
            facts = {"parcels": names, "books": [book(chance.choice("甲乙"), "2022Q2")]}
        kind = CANCEL if "cancels" in facts else chance.choice(["issued", "collected"])
        events.append(journal.append(kind, facts, at=minute(number), who=WHO))
        if chance.random() < 0.6:
            assert answers(Index.open(tmp_path, events, cache=tmp_path)) == fresh(events, tmp_path)
    assert answers(Index.open(tmp_path, events, cache=tmp_path)) == fresh(events, tmp_path)


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    events = told(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    expected = fresh(events, tmp_path)
    assert answers(Index.open(tmp_path, events, cache=tmp_path / "file" / "cache")) == expected


def test_a_full_disk_under_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = told(tmp_path)
    expected = fresh(events, tmp_path)
    real = sqlite3.connect

    def connect(database: str, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(database, **options)  # type: ignore[call-overload]
        if database != ":memory:":
            connection.execute("PRAGMA max_page_count = 3")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", connect)
    assert answers(Index.open(tmp_path, events, cache=tmp_path / "cache")) == expected
    assert answers(Index.open(tmp_path, events, cache=tmp_path / "cache")) == expected


def test_another_ledgergen_that_does_not_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = told(tmp_path)
    monkeypatch.setattr("ledgergen.journal.index._PATIENCE", 0.05)
    path = index_path(tmp_path, cache=tmp_path)
    with held(path.with_suffix(".lock")):
        assert answers(Index.open(tmp_path, events, cache=tmp_path)) == fresh(events, tmp_path)
    assert not path.exists()


def test_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERGEN_CACHE", str(tmp_path / "named"))
    here = index_path(tmp_path, "zichuan-2022")
    assert here.parent == tmp_path / "named"
    assert index_path(tmp_path, "zichuan-2022", tmp_path / "asked").parent == tmp_path / "asked"
    assert index_path(tmp_path, "zichuan-2023") != here
    assert index_path(tmp_path / "a" / "..", "zichuan-2022") == here
    assert index_path(tmp_path / "a", "zichuan-2022") != here
    monkeypatch.delenv("LEDGERGEN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert "ledgergen" in str(index_path(tmp_path))
    Index.open(tmp_path, [], campaign="zichuan-2022", cache=tmp_path / "asked").close()
    assert index_path(tmp_path, "zichuan-2022", tmp_path / "asked").is_file()


def test_only_the_index_costs_sqlalchemy() -> None:
    rooms = "chain, durable, events, journal, lock, originals, places, standing"
    script = f"import sys; from ledgergen.journal import {rooms}; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
