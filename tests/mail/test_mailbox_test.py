"""`mailbox test` says in plain words whether a mailbox can be used, and what is wrong where it cannot."""

import socket
from pathlib import Path

import pytest

from commands import Ran, ledgergen
from ledgergen.mail import lines
from ledgergen.mail.login import login_refused
from ledgergen.mail.presets import read_presets
from ledgergen.records import Server
from ledgergen.resources import resource_folder
from mail_messages import letter
from scripted_server import CAPABLE, GOODBYE, LET_IN, ScriptedServer
from servers import HOST, PASSWORD, Dovecot, free_ports
from smtp_server import PostOffice


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 1.0)
    monkeypatch.setattr(lines, "PAUSE", 0.01)


def with_mailbox(campaign: Path, *rows: str) -> Path:
    """Write mailboxes into the settings."""
    file = campaign / "ledgergen.yaml"
    file.write_text(file.read_text() + "mailboxes:\n" + "".join(f"- {row}\n" for row in rows))
    return campaign


def knows(monkeypatch: pytest.MonkeyPatch, *secrets: tuple[int, str], secret: str = PASSWORD, host: str = HOST) -> None:
    """Put secrets into the environment, each for a port and user."""
    text = "\n".join(f"{host}:{port} {user} {secret}" for port, user in secrets)
    monkeypatch.setenv("LEDGERGEN_SECRETS", text)


def codes(ran: Ran) -> list[str]:
    return [found["code"] for found in ran.json["findings"]]


def test_a_mailbox_that_works(
    campaign: Path, dovecot: Dovecot, post_office: PostOffice, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.put(user, letter(1))
    before = dovecot.snapshot(user)
    knows(monkeypatch, (dovecot.imaps, user), (post_office.starttls, user), (dovecot.pop3s, user))
    smtp = f"smtp: {{host: {HOST}, port: {post_office.starttls}, security: starttls}}"
    with_mailbox(
        campaign,
        f"{{name: office, host: {HOST}, port: {dovecot.imaps}, user: {user}, {smtp}}}",
        f"{{name: old, protocol: pop3, host: {HOST}, port: {dovecot.pop3s}, user: {user}}}",
    )
    done = ledgergen("mailbox", "test", "--json", at=campaign)
    assert done.code == 0, done.out
    tried = [each for box in done.json["mailboxes"] for each in box["servers"]]
    assert [(each["direction"], each["works"], each["folders"]) for each in tried] == [
        ("receive", True, {"INBOX": 1}),
        ("send", True, None),
        ("receive", True, {"": 1}),
    ]
    assert "INBOX: 1 mails" in ledgergen("mailbox", "test", "office", at=campaign).out
    assert dovecot.snapshot(user) == before
    assert not post_office.received


def receive(campaign: Path, port: int, user: str, *more: str, host: str = HOST) -> Ran:
    """Try a mailbox that only receives."""
    extra = "".join(f", {each}" for each in more)
    with_mailbox(campaign, f"{{name: office, host: {host}, port: {port}, user: {user}{extra}}}")
    return ledgergen("mailbox", "test", "office", "--json", at=campaign)


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_a_wrong_password(
    campaign: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    port = dovecot.imaps if protocol == "imap" else dovecot.pop3s
    knows(monkeypatch, (port, user), secret="not-the-one")  # noqa: S106
    done = receive(campaign, port, user, f"protocol: {protocol}")
    assert codes(done) == ["mail-login-refused"]
    assert done.code == 1
    assert "uthentication" in done.json["findings"][0]["message"]
    assert "not-the-one" not in done.out


def test_no_password_for_another_host_port_or_user(
    campaign: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "LEDGERGEN_SECRETS",
        f"{HOST}:{dovecot.imap} {user} {PASSWORD}\n{HOST}:{dovecot.imaps} x{user} {PASSWORD}\n"
        f"mail.example.invalid:{dovecot.imaps} {user} {PASSWORD}\nnonsense\n",
    )
    assert codes(receive(campaign, dovecot.imaps, user)) == ["mail-no-secret"]


def test_a_certificate_nobody_vouches_for(
    campaign: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(monkeypatch, (dovecot.imaps, user))
    monkeypatch.delenv("SSL_CERT_FILE")
    assert codes(receive(campaign, dovecot.imaps, user)) == ["mail-certificate"]


def test_an_own_ca_is_named_in_the_settings(
    campaign: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(monkeypatch, (dovecot.imaps, user))
    monkeypatch.delenv("SSL_CERT_FILE")
    (campaign / "ca.pem").write_bytes(dovecot.ca.read_bytes())
    assert codes(receive(campaign, dovecot.imaps, user, "ca: ca.pem")) == []


@pytest.mark.parametrize("file", ["../ca.pem", "absent.pem", "plan.yaml"])
def test_a_ca_that_cannot_be_used(
    campaign: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    knows(monkeypatch, (dovecot.imaps, user))
    (campaign.parent / "ca.pem").write_bytes(dovecot.ca.read_bytes())
    assert codes(receive(campaign, dovecot.imaps, user, f"ca: {file}")) == ["mail-ca-unreadable"]


def test_a_certificate_for_another_name(
    campaign: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(monkeypatch, (dovecot.imaps, user), host="127.0.0.1")
    done = receive(campaign, dovecot.imaps, user, host="127.0.0.1")
    assert codes(done) == ["mail-certificate"]


def test_servers_that_are_not_there(campaign: Path, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_port = silent.getsockname()[1]
        text = f"{HOST}:{port} {user} x\nmail.example.invalid:993 {user} x\n{HOST}:{silent_port} {user} x"
        monkeypatch.setenv("LEDGERGEN_SECRETS", text)
        with_mailbox(
            campaign,
            f"{{name: refused, host: {HOST}, port: {port}, user: {user}}}",
            f"{{name: unknown, host: mail.example.invalid, user: {user}}}",
            f"{{name: silent, host: {HOST}, port: {silent_port}, user: {user}}}",
        )
        for name, code in (("refused", "mail-refused"), ("unknown", "mail-host-unknown"), ("silent", "mail-timeout")):
            assert codes(ledgergen("mailbox", "test", name, "--json", at=campaign)) == [code]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_port_of_another_kind(
    campaign: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with ScriptedServer("* OK hello", [CAPABLE, LET_IN, GOODBYE]) as server:
        port = dovecot.imap if security == "tls" else server.port
        knows(monkeypatch, (port, user))
        assert codes(receive(campaign, port, user, f"security: {security}")) == ["mail-tls"]
        assert not any("LOGIN" in line for line in server.heard)


def test_unsafe_login(campaign: Path, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    unsafe = (r"(\w+) EXAMINE .*", r"\1 NO EXAMINE Unsafe Login. Please contact kefu@188.com for help")
    with ScriptedServer("* OK hello", [CAPABLE, LET_IN, unsafe, GOODBYE]) as server:
        knows(monkeypatch, (server.port, user))
        done = receive(campaign, server.port, user, "security: plain")
    assert codes(done) == ["mail-unsafe-login", "mail-plain"]
    assert "Unsafe Login" in done.json["findings"][0]["message"]


def test_a_server_that_repeats_what_it_was_told(campaign: Path, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    echo = (r"(\w+) (LOGIN .*)", r"\1 NO cannot \2")
    with ScriptedServer("* OK hello", [CAPABLE, echo, GOODBYE]) as server:
        knows(monkeypatch, (server.port, user))
        done = receive(campaign, server.port, user, "security: plain")
    assert codes(done) == ["mail-login-refused", "mail-plain"]
    assert "***" in done.json["findings"][0]["message"]
    assert PASSWORD not in done.out + done.err


WORDS = [
    (
        "imap.qq.com",
        "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or"  # noqa: ISC004
        " system is busy. More information at https://service.mail.qq.com/detail/0/1010",
        "mail-login-code",
    ),
    ("imap.qq.com", "Login fail. Please using authorized code to login.", "mail-login-code"),
    ("smtp.qq.com", "535 Error: authentication failed, system busy", "mail-login-code"),
    ("imap.163.com", "LOGIN Login error or password error", "mail-login-code"),
    ("imap.126.com", "LOGIN ERR.LOGIN.USERNOTENABLED user not enabled", "mail-not-enabled"),
    ("smtp.163.com", "550 User has no permission", "mail-not-enabled"),
    ("imap.163.com", "SELECT Unsafe Login. Please contact kefu@188.com for help", "mail-unsafe-login"),
    ("imap.qiye.aliyun.com", "LOGIN failed: IMAP not enabled", "mail-not-enabled"),
    ("mail.x.gov.cn", "[AUTHENTICATIONFAILED] Authentication failed.", "mail-login-refused"),
    ("mail.x.gov.cn", "请使用客户端专用密码登录", "mail-login-code"),
    ("mail.x.gov.cn", "您的邮箱未开启IMAP服务", "mail-not-enabled"),
    ("outlook.office365.com", "LOGIN failed.", "mail-login-refused"),
]  # fmt: skip


@pytest.mark.parametrize(("host", "words", "code"), WORDS)
def test_what_providers_mean(host: str, words: str, code: str) -> None:
    presets = read_presets((resource_folder("templates") / "mailboxes.yaml").read_bytes())
    found = login_refused(words, Server(host, 993, "tls", "office@example.invalid"), presets, "zh")
    assert found.code == code
    assert found.facts["advice"]
    assert found.facts["reason"] == words
