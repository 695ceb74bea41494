"""Read the tables of a web page: what many web systems and mail clients give out under the name of .xls."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.beside import MOST_NOTES, note_text
from ledgergen.workbook.csv_file import NUMBER
from ledgergen.workbook.grid import MAX_CELLS, Workbook, cell_name
from ledgergen.workbook.inspect import Refused, html_root
from ledgergen.workbook.raw_sheet import RawSheet, bounded

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_MOST_TAGS: Final = 1_000_000
_MOST_COLUMNS: Final = 16_384
_HEAD: Final = 4_096  # bytes in which a page names its encoding
_PAGE: Final = re.compile(rb"<html[\s>]", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_CODECS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb18030": "gb18030", "big5": "big5"}
_BLANKS: Final = re.compile(r"[ \t\r\n\f\xa0]+")
_AROUND_LINE_END: Final = re.compile(r" *\n *")
_LINES: Final = frozenset({"p", "div", "li", "tr"})
_SILENT: Final = frozenset({"head", "script", "style"})


def is_page(data: bytes) -> bool:
    """Tell whether XML is a web page."""
    return bool(_PAGE.search(data[:_HEAD]))


def read_html(data: bytes) -> Workbook:
    """Read every table that has no further table within it as a sheet; text around the tables is quoted in a note.

    Raises:
        Refused: ``file-not-a-workbook``, it has no table; ``file-too-complex``, ``sheet-too-large``.
    """
    text = _decoded(data)
    if text.count("<") > _MOST_TAGS:
        raise Refused("file-too-complex", part="html", limit=_MOST_TAGS)
    root = html_root(text)
    tables = [table for table in root.iter("table") if table.find(".//table") is None]
    sheets = [_sheet(f"table{number}", table) for number, table in enumerate(tables, start=1)]
    sheets = bounded(sheets) if (sheets := [sheet for sheet in sheets if sheet.texts]) else sheets
    if not sheets:
        raise Refused("file-not-a-workbook", kind="HTML")
    if len(sheets) == 1:
        sheets[0].name = ""
    around = _tidy("".join(_around(root, set(tables))))
    notes = [note_text("text", line) for line in around.splitlines()[:MOST_NOTES]]
    return Workbook("html", tuple(sheet.grid() for sheet in sheets), notes=tuple(notes))


def _decoded(data: bytes) -> str:
    """Decode a page by its byte order mark, else as it says itself, else as UTF-8 or, as a last guess, GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    named = _CHARSET.search(data[:_HEAD])
    codec = _CODECS.get(named[1].decode().lower(), "utf-8") if named else "utf-8"
    for each in (codec, "utf-8-sig", "gb18030"):
        try:
            return data.decode(each).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return data.decode(codec, "replace")


def _sheet(name: str, table: "Element") -> RawSheet:
    """Lay a table's cells out as browsers do: a cell that spans rows keeps its columns taken in the rows below.

    What spans is counted, because a page of a few KB may claim billions of cells.
    """
    sheet = RawSheet(name, hidden=False)
    free_from: dict[int, int] = {}  # by column: the first row in which nothing from above reaches down
    spent = 0
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.iterchildren("td", "th"):
            while free_from.get(column, 0) > row:
                column, spent = column + 1, spent + 1
            wide, high = _span(cell, "colspan", _MOST_COLUMNS), _span(cell, "rowspan", MAX_CELLS)
            spent += wide
            if spent > MAX_CELLS or column + wide > _MOST_COLUMNS:
                corner = cell_name(row, min(column, _MOST_COLUMNS - 1))
                raise Refused("sheet-too-large", sheet=name, cell=corner, corner=corner, limit=MAX_CELLS)
            if text := _tidy("".join(_texts(cell))):
                sheet.texts[row, column] = text
                if NUMBER.fullmatch(text):
                    sheet.kinds[row, column] = "n"
            if wide > 1 or high > 1:
                sheet.merges.append((row, column, row + high - 1, column + wide - 1))
                free_from |= dict.fromkeys(range(column, column + wide), row + high)
            column += wide
    return sheet


def _span(cell: "Element", name: str, most: int) -> int:
    written = cell.get(name, "1").strip()
    return max(1, min(int(written), most)) if written.isdecimal() and len(written) < 8 else 1  # noqa: PLR2004


def _texts(element: "Element") -> Iterator[str]:
    r"""Give the text of an element: blanks and line ends of the source as one blank, breaks, paragraphs as ``\n``."""
    yield _BLANKS.sub(" ", element.text or "")
    for item in element:
        tag = str(item.tag)
        if tag == "br" or tag in _LINES:
            yield "\n"
        if tag not in _SILENT:
            yield from _texts(item)
        if tag in _LINES:
            yield "\n"
        yield _BLANKS.sub(" ", item.tail or "")


def _around(element: "Element", tables: "set[Element]") -> Iterator[str]:
    """Give the text outside the tables, a line for each element."""
    if element not in tables and element.tag not in _SILENT:
        yield _BLANKS.sub(" ", element.text or "")
        for item in element:
            yield from _around(item, tables)
    yield "\n" + _BLANKS.sub(" ", element.tail or "")


def _tidy(text: str) -> str:
    return re.sub(r"\n{2,}", "\n", _AROUND_LINE_END.sub("\n", text)).strip(" \n")
