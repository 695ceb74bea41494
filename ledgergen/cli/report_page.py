"""``report page``: the public page, and what would become public."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from ledgergen.cli.report_papers import asked_options, day_of, show_done
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.publishing import Compared


@click.command(help=_("Write the public page (重点任务落实情况) as it was approved; before that a draft of it."))
@click.option("--diff", is_flag=True, help=_("Write nothing; list what would become public, change or vanish."))
@asked_options
@click.pass_obj
def page(
    session: Session, *, diff: bool, round_id: str | None, as_of: datetime | None, dry_run: bool, as_json: bool
) -> int:
    """Write the page, or compare it."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.papers import Asked
    from ledgergen.campaign.publishing import compare_page, write_page

    folder, asked = find_folder(session.root), Asked(round_id, day_of(as_of))
    if diff:
        return _show_changes(compare_page(folder, asked, session.occasion), as_json=as_json)
    done = write_page(folder, asked, session.occasion, dry_run=dry_run)
    return show_done(done, as_json=as_json, dry_run=dry_run)


def _show_changes(compared: "Compared", *, as_json: bool) -> int:
    from ledgergen.report.public_values import TITLES

    words = {"new": _("made public"), "changed": _("altered"), "gone": _("taken off")}
    if as_json:
        changes = [
            {
                "kind": each.kind,
                "task": each.task,
                "unit": each.unit or None,
                "field": each.field,
                "before": each.before or None,
                "after": each.after or None,
            }
            for each in compared.changes
        ]
        put_json({"changes": changes, "findings": worded_all(compared.findings)})
        return exit_code(compared.findings)
    for each in compared.changes:
        put(f"{words[each.kind]}  {printable(' '.join(filter(None, (each.task, each.unit))))}  {TITLES[each.field]}")
        for sign, text in (("-", each.before), ("+", each.after)):
            for line in text.splitlines():
                put(f"  {sign} {printable(line)}")
    say_findings(compared.findings)
    say(_("{count} texts would become public, change or vanish.").format(count=len(compared.changes)))
    return exit_code(compared.findings)
