"""What a unit's return comes to: how much of the ledger it fills, and the ledger that shows it again (退回补正)."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ledgergen.records import Book, BookRow
from ledgergen.state.entries import Entry, book_entries
from ledgergen.state.fold import BookState
from ledgergen.state.remarks import says_nothing
from ledgergen.state.rulings import ReturnId
from ledgergen.state.standing import HEAD, Receipt, RowKey
from ledgergen.workbook.codes import book_number, edition_of, row_code
from ledgergen.workbook.layout import Layout

_ANSWERS: Final = "\x00answers"  # no text of a ledger holds a control character
_ROW: Final = re.compile(r"[A-Z]+([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a unit has reported: its tasks, those that a return of the round says something of, those left blank.

    Of a task that is left blank a row is due and says no state; ``show --entries`` calls it 未报送. ``blank`` holds
    their numbers as the ledger shows them, in the column titled ``title``.
    """

    tasks: int
    updated: int
    blank: tuple[str, ...]
    title: str


def tally(book: BookState) -> Tally:
    """Count a unit's tasks."""
    tasks: dict[str, str] = {}
    updated: set[str] = set()
    blank: dict[str, str] = {}
    layout = book.issued.layout
    column = layout.find("plan_no") or layout.find("seq")
    for entry in book_entries(book):
        row = entry.row
        number = row.text(column.id) if column else row.task
        tasks.setdefault(row.task, number)
        if book.cells.get((row.task, row.measure)):
            updated.add(row.task)
        if says_nothing(entry):
            blank.setdefault(row.task, number)
    return Tally(len(tasks), len(updated), tuple(blank.values()), column.title if column else "任务编号")


def counted(book: BookState) -> tuple[Receipt, ...]:
    """Give the returns of a book that count, oldest first."""
    token = book.issued.book.token
    return tuple(each for each in book.receipts if ReturnId(each.parcel.sha256, token) not in book.held)


def corrected_book(book: BookState, instruction: str, wrong: Collection[RowKey]) -> Book:
    """Make the ledger that shows a unit what stands of its return, for it to correct.

    Rows stand in the order in which the unit sent them; rows with something ``wrong`` are asked for, whether or not
    they are due. ``instruction`` comes before those of the ledger. The edition is its own, so that what comes back is
    compared with what was shown.
    """
    issued = book.issued.book
    hidden = {_key(row) for row in issued.left_out} - book.cells.keys()
    shown = _in_senders_order(book, [each for each in book_entries(book) if _key(each.row) not in hidden])
    rows = tuple(_row(entry, number, wrong) for number, entry in enumerate(shown, start=1))
    head = {**issued.head, **_head(book)}
    instructions = (instruction, *(each for each in issued.instructions if each != instruction))
    answers = counted(book)[-1].parcel.sha256
    edition = edition_of(_texts((_ANSWERS, issued.face, issued.title, *head.values(), *instructions), rows))
    return replace(
        issued,
        edition=edition,
        number=book_number(issued.token, edition),
        rows=rows,
        head=head,
        instructions=instructions,
        left_out=tuple(row for row in issued.left_out if _key(row) not in {_key(each) for each in rows}),
        answers=answers,
    )


def _row(entry: Entry, number: int, wrong: Collection[RowKey]) -> BookRow:
    """Give a row with what stands in its own cells; what the head block says for all rows stays there."""
    row, layout = entry.row, entry.book.issued.layout
    stands = {column.id: entry.in_row(column.id) for column in layout.inputs}
    own = {**row.own, **{name: each.text if each else "" for name, each in stands.items()}}
    return row._replace(
        code=row.code or row_code(entry.book.issued.book.token, row.task, row.measure),
        own={name: text for name, text in own.items() if text},
        number=number,
        due=row.due or _key(row) in wrong,
    )


def _head(book: BookState) -> Mapping[str, str]:
    """Give what the unit wrote into the head block; a text that it took away is blank."""
    layout: Layout = book.issued.layout
    return {item.id: book.head[item.id].text for item in layout.head_items if item.id in book.head}


def _in_senders_order(book: BookState, entries: list[Entry]) -> list[Entry]:
    """Order rows as the return does that says most of what stands; one it says nothing of stays behind its neighbour.

    Where two say as much, the later one is followed.
    """
    places: dict[str, dict[RowKey, int]] = {}
    for key, cells in book.cells.items():
        for standing in cells.values():
            if key != HEAD and (found := _ROW.fullmatch(standing.cell)):
                places.setdefault(standing.origin.sha256, {}).setdefault(key, int(found[1]))
    order = [each.parcel.sha256 for each in book.receipts]
    followed = max(
        (each for each in places if each in order),
        key=lambda sha256: (len(places[sha256]), order.index(sha256)),
        default="",
    )
    known, last = places.get(followed, {}), 0
    ranked: list[tuple[int, int]] = []
    for index, entry in enumerate(entries):
        last = known.get(_key(entry.row), last)
        ranked.append((last, index))
    return [entries[index] for _, index in sorted(ranked)]


def _key(row: BookRow) -> RowKey:
    return row.task, row.measure


def _texts(above: Collection[str], rows: Collection[BookRow]) -> Iterator[str]:
    yield from above
    for row in rows:
        yield from (row.code, row.role_text, *row.office.values(), *row.own.values(), str(row.due))
