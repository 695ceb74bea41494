"""Verbs about the plan: ``check`` and ``schema``."""

from pathlib import Path

import click

from ledgergen.cli.options import as_json
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.messages import gettext as _


@click.command(help=_("Check the campaign's files: every fault, its place, a remedy."))
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


@click.command(help=_("Print the JSON Schemas of the campaign's files, for editors."))
@click.argument("name", required=False, type=click.Choice(["ledgergen", "plan", "units"]))
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("Write them as files into this folder."),
)
def schema(name: str | None, folder: Path | None) -> int:
    """Print or write the schemas."""
    from ledgergen.campaign.starting import write_schemas
    from ledgergen.plan.schema import schemas

    if folder is not None:
        for path in write_schemas(folder):
            say(str(path))
        return 0
    found = schemas()
    put_json(found[name] if name else found)
    return 0
