"""Entries (填报内容): what stands for each measure row, with the source of every value."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledgergen.records import BookRow
from ledgergen.returns.shelf import Issued
from ledgergen.state.fold import BookState, Origin, Standing, State

NOT_RETURNED = "未报送"
NOT_STARTED = "未启动"
UNDER_WAY = "推进中"
DONE = "已完成"
CONTINUING = "持续推进"
NOT_CONCERNED = "不涉及"
STATES = (DONE, CONTINUING, UNDER_WAY, NOT_STARTED, NOT_CONCERNED, NOT_RETURNED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure row: its identity, and what stands in it by column or head item id.

    Asked, not stored: a large campaign has 60,000 rows. Returned cells stand over prefilled ones; the head block's
    inputs stand in every row of the unit, so that whoever reads the entries row by row loses nothing; an item that
    ``fills`` a column (the default leader) stands in for that column's blank cells.
    """

    book: BookState
    row: BookRow

    @property
    def unit(self) -> str:
        """Give the unit's name as it was issued to."""
        return self.book.issued.book.unit

    @property
    def state(self) -> str:
        """Give the row's state: its status as read; 未报送 where no readable status was returned."""
        status = self.standing("status")
        return status.value if status and status.value in STATES else NOT_RETURNED

    @property
    def fields(self) -> dict[str, Standing]:
        """Give everything that stands, in the layout's order."""
        layout = self.book.issued.layout
        names = [*(column.id for column in layout.inputs), *(item.id for item in layout.head_items)]
        return {name: standing for name in names if (standing := self.standing(name))}

    def standing(self, field: str) -> Standing | None:
        """Give what stands in a column or a head item; None where nothing does."""
        returned = self.book.cells.get((self.row.task, self.row.measure), {}).get(field) or self.book.head.get(field)
        if returned and returned.text:
            return returned
        if returned:
            return self._default(field)
        if text := self.row.own.get(field):
            return _as_issued(self.book.issued, text)
        return self._default(field)

    def text(self, field: str) -> str:
        """Give the text of a field; empty where nothing stands."""
        standing = self.standing(field)
        return standing.text if standing else ""

    def _default(self, field: str) -> Standing | None:
        """Give what a blank cell stands for: the head block's default, or by 本期无变化 the round before."""
        for item in self.book.issued.layout.head_items:
            if item.fills == field:
                standing = self.book.head.get(item.id)
                if standing and standing.text:
                    return standing
        before = self.book.before
        return Entry(before, self.row).standing(field) if before and self.book.confirmed else None


def entries(state: State, round_id: str) -> Iterator[Entry]:
    """Give every measure row of a round, unit by unit in the order of issue, each unit's rows in the ledger's order."""
    for book in state.of_round(round_id):
        yield from book_entries(book)


def book_entries(book: BookState) -> Iterator[Entry]:
    """Give the measure rows of one book."""
    for row in book.rows:
        yield Entry(book, row)


def _as_issued(issued: Issued, text: str) -> Standing:
    return Standing(text, text, Origin(issued.sha256, issued.name, issued.layout.sheet), "")


def entry_json(entry: Entry) -> dict[str, object]:
    """Give the machine-readable form of one row (product.md, ``show --entries --json``)."""
    return {
        "task": entry.row.task,
        "unit": entry.unit,
        "role": str(entry.row.role),
        "measure": entry.row.measure,
        "code": entry.row.code or None,
        "fields": {name: _standing_json(standing) for name, standing in entry.fields.items()},
        "state": entry.state,
        "light": None,
    }


def _standing_json(standing: Standing) -> dict[str, object]:
    source = standing.source
    return {
        "text": standing.text,
        "value": standing.value,
        "source": {
            "sha256": source.sha256,
            "name": source.name,
            "sheet": source.sheet,
            "cell": source.cell,
            "received": source.received or None,
            "from": source.sender or None,
        },
    }
