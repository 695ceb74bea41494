"""The office at its mailbox, without a campaign: what it has seen, and what came."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ledgergen.mail.fetching import Message
from ledgergen.mail.login import login_refused
from ledgergen.mail.mailboxes import read_mailbox
from ledgergen.mail.secrets import Secret
from ledgergen.records import Mailbox, Server
from servers import HOST, PASSWORD

SECRET: Final = Secret(PASSWORD)


def imap(port: int, user: str, security: str = "plain") -> Mailbox:
    """Make the settings of an IMAP mailbox."""
    return Mailbox("office", "imap", Server(HOST, port, security, user))


def pop3(port: int, user: str, security: str = "plain") -> Mailbox:
    """Make the settings of a POP3 mailbox."""
    return Mailbox("office", "pop3", Server(HOST, port, security, user))


class Office:
    """Who fetches, and remembers what came: the bytes and findings by (folder, UIDVALIDITY, name)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.bodies: list[bytes] = []
        self.codes: list[str] = []

    def fetch(self, mailbox: Mailbox, secret: Secret = SECRET) -> int:
        """Fetch what is new; give how many messages came in this run."""
        count = 0
        for message in self.messages(mailbox, secret):
            count += 1
            self.seen[message.folder, message.validity].add(message.uid)
            self.codes += [found.code for found in message.findings]
            if not message.findings:
                self.bodies.append(
                    message.content.read_bytes() if isinstance(message.content, Path) else message.content
                )
        return count

    def messages(self, mailbox: Mailbox, secret: Secret = SECRET) -> Iterator[Message]:
        """Give what is new."""
        known = lambda folder, validity: self.seen[folder, validity]  # noqa: E731
        with read_mailbox(
            mailbox, secret, self.root, known, lambda words: login_refused(words, mailbox.server)
        ) as reading:
            yield from reading.messages()
