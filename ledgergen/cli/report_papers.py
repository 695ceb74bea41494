"""The reports that are written in Word: ``report notice``, ``brief``, ``annual``, ``talk``."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from ledgergen.cli.options import as_json, dry_run, round_id
from ledgergen.cli.options import as_of as as_of_option
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.papers import Done

Command = TypeVar("Command", bound=Callable[..., Any])
DAY: Final = click.DateTime(formats=["%Y-%m-%d"])


def asked_options(command: Command) -> Command:
    """Add what every report takes."""
    return round_id(as_of_option(dry_run(as_json(command))))


def day_of(moment: datetime | None) -> date | None:
    """Give the day that was typed."""
    return moment.date() if moment else None


def show_done(done: "Done", *, as_json: bool, dry_run: bool, drafts: bool = True) -> int:
    """Tell what was written and who has signed it (``drafts``: or that nobody has); gives the exit code."""
    from ledgergen.cli.issuing import verb_text

    signature = done.approval
    if as_json:
        files = [{"path": each.path, "verb": str(each.verb)} for each in done.files]
        approved = {"by": signature.by, "on": signature.on, "as_of": signature.as_of} if signature else None
        put_json({"files": files, "approved": approved, "findings": worded_all(done.findings)})
        return exit_code(done.findings)
    for each in done.files:
        put(f"{verb_text(each.verb)}  {printable(each.path)}")
    say_findings(done.findings)
    if signature:
        facts = {"by": printable(signature.by), "on": signature.on, "as_of": signature.as_of}
        say(_("Approved by {by} on {on}, with the data up to {as_of}.").format(**facts))
    elif done.files and drafts:
        say(_("A draft (送审稿): nobody has approved it. To approve it: `ledgergen report approve`."))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(done.findings)


def _write(session: Session, what: str, *, round_id: str | None, day: datetime | None, dry_run: bool) -> "Done":
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.papers import Asked, write_paper

    asked = Asked(round_id, day_of(day))
    return write_paper(find_folder(session.root), what, asked, session.occasion, dry_run=dry_run)


@click.command(help=_("Write the notice (通报): who is praised, what is overdue, who has not handed in."))
@asked_options
@click.pass_obj
def notice(session: Session, *, round_id: str | None, as_of: datetime | None, dry_run: bool, as_json: bool) -> int:
    """Write the notice."""
    done = _write(session, "notice", round_id=round_id, day=as_of, dry_run=dry_run)
    return show_done(done, as_json=as_json, dry_run=dry_run)


@click.command(help=_("Write the brief (简报): one page."))
@asked_options
@click.pass_obj
def brief(session: Session, *, round_id: str | None, as_of: datetime | None, dry_run: bool, as_json: bool) -> int:
    """Write the brief."""
    done = _write(session, "brief", round_id=round_id, day=as_of, dry_run=dry_run)
    return show_done(done, as_json=as_json, dry_run=dry_run)


@click.command(help=_("Write the paragraph and table for the annual report; with --units for every unit as well."))
@click.option("--units", is_flag=True, help=_("Also one file for each unit, about its own tasks."))
@asked_options
@click.pass_obj
def annual(
    session: Session, *, units: bool, round_id: str | None, as_of: datetime | None, dry_run: bool, as_json: bool
) -> int:
    """Write what the annual report takes."""
    done = _write(session, "annual", round_id=round_id, day=as_of, dry_run=dry_run)
    if units:
        from dataclasses import replace

        from ledgergen.campaign.folder import find_folder
        from ledgergen.campaign.giving_back import write_unit_reports
        from ledgergen.campaign.papers import Asked

        asked = Asked(round_id, day_of(as_of))
        more = write_unit_reports(find_folder(session.root), asked, session.occasion, dry_run=dry_run)
        findings = tuple(dict.fromkeys((*done.findings, *more.findings)))
        done = replace(done, files=(*done.files, *more.files), findings=findings)
    return show_done(done, as_json=as_json, dry_run=dry_run)


@click.command(help=_("Write the lists of units to be praised and to be talked to, by rules over the rounds."))
@asked_options
@click.pass_obj
def talk(session: Session, *, round_id: str | None, as_of: datetime | None, dry_run: bool, as_json: bool) -> int:
    """Write the lists."""
    done = _write(session, "talk", round_id=round_id, day=as_of, dry_run=dry_run)
    return show_done(done, as_json=as_json, dry_run=dry_run)
