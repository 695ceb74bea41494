"""What the bytes of a mail look like before any parser sees them: is it one, in which encoding."""

import html
import re
from typing import Final

_KNOWN: Final = frozenset(
    b"from|to|cc|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|sender|reply-to|"
    b"in-reply-to|references|x-mailer|x-unsent|x-priority|x-originating-ip|authentication-results|dkim-signature|"
    b"content-transfer-encoding|x-qq-mid|x-coremail-antispam|x-cm-transid|x-mozilla-status|x-account-key|x-envelope-from|"
    b"auto-submitted|x-foxmail-account|disposition-notification-to|x-has-attach|arc-seal|received-spf".split(b"|")
)
_HEADER: Final = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,60}):")
_LEAST: Final = 2  # headers by which a mail is known
_LOOKED_AT: Final = 16_384
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_DROPPED: Final = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAK: Final = re.compile(r"<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]{0,200}>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_LONGEST: Final = 200_000
_EXTENSIONS: Final = (
    (b"PK\3\4", ".zip"),
    (b"\xd0\xcf\x11\xe0", ".xls"),
    (b"%PDF", ".pdf"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG", ".png"),
    (b"GIF8", ".gif"),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"),
)


def plain_message(data: bytes) -> bytes:
    """Give a mail as it went over the wire: without a byte order mark, not in UTF-16, without what programs put before.

    Notepad saves an .eml as UTF-8 with a mark, or as UTF-16.
    """
    if data.startswith(_MARKS):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    elif data[1:2] == b"\0" and data[3:4] == b"\0":  # UTF-16 without a mark
        data = data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
    return data


def is_message(data: bytes) -> bool:
    """Tell whether the bytes are a mail: they begin with a head, and at least two of its lines are a mail's."""
    head = plain_message(data[:_LOOKED_AT])
    if not _HEADER.match(head):
        return False
    known = set()
    for line in head.splitlines():
        if not line.strip():
            break
        found = _HEADER.match(line)
        if found:
            known.add(found[1].lower())
        elif line[:1] not in b" \t":
            return False
    return len(known & _KNOWN) >= _LEAST


def is_mail_name(name: str) -> bool:
    """Tell whether a file is called like a mail."""
    return name.lower().endswith((".eml", ".msg"))


def extension_of(data: bytes) -> str:
    """Give the extension that the bytes call for, for a file without a name."""
    if data.startswith(b"PK") and b"xl/" in data[-4_000:]:
        return ".xlsx"
    return next((extension for magic, extension in _EXTENSIONS if data.startswith(magic)), "")


def text_of_html(markup: str) -> str:
    """Give the words of a page, line by line."""
    text = _BREAK.sub("\n", _DROPPED.sub("", markup[:_LONGEST]))
    lines = (" ".join(line.split()) for line in html.unescape(_TAG.sub("", text)).splitlines())
    return "\n".join(line for line in lines if line)
