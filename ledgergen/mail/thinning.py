"""Thin a large mail: its large parts are written to files of their own, and short stand-ins take their place.

A parser that is given 57 MB takes 480 MB. What makes a mail large is base64, and base64 is known by its lines: a long
run of them is decoded as it is read, and one line that no sender can guess stands for it in what is parsed.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

_LINE: Final = re.compile(rb"[A-Za-z0-9+/]{40,998}={0,2}\r?\n?")
_LAST: Final = re.compile(rb"[A-Za-z0-9+/]{1,998}={0,2}\r?\n?")
_FROM: Final = 256_000  # bytes of base64 from which a run is taken out
_LARGEST_REST: Final = 64_000_000
_MOST: Final = 1_000


class Thinned(NamedTuple):
    """A mail without its large parts: what is parsed, the stand-ins as they decode, and the files with the parts."""

    data: bytes
    stand_ins: tuple[str, ...]
    files: tuple[Path, ...]


class TooLarge(Exception):  # noqa: N818 - the mail is; nothing is in error here
    """Even without its large parts it is more than is parsed."""


def thin(lines: Iterable[bytes], folder: Path) -> Thinned:
    """Thin a mail that is read line by line; the parts go into ``folder``, under numbers.

    Raises:
        TooLarge: more than 64 MB are left. OSError: the folder cannot be written to.
    """
    work = _Work(folder)
    for line in lines:
        work.take(line)
    return work.done()


class _Work:
    def __init__(self, folder: Path) -> None:
        self._folder, self._nonce = folder, secrets.token_hex(16)
        self._kept: list[bytes] = []
        self._size = 0
        self._run: list[bytes] = []
        self._run_size = 0
        self._file: BinaryIO | None = None
        self._rest = b""
        self._names: list[str] = []
        self._files: list[Path] = []

    def take(self, line: bytes) -> None:
        if self._file is not None and _LAST.fullmatch(line):
            self._decode(line)
        elif _LINE.fullmatch(line) and len(self._files) < _MOST:
            self._run.append(line)
            self._run_size += len(line)
            if self._run_size >= _FROM:
                self._spool()
        else:
            self._end()
            self._keep(line)

    def done(self) -> Thinned:
        self._end()
        return Thinned(b"".join(self._kept), tuple(self._names), tuple(self._files))

    def _keep(self, line: bytes) -> None:
        self._size += len(line)
        if self._size > _LARGEST_REST:
            raise TooLarge
        self._kept.append(line)

    def _spool(self) -> None:
        """Begin a file with the lines so far."""
        path = self._folder / f"{self._nonce}-{len(self._files)}"
        self._file = path.open("xb")
        self._files.append(path)
        self._names.append(f"{self._nonce}-{len(self._names)}")
        for line in self._run:
            self._decode(line)
        self._run, self._run_size = [], 0

    def _decode(self, line: bytes) -> None:
        if self._file is None:
            raise AssertionError("it was opened")
        written = self._rest + line.rstrip(b"\r\n")
        whole = len(written) // 4 * 4
        self._rest = written[whole:]
        try:
            self._file.write(binascii.a2b_base64(written[:whole]))
        except binascii.Error:
            self._rest = b""

    def _end(self) -> None:
        """Put the stand-in where the run was; a short run stays as it is."""
        if self._file is not None:
            if len(self._rest) > 1:
                self._file.write(binascii.a2b_base64(self._rest + b"=" * (-len(self._rest) % 4)))
            self._file.close()
            self._file, self._rest = None, b""
            self._keep(base64.b64encode(self._names[-1].encode()) + b"\n")
        for line in self._run:
            self._keep(line)
        self._run, self._run_size = [], 0
