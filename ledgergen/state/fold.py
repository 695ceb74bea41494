"""The fold: what stands, from what was issued and what came back.

The rules, one place for all of them:

1. Returns of one book lie over each other by the date the mail server received them, else by the time they were first
   collected, then by the time their client saved them, then by hash. The order of collecting therefore does not matter.
2. ``set`` puts a value, ``erase`` (the word 清空) takes away whatever stands, ``clear`` takes away only what the issued
   ledger itself had shown. A cell that equals the issued one says nothing: two people's halves of one book both stand.
3. A return whose decisions equal an earlier state of its own book is an old file come back: it changes nothing.
4. What a book shows where nothing was returned is what it was issued with; where the unit ticked 本期无变化, what stood
   in its book of the round before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from ledgergen.records import BookRow
from ledgergen.returns.decisions import Act, Decision, Parcel, Return, Verdict
from ledgergen.returns.shelf import Issued
from ledgergen.state.history import History
from ledgergen.workbook.layout import NO_CHANGE

RowKey: TypeAlias = tuple[str, str]  # task id, measure number


class Source(NamedTuple):
    """Where a value came from: the parcel's hash and file name, the sheet, the cell; and who sent it when."""

    sha256: str
    name: str
    sheet: str
    cell: str
    received: str = ""
    sender: str = ""

    def __str__(self) -> str:
        return " › ".join(part for part in (self.name, self.sheet, self.cell) if part)


class Origin(NamedTuple):
    """What all values of one return have in common: the parcel, the sheet, and who sent it when."""

    sha256: str
    name: str
    sheet: str
    received: str = ""
    sender: str = ""


class Standing(NamedTuple):
    """A value that stands: the text as typed, its reading (None where it has none), and where it came from."""

    text: str
    value: str | None
    origin: Origin
    cell: str

    @property
    def source(self) -> Source:
        """Give where the value came from, as one record."""
        sha256, name, sheet, received, sender = self.origin
        return Source(sha256, name, sheet, self.cell, received, sender)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One return with the parcel that brought it."""

    parcel: Parcel
    returned: Return

    @property
    def order(self) -> tuple[str, str, str]:
        """Give the precedence key (rule 1)."""
        return (self.parcel.received or self.parcel.collected, self.returned.saved, self.parcel.sha256)


@dataclass(frozen=True, slots=True)
class BookState:
    """What stands for one unit in one round.

    ``rows``: its rows in order, as issued, with the measures that the unit inserted (their ``code`` is empty until a
    ledger is issued with them). ``cells``: what was returned, by row and column id. ``head``: the same for the head
    block. ``receipts``: all returns, oldest first, without their cells; ``replayed``: hashes of those that changed
    nothing because they are an old file come back. ``before`` is the unit's book of the round before.
    """

    issued: Issued
    rows: tuple[BookRow, ...]
    cells: Mapping[RowKey, Mapping[str, Standing]] = field(default_factory=dict)
    head: Mapping[str, Standing] = field(default_factory=dict)
    receipts: tuple[Receipt, ...] = ()
    replayed: frozenset[str] = frozenset()
    before: "BookState | None" = None

    @property
    def confirmed(self) -> bool:
        """Tell whether the unit ticked 本期无变化: everything stands as in the round before."""
        tick = self.head.get(NO_CHANGE)
        return bool(tick and tick.value)


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
    receipts: dict[str, list[Receipt]] = {}
    for parcel in _first_receipts(history.parcels).values():
        for returned in parcel.returns:
            receipts.setdefault(returned.token, []).append(Receipt(parcel, returned))
    books: dict[str, BookState] = {}
    last: dict[str, BookState] = {}
    for token, issues in editions.items():
        unit = issues[-1].book.unit
        books[token] = last[unit] = fold_book(issues, receipts.get(token, []), last.get(unit))
    return State(books, history.until)


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
        if parcel.verdict is Verdict.ACCEPTED:
            decided[parcel.sha256] = parcel
    return {sha256: _as_arrived(each, first[sha256]) for sha256, each in decided.items()}


def _as_arrived(decided: Parcel, first: Parcel) -> Parcel:
    if first is decided:
        return decided
    return replace(first, verdict=decided.verdict, returns=decided.returns, findings=decided.findings)


def _arrived(parcel: Parcel) -> tuple[str, str]:
    return parcel.received or parcel.collected, parcel.name


def fold_book(editions: list[Issued], receipts: Iterable[Receipt], before: "BookState | None" = None) -> BookState:
    """Fold the returns of one book over what was issued; ``before`` is the unit's book of the round before."""
    ordered = sorted(receipts, key=lambda receipt: receipt.order)
    cells: dict[RowKey, dict[str, Standing]] = {}
    head: dict[str, Standing] = {}
    seen: list[object] = []
    replayed: set[str] = set()
    for receipt in ordered:
        content = _content(receipt.returned) if len(ordered) > 1 else None
        if content in seen[:-1]:
            replayed.add(receipt.parcel.sha256)
            continue
        seen.append(content)
        parcel = receipt.parcel
        origin = Origin(parcel.sha256, parcel.name, receipt.returned.sheet, parcel.received, parcel.sender)
        for row in receipt.returned.rows:
            key = (row.task, row.measure)
            _apply(cells.setdefault(key, {}), row.cells, origin)
        _apply(head, receipt.returned.head, origin)
    rows = _rows(editions, cells)
    lean = tuple(Receipt(receipt.parcel.without_rows(), _lean(receipt.returned)) for receipt in ordered)
    return BookState(editions[-1], rows, cells, head, lean, frozenset(replayed), before)


def _lean(returned: Return) -> Return:
    """Give a return without its cells: what they decided is folded, and they take the memory."""
    return replace(returned, rows=(), head={})


def _apply(standing: dict[str, Standing], decisions: Mapping[str, Decision], origin: Origin) -> None:
    for name, (act, text, value, cell) in decisions.items():
        standing[name] = Standing(text, value, origin, cell) if act is Act.SET else Standing("", None, origin, cell)


def _rows(editions: list[Issued], returned: Iterable[RowKey]) -> tuple[BookRow, ...]:
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
        row = known.get((task, measure)) or replace(like, measure=measure, code="", own={})
        rows.insert(len(rows) if last is None else last + 1, row)
    return tuple(rows)


def _content(returned: Return) -> object:
    """Give what a return says, free of where it says it, for knowing an old file that was saved again."""
    rows = frozenset(
        (row.task, row.measure, name, decision.act, decision.text)
        for row in returned.rows
        for name, decision in row.cells.items()
    )
    return rows, frozenset((name, decision.act, decision.text) for name, decision in returned.head.items())
