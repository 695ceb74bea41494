"""New messages come out of real mailboxes whole, once, and leave no trace there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fetching_office import SECRET, Office, imap, pop3
from ledgergen.errors import Surroundings
from ledgergen.mail import lines
from ledgergen.mail.login import login_refused
from ledgergen.mail.mailboxes import read_mailbox
from ledgergen.records import Mailbox
from mail_messages import large_letter, letter
from proxy import Cut, Proxy
from servers import Dovecot


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 1.5)
    monkeypatch.setattr(lines, "PAUSE", 0.01)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_every_message_comes_once_and_the_mailbox_stays_as_it_was(
    dovecot: Dovecot, user: str, office: Office, security: str
) -> None:
    sent = [letter(number, ("a.xlsx", b"PK" * number)) for number in range(1, 61)]
    for number, data in enumerate(sent):
        dovecot.put(user, data, flags="T" if number == 3 else "S" if number % 2 else "", folder="INBOX")
    new = dovecot.maildir(user) / "new" / "1800000000.unseen.test"
    new.write_bytes(letter(61))
    before = dovecot.snapshot(user)
    port = dovecot.imaps if security == "tls" else dovecot.imap
    assert office.fetch(imap(port, user, security)) == 61
    assert sorted(office.bodies) == sorted([*sent, letter(61)])
    assert office.fetch(imap(port, user, security)) == 0
    assert dovecot.snapshot(user) == before


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_over_pop3_every_message_comes_once_and_nothing_is_deleted(
    dovecot: Dovecot, user: str, office: Office, security: str
) -> None:
    sent = [letter(number, ("a.xlsx", b"PK" * number), text=".\r\n..x\r\n" + "字" * 3000) for number in range(1, 8)]
    for data in sent:
        dovecot.put(user, data)
    port = dovecot.pop3s if security == "tls" else dovecot.pop3
    assert office.fetch(pop3(port, user, security)) == 7
    assert sorted(office.bodies) == sorted(sent)
    dovecot.put(user, letter(8))
    assert office.fetch(pop3(port, user, security)) == 1
    assert dovecot.messages(user) == [
        *sent,
        letter(8),
    ]  # marked as seen by the server itself


def test_chinese_folders_are_read_and_mail_before_a_day_is_left_alone(
    dovecot: Dovecot, user: str, office: Office
) -> None:
    dovecot.put(user, letter(1), at=1_656_000_000)  # 2022-06-24 in China
    dovecot.put(user, letter(2), at=1_656_604_800)  # 2022-07-01 00:00 in China, still June elsewhere
    dovecot.put(user, letter(3), folder="&U,CNJg-", at=1_657_000_000)
    mailbox = replace(imap(dovecot.imap, user), folders=("INBOX", "台账"), since=date(2022, 7, 1))
    with pytest.raises(Surroundings) as stopped:
        office.fetch(replace(mailbox, folders=("汇总",)))
    assert stopped.value.finding.code == "mail-folder-unknown"
    assert set(str(stopped.value.finding.facts["names"]).split("、")) == {"INBOX", "台账"}
    assert office.fetch(mailbox) == 2
    assert office.bodies == [letter(2), letter(3)]


def test_renumbered(dovecot: Dovecot, user: str, office: Office) -> None:
    dovecot.put(user, letter(1))
    assert office.fetch(imap(dovecot.imap, user)) == 1
    dovecot.renumber(user)
    assert office.fetch(imap(dovecot.imap, user)) == 1
    assert len(office.seen) == 2


def test_a_mail_above_the_limit_stays_on_the_server_and_is_named(dovecot: Dovecot, user: str, office: Office) -> None:
    dovecot.put(user, large_letter(2_500_000))
    dovecot.put(user, letter(2))
    for mailbox in (imap(dovecot.imap, user), pop3(dovecot.pop3, user)):
        office.fetch(replace(mailbox, largest=2_000_000))
    assert office.codes == ["mail-too-large"] * 2
    assert office.bodies == [letter(2)] * 2


def test_large_mails_are_whole(dovecot: Dovecot, user: str, office: Office) -> None:
    sent = [large_letter(size) for size in (1_499_000, 1_600_000, 3_000_000, 5_300_123)]
    for data in sent:
        dovecot.put(user, data)
    for mailbox in (imap(dovecot.imap, user), pop3(dovecot.pop3, user)):
        assert office.fetch(mailbox) == 4
    assert sorted(map(len, office.bodies)) == sorted(map(len, [*sent, *sent]))
    assert sorted(office.bodies) == sorted([*sent, *sent])


def test_a_mail_that_always_cuts_the_line_is_set_aside_and_the_others_come(
    dovecot: Dovecot, user: str, office: Office
) -> None:
    sent = [letter(number) for number in range(1, 21)]
    bad = letter("poison", text="POISON")
    for data in [*sent[:7], bad, *sent[7:]]:
        dovecot.put(user, data)
    with Proxy(dovecot.imap, [Cut("server", b"POISON", "in", "rst", times=99)]) as proxy:
        assert office.fetch(imap(proxy.port, user)) == 21
        assert office.codes == ["mail-not-fetched"]
        assert sorted(office.bodies) == sorted(sent)
        assert proxy.connections < 16
        assert office.fetch(imap(proxy.port, user)) == 0


def test_a_server_that_gives_nothing_stops_the_run_and_nothing_is_set_aside(
    dovecot: Dovecot, user: str, office: Office
) -> None:
    for number in range(1, 61):
        dovecot.put(user, letter(number))
    with Proxy(dovecot.imap, [Cut("client", rb"BODY.PEEK\[\]\)\r\n", "after", "fin", times=999)]) as proxy:
        with pytest.raises(Surroundings) as stopped:
            office.fetch(imap(proxy.port, user))
        assert stopped.value.finding.code == "mail-line-cut"
        assert proxy.connections < 20
    assert not office.codes
    assert not office.bodies
    assert office.fetch(imap(dovecot.imap, user)) == 60


@pytest.mark.parametrize("box", [imap, pop3])
def test_a_mail_that_somebody_deletes_meanwhile_is_no_fault(
    dovecot: Dovecot, user: str, office: Office, box: Callable[[int, str], Mailbox]
) -> None:
    files = [dovecot.put(user, data) for data in (letter(1), large_letter(1_600_000, 2), letter(3))]
    mailbox = box(dovecot.imap if box is imap else dovecot.pop3, user)
    with read_mailbox(
        mailbox, SECRET, office.root, lambda _folder, _validity: (), lambda words: login_refused(words, mailbox.server)
    ) as reading:
        assert reading.total == 3
        for file in files[:2]:
            next(file.parent.glob(f"{file.name.partition(':')[0]}*")).unlink()
        came = list(reading.messages())
    assert [(message.content, message.findings) for message in came] == [(letter(3), ())]
