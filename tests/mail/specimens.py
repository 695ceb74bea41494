"""Mails byte by byte, as the programs of offices write them and as they should not: no library would make them so."""

import base64
import struct
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

CRLF = b"\r\n"
DAY = "Mon, 4 Jul 2022 10:00:00 +0800"
XLSX = b"application/octet-stream"


def b64(content: bytes, width: int = 76) -> bytes:
    """Encode in lines of ``width``."""
    text = base64.b64encode(content)
    return CRLF.join(text[start : start + width] for start in range(0, len(text), width)) + CRLF


def word(text: str, charset: str = "utf-8", label: str = "") -> bytes:
    """Write an encoded word (RFC 2047), under another label where one is given."""
    return b"=?%s?B?%s?=" % ((label or charset).encode(), base64.b64encode(text.encode(charset)))


def attached(
    content: bytes, name: str = "台账.xlsx", *, disposition: bytes | None = None, kind: bytes | None = None
) -> bytes:
    """Give a part with a file; ``disposition`` and ``kind`` are its headers as written, empty to leave one out."""
    encoded = word(name)
    kind = b'application/octet-stream; name="%s"' % encoded if kind is None else kind
    disposition = b'attachment; filename="%s"' % encoded if disposition is None else disposition
    lines = [b"Content-Type: " + kind] if kind else []
    lines += [b"Content-Transfer-Encoding: base64"]
    lines += [b"Content-Disposition: " + disposition] if disposition else []
    return CRLF.join([*lines, b"", b64(content)])


def text_part(text: str, kind: str = "plain") -> bytes:
    """Give a part with a text."""
    return CRLF.join([f"Content-Type: text/{kind}; charset=utf-8".encode(), b"", text.encode(), b""])


def forwarded(inner: bytes, disposition: bytes = b"") -> bytes:
    """Give a part that is a mail."""
    lines = [b"Content-Type: message/rfc822", *([b"Content-Disposition: " + disposition] if disposition else [])]
    return CRLF.join([*lines, b"", inner])


def mail(  # noqa: PLR0913 - a mail has many headers
    *parts: bytes,
    sender: str | bytes = "zhujian@example.gov.cn",
    subject: str | bytes = "报送台账",
    identity: str = "a1@mail.example.gov.cn",
    received: str | None = DAY,
    dated: str = DAY,
    more: Sequence[str | bytes] = (),
    kind: bytes = b"multipart/mixed",
    boundary: bytes = b"=_part_1",
    closed: bool = True,
) -> bytes:
    """Give a mail of several parts as it lies in a mailbox. ``received`` is what the server wrote on top."""
    lines: list[bytes] = []
    if received:
        lines.append(f"Received: from a.example (a [192.0.2.1]) by mx.example.gov.cn; {received}".encode())
    lines += [each if isinstance(each, bytes) else each.encode() for each in more]
    lines += [
        b"From: " + (sender if isinstance(sender, bytes) else f"<{sender}>".encode()),
        b"To: <office@example.gov.cn>",
        b"Subject: " + (subject if isinstance(subject, bytes) else word(subject)),
        f"Message-ID: <{identity}>".encode(),
        f"Date: {dated}".encode(),
        b"MIME-Version: 1.0",
        b'Content-Type: %s; boundary="%s"' % (kind, boundary),
        b"",
        b"",
    ]
    body = b"".join(b"--" + boundary + CRLF + part + CRLF for part in parts)
    return CRLF.join(lines) + body + (b"--" + boundary + b"--" + CRLF if closed else b"")


def nested(content: bytes, depth: int) -> bytes:
    """Give a mail with a file, forwarded within forwards."""
    made = mail(attached(content), subject="最里层", boundary=b"=_0")
    for level in range(1, depth + 1):
        made = mail(forwarded(made), subject=f"转发{level}", boundary=b"=_%d" % level, identity=f"f{level}@x.example")
    return made


def bounce(original: bytes, address: str, *, action: str = "failed", more: Sequence[str] = ()) -> bytes:
    """Give a delivery report (RFC 3464) with the mail that it is about."""
    report = CRLF.join(
        [
            b"Content-Type: message/delivery-status",
            b"",
            b"Reporting-MTA: dns; mx.example.com",
            b"",
            f"Final-Recipient: rfc822; {address}".encode(),
            f"Action: {action}".encode(),
            b"Status: 5.1.1",
            b"Diagnostic-Code: smtp; 550 5.1.1 no such user here",
            b"",
        ]
    )
    return mail(
        text_part("Your message could not be delivered."),
        report,
        forwarded(original),
        sender=b"Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        subject="Undelivered Mail Returned to Sender",
        identity="bounce1@mx.example.com",
        kind=b"multipart/report; report-type=delivery-status",
        boundary=b"=_report",
        more=["Return-Path: <>", *more],
    )


def mbox(mails: Iterable[bytes]) -> bytes:
    """Put mails into an mbox, with LF, and a > before every line that begins as the box's own do."""
    made = b""
    for each in mails:
        lines = each.replace(CRLF, b"\n").split(b"\n")
        quoted = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
        made += b"From zhujian@example.gov.cn Mon Jul  4 10:00:00 2022\n" + b"\n".join(quoted) + b"\n\n"
    return made


def foxmail(mails: Iterable[bytes]) -> bytes:
    """Put mails into a .box of Foxmail."""
    mark = b"\x10" * 7 + b"\x11" * 6 + b"S\r\n"
    return b"".join(mark + each for each in mails)


def winmail(files: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Pack files, with their names as bytes of whatever code page, as Outlook does (TNEF, [MS-OXTNEF])."""

    def attribute(level: int, number: int, content: bytes) -> bytes:
        checksum = struct.pack("<H", sum(content) & 0xFFFF)
        return struct.pack("<BII", level, number, len(content)) + content + checksum

    made = struct.pack("<IH", 0x223E9F78, 1)
    made += attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    made += attribute(1, 0x00069007, struct.pack("<II", 936, 0))
    for name, content in files:
        made += attribute(2, 0x00069002, struct.pack("<HIHHHH", 1, 0, 0, 0, 0, 0))
        made += attribute(2, 0x00018010, name + b"\0")
        made += attribute(2, 0x0006800F, content)
    return made


def outlook(streams: dict[str, bytes]) -> bytes:
    """Make an OLE container of streams by path (``a/b``), every one of them in large sectors ([MS-CFB])."""
    return _Compound(streams).made()


def message_file(
    files: Sequence[tuple[str, bytes]],
    *,
    subject: str = "报送台账",
    sender: str = "zhujian@example.gov.cn",
    headers: str = "",
    gbk: bool = False,
) -> bytes:
    """Make an Outlook message (.msg) with files; ``gbk``: by an Outlook that writes its texts in the code page."""

    def text(number: str, value: str) -> tuple[str, bytes]:
        return (f"__substg1.0_{number}001E", value.encode("gbk")) if gbk else (
            f"__substg1.0_{number}001F", value.encode("utf-16-le"))  # fmt: skip

    streams = {"__properties_version1.0": bytes(32), **dict([text("0037", subject), text("5D01", sender)])}
    streams |= dict([text("1000", "请查收"), text("1035", "<m1@outlook.example>")])
    if headers:
        streams |= dict([text("007D", headers)])
    for number, (name, content) in enumerate(files):
        place = f"__attach_version1.0_#{number:08X}/"
        inner = {"__properties_version1.0": bytes(8), **dict([text("3707", name)]), "__substg1.0_37010102": content}
        streams |= {place + key: value for key, value in inner.items()}
    return outlook(streams)


class _Compound:
    """Writes an OLE container, its directory as a chain; what is small is filled with zeros: no mini sectors."""

    def __init__(self, streams: dict[str, bytes]) -> None:
        self.streams = {path: content.ljust(4096, b"\0") for path, content in streams.items()}

    def made(self) -> bytes:
        entries, sectors = self._entries()
        fat: list[int] = []
        body = b""
        starts: dict[str, int] = {}
        for path, content in sectors.items():
            padded = content + bytes(-len(content) % 512) or bytes(512)
            starts[path] = len(fat)
            count = len(padded) // 512
            fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
            body += padded
        directory = b"".join(self._entry(entry, starts) for entry in entries)
        directory += bytes(-len(directory) % 512)
        first = len(fat)
        count = len(directory) // 512
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        body += directory
        tables = -(-(len(fat) + len(fat) // 128 + 2) // 128)
        places = list(range(len(fat), len(fat) + tables))
        fat += [0xFFFFFFFD] * tables
        fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
        header = struct.pack("<8s16xHHHHH6xIII4xIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                             0, tables, first, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)  # fmt: skip
        header += struct.pack(f"<{tables}I", *places) + b"\xff" * (4 * (109 - tables))
        return header + body + struct.pack(f"<{len(fat)}I", *fat)

    def _entries(self) -> tuple[list[dict[str, object]], dict[str, bytes]]:
        entries: list[dict[str, object]] = [{"name": "Root Entry", "kind": 5, "path": ""}]
        children: dict[str, list[int]] = {"": []}
        for path in self.streams:
            *storages, _ = path.split("/")
            for depth in range(len(storages)):
                storage = "/".join(storages[: depth + 1])
                if storage not in children:
                    children[storage] = []
                    children["/".join(storages[:depth])].append(len(entries))
                    entries.append({"name": storages[depth], "kind": 1, "path": storage})
            children["/".join(storages)].append(len(entries))
            entries.append({"name": path.split("/")[-1], "kind": 2, "path": path})
        for entry in entries:
            own = children.get(str(entry["path"]), []) if entry["kind"] != 2 else []
            # A binary tree sorted by length, then letters ([MS-CFB] 2.6.4); a chain to the right is one.
            ordered = sorted(
                own, key=lambda place: (len(str(entries[place]["name"])), str(entries[place]["name"]).upper())
            )
            entry["child"] = ordered[0] if ordered else 0xFFFFFFFF
            for place, following in pairwise(ordered):
                entries[place]["right"] = following
        return entries, dict(self.streams)

    def _entry(self, entry: dict[str, object], starts: dict[str, int]) -> bytes:
        name = str(entry["name"]).encode("utf-16-le")
        path, kind = str(entry["path"]), int(str(entry["kind"]))
        size = len(self.streams[path]) if kind == 2 else 0
        start = starts[path] if kind == 2 else 0xFFFFFFFE if kind == 5 else 0
        return struct.pack(
            "<64sHBBIII16xI16xIQ", name, len(name) + 2, kind, 1, 0xFFFFFFFF,
            int(str(entry.get("right", 0xFFFFFFFF))), int(str(entry.get("child", 0xFFFFFFFF))), 0, start, size,
        )  # fmt: skip


def zip_crypto(name: str, content: bytes, password: bytes) -> bytes:
    """Zip a file behind a password as old programs do (APPNOTE 6.1): the three keys and the byte of each."""
    crc = zlib.crc32(content)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = bytes(11) + bytes([crc >> 24]) + packer.compress(content) + packer.flush()
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = _crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    hidden = bytearray()
    for byte in packed:
        key = (keys[2] | 2) & 0xFFFF
        hidden.append(byte ^ ((key * (key ^ 1)) >> 8 & 0xFF))
        update(byte)
    spelled = name.encode()
    about = struct.pack("<HHHHHIIIHH", 20, 0x801, 8, 0, 33, crc, len(hidden), len(content), len(spelled), 0)
    body = b"PK\3\4" + about + spelled + bytes(hidden)
    directory = b"PK\1\2" + struct.pack("<H", 20) + about + struct.pack("<HHHII", 0, 0, 0, 0, 0) + spelled
    return body + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(body), 0)


def _crc(value: int, byte: int) -> int:
    return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
