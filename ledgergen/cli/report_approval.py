"""``report approve``: somebody signs a report, and its figures are frozen."""

from datetime import datetime
from pathlib import Path

import click

from ledgergen.cli.report_papers import DAY, asked_options, day_of, show_done
from ledgergen.cli.root import Session
from ledgergen.messages import gettext as _

_WORD = ("notice", "brief", "annual", "talk")
_WHAT = (*_WORD, "score", "page")


@click.command(
    help=_(
        "Approve a report: its figures and files stay as they are now, whatever comes in later; `undo` takes it back."
    )
)
@click.argument("what", type=click.Choice(_WHAT))
@click.option("--by", required=True, metavar="NAME", help=_("Who approves it."))
@click.option("--on", type=DAY, metavar="DATE", help=_("The day of the approval; today if not given."))
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("The Word file as it was edited; that is then what is approved."),
)
@asked_options
@click.pass_obj
def approve(  # noqa: PLR0913 - one parameter an option
    session: Session,
    what: str,
    *,
    by: str,
    on: datetime | None,
    file: Path | None,
    round_id: str | None,
    as_of: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Sign a report."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.papers import Asked, Signature, sign

    if file and what not in _WORD:
        raise click.UsageError(_("--file goes with {kinds} only.").format(kinds=", ".join(_WORD)))
    asked = Asked(round_id, day_of(as_of))
    folder = find_folder(session.root)
    done = sign(folder, what, asked, Signature(by, day_of(on), file), session.occasion, dry_run=dry_run)
    return show_done(done, as_json=as_json, dry_run=dry_run)
