"""Open a 7z archive: the one door to py7zr, an optional extra (LGPL, unmodified)."""

import io
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from ledgergen.workbook.archives import MAX_UNPACKED, Fetch, Full, Room
from ledgergen.workbook.grid import MAX_FILE, MAX_MEMBERS
from ledgergen.workbook.inspect import Refused

if TYPE_CHECKING:
    from py7zr import SevenZipFile
    from py7zr.io import BytesIOFactory

_MOST_LISTED: Final = 20_000


class _Entry(NamedTuple):
    """A file in the archive as its directory has it; a link has no size."""

    name: str
    size: int | None
    crc: int | None


def entries(data: bytes, room: Room, passwords: Sequence[str]) -> Iterator[tuple[str, Fetch]]:
    """Give the name of each file in the archive, and how to have it; all are unpacked at once, in memory.

    Raises:
        Refused: ``archive-not-opened`` (py7zr is not installed), ``file-damaged``, ``file-encrypted``,
            ``archive-too-large``, ``archive-too-many``, ``member-not-unpacked``.
    """
    try:
        import py7zr
    except ImportError as fault:
        raise Refused("archive-not-opened", kind="7z", needed="py7zr") from fault
    for entry, content in _unpacked_with_any(py7zr.SevenZipFile, data, passwords):
        yield entry.name, lambda entry=entry, content=content: _given(entry, content, room)  # type: ignore[misc]


def _given(entry: _Entry, content: bytes | None, room: Room) -> bytes:
    if entry.size is None:
        raise Refused("file-not-a-workbook", kind="link")
    room.allow(entry.size)
    if content is None:
        raise Refused("file-damaged", part="7z")
    return content


def _unpacked_with_any(
    opener: "type[SevenZipFile]", data: bytes, passwords: Sequence[str]
) -> list[tuple[_Entry, bytes | None]]:
    """Try without a password, then with each; a wrong one shows in that nothing sound comes out."""
    from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError

    encrypted = False
    for password in (None, *passwords):
        try:
            with opener(io.BytesIO(data), password=password) as archive:
                encrypted = encrypted or archive.needs_password()
                if password is None and encrypted:
                    continue
                return _unpacked(archive, encrypted=encrypted)
        except PasswordRequired:
            encrypted = True
        except UnsupportedCompressionMethodError as fault:
            raise Refused("member-not-unpacked", method="7z") from fault
        except (Refused, MemoryError):
            raise
        except Exception as fault:
            # Whatever: directories that were made up, or decrypted with a wrong password, lead py7zr anywhere. Seen are
            # IndexError, KeyError, AssertionError and AttributeError beside its own.
            if not encrypted:
                raise Refused("file-damaged", part="7z") from fault
    raise Refused("file-encrypted")


def _unpacked(archive: "SevenZipFile", *, encrypted: bool) -> list[tuple[_Entry, bytes | None]]:
    """Unpack all files; None for those that are not what the directory says.

    They are unpacked under their numbers, because of two files of one name, or of one with a name that leads out of
    its folder, py7zr would make something else; and their checksums are looked at here, because at the first wrong one
    py7zr would stop.
    """
    from py7zr.io import BytesIOFactory

    listed = []
    for number, info in enumerate(getattr(archive, "files", ())):
        if info.is_directory or info.is_socket:
            continue
        size = None if info.is_symlink or info.is_junction else info.uncompressed
        listed.append((str(number), _Entry(info.filename, size, info.crc32)))
        info._file_info |= {"filename": str(number), "digest": None}  # noqa: SLF001 - see above
    if len(listed) > _MOST_LISTED:
        raise Full("archive-too-many", limit=MAX_MEMBERS)
    wanted = {number for number, entry in listed if entry.size is not None and entry.size <= MAX_FILE}
    if sum(entry.size or 0 for number, entry in listed if number in wanted) > MAX_UNPACKED:
        raise Full("archive-too-large", limit=MAX_UNPACKED // 1_000_000)
    shelf = BytesIOFactory(MAX_FILE + 1)
    fault = None
    try:
        archive.extract(targets=wanted, factory=shelf)
    except MemoryError:
        raise
    except Exception as stopped:  # noqa: BLE001 - what came out until then is good all the same
        fault = stopped
    found = [(entry, _sound(entry, shelf, number)) for number, entry in listed]
    if (fault or encrypted) and wanted and not any(content is not None for _, content in found):
        raise fault or ValueError("a wrong password")
    return found


def _sound(entry: _Entry, shelf: "BytesIOFactory", number: str) -> bytes | None:
    product = shelf.products.get(number)
    if product is None:
        return None
    product.seek(0)
    content = product.read()
    good = len(content) == entry.size and entry.crc in (None, zlib.crc32(content))
    return content if good else None
