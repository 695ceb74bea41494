"""Walk the records of an .xls ([MS-XLS]) for what calamine drops: formulas and error cells."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ledgergen.workbook.grid import Place, cell_name
from ledgergen.workbook.inspect import Refused, check_area

_BOF, _EOF, _CONTINUE, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x003C, 0x002F, 0x0085
_FORMULA, _STRING, _BOOLERR = 0x0006, 0x0207, 0x0205
_DIMENSIONS: Final = 0x0200
_BEFORE_97, _SINCE_97 = 0x0500, 0x0600  # versions
_LONG_ROWS: Final = 14  # bytes of dimensions whose rows have four bytes each
_ROWS, _COLUMNS = 1_048_576, 256  # rows as LibreOffice declares them; the format has 65,536
_MOST_DECLARED: Final = 20_000_000  # cells; calamine reserves room for what a sheet declares
_CELL_RECORDS: Final = frozenset({_FORMULA, _BOOLERR, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00BD, 0x00D6})
_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


@dataclass(slots=True)
class XlsCells:
    """What calamine drops of a sheet of an .xls file: formulas with their computed text, and error cells.

    The text of a formula is None where its value is a number, which calamine reads right. (Seen: LibreOffice stores
    0 for a formula that gives a text, so what a formula came to is no more than a hint here.)
    """

    formulas: dict[Place, str | None] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)


def look_into_xls(book: bytes) -> list[XlsCells] | None:
    """Walk the records of an .xls file's stream, sheet by sheet ([MS-XLS]); None for those before Excel 97.

    Raises:
        Refused: ``file-encrypted``, ``sheet-too-large``, ``file-damaged`` (the walk leads nowhere).
    """
    try:
        begin, version = struct.unpack_from("<HxxH", book)
        if begin != _BOF or version not in (_BEFORE_97, _SINCE_97):
            return None
        sheets: list[XlsCells] = []
        for kind, start, length in _records(book, 0):
            if kind == _FILEPASS:
                raise Refused("file-encrypted")
            if kind == _BOUNDSHEET and length > 6:  # noqa: PLR2004 - position, state, type, then the name
                (position,) = struct.unpack_from("<I", book, start)
                _check_declared(book, position)
                if version == _SINCE_97:
                    sheets.append(_cells(book, position))
    except (struct.error, IndexError) as fault:
        raise Refused("file-damaged", part="Workbook") from fault
    return sheets if version == _SINCE_97 else None


def _check_declared(book: bytes, position: int) -> None:
    """Refuse a sheet that declares more than the format has. Seen in mutants: calamine asks for 70 TB, and aborts."""
    for kind, start, length in _records(book, position):
        if kind == _DIMENSIONS:
            layout = "<HHHH" if length < _LONG_ROWS else "<IIHH"
            first_row, after_row, first_column, after_column = struct.unpack_from(layout, book, start)
            if not (first_row <= after_row <= _ROWS and first_column <= after_column <= _COLUMNS):
                raise Refused("file-damaged", part="Workbook")
            if (after_row - first_row) * (after_column - first_column) > _MOST_DECLARED:
                corner = cell_name(after_row - 1, after_column - 1)
                raise Refused("sheet-too-large", cell=corner, corner=corner, limit=_MOST_DECLARED)


def _cells(book: bytes, position: int) -> XlsCells:
    cells = XlsCells()
    last_row = last_column = 0
    formula: Place | None = None
    for kind, start, _length in _records(book, position):
        if kind == _STRING and formula:
            cells.formulas[formula] = _string(book, start)
        if kind not in _CELL_RECORDS:
            continue
        place: Place = struct.unpack_from("<HH", book, start)
        last_row, last_column = max(last_row, place[0]), max(last_column, place[1])
        check_area("", last_row, last_column)
        if kind == _FORMULA:
            formula, mark = place, book[start + 6 : start + 14]
            cells.formulas[place] = _result(mark)
        elif kind == _BOOLERR and book[start + 7]:
            cells.errors[place] = _ERRORS.get(book[start + 6], "#N/A")
    return cells


def _result(mark: bytes) -> str | None:
    """Read the computed value of a formula: None for a number; a text follows in a record of its own."""
    if mark[6:] != b"\xff\xff":
        return None
    if mark[0] == 1:
        return "TRUE" if mark[2] else "FALSE"
    return _ERRORS.get(mark[2], "#N/A") if mark[0] == 2 else ""  # noqa: PLR2004 - 2 is an error


def _string(book: bytes, start: int) -> str:
    """Read a string record; one over 8 KB goes on in further records, each with its own flag of width."""
    left, flag = struct.unpack_from("<HB", book, start)
    (length,) = struct.unpack_from("<H", book, start - 2)
    end, start, text = start + length, start + 3, ""
    while True:
        wide = flag & 1
        text += book[start:end].decode("utf-16-le" if wide else "latin-1", "replace")
        kind, length = struct.unpack_from("<HH", book, end)
        if len(text) >= left or kind != _CONTINUE:
            return text[:left]
        flag, start, end = book[end + 4], end + 5, end + 4 + length


def _records(book: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Give kind, start and length of each record from one BOF to its EOF; what is embedded in between is left out."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", book, position)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, position + 4, length
        position += 4 + length
