"""Drive the subject: run a command, watch its system calls, or inject a fault into one of them."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from crash_subject import Request

_PROGRAM: Final = Path(__file__).with_name("crash_subject.py")
_PATIENCE: Final = 60.0  # seconds; a command on the small campaign takes one

_CALL: Final = re.compile(r"(?:\d+ +)?([a-z_0-9]+)\(.*")
_RANDOM: Final = re.compile(r"(?<=/)(?:\.tmp-[0-9a-f]{16}|ledgergen-\w{8}|tmp\w{8}|(?<=^/tmp/)[a-z0-9_]{8})(?=/|$)")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call of a command: its name, the how manieth of that name it was, and strace's line."""

    name: str
    number: int
    line: str

    def places(self, root: Path) -> tuple[str, ...]:
        """Name the paths below a folder that the call touches, each once; the names of temporary files are blanked."""
        found = re.findall(f'{re.escape(str(root))}((?:/[^">]*)?)[">]', self.line)
        return tuple(dict.fromkeys(_RANDOM.sub("*", each) or "/" for each in found))

    @property
    def result(self) -> str:
        """Give what the call returned."""
        return self.line.rpartition(" = ")[2]

    @property
    def changes(self) -> bool:
        """Tell whether the call is one of those that bring something to the disk."""
        return self.name in CHANGING or (self.name == "openat" and "O_CREAT" in self.line)


CHANGING: Final = frozenset({
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink",
    "unlinkat", "mkdir", "mkdirat", "rmdir", "ftruncate", "truncate", "fallocate",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended (minus the signal that killed it), and what it wrote."""

    code: int
    out: str
    err: str


class Subject:
    """The running ``crash_subject.py``; a context manager.

    Everything that a command has to do with lies in ``place``: the ``campaign``, and ``tmp``, ``out`` and ``err``.
    """

    def __init__(self, folder: Path) -> None:
        # A measuring of coverage, which pytest-cov starts in every Python, would write files of its own.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        self._folder = folder
        self.place = folder / "place"
        self.campaign = self.place / "campaign"
        self.temporary = self.place / "tmp"
        self.temporary.mkdir(parents=True)
        self._process = subprocess.Popen(
            [sys.executable, _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,  # not in a campaign: strace shows the folder beside every path
            env={
                **kept,
                "LEDGERGEN_CACHE": str(folder / "cache"),
                "LEDGERGEN_LANG": "en",
                "PYTHONHASHSEED": "0",
                "TMPDIR": str(self.temporary),
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.wait(_PATIENCE)
            self._process.stdout.close()

    def set_up(self, start: Path) -> None:
        """Lay a fresh copy of a campaign in its place."""
        self.clear()
        shutil.copytree(start, self.campaign)

    def clear(self) -> None:
        """Take the campaign away, and what a killed command has left in the temporary folder."""
        for folder in (self.campaign, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
        self.temporary.mkdir()

    def run(self, arguments: Sequence[str], at: Path | None = None, *, seed: str = "", learns: bool = False) -> Ran:
        """Run a command on the campaign in ``at``."""
        learned = str(self._folder / "learned") if learns else ""
        self._ask(arguments, at, seed=seed, learned=learned)
        return self._ended()

    def traced(self, arguments: Sequence[str], *, options: Sequence[str], seed: str = "") -> tuple[Ran, list[str]]:
        """Run a command under strace with options; give how it ended, and strace's lines."""
        process = self._ask(arguments, seed=seed, waits=True)
        log = self._folder / "strace.log"
        tracer = subprocess.Popen(
            ["strace", "-p", str(process), "-y", "-o", log, *options], stderr=subprocess.PIPE, text=True
        )
        said = tracer.stderr.readline() if tracer.stderr else ""
        os.kill(process, signal.SIGCONT)
        try:
            _, more = tracer.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            os.kill(process, signal.SIGKILL)
            tracer.communicate()
            raise
        ran = self._ended()
        if "attached" not in said:
            raise PermissionError(said + more)
        return ran, log.read_text(encoding="ascii").splitlines()

    def _ask(
        self,
        arguments: Sequence[str],
        at: Path | None = None,
        *,
        seed: str = "",
        waits: bool = False,
        learned: str = "",
    ) -> int:
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("both are pipes")
        for path in self._written():
            path.write_bytes(b"")
        out, err = map(str, self._written())
        request = Request(["-C", str(at or self.campaign), *arguments], out, err, seed, waits, learned)
        self._process.stdin.write(request.line())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def _ended(self) -> Ran:
        if self._process.stdout is None:
            raise AssertionError("it is a pipe")
        code = int(self._process.stdout.readline())
        out, err = (path.read_text(encoding="utf-8") for path in self._written())
        return Ran(code, out, err)

    def _written(self) -> tuple[Path, Path]:
        return self.place / "out", self.place / "err"


def calls(lines: Sequence[str]) -> Iterator[Call]:
    """Read strace's lines, numbering the calls of each name."""
    counts: Counter[str] = Counter()
    for line in lines:
        if found := _CALL.match(line):
            counts[found[1]] += 1
            yield Call(found[1], counts[found[1]], line)
