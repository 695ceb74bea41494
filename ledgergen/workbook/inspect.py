"""Look at foreign bytes before any parser does: what the file is, whether it is sound, whether it is bearable.

Measured on files of a few KB (safety rules): parsers that trust what a file declares abort the process or take
gigabytes, none checks the CRCs of the container, and ``.xls`` is what any program calls anything. So the bytes decide
what a file is, every part of a container is inflated within bounds and held against its CRC, and nothing is ever
allocated by a declared size (``dimension``, ``uniqueCount``, repeated rows): only cells that hold a value count.
"""

import functools
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledgergen.findings import Fact, Finding, Where, finding
from ledgergen.workbook.grid import MAX_CELLS, MAX_FILE, Place, cell_name

if TYPE_CHECKING:
    from lxml.etree import XMLParser
    from lxml.etree import _Element as Element

MAX_PARTS: Final = 2_000
MAX_PART: Final = 64 << 20  # bytes, inflated
MAX_TOTAL: Final = 192 << 20
MAX_RATIO: Final = 200  # times; sheets of blank formatted cells, the emptiest that programs write, reach 40
MAX_TAGS: Final = 4_000_000  # of one part; 20 million nodes cost lxml 1.7 GB
_HARMLESS: Final = MAX_PART // 1032  # bytes, packed
_RATIO_FROM: Final = 1 << 20  # bytes: smaller parts may compress as they like
_LONGEST_NAME: Final = 120  # characters of a part's name that a finding quotes

_MAGIC: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"%PDF", "PDF"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
)
_TEXT_MAGIC: Final = (
    (re.compile(rb"\s*(<!doctype\s+html|<html|<head|<table|<meta)", re.IGNORECASE), "HTML"),
    (re.compile(rb"\s*<\?xml"), "XML"),
    (re.compile(rb"(mime-version|received|return-path|message-id):", re.IGNORECASE), "MIME"),
)
_PACKAGES: Final = (
    ("word/document.xml", "Word (.docx)"),
    ("ppt/presentation.xml", "PowerPoint (.pptx)"),
    ("xl/workbook.bin", "Excel (.xlsb)"),
    ("ofd.xml", "OFD"),
)
_COMPOUNDS: Final = (("WordDocument", "Word (.doc)"), ("PowerPoint Document", "PowerPoint (.ppt)"))
_SPREADSHEET_PARTS: Final = re.compile(rb"(sheet|template)\.(macroEnabled\.)?main\+xml")
_LOCAL: Final = struct.Struct("<4s22xHH")  # the local header of a part: signature, lengths of name and extra field
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_ENCODING: Final = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_NO_DOCTYPE: Final = re.compile(r"\s*(<\?xml[^<>]*\?>)?\s*<\w")  # after the first element none is well-formed
_ENCODINGS: Final = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "gb18030", "gbk", "gb2312"}

_ROOT: Final = "\0root"
_NO_SECTOR: Final = 0xFFFFFFFA  # this and above: end of chain, free, tables
_BOF, _EOF, _CONTINUE, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x003C, 0x002F, 0x0085
_FORMULA, _STRING, _BOOLERR = 0x0006, 0x0207, 0x0205
_CELL_RECORDS: Final = frozenset({_FORMULA, _BOOLERR, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00BD, 0x00D6})
_XLS_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class Refused(Exception):  # noqa: N818 - the file is refused; nothing is in error on this side
    """A file that is not read on, with the finding's code and facts; never leaves :mod:`ledgergen.workbook.read`."""

    def __init__(self, code: str, /, sheet: str = "", cell: str = "", **facts: Fact) -> None:
        self.code, self.sheet, self.cell, self.facts = code, sheet, cell, facts
        super().__init__(code, sheet, cell, facts)

    def finding(self, file: str) -> Finding:
        """Give the finding, with the file's name for its place."""
        return finding(self.code, Where(file, sheet=self.sheet, cell=self.cell), **self.facts)


def sniff(data: bytes) -> str:
    """Tell by the bytes what to open a file as: ``zip``, ``ole`` or ``text``.

    Raises:
        Refused: ``file-empty``, ``file-too-large``, ``file-not-a-workbook`` (with what it is).
    """
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("file-empty")
    if len(data) > MAX_FILE:
        raise Refused("file-too-large", size=len(data), limit=MAX_FILE)
    if data.startswith(b"PK"):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    head = data[:1000].removeprefix(b"\xef\xbb\xbf")
    foreign = [kind for magic, kind in _MAGIC if head.startswith(magic)]
    foreign += [kind for pattern, kind in _TEXT_MAGIC if pattern.match(head)]
    if foreign:
        raise Refused("file-not-a-workbook", kind=foreign[0])
    return "text"


def plain_text(data: bytes) -> str:
    """Decode a text as Excel and WPS write CSV: UTF-16 or UTF-8 with BOM, UTF-8, else GB18030 (which has GBK in it).

    Raises:
        Refused: ``file-unrecognised``, it is none of them, or has control characters that no text has.
    """
    codecs = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _NOT_TEXT.search(text):
            break
        return text
    raise Refused("file-unrecognised")


def open_package(data: bytes) -> dict[str, bytes]:
    """Inflate a zip container whole, within bounds; gives its parts by name, lower case, with forward slashes.

    Parts that are neither XML nor tell what the file is are checked like the others, then kept empty.

    Raises:
        Refused: ``file-damaged``, ``file-encrypted``, ``file-part-twice``, ``file-inconsistent`` (a part is not what
            the container's directory says), ``file-too-many-parts``, ``file-unpacks-too-large``,
            ``file-unpacks-oddly`` (XML over a million bytes that was packed to less than a 200th).
    """
    if data.count(b"PK\1\2") > MAX_PARTS:
        raise Refused("file-too-many-parts", limit=MAX_PARTS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            listed = container.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError) as fault:
        raise Refused("file-damaged", part="zip") from fault
    parts: dict[str, bytes] = {}
    room = MAX_TOTAL
    for info in listed:
        name = info.filename.replace("\\", "/").lstrip("/").lower()
        if name in parts:
            raise Refused("file-part-twice", part=info.filename[:_LONGEST_NAME])
        content = _inflated(data, info, min(room, MAX_PART))
        room -= len(content)
        parts[name] = content if name.endswith((".xml", ".rels")) or name == "mimetype" else b""
    return parts


def package_format(parts: Mapping[str, bytes]) -> str:
    """Tell what a container holds: ``xlsx`` (``.xlsm`` is the same; macros are never looked at) or ``ods``.

    Raises:
        Refused: ``file-encrypted``, ``file-not-a-workbook`` (with what it is).
    """
    media = parts.get("mimetype", b"")
    if b"opendocument" in media or ("content.xml" in parts and "[content_types].xml" not in parts):
        if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
            raise Refused("file-encrypted")
        if b"opendocument.spreadsheet" in media or (not media and b"<office:spreadsheet" in parts["content.xml"]):
            return "ods"
        raise Refused("file-not-a-workbook", kind="OpenDocument")
    if "xl/workbook.xml" in parts or _SPREADSHEET_PARTS.search(parts.get("[content_types].xml", b"")):
        return "xlsx"
    raise Refused("file-not-a-workbook", kind=next((kind for part, kind in _PACKAGES if part in parts), "ZIP"))


def xml_text(parts: Mapping[str, bytes], name: str) -> str:
    """Give the text of an XML part, decoded here and not by the parser, so that nothing can hide in an encoding.

    Raises:
        Refused: ``file-damaged`` (missing, not in its encoding), ``file-doctype``, ``file-too-complex``.
    """
    data = parts.get(name)
    if not data:
        raise Refused("file-damaged", part=name[:_LONGEST_NAME])
    declared = _ENCODING.match(data)
    codec = declared[1].decode().lower() if declared else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    try:
        text = data.decode(codec if codec in _ENCODINGS else "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        raise Refused("file-damaged", part=name[:_LONGEST_NAME]) from fault
    if not _NO_DOCTYPE.match(text) and "<!DOCTYPE" in text:
        raise Refused("file-doctype", part=name[:_LONGEST_NAME])
    if len(text) > MAX_TAGS and text.count("<") > MAX_TAGS:
        raise Refused("file-too-complex", part=name[:_LONGEST_NAME], limit=MAX_TAGS)
    return text


def xml_root(text: str, name: str) -> "Element":
    """Parse the text of an XML part; no entities, no network, no depth beyond 256.

    Raises:
        Refused: ``file-damaged``, it is not well-formed.
    """
    from lxml import etree

    try:
        return etree.fromstring(text.encode("utf-8", "surrogatepass"), _parser())
    except etree.XMLSyntaxError as fault:
        raise Refused("file-damaged", part=name[:_LONGEST_NAME]) from fault


@functools.cache
def _parser() -> "XMLParser":
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )


def check_area(sheet: str, last_row: int, last_column: int) -> None:
    """Refuse a sheet whose values reach so far that rows × columns exceed what is read; blank cells do not count.

    Seen: a file of 6 KB with values in A1 and XFD1048576 aborts calamine.

    Raises:
        Refused: ``sheet-too-large``, at the far corner.
    """
    if (last_row + 1) * (last_column + 1) > MAX_CELLS:
        cell = cell_name(last_row, last_column)
        raise Refused("sheet-too-large", sheet=sheet, cell=cell, corner=cell, limit=MAX_CELLS)


def _inflated(data: bytes, info: zipfile.ZipInfo, room: int) -> bytes:
    """Inflate one part and hold it against what the container's directory says of it."""
    part = info.filename[:_LONGEST_NAME]
    if info.flag_bits & 1:
        raise Refused("file-encrypted")
    if info.file_size > room:
        limit = MAX_PART if info.file_size > MAX_PART else MAX_TOTAL
        raise Refused("file-unpacks-too-large", part=part, limit=limit >> 20)
    suspicious = info.file_size > max(_RATIO_FROM, MAX_RATIO * info.compress_size)
    if suspicious and part.lower().endswith((".xml", ".rels")):
        raise Refused("file-unpacks-oddly", part=part, limit=MAX_RATIO)
    try:
        signature, name_length, extra_length = _LOCAL.unpack_from(data, info.header_offset)
    except struct.error as fault:
        raise Refused("file-damaged", part=part) from fault
    start = info.header_offset + _LOCAL.size + name_length + extra_length
    packed = data[start : start + info.compress_size]
    if signature != b"PK\3\4" or len(packed) != info.compress_size:
        raise Refused("file-damaged", part=part)
    content = _unpacked(packed, info, part)
    if len(content) != info.file_size:
        raise Refused("file-inconsistent", part=part)
    if zlib.crc32(content) != info.CRC:
        raise Refused("file-damaged", part=part)
    return content


def _unpacked(packed: bytes, info: zipfile.ZipInfo, part: str) -> bytes:
    """Give the content of a part; of a large one at most a byte more than the directory says, so that a lie is seen.

    A small one may be inflated in one go, which is faster: deflate packs nothing to less than a 1,032nd.
    """
    if info.compress_type == zipfile.ZIP_STORED:
        return packed
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused("file-damaged", part=part)
    try:
        if info.compress_size <= _HARMLESS:
            return zlib.decompress(packed, -zlib.MAX_WBITS, info.file_size + 1)
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content = stream.decompress(packed, info.file_size + 1)
    except zlib.error as fault:
        raise Refused("file-damaged", part=part) from fault
    if not stream.eof and len(content) <= info.file_size:
        raise Refused("file-damaged", part=part)
    return content


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


@dataclass(slots=True)
class XlsCells:
    """What calamine drops of a sheet of an .xls file: formulas with their computed text, and error cells.

    The text of a formula is None where its value is a number, which calamine reads right. (Seen: LibreOffice stores
    0 for a formula that gives a text, so what a formula came to is no more than a hint here.)
    """

    formulas: dict[Place, str | None] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)


def look_into_xls(book: bytes) -> list[XlsCells] | None:
    """Walk the records of an .xls file's stream, sheet by sheet ([MS-XLS]); None for those before Excel 97.

    Raises:
        Refused: ``file-encrypted``, ``sheet-too-large``, ``file-damaged`` (the walk leads nowhere).
    """
    try:
        if struct.unpack_from("<HxxH", book) != (_BOF, 0x0600):
            return None
        sheets: list[XlsCells] = []
        for kind, start, length in _records(book, 0):
            if kind == _FILEPASS:
                raise Refused("file-encrypted")
            if kind == _BOUNDSHEET and length > 6:  # noqa: PLR2004 - position, state, type, then the name
                sheets.append(_xls_cells(book, struct.unpack_from("<I", book, start)[0]))
    except (struct.error, IndexError) as fault:
        raise Refused("file-damaged", part="Workbook") from fault
    return sheets


def _xls_cells(book: bytes, position: int) -> XlsCells:
    cells = XlsCells()
    last_row = last_column = 0
    formula: Place | None = None
    for kind, start, _length in _records(book, position):
        if kind == _STRING and formula:
            cells.formulas[formula] = _xls_string(book, start)
        if kind not in _CELL_RECORDS:
            continue
        place: Place = struct.unpack_from("<HH", book, start)
        last_row, last_column = max(last_row, place[0]), max(last_column, place[1])
        check_area("", last_row, last_column)
        if kind == _FORMULA:
            formula, mark = place, book[start + 6 : start + 14]
            cells.formulas[place] = _xls_result(mark)
        elif kind == _BOOLERR and book[start + 7]:
            cells.errors[place] = _XLS_ERRORS.get(book[start + 6], "#N/A")
    return cells


def _xls_result(mark: bytes) -> str | None:
    """Read the computed value of a formula: None for a number; a text follows in a record of its own."""
    if mark[6:] != b"\xff\xff":
        return None
    if mark[0] == 1:
        return "TRUE" if mark[2] else "FALSE"
    return _XLS_ERRORS.get(mark[2], "#N/A") if mark[0] == 2 else ""  # noqa: PLR2004 - 2 is an error


def _xls_string(book: bytes, start: int) -> str:
    """Read a string record; one over 8 KB goes on in further records, each with its own flag of width."""
    left, flag = struct.unpack_from("<HB", book, start)
    (length,) = struct.unpack_from("<H", book, start - 2)
    end, start, text = start + length, start + 3, ""
    while True:
        wide = flag & 1
        text += book[start:end].decode("utf-16-le" if wide else "latin-1", "replace")
        kind, length = struct.unpack_from("<HH", book, end)
        if len(text) >= left or kind != _CONTINUE:
            return text[:left]
        flag, start, end = book[end + 4], end + 5, end + 4 + length


def _records(book: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Give kind, start and length of each record from one BOF to its EOF; what is embedded in between is left out."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", book, position)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, position + 4, length
        position += 4 + length


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
