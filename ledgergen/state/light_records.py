"""What a light is made of and what it says: the claim, the office's verdict, the terms, the light with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from ledgergen.findings import Fact
from ledgergen.plan.workdays import STATUTORY, WorkCalendar
from ledgergen.records import LightSettings
from ledgergen.state.entries import DONE, NOT_CONCERNED, NOT_RETURNED

CALENDAR_DAYS: Final = "calendar_days"
WORKING_DAYS: Final = "working_days"


class Colour(StrEnum):
    """The colours of a light (红黄绿灯), the worst first; grey says that nothing is known or asked yet."""

    RED = "red"
    YELLOW = "yellow"
    GREY = "grey"
    GREEN = "green"

    @property
    def rank(self) -> int:
        """Give the place from the worst: 0 is red."""
        return _RANKS[self]


_RANKS: Final = {colour: rank for rank, colour in enumerate(Colour)}


class Stage(StrEnum):
    """Where an assignment or a task stands in one word; each is in exactly one stage, so that they add up.

    已销号, 报完成待核查, 按时序推进, 逾期 (something was reported, a date is past), 未报送 (nothing was reported, its
    date past or not), 不涉及.
    """

    CLOSED = "closed"
    CLAIMED = "claimed"
    ON_TRACK = "on-track"
    OVERDUE = "overdue"
    SILENT = "silent"
    NOT_CONCERNED = "not-concerned"


class Ruling(StrEnum):
    """The office's judgement of a claim (核查意见): 销号, 继续整改（不予销号）, 待核实."""

    CLOSED = "closed"
    REOPENED = "reopened"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with the time it was given, and the rectification limit that came with 继续整改."""

    ruling: Ruling
    at: datetime
    limit: date | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What one measure row says: its state, the pair of dates (信息形成、公开（完成）), the day it came in."""

    state: str
    formed_on: date | None = None
    published_on: date | None = None
    came: date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a unit has said of one task: the state of all its rows together, and each row's dates.

    ``earlier``: the rows as the rounds before had them, from which further publications are known. ``received``: when
    the newest return came in that says anything of the task; it tells whether a verdict is older.
    """

    state: str = NOT_RETURNED
    pieces: tuple[Piece, ...] = ()
    earlier: tuple[Piece, ...] = ()
    received: datetime | None = None

    @property
    def is_returned(self) -> bool:
        """Tell whether anything was returned for the task."""
        return self.state != NOT_RETURNED

    @property
    def done_pieces(self) -> tuple[Piece, ...]:
        """Give the rows that say 已完成, where together they say that the task is done."""
        return tuple(piece for piece in self.pieces if piece.state == DONE) if self.state == DONE else ()

    @property
    def is_not_concerned(self) -> bool:
        """Tell whether the unit says 不涉及."""
        return self.state == NOT_CONCERNED


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a campaign's lights are reckoned: the day of issue, the office's numbers, the calendar.

    ``began`` is the day from which recurring limits run where the plan does not say when it was issued.
    """

    issued: date | None = None
    began: date | None = None
    settings: LightSettings = field(default_factory=LightSettings)
    grace: int = 0
    calendar: WorkCalendar = STATUTORY


@dataclass(frozen=True, slots=True)
class Said:
    """A reason or a mark: its code and the facts that its wording needs (:mod:`.light_words`)."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Light:
    """A light (红黄绿灯预警) on the day asked for, with its reason.

    ``state`` is the state that counts: the unit's, but 推进中 where the office has reopened the task. ``due``: the day
    that decided. ``days``: how many days overdue a red one is, or late a finished one (``unit`` says which days; 0 of
    working days: 不足1个工作日); None where neither. ``left``: calendar days to ``due`` where it is open and ahead.
    ``closed``: 销号. ``counts``: False once the office has approved 不涉及.
    """

    colour: Colour
    state: str
    reason: Said
    marks: tuple[Said, ...] = ()
    due: date | None = None
    days: int | None = None
    unit: str = CALENDAR_DAYS
    left: int | None = None
    closed: bool = False
    counts: bool = True

    @property
    def is_overdue(self) -> bool:
        """Tell whether a date is past and what it asks for is not done."""
        return self.colour is Colour.RED

    @property
    def is_late(self) -> bool:
        """Tell whether it was done after its date (逾期完成)."""
        return any(mark.code == "late" for mark in self.marks)

    @property
    def is_done(self) -> bool:
        """Tell whether the unit says that it is done, or the office has closed it, and no date is missed."""
        return self.closed or (self.state == DONE and not self.is_overdue)
