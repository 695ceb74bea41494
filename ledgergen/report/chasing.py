"""What a unit owes on a day, all of it in one: its ledger, what is to be put right, tasks that are due or overdue.

Three kinds, by the gravest thing that is owed: 提醒 before anything is due, 催报 where a ledger or a part of it is
missing, 督办 where a task has passed its date (its light is red). A task of which nothing was reported is a part of the
missing ledger until the ledger has been chased through all its steps: nobody is urged to do what he was never asked of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from ledgergen.messages import translator
from ledgergen.records import Round
from ledgergen.report.facts import day_of
from ledgergen.report.letters import day_values
from ledgergen.state.correction import counted, tally
from ledgergen.state.light import Stage
from ledgergen.state.light_words import days_text
from ledgergen.state.picture import Assessed, AssessedUnit, Picture

_MOST: Final = 40  # items named in one mail; the rest are counted
_NUMBERS: Final = 20  # numbers of tasks named in one item


class Kind(StrEnum):
    """What kind of reminder it is, the gravest last."""

    BEFORE = "before"
    MISSING = "missing"
    OVERDUE = "overdue"

    @property
    def rank(self) -> int:
        """Give the place from the mildest: 0."""
        return list(Kind).index(self)


KINDS: Final[Mapping[Kind, str]] = {Kind.BEFORE: "提醒", Kind.MISSING: "催报", Kind.OVERDUE: "督办"}


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is owed: what, until when. ``days`` are those left, ``late`` says how many are over.

    ``since`` is the day from which the steps count where nothing says until when.
    """

    kind: Kind
    what: str
    due: date | None
    days: int = 0
    late: str = ""
    since: date | None = None

    def values(self) -> dict[str, object]:
        """Give it as templates use it."""
        return {
            "what": self.what,
            "due": day_values(self.due),
            "days": self.days,
            "late": self.late,
            "kind": KINDS[self.kind],
        }


@dataclass(frozen=True, slots=True)
class Owing:
    """A unit with all that it owes, the gravest and oldest first."""

    unit: str
    items: tuple[Owed, ...]

    @property
    def kind(self) -> Kind:
        """Give the kind of the gravest thing."""
        return max((each.kind for each in self.items), key=lambda kind: kind.rank)

    @property
    def due(self) -> date | None:
        """Give the day that counts for the steps: of what gives the kind, the oldest; ahead, the nearest."""
        days = [each.due or each.since for each in self.items if each.kind is self.kind]
        return min(filter(None, days), default=None)

    def values(self) -> list[dict[str, object]]:
        """Give the items as templates use them; of very many the first, and how many more there are."""
        shown = [each.values() for each in self.items[:_MOST]]
        if (more := len(self.items) - _MOST) > 0:
            shown.append(Owed(self.kind, f"另有{more}项，详见台账", None).values())
        return shown


@dataclass(frozen=True, slots=True)
class Standing:
    """What owing is reckoned from besides the picture: the round, how far ahead to look, and what is noted by hand.

    ``ahead`` days before it is due a task is named; a silent one is urged once its ledger is more than ``patience``
    days late. ``wrong``: by unit, how many cells must be put right. ``handed_in``: units that handed in on paper or in
    a chat.
    """

    round: Round
    ahead: int
    patience: int = 0
    wrong: Mapping[str, int] = field(default_factory=dict)
    handed_in: frozenset[str] = frozenset()


def owing(picture: Picture, known: Standing) -> list[Owing]:
    """Give every unit that owes something, in the order of issue."""
    found = []
    for unit in picture.units:
        items = sorted(
            _items(unit, picture.as_of, known), key=lambda each: (-each.kind.rank, each.due or each.since or date.max)
        )
        if items:
            found.append(Owing(unit.unit, tuple(items)))
    return found


def waits(unit: AssessedUnit) -> bool:
    """Tell whether something of the unit's came in that waits for the office, and nothing that counts."""
    return bool(unit.book.receipts or unit.book.held) and not counted(unit.book)


def _items(unit: AssessedUnit, today: date, known: Standing) -> Iterator[Owed]:
    yield from _of_the_ledger(unit, today, known)
    due = known.round.due
    is_patient = due == date.max or (today - due).days <= known.patience
    for item in unit.assignments:
        if item.stage is Stage.SILENT and item.light.is_overdue and is_patient:
            continue
        if item.light.counts and not item.light.is_done:
            yield from _of_a_task(item, today, known.ahead)


def _of_the_ledger(unit: AssessedUnit, today: date, known: Standing) -> Iterator[Owed]:
    due = known.round.due if known.round.due < date.max else None
    name = known.round.name
    if not counted(unit.book):
        if unit.unit not in known.handed_in and not waits(unit):
            yield _dated(f"报送{name}台账", due, today)
        return
    came = day_of(counted(unit.book)[-1].order[0])
    if wrong := known.wrong.get(unit.unit, 0):
        yield Owed(Kind.MISSING, f"{name}台账有{wrong}处须补正（见退回文件）", None, since=came)
    if blank := tally(unit.book).blank:
        numbers = "、".join(blank[:_NUMBERS]) + ("等" if len(blank) > _NUMBERS else "")
        yield _dated(f"{name}台账尚有{len(blank)}项未填报（编号：{numbers}）", due, today)


def _of_a_task(item: Assessed, today: date, ahead: int) -> Iterator[Owed]:
    light, what = item.light, f"任务{item.number}“{item.name}”"
    if light.is_overdue:
        late = days_text(light.days, light.unit, translator("zh")) if light.days else _passed(light.due, today)
        yield Owed(Kind.OVERDUE, what, light.due, late=late)
    elif light.left is not None and light.due and light.left <= ahead:
        yield Owed(Kind.BEFORE, what, light.due, days=light.left)


def _dated(what: str, due: date | None, today: date) -> Owed:
    if due is not None and today <= due:
        return Owed(Kind.BEFORE, what, due, days=(due - today).days)
    return Owed(Kind.MISSING, what, due, late=_passed(due, today))


def _passed(day: date | None, today: date) -> str:
    return f"{(today - day).days}天" if day and today > day else ""
