"""The shapes of what a campaign's files say about time: a task's deadline, and the office's own calendar."""

import re
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from ledgergen.plan.deadline import KEYS_OF, NEEDED
from ledgergen.plan.schema_values import Day, Name, Shape, Text, Truth, Year

DeadlineKind = Literal["fixed", "recurring", "on_event", "continuous", "period", "unclear", "none"]
Every = Literal["month", "quarter", "half_year", "year"]
Unit = Literal["calendar_days", "working_days", "months"]

_MOST: Final = 3660  # ten years of days: nobody gives longer
_GRACE: Final = 60
_DAY_OR_END: Final = "(?:0?[1-9]|[12][0-9]|3[01]|末)"
_BY: Final = {
    "month": (re.compile(_DAY_OR_END), "26, 末"),
    "quarter": (re.compile(f"[1-3]-{_DAY_OR_END}"), "3-20, 3-末"),
    "half_year": (re.compile(f"[1-6]-{_DAY_OR_END}"), "6-20, 6-末"),
    "year": (re.compile(f"(?:0[1-9]|1[0-2])-{_DAY_OR_END}"), "01-31, 02-末"),
}


def number(least: int, most: int) -> tuple[PlainValidator, WithJsonSchema]:
    """Make the check of a whole number between two bounds, and its JSON Schema."""

    def check(value: object) -> int:
        text = value.strip() if isinstance(value, str) else ""
        if not (text.isascii() and text.isdecimal() and least <= int(text[:6]) <= most):
            facts = {"value": text, "least": str(least), "most": str(most)}
            raise PydanticCustomError("layout-number", "out of range", facts)
        return int(text)

    return PlainValidator(check), WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


Days = Annotated[int, *number(0, _MOST)]
Grace = Annotated[int, *number(0, _GRACE)]
Times = Annotated[int, *number(1, 366)]


class DeadlinePartShape(Shape):
    """A further part of a deadline: the same keys, but no parts of its own."""

    kind: DeadlineKind = Field(description="How the time limit is to be read.")
    due: Day | None = Field(default=None, description="The day it is due; of a period, its last day.")
    every: Every | None = Field(default=None, description="The period of a recurring one.")
    event: Name | None = Field(default=None, description="What begins the days (信息形成), or the name of the period.")
    within: Days | None = Field(default=None, description="How many days or months after the event or the period.")
    unit: Unit | None = Field(default=None, description="What `within` counts; left out for hours.")
    by: Text | None = Field(
        default=None, description="The last day inside the period: 26 or 末; 3-20 or 3-末 of a quarter; 12-31, 02-末."
    )
    start: Day | None = Field(default=None, description="The day from which it counts (从…起).")
    times: Times | None = Field(default=None, description="How many times at least (不少于N次).")
    before: Truth = Field(default=False, description="Whether `within` counts back from the event (届满前30日).")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        """Check that what the kind needs is there and nothing that it does not know (the table in the reference)."""
        written = [key for key in self.model_fields_set if key not in ("kind", "also")]
        for key in NEEDED.get(self.kind, ()):
            if getattr(self, key) is None:
                raise PydanticCustomError("deadline-key-missing", "", {"kind": self.kind, "needs": key})
        for key in sorted(set(written) - set(KEYS_OF[self.kind])):
            facts = {"key": key, "kind": self.kind, "keys": ", ".join(("kind", *KEYS_OF[self.kind], "also"))}
            raise PydanticCustomError("deadline-key-idle", "", facts)
        self._check_days()
        return self

    def _check_days(self) -> None:
        if self.unit is not None and self.within is None:
            raise PydanticCustomError("deadline-key-missing", "", {"kind": self.kind, "needs": "within"})
        if self.within is not None and self.unit is None and self.kind != "on_event":
            raise PydanticCustomError("deadline-key-missing", "", {"kind": self.kind, "needs": "unit"})
        if self.by is not None and self.every is not None:
            pattern, examples = _BY[self.every]
            if not pattern.fullmatch(self.by):
                facts = {"key": "by", "value": self.by, "every": self.every, "examples": examples}
                raise PydanticCustomError("deadline-by-bad", "", facts)
        if self.start and self.due and self.due < self.start:
            facts = {"key": "due", "start": self.start.isoformat(), "due": self.due.isoformat()}
            raise PydanticCustomError("deadline-due-before-start", "", facts)


class DeadlineShape(DeadlinePartShape):
    """A reading of the time limit; which further keys it has depends on its kind."""

    also: tuple[DeadlinePartShape, ...] = Field(default=(), description="The further parts, in order.")


class WorkdaysShape(Shape):
    """What the office knows better than the statutory calendar."""

    extra_workdays: tuple[Day, ...] = Field(default=(), description="Days that are worked, whatever the calendar says.")
    extra_holidays: tuple[Day, ...] = Field(default=(), description="Days that are free, whatever the calendar says.")
    complete_years: tuple[Year, ...] = Field(
        default=(), description="Years the calendar does not know yet, but of which these lists have every day."
    )

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        both: list[date] = sorted(set(self.extra_workdays) & set(self.extra_holidays))
        if both:
            facts = {"key": "extra_holidays", "day": both[0].isoformat()}
            raise PydanticCustomError("workday-both", "", facts)
        return self
