"""Lights in words: what a colour is called, why a light has it, and what its marks say.

Put together late, from code and facts, in the language of whoever reads: ``translate`` is
:func:`ledgergen.messages.gettext` for the terminal and ``translator("zh")`` for what a leader or a unit reads.
"""

from collections.abc import Mapping
from typing import Final

from ledgergen.catalogue import N_
from ledgergen.findings import Fact, Translate
from ledgergen.messages import gettext, printable
from ledgergen.state.light_records import CALENDAR_DAYS, WORKING_DAYS, Colour, Light, Said, Stage

COLOURS: Final[Mapping[Colour, str]] = {
    Colour.RED: N_("red"),
    Colour.YELLOW: N_("yellow"),
    Colour.GREEN: N_("green"),
    Colour.GREY: N_("grey"),
}
REASONS: Final[Mapping[str, str]] = {
    "closed": N_("Closed by the office on {day}."),
    "not-concerned": N_("The unit says that it is not concerned; the office has not approved it yet."),
    "not-concerned-approved": N_("Not concerned, approved by the office; counts no more."),
    "done": N_("Done on {done}, due {due}; the office has not checked it yet."),
    "done-late": N_("Done on {done}, {days} after it was due ({due}); the office has not checked it yet."),
    "done-undated": N_("Done on {done}, no date was set; the office has not checked it yet."),
    "overdue": N_("Was due {due}, is {days} overdue and not done ({state})."),
    "continuing-overdue": N_("Was due {due}, is {days} overdue; “{state}” does not meet a limit that has a date."),
    "event-overdue": N_("Formed on {formed}, was to be published by {due}, is {days} overdue and not published."),
    "period-overdue": N_("Nothing published for {period}, which was due {due} and is {days} overdue."),
    "silent-overdue": N_("Was due {due}, is {days} overdue, and nothing has been reported."),
    "near": N_("Due {due}, in {left} days; not done ({state})."),
    "silent-near": N_("Due {due}, in {left} days; nothing has been reported."),
    "ahead": N_("Due {due}, in {left} days ({state})."),
    "silent": N_("Due {due}, in {left} days; nothing has been reported yet."),
    "silent-undated": N_("No date to be judged by; nothing has been reported yet."),
    "early": N_("Due {due}, too soon after the plan was issued ({issued}); not done ({state})."),
    "period-kept": N_("Published for {served} on {done}; the next is due {due}."),
    "going-on": N_("No date to be judged by; last news {news} ({state})."),
    "stale": N_("No news since {news}, {days} days ago; the office allows {limit} ({state})."),
}
MARKS: Final[Mapping[str, str]] = {
    "late": N_("done late, {days}"),
    "undated": N_("the day it came in stands for the date of completion"),
    "not-yet": N_("announced for {day}: not done yet"),
    "early": N_("due at or soon after issue"),
    "stale": N_("no progress for long"),
    "weekends-only": N_("days of {years} counted by weekends alone"),
    "doubtful": N_("the reading of the limit is doubtful"),
    "times": N_("asks for {times} times, {known} known"),
    "too-short": N_("lasted {days}, at least {least} are asked for"),
    "reopened": N_("reopened by the office on {day}"),
}
# What is wrong in a few words, where days and dates stand beside.
_SHORT: Final[Mapping[str, str]] = {
    "overdue": N_("not done ({state})"),
    "continuing-overdue": N_("“{state}” does not meet a date"),
    "event-overdue": N_("formed on {formed}, not published"),
    "period-overdue": N_("nothing published for {period}"),
    "silent-overdue": N_("nothing reported"),
    "near": N_("not done ({state})"),
    "silent-near": N_("nothing reported"),
}
STAGES: Final[Mapping[Stage, str]] = {
    Stage.CLOSED: N_("closed"),
    Stage.CLAIMED: N_("reported done, unchecked"),
    Stage.ON_TRACK: N_("on track"),
    Stage.OVERDUE: N_("overdue"),
    Stage.SILENT: N_("not reported"),
    Stage.NOT_CONCERNED: N_("not concerned"),
}


def stage_text(stage: Stage, translate: Translate = gettext) -> str:
    """Give the name of a stage."""
    return translate(STAGES[stage])


def colour_text(colour: Colour, translate: Translate = gettext) -> str:
    """Give the name of a colour."""
    return translate(COLOURS[colour])


def reason_text(light: Light, translate: Translate = gettext) -> str:
    """Say why a light has its colour (为什么是红灯), in one sentence."""
    return _worded(REASONS[light.reason.code], light.reason, translate)


def short_reason(light: Light, translate: Translate = gettext) -> str:
    """Say what is wrong in a few words, for a table that has the date and the days in columns of their own."""
    short = _SHORT.get(light.reason.code)
    return _worded(short, light.reason, translate) if short else reason_text(light, translate)


def marks_text(light: Light, translate: Translate = gettext) -> str:
    """Say what is marked on a light, in one line; empty where nothing is."""
    return "；".join(mark_text(mark, translate) for mark in light.marks)


def mark_text(mark: Said, translate: Translate = gettext) -> str:
    """Say what one mark says, in a few words."""
    return _worded(MARKS[mark.code], mark, translate)


def days_text(days: int, unit: str = CALENDAR_DAYS, translate: Translate = gettext) -> str:
    """Write a number of days: ``3天``, ``3个工作日``; ``不足1个工作日`` before one has passed."""
    if unit != WORKING_DAYS:
        return translate(N_("{number} days")).format(number=days)
    if days < 1:
        return translate(N_("less than 1 working day"))
    return translate(N_("{number} working days")).format(number=days)


def _worded(template: str, said: Said, translate: Translate) -> str:
    shown = {name: _shown(name, value, said.facts, translate) for name, value in said.facts.items()}
    return translate(template).format_map(_Facts(shown))


def _shown(name: str, value: Fact, facts: Mapping[str, Fact], translate: Translate) -> str:
    if name in ("days", "least") and isinstance(value, int) and "unit" in facts:
        return days_text(value, str(facts["unit"]), translate)
    if name == "period":
        return _period_text(str(value))
    return _period_text(str(value)) if name == "served" else printable(str(value))


def _period_text(period: str) -> str:
    """Write a period shortly: ``2022-06``, ``2022-04~06``, ``2022``."""
    first, _, last = period.partition("/")
    if first[:7] == last[:7]:
        return first[:7]
    return first[:4] if (first[5:7], last[5:7]) == ("01", "12") else f"{first[:7]}~{last[5:7]}"


class _Facts(dict[str, str]):
    """Facts for a wording that may be younger than they are."""

    def __missing__(self, name: str) -> str:
        return "…"
