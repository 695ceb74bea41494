"""Entries (填报内容): what stands for each measure row, with the source of every value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledgergen.records import BookRow
from ledgergen.state.fold import BookState, Source, Standing, State

NOT_RETURNED = "未报送"
NOT_STARTED = "未启动"
UNDER_WAY = "推进中"
DONE = "已完成"
CONTINUING = "持续推进"
NOT_CONCERNED = "不涉及"
STATES = (DONE, CONTINUING, UNDER_WAY, NOT_STARTED, NOT_CONCERNED, NOT_RETURNED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure row: its identity, the values that stand by column or head item id, and its state."""

    book: BookState
    row: BookRow
    fields: Mapping[str, Standing]

    @property
    def unit(self) -> str:
        """Give the unit's name as it was issued to."""
        return self.book.issued.book.unit

    @property
    def state(self) -> str:
        """Give the row's state: its status as read; 未报送 where no readable status was returned."""
        status = self.fields.get("status")
        return status.value if status and status.value in STATES else NOT_RETURNED

    def text(self, field: str) -> str:
        """Give the text of a field; empty where nothing stands."""
        standing = self.fields.get(field)
        return standing.text if standing else ""


def entries(state: State, round_id: str) -> Iterator[Entry]:
    """Give every measure row of a round, unit by unit in the order of issue, each unit's rows in the ledger's order."""
    for book in state.of_round(round_id):
        yield from book_entries(book)


def book_entries(book: BookState) -> Iterator[Entry]:
    """Give the measure rows of one book."""
    for row in book.rows:
        yield Entry(book, row, _fields(book, row))


def _fields(book: BookState, row: BookRow) -> dict[str, Standing]:
    """Lay together what a row shows: returned cells over prefilled ones, then the head block and its defaults.

    The head block's inputs stand in every row of the unit, so that whoever reads the entries row by row loses nothing;
    an item that ``fills`` a column (the default leader) stands in for that column's blank cells.
    """
    returned = book.cells.get((row.task, row.measure), {})
    fields: dict[str, Standing] = {}
    for column in book.issued.layout.inputs:
        if column.id in returned:
            if returned[column.id].text:
                fields[column.id] = returned[column.id]
        elif text := row.text(column.id):
            fields[column.id] = _as_issued(book, text)
    for item in book.issued.layout.head_items:
        standing = book.head.get(item.id)
        if standing is None or not standing.text:
            continue
        fields[item.id] = standing
        if item.fills:
            fields.setdefault(item.fills, standing)
    return fields


def _as_issued(book: BookState, text: str) -> Standing:
    issued = book.issued
    return Standing(text, text, Source(issued.sha256, issued.name, issued.layout.sheet, ""))


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
