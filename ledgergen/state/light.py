"""Lights (红黄绿灯预警): the colour of one task of one unit on a day, and why.

The table of the rules, row by row:

1. 销号 is green, 继续整改 opens the task again (its days count from the old due date, or from the rectification limit
   that was given), 待核实 is as no verdict. A return that came in after the verdict opens a new claim. Until the office
   has judged, what is 已完成 is 报完成待核查 and counts as done.
2. 不涉及 is grey until the office approves it, and then counts no more.
3. Each part of the limit is judged by itself (:mod:`.light_parts`); the worst that can be judged decides: of two alike
   the one that was late, then the one that is open, then the one due first.
4. Where no part has a date, or none that can be judged: grey until something is returned, then green; yellow and
   久无进展 where nothing has been heard for long of what is continuous, unclear or without a limit, and not done.

Nothing here asks a clock or the role: a supporting unit's light follows the same rules, and only a task's light
weighs roles (:mod:`.picture`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from ledgergen.findings import Fact
from ledgergen.plan.deadline import Deadline
from ledgergen.plan.due import single_due
from ledgergen.plan.limit_events import is_own_issue
from ledgergen.state.entries import DONE, UNDER_WAY
from ledgergen.state.light_parts import (
    Date,
    Finish,
    Outcome,
    days_between,
    finish_of,
    judge_date,
    judge_event,
    judge_recurring,
)
from ledgergen.state.light_records import (
    CALENDAR_DAYS,
    WORKING_DAYS,
    Claim,
    Colour,
    Light,
    Piece,
    Ruling,
    Said,
    Stage,
    Terms,
    Verdict,
)

__all__ = ["Claim", "Colour", "Light", "Piece", "Ruling", "Said", "Stage", "Terms", "Verdict", "light", "unfinished"]

_QUIET: Final = frozenset({"continuous", "unclear", "none", "period"})  # kinds whose silence is noticed
_NO_TERMS: Final = Terms()


def light(
    claim: Claim, deadline: Deadline, as_of: date, terms: Terms = _NO_TERMS, verdict: Verdict | None = None
) -> Light:
    """Give the light of one task of one unit on a day.

    ``claim`` is what the unit has said by then (:func:`.claims.claim_of`), ``deadline`` the reading of the task's time
    limit, ``verdict`` the office's newest; the caller leaves out what came in or was judged after ``as_of``, dates in
    the rows that lie after it are left out here. Days overdue are working days where the limit counts working days,
    else calendar days. Never raises.
    """
    ruled = _in_force(verdict, claim)
    if claim.is_not_concerned and not (ruled and ruled.ruling is Ruling.REOPENED):
        approved = ruled is not None and ruled.ruling is Ruling.CLOSED
        reason = Said("not-concerned-approved" if approved else "not-concerned")
        return Light(Colour.GREY, claim.state, reason, closed=approved, counts=not approved)
    if ruled and ruled.ruling is Ruling.REOPENED:
        claim = unfinished(claim)
        deadline = Deadline("fixed", due=ruled.limit) if ruled.limit else deadline
    finish = finish_of(claim.done_pieces, as_of)
    if claim.done_pieces and finish is None:
        claim = replace(claim, state=UNDER_WAY)
        announced = max((each.published_on for each in claim.pieces if each.published_on), default=as_of)
        marks: tuple[Said, ...] = (Said("not-yet", {"day": announced.isoformat()}),)
    else:
        marks = ()
    worst, more = _worst(claim, deadline, finish, terms, as_of)
    marks += (*more, *_other_marks(claim, deadline, as_of, ruled))
    found = Light(
        worst.colour, claim.state, Said(worst.reason, worst.facts | {"state": claim.state}), _distinct(marks),
        worst.due, worst.days, worst.unit, worst.left,
    )  # fmt: skip
    if ruled and ruled.ruling is Ruling.CLOSED:
        return _closed(found, ruled)
    return found


def _in_force(verdict: Verdict | None, claim: Claim) -> Verdict | None:
    """Give the verdict unless a return came in after it, which is a new claim, or it leaves the question open."""
    if verdict is None or verdict.ruling is Ruling.PENDING:
        return None
    return verdict if claim.received is None or claim.received <= verdict.at else None


def unfinished(claim: Claim) -> Claim:
    """Take back what the rows claim to be done, here and where earlier rounds said the same; what they are about stays.

    What other publications of earlier rounds have served stays served.
    """
    taken = {piece.published_on for piece in claim.pieces}
    pieces = (
        replace(each, state=UNDER_WAY if each.state == DONE else each.state, published_on=None) for each in claim.pieces
    )
    earlier = (each for each in claim.earlier if each.published_on not in taken)
    return replace(claim, state=UNDER_WAY, pieces=tuple(pieces), earlier=tuple(earlier))


def _closed(found: Light, ruled: Verdict) -> Light:
    late = [mark for mark in found.marks if mark.code in ("late", "weekends-only", "undated", "early", "doubtful")]
    days = found.days if found.is_late else None
    return Light(
        Colour.GREEN, found.state, Said("closed", {"day": ruled.at.date().isoformat()}), tuple(late), found.due, days,
        found.unit, closed=True,
    )  # fmt: skip


def _worst(
    claim: Claim, deadline: Deadline, finish: Finish | None, terms: Terms, as_of: date
) -> tuple[Outcome, tuple[Said, ...]]:
    """Judge every part and choose the worst; with the marks of all."""
    judged = list(_judged(claim, deadline, finish, terms, as_of)) or [
        _undated(claim, finish, terms, as_of, quiet=False)
    ]
    worst = min(judged, key=_badness)
    marks = [mark for each in (worst, *judged) for mark in each.marks]
    return worst, tuple(marks)


def _badness(each: Outcome) -> tuple[int, bool, bool, date]:
    return each.colour.rank, each.days is None, each.left is None, each.due or date.max


def _judged(claim: Claim, deadline: Deadline, finish: Finish | None, terms: Terms, as_of: date) -> Iterator[Outcome]:
    """Judge the parts that can be judged; the pair of dates belongs to the first that counts from an event."""
    paired = False
    for part in deadline.parts:
        due = single_due(part, terms.issued, terms.calendar)
        if part.kind == "recurring":
            if outcome := judge_recurring(part, claim, terms, as_of):
                yield outcome
        elif due is not None:
            from_issue = part.kind == "on_event" and is_own_issue(part.event)
            unit = WORKING_DAYS if from_issue and part.unit == WORKING_DAYS else CALENDAR_DAYS
            asked = Date(due, unit, from_issue, terms.issued if unit == WORKING_DAYS else None)
            yield judge_date(asked, claim, finish, terms, as_of)
        elif part.kind == "on_event":
            if not paired and not part.before and (outcome := judge_event(part, claim, terms, as_of)):
                yield outcome
            paired = True
        elif part.kind in _QUIET:
            yield _undated(claim, finish, terms, as_of, quiet=True)


def _undated(claim: Claim, finish: Finish | None, terms: Terms, as_of: date, *, quiet: bool) -> Outcome:
    """Judge what has no date: whether anything was returned, and, where silence is noticed, when the last news came."""
    if not claim.is_returned:
        return Outcome(Colour.GREY, "silent-undated")
    if finish:
        marks = (Said("undated", {"day": finish.day.isoformat()}),) if finish.stand_in else ()
        return Outcome(Colour.GREEN, "done-undated", {"done": finish.day.isoformat()}, marks)
    news = _news(claim, as_of)
    limit = terms.settings.stale_days
    if quiet and news and as_of - news > timedelta(days=limit):
        facts: dict[str, Fact] = {"news": news.isoformat(), "days": (as_of - news).days, "limit": limit}
        return Outcome(Colour.YELLOW, "stale", facts, (Said("stale", facts),))
    return Outcome(Colour.GREEN, "going-on", {"news": news.isoformat() if news else ""})


def _news(claim: Claim, as_of: date) -> date | None:
    """Give the day of the newest news: of the dates in the rows and of the returns."""
    days = [day for piece in claim.pieces for day in (piece.formed_on, piece.published_on, piece.came) if day]
    return max((day for day in days if day <= as_of), default=None)


def _other_marks(claim: Claim, deadline: Deadline, as_of: date, ruled: Verdict | None) -> Iterator[Said]:
    """Mark what is to be known beside the light: a doubtful reading, a count asked for, a period cut short."""
    if ruled and ruled.ruling is Ruling.REOPENED:
        facts = {"day": ruled.at.date().isoformat(), "limit": ruled.limit.isoformat() if ruled.limit else ""}
        yield Said("reopened", dict(facts))
    if deadline.doubt:
        yield Said("doubtful", {"doubt": deadline.doubt})
    pieces = (*claim.pieces, *claim.earlier)
    for part in deadline.parts:
        if part.times and (part.times > 1 or part.kind != "recurring"):
            known = {each.published_on for each in pieces if each.published_on and each.published_on <= as_of}
            yield Said("times", {"times": part.times, "known": len(known)})
        if part.kind == "period" and part.within and part.due is None:
            yield from _short_periods(part, claim, as_of)


def _short_periods(part: Deadline, claim: Claim, as_of: date) -> Iterator[Said]:
    """Mark a period that lasted less than the least length asked for (公示不少于7日), first to last day."""
    unit = WORKING_DAYS if part.unit == WORKING_DAYS else CALENDAR_DAYS
    for piece in claim.done_pieces:
        first, last = piece.formed_on, piece.published_on
        if part.unit != "months" and first and last and first <= last <= as_of:
            lasted = days_between(first, last, unit, _NO_TERMS.calendar)
            if lasted < (part.within or 0):
                yield Said("too-short", {"days": lasted, "least": part.within or 0, "unit": unit})


def _distinct(marks: Iterable[Said]) -> tuple[Said, ...]:
    """Keep each kind of mark once, the first."""
    found: dict[str, Said] = {}
    for mark in marks:
        found.setdefault(mark.code, mark)
    return tuple(found.values())
