"""The line to a server that sends: what a server may say, and what is made of it."""

import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from ledgergen.errors import Surroundings
from ledgergen.mail.secrets import Secret
from ledgergen.mail.submission import Outcome, Submission, _as_sent
from ledgergen.records import Server
from servers import HOST, PASSWORD, free_ports
from smtp_server import PostOffice

MAIL = b"Subject: x\r\n\r\n.\r\n..a\r\nend"
TO = ["a@example.invalid"]


class _Taker:
    """A server's side that takes everything, and remembers it."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - as aiosmtpd calls it
        self.taken.append(envelope.content)
        return "250 2.0.0 queued"


@pytest.fixture
def taker() -> Iterator[tuple[_Taker, int]]:
    """Run a server without TLS and AUTH that takes mails of at most 2,000 bytes."""
    handler = _Taker()
    (port,) = free_ports(1)
    controller = Controller(handler, hostname="127.0.0.1", port=port, data_size_limit=2000)
    controller.start()
    yield handler, port
    controller.stop()


def at(port: int, tmp_path: Path, *, security: str = "plain", user: str = "", host: str = HOST) -> Submission:
    return Submission(Server(host, port, security, user), Secret(PASSWORD), tmp_path, 10)


def refusal(line: Submission) -> str:
    with pytest.raises(Surroundings) as caught:
        line.open()
    assert PASSWORD not in repr(caught.value)
    return caught.value.finding.code


def test_a_mail_arrives_byte_for_byte_full_stops_included(taker: tuple[_Taker, int], tmp_path: Path) -> None:
    handler, port = taker
    with at(port, tmp_path) as line:
        line.open()
        line.open()
        assert line.hand_over("o@example.invalid", TO, MAIL).outcome is Outcome.ACCEPTED
    assert handler.taken == [MAIL + b"\r\n"]


def test_a_mail_that_is_too_large_for_the_server_is_not_even_offered(taker: tuple[_Taker, int], tmp_path: Path) -> None:
    handler, port = taker
    with at(port, tmp_path) as line:
        line.open()
        taken = line.hand_over("o@example.invalid", TO, b"x" * 3000)
        assert (taken.outcome, taken.reason) == (Outcome.REFUSED, "552 3000 > 2000")
        assert line.hand_over("o@example.invalid", TO, MAIL).outcome is Outcome.ACCEPTED
    assert len(handler.taken) == 1


def test_without_a_line_nothing_is_handed_over(tmp_path: Path) -> None:
    with at(1, tmp_path) as line:
        assert line.hand_over("o@example.invalid", TO, MAIL).outcome is Outcome.LATER


def test_what_keeps_a_line_from_standing_is_told_apart(
    taker: tuple[_Taker, int], tmp_path: Path, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, port = taker
    (nobody,) = free_ports(1)
    assert refusal(at(port, tmp_path, security="starttls")) == "mail-tls"
    assert refusal(at(port, tmp_path, user="office@example.invalid")) == "mail-tls"
    assert refusal(at(nobody, tmp_path)) == "mail-refused"
    assert refusal(at(port, tmp_path, host="no-such-host.invalid")) == "mail-host-unknown"
    assert refusal(at(post_office.tls, tmp_path, security="tls", host="127.0.0.1")) == "mail-certificate"
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refusal(at(post_office.starttls, tmp_path, security="starttls")) == "mail-certificate"


def test_a_password_is_offered_once_in_the_first_way_that_both_know(
    post_office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[str] = []
    auth = smtplib.SMTP.auth

    def watched(line: smtplib.SMTP, way: str, answer: Any, **other: Any) -> Any:  # noqa: ANN401 - as smtplib has it
        ways.append(way)
        if way == "PLAIN":
            raise smtplib.SMTPAuthenticationError(504, b"not here")
        return auth(line, way, answer, **other)

    monkeypatch.setattr(smtplib.SMTP, "auth", watched)
    with at(post_office.starttls, tmp_path, security="starttls", user="o@example.invalid") as line:
        line.open()
    assert ways == ["PLAIN", "LOGIN"]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("552 too big", Outcome.REFUSED), ("452 full", Outcome.LATER), ("421 bye", Outcome.LATER)],
)
def test_every_reply_to_a_recipient_is_judged(
    post_office: PostOffice, tmp_path: Path, code: str, outcome: Outcome
) -> None:
    post_office.answers["a@example.invalid"] = code
    with at(post_office.starttls, tmp_path) as line:
        line.open()
        taken = line.hand_over("o@example.invalid", TO, MAIL)
        assert (taken.outcome, taken.reason) == (outcome, code)
    assert not post_office.received


def test_lines_and_full_stops_cross_the_line_as_the_standard_has_it() -> None:
    assert _as_sent(b"a\n.b\r\n..\rc") == b"a\r\n..b\r\n...\r\nc\r\n"
    assert _as_sent(b"a\r\n") == b"a\r\n"


def test_a_certificate_of_the_offices_own_is_trusted_where_it_is_named(
    post_office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    (tmp_path / "ca.pem").write_bytes(post_office.dovecot.ca.read_bytes())
    server = Server(HOST, post_office.tls, "tls", "o@example.invalid", "ca.pem")
    with Submission(server, Secret(PASSWORD), tmp_path, 10) as line:
        line.open()
    assert post_office.logins == ["o@example.invalid"]
