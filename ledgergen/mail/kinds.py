"""What a mail is for whoever collects: a letter, a bounce, an automatic answer, a receipt (RFC 3464, 3834, 8098).

Chinese providers write their bounces (系统退信) for people, without the parts that RFC 3464 wants: those are known by
sender and subject, and what they are about by the mail that they send back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message
from typing import Final, NamedTuple, TypeAlias

from ledgergen.mail.heading import Heading, addresses, inner_parts, raw_value, raw_values, read_heading
from ledgergen.mail.letter import Kind
from ledgergen.mail.names import header_text

_POSTMASTERS: Final = re.compile(
    r"(mailer-?daemon|postmaster|mail-?delivery|maildelivery|mailadmin|bounces?)\b", re.IGNORECASE
)
_BOUNCE_SUBJECT: Final = re.compile(
    r"\s*(系统退信|退信|邮件退回|投递失败|无法投递|未送达|无法送达|undeliver|delivery (status notification|failure)"
    r"|delivery has failed|mail delivery (failed|failure|system)|returned mail|failure notice|undelivered mail)",
    re.IGNORECASE,
)
_AUTO_SUBJECT: Final = re.compile(
    r"\s*[【\[(（]?(自动回复|自动答复|自动应答|automatic reply|auto[- ]?reply|autoreply|out of (the )?office)",
    re.IGNORECASE,
)
_RECEIPT_SUBJECT: Final = re.compile(
    r"\s*[【\[(（]?(已读|阅读回执|已读回执|送达回执|邮件回执|read|delivered|return receipt)\s*[】\])）]?\s*[:：]",
    re.IGNORECASE,
)
_AUTO_HEADERS: Final = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply")
_REASON: Final = re.compile(
    r"(?:(?:退信|失败|错误)?原因|reason|详细|说明)[^\n:：]{0,12}[:：]?\s*([^\n]{4,200})|\b(5[0-9]{2}[ -][^\n]{4,200})",
    re.IGNORECASE,
)
_LONGEST: Final = 300
_MOST: Final = 100
_REPORTS: Final = ("message/delivery-status", "message/global-delivery-status")
_SMTP_FAILED: Final = ("failed", "")


class Nature(NamedTuple):
    """What a mail is; of a bounce whom it did not reach and why, of bounces and receipts which mails they are about."""

    kind: Kind
    bounced: Mapping[str, str]
    about: tuple[str, ...]


Parts: TypeAlias = Sequence[tuple["Message[str, str]", str]]  # with their types


def nature_of(message: "Message[str, str]", heading: Heading, text: str, *, has_files: bool) -> Nature:
    """Tell what a mail is. ``has_files``: whether it carries a file that is no mail."""
    parts = list(_flat(message))
    reports = [part for part, kind in parts if kind in _REPORTS]
    if reports:
        failed, others = _recipients(reports)
        if failed:
            return Nature(Kind.BOUNCE, failed, _about(parts))
        if others:
            return Nature(Kind.RECEIPT, {}, _about(parts))
    if _is_bounce(message, heading):
        return Nature(Kind.BOUNCE, _unreached(message, list(_originals(parts)), text), _about(parts))
    if not has_files and _is_receipt(parts, heading):
        return Nature(Kind.RECEIPT, {}, _about(parts) or heading.references)
    if _is_automatic(message, heading, has_files=has_files):
        return Nature(Kind.AUTO_REPLY, {}, _about(parts))
    return Nature(Kind.LETTER, {}, ())


def _about(parts: Parts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.message_id for each in _originals(parts) if each.message_id))


def _flat(message: "Message[str, str]") -> Iterator[tuple["Message[str, str]", str]]:
    """Give the parts of a mail with their types, not those of mails within it."""
    stack = [message]
    for _ in range(1_000):
        if not stack:
            return
        part = stack.pop()
        kind = part.get_content_type()
        yield part, kind
        if kind.startswith("multipart/") and part.is_multipart():
            stack += reversed(inner_parts(part))


def _originals(parts: Parts) -> Iterator[Heading]:
    """Give the heads of the mails that a mail sends back."""
    from email import message_from_string

    for part, kind in parts:
        if kind in ("message/rfc822", "message/global") and part.is_multipart():
            yield from map(read_heading, inner_parts(part)[:1])
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            yield read_heading(message_from_string(str(part.get_payload())[:100_000].lstrip()))


def _recipients(reports: list["Message[str, str]"]) -> tuple[dict[str, str], list[str]]:
    """Sort the recipients of delivery reports: those that were not reached, with the reason, and the others."""
    failed: dict[str, str] = {}
    others: list[str] = []
    for report in reports:
        for block in inner_parts(report)[:_MOST]:
            written = raw_value(block, "final-recipient") or raw_value(block, "original-recipient")
            address = header_text(written).rpartition(";")[2].strip(" <>").lower()
            if not address:
                continue
            if header_text(raw_value(block, "action")).strip().lower() in _SMTP_FAILED:
                reason = raw_value(block, "diagnostic-code").partition(";")[2] or raw_value(block, "status")
                failed[address] = " ".join(header_text(reason).split())[:_LONGEST]
            else:
                others.append(address)
    return failed, others


def _is_bounce(message: "Message[str, str]", heading: Heading) -> bool:
    if raw_value(message, "x-failed-recipients"):
        return True
    machine = bool(_POSTMASTERS.match(heading.sender)) or raw_value(message, "return-path").strip() == "<>"
    return machine and bool(_BOUNCE_SUBJECT.match(heading.subject))


def _unreached(message: "Message[str, str]", originals: list[Heading], text: str) -> dict[str, str]:
    """Find whom a bounce without a report did not reach: of those that the mail went to, the ones that it names."""
    said = _REASON.search(text)
    reason = " ".join((said[1] or said[2]).split())[:_LONGEST] if said else ""
    named = [address for _, address in addresses(message, "x-failed-recipients")]
    if not named:
        recipients = [address for each in originals for address in each.recipients]
        spoken = [address for address in recipients if address in text.lower()]
        named = spoken or (recipients if len(set(recipients)) == 1 else [])
    if not named:
        named = [each.lower() for each in re.findall(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{3,120}", text)]
        named = [each for each in dict.fromkeys(named) if each not in (heading_of(message), *heading_to(message))][:1]
    return dict.fromkeys(named[:_MOST], reason)


def heading_of(message: "Message[str, str]") -> str:
    """Give the address of From."""
    return next((address for _, address in addresses(message, "from")), "")


def heading_to(message: "Message[str, str]") -> list[str]:
    """Give the addresses of To."""
    return [address for _, address in addresses(message, "to")]


def _is_receipt(parts: Parts, heading: Heading) -> bool:
    if any(kind == "message/disposition-notification" for _, kind in parts):
        return True
    return bool(_RECEIPT_SUBJECT.match(heading.subject)) and bool(heading.in_reply_to or heading.references)


def _is_automatic(message: "Message[str, str]", heading: Heading, *, has_files: bool) -> bool:
    """Tell whether a program answers. ``Auto-Submitted: no`` is a person, whatever else is said (RFC 3834, 5)."""
    submitted = header_text(raw_value(message, "auto-submitted")).partition(";")[0].strip().lower()
    if submitted == "no":
        return False
    if submitted.startswith("auto-replied"):
        return True
    if has_files:  # an office's system that sends a person's file says auto-generated
        return False
    marked = bool(submitted) or any(raw_values(message, name) for name in _AUTO_HEADERS)
    precedence = header_text(raw_value(message, "precedence")).strip().lower() in ("auto_reply", "auto-reply")
    return marked or precedence or bool(_AUTO_SUBJECT.match(heading.subject))
