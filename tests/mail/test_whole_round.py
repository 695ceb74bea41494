"""The whole round by mail, against real servers: sent, filled, returned as replies, collected, answered, chased."""

import re
import shutil
from email import message_from_bytes
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from clerk import Ledger
from commands import Ran, ledgergen
from ledgergen.resources import resource_folder
from mail_rounds import files_of, outcomes, secrets, subject_of, text_of
from servers import HOST, Dovecot
from smtp_server import PostOffice

ROUND = "2022Q2"
SILENT = ("太河镇", "区档案馆")
WRONG = "区财政局"


def example(root: Path, user: str, dovecot: Dovecot, post_office: PostOffice) -> tuple[Path, dict[str, str]]:
    """Make the example's campaign with an address for each unit and a mailbox for the office."""
    shutil.copytree(resource_folder("examples") / "zichuan-2022", root)
    units = root / "units.yaml"
    text = units.read_text(encoding="utf-8")
    name, _, domain = user.partition("@")
    whose: dict[str, str] = {}

    def addressed(found: re.Match[str]) -> str:
        address = f"{name}.{len(whose)}@{domain}"
        whose[found[1]] = address
        return f"name: {found[1]}{found[2]}mail: [{address}]"

    units.write_text(re.sub(r"name: ([^,}]+)(.*?)mail: \[[^\]]*\]", addressed, text), encoding="utf-8")
    settings = root / "ledgergen.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8")
        + f"""
mailboxes:
- name: office
  host: {HOST}
  port: {dovecot.imaps}
  security: tls
  user: {user}
  smtp: {{host: {HOST}, port: {post_office.tls}, security: tls}}
mail: {{from: {user}, from_name: 区政府办公室, per_minute: 6000}}
checks: {{required-when: off}}
""",
        encoding="utf-8",
    )
    return root, whose


def filled(mail: Message, folder: Path, *, wrong: bool) -> tuple[str, bytes]:
    """Open the attachment, type something into each row, save it; give name and bytes."""
    ((name, data),) = files_of(mail).items()
    path = folder / name
    path.write_bytes(data)
    book = Ledger(path)
    tasks = list(book.rows())
    typed: dict[tuple[str, str], object] = {(task, "status"): "推进中" for task in tasks}
    if wrong:
        typed[tasks[0], "published_on"] = "2012-07-01"
    return name, book.type(typed).save(path).read_bytes()


def reply(mail: Message, sender: str, name: str, data: bytes) -> bytes:
    """Answer the mail that brought the ledger, as a mail program does."""
    answer = EmailMessage()
    answer["From"], answer["To"] = sender, str(mail["From"]).rpartition("<")[2].rstrip(">")
    answer["Subject"] = f"回复：{subject_of(mail)}"
    answer["In-Reply-To"] = answer["References"] = str(mail["Message-ID"])
    answer["Message-ID"] = f"<reply.{sender}>"
    answer.set_content("已填好，请查收。")
    answer.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return answer.as_bytes()


def events(campaign: Path) -> list[str]:
    return sorted(each.name for each in (campaign / ".ledgergen" / "journal").iterdir())


def test_the_examples_ledgers_go_out_come_back_are_answered_and_chased(
    tmp_path: Path, user: str, dovecot: Dovecot, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.tls, dovecot.imaps, user=user))
    campaign, whose = example(tmp_path / "campaign", user, dovecot, post_office)
    assert ledgergen("generate", "--round", ROUND, at=campaign).code == 0

    sent = ledgergen("send", "--json", at=campaign)
    assert (sent.code, set(outcomes(sent).values()), len(outcomes(sent))) == (0, {"accepted"}, 48), sent.err

    for unit in outcomes(sent):
        (raw,) = dovecot.messages(whose[unit])
        mail = message_from_bytes(raw)
        if unit not in SILENT:
            name, data = filled(mail, tmp_path, wrong=unit == WRONG)
            dovecot.deliver(user, reply(mail, whose[unit], name, data), whose[unit])
    before = dovecot.snapshot(user)

    collected = ledgergen("collect", "--mailbox", "office", "--json", at=campaign)
    assert collected.code == 0, collected.err
    assert [each["verdict"] for each in collected.json].count("accepted") == 46
    assert dovecot.snapshot(user) == before

    answered = ledgergen("answer", "--send", "--json", at=campaign)
    assert (answered.code, set(outcomes(answered).values()), len(outcomes(answered))) == (0, {"accepted"}, 46)
    kinds = {each["unit"]: each["kind"] for each in answered.json["mails"]}
    assert [unit for unit, kind in kinds.items() if kind == "kickback"] == [WRONG]
    ledger, kickback = map(message_from_bytes, dovecot.messages(whose[WRONG]))
    assert kickback["In-Reply-To"] == f"<reply.{whose[WRONG]}>"
    assert str(ledger["Message-ID"]) in str(kickback["References"])
    assert len(files_of(kickback)) == 1

    chased = ledgergen("remind", "--now", "--json", at=campaign)
    assert chased.code == 0, chased.err
    owing = {each["unit"]: [item["what"] for item in each["items"]] for each in chased.json["reminders"]}
    assert set(owing) >= {*SILENT, WRONG}
    for unit in SILENT:
        assert "报送2022年第二季度台账" in owing[unit]
        assert "报送2022年第二季度台账" in text_of(message_from_bytes(dovecot.messages(whose[unit])[1]))
    assert any("须补正" in what for what in owing[WRONG])

    last = events(campaign)
    again: list[Ran] = [
        ledgergen("send", at=campaign),
        ledgergen("collect", "--mailbox", "office", at=campaign),
        ledgergen("answer", "--send", at=campaign),
        ledgergen("remind", "--now", at=campaign),
    ]
    assert [ran.code for ran in again] == [0, 0, 0, 0]
    assert events(campaign) == last
    status = ledgergen("status", "--json", at=campaign).json["mail"]
    assert (status["sent"], status["answers"], status["unknown"], status["refused"]) == (48, 46, [], [])
    assert ledgergen("verify", at=campaign).code == 0
