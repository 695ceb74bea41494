"""What a time limit means: the record of its reading (时限), and what counts for a task."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from ledgergen.records import PlanFacts, Task

KINDS: Final = ("fixed", "recurring", "on_event", "continuous", "period", "unclear", "none")
EVERY: Final = ("month", "quarter", "half_year", "year")
UNITS: Final = ("calendar_days", "working_days", "months")
# What a deadline of each kind may say beside its kind and `also`, and what it must.
KEYS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "fixed": ("due", "times", "start"),
    "recurring": ("every", "by", "within", "unit", "start", "times"),
    "on_event": ("event", "within", "unit", "due", "start", "times", "before"),
    "continuous": ("start",),
    "period": ("event", "start", "due", "within", "unit", "times"),
    "unclear": ("start",),
    "none": (),
}
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {"fixed": ("due",), "recurring": ("every",)}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The reading of a time limit (时限).

    The keys are those of ``truth/FORMAT.md``: ``by`` is the last day inside a period (``26`` or ``末`` of a month,
    ``3-20`` the third month's day 20 of a quarter or half-year, ``12-31`` or ``02-末`` of a year); ``within`` and
    ``unit`` (``calendar_days``, ``working_days``, ``months``) an offset after the period or the event, or before it
    where ``before``; hours have no unit. ``also`` holds the further parts, in order, which have none of their own.
    ``doubt`` is the code of the finding that says what a person would ask; empty where nobody would.
    """

    kind: str
    due: date | None = None
    every: str | None = None
    event: str | None = None
    within: int | None = None
    unit: str | None = None
    by: str | None = None
    start: date | None = None
    times: int | None = None
    before: bool = False
    also: tuple["Deadline", ...] = ()
    doubt: str = ""

    @property
    def parts(self) -> tuple["Deadline", ...]:
        """Give all parts, the main one first, each alone."""
        alone = replace(self, also=(), doubt="") if self.also or self.doubt else self
        return (alone, *self.also)

    def to_json(self) -> dict[str, object]:
        """Give the stored form, every key of ``truth/FORMAT.md``; a part of ``also`` lacks ``also``."""
        return {**_keys(self), "also": [_keys(part) for part in self.also]}

    @staticmethod
    def from_json(stored: Mapping[str, Any], doubt: str = "") -> "Deadline":
        """Read the stored form; absent keys and null are the same. Doubt is stored beside it, by the task."""
        also = tuple(Deadline.from_json(part) for part in stored.get("also") or ())
        plain = {key: stored.get(key) for key in ("every", "event", "within", "unit", "by", "times")}
        return Deadline(
            stored["kind"], _day(stored.get("due")), start=_day(stored.get("start")), **plain,
            before=bool(stored.get("before")), also=also, doubt=doubt,
        )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _keys(part: Deadline) -> dict[str, object]:
    return {
        "kind": part.kind,
        "due": part.due and part.due.isoformat(),
        "every": part.every,
        "event": part.event,
        "within": part.within,
        "unit": part.unit,
        "by": part.by,
        "start": part.start and part.start.isoformat(),
        "times": part.times,
        "before": part.before or None,
    }


def deadline_of(task: Task, facts: PlanFacts) -> Deadline:
    """Give what counts for a task: the office's own ``deadline:``, else the reading of its time limit."""
    if task.deadline is not None:
        return Deadline.from_json(task.deadline)
    return read_limit(task.time_limit, facts.year, facts.issued)


@lru_cache(maxsize=4096)
def read_limit(text: str, year: int, issued: date | None) -> Deadline:
    """Read a time limit as a plan words it.

    ``year`` is the plan's, ``issued`` the day it was signed (成文日期).

    Never raises: words that say nothing known are ``unclear`` and doubtful. No words at all are ``none``.
    """
    # A hundred patterns to compile, which whoever only loads a plan need not wait for.
    from ledgergen.plan.limit_reading import read_words
    from ledgergen.plan.limit_words import Anchors

    return read_words(text, Anchors(year, issued))
