"""The line cut at every state of the protocols, before, in and after it, by RST, FIN and silence.

Whatever happens, the next run has every message once, and the mailbox is as it was.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from fetching_office import Office, imap, pop3
from ledgergen.errors import Surroundings
from ledgergen.mail import lines
from ledgergen.records import Mailbox
from mail_messages import large_letter, letter
from proxy import PLACES, WAYS, Cut, Proxy, Side
from servers import Dovecot

IMAP_STATES: Final[tuple[tuple[Side, bytes], ...]] = (
    ("server", rb"\* OK [^\r]*ready[^\r]*\r\n"),
    ("client", rb"\w+ CAPABILITY\r\n"),
    ("client", rb"\w+ LOGIN [^\r]+\r\n"),
    ("server", rb"\w+ OK [^\r]*Logged in\r\n"),
    ("client", rb"\w+ ID \([^\r]+\r\n"),
    ("server", rb"\* ID [^\r]*\r\n"),
    ("client", rb"\w+ EXAMINE [^\r]+\r\n"),
    ("server", rb"\* \d+ EXISTS\r\n"),
    ("server", rb"\* OK \[UIDVALIDITY \d+\][^\r]*\r\n"),
    ("server", rb"\w+ OK \[READ-ONLY\][^\r]*\r\n"),
    ("client", rb"\w+ UID SEARCH ALL\r\n"),
    ("server", rb"\* SEARCH [\d ]+\r\n"),
    ("client", rb"\w+ UID FETCH [\d,]+ \(RFC822.SIZE INTERNALDATE\)\r\n"),
    ("server", rb"\* \d+ FETCH \([^\r]*RFC822.SIZE[^\r]*\r\n"),
    ("client", rb"\w+ UID FETCH [\d,]+ \(BODY.PEEK\[\]\)\r\n"),
    ("server", rb"\* \d+ FETCH \(UID \d+ BODY\[\] \{\d+\}\r\n"),
    ("server", rb"Message-ID: <m2@[^\r]+\r\n"),
    ("server", rb"\w+ OK Fetch completed[^\r]*\r\n"),
    ("client", rb"\w+ UID FETCH \d+ \(BODY.PEEK\[\]<1000000.\d+>\)\r\n"),
    ("server", rb"BODY\[\]<1000000> \{\d+\}\r\n"),
    ("client", rb"\w+ LOGOUT\r\n"),
    ("server", rb"\* BYE [^\r]*\r\n"),
)
POP3_STATES: Final[tuple[tuple[Side, bytes], ...]] = (
    ("server", rb"\+OK [^\r]*ready[^\r]*\r\n"),
    ("client", rb"USER [^\r]+\r\n"),
    ("client", rb"PASS [^\r]+\r\n"),
    ("server", rb"\+OK Logged in[^\r]*\r\n"),
    ("client", rb"UIDL\r\n"),
    ("server", rb"1 [0-9a-f]{8,}\r\n2 "),
    ("client", rb"LIST\r\n"),
    ("server", rb"\+OK 4 messages[^\r]*\r\n"),
    ("client", rb"RETR 1\r\n"),
    ("server", rb"Message-ID: <m2@[^\r]+\r\n"),
    ("client", rb"RETR 4\r\n"),
    ("server", rb"--b--\r\n"),
    ("client", rb"QUIT\r\n"),
    ("server", rb"\+OK Logging out[^\r]*\r\n"),
)
SOAK: Final = bool(os.environ.get("LEDGERGEN_SOAK"))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 0.4)
    monkeypatch.setattr(lines, "PAUSE", 0.01)


def cuts(side: Side, pattern: bytes) -> Iterator[Cut]:
    """Give the cuts at one state: in the middle each way, before and after one way, unless it is the soak."""
    sample = {("before", "rst"), ("in", "rst"), ("in", "fin"), ("in", "stall"), ("after", "fin")}
    for place in PLACES:
        for way in WAYS:
            if SOAK or (place, way) in sample:
                yield Cut(side, pattern, place, way)


def run_of(office: Office, mailbox: Mailbox) -> str:
    """Fetch; give the code of what stopped it, empty where nothing did."""
    try:
        office.fetch(mailbox)
    except Surroundings as stopped:
        return stopped.finding.code
    return ""


def lost_or_twice(
    root: Path, port: int, cut: Cut, box: Callable[[int], Mailbox], target: int, expected: list[bytes]
) -> str:
    """Fetch over a line that is cut once, then undisturbed; say what is wrong with what came."""
    office = Office(root)
    with Proxy(target, [cut]) as proxy:
        code = run_of(office, box(proxy.port))
        if not proxy.cuts:
            return f"{cut}: never came to that state"
    if not code and len(office.bodies) != len(expected):
        return f"{cut}: nothing was said, and {len(office.bodies)} messages came"
    after = run_of(office, box(port))
    if after or office.codes or code not in ("", "mail-line-cut", "mail-timeout", "mail-tls"):
        return f"{cut}: {code} {after} {office.codes}"
    if sorted(office.bodies) != sorted(expected):
        return f"{cut}: {len(office.bodies)} messages"
    return ""


@pytest.mark.parametrize("state", IMAP_STATES, ids=lambda state: state[1].decode()[:30])
def test_imap(dovecot: Dovecot, user: str, tmp_path: Path, state: tuple[Side, bytes]) -> None:
    sent = [letter(1), letter(2), letter(3), large_letter(2_200_000)]
    for data in sent:
        dovecot.put(user, data)
    before = dovecot.snapshot(user)
    for cut in cuts(*state):
        said = lost_or_twice(tmp_path, dovecot.imap, cut, lambda port: imap(port, user), dovecot.imap, sent)
        assert not said
    assert dovecot.snapshot(user) == before


@pytest.mark.parametrize("state", POP3_STATES, ids=lambda state: state[1].decode()[:30])
def test_pop3(dovecot: Dovecot, user: str, tmp_path: Path, state: tuple[Side, bytes]) -> None:
    sent = [letter(1), letter(2), letter(3), large_letter(2_200_000)]
    for data in sent:
        dovecot.put(user, data)
    for cut in cuts(*state):
        said = lost_or_twice(tmp_path, dovecot.pop3, cut, lambda port: pop3(port, user), dovecot.pop3, sent)
        assert not said
    assert sorted(dovecot.messages(user)) == sorted(sent)
