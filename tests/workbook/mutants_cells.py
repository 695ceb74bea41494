"""Mutants of single cells: another value in one cell, which has to be read as it is while all others stay.

Texts are to come back character for character, numbers as the same number; what no format can hold (controls, numbers
that are none) may be a finding instead.
"""

import csv
import functools
import io
import re
import struct
from typing import Final
from xml.sax.saxutils import escape

from ledgergen.workbook.compound import Compound
from ledgergen.workbook.grid import PLACES, date_text, number_text, unescaped
from ledgergen.workbook.read import read_workbook
from mutants import Cell, Chance, Mutant, Original
from mutants_parts import SHEET, STRINGS
from test_read_builders import package

TEXTS: Final = (
    "=1+1", "+1", "-1", "@x", "'", '"', "0", "00", "1e5", "1E400", "true", "2022-13-45", "44834", "#REF!", "清空", " ",
    "  a  ", "a\nb", "a\tb", "\u3000", "\u200b", "\ufeff甲", "\u202e甲", "e\u0301", "é", "😀", "\U0002000b", "镕",
    "]]>", "<v>1</v>", "&amp;", "&#1;", "_x0041_", "_x005F_", "x" * 32_767, "x" * 40_000, "甲" * 32_767, "\x7f", "\x85",
    "\u2028", "\ud7ff", "\ue000", "\ufffd", "../../etc", "%s%n", "{{ 1 }}", "\x7f".join("abc"),
)  # fmt: skip
CONTROLS: Final = ("\0", "\x01", "a\x08b", "\x1f", "\ufffe", "\uffff", "a\rb")
NUMBERS: Final = (
    "0", "-0", "1", "-1", "0.1", "1e-320", "5e-324", "1e308", "1.7976931348623157e308", "-1e308", "123456789012345678",
    "1e22", "1e21", "9007199254740993", "44834", "2958465", "2958466", "60", "0.5", "2e18", "-3", "1e15", "1.5e-7",
)  # fmt: skip
_NO_NUMBERS: Final = (
    "NaN",
    "INF",
    "-INF",
    "1e400",
    "0x10",
    "1,5",
    "1_000",
    "١",
    "1 2",
    "",
    "+",
    "--1",
    "1e",
    "9" * 400,
)
_CELL: Final = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="\d+")?)[^<>]*?(?:/>|>.*?</c>)', re.DOTALL)
_SHARED: Final = re.compile(r"<si>.*?</si>", re.DOTALL)
_PARAGRAPH: Final = re.compile(r'office:value-type="string"[^<>]*><text:p>([^<>]{2,})</text:p></table:table-cell>')
_NUMBER, _LABEL, _BEGIN = 0x0203, 0x00FD, 0x0809


def of_xlsx_cell(original: Original, chance: Chance) -> Mutant:
    """Put another value into a cell of an .xlsx: inline, as text, as a number, or among the shared texts."""
    way = chance.choice(("inlineStr", "str", "shared", "number", "none", "control"))
    sheet = original.parts[SHEET].decode()
    found = chance.choice([*_CELL.finditer(sheet)])
    text = chance.choice({"number": NUMBERS, "none": _NO_NUMBERS, "control": CONTROLS}.get(way, TEXTS))
    spelled = escape(text)
    strings = original.parts.get(STRINGS, b"")
    if way == "shared" and strings:
        count = len(_SHARED.findall(strings.decode()))
        strings = strings.replace(b"</sst>", f'<si><t xml:space="preserve">{spelled}</t></si></sst>'.encode())
        body = f' t="s"><v>{count}</v>'
    elif way in ("number", "none"):
        body = f"><v>{spelled}</v>"
    elif way == "str":
        body = f' t="str"><v>{spelled}</v>'
    else:
        body = f' t="inlineStr"><is><t xml:space="preserve">{spelled}</t></is>'
    style = "" if way in ("number", "none") else found[2]
    made = f'{sheet[: found.start()]}<c r="{found[1]}"{style}{body}</c>{sheet[found.end() :]}'
    parts = {**original.parts, SHEET: made.encode()} | ({STRINGS: strings} if strings else {})
    # XML itself turns a raw carriage return into a line end; _xHHHH_ is how .xlsx spells a character.
    expected = number_text(text) if way == "number" else unescaped(text.replace("\r", "\n"))
    return Mutant(
        package(parts), f"{found[1]} {way} {text[:40]!r}", frozenset({(0, *PLACES[found[1]])}), _any(expected)
    )


def of_ods_cell(original: Original, chance: Chance) -> Mutant:
    """Put another text into a cell of an .ods; one that stands once in the file, so that its place is known."""
    content = original.parts["content.xml"].decode()
    places = _places(original.data)
    known = [each for each in _PARAGRAPH.finditer(content) if len(places.get(each[1], ())) == 1]
    found = chance.choice(known)
    # Line ends within a paragraph are what indents the XML; an .ods writes one as an element.
    text = chance.choice((*(each for each in TEXTS if "\n" not in each), *CONTROLS))
    made = content[: found.start(1)] + escape(text) + content[found.end(1) :]
    parts = {**original.parts, "content.xml": made.encode()}
    return Mutant(
        package(parts), f"{found[1]!r} → {text[:40]!r}", places[found[1]], frozenset({text, text.replace("\r", " ")})
    )


def of_csv_cell(original: Original, chance: Chance) -> Mutant:
    """Put another text into a cell of a CSV."""
    lines = [*csv.reader(io.StringIO(original.data.decode("utf-8-sig"), newline=""))]
    row = chance.randrange(len(lines))
    column = chance.randrange(len(lines[row]))
    text = chance.choice((*TEXTS, *NUMBERS, *_NO_NUMBERS, *CONTROLS))
    lines[row][column] = text
    made = io.StringIO(newline="")
    csv.writer(made, quoting=csv.QUOTE_ALL).writerows(lines)
    data = made.getvalue().encode(chance.choice(("utf-8-sig", "utf-8", "gb18030", "utf-16")))
    return Mutant(data, f"{row},{column} {text[:40]!r}", frozenset({(0, row, column)}), _any(text))


def of_xls_cell(original: Original, chance: Chance) -> Mutant:
    """Put another number into a cell of an .xls, or let it name another of the shared texts."""
    start, stream = _stream(original.data)
    position, kind, sheet = chance.choice(_cell_records(stream))
    row, column = struct.unpack_from("<HH", stream, position)
    touched = frozenset({(sheet, row, column)})
    made = bytearray(original.data)
    if kind == _NUMBER:
        number = chance.choice(NUMBERS)
        struct.pack_into("<d", made, start + position + 6, float(number))
        plain = number_text(repr(float(number)))
        spelled = {plain, date_text(plain) or plain}
        return Mutant(bytes(made), f"{row},{column} {number}", touched, frozenset(spelled))
    other = chance.choice((0, 1, 5, 10_000, 0xFFFFFFFF, 0x7FFFFFFF))
    struct.pack_into("<I", made, start + position + 6, other)
    return Mutant(bytes(made), f"{row},{column} text {other}", touched)


def _any(expected: str) -> frozenset[str]:
    return frozenset({expected})


@functools.cache
def _places(data: bytes) -> dict[str, frozenset[Cell]]:
    """Give by text, as XML spells it, where it stands."""
    workbook, findings = read_workbook("a", data)
    assert workbook is not None, findings
    places: dict[str, set[Cell]] = {}
    for sheet, grid in enumerate(workbook.grids):
        for row, line in enumerate(grid.rows):
            for column, text in enumerate(line):
                places.setdefault(escape(text), set()).add((sheet, row, column))
    return {text: frozenset(found) for text, found in places.items()}


@functools.cache
def _stream(data: bytes) -> tuple[int, bytes]:
    """Give the workbook's stream, and where it begins; LibreOffice writes it in one piece."""
    stream = Compound(data).stream("Workbook")
    start = data.find(stream)
    assert start > 0
    return start, stream


@functools.cache
def _cell_records(stream: bytes) -> list[tuple[int, int, int]]:
    """List the records of numbers and of shared texts: where what is in them begins, their kind, their sheet."""
    found, position, sheet = [], 0, -2  # the first of the streams is about the workbook
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        sheet += kind == _BEGIN
        if kind in (_NUMBER, _LABEL):
            found.append((position + 4, kind, sheet))
        position += 4 + length
    return found
