"""Faults seeded into ledgergen, in the process of one command only, to show that the crash test can fail."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from ledgergen.errors import Surroundings
from ledgergen.journal import durable
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals


def event_before_originals() -> None:
    """Write the event first, and keep the bytes that it names after it."""
    keep_named, append = Originals.keep_named, Journal.append
    waiting: list[tuple[Originals, list[tuple[str, bytes | Path]]]] = []

    def late(self: Originals, blobs: Iterable[tuple[str, bytes | Path]]) -> None:
        waiting.append((self, list(blobs)))

    def early(self: Journal, kind: str, facts: Mapping[str, object], *, at: datetime, who: str) -> Event:
        event = append(self, kind, facts, at=at, who=who)
        for originals, blobs in waiting:
            keep_named(originals, blobs)
        return event

    _replace(Originals, "keep_named", late)
    _replace(Journal, "append", early)


def files_unsynced() -> None:
    """Leave out the fsync of files."""
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            real(descriptor)

    _replace(os, "fsync", fsync)


def folders_unsynced() -> None:
    """Leave out the fsync of folders."""

    def nothing(_folder: Path) -> None:
        pass

    _replace(durable, "_sync_folder", nothing)


def written_in_place() -> None:
    """Write a workbook straight into the file that a person sees."""

    def replace_whole(path: Path, data: bytes) -> None:
        durable.make_folder(path.parent)
        with durable.writing(path):
            path.write_bytes(data)

    for name, module in list(sys.modules.items()):
        if name.startswith("ledgergen.campaign.") and hasattr(module, "replace_whole"):
            _replace(module, "replace_whole", replace_whole)


def not_read_back() -> None:
    """Believe the system that it has written what it was given."""

    def nothing(_temporary: Path, _data: bytes, _path: Path) -> None:
        pass

    _replace(durable, "_compare", nothing)


def errors_passed_over() -> None:
    """Go on where nothing can be written, as if it had been."""
    append = Journal.append

    def heedless(self: Journal, kind: str, facts: Mapping[str, object], *, at: datetime, who: str) -> Event | None:
        try:
            return append(self, kind, facts, at=at, who=who)
        except Surroundings:
            return None

    _replace(Journal, "append", heedless)


def _replace(owner: object, name: str, stand_in: object) -> None:
    if not hasattr(owner, name):
        raise AttributeError(f"{owner} has no {name} any more: seed this fault elsewhere")
    setattr(owner, name, stand_in)


SEEDS: Final[Mapping[str, Callable[[], None]]] = {
    seed.__name__: seed
    for seed in (
        event_before_originals,
        files_unsynced,
        folders_unsynced,
        written_in_place,
        not_read_back,
        errors_passed_over,
    )
}
