"""A writer that dies at each of its system calls in turn: ``dying_writer.py FOLDER``, on POSIX.

In ``FOLDER/1``, ``FOLDER/2`` … stands what was on the disk when the 1st, 2nd … call was about to be made. ``os._exit``
runs no clean-up, as a kill would not; it is exact, where a kill at a random time hits an interesting call rarely.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals

NAMES = ("open", "write", "fsync", "close", "link", "rename", "replace", "mkdir", "unlink")
AT = datetime(2022, 7, 1, tzinfo=UTC)
DIED = 9


def collect(folder: Path, number: int) -> None:
    """Keep an original and write the event that names it, as every step of the campaign does."""
    (sha256,) = Originals(folder).keep_all([f"return {number}".encode() * 1000])
    Journal(folder).append("collected", {"parcels": [{"sha256": sha256}]}, at=AT, who="")


def die_at(fatal: int) -> None:
    """Let the process end just before its call number ``fatal``."""
    count = 0

    def wrapped(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count == fatal:
                os._exit(DIED)
            return real(*args, **kwargs)

        return call

    for name in NAMES:
        setattr(os, name, wrapped(getattr(os, name)))


def main(base: Path) -> None:
    """Let one child after another die, until one comes through."""
    status, number = DIED, 0
    while status == DIED:
        number += 1
        folder = base / str(number)
        folder.mkdir(parents=True)
        collect(folder, 1)
        child = os.fork()
        if not child:
            die_at(number)
            collect(folder, 2)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
