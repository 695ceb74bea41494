"""The reports that are figures: ``report summary`` and ``report score``."""

from datetime import datetime
from pathlib import Path

import click

from ledgergen.cli.report_papers import asked_options, day_of, show_done
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put_json, say_findings
from ledgergen.messages import gettext as _


@click.command(help=_("Write the summary sheets: the numbers per unit, task, section, leader and round."))
@click.option(
    "--by",
    "wanted",
    multiple=True,
    type=click.Choice(["unit", "task", "section", "leader", "round"]),
    help=_("Only this table; may be given several times."),
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["xlsx", "csv", "json"]),
    default=("xlsx",),
    help=_("What to write into reports/; may be given several times."),
)
@asked_options
@click.pass_obj
def summary(  # noqa: PLR0913 - one parameter an option
    session: Session,
    *,
    wanted: tuple[str, ...],
    formats: tuple[str, ...],
    round_id: str | None,
    as_of: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write the summary sheets."""
    from ledgergen.campaign.figures import write_sums
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.papers import Asked

    asked = Asked(round_id, day_of(as_of))
    done, told = write_sums(find_folder(session.root), asked, wanted, formats, session.occasion, dry_run=dry_run)
    if as_json:
        put_json(told | {"files": [{"path": each.path, "verb": str(each.verb)} for each in done.files]})
        say_findings(done.findings)
        return exit_code(done.findings)
    return show_done(done, as_json=False, dry_run=dry_run, drafts=False)


@click.command(help=_("Write the score and the ranks, each point explained; a draft until it is approved."))
@click.option(
    "--deductions",
    "table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("The office's own table of points (扣分表); 扣分表.xlsx in the campaign's folder if there is one."),
)
@asked_options
@click.pass_obj
def score(
    session: Session,
    *,
    table: Path | None,
    round_id: str | None,
    as_of: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write the score."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.papers import Asked
    from ledgergen.campaign.scoring import write_score

    asked = Asked(round_id, day_of(as_of))
    done, values = write_score(find_folder(session.root), asked, session.occasion, table=table, dry_run=dry_run)
    if as_json:
        signature = done.approval
        approved = {"by": signature.by, "on": signature.on} if signature else None
        files = [{"path": each.path, "verb": str(each.verb)} for each in done.files]
        put_json(dict(values) | {"approved": approved, "files": files})
        say_findings(done.findings)
        return exit_code(done.findings)
    return show_done(done, as_json=False, dry_run=dry_run)
