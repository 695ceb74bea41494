"""History: the journal's facts as records again, in the shapes that generate and collect wrote."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from sys import intern
from typing import ClassVar, Protocol, TypeAlias, cast, overload

from ledgergen.journal.events import Event
from ledgergen.records import NOTHING, Book, BookRow, Role
from ledgergen.returns.decisions import Json, Parcel
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.workbook.codes import row_code
from ledgergen.workbook.layout import Layout

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

    ``years`` gives the plan's year by book token; ``until`` the time of the last event that tells of books or parcels
    (the state's own date, so that no clock is asked).
    """

    issued: tuple[Issued, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    years: Mapping[str, int] = field(default_factory=dict)
    until: str = ""

    def without_cells(self) -> "History":
        """Give the history without the cells of its returns."""
        return replace(self, parcels=tuple(parcel.without_rows() for parcel in self.parcels))

    @property
    def shelf(self) -> Shelf:
        """Put the issued books on a shelf."""
        return Shelf.of(self.issued)

    @property
    def rounds(self) -> tuple[str, ...]:
        """Give the rounds that were issued, in the order of their first issue."""
        return tuple(dict.fromkeys(item.book.round for item in self.issued))


def read_history(events: Iterable[Event], layouts: LayoutSource) -> History:
    """Read the standing events (cancelled ones left out by the caller)."""
    issued: list[Issued] = []
    parcels: list[Parcel] = []
    years: dict[str, int] = {}
    until = ""
    for event in events:
        if event.kind == "issued":
            books = list(_issued(event.facts, event.at, layouts))
            issued += books
            years.update((item.book.token, cast("int", event.facts["year"])) for item in books)
        elif event.kind == "collected":
            parcels += [Parcel.from_json(stored) for stored in cast("Sequence[Json]", event.facts["parcels"])]
        else:
            continue
        until = max(until, event.at)
    return History(tuple(issued), tuple(parcels), years, until)


def issued_facts(books: Iterable[Issued], layout_sha256: str, plan: Mapping[str, str], year: int) -> dict[str, object]:
    """Give the facts of an ``issued`` event; the inverse of what :func:`read_history` reads.

    What the plan says of a task stands once per event (``tasks``), not once per row. ``plan`` holds the hashes of the
    campaign's files as they were (``plan``, ``units``, ``settings``).
    """
    tasks: dict[str, Mapping[str, str]] = {}
    stored: list[dict[str, object]] = []
    for item in books:
        tasks.update((row.task, row.office) for row in item.book.rows)
        stored.append(_stored_book(item))
    return {"layout": layout_sha256, "plan": dict(plan), "year": year, "tasks": tasks, "books": stored}


def _stored_book(item: Issued) -> dict[str, object]:
    book = item.book
    rows = [[row.task, row.measure, str(row.role), row.common, row.role_text, dict(row.own)] for row in book.rows]
    return {
        **{name: getattr(book, name) for name in _TEXTS},
        "sha256": item.sha256,
        "name": item.name,
        "head": dict(book.head),
        "instructions": list(book.instructions),
        "rows": rows,
    }


def _issued(facts: Mapping[str, object], at: str, layouts: LayoutSource) -> Iterable[Issued]:
    layout = layouts(str(facts["layout"]))
    tasks = cast("Mapping[str, Mapping[str, str]]", facts["tasks"])
    for stored in cast("Sequence[Json]", facts["books"]):
        token = str(stored["token"])
        rows = _Rows(token, cast("Sequence[_StoredRow]", stored["rows"]), tasks)
        book = Book(
            **{name: str(stored[name]) for name in _TEXTS},
            rows=rows,
            head=cast("Mapping[str, str]", stored["head"]),
            instructions=tuple(cast("Sequence[str]", stored["instructions"])),
        )
        yield Issued(book, layout, str(stored["sha256"]), str(stored["name"]), at)


class _Rows(Sequence[BookRow]):
    """The rows of an issued book, made when they are asked for: most commands look at a few books of a thousand.

    Kept packed, for the rows of 1,000 books would take 30 MB; those asked for last stay made.
    """

    _last: ClassVar[deque["_Rows"]] = deque()

    def __init__(self, token: str, stored: Sequence[_StoredRow], tasks: Mapping[str, Mapping[str, str]]) -> None:
        self._token, self._tasks, self._count = token, tasks, len(stored)
        self._packed = json.dumps(stored, ensure_ascii=False)
        self._rows: tuple[BookRow, ...] | None = None

    def _made(self) -> tuple[BookRow, ...]:
        if self._rows is None:
            self._rows = tuple(_rows(self._token, json.loads(self._packed), self._tasks))
            self._last.append(self)
            if len(self._last) > _MADE:
                self._last.popleft().forget()
        return self._rows

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


def _rows(token: str, stored: Iterable[_StoredRow], tasks: Mapping[str, Mapping[str, str]]) -> Iterator[BookRow]:
    for number, (task, measure, role, common, role_text, own) in enumerate(stored, start=1):
        code = row_code(token, task, measure)
        texts = own or NOTHING
        yield BookRow(
            intern(task), intern(measure), code, Role(role), tasks[task], texts, common, number, intern(role_text)
        )
