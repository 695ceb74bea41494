"""OLE containers ([MS-CFB]): what .xls files are, and encrypted .xlsx files."""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from ledgergen.workbook.inspect import Refused

_COMPOUNDS: Final = (("WordDocument", "Word (.doc)"), ("PowerPoint Document", "PowerPoint (.ppt)"))
_ROOT: Final = "\0root"
_NO_SECTOR: Final = 0xFFFFFFFA  # this and above: end of chain, free, tables


class Compound:
    """An OLE container (.xls, an encrypted .xlsx): its streams by name ([MS-CFB]).

    Raises:
        Refused: ``file-damaged``, its tables do not hold together.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            shift, directory, self._cutoff, mini = struct.unpack_from("<30xH16xI4xII", data)
            self._size = 1 << max(9, min(shift, 12))
            self._most = len(data) // self._size + 1  # no chain is longer, unless it runs in a circle
            self._table = self._allocation()
            entries = self._follow(directory)
            self._streams = dict(_entries(entries))
            self._mini_table = _numbers(self._follow(mini))
        except (struct.error, UnicodeDecodeError) as fault:
            raise Refused("file-damaged", part="OLE") from fault
        if _ROOT not in self:
            raise Refused("file-damaged", part="OLE")

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def kind(self) -> str:
        """Tell what a container that is no workbook holds."""
        return next((kind for name, kind in _COMPOUNDS if name in self), "OLE")

    def stream(self, name: str) -> bytes:
        """Give the bytes of a stream."""
        start, size = self._streams[name]
        if size >= self._cutoff or name == _ROOT:
            return self._follow(start)[:size]
        root = self.stream(_ROOT)
        chain = _chain(self._mini_table, start, self._cutoff >> 6)
        return b"".join(root[sector << 6 : sector + 1 << 6] for sector in chain)[:size]

    def _allocation(self) -> Sequence[int]:
        """Give the table that says which sector follows which; its own sectors stand in the header, then in a chain."""
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        (following,) = struct.unpack_from("<I", self._data, 68)
        while following < _NO_SECTOR and len(sectors) <= self._most:
            numbers = _numbers(self._sector(following))
            sectors += numbers[:-1]
            following = numbers[-1] if numbers else _NO_SECTOR
        used = [sector for sector in sectors if sector < _NO_SECTOR]
        return _numbers(b"".join(map(self._sector, used[: self._most])))

    def _follow(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(self._table, start, self._most)))

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]


def _entries(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    for position in range(0, len(directory) - 127, 128):
        length, kind, start, size = struct.unpack_from("<HB49xII", directory, position + 64)
        if kind in (2, 5):  # a stream, or the root, which holds the small ones
            name = directory[position : position + min(max(length - 2, 0), 64)].decode("utf-16-le")
            yield (_ROOT if kind == 5 else name), (start, size)  # noqa: PLR2004 - as above


def _chain(table: Sequence[int], start: int, most: int) -> Iterator[int]:
    while start < len(table) and most > 0:
        yield start
        start, most = table[start], most - 1


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
