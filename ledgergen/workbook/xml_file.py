"""Read a spreadsheet of plain XML: Excel 2003's SpreadsheetML, which web systems write as .xls, and flat .fods."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.beside import MOST_NOTES, all_text, constant, note, time_of_saving
from ledgergen.workbook.grid import MAX_CELLS, Workbook, cell_name, number_text
from ledgergen.workbook.inspect import Refused, xml_root, xml_text
from ledgergen.workbook.iso import iso_text
from ledgergen.workbook.raw_sheet import RawSheet, bounded

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_OPEN_DOCUMENT: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}document"
_PART: Final = "xml"
_ROWS, _COLUMNS = 1_048_576, 16_384


def read_xml(data: bytes) -> Workbook:
    """Read a spreadsheet that is one XML file.

    Raises:
        Refused: ``file-not-a-workbook``, it is other XML; and what else is wrong.
    """
    root = xml_root(xml_text({_PART: data}, _PART), _PART)
    if root.tag == _OPEN_DOCUMENT and root.find("{*}body/{*}spreadsheet") is not None:
        from ledgergen.workbook.ods import read_ods

        return read_ods({"content.xml": data})
    if root.tag != _SS + "Workbook":
        raise Refused("file-not-a-workbook", kind="XML")
    sheets = [_sheet(item) for item in bounded(root.findall(_SS + "Worksheet"))]
    names = {
        item.get(_SS + "Name", ""): text
        for item in root.iterfind(f"{_SS}Names/{_SS}NamedRange")
        if (text := constant(item.get(_SS + "RefersTo", "").removeprefix("="))) is not None
    }
    custom = root.find("{*}CustomDocumentProperties")
    properties = {str(item.tag).rpartition("}")[2]: all_text(item) for item in (custom if custom is not None else ())}
    if keywords := root.findtext("{*}DocumentProperties/{*}Keywords"):
        properties["keywords"] = keywords
    saved = time_of_saving(root.findtext("{*}DocumentProperties/{*}LastSaved", ""))
    notes = tuple(islice(_notes(root), MOST_NOTES))
    return Workbook("xml", tuple(sheet.grid() for sheet in sheets), saved, properties, names, notes)


def _sheet(worksheet: "Element") -> RawSheet:
    hidden = worksheet.findtext("{*}WorksheetOptions/{*}Visible", "SheetVisible") != "SheetVisible"
    sheet = RawSheet(worksheet.get(_SS + "Name", ""), hidden)
    row = -1
    for line in worksheet.iterfind(f"{_SS}Table/{_SS}Row"):
        row = _next(line, row)
        column = -1
        for cell in line.iterfind(_SS + "Cell"):
            column = _next(cell, column)
            if row >= _ROWS or column >= _COLUMNS:
                corner = cell_name(min(row, _ROWS - 1), min(column, _COLUMNS - 1))
                raise Refused("sheet-too-large", sheet=sheet.name, cell=corner, corner=corner, limit=MAX_CELLS)
            _fill(sheet, row, column, cell)
            across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
            if across or down:
                sheet.merges.append((row, column, row + down, column + across))
            column += across
        row += _number(line, "Span", 0)
    return sheet


def _fill(sheet: RawSheet, row: int, column: int, cell: "Element") -> None:
    data = cell.find("{*}Data")
    text, kind = _text(data) if data is not None else ("", "")
    if (formula := cell.get(_SS + "Formula")) is not None:
        sheet.cached[row, column] = text
        text, kind = "=" + formula.removeprefix("="), "f"
    if text:
        sheet.texts[row, column] = text
    if text and kind:
        sheet.kinds[row, column] = kind


def _text(data: "Element") -> tuple[str, str]:
    """Give a value's text and kind; dates are ISO there, booleans 0 and 1."""
    written = all_text(data)
    kind = data.get(_SS + "Type", "String")
    if kind == "Number":
        return number_text(written), "n"
    if kind == "DateTime":
        return iso_text(written), "d"
    if kind == "Boolean":
        return ("TRUE" if written.strip() == "1" else "FALSE"), "b"
    return written, "e" if kind == "Error" else ""


def _notes(root: "Element") -> Iterator[str]:
    for item in root.iter(_SS + "Comment"):
        yield note("comment", item)


def _next(element: "Element", last: int) -> int:
    """Give the place of a row or cell, counted from 0: behind the last one, unless it says how far behind.

    Raises:
        Refused: ``file-inconsistent``, it would lie on what was read already.
    """
    place = _number(element, "Index", last + 2) - 1
    if place <= last:
        raise Refused("file-inconsistent", part=_PART)
    return place


def _number(element: "Element", name: str, otherwise: int) -> int:
    """Read a whole number of an attribute; ``otherwise`` where there is none, at most one more than a sheet's rows."""
    written = element.get(_SS + name, "")
    return min(int(written), _ROWS + 1) if written.isdecimal() and len(written) < 9 else otherwise  # noqa: PLR2004
