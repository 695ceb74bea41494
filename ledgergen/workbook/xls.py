"""Read an .xls ([MS-XLS]) through calamine; what calamine drops is laid over what it gives."""

import io
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from ledgergen.workbook.compound import Compound
from ledgergen.workbook.grid import Workbook, duration_text, number_text
from ledgergen.workbook.inspect import Refused
from ledgergen.workbook.iso import iso_text
from ledgergen.workbook.raw_sheet import RawSheet, bounded
from ledgergen.workbook.xls_records import XlsCells, look_into_xls

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def read_xls(data: bytes) -> Workbook:
    """Read an .xls; or say what else the OLE container is.

    Raises:
        Refused: ``file-encrypted``, ``file-not-a-workbook``, and what else is wrong.
    """
    compound = Compound(data)
    if "EncryptedPackage" in compound:
        raise Refused("file-encrypted")
    stream = next((name for name in ("Workbook", "Book") if name in compound), None)
    if stream is None:
        raise Refused("file-not-a-workbook", kind=compound.kind())
    looked_into = look_into_xls(compound.stream(stream))
    sheets = _through_calamine(data, stream)
    if looked_into and len(looked_into) == len(sheets):
        for sheet, cells in zip(sheets, looked_into, strict=True):
            if sheet:
                _overlay(sheet, cells)
    found = bounded([sheet for sheet in sheets if sheet])
    notes = ("formulas",) if looked_into is None or any(sheet.cached for sheet in found) else ()
    return Workbook("xls", tuple(sheet.grid() for sheet in found), notes=notes)


def _through_calamine(data: bytes, stream: str) -> list[RawSheet | None]:
    """Read each sheet of an .xls; None for those that hold charts or macros."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            _sheet(RawSheet(about.name, about.visible != SheetVisibleEnum.Visible), book, position)
            if about.typ == SheetTypeEnum.WorkSheet  # equal, not the same: calamine 0.4 makes them anew
            else None
            for position, about in enumerate(book.sheets_metadata)
        ]
    except PasswordError as fault:
        raise Refused("file-encrypted") from fault
    except CalamineError as fault:
        raise Refused("file-damaged", part=stream) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # what a panic in Rust becomes; seen: on an .xls that breaks off
            raise
        raise Refused("file-damaged", part=stream) from fault


def _sheet(sheet: RawSheet, book: "CalamineWorkbook", position: int) -> RawSheet:
    """Spell the values that calamine gives of a sheet; an .xls holds every number as a float, so 15 digits are true."""
    found = book.get_sheet_by_index(position)
    for row, line in enumerate(found.to_python(skip_empty_area=False)):
        for column, value in enumerate(line):
            text, kind = (value, "") if isinstance(value, str) else _text(value)
            if text:
                sheet.texts[row, column] = text
            if kind:
                sheet.kinds[row, column] = kind
    sheet.merges = [(*first, *last) for first, last in found.merged_cell_ranges or ()]
    return sheet


def _text(value: float | date | time | timedelta) -> tuple[str, str]:
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "b"
    if isinstance(value, int | float):
        return number_text(repr(value)), "n"
    if isinstance(value, timedelta):
        return duration_text(str(value / timedelta(days=1))) or str(value), "d"
    return iso_text(value.isoformat()), "d"


def _overlay(sheet: RawSheet, cells: XlsCells) -> None:
    """Lay formulas and error cells over what calamine gave."""
    for place, text in cells.formulas.items():
        sheet.cached[place] = sheet.texts.get(place, "") if text is None else text
        sheet.texts[place], sheet.kinds[place] = "=", "f"
    sheet.texts |= cells.errors
    sheet.kinds |= dict.fromkeys(cells.errors, "e")
