"""A letter: one mail as opened, whatever file or server it came from.

Foreign bytes: :func:`open_letter` runs inside the worker only (:mod:`ledgergen.mail.worker`); everybody else gets
letters from :class:`ledgergen.mail.opener.LetterOpener`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ledgergen.findings import Finding


class Kind(StrEnum):
    """What a mail is for whoever collects.

    ``bounce``: a server says that a mail of ours was not delivered; ``auto-reply``: a program answers (out of office);
    ``receipt``: a delivery or read receipt. All else, a person's ``Auto-Submitted: no`` included, is a ``letter``.
    """

    LETTER = "letter"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto-reply"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file in a mail: its name as its sender meant it, its bytes, and the names of the mails and files around it.

    ``path`` is a label like that of a file in an archive (``转发：台账 › 台账.xlsx``): no part of a path on any disk.
    ``content`` is the file's bytes, or the file they were spooled to where the mail is a large one; ask for ``data``.
    """

    name: str
    content: bytes | Path = field(repr=False)
    path: str

    @property
    def data(self) -> bytes:
        """Give the bytes; those of a large mail are read from its spool each time."""
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as opened.

    ``message_id``, ``in_reply_to`` and ``references`` are without their angle brackets; ``sender`` is the address of
    From in lower case, ``sender_name`` its name. ``dated`` is what the sender's clock said (Date), ``received`` the
    date of the topmost Received: UTC as in the journal's events, empty where there is none or it cannot be read.
    ``authentication`` holds the Authentication-Results in their order from the top, each unfolded. ``bounced``: the
    addresses that a bounce says were not reached, with the reason given. ``about`` are the Message-IDs that a bounce
    or receipt is about. ``links`` are the attachments that are links only (超大附件): names, else addresses. ``text``
    is the beginning of the body. Nested mails are opened: their attachments are among ``attachments``, their
    Message-IDs, senders and links count for nothing here.
    """

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    dated: str = ""
    received: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    authentication: tuple[str, ...] = ()
    kind: Kind = Kind.LETTER
    attachments: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    text: str = ""
    findings: tuple[Finding, ...] = ()
    bounced: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
