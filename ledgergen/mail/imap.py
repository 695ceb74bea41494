"""The one door to IMAPClient: a folder looked at, never changed.

Folders are opened with EXAMINE and bodies read with BODY.PEEK, so that the server itself refuses to change a flag; no
STORE, COPY, MOVE, EXPUNGE or DELETE is spelt here. Everything is asked for by UID.
"""

import logging
import re
from ast import literal_eval
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path
from typing import Any, Final, Self, TypeVar, cast

from ledgergen.errors import Surroundings
from ledgergen.findings import Where
from ledgergen.mail import lines
from ledgergen.mail.imap_answers import Answer, Listed, bodies_in, listed_in
from ledgergen.mail.lines import Cut, LoginRefused, Refused
from ledgergen.mail.secrets import Secret
from ledgergen.records import Server

PIECE: Final = 1_000_000  # bytes of a large message asked for at once
_LISTED: Final = 500  # messages whose sizes are asked for at once
_ID: Final = {"name": "ledgergen", "version": "1", "vendor": "ledgergen"}
# NetEase answers "Unsafe Login" to whoever has not said who he is, and does not always advertise ID.
_WANT_ID: Final = (".163.com", ".126.com", ".yeah.net", ".188.com", ".netease.com", ".qiye.163.com")
_BYTES: Final = re.compile(r"b(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
_Given = TypeVar("_Given")


@dataclass(frozen=True, slots=True)
class Examined:
    """A folder as it was opened: its UIDVALIDITY and the UIDs of all its messages."""

    validity: int
    uids: tuple[int, ...]


class ImapLine:
    """A line to an IMAP server, logged in. Every call raises ``Cut`` where the line breaks, ``Refused`` for a no."""

    def __init__(self, server: Server, secret: Secret, root: Path) -> None:
        self._server = server
        self._secret = secret
        self.folder = ""  # the one that is open
        self._client = _connected(server, root)
        try:
            self._log_in()
        except BaseException:
            lines.quietly(self._client.shutdown)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        lines.quietly(self._client.shutdown if kind else self._client.logout)
        lines.quietly(self._client.shutdown)

    def folders(self) -> list[str]:
        """Name the folders that can be opened."""
        listed = self._asked(self._client.list_folders)
        return [str(name) for flags, _, name in listed if b"\\Noselect" not in flags]

    def examine(self, folder: str) -> Examined:
        """Open a folder read-only and list its UIDs. ``SEARCH ALL``: some servers take no notice of criteria."""
        said = self._asked(lambda: self._client.select_folder(folder, readonly=True))
        found = self._asked(lambda: self._client.search("ALL"))
        self.folder = folder
        return Examined(int(said.get(b"UIDVALIDITY", 0)), tuple(sorted({int(uid) for uid in found})))

    def sizes(self, uids: Sequence[int]) -> Iterator[Listed]:
        """Give size and day of messages; one that is gone meanwhile is left out."""
        for start in range(0, len(uids), _LISTED):
            some = uids[start : start + _LISTED]
            found = listed_in(self._fetched(some, "(RFC822.SIZE INTERNALDATE)"))
            yield from (found[uid] for uid in some if uid in found)

    def messages(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Fetch whole messages; one that is gone meanwhile, or that the server does not give, is left out."""
        found = bodies_in(self._fetched(uids, "(BODY.PEEK[])"))
        return {uid: found[uid] for uid in uids if uid in found}

    def pieces(self, uid: int, start: int = 0) -> Iterator[bytes]:
        """Fetch one message piece by piece, from byte ``start`` on. The size that a server gives is often wrong."""
        while True:
            piece = bodies_in(self._fetched([uid], f"(BODY.PEEK[]<{start}.{PIECE}>)")).get(uid, b"")
            if not piece:
                return
            yield piece
            start += len(piece)
            if len(piece) < PIECE:
                return

    def _words(self, fault: Exception) -> str:
        return lines.clean(_as_said(fault), self._secret)

    def _fetched(self, uids: Sequence[int], what: str) -> Answer:
        """Ask for messages; the answer as imaplib gives it, for IMAPClient would take apart every token of it."""
        kind, answer = self._asked(lambda: self._client._imap.uid("FETCH", ",".join(map(str, uids)), what))  # noqa: SLF001
        if kind != "OK":
            said = answer[0] if answer else b""
            raise Refused(lines.clean(said if isinstance(said, bytes) else b"", self._secret))
        return cast("Answer", answer)

    def _log_in(self) -> None:
        try:
            self._asked(lambda: self._client.login(self._server.user, self._secret.reveal()))
        except Refused as no:
            raise LoginRefused(no.words) from None
        host = f".{self._server.host.lower()}"
        if self._asked(lambda: self._client.has_capability("ID")) or host.endswith(_WANT_ID):
            self._say_who()

    def _say_who(self) -> None:
        """Send ID; a server that does not know it says BAD, which harms nothing."""
        words = " ".join(f'"{key}" "{value}"' for key, value in _ID.items())
        try:
            self._asked(lambda: self._client._imap.xatom("ID", f"({words})"))  # noqa: SLF001 - its id_() asks for the capability first
        except Refused:
            return

    def _asked(self, ask: Callable[[], _Given]) -> _Given:
        """Ask the server something; say apart a broken line and a refusal."""
        try:
            return ask()
        except IMAP4.abort as fault:
            raise Cut(self._words(fault)) from None
        except IMAP4.error as fault:
            broken = isinstance(
                fault.__context__, IMAP4.abort | OSError
            )  # IMAPClient calls any fault of login a refusal
            raise (Cut if broken else Refused)(self._words(fault)) from None
        except (OSError, EOFError) as fault:
            raise Cut(self._words(fault)) from None
        except (ValueError, AssertionError, LookupError, TypeError) as fault:  # an answer that is no IMAP
            raise Cut(self._words(fault)) from None


def _as_said(fault: Exception) -> str:
    """Give a server's words; imaplib puts them into its faults as the ``repr`` of bytes."""
    text = str(fault) or type(fault).__name__
    found = _BYTES.search(text)
    words = literal_eval(found[0]) if found else b""
    return words.decode("utf-8", "replace") if words and isinstance(words, bytes) else text


def _connected(server: Server, root: Path) -> Any:  # noqa: ANN401 - IMAPClient has no types
    from imapclient import IMAPClient

    # What a server says may repeat what it was told, so none of it goes to anybody's log.
    logging.getLogger("imapclient").setLevel(logging.CRITICAL + 1)
    context = lines.tls_context(server, root) if server.security != "plain" else None
    client: Any = None
    try:
        client = IMAPClient(
            server.host, server.port, ssl=server.security == "tls", ssl_context=context, timeout=lines.PATIENCE
        )
        client._imap.debug = 0  # noqa: SLF001 - IMAPClient has imaplib spell out every byte for its logger
        if server.security == "starttls":
            client.starttls(context)
    except (OSError, IMAP4.error, EOFError, ValueError) as fault:
        if client is not None:
            lines.quietly(client.shutdown)
        raise _unreachable(fault, server) from None
    return client


def _unreachable(fault: Exception, server: Server) -> Surroundings:
    if isinstance(fault, IMAP4.error) and not isinstance(fault, IMAP4.abort):
        place = f"{server.host}:{server.port}"
        return Surroundings("mail-tls", Where(place), server=place, reason=lines.words_of(fault))
    return lines.unreachable(fault, server)
