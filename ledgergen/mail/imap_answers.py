"""What an IMAP server answers to FETCH, taken apart: of each message its UID, size, day and bytes.

IMAPClient's own parser reads every token of every answer, which costs as much as opening the mail does; only these
few items are ever asked for.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, TypeAlias

# As imaplib gives it: lines, and pairs of a line that ends in {n} with the n bytes that follow it.
Answer: TypeAlias = "Sequence[bytes | tuple[bytes, bytes] | None]"

_UID: Final = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d+)", re.IGNORECASE)
_DAY: Final = re.compile(
    rb'\bINTERNALDATE "([ \d]?\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([-+])(\d\d)(\d\d)"', re.IGNORECASE
)
_BODY: Final = re.compile(rb"\bBODY\[\](?:<\d+>)? \{\d+\+?\}$", re.IGNORECASE)
_QUOTED: Final = re.compile(rb'\bBODY\[\](?:<\d+>)? "((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_MONTHS: Final = {name: at for at, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


@dataclass(frozen=True, slots=True)
class Listed:
    """One message as the server lists it; ``received`` is when it came in, by the server's clock (UTC)."""

    uid: int
    size: int
    received: datetime | None


def listed_in(answer: Answer) -> dict[int, Listed]:
    """Read UID, size and day of the messages; what else the server tells meanwhile is passed over."""
    found = {}
    for line, _ in _lines(answer):
        uid, size = _UID.search(line), _SIZE.search(line)
        if uid and size:
            found[int(uid[1])] = Listed(int(uid[1]), int(size[1]), _moment(line))
    return found


def bodies_in(answer: Answer) -> dict[int, bytes]:
    """Read the bytes of the messages, by UID."""
    found = {}
    for line, body in _lines(answer):
        uid = _UID.search(line)
        if uid and body:
            found[int(uid[1])] = body
    return found


def _lines(answer: Answer) -> Iterator[tuple[bytes, bytes]]:
    """Give for each message its lines without the bytes of its body, and those bytes; short ones may be quoted."""
    line, body = b"", b""
    for part in answer:
        if isinstance(part, tuple):
            line += part[0]
            body = part[1] if _BODY.search(part[0]) else body
            continue
        if part is None:
            continue
        line += part
        if not body and (quoted := _QUOTED.search(line)):
            body, line = re.sub(rb"\\(.)", rb"\1", quoted[1]), line.replace(quoted[0], b"")
        yield line, body
        line, body = b"", b""


def _moment(line: bytes) -> datetime | None:
    found = _DAY.search(line)
    if found is None or found[2].lower() not in _MONTHS:
        return None
    day, year, hour, minute, second, hours, minutes = map(int, found.group(1, 3, 4, 5, 6, 8, 9))
    ahead = timedelta(hours=hours, minutes=minutes)
    try:
        zone = timezone(-ahead if found[7] == b"-" else ahead)
        return datetime(year, _MONTHS[found[2].lower()], day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
