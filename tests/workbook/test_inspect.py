"""Looking at foreign bytes: what they are, and whether they can be borne."""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.findings import message, remedy
from ledgergen.workbook import inspect
from ledgergen.workbook.compound import Compound
from ledgergen.workbook.inspect import Refused, open_package
from ledgergen.workbook.read import read_workbook
from ledgergen.workbook.xls_records import XlsCells, look_into_xls
from test_read_builders import GOOD, GOOD_ROWS, grid, package, refused, resaved, written, xlsx, xlsx_parts

_CELLS = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("data", "code", "kind"),
    [
        (b"", "file-empty", None),
        (b"\r\n  \0\0", "file-empty", None),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "file-not-a-workbook", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "file-not-a-workbook", "PNG"),
        (b"%PDF-1.7\n", "file-not-a-workbook", "PDF"),
        (b"Rar!\x1a\x07\x01\0", "file-not-a-workbook", "RAR"),
        (b"\xef\xbb\xbf <HTML><table>", "file-not-a-workbook", "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "file-not-a-workbook", "XML"),
        (b"MIME-Version: 1.0\r\n", "file-not-a-workbook", "MIME"),
        (package({"word/document.xml": "<w/>"}), "file-not-a-workbook", "Word (.docx)"),
        (package({"xl/workbook.bin": b"1"}), "file-not-a-workbook", "Excel (.xlsb)"),
        (package({"OFD.xml": "<o/>"}), "file-not-a-workbook", "OFD"),
        (package({"a.txt": "x"}), "file-not-a-workbook", "ZIP"),
        (b"\x01\x02\x03\x04", "file-unrecognised", None),
        (b"abc\xff\xff\xff\xfe", "file-unrecognised", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file-damaged", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "file-damaged", None),
        (b"PK\3\4", "file-damaged", None),
    ],
)
def test_what_is_no_workbook_says_what_it_is(data: bytes, code: str, kind: str | None) -> None:
    found = refused(data, "台账.xlsx")
    assert found.code == code
    assert found.facts.get("kind") == kind
    assert message(found)
    assert remedy(found)


def test_a_file_beyond_all_reason() -> None:
    found = refused(b"PK" + bytes(64_000_000))
    assert (found.code, found.facts["limit"]) == ("file-too-large", 64_000_000)


@pytest.mark.parametrize("part", range(3, len(GOOD) - 1, 97))
def test_a_truncated_file(part: int) -> None:
    assert refused(GOOD[:part]).code == "file-damaged"


def _patched(data: bytes, name: str, *, crc: int = 0, size: int | None = None, flags: int | None = None) -> bytes:
    """Make the container's directory lie about one part."""
    patched = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        central = container.start_dir
        for info in container.infolist():
            length = len(info.filename.encode()) + len(info.extra) + len(info.comment)
            if info.filename == name:
                struct.pack_into("<I", patched, central + 16, info.CRC ^ crc)
                if size is not None:
                    struct.pack_into("<I", patched, central + 24, size)
                if flags is not None:
                    struct.pack_into("<H", patched, central + 8, flags)
                return bytes(patched)
            central += 46 + length
    raise AssertionError(name)


def test_a_wrong_crc_is_found_in_any_part() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as container:
        names = container.namelist()
    for name in names:
        found = refused(_patched(GOOD, name, crc=1))
        assert (found.code, found.facts["part"]) == ("file-damaged", name)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_is_a_finding_or_changes_no_value(position: int, change: int) -> None:
    """calamine, which asks for no CRC, was seen to read 7 of 4,000 such files with other texts."""
    data = bytearray(GOOD)
    data[position] ^= change
    workbook, findings = read_workbook("a.xlsx", bytes(data))
    assert findings or (workbook is not None and workbook.grids[0].rows == GOOD_ROWS)


@pytest.mark.parametrize("size", [0, 1, 10, 1_000_000])
def test_a_part_that_lies_about_its_size(size: int) -> None:
    assert refused(_patched(GOOD, "xl/worksheets/sheet1.xml", size=size)).code == "file-inconsistent"


def test_an_honest_bomb_and_a_lying_one() -> None:
    """Neither is inflated beyond its bounds: what is measured is the memory that it takes to refuse them."""
    bomb = package(xlsx_parts(_CELLS) | {"xl/media/bomb.bin": bytes(100 << 20)})
    lying = _patched(bomb, "xl/media/bomb.bin", size=1000)
    parts = {f"xl/media/{number}.bin": bytes(60 << 20) for number in range(4)}
    tracemalloc.start()
    try:
        assert refused(bomb).code == "file-unpacks-too-large"
        assert refused(lying).code == "file-inconsistent"
        assert tracemalloc.get_traced_memory()[1] < 4 * len(bomb) + 2_000_000
    finally:
        tracemalloc.stop()
    assert refused(package(xlsx_parts(_CELLS) | parts)).code == "file-unpacks-too-large"


def test_xml_that_packs_too_well() -> None:
    text = "<worksheet><sheetData>" + "<row></row>" * 300_000
    found = refused(package(xlsx_parts() | {"xl/worksheets/sheet1.xml": text}))
    assert found.code == "file-unpacks-oddly"
    assert grid(package(xlsx_parts(_CELLS) | {"xl/media/white.bmp": bytes(9 << 20)})).rows == (("1",),)


def test_twenty_million_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty million nodes cost lxml 1.7 GB; a file that is small enough to have them is refused before it."""
    parts = xlsx_parts() | {"xl/worksheets/sheet1.xml": "<a/>" * 20_000_000}
    assert refused(package(parts)).code == "file-unpacks-too-large"
    parts = xlsx_parts() | {"xl/worksheets/sheet1.xml": "<a/>" * 5_000_000}
    assert refused(package(parts)).code == "file-unpacks-oddly"
    monkeypatch.setattr(inspect, "MAX_RATIO", 2_000)
    assert refused(package(parts)).code == "file-too-complex"


def test_too_many_parts() -> None:
    made = package({f"{number}.xml": "" for number in range(2_001)})
    assert refused(made).code == "file-too-many-parts"


def test_a_part_that_is_there_twice() -> None:
    parts = xlsx_parts(_CELLS)
    other = xlsx_parts('<row r="1"><c r="A1"><v>2</v></c></row>')["xl/worksheets/sheet1.xml"]
    for name in ("xl/worksheets/Sheet1.xml", "xl\\worksheets\\sheet1.xml", "/xl/worksheets/sheet1.xml"):
        found = refused(package(parts | {name: other}))
        assert (found.code, found.facts["part"]) == ("file-part-twice", name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_doctype_is_refused(part: str, encoding: str) -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', ["x"])
    bomb = f'<!DOCTYPE x [<!ENTITY a "{"a" * 10_000}"><!ENTITY b "{"&a;" * 10_000}">]>'
    text = f'<?xml version="1.0" encoding="{encoding}"?>{bomb}{parts[part]!s}'
    found = refused(package(parts | {part: text.encode(encoding)}))
    assert (found.code, found.facts["part"]) == ("file-doctype", part.lower())


def test_an_encoding_cannot_hide_a_doctype() -> None:
    text = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<worksheet/>'
    assert refused(package(xlsx_parts() | {"xl/worksheets/sheet1.xml": text})).code == "file-damaged"


def test_deep_nesting_is_refused() -> None:
    deep = "<a>" * 300 + "</a>" * 300
    assert refused(package(xlsx_parts() | {"xl/worksheets/sheet1.xml": deep})).code == "file-damaged"


def test_merged_ranges_over_one_another_are_bounded() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1000"><c r="ALL1000"><v>1</v></c></row>'
    tail = "<mergeCells>" + '<mergeCell ref="A1:ALL1000"/>' * 5 + "</mergeCells>"
    assert refused(xlsx(cells, tail=tail)).code == "file-too-complex"


def test_encrypted_containers() -> None:
    assert refused(_patched(GOOD, "xl/workbook.xml", flags=1)).code == "file-encrypted"
    assert refused(_compound({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(100)})).code == "file-encrypted"
    filepass = struct.pack("<HHHH12x", 0x0809, 16, 0x0600, 5) + struct.pack("<HHH", 0x002F, 2, 0)
    assert refused(_compound({"Workbook": filepass + bytes(5000)}), "台账.xls").code == "file-encrypted"
    assert refused(_compound({"WordDocument": bytes(5000)})).facts["kind"] == "Word (.doc)"
    assert refused(_compound({"Contents": bytes(5000)})).facts["kind"] == "OLE"


def test_an_xls_of_any_length_reads_up_to_its_streams(tmp_path: Path) -> None:
    data = resaved(written([["甲", "乙"], ["丙" * 5000, "丁"]]), "xls", tmp_path)
    assert grid(data).rows == (("甲", "乙"), ("丙" * 5000, "丁"))
    for cut in range(8, len(data), 509):
        workbook, findings = read_workbook("a.xls", data[:cut])
        assert findings or (workbook is not None and workbook.grids[0].rows[0] == ("甲", "乙"))


@given(st.binary(max_size=600))
def test_looking_into_an_xls_never_fails_otherwise(junk: bytes) -> None:
    head = struct.pack("<HHHH12x", 0x0809, 16, 0x0600, 5)
    sheet = struct.pack("<HHIH", 0x0085, 8, len(head) + 12, 0) + b"\1\0"
    with suppress(Refused):
        look_into_xls(head + sheet + head + junk)
    with suppress(Refused):
        Compound(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk)


@given(st.binary(max_size=2000))
def test_any_bytes_at_all_give_a_workbook_or_a_finding(junk: bytes) -> None:
    for data in (junk, b"PK\3\4" + junk, GOOD[:50] + junk):
        workbook, findings = read_workbook("a", data)
        assert (workbook is None) == bool(findings)


def test_formulas_and_errors_of_an_xls() -> None:
    """Formula results that LibreOffice does not write: a text in a record of its own, going on in a further one."""
    cells = b"".join(
        [
            _record(0x0006, struct.pack("<HHH", 0, 0, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)),
            _record(0x0207, struct.pack("<HB", 6, 1) + "清空".encode("utf-16-le")),
            _record(0x003C, b"\0done"),
            _record(0x0006, struct.pack("<HHH", 1, 2, 0) + b"\2\0\x07\0\0\0\xff\xff" + bytes(8)),
            _record(0x0006, struct.pack("<HHH", 1, 3, 0) + b"\1\0\1\0\0\0\xff\xff" + bytes(8)),
            _record(0x0006, struct.pack("<HHHd", 1, 4, 0, 1.5) + bytes(8)),
            _record(0x0205, struct.pack("<HHHBB", 2, 0, 0, 42, 1)),
        ]
    )
    head = _record(0x0809, struct.pack("<HH", 0x0600, 5) + bytes(12))
    start = len(head) + 4 + 10 + 4
    book = head + _record(0x0085, struct.pack("<IH", start, 0) + b"\1\0\0\0") + _record(0x000A, b"")
    sheets = look_into_xls(book + head + cells + _record(0x000A, b""))
    assert sheets is not None
    (found,) = sheets
    assert found.formulas == {(0, 0): "清空done", (1, 2): "#DIV/0!", (1, 3): "TRUE", (1, 4): None}
    assert found.errors == {(2, 0): "#N/A"}


def test_old_xls_files_have_no_formulas_to_tell() -> None:
    assert look_into_xls(_record(0x0809, struct.pack("<HH", 0x0500, 5)) + _record(0x000A, b"")) is None


@pytest.mark.parametrize(
    ("version", "declared", "code"),
    [
        (0x0600, struct.pack("<IIHHH", 0, 65_536, 0, 18, 0), ""),
        (0x0600, struct.pack("<IIHHH", 0, 0, 0, 0, 0), ""),
        (
            0x0600,
            struct.pack("<IIHHH", 0, 1_048_576, 0, 18, 0),
            "",
        ),  # seen: LibreOffice, where whole columns have a look
        (0x0600, struct.pack("<IIHHH", 0, 1_048_577, 0, 18, 0), "file-damaged"),
        (0x0600, struct.pack("<IIHHH", 0, 9, 0, 257, 0), "file-damaged"),
        (0x0600, struct.pack("<IIHHH", 0xFFFF_0000, 9, 0, 18, 0), "file-damaged"),
        (0x0600, struct.pack("<IIHHH", 0, 1_048_576, 0, 256, 0), "sheet-too-large"),
        (0x0500, struct.pack("<HHHHH", 0, 9, 0, 18, 0), ""),
        (0x0500, struct.pack("<HHHHH", 0, 9, 0, 0xFFFF, 0), "file-damaged"),
    ],
)
def test_what_an_xls_declares_is_bounded_before_room_is_made_for_it(version: int, declared: bytes, code: str) -> None:
    begin, end = _record(0x0809, struct.pack("<HH", version, 5)), _record(0x000A, b"")
    globals_ = begin + _record(0x0085, struct.pack("<I", len(begin) + 16) + b"\0\0\1\0") + end
    book = globals_ + begin + _record(0x0200, declared) + end
    if code:
        with pytest.raises(Refused) as refused:
            look_into_xls(book)
        assert refused.value.code == code
    else:
        assert look_into_xls(book) == ([XlsCells()] if version == 0x0600 else None)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(streams: dict[str, bytes]) -> bytes:
    """Make an OLE container with streams of their own sectors: header, one table, one directory, streams."""
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    table, body = [0xFFFFFFFD, 0xFFFFFFFE], b""
    for name, content in streams.items():
        count = -(-max(len(content), 4096) // 512)
        start = len(table)
        table += [*range(start + 1, start + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, start, max(len(content), 4096)))
        body += content.ljust(count * 512, b"\0")
    table += [0xFFFFFFFF] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return head + struct.pack("<128I", *table) + b"".join(entries).ljust(512, b"\0") + body


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le")
    return struct.pack("<64sHB49xII4x", spelled, len(spelled) + 2, kind, start, size)


def test_the_container_made_here_is_one() -> None:
    found = Compound(_compound({"Workbook": b"x" * 9000, "B": b"y"}))
    assert found.stream("Workbook") == b"x" * 9000
    assert found.stream("B")[:1] == b"y"


def test_what_is_checked_is_also_given() -> None:
    parts = open_package(GOOD)
    assert parts["xl/workbook.xml"].startswith(b"<?xml")
