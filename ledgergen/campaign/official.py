"""The office's own words (核定表述), read back from status workbooks that somebody has written into.

A workbook is compared with what it showed when it was written, so that an old copy takes nothing back that was written
into a newer one. Each edited file is read once; its bytes are kept among the originals.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from ledgergen.campaign.chronicle import Chronicle
from ledgergen.campaign.folder import Folder
from ledgergen.errors import Surroundings
from ledgergen.findings import Finding
from ledgergen.journal.durable import reading
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import standing
from ledgergen.report.summary import CODE, OFFICIAL, ROW_KEY, SHEET
from ledgergen.report.tablesheet import HEADER_ROW
from ledgergen.state.official import WORDED, RowId, official_words
from ledgergen.workbook.codes import fold, row_code
from ledgergen.workbook.grid import Grid, Workbook
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.pool import BoundedReader

_ALIKE: Final = 3  # workbooks written last, one of which an edited file may have been
_TEMPORARY: Final = "~$"  # what Excel puts beside a file while it is open


@dataclass(frozen=True, slots=True)
class Edited:
    """A status workbook that somebody has written into: its path, its bytes with their hash, and what is new in it.

    ``only_words``: nothing else in it differs from what was written, so that it may be replaced.
    """

    path: Path
    data: bytes
    sha256: str
    words: Mapping[RowId, str]
    only_words: bool


def worded_events(chronicle: Chronicle, journal: Journal) -> list[Event]:
    """Give the standing events that tell of the office's own words, whole."""
    return [journal.whole(event) for event in standing(list(chronicle.events)) if event.kind == WORDED]


def read_back(
    folder: Folder, stem: str, known: tuple[Collection[str], Sequence[str]], chronicle: Chronicle, journal: Journal
) -> tuple[list[Edited], list[Finding]]:
    """Read what was written into the status workbooks called ``stem…``, the file saved last coming last.

    ``known``: the hashes of all workbooks that were written, and those of this one alone, oldest first.

    Raises:
        Surroundings: ``cannot-read``, an original is missing.
    """
    events = worded_events(chronicle, journal)
    written, ours = known
    seen = {str(event.facts["sha256"]) for event in events} | set(written)
    rows = _rows_by_code(chronicle)
    found: list[Edited] = []
    findings: list[Finding] = []
    with BoundedReader(seconds=60) as reader:
        for path, data, sha256 in _edited(folder.reports, stem, seen):
            book, said = reader.read(path.name, data)
            findings += said
            if book is None:
                continue
            words = dict(_news(book, rows, official_words(events, _worded_until(book))))
            if words:
                alike = any(_same_otherwise(book, each) for each in _written(reader, folder.root, ours))
                found.append(Edited(path, data, sha256, words, alike))
    return found, findings


def _edited(folder: Path, stem: str, known: Collection[str]) -> Iterator[tuple[Path, bytes, str]]:
    """Give the workbooks that we did not write so, oldest first."""
    if not folder.is_dir():
        return
    paths = (*folder.glob(f"{stem}*.xlsx"), *folder.glob(f"{stem}*/*.xlsx"))
    own = [path for path in paths if not path.name.startswith(_TEMPORARY) and path.is_file()]
    for path in sorted(own, key=lambda each: (each.stat().st_mtime_ns, each.name)):
        with reading(path):
            data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in known:
            yield path, data, sha256


def _rows_by_code(chronicle: Chronicle) -> dict[str, RowId]:
    """Give every row of every ledger by its folded code."""
    found: dict[str, RowId] = {}
    for token, book in chronicle.state.books.items():
        for row in book.rows:
            found[fold(row_code(token, row.task, row.measure))] = RowId(token, row.task, row.measure)
    return found


def _news(book: Workbook, rows: Mapping[str, RowId], shown: Mapping[RowId, str]) -> Iterator[tuple[RowId, str]]:
    """Give by row what somebody has written, and an empty text where somebody has taken a text away."""
    for grid in _merged(book):
        column, keys = _columns(grid)
        for cells in grid.rows[HEADER_ROW + 1 :] if column is not None else ():
            row = next((rows[code] for key in keys if (code := fold(cells[key].strip())) in rows), None)
            text = cells[cast("int", column)].strip()
            if row and text != shown.get(row, "").strip():
                yield row, text


def _merged(book: Workbook) -> list[Grid]:
    return [grid for grid in book.grids if grid.name.startswith(SHEET)]


def _columns(grid: Grid) -> tuple[int | None, list[int]]:
    """Give the column of the office's words and those of the rows' codes, the surest first; None where it is gone."""
    titles = list(grid.rows[HEADER_ROW]) if len(grid.rows) > HEADER_ROW else []
    keys = [titles.index(name) for name in (ROW_KEY, CODE) if name in titles]
    return (titles.index(OFFICIAL) if OFFICIAL in titles and keys else None), keys


def _worded_until(book: Workbook) -> int | None:
    """Give the number of the event up to which the workbook shows the office's words; None where it does not say."""
    last = book.properties.get(REPORT_PROPERTY, "").rpartition("|")[2]
    return int(last) if last.isascii() and last.isdecimal() else None


def _written(reader: BoundedReader, root: Path, ours: Sequence[str]) -> Iterator[Workbook]:
    """Read the workbooks that were written last, the newest first."""
    originals = Originals(root)
    for sha256 in list(dict.fromkeys(reversed(ours)))[:_ALIKE]:
        try:
            book, _ = reader.read(sha256[:12], originals.read(sha256))
        except Surroundings:  # that is for `verify` to say; here it only means that nothing is replaced
            continue
        if book is not None:
            yield book


def _same_otherwise(one: Workbook, other: Workbook) -> bool:
    """Tell whether two workbooks show the same in every cell but those for the office's words, and in comments."""
    if [grid.name for grid in one.grids] != [grid.name for grid in other.grids] or one.notes != other.notes:
        return False
    return all(_texts(here) == _texts(there) for here, there in zip(one.grids, other.grids, strict=True))


def _texts(grid: Grid) -> list[tuple[str, ...]]:
    """Give a sheet's texts without the office's words, and without blanks at the ends."""
    column = _columns(grid)[0] if grid.name.startswith(SHEET) else None
    found = []
    for number, cells in enumerate(grid.rows):
        kept = [*cells[:column], *cells[column + 1 :]] if column is not None and number > HEADER_ROW else list(cells)
        while kept and not kept[-1]:
            kept.pop()
        found.append(tuple(kept))
    while found and not found[-1]:
        found.pop()
    return found
