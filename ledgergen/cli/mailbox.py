"""Verbs about the office's mailboxes: the group ``mailbox``."""

import sys
from typing import TYPE_CHECKING

import click

from ledgergen.cli.options import as_json, dry_run
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.mailbox_settings import Added
    from ledgergen.campaign.mailbox_trying import Tried
    from ledgergen.records import Mailbox, Server


@click.group(help=VERBS["mailbox"].help)
def mailbox() -> None:
    """Hold the verbs about mailboxes together."""


@mailbox.command(help=_("Set up the mailbox of an ADDRESS in ledgergen.yaml, and store its password in the keyring."))
@click.argument("address", metavar="ADDRESS")
@click.option(
    "--name", default="office", show_default=True, metavar="NAME", help=_("What to call it: collect --mailbox NAME.")
)
@click.option(
    "--preset",
    default="",
    metavar="ID",
    help=_(
        "The provider, if the address does not tell:"
        " qq, 163, 126, netease, aliyun, tencent, coremail, outlook, generic."
    ),
)
@click.option(
    "--protocol",
    type=click.Choice(["imap", "pop3"]),
    default="imap",
    show_default=True,
    help=_("How mail is read; imap wherever there is one."),
)
@click.option(
    "--server",
    default="",
    metavar="HOST[:PORT[:SECURITY]]",
    help=_("The server that keeps the mail; security is tls, starttls or plain."),
)
@click.option("--smtp", default="", metavar="HOST[:PORT[:SECURITY]]", help=_("The server that sends."))
@click.option("--user", default="", metavar="USER", help=_("The name to log in with, if it is not the address."))
@click.option(
    "--folder", "folders", multiple=True, metavar="FOLDER", help=_("A folder to look into, INBOX if none is named.")
)
@dry_run
@as_json
@click.pass_obj
def add(  # noqa: PLR0913 - one parameter an option
    session: Session,
    address: str,
    *,
    name: str,
    preset: str,
    protocol: str,
    server: str,
    smtp: str,
    user: str,
    folders: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> int:
    """Set up a mailbox."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.mailbox_settings import Wish, add_mailbox

    wish = Wish(address, name, preset, protocol, server, smtp, user, folders)
    done = add_mailbox(find_folder(session.root), wish, dry_run=dry_run)
    if not as_json:
        put(_line(done))
        _say_advice(done)
    stored = None if dry_run or not sys.stdin.isatty() else _store(done.mailbox)
    if as_json:
        put_json({**_added_json(done), "stored": stored, "findings": []})
        return 0
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    else:
        _say_stored(done.mailbox, stored=stored)
    return 0


@mailbox.command(
    help=_("Log in to a mailbox, to receive and to send, and say in plain words what is wrong. All if none is named.")
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@as_json
@click.pass_obj
def test(session: Session, names: tuple[str, ...], *, as_json: bool) -> int:
    """Try mailboxes."""
    from ledgergen.campaign.folder import find_folder, read_settings
    from ledgergen.campaign.mailbox_settings import mailbox_named
    from ledgergen.campaign.mailbox_trying import try_mailbox
    from ledgergen.cli.mail_options import ask_secret

    folder = find_folder(session.root)
    settings = read_settings(folder)
    wanted = names or [each.name for each in settings.mailboxes] or [""]
    boxes = [mailbox_named(settings, name) for name in wanted]
    ask = ask_secret if sys.stdin.isatty() else None
    tried = [(box, try_mailbox(folder, box, ask)) for box in boxes]
    findings = [found for _box, results in tried for each in results for found in each.findings]
    if as_json:
        mailboxes = [{"name": box.name, "servers": [each.to_json() for each in results]} for box, results in tried]
        put_json({"mailboxes": mailboxes, "findings": worded_all(findings)})
        return exit_code(findings)
    for box, results in tried:
        for each in results:
            put(_tried_line(box.name, each))
    say_findings(findings)
    return exit_code(findings)


def _line(done: "Added") -> str:
    from ledgergen.cli.issuing import verb_text

    box = done.mailbox
    sends = f" · {_('sends by')} {_place(box.smtp)}" if box.smtp else ""
    return f"{verb_text(done.verb)}  {printable(box.name)}  {box.protocol} {_place(box.server)}{sends}"


def _place(server: "Server") -> str:
    return printable(f"{server.host}:{server.port} ({server.security})")


def _say_advice(done: "Added") -> None:
    if done.wants_code:
        say(_("This provider wants an authorisation code (授权码), not the password of the web page."))
    if done.advice:
        say(printable(done.advice))


def _store(box: "Mailbox") -> bool:
    """Ask for the secret once, and store it for the server that keeps the mail and the one that sends."""
    from ledgergen.cli.mail_options import ask_secret
    from ledgergen.mail.secrets import Secret, keep_secret

    secret = Secret(ask_secret(box.server).strip())
    servers = [box.server, *([box.smtp] if box.smtp and box.smtp.user == box.server.user else [])]
    return bool(secret.reveal()) and all(keep_secret(server, secret) for server in servers)


def _say_stored(box: "Mailbox", *, stored: bool | None) -> None:
    if stored:
        say(_("The password is stored in this computer's keyring."))
    else:
        say(_("The password is not stored: it is asked for each time, or taken from LEDGERGEN_SECRETS."))
    say(_("Try it: `ledgergen mailbox test {name}`").format(name=printable(box.name)))


def _tried_line(name: str, each: "Tried") -> str:
    words = {"receive": _("receive"), "send": _("send")}
    state = _("works") if each.works else _("does not work")
    line = f"{printable(name)}  {words[each.direction]}  {_place(each.server)}  {state}"
    for folder, count in (each.folders or {}).items():
        line += "  " + _("{folder}: {count} mails").format(folder=printable(folder or "INBOX"), count=count)
    return line


def _added_json(done: "Added") -> dict[str, object]:
    box = done.mailbox
    servers = {"receive": box.server, "send": box.smtp}
    return {
        "name": box.name,
        "verb": str(done.verb),
        "protocol": box.protocol,
        "preset": done.preset,
        "servers": {
            key: {"host": server.host, "port": server.port, "security": server.security, "user": server.user}
            for key, server in servers.items()
            if server is not None
        },
        "advice": done.advice,
    }
