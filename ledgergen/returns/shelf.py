"""The shelf: every ledger that was issued, as a return is compared with it."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledgergen.records import CONSULT_ROUND, Book
from ledgergen.workbook.codes import fold, normalised
from ledgergen.workbook.layout import Layout


@dataclass(frozen=True, slots=True)
class Issued:
    """One edition of a book as issued: its content, its layout with its file's hash, the file that went out, when."""

    book: Book
    layout: Layout
    sha256: str
    name: str
    at: str
    layout_sha256: str = ""


@dataclass(frozen=True)
class Shelf:
    """Issued books by folded token, the editions of each in the order they were issued.

    Without slots, so that what follows from it is worked out once and not for every file.
    """

    books: Mapping[str, tuple[Issued, ...]]

    @staticmethod
    def of(issued: Iterable[Issued]) -> "Shelf":
        """Put books on the shelf, in the order of issue."""
        books: dict[str, list[Issued]] = {}
        for item in issued:
            books.setdefault(fold(item.book.token), []).append(item)
        return Shelf({token: tuple(editions) for token, editions in books.items()})

    @functools.cached_property
    def last_round(self) -> str:
        """Give the round of which a ledger was issued last.

        Asking for opinions on the plan is none, and a kick-back goes back to the round that it is of.
        """
        every = (item for editions in self.books.values() for item in editions if not item.book.answers)
        issued = [item for item in every if item.book.round != CONSULT_ROUND]
        return max(issued, key=lambda item: item.at).book.round if issued else ""

    @functools.cached_property
    def layouts(self) -> tuple[Layout, ...]:
        """Give the distinct layouts in use."""
        distinct: list[Layout] = []
        for editions in self.books.values():
            for item in editions:
                if item.layout not in distinct:
                    distinct.append(item.layout)
        return tuple(distinct)

    def edition(self, token: str, edition: str) -> Issued:
        """Give the named edition of a book, or its newest where that one is unknown."""
        editions = self.books[token]
        return next((item for item in editions if fold(item.book.edition) == fold(edition)), _newest(editions))

    def newest(self) -> tuple[Issued, ...]:
        """Give the newest edition of every book."""
        return tuple(_newest(editions) for editions in self.books.values())

    def of_unit(self, unit: str, round_name: str) -> tuple[Issued, ...]:
        """Find the newest editions by unit name and, where given, the round as the head block shows it."""
        found = [item for item in self.newest() if normalised(item.book.unit) == normalised(unit)]
        if round_name:
            found = [item for item in found if normalised(item.book.head.get("round", "")) == normalised(round_name)]
        return tuple(found)


def _newest(editions: tuple[Issued, ...]) -> Issued:
    """Give the newest edition that is no kick-back: compared with one, any other file's blanks would clear cells."""
    return next((item for item in reversed(editions) if not item.book.answers), editions[-1])
