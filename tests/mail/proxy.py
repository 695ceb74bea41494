"""A line between a client and a server that is cut where a test says: by RST, by FIN, or by saying nothing more.

It sees what passes, so it stands before a port without TLS. Where to cut is a pattern in what one side says (a state of
the protocol) or a number of bytes that have passed that way.
"""

import re
import selectors
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Self, TypeAlias

Side: TypeAlias = Literal["client", "server"]
Place: TypeAlias = Literal["before", "in", "after"]
Way: TypeAlias = Literal["rst", "fin", "stall"]

WAYS: Final[tuple[Way, ...]] = ("rst", "fin", "stall")
PLACES: Final[tuple[Place, ...]] = ("before", "in", "after")
_PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Cut:
    """Where to cut: before, in or after the n-th match of a pattern in what a side says on one connection.

    ``pattern`` may be a number instead: that many bytes of that side pass, and no more. ``times``: so many connections
    are cut, later ones are let through.
    """

    side: Side
    pattern: bytes | int
    place: Place = "after"
    way: Way = "rst"
    match: int = 1
    times: int = 1

    def found_in(self, heard: bytes) -> int | None:
        """Give how many bytes of all that was heard of the side pass; None while the place has not come."""
        if isinstance(self.pattern, int):
            return self.pattern if len(heard) >= self.pattern else None
        for number, found in enumerate(re.finditer(self.pattern, heard), start=1):
            if number == self.match:
                middle = (found.start() + found.end()) // 2
                return {"before": found.start(), "in": middle, "after": found.end()}[self.place]
        return None


@dataclass(slots=True)
class _Line:
    """One connection: its two sockets, and what was heard and let through of each side."""

    client: socket.socket
    server: socket.socket
    heard: dict[Side, bytearray] = field(default_factory=lambda: {"client": bytearray(), "server": bytearray()})
    passed: dict[Side, int] = field(default_factory=lambda: {"client": 0, "server": 0})
    stalled: bool = False


class Proxy:
    """A port on the loopback before another one. ``transcript`` is what was heard of all connections, in order.

    Args:
        target: the port of the real server.
        cuts: where to cut; each is tried on every connection until it has cut ``times`` connections.
        quiet: no transcript is kept.
        delay: seconds that each piece from the server is held back, as a far server does.
    """

    def __init__(self, target: int, cuts: Sequence[Cut] = (), *, delay: float = 0.0, quiet: bool = False) -> None:
        self._target = target
        self._left = {cut: cut.times for cut in cuts}
        self._delay = delay
        self._quiet = quiet
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self.port: int = self._listening.getsockname()[1]
        self.cuts = 0
        self.connections = 0
        self.transcript: list[tuple[Side, bytes]] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._listening.close()
        for thread in self._threads:
            thread.join(10)

    def said(self, side: Side) -> bytes:
        """Give everything that one side has said on all connections."""
        return b"".join(piece for who, piece in self.transcript if who == side)

    def _start(self, work: "object", *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        self._listening.settimeout(0.1)
        while not self._closing.is_set():
            try:
                client, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._start(self._carry, _Line(client, server))

    def _carry(self, line: _Line) -> None:
        with selectors.DefaultSelector() as ready, line.client, line.server:
            ready.register(line.client, selectors.EVENT_READ, "client")
            ready.register(line.server, selectors.EVENT_READ, "server")
            while not self._closing.is_set():
                for key, _ in ready.select(0.1):
                    if not self._pass_on(line, key.data):
                        return

    def _pass_on(self, line: _Line, side: Side) -> bool:
        """Carry one piece; False ends the connection."""
        source, sink = (line.client, line.server) if side == "client" else (line.server, line.client)
        try:
            piece = source.recv(_PIECE)
            if not piece:
                return False
            if line.stalled:
                return True
            line.heard[side] += piece
            if not self._quiet:
                self.transcript.append((side, piece))
            if self._delay and side == "server":
                time.sleep(self._delay)
            chosen, limit = self._cut_in(line, side)
            end = len(line.heard[side]) if limit is None else limit
            sink.sendall(bytes(line.heard[side][line.passed[side] : end]))
            line.passed[side] = max(end, line.passed[side])
        except OSError:
            return False
        return chosen is None or self._end(line, chosen.way)

    def _cut_in(self, line: _Line, side: Side) -> tuple[Cut | None, int | None]:
        for cut, times in self._left.items():
            if times and cut.side == side and (limit := cut.found_in(bytes(line.heard[side]))) is not None:
                self._left[cut] -= 1
                self.cuts += 1
                return cut, limit
        return None, None

    def _end(self, line: _Line, way: Way) -> bool:
        if way == "stall":
            line.stalled = True
            return True
        if way == "rst":
            line.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
