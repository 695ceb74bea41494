"""Verbs about the journal: ``log``, ``undo``, ``rebuild``, ``verify``."""

import click

from ledgergen.cli.options import as_json, dry_run
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _


@click.command(help=VERBS["log"].help)
@as_json
@click.pass_obj
def log(session: Session, *, as_json: bool) -> int:
    """List the events."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.journalling import log as read_log

    lines, findings = read_log(find_folder(session.root))
    if as_json:
        put_json(
            [
                {
                    "number": line.event.sequence,
                    "at": line.event.at,
                    "who": line.event.who,
                    "kind": line.event.kind,
                    "cancelled": line.event.cancelled,
                    **line.subject,
                }
                for line in lines
            ]
        )
        say_findings(findings)
        return exit_code(findings)
    rows = [
        (
            line.event.sequence,
            line.event.at[:19].replace("T", " "),
            line.event.who,
            kind_text(line.event.kind),
            _subject_text(line.subject),
            _("cancelled") if line.event.cancelled else "",
        )
        for line in lines
    ]
    table((_("No."), _("when (UTC)"), _("who"), _("what"), _("about"), ""), rows)
    say_findings(findings)
    return exit_code(findings)


@click.command(help=VERBS["undo"].help)
@click.argument("number", required=False, type=click.IntRange(min=1))
@dry_run
@click.pass_obj
def undo(session: Session, number: int | None, *, dry_run: bool) -> int:
    """Cancel an event."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.journalling import undo as undo_event

    undone = undo_event(find_folder(session.root), number, occasion=session.occasion, dry_run=dry_run)
    for event in undone.events:
        put(_("undone: event {number}, {kind}").format(number=event.sequence, kind=kind_text(event.kind)))
    for each in undone.files:
        put(_("put back: {path}").format(path=each.path))
    say_findings(undone.findings)
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    elif not undone.files:
        say(_("The files that it wrote are left as they are; run `ledgergen merge` for a new status workbook."))
    return 0


@click.command(help=VERBS["rebuild"].help)
@click.pass_obj
def rebuild(session: Session) -> int:
    """Rebuild the index."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.journalling import rebuild as rebuild_index

    put(_("index built from {count} events").format(count=rebuild_index(find_folder(session.root))))
    return 0


@click.command(help=VERBS["verify"].help)
@as_json
@click.pass_obj
def verify(session: Session, *, as_json: bool) -> int:
    """Verify the journal and the originals."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.journalling import verify as verify_campaign

    events, originals, findings = verify_campaign(find_folder(session.root))
    if as_json:
        put_json({"events": events, "originals": originals, "findings": worded_all(findings)})
    else:
        say_findings(findings)
        put(_("{events} events, {originals} originals looked at").format(events=events, originals=originals))
    return exit_code(findings)


def kind_text(kind: str) -> str:
    """Give the word for a kind of event."""
    words = {
        "issued": _("ledgers issued"),
        "collected": _("files collected"),
        "merged": _("status workbook written"),
        "answered": _("units answered"),
        "reported": _("reports written"),
        "approved": _("report approved"),
        "sent": _("mail"),
        "received": _("handed in otherwise"),
        "chasing": _("reminders stopped or resumed"),
        "resolved": _("value chosen"),
        "withdrawn": _("return withdrawn"),
        "confirmed": _("return confirmed"),
        "reviewed": _("file judged"),
        "exported": _("plan and units exported"),
        "edited": _("plan and units edited"),
        "cancel": _("undone"),
    }
    return words.get(kind, kind)


def _subject_text(subject: dict[str, int | str]) -> str:
    words = {
        "books": _("{count} ledgers"),
        "parcels": _("{count} files"),
        "cancels": _("{count} events"),
        "choices": _("{count} cells"),
        "answers": _("{count} answers"),
        "files": _("{count} reports"),
        "mails": _("{count} mails"),
        "units": _("{count} units"),
    }
    parts = [words[key].format(count=value) for key, value in subject.items() if key in words]
    return " ".join([*parts, str(subject.get("name", ""))]).strip()
