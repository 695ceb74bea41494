"""Tasks × units (任务×单位): a sign for each assignment's state in the colour of its light, with the legend above."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ledgergen.records import Role
from ledgergen.report.formats import light_format, sign_format, state_format
from ledgergen.report.tablesheet import HEADER_ROW, ReportBook, write_top
from ledgergen.report.wording import DONE_IN_FULL, LIGHTS, SIGNS
from ledgergen.state.entries import DONE
from ledgergen.state.picture import Assessed, AssessedUnit, Picture
from ledgergen.workbook import limits, look
from ledgergen.workbook.sheets import Area, Page, SheetWriter

_NONE: Final = ("", "none")  # no such task
MOST_UNITS: Final = 16_000  # columns of one sheet; further units go on a further sheet
_TITLES: Final = (("总表序号", 5.5), ("工作任务", 20.0), ("任务状态", 10.0), ("预警灯", 7.0))
_UNIT_WIDTH: Final = 3.6
_UNITS_PER_PAGE: Final = 70
_BUTTON: Final = 16.0  # points at the foot of a column title that the filter's button covers
_LEGEND: Final = "图例：" + "  ".join(
    f"{sign} {DONE_IN_FULL if state == DONE else state}" for state, sign in SIGNS.items()
)
LEGEND: Final = f"{_LEGEND}  空白 无此任务  粗体 牵头单位  底色 该项的预警灯（红、黄、绿、灰）"


def write_matrix(
    paper: ReportBook, sheet: SheetWriter, heads: tuple[str, str], found: Picture, units: Sequence[AssessedUnit]
) -> None:
    """Write the matrix for some units: ``heads`` are title and note."""
    title, note = heads
    widths = [*(width for _, width in _TITLES), *[_UNIT_WIDTH] * len(units)]
    write_top(paper, sheet, (title, f"{note}\n{LEGEND}"), widths)
    _fold_kinds(sheet, units)
    _write_header(paper, sheet, [unit.unit for unit in units])
    row = HEADER_ROW
    for row, task in enumerate(found.tasks, start=HEADER_ROW + 1):
        sheet.row(row, paper.height([(task.name, _TITLES[1][1], "text")]))
        signs = {item.unit: _sign(item) for item in task.assignments}
        light = LIGHTS[task.light.colour]
        cells = [
            (task.number, "mid"),
            (task.name, "text"),
            (task.state, state_format(task.state)),
            (light, light_format(light)),
            *(signs.get(unit.unit, _NONE) for unit in units),
        ]
        values, looks = zip(*cells, strict=True)
        sheet.write_row(row, values, looks)
    _finish(paper, sheet, row, len(units))


def _sign(item: Assessed) -> tuple[str, str]:
    """Give the sign of an assignment's state, and its format."""
    return SIGNS.get(item.state, "推"), sign_format(item.light.colour, lead=item.role is Role.LEAD)


def _fold_kinds(sheet: SheetWriter, units: Sequence[AssessedUnit]) -> None:
    """Let the units of one kind fold away together, but for its first, where there is more than one kind."""
    if len({unit.kind for unit in units}) <= 1:
        return
    for column, (before, unit) in enumerate(pairwise(units), start=len(_TITLES) + 1):
        if before.kind == unit.kind:
            sheet.columns(column, column, _UNIT_WIDTH, level=1)


def _write_header(paper: ReportBook, sheet: SheetWriter, units: Sequence[str]) -> None:
    size = paper.formats["stacked"].size
    most = int((limits.ROW_HEIGHT - _BUTTON - look.CELL_PADDING) // (look.height_of_lines(1, size) - look.CELL_PADDING))
    names = [name if len(name) <= most else name[: most - 1] + "…" for name in units]
    sheet.row(HEADER_ROW, look.height_of_lines(max(map(len, names), default=1), size) + _BUTTON)
    for column, (title, _) in enumerate(_TITLES):
        sheet.write_string(HEADER_ROW, column, title, "header")
    for column, name in enumerate(names, start=len(_TITLES)):
        sheet.write_string(HEADER_ROW, column, name, "stacked")


def _finish(paper: ReportBook, sheet: SheetWriter, last: int, units: int) -> None:
    left = len(_TITLES)
    sheet.autofilter(Area(HEADER_ROW, 0, last, left + units - 1))
    sheet.numbers_as_text(Area(HEADER_ROW, 0, last, 0))
    sheet.freeze(HEADER_ROW + 1, left)
    sheet.page(
        Page(
            footer=paper.page_footer(),
            pages=(max(1, math.ceil(units / _UNITS_PER_PAGE)), 0),
            repeated=(HEADER_ROW, HEADER_ROW),
            repeated_columns=(0, left - 1),
        )
    )
