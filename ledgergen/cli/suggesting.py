"""The verb that proposes units for tasks that name nobody: ``suggest``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.cli.issuing import verb_text
from ledgergen.cli.options import as_json, dry_run
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:  # the steps are loaded when the verb is asked for
    from ledgergen.campaign.accepting import Acceptance, Decision
    from ledgergen.campaign.suggesting import Suggested

_ROLES = ("lead", "responsible", "supporting")


@click.command(help=VERBS["suggest"].help)
@click.option(
    "--from",
    "others",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    multiple=True,
    metavar="DIR",
    help=_("A campaign to learn from; may be given several times. The examples, if none is given."),
)
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="TASK[=…]",
    help=_("Write units for a task: 3 (the first suggestion), 3=2,3, 3=NAME,NAME; all: the first for every task."),
)
@click.option("--role", type=click.Choice(_ROLES), default="responsible", help=_("The role of what is accepted."))
@click.option(
    "--export", "exported", is_flag=False, flag_value="", metavar="[FILE]", help=_("Write a workbook to decide in.")
)
@click.option(
    "--apply",
    "applied",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Write what was decided in the workbook."),
)
@dry_run
@as_json
@click.pass_obj
def suggest(  # noqa: PLR0913 - one for each option
    session: Session,
    *,
    others: tuple[Path, ...],
    accepted: tuple[str, ...],
    role: str,
    exported: str | None,
    applied: Path | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Propose units, and write what a clerk has accepted."""
    from ledgergen.campaign.accepting import accept, typed_decision
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.suggesting import suggest as propose
    from ledgergen.campaign.suggestion_book import booked_decision, export_suggestions
    from ledgergen.records import Role

    folder = find_folder(session.root)
    if accepted or applied:
        decision: Decision = booked_decision(applied) if applied else typed_decision(accepted, Role(role))
        done = accept(folder, others, decision, occasion=session.occasion, dry_run=dry_run)
        return _tell_accepted(done, dry_run=dry_run, as_json=as_json)
    found = propose(folder, others)
    if exported is not None:
        written, findings = export_suggestions(folder, found, Path(exported) if exported else None, dry_run=dry_run)
        if as_json:
            files = [{"path": written.path, "verb": str(written.verb), "rows": written.rows}]
            put_json({"files": files, "findings": worded_all((*found.findings, *findings))})
        else:
            line = _("{verb}  {path}  {rows} rows")
            put(line.format(verb=verb_text(written.verb), path=printable(written.path), rows=written.rows))
            say_findings((*found.findings, *findings))
        return exit_code((*found.findings, *findings))
    return _tell(found, as_json=as_json)


def _tell(found: "Suggested", *, as_json: bool) -> int:
    from ledgergen.campaign.suggesting import reason_text

    if as_json:
        put_json({"tasks": [each.to_json() for each in found.tasks], "findings": worded_all(found.findings)})
        return exit_code(found.findings)
    rows = [
        (
            each.task.id if place == 1 else "",
            each.task.name if place == 1 else "",
            f"{place}. {one.name}",
            one.score,
            "；".join(reason_text(reason) for reason in one.reasons),
        )
        for each in found.tasks
        for place, one in enumerate(each.suggestions, start=1)
    ]
    if rows:
        table((_("No."), _("task"), _("suggestion"), _("score"), _("reasons")), rows)
    say_findings(found.findings)
    say(_("Tasks that name nobody: {count}.").format(count=len(found.tasks)))
    if rows:
        say(_("Nothing was written; --accept TASK takes a suggestion, --export writes a workbook to decide in."))
    return exit_code(found.findings)


def _tell_accepted(done: "Acceptance", *, dry_run: bool, as_json: bool) -> int:
    if as_json:
        files = [{"path": each.path, "verb": str(each.verb)} for each in done.files]
        tasks = [each.to_json() for each in done.tasks]
        put_json({"tasks": tasks, "files": files, "findings": worded_all(done.findings)})
        return exit_code(done.findings)
    for each in done.tasks:
        put(printable(f"{each.task}  {each.name}  {'、'.join(name for _role, name in each.units)}"))
    say_findings(done.findings)
    if exit_code(done.findings):
        say(_("Nothing was written: put right what is named above and run the command again."))
    elif dry_run:
        say(_("Nothing was written (--dry-run)."))
    elif done.files:
        for file in done.files:
            say(_("written: {path}").format(path=file.path))
        say(_("`ledgergen undo` takes it back."))
    else:
        say(_("Nothing to write."))
    return exit_code(done.findings)
