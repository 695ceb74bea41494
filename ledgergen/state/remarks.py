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
from ledgergen.workbook.layout import Column, Kind


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
    def cells(self) -> Mapping[RowKey, Mapping[str, Standing]]:
        """Give the values by row and column id; what is blank, or of the office's own choosing, is left out."""
        if self._are_plain():
            return self.book.cells
        row = self.book.row
        return {key: self._returned(cells) for key, cells in self.book.cells.items() if row(key) is not None}

    def _are_plain(self) -> bool:
        """Tell whether there is nothing to leave out, as in most books; asked of 60,000 rows it must cost little."""
        book = self.book
        if not (book.has_rows(book.cells) and self.columns.keys() >= set().union(*book.cells.values())):
            return False
        sent = [each.text and each.origin.sha256 for cells in book.cells.values() for each in cells.values()]
        return all(sent)

    def _returned(self, standings: Mapping[str, Standing]) -> Mapping[str, Standing]:
        returned = (pair for pair in standings.items() if pair[1].text and pair[1].origin.sha256)
        return {name: standing for name, standing in returned if name in self.columns}

    def cell(self, key: RowKey, name: str) -> Cell:
        """Give one of the values with its row and column."""
        row = self.book.row(key)
        if row is None:
            raise AssertionError("cells has no other rows")
        return Cell(row, self.columns[name], self.cells[key][name])

    def of_column(self, name: str) -> Iterator[Cell]:
        """Give the values of one column."""
        return (self.cell(key, name) for key, cells in self.cells.items() if name in cells)

    def of_kind(self, kind: Kind) -> list[tuple[RowKey, str, Standing]]:
        """Give the values of all columns of a kind, with the row's key and the column's id."""
        names = [name for name, column in self.columns.items() if column.kind is kind]
        return [(key, name, cells[name]) for key, cells in self.cells.items() for name in names if name in cells]

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
