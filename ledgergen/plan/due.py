"""On which days something falls due by a reading (guide: time.md, Counting)."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from ledgergen.plan.deadline import Deadline
from ledgergen.plan.limit_events import is_own_issue
from ledgergen.plan.limit_words import days_after, month_end, months_after
from ledgergen.plan.workdays import STATUTORY, WorkCalendar, add_workdays

_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_LAST: Final = "末"
_MONTH_LENGTH: Final = 28


class Period(NamedTuple):
    """One period of a recurring part: its first and last day, and the day on which it falls due."""

    first: date
    last: date
    due: date


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
            found.update(period.due for period in _recurring(part, from_, to, begin, calendar, grace))
        elif day := single_due(part, issued, calendar):
            found.add(day)
    return tuple(sorted(day for day in found if from_ <= day <= to))


def due_periods(
    part: Deadline, to: date, *, issued: date | None = None, calendar: WorkCalendar = STATUTORY, grace: int = 0
) -> tuple[Period, ...]:
    """Give the periods of a recurring part from its first one on that fall due up to a day, in order.

    The first is the one that holds the part's own start, or else the day of issue; without either there are none.
    """
    begin = part.start or issued
    if part.kind != "recurring" or begin is None:
        return ()
    found = _recurring(part, begin, to, begin, calendar, grace)
    return tuple(period for period in found if period.due <= to)


def counted_from(day: date, part: Deadline, calendar: WorkCalendar = STATUTORY) -> date | None:
    """Count a part's ``within`` on from the day on which its event happened; None for hours, and beyond the year 9999.

    Raises nothing: an event of which the part does not say how long after it has no day either.
    """
    if part.within is None or part.unit is None or part.before:
        return None
    try:
        return _later(day, part, calendar)
    except OverflowError:
        return None


def single_due(part: Deadline, issued: date | None, calendar: WorkCalendar) -> date | None:
    """Give the one day of a part that does not recur; None where it has none, or none is known."""
    if part.kind in ("fixed", "period"):
        return part.due
    if part.kind != "on_event" or part.before or part.due:
        return part.due
    if part.within is None or issued is None or not is_own_issue(part.event):
        return None
    return _later(issued, part, calendar)


def _recurring(
    part: Deadline, from_: date, to: date, begin: date | None, calendar: WorkCalendar, grace: int
) -> Iterator[Period]:  # fmt: skip
    """Give all periods whose days can fall into the range, and a few beyond it."""
    months = _MONTHS[part.every or "year"]
    first = _period(from_, months) - _periods_behind(part, months, grace)
    if begin is not None:
        first = max(first, _period(begin, months))
    for period in range(max(first, _period(date.min, months)), _period(to, months) + 1):
        try:
            due = days_after(_later(_base(part, period * months, months), part, calendar), grace)
            first, last = period * months, (period + 1) * months - 1
            yield Period(date(first // 12, first % 12 + 1, 1), month_end(last // 12, last % 12 + 1), due)
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
