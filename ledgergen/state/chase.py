"""When a unit is reminded: by steps around a day, never twice too soon, not on quiet days, not when it is stopped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

from ledgergen.journal.events import Event
from ledgergen.plan.workdays import WorkCalendar, is_workday
from ledgergen.records import RemindSettings
from ledgergen.state.moments import day_of
from ledgergen.state.outbox import Fate, Outbox, Posted, Purpose

CHASING: Final = "chasing"
PHONE: Final = "phone"
NOW: Final = "now"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The units that are left in peace, each with the office's reason."""

    reasons: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(events: Iterable[Event]) -> "Stopped":
        """Fold the standing events, whole; those of other kinds are passed over."""
        reasons: dict[str, str] = {}
        for event in (each for each in events if each.kind == CHASING):
            for unit in cast("Sequence[str]", event.facts["units"]):
                if event.facts["stopped"]:
                    reasons[unit] = str(event.facts.get("note", ""))
                else:
                    reasons.pop(unit, None)
        return Stopped(reasons)


def chasing_facts(units: Sequence[str], note: str, *, stopped: bool) -> dict[str, object]:
    """Give the facts of a ``chasing`` event: units are left in peace from now on, or reminded again."""
    return {"units": list(units), "stopped": stopped, "note": note}


def chased(outbox: Outbox, round_id: str, unit: str) -> list[Posted]:
    """Give the reminders that reached a unit, by mail or by telephone, or may have; the oldest first."""
    found = [each for each in outbox.of_round(round_id, Purpose.REMIND) if each.unit == unit]
    return [each for each in found if each.fate in (Fate.ACCEPTED, Fate.UNKNOWN)]


def step_reached(due: date | None, today: date, settings: RemindSettings) -> str:
    """Name the step that a day has reached: ``before-3``, ``after-7``; empty where none is.

    Ahead of a day the steps are ``before``; behind it ``after``, and then every so many days. Of something without a
    day every day is a step of its own, that the least gap keeps apart.
    """
    if due is None:
        return f"day-{today.isoformat()}"
    ahead = (due - today).days
    if ahead >= 0:
        reached = [step for step in settings.before if step >= ahead]
        return f"before-{min(reached)}-{due.isoformat()}" if reached else ""
    late, last = -ahead, max(settings.after, default=0)
    step = max((each for each in settings.after if each <= late), default=0)
    if late > last:
        step = last + (late - last) // settings.every * settings.every
    return f"after-{step}-{due.isoformat()}" if step else ""


def is_quiet(day: date, settings: RemindSettings, calendar: WorkCalendar) -> bool:
    """Tell whether nobody is reminded on a day."""
    return day in settings.quiet or not (settings.on_free_days or is_workday(day, calendar))


def is_too_soon(last: Sequence[Posted], today: date, gap: int) -> bool:
    """Tell whether the last reminder was so short a while ago that another would only annoy."""
    days = [day for each in last if (day := day_of(each.at))]
    return bool(days) and 0 <= (today - max(days)).days < gap
