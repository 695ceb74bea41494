"""Who is proposed for praise (拟表扬) and for a talk (拟约谈), over the rounds, by rules stated beside the names.

The lists propose; people decide. A rule looks only at what a unit can help: whether it returned in time, and whether
what it answers for is overdue. That an honest 未完成 which is not yet due costs nothing is on purpose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledgergen.report.wording import days_of
from ledgergen.state.fold import BookState
from ledgergen.state.light import Colour
from ledgergen.state.moments import day_of
from ledgergen.state.picture import Assessed, AssessedUnit, Picture, first_return

LONG: Final = 30  # days overdue that call for a talk; working days where the limit counts those
TWICE: Final = 2
_NAMED: Final = 3  # tasks named in a reason
PRAISE_RULE: Final = "评定规则：已截止的各填报期均按时报送台账，截至数据日已报送本期台账，没有逾期未完成的任务。"
TALK_RULE: Final = (
    f"评定规则：有下列情形之一的列入：已截止的最近{TWICE}个填报期均未按时报送台账；有任务逾期超过{LONG}天仍未完成；"
    "同一任务上一填报期末和现在均逾期未完成。"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A unit on one of the lists, and why it is there; ``weight`` orders the list of talks, the heaviest first."""

    unit: str
    why: str
    weight: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Merit:
    """Both lists, talks the heaviest first; ``rounds`` are the names of those looked at, the oldest first."""

    rounds: tuple[str, ...] = ()
    praised: tuple[Named, ...] = ()
    talked: tuple[Named, ...] = ()


def merit(found: Picture, dues: Mapping[str, tuple[str, date]]) -> Merit:
    """Apply the rules to every unit; ``dues`` gives each round's name and last day by its id, in their order."""
    red_before = frozenset(item.key for item in found.before.overdue) if found.before else frozenset()
    praised: list[Named] = []
    talked: list[Named] = []
    rounds: set[str] = set()
    for unit in found.units:
        books = list(_books(unit.book))
        rounds.update(book.issued.book.round for book in books)
        if why := _praise(unit, books, found.as_of, dues):
            praised.append(Named(unit.unit, why))
        if reasons := list(_talk(unit, books, found.as_of, dues, red_before)):
            weight = (len(reasons), unit.counts.overdue)
            talked.append(Named(unit.unit, "；".join(reasons) + "。", weight))
    talked.sort(key=lambda each: each.weight, reverse=True)
    names = tuple(name for round_id, (name, _) in dues.items() if round_id in rounds)
    return Merit(names, tuple(praised), tuple(talked))


def _books(book: BookState | None) -> Iterator[BookState]:
    """Give a unit's books, the newest first, under whatever names it went."""
    while book is not None:
        yield book
        book = book.before


def _in_time(book: BookState, as_of: date, dues: Mapping[str, tuple[str, date]]) -> bool | None:
    """Tell whether a book came back in time; None where it is not due yet, or nobody knows any more when it was."""
    known = dues.get(book.issued.book.round)
    if known is None or known[1] >= as_of:
        return None
    day = day_of(first_return(book))
    return day is not None and day <= known[1]


def _praise(unit: AssessedUnit, books: list[BookState], as_of: date, dues: Mapping[str, tuple[str, date]]) -> str:
    judged = [_in_time(book, as_of, dues) for book in books]
    if not unit.returned or unit.late or False in judged or unit.counts.overdue or not unit.counts.total:
        return ""
    counts = unit.counts
    done = f"，其中已完成{counts.finished}项" if counts.finished else ""
    return f"{len(books)}个填报期均按时报送，承担{counts.total}项任务{done}，没有逾期。"


def _talk(
    unit: AssessedUnit,
    books: list[BookState],
    as_of: date,
    dues: Mapping[str, tuple[str, date]],
    red_before: frozenset[tuple[str, str]],
) -> Iterator[str]:
    closed = [(book, kept) for book in books if (kept := _in_time(book, as_of, dues)) is not None][:TWICE]
    if len(closed) == TWICE and not any(kept for _, kept in closed):
        yield "、".join(dues[book.issued.book.round][0] for book, _ in reversed(closed)) + "均未按时报送台账"
    red = [item for item in unit.assignments if item.light.colour is Colour.RED and item.light.counts]
    if long := [item for item in red if (item.light.days or 0) > LONG]:
        yield f"{len(long)}项任务逾期超过{LONG}天（{_list(long)}）"
    if twice := [item for item in red if item.key in red_before and item not in long]:
        yield f"{len(twice)}项任务连续两期逾期（{_list(twice)}）"


def _list(items: list[Assessed]) -> str:
    named = [f"{item.number} {item.name}，{days_of(item.light)}" for item in items[:_NAMED]]
    return "；".join(named) + (f"等{len(items)}项" if len(items) > _NAMED else "")
