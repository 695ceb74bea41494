"""Foreign workbooks, read by a process that may die: the parent's side.

Foreign bytes are parsed only in a child whose memory and time are limited from outside; its death is a finding, and
the next file goes to a fresh one (safety rules). One child serves many files, because starting one costs as much as
reading a hundred. No fork: the child is a program of its own, so this works on Windows as well, though there is no
limit of memory there.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import IO, Final, Self

from ledgergen import canonical
from ledgergen.catalogue import CATALOGUE
from ledgergen.findings import Finding, Where, finding
from ledgergen.messages import printable
from ledgergen.workbook.grid import BESIDE, LENGTH, MAX_ANSWER, MAX_FILE, MAX_MEMBERS, PIPE_BUFFER, Workbook
from ledgergen.workbook.inspect import is_foreign
from ledgergen.workbook.reading import Reading

PASSWORDS: Final = "LEDGERGEN_PASSWORDS"  # a variable that no other program needs to see
_NOT_FOR_CHILDREN: Final = frozenset({PASSWORDS, "LEDGERGEN_SECRETS"})
_ARCHIVE: Final = 6  # times as long as for one file
_LONGEST_LABEL: Final = 1_000
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
        passwords: what to try where a file is encrypted; the child is told through its pipe.

    """

    def __init__(
        self,
        seconds: float = 20,
        megabytes: int = 1024,
        module: str = "ledgergen.workbook.worker",
        passwords: Sequence[str] = (),
    ) -> None:
        self._seconds, self._megabytes, self._module = seconds, megabytes, module
        self._passwords, self._asked = passwords, _wish(passwords, 0)
        self._child: Child | None = None

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
            answer = child.ask(name, b"", data, self._seconds)
        except BaseException:  # Ctrl-C among them: what the child would answer now is nobody's
            self.close()
            raise
        if answer is None:
            return None, [self._ended(child, name)]
        label, workbook, findings = _read_answer(name, answer)
        if label or (workbook is None and not findings):
            workbook, findings = None, [_nonsense(name)]
        if any(found.code.startswith("reader-") for found in findings):
            self.close()
        return workbook, findings

    def read_all(self, name: str, data: bytes) -> Generator[Reading]:
        """Read one file, or every file of an archive, and what is encrypted with the passwords that were given.

        A plain file is one reading. Of an archive each member is one, named by its label; a last one without a label
        has what is to be said of the archive itself. A member that the child dies of costs that member only. Close the
        iterator where it is not read to its end.

        Raises:
            OSError: a child cannot be started at all.
        """
        if len(data) > MAX_FILE:
            yield Reading("", None, [finding("file-too-large", Where(name), size=len(data), limit=MAX_FILE)])
            return
        if kind := is_foreign(data):
            yield Reading("", None, [finding("file-not-a-workbook", Where(name), kind=kind)])
            return
        until, done = time.monotonic() + self._seconds * _ARCHIVE, 0
        whole = False
        try:
            while not whole:
                for reading in self._series(name, data, done, until):
                    done, whole = done + 1, not reading.member
                    yield reading
                    if whole:
                        break
        finally:
            if not whole:  # what the child would answer now is nobody's
                self.close()

    def read_together(self, files: Sequence[tuple[str, bytes]]) -> Iterator[Reading | None]:
        """Read plain files that are small together in one asking, each with its name.

        None for one that is none, or whose answer is long: :meth:`read_all` tells more of it, and may be asked before
        the next one is. All answers are there before the first is given, but only as the child spelled them.

        Raises:
            OSError: a child cannot be started at all.
        """
        left = list(files)
        while left:
            child = self._ready()
            answers = self._answers_together(child, left)
            died = [self._ended(child, name) for name, _ in left[len(answers) : len(answers) + 1]]
            for (name, _), answer in zip(left, answers, strict=False):
                label, workbook, _ = _read_answer(name, answer)
                yield None if label or workbook is None else Reading("", workbook, [])
            yield from (Reading("", None, [said]) for said in died)
            del left[: len(answers) + len(died)]

    def _answers_together(self, child: "Child", files: Sequence[tuple[str, bytes]]) -> list[tuple[bytes, bytes]]:
        """Give the answers on files, fewer where the child died of the next one."""
        answers: list[tuple[bytes, bytes]] = []
        wish = canonical.dumps({"names": [name for name, _ in files], "lengths": [len(data) for _, data in files]})
        try:
            answer = child.ask("", wish, b"".join(data for _, data in files), self._seconds)
            while answer is not None:
                answers.append(answer)
                answer = child.answer(self._seconds) if len(answers) < len(files) else None
        except BaseException:  # Ctrl-C among them: what the child would answer now is nobody's
            self.close()
            raise
        return answers

    def _series(self, name: str, data: bytes, skip: int, until: float) -> Iterator[Reading]:
        """Give the readings of one child from member ``skip`` on, the last of them what it died of if it did."""
        child, label = self._ready(), ""
        answer = child.ask(name, self._asked if skip == 0 else _wish(self._passwords, skip), data, self._seconds)
        for _ in range(2 * MAX_MEMBERS + 2):
            called = f"{name}{BESIDE}{label}" if label else name
            if answer is None:
                yield Reading(label, None, [self._ended(child, called)])
                return
            said, workbook, findings = _read_answer(name, answer)
            if said and not workbook and not findings:
                label = said
            else:
                label = ""
                if not said and any(found.code.startswith("reader-") for found in findings):
                    self.close()
                yield Reading(said, workbook, findings)
                if not said:
                    return
            if time.monotonic() > until:
                self.close()
                seconds = round(self._seconds * _ARCHIVE)
                yield Reading("", None, [finding("archive-timeout", Where(name), seconds=seconds)])
                return
            answer = child.answer(self._seconds)
        yield Reading("", None, [_nonsense(name)])

    def _ended(self, child: "Child", called: str) -> Finding:
        """Put a child away that gave no answer, and say so."""
        self.close()
        if child.timed_out:
            return finding("reader-timeout", Where(called), seconds=round(self._seconds))
        return finding("reader-died", Where(called))

    def close(self) -> None:
        """End the child; the next file would get a fresh one."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ready(self) -> "Child":
        if self._child is not None and not self._child.is_alive():
            self.close()
        if self._child is None:
            self._child = Child(self._module, self._megabytes, self._seconds)
        return self._child


class Child:
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
            env={name: value for name, value in os.environ.items() if name not in _NOT_FOR_CHILDREN},
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

    def ask(self, name: str, asked: bytes, data: bytes, seconds: float) -> tuple[bytes, bytes] | None:
        """Send a file and wait for the answer; None where the child died of it or was killed by the clock."""
        if (pipe := self._process.stdin) is None:
            raise AssertionError("it is a pipe")
        called = name.encode("utf-8", "replace")
        self._wind(seconds)
        try:
            pipe.write(LENGTH.pack(len(called)) + called + LENGTH.pack(len(asked)) + asked + LENGTH.pack(len(data)))
            pipe.write(data)
            pipe.flush()
        except OSError:
            self._unwind()
            return None
        return self.answer(seconds)

    def answer(self, seconds: float) -> tuple[bytes, bytes] | None:
        """Wait for an answer; of an archive there are several."""
        if (pipe := self._process.stdout) is None:
            raise AssertionError("it is a pipe")
        self._wind(seconds)
        try:
            stored = _received(pipe)
            cells = _received(pipe) if stored else None
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


def _wish(passwords: Sequence[str], skip: int) -> bytes:
    """Say how a file is to be read that may be an archive or encrypted (:mod:`ledgergen.workbook.worker`)."""
    return canonical.dumps({"passwords": list(passwords), "skip": skip})


def _read_answer(name: str, answer: tuple[bytes, bytes]) -> tuple[str, Workbook | None, list[Finding]]:
    """Give the label of an answer, empty where it is about the whole file, and what it says."""
    try:
        return _believed(name, *answer)
    except (ValueError, TypeError, KeyError, RecursionError):
        _log.warning("the reader's answer on %s is not in order", name)
        return "", None, [_nonsense(name)]


def _nonsense(name: str) -> Finding:
    return finding("reader-failed", Where(name), error="answer")


def _believed(name: str, answer: bytes, cells: bytes) -> tuple[str, Workbook | None, list[Finding]]:
    """Check an answer: it comes from a process that has handled foreign bytes."""
    stored = canonical.loads(answer)
    if type(stored) is not list or len(stored) not in (2, 3) or type(stored[1]) is not list:
        raise TypeError("a pair of workbook and findings is due")
    label = stored[2] if len(stored) > 2 else ""  # noqa: PLR2004 - about a member
    if type(label) is not str or len(label) > _LONGEST_LABEL or printable(label) != label:
        raise ValueError("no label")
    if len(stored[1]) > _MAX_FINDINGS:
        raise ValueError("too many findings")
    if type(stored[0]) is dict:
        stored[0].setdefault("cells", cells.decode("utf-8", "surrogatepass"))
    workbook = None if stored[0] is None else Workbook.from_json(stored[0])
    called = f"{name}{BESIDE}{label}" if label else name
    return label, workbook, [_finding(called, item) for item in stored[1]]


def _finding(name: str, stored: object) -> Finding:
    if not isinstance(stored, Mapping):
        raise TypeError("a finding is due")
    found = Finding.from_json(stored)
    texts = [found.where.sheet, found.where.cell, *(fact for fact in found.facts.values() if type(fact) is not int)]
    if found.code not in CATALOGUE or not all(type(text) is str and len(text) <= _MAX_FACT for text in texts):
        raise ValueError("no finding of the catalogue")
    return replace(found, where=Where(name, sheet=found.where.sheet, cell=found.where.cell))
