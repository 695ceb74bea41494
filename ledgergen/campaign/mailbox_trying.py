"""Try a mailbox: log in to receive and to send, look what is there, change nothing, send nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from ledgergen.campaign.folder import Folder
from ledgergen.campaign.mailbox_settings import explained
from ledgergen.errors import Stop
from ledgergen.findings import Finding, Where, finding
from ledgergen.mail.mailboxes import count_messages
from ledgergen.mail.secrets import Ask, Secret, find_secret
from ledgergen.mail.submission import Submission
from ledgergen.records import Mailbox, Server


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying one server. ``folders``: messages by folder; None where it was not tried that far."""

    direction: str
    server: Server
    works: bool
    folders: dict[str, int] | None = None
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form but for the findings."""
        server = self.server
        return {
            "direction": self.direction,
            "host": server.host,
            "port": server.port,
            "security": server.security,
            "user": server.user,
            "works": self.works,
            "folders": self.folders,
        }


def try_mailbox(folder: Folder, mailbox: Mailbox, ask: Ask | None = None) -> tuple[Tried, ...]:
    """Try to receive, and to send where the mailbox has a server for it."""
    tried = [_tried("receive", mailbox.server, ask, lambda secret: _look(folder, mailbox, secret))]
    if mailbox.smtp is not None:
        smtp = mailbox.smtp
        tried.append(_tried("send", smtp, ask, lambda secret: _log_in(folder, smtp, secret)))
    return tuple(tried)


def _tried(direction: str, server: Server, ask: Ask | None, work: Callable[[Secret], dict[str, int] | None]) -> Tried:
    place = f"{server.host}:{server.port}"
    plain = (finding("mail-plain", Where(place), server=place),) if server.security == "plain" else ()
    try:
        folders = work(find_secret(server, ask))
    except Stop as fault:
        return Tried(direction, server, works=False, findings=(*plain, fault.finding))
    return Tried(direction, server, works=True, folders=folders, findings=plain)


def _look(folder: Folder, mailbox: Mailbox, secret: Secret) -> dict[str, int]:
    return count_messages(mailbox, secret, folder.root, lambda words: explained(folder, words, mailbox.server))


def _log_in(folder: Folder, server: Server, secret: Secret) -> None:
    with Submission(server, secret, folder.root) as line:
        line.open()
