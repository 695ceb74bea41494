"""The one door through which bytes reach the disk for good: wholly there or not there at all, after any crash.

Every write goes the same way: a temporary name in the same folder, write, fsync, read back and compare, then the real
name, then fsync of the folder. Each step has its reason:

- fsync before the name: a file system may store a name before the bytes that it names;
- reading back: a full disk may store half a write *without an exception* (safety rules, "Journal and originals");
- fsync of the folder: without it the name itself may be gone after a power cut.

Every ``OSError`` leaves this module as :class:`~ledgergen.errors.Surroundings`, with the path and the system's reason.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ledgergen.errors import Surroundings
from ledgergen.findings import Where

# Only names of exactly this shape are ever swept: the folders of reports and ledgers hold a person's files as well.
_TEMPORARY: Final = re.compile(r"\.tmp-[0-9a-f]{16}")

_PIECE: Final = 4_000_000  # bytes that are compared at once

# What file systems without hard links answer (FAT and exFAT EPERM, network shares EOPNOTSUPP or EACCES).
_NO_LINKS: Final = frozenset({
    errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK,
})  # fmt: skip

# What network and FUSE file systems answer that know no fsync of a folder; PostgreSQL's fsync_fname passes over the
# same. Any other error means that the name may be lost, and is reported.
_NO_FOLDER_SYNC: Final = frozenset({errno.EINVAL, errno.EBADF, errno.EOPNOTSUPP, errno.ENOTSUP})


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside the block into ``Surroundings("cannot-write")`` about ``path``."""
    try:
        yield
    except OSError as fault:
        raise Surroundings("cannot-write", Where(str(path)), reason=_reason(fault)) from fault


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside the block into ``Surroundings("cannot-read")`` about ``path``."""
    try:
        yield
    except OSError as fault:
        raise Surroundings("cannot-read", Where(str(path)), reason=_reason(fault)) from fault


def write_once(path: Path, data: bytes) -> None:
    """Write a new file for good, or leave no trace of it; one that exists already is never overwritten.

    Raises:
        Surroundings: ``cannot-write`` (also when the name is taken), ``write-not-kept``.
    """
    with writing(path):
        temporary = _write_temporary(path, data)
        try:
            _place_new(temporary, path)
        finally:
            _discard(temporary)  # with a hard link it is only the second name
        try:
            _sync_folder(path.parent)
        except BaseException:
            # Nobody was told of this file yet, and a failure must mean that nothing happened: an event that stayed
            # behind would be repeated by the next try.
            _discard(path)
            raise


def replace_whole(path: Path, data: bytes) -> None:
    """Write a file that a person sees: at any moment it is wholly old or wholly new (safety rules, invariant 4).

    Raises:
        Surroundings: ``cannot-write``, ``write-not-kept``; the file is then what it was, or already wholly new.
    """
    make_folder(path.parent)
    replace_unsynced(path, data)
    sync_folder(path.parent)


def replace_unsynced(path: Path, data: bytes) -> None:
    """Do as :func:`replace_whole`, but leave :func:`sync_folder` to the caller: once per folder, not once per file.

    Raises:
        Surroundings: ``cannot-write``, ``write-not-kept``.
    """
    with writing(path):
        temporary = _write_temporary(path, data)
        try:
            os.replace(temporary, path)  # noqa: PTH105 - the doors to the system stand side by side
        except BaseException:
            _discard(temporary)
            raise


def copy_unsynced(path: Path, source: Path) -> None:
    """Do as :func:`replace_unsynced` with the bytes of a file that is too large to be held.

    Raises:
        Surroundings: ``cannot-write``, ``write-not-kept``.
    """
    with writing(path):
        temporary = _write_temporary(path, source)
        try:
            os.replace(temporary, path)  # noqa: PTH105 - as above
        except BaseException:
            _discard(temporary)
            raise


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, each for good.

    Raises:
        Surroundings: ``cannot-write``.
    """
    with writing(folder):
        missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
        for each in reversed(missing):
            each.mkdir(exist_ok=True)
            _sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last.

    Raises:
        Surroundings: ``cannot-write``.
    """
    with writing(folder):
        _sync_folder(folder)


def sweep(folder: Path) -> set[str]:
    """Remove what writers that died left behind, and give the names of the rest; called under the campaign's lock.

    A writer on another machine of a synced folder, whom the lock does not stop, at worst loses its temporary file,
    reports ``cannot-write`` and succeeds when it tries again. What cannot be removed is in nobody's way.
    """
    try:
        names = set(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return set()
    left = {name for name in names if name.startswith(".") and _TEMPORARY.fullmatch(name)}
    for name in left:
        _discard(folder / name)
    return names - left


def _write_temporary(path: Path, data: bytes | Path) -> Path:
    temporary = path.parent / f".tmp-{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        _fill(descriptor, data)
        _compare(temporary, data, path)
    except BaseException:
        _discard(temporary)
        raise
    return temporary


def _fill(descriptor: int, data: bytes | Path) -> None:
    try:
        for piece in _pieces(data):
            _write_all(descriptor, piece)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)  # its failure counts: a network share may report a full disk only here


def _compare(temporary: Path, data: bytes | Path, path: Path) -> None:
    """Read back what was written, without holding a large file twice."""
    descriptor = os.open(temporary, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        same = all(_read_all(descriptor, len(piece)) == piece for piece in _pieces(data)) and not os.read(descriptor, 1)
    finally:
        os.close(descriptor)
    if not same:
        raise Surroundings("write-not-kept", Where(str(path)))


def _read_all(descriptor: int, size: int) -> bytes:
    """Read so many bytes, fewer where the file ends; one call seldom gives less than it was asked for."""
    data = os.read(descriptor, size)
    while len(data) < size and (more := os.read(descriptor, size - len(data))):
        data += more
    return data


def _pieces(data: bytes | Path) -> Iterator[memoryview]:
    if isinstance(data, bytes):
        whole = memoryview(data)
        yield from (whole[start : start + _PIECE] for start in range(0, len(data), _PIECE))
        return
    with data.open("rb") as file:
        while piece := file.read(_PIECE):
            yield memoryview(piece)


def _write_all(descriptor: int, rest: memoryview) -> None:
    while rest:
        written = os.write(descriptor, rest)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rest = rest[written:]


def _place_new(temporary: Path, path: Path) -> None:
    """Give the file its name unless the name is taken; a hard link is the portable way to ask both in one step."""
    try:
        os.link(temporary, path)
    except OSError as fault:
        if fault.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.rename(temporary, path)  # noqa: PTH104 - on Windows it refuses to overwrite by itself


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows opens no folders; NTFS logs its names by itself
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as fault:
        if fault.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _reason(fault: OSError) -> str:
    return fault.strerror or str(fault)
