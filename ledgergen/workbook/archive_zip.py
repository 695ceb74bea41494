"""Open a zip archive: the one door to pyzipper, which opens what is encrypted (ZipCrypto, AES)."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.archives import Fetch, Room, zip_listing
from ledgergen.workbook.inspect import Refused, inflated

if TYPE_CHECKING:
    from pyzipper import AESZipFile

_UTF8: Final = 0x800  # the flag of a name in UTF-8
_LINK, _KIND = 0xA000, 0xF000  # of a Unix mode
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_METHODS: Final = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_FAULTS: Final = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, KeyError)


def entries(data: bytes, room: Room, passwords: Sequence[str]) -> Iterator[tuple[str, Fetch]]:
    """Give the name of each file in the archive, and how to have it.

    Raises:
        Refused: as :func:`ledgergen.workbook.archives.zip_listing`.
    """
    for position, info in enumerate(zip_listing(data)):
        if not info.is_dir():
            yield _name(info), lambda position=position, info=info: _content(data, position, info, room, passwords)  # type: ignore[misc]


def _name(info: zipfile.ZipInfo) -> str:
    """Decode a name as who packed it meant it: Chinese Windows writes GBK and does not say so."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        written = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    for codec in ("utf-8", "gb18030"):
        try:
            return written.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _content(data: bytes, position: int, info: zipfile.ZipInfo, room: Room, passwords: Sequence[str]) -> bytes:
    if (info.external_attr >> 16) & _KIND == _LINK:
        raise Refused("file-not-a-workbook", kind="link")
    limit = room.allow(info.file_size)
    if info.flag_bits & 1:
        return _decrypted(data, position, limit, passwords)
    if info.compress_type in _PLAIN:
        return inflated(data, info, limit)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _read(archive, position, limit)


def _decrypted(data: bytes, position: int, limit: int, passwords: Sequence[str]) -> bytes:
    """Open an encrypted file with the password that fits; Chinese programs take its bytes in GBK."""
    import pyzipper

    damage: Exception | None = None
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        for password in passwords:
            for codec in ("utf-8", "gb18030"):
                archive.setpassword(password.encode(codec, "replace"))
                try:
                    return _read(archive, position, limit)
                except RuntimeError:  # it says so of a wrong password
                    continue
                except pyzipper.BadZipFile as fault:  # a class of its own
                    damage = fault
                except Refused as refusal:  # a wrong one passes the first check once in 256 times
                    if refusal.code == "member-not-unpacked":
                        raise
                    damage = damage or refusal
    if damage and archive.infolist()[position].wz_aes_version:  # opened by chance once in 65,536 passwords
        raise Refused("file-damaged", part="zip") from damage
    raise Refused("file-encrypted")


def _read(archive: "zipfile.ZipFile | AESZipFile", position: int, limit: int) -> bytes:
    info = archive.infolist()[position]
    try:
        with archive.open(info) as member:
            content: bytes = member.read(limit + 1)
    except NotImplementedError as fault:
        raise Refused(
            "member-not-unpacked", method=_METHODS.get(info.compress_type, str(info.compress_type))
        ) from fault
    except _FAULTS as fault:
        raise Refused("file-damaged", part="zip") from fault
    if len(content) > min(limit, info.file_size):
        raise Refused("file-inconsistent", part="zip")
    return content
