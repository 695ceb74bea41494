"""Run ledgergen's commands in processes that stop before their first step, so that strace can join them.

A program of its own: ``crash_subject.py``. It imports ledgergen once and then forks a process for each command, which
saves a second for each of a thousand faults, and leaves of a command's system calls only its own: none of Python's
start, none of an import. A request is a line of JSON (:class:`Request`); the answers are two lines, the process's id
as soon as it has stopped, and its exit code (minus the signal, where one killed it).
"""

import atexit
import ctypes
import importlib
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, Self

_PR_SET_PTRACER: Final = 0x59616D61
_ANYBODY: Final = ctypes.c_ulong(-1)


@dataclass(frozen=True, slots=True)
class Request:
    """One command to run: its arguments, where its output goes, a fault to seed, and whether it waits for strace."""

    arguments: list[str]
    out: str
    err: str
    seed: str = ""
    waits: bool = False
    learned: str = ""  # the file in which the process says which modules it has imported

    def line(self) -> str:
        """Give the request as it is sent."""
        return json.dumps(asdict(self)) + "\n"


class Pinned(datetime):
    """A clock that stands, so that a command run again can be held to the very bytes of an undisturbed run."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Tell the one time there is."""
        return cls(2022, 7, 1, 4, tzinfo=UTC).astimezone(tz)


def serve() -> None:
    """Answer requests until there are no more."""
    from ledgergen.cli import root

    vars(root)["datetime"] = Pinned
    for line in sys.stdin:
        request = Request(**json.loads(line))
        child = os.fork()
        if not child:
            become(request)
        if request.waits:
            os.waitpid(child, os.WUNTRACED)
        print(child, flush=True)  # noqa: T201 - the answer
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if request.learned:
            learn(Path(request.learned).read_text(encoding="utf-8").split())
        print(status, flush=True)  # noqa: T201


def become(request: Request) -> None:
    """Become the command; never returns."""
    from ledgergen.__main__ import main

    for descriptor, path in enumerate((os.devnull, request.out, request.err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        os.dup2(opened, descriptor)
        os.close(opened)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
    sys.argv = ["ledgergen", *request.arguments]
    if request.learned:
        atexit.register(lambda: Path(request.learned).write_text("\n".join(sys.modules), encoding="utf-8"))
    if request.seed:
        from crash_seeds import SEEDS

        SEEDS[request.seed]()
    if request.waits:
        # Where only a parent may trace (Ubuntu's default), strace is no parent; it is refused nowhere else.
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANYBODY, 0, 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
    main()


def learn(names: list[str]) -> None:
    """Import what a command had to import, so that the next process need not."""
    for name in names:
        with suppress(ImportError):
            importlib.import_module(name)


if __name__ == "__main__":
    serve()
