"""The verb that brings returns in: ``collect``."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgergen.cli.options import PASSWORDS, as_json, dry_run, password_file
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, progress, put, put_json, say, say_findings, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.errors import WrongUse
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.collect import Collection
    from ledgergen.campaign.folder import Folder


@click.command(help=VERBS["collect"].help)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@click.option("--mailbox", default="", metavar="NAME", help=_("Collect what is new in a mailbox of ledgergen.yaml."))
@click.option(
    "--received",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=_("The day the files came in, if it was not today."),
)
@password_file
@click.option("--ask-password", is_flag=True, help=_("Ask for passwords of encrypted files at the terminal."))
@dry_run
@as_json
@click.pass_obj
def collect(  # noqa: PLR0913 - click hands over one argument an option
    session: Session,
    paths: tuple[Path, ...],
    *,
    mailbox: str,
    received: datetime | None,
    password_file: Path | None,
    ask_password: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Collect returns."""
    from ledgergen.campaign.collect import collect as collect_files
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.logbook import keep_log
    from ledgergen.campaign.passwords import gather
    from ledgergen.returns.decisions import Verdict

    folder = find_folder(session.root)
    passwords = gather(password_file, os.environ.get(PASSWORDS, ""), _asked() if ask_password else ())
    if mailbox and (paths or received):
        raise WrongUse("mailbox-or-paths")
    with keep_log(folder), progress(_("Collecting")) as shown:
        wishes: dict[str, Any] = {
            "occasion": session.occasion,
            "passwords": passwords,
            "dry_run": dry_run,
            "progress": shown,
        }
        if mailbox:
            collection = _from_mailbox(folder, mailbox, wishes)
        else:
            named = paths or [path for path in [folder.inbox] if path.is_dir()]
            day = received.date() if received else None
            collection = collect_files(folder, named, received=day, **wishes)
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


def _from_mailbox(folder: "Folder", name: str, wishes: "dict[str, Any]") -> "Collection":
    """Collect what is new in a mailbox; its password is asked for where nobody has it."""
    from ledgergen.campaign.mailbox import collect_mailbox
    from ledgergen.cli.mail_options import ask_secret

    return collect_mailbox(folder, name, ask=ask_secret, **wishes)


def _asked() -> Iterator[str]:
    """Ask for passwords, unseen, until none is given.

    Raises:
        WrongUse: ``no-terminal``.
    """
    if not sys.stdin.isatty():
        raise WrongUse("no-terminal")
    text = _("Password (empty: no more)")
    while password := click.prompt(text, default="", show_default=False, hide_input=True, err=True):
        yield password


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
