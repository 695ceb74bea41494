"""The reading of a time limit in words for a person, in the language of the program, and as plan.yaml writes it.

(:mod:`.deadline_words` has the short Chinese words that a clerk can type into a table, and reads them back.)
"""

from collections.abc import Callable, Mapping
from typing import Final

from ledgergen.catalogue import N_
from ledgergen.messages import gettext as _
from ledgergen.messages import ngettext
from ledgergen.plan.deadline import Deadline
from ledgergen.plan.spelling import spelled

_EVERY: Final = {
    "month": N_("every month"),
    "quarter": N_("every quarter"),
    "half_year": N_("every half-year"),
    "year": N_("every year"),
}
_AFTER_EVERY: Final = {
    "month": N_("within {length} after every month"),
    "quarter": N_("within {length} after every quarter"),
    "half_year": N_("within {length} after every half-year"),
    "year": N_("within {length} after every year"),
}
_LAST: Final = "末"


def deadline_text(deadline: Deadline) -> str:
    """Put a reading into words, all its parts; empty where there is no time limit."""
    return _("; ").join(filter(None, map(_part_text, deadline.parts)))


def deadline_yaml(deadline: Deadline) -> str:
    """Spell a reading as it stands behind ``deadline:`` in plan.yaml: ``{kind: fixed, due: 2022-12-31}``."""
    return spelled(_written(deadline.to_json()))


def _written(stored: Mapping[str, object]) -> dict[str, object]:
    """Leave out what has no value, in the further parts too."""
    kept = {key: value for key, value in stored.items() if value not in (None, [])}
    also = kept.get("also")
    return kept | ({"also": [_written(part) for part in also]} if isinstance(also, list) else {})


def _part_text(part: Deadline) -> str:
    words = _WORDS[part.kind](part)
    if part.start and part.kind != "period":
        words = _("from {day} on: {what}").format(day=part.start, what=words)
    if not part.times:
        return words
    return ngettext("{what}, {times} time", "{what}, {times} times", part.times).format(what=words, times=part.times)


def _fixed(part: Deadline) -> str:
    return _("by {day}").format(day=part.due)


def _recurring(part: Deadline) -> str:
    every = part.every or "year"
    if part.within is not None:
        return _(_AFTER_EVERY[every]).format(length=_length(part))
    if part.by is None:
        return _(_EVERY[every])
    nth, _dash, day = part.by.rpartition("-")
    return _("{every}, by {day}").format(every=_(_EVERY[every]), day=_inside(every, nth.lstrip("0"), day.lstrip("0")))


def _inside(every: str, month: str, day: str) -> str:
    """Give a day inside a period in words."""
    if every == "month":
        return _("the end of it") if day == _LAST else _("its day {day}").format(day=day)
    if every == "year":
        words = _("the end of month {month}") if day == _LAST else _("month {month}, day {day}")
    else:
        words = _("the end of its month {month}") if day == _LAST else _("its month {month}, day {day}")
    return words.format(month=month, day=day)


def _on_event(part: Deadline) -> str:
    event = part.event or _("an event that is not named")
    if part.within is None:
        return _("before: {event}").format(event=event)
    if part.within == 0:
        words = _("on the day of: {event}")
    else:
        words = _("{length} before: {event}") if part.before else _("within {length} after: {event}")
    words = words.format(event=event, length=_length(part))
    return _("{what} (by {day})").format(what=words, day=part.due) if part.due else words


def _period(part: Deadline) -> str:
    event = part.event or ""
    if part.within is not None:
        return _("at least {length}: {event}").format(length=_length(part), event=event).rstrip(" :：")
    if part.start and part.due:
        return _("from {start} to {end}").format(start=part.start, end=part.due)
    return _("from {day} on").format(day=part.start) if part.start else _("during: {event}").format(event=event)


def _length(part: Deadline) -> str:
    count = part.within or 0
    if part.unit == "working_days":
        words = ngettext("{count} working day", "{count} working days", count)
    elif part.unit == "calendar_days":
        words = ngettext("{count} day", "{count} days", count)
    elif part.unit == "months":
        words = ngettext("{count} month", "{count} months", count)
    else:
        words = ngettext("{count} hour", "{count} hours", count)
    return words.format(count=count)


def _going_on(_part: Deadline) -> str:
    return _("going on, without an end")


def _unclear(_part: Deadline) -> str:
    return _("no date can be told")


def _none(_part: Deadline) -> str:
    return ""


_WORDS: Final[Mapping[str, Callable[[Deadline], str]]] = {
    "fixed": _fixed,
    "recurring": _recurring,
    "on_event": _on_event,
    "period": _period,
    "continuous": _going_on,
    "unclear": _unclear,
    "none": _none,
}
