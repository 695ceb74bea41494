"""Give the table of an office's own form as many rows as a ledger has, and move what stands below.

openpyxl's own insertion of rows moves cells and nothing else: merged ranges, heights, lists, conditional formats, print
areas and page breaks stay behind. Rows count from 0 here, as in :class:`~.own_form.Places`; openpyxl's from 1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.own_form_body import Body

# A text, a reference to another sheet, a function or a name; else a cell or a range of cells.
_REFERENCE: Final = re.compile(
    r"""(?P<skip>"[^"]*"|'[^']*'![$A-Z0-9:]+|[^\W\d][\w.]*![$A-Z0-9:]+|\w+\()"""
    r"""|(?P<left>\$?\b[A-Z]{1,3}\$?)(?P<top>\d{1,7})(?::(?P<right>\$?[A-Z]{1,3}\$?)(?P<bottom>\d{1,7}))?\b"""
)

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.dimensions import RowDimension
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the rows that a form has drawn to those of a ledger: ``count`` of them."""

    body: Body
    count: int

    @property
    def shift(self) -> int:
        """Give by how many rows everything below the table moves."""
        return self.body.first + self.count - self.body.foot

    def moved(self, row: int) -> int:
        """Give where a row outside the table comes to stand."""
        return row + self.shift if row >= self.body.foot else row

    def spanned(self, top: int, bottom: int) -> tuple[int, int] | None:
        """Give what a range of rows becomes; one that touches the table covers all of its rows from then on."""
        body = self.body
        if bottom < body.first or top >= body.foot:
            return self.moved(top), self.moved(bottom)
        start = min(top, body.first)
        end = self.moved(bottom) if bottom >= body.foot else body.first + self.count - 1
        return (start, end) if end >= start else None


def stretch(sheet: "Worksheet", by: Stretch) -> None:
    """Take the drawn rows out, move what stands below, and let every range that covered them cover the new ones."""
    first, foot = by.body.first + 1, by.body.foot + 1
    _move_merged(sheet, by)
    cells = sheet._cells  # noqa: SLF001 - openpyxl moves ranges only by making each of their cells
    for place in [place for place in cells if first <= place[0] < foot]:
        del cells[place]
    below = sorted((place for place in cells if place[0] >= foot), reverse=by.shift > 0)
    for row, column in below:
        cell = cells.pop((row, column))
        cell.row = row + by.shift
        cells[row + by.shift, column] = cell
    _move_formulas(sheet, by)
    _move_heights(sheet, by)
    _move_rules(sheet, by)
    _move_breaks(sheet, by)


def stretched_formula(formula: str, by: Stretch) -> str:
    """Let the references of a formula follow what they speak of; texts in it, and other sheets, are left alone."""

    def followed(found: re.Match[str]) -> str:
        if found["skip"]:
            return found[0]
        top, bottom = int(found["top"]) - 1, int(found["bottom"] or found["top"]) - 1
        rows = by.spanned(top, bottom) if found["bottom"] else (by.moved(top), 0)
        if rows is None:
            return found[0]
        last = f":{found['right']}{rows[1] + 1}" if found["bottom"] else ""
        return f"{found['left']}{rows[0] + 1}{last}"

    return _REFERENCE.sub(followed, formula)


def _move_formulas(sheet: "Worksheet", by: Stretch) -> None:
    for cell in sheet._cells.values():  # noqa: SLF001 - as above
        if cell.data_type == "f" and isinstance(cell.value, str):
            cell.value = stretched_formula(cell.value, by)


def _move_merged(sheet: "Worksheet", by: Stretch) -> None:
    for area in list(sheet.merged_cells.ranges):
        if area.max_row > by.body.first and area.min_row <= by.body.foot:
            sheet.unmerge_cells(area.coord)
        elif area.min_row > by.body.foot:
            sheet.merged_cells.remove(area)
            area.shift(row_shift=by.shift)
            sheet.merged_cells.add(area)


def _move_heights(sheet: "Worksheet", by: Stretch) -> None:
    rows: dict[int, RowDimension] = dict(sheet.row_dimensions.items())
    for row in rows:
        if row > by.body.first:
            del sheet.row_dimensions[row]
    for row, dimension in rows.items():
        if row > by.body.foot:
            dimension.index = row + by.shift
            sheet.row_dimensions[row + by.shift] = dimension


def _move_rules(sheet: "Worksheet", by: Stretch) -> None:
    """Move lists, conditional formats and the print area."""
    from openpyxl.formatting.formatting import ConditionalFormattingList
    from openpyxl.worksheet.cell_range import MultiCellRange

    for rule in list(sheet.data_validations.dataValidation):
        rule.sqref = MultiCellRange(" ".join(_stretched(rule.sqref.ranges, by)))
        if not rule.sqref.ranges:
            sheet.data_validations.dataValidation.remove(rule)
    kept = ConditionalFormattingList()
    for formatting in sheet.conditional_formatting:
        areas = " ".join(_stretched(formatting.sqref.ranges, by))
        for rule in formatting.rules if areas else ():
            kept.add(areas, rule)
    sheet.conditional_formatting = kept


def _stretched(areas: "set[CellRange]", by: Stretch) -> Iterator[str]:
    for area in sorted(areas, key=lambda each: (each.min_row, each.min_col)):
        rows = by.spanned(area.min_row - 1, area.max_row - 1)
        if rows:
            yield _range(rows[0] + 1, area.min_col, rows[1] + 1, area.max_col)


def print_areas(sheet: "Worksheet", by: Stretch) -> list[str]:
    """Give the print areas as they stand after stretching; none where the form names none."""
    from openpyxl.worksheet.cell_range import CellRange

    found: list[str] = []
    for written in filter(None, (sheet.print_area or "").split(",")):
        area = CellRange(written.rpartition("!")[2].replace("$", ""))
        found += _stretched({area}, by)
    return found


def _move_breaks(sheet: "Worksheet", by: Stretch) -> None:
    for page_break in sheet.row_breaks.brk:
        if page_break.id > by.body.foot:
            page_break.id += by.shift


def _range(top: int, left: int, bottom: int, right: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
