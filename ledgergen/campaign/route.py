"""By which server the campaign's mail goes out, and in whose name."""

from dataclasses import dataclass

from ledgergen.campaign.folder import SETTINGS_FILE
from ledgergen.errors import Surroundings, WrongUse
from ledgergen.findings import Where
from ledgergen.mail.outgoing import is_address
from ledgergen.records import Mailbox, Server, Settings


@dataclass(frozen=True, slots=True)
class Route:
    """The server (None where mails become drafts), whom mail comes from, who gets a copy, how many go in a minute."""

    server: Server | None
    sender: str
    sender_name: str
    reply_to: str
    cc: tuple[str, ...]
    per_minute: int


def route_of(settings: Settings, *, drafts: bool = False) -> Route:
    """Find the way out. A draft needs no server and no sender: the mail program has its own.

    Raises:
        Surroundings: ``mailbox-none``, ``mail-no-smtp``, ``mail-sender-bad``. WrongUse: ``mailbox-unknown``.
    """
    mail, box = settings.mail, _mailbox(settings)
    if not drafts and box is None:
        raise Surroundings("mailbox-none", Where(SETTINGS_FILE))
    if not drafts and box is not None and box.smtp is None:
        raise Surroundings("mail-no-smtp", box.where, name=box.name)
    server = box.smtp if box is not None else None
    user = (server or box.server).user if box is not None else ""
    sender = mail.sender or (user if drafts is False or is_address(user) else "")
    bad = [each for each in (sender, mail.reply_to, *mail.cc) if each and not is_address(each)]
    if bad or not (sender or drafts):
        raise Surroundings("mail-sender-bad", Where(SETTINGS_FILE), address=(bad or ["—"])[0])
    name = mail.sender_name or settings.contact_office
    return Route(server, sender, name, mail.reply_to, mail.cc, mail.per_minute)


def _mailbox(settings: Settings) -> Mailbox | None:
    """Give the mailbox that sends: the one named, else the first that can, else the first."""
    boxes = {each.name: each for each in settings.mailboxes}
    wanted = settings.mail.mailbox
    if wanted and wanted not in boxes:
        raise WrongUse("mailbox-unknown", Where(SETTINGS_FILE), name=wanted, names="、".join(boxes) or "—")
    if wanted:
        return boxes[wanted]
    return next((each for each in settings.mailboxes if each.smtp), next(iter(settings.mailboxes), None))
