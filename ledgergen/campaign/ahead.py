"""Files read some at a time before any of them is decided.

The child that reads and the process that decides would else take turns with every file, each finding the processor's
caches full of the other's: measured over 600 ledgers, reading ahead saves a quarter of the time of both.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Final

from ledgergen.campaign.letters import Fetched
from ledgergen.findings import Finding, Where, finding
from ledgergen.returns.decisions import Arrival
from ledgergen.workbook.grid import Workbook
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.reading import Reading

_FILES: Final = 25
_BYTES: Final = 4_000_000
_CELLS: Final = 200_000  # of the workbooks as read; a ledger has some 600

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """A file that arrived, its bytes or why there are none, and what was read of it; an archive is read as one asks."""

    arrival: Arrival
    data: bytes | Finding
    readings: Iterable[Reading] = ()


def read_ahead(
    items: Iterable[Read | Fetched], reader: BoundedReader, is_known: Callable[[str], bool]
) -> Iterator[Read | Fetched]:
    """Read files, and give them in their order; mails, and files whose hash ``is_known``, come as they are.

    An archive is given before anything after it is read: its members are decided as they come, for all of them at once
    might not fit into memory.
    """
    waiting: list[Read] = []
    cells = held = 0
    for each in items:
        if isinstance(each, Fetched):
            yield from waiting
            waiting.clear()
            yield each
            continue
        if isinstance(each.data, Finding) or is_known(each.arrival.sha256):
            waiting.append(each)
            continue
        first, rest = _begun(reader, each.arrival.name, each.data)
        if first.member:
            yield from waiting
            waiting.clear()
            with closing(rest):
                yield Read(each.arrival, each.data, chain((first,), rest))
            continue
        waiting.append(Read(each.arrival, each.data, (first,)))
        cells, held = cells + _size(first.workbook), held + len(each.data)
        if len(waiting) >= _FILES or held > _BYTES or cells > _CELLS:
            yield from waiting
            waiting.clear()
            cells = held = 0
    yield from waiting


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


def _size(workbook: Workbook | None) -> int:
    grids: Sequence[tuple[int, int]] = [grid.size for grid in workbook.grids] if workbook else ()
    return sum(height * width for height, width in grids)
