"""Where a file that people see is written: over our own, beside one that somebody has edited, never over that."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ledgergen.campaign.outcome import Verb
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.durable import make_folder, reading, replace_unsynced, replace_whole


@dataclass(frozen=True, slots=True)
class Placed:
    """A file as it will be written: where, and what happens there."""

    wanted: Path
    path: Path
    verb: Verb

    def write(self, data: bytes, sha256: str) -> None:
        """Write it, wholly or not at all; what is there already is left alone."""
        if self._is_due(sha256):
            replace_whole(self.path, data)

    def write_unsynced(self, data: bytes, sha256: str) -> bool:
        """Do as :meth:`write`, but leave syncing the folder to the caller; tells whether there is anything to sync."""
        if not self._is_due(sha256):
            return False
        make_folder(self.path.parent)
        replace_unsynced(self.path, data)
        return True

    def _is_due(self, sha256: str) -> bool:
        return self.verb is not Verb.SAME and hash_of(self.path) != sha256

    def findings(self, root: Path) -> Iterator[Finding]:
        """Say that an edited file was kept, and what the new one is called."""
        if self.verb is Verb.KEPT:
            yield finding("file-kept", Where(self.wanted.relative_to(root).as_posix()), name=self.path.name)


def place(wanted: Path, sha256: str, ours: Collection[str], mark: str) -> Placed:
    """Choose the place of a new file; ``ours`` are the hashes under which it was written before.

    An edited file is kept, and the new one is called like it with ``mark`` behind, and a number where that one was
    edited in its turn.

    Raises:
        Surroundings: ``cannot-read``.
    """
    found = hash_of(wanted)
    if found is None:
        return Placed(wanted, wanted, Verb.NEW)
    if found == sha256:
        return Placed(wanted, wanted, Verb.SAME)
    if found in ours:
        return Placed(wanted, wanted, Verb.CHANGED)
    for number in count(1):
        beside = wanted.with_stem(f"{wanted.stem}_{mark}" if number == 1 else f"{wanted.stem}_{mark}_{number}")
        if hash_of(beside) in (None, sha256, *ours):
            return Placed(wanted, beside, Verb.KEPT)
    raise AssertionError("counting does not end")


def hash_of(path: Path) -> str | None:
    """Give the sha256 of a file; None where there is none."""
    if not path.is_file():
        return None
    with reading(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()
