"""Files as they lie in a folder: which there are, and their bytes, if they are all there yet."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ledgergen.findings import Finding, Where, finding

_LARGEST: Final = 64_000_000  # bytes; a ledger has some 20,000
_PASSED_OVER: Final = ("~$", ".~lock", ".")  # locks and hidden files that office programs leave
# What browsers, mail and chat programs call a file until they have the whole of it.
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".tmp")


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """Give every file named, and every file below the folders named, in the order of their paths.

    Left out: the locks that office programs lay beside an open file, and hidden files; a file named outright is taken.
    Of a Maildir the mails are given, and those of the folders in it.
    A folder that may not be read is given itself, so that reading it fails aloud.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for each in sorted(_below(path)):
            if not _is_passed_over(path, each):
                yield each


def _is_passed_over(path: Path, each: Path) -> bool:
    """Tell whether a file is hidden, or in a hidden folder that is no folder of mails (Maildir++)."""
    within = each.relative_to(path)
    hidden = [part for part in (within, *within.parents) if part.name.startswith(_PASSED_OVER)]
    return any(part == within or not (path / part / "cur").is_dir() for part in hidden)


def _below(folder: Path) -> list[Path]:
    unreadable: list[OSError] = []
    found: list[Path] = []
    for above, folders, names in os.walk(folder, onerror=unreadable.append):
        if {"cur", "new"} <= set(folders):  # a Maildir: what is in tmp has not come yet, beside them lie indexes
            folders[:] = [each for each in folders if each != "tmp"]
            continue
        found += [Path(above, name) for name in names]
    return [*found, *(Path(str(fault.filename)) for fault in unreadable)]


def read_file(path: Path) -> bytes | Finding:
    """Read a file whole; or say why it is left alone: ``cannot-read``, ``file-too-large``, ``file-unfinished``.

    Unfinished is one that is named so, or that changes while it is read. One of which only a part has come is damaged,
    and other bytes when it is complete: then it is collected like any new file.
    """
    if path.name.lower().endswith(_UNFINISHED):
        return finding("file-unfinished", Where(path.name))
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > _LARGEST:
                return finding("file-too-large", Where(path.name), size=before.st_size, limit=_LARGEST)
            data = file.read(before.st_size)  # no larger bound: it would be set aside in memory
            after = os.fstat(file.fileno())
    except OSError as fault:
        return finding("cannot-read", Where(path.name), reason=fault.strerror or str(fault))
    changed = len(data) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)
    if changed:
        return finding("file-unfinished", Where(path.name))
    return data
