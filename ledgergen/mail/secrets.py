"""The secrets of mail servers: from the system's keyring, else the environment, else the person at the terminal.

A secret is bound to host, port and user: a campaign file that names another host gets none. It stands in no file of
ours, no log, no traceback, no argument and no output (safety.md). The one door to keyring, which is imported late: it
looks for services of the desktop.
"""

import os
from collections.abc import Callable
from typing import Final, TypeAlias

from ledgergen.errors import Surroundings
from ledgergen.findings import Where
from ledgergen.records import Server

VARIABLE: Final = "LEDGERGEN_SECRETS"  # lines: HOST:PORT USER SECRET
_BLANKED: Final = "***"
_PARTS: Final = 3
Ask: TypeAlias = Callable[[Server], str]


class Secret:
    """A password or authorisation code (授权码) that does not show itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return f"<secret {_BLANKED}>"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not stored")

    def reveal(self) -> str:
        """Give the text, to hand it to the server it belongs to and to nobody else."""
        return self._text

    def hidden_in(self, text: str) -> str:
        """Blank the secret out of a text, such as the words of a server that repeats what it was told."""
        return text.replace(self._text, _BLANKED) if self._text else text


def find_secret(server: Server, ask: Ask | None = None) -> Secret:
    """Find the secret of a server: keyring → environment → ``ask``.

    Raises:
        Surroundings: ``mail-no-secret``.
    """
    text = _from_keyring(server) or _from_environment(server) or (ask(server) if ask else "")
    if not text:
        raise Surroundings("mail-no-secret", Where(server.place), server=server.place)
    return Secret(text)


def keep_secret(server: Server, secret: Secret) -> bool:
    """Store a secret in the keyring; tell whether there is one that kept it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_service(server), server.user, secret.reveal())
        return keyring.get_password(_service(server), server.user) == secret.reveal()
    except (KeyringError, OSError, RuntimeError):
        return False


def _service(server: Server) -> str:
    return f"ledgergen {server.host.lower()}:{server.port}"


def _from_keyring(server: Server) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_service(server), server.user) or ""
    except (KeyringError, OSError, RuntimeError):
        return ""  # no keyring on this machine, or one that is locked


def _from_environment(server: Server) -> str:
    """Look for the line of this very server and user; whatever else stands there is meant for others."""
    wanted = (f"{server.host}:{server.port}".lower(), server.user)
    for line in os.environ.get(VARIABLE, "").splitlines():
        parts = line.split(None, _PARTS - 1)
        if len(parts) == _PARTS and (parts[0].lower(), parts[1]) == wanted:
            return parts[2].strip()
    return ""
