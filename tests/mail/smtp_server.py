"""An SMTP server for the tests that hands over to Dovecot by LMTP: one port with STARTTLS and AUTH, one with TLS.

What it does wrong is said beforehand: replies by address, a reply to every DATA, a wrong password.
"""

import asyncio
import smtplib
import ssl
import warnings
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from servers import HOST, PASSWORD, Dovecot, free_ports


@dataclass(slots=True)
class Received:
    """One mail that was taken over, as it came."""

    sender: str
    recipients: list[str]
    data: bytes

    @property
    def message_id(self) -> str:
        """Give its Message-ID."""
        return str(message_from_bytes(self.data)["Message-ID"])


@dataclass(slots=True)
class PostOffice:
    """The two ports, what has come in, and what is to go wrong. ``answers``: replies to RCPT by address.

    ``data_reply`` is the reply to each DATA instead of taking the mail over; ``deferrals`` counts down: that many DATA
    get ``421``/``450``-like ``deferral`` first. ``relay`` is off where nothing should reach a mailbox.
    """

    dovecot: Dovecot
    starttls: int
    tls: int
    received: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data_reply: str = ""
    deferrals: int = 0
    deferral: str = "450 4.2.1 try again later"
    relay: bool = True
    logins: list[str] = field(default_factory=list)
    _controllers: list[Controller] = field(default_factory=list)

    def reset(self) -> None:
        """Forget what came in and what should go wrong."""
        self.received.clear()
        self.answers.clear()
        self.logins.clear()
        self.data_reply, self.deferrals, self.deferral, self.relay = "", 0, "450 4.2.1 try again later", True

    async def handle_RCPT(  # noqa: N802 - the name and arguments that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or answer as was said beforehand."""
        if answer := self.answers.get(address.lower()):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Hand a mail over to Dovecot."""
        if self.deferrals:
            self.deferrals -= 1
            return self.deferral
        if self.data_reply:
            return self.data_reply
        data = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), data))
        if self.relay:
            await asyncio.get_running_loop().run_in_executor(None, self._hand_over, envelope, data)
        return "250 2.0.0 queued"

    def _hand_over(self, envelope: Envelope, data: bytes) -> None:
        for recipient in envelope.rcpt_tos:
            with smtplib.LMTP("127.0.0.1", self.dovecot.lmtp, timeout=20) as line:
                line.sendmail(envelope.mail_from or "", [recipient], data)

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, login: Any) -> AuthResult:  # noqa: ANN401 - as aiosmtpd calls it
        """Let in whoever knows the one password."""
        if isinstance(login, LoginPassword):
            self.logins.append(login.login.decode())
            return AuthResult(success=login.password == PASSWORD.encode(), handled=False)
        return AuthResult(success=False, handled=False)

    def stop(self) -> None:
        """Close both ports."""
        for controller in self._controllers:
            controller.stop()


class _Implicit(Controller):
    """A port that speaks TLS from the first byte."""


def start_post_office(dovecot: Dovecot) -> PostOffice:
    """Start both ports."""
    context = _server_context(dovecot.folder)
    starttls, tls = free_ports(2)
    office = PostOffice(dovecot, starttls, tls)
    common: dict[str, Any] = {
        "hostname": "127.0.0.1",
        "server_hostname": HOST,
        "authenticator": office.authenticate,
        "auth_require_tls": False,
        "data_size_limit": 100_000_000,
        "ident": "ledgergen test",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # aiosmtpd warns that passwords may go unencrypted: that is a test's choice
        office._controllers.append(Controller(office, port=office.starttls, tls_context=context, **common))
        office._controllers.append(_Implicit(office, port=office.tls, ssl_context=context, **common))
        for controller in office._controllers:
            controller.start()
    return office


def _server_context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context
