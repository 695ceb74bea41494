"""What the mail tests share: the servers of one run, started when the first test asks, and a fresh name for each test.

A plugin (``pytest_plugins`` in tests/conftest.py), for ``from conftest import need`` must mean one file.
"""

import atexit
import os
import shutil
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from servers import Dovecot
    from smtp_server import PostOffice


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's keyring out of it."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("LEDGERGEN_SECRETS", raising=False)


def _dovecot_program() -> str:
    found = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("dovecot is missing; tests/prepare.py should have got it")
        pytest.skip("dovecot is not installed")
    return found


@pytest.fixture(scope="session")
def running_dovecot() -> "Iterator[Dovecot]":
    """Run one Dovecot for all tests of this process."""
    from servers import start_dovecot

    server = start_dovecot(_dovecot_program())
    atexit.register(server.stop)
    yield server
    server.stop()


@pytest.fixture
def dovecot(running_dovecot: "Dovecot", monkeypatch: pytest.MonkeyPatch) -> "Dovecot":
    """Give Dovecot, with its CA trusted by TLS clients of this process and its children (``SSL_CERT_FILE``)."""
    monkeypatch.setenv("SSL_CERT_FILE", str(running_dovecot.ca))
    return running_dovecot


@pytest.fixture(scope="session")
def running_post_office(running_dovecot: "Dovecot") -> "Iterator[PostOffice]":
    """Run the SMTP ports for all tests of this process."""
    from smtp_server import start_post_office

    office = start_post_office(running_dovecot)
    yield office
    office.stop()


@pytest.fixture
def post_office(running_post_office: "PostOffice", dovecot: "Dovecot") -> "PostOffice":
    """Give the SMTP server with nothing received and nothing going wrong."""
    del dovecot
    running_post_office.reset()
    return running_post_office


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """Give a name of a mailbox that no other test uses."""
    return f"u{zlib.crc32(request.node.nodeid.encode()):08x}@example.invalid"
