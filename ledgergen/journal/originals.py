"""Originals: every byte that was issued or received, kept untouched by its sha256.

They lie in ``.ledgergen/originals/a/<sha256>``, ``a`` being the hash's first character: sixteen folders, because one
folder of ten thousand files is slow to open in the file managers that offices use, and each folder that a batch
touches costs an fsync. No original is ever altered or
removed (safety rules, invariant 1).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
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
        self._there: dict[Path, set[str]] = {}  # names by folder, as they were found when it was first kept in

    def keep_all(self, blobs: Iterable[bytes | Path]) -> list[str]:
        """Keep bytes, or those of files, for good and give their hashes in the same order; as :meth:`keep_named` does.

        Raises:
            Surroundings: ``cannot-write``, ``write-not-kept``.
        """
        hashes: list[str] = []

        def named() -> Iterator[tuple[str, bytes | Path]]:
            for data in blobs:
                hashes.append(_hash(data))
                yield hashes[-1], data

        self.keep_named(named())
        return hashes

    def keep_named(self, blobs: Iterable[tuple[str, bytes | Path]]) -> None:
        """Keep bytes, or those of files, whose hash was taken already; what is kept is left alone.

        When this returns, every one of them is on the disk; then an event may name them, not before. One of the right
        size is taken as kept (:meth:`check` looks closer); one of another size is what a broken copy or an unfinished
        sync left, not an original, and gets its bytes back.

        Raises:
            Surroundings: ``cannot-write``, ``write-not-kept``. What was kept until then stays, named by no event.
        """
        durable.make_folder(self._folder)
        touched: set[Path] = set()
        for sha256, data in blobs:
            path = self._path(sha256)
            folder = path.parent
            if folder not in touched:
                touched.add(folder)
                with durable.writing(folder):
                    folder.mkdir(exist_ok=True)  # made to last below, once for all of them
                if folder not in self._there:
                    self._there[folder] = durable.sweep(folder)
            if sha256 in self._there[folder] and _is_kept(path, data):
                continue
            if isinstance(data, Path):
                durable.copy_unsynced(path, data)
            else:
                durable.replace_unsynced(path, data)
            self._there[folder].add(sha256)
        # Also where nothing was written now: a run that was killed may have placed the file and not made it last.
        for folder in (*sorted(touched), self._folder):
            durable.sync_folder(folder)

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


def _hash(data: bytes | Path) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with durable.reading(data), data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_kept(path: Path, data: bytes | Path) -> bool:
    with durable.reading(path):
        try:
            return path.stat().st_size == (len(data) if isinstance(data, bytes) else data.stat().st_size)
        except FileNotFoundError:
            return False
