"""The verb that brings returns in: ``collect``."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from ledgergen.cli.options import as_json, dry_run
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, progress, put, put_json, say, say_findings, worded_all
from ledgergen.messages import gettext as _
from ledgergen.messages import printable


@click.command(help=_("Collect returned ledgers from files, folders, or inbox/."))
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@click.option(
    "--received",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=_("The day the files came in, if it was not today."),
)
@dry_run
@as_json
@click.pass_obj
def collect(
    session: Session, paths: tuple[Path, ...], *, received: datetime | None, dry_run: bool, as_json: bool
) -> int:
    """Collect returns."""
    from ledgergen.campaign.collect import collect as collect_files
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.logbook import keep_log
    from ledgergen.returns.decisions import Verdict

    folder = find_folder(session.root)
    with keep_log(folder), progress(_("Collecting")) as shown:
        collection = collect_files(
            folder,
            paths or [path for path in [folder.inbox] if path.is_dir()],
            occasion=session.occasion,
            received=received.date() if received else None,
            dry_run=dry_run,
            progress=shown,
        )
    findings = [*collection.findings, *(found for each in collection.files for found in each.parcel.findings)]
    if as_json:
        put_json([{**each.to_json(), "findings": worded_all(each.parcel.findings)} for each in collection.files])
        say_findings(collection.findings)
        return exit_code(findings)
    for each in collection.files:
        if each.parcel.verdict is Verdict.DUPLICATE:
            continue
        line = [_verdict_text(each.parcel.verdict), printable(each.parcel.name)]
        for returned, changed in zip(each.parcel.returns, each.changed, strict=False):
            line.append(_returned_text(returned.unit, returned.matched, returned.new, changed))
        put("  ".join(line))
    say_findings(findings)
    counts = Counter(_verdict_text(each.parcel.verdict) for each in collection.files)
    say(_("{count} files: {parts}").format(count=len(collection.files), parts=_counted(counts)))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(findings)


def _counted(counts: Counter[str]) -> str:
    return " · ".join(f"{word} {count}" for word, count in counts.items()) or "0"


def _returned_text(unit: str, matched: int, new: int, changed: int) -> str:
    text = _("{unit}: {matched} rows, {new} new, {changed} cells changed")
    return text.format(unit=printable(unit), matched=matched, new=new, changed=changed)


def _verdict_text(verdict: str) -> str:
    words = {
        "accepted": _("accepted"),
        "duplicate": _("duplicate"),
        "superseded": _("superseded"),
        "review": _("to review"),
        "rejected": _("rejected"),
        "ignored": _("ignored"),
    }
    return words[verdict]
