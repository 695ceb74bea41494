"""A server that says what a test wrote down: the words of providers that no test can reach."""

import re
import socket
import threading
from collections.abc import Sequence
from typing import BinaryIO, Self, cast


class ScriptedServer:
    r"""A port on the loopback that answers lines by rules: the first pattern that fits gives the reply.

    In a reply ``\1`` … are the pattern's groups; an empty reply says nothing, ``None`` closes the line. ``heard`` are
    the lines of all clients.
    """

    def __init__(self, greeting: str, rules: Sequence[tuple[str, str | None]]) -> None:
        self._greeting = greeting
        self._rules = [(re.compile(pattern, re.IGNORECASE), reply) for pattern, reply in rules]
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._closing = False
        self.port: int = self._listening.getsockname()[1]
        self.heard: list[str] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        self._listening.settimeout(0.1)
        while not self._closing:
            try:
                line, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                binary = cast("BinaryIO", talk)
                self._say(binary, self._greeting)
                self._answer(line, binary)

    def _answer(self, line: socket.socket, talk: BinaryIO) -> None:
        line.settimeout(5)
        try:
            for said in talk:
                text = said.decode("utf-8", "replace").rstrip("\r\n")
                self.heard.append(text)
                for pattern, reply in self._rules:
                    if found := pattern.fullmatch(text):
                        if reply is None:
                            return
                        self._say(talk, found.expand(reply))
                        break
        except OSError:
            return

    def _say(self, talk: BinaryIO, text: str) -> None:
        if text:
            talk.write("".join(f"{line}\r\n" for line in text.split("\n")).encode())
            talk.flush()


CAPABLE = (r"(\w+) CAPABILITY", "* CAPABILITY IMAP4rev1\n\\1 OK done")
LET_IN = (r"(\w+) LOGIN .*", r"\1 OK welcome")
GOODBYE = (r"(\w+) LOGOUT", "* BYE\n\\1 OK bye")
