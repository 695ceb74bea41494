"""On which days something falls due by a reading (guide: time.md, Counting)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from ledgergen.plan.deadline import Deadline
from ledgergen.plan.limit_events import is_own_issue
from ledgergen.plan.limit_words import days_after, month_end, months_after
from ledgergen.plan.workdays import STATUTORY, WorkCalendar, add_workdays

_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_LAST: Final = "末"
_MONTH_LENGTH: Final = 28


def due_dates(
    deadline: Deadline,
    from_: date,
    to: date,
    *,
    issued: date | None = None,
    calendar: WorkCalendar = STATUTORY,
    grace: int = 0,
) -> tuple[date, ...]:
    """Give every day from ``from_`` to ``to``, both included, on which a part of the deadline falls due, in order.

    A recurring part falls due on ``by``, else on the last day of its period, ``within`` days later where that is
    given, and ``grace`` calendar days later still; its first period is the one that holds its own start, or else the
    day of issue. Days counted from the plan's own issue have a day once ``issued`` is known; other events, what goes
    on and what is unclear have none. No day is moved off a holiday.
    """
    if from_ > to:
        return ()
    found: set[date] = set()
    for part in deadline.parts:
        if part.kind == "recurring":
            begin = part.start or issued
            found.update(_recurring(part, from_, to, begin, calendar, grace))
        elif day := _single(part, issued, calendar):
            found.add(day)
    return tuple(sorted(day for day in found if from_ <= day <= to))


def _single(part: Deadline, issued: date | None, calendar: WorkCalendar) -> date | None:
    """Give the one day of a part that does not recur."""
    if part.kind in ("fixed", "period"):
        return part.due
    if part.kind != "on_event" or part.before or part.due:
        return part.due
    if part.within is None or issued is None or not is_own_issue(part.event):
        return None
    return _later(issued, part, calendar)


def _recurring(
    part: Deadline, from_: date, to: date, begin: date | None, calendar: WorkCalendar, grace: int
) -> Iterator[date]:  # fmt: skip
    """Give the days of all periods that can fall into the range, and a few beyond it."""
    months = _MONTHS[part.every or "year"]
    first = _period(from_, months) - _periods_behind(part, months, grace)
    if begin is not None:
        first = max(first, _period(begin, months))
    for period in range(max(first, _period(date.min, months)), _period(to, months) + 1):
        try:
            yield days_after(_later(_base(part, period * months, months), part, calendar), grace)
        except OverflowError:  # beyond the year 9999
            return


def _periods_behind(part: Deadline, months: int, grace: int) -> int:
    """Tell how many periods back one can lie whose day still falls into a range; a working day is at most 4 days."""
    days = grace + (part.within or 0) * {"months": 31, "working_days": 4}.get(part.unit or "", 1)
    return 1 + days // (_MONTH_LENGTH * months) + 1


def _period(day: date, months: int) -> int:
    """Number the periods through from the year 0."""
    return (day.year * 12 + day.month - 1) // months


def _base(part: Deadline, month: int, months: int) -> date:
    """Give the day inside a period, which begins in a month numbered from the year 0, from which ``within`` counts."""
    by = part.by or _LAST
    nth, _, day = by.rpartition("-")
    month += int(nth) - 1 if nth else 0 if months == 1 else months - 1
    last = month_end(month // 12, month % 12 + 1)
    return last if day == _LAST else last.replace(day=min(int(day), last.day))


def _later(day: date, part: Deadline, calendar: WorkCalendar) -> date:
    """Count ``within`` on from a day."""
    within = part.within or 0
    if part.unit == "working_days":
        return add_workdays(day, within, calendar)
    return months_after(day, within) if part.unit == "months" else days_after(day, within)
