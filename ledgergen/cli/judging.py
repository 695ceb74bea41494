"""Verbs by which the office decides: ``review``, ``resolve``, ``withdraw``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.cli.options import PASSWORDS, as_json, dry_run, password_file, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.judging import Disputed
    from ledgergen.returns.decisions import Parcel

_HASH = 12  # characters shown of a hash


@click.group(invoke_without_command=True, help=VERBS["review"].help)
@as_json
@click.pass_context
def review(ctx: click.Context, *, as_json: bool) -> int:
    """List what is in review."""
    if ctx.invoked_subcommand is not None:
        return 0
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.judging import in_review

    parcels, findings = in_review(find_folder(ctx.obj.root))
    if as_json:
        put_json([_parcel_json(parcel) for parcel in parcels])
    else:
        for parcel in parcels:
            put(f"{parcel.sha256[:_HASH]}  {printable(parcel.name)}  {_units(parcel)}".rstrip())
            say_findings(parcel.findings)
        say(_("{count} files wait for a decision.").format(count=len(parcels)))
    say_findings(findings)
    return exit_code(findings)


@review.command("accept", help=_("Let a file in review count; where it is not clear whose it is, say so with --unit."))
@click.argument("which", metavar="FILE")
@click.option("--unit", default="", metavar="NAME", help=_("Whose ledger it is."))
@click.option("--sheet", default="", metavar="NAME", help=_("Which of its sheets, where it has several."))
@click.option("--member", default="", metavar="NAME", help=_("Which file of an archive, where several may be meant."))
@password_file
@click.option("--reason", default="", metavar="TEXT", help=_("Why, for the journal."))
@round_id
@dry_run
@click.pass_obj
def accept(  # noqa: PLR0913 - one parameter an option
    session: Session,
    which: str,
    *,
    unit: str,
    sheet: str,
    member: str,
    password_file: Path | None,
    reason: str,
    round_id: str | None,
    dry_run: bool,
) -> int:
    """Accept a parcel in review."""
    from ledgergen.campaign.claiming import Claim
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.judging import accept_reviewed
    from ledgergen.campaign.passwords import gather

    passwords = gather(password_file, os.environ.get(PASSWORDS, ""))
    parcel = accept_reviewed(
        find_folder(session.root),
        which,
        Claim(unit, round_id, sheet, member, passwords),
        reason=reason,
        occasion=session.occasion,
        dry_run=dry_run,
    )
    put(_("accepted: {name}  {units}").format(name=printable(parcel.name), units=_units(parcel)))
    say_findings(parcel.findings)
    _say_dry(dry_run=dry_run)
    return 0


@review.command("reject", help=_("Set a file in review aside; it is kept, but does not count."))
@click.argument("which", metavar="FILE")
@click.option("--reason", required=True, metavar="TEXT", help=_("Why, for the journal."))
@dry_run
@click.pass_obj
def reject(session: Session, which: str, *, reason: str, dry_run: bool) -> int:
    """Reject a parcel in review."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.judging import reject_reviewed

    folder = find_folder(session.root)
    parcel = reject_reviewed(folder, which, reason=reason, occasion=session.occasion, dry_run=dry_run)
    put(_("set aside: {name}").format(name=printable(parcel.name)))
    _say_dry(dry_run=dry_run)
    return 0


@click.command(help=VERBS["resolve"].help)
@click.argument("place", nargs=-1, metavar="[UNIT TASK COLUMN]")
@click.option("--take", type=int, metavar="N", help=_("Take the value of this number."))
@click.option("--text", metavar="TEXT", help=_("Write this text instead."))
@click.option("--measure", default="", metavar="NO", help=_("Which measure, where the task has several."))
@round_id
@dry_run
@as_json
@click.pass_obj
def resolve(  # noqa: PLR0913 - one parameter an option
    session: Session,
    place: tuple[str, ...],
    *,
    take: int | None,
    text: str | None,
    measure: str,
    round_id: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Choose between values."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.judging import FieldPlace, disputed
    from ledgergen.campaign.judging import resolve as resolve_field

    folder = find_folder(session.root)
    if not place:
        found, findings = disputed(folder, round_id)
        if as_json:
            put_json([_disputed_json(each) for each in found])
        else:
            _put_disputed(found)
        say_findings(findings)
        return exit_code(findings)
    if len(place) != 3 or (take is None) == (text is None):  # noqa: PLR2004 - unit, task, column
        raise click.UsageError(_("Name unit, task and column, and either --take or --text."))
    wanted = FieldPlace(place[0], place[1].strip("-"), place[2], measure)
    choice = take if take is not None else text or ""
    made = resolve_field(folder, wanted, choice, round_id=round_id, occasion=session.occasion, dry_run=dry_run)
    value, source = made.standing.text, printable(str(made.standing.source))
    put(_("chosen: “{text}” ({source})").format(text=printable(value), source=source))
    _say_dry(dry_run=dry_run)
    return 0


@click.command(help=VERBS["withdraw"].help)
@click.argument("which", metavar="FILE")
@click.option("--unit", default="", metavar="NAME", help=_("Only this unit's ledger, where the file has several."))
@click.option("--reason", default="", metavar="TEXT", help=_("Why, for the journal."))
@dry_run
@click.pass_obj
def withdraw(session: Session, which: str, *, unit: str, reason: str, dry_run: bool) -> int:
    """Withdraw a return."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.judging import withdraw as withdraw_return

    folder = find_folder(session.root)
    for parcel in withdraw_return(folder, which, unit=unit, reason=reason, occasion=session.occasion, dry_run=dry_run):
        put(_("withdrawn: {name}  {units}").format(name=printable(parcel.name), units=_units(parcel)))
    _say_dry(dry_run=dry_run)
    return 0


def _say_dry(*, dry_run: bool) -> None:
    if dry_run:
        say(_("Nothing was written (--dry-run)."))


def _units(parcel: "Parcel") -> str:
    return "、".join(dict.fromkeys(printable(returned.unit) for returned in parcel.returns))


def _parcel_json(parcel: "Parcel") -> dict[str, object]:
    return {
        "sha256": parcel.sha256,
        "name": parcel.name,
        "from": parcel.sender or None,
        "received": parcel.received or None,
        "units": [returned.unit for returned in parcel.returns],
        "findings": worded_all(parcel.findings),
    }


def _put_disputed(found: "list[Disputed]") -> None:
    for each in found:
        task = each.disagreement.key[0] or "-"
        place = f"{printable(each.book.issued.book.unit)} {task} {each.title}"
        put(f"{place}  {_change_text(str(each.disagreement.change))}")
        for number, value in enumerate(each.disagreement.values, start=1):
            put(f"  {number}. {printable(value.text) or '—'}  ({printable(str(value.source))})")
    count = sum(each.disagreement.is_open for each in found)
    say(_("{count} cells wait for somebody to choose.").format(count=count))


def _disputed_json(each: "Disputed") -> dict[str, object]:
    task, measure = each.disagreement.key
    return {
        "unit": each.book.issued.book.unit,
        "task": task or None,
        "measure": measure or None,
        "field": each.disagreement.field,
        "title": each.title,
        "change": str(each.disagreement.change),
        "open": each.disagreement.is_open,
        "values": [
            {"text": value.text, "value": value.value, "source": str(value.source)}
            for value in each.disagreement.values
        ],
    }


def _change_text(change: str) -> str:
    words = {
        "differs": _("two returns differ; the later stands"),
        "corrected": _("corrected by a later return"),
        "set-back": _("set back to what was issued"),
        "blank": _("blank in a later return; kept"),
    }
    return words[change]
