"""Answers go back to the mail that brought the return: once, to the unit alone, and never round in circles."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from builders import make_folder
from clerk import Ledger
from commands import Ran, ledgergen
from mail_rounds import (
    FINANCE,
    REFORM,
    ROUND,
    addresses,
    codes,
    files_of,
    mail_campaign,
    mails_to,
    outcomes,
    secrets,
    subject_of,
    text_of,
)
from smtp_server import PostOffice

RIGHT: Mapping[tuple[str, str], object] = {("1", "status"): "推进中", ("3", "status"): "推进中"}
WRONG: Mapping[tuple[str, str], object] = {("1", "status"): "推进中", ("1", "published_on"): "2012-07-01"}


@pytest.fixture
def mail(user: str) -> dict[str, str]:
    return addresses(user)


@pytest.fixture
def answering(tmp_path: Path, mail: dict[str, str], post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    return mail_campaign(tmp_path / "campaign", mail, port=post_office.starttls)


def comes_in(
    campaign: Path,
    sender: str,
    typed: Mapping[tuple[str, str], object],
    *,
    unit: str = REFORM,
    identity: str = "<r1@example.invalid>",
) -> Ran:
    """Let a unit's ledger come in by mail."""
    (path,) = (campaign / "ledgers" / ROUND).glob(f"{unit}_*")
    saved = Ledger(path).type(dict(typed)).save(campaign / "scratch" / "台账.xlsx")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = sender, "office@example.invalid", identity
    mail["Date"] = format_datetime(datetime(2022, 7, 5, tzinfo=UTC))
    mail["Subject"] = "台账"
    mail.set_content("请查收")
    mail.add_attachment(saved.read_bytes(), maintype="application", subtype="octet-stream", filename="台账.xlsx")
    letter = campaign / "inbox" / f"{identity.strip('<>')}.eml"
    letter.parent.mkdir(exist_ok=True)
    letter.write_bytes(mail.as_bytes())
    return ledgergen("collect", letter, "--json", at=campaign)


def test_a_receipt_goes_back_once_as_a_reply(answering: Path, mail: dict[str, str], post_office: PostOffice) -> None:
    assert comes_in(answering, mail[REFORM], RIGHT).code == 0

    ran = ledgergen("answer", "--send", "--json", at=answering)

    assert (ran.code, outcomes(ran)) == (0, {REFORM: "accepted"}), ran.err
    (one,) = mails_to(post_office, mail[REFORM])
    assert (one["In-Reply-To"], one["Auto-Submitted"]) == ("<r1@example.invalid>", "auto-replied")
    assert "<r1@example.invalid>" in one["References"]
    assert subject_of(one).startswith("已收悉：")
    assert "已全部填报" in text_of(one)
    assert not files_of(one)

    again = ledgergen("answer", "--send", "--json", at=answering)
    assert [each["step"] for each in again.json["mails"]] == ["done"]
    assert len(post_office.received) == 1


def test_a_kick_back_goes_along_as_a_file_and_the_next_return_is_answered_anew(
    answering: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    comes_in(answering, mail[REFORM], WRONG)
    dry = ledgergen("answer", "--send", "--dry-run", "--json", at=answering)
    assert [(each["step"], each["addresses"]) for each in dry.json["mails"]] == [("send", [mail[REFORM]])]
    assert not post_office.received

    ran = ledgergen("answer", "--send", "--json", at=answering)
    assert (ran.code, outcomes(ran)) == (0, {REFORM: "accepted"}), ran.err
    (one,) = mails_to(post_office, mail[REFORM])
    ((name, data),) = files_of(one).items()
    assert data == (answering / "reports" / "answers" / ROUND / name).read_bytes()
    assert "须补正" in text_of(one)

    comes_in(answering, mail[REFORM], {**RIGHT, ("1", "published_on"): "2022-07-01"}, identity="<r2@example.invalid>")
    assert outcomes(ledgergen("answer", "--send", "--json", at=answering)) == {REFORM: "accepted"}
    assert mails_to(post_office, mail[REFORM])[1]["In-Reply-To"] == "<r2@example.invalid>"


def test_without_the_word_nothing_is_sent(answering: Path, mail: dict[str, str], post_office: PostOffice) -> None:
    comes_in(answering, mail[REFORM], RIGHT)
    ran = ledgergen("answer", at=answering)
    assert (ran.code, "Nothing was sent" in ran.err, post_office.received) == (0, True, [])
    assert ledgergen("answer", "--again", REFORM, at=answering).code == 2


def test_a_stranger_gets_nothing(answering: Path, mail: dict[str, str], post_office: PostOffice) -> None:
    stranger = "stranger@example.net"
    comes_in(answering, stranger, RIGHT)
    waiting = ledgergen("answer", "--send", "--json", at=answering)
    assert not [each for each in post_office.received if stranger in each.recipients]
    assert waiting.json["mails"] == []
    chased = ledgergen("remind", "--now", "--dry-run", "--json", at=answering)
    assert codes(chased) == ["remind-review"]
    assert "报送2022年第二季度台账" not in str([each for each in chased.json["reminders"] if each["unit"] == REFORM])
    (kept,) = ledgergen("review", "--json", at=answering).json
    assert ledgergen("review", "accept", kept["sha256"][:12], "--reason", "电话核实", at=answering).code == 0

    ran = ledgergen("answer", "--send", "--json", at=answering)

    assert codes(ran) == ["answer-stranger"]
    (one,) = post_office.received
    assert one.recipients == [mail[REFORM]]
    assert b"In-Reply-To" not in one.data


def test_a_return_from_the_inbox_is_answered_to_the_units_address(
    answering: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    (path,) = (answering / "ledgers" / ROUND).glob(f"{FINANCE}_*")
    saved = Ledger(path).type({("1", "status"): "推进中"}).save(answering / "inbox" / "a.xlsx")
    assert ledgergen("collect", saved, at=answering).code == 0
    assert outcomes(ledgergen("answer", "--send", "--json", at=answering)) == {FINANCE: "accepted"}
    assert post_office.received[0].recipients == [mail[FINANCE]]


def test_our_own_address_is_never_answered(answering: Path, mail: dict[str, str], post_office: PostOffice) -> None:
    units = answering / "units.yaml"
    text = units.read_text(encoding="utf-8").replace(mail[REFORM], "office@example.invalid")
    make_folder(answering, {"units.yaml": text})
    comes_in(answering, "office@example.invalid", RIGHT)
    ran = ledgergen("answer", "--send", "--json", at=answering)
    assert [each["step"] for each in ran.json["mails"]] == ["no-address"]
    assert not post_office.received


def test_a_copy_is_answered_and_a_whole_domain_may_be_the_units(
    answering: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    units = answering / "units.yaml"
    text = units.read_text(encoding="utf-8").replace(f"[{mail[REFORM]}]", '["@fg.gov.example"]')
    make_folder(answering, {"units.yaml": text})
    comes_in(answering, "Wang@FG.gov.example", RIGHT)
    assert outcomes(ledgergen("answer", "--send", "--json", at=answering)) == {REFORM: "accepted"}
    assert [each.lower() for each in post_office.received[0].recipients] == ["wang@fg.gov.example"]


BOUNCE = """\
From: MAILER-DAEMON@example.invalid
To: office@example.invalid
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@example.invalid>
Date: Tue, 05 Jul 2022 00:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.invalid

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
"""


def test_what_came_back_goes_to_the_new_address_once_there_is_one(
    answering: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    assert ledgergen("send", at=answering).code == 0
    letter = answering / "inbox" / "bounce.eml"
    make_folder(answering, {"inbox/bounce.eml": BOUNCE.format(address=mail[REFORM])})
    assert ledgergen("collect", letter, at=answering).code == 0

    ran = ledgergen("send", "--json", at=answering)
    assert (codes(ran), {each["step"] for each in ran.json["mails"]}) == (["send-bounced"], {"done"})
    assert ledgergen("answer", "--send", "--json", at=answering).json["mails"] == []

    units = answering / "units.yaml"
    text = units.read_text(encoding="utf-8").replace(mail[REFORM], "new@example.invalid")
    make_folder(answering, {"units.yaml": text})
    again = ledgergen("send", "--json", at=answering)
    assert {each["unit"]: each["step"] for each in again.json["mails"]}[REFORM] == "send"
    assert len(mails_to(post_office, "new@example.invalid")) == 1
    assert {each["step"] for each in ledgergen("send", "--json", at=answering).json["mails"]} == {"done"}
