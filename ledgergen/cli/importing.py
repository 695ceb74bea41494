"""The verb that reads a policy document: ``import``."""

from pathlib import Path

import click

from ledgergen.cli.issuing import verb_text
from ledgergen.cli.options import as_json, dry_run
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import ngettext, printable


@click.command(
    "import",
    help=VERBS["import"].help,
)
@click.argument("document", type=click.Path(path_type=Path, dir_okay=False), metavar="DOC")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("The campaign to import into; a new folder becomes one."),
)
@click.option(
    "--beside",
    is_flag=True,
    help=_("It is the superior's plan: link its tasks with those of this campaign (links.yaml), and import nothing."),
)
@dry_run
@as_json
@click.pass_obj
def import_document(
    session: Session, document: Path, *, into: Path | None, beside: bool, dry_run: bool, as_json: bool
) -> int:
    """Import a document. With --json and without --into nothing is written."""
    if beside:
        return _put_beside(into or session.root, document, dry_run=dry_run, as_json=as_json)
    from ledgergen.campaign.importing import Import, draft_texts, read_import, write_import

    here = _campaign(session.root)
    place = into or (None if as_json else here)
    imported = read_import(document, place or here)
    done = write_import(imported, place, dry_run=dry_run) if place else Import((), (), imported.findings)
    if as_json:
        files = [{"path": file.path, "verb": str(file.verb)} for file in done.files]
        put_json({**imported.to_json(), **({"files": files} if place else {}), "findings": worded_all(done.findings)})
        return exit_code(done.findings)
    for line in done.difference:
        put(printable(line))
    for file in done.files:
        put(f"{verb_text(file.verb)}  {printable(file.path)}")
    if place is None and imported.draft:
        put(draft_texts(imported)[0])
    say_findings(done.findings)
    if imported.draft:
        _say_sum(imported.draft.tasks, place, dry_run=dry_run)
    return exit_code(done.findings)


def _put_beside(root: Path, document: Path, *, dry_run: bool, as_json: bool) -> int:
    """Link the superior's plan with the campaign's."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.importing import read_import
    from ledgergen.campaign.linking import link_superior
    from ledgergen.cli.linking import tell_links

    folder = find_folder(root)
    found = link_superior(folder, read_import(document, folder.root), dry_run=dry_run)
    return tell_links(found, dry_run=dry_run, as_json=as_json)


def _campaign(root: Path) -> Path | None:
    """Give the folder one stands in where it is a campaign."""
    from ledgergen.campaign.folder import SETTINGS_FILE

    return root if (root / SETTINGS_FILE).is_file() else None


def _say_sum(tasks: "tuple[object, ...]", place: Path | None, *, dry_run: bool) -> None:
    doubtful = sum(bool(getattr(task, "doubts", ())) for task in tasks)
    say(
        ngettext(
            "{count} task, {doubtful} doubtful (待核)", "{count} tasks, {doubtful} doubtful (待核)", len(tasks)
        ).format(count=len(tasks), doubtful=doubtful)
    )
    if place is None:
        say(_("Nothing was written; --into DIR makes a campaign of it."))
    elif dry_run:
        say(_("Nothing was written (--dry-run)."))
    else:
        say(_("Next: look at what is marked 待核, then run `ledgergen -C {folder} check`.").format(folder=place))
