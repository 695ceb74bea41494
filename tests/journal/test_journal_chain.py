"""Two machines on one synced folder, and clocks that jump."""

import shutil
from pathlib import Path

from journal_steps import WHO, codes, events_folder, kinds, minute, write
from ledgergen.journal.journal import Journal


def apart(tmp_path: Path, *names: str) -> list[Path]:
    """Copy the campaign ``all`` to other machines."""
    return [Path(shutil.copytree(tmp_path / "all", tmp_path / name)) for name in names]


def unite(tmp_path: Path, *folders: Path) -> Path:
    """Let the sync program bring everything together in ``all``."""
    for folder in folders:
        shutil.copytree(folder, tmp_path / "all", dirs_exist_ok=True)
    return tmp_path / "all"


def test_a_fork_takes_both_and_is_told(tmp_path: Path) -> None:
    common = write(tmp_path / "all", "a", "b")
    one, two = apart(tmp_path, "one", "two")
    left = write(one, "left", "left2", start=5)
    right = write(two, "right", start=6)
    assert Journal(one).load() == ([*common, *left], [])
    events, findings = Journal(unite(tmp_path, one, two)).load()
    third = sorted([left[0], right[0]], key=lambda event: event.digest)
    assert events == [*common, *third, left[1]]
    assert codes(findings) == [(common[1].name, "journal-fork")]
    assert findings[0].facts == {"number": 2}


def test_the_next_event_settles_the_fork(tmp_path: Path) -> None:
    write(tmp_path / "all", "a")
    one, two, three = apart(tmp_path, "one", "two", "three")
    ends = [write(folder, folder.name, start=5)[0] for folder in (one, two, three)]
    together = unite(tmp_path, one, two, three)
    assert len(Journal(together).load()[1]) == 1
    (joined,) = write(together, "joined", start=9)
    assert set(joined.parents) == {event.digest for event in ends}
    assert joined.sequence == 3
    events, findings = Journal(together).load()
    assert (events[-1], findings) == (joined, [])
    write(together, "next", start=10)
    assert Journal(together).load()[1] == []


def test_a_fork_of_unequal_lengths_goes_on_after_the_longest(tmp_path: Path) -> None:
    write(tmp_path / "all", "a")
    one, two = apart(tmp_path, "one", "two")
    write(one, "l", "l", "l", start=5)
    write(two, "r", start=5)
    (joined,) = write(unite(tmp_path, one, two), "joined", start=20)
    assert joined.sequence == 5
    assert len(joined.parents) == 2


def test_a_new_fork_beside_a_settled_one(tmp_path: Path) -> None:
    """Machine three was away while one and two were joined; only its own branching is told."""
    write(tmp_path / "all", "a")
    one, two = apart(tmp_path, "one", "two")
    left = write(one, "left", start=5)
    write(two, "right", start=6)
    later = write(one, "later", start=7)  # one goes on, knowing nothing of two
    (events_folder(one) / later[0].name).rename(tmp_path / later[0].name)
    together = unite(tmp_path, one, two)
    write(together, "joined", start=8)
    assert Journal(together).load()[1] == []
    (tmp_path / later[0].name).rename(events_folder(together) / later[0].name)
    assert codes(Journal(together).load()[1]) == [(left[0].name, "journal-fork")]


def test_two_forks_are_two_findings(tmp_path: Path) -> None:
    (first,) = write(tmp_path / "all", "a")
    one, two, three = apart(tmp_path, "one", "two", "three")
    write(three, "far", start=9)
    (second,) = write(one, "b", start=5)
    shutil.copytree(one, two, dirs_exist_ok=True)
    write(one, "left", start=6)
    write(two, "right", start=7)
    findings = Journal(unite(tmp_path, one, two, three)).load()[1]
    assert codes(findings) == [(first.name, "journal-fork"), (second.name, "journal-fork")]


def test_two_machines_that_both_began(tmp_path: Path) -> None:
    write(tmp_path / "one", "left")
    write(tmp_path / "two", "right")
    together = unite(tmp_path, tmp_path / "one", tmp_path / "two")
    findings = Journal(together).load()[1]
    assert codes(findings) == [("journal", "journal-fork")]
    assert findings[0].facts == {"number": 0}
    write(together, "joined", start=2)
    assert Journal(together).load()[1] == []


def test_a_clock_that_goes_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    written = [journal.append(kind, {}, at=minute(at), who=WHO) for kind, at in [("a", 5), ("b", 4), ("c", 4)]]
    assert kinds(tmp_path) == ["a", "b", "c"]
    findings = journal.load()[1]
    assert codes(findings) == [(written[1].name, "journal-clock")]
    assert findings[0].facts == {"number": 2, "at": "2022-07-01T08:04:00.000Z"}
