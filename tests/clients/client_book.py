"""What a clerk's file holds while it goes from client to client: canaries, where they stand, and whose they are.

A canary is a text that says where it was typed: ``【unit|task|measure|column】``. Every input cell of a row gets one,
so a row that lands in the wrong place gives itself away. The :class:`Tale` says what must come of a file: it is told by
the edits, never read from the file itself. The :class:`Seen` says where in a file the next edit finds things.
"""

import copy
import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeAlias

from clerk import zichuan
from ledgergen.workbook.codes import normalised, parse_row_code
from ledgergen.workbook.grid import Grid
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Kind

TITLES: Final = {normalised(column.title): column.id for column in zichuan().columns} | {
    normalised(HIDDEN_CODE_TITLE): "second"
}
INPUTS: Final = tuple(column.id for column in zichuan().inputs)
DAYS: Final = tuple(column.id for column in zichuan().inputs if column.kind is Kind.DATE)
TEXTS: Final = tuple(column.id for column in zichuan().inputs if column.kind is Kind.TEXT)
STATUS: Final = ("未启动", "推进中", "已完成", "持续推进", "不涉及")
HEAD: Final = ("filled_by", "phone", "reviewer", "default_leader")
LABELS: Final = {item.id: item.label for item in zichuan().entire.head_items}
OWNER, OTHER = "区财政局", "区司法局"
NEW: Final = "new"  # stands for whatever number a measure gets that the unit inserted

_CANARY: Final = re.compile(r"【([^【】|]*)\|([^【】|]*)\|([^【】|]*)\|([^【】|]*)】")
_LEAST_TITLES: Final = 3


class Key(NamedTuple):
    """A row as the clerk means it: whose, of which task, which measure."""

    unit: str
    task: str
    measure: str


Place: TypeAlias = tuple[str, str]  # task id, measure number


def canary(key: Key, column: str) -> str:
    """Make the text that says where it was typed."""
    return f"【{key.unit}|{key.task}|{key.measure}|{column}】"


def canaries(text: str) -> set[str]:
    """Find the canaries in a text, however their width was changed."""
    if "【" not in text:
        return set()
    return {found[0] for found in _CANARY.finditer(unicodedata.normalize("NFKC", text))}


def key_of(found: str) -> Key:
    """Read a canary's own row."""
    unit, task, measure, _ = found.strip("【】").split("|")
    return Key(unit, task, measure)


@dataclass
class Tale:
    """What must come of a file.

    ``rows``: by row and column the text or day (ISO) that was typed. ``may``: where a row may land, if that is not one
    place only. ``head``: the canaries of the head block. ``outside``: canaries that belong to nothing and must be
    quoted. ``owner``: whose return it is. ``added`` counts the rows that were added. ``needs_codes``: without codes
    nothing in the file would tell what was done to it. ``repeated``: in which further row a cell's text may stand as
    well, for exceljs writes the text of merged cells into each of them when it saves a text file.
    """

    owner: str
    rows: dict[Key, dict[str, str]] = field(default_factory=dict)
    may: dict[Key, set[Place]] = field(default_factory=dict)
    head: dict[str, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    added: int = 0
    needs_codes: bool = False
    repeated: dict[tuple[Key, str], Place] = field(default_factory=dict)

    def copy(self) -> "Tale":
        """Give a tale of one's own."""
        return copy.deepcopy(self)

    def places(self, key: Key) -> set[Place]:
        """Give where a row may land."""
        return self.may.get(key) or {(key.task, NEW if key.measure.startswith("新") else key.measure)}

    def fresh(self, unit: str, task: str) -> Key:
        """Name a row that the clerk adds."""
        self.added += 1
        return Key(unit, task, f"新{self.added}")

    def expected(self) -> Iterator[tuple[str, Key, str]]:
        """Give every canary that the file must hold, with its row and column."""
        for key, cells in self.rows.items():
            for column, text in cells.items():
                for found in canaries(text):
                    yield found, key, column


class SeenRow(NamedTuple):
    """A row of a file: where it is and what the clerk knows it as; None for one without canaries."""

    row: int
    key: Key | None


@dataclass(frozen=True)
class Seen:
    """Where things stand in a file: the sheet's place among the sheets, the header, columns by id, the rows."""

    grid: Grid
    sheet: int
    header: int
    columns: dict[str, int]
    rows: tuple[SeenRow, ...]

    @property
    def keyed(self) -> tuple[tuple[int, Key], ...]:
        """Give the rows that the clerk knows, from the top."""
        return tuple((each.row, each.key) for each in self.rows if each.key)

    @property
    def first(self) -> int:
        """Give the index of the first row of the body."""
        return self.rows[0].row

    @property
    def last(self) -> int:
        """Give the index of the last row of the body."""
        return self.rows[-1].row

    @property
    def right(self) -> int:
        """Give the index of the last column that holds anything at or below the header."""
        return max(
            index
            for line in self.grid.rows[self.header : self.last + 1]
            for index, text in enumerate(line)
            if text.strip()
        )

    def text(self, row: int, column: str) -> str:
        """Give the text of a cell by its column's id."""
        return self.grid.text(row, self.columns[column]) if column in self.columns else ""

    def head_place(self, item: str) -> tuple[int, int] | None:
        """Find the cell beside a label of the head block: where its value stands or would be typed."""
        label = normalised(LABELS[item])
        for row in range(self.header):
            for column, text in enumerate(self.grid.rows[row]):
                if normalised(text).rstrip(":") == label:
                    merged = (right for top, left, _, right in self.grid.merged if (top, left) == (row, column))
                    return row, next(merged, column) + 1
        return None


def look(grids: Iterable[Grid], owner: str) -> Seen | None:
    """Find the ledger's table as a clerk does, by its titles; rows that nobody filled are known by their codes."""
    best: tuple[int, int, int, Grid] | None = None
    for sheet, grid in enumerate(grids):
        for row, line in enumerate(grid.rows[:30]):
            hits = sum(normalised(text) in TITLES for text in line if text)
            if hits >= _LEAST_TITLES and (best is None or hits > best[0]):
                best = (hits, sheet, row, grid)
    if best is None:
        return None
    _, sheet, header, grid = best
    columns: dict[str, int] = {}
    for index, text in enumerate(grid.rows[header]):
        if column := TITLES.get(normalised(text)):
            columns.setdefault(column, index)
    body = range(header + 1, len(grid.rows))
    rows = tuple(
        SeenRow(row, _known(grid.rows[row], columns, owner)) for row in body if _is_row(grid.rows[row], columns)
    )
    return Seen(grid, sheet, header, columns, rows) if rows else None


def _is_row(line: tuple[str, ...], columns: dict[str, int]) -> bool:
    """Tell a row of the table from a note below it or a repeated header: it has a canary in a column, or a code."""
    texts = [line[index] for index in columns.values()]
    return any(map(canaries, texts)) or any(map(parse_row_code, filter(None, line)))


def _known(line: tuple[str, ...], columns: dict[str, int], owner: str) -> Key | None:
    """Name the row that most canaries of a line name, else its code; what stands outside the table does not count."""
    counts = Counter(
        key_of(found)
        for column, index in columns.items()
        for found in canaries(line[index])
        if key_of(found).task not in ("head", "外")
    )
    if counts:
        return counts.most_common(1)[0][0]
    code = next(filter(None, map(parse_row_code, filter(None, line))), None)
    return Key(owner, code.task, code.measure) if code else None


@functools.cache
def day_of(number: int, column: str) -> str:
    """Give a day that stands once in a file: by the row's number and the column."""
    return (date(2022, 1, 3) + timedelta(days=number * len(DAYS) + DAYS.index(column))).isoformat()


def filled(key: Key, number: int, columns: Iterable[str]) -> dict[str, str]:
    """Give what a clerk types into a row: canaries, a day that no other row has, one of the choices."""
    typed: dict[str, str] = {}
    for column in columns:
        if column in DAYS:
            typed[column] = day_of(number, column)
        elif column == "status":
            typed[column] = STATUS[number % len(STATUS)]
        else:
            typed[column] = canary(key, column)
    return typed
