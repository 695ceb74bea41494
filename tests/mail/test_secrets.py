"""Secrets are found, asked for, kept by the keyring, and show themselves nowhere."""

import copy
import pickle
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring
import psutil
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from commands import ledgergen
from ledgergen.errors import Surroundings
from ledgergen.mail.opener import LetterOpener
from ledgergen.mail.secrets import Secret, find_secret, keep_secret
from ledgergen.records import Server
from mail_messages import letter

SERVER = Server("imap.example.invalid", 993, "tls", "office@example.invalid")
CANARY = "canary-3f9A!'\"x"


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets."""

    priority = 1

    def __init__(self, *, locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        """Give a password."""
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""
        raise PasswordDeleteError(f"{service} {username}")


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    made = MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_keyring_goes_before_the_environment_and_that_before_the_person(
    ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Surroundings) as stopped:
        find_secret(SERVER)
    assert stopped.value.finding.code == "mail-no-secret"
    assert find_secret(SERVER, lambda _: "typed").reveal() == "typed"
    monkeypatch.setenv("LEDGERGEN_SECRETS", "IMAP.example.invalid:993 office@example.invalid two words")
    assert find_secret(SERVER, lambda _: "typed").reveal() == "two words"
    assert keep_secret(SERVER, Secret("stored"))
    assert find_secret(SERVER, lambda _: "typed").reveal() == "stored"
    assert list(ring.kept) == [("ledgergen imap.example.invalid:993", "office@example.invalid")]


def test_a_keyring_that_is_locked_is_in_nobodys_way(ring: MemoryKeyring) -> None:
    ring.locked = True
    assert not keep_secret(SERVER, Secret("x"))
    assert find_secret(SERVER, lambda _: "typed").reveal() == "typed"


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        copy.deepcopy(secret)
    try:
        find_secret(SERVER)
    except Surroundings:
        assert CANARY not in traceback.format_exc()
    assert secret.hidden_in(f"NO {CANARY} is wrong") == "NO *** is wrong"


@pytest.mark.skipif(sys.platform != "linux", reason="another process's environment is looked up in /proc")
def test_the_process_that_opens_foreign_mails_does_not_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", f"{SERVER.host}:{SERVER.port} {SERVER.user} {CANARY}")
    with LetterOpener() as opener:
        assert [opened.letter is not None for opened in opener.open_all("a.eml", letter(1))] == [True]
        (child,) = (each for each in psutil.Process().children() if "ledgergen.mail.worker" in each.cmdline())
        assert CANARY.encode() not in Path(f"/proc/{child.pid}/environ").read_bytes()


def test_what_is_typed_at_add_goes_to_the_keyring_and_nowhere_else(
    campaign: Path, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_args, **_options: CANARY)
    done = ledgergen("mailbox", "add", "office@qq.com", at=campaign)
    assert done.code == 0, done.err
    assert "keyring" in done.err
    assert ring.kept == {
        ("ledgergen imap.qq.com:993", "office@qq.com"): CANARY,
        ("ledgergen smtp.qq.com:465", "office@qq.com"): CANARY,
    }
    written = b"".join(path.read_bytes() for path in campaign.rglob("*") if path.is_file())
    assert CANARY not in done.out + done.err
    assert CANARY.encode() not in written
