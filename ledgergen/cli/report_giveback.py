"""``report giveback``: what each unit gets back for its filling-in."""

from datetime import datetime

import click

from ledgergen.cli.report_papers import asked_options, day_of, show_done
from ledgergen.cli.root import Session
from ledgergen.cli.talk import progress
from ledgergen.messages import gettext as _


@click.command(
    help=_("Write for each unit its standing ledger, a draft of its own plan, and its paragraph for the annual report.")
)
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@asked_options
@click.pass_obj
def giveback(
    session: Session,
    units: tuple[str, ...],
    *,
    round_id: str | None,
    as_of: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Give back."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.giving_back import give_back
    from ledgergen.campaign.papers import Asked

    folder, asked = find_folder(session.root), Asked(round_id, day_of(as_of))
    with progress(_("giving back")) as told:
        done = give_back(folder, units, asked, session.occasion, dry_run=dry_run, progress=told)
    return show_done(done, as_json=as_json, dry_run=dry_run, drafts=False)
