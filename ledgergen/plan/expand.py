"""Plan × registry → assignments: who has which task, in which role."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ledgergen.findings import Finding, finding
from ledgergen.plan.phrases import place_of
from ledgergen.plan.units import Registry
from ledgergen.records import Assignment, Group, Plan, Role, Task, Unit


@dataclass(slots=True)
class _Share:
    """One unit's part in one task, as far as the phrases read so far tell."""

    unit: Unit
    role: Role
    named: Role | None  # the strongest role it is named in itself, not only through a group


@dataclass(slots=True)
class _Shares:
    """What the phrases of one task come to: its units by name, and what is left open."""

    units: dict[str, _Share] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    unknown: list[tuple[str, Role]] = field(default_factory=list)

    def add(self, unit: Unit, role: Role, *, named: bool) -> None:
        """Give a unit a part; the strongest role stays, whatever the order."""
        share = self.units.setdefault(unit.name, _Share(unit, role, None))
        share.role = _stronger(share.role, role)
        if named:
            share.named = _stronger(share.named or role, role)

    def answerable(self) -> set[str]:
        """Give the units that must see to it that a pending group gets its members; see :func:`expand`."""
        leads = {name for name, share in self.units.items() if share.role is Role.LEAD}
        named = {name for name, share in self.units.items() if share.named is Role.RESPONSIBLE}
        return leads or named


def expand(plan: Plan, registry: Registry) -> tuple[tuple[Assignment, ...], list[Finding]]:
    """Give every task to its units: one assignment per task and unit, with the unit's strongest role.

    In the order of the plan, and within a task in that of ``units.yaml``. A name nobody has is a finding at its very
    place, with the names it could mean; none of them is taken (product.md).

    A pending group (``pending: lead``; 有关职能部门 in the plans) adds nobody: the plan leaves it to the lead to say
    who that is, and a guess would burden units that the plan does not name. Lest it be forgotten, the lead gets the
    task marked ``pending`` (待牵头单位明确); in a task without a lead, those who are named themselves as responsible,
    because the plan makes them answer for it; where there is neither, the office must ask, and a warning says so.

    ``common`` is a unit's part that it has only through groups: the tasks that everybody has stand last in a ledger.
    """
    assignments: list[Assignment] = []
    findings: list[Finding] = []
    suggestions: dict[str, tuple[str, ...]] = {}
    for task in plan.tasks:
        shares = _shares(task, registry)
        findings += _task_faults(task, shares)
        for phrase, _ in shares.unknown:
            if phrase not in suggestions:
                suggestions[phrase] = registry.suggest(phrase)
            findings.append(_unknown(task, phrase, suggestions[phrase]))
        assignments += _assignments(task, shares, registry)
    busy = {assignment.unit.name for assignment in assignments}
    findings += (
        finding("unit-without-tasks", unit.where, name=unit.name) for unit in registry.units if unit.name not in busy
    )
    return tuple(assignments), findings


def _stronger(one: Role, other: Role) -> Role:
    return one if one.rank <= other.rank else other


def _phrases(task: Task) -> Iterator[tuple[str, Role]]:
    for role, phrases in (
        (Role.LEAD, task.lead),
        (Role.RESPONSIBLE, task.responsible),
        (Role.SUPPORTING, task.supporting),
    ):
        for phrase in phrases:
            yield phrase, role


def _shares(task: Task, registry: Registry) -> _Shares:
    shares = _Shares()
    for phrase, role in _phrases(task):
        match registry.find(phrase):
            case None:
                shares.unknown.append((phrase, role))
            case Unit() as unit:
                shares.add(unit, role, named=True)
            case Group(pending=True):
                shares.pending.append(phrase)
            case Group() as group:
                for unit in registry.members(group):
                    shares.add(unit, role, named=False)
    return shares


def _assignments(task: Task, shares: _Shares, registry: Registry) -> Iterator[Assignment]:
    pending = shares.answerable() if shares.pending else set()
    for share in sorted(shares.units.values(), key=lambda one: registry.order(one.unit)):
        yield Assignment(task, share.unit, share.role, share.unit.name in pending, share.named is None)


def _task_faults(task: Task, shares: _Shares) -> Iterator[Finding]:
    """Say what a task lacks, unless a name nobody has is the reason: that is said already.

    A task that names nobody at all is a fault of the plan alone; :func:`~.load.load_plan` says it.
    """
    if (
        shares.pending
        and not shares.answerable()
        and not any(role is not Role.SUPPORTING for _, role in shares.unknown)
    ):
        group = shares.pending[0]
        yield finding("pending-without-lead", place_of(group, task.where), id=task.id, name=task.name, group=group)
    if not shares.units and not shares.unknown and any(_phrases(task)):
        yield finding("task-without-units", task.where, id=task.id, name=task.name)


def _unknown(task: Task, phrase: str, near: tuple[str, ...]) -> Finding:
    place = place_of(phrase, task.where)
    if near:
        return finding("unit-near-miss", place, name=phrase, id=task.id, suggestions="、".join(near))
    return finding("unit-unknown", place, name=phrase, id=task.id)
