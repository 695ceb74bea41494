"""Open a tar archive, packed by gzip, bzip2 or xz or not at all; and a single file that was packed so."""

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ledgergen.workbook.archives import MAX_UNPACKED, Fetch, Full, Room
from ledgergen.workbook.inspect import Refused

_FAULTS: Final = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
_MOST_LISTED: Final = 20_000


def entries(data: bytes, room: Room, _passwords: Sequence[str]) -> Iterator[tuple[str, Fetch]]:
    """Give the name of each file in the archive, and how to have it.

    Raises:
        Refused: ``file-damaged``, ``archive-too-large``.
    """
    content = data if data[257:262] == b"ustar" else _unpacked(data)
    if not content.strip(b"\0"):
        return  # a tar archive of nothing
    if content[257:262] != b"ustar":
        yield _single_name(data), lambda: _single(content, room)
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for count, info in enumerate(archive):
                if count >= _MOST_LISTED:
                    raise Full("archive-too-many", limit=_MOST_LISTED)
                if not info.isdir():
                    yield info.name, _fetch(archive, info, room)
            rest = content[archive.offset :]
        if rest.strip(b"\0"):  # tarfile takes a damaged header for the end
            raise Refused("file-damaged", part="tar")
    except (tarfile.TarError, *_FAULTS) as fault:
        raise Refused("file-damaged", part="tar") from fault


def _fetch(archive: tarfile.TarFile, info: tarfile.TarInfo, room: Room) -> Fetch:
    def fetch() -> bytes:
        if not info.isreg():
            raise Refused("file-not-a-workbook", kind="link")
        limit = room.allow(info.size)
        try:
            source = archive.extractfile(info)
            content = source.read(limit + 1) if source else b""
        except (tarfile.TarError, *_FAULTS) as fault:
            raise Refused("file-damaged", part="tar") from fault
        if len(content) != info.size:
            raise Refused("file-damaged", part="tar")
        return content

    return fetch


def _single(content: bytes, room: Room) -> bytes:
    room.allow(len(content))
    return content


def _single_name(data: bytes) -> str:
    """Read the name that gzip keeps of the file it packed; the others keep none."""
    if not data.startswith(b"\x1f\x8b") or not data[3] & 8 or data[3] & 4:
        return "?"
    return data[10 : 10 + 1_000].partition(b"\0")[0].decode("utf-8", "replace") or "?"


def _unpacked(data: bytes) -> bytes:
    """Unpack a whole stream, or several one behind the other; never more than an archive may come to."""
    room = MAX_UNPACKED
    pieces: list[bytes] = []
    while data:
        start, more = _starter(data)
        if not more and pieces:
            break  # what follows the stream is padding
        try:
            piece, data = start(data, room + 1)
        except _FAULTS as fault:
            raise Refused("file-damaged", part="gzip") from fault
        room -= len(piece)
        if room < 0:
            raise Full("archive-too-large", limit=MAX_UNPACKED // 1_000_000)
        pieces.append(piece)
    return b"".join(pieces)


def _starter(data: bytes) -> tuple[Callable[[bytes, int], tuple[bytes, bytes]], bool]:
    """Choose how a stream is unpacked, and tell whether there is one."""
    if data.startswith(b"BZh"):
        return _bzip2, True
    if data.startswith(b"\xfd7zXZ\0"):
        return _xz, True
    return _gzip, data.startswith(b"\x1f\x8b")


def _gzip(data: bytes, most: int) -> tuple[bytes, bytes]:
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    content = stream.decompress(data, most)
    if not stream.eof and len(content) < most:
        raise EOFError
    return content, stream.unused_data


def _bzip2(data: bytes, most: int) -> tuple[bytes, bytes]:
    stream = bz2.BZ2Decompressor()
    content = stream.decompress(data, most)
    if not stream.eof and len(content) < most:
        raise EOFError
    return content, stream.unused_data


def _xz(data: bytes, most: int) -> tuple[bytes, bytes]:
    stream = lzma.LZMADecompressor(memlimit=128 << 20)
    content = stream.decompress(data, most)
    if not stream.eof and len(content) < most:
        raise EOFError
    return content, stream.unused_data
