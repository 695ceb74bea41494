"""What is known of a unit before a round, for its next ledger: what it wrote, what it finished, who filled it in."""

from collections.abc import Mapping, Sequence
from datetime import date

from ledgergen.records import Round, Settings, Unit
from ledgergen.state.entries import DONE, NOT_CONCERNED, STATES, Entry, book_entries
from ledgergen.state.fold import BookState, State
from ledgergen.workbook.book import Carried, RowKey
from ledgergen.workbook.layout import NO_CHANGE, Asked, Layout

FINISHED = (DONE, NOT_CONCERNED)


class Earlier:
    """The books of the rounds before one, by the names of the units they were issued to."""

    def __init__(self, state: State, settings: Settings, chosen: Round, layout: Layout) -> None:
        self._layout = layout
        order = [each.id for each in settings.rounds]
        earlier = settings.rounds[: order.index(chosen.id)] if chosen.id in order else ()
        before = {each.id: (place, each.due) for place, each in enumerate(earlier)}
        self._books: dict[str, list[tuple[int, BookState, date]]] = {}
        for book in state.books.values():
            issued = book.issued.book
            if found := before.get(issued.round):
                self._books.setdefault(issued.unit, []).append((found[0], book, found[1]))

    def carried(self, unit: Unit) -> Carried:
        """Give what is known of a unit, under any of its names, from the rounds before."""
        books = [each for name in unit.names for each in self._books.get(name, ())]
        books.sort(key=lambda each: -each[0])
        return carried([(book, last_day) for _, book, last_day in books], self._layout)


def carried(books: Sequence[tuple[BookState, date]], layout: Layout) -> Carried:
    """Gather what is known from a unit's earlier books, the newest first, each with the last day of its round.

    Texts of the columns that are asked for once: the unit's own words, be they of the round before or older, and apart
    from them what merely stood because it had been prefilled. Which rows there are, the newest book says. A row is
    finished where the last state that was reported of it is 已完成 or 不涉及.
    """
    if not books:
        return Carried()
    once = [column.id for column in layout.entire.inputs if column.asked is Asked.FIRST]
    newest, _ = books[0]
    measures: dict[str, dict[str, dict[str, str]]] = {}
    for row in newest.rows:
        measures.setdefault(row.task, {})[row.measure] = {}
    stood: dict[RowKey, dict[str, str]] = {}
    reported: dict[RowKey, tuple[str, date]] = {}
    for book, last_day in books:
        for entry in book_entries(book):
            key = (entry.row.task, entry.row.measure)
            own = measures.get(key[0], {}).get(key[1])
            if own is not None:
                _add_texts(entry, once, own, stood.setdefault(key, {}))
                if key not in reported and (state := _reported(entry)):
                    reported[key] = (state, last_day)
    finished = {key: day for key, (state, day) in reported.items() if state in FINISHED}
    return Carried(
        measures,
        {key: texts for key, texts in stood.items() if texts},
        finished,
        _head(books, layout),
        newest.issued.book.token,
    )


def _add_texts(entry: Entry, once: Sequence[str], own: dict[str, str], stood: dict[str, str]) -> None:
    """Add the texts of an older book where no newer one has said anything."""
    for column in once:
        if column in own:
            continue
        if returned := entry.returned(column):
            own[column] = returned.text
        elif text := entry.row.own.get(column):
            stood.setdefault(column, text)


def _reported(entry: Entry) -> str:
    """Give the state that a row was reported to be in, in this very round; empty where it was not."""
    standing = entry.standing("status") if entry.book.confirmed else entry.in_row("status")
    return standing.value if standing and standing.value in STATES else ""


def _head(books: Sequence[tuple[BookState, date]], layout: Layout) -> Mapping[str, str]:
    """Give what the unit wrote into the head block last; the tick for 本期无变化 is made anew each time."""
    head: dict[str, str] = {}
    for item in layout.entire.head_items:
        if item.is_input and item.id != NO_CHANGE:
            texts = (
                book.head[item.id].text if item.id in book.head else book.issued.book.head.get(item.id)
                for book, _ in books
            )
            head[item.id] = next((text for text in texts if text is not None), "")
    return head
