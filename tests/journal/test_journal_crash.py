"""Death at any moment, and a power cut at any moment."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from journal_steps import WHO, events_folder, kinds, leftovers, minute
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="folders are synced, and processes forked, on POSIX")


def named(folder: Path) -> list[str]:
    """Give the hash of every original that the journal names."""
    hashes = []
    for event in Journal(folder).load()[0]:
        parcels = event.facts["parcels"]
        assert isinstance(parcels, list)
        hashes += [parcel["sha256"] for parcel in parcels]
    return hashes


def test_a_writer_killed_at_each_call(tmp_path: Path) -> None:
    """The journal is then what it was or has the whole event; never half of one, never one without its original."""
    script = Path(__file__).with_name("dying_writer.py")
    subprocess.run([sys.executable, script, tmp_path], check=True)
    died = sorted(tmp_path.iterdir(), key=lambda folder: int(folder.name))
    assert len(died) > 20
    after = []
    for folder in died:
        events, findings = Journal(folder).load()
        assert findings == []
        after.append(len(events))
        assert Originals(folder).check(named(folder)) == []
        # Whoever comes next goes on, and clears away what the dead one left.
        blob = b"return 2" * 1000
        hashes = Originals(folder).keep_all([blob])
        assert Originals(folder).read(hashes[0]) == blob
        Journal(folder).append("next", {"parcels": []}, at=minute(5), who=WHO)
        assert leftovers(folder) == []
        assert kinds(folder) == ["collected"] * after[-1] + ["next"]
    assert after == sorted(after)  # once it is there it stays
    assert set(after) == {1, 2}


class Disk:
    """What would be left after a power cut: bytes that were fsynced, under names whose folder was fsynced since.

    ``forgets`` is the number of one fsync that is left out, to see whether the tests would notice.
    """

    def __init__(self, root: Path, forgets: int = 0) -> None:
        self.root, self.forgets = root, forgets
        self.fsyncs = 0
        self.safe_bytes: set[int] = set()
        self.safe_names: dict[int, dict[str, int]] = {}  # a folder's inode → its names
        self.faults: list[str] = []

    def fsync(self, descriptor: int) -> None:
        """Note what is safe from now on."""
        self.fsyncs += 1
        if self.fsyncs == self.forgets:
            return
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            # The descriptor does not tell its path; the inode does.
            folder = next(each for each in [self.root, *self.root.rglob("*")] if each.stat().st_ino == found.st_ino)
            self.safe_names[found.st_ino] = {each.name: each.stat().st_ino for each in folder.iterdir()}
        else:
            self.safe_bytes.add(found.st_ino)

    def named(self, temporary: Path) -> None:
        """Look at a file that is about to get its name, which may reach the disk at any time from then on."""
        if temporary.stat().st_ino not in self.safe_bytes:
            self.faults.append("a name before its bytes")

    def survives(self, path: Path) -> bool:
        """Tell whether a file would be there, whole, under its name."""
        above = self.root
        for part in path.relative_to(self.root).parts:
            inode = self.safe_names.get(above.stat().st_ino, {}).get(part)
            above /= part
            if inode != above.stat().st_ino:
                return False
        return path.stat().st_ino in self.safe_bytes


@contextmanager
def watched(disk: Disk) -> Iterator[None]:
    def naming(real: Callable[..., None]) -> Callable[..., None]:
        def call(temporary: Path, path: Path) -> None:
            disk.named(temporary)
            real(temporary, path)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", disk.fsync)
        for name in ("link", "rename", "replace"):
            patch.setattr(os, name, naming(getattr(os, name)))
        yield


def keep(folder: Path) -> None:
    Originals(folder).keep_all([b"one", b"two", b"two"])


def log(folder: Path) -> None:
    Journal(folder).append("collected", {}, at=minute(0), who=WHO)


def faults(disk: Disk, *steps: Callable[[Path], None]) -> list[str]:
    """Do the steps and tell what a power cut would take away."""
    originals = disk.root / ".ledgergen" / "originals"
    with watched(disk):
        for step in steps:
            if step is log and not all(map(disk.survives, originals.glob("*/*"))):
                disk.faults.append("an event before its original")
            if step is log and not originals.is_dir():
                disk.faults.append("an event before its original")
            step(disk.root)
    lost = [path for path in originals.parent.rglob("*") if path.is_file() and not disk.survives(path)]
    return disk.faults + [f"lost: {path.parent.name}" for path in lost]


def test_a_power_cut_takes_nothing(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    assert faults(disk, keep, log) == []
    # 2 originals, their 2 folders, 3 for new folders, `originals`, the event, its folder
    assert disk.fsyncs == 10


def test_every_single_fsync_is_needed(tmp_path: Path) -> None:
    """Seeded faults: leave one fsync out, and the test above must fail."""
    folder = tmp_path / "0"
    folder.mkdir()
    whole = Disk(folder)
    faults(whole, keep, log)
    unnoticed = []
    for number in range(1, whole.fsyncs + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        if not faults(Disk(folder, forgets=number), keep, log):
            unnoticed.append(number)
    assert unnoticed == []


def test_an_event_before_its_original_is_noticed(tmp_path: Path) -> None:
    """A seeded fault: the two steps swapped."""
    assert faults(Disk(tmp_path), log, keep) == ["an event before its original"]


def test_a_run_after_a_killed_one_makes_last_what_that_one_placed(tmp_path: Path) -> None:
    keep(tmp_path)  # unwatched: as if it had been killed before it could sync its folders
    disk = Disk(tmp_path)
    originals = [path for path in tmp_path.rglob("*") if path.is_file()]
    disk.safe_bytes = {path.stat().st_ino for path in originals}
    disk.safe_names = {
        path.stat().st_ino: {each.name: each.stat().st_ino for each in path.iterdir()}
        for path in (tmp_path, tmp_path / ".ledgergen")
    }
    assert faults(disk, keep, log) == []
    assert events_folder(tmp_path).is_dir()
