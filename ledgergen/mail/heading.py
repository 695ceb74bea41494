"""The head of a mail: who, when, about what, and what the servers on its way said."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final, NamedTuple

from ledgergen.findings import Finding, finding
from ledgergen.mail.names import decoded, header_text

_ID: Final = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[A-Za-z0-9\u0080-\U0010ffff.-]{1,255}")
_MOST: Final = 200  # ids, addresses
_LONGEST: Final = 500  # characters of a subject or a name
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


class Heading(NamedTuple):
    """What a mail's head says; see :class:`ledgergen.mail.letter.Letter` for the fields."""

    message_id: str
    sender: str
    sender_name: str
    subject: str
    dated: str
    received: str
    in_reply_to: str
    references: tuple[str, ...]
    authentication: tuple[str, ...]
    recipients: tuple[str, ...]
    findings: tuple[Finding, ...]


def raw_values(message: "Message[str, str]", name: str) -> list[str]:
    """Give the values of a header as the parser has them, in their order; bytes beyond ASCII as lone surrogates."""
    size = len(name)
    return [str(value) for key, value in message.raw_items() if len(key) == size and key.lower() == name]


def raw_value(message: "Message[str, str]", name: str) -> str:
    """Give the first value of a header; empty where there is none."""
    return next(iter(raw_values(message, name)), "")


def inner_parts(message: "Message[str, str]") -> "list[Message[str, str]]":
    """Give the parts of a part; none where it has no parts."""
    payload = message.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def read_heading(message: "Message[str, str]") -> Heading:
    """Read the head of a mail; nothing in it is believed, only told."""
    senders = addresses(message, "from")
    several = len({address for _, address in senders}) > 1
    name, sender = ("", "") if several or not senders else senders[0]
    replied = _ids(message, "in-reply-to")
    return Heading(
        message_id=next(iter(_ids(message, "message-id")), ""),
        sender=sender,
        sender_name=name[:_LONGEST],
        subject=decoded(raw_value(message, "subject"))[:_LONGEST].strip(),
        dated=_moment(raw_value(message, "date")),
        received=_moment(raw_value(message, "received").rpartition(";")[2]),
        in_reply_to=next(iter(replied), ""),
        references=_ids(message, "references"),
        authentication=tuple(map(header_text, raw_values(message, "authentication-results")[:_MOST])),
        recipients=tuple(address for key in ("to", "cc") for _, address in addresses(message, key))[:_MOST],
        findings=(finding("letter-senders"),) if several else (),
    )


def addresses(message: "Message[str, str]", name: str) -> list[tuple[str, str]]:
    """Give the (name, address) pairs of a header; the address as it stands outside of any encoded word."""
    found = []
    for value in raw_values(message, name)[:_MOST]:
        text = header_text(value)
        pairs = [pair for pair in getaddresses([text]) if "@" in pair[1]] or list(_loose(text))
        found += [(decoded(shown).strip(), address.strip().lower()) for shown, address in pairs[:_MOST]]
    return found


def _loose(text: str) -> Iterator[tuple[str, str]]:
    """Find addresses where the header is not in order, as many programs write it that do not quote a name."""
    angled = re.findall(r"<\s*(" + _ADDRESS.pattern + r")\s*>", text)
    for address in angled or _ADDRESS.findall(text):
        yield text.partition("<")[0].strip(' "') if angled else "", address


def _ids(message: "Message[str, str]", name: str) -> tuple[str, ...]:
    found = [each for value in raw_values(message, name) for each in _ID.findall(header_text(value))]
    return tuple(dict.fromkeys(found))[:_MOST]


def _moment(text: str) -> str:
    """Spell a date as the journal does; empty where it is none, or absurd."""
    try:
        moment = parsedate_to_datetime(header_text(text).strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return ""
    return time_text(moment)


def time_text(moment: datetime) -> str:
    """Spell a time as the journal's events do: UTC, always in the same width."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
