"""The journal: a campaign's events on disk, read tolerantly and written strictly.

Reading takes every event that is whole and reports the rest as findings. Writing refuses as long as an event is
damaged or missing: what would be decided on half the truth might contradict the other half.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ledgergen.errors import Surroundings
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal import chain, durable
from ledgergen.journal.events import Draft, Event, decode, drafted, encode, named_digest
from ledgergen.journal.places import journal_folder, shown

_SMALL = 16_384  # bytes: cancelling and merging are smaller, and wanted with their facts


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the journal as it was read: the hash of its bytes, and the event if they are one."""

    name: str
    size: int
    changed: int
    digest: str
    event: Event | None

    @property
    def sound(self) -> bool:
        return self.event is not None and self.event.name == self.name

    def without_facts(self) -> "_File":
        return replace(self, event=replace(self.event, facts={})) if self.event else self


class Journal:
    """The journal of one campaign, in ``.ledgergen/journal/``. Appending needs the campaign's lock, loading does not.

    Between two appends of one run only the names, sizes and times of the files are looked at again, not their bytes:
    a journal of 200 MB would else be read anew for every chunk of parcels.
    """

    def __init__(self, folder: Path) -> None:
        self._campaign = folder
        self._folder = journal_folder(folder)
        self._files: dict[str, _File] = {}  # without facts: only the chain is needed to append

    def load(self, *, whole: bool = True) -> tuple[list[Event], list[Finding]]:
        """Read every event, ordered by (sequence, digest), and what is wrong with the journal.

        Where not ``whole``, large events come without their facts, for :meth:`whole` to read them one at a time: the
        facts of all returns of a large campaign at once would take hundreds of MB.

        Findings: ``journal-event-damaged``, ``journal-event-missing``, ``journal-fork``, ``journal-clock``. The events
        of both sides of a fork are given. Temporary files of a writer that died, and hidden files, are passed over.

        Raises:
            Surroundings: ``cannot-read``; a journal that is not there yet is an empty one.
        """
        files = [self._read(name, stat, _SMALL if not whole else None) for name, stat in self._listed().items()]
        self._files = {file.name: file.without_facts() for file in files}
        events = _events(files)
        torn = self._torn(files, events)
        return events, [*torn, *chain.forks(events, self._where), *chain.backward(events, self._where)]

    def append(self, kind: str, facts: Mapping[str, object], *, at: datetime, who: str) -> Event:
        """Write one event for good, after every head there is, and give it as it will be read.

        When this fails, no event has been added and the same call may be made again.

        Args:
            kind: what was done: ``issued``, ``collected``, ``cancel`` …
            facts: the decisions, as JSON knows them; every original they name is kept already.
            at: the time, with its zone.
            who: the person and machine.

        Raises:
            Surroundings: ``journal-event-damaged``, ``journal-event-missing``, ``cannot-read``, ``cannot-write``,
                ``write-not-kept``.
        """
        durable.make_folder(self._folder)
        durable.sweep(self._folder)
        known = self._chain()
        ends = chain.heads(known)
        draft = Draft(
            sequence=max((end.sequence for end in ends), default=0) + 1,
            at=at,
            who=who,
            kind=kind,
            facts=facts,
            parents=tuple(end.digest for end in ends),
        )
        data = encode(draft)
        event = drafted(draft, data)
        durable.write_once(self._folder / event.name, data)
        self._know(event, data)
        return event

    def _know(self, event: Event, data: bytes) -> None:
        """Remember an event just written, whose bytes were compared on the disk, so that it is not read again."""
        with durable.reading(self._folder):
            stat = (self._folder / event.name).stat()
        file = _File(event.name, stat.st_size, stat.st_mtime_ns, event.digest, event)
        if stat.st_size == len(data):
            self._files[event.name] = file.without_facts()

    def _chain(self) -> list[Event]:
        """Give the events without their facts; refuse where the chain is torn."""
        files = []
        for name, stat in self._listed().items():
            known = self._files.get(name)
            if known is None or (known.size, known.changed) != (stat.st_size, stat.st_mtime_ns):
                known = self._read(name, stat).without_facts()
            files.append(known)
        self._files = {file.name: file for file in files}
        events = _events(files)
        for found in self._torn(files, events):
            raise Surroundings(found.code, found.where, **found.facts)
        return events

    def _listed(self) -> dict[str, os.stat_result]:
        with durable.reading(self._folder):
            try:
                entries = os.scandir(self._folder)
            except FileNotFoundError:
                return {}
            with entries:
                found = {entry.name: entry.stat() for entry in entries if _is_ours(entry)}
        return dict(sorted(found.items()))

    def whole(self, event: Event) -> Event:
        """Give an event with its facts.

        Raises:
            Surroundings: ``journal-event-damaged``, ``cannot-read``; it was sound when it was loaded.
        """
        if event.facts:
            return event
        path = self._folder / event.name
        with durable.reading(path):
            data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != event.digest:
            raise Surroundings("journal-event-damaged", self._where(event))
        return decode(data)

    def _read(self, name: str, stat: os.stat_result, small: int | None = None) -> _File:
        """Read one file; without its event's facts where it is larger than ``small`` bytes."""
        path = self._folder / name
        with durable.reading(path):
            data = path.read_bytes()
        try:
            event = decode(data)
        except ValueError:
            event = None
        file = _File(name, stat.st_size, stat.st_mtime_ns, hashlib.sha256(data).hexdigest(), event)
        return file if small is None or len(data) <= small else file.without_facts()

    def _torn(self, files: Iterable[_File], events: Iterable[Event]) -> list[Finding]:
        """Report damaged files and absent parents: what must be mended before anything may be written."""
        files = list(files)
        damaged = [file.name for file in files if not file.sound and not _is_copy(file, files)]
        promised = {named_digest(name) or "" for name in damaged}
        findings = [finding("journal-event-damaged", Where(shown(self._campaign, self._folder / n))) for n in damaged]
        return findings + chain.missing(events, promised, self._where)

    def _where(self, event: Event | None) -> Where:
        return Where(shown(self._campaign, self._folder / event.name if event else self._folder))


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    """Pass over temporary files, other programs' hidden files (``._a.json``, ``.DS_Store``), folders and the rest."""
    return entry.name.endswith(".json") and not entry.name.startswith(".") and entry.is_file()


def _is_copy(file: _File, files: Iterable[_File]) -> bool:
    """Tell whether a file under another name, such as a sync program's “(conflict)”, repeats a sound event."""
    return named_digest(file.name) is None and any(other.sound and other.digest == file.digest for other in files)


def _events(files: Iterable[_File]) -> list[Event]:
    events = [file.event for file in files if file.event is not None and file.sound]
    return sorted(events, key=lambda event: (event.sequence, event.digest))
