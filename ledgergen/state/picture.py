"""The picture of a round on a day: the one place where lights, sums and lists are made of what stands.

Terminal, workbook, summary sheets, notices, page and JSON all read it and count nothing themselves, so that they agree
on every number. It holds codes and facts, no words.

The rules for what is more than one row: a unit's part in a task (任务分工) has the state of its rows together
(:func:`.progress.combined`) and one light. A task has the state and the worst light of its lead units; where none is
named, of all responsible ones; where neither is, of all; grey only where all of them are. Units that are approved as
not concerned count nowhere; not concerned counts for nothing beside another. Where the other units stand otherwise, the
task says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from ledgergen.plan.deadline import Deadline, deadline_of, read_limit
from ledgergen.plan.workdays import calendar_of
from ledgergen.records import Assignment, Plan, PlanFacts, Role, Round, Settings, Task, Unit
from ledgergen.state.claims import Arrivals, arrivals_of, claim_of
from ledgergen.state.entries import DONE, NOT_CONCERNED, NOT_RETURNED
from ledgergen.state.fold import State
from ledgergen.state.light import Colour, Light, Stage, Terms, Verdict, light, unfinished
from ledgergen.state.moments import day_of
from ledgergen.state.picture_records import (
    Assessed,
    AssessedTask,
    AssessedUnit,
    Counts,
    Moved,
    Picture,
    Wanted,
    first_return,
)
from ledgergen.state.progress import AssignmentProgress, TaskProgress, UnitProgress, combined, progress

__all__ = [
    "Assessed",
    "AssessedTask",
    "AssessedUnit",
    "Counts",
    "Grounds",
    "Moved",
    "Picture",
    "Wanted",
    "first_return",
    "picture",
    "stage_of",
    "terms_of",
]

_NOTE: Final = "note"
# Grey beside green is not a task's light: something is known of it, and who is silent stands beside.
_TASK_RANKS: Final = {Colour.RED: 0, Colour.YELLOW: 1, Colour.GREEN: 2, Colour.GREY: 3}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the picture needs besides what stands: the plan's limits and headings, the terms, the units' kinds.

    ``tasks`` by id; a task that the plan no longer has is judged by the words that its ledger shows. ``verdicts``: the
    office's newest by task and unit. ``due``: the last day for handing in, None where the round is no longer known.
    """

    tasks: Mapping[str, Task] = field(default_factory=dict)
    facts: PlanFacts | None = None
    terms: Terms = field(default_factory=Terms)
    kinds: Mapping[str, str] = field(default_factory=dict)
    pending: frozenset[tuple[str, str]] = frozenset()
    verdicts: Mapping[tuple[str, str], Verdict] = field(default_factory=dict)
    due: date | None = None

    @staticmethod
    def of(
        settings: Settings,
        plan: Plan | None,
        units: Iterable[Unit] = (),
        assignments: Iterable[Assignment] = (),
        chosen: Round | None = None,
        verdicts: Mapping[tuple[str, str], Verdict] = MappingProxyType({}),
    ) -> "Grounds":
        """Take them from the office's files; ``plan`` None where it has faults just now."""
        facts = plan.facts if plan else None
        return Grounds(
            {task.id: task for task in plan.tasks} if plan else {},
            facts,
            terms_of(settings, facts),
            {unit.name: unit.kind for unit in units},
            frozenset((item.task.id, item.unit.name) for item in assignments if item.pending),
            verdicts,
            chosen.due if chosen else None,
        )

    def deadline(self, task: str, words: str) -> Deadline:
        """Give the reading of a task's limit."""
        known = self.tasks.get(task)
        if known and self.facts:
            return deadline_of(known, self.facts)
        return read_limit(words, self.facts.year, self.terms.issued) if self.facts else Deadline("none")


def picture(state: State, round_id: str, as_of: date, grounds: Grounds, before: Picture | None = None) -> Picture:
    """Make the picture of a round on a day, of what was known on it (:mod:`.past`)."""
    found = progress(state, round_id)
    arrivals = arrivals_of(state)
    assessed = {
        unit.unit: tuple(_assessed(item, arrivals, grounds, as_of) for item in unit.assignments) for unit in found.units
    }
    by_task: dict[str, list[Assessed]] = {}
    for items in assessed.values():
        for item in items:
            by_task.setdefault(item.task, []).append(item)
    tasks = tuple(_task(task, by_task[task.task], grounds) for task in found.tasks)
    units = tuple(_unit(unit, assessed[unit.unit], grounds) for unit in found.units)
    return Picture(round_id, as_of, state.until, found, tasks, units, before)


def terms_of(settings: Settings, facts: PlanFacts | None) -> Terms:
    """Give by what the lights of a campaign are reckoned."""
    began = date(facts.year, 1, 1) if facts else None
    return Terms(facts.issued if facts else None, began, settings.lights, settings.grace, calendar_of(settings))


def stage_of(state: str, found: Light) -> Stage:
    """Give the stage that a state with its light comes to."""
    if state == NOT_CONCERNED:
        return Stage.NOT_CONCERNED
    if found.closed:
        return Stage.CLOSED
    if state == NOT_RETURNED:
        return Stage.SILENT
    if found.is_overdue:
        return Stage.OVERDUE
    return Stage.CLAIMED if state == DONE else Stage.ON_TRACK


def _assessed(item: AssignmentProgress, arrivals: Arrivals, grounds: Grounds, as_of: date) -> Assessed:
    first = item.entries[0]
    row, task = first.row, grounds.tasks.get(item.task)
    deadline = grounds.deadline(item.task, row.text("time_limit"))
    repeated = any(part.kind == "recurring" or part.event or part.times for part in deadline.parts)
    claim = claim_of(item.state, item.entries, arrivals, with_earlier=repeated)
    found = light(claim, deadline, as_of, grounds.terms, grounds.verdicts.get((item.task, item.unit)))
    claims = claim.state != NOT_CONCERNED and any(each.published_on or each.state == DONE for each in claim.pieces)
    past_due = found.is_overdue or (claims and light(unfinished(claim), deadline, as_of, grounds.terms).is_overdue)
    return Assessed(
        item.task,
        row.text("plan_no") or item.task,
        row.text("task") or (task.name if task else ""),
        task.section if task else (),
        item.unit,
        grounds.kinds.get(item.unit, ""),
        item.role,
        found.state,
        found,
        stage_of(found.state, found),
        first.text("leader"),
        first.text("office"),
        "；".join(dict.fromkeys(filter(None, (entry.text(_NOTE) for entry in item.entries)))),
        (item.task, item.unit) in grounds.pending,
        past_due,
        item,
    )


def _task(task: TaskProgress, own: Sequence[Assessed], grounds: Grounds) -> AssessedTask:
    counted = [item for item in own if item.light.counts] or list(own)
    deciding = next(
        found
        for found in (
            [item for item in counted if item.role is Role.LEAD],
            [item for item in counted if item.role is Role.RESPONSIBLE],
            counted,
        )
        if found
    )
    concerned = [item for item in deciding if item.state != NOT_CONCERNED] or deciding
    worst = min(concerned, key=lambda item: (_TASK_RANKS[item.light.colour], item.light.due or date.max))
    state = combined(item.state for item in concerned)
    closed = all(item.light.closed for item in concerned)
    stage = stage_of(state, worst.light)
    stage = Stage.CLOSED if closed and state != NOT_CONCERNED else _open_stage(stage, concerned)
    known = grounds.tasks.get(task.task)
    return AssessedTask(
        task.task,
        task.number or task.task,
        task.name or (known.name if known else ""),
        known.section if known else (),
        known.time_limit if known else own[0].progress.entries[0].row.text("time_limit"),
        state,
        worst.light,
        stage,
        tuple(own),
        tuple(deciding),
        worst,
        tuple(item for item in counted if item.light.colour.rank < worst.light.colour.rank),
    )


def _open_stage(stage: Stage, concerned: Sequence[Assessed]) -> Stage:
    """Give the stage of a task that is not closed as a whole: one closed part beside an open one closes nothing."""
    if stage is not Stage.CLOSED:
        return stage
    left = [item for item in concerned if not item.light.closed]
    return stage_of(combined(item.state for item in left), min(left, key=lambda item: item.light.colour.rank).light)


def _unit(unit: UnitProgress, own: tuple[Assessed, ...], grounds: Grounds) -> AssessedUnit:
    counts = Counts.of(item for item in own if item.light.counts)
    first = first_return(unit.book)
    day = day_of(first) if first else None
    late = day is not None and grounds.due is not None and day > grounds.due
    return AssessedUnit(unit.unit, grounds.kinds.get(unit.unit, ""), unit.book, late, own, counts)
