"""One writer at a time: a lock that the system takes back when its holder dies.

The lock works on one machine and on network shares that pass locks on. It does not cross a synced folder; what two
machines then write is a fork, and the journal says so (safety rules, "Journal and originals").
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ledgergen.errors import Surroundings
from ledgergen.findings import Where
from ledgergen.journal import durable
from ledgergen.journal.places import lock_file

PATIENCE: Final = 1.0  # seconds; whoever writes longer is at work, and the person should know


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Hold the campaign's lock. The lock's file stays behind; only the lock on it counts.

    Raises:
        Surroundings: ``campaign-locked`` after a second, ``cannot-write`` (a read-only folder answers questions only).
    """
    path = lock_file(folder)
    durable.make_folder(path.parent)
    with held(path):
        yield


@contextmanager
def held(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of any file whose folder exists.

    Raises:
        Surroundings: ``campaign-locked``, ``cannot-write``.
    """
    lock = FileLock(path)
    with durable.writing(path):
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise Surroundings("campaign-locked", Where(str(path))) from None
        except NotImplementedError as fault:  # a file system without locks
            raise Surroundings("cannot-write", Where(str(path)), reason=str(fault)) from fault
    try:
        yield
    finally:
        lock.release()
