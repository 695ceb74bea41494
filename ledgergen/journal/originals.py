"""Originals: every byte that was issued or received, kept untouched by its sha256.

They lie in ``.ledgergen/originals/a/<sha256>``, ``a`` being the hash's first character: sixteen folders, because one
folder of ten thousand files is slow to open in the file managers that offices use, and each folder that a batch
touches costs an fsync. No original is ever altered or
removed (safety rules, invariant 1).
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ledgergen.errors import Surroundings
from ledgergen.findings import Finding, Where
from ledgergen.journal import durable
from ledgergen.journal.places import originals_folder, shown

# A hash comes from a file; only this shape may become part of a path.
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class Originals:
    """The originals of one campaign. Keeping needs the campaign's lock, reading does not."""

    def __init__(self, folder: Path) -> None:
        self._campaign = folder
        self._folder = originals_folder(folder)

    def keep_all(self, blobs: Iterable[bytes | Path]) -> list[str]:
        """Keep bytes, or those of files, for good and give their hashes in the same order; what is kept is left alone.

        When this returns, every one of them is on the disk; then an event may name them, not before. One of the right
        size is taken as kept (:meth:`check` looks closer); one of another size is what a broken copy or an unfinished
        sync left, not an original, and gets its bytes back.

        Raises:
            Surroundings: ``cannot-write``, ``write-not-kept``. What was kept until then stays, named by no event.
        """
        durable.make_folder(self._folder)
        touched: set[Path] = set()
        hashes: list[str] = []
        for data in blobs:
            sha256, size = _hash(data)
            path = self._path(sha256)
            if path.parent not in touched:
                touched.add(path.parent)
                with durable.writing(path.parent):
                    path.parent.mkdir(exist_ok=True)  # made to last below, once for all of them
                durable.sweep(path.parent)
            if not _is_kept(path, size):
                if isinstance(data, Path):
                    durable.copy_unsynced(path, data)
                else:
                    durable.replace_unsynced(path, data)
            hashes.append(sha256)
        # Also where nothing was written now: a run that was killed may have placed the file and not made it last.
        for folder in (*sorted(touched), self._folder):
            durable.sync_folder(folder)
        return hashes

    def read(self, sha256: str) -> bytes:
        """Give the bytes with this hash, verified.

        Raises:
            Surroundings: ``original-missing``, ``original-damaged``, ``cannot-read``.
        """
        if not _SHA256.fullmatch(sha256):
            raise Surroundings("original-missing", sha256=sha256)
        path = self._path(sha256)
        where = Where(shown(self._campaign, path))
        with durable.reading(path):
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                raise Surroundings("original-missing", where, sha256=sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Surroundings("original-damaged", where, sha256=sha256)
        return data

    def check(self, hashes: Iterable[str]) -> list[Finding]:
        """Read all these originals and report the missing, the damaged and the unreadable ones, in order of hash."""
        findings = []
        for sha256 in sorted(set(hashes)):
            try:
                self.read(sha256)
            except Surroundings as stop:
                findings.append(stop.finding)
        return findings

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:1] / sha256


def _hash(data: bytes | Path) -> tuple[str, int]:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest(), len(data)
    with durable.reading(data), data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def _is_kept(path: Path, size: int) -> bool:
    with durable.reading(path):
        try:
            return path.stat().st_size == size
        except FileNotFoundError:
            return False
