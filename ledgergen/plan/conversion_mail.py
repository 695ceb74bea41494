"""What ``ledgergen.yaml`` says of mail turned into records; the part of :mod:`.conversion` about mail."""

from collections.abc import Sequence

from ledgergen.plan.documents import Document
from ledgergen.plan.schema_mail import MailboxShape, SmtpShape
from ledgergen.records import Mailbox, Server


def mailboxes_in(rows: Sequence[MailboxShape], document: Document) -> tuple[Mailbox, ...]:
    """Make the records of the mailboxes."""
    return tuple(
        Mailbox(
            name=row.name,
            protocol=row.protocol,
            server=Server(row.host, row.standing_port, row.security, row.user, row.ca),
            folders=row.folders,
            since=row.since,
            largest=row.largest_bytes,
            smtp=_smtp(row, row.smtp) if row.smtp else None,
            where=document.where(("mailboxes", index)),
        )
        for index, row in enumerate(rows)
    )


def _smtp(mailbox: MailboxShape, row: SmtpShape) -> Server:
    return Server(row.host, row.port, row.security, row.user or mailbox.user, row.ca or mailbox.ca)
