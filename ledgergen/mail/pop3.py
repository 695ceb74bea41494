"""The one door to poplib: messages read by their UIDL, never deleted; DELE is not spelt here.

A server without UIDL gives its messages no names that last, so they could not be told from those seen before.
"""

import poplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeVar

from ledgergen.errors import Surroundings
from ledgergen.findings import Where
from ledgergen.mail import lines
from ledgergen.mail.lines import Cut, LoginRefused, Refused
from ledgergen.mail.secrets import Secret
from ledgergen.records import Server

_LONGEST_LINE: Final = 2_000_000  # poplib's 2,048 breaks off at messages with one long line
_PIECE: Final = 262_144  # bytes gathered before they are handed on
_Given = TypeVar("_Given")


@dataclass(frozen=True, slots=True)
class Listed:
    """One message: its number on this line, its lasting name, its size."""

    number: int
    uid: str
    size: int


class Pop3Line:
    """A line to a POP3 server, logged in. Every call raises ``Cut`` where the line breaks, ``Refused`` for a no."""

    def __init__(self, server: Server, secret: Secret, root: Path) -> None:
        self._server = server
        self._secret = secret
        self._pop = _connected(server, root)
        try:
            self._asked(lambda: self._pop.user(server.user))
            self._asked(lambda: self._pop.pass_(secret.reveal()))
        except Refused as no:
            lines.quietly(self._pop.close)
            raise LoginRefused(no.words) from None
        except BaseException:
            lines.quietly(self._pop.close)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # QUIT carries out what was marked for deletion, and nothing was; after a fault the line is dropped, as nothing
        # is carried out then at all.
        if kind is None:
            lines.quietly(self._pop.quit)
        lines.quietly(self._pop.close)

    def listed(self) -> list[Listed]:
        """List the messages. Two of one name, which should not be, are told apart by their order."""
        try:
            _, names, _ = self._asked(self._pop.uidl)
        except Refused:
            place = f"{self._server.host}:{self._server.port}"
            raise Surroundings("mail-no-uidl", Where(place), server=place) from None
        _, sizes, _ = self._asked(self._pop.list)
        size_of = dict(_pair(line) for line in sizes)
        found, times = [], dict[str, int]()
        for number, uid in map(_pair, names):
            times[uid] = times.get(uid, 0) + 1
            name = uid if times[uid] == 1 else f"{uid} #{times[uid]}"
            size = size_of.get(number, "0")
            found.append(Listed(number, name, int(size) if size.isdecimal() else 0))
        return found

    def pieces(self, number: int) -> Iterator[bytes]:
        """Read one message in pieces."""
        self._asked(lambda: self._pop._shortcmd(f"RETR {number}"))  # type: ignore[attr-defined] # noqa: SLF001 - retr() holds every line
        piece: list[bytes] = []
        held = 0
        while (line := self._asked(self._line)) is not None:
            piece.append(line)
            held += len(line)
            if held >= _PIECE:
                yield b"".join(piece)
                piece, held = [], 0
        yield b"".join(piece)

    def _line(self) -> bytes | None:
        """Read one line of a message, its doubled stop undone; None at the end."""
        line, _ = self._pop._getline()  # type: ignore[attr-defined] # noqa: SLF001 - as above
        if line == b".":
            return None
        text: bytes = line[1:] if line.startswith(b"..") else line
        return text + b"\r\n"

    def _asked(self, ask: Callable[[], _Given]) -> _Given:
        try:
            return ask()
        except poplib.error_proto as fault:
            if _is_no(fault):
                raise Refused(lines.clean(_words(fault), self._secret)) from None
            raise Cut(lines.clean(_words(fault), self._secret)) from None
        except (OSError, EOFError, ValueError) as fault:
            raise Cut(lines.words_of(fault, self._secret)) from None


class _Plain(poplib.POP3):
    """poplib's line, closed where its greeting fails."""

    def _getresp(self) -> bytes:
        try:
            return super()._getresp()  # type: ignore[misc,no-any-return] # not in typeshed
        except BaseException:
            if not hasattr(self, "welcome"):
                lines.quietly(self.close)
            raise


class _Secure(_Plain, poplib.POP3_SSL):
    """The same with TLS from the first byte."""


def _connected(server: Server, root: Path) -> poplib.POP3:
    poplib._MAXLINE = _LONGEST_LINE  # type: ignore[attr-defined] # noqa: SLF001 - there is no other way
    pop: poplib.POP3 | None = None
    try:
        if server.security == "tls":
            context = lines.tls_context(server, root)
            return _Secure(server.host, server.port, timeout=lines.PATIENCE, context=context)
        pop = _Plain(server.host, server.port, timeout=lines.PATIENCE)
        if server.security == "starttls":
            pop.stls(context=lines.tls_context(server, root))
    except (OSError, EOFError, ValueError, poplib.error_proto) as fault:
        if pop is not None:
            lines.quietly(pop.close)
        if isinstance(fault, poplib.error_proto) and _is_no(fault):
            place = f"{server.host}:{server.port}"
            raise Surroundings("mail-tls", Where(place), server=place, reason=lines.clean(_words(fault))) from None
        raise lines.unreachable(fault, server) from None
    return pop


def _is_no(fault: poplib.error_proto) -> bool:
    """Tell whether the server has said no; what poplib itself says against a line is a text, not bytes."""
    first = fault.args[0] if fault.args else ""
    return isinstance(first, bytes) and first.startswith(b"-ERR")


def _words(fault: poplib.error_proto) -> bytes:
    first = fault.args[0] if fault.args else b""
    return first if isinstance(first, bytes) else str(first).encode()


def _pair(line: bytes) -> tuple[int, str]:
    number, _, rest = line.decode("utf-8", "replace").partition(" ")
    return (int(number) if number.isdecimal() else 0), rest.strip()
