"""Lines to mail servers: how they are secured, how long a server may take, what a broken one means in plain words."""

import contextlib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ledgergen.errors import Surroundings
from ledgergen.findings import Finding, Where, finding
from ledgergen.mail.secrets import Secret
from ledgergen.messages import printable
from ledgergen.records import Server

PATIENCE: float = 30.0  # seconds that a server may say nothing
PAUSE: float = 1.0  # seconds before a broken line is opened anew; twice as long each further time
_LONGEST: Final = 200  # characters of a server's words that are shown


class Refused(Exception):  # noqa: N818 - a server's answer, not a fault of ours
    """The server has answered, and the answer is no. ``words`` are its own, without the secret."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class LoginRefused(Refused):
    """The server does not let us in."""


class Cut(Exception):  # noqa: N818 - as above
    """The line broke, or the server went silent; what was asked may be asked again on another line."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


def tls_context(server: Server, root: Path) -> ssl.SSLContext:
    """Make the TLS settings of a server; ``root`` is the campaign's folder, in which an own CA's certificate lies.

    Raises:
        Surroundings: ``mail-ca-unreadable``.
    """
    if not server.ca:
        return ssl.create_default_context()
    path = (root / server.ca).resolve()
    if not path.is_relative_to(root.resolve()):
        raise Surroundings("mail-ca-unreadable", Where("ledgergen.yaml"), file=server.ca, reason="..")
    try:
        return ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as fault:
        reason = fault.strerror or str(fault)
        raise Surroundings("mail-ca-unreadable", Where("ledgergen.yaml"), file=server.ca, reason=reason) from None


def unreachable(fault: Exception, server: Server) -> Surroundings:
    """Say in plain words why a server cannot be reached."""
    found = why_unreachable(fault, server)
    return Surroundings(found.code, found.where, **found.facts)


def why_unreachable(fault: Exception, server: Server) -> Finding:
    """Make the finding: the name unknown, nothing there, no answer, the certificate, another protocol, cut off."""
    place = f"{server.host}:{server.port}"
    where = Where(place)
    if isinstance(fault, ssl.SSLCertVerificationError):
        return finding("mail-certificate", where, server=place, reason=printable(fault.verify_message))
    if isinstance(fault, ssl.SSLError):
        return finding("mail-tls", where, server=place, reason=printable(fault.reason or str(fault)))
    for kind, code in _PLAIN:
        if isinstance(fault, kind):
            return finding(code, where, server=place)
    return finding("mail-line-cut", where, server=place, reason=words_of(fault))


_PLAIN: Final[tuple[tuple[type[Exception], str], ...]] = (
    (socket.gaierror, "mail-host-unknown"),
    (UnicodeError, "mail-host-unknown"),
    (TimeoutError, "mail-timeout"),
    (ConnectionRefusedError, "mail-refused"),
)


def words_of(fault: Exception, secret: Secret | None = None) -> str:
    """Put a fault into one bounded line of printable words, without the secret."""
    text = (fault.strerror if isinstance(fault, OSError) else "") or str(fault) or type(fault).__name__
    return clean(text, secret)


def clean(text: str | bytes, secret: Secret | None = None) -> str:
    """Make a server's words fit to be shown: one line, bounded, printable, without the secret."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = secret.hidden_in(words) if secret else words
    return printable(" ".join(words.split()))[:_LONGEST]


def quietly(work: Callable[[], object]) -> None:
    """Close a line; a server that does not answer any more is in nobody's way."""
    with contextlib.suppress(Exception):
        work()
