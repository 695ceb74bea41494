"""Verbs about what the office fills in for the units (代填): the group ``prefill``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.cli.issuing import verb_text
from ledgergen.cli.options import as_json, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:  # the steps are loaded when a verb is asked for
    from ledgergen.campaign.prefill_table import Filled

_LONGEST = 60  # characters of a text in a line


@click.group(help=VERBS["prefill"].help)
def prefill() -> None:
    """Hold the verbs about filling in together."""


@prefill.command(help=_("Write a round's rows as a workbook with what is known, 代填_ROUND.xlsx if no FILE is named."))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False), metavar="[FILE]")
@round_id
@click.option("--task", "tasks", multiple=True, metavar="ID", help=_("Only this task; may be given several times."))
@click.option("--unit", "units", multiple=True, metavar="NAME", help=_("Only this unit or group; likewise."))
@dry_run
@as_json
@click.pass_obj
def export(  # noqa: PLR0913 - one for each option
    session: Session,
    file: Path | None,
    *,
    round_id: str | None,
    tasks: tuple[str, ...],
    units: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> int:
    """Export the rows."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.prefilling import Choice, export_prefill

    choice = Choice(round_id, units, tasks)
    folder = find_folder(session.root)
    written, findings = export_prefill(folder, file, choice, occasion=session.occasion, dry_run=dry_run)
    if as_json:
        files = [{"path": written.path, "verb": str(written.verb), "rows": written.rows}]
        put_json({"files": files, "findings": worded_all(findings)})
        return exit_code(findings)
    line = _("{verb}  {path}  {rows} rows")
    put(line.format(verb=verb_text(written.verb), path=printable(written.path), rows=written.rows))
    say_findings(findings)
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(findings)


@prefill.command(help=_("Put what was typed into the workbook into prefill.yaml."))
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--round", "round_id", metavar="ID", help=_("The round, where the workbook no longer says it."))
@dry_run
@as_json
@click.pass_obj
def apply(session: Session, file: Path, *, round_id: str | None, dry_run: bool, as_json: bool) -> int:
    """Apply a filled workbook."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.prefilling import apply_prefill

    folder = find_folder(session.root)
    done = apply_prefill(folder, file, round_id=round_id, occasion=session.occasion, dry_run=dry_run)
    if as_json:
        written = [{"path": done.file.path, "verb": str(done.file.verb)}] if done.file else []
        changes = [each.to_json() for each in done.cells]
        put_json({"changes": changes, "files": written, "findings": worded_all(done.findings)})
        return exit_code(done.findings)
    for each in done.cells:
        put(_cell_text(each))
    say_findings(done.findings)
    if done.file is None:
        say(_("Nothing was written: put right what is named above and run the command again."))
    else:
        count = len(done.cells)
        say(_("{verb}  {path}  {count} cells").format(verb=verb_text(done.file.verb), path=done.file.path, count=count))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(done.findings)


def _cell_text(cell: "Filled") -> str:
    task, unit, measure = cell.key
    line = _("{unit}  task {task}-{measure}  {title}: “{before}” → “{after}”  {round}")
    return line.format(
        unit=printable(unit),
        task=task,
        measure=measure,
        title=cell.title,
        before=_short(cell.before),
        after=_short(cell.after),
        round=cell.round or _("every round"),
    )


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
