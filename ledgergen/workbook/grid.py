"""Grids: a workbook as text, whatever program wrote it; and how each kind of cell is spelled as text.

The records cross a pipe as JSON (:mod:`ledgergen.workbook.worker`); nothing is pickled, and what comes back is checked
type by type and size by size, because the process that sends it has handled foreign bytes.
"""

import functools
import math
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import Final, TypeAlias

from ledgergen import unbelieved as due

Place: TypeAlias = tuple[int, int]
Merge: TypeAlias = tuple[int, int, int, int]

FORMATS: Final = ("xlsx", "xls", "ods", "csv", "html", "xml")
KINDS: Final = "ndbfe"
MAX_CELLS: Final = 4_000_000  # rows × columns of one sheet; a ledger has some 600
MAX_SHEETS: Final = 500
MAX_FILE: Final = 64_000_000  # bytes of a file that is looked at at all
MAX_MEMBERS: Final = 1_000  # files of an archive, archives within it included
BESIDE: Final = " › "  # between an archive and a file in it, where a finding or a value names its place
MAX_ANSWER: Final = 128 << 20  # bytes of a workbook on its way through the pipe
PIPE_BUFFER: Final = 1 << 16
LENGTH: Final = struct.Struct(">I")  # what goes before every frame in the pipe

_BETWEEN: Final = "\x7f"
_ROWS, _COLUMNS, _REMEMBERED, _MOST_DIGITS = 1_048_576, 16_384, 100_000, 7

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,400}")
_PLAIN: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST_PLAIN: Final = 1e22  # from here on a number is spelled with an exponent
_SHORTEST_PLAIN: Final = 1e-10
_DAY: Final = 86_400
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general', re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_DATE_LETTERS: Final = re.compile(r"[ymdhs]|aaa|(?<![0#?.])e", re.IGNORECASE)
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})  # 27–36, 50–58: Chinese
_LAST_SERIAL: Final = 2_958_465  # 9999-12-31


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: the text of every cell as typed, and what the cells are that hold no plain text.

    Every place is ``(row, column)``, counted from 0: ``rows[6][10]`` and ``kinds[6, 10]`` are K7. ``rows`` is
    rectangular, from A1 to the last row and column that hold a value; ``""`` is a blank cell. ``kinds`` has ``n``
    number, ``d`` date, time or duration, ``b`` boolean, ``f`` formula (its text is ``=…``, the value that the client
    computed stands in ``cached`` where the file has one), ``e`` error. ``merged`` holds first row, first column, last
    row, last column of each merged range that the format tells of, cut to the sheet's rows and columns.
    """

    name: str
    hidden: bool
    rows: tuple[tuple[str, ...], ...]
    kinds: Mapping[Place, str] = field(default_factory=dict)
    cached: Mapping[Place, str] = field(default_factory=dict)
    merged: tuple[Merge, ...] = ()

    def text(self, row: int, column: int) -> str:
        """Give a cell's text; ``""`` beyond the sheet's edge."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    @property
    def size(self) -> tuple[int, int]:
        """Give the number of rows and of columns."""
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    def to_json(self) -> dict[str, object]:
        """Give the form that crosses the pipe, places as flat lists of numbers; the cells stand with the workbook."""
        kinds: dict[str, list[int]] = {}
        for place, kind in self.kinds.items():
            kinds.setdefault(kind, []).extend(place)
        cached = [[row, column, text] for (row, column), text in self.cached.items()]
        about = {"name": self.name, "hidden": self.hidden, "size": self.size}
        return {**about, "kinds": kinds, "cached": cached, "merged": self.merged}

    @staticmethod
    def from_json(stored: object, cells: Iterator[str]) -> "Grid":
        """Read the form back and check it, with as many of the cells that follow as are the sheet's.

        Raises:
            TypeError: something is of another type.
            ValueError: too few cells or too many, a place outside the rows, an unknown kind.
        """
        record = due.record(stored)
        height, width = _place(record["size"])
        if min(height, width) < (0 if height == width else 1) or height * width > MAX_CELLS:
            raise ValueError("no size of a sheet")
        own = list(islice(cells, height * width))
        if len(own) != height * width:
            raise ValueError("too few cells")
        rows = tuple(zip(*[iter(own)] * width, strict=True))
        kinds: dict[Place, str] = {}
        for kind, flat in due.record(record["kinds"]).items():
            if kind not in KINDS or len(kind) != 1:
                raise ValueError("unknown kind")
            numbers = due.numbers(flat)
            kinds |= dict.fromkeys(zip(numbers[::2], numbers[1::2], strict=True), kind)
        cached = {_place(item[:2]): due.text(item[2]) for item in map(due.items, due.items(record["cached"]))}
        for row, column in chain(kinds, cached):
            if not (0 <= row < height and 0 <= column < width):
                raise ValueError("a place outside the sheet")
        merged = tuple(_merge(item, height, width) for item in due.items(record["merged"]))
        return Grid(due.text(record["name"]), record["hidden"] is True, rows, kinds, cached, merged)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as read.

    ``format`` by its bytes, never by its name: one of :data:`FORMATS`. ``saved`` is the time its client wrote into it
    (ISO 8601, ``""`` where there is none). ``properties`` has the custom document properties and, under ``keywords``,
    the keywords; ``names`` the defined names that stand for a constant text. ``notes`` quotes what the file has and
    the grids do not: ``comment K7: …``, ``text box: …``, ``macros``, ``formulas`` (in .xls, whose formulas are shown
    as ``=`` without their text).
    """

    format: str
    grids: tuple[Grid, ...]
    saved: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the form that crosses the pipe: the cells of all sheets as one text, joined by DEL, and the rest.

        One text costs a third of what lists cost; where a cell has a DEL in it, it is a list.
        """
        cells: str | list[str] = _BETWEEN.join(self._cells())
        if cells.count(_BETWEEN) != max(sum(map(len, chain.from_iterable(grid.rows for grid in self.grids))) - 1, 0):
            cells = list(self._cells())
        return {
            "format": self.format,
            "grids": [grid.to_json() for grid in self.grids],
            "cells": cells,
            "saved": self.saved,
            "properties": dict(self.properties),
            "names": dict(self.names),
            "notes": self.notes,
        }

    @staticmethod
    def from_json(stored: object) -> "Workbook":
        """Read the form back and check it; ``KeyError``, ``TypeError`` or ``ValueError`` where it is not in order."""
        record = due.record(stored)
        grids, cells = due.items(record["grids"]), record["cells"]
        if record["format"] not in FORMATS or len(grids) > MAX_SHEETS:
            raise ValueError("unknown format, or too many sheets")
        left = iter(cells.split(_BETWEEN) if cells else ()) if type(cells) is str else iter(due.texts(cells))
        found = Workbook(
            due.text(record["format"]),
            tuple(Grid.from_json(grid, left) for grid in grids),
            due.text(record["saved"]),
            {name: due.text(value) for name, value in due.record(record["properties"]).items()},
            {name: due.text(value) for name, value in due.record(record["names"]).items()},
            due.texts(record["notes"]),
        )
        if next(left, None) is not None:
            raise ValueError("too many cells")
        return found

    def _cells(self) -> Iterator[str]:
        return chain.from_iterable(chain.from_iterable(grid.rows for grid in self.grids))


def cell_name(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does; both count from 0: ``(6, 10)`` is K7."""
    return f"{column_name(column)}{row + 1}"


@functools.lru_cache(maxsize=1 << 14)  # a sheet's columns
def column_name(column: int) -> str:
    """Name a column as a spreadsheet does: 10 is K."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


class _Places(dict[str, Place]):
    """Remember the places of references, so that ``K7`` is taken apart once and not in every file."""

    def __missing__(self, reference: str) -> Place:
        letters = reference.rstrip("0123456789")
        digits = reference[len(letters) :]
        if not 0 < len(digits) <= _MOST_DIGITS or digits[0] == "0":
            raise ValueError("no reference")
        place = int(digits) - 1, _column(letters)
        if place[0] >= _ROWS:
            raise ValueError("a reference beyond any sheet")
        if len(self) < _REMEMBERED:
            self[reference] = place
        return place


@functools.lru_cache(_COLUMNS)
def _column(letters: str) -> int:
    number = 0
    for letter in letters if len(letters) <= len("XFD") else "":
        if not "A" <= letter <= "Z":
            raise ValueError("no reference")
        number = number * 26 + ord(letter) - ord("A") + 1
    if not 0 < number <= _COLUMNS:
        raise ValueError("a reference beyond any sheet")
    return number - 1


PLACES: Final = _Places()  # the inverse of cell_name: PLACES["K7"] is (6, 10); ValueError where it is no reference


def shown_as(format_id: int, code: str) -> str:
    """Tell what a number format makes of a number: ``d`` date, ``t`` duration, ``%`` percentage, ``""`` a number.

    ``code`` is the format's own code, ``""`` for one that the program knows by its id (ECMA-376, 18.8.30; Chinese
    Excel and WPS write 31, 57 and 58 without a code).
    """
    if not code:
        return "d" if format_id in _DATE_FORMATS else {9: "%", 10: "%", 46: "t"}.get(format_id, "")
    letters = _LITERAL.sub("", code).partition(";")[0]
    if _ELAPSED.search(letters):
        return "t"
    if _DATE_LETTERS.search(letters):
        return "d"
    return "%" if "%" in letters else ""


def number_text(written: str) -> str:
    """Spell a number of a file: integers with all digits the file has and without ``.0``, others at their shortest.

    Never through a float where the file writes an integer: 18-digit numbers (identity cards, project codes) keep
    every digit. ``1.0`` → ``1``, ``0.85699999999999998`` → ``0.857``, ``1E+17`` → ``100000000000000000``. What is no
    number comes back as it is.
    """
    if written.isdecimal() and written.isascii() and written[0] != "0":
        return written
    written = written.strip()
    if _INTEGER.fullmatch(written):
        return str(int(written))
    try:
        number = _float(written)
    except ValueError:
        return written
    if not math.isfinite(number):
        return written
    if number == 0:
        return "0"
    shortest = repr(number)
    if "e" in shortest and _SHORTEST_PLAIN < abs(number) < _LONGEST_PLAIN:
        shortest = format(Decimal(shortest), "f")
    return shortest.removesuffix(".0")


def percent_text(written: str) -> str:
    """Spell a number that is shown as a percentage: ``0.85`` → ``85%``."""
    plain = number_text(written)
    if not _PLAIN.fullmatch(plain):
        return plain
    return format((Decimal(plain) * 100).normalize(), "f") + "%"


def date_text(written: str, since_1904: bool = False) -> str | None:  # noqa: FBT001, FBT002 - the file's own switch
    """Spell a serial number that is shown as a date: ``2022-09-30``, with the time only if there is one.

    A serial below 1 is a time (``08:15:00``). None where it is no date: negative, after 9999, no number, or the
    29 February 1900 that Excel invented. (calamine, seen: -3 as a date becomes 00:00, 60 the day before.)
    """
    try:
        serial = _float(written)
    except ValueError:
        return None
    if not 0 <= serial <= _LAST_SERIAL + 1:
        return None
    days, seconds = divmod(round(serial * _DAY), _DAY)
    if days == 0:
        return _clock(seconds)
    if since_1904:
        days += 1462
    elif days == 60:  # noqa: PLR2004 - 1900-02-29
        return None
    return (_day(days) + (f" {_clock(seconds)}" if seconds else "")) if days <= _LAST_SERIAL else None


def duration_text(written: str) -> str | None:
    """Spell a serial number that is shown as elapsed hours: ``1.5`` → ``36:00:00``; None where it is none."""
    try:
        serial = _float(written)
    except ValueError:
        return None
    return _clock(round(serial * _DAY)) if 0 <= serial <= _LAST_SERIAL else None


def unescaped(text: str) -> str:
    """Decode ``_x000D_`` as Excel does (ECMA-376, ST_Xstring); ``_x005F_`` is the escaped underscore.

    Surrogates that belong together become one character; a lone one, which is no character, becomes ``�``.
    """
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _float(written: str) -> float:
    """Read a number as files spell them; ValueError for what only Python takes for one (``1_000``, ``١``)."""
    if "_" in written or not written.isascii():
        raise ValueError(written)
    return float(written)


def _day(serial: int) -> str:
    epoch = date(1899, 12, 30) if serial > 60 else date(1899, 12, 31)  # noqa: PLR2004 - as above
    return (epoch + timedelta(days=serial)).isoformat()


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _merge(stored: object, height: int, width: int) -> Merge:
    top, left, bottom, right = due.numbers(stored)
    if not (0 <= top <= bottom < height and 0 <= left <= right < width):
        raise ValueError("a merged range outside the sheet")
    return top, left, bottom, right


def _place(stored: object) -> Place:
    row, column = due.numbers(stored)
    return row, column
