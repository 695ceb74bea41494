"""Documents of the right shape turned into records that carry their places."""

from collections.abc import Sequence
from datetime import date

from ledgergen.findings import Finding
from ledgergen.plan.conversion_mail import mailboxes_in
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.phrases import Phrase
from ledgergen.plan.schema import OwnFormShape, PlanShape, SettingsShape, TaskShape, UnitsShape, shaped
from ledgergen.plan.schema_time import DeadlinePartShape, DeadlineShape
from ledgergen.records import (
    FormSettings,
    Group,
    LightSettings,
    MailSettings,
    PageSettings,
    Plan,
    PlanFacts,
    RemindSettings,
    Round,
    Settings,
    Task,
    Unit,
)


def settings_in(document: Document) -> tuple[Settings | None, list[Finding]]:
    """Make the settings of ``ledgergen.yaml``, or say what is wrong with its shape."""
    shape, findings = shaped(SettingsShape, document)
    if shape is None:
        return None, findings
    rounds = tuple(Round(row.id, row.name, row.opens, row.due, row.face or "", row.not_due) for row in shape.rounds)
    contact, own = shape.contact, shape.layout
    form = None if isinstance(own, str) else _own_form(own, document)
    layout = own if isinstance(own, str) else own.like
    days = shape.workdays
    settings = Settings(
        shape.id, shape.name, layout, rounds, contact.office, contact.phone, form, grace=shape.grace,
        extra_workdays=days.extra_workdays, extra_holidays=days.extra_holidays, complete_years=days.complete_years,
        checks=shape.checks.levels(), lights=LightSettings(**dict(shape.lights)),
        mailboxes=mailboxes_in(shape.mailboxes, document), mail=MailSettings(**dict(shape.mail)),
        remind=RemindSettings(**dict(shape.remind)), page=PageSettings(shape.page.fields, phones=shape.page.phones),
    )  # fmt: skip
    return settings, findings


def _own_form(row: OwnFormShape, document: Document) -> FormSettings:
    where = document.where(("layout", "template"))
    return FormSettings(row.template, row.sheet, row.header_row or 0, row.columns, row.cells, where)


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
        Unit(
            row.name, row.kind, row.aliases, row.former_names, row.mail, document.where(("units", index)),
            row.cc, row.contact, row.phone, row.channel or "mail",
        )
        for index, row in enumerate(shape.units)
    )  # fmt: skip
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

    return Task(
        id=row.id,
        name=row.name,
        requirement=row.requirement,
        section=row.section,
        lead=phrases("lead", row.lead),
        responsible=phrases("responsible", row.responsible),
        supporting=phrases("supporting", row.supporting),
        time_limit=Phrase(row.time_limit, document.where((*steps, "time_limit"))) if row.time_limit else "",
        deadline=_own_deadline(row.deadline) if row.deadline else None,
        measures=row.measures,
        publish=row.publish,
        where=document.where(steps),
    )


def _own_deadline(part: DeadlinePartShape) -> dict[str, object]:
    """Give the keys that are written, in their order, days as ISO texts: what ``Deadline.from_json`` reads."""
    found: dict[str, object] = {}
    for key in type(part).model_fields:
        value = getattr(part, key)
        if key in part.model_fields_set:
            found[key] = value.isoformat() if isinstance(value, date) else value
    if isinstance(part, DeadlineShape) and part.also:
        found["also"] = [_own_deadline(each) for each in part.also]
    return found
