"""Documents of the right shape turned into records that carry their places."""

from collections.abc import Sequence

from ledgergen.findings import Finding
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.phrases import Phrase
from ledgergen.plan.schema import PlanShape, SettingsShape, TaskShape, UnitsShape, shaped
from ledgergen.records import Group, Plan, PlanFacts, Round, Settings, Task, Unit


def settings_in(document: Document) -> tuple[Settings | None, list[Finding]]:
    """Make the settings of ``ledgergen.yaml``, or say what is wrong with its shape."""
    shape, findings = shaped(SettingsShape, document)
    if shape is None:
        return None, findings
    rounds = tuple(Round(row.id, row.name, row.opens, row.due) for row in shape.rounds)
    contact = shape.contact
    return Settings(shape.id, shape.name, shape.layout, rounds, contact.office, contact.phone), findings


def plan_in(document: Document) -> tuple[Plan | None, list[Finding]]:
    """Make the plan of ``plan.yaml``, or say what is wrong with its shape."""
    shape, findings = shaped(PlanShape, document)
    if shape is None:
        return None, findings
    facts = PlanFacts(**dict(shape.plan))
    return Plan(facts, tuple(_task(row, ("tasks", index), document) for index, row in enumerate(shape.tasks))), findings


def units_in(document: Document) -> tuple[tuple[tuple[Unit, ...], tuple[Group, ...]] | None, list[Finding]]:
    """Make the units and groups of ``units.yaml``, or say what is wrong with its shape."""
    shape, findings = shaped(UnitsShape, document)
    if shape is None:
        return None, findings
    units = (
        Unit(row.name, row.kind, row.aliases, row.former_names, row.mail, document.where(("units", index)))
        for index, row in enumerate(shape.units)
    )
    groups = (
        Group(
            row.name, row.kinds, row.members, row.excepted, row.pending is not None, document.where(("groups", index))
        )
        for index, row in enumerate(shape.groups)
    )
    return (tuple(units), tuple(groups)), findings


def _task(row: TaskShape, steps: Steps, document: Document) -> Task:
    def phrases(key: str, texts: Sequence[str]) -> tuple[Phrase, ...]:
        return tuple(Phrase(text, document.where((*steps, key, index))) for index, text in enumerate(texts))

    deadline = document.resolved((*steps, "deadline")) if row.deadline else None
    return Task(
        id=row.id,
        name=row.name,
        requirement=row.requirement,
        section=row.section,
        lead=phrases("lead", row.lead),
        responsible=phrases("responsible", row.responsible),
        supporting=phrases("supporting", row.supporting),
        time_limit=row.time_limit,
        deadline=deadline if isinstance(deadline, dict) else None,
        measures=row.measures,
        where=document.where(steps),
    )
