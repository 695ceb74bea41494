"""What the tests of the journal say again and again."""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledgergen.errors import Surroundings
from ledgergen.findings import Finding
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal

WHO = "王五@政务公开科"


def minute(number: int) -> datetime:
    return datetime(2022, 7, 1, 8, tzinfo=UTC) + timedelta(minutes=number)


def write(folder: Path, *kinds: str, start: int = 0, facts: Mapping[str, object] | None = None) -> list[Event]:
    """Append one event a minute."""
    journal = Journal(folder)
    return [
        journal.append(kind, facts or {"kind": kind}, at=minute(number), who=WHO)
        for number, kind in enumerate(kinds, start)
    ]


def events_folder(folder: Path) -> Path:
    return folder / ".ledgergen" / "journal"


def event_file(folder: Path, event: Event) -> Path:
    return events_folder(folder) / event.name


def kinds(folder: Path) -> list[str]:
    return [event.kind for event in Journal(folder).load()[0]]


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    """Give (name of the file, code) of each finding."""
    return [(found.where.file.rpartition("/")[2], found.code) for found in findings]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def attempt(step: Callable[[], object]) -> Finding | None:
    """Do something and give the finding with which it stopped, if it did."""
    try:
        step()
    except Surroundings as stop:
        return stop.finding
    return None


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob(".tmp-*"))


class Calls:
    """The system calls that change the disk, counted; the one numbered ``fails`` raises ``code`` instead."""

    NAMES = ("open", "write", "fsync", "close", "link", "rename", "replace", "mkdir", "unlink")

    def __init__(self, fails: int, code: int = errno.ENOSPC) -> None:
        self.fails, self.code = fails, code
        self.log: list[str] = []

    @property
    def reached(self) -> bool:
        """Tell whether there were so many calls at all."""
        return len(self.log) >= self.fails

    def wrapped(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        """Put the counter before one call."""

        def call(*args: object, **kwargs: object) -> object:
            self.log.append(name)
            if len(self.log) == self.fails:
                if name == "close":  # the descriptor is gone all the same
                    real(*args, **kwargs)
                raise OSError(self.code, os.strerror(self.code))
            return real(*args, **kwargs)

        return call

    @contextmanager
    def watching(self) -> Iterator["Calls"]:
        """Count, and fail, inside the block."""
        with pytest.MonkeyPatch.context() as patch:
            for name in self.NAMES:
                patch.setattr(os, name, self.wrapped(name, getattr(os, name)))
            yield self
