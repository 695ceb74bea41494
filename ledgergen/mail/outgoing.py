"""A mail as it goes out: composed whole, as bytes, from texts and attachments.

Names come from files that people edit, so nothing of them reaches a header line as it is: control characters are taken
out, and what is not ASCII is written in encoded words (RFC 2047) that each hold whole characters. An attachment's name
stands so in ``name=`` *and* ``filename=``: clients in China read it there, and show ``tcmime.bin`` where it is written
in the way of RFC 2231 alone.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.charset import BASE64, Charset
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, make_msgid
from hashlib import sha256
from typing import Final

_TYPES: Final = {
    "xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "zip",
}
_UTF8: Final = Charset("utf-8")
_UTF8.header_encoding = BASE64
_UTF8.body_encoding = BASE64
_WIDTH: Final = 75  # characters of an encoded word, as RFC 2047 has it
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
_LONGEST: Final = 254  # characters of an address (RFC 5321)
_IDENTITY: Final = re.compile(r"[^<>\s\x00-\x1f\x7f]{3,900}")
_POLICY: Final = compat32.clone(linesep="\r\n", max_line_length=None)  # what is written here is folded already


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along: the name that its reader sees, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail to be sent: addresses are addresses alone, ``sender_name`` is what stands before ours.

    ``identity`` is its Message-ID, empty for a draft; ``in_reply_to`` and ``references`` those of the mail it answers,
    all without angle brackets; ``automatic`` what ``Auto-Submitted`` says (RFC 3834), empty for a mail that a person
    sends.
    """

    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    sender_name: str = ""
    cc: tuple[str, ...] = ()
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    identity: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Give every address it goes to, each once."""
        return tuple(dict.fromkeys((*self.to, *self.cc)))


def is_address(text: str) -> bool:
    """Tell whether a text is a mail address that any server takes: ``name@domain.tld`` in ASCII."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def new_identity(token: str, sender: str) -> str:
    """Make a Message-ID that names a ledger by its token, and that nobody can guess."""
    domain = sender.rpartition("@")[2] or "localhost"
    return make_msgid(idstring=token.lower() or None, domain=domain).strip("<>")


def compose(mail: Outgoing, dated: datetime | None) -> bytes:
    """Write a mail as bytes that may be sent as they are: lines end in CRLF, none is longer than 998 characters.

    Without a day it is a draft for a mail program (``X-Unsent: 1``), which gives it date and Message-ID itself.

    Raises:
        ValueError: an address, or a Message-ID of its own, is none; whoever calls has looked at them.
    """
    wrong = [each for each in (*mail.recipients, *filter(None, (mail.sender, mail.reply_to))) if not is_address(each)]
    if wrong or (mail.identity and not _IDENTITY.fullmatch(mail.identity)):
        raise ValueError("an address or an identity is none")
    whole = _body(mail)
    for name, value in _headers(mail, dated):
        whole[name] = value
    return whole.as_bytes(policy=_POLICY)


def _headers(mail: Outgoing, dated: datetime | None) -> Iterable[tuple[str, str]]:
    if dated is None:
        yield "X-Unsent", "1"
    else:
        yield "Date", format_datetime(dated)
        yield "Message-ID", f"<{mail.identity}>"
    if mail.sender:
        yield "From", _named(mail.sender_name, mail.sender)
    yield "To", ",\r\n ".join(mail.to)
    if mail.cc:
        yield "Cc", ",\r\n ".join(mail.cc)
    if mail.reply_to:
        yield "Reply-To", mail.reply_to
    yield "Subject", encoded(mail.subject)
    known = [each for each in (*mail.references, mail.in_reply_to) if _IDENTITY.fullmatch(each)]
    if mail.in_reply_to in known:
        yield "In-Reply-To", f"<{mail.in_reply_to}>"
        yield "References", "\r\n ".join(f"<{each}>" for each in dict.fromkeys(known))
    if mail.automatic:
        yield "Auto-Submitted", mail.automatic
        yield "X-Auto-Response-Suppress", "All"


def encoded(text: str) -> str:
    """Write a text for a header: as it is where it is short ASCII, else in encoded words of whole characters."""
    plain = one_line(text)
    if plain.isascii() and len(plain) <= _WIDTH and "=?" not in plain:
        return plain
    return Header(plain, _UTF8, maxlinelen=_WIDTH, header_name="x" * 10).encode(linesep="\r\n")


def one_line(text: str) -> str:
    """Take out of a text what could end a header line or begin another: control characters, in Unicode's own sense."""
    return " ".join("".join(_shown(each) for each in text).split())


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    return "" if category in ("Cf", "Cs") else " " if category in ("Cc", "Zl", "Zp") else character


def _named(name: str, address: str) -> str:
    shown = one_line(name)
    if not shown:
        return address
    if shown.isascii():
        shown = '"' + shown.replace("\\", "").replace('"', "") + '"'
        return f"{shown}\r\n <{address}>"
    return f"{encoded(shown)}\r\n <{address}>"


def _body(mail: Outgoing) -> Message:
    """Make the parts: the text, beside it the same in HTML, then the attachments."""
    parts: list[Message] = [_text_part(mail.text, "plain")]
    seed = sha256(mail.text.encode("utf-8", "replace"))
    for each in mail.attachments:
        seed.update(sha256(each.data).digest())
    mark = seed.hexdigest()[:32]
    if mail.html:
        both = MIMEMultipart("alternative", boundary=f"=_text_{mark}")
        both.attach(parts.pop())
        both.attach(_text_part(mail.html, "html"))
        parts.append(both)
    if mail.attachments:
        whole = MIMEMultipart("mixed", boundary=f"=_mail_{mark}")
        for part in (*parts, *map(_attached, mail.attachments)):
            whole.attach(part)
        parts = [whole]
    return parts[0]


def _text_part(text: str, kind: str) -> Message:
    part = MIMENonMultipart("text", kind, charset="utf-8")
    lines = text.encode("utf-8", "replace").decode().splitlines()
    part.set_payload("\r\n".join([*lines, ""]), _UTF8)
    return part


def _attached(attachment: Attachment) -> Message:
    part = MIMEApplication(attachment.data, "octet-stream")
    ending = attachment.name.rpartition(".")[2].lower()
    name = _quoted_name(attachment.name)
    part.replace_header("Content-Type", f"application/{_TYPES.get(ending, 'octet-stream')};\r\n name={name}")
    part["Content-Disposition"] = f"attachment;\r\n filename={name}"
    return part


def _quoted_name(name: str) -> str:
    plain = one_line(name).replace("\\", "_").replace("/", "_").replace('"', "_") or "_"
    return f'"{encoded(plain)}"'
