"""Open a mail: head, body, and every file in it, however deep. Runs inside the worker only.

What a part is, its bytes say, never its label: a ledger may come as text/plain, a forwarded mail as octet-stream, a
file inline in the text. Everything is bounded: parts, bytes, depth.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from secrets import token_hex
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.mail.heading import Heading, inner_parts, raw_value, read_heading
from ledgergen.mail.kinds import nature_of
from ledgergen.mail.letter import Attachment, Kind, Letter
from ledgergen.mail.links import link_names
from ledgergen.mail.msg_file import MAGIC as OUTLOOK
from ledgergen.mail.msg_file import OutlookMessage, is_outlook, read_outlook
from ledgergen.mail.names import as_text, attachment_name, decoded, is_made_up, last_of_path
from ledgergen.mail.plain import extension_of, is_message, plain_message, text_of_html
from ledgergen.mail.tnef import is_tnef, tnef_files
from ledgergen.workbook.archives import Room, archive_kind, zip_listing
from ledgergen.workbook.grid import BESIDE, MAX_FILE
from ledgergen.workbook.inspect import Refused

MAX_DEPTH: Final = 5  # mails within mails, the outermost not counted
MAX_FILES: Final = 1_000  # of one mail, those of mails within it included
_MAX_PARTS: Final = 5_000
_MAX_TOTAL: Final = 96_000_000  # bytes of all files of one mail: they go through a pipe
_TEXT: Final = 4_000  # characters of the body that are kept
_SMALL_PICTURE: Final = 30_000  # bytes: what stands in a text and is smaller is a logo
_NOT_FILES: Final = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "text/calendar",
        "text/x-amp-html",
    }
)
_MAILS: Final = frozenset({"message/rfc822", "message/global", "message/news"})
_BODIES: Final = frozenset({"text/plain", "text/html"})
_BASE64: Final = frozenset({"base64", "b", "base-64"})
_UUENCODED: Final = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_RUN: Final = re.compile(rb"(?:(?<=\n)[A-Za-z0-9+/]{40,998}={0,2}\r?\n){16,}")
_LOOSE: Final = re.compile(rb"[^A-Za-z0-9+/]")
_MAIL_NAME: Final = re.compile(rb"\.(eml|msg)", re.IGNORECASE)
_CUT: Final = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)


def open_letter(data: bytes, spooled: Mapping[bytes, int] | None = None) -> Letter:
    """Open one mail: .eml in any of its encodings, .msg, winmail.dat.

    ``spooled``: the contents that stand for parts which were taken out because they are large, with their numbers
    (:mod:`ledgergen.mail.thinning`).

    Raises:
        Refused: it is no mail, or cannot be opened at all.
    """
    opener = _Opener(spooled or {})
    if is_outlook(data):
        return opener.outlook_letter(read_outlook(data, MAX_DEPTH))
    if data.startswith(OUTLOOK):
        raise Refused("file-damaged", part="Outlook")
    if is_tnef(data):
        opener.winmail("winmail.dat", data, "", 0)
        return opener.letter(Heading("", "", "", "", "", "", "", (), (), (), ()), None)
    return opener.mime_letter(opener.parsed(data))


def _parsed(plain: bytes) -> "Message[str, str]":
    try:
        message: Message[str, str] = BytesParser(policy=compat32).parsebytes(plain)
    except RecursionError:
        message = BytesHeaderParser(policy=compat32).parsebytes(plain)
        message.set_payload("")
    if not message.keys():
        raise Refused("letter-unreadable")
    return message


@dataclass(slots=True)
class _Opener:
    """Collects what a mail holds while it is walked through."""

    spooled: Mapping[bytes, int]
    files: list[Attachment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    text: str = ""
    size: int = 0
    parts: int = 0
    is_full: bool = False
    runs: dict[bytes, bytes] = field(default_factory=dict)
    nonce: bytes = field(default_factory=lambda: token_hex(16).encode())

    def parsed(self, data: bytes) -> "Message[str, str]":
        """Parse a mail; its head alone where it is nested so deep that the parser gives up.

        Long runs of base64 do not go through the parser, which looks at every line: one line stands for each.

        Raises:
            Refused: ``letter-unreadable``, nothing in it is a head.
        """
        return _parsed(_RUN.sub(self._set_aside, plain_message(data)))

    def _set_aside(self, run: re.Match[bytes]) -> bytes:
        line = b"%sx%dx" % (self.nonce, len(self.runs))
        self.runs[line] = run[0]
        return line + b"\n"

    def unpacked(self, part: "Message[str, str]", encoding: str) -> tuple[bytes, bool]:
        """Decode a part's content, with what was set aside; tell whether its end is missing.

        Base64 not with the parser's own means: what was cut short it gives back *undecoded*.
        """
        if encoding in _BASE64 or encoding in _UUENCODED:
            payload = part.get_payload()
            raw = self._whole(payload.encode("ascii", "replace") if isinstance(payload, str) else b"")
            return _from_base64(raw) if encoding in _BASE64 else (_uudecoded(raw), False)
        content = part.get_payload(decode=True)
        return self._whole(content if isinstance(content, bytes) else b""), False

    def _whole(self, raw: bytes) -> bytes:
        if self.nonce not in raw:
            return raw
        for line, run in self.runs.items():
            raw = raw.replace(line, run.rstrip(b"\r\n"))
        return raw

    def mime_letter(self, message: "Message[str, str]") -> Letter:
        """Open a mail as parsed."""
        self.mail(message, "", 0)
        return self.letter(read_heading(message), message)

    def outlook_letter(self, opened: OutlookMessage) -> Letter:
        """Open an Outlook message."""
        self.outlook(opened, "", 0)
        heading = read_heading(opened.head)
        return self.letter(heading._replace(received=heading.received or opened.delivered), opened.head)

    def letter(self, heading: Heading, message: "Message[str, str] | None") -> Letter:
        """Put together what was found."""
        nature = nature_of(message, heading, self.text, has_files=bool(self.files)) if message is not None else None
        kind = nature.kind if nature else Kind.LETTER
        return Letter(
            **{name: getattr(heading, name) for name in heading._fields if name != "findings"},
            kind=kind,
            # What a server sends back is our own mail.
            attachments=() if kind is Kind.BOUNCE else tuple(self.files),
            links=tuple(dict.fromkeys(self.links)),
            text=self.text[:_TEXT],
            findings=() if kind is Kind.BOUNCE else (*heading.findings, *self.findings),
            bounced=nature.bounced if nature else {},
            about=nature.about if nature else (),
        )

    def mail(self, message: "Message[str, str]", above: str, depth: int) -> None:
        """Walk through the parts of a mail and of the mails in it."""
        stack = [message]
        while stack and not self.is_full:
            part = stack.pop()
            self.parts += 1
            if self.parts > _MAX_PARTS:
                self._too_many(above)
                return
            kind = part.get_content_type()
            is_many = kind.startswith("multipart/")
            if is_many and any(isinstance(defect, _CUT) for defect in part.defects):
                self._say("letter-cut", above)
            if kind in _MAILS:
                self._forwarded(part, above, depth)
            elif is_many and part.is_multipart():
                stack += reversed(inner_parts(part))
            elif kind not in _NOT_FILES:
                self._part(part, kind, above, depth)

    def _forwarded(self, part: "Message[str, str]", above: str, depth: int) -> None:
        """Open a mail that is a part of another."""
        inner = next(iter(inner_parts(part)), None)
        name = attachment_name(raw_value(part, "content-disposition"), raw_value(part, "content-type"))
        if inner is None:
            self._part(part, "application/octet-stream", above, depth)
            return
        encoding = raw_value(part, "content-transfer-encoding").strip().lower()
        if encoding in _BASE64 and not inner.keys():  # against the rules, but it is done
            self.file(name or "mail.eml", self.unpacked(inner, encoding)[0], above, depth)
            return
        label = decoded(raw_value(inner, "subject")).strip() or name or "mail.eml"
        self.nested(inner, above, label, depth)

    def nested(self, message: "Message[str, str]", above: str, label: str, depth: int) -> None:
        """Open a mail within a mail, as far as it goes."""
        if depth >= MAX_DEPTH:
            self._say("letter-too-deep", above, limit=MAX_DEPTH)
            return
        shown = last_of_path(label.replace("/", "／")) or "mail.eml"
        self.mail(message, f"{above}{shown}{BESIDE}", depth + 1)

    def outlook(self, opened: OutlookMessage, above: str, depth: int) -> None:
        """Take what an Outlook message holds."""
        self._body(opened.text, opened.html, depth)
        for each in opened.files:
            if self.is_full:
                return
            if each.is_deeper or (each.message and depth >= MAX_DEPTH):
                self._say("letter-too-deep", above, limit=MAX_DEPTH)
            elif each.message:
                label = last_of_path(decoded(each.message.head.get("subject", "")) or each.name) or "mail.msg"
                self.outlook(each.message, f"{above}{label}{BESIDE}", depth + 1)
            elif not (each.is_inline and _is_small_picture(each.data)):
                self.file(last_of_path(each.name), each.data, above, depth)

    def winmail(self, name: str, data: bytes, above: str, depth: int) -> None:
        """Take the files out of a winmail.dat."""
        try:
            for inner, content in tnef_files(data):
                self.file(last_of_path(decoded(inner)), content, above, depth + 1)
        except Refused as refusal:
            self.findings.append(refusal.finding(f"{above}{name}"))
            self._keep(name, data, above)

    def _part(self, part: "Message[str, str]", kind: str, above: str, depth: int) -> None:
        """Take a part that is a text or a file."""
        disposition, typed = raw_value(part, "content-disposition"), raw_value(part, "content-type")
        name = attachment_name(disposition, typed, raw_value(part, "content-description"))
        encoding = raw_value(part, "content-transfer-encoding").partition(";")[0].strip().lower()
        data, is_cut = self.unpacked(part, encoding)
        is_attached = disposition.strip().lower().startswith("attachment")
        if kind in _BODIES and not is_attached and not (name and not is_made_up(name)) and not _is_file(data):
            written = as_text(data, part.get_content_charset("") if data else "")
            self._body(*(("", written) if kind == "text/html" else (written, "")), depth)
            return
        if not data or (_is_small_picture(data) and not is_attached and raw_value(part, "content-id")):
            if is_attached or name:
                self._say("attachment-empty", f"{above}{name}") if not data else None
            return
        if is_cut:
            self._say("attachment-cut", f"{above}{name}")
        self.file(name, data, above, depth)

    def _body(self, plain: str, markup: str, depth: int) -> None:
        """Look into a text for attachments that are only links, and keep its beginning."""
        if depth == 0:
            self.links += link_names(markup or plain)
            if not self.text.strip():
                self.text = plain.strip()[:_TEXT] or text_of_html(markup)[:_TEXT]

    def file(self, name: str, data: bytes, above: str, depth: int) -> None:
        """Take a file: open it where it is a mail or holds mails, else keep it."""
        if data in self.spooled:
            self._keep(name, data, above)
        elif is_outlook(data):
            self._outlook_file(name or "mail.msg", data, above, depth)
        elif is_tnef(data):
            self.winmail(name or "winmail.dat", data, above, depth)
        elif is_message(data):
            try:
                message = self.parsed(data)
            except Refused as refusal:
                self.findings.append(refusal.finding(f"{above}{name}"))
                self._keep(name, data, above)
                return
            self.nested(message, above, decoded(raw_value(message, "subject")).strip() or name or "mail.eml", depth)
        elif data.startswith(b"PK") and _mails_in(data):
            self._folder(name, data, above, depth)
        else:
            self._keep(name, data, above)

    def _outlook_file(self, name: str, data: bytes, above: str, depth: int) -> None:
        try:
            opened = read_outlook(data, MAX_DEPTH - depth)
        except Refused as refusal:
            self.findings.append(refusal.finding(f"{above}{name}"))
            return
        if depth >= MAX_DEPTH:
            self._say("letter-too-deep", above, limit=MAX_DEPTH)
        else:
            self.outlook(opened, f"{above}{name}{BESIDE}", depth + 1)

    def _folder(self, name: str, data: bytes, above: str, depth: int) -> None:
        """Open the mails of a zipped folder; what else is in it is read where the archive is."""
        if depth >= MAX_DEPTH:
            self._say("letter-too-deep", above, limit=MAX_DEPTH)
            return
        others = False
        for label, content, refusal in zipped(data):
            if refusal:
                self.findings.append(refusal.finding(f"{above}{name}{BESIDE}{label}"))
            elif is_message(content) or is_outlook(content):
                self.file(label, content, f"{above}{name}{BESIDE}", depth + 1)
            else:
                others = True
            if self.is_full:
                return
        if others:
            self._keep(name, data, above)

    def _keep(self, name: str, data: bytes, above: str) -> None:
        if len(self.files) >= MAX_FILES or self.size + len(data) > _MAX_TOTAL:
            self._too_many(above)
            return
        if is_made_up(name) or not name:
            name = f"附件{len(self.files) + 1}{extension_of(data)}"
        self.size += len(data)
        self.files.append(Attachment(name, data, f"{above}{name}"))

    def _too_many(self, above: str) -> None:
        if not self.is_full:
            self._say("letter-too-many", above, limit=MAX_FILES)
        self.is_full = True

    def _say(self, code: str, place: str, **facts: int) -> None:
        self.findings.append(finding(code, Where(place.removesuffix(BESIDE)), **facts))


def zipped(data: bytes) -> Iterator[tuple[str, bytes, Refused | None]]:
    """Give the files of a zipped folder of mails one by one: label, content, or why there is none."""
    from ledgergen.workbook.archive_zip import entries
    from ledgergen.workbook.archives import is_left_behind, label_of

    room = Room(_MAX_PARTS * 2, 16 * MAX_FILE)
    try:
        for name, fetch in entries(data, room, ()):
            if is_left_behind(name):
                continue
            room.enter()
            try:
                yield label_of(name), room.take(fetch()), None
            except Refused as refusal:
                yield label_of(name), b"", refusal
    except Refused as refusal:
        yield "", b"", refusal


def _mails_in(data: bytes) -> bool:
    """Tell whether a zip archive holds mails, by the names in it."""
    if not _MAIL_NAME.search(data) or archive_kind(data) != "ZIP":
        return False
    return any(info.filename.lower().endswith((".eml", ".msg")) for info in zip_listing(data))


def _from_base64(raw: bytes) -> tuple[bytes, bool]:
    try:
        return binascii.a2b_base64(raw), False
    except binascii.Error:
        pass
    head, _, _ = raw.partition(b"=")  # whatever comes after the end was put there by a list server
    kept = _LOOSE.sub(b"", head)
    rest = len(kept) % 4
    kept = kept[:-1] if rest == 1 else kept
    is_cut = rest == 1 or (rest > 0 and b"=" not in raw)
    return base64.b64decode(kept + b"=" * (-len(kept) % 4)), is_cut


def _uudecoded(raw: bytes) -> bytes:
    content = bytearray()
    for line in raw.partition(b"begin ")[2].split(b"\n")[1:]:
        if line.strip() in (b"end", b"`", b""):
            continue
        try:
            content += binascii.a2b_uu(line.rstrip(b"\r"))
        except binascii.Error:
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            content += binascii.a2b_uu(line[: count + 1])
    return bytes(content)


def _is_file(data: bytes) -> bool:
    """Tell by its first bytes whether a text part is no text."""
    return data.startswith(
        (b"PK\3\4", b"\xd0\xcf\x11\xe0", b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xff\xd8\xff")
    )


def _is_small_picture(data: bytes) -> bool:
    return len(data) < _SMALL_PICTURE and data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM"))
