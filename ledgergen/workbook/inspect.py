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
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from ledgergen.findings import Fact, Finding, Where, finding
from ledgergen.workbook.grid import MAX_CELLS, MAX_FILE, cell_name

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

    Element: TypeAlias = _Element

Parts: TypeAlias = Mapping[str, bytes]  # of a container, by name

MAX_PARTS: Final = 2_000
MAX_PART: Final = 64 << 20  # bytes, inflated
MAX_TOTAL: Final = 192 << 20
MAX_RATIO: Final = 200  # times; sheets of blank formatted cells, the emptiest that programs write, reach 40
MAX_TAGS: Final = 4_000_000  # of one part; 20 million nodes cost lxml 1.7 GB
_HARMLESS: Final = MAX_PART // 1032  # bytes, packed
_RATIO_FROM: Final = 1 << 20  # bytes: smaller parts may compress as they like
_LONGEST_NAME: Final = 120  # characters of a part's name that a finding quotes
_ALIKE: Final = 32_768  # bytes, inflated: themes, styles, relations are the same in the files of one program

_MAGIC: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"%PDF", "PDF"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"MSCF", "CAB"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
)
_PICTURES: Final = 5  # of these, pictures and PDF
_TEXT_MAGIC: Final = (
    (re.compile(rb"\s*<(!doctype\s+html|html|head|table|meta|body|style|div|center|title)\b", re.IGNORECASE), "HTML"),
    (re.compile(rb"\s*<\?xml"), "XML"),
    (re.compile(rb"(mime-version|received|return-path|message-id):", re.IGNORECASE), "MIME"),
)
_PACKAGES: Final = (
    ("word/document.xml", "Word (.docx)"),
    ("ppt/presentation.xml", "PowerPoint (.pptx)"),
    ("xl/workbook.bin", "Excel (.xlsb)"),
    ("ofd.xml", "OFD"),
)
# A container that lists none of these is an archive of files, not a document.
_TELLING: Final = frozenset({"[content_types].xml", "content.xml", "mimetype", "xl/workbook.xml"}).union(
    part for part, _ in _PACKAGES
)
_SPREADSHEET_PARTS: Final = re.compile(rb"(sheet|template)\.(macroEnabled\.)?main\+xml")
_LOCAL: Final = struct.Struct("<4s22xHH")  # the local header of a part: signature, lengths of name and extra field
_END: Final = struct.Struct("<4s6xH")  # the end of a container's directory: signature, number of parts
_ZIP64: Final = 0xFFFF  # the number stands elsewhere
_UTF8: Final = 0x800  # the flag of a name in UTF-8
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_CONTROLS: Final = bytes(each for each in range(32) if each not in (9, 10, 13))
_NO_CHARACTERS: Final = ("\ufffe", "\uffff")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENCODING: Final = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_NO_DOCTYPE: Final = re.compile(r"\s*(<\?xml[^<>]*\?>)?\s*<\w")  # after the first element none is well-formed
_ENCODINGS: Final = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "gb18030", "gbk", "gb2312"}


class Refused(Exception):  # noqa: N818 - the file is refused; nothing is in error on this side
    """A file that is not read on, with the finding's code and facts; never leaves :mod:`ledgergen.workbook.read`."""

    def __init__(self, code: str, /, sheet: str = "", cell: str = "", **facts: Fact) -> None:
        self.code, self.sheet, self.cell, self.facts = code, sheet[:_LONGEST_NAME], cell[:_LONGEST_NAME], facts
        super().__init__(code, sheet, cell, facts)

    def finding(self, file: str) -> Finding:
        """Give the finding, with the file's name for its place."""
        return finding(self.code, Where(file, sheet=self.sheet, cell=self.cell), **self.facts)


class _Unsound(Exception):  # noqa: N818 - as above
    """What is wrong with a part, whatever it is called."""

    def __init__(self, code: str, **facts: Fact) -> None:
        self.code, self.facts = code, facts
        super().__init__(code, facts)

    def of(self, part: str) -> Refused:
        """Say it of a part."""
        refused = Refused(self.code, part=part[:_LONGEST_NAME])
        refused.facts.update(self.facts)
        return refused


def is_foreign(data: bytes) -> str:
    """Tell of a picture or PDF what it is, by its first bytes alone; empty for all else.

    Nothing is parsed, so this may be asked outside the reader's process: most of what comes with mails is such a file.
    """
    return next((kind for magic, kind in _MAGIC[:_PICTURES] if data.startswith(magic)), "")


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
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore") or head
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
            ``file-unpacks-oddly`` (XML over a million bytes that was packed to less than a 200th), and, before
            anything is inflated, ``file-not-a-workbook`` for an archive of files.
    """
    if data.count(b"PK\1\2") > MAX_PARTS:
        raise Refused("file-too-many-parts", limit=MAX_PARTS)
    listed = zip_directory(data)
    if not is_document(info.filename for info in listed):
        raise Refused("file-not-a-workbook", kind="ZIP")
    parts: dict[str, bytes] = {}
    room = MAX_TOTAL
    for info in listed:
        name = info.filename.replace("\\", "/").lstrip("/").lower()
        if name in parts:
            raise Refused("file-part-twice", part=info.filename[:_LONGEST_NAME])
        content = inflated(data, info, min(room, MAX_PART))
        room -= len(content)
        parts[name] = content if name.endswith((".xml", ".rels")) or name == "mimetype" else b""
    return parts


def zip_directory(data: bytes) -> list[zipfile.ZipInfo]:
    """List what the directory of a zip container has, and hold it against the number that its end states.

    No checksum guards that end. Seen in mutants: where it was damaged, zipfile lists nothing, or the last parts only.

    Raises:
        Refused: ``file-damaged``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            listed = container.infolist()
        stated = _END.unpack_from(data, data.rfind(b"PK\5\6"))[1]
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError) as fault:
        raise Refused("file-damaged", part="zip") from fault
    if stated not in (len(listed), _ZIP64) or (data.startswith(b"PK\3\4") and not listed):
        raise Refused("file-damaged", part="zip")
    return listed


def is_document(names: Iterable[str]) -> bool:
    """Tell by the names in a zip container whether it is a document, of whatever program, or an archive of files."""
    return not _TELLING.isdisjoint(name.replace("\\", "/").lstrip("/").lower() for name in names)


def package_format(parts: Parts) -> str:
    """Tell what a container holds: ``xlsx`` (``.xlsm`` is the same; macros are never looked at) or ``ods``.

    Raises:
        Refused: ``file-encrypted-kind``, ``file-not-a-workbook`` (with what it is).
    """
    media = parts.get("mimetype", b"")
    if b"opendocument" in media or ("content.xml" in parts and "[content_types].xml" not in parts):
        if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
            raise Refused("file-encrypted-kind", kind="OpenDocument")
        if b"opendocument.spreadsheet" in media or (not media and b"<office:spreadsheet" in parts["content.xml"]):
            return "ods"
        raise Refused("file-not-a-workbook", kind="OpenDocument")
    if "xl/workbook.xml" in parts or _SPREADSHEET_PARTS.search(parts.get("[content_types].xml", b"")):
        return "xlsx"
    raise Refused("file-not-a-workbook", kind=next((kind for part, kind in _PACKAGES if part in parts), "ZIP"))


def xml_text(parts: Parts, name: str) -> str:
    """Give the text of an XML part, decoded here and not by the parser, so that nothing can hide in an encoding.

    Raises:
        Refused: ``file-damaged`` (missing, not in its encoding), ``file-doctype``, ``file-too-complex``.
    """
    data = parts.get(name)
    if not data:
        raise Refused("file-damaged", part=name[:_LONGEST_NAME])
    try:
        return (_xml_text if len(data) <= _ALIKE else _xml_text.__wrapped__)(data)
    except _Unsound as fault:
        raise fault.of(name) from fault


@functools.lru_cache(maxsize=64)
def _xml_text(data: bytes) -> str:
    declared = _ENCODING.match(data)
    codec = declared[1].decode().lower() if declared else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    try:
        text = data.decode(codec if codec in _ENCODINGS else "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        raise _Unsound("file-damaged") from fault
    if _has_foreign(data, text):
        raise _Unsound("file-damaged")
    if not _NO_DOCTYPE.match(text) and "<!DOCTYPE" in text:
        raise _Unsound("file-doctype")
    if len(text) > MAX_TAGS and text.count("<") > MAX_TAGS:
        raise _Unsound("file-too-complex", limit=MAX_TAGS)
    return text


def _has_foreign(data: bytes, text: str) -> bool:
    """Tell whether there are characters that XML has not; leaving them out takes a fifth of searching for them."""
    if b"\0" in data:  # UTF-16
        return bool(_NOT_XML.search(text))
    return len(data.translate(None, _CONTROLS)) != len(data) or any(map(text.__contains__, _NO_CHARACTERS))


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


def html_root(text: str) -> "Element":
    """Parse a page, forgiving as browsers are; no network, no comments, no depth beyond 256.

    Raises:
        Refused: ``file-damaged``, there is nothing in it.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as fault:
        raise Refused("file-damaged", part="html") from fault
    if root is None:
        raise Refused("file-damaged", part="html")
    return root


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


def inflated(data: bytes, info: zipfile.ZipInfo, room: int) -> bytes:
    """Inflate one part and hold it against what the container's directory says of it.

    Raises:
        Refused: as :func:`open_package` says.
    """
    part = info.filename[:_LONGEST_NAME]
    if info.flag_bits & 1:
        raise Refused("file-encrypted")
    if info.file_size > room:
        limit = MAX_PART if info.file_size > MAX_PART else MAX_TOTAL
        raise Refused("file-unpacks-too-large", part=part, limit=limit >> 20)
    suspicious = info.file_size > max(_RATIO_FROM, MAX_RATIO * info.compress_size)
    if suspicious and part.lower().endswith((".xml", ".rels")):
        raise Refused("file-unpacks-oddly", part=part, limit=MAX_RATIO)
    packed = _packed(data, info, part)
    try:
        content = _content if info.file_size <= _ALIKE else _content.__wrapped__
        return content(packed, info.compress_type, info.file_size, info.CRC)
    except _Unsound as fault:
        raise fault.of(part) from fault


@functools.lru_cache(maxsize=64)
def _content(packed: bytes, method: int, size: int, checksum: int) -> bytes:
    """Inflate what is packed and hold it against its size and checksum; the same is not done twice."""
    content = _unpacked(packed, method, size)
    if len(content) != size:
        raise _Unsound("file-inconsistent")
    if zlib.crc32(content) != checksum:
        raise _Unsound("file-damaged")
    return content


def _packed(data: bytes, info: zipfile.ZipInfo, part: str) -> bytes:
    """Give the bytes of a part as they are packed. No checksum guards the directory, nor a part's name in it."""
    try:
        signature, name_length, extra_length = _LOCAL.unpack_from(data, info.header_offset)
    except struct.error as fault:
        raise Refused("file-damaged", part=part) from fault
    named = info.header_offset + _LOCAL.size
    if data[named : named + name_length] != info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437"):
        raise Refused("file-inconsistent", part=part)
    start = named + name_length + extra_length
    packed = data[start : start + info.compress_size]
    if signature != b"PK\3\4" or len(packed) != info.compress_size:
        raise Refused("file-damaged", part=part)
    return packed


def _unpacked(packed: bytes, method: int, size: int) -> bytes:
    """Give the content of a part; of a large one at most a byte more than the directory says, so that a lie is seen.

    A small one may be inflated in one go, which is faster: deflate packs nothing to less than a 1,032nd.
    """
    if method == zipfile.ZIP_STORED:
        return packed
    if method != zipfile.ZIP_DEFLATED:
        raise _Unsound("file-damaged")
    try:
        if len(packed) <= _HARMLESS:
            return zlib.decompress(packed, -zlib.MAX_WBITS, size + 1)
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content = stream.decompress(packed, size + 1)
    except zlib.error as fault:
        raise _Unsound("file-damaged") from fault
    if not stream.eof and len(content) <= size:
        raise _Unsound("file-damaged")
    return content
