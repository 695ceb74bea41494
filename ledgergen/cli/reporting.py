"""Verbs that tell what stands: ``merge``, ``status``, ``show``."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from ledgergen.catalogue import Severity
from ledgergen.cli.options import as_json, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, table, worded_all
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.findings import Finding
    from ledgergen.state.entries import Entry
    from ledgergen.state.standing import RowKey


@click.command(help=_("Write the status workbook of a round into reports/."))
@round_id
@dry_run
@as_json
@click.pass_obj
def merge(session: Session, *, round_id: str | None, dry_run: bool, as_json: bool) -> int:
    """Write the status workbook."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.merge import merge as merge_round
    from ledgergen.cli.issuing import verb_text

    folder = find_folder(session.root)
    outcome = merge_round(folder, round_id=round_id, occasion=session.occasion, dry_run=dry_run)
    if as_json:
        files = [{"path": each.path, "verb": str(each.verb), "rows": each.rows} for each in outcome.files]
        put_json({"files": files, "findings": worded_all(outcome.findings)})
        return exit_code(outcome.findings)
    for each in outcome.files:
        put(_("{verb}  {path}  {rows} rows").format(verb=verb_text(each.verb), path=each.path, rows=each.rows))
    say_findings(outcome.findings)
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(outcome.findings)


@click.command(help=_("Tell how a round stands: tasks, assignments, who is missing."))
@round_id
@as_json
@click.pass_obj
def status(session: Session, *, round_id: str | None, as_json: bool) -> int:
    """Tell how a round stands."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.standing import read_progress
    from ledgergen.state.entries import STATES
    from ledgergen.state.progress import progress_json

    found, checks, findings = read_progress(find_folder(session.root), round_id)
    counts = {severity: sum(each.severity is severity for each in checks) for severity in Severity}
    if as_json:
        put_json(progress_json(found) | {"checks": {str(severity): count for severity, count in counts.items()}})
        say_findings(findings)
        return exit_code(findings)
    put(
        _("Round {round}: {done} of {total} units have returned").format(
            round=found.round, done=len(found.units) - len(found.silent), total=len(found.units)
        )
    )
    table(
        ("", *STATES, _("total")),
        [
            (_("tasks"), *(found.by_task[state] for state in STATES), len(found.tasks)),
            (_("assignments"), *(found.by_assignment[state] for state in STATES), len(found.assignments)),
        ],
    )
    rows = [
        (unit.unit, _("yes") if unit.returned else _("no"), *(unit.counts.get(state, 0) for state in STATES))
        for unit in found.units
    ]
    table((_("unit"), _("returned"), *STATES), rows)
    if found.silent:
        put(_("No return yet: {units}").format(units="、".join(printable(unit.unit) for unit in found.silent)))
    if checks:
        said = _("The checks of what was returned: errors {errors}, warnings {warnings}, notes {notes}.")
        errors, warnings, notes = counts.values()
        put(said.format(errors=errors, warnings=warnings, notes=notes))
    say_findings(findings)
    return exit_code(findings)


@click.command(help=_("Show what stands in every row, and where each value is from."))
@click.argument("what", required=False, metavar="[UNIT|TASK]")
@click.option("--entries", is_flag=True, help=_("Every measure row; the default."))
@click.option(
    "--cell",
    nargs=3,
    metavar="UNIT TASK COLUMN",
    help=_("The whole history of one value; - in place of the task for the head of the ledger."),
)
@click.option("--measure", default="", metavar="NO", help=_("Which measure, where the task has several."))
@click.option("--unit", "unit", metavar="NAME", help=_("Only this unit's rows."))
@click.option("--task", "task", metavar="ID", help=_("Only this task's rows."))
@round_id
@as_json
@click.pass_obj
def show(  # noqa: PLR0913 - one parameter an option
    session: Session,
    *,
    what: str | None,
    cell: tuple[str, str, str] | None,
    measure: str,
    entries: bool,
    unit: str | None,
    task: str | None,
    round_id: str | None,
    as_json: bool,
) -> int:
    """Show the entries."""
    del entries
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.standing import read_entries
    from ledgergen.state.entries import entry_json

    folder = find_folder(session.root)
    if cell:
        from ledgergen.cli.histories import show_history

        return show_history(folder, cell, measure, round_id, as_json=as_json)
    found, checks, findings = read_entries(folder, round_id, what=what, unit=unit, task=task)
    if as_json:
        put_json([entry_json(entry) | _checks_json(entry, checks) for entry in found])
    else:
        rows = [
            (
                entry.row.task,
                entry.unit,
                entry.row.measure,
                entry.state,
                entry.text("progress"),
                entry.fields["status"].source if "status" in entry.fields else "",
            )
            for entry in found
        ]
        table((_("task"), _("unit"), _("measure"), _("state"), _("progress"), _("source")), rows)
        say_findings(each for said in checks.values() for each in said)
    say_findings(findings)
    return exit_code(findings)


def _checks_json(entry: "Entry", checks: "Mapping[tuple[str, RowKey], list[Finding]]") -> dict[str, object]:
    """Give what the checks say of a row, where they say anything."""
    from ledgergen.findings import in_order

    said = checks.get((entry.unit, (entry.row.task, entry.row.measure)), [])
    facts = [{"code": each.code, "severity": str(each.severity), "where": str(each.where)} for each in in_order(said)]
    return {"findings": facts} if said else {}
