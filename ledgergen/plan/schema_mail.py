"""The shapes of ``mailboxes:`` and ``mail:`` in ``ledgergen.yaml``: where returns come in, and how mail goes out.

A password has no key here: secrets are never in a file (:mod:`ledgergen.mail.secrets`).
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ledgergen.plan.schema_time import number
from ledgergen.plan.schema_values import Day, Name, Shape, Text

Security = Literal["tls", "starttls", "plain"]
_MEGABYTE: Final = 1_000_000
_HOST_LENGTH: Final = 253


def _host(text: str) -> str:
    """Refuse what is an address of a page or holds a port: it would be looked up as a name and never be found."""
    if len(text) > _HOST_LENGTH or any(mark in text for mark in "/@ ") or (":" in text and text.count(":") == 1):
        raise PydanticCustomError("mail-host-bad", "no host", {"value": text})
    return text


Host = Annotated[Name, AfterValidator(_host)]
Port = Annotated[int, *number(1, 65_535)]
Megabytes = Annotated[int, *number(1, 1_000)]
PerMinute = Annotated[int, *number(1, 6_000)]


class SmtpShape(Shape):
    """The server that sends the office's mail."""

    host: Host = Field(description="The server's name, e.g. smtp.qq.com.")
    port: Port = Field(default=465, description="Its port: 465 with tls, 587 with starttls.")
    security: Security = Field(
        default="tls",
        description="How it is encrypted: tls from the start, starttls, or plain (only in the office's own network).",
    )
    user: Text = Field(default="", description="The name to log in with. Left out: the mailbox's.")
    ca: Text = Field(default="", description="The certificate file of the office's own CA. Left out: the mailbox's.")


class MailboxShape(Shape):
    """A mailbox that returns come to. Its password stands in no file: see `ledgergen mailbox add`."""

    name: Name = Field(description="What it is called on the command line: collect --mailbox NAME.")
    protocol: Literal["imap", "pop3"] = Field(default="imap", description="How it is read; imap wherever there is one.")
    host: Host = Field(description="The server's name, e.g. imap.qq.com.")
    port: Port | None = Field(
        default=None, description="Its port. Left out: 993 (imap) or 995 (pop3), plain 143 or 110."
    )
    security: Security = Field(
        default="tls",
        description="How it is encrypted: tls from the start, starttls, or plain (only in the office's own network).",
    )
    user: Name = Field(description="The name to log in with, nearly always the whole address.")
    folders: tuple[Name, ...] = Field(default=("INBOX",), description="The folders to look into (imap only).")
    since: Day | None = Field(default=None, description="Mail that came before this day is left alone.")
    largest: Megabytes = Field(
        default=100, description="Megabytes; larger mails stay on the server, and a finding names them."
    )
    ca: Text = Field(
        default="", description="The certificate file of the office's own CA, below the campaign's folder."
    )
    smtp: SmtpShape | None = Field(default=None, description="The server by which this mailbox sends.")

    @property
    def standing_port(self) -> int:
        """Give the port: as written, else the usual one."""
        usual = {"imap": (993, 143), "pop3": (995, 110)}[self.protocol]
        return self.port or usual[self.security != "tls"]

    @property
    def largest_bytes(self) -> int:
        """Give the limit in bytes."""
        return self.largest * _MEGABYTE


class MailShape(Shape):
    """Sending and receiving by mail: from whom the office's mail goes out, and whose returns are believed."""

    mailbox: Text = Field(default="", description="The mailbox that sends. May be left out where there is one.")
    sender: Text = Field(
        default="", alias="from", description="The address it comes from. Left out: the mailbox's user."
    )
    sender_name: Text = Field(default="", alias="from_name", description="The name beside the address.")
    reply_to: Text = Field(default="", description="The address that answers go to, if it is another one.")
    cc: tuple[Name, ...] = Field(default=(), description="Addresses that get a copy of every mail.")
    per_minute: PerMinute = Field(default=30, description="The most mails that are sent in a minute.")
    trusted_authserv: tuple[Name, ...] = Field(
        default=(),
        description="Names by which the office's own mail server signs Authentication-Results; no others count.",
    )
    on_behalf: dict[Name, tuple[Name, ...]] = Field(
        default={}, description="Who may return for which other units or groups (代报)."
    )
    public_domains: tuple[Name, ...] = Field(
        default=(), description="Providers beside the known ones where anybody can have an address."
    )
