"""Verbs about the plan: ``check``, ``deadlines`` and ``schema``."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ledgergen.cli.options import as_json
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _

if TYPE_CHECKING:
    from ledgergen.campaign.deadlines import TaskDeadline

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_YEAR: Final = timedelta(days=365)
_SHOWN: Final = 4  # dates of a task in the table; --json has them all


@click.command(help=VERBS["check"].help)
@as_json
@click.pass_obj
def check(session: Session, *, as_json: bool) -> int:
    """Check the campaign's files."""
    from ledgergen.campaign.check import check as check_campaign
    from ledgergen.campaign.folder import find_folder

    found = check_campaign(find_folder(session.root))
    if as_json:
        put_json({**found.counts, "findings": worded_all(found.findings)})
    else:
        say_findings(found.findings)
        put(_("{tasks} tasks, {units} units, {assignments} assignments, {ledgers} ledgers").format_map(found.counts))
    return exit_code(found.findings)


@click.command(help=VERBS["deadlines"].help)
@click.option("--from", "from_", type=_DAY, metavar="DATE", help=_("The first day; today if not given."))
@click.option("--to", "to", type=_DAY, metavar="DATE", help=_("The last day; a year later if not given."))
@as_json
@click.pass_obj
def deadlines(session: Session, *, from_: datetime | None, to: datetime | None, as_json: bool) -> int:
    """Show the readings of the time limits with their next dates."""
    from ledgergen.campaign.deadlines import read_deadlines
    from ledgergen.campaign.folder import find_folder

    first = from_.date() if from_ else session.occasion.now.astimezone().date()
    last = to.date() if to else _a_year_after(first)
    rows, findings = read_deadlines(find_folder(session.root), first, last)
    if as_json:
        tasks = [row.to_json() for row in rows]
        put_json({"from": str(first), "to": str(last), "tasks": tasks, "findings": worded_all(findings)})
        return exit_code(findings)
    table(
        (_("task"), _("time limit"), _("reading"), _("due from {first} to {last}").format(first=first, last=last), ""),
        [(row.task.id, row.task.time_limit, row.to_json()["reading"], _dates(row), _mark(row)) for row in rows],
    )
    say_findings(findings)
    return exit_code(findings)


def _a_year_after(day: date) -> date:
    return day + _YEAR if day <= date.max - _YEAR else date.max


def _dates(row: "TaskDeadline") -> str:
    shown = ", ".join(map(str, row.dates[:_SHOWN]))
    return f"{shown} … (+{len(row.dates) - _SHOWN})" if len(row.dates) > _SHOWN else shown


def _mark(row: "TaskDeadline") -> str:
    """Tell where a reading is doubtful, or the office's own; the findings below the table say why."""
    if row.is_own:
        return _("own")
    return _("doubtful") if row.deadline.doubt else ""


@click.command(help=VERBS["schema"].help)
@click.argument("name", required=False, type=click.Choice(["ledgergen", "plan", "units", "prefill", "layout"]))
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("Write them as files into this folder."),
)
def schema(name: str | None, folder: Path | None) -> int:
    """Print or write the schemas."""
    from ledgergen.campaign.starting import all_schemas, write_schemas

    if folder is not None:
        for path in write_schemas(folder):
            say(str(path))
        return 0
    found = all_schemas()
    put_json(found[name] if name else found)
    return 0
