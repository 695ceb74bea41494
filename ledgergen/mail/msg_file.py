"""Open an Outlook message (.msg, [MS-OXMSG]): the one door to olefile. Runs inside the worker only.

Written because the library that reads these files is GPL and fails where a Chinese Outlook wrote GBK.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from typing import Final, cast

import olefile

from ledgergen.mail.heading import time_text
from ledgergen.mail.names import as_text
from ledgergen.workbook.inspect import Refused

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARK: Final = "__properties_version1.0".encode("utf-16-le")
_MOST: Final = 1_000  # attachments
_LARGEST: Final = 64_000_000
_TEXTS: Final = ("001F", "001E")  # Unicode; bytes of whatever code page

# Properties ([MS-OXPROPS]) by what they are here.
_SUBJECT, _BODY, _HTML, _HEADERS = "0037", "1000", "1013", "007D"
_SENDER_SMTP, _SENDER, _SENT_BY_SMTP, _SENDER_NAME = "5D01", "0C1F", "5D02", "0C1A"
_MESSAGE_ID, _REPLIED, _REFERENCES = "1035", "1042", "1039"
_FILE_LONG, _FILE, _SHOWN, _DATA, _CONTENT_ID = "3707", "3704", "3001", "3701", "3712"
_DELIVERED, _SUBMITTED = 0x0E06, 0x0039
_EPOCH: Final = 116_444_736_000_000_000  # 1970 in hundreds of nanoseconds since 1601


@dataclass(frozen=True, slots=True)
class OutlookFile:
    """One attachment: its name, its bytes; or the message that it is, unless that lies too deep (``is_deeper``)."""

    name: str
    data: bytes
    message: "OutlookMessage | None" = None
    is_inline: bool = False
    is_deeper: bool = False


@dataclass(frozen=True, slots=True)
class OutlookMessage:
    """An Outlook message: its head as a mail's, its text, its attachments."""

    head: "Message[str, str]"
    text: str
    html: str
    delivered: str
    files: tuple[OutlookFile, ...]


def is_outlook(data: bytes) -> bool:
    """Tell whether an OLE container holds an Outlook message."""
    return data.startswith(MAGIC) and _MARK in data


def read_outlook(data: bytes, depth: int = 5) -> OutlookMessage:
    """Open an Outlook message, with the messages attached to it to a depth.

    Raises:
        Refused: ``file-damaged``.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL) as container:
            return _Reader(container).message("", depth)
    except (
        OSError,
        ValueError,
        IndexError,
        KeyError,
        struct.error,
        AttributeError,
        TypeError,
        RecursionError,
    ) as fault:
        raise Refused("file-damaged", part="Outlook") from fault


class _Reader:
    def __init__(self, container: "olefile.OleFileIO") -> None:
        self._container = container
        self._storages = ["/".join(path) for path in container.listdir(streams=False, storages=True)]

    def message(self, above: str, depth: int) -> OutlookMessage:
        html = self._stream(above, f"{_HTML}0102") or b""
        return OutlookMessage(
            self._head(above),
            self._text(above, _BODY),
            as_text(html, "") or self._text(above, _HTML),
            self._moment(above),
            tuple(self._files(above, depth)),
        )

    def _head(self, above: str) -> "Message[str, str]":
        """Give the head that came over the wire; one made of the properties where there is none."""
        written = self._text(above, _HEADERS).lstrip("\r\n \x00")
        message = message_from_string(written.partition("\r\n\r\n")[0]) if ":" in written else Message()
        # What was edited or never sent has no such head.
        address = self._text(above, _SENDER_SMTP) or self._text(above, _SENT_BY_SMTP) or self._text(above, _SENDER)
        made = {
            "Subject": self._text(above, _SUBJECT),
            "From": f"<{address}>" if "@" in address else "",
            "Message-ID": self._text(above, _MESSAGE_ID),
            "In-Reply-To": self._text(above, _REPLIED),
            "References": self._text(above, _REFERENCES),
        }
        for name, value in made.items():
            if value and name not in message:
                message[name] = " ".join(value.split())
        return message

    def _files(self, above: str, depth: int) -> Iterator[OutlookFile]:
        prefix = f"{above}__attach_version1.0_#"
        own = [name for name in self._storages if name.startswith(prefix) and "/" not in name[len(prefix) :]]
        for storage in own[:_MOST]:
            place = f"{storage}/"
            name = self._text(place, _FILE_LONG) or self._text(place, _FILE) or self._text(place, _SHOWN)
            inner = f"{place}__substg1.0_{_DATA}000D"
            if f"{inner}" in self._storages:
                if depth > 0:
                    yield OutlookFile(name, b"", self.message(f"{inner}/", depth - 1))
                else:
                    yield OutlookFile(name, b"", is_deeper=True)
                continue
            yield OutlookFile(
                name, self._stream(place, f"{_DATA}0102") or b"", None, bool(self._text(place, _CONTENT_ID))
            )

    def _text(self, above: str, number: str) -> str:
        for kind in _TEXTS:
            data = self._stream(above, f"{number}{kind}")
            if data is not None:
                text = data.decode("utf-16-le", "replace") if kind == "001F" else as_text(data, "")
                return text.rstrip("\0")
        return ""

    def _stream(self, above: str, name: str) -> bytes | None:
        path = f"{above}__substg1.0_{name}"
        if not self._container.exists(path) or self._container.get_size(path) > _LARGEST:
            return None
        with self._container.openstream(path) as stream:
            return cast("bytes", stream.read())

    def _moment(self, above: str) -> str:
        """Give when the server took the message in, else when it was sent; the properties of fixed length have it."""
        from datetime import UTC, datetime

        path = f"{above}__properties_version1.0"
        if not self._container.exists(path):
            return ""
        with self._container.openstream(path) as stream:
            data = stream.read()
        header = 32 if not above else 24
        found = {}
        for place in range(header, len(data) - 15, 16):
            kind, number, _, value = struct.unpack_from("<HHIQ", data, place)
            if kind == 0x0040:  # noqa: PLR2004 - a time
                found[number] = value
        value = found.get(_DELIVERED) or 0
        try:
            return time_text(datetime.fromtimestamp((value - _EPOCH) / 10_000_000, UTC)) if value > _EPOCH else ""
        except (ValueError, OverflowError, OSError):
            return ""
