"""Verbs about plan and units as a workbook, and about asking opinions: the group ``plan``."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.campaign.outcome import Outcome, Written
from ledgergen.cli.issuing import verb_text
from ledgergen.cli.options import as_json, dry_run
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, progress, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:  # the steps are loaded when a verb is asked for
    from ledgergen.campaign.plan_changes import Edit

_LONGEST = 60  # characters of a value in a line


@click.group(help=VERBS["plan"].help)
def plan() -> None:
    """Hold the verbs about the plan together."""


@plan.command(help=_("Write plan and units as a workbook, plan.xlsx if no FILE is named."))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False), metavar="[FILE]")
@dry_run
@as_json
@click.pass_obj
def export(session: Session, file: Path | None, *, dry_run: bool, as_json: bool) -> int:
    """Export plan and units."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.plan_exchange import export_plan

    done = export_plan(find_folder(session.root), file, occasion=session.occasion, dry_run=dry_run)
    if as_json:
        files = [{"path": done.file.path, "verb": str(done.file.verb), "tasks": done.file.rows}]
        put_json({"files": files, "findings": worded_all(done.findings)})
        return exit_code(done.findings)
    put(_("{verb}  {path}").format(verb=verb_text(done.file.verb), path=printable(done.file.path)))
    say_findings(done.findings)
    _say_dry(dry_run=dry_run)
    return exit_code(done.findings)


@plan.command(help=_("Put what was changed in the workbook into plan.yaml and units.yaml."))
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--delete", is_flag=True, help=_("Take out rows that the workbook has no more."))
@dry_run
@as_json
@click.pass_obj
def apply(session: Session, file: Path, *, delete: bool, dry_run: bool, as_json: bool) -> int:
    """Apply an edited workbook."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.plan_exchange import apply_plan

    done = apply_plan(find_folder(session.root), file, occasion=session.occasion, dry_run=dry_run, delete=delete)
    if as_json:
        written = [each.path for each in done.files]
        changes = [edit.to_json() for edit in done.edits]
        put_json({"changes": changes, "written": written, "findings": worded_all(done.findings)})
        return exit_code(done.findings)
    for edit in done.edits:
        put(_edit_text(edit))
    say_findings(done.findings)
    code = exit_code(done.findings)
    _say_applied(done.edits, done.files, sound=not code, dry_run=dry_run)
    return code


@plan.command(help=_("Make one workbook per unit that asks whether it agrees to its tasks."))
@click.option(
    "--due", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help=_("The last day for answering, to be printed.")
)
@dry_run
@as_json
@click.pass_obj
def consult(session: Session, *, due: datetime | None, dry_run: bool, as_json: bool) -> int:
    """Ask the units."""
    from ledgergen.campaign.consult import consult as ask
    from ledgergen.campaign.folder import find_folder

    day: date | None = due.date() if due else None
    folder = find_folder(session.root)
    with progress(_("Making workbooks")) as shown:
        outcome = ask(folder, due=day, occasion=session.occasion, dry_run=dry_run, progress=shown)
    if as_json:
        files = [
            {"unit": each.unit, "path": each.path, "verb": str(each.verb), "rows": each.rows} for each in outcome.files
        ]
        put_json({"files": files, "findings": worded_all(outcome.findings)})
        return exit_code(outcome.findings)
    for each in outcome.files:
        put(
            _("{verb}  {path}  {rows} rows").format(
                verb=verb_text(each.verb), path=printable(each.path), rows=each.rows
            )
        )
    say_findings(outcome.findings)
    say(_("{count} units asked").format(count=len(outcome.files)))
    _say_dry(dry_run=dry_run)
    return exit_code(outcome.findings)


@plan.command(help=_("Collect answered workbooks, as `ledgergen collect` does, and sum up."))
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@dry_run
@as_json
@click.pass_context
def answers(ctx: click.Context, paths: tuple[Path, ...], *, dry_run: bool, as_json: bool) -> int:
    """Collect the answers."""
    from ledgergen.campaign.consult import read_opinions
    from ledgergen.campaign.folder import find_folder
    from ledgergen.cli.collecting import collect

    session: Session = ctx.obj
    folder = find_folder(session.root)
    read_opinions(folder)  # where nobody was asked, that is what is wrong
    code = ctx.invoke(collect, paths=paths, received=None, dry_run=dry_run, as_json=as_json)
    if not as_json and not dry_run:
        found, _findings = read_opinions(folder)
        _put_silent(found.asked, found.silent)
    return int(code)


@plan.command(help=_("Tell what the units said of their tasks, and who has not answered."))
@click.option("--xlsx", is_flag=True, help=_("Write it as a workbook into reports/ as well."))
@dry_run
@as_json
@click.pass_obj
def opinions(session: Session, *, xlsx: bool, dry_run: bool, as_json: bool) -> int:
    """Tell the opinions."""
    from ledgergen.campaign.consult import read_opinions, report_opinions
    from ledgergen.campaign.folder import find_folder
    from ledgergen.state.opinions import ADJUST, AGREED, remarks

    folder = find_folder(session.root)
    found, findings = read_opinions(folder)
    outcome = report_opinions(folder, occasion=session.occasion, dry_run=dry_run) if xlsx else Outcome((), findings)
    if as_json:
        tasks = [
            {"task": task, "name": own[0].name, "opinions": [each.to_json() for each in own]}
            for task, own in found.tasks
        ]
        units = {"asked": list(found.asked), "without_answer": list(found.silent)}
        files = [{"path": each.path, "verb": str(each.verb)} for each in outcome.files]
        put_json({**units, "tasks": tasks, "files": files, "findings": worded_all(outcome.findings)})
        return exit_code(outcome.findings)
    rows = [
        (
            own[0].number,
            own[0].name,
            sum(each.answer == AGREED for each in own),
            sum(each.answer == ADJUST for each in own),
            remarks(own),
        )
        for _, own in found.tasks
    ]
    table((_("No."), _("task"), AGREED, ADJUST, _("opinions")), rows)
    _put_silent(found.asked, found.silent)
    _put_files(outcome.files)
    say_findings(outcome.findings)
    return exit_code(outcome.findings)


def _edit_text(edit: "Edit") -> str:
    """Put one change into a line: ``task 5 time_limit: 9月底前 → 10月底前``."""
    tables = {"tasks": _("task"), "units": _("unit"), "groups": _("group"), "plan": _("plan")}
    what = " ".join(part for part in (tables[edit.table], edit.key) if part)
    texts = {
        "set": _("{what} {field}: {old} → {new}"),
        "add": _("{what}: added  {new}"),
        "drop": _("{what}: deleted  {old}"),
        "settle": _("{what}: 待核 → 已核"),
    }
    return texts[edit.verb].format(what=printable(what), field=edit.field, old=_short(edit.old), new=_short(edit.new))


def _short(text: str) -> str:
    """Put a value into one line; a blank one is shown as such."""
    line = printable(" ".join(text.split()))
    return (line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…") or "—"


def _say_applied(edits: "Sequence[Edit]", files: Sequence[Written], *, sound: bool, dry_run: bool) -> None:
    if not edits and sound:
        say(_("The workbook changes nothing."))
    elif not files:
        say(_("Nothing was written: put right what is named above and run the command again."))
    elif dry_run:
        _say_dry(dry_run=True)
    else:
        for each in files:
            say(_("written: {path}").format(path=each.path))
        say(_("`ledgergen undo` takes it back."))


def _put_silent(asked: Sequence[str], silent: Sequence[str]) -> None:
    put(_("{done} of {total} units have answered").format(done=len(asked) - len(silent), total=len(asked)))
    if silent:
        put(_("No answer yet: {units}").format(units="、".join(map(printable, silent))))


def _put_files(files: Sequence[Written]) -> None:
    for each in files:
        put(_("{verb}  {path}").format(verb=verb_text(each.verb), path=printable(each.path)))


def _say_dry(*, dry_run: bool) -> None:
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
