"""The verb about how the superior's plan is taken over (承接对照): ``links``."""

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
    from ledgergen.campaign.linking import Linked


@click.command(help=VERBS["links"].help)
@click.option(
    "--export", "exported", is_flag=False, flag_value="", metavar="[FILE]", help=_("Write a workbook, 承接对照.xlsx.")
)
@click.option(
    "--apply",
    "applied",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Put what was corrected in the workbook into links.yaml."),
)
@dry_run
@as_json
@click.pass_obj
def links(session: Session, *, exported: str | None, applied: Path | None, dry_run: bool, as_json: bool) -> int:
    """Show the links, export or correct them."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.linking import apply_links, export_links, read_links

    folder = find_folder(session.root)
    if exported is not None and not applied:
        written, findings = export_links(folder, Path(exported) if exported else None, dry_run=dry_run)
        if as_json:
            files = [{"path": written.path, "verb": str(written.verb), "rows": written.rows}]
            put_json({"files": files, "findings": worded_all(findings)})
        else:
            line = _("{verb}  {path}  {rows} rows")
            put(line.format(verb=verb_text(written.verb), path=printable(written.path), rows=written.rows))
        return exit_code(findings)
    if applied:
        return tell_links(
            apply_links(folder, applied, occasion=session.occasion, dry_run=dry_run), dry_run=dry_run, as_json=as_json
        )
    return tell_links(read_links(folder), dry_run=False, as_json=as_json)


def tell_links(found: "Linked", *, dry_run: bool, as_json: bool) -> int:
    """Print the links as a table, or as data."""
    from ledgergen.document.linking import Relation

    if as_json:
        files = [{"path": each.path, "verb": str(each.verb)} for each in found.files]
        rows = [each.to_json() for each in found.rows]
        put_json({"links": rows, "files": files, "findings": worded_all(found.findings)})
        return exit_code(found.findings)
    words = {Relation.SAME: _("the same"), Relation.REFINED: _("refined"), Relation.MISSING: _("missing")}
    lines = [
        (
            row.link.superior,
            row.link.name,
            words[row.link.relation],
            "；".join(f"{each} {found.names.get(each, '')}".strip() for each in row.link.tasks),
            "✓" if row.checked else "",
        )
        for row in found.rows
    ]
    table((_("superior's"), _("task"), _("relation"), _("own tasks"), _("checked")), lines)
    for file in found.files:
        put(f"{verb_text(file.verb)}  {printable(file.path)}")
    say_findings(found.findings)
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(found.findings)
