"""The fold: what stands, from what was issued and what came back.

The rules, one place for all of them:

1. Returns of one book lie over each other by the date the mail server received them, else by the time they were first
   collected, then by the time their client saved them, then by hash. The order of collecting therefore does not matter.
2. Cell by cell they are laid by the rules of :mod:`.laying`: two people's halves of one book both stand; of two
   values the later stands, and both are remembered.
3. An old file come back changes nothing until the office confirms it; a return that the office withdrew does not
   count; a value that the office chose stands over all returns that were known when it was chosen.
4. What a book shows where nothing was returned is what it was issued with; where the unit ticked 本期无变化, and in
   rows that the round does not ask for, what stood in its book of the round before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledgergen.records import CONSULT_ROUND, BookRow
from ledgergen.returns.decisions import How, Parcel, Return, Verdict
from ledgergen.returns.shelf import Issued
from ledgergen.state.again import known_again
from ledgergen.state.history import History
from ledgergen.state.laying import Disagreement, FieldKey, Held, lay
from ledgergen.state.rulings import ReturnId, Rulings
from ledgergen.state.standing import HEAD, Receipt, RowKey, Standing
from ledgergen.workbook.layout import NO_CHANGE

_NONE = Rulings()


@dataclass(frozen=True, slots=True)
class BookState:
    """What stands for one unit in one round.

    ``rows``: its rows in order, as issued, with the measures that the unit inserted (their ``code`` is empty until a
    ledger is issued with them), and last those that the ledger leaves out; ``not_due``: the rows that the round does
    not ask for. ``cells``: what was returned, by row and column id. ``head``: the same for the head block.
    ``receipts``: all returns that count, oldest first, without their cells; ``held``: why some of them change nothing
    until they are confirmed; ``withdrawn``: those that do not count. ``disagreements``: fields to which returns gave
    several values; ``settled``: those among them for which the office has chosen. ``before`` is the unit's book of the
    round before.
    """

    issued: Issued
    rows: tuple[BookRow, ...]
    cells: Mapping[RowKey, Mapping[str, Standing]] = field(default_factory=dict)
    head: Mapping[str, Standing] = field(default_factory=dict)
    receipts: tuple[Receipt, ...] = ()
    held: Mapping[ReturnId, Held] = field(default_factory=dict)
    withdrawn: tuple[Receipt, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    settled: tuple[Disagreement, ...] = ()
    before: "BookState | None" = None
    not_due: frozenset[RowKey] = frozenset()
    _by_key: dict[RowKey, BookRow] = field(default_factory=dict, repr=False, compare=False)

    @property
    def disputed(self) -> Mapping[FieldKey, tuple[Standing, ...]]:
        """Give the values of the fields for which somebody has to choose."""
        return {(each.key, each.field): each.values for each in self.disagreements if each.is_open}

    @property
    def confirmed(self) -> bool:
        """Tell whether the unit ticked 本期无变化: everything stands as in the round before."""
        tick = self.head.get(NO_CHANGE)
        return bool(tick and tick.value)

    def row(self, key: RowKey) -> BookRow | None:
        """Give a row by task and measure; None where the book has none. The index is made when it is first asked."""
        return self._indexed().get(key)

    def has_rows(self, keys: Iterable[RowKey]) -> bool:
        """Tell whether the book has all these rows."""
        return self._indexed().keys() >= set(keys)

    def _indexed(self) -> Mapping[RowKey, BookRow]:
        if not self._by_key:
            self._by_key.update({(row.task, row.measure): row for row in self.rows})
        return self._by_key


@dataclass(frozen=True, slots=True)
class State:
    """What stands in the whole campaign, by book token, in the order of issue."""

    books: Mapping[str, BookState]
    until: str = ""

    def of_round(self, round_id: str) -> tuple[BookState, ...]:
        """Give the books of one round."""
        return tuple(book for book in self.books.values() if book.issued.book.round == round_id)


def fold(history: History, tokens: Collection[str] | None = None) -> State:
    """Fold a history into what stands, of all books or of those with these ``tokens``; see the module for the rules."""
    editions: dict[str, list[Issued]] = {}
    for item in history.issued:
        if tokens is None or item.book.token in tokens:
            editions.setdefault(item.book.token, []).append(item)
    parcels = _first_receipts(history.parcels).values()
    receipts = _counting(history, parcels, editions)
    waiting = _waiting(history, parcels)
    books: dict[str, BookState] = {}
    last: dict[str, BookState] = {}
    for token, issues in editions.items():
        book = issues[-1].book
        before = books.get(book.before) or last.get(book.unit)
        books[token] = fold_book(issues, receipts.get(token, []), before, history.rulings)
        if token in waiting:
            books[token] = _with_waiting(books[token], waiting[token], history.rulings)
        if book.round != CONSULT_ROUND:
            last[book.unit] = books[token]
    return State(books, history.until)


def receipts_of(history: History, tokens: Collection[str]) -> dict[str, list[Receipt]]:
    """Give the returns of books by token, each parcel's as its earliest receipt saw it, in order of precedence.

    Without those that wait for the office because of who sent them.
    """
    return _counting(history, _first_receipts(history.parcels).values(), tokens)


def _counting(history: History, parcels: Iterable[Parcel], tokens: Collection[str]) -> dict[str, list[Receipt]]:
    receipts: dict[str, list[Receipt]] = {}
    for parcel in parcels:
        for returned in parcel.returns:
            if returned.token in tokens and not _waits(parcel, returned, history.rulings):
                receipts.setdefault(returned.token, []).append(Receipt(parcel, returned))
    return {token: _in_order(found, token, history) for token, found in receipts.items()}


def _waits(parcel: Parcel, returned: Return, rulings: Rulings) -> bool:
    return bool(returned.held) and ReturnId(parcel.sha256, returned.token) not in rulings.confirmed


def _waiting(history: History, parcels: Iterable[Parcel]) -> dict[str, list[Receipt]]:
    """Give by token the returns that wait for the office because of who sent them."""
    waiting: dict[str, list[Receipt]] = {}
    for parcel in parcels:
        for returned in parcel.returns:
            if returned.held and _waits(parcel, returned, history.rulings):
                waiting.setdefault(returned.token, []).append(_lean(Receipt(parcel, returned)))
    return waiting


def _with_waiting(book: BookState, waiting: Iterable[Receipt], rulings: Rulings) -> BookState:
    """Tell of a book which returns wait, and which of them the office has set aside."""
    ids = {ReturnId(each.parcel.sha256, each.returned.token): each for each in waiting}
    aside = tuple(each for name, each in ids.items() if name in rulings.withdrawn)
    held = {name: Held.SENDER for name in ids if name not in rulings.withdrawn}
    return replace(book, held={**book.held, **held}, withdrawn=(*book.withdrawn, *aside))


def _in_order(receipts: Iterable[Receipt], token: str, history: History) -> list[Receipt]:
    """Order the returns of one book, with the measures that the unit added under the numbers that they first got."""
    ordered = sorted(receipts, key=lambda receipt: receipt.order)
    if len(ordered) == 1 or not any(row.how is How.NEW for each in ordered for row in each.returned.rows):
        return ordered
    books = (item.book for item in history.issued if item.book.token == token)
    return known_again(ordered, {(row.task, row.measure) for book in books for row in book.rows})


def _first_receipts(parcels: Iterable[Parcel]) -> dict[str, Parcel]:
    """Give the accepted parcels by hash, each as its earliest receipt saw it.

    The same bytes may come again, under another name or through another door: whichever was collected first, the
    earliest date counts, and of one date the name that comes first.
    """
    first: dict[str, Parcel] = {}
    decided: dict[str, Parcel] = {}
    for parcel in parcels:
        known = first.setdefault(parcel.sha256, parcel)
        if _arrived(parcel) < _arrived(known):
            first[parcel.sha256] = parcel
        if parcel.verdict is Verdict.ACCEPTED or (parcel.verdict is Verdict.REVIEW and parcel.returns):
            decided[parcel.sha256] = _freed(parcel, decided.get(parcel.sha256))
    return {sha256: _as_arrived(each, first[sha256]) for sha256, each in decided.items()}


def _freed(parcel: Parcel, earlier: Parcel | None) -> Parcel:
    """Let the returns count that another receipt of the same bytes brought from somebody who may send them."""
    if earlier is None or not any(each.held for each in parcel.returns):
        return parcel
    free = {(each.token, each.member, each.sheet) for each in earlier.returns if not each.held}
    returns = (
        replace(each, held="") if (each.token, each.member, each.sheet) in free else each for each in parcel.returns
    )
    return replace(parcel, returns=tuple(returns))


def _as_arrived(decided: Parcel, first: Parcel) -> Parcel:
    if first is decided:
        return decided
    return replace(first, verdict=decided.verdict, returns=decided.returns, findings=decided.findings)


def _arrived(parcel: Parcel) -> tuple[str, str]:
    return parcel.received or parcel.collected, parcel.name


def fold_book(
    editions: Sequence[Issued], ordered: Sequence[Receipt], before: "BookState | None" = None, rulings: Rulings = _NONE
) -> BookState:
    """Fold the returns of one book over what was issued; ``before`` is the unit's book of the round before."""
    editions = in_force(editions, ordered, rulings)
    laid = lay(ordered, editions, rulings)
    head = laid.cells.pop(HEAD, {})
    rows = _rows(editions, laid.cells)
    newest = editions[-1].book
    not_due = frozenset((row.task, row.measure) for row in (*newest.rows, *newest.left_out) if not row.due)
    if newest.left_out:
        shown = {(row.task, row.measure) for row in rows}
        rows += tuple(row for row in newest.left_out if (row.task, row.measure) not in shown)
    lean = tuple(map(_lean, ordered))
    gone = tuple(each for each in lean if ReturnId(each.parcel.sha256, each.returned.token) in rulings.withdrawn)
    return BookState(
        editions[-1],
        rows,
        laid.cells,
        head,
        tuple(each for each in lean if each not in gone) if gone else lean,
        laid.held,
        gone,
        tuple(laid.open.values()),
        tuple(laid.settled.values()),
        before,
        not_due,
    )


def in_force(editions: Sequence[Issued], ordered: Sequence[Receipt], rulings: Rulings) -> Sequence[Issued]:
    """Leave out kick-backs that nobody has returned: they show what a return said, and nothing stands because of them.

    So a return that is taken back, or a collecting that is undone, is gone although a kick-back showed it.
    """
    if not any(item.book.answers for item in editions):
        return editions
    counted = {
        each.returned.edition
        for each in ordered
        if ReturnId(each.parcel.sha256, each.returned.token) not in rulings.withdrawn
    }
    return [item for item in editions if not item.book.answers or item.book.edition in counted] or editions


def _lean(receipt: Receipt) -> Receipt:
    """Give a receipt without the cells: what they decided is folded, and they take the memory."""
    return Receipt(receipt.parcel.without_rows(), receipt.returned.without_cells())


def _rows(editions: Sequence[Issued], returned: Iterable[RowKey]) -> tuple[BookRow, ...]:
    """Give a book's rows: as issued last, and behind the rows of their task what an older edition or the unit added."""
    rows = list(editions[-1].book.rows)
    if len(editions) == 1 and {(row.task, row.measure) for row in rows}.issuperset(returned):
        return tuple(rows)
    known = {(row.task, row.measure): row for item in editions for row in item.book.rows}
    present = {(row.task, row.measure) for row in rows}
    for task, measure in returned:
        if (task, measure) in present:
            continue
        last = max((place for place, row in enumerate(rows) if row.task == task), default=None)
        like = rows[last] if last is not None else next((row for row in known.values() if row.task == task), None)
        if like is None:  # decisions are only ever taken about tasks of some edition
            continue
        row = known.get((task, measure)) or like._replace(measure=measure, code="", own={}, due=True)
        rows.insert(len(rows) if last is None else last + 1, row)
    return tuple(rows)
