"""What must hold of a campaign's folder after any fault; told by looking at the bytes, without ledgergen's own code."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

Tree: TypeAlias = Mapping[str, bytes]  # path → bytes

JOURNAL: Final = ".ledgergen/journal/"
_ORIGINALS: Final = ".ledgergen/originals/"
UNTOLD: Final = (".ledgergen/lock", ".ledgergen/ledgergen.log")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_TEMPORARY: Final = re.compile(r"(?:.*/)?\.tmp-[0-9a-f]{16}")


def read_tree(folder: Path) -> dict[str, bytes]:
    """Read every file of a campaign but the lock and the log."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in found.items() if name not in UNTOLD}


def temporaries(tree: Tree) -> list[str]:
    """Name the temporary files."""
    return [name for name in tree if _TEMPORARY.fullmatch(name)]


def lasting(tree: Tree) -> dict[str, bytes]:
    """Leave the temporary files out."""
    return {name: data for name, data in tree.items() if not _TEMPORARY.fullmatch(name)}


def harm(before: Tree, after: Tree, final: Tree) -> Iterator[str]:
    """Say what a fault has spoilt; ``final`` is what an undisturbed run would have left."""
    yield from unsound(after)
    yield from altered(before, after)
    yield from half_written(before, after, final)


def unsound(tree: Tree) -> Iterator[str]:
    """Say where the journal is not whole, or names an original that is not there with its bytes (invariant 1)."""
    events = {name: data for name, data in lasting(tree).items() if name.startswith(JOURNAL)}
    originals = {name.rpartition("/")[2]: data for name, data in tree.items() if name.startswith(_ORIGINALS)}
    known = {hashlib.sha256(data).hexdigest() for data in events.values()}
    for name, data in events.items():
        if hashlib.sha256(data).hexdigest()[:16] not in name:
            yield f"unsound: {name} is no whole event"
            continue
        stored = json.loads(data)
        if any(parent not in known for parent in stored["parents"]):
            yield f"unsound: {name} has no parent"
        for named in hashes_in(stored["facts"]):
            if named not in known and hashlib.sha256(originals.get(named, b"")).hexdigest() != named:
                yield f"unsound: {name} names {named[:16]}, which is no original"


def hashes_in(facts: object) -> Iterator[str]:
    """Name every sha256 in an event's facts, wherever it stands; a ``cancel`` names events."""
    if isinstance(facts, dict):
        for value in facts.values():
            yield from hashes_in(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from hashes_in(value)
    elif isinstance(facts, str) and _HASH.fullmatch(facts):
        yield facts


def altered(before: Tree, after: Tree) -> Iterator[str]:
    """Say which events and originals that were there are so no longer (invariant 1)."""
    for name, data in lasting(before).items():
        if name.startswith((JOURNAL, _ORIGINALS)) and after.get(name) != data:
            yield f"altered: {name}"


def half_written(before: Tree, after: Tree, final: Tree) -> Iterator[str]:
    """Say which files that a person sees are neither wholly old nor wholly new (invariant 4)."""
    for name in {**before, **final, **lasting(after)}:
        if not name.startswith(".ledgergen/") and after.get(name) not in (before.get(name), final.get(name)):
            yield f"half-written: {name}"
