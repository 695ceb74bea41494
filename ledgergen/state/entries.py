"""Entries (填报内容): what stands for each measure row, with the source of every value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledgergen.records import BookRow
from ledgergen.returns.shelf import Issued
from ledgergen.state.fold import BookState, State
from ledgergen.state.standing import Origin, Standing
from ledgergen.workbook.layout import Kind
from ledgergen.workbook.values import read_value

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
    ``fills`` a column (the default leader) stands in for that column's blank cells. A row that the round does not ask
    for stands as it did in the round before.
    """

    book: BookState
    row: BookRow

    @property
    def unit(self) -> str:
        """Give the unit's name as it was issued to."""
        return self.book.issued.book.unit

    @property
    def state(self) -> str:
        """Give the row's state: its status as read; 未报送 where no readable status was returned.

        A layout without that column asks nobody for a status: then a row is 推进中 once a ledger came back and the row
        says something of the unit's own.
        """
        if self.book.issued.layout.find("status") is None:
            return self._state_by_words()
        status = self.standing("status")
        return status.value if status and status.value in STATES else NOT_RETURNED

    @property
    def fields(self) -> dict[str, Standing]:
        """Give everything that stands, in the layout's order."""
        layout = self.book.issued.layout.entire
        names = [*(column.id for column in layout.inputs), *(item.id for item in layout.head_items)]
        return {name: standing for name in names if (standing := self.standing(name))}

    def standing(self, field: str) -> Standing | None:
        """Give what stands in a column or a head item; None where nothing does."""
        returned = self.returned(field)
        if returned and returned.text:  # the most frequent case by far, and the dearest to ask for twice
            return returned
        return self.in_row(field) or self._from_head(field) or self._from_before(field)

    def in_row(self, field: str) -> Standing | None:
        """Give what stands in the cell or the head item itself: as returned, else as it was issued."""
        if returned := self.returned(field):
            return returned if returned.text else None
        issued = self.book.issued
        text = self.row.own.get(field) or self._issued_head(field)
        return _as_issued(issued, field, text) if text else None

    def returned(self, field: str) -> Standing | None:
        """Give what the unit itself put into the cell or the head item, or took away from it (an empty text)."""
        return self.book.cells.get((self.row.task, self.row.measure), {}).get(field) or self.book.head.get(field)

    def text(self, field: str) -> str:
        """Give the text of a field; empty where nothing stands."""
        standing = self.standing(field)
        return standing.text if standing else ""

    def _state_by_words(self) -> str:
        key, before, layout = (self.row.task, self.row.measure), self.book.before, self.book.issued.layout
        if before and not self.book.receipts and key in self.book.not_due:
            return Entry(before, before.row(key) or self.row).state
        own = (column.id for column in layout.inputs if column.id not in layout.answered_at_once)
        return UNDER_WAY if self.book.receipts and any(map(self.text, own)) else NOT_RETURNED

    def _issued_head(self, field: str) -> str:
        """Give an input of the head block as issued: prefilled with what the unit wrote there before."""
        issued = self.book.issued
        text = issued.book.head.get(field, "")
        if not text:
            return ""
        return text if any(item.is_input and item.id == field for item in issued.layout.entire.head_items) else ""

    def _from_head(self, field: str) -> Standing | None:
        """Give the head block's default for a blank cell."""
        if field not in self.book.issued.layout.entire.answered_at_once:
            return None
        for item in self.book.issued.layout.entire.head_items:
            if item.fills == field and (standing := self.in_row(item.id)):
                return standing
        return None

    def _from_before(self, field: str) -> Standing | None:
        """Give what stood in the round before, where the unit said that nothing changed or the round does not ask."""
        key, before = (self.row.task, self.row.measure), self.book.before
        if before is None:
            return None
        unasked = key in self.book.not_due and not self.returned(field)
        if not (unasked or self.book.confirmed):
            return None
        return Entry(before, before.row(key) or self.row).standing(field)


def entries(state: State, round_id: str) -> Iterator[Entry]:
    """Give every measure row of a round, unit by unit in the order of issue, each unit's rows in the ledger's order."""
    for book in state.of_round(round_id):
        yield from book_entries(book)


def book_entries(book: BookState) -> Iterator[Entry]:
    """Give the measure rows of one book."""
    for row in book.rows:
        yield Entry(book, row)


def _as_issued(issued: Issued, field: str, text: str) -> Standing:
    """Make a value of a prefilled text, read as its column asks; what cannot be read is not guessed at."""
    column = next((each for each in issued.layout.entire.columns if each.id == field), None)
    value = text if column is None or column.kind is Kind.TEXT else read_value(column, text, "", 0)
    return Standing(text, value, Origin(issued.sha256, issued.name, issued.layout.sheet), "")


def entry_json(entry: Entry, light: Mapping[str, object] | None = None) -> dict[str, object]:
    """Give the machine-readable form of one row (product.md, ``show --entries --json``).

    ``light``: that of its task and unit, as :func:`.picture_json.light_json` gives it; null where none was reckoned.
    """
    return {
        "task": entry.row.task,
        "unit": entry.unit,
        "role": str(entry.row.role),
        "measure": entry.row.measure,
        "code": entry.row.code or None,
        "fields": {name: _field_json(entry, name, standing) for name, standing in entry.fields.items()},
        "state": entry.state,
        **(light or {"light": None}),
    }


def _field_json(entry: Entry, name: str, standing: Standing) -> dict[str, object]:
    """Give what stands in a field; with ``others`` where returns said something else and nobody has chosen yet."""
    others = entry.book.disputed.get(((entry.row.task, entry.row.measure), name), ())
    said = [_standing_json(each) for each in others if each != standing]
    return _standing_json(standing) | ({"others": said} if said else {})


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
