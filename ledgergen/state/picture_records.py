"""What the picture of a round is made of: assignments, tasks and units with their lights, and what they add up to.

It is made by :func:`.picture.picture`, which has the rules.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from ledgergen.records import Role
from ledgergen.state.fold import BookState
from ledgergen.state.light import Colour, Light, Stage
from ledgergen.state.progress import AssignmentProgress, Progress

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of something there are, in all and by stage, state and colour; each of the three adds up to ``total``.

    ``overdue``: those with a red light, the silent ones among them. ``late``: done after their date (逾期完成).
    """

    total: int = 0
    by_stage: Mapping[Stage, int] = field(default_factory=dict)
    by_state: Mapping[str, int] = field(default_factory=dict)
    by_colour: Mapping[Colour, int] = field(default_factory=dict)
    late: int = 0

    @property
    def overdue(self) -> int:
        """Count the red lights."""
        return self.by_colour.get(Colour.RED, 0)

    @property
    def finished(self) -> int:
        """Count what is done, checked or not."""
        return self.by_stage.get(Stage.CLOSED, 0) + self.by_stage.get(Stage.CLAIMED, 0)

    @staticmethod
    def of(items: "Iterable[Assessed | AssessedTask]") -> "Counts":
        """Count assignments or tasks."""
        found = list(items)
        return Counts(
            len(found),
            Counter(item.stage for item in found),
            Counter(item.state for item in found),
            Counter(item.light.colour for item in found),
            sum(item.light.is_late for item in found),
        )

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form, every stage and colour named."""
        return {
            "total": self.total,
            "by_stage": {str(stage): self.by_stage.get(stage, 0) for stage in Stage},
            "by_state": dict(self.by_state),
            "by_light": {str(colour): self.by_colour.get(colour, 0) for colour in Colour},
            "late": self.late,
        }


@dataclass(frozen=True, slots=True)
class Assessed:
    """One task × one unit (任务分工): its light, its stage, and the facts that lists and sums group it by.

    ``leader`` and ``office`` are the unit's own (单位分管领导、责任科室); ``note`` is what it says beside (说明);
    ``pending``: the task also names units that only the lead can name. ``past_due``: its light would be red if nothing
    that the unit says to be done were.
    """

    task: str
    number: str
    name: str
    section: tuple[str, ...]
    unit: str
    kind: str
    role: Role
    state: str
    light: Light
    stage: Stage
    leader: str
    office: str
    note: str
    pending: bool
    past_due: bool
    progress: AssignmentProgress

    @property
    def key(self) -> tuple[str, str]:
        """Give the task's id and the unit's name."""
        return self.task, self.unit


@dataclass(frozen=True, slots=True)
class AssessedTask:
    """One task over its units.

    ``decided_by``: the assignments whose states and lights are the task's, ``because``: the one whose light it shows.
    ``otherwise``: those that stand worse than
    the task does, which a reader of the task's light alone would not see.
    """

    task: str
    number: str
    name: str
    section: tuple[str, ...]
    time_limit: str
    state: str
    light: Light
    stage: Stage
    assignments: tuple[Assessed, ...]
    decided_by: tuple[Assessed, ...]
    because: Assessed
    otherwise: tuple[Assessed, ...]

    @property
    def leads(self) -> tuple[str, ...]:
        """Name the lead units."""
        return tuple(item.unit for item in self.assignments if item.role is Role.LEAD)

    @property
    def counts(self) -> Counts:
        """Count its assignments that count."""
        return Counts.of(item for item in self.assignments if item.light.counts)


@dataclass(frozen=True, slots=True)
class AssessedUnit:
    """One unit: whether its ledger came back, when, and what became of its assignments."""

    unit: str
    kind: str
    book: BookState
    late: bool
    assignments: tuple[Assessed, ...]
    counts: Counts

    @property
    def returned(self) -> bool:
        """Tell whether any ledger of the unit came back."""
        return bool(self.book.receipts)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a leader is to decide (需领导协调事项).

    ``code``: ``asked``, where a unit asks for something or says what keeps it, in its own words (``text``), of a task
    that is not done; ``pending``, where a lead has yet to name who else is responsible.
    """

    code: str
    item: Assessed
    text: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """An assignment that stands otherwise than at the end of the round before; ``before`` is None where it is new."""

    item: Assessed
    before: Assessed | None

    @property
    def code(self) -> str:
        """Say which way: ``new``, ``better``, ``worse`` (the light), or ``state`` where only the state is another."""
        if self.before is None:
            return "new"
        change = self.item.light.colour.rank - self.before.light.colour.rank
        return "better" if change > 0 else "worse" if change < 0 else "state"


@dataclass(frozen=True)
class Picture:
    """A round as it stands on a day (:mod:`.picture`). Without slots, so that what follows from it is made once.

    ``until``: ISO time of the last thing that it knows of (数据截至). ``before``: the picture of the round before at
    its end, where there was one.
    """

    round: str
    as_of: date
    until: str
    progress: Progress
    tasks: tuple[AssessedTask, ...]
    units: tuple[AssessedUnit, ...]
    before: "Picture | None" = None

    @cached_property
    def assignments(self) -> tuple[Assessed, ...]:
        """Give every assignment that counts, unit by unit."""
        return tuple(item for unit in self.units for item in unit.assignments if item.light.counts)

    @cached_property
    def task_counts(self) -> Counts:
        """Count the tasks."""
        return Counts.of(task for task in self.tasks if task.light.counts)

    @cached_property
    def assignment_counts(self) -> Counts:
        """Count the assignments."""
        return Counts.of(self.assignments)

    @cached_property
    def silent_units(self) -> tuple[AssessedUnit, ...]:
        """Give the units whose ledger did not come back (未报)."""
        return tuple(unit for unit in self.units if not unit.returned)

    @cached_property
    def late_units(self) -> tuple[AssessedUnit, ...]:
        """Give the units whose first return came after the round's last day (迟报)."""
        return tuple(unit for unit in self.units if unit.late)

    @cached_property
    def overdue(self) -> tuple[Assessed, ...]:
        """Give the red lights, those overdue longest first; leads before others."""
        found = [item for item in self.assignments if item.light.is_overdue]
        return tuple(sorted(found, key=lambda item: (item.light.due or date.max, item.role.rank)))

    @cached_property
    def due_soon(self) -> tuple[Assessed, ...]:
        """Give what is open and yellow because its date is near, the nearest first."""
        found = [
            item for item in self.assignments if item.light.colour is Colour.YELLOW and item.light.left is not None
        ]
        return tuple(sorted(found, key=lambda item: (item.light.left or 0, item.role.rank)))

    @cached_property
    def unreported(self) -> tuple[Assessed, ...]:
        """Give the assignments of which nothing was reported (未报送), overdue or not, unit by unit."""
        return tuple(item for item in self.assignments if item.stage is Stage.SILENT)

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """Give what a leader is to decide, in the plan's order."""
        return tuple(each for task in self.tasks for item in task.assignments for each in _wanted(item))

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        """Give what stands otherwise than at the end of the round before, in the plan's order; none in the first."""
        if self.before is None:
            return ()
        known = {item.key: item for item in self.before.assignments}
        pairs = (Moved(item, known.get(item.key)) for task in self.tasks for item in task.assignments)
        return tuple(each for each in pairs if each.item.light.counts and _has_moved(each))

    def by_section(self) -> dict[tuple[str, ...], tuple[AssessedTask, ...]]:
        """Group the tasks by the headings above them, in the plan's order."""
        return _grouped((task.section, task) for task in self.tasks if task.light.counts)

    def by_leader(self) -> dict[tuple[str, str], tuple[Assessed, ...]]:
        """Group the assignments by unit and the unit's leader in charge; an empty name where none was given."""
        return _grouped(((item.unit, item.leader), item) for item in self.assignments)

    def by_kind(self) -> dict[str, tuple[AssessedUnit, ...]]:
        """Group the units by their kind (单位类别), in the order of issue."""
        return _grouped((unit.kind, unit) for unit in self.units)

    def narrowed(self, keep: "Callable[[Assessed], bool]") -> "Picture":
        """Give the part of the picture that concerns some assignments: their tasks and units, with nothing else.

        A task keeps the state and the light that it has as a whole.
        """
        units = [
            replace(unit, assignments=own, counts=Counts.of(item for item in own if item.light.counts))
            for unit in self.units
            if (own := tuple(filter(keep, unit.assignments)))
        ]
        tasks = [
            replace(task, assignments=left, otherwise=tuple(filter(keep, task.otherwise)))
            for task in self.tasks
            if (left := tuple(filter(keep, task.assignments)))
        ]
        before = self.before.narrowed(keep) if self.before else None
        return replace(self, tasks=tuple(tasks), units=tuple(units), before=before)


def first_return(book: BookState) -> str:
    """Give the time a unit's first return was received, else first collected; empty where there is none."""
    parcel = book.receipts[0].parcel if book.receipts else None
    return parcel.received or parcel.collected if parcel else ""


def _wanted(item: Assessed) -> Iterator[Wanted]:
    open_ = item.stage not in (Stage.CLOSED, Stage.CLAIMED, Stage.NOT_CONCERNED)
    if item.note and open_ and item.light.counts:
        yield Wanted("asked", item, item.note)
    if item.pending and open_:
        yield Wanted("pending", item)


def _has_moved(each: Moved) -> bool:
    before, now = each.before, each.item
    if before is None:
        return True
    return (before.state, before.light.colour, before.stage) != (now.state, now.light.colour, now.stage)


def _grouped(pairs: Iterable[tuple[_Key, _Item]]) -> dict[_Key, tuple[_Item, ...]]:
    found: dict[_Key, list[_Item]] = {}
    for key, item in pairs:
        found.setdefault(key, []).append(item)
    return {key: tuple(items) for key, items in found.items()}
