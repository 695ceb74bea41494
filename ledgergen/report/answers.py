"""What is sent back to a unit that has returned its ledger: a kick-back if something is wrong, else a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledgergen.records import Book
from ledgergen.report.facts import ReportFacts, day_of
from ledgergen.report.kickback import INSTRUCTION, Letter, kickback_workbook
from ledgergen.report.told import Point
from ledgergen.state.correction import Tally, corrected_book, counted, tally
from ledgergen.state.fold import BookState
from ledgergen.texts import render

KICKBACK: Final = "kickback.txt.j2"
RECEIPT: Final = "receipt.txt.j2"
TEMPLATES: Final = (KICKBACK, RECEIPT)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the file's bytes, what it is about, and the ledger that it holds where it is a kick-back."""

    book: BookState
    data: bytes
    points: tuple[Point, ...]
    tally: Tally
    ledger: Book | None = None

    @property
    def must(self) -> int:
        """Count what must be put right; the other points should be looked at."""
        return sum(point.must for point in self.points)


def answer_to(book: BookState, points: Sequence[Point], facts: ReportFacts, templates: dict[str, str]) -> Answer:
    """Make the answer to what a unit has returned; the same state gives the same bytes.

    ``templates``: the texts by name (:data:`TEMPLATES`).

    Raises:
        WrongUse: a template is faulty.
    """
    counts = tally(book)
    values = _values(book, points, counts, facts)
    if not any(point.must for point in points):
        return Answer(book, _as_file(render(templates[RECEIPT], values, RECEIPT)), tuple(points), counts)
    made = corrected_book(book, INSTRUCTION, {point.key for point in points})
    text = render(templates[KICKBACK], values, KICKBACK)
    letter = Letter([line for line in text.splitlines() if line.strip()], _came(book))
    data, ledger = kickback_workbook(made, book.issued.layout, points, letter)
    return Answer(book, data, tuple(points), counts, ledger)


def _values(book: BookState, points: Sequence[Point], counts: Tally, facts: ReportFacts) -> dict[str, object]:
    """Give what the templates may use: texts, numbers and lists of them only."""
    came, must = _came(book), sum(point.must for point in points)
    remarks = [
        {
            "place": point.came,
            "task": point.task,
            "title": point.title,
            "problem": point.problem,
            "remedy": point.remedy,
            "must": point.must,
        }
        for point in points
    ]
    return {
        "unit": book.issued.book.unit,
        "campaign": facts.name,
        "round_name": facts.round_name,
        "sheet": book.issued.layout.sheet,
        "tasks": counts.tasks,
        "updated": counts.updated,
        "unfilled": len(counts.blank),
        "unfilled_numbers": "、".join(counts.blank),
        "number_title": counts.title,
        "must": must,
        "may": len(points) - must,
        "remarks": remarks,
        "file": counted(book)[-1].parcel.name,
        "received": {"year": came.year, "month": came.month, "day": came.day},
        "contact_office": facts.contact_office,
        "contact_phone": facts.contact_phone,
    }


def _came(book: BookState) -> date:
    """Give the day on which the last return that counts came, in Beijing."""
    return day_of(counted(book)[-1].order[0]) or date(2000, 1, 1)


def _as_file(text: str) -> bytes:
    """Give a text as the simplest editors of Windows show it rightly: with a byte order mark and its line ends."""
    return ("\r\n".join(line.rstrip() for line in text.strip().splitlines()) + "\r\n").encode("utf-8-sig", "replace")
