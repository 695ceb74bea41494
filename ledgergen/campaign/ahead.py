"""Files and mails read some at a time before any of them is decided.

The child that reads and the process that decides would else take turns with every file, each finding the processor's
caches full of the other's: measured over 1,000 ledgers, reading 25 ahead saves a third of the time of both.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Protocol

from ledgergen.campaign.letters import ROOM, Fetched, Mail
from ledgergen.findings import Finding, Where, finding
from ledgergen.returns.decisions import Arrival
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.reading import Reading

_FILES: Final = 25

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """A file that arrived, its bytes or why there are none, and what was read of it; an archive is read as one asks."""

    arrival: Arrival
    data: bytes | Finding
    readings: tuple[Reading, ...] | Generator[Reading] = ()

    @property
    def may_wait(self) -> bool:
        """Tell whether it is small enough to be read together with others."""
        return isinstance(self.data, Finding) or len(self.data) <= ROOM

    @property
    def room(self) -> float:
        """Give the share of the room for what waits that it takes."""
        return 0 if isinstance(self.data, Finding) else len(self.data) / ROOM

    def close(self) -> None:
        """Read no further."""
        if not isinstance(self.readings, tuple):
            self.readings.close()


class Opens(Protocol):
    """Opens mails (:class:`.letters.Mailroom`)."""

    def open(self, fetched: Fetched) -> Mail:
        """Begin to open what was fetched, whatever it holds."""

    def open_together(self, fetched: Sequence[Fetched]) -> Iterator[Mail]:
        """Open mails that may wait, all at once."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Reads files and opens mails; files whose hash ``is_known`` are not read.

    ``mailroom`` gives who opens mails, once there are any.
    """

    reader: BoundedReader
    mailroom: Callable[[], Opens]
    is_known: Callable[[str], bool]

    def read(self, items: Iterable[Read | Fetched]) -> Iterator[Read | Mail]:
        """Read what comes, and give it in its order.

        A large file, a large mail and a box of mails are given before anything after them is read, and an archive is
        read as it is looked at: all that is in them might not fit into memory. Where taking the next item fails, those
        before it are given first.
        """
        waiting: list[Read | Fetched] = []
        room = 0.0
        fault: Exception | None = None
        for item in _until_fault(items):
            if isinstance(item, Exception):
                fault = item
                break
            if item.may_wait:
                waiting.append(item)
                room += item.room
                if len(waiting) < _FILES and room < 1:
                    continue
            yield from self._together(waiting)
            waiting.clear()
            room = 0.0
            if not item.may_wait:
                with closing(self._alone(item)) as opened:
                    yield opened
        yield from self._together(waiting)
        if fault:
            raise fault

    def _together(self, waiting: Sequence[Read | Fetched]) -> Iterator[Read | Mail]:
        """Read and open what has waited."""
        new = {
            place: _named(item) for place, item in enumerate(waiting) if isinstance(item, Read) and self._is_new(item)
        }
        readings = self.reader.read_together(list(new.values()))
        mails = self._mails([item for item in waiting if isinstance(item, Fetched)])
        for place, item in enumerate(waiting):
            if isinstance(item, Fetched):
                yield next(mails)
            elif place not in new:
                yield item
            elif reading := next(readings):
                yield Read(item.arrival, item.data, (reading,))
            else:
                with closing(self._alone(item)) as opened:
                    yield opened

    def _mails(self, fetched: Sequence[Fetched]) -> Iterator[Mail]:
        """Open mails when the first is asked for: where there is no mailroom, the files before it are given."""
        yield from self.mailroom().open_together(fetched)

    def _is_new(self, item: Read) -> bool:
        return not isinstance(item.data, Finding) and not self.is_known(item.arrival.sha256)

    def _alone(self, item: Read | Fetched) -> Read | Mail:
        """Begin to read or open one by itself."""
        if isinstance(item, Fetched):
            return self.mailroom().open(item)
        if not self._is_new(item):
            return item
        first, rest = _begun(self.reader, *_named(item))
        return Read(item.arrival, item.data, _all(first, rest) if first.member else (first,))


def _until_fault(items: Iterable[Read | Fetched]) -> Iterator[Read | Fetched | Exception]:
    """Give items, and last what went wrong in taking the next, if anything did."""
    try:
        yield from items
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is raised once what came before is given
        yield fault


def _named(item: Read) -> tuple[str, bytes]:
    """Give a file's name and bytes; none where there are none."""
    return item.arrival.name, b"" if isinstance(item.data, Finding) else item.data


def _all(first: Reading, rest: Generator[Reading]) -> Generator[Reading]:
    with closing(rest):
        yield first
        yield from rest


def _begun(reader: BoundedReader, name: str, data: bytes) -> tuple[Reading, Generator[Reading]]:
    """Read a file, or the first of an archive; an unforeseen fault is a finding, its traceback goes to the log."""
    readings = reader.read_all(name, data)
    try:
        first = next(readings)
    except Exception as fault:  # noqa: BLE001 - the trap around each incoming file
        _log.exception("reading %s", name)
        said = finding("collect-failed", Where(name), reason=type(fault).__name__)
        first = Reading("", None, [said])
    if not first.member:
        readings.close()
    return first, readings
