"""The one door to smtplib: a line to the server that takes our mail over, and what became of each mail on it.

What a line's end leaves open is said, never guessed. A mail is handed over in two pieces: its text, and the full stop
that ends it. As long as the full stop has not left, no server may have accepted the mail, and it can be offered again;
from then on, until the reply is read, nobody can know (``unknown``), and nothing sends it again by itself.
"""

import contextlib
import re
import selectors
import smtplib
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ledgergen.errors import Surroundings
from ledgergen.mail import lines
from ledgergen.mail.lines import clean, tls_context, unreachable, words_of
from ledgergen.mail.secrets import Secret
from ledgergen.records import Server

_OK: Final = frozenset({250, 251, 252})
_GO_ON: Final = 354
_PERMANENT: Final = 500
_TOO_LARGE: Final = 552
_OTHER_WAY: Final = 504  # the server does not know the way of logging in that it named itself


class Outcome(StrEnum):
    """What became of a mail on the line: ``later`` is surely not accepted and may be offered again."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail: the server's words, and the addresses that it refused, with its words for each."""

    outcome: Outcome
    reason: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


class _Line(smtplib.SMTP):
    """smtplib's line without the 40 ms that small pieces would wait for each other."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc] # not in typeshed
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line


class _SecureLine(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc] # not in typeshed
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line


class Submission:
    """A line on which mails are handed over, opened when the first is, and anew after it broke.

    Args:
        server: where to; without a user nobody logs in.
        secret: the password or authorisation code; it is kept out of every message and every ``repr``.
        root: the campaign's folder, in which the certificate of the office's own CA lies.
        patience: seconds that the server may take for a reply.
    """

    def __init__(self, server: Server, secret: Secret, root: Path, patience: float | None = None) -> None:
        self._server, self._secret, self._root = server, secret, root
        self._patience = lines.PATIENCE if patience is None else patience
        self._line: smtplib.SMTP | None = None
        self._full_stop = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Give the server as people are shown it."""
        return self._server.place

    @property
    def is_in_doubt(self) -> bool:
        """Tell whether the full stop of the last mail had gone out when its handing over was broken off."""
        return self._full_stop

    def open(self) -> None:
        """Connect, secure the line, and log in; nothing where the line stands.

        Raises:
            Surroundings: ``mail-host-unknown``, ``mail-refused``, ``mail-timeout``, ``mail-line-cut``,
                ``mail-certificate``, ``mail-ca-unreadable``, ``mail-tls``, ``mail-login-refused``.
        """
        if self._line is None:
            line = self._connected()
            try:
                self._log_in(line)
            except BaseException:
                line.close()
                raise
            self._line = line

    def close(self) -> None:
        """Say good-bye; a server that does not answer is in nobody's way."""
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def hand_over(self, sender: str, recipients: Sequence[str], data: bytes) -> Taken:
        """Offer one mail on the open line, and say what became of it.

        A mail of which some addresses were refused goes to the others. Where the line breaks it is closed, and the
        next mail needs :meth:`open`.
        """
        line, self._full_stop = self._line, False
        if line is None:
            return Taken(Outcome.LATER, "not connected")
        try:
            refused, stop = self._addressed(line, sender, recipients, len(data))
            if stop is not None:
                return stop
            text = _as_sent(data)
            code, words = line.docmd("DATA")
            if code != _GO_ON:
                return self._not_taken(line, code, words, refused)
            line.send(text)
            if _speaks_out_of_turn(line):  # it closes, or gives up: without the full stop it has accepted nothing
                raise smtplib.SMTPServerDisconnected("closed before the end of the mail")
        except (OSError, smtplib.SMTPException) as fault:
            self._break()
            return Taken(Outcome.LATER, self._said(fault))
        return self._ended(line, refused)

    def _ended(self, line: smtplib.SMTP, refused: Mapping[str, str]) -> Taken:
        """Send the full stop and read the reply."""
        self._full_stop = True
        try:
            line.send(b".\r\n")
            code, words = line.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            self._break()
            return Taken(Outcome.UNKNOWN, self._said(fault), refused)
        if code in _OK:
            return Taken(Outcome.ACCEPTED, self._words(code, words), refused)
        return self._not_taken(line, code, words, refused)

    def _addressed(
        self, line: smtplib.SMTP, sender: str, recipients: Sequence[str], size: int
    ) -> tuple[dict[str, str], Taken | None]:
        """Name sender and recipients; say what was refused, and what became of the mail where it goes no further."""
        options = [f"size={size}"] if line.has_extn("size") else []
        most = line.esmtp_features.get("size", "")
        if most.isdecimal() and 0 < int(most) < size:
            return {}, Taken(Outcome.REFUSED, f"{_TOO_LARGE} {size} > {most}")
        code, words = line.mail(sender, options)
        if code not in _OK:
            return {}, self._not_taken(line, code, words, {})
        refused: dict[str, str] = {}
        later = ""
        for address in recipients:
            code, words = line.rcpt(address)
            if code not in _OK:
                refused[address] = self._words(code, words)
                later = later if code >= _PERMANENT else refused[address]
        if later:
            return refused, self._put_off(line, later, refused)
        if len(refused) == len(recipients):
            self._reset(line)
            return refused, Taken(Outcome.REFUSED, next(iter(refused.values()), ""), refused)
        return refused, None

    def _put_off(self, line: smtplib.SMTP, reason: str, refused: Mapping[str, str]) -> Taken:
        self._reset(line)
        return Taken(Outcome.LATER, reason, refused)

    def _not_taken(self, line: smtplib.SMTP, code: int, words: bytes, refused: Mapping[str, str]) -> Taken:
        """Judge a reply that is none of taking over: 4xx may come right later, 5xx does not."""
        reason = self._words(code, words)
        self._reset(line)
        return Taken(Outcome.REFUSED if code >= _PERMANENT else Outcome.LATER, reason, refused)

    def _reset(self, line: smtplib.SMTP) -> None:
        """Make the line ready for the next mail; close it where the server has done so."""
        try:
            code, _ = line.rset()
        except (OSError, smtplib.SMTPException):
            code = -1
        if code not in _OK:
            self._break()

    def _break(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = tls_context(server, self._root)
        line: smtplib.SMTP | None = None
        try:
            if server.security == "tls":
                line = _SecureLine(server.host, server.port, timeout=self._patience, context=context)
            else:
                line = _Line(server.host, server.port, timeout=self._patience)
            line.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                line.starttls(context=context)
                line.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as fault:
            if line is not None:
                line.close()
            raise self._refused(fault) from None
        return line

    def _log_in(self, line: smtplib.SMTP) -> None:
        """Log in with the first way that both sides know.

        A password that is refused is not offered a second time in another way, as smtplib's own ``login`` does: some
        providers lock a mailbox after a few wrong ones.
        """
        if not self._server.user:
            return
        offered = line.esmtp_features.get("auth", "").upper().split()
        ways: dict[str, Callable[..., str]] = {
            "PLAIN": line.auth_plain,
            "LOGIN": line.auth_login,
            "CRAM-MD5": line.auth_cram_md5,
        }
        known = [way for way in ways if way in offered]
        line.user, line.password = self._server.user, self._secret.reveal()
        try:
            if not known:
                raise smtplib.SMTPNotSupportedError("no AUTH PLAIN, LOGIN, CRAM-MD5")
            self._authenticate(line, [(way, ways[way]) for way in known])
        except (OSError, smtplib.SMTPException) as fault:
            raise self._refused(fault) from None
        finally:
            line.password = ""

    def _authenticate(self, line: smtplib.SMTP, ways: Sequence[tuple[str, Callable[..., str]]]) -> None:
        for way, answer in ways[:-1]:
            try:
                line.auth(way, answer)
            except smtplib.SMTPAuthenticationError as fault:
                if fault.smtp_code != _OTHER_WAY:
                    raise
            else:
                return
        line.auth(*ways[-1])

    def _refused(self, fault: Exception) -> Surroundings:
        """Say why there is no line."""
        place = self._server.place
        if isinstance(fault, smtplib.SMTPAuthenticationError) and fault.smtp_code >= _PERMANENT:
            return Surroundings("mail-login-refused", server=place, reason=self._said(fault))
        if isinstance(fault, smtplib.SMTPNotSupportedError | smtplib.SMTPHeloError):
            return Surroundings("mail-tls", server=place, reason=self._said(fault))
        if isinstance(fault, smtplib.SMTPException):
            return Surroundings("mail-line-cut", server=place, reason=self._said(fault))
        return unreachable(fault, self._server)

    def _said(self, fault: Exception) -> str:
        """Put a fault of the line into a few words."""
        if isinstance(fault, smtplib.SMTPResponseException):
            return self._words(fault.smtp_code, fault.smtp_error)
        return words_of(fault, self._secret)

    def _words(self, code: int, words: bytes | str) -> str:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return clean(f"{code} {text}", self._secret)


def _speaks_out_of_turn(line: smtplib.SMTP) -> bool:
    """Tell whether something has come from the server before we have ended the mail: a reply, or its end."""
    if line.sock is None:
        return True
    with selectors.DefaultSelector() as waiting:
        waiting.register(line.sock, selectors.EVENT_READ)
        return bool(waiting.select(0))


def _as_sent(data: bytes) -> bytes:
    """Give the text as it crosses the line: CRLF at each end, and a full stop more where a line begins with one."""
    whole = re.sub(rb"(?:\r\n|\n|\r(?!\n))", b"\r\n", data)
    whole = re.sub(rb"(?m)^\.", b"..", whole)
    return whole if whole.endswith(b"\r\n") else whole + b"\r\n"
