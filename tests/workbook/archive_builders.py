"""Archives for tests, made by the programs' own libraries; and those that no program makes, byte by byte."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from unittest import mock

import py7zr
import pyzipper
from msoffcrypto.format.ooxml import OOXMLFile

from ledgergen.findings import Finding
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.reading import Reading

Files = Mapping[str, bytes]

_LOCAL, _CENTRAL, _END = "<4sHHHHHIIIHH", "<4sHHHHHHIIIHHHHHII", "<4sHHHHIIH"


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip files as Python does; the names are in UTF-8 and say so."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def zipped_raw(entries: Iterable[tuple[bytes, bytes]], flags: int = 0, mode: int = 0, lie: int | None = None) -> bytes:
    """Zip files under any bytes as names, even twice; ``lie`` is what is said of the unpacked sizes."""
    body, directory = b"", b""
    count = 0
    for name, content in entries:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        size = len(content) if lie is None else lie
        about = (zlib.crc32(content), len(packed), size, len(name))
        directory += (
            struct.pack(_CENTRAL, b"PK\1\2", 20, 20, flags, 8, 0, 33, *about, 0, 0, 0, 0, mode << 16, len(body)) + name
        )
        body += struct.pack(_LOCAL, b"PK\3\4", 20, flags, 8, 0, 33, *about, 0) + name + packed
        count += 1
    end = struct.pack(_END, b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def encrypted_zip(files: Files, password: bytes, *, aes: bool = True) -> bytes:
    """Zip files behind a password: AES as 7-Zip and WinRAR do."""
    made = io.BytesIO()
    options = {"encryption": pyzipper.WZ_AES} if aes else {}
    with pyzipper.AESZipFile(made, "w", compression=pyzipper.ZIP_DEFLATED, **options) as archive:
        archive.setpassword(password)
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def sevenzipped(
    files: Files | Iterable[tuple[str, bytes]],
    password: str | None = None,
    *,
    names_too: bool = False,
    method: int = py7zr.FILTER_LZMA2,
) -> bytes:
    """Pack files as 7z under any name, even twice; behind a password, and their names as well, where asked."""
    made = io.BytesIO()
    filters = None if password else [{"id": method, "preset": 1} if method == py7zr.FILTER_LZMA2 else {"id": method}]
    with (
        mock.patch("py7zr.py7zr.check_archive_path", return_value=True),
        py7zr.SevenZipFile(made, "w", filters=filters, password=password, header_encryption=names_too) as archive,
    ):
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(content, name)
    return made.getvalue()


def tarred(files: Files, way: str = "w:gz", links: Mapping[str, str] | None = None) -> bytes:
    """Pack files as a tar archive, and links to somewhere."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=way) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return made.getvalue()


def rarred(files: Files, method: int = 0x30, flags: int = 0) -> bytes:
    """Make a RAR archive (version 4) whose files are merely stored, whatever ``method`` says of them."""
    body = b"Rar!\x1a\x07\0" + _block(0x73, 0, bytes(6))
    for name, content in files.items():
        spelled = name.encode("ascii")
        about = struct.pack(
            "<IIBIIBBHI", len(content), len(content), 2, zlib.crc32(content), 0, 29, method, len(spelled), 0x20
        )
        body += _block(0x74, 0x8000 | flags, about + spelled) + content
    return body + _block(0x7B, 0x4000, b"")


def _block(kind: int, flags: int, about: bytes) -> bytes:
    """Make a block; of a file, the size of what follows stands first in ``about``."""
    head = struct.pack("<BHH", kind, flags, 7 + len(about)) + about
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def locked(workbook: bytes, password: str) -> bytes:
    """Encrypt an .xlsx as Excel does."""
    made = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, made)
    return made.getvalue()


def readings(data: bytes, passwords: Iterable[str] = (), name: str = "a.zip") -> list[Reading]:
    """Read everything in a file through the bounded reader."""
    with BoundedReader(passwords=[*passwords]) as reader:
        return list(reader.read_all(name, data))


def told(found: Iterable[Reading]) -> list[tuple[str, str]]:
    """Give what came of each member in one word: what its first sheet holds in A1, or the code of the finding."""
    return [(each.member, _word(each)) for each in found if each.workbook or each.findings]


def _word(reading: Reading) -> str:
    return reading.workbook.grids[0].text(0, 0) if reading.workbook else codes(reading.findings)


def codes(findings: Iterable[Finding]) -> str:
    """Give the codes of findings."""
    return " ".join(found.code for found in findings)
