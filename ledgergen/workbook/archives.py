"""Archives: what kinds there are, what a member may be called, how much may come out. Runs inside the worker only.

Nothing is ever written to a file under a member's name: names are labels. What comes out is bounded whatever the
archive says of itself, archives within archives included (safety rules: bombs honest and lying, archives that contain
themselves).
"""

import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final, NamedTuple, TypeAlias

from ledgergen.messages import printable
from ledgergen.workbook.grid import BESIDE, MAX_FILE, MAX_MEMBERS
from ledgergen.workbook.inspect import Refused, is_document, zip_directory

MAX_DEPTH: Final = 3  # archives within archives, the outermost counted
MAX_UNPACKED: Final = 256_000_000  # bytes of all members together
_LONGEST: Final = 200  # characters of a label
_MOST_LISTED: Final = 20_000  # entries of an archive's directory, folders and locks included

_MAGIC: Final = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
)
# kind → the module that opens it; loaded when one comes
_OPENERS: Final = {
    "ZIP": "archive_zip",
    "7z": "archive_7z",
    "RAR": "archive_rar",
    "tar": "archive_tar",
    "gzip": "archive_tar",
    "bzip2": "archive_tar",
    "xz": "archive_tar",
}
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_LEFT_BY_PROGRAMS: Final = frozenset({"thumbs.db", "ehthumbs.db", ".ds_store", "desktop.ini"})
_LOCKS: Final = ("~$", ".~lock", "._")

Fetch: TypeAlias = Callable[[], bytes]  # inflates a member; raises Refused


class Full(Refused):
    """The bounds of the whole archive are reached: nothing more is taken out of it."""


class Member(NamedTuple):
    """One file in an archive: its label, and its content, or why there is none."""

    label: str
    content: bytes
    refusal: Refused | None = None


@dataclass(slots=True)
class Room:
    """What may still come out of the archive that arrived, however deep: files and bytes."""

    members: int = MAX_MEMBERS
    size: int = MAX_UNPACKED

    def enter(self) -> None:
        """Count a file.

        Raises:
            Full: ``archive-too-many``.
        """
        if self.members <= 0:
            raise Full("archive-too-many", limit=MAX_MEMBERS)
        self.members -= 1

    def allow(self, size: int) -> int:
        """Give how many bytes a file that is said to have ``size`` may come to.

        Raises:
            Refused: ``file-too-large``, it alone is too large. Full: ``archive-too-large``, with all before it.
        """
        if size > MAX_FILE:
            raise Refused("file-too-large", size=size, limit=MAX_FILE)
        if size > self.size:
            raise Full("archive-too-large", limit=MAX_UNPACKED // 1_000_000)
        return min(self.size, MAX_FILE)

    def take(self, content: bytes) -> bytes:
        """Count what came out."""
        self.size -= len(content)
        return content


def archive_kind(data: bytes) -> str:
    """Tell by the bytes which kind of archive a file is; empty where it is none that could be opened."""
    if data.startswith(b"PK"):
        try:
            names = [info.filename for info in zip_listing(data)]
        except Refused as refusal:
            return "" if refusal.code == "file-damaged" else "ZIP"
        return "" if is_document(names) else "ZIP"
    if data[257:262] == b"ustar":
        return "tar"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")


def zip_listing(data: bytes) -> list[zipfile.ZipInfo]:
    """Read the directory of a zip archive, within bounds.

    Raises:
        Refused: ``file-damaged``, ``archive-volume`` (it is one of several parts), ``archive-too-many``.
    """
    end = data.rfind(b"PK\5\6")
    try:
        disk, _, _, _, size = struct.unpack_from("<HHHHI", data, end + 4)
        if end >= 0 and disk not in (0, 0xFFFF):
            raise Refused("archive-volume")
        if data.count(b"PK\1\2", max(end - size, 0) if size <= end else 0, end) > _MOST_LISTED:
            raise Refused("archive-too-many", limit=MAX_MEMBERS)
    except struct.error as fault:
        raise Refused("file-damaged", part="zip") from fault
    return zip_directory(data)


def members(data: bytes, kind: str, passwords: Sequence[str]) -> Iterator[Member]:
    """Give every file in an archive and in the archives within it, but what systems and programs leave there.

    One that cannot be had comes with the reason. Where the archive itself is at fault, the last of them has the label
    of the archive (empty for the outermost) and says why it was not opened or not to its end.
    """
    room = Room()
    try:
        yield from _members(data, kind, passwords, room, "", 1)
    except Full as full:
        yield Member("", b"", full)


def _members(
    data: bytes, kind: str, passwords: Sequence[str], room: Room, above: str, depth: int
) -> Iterator[Member]:  # fmt: skip
    given: set[str] = set()
    try:
        for name, fetch in import_module(f"ledgergen.workbook.{_OPENERS[kind]}").entries(data, room, passwords):
            if is_left_behind(name):
                continue
            room.enter()
            shown = above + _unlike(label_of(name), given)
            yield from _opened(_fetched(shown, fetch, room), passwords, room, depth)
    except Full:
        raise
    except Refused as refusal:
        yield Member(above.removesuffix(BESIDE), b"", refusal)


def _opened(member: Member, passwords: Sequence[str], room: Room, depth: int) -> Iterator[Member]:
    """Give a member, or where it is an archive itself what is in that."""
    inner = archive_kind(member.content)
    if not inner:
        yield member
    elif depth >= MAX_DEPTH:
        yield member._replace(content=b"", refusal=Refused("archive-too-deep", limit=MAX_DEPTH))
    else:
        yield from _members(member.content, inner, passwords, room, member.label + BESIDE, depth + 1)


def _fetched(shown: str, fetch: Fetch, room: Room) -> Member:
    try:
        return Member(shown, room.take(fetch()))
    except Full:
        raise
    except Refused as refusal:
        return Member(shown, b"", refusal)


def is_left_behind(name: str) -> bool:
    """Tell whether a member is nobody's file: previews and settings of systems, locks of office programs."""
    *folders, last = label_of(name).split("/")
    return "__MACOSX" in folders or last.lower() in _LEFT_BY_PROGRAMS or last.startswith(_LOCKS)


def label_of(name: str) -> str:
    r"""Make a label of a member's name: forward slashes, no root, no drive, no way up, no controls, not too long.

    ``C:\..\..\台账.xlsx`` → ``台账.xlsx``
    """
    pieces = [piece.strip() for piece in printable(name).replace("\\", "/").split("/")]
    pieces = [piece for piece in pieces if piece not in ("", ".", "..") and not _DRIVE.fullmatch(piece)]
    label = "/".join(pieces).replace("\n", "\ufffd").replace("\t", "\ufffd") or "?"
    return label if len(label) <= _LONGEST else "…" + label[1 - _LONGEST :]


def _unlike(label: str, given: set[str]) -> str:
    """Number a label where another member has the same."""
    unlike, number = label, 1
    while unlike in given:
        number += 1
        unlike = f"{label} ({number})"
    given.add(unlike)
    return unlike
