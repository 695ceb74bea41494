"""What the checks look at: the values that a unit returned for one book and that stand; and what they say of them."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledgergen.findings import Fact, Finding, Where, finding
from ledgergen.records import BookRow
from ledgergen.state.entries import NOT_RETURNED, Entry
from ledgergen.state.fold import BookState
from ledgergen.state.rulings import ReturnId
from ledgergen.state.standing import Receipt, RowKey, Standing
from ledgergen.workbook.layout import Column


class Remark(NamedTuple):
    """A finding about values of one book, with the field to be corrected: row, column id, and the parcel's hash.

    Row and column are empty where it is about the book as a whole.
    """

    finding: Finding
    key: RowKey
    field: str
    sha256: str


class Cell(NamedTuple):
    """One value that a unit returned, and that stands: its row, its column, what it is."""

    row: BookRow
    column: Column
    standing: Standing

    @property
    def key(self) -> RowKey:
        """Give the row's key."""
        return self.row.task, self.row.measure

    def remark(self, code: str, **facts: Fact) -> Remark:
        """Say something about the value, at its place in the file that it came in."""
        source = self.standing.source
        where = Where(source.name, sheet=source.sheet, cell=source.cell)
        said = finding(code, where, task=self.row.task, title=self.column.title, **facts)
        return Remark(said, self.key, self.column.id, source.sha256)


@dataclass(frozen=True)
class Returned:
    """A book with what its returns brought. Without slots, so that what several checks ask is worked out once.

    ``year`` is the plan's, 0 where it is not known.
    """

    book: BookState
    year: int = 0

    @functools.cached_property
    def receipts(self) -> tuple[Receipt, ...]:
        """Give the returns that count, oldest first."""
        token = self.book.issued.book.token
        return tuple(each for each in self.book.receipts if ReturnId(each.parcel.sha256, token) not in self.book.held)

    @functools.cached_property
    def columns(self) -> Mapping[str, Column]:
        """Give the columns that the unit fills, by id."""
        return {column.id: column for column in self.book.issued.layout.inputs}

    @functools.cached_property
    def cells(self) -> Mapping[RowKey, Mapping[str, Cell]]:
        """Give the values by row and column id; what is blank, or of the office's own choosing, is left out."""
        columns = self.columns
        found: dict[RowKey, dict[str, Cell]] = {}
        for key, standings in self.book.cells.items():
            row = self.book.row(key)
            if row is not None:
                found[key] = {
                    name: Cell(row, columns[name], standing)
                    for name, standing in standings.items()
                    if standing.text and standing.origin.sha256 and name in columns
                }
        return found

    @property
    def all_cells(self) -> Iterator[Cell]:
        """Give the values one after another."""
        return (cell for cells in self.cells.values() for cell in cells.values())

    def of_column(self, name: str) -> Iterator[Cell]:
        """Give the values of one column."""
        return (cells[name] for cells in self.cells.values() if name in cells)

    def entry(self, key: RowKey) -> Entry | None:
        """Give everything that stands in a row."""
        row = self.book.row(key)
        return Entry(self.book, row) if row else None

    def before(self, key: RowKey) -> Entry | None:
        """Give the row as it stood in the round before; None where there was none."""
        before = self.book.before
        row = before.row(key) if before else None
        return Entry(before, row) if before and row else None

    @functools.cached_property
    def arrived(self) -> Mapping[str, date]:
        """Give the day on which each parcel came, by its hash."""
        days = ((each.parcel.sha256, _day(each.order[0])) for each in self.book.receipts)
        return {sha256: day for sha256, day in days if day}


def says_nothing(entry: Entry) -> bool:
    """Tell whether a row that the round asks for says no state, and nothing in place of one."""
    if not entry.row.due or entry.state != NOT_RETURNED:
        return False
    return entry.book.issued.layout.find("status") is None or not entry.text("status")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
