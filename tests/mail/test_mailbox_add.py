"""`mailbox add` writes a mailbox into ledgergen.yaml and nothing else; presets know the common providers."""

from pathlib import Path

import pytest

from commands import ledgergen
from ledgergen.plan.load import load_settings
from ledgergen.records import Mailbox, Server


def mailboxes(campaign: Path) -> tuple[Mailbox, ...]:
    settings, findings = load_settings((campaign / "ledgergen.yaml").read_bytes())
    assert settings is not None, findings
    return settings.mailboxes


@pytest.mark.parametrize(
    ("address", "options", "host", "smtp"),
    [
        ("office@qq.com", (), "imap.qq.com", ("smtp.qq.com", 465, "tls")),
        ("office@163.com", (), "imap.163.com", ("smtp.163.com", 465, "tls")),
        ("office@126.com", (), "imap.126.com", ("smtp.126.com", 465, "tls")),
        ("bgs@x.gov.cn", ("--preset", "tencent"), "imap.exmail.qq.com", ("smtp.exmail.qq.com", 465, "tls")),
        ("bgs@x.gov.cn", ("--preset", "aliyun"), "imap.qiye.aliyun.com", ("smtp.qiye.aliyun.com", 465, "tls")),
        ("bgs@x.gov.cn", ("--preset", "coremail"), "imap.x.gov.cn", ("smtp.x.gov.cn", 465, "tls")),
        ("a@outlook.com", (), "outlook.office365.com", ("smtp.office365.com", 587, "starttls")),
    ],
)  # fmt: skip
def test_presets(campaign: Path, address: str, options: tuple[str, ...], host: str, smtp: tuple[str, int, str]) -> None:
    before = (campaign / "ledgergen.yaml").read_text()
    done = ledgergen("mailbox", "add", address, *options, at=campaign)
    assert done.code == 0, done.err
    (box,) = mailboxes(campaign)
    assert box.server == Server(host, 993, "tls", address)
    assert box.smtp == Server(*smtp, address)
    assert (campaign / "ledgergen.yaml").read_text().startswith(before)


def test_what_stands_in_the_settings_stays_and_a_second_run_changes_nothing(campaign: Path) -> None:
    file = campaign / "ledgergen.yaml"
    file.write_text(
        file.read_text() + "# 邮箱\nmailboxes:\n- {name: old, host: imap.x.gov.cn, user: a@x.gov.cn} # 旧\n"
    )
    before = file.read_text()
    assert (
        "new" in ledgergen("mailbox", "add", "office@qq.com", "--folder", "INBOX", "--folder", "台账", at=campaign).out
    )
    once = file.read_text()
    assert once.startswith(before.rstrip("\n"))
    assert mailboxes(campaign)[1].folders == ("INBOX", "台账")
    assert "same" in ledgergen("mailbox", "add", "office@qq.com", at=campaign).out
    assert file.read_text() == once


@pytest.mark.parametrize("written", ["mailboxes: []\n", "mailboxes:\n", "mailboxes: # keine\n", "mailboxes: {}\n"])
def test_whatever_stands_there_is_kept_or_refused(campaign: Path, written: str) -> None:
    file = campaign / "ledgergen.yaml"
    file.write_text(file.read_text() + written)
    before = file.read_text()
    done = ledgergen("mailbox", "add", "office@qq.com", at=campaign)
    if "{}" in written:
        assert done.code != 0
        assert file.read_text() == before
    else:
        assert done.code == 0, done.err
        assert len(mailboxes(campaign)) == 1


def test_a_dry_run_writes_nothing(campaign: Path) -> None:
    before = (campaign / "ledgergen.yaml").read_bytes()
    real_line = ledgergen("mailbox", "add", "office@qq.com", "--dry-run", at=campaign).out
    assert (campaign / "ledgergen.yaml").read_bytes() == before
    assert ledgergen("mailbox", "add", "office@qq.com", at=campaign).out == real_line


def test_servers_written_out(campaign: Path) -> None:
    options = (
        "--protocol",
        "pop3",
        "--server",
        "mail.x.gov.cn:110",
        "--smtp",
        "mail.x.gov.cn:25:plain",
        "--user",
        "bgs",
    )
    assert ledgergen("mailbox", "add", "bgs@x.gov.cn", *options, at=campaign).code == 0
    (box,) = mailboxes(campaign)
    assert box.protocol == "pop3"
    assert box.server == Server("mail.x.gov.cn", 110, "starttls", "bgs")
    assert box.smtp == Server("mail.x.gov.cn", 25, "plain", "bgs")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("bgs@x.gov.cn",), "mailbox-host-needed"),
        (("bgs@x.gov.cn", "--preset", "gmial"), "mailbox-preset-unknown"),
        (("office@163.com", "--name", "taken"), "mailbox-there"),
        (("bgs@x.gov.cn", "--server", "https://mail.x.gov.cn"), "mail-host-bad"),
    ],
)
def test_wrong_use_says_what_to_do(campaign: Path, arguments: tuple[str, ...], code: str) -> None:
    assert ledgergen("mailbox", "add", "office@qq.com", "--name", "taken", at=campaign).code == 0
    before = (campaign / "ledgergen.yaml").read_bytes()
    done = ledgergen("mailbox", "add", *arguments, "--json", at=campaign)
    assert done.code == 2
    assert [found["code"] for found in done.json["findings"]] == [code]
    assert (campaign / "ledgergen.yaml").read_bytes() == before


def test_an_office_may_have_its_own_presets(campaign: Path) -> None:
    (campaign / "templates").mkdir(exist_ok=True)
    own = (
        "presets:\n- {id: generic, name: 其他, imap: 'imap.{domain}:993 tls'}\n"
        "- {id: own, name: 本区, domains: [x.gov.cn], imap: 'mail.x.gov.cn:143 starttls',"
        " smtp: 'mail.x.gov.cn:587 starttls'}\n"
    )
    (campaign / "templates" / "mailboxes.yaml").write_text(own)
    assert ledgergen("mailbox", "add", "bgs@x.gov.cn", at=campaign).code == 0
    assert mailboxes(campaign)[0].server == Server("mail.x.gov.cn", 143, "starttls", "bgs@x.gov.cn")
    (campaign / "templates" / "mailboxes.yaml").write_text("presets:\n- {id: own, imap: nonsense, name: x}\n")
    assert "mailbox-presets-faulty" in ledgergen("mailbox", "add", "a@qq.com", at=campaign).err


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("- {name: a, host: 'https://mail.qq.com', user: u}", "mail-host-bad"),
        ("- {name: a, host: mail.qq.com:993, user: u}", "mail-host-bad"),
        ("- {name: a, host: h.example, user: u}\n- {name: a, host: h.example, user: v}", "mailbox-name-twice"),
        ("- {name: a, host: h.example, user: u, password: x}", "key-unknown"),
        ("- {name: a, host: h.example, user: u, port: 99999}", "layout-number"),
        ("- {name: a, host: h.example, user: u, security: ssl}", "value-unknown"),
    ],
)
def test_faults_in_the_settings_are_named(campaign: Path, line: str, code: str) -> None:
    file = campaign / "ledgergen.yaml"
    file.write_text(file.read_text() + f"mailboxes:\n{line}\n")
    _, findings = load_settings(file.read_bytes())
    assert [found.code for found in findings] == [code]
