"""Servers that are not like the others: what they want to be told, what they do not know, what they say wrong."""

from pathlib import Path

import pytest

from fetching_office import Office, imap, pop3
from ledgergen.errors import Surroundings
from ledgergen.mail import imap as door
from ledgergen.mail import lines
from mail_messages import letter
from scripted_server import GOODBYE, LET_IN, ScriptedServer

MAIL = letter(1, subject="x", text="hello").decode("ascii")
LISTING = (
    (r"(\w+) EXAMINE .*", "* 1 EXISTS\n* OK [UIDVALIDITY 5] ok\n\\1 OK [READ-ONLY] done"),
    (r"(\w+) UID SEARCH ALL", "* SEARCH 7\n\\1 OK done"),
    (r"(\w+) UID FETCH 7 \(RFC822.*", f"* 1 FETCH (UID 7 RFC822.SIZE {len(MAIL)})\n\\1 OK done"),
)
GIVEN = (
    r"(\w+) UID FETCH 7 \(BODY.*",
    f"* 1 FETCH (UID 7 BODY[] {{{len(MAIL)}}}\n" + MAIL.replace("\r\n", "\n") + ")\n\\1 OK done",
)


def capable(*more: str) -> tuple[str, str]:
    return (r"(\w+) CAPABILITY", f"* CAPABILITY {' '.join(('IMAP4rev1', *more))}\n\\1 OK done")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(lines, "PATIENCE", 1.0)
    monkeypatch.setattr(lines, "PAUSE", 0.01)
    return Office(tmp_path)


@pytest.mark.parametrize("advertised", [True, False])
def test_who_we_are_is_said_only_where_it_is_wanted(office: Office, advertised: bool) -> None:  # noqa: FBT001
    id_known = (r"(\w+) ID .*", "* ID NIL\n\\1 OK done")
    rules = [capable(*(["ID"] * advertised)), LET_IN, id_known, *LISTING, GIVEN, GOODBYE]
    with ScriptedServer("* OK hello", rules) as server:
        assert office.fetch(imap(server.port, "u")) == 1
        assert any(" ID (" in line for line in server.heard) is advertised
    assert office.bodies == [MAIL.encode()]


def test_netease_is_told_though_it_does_not_ask(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_WANT_ID", (".localhost",))
    bad = (r"(\w+) ID .*", r"\1 BAD unknown")
    with ScriptedServer("* OK hello", [capable(), LET_IN, bad, *LISTING, GIVEN, GOODBYE]) as server:
        assert office.fetch(imap(server.port, "u")) == 1
        assert any(" ID (" in line for line in server.heard)


def test_a_mail_that_the_server_refuses_is_set_aside(office: Office) -> None:
    refuses = (r"(\w+) UID FETCH 7 \(BODY.*", r"\1 NO internal error")
    with ScriptedServer("* OK hello", [capable(), LET_IN, *LISTING, refuses, GOODBYE]) as server:
        assert office.fetch(imap(server.port, "u")) == 1
        assert office.codes == ["mail-not-fetched"]
        assert office.fetch(imap(server.port, "u")) == 0


def test_a_mail_without_bytes_is_set_aside(office: Office) -> None:
    empty = (r"(\w+) UID FETCH 7 \(BODY.*", "* 1 FETCH (UID 7 BODY[] NIL)\n\\1 OK done")
    with ScriptedServer("* OK hello", [capable(), LET_IN, *LISTING, empty, GOODBYE]) as server:
        assert office.fetch(imap(server.port, "u")) == 1
        assert office.codes == ["mail-not-fetched"]


def test_a_server_that_talks_nonsense_stops_the_run(office: Office) -> None:
    nonsense = (r"(\w+) UID SEARCH ALL", "* SEARCH x\x00y\n\\1 OK done")
    with ScriptedServer("* OK hello", [capable(), LET_IN, LISTING[0], nonsense, GOODBYE]) as server:
        with pytest.raises(Surroundings) as stopped:
            office.fetch(imap(server.port, "u"))
        assert stopped.value.finding.code in ("mail-line-cut", "mail-folder-unknown")


def test_a_pop3_server_without_lasting_names(office: Office) -> None:
    rules = [(r"USER .*", "+OK"), (r"PASS .*", "+OK"), (r"UIDL", "-ERR unknown"), (r"QUIT", "+OK")]
    with ScriptedServer("+OK hello", rules) as server:
        with pytest.raises(Surroundings) as stopped:
            office.fetch(pop3(server.port, "u"))
        assert stopped.value.finding.code == "mail-no-uidl"


def test_a_pop3_server_that_names_two_mails_alike(office: Office) -> None:
    rules = [
        (r"USER .*", "+OK"), (r"PASS .*", "+OK"), (r"UIDL", "+OK\n1 same\n2 same\n."), (r"LIST", "+OK\n1 9\n2 9\n."),
        (r"RETR (\d)", "+OK\nSubject: \\1\n\n..x\n."), (r"QUIT", "+OK"),
    ]  # fmt: skip
    with ScriptedServer("+OK hello", rules) as server:
        assert office.fetch(pop3(server.port, "u")) == 2
        assert sorted(office.bodies) == [b"Subject: 1\r\n\r\n.x\r\n", b"Subject: 2\r\n\r\n.x\r\n"]
        assert not any(line.startswith("DELE") for line in server.heard)
        assert office.fetch(pop3(server.port, "u")) == 0
