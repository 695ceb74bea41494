"""History: the journal's facts as records again, in the shapes that generate and collect wrote."""

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from sys import intern
from typing import ClassVar, Final, Protocol, TypeAlias, cast, overload

from ledgergen import canonical
from ledgergen.journal.events import Event
from ledgergen.mail.receipt import LetterReceipt
from ledgergen.records import CONSULT_ROUND, NOTHING, Book, BookRow, Role
from ledgergen.returns.decisions import Json, Parcel
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.state.rulings import KINDS, Rulings
from ledgergen.workbook.codes import row_code
from ledgergen.workbook.layout import Face, Layout

_MADE = 128  # books whose rows stay made
_StoredRow: TypeAlias = tuple[str, str, str, bool, str, Mapping[str, str]]
_TEXTS = ("campaign", "round", "unit", "token", "edition", "number", "title", "plan_version", "layout")


class LayoutSource(Protocol):
    """Gives the layout whose file has a sha256; the campaign reads it from the originals."""

    def __call__(self, sha256: str) -> Layout:
        """Give the layout."""


@dataclass(frozen=True, slots=True)
class History:
    """What stands in the journal: books as issued, parcels as decided, in the order of the events.

    ``years`` gives the plan's year by book token; ``until`` the time of the last event that tells of books, parcels or
    rulings (the state's own date, so that no clock is asked); ``rulings`` what the office decided about returns;
    ``letters`` the mails that were looked at.
    """

    issued: tuple[Issued, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    years: Mapping[str, int] = field(default_factory=dict)
    until: str = ""
    rulings: Rulings = field(default_factory=Rulings)
    letters: tuple[LetterReceipt, ...] = ()

    def without_cells(self) -> "History":
        """Give the history without the cells of its returns."""
        return replace(self, parcels=tuple(parcel.without_rows() for parcel in self.parcels))

    @property
    def generated(self) -> tuple[Issued, ...]:
        """Give the books as they were issued to be filled, without kick-backs."""
        return tuple(item for item in self.issued if not item.book.answers)

    @property
    def shelf(self) -> Shelf:
        """Put the issued books on a shelf."""
        return Shelf.of(self.issued)

    @property
    def rounds(self) -> tuple[str, ...]:
        """Give the rounds that were issued, in the order of their first issue."""
        return tuple(dict.fromkeys(item.book.round for item in self.issued))


def books_before(issued: Iterable[Issued]) -> dict[str, str]:
    """Give by a book's token that of its unit's book of the round before, as the fold finds it; empty where none is."""
    before: dict[str, str] = {}
    last: dict[str, str] = {}
    for item in issued:
        book = item.book
        if book.token not in before:
            before[book.token] = book.before or last.get(book.unit, "")
        if book.round != CONSULT_ROUND:
            last[book.unit] = book.token
    return before


def read_history(events: Iterable[Event], layouts: LayoutSource) -> History:
    """Read the standing events (cancelled ones left out by the caller)."""
    issued: list[Issued] = []
    parcels: list[Parcel] = []
    letters: list[LetterReceipt] = []
    years: dict[str, int] = {}
    until = ""
    ruled: list[Event] = []
    for event in events:
        if event.kind == "issued":
            books = list(_issued(event.facts, event.at, layouts))
            issued += books
            years.update((item.book.token, cast("int", event.facts["year"])) for item in books)
            if all(item.book.answers for item in books):
                continue  # a kick-back tells nothing new of what stands
        elif event.kind in ("collected", "reviewed"):
            parcels += [Parcel.from_json(stored) for stored in cast("Sequence[Json]", event.facts["parcels"])]
            letters += map(LetterReceipt.from_json, cast("Sequence[Json]", event.facts.get("letters", ())))
        elif event.kind in KINDS:
            ruled.append(event)
        else:
            continue
        until = max(until, event.at)
    return History(tuple(issued), tuple(parcels), years, until, Rulings.of(ruled), tuple(letters))


def issued_facts(books: Iterable[Issued], layout_sha256: str, plan: Mapping[str, str], year: int) -> dict[str, object]:
    """Give the facts of an ``issued`` event; the inverse of what :func:`read_history` reads.

    What the plan says of a task stands once per event (``tasks``), not once per row. ``plan`` holds the hashes of the
    campaign's files as they were (``plan``, ``units``, ``settings``).
    """
    tasks: dict[str, Mapping[str, str]] = {}
    stored: list[dict[str, object]] = []
    for item in books:
        tasks.update((row.task, row.office) for row in (*item.book.rows, *item.book.left_out))
        stored.append(_stored_book(item))
    return {"layout": layout_sha256, "plan": dict(plan), "year": year, "tasks": tasks, "books": stored}


def _stored_book(item: Issued) -> dict[str, object]:
    book = item.book
    stored = {
        **{name: getattr(book, name) for name in _TEXTS},
        "sha256": item.sha256,
        "name": item.name,
        "face": book.face,
        "before": book.before,
        "head": dict(book.head),
        "instructions": list(book.instructions),
        "rows": _stored_rows(book.rows),
    }
    not_due = [index for index, row in enumerate(book.rows) if not row.due]
    seldom = {"not_due": not_due, "left_out": _stored_rows(book.left_out)}
    seldom |= {"answers": book.answers, "beside": list(book.beside)}
    return stored | {name: value for name, value in seldom.items() if value}


def _stored_rows(rows: Iterable[BookRow]) -> list[list[object]]:
    return [[row.task, row.measure, str(row.role), row.common, row.role_text, dict(row.own)] for row in rows]


def _issued(facts: Mapping[str, object], at: str, layouts: LayoutSource) -> Iterable[Issued]:
    layout = layouts(str(facts["layout"]))
    tasks = cast("Mapping[str, Mapping[str, str]]", facts["tasks"])
    faces = {face: layout.for_face(face) for face in Face}  # one for all books: most things are worked out per layout
    for stored in cast("Sequence[Json]", facts["books"]):
        token = str(stored["token"])
        not_due = frozenset(cast("Sequence[int]", stored.get("not_due", ())))
        left_out = cast("Sequence[_StoredRow]", stored.get("left_out", ()))
        face = Face(str(stored.get("face", Face.FIRST)))  # ledgers issued before there were faces set the ledger up
        book = Book(
            **{name: str(stored[name]) for name in _TEXTS},
            rows=_Rows(token, cast("Sequence[_StoredRow]", stored["rows"]), tasks, not_due),
            head=cast("Mapping[str, str]", stored["head"]),
            instructions=tuple(cast("Sequence[str]", stored["instructions"])),
            face=str(face),
            left_out=_Rows(token, left_out, tasks, range(len(left_out))) if left_out else (),
            before=str(stored.get("before", "")),
            answers=str(stored.get("answers", "")),
            beside=tuple(cast("Sequence[str]", stored.get("beside", ()))),
        )
        yield Issued(book, faces[face], str(stored["sha256"]), str(stored["name"]), at, str(facts["layout"]))


class _Rows(Sequence[BookRow]):
    """The rows of an issued book, made when they are asked for: most commands look at a few books of a thousand.

    Kept packed, for the rows of 1,000 books would take 30 MB; those asked for last stay made.
    """

    _last: ClassVar[deque["_Rows"]] = deque()

    def __init__(
        self,
        token: str,
        stored: Sequence[_StoredRow],
        tasks: Mapping[str, Mapping[str, str]],
        not_due: Container[int],
    ) -> None:
        self._token, self._tasks, self._count, self._not_due = token, tasks, len(stored), not_due
        self._packed = canonical.dumps(stored)
        self._rows: tuple[BookRow, ...] | None = None

    def _made(self) -> tuple[BookRow, ...]:
        if self._rows is None:
            self._rows = tuple(_rows(self._token, self._unpacked(), self._tasks, self._not_due))
            self._last.append(self)
            if len(self._last) > _MADE:
                self._last.popleft().forget()
        return self._rows

    def _unpacked(self) -> Sequence[_StoredRow]:
        return cast("Sequence[_StoredRow]", canonical.loads(self._packed))

    def forget(self) -> None:
        """Let go of the rows; they are made anew when they are asked for."""
        self._rows = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> BookRow: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[BookRow, ...]: ...

    def __getitem__(self, index: int | slice) -> BookRow | tuple[BookRow, ...]:
        return self._made()[index]

    def __iter__(self) -> Iterator[BookRow]:
        return iter(self._made())


_ROLES: Final[Mapping[str, Role]] = {str(role): role for role in Role}


def _rows(
    token: str, stored: Iterable[_StoredRow], tasks: Mapping[str, Mapping[str, str]], not_due: Container[int]
) -> Iterator[BookRow]:
    for index, (task, measure, role, common, role_text, own) in enumerate(stored):
        yield BookRow(
            intern(task),
            intern(measure),
            row_code(token, task, measure),
            _ROLES[role],
            tasks[task],
            own or NOTHING,
            common,
            index + 1,
            intern(role_text),
            index not in not_due,
        )
