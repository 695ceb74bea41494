"""Progress: the states of assignments and tasks, and the counts that every report shows. Tasks first, then assignments.

A state is made of several by one rule (:func:`combined`), whether measures make an assignment or assignments a task.
A task's state is that of its lead; where none is named, of all responsible units.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledgergen.records import Role
from ledgergen.state.entries import (
    CONTINUING,
    DONE,
    NOT_CONCERNED,
    NOT_RETURNED,
    NOT_STARTED,
    UNDER_WAY,
    Entry,
    entries,
)
from ledgergen.state.fold import BookState, State


@dataclass(frozen=True, slots=True)
class AssignmentProgress:
    """One task × one unit: its role, its state, and the rows it is made of."""

    task: str
    unit: str
    role: Role
    state: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """One task over its units: its state by the rule above, and how many assignments are in which state."""

    task: str
    number: str
    name: str
    state: str
    counts: Mapping[str, int]
    assignments: tuple[AssignmentProgress, ...]


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """One unit: whether a ledger came back and when, and how many of its assignments are in which state."""

    unit: str
    book: BookState
    counts: Mapping[str, int]
    assignments: tuple[AssignmentProgress, ...]

    @property
    def returned(self) -> bool:
        """Tell whether any ledger of the unit came back."""
        return bool(self.book.receipts)


@dataclass(frozen=True, slots=True)
class Progress:
    """A round as it stands: per task in the plan's order, per unit in the order of issue."""

    round: str
    tasks: tuple[TaskProgress, ...]
    units: tuple[UnitProgress, ...]

    @property
    def assignments(self) -> tuple[AssignmentProgress, ...]:
        """Give every assignment, unit by unit."""
        return tuple(assignment for unit in self.units for assignment in unit.assignments)

    @property
    def by_task(self) -> Counter[str]:
        """Count the tasks by state."""
        return Counter(task.state for task in self.tasks)

    @property
    def by_assignment(self) -> Counter[str]:
        """Count the assignments by state."""
        return Counter(assignment.state for assignment in self.assignments)

    @property
    def silent(self) -> tuple[UnitProgress, ...]:
        """Give the units without a return."""
        return tuple(unit for unit in self.units if not unit.returned)


def combined(states: Iterable[str]) -> str:
    """Make one state of several.

    不涉及 counts for nothing beside another; all equal: that one; nothing but 已完成 and 持续推进: 持续推进;
    未报送 only where nothing else was reported beside 未启动; whatever else is mixed is under way (推进中).
    """
    distinct = set(states)
    if not distinct:
        return NOT_RETURNED
    if len(distinct) > 1:
        distinct.discard(NOT_CONCERNED)
    if len(distinct) == 1:
        return distinct.pop()
    if distinct == {DONE, CONTINUING}:
        return CONTINUING
    if distinct == {NOT_RETURNED, NOT_STARTED}:
        return NOT_STARTED
    return UNDER_WAY


def progress(state: State, round_id: str) -> Progress:
    """Work out how a round stands."""
    units: list[UnitProgress] = []
    by_task: dict[str, list[AssignmentProgress]] = {}
    rows: dict[str, dict[str, list[Entry]]] = {}
    for entry in entries(state, round_id):
        rows.setdefault(entry.unit, {}).setdefault(entry.row.task, []).append(entry)
    for book in state.of_round(round_id):
        unit = book.issued.book.unit
        assignments = tuple(_assignment(task, unit, own) for task, own in rows.get(unit, {}).items())
        for assignment in assignments:
            by_task.setdefault(assignment.task, []).append(assignment)
        units.append(UnitProgress(unit, book, Counter(item.state for item in assignments), assignments))
    tasks = [_task(task, own) for task, own in by_task.items()]
    return Progress(round_id, tuple(sorted(tasks, key=lambda task: _plan_order(task.number))), tuple(units))


def _assignment(task: str, unit: str, own: list[Entry]) -> AssignmentProgress:
    return AssignmentProgress(task, unit, own[0].row.role, combined(entry.state for entry in own), tuple(own))


def _task(task: str, own: list[AssignmentProgress]) -> TaskProgress:
    deciding = [item for item in own if item.role is Role.LEAD] or [
        item for item in own if item.role is Role.RESPONSIBLE
    ]
    row = own[0].entries[0].row
    return TaskProgress(
        task,
        row.text("plan_no"),
        row.text("task"),
        combined(item.state for item in deciding or own),
        Counter(item.state for item in own),
        tuple(own),
    )


def _plan_order(number: str) -> list[tuple[int, str]]:
    """Order 2 before 10 and 1.2 before 1.10."""
    return [(int(part), "") if part.isdecimal() else (1 << 30, part) for part in number.split(".")]


def progress_json(found: Progress) -> dict[str, object]:
    """Give the machine-readable form (product.md, ``status --json``)."""
    return {
        "round": found.round,
        "tasks": {"total": len(found.tasks), "by_state": dict(found.by_task)},
        "assignments": {"total": len(found.assignments), "by_state": dict(found.by_assignment)},
        "units": [_unit_json(unit) for unit in found.units],
        "by_task": [
            {"task": item.task, "name": item.name, "state": item.state, "by_state": dict(item.counts)}
            for item in found.tasks
        ],
        "without_return": [unit.unit for unit in found.silent],
        "disagreements": sum(each.is_open for unit in found.units for each in unit.book.disagreements),
    }


def _unit_json(unit: UnitProgress) -> dict[str, object]:
    return {
        "unit": unit.unit,
        "returned": unit.returned,
        "returns": len(unit.book.receipts),
        "assignments": len(unit.assignments),
        "by_state": dict(unit.counts),
    }
