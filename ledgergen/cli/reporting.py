"""Verbs that tell what stands: ``merge``, ``status``, ``show``."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ledgergen.catalogue import Severity
from ledgergen.cli.options import as_json, as_of, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.findings import Finding
    from ledgergen.state.entries import Entry
    from ledgergen.state.light import Light
    from ledgergen.state.standing import RowKey


@click.command(help=VERBS["merge"].help)
@round_id
@as_of
@click.option(
    "--split-by",
    type=click.Choice(["section", "leader", "kind"]),
    help=_("Also one workbook for each section of the plan, each leader in charge, or each kind of unit."),
)
@dry_run
@as_json
@click.pass_obj
def merge(
    session: Session,
    *,
    round_id: str | None,
    as_of: datetime | None,
    split_by: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write the status workbook."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.merge import merge as merge_round
    from ledgergen.cli.issuing import verb_text

    outcome = merge_round(
        find_folder(session.root),
        round_id=round_id,
        occasion=session.occasion,
        dry_run=dry_run,
        as_of=as_of.date() if as_of else None,
        split_by=split_by or "",
    )
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


@click.command(help=VERBS["status"].help)
@round_id
@as_of
@as_json
@click.pass_obj
def status(session: Session, *, round_id: str | None, as_of: datetime | None, as_json: bool) -> int:
    """Tell how a round stands."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.mail_standing import read_mail_standing
    from ledgergen.campaign.telling import read_status
    from ledgergen.cli.sending import say_mail
    from ledgergen.cli.standing import say_status
    from ledgergen.state.moments import today
    from ledgergen.state.picture_json import picture_json

    day = as_of.date() if as_of else None
    stands = read_status(find_folder(session.root), round_id, today(session.occasion.now), day)
    found, checks, findings = stands.picture, stands.checks, stands.findings
    mail = read_mail_standing(find_folder(session.root), found.round)
    counts = {severity: sum(each.severity is severity for each in checks) for severity in Severity}
    if as_json:
        checked = {"checks": {str(severity): count for severity, count in counts.items()}}
        unreached = {"unreachable": [asdict(each) for each in stands.unreached]} if stands.unreached else {}
        put_json(picture_json(found) | checked | ({} if mail.is_empty else {"mail": mail.to_json()}) | unreached)
        say_findings(findings)
        return exit_code(findings)
    say_status(found)
    say_mail(mail)
    for each in stands.unreached:
        said = _("Mails to {address} ({unit}) do not arrive since {day}: {reason}")
        facts = {"address": each.address, "unit": each.unit or "—", "day": each.at[:10], "reason": each.reason or "—"}
        put(said.format(**{name: printable(text) for name, text in facts.items()}))
    if checks:
        said = _("The checks of what was returned: errors {errors}, warnings {warnings}, notes {notes}.")
        errors, warnings, notes = counts.values()
        put(said.format(errors=errors, warnings=warnings, notes=notes))
    say_findings(findings)
    return exit_code(findings)


@click.command(help=VERBS["show"].help)
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
@as_of
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
    as_of: datetime | None,
    as_json: bool,
) -> int:
    """Show the entries."""
    del entries
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.telling import Wanted, read_entries
    from ledgergen.state.entries import entry_json
    from ledgergen.state.moments import today
    from ledgergen.state.picture_json import light_json

    folder = find_folder(session.root)
    if cell:
        from ledgergen.cli.histories import show_history

        return show_history(folder, cell, measure, round_id, as_json=as_json)
    day = as_of.date() if as_of else None
    found, lights, checks, findings = read_entries(
        folder, round_id, Wanted(what, unit, task), today(session.occasion.now), day
    )
    if as_json:
        put_json(
            [
                entry_json(entry, light_json(lights[entry.unit, entry.row.task])) | _checks_json(entry, checks)
                for entry in found
            ]
        )
    else:
        _put_entries(found, lights)
        say_findings(each for said in checks.values() for each in said)
    say_findings(findings)
    return exit_code(findings)


def _put_entries(found: "Sequence[Entry]", lights: "Mapping[tuple[str, str], Light]") -> None:
    from ledgergen.state.light_words import colour_text, reason_text

    rows = [
        (
            entry.row.task,
            entry.unit,
            entry.row.measure,
            entry.state,
            colour_text(lights[entry.unit, entry.row.task].colour),
            reason_text(lights[entry.unit, entry.row.task]),
            entry.text("progress"),
            entry.fields["status"].source if "status" in entry.fields else "",
        )
        for entry in found
    ]
    titles = (_("task"), _("unit"), _("measure"), _("state"), _("light"), _("why"), _("progress"), _("source"))
    table(titles, rows)


def _checks_json(entry: "Entry", checks: "Mapping[tuple[str, RowKey], list[Finding]]") -> dict[str, object]:
    """Give what the checks say of a row, where they say anything."""
    from ledgergen.findings import in_order

    said = checks.get((entry.unit, (entry.row.task, entry.row.measure)), [])
    facts = [{"code": each.code, "severity": str(each.severity), "where": str(each.where)} for each in in_order(said)]
    return {"findings": facts} if said else {}
