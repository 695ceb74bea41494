"""The three files of a campaign: bytes in, records and findings out.

A record is given as soon as it is sure what the file means, even if something in it must still be put right, so that
one run of ``check`` says all there is to say. Whoever writes anything from the records first asks
:func:`~ledgergen.findings.has_errors`. Where the shape is wrong or two things go by one name there is no record.
"""

from ledgergen.findings import Finding, finding
from ledgergen.plan import identity
from ledgergen.plan.units import Registry, group_faults
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.records import Plan, Settings


def load_settings(data: bytes, file: str = "ledgergen.yaml") -> tuple[Settings | None, list[Finding]]:
    """Load the settings of a campaign."""
    from ledgergen.plan.conversion import settings_in

    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    settings, findings = settings_in(document)
    twice = [*identity.round_ids(document), *identity.mailbox_names(document)]
    return (None if twice else settings), [*findings, *twice]


def load_plan(data: bytes, file: str = "plan.yaml") -> tuple[Plan | None, list[Finding]]:
    """Load a year's plan. The units of its tasks are :class:`~.phrases.Phrase`, texts that know their places."""
    from ledgergen.plan.conversion import plan_in

    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    plan, findings = plan_in(document)
    twice = identity.task_ids(document)
    findings += twice
    # What depends on something being absent is asked only when no misspelt key can be the reason.
    if plan and not plan.tasks:
        findings.append(finding("plan-empty", document.where(("tasks",))))
    for task in plan.tasks if plan else ():
        if not (task.lead or task.responsible or task.supporting):
            findings.append(finding("task-without-units", task.where, id=task.id, name=task.name))
    return (None if twice else plan), findings


def load_units(data: bytes, file: str = "units.yaml") -> tuple[Registry | None, list[Finding]]:
    """Load the units and groups."""
    from ledgergen.plan.conversion import units_in

    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    who, findings = units_in(document)
    twice = [*identity.unit_names(document), *identity.group_names(document)]
    if who is None or twice:
        return None, [*findings, *twice]
    registry = Registry(*who)
    return registry, group_faults(registry, document)
