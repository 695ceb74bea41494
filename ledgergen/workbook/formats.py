"""The cell formats of a ledger, in one table: few, and each with a name.

Yellow asks: a cell that the unit fills this round. Cream offers: known already, or for exceptions; it may be changed.
White is the office's. Grey texts are those of rows that are not due.
"""

import functools
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ledgergen.workbook.form import Form, SheetColumn
from ledgergen.workbook.layout import UNIT_COLUMNS, Asked, Column, HeadItem, Kind, Layout, Style
from ledgergen.workbook.sheet_values import CellFormat, Rule

LINE: Final = "#7F7F7F"
_GREY: Final = "#595959"
_PALE_GREY: Final = "#808080"
_HEAD_FILL: Final = "#E7ECF2"
_YELLOW: Final = "#FFF8D6"
_CREAM: Final = "#FFFEF5"
_BROWN: Final = "#9C5700"
_AS_TYPED: Final = "@"  # Excel would make a number of a telephone number and a date of 3.31
_NARROW: Final = 11.0  # characters: a column up to this width holds words, a wider one sentences

# Columns of the plan that say the same in every row of a task; they look like one merged block.
BLOCK_COLUMNS: Final = frozenset({"plan_no", "role", "task", "task_full", "requirement", "time_limit", *UNIT_COLUMNS})

WANTED: Final = Rule(fill=_YELLOW)  # of a cell that another answer has made one to be filled


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
        "head_asked": replace(head, fill=_YELLOW, locked=False),
        "head_known": replace(head, fill=_CREAM, locked=False),
        "note": note,
        "notice": replace(note, colour=_BROWN),
        "note_label": replace(note, font=style.header_font, align="center"),
        "header": CellFormat(style.header_font, style.header_size, align="center", border=LINE, fill=_HEAD_FILL),
        "free": free,
        "code": code,
        "foot_label": replace(head, sides=(), align="right"),
        "foot_value": replace(head, sides=("bottom",), locked=False),
        "mark": CellFormat(number=_AS_TYPED, sides=(), wrap=False),
    }
    for end, plain in (("mid", mid), ("left", left)):
        formats[f"office_{end}"] = replace(plain, number="General")
        formats[f"block_{end}"] = replace(plain, number="General", sides=open_sides)
        for name in ("office", "block"):
            formats[f"{name}_later_{end}"] = replace(formats[f"{name}_{end}"], colour=_PALE_GREY)
        formats[f"asked_{end}"] = replace(plain, fill=_YELLOW)
        formats[f"known_{end}"] = replace(plain, fill=_CREAM)
    return MappingProxyType(formats)


def column_formats(form: Form, *, due: bool) -> tuple[tuple[str, str], ...]:
    """Name the formats of each column's body cells, in rows that are due or not: of a blank and of a prefilled one."""
    return tuple(_of_column(place, form.layout, due=due) for place in form.columns)


def head_format(layout: Layout, item: HeadItem, text: str) -> str:
    """Name the format of a value of the head block."""
    if not item.is_input:
        return "head_value"
    return "head_asked" if layout.asks_item(item) and not text else "head_known"


def _of_column(place: SheetColumn, layout: Layout, *, due: bool) -> tuple[str, str]:
    column = place.column
    if place.source == "code":
        return "code", "code"
    end = "mid" if column.kind is not Kind.TEXT or column.width <= _NARROW else "left"
    if not column.is_input:
        name = _office_format(column, due=due)
        return f"{name}_{end}", f"{name}_{end}"
    if not (due and layout.asks(column)):
        return f"known_{end}", f"known_{end}"
    return f"asked_{end}", f"{'known' if column.asked is Asked.FIRST else 'asked'}_{end}"


def _office_format(column: Column, *, due: bool) -> str:
    return ("block" if column.id in BLOCK_COLUMNS else "office") + ("" if due else "_later")
