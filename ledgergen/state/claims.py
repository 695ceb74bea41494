"""Claims: what a unit has said of one task, as its light is judged by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from ledgergen.state.entries import Entry
from ledgergen.state.fold import State
from ledgergen.state.light_records import Claim, Piece
from ledgergen.state.moments import moment_of
from ledgergen.state.standing import Standing

Arrivals: TypeAlias = Mapping[str, datetime]  # when each parcel came in, in Beijing's time, by its hash


def arrivals_of(state: State) -> dict[str, datetime]:
    """Give when each parcel came in: when the mail server received it, else when it was first collected."""
    found: dict[str, datetime] = {}
    for book in state.books.values():
        for receipt in book.receipts:
            parcel = receipt.parcel
            if parcel.sha256 not in found and (moment := moment_of(parcel.received or parcel.collected)):
                found[parcel.sha256] = moment
    return found


def claim_of(state: str, entries: Sequence[Entry], arrivals: Arrivals, *, with_earlier: bool = False) -> Claim:
    """Gather what a unit has said of one task.

    ``state`` is that of all its rows together; ``with_earlier``: also what the rounds before said, for limits that ask
    for more than one publication.
    """
    rows = [_row(entry, arrivals) for entry in entries]
    received = max((moment for _, moment in rows if moment), default=None)
    earlier = tuple(_earlier(entries, arrivals)) if with_earlier else ()
    return Claim(state, tuple(piece for piece, _ in rows), earlier, received)


def _row(entry: Entry, arrivals: Arrivals) -> tuple[Piece, datetime | None]:
    """Give what one row says, and when the newest return came in that says anything of it."""
    status = entry.standing("status")
    key = entry.row.task, entry.row.measure
    moments = [_came(each, arrivals) for each in entry.book.cells.get(key, {}).values() if each.text]
    if entry.book.confirmed:
        moments += [_came(each, arrivals) for each in entry.book.head.values()]
    newest = max((moment for moment in moments if moment), default=None)
    said = (_came(status, arrivals) if status else None) or newest
    piece = Piece(entry.state, _day(entry, "formed_on"), _day(entry, "published_on"), said.date() if said else None)
    return piece, max(filter(None, (newest, said)), default=None)


def _earlier(entries: Sequence[Entry], arrivals: Arrivals) -> Iterable[Piece]:
    """Give what the books of the rounds before say of the same task, the newest round first."""
    task, book = entries[0].row.task, entries[0].book.before
    while book is not None:
        for row in book.rows:
            if row.task == task:
                yield _row(Entry(book, row), arrivals)[0]
        book = book.before


def _came(standing: Standing, arrivals: Arrivals) -> datetime | None:
    """Give when a value came in; what the office wrote itself has no parcel and no time."""
    return arrivals.get(standing.origin.sha256)


def _day(entry: Entry, field: str) -> date | None:
    """Give a date as it was read; one that could not be read is none."""
    standing = entry.standing(field)
    if standing is None or standing.value is None:
        return None
    try:
        return date.fromisoformat(standing.value)
    except ValueError:
        return None
