"""The cell formats of a ledger, in one table: few, and each with a name.

Yellow asks: a cell that the unit fills this round. Cream offers: known already, or for exceptions; it may be changed.
White is the office's.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ledgergen.workbook.form import SheetColumn
from ledgergen.workbook.layout import Asked, Kind, Style
from ledgergen.workbook.sheet_values import CellFormat

LINE: Final = "#7F7F7F"
_GREY: Final = "#595959"
_PALE_GREY: Final = "#808080"
_HEAD_FILL: Final = "#E7ECF2"
_YELLOW: Final = "#FFF8D6"
_CREAM: Final = "#FFFEF5"
_AS_TYPED: Final = "@"  # Excel would make a number of a telephone number and a date of 3.31
_NARROW: Final = 11.0  # characters: a column up to this width holds words, a wider one sentences

# Columns of the plan that say the same in every row of a task; they look like one merged block.
BLOCK_COLUMNS: Final = frozenset({"plan_no", "role", "task", "requirement", "time_limit"})


@functools.cache
def cell_formats(style: Style) -> Mapping[str, CellFormat]:
    """Give every format of a ledger by name."""
    free = CellFormat(style.body_font, style.body_size, sides=(), number=_AS_TYPED, locked=False)
    left = replace(free, sides=("left", "right", "top", "bottom"), border=LINE)
    mid = replace(left, align="center")
    code = replace(mid, font="", size=style.code_size, colour=_PALE_GREY)
    note = CellFormat(style.body_font, style.note_size, sides=(), colour=_GREY)
    head = CellFormat(style.body_font, style.head_size, border=LINE, number=_AS_TYPED)
    open_sides = ("left", "right")  # the lines above and below a block are drawn by rules
    formats = {
        "title": CellFormat(style.title_font, style.title_size, align="center", sides=()),
        "number": replace(note, font="", align="right", colour=_PALE_GREY),
        "label": replace(head, font=style.header_font, colour=_GREY, fill=_HEAD_FILL, align="center"),
        "head_value": head,
        "head_input": replace(head, fill=_YELLOW, locked=False),
        "note": note,
        "note_label": replace(note, font=style.header_font, align="center"),
        "header": CellFormat(style.header_font, style.header_size, align="center", border=LINE, fill=_HEAD_FILL),
        "free": free,
        "code": code,
        "mark": CellFormat(number=_AS_TYPED, sides=(), wrap=False),
    }
    for end, plain in (("mid", mid), ("left", left)):
        formats[f"office_{end}"] = replace(plain, number="General")
        formats[f"block_{end}"] = replace(plain, number="General", sides=open_sides)
        formats[f"asked_{end}"] = replace(plain, fill=_YELLOW)
        formats[f"known_{end}"] = replace(plain, fill=_CREAM)
    return MappingProxyType(formats)


def column_formats(columns: Iterable[SheetColumn]) -> tuple[tuple[str, str], ...]:
    """Name the formats of each column's body cells: of a blank one and of a prefilled one."""
    return tuple(_of_column(place) for place in columns)


def _of_column(place: SheetColumn) -> tuple[str, str]:
    column = place.column
    if place.source == "code":
        return "code", "code"
    end = "mid" if column.kind is not Kind.TEXT or column.width <= _NARROW else "left"
    match column.asked:
        case Asked.NEVER:
            name = "block" if column.id in BLOCK_COLUMNS else "office"
            return f"{name}_{end}", f"{name}_{end}"
        case Asked.FIRST:
            return f"asked_{end}", f"known_{end}"
        case Asked.EVERY:
            return f"asked_{end}", f"asked_{end}"
        case Asked.EXCEPTION:
            return f"known_{end}", f"known_{end}"
