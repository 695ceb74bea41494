"""Campaigns whose units have mail addresses, for the tests of sending, answering and chasing."""

import re
from collections.abc import Mapping
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from builders import SMALL_CAMPAIGN, make_folder
from commands import Ran, ledgergen
from servers import HOST, PASSWORD
from smtp_server import PostOffice

ROUND = "2022Q2"
FINANCE, REFORM, TOWN = "区财政局", "区发改局", "昆仑镇"
OFFICE = "office@example.invalid"


def addresses(user: str) -> dict[str, str]:
    """Give an address to each unit, none used by another test."""
    name, _, domain = user.partition("@")
    return {unit: f"{name}.{short}@{domain}" for unit, short in ((FINANCE, "cz"), (REFORM, "fg"), (TOWN, "kl"))}


def mail_campaign(  # noqa: PLR0913 - what differs from the small campaign
    root: Path,
    mail: Mapping[str, str],
    *,
    port: int,
    security: str = "plain",
    user: str = OFFICE,
    units: str = "",
    settings: str = "",
    plan: str = "",
) -> Path:
    """Make the small campaign with addresses and a server that sends, and issue its ledgers."""
    text = SMALL_CAMPAIGN["ledgergen.yaml"] + (
        "mailboxes:\n"
        f"- {{name: office, host: {HOST}, port: 1, security: plain, user: {user},\n"
        f"   smtp: {{host: {HOST}, port: {port}, security: {security}}}}}\n"
        f"mail: {{from: {user}, per_minute: 6000{settings}}}\n"
    )
    made = units or SMALL_CAMPAIGN["units.yaml"]
    for unit, address in mail.items():
        made = re.sub(f"(name: {unit},)", rf"\1 mail: [{address}],", made)
    campaign = make_folder(
        root,
        {
            **SMALL_CAMPAIGN,
            "ledgergen.yaml": text,
            "units.yaml": made,
            "plan.yaml": plan or SMALL_CAMPAIGN["plan.yaml"],
        },
    )
    ran = ledgergen("generate", at=campaign)
    assert ran.code == 0, ran.err
    return campaign


def secrets(*ports: int, user: str = OFFICE) -> str:
    """Write what LEDGERGEN_SECRETS holds for these ports."""
    return "\n".join(f"{HOST}:{port} {user} {PASSWORD}" for port in ports)


def outcomes(ran: Ran) -> dict[str, str | None]:
    """Give the fate of each unit's mail as ``--json`` has it."""
    return {each["unit"]: each["outcome"] for each in ran.json["mails"]}


def codes(ran: Ran) -> list[str]:
    """Give the codes of the findings."""
    return sorted(each["code"] for each in ran.json["findings"])


def mails_to(office: PostOffice, address: str) -> list[Message]:
    """Give the mails that the server took over for an address."""
    return [message_from_bytes(each.data) for each in office.received if address in each.recipients]


def files_of(mail: Message) -> dict[str, bytes]:
    """Give the attachments of a mail by their names."""
    found = {}
    for part in mail.walk():
        if part.get_content_disposition() == "attachment":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            found[str(make_header(decode_header(part.get_filename() or "")))] = payload
    return found


def text_of(mail: Message, kind: str = "text/plain") -> str:
    """Give the text of a mail."""
    (part,) = [part for part in mail.walk() if part.get_content_type() == kind]
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def subject_of(mail: Message) -> str:
    """Give the subject as a reader sees it."""
    return str(make_header(decode_header(str(mail["Subject"]))))
