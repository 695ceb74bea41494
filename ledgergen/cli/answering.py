"""The verb that answers units: ``answer``."""

from typing import TYPE_CHECKING

import click

from ledgergen.cli.options import as_json, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.answering import Answered


@click.command(help=_("Write the answers to units that have returned: a kick-back or a receipt."))
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@round_id
@dry_run
@as_json
@click.pass_obj
def answer(session: Session, units: tuple[str, ...], *, round_id: str | None, dry_run: bool, as_json: bool) -> int:
    """Write the answers."""
    from ledgergen.campaign.answering import answer_units
    from ledgergen.campaign.folder import find_folder

    folder = find_folder(session.root)
    answers, findings = answer_units(folder, units, round_id=round_id, occasion=session.occasion, dry_run=dry_run)
    if as_json:
        put_json({"answers": [each.to_json() for each in answers], "findings": worded_all(findings)})
        return exit_code(findings)
    for each in answers:
        put(_line(each))
    say_findings(findings)
    kickbacks = sum(each.kind == "kickback" for each in answers)
    counts = {"kickbacks": kickbacks, "receipts": len(answers) - kickbacks}
    say(_("Kick-backs: {kickbacks}, receipts: {receipts}. Nothing was sent.").format(**counts))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(findings)


def _line(each: "Answered") -> str:
    from ledgergen.cli.issuing import verb_text

    counts = each.answer.tally
    facts = {
        "must": each.answer.must,
        "may": len(each.answer.points) - each.answer.must,
        "tasks": counts.tasks,
        "updated": counts.updated,
        "blank": len(counts.blank),
    }
    said = _("receipt: {tasks} tasks, {updated} updated, {blank} not filled in, {may} cells to look at")
    if each.kind == "kickback":
        said = _("kick-back: {must} cells to correct, {may} to look at")
    return f"{verb_text(each.verb)}  {printable(each.path)}  {said.format(**facts)}"
