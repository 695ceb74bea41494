"""Read an .ods (OpenDocument 1.3, part 3)."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.beside import MOST_NOTES, all_text, constant, note, time_of_saving
from ledgergen.workbook.grid import MAX_CELLS, Workbook, number_text, percent_text
from ledgergen.workbook.inspect import Parts, Refused, check_area, xml_root, xml_text
from ledgergen.workbook.iso import iso_text
from ledgergen.workbook.raw_sheet import RawSheet, bounded

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_OFFICE, _TABLE, _TEXT, _STYLE, _META = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text", "style", "meta")
)
_CALCEXT: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MOST_BLANKS: Final = 32_767  # characters that a cell can hold
_INDENT: Final = re.compile(r"[ \t\r]*\n[ \t\r\n]*")
_FOLD: Final = "\0"  # no character of XML
_FOLDS: Final = re.compile(r"^\0+|\0+$|(?<=\n)\0+|\0+(?=\n)")


def read_ods(parts: Parts) -> Workbook:
    """Read the parts of an .ods.

    Raises:
        Refused: with what is wrong, and where.
    """
    root = xml_root(xml_text(parts, "content.xml"), "content.xml")
    hidden = {
        style.get(_STYLE + "name", "")
        for style in root.iterfind("{*}automatic-styles/{*}style")
        if any(item.get(_TABLE + "display") == "false" for item in style)
    }
    tables = bounded(root.findall("{*}body/{*}spreadsheet/{*}table"))
    names = {
        item.get(_TABLE + "name", ""): text
        for item in root.iterfind("{*}body/{*}spreadsheet/{*}named-expressions/{*}named-expression")
        if (text := constant(item.get(_TABLE + "expression", "").removeprefix("of:="))) is not None
    }
    grids = [_sheet(table, table.get(_TABLE + "style-name", "") in hidden).grid() for table in tables]
    quoted = (note("comment", part) for item in root.iter("{*}annotation") for part in item.iterfind("{*}p"))
    notes = tuple(islice(quoted, MOST_NOTES))
    properties, saved = _properties(parts)
    return Workbook("ods", tuple(grids), saved, properties, names, notes)


def _sheet(table: "Element", hidden: bool) -> RawSheet:  # noqa: FBT001 - the record's own field
    """Read the cells of a table; repetitions count only where there is a value to repeat."""
    sheet = RawSheet(table.get(_TABLE + "name", ""), hidden)
    row = 0
    for line in _rows(table):
        rows = _count(line, "number-rows-repeated")
        column = 0
        for cell in line:
            columns = _count(cell, "number-columns-repeated")
            text, kind, cached = _cell(cell)
            if text:
                if len(sheet.texts) + rows * columns > MAX_CELLS:
                    check_area(sheet.name, row + rows, MAX_CELLS)
                places = [(each, other) for each in range(row, row + rows) for other in range(column, column + columns)]
                sheet.texts |= dict.fromkeys(places, text)
                sheet.kinds |= dict.fromkeys(places if kind else (), kind)
                sheet.cached |= dict.fromkeys(places if cached is not None else (), cached or "")
            below, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            if below > 1 or right > 1:
                sheet.merges.append((row, column, row + below - 1, column + right - 1))
            column += columns
        row += rows
    return sheet


def _rows(table: "Element") -> Iterator["Element"]:
    for item in table:
        tag = _tag(item)
        if tag == "table-row":
            yield item
        elif tag in ("table-header-rows", "table-row-group", "table-rows"):
            yield from _rows(item)


def _cell(cell: "Element") -> tuple[str, str, str | None]:
    """Give text, kind, and what a formula came to (None where it is no formula)."""
    kind = cell.get(_OFFICE + "value-type", "")
    text = cell.get(_OFFICE + "string-value") or "\n".join(map(_paragraph, cell.iterfind("{*}p")))
    mark = {"float": "n", "currency": "n", "percentage": "n", "date": "d", "time": "d", "boolean": "b"}.get(kind, "")
    if kind in ("float", "currency"):
        text = number_text(cell.get(_OFFICE + "value", text))
    elif kind == "percentage":
        text = percent_text(cell.get(_OFFICE + "value", text))
    elif kind in ("date", "time"):
        text = iso_text(cell.get(f"{_OFFICE}{kind}-value", text))
    elif kind == "boolean":
        text = cell.get(_OFFICE + "boolean-value", text).upper()
    elif cell.get(_CALCEXT + "value-type") == "error":
        mark = "e"
    formula = cell.get(_TABLE + "formula")
    return (text, mark, None) if formula is None else ("=" + formula.partition("=")[2], "f", text)


def _paragraph(paragraph: "Element") -> str:
    """Give the text of a paragraph, notes left out.

    White space is taken as it stands. The standard would collapse it (part 3, 6.1.2), but LibreOffice neither does so
    nor writes what it means as elements: seen in cells of several lines. Only what indents the XML is collapsed: blanks
    with a line end among them, which LibreOffice never writes there.
    """
    pieces = [_unindented(paragraph.text)]
    for item in paragraph.iterdescendants():
        tag = _tag(item)
        if tag == "s":
            pieces.append(" " * min(_count(item, "c", _TEXT), _MOST_BLANKS))
        else:
            pieces.append({"tab": "\t", "line-break": "\n"}.get(tag) or _unindented(item.text))
        pieces.append(_unindented(item.tail))
    text = "".join(pieces)
    return re.sub(r"\0+", " ", _FOLDS.sub("", text)) if _FOLD in text else text


def _unindented(text: str | None) -> str:
    return _INDENT.sub(_FOLD, text) if text and "\n" in text else text or ""


def _properties(parts: Parts) -> tuple[dict[str, str], str]:
    """Read the user-defined properties, the keywords and the time of saving; hints, as in .xlsx."""
    try:
        root = xml_root(xml_text(parts, "meta.xml"), "meta.xml")
    except Refused:
        return {}, ""
    properties = {item.get(_META + "name", ""): all_text(item) for item in root.iter("{*}user-defined")}
    if keywords := [item.text for item in root.iter("{*}keyword") if item.text]:
        properties["keywords"] = " ".join(keywords)
    saved = next((item.text or "" for item in root.iter("{*}date")), "")
    return properties, time_of_saving(saved)


def _count(element: "Element", name: str, space: str = _TABLE) -> int:
    """Read how often something is repeated; at least once, and never more than a sheet has rows."""
    written = element.get(space + name, "1")
    return max(1, min(int(written), 1 << 20)) if written.isdecimal() and len(written) < 9 else 1  # noqa: PLR2004


def _tag(item: "Element") -> str:
    return str(item.tag).rpartition("}")[2]
