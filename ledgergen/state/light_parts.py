"""One part of a time limit judged on a day: what its date is, whether it is kept, and so its colour.

A part with a date of its own, a recurring one, one that counts from an event: each has its own question, and the same
answer (:class:`Outcome`). What a part cannot be judged by (an event that has not happened) gives none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from ledgergen.findings import Fact
from ledgergen.plan.deadline import Deadline
from ledgergen.plan.due import Period, counted_from, due_periods
from ledgergen.plan.workdays import WorkCalendar, is_workday
from ledgergen.state.entries import CONTINUING, DONE
from ledgergen.state.light_records import CALENDAR_DAYS, WORKING_DAYS, Claim, Colour, Piece, Said, Terms

_AHEAD: Final = 800  # days: the next date of any rhythm lies within
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one part: the parts of a light, without the claim's state."""

    colour: Colour
    reason: str
    facts: dict[str, Fact] = field(default_factory=dict)
    marks: tuple[Said, ...] = ()
    due: date | None = None
    days: int | None = None
    unit: str = CALENDAR_DAYS
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """A date that something must be done by: how overdue days are counted, and whether it counts from issue itself."""

    due: date
    unit: str = CALENDAR_DAYS
    from_issue: bool = False
    began: date | None = None
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finish:
    """The day on which something was done; ``stand_in``: it is the day on which the return came in."""

    day: date
    stand_in: bool = False


def finish_of(pieces: Iterable[Piece], as_of: date) -> Finish | None:
    """Give the day on which rows that say 已完成 were done, the last of them; None where one of them is not yet.

    公开（完成）日期 decides; where it is missing, the day the return came in stands for it.
    """
    found: list[Finish] = []
    for piece in pieces:
        day = piece.published_on or piece.came
        if day is None or day > as_of:
            return None
        found.append(Finish(day, piece.published_on is None))
    return max(found, key=lambda each: (each.day, each.stand_in)) if found else None


def judge_date(asked: Date, claim: Claim, finish: Finish | None, terms: Terms, as_of: date) -> Outcome:
    """Judge a date against the day on which it was done, if it was."""
    due, facts = asked.due, {**asked.facts, "due": asked.due.isoformat()}
    marks = _weekends_only(asked, finish.day if finish else as_of, terms.calendar)
    early = is_early(asked, terms)
    if early:
        marks += (Said("early", {"due": due.isoformat(), "issued": _iso(terms.issued)}),)
    if finish:
        return _finished(asked, finish, marks, facts, terms, early=early)
    if early:
        return Outcome(Colour.YELLOW, "early", facts | {"issued": _iso(terms.issued)}, marks, due)
    if as_of > due:
        days = days_between(due, as_of, asked.unit, terms.calendar)
        facts |= {"days": days, "unit": asked.unit}
        return Outcome(Colour.RED, _overdue(asked, claim), facts, marks, due, days, asked.unit)
    left = (due - as_of).days
    facts["left"] = left
    if left <= terms.settings.yellow_days:
        reason = "near" if claim.is_returned else "silent-near"
        return Outcome(Colour.YELLOW, reason, facts, marks, due, left=left)
    if claim.is_returned:
        return Outcome(Colour.GREEN, "ahead", facts, marks, due, left=left)
    return Outcome(Colour.GREY, "silent", facts, marks, due, left=left)


def judge_event(part: Deadline, claim: Claim, terms: Terms, as_of: date) -> Outcome | None:
    """Judge days counted from an event by the newest piece; None where nothing has happened that is known of.

    From 信息形成日期; a publication, or a row that says 已完成, is what it asks for.
    """
    known = [piece for piece in (*claim.pieces, *claim.earlier) if piece.formed_on and piece.formed_on <= as_of]
    if not known:
        return None
    newest = max(known, key=lambda piece: (piece.formed_on or date.min, piece.published_on or date.min))
    formed = newest.formed_on or date.min
    due = counted_from(formed, part, terms.calendar)
    if due is None:
        return None
    published = newest.published_on is not None and newest.published_on <= as_of
    finish = finish_of([newest], as_of) if published or newest.state == DONE else None
    unit = WORKING_DAYS if part.unit == WORKING_DAYS else CALENDAR_DAYS
    asked = Date(due, unit, began=formed, facts={"formed": formed.isoformat(), "event": part.event or ""})
    return judge_date(asked, claim, finish, terms, as_of)


def judge_recurring(part: Deadline, claim: Claim, terms: Terms, as_of: date) -> Outcome | None:
    """Judge a recurring part by its oldest open period.

    A publication serves the period of its 信息形成日期, else that of the publication; where the limit counts days after
    the period (每季度后10个工作日内), these days belong to it. A row that says 已完成 without a date serves the oldest
    period that was open on the day it came in.
    """
    begin = part.start or terms.issued or terms.began
    periods = _periods(part, begin, as_of + _AHEAD * _DAY, terms.calendar, terms.grace)
    if not periods:
        return None
    served = _served(periods, claim, as_of)
    unit = WORKING_DAYS if part.unit == WORKING_DAYS else CALENDAR_DAYS
    dates = [_date_of(period, unit) for period in periods]
    waiting = [each for each in dates if each.due not in served]
    early = [each for each in waiting if is_early(each, terms)]
    open_ = next((each for each in waiting if each not in early), None)
    outcomes = [judge_date(each, claim, None, terms, as_of) for each in (*early[:1], *([open_] if open_ else []))]
    if not outcomes:
        return None
    worst = min(outcomes, key=lambda each: each.colour.rank)
    if worst.colour is Colour.GREEN:
        return _kept(worst, [each for each in dates if each.due in served], served, terms)
    return worst


def days_between(due: date, day: date, unit: str, calendar: WorkCalendar) -> int:
    """Count the days after a due date up to a day: of working days only those worked; 0 before one has passed."""
    return _worked_between(due, day, calendar) if unit == WORKING_DAYS else (day - due).days


@lru_cache(maxsize=1 << 14)  # a thousand assignments are due on the same few days
def _worked_between(due: date, day: date, calendar: WorkCalendar) -> int:
    return sum(is_workday(due + number * _DAY, calendar) for number in range(1, (day - due).days + 1))


def is_early(asked: Date, terms: Terms) -> bool:
    """Tell whether a date was past at the plan's issue or came within days of it, and does not count from it."""
    return (
        terms.issued is not None
        and not asked.from_issue
        and asked.due <= terms.issued + terms.settings.early_days * _DAY
    )


def _finished(
    asked: Date, finish: Finish, marks: tuple[Said, ...], facts: dict[str, Fact], terms: Terms, *, early: bool
) -> Outcome:
    """Judge what was done: green; after its date marked 逾期完成, unless the date came too soon after the issue."""
    facts["done"] = finish.day.isoformat()
    if finish.stand_in:
        marks += (Said("undated", {"day": finish.day.isoformat()}),)
    if early or finish.day <= asked.due:
        return Outcome(Colour.GREEN, "done", facts, marks, asked.due)
    days = days_between(asked.due, finish.day, asked.unit, terms.calendar)
    late: dict[str, Fact] = {"days": days, "unit": asked.unit}
    return Outcome(Colour.GREEN, "done-late", facts | late, (*marks, Said("late", late)), asked.due, days, asked.unit)


def _overdue(asked: Date, claim: Claim) -> str:
    if not claim.is_returned:
        return "silent-overdue"
    if claim.state == CONTINUING and not asked.facts:
        return "continuing-overdue"
    return "period-overdue" if "period" in asked.facts else "event-overdue" if "formed" in asked.facts else "overdue"


def _weekends_only(asked: Date, until: date, calendar: WorkCalendar) -> tuple[Said, ...]:
    """Mark what was counted in a year of which the calendar knows only the weekends."""
    if asked.unit != WORKING_DAYS:
        return ()
    days = [day for day in (asked.began, asked.due, until) if day]
    unknown = calendar.unknown_years(min(days), max(days))
    return (Said("weekends-only", {"years": "、".join(map(str, unknown))}),) if unknown else ()


@lru_cache(maxsize=4096)
def _periods(part: Deadline, begin: date | None, to: date, calendar: WorkCalendar, grace: int) -> tuple[Period, ...]:
    return due_periods(part, to, issued=begin, calendar=calendar, grace=grace)


def _served(periods: tuple[Period, ...], claim: Claim, as_of: date) -> dict[date, Finish]:
    """Give by the due dates of the periods that are served the day on which each was."""
    served: dict[date, Finish] = {}
    undated: list[Finish] = []
    for piece in (*claim.pieces, *claim.earlier):
        if piece.published_on and piece.published_on <= as_of:
            about = piece.formed_on if piece.formed_on and piece.formed_on <= as_of else piece.published_on
            own = next((each for each in periods if each.first <= about <= max(each.last, each.due)), None)
            if own and (own.due not in served or piece.published_on < served[own.due].day):
                served[own.due] = Finish(piece.published_on)
        elif piece.state == DONE and piece.published_on is None and piece.came and piece.came <= as_of:
            undated.append(Finish(piece.came, stand_in=True))
    for finish in sorted(set(undated), key=lambda each: each.day):
        own = next((each for each in periods if each.due not in served and each.first <= finish.day), None)
        if own:
            served[own.due] = finish
    return served


def _date_of(period: Period, unit: str) -> Date:
    name = f"{period.first.isoformat()}/{period.last.isoformat()}"
    return Date(period.due, unit, began=period.last, facts={"period": name})


def _kept(open_: Outcome, served: list[Date], finished: dict[date, Finish], terms: Terms) -> Outcome:
    """Say of a rhythm that is kept so far by how many days the period served last was late, if it was."""
    if not served:
        return open_
    last = served[-1]
    kept = _finished(last, finished[last.due], (), dict(last.facts), terms, early=is_early(last, terms))
    marks = (*open_.marks, *kept.marks)
    facts = open_.facts | {"done": kept.facts["done"], "served": last.facts["period"]}
    return Outcome(Colour.GREEN, "period-kept", facts, marks, open_.due, kept.days, kept.unit, open_.left)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
