"""Foreign workbooks, read by a process that may die: the parent's side.

Foreign bytes are parsed only in a child whose memory and time are limited from outside; its death is a finding, and
the next file goes to a fresh one (safety rules). One child serves many files, because starting one costs as much as
reading a hundred. No fork: the child is a program of its own, so this works on Windows as well, though there is no
limit of memory there.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import IO, Final, Self

from ledgergen.catalogue import CATALOGUE
from ledgergen.findings import Finding, Where, finding
from ledgergen.messages import printable
from ledgergen.workbook.grid import LENGTH, MAX_ANSWER, MAX_FILE, PIPE_BUFFER, Workbook

_MAX_FINDINGS: Final = 1_000
_MAX_FACT: Final = 4_000  # characters
_KEPT_WORDS: Final = 8_000  # bytes of what a child wrote to stderr

_log = logging.getLogger(__name__)


class BoundedReader:
    """Read foreign workbooks in a child process, for many files; a context manager. For one thread at a time.

    Args:
        seconds: what one file may take, start of the child included. Measured by the clock; on POSIX the child's
            processor time is limited as well.
        megabytes: what address space the child may take (POSIX; macOS and Windows have no such limit).
        module: the program to run as the child, by its module's name.

    """

    def __init__(self, seconds: float = 20, megabytes: int = 1024, module: str = "ledgergen.workbook.worker") -> None:
        self._seconds, self._megabytes, self._module = seconds, megabytes, module
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def read(self, name: str, data: bytes) -> tuple[Workbook | None, list[Finding]]:
        """Read one file; None and a finding where it cannot be read. ``name`` is only what findings call it.

        No file makes this raise: a child that dies, hangs, runs out of memory or talks nonsense is a finding.

        Raises:
            OSError: a child cannot be started at all.
        """
        if len(data) > MAX_FILE:
            return None, [finding("file-too-large", Where(name), size=len(data), limit=MAX_FILE)]
        child = self._ready()
        try:
            answer = child.ask(name, data, self._seconds)
        except BaseException:  # Ctrl-C among them: what the child would answer now is nobody's
            self.close()
            raise
        if answer is None:
            self.close()
            if child.timed_out:
                return None, [finding("reader-timeout", Where(name), seconds=round(self._seconds))]
            return None, [finding("reader-died", Where(name))]
        try:
            workbook, findings = _believed(name, *answer)
        except (ValueError, TypeError, KeyError, RecursionError):
            _log.warning("the reader's answer on %s is not in order", name)
            workbook, findings = None, [finding("reader-failed", Where(name), error="answer")]
        if any(found.code.startswith("reader-") for found in findings):
            self.close()
        return workbook, findings

    def close(self) -> None:
        """End the child; the next file would get a fresh one."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ready(self) -> "_Child":
        if self._child is not None and not self._child.is_alive():
            self.close()
        if self._child is None:
            self._child = _Child(self._module, self._megabytes, self._seconds)
        return self._child


class _Child:
    """One child process, with the clock that kills it and the thread that listens to its complaints."""

    def __init__(self, module: str, megabytes: int, seconds: float) -> None:
        # -P: the folder one stands in holds foreign files, and must not be searched for modules.
        command = [sys.executable, "-P", "-m", module, str(megabytes), str(int(seconds) + 1)]
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter, no shell
            command,
            bufsize=PIPE_BUFFER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.timed_out = False
        self._deadline: float | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._words = b""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def is_alive(self) -> bool:
        """Tell whether the child can be asked; one killed by the clock cannot."""
        return self._process.poll() is None and not self.timed_out

    def ask(self, name: str, data: bytes, seconds: float) -> tuple[bytes, bytes] | None:
        """Send a file and wait for the answer; None where the child died of it or was killed by the clock."""
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise AssertionError("both are pipes")
        called = name.encode("utf-8", "replace")
        self._wind(seconds)
        try:
            asked.write(LENGTH.pack(len(called)) + called + LENGTH.pack(len(data)))
            asked.write(data)
            asked.flush()
            stored = _received(answers)
            cells = _received(answers) if stored else None
        except OSError:
            return None
        finally:
            self._unwind()
        return (stored, cells) if stored and cells is not None else None

    def end(self) -> None:
        """Kill the child, wait for its end, and put into the log what it complained of."""
        self._unwind()
        if self._timer is not None:
            self._timer.cancel()
        self._process.kill()
        self._process.wait()
        self._listener.join(1)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):  # what could not be sent is not sent on closing either
                    pipe.close()
        if self._words:
            _log.warning("the reader said: %s", printable(self._words.decode("utf-8", "backslashreplace")))

    def _wind(self, seconds: float) -> None:
        """Set the clock. The timer's thread outlives the file: starting one costs a tenth of what reading does."""
        with self._lock:
            self._deadline = time.monotonic() + seconds
            if self._timer is None:
                self._start_timer(seconds)

    def _unwind(self) -> None:
        with self._lock:
            self._deadline = None

    def _start_timer(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._timer.start()

    def _strike(self) -> None:
        """Kill the child where the time of the file at hand is over; else wait for the rest of it."""
        with self._lock:
            self._timer = None
            if self._deadline is None:
                return
            rest = self._deadline - time.monotonic()
            if rest > 0:
                self._start_timer(rest)
                return
            self.timed_out = True
            self._process.kill()

    def _listen(self) -> None:
        """Take whatever the child writes to stderr, so that it never blocks, and keep the end of it."""
        stream = self._process.stderr
        while stream is not None and (words := os.read(stream.fileno(), _KEPT_WORDS)):
            self._words = (self._words + words)[-_KEPT_WORDS:]


def _received(source: IO[bytes]) -> bytes | None:
    """Receive one frame; None where the stream ends, or where the frame would be too long."""
    head = source.read(LENGTH.size)
    length = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else MAX_ANSWER + 1
    body = source.read(length) if length <= MAX_ANSWER else b""
    return body if len(body) == length else None


def _believed(name: str, answer: bytes, cells: bytes) -> tuple[Workbook | None, list[Finding]]:
    """Check an answer: it comes from a process that has handled foreign bytes."""
    stored = json.loads(answer.decode("utf-8", "surrogatepass"))
    if type(stored) is not list or len(stored) != 2 or type(stored[1]) is not list:  # noqa: PLR2004 - a pair
        raise TypeError("a pair of workbook and findings is due")
    if len(stored[1]) > _MAX_FINDINGS:
        raise ValueError("too many findings")
    if type(stored[0]) is dict:
        stored[0].setdefault("cells", cells.decode("utf-8", "surrogatepass"))
    workbook = None if stored[0] is None else Workbook.from_json(stored[0])
    findings = [_finding(name, item) for item in stored[1]]
    if workbook is None and not findings:
        raise ValueError("neither a workbook nor a reason")
    return workbook, findings


def _finding(name: str, stored: object) -> Finding:
    if not isinstance(stored, Mapping):
        raise TypeError("a finding is due")
    found = Finding.from_json(stored)
    texts = [found.where.sheet, found.where.cell, *(fact for fact in found.facts.values() if type(fact) is not int)]
    if found.code not in CATALOGUE or not all(type(text) is str and len(text) <= _MAX_FACT for text in texts):
        raise ValueError("no finding of the catalogue")
    return replace(found, where=Where(name, sheet=found.where.sheet, cell=found.where.cell))
