"""A sheet that is one table: title, a line about it, a header that stays in view, rows that can be sorted and filtered.

Rows are written as they come and are not kept, so a table may have as many as a sheet holds; what is beyond that goes
on a further sheet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from typing import Final, TypeAlias

from ledgergen.report.formats import light_format, state_format
from ledgergen.workbook import limits, look
from ledgergen.workbook.sheets import Area, CellFormat, CheckedWorkbook, Page, SheetWriter, literal

Value: TypeAlias = str | int | float

TITLE_ROW: Final = 0
NOTE_ROW: Final = 1
HEADER_ROW: Final = 2
_WIDEST_TITLE: Final = 300.0  # characters
_LEAST_TITLE: Final = 36.0
_LEAST_HEADER: Final = 28.0
_BUTTON: Final = 2.6  # characters of a title's width that LibreOffice gives to the filter's button
_MOST_ROWS: Final = limits.ROWS - HEADER_ROW - 1
_BY_VALUE: Final[Mapping[str, Callable[[str], str]]] = {"state": state_format, "light": light_format}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its title, its width in characters, the format of its cells (``state``, ``light``: of what it says).

    Columns of a ``level`` above 0 fold away behind the plus sign of the outline.
    """

    title: str
    width: float
    look: str = "text"
    level: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TableSheet:
    """What a sheet shows besides its rows; ``frozen`` columns on the left stay in view."""

    name: str
    title: str
    note: str
    columns: tuple[TableColumn, ...]
    frozen: int = 0


@dataclass(frozen=True, slots=True)
class ReportBook:
    """A workbook in the making, with its formats, and the text that stands in every footer."""

    book: CheckedWorkbook
    formats: Mapping[str, CellFormat]
    footer: str

    def height(self, cells: Iterable[tuple[str, float, str]]) -> float:
        """Give the height of a row of cells: text, width in characters, format."""
        return look.row_height((text, width, self.formats[name].size, 1) for text, width, name in cells)

    def page_footer(self) -> str:
        """Give the footer in Excel's codes: what it is on the left, the page on the right.

        A blank ends the size, or digits that follow would belong to it.
        """
        return f"&L&8 {literal(self.footer)}&R&9第 &P 页  共 &N 页"


def write_table(
    paper: ReportBook, table: TableSheet, rows: Iterable[Sequence[Value]], total: Sequence[Value] | None = None
) -> None:
    """Write a table; a row has a value for every column, texts are written as texts whatever they look like.

    ``total`` stands below the table, where sorting and filtering leave it alone.
    """
    left = iter(rows)
    part = 1
    while True:
        name = table.name if part == 1 else f"{table.name}（{part}）"
        sheet = paper.book.sheet(name)
        last = _write_sheet(paper, table, sheet, islice(left, _MOST_ROWS))
        following = next(left, None)
        if following is None:
            if total is not None:
                _write_total(paper, sheet, last + 1, total)
            return
        left, part = chain([following], left), part + 1


def write_top(paper: ReportBook, sheet: SheetWriter, heads: tuple[str, str], widths: Sequence[float]) -> None:
    """Write title and note above a table whose columns have these widths, and set these.

    They stand over the columns that a wide window shows, not in the middle of a thousand.
    """
    title, note = heads
    for index, width in enumerate(widths):
        sheet.columns(index, index, width)
    last = max(1, sum(total <= _WIDEST_TITLE for total in accumulate(widths))) - 1
    whole = sum(widths[: last + 1])
    sheet.row(TITLE_ROW, max(_LEAST_TITLE, paper.height([(title, whole, "title")])))
    sheet.merge(Area(TITLE_ROW, 0, TITLE_ROW, last), title, "title")
    sheet.row(NOTE_ROW, paper.height([(note, whole, "note")]))
    sheet.merge(Area(NOTE_ROW, 0, NOTE_ROW, last), note, "note")


def _write_sheet(paper: ReportBook, table: TableSheet, sheet: SheetWriter, rows: Iterable[Sequence[Value]]) -> int:
    columns = table.columns
    write_top(paper, sheet, (table.title, table.note), [column.width for column in columns])
    for index, column in enumerate(columns):
        if column.level or column.hidden:
            sheet.columns(index, index, column.width, hidden=column.hidden, level=column.level)
    titles = [(column.title, max(column.width - _BUTTON, _BUTTON), "header") for column in columns]
    sheet.row(HEADER_ROW, max(_LEAST_HEADER, paper.height(titles)))
    for index, column in enumerate(columns):
        sheet.write_string(HEADER_ROW, index, column.title, "header")
    last = _write_rows(paper, columns, sheet, rows)
    area = Area(HEADER_ROW, 0, last, len(columns) - 1)
    sheet.autofilter(area)
    sheet.numbers_as_text(area)
    sheet.freeze(HEADER_ROW + 1, table.frozen)
    printed = _printed(columns)
    paper_area = Area(TITLE_ROW, 0, last, printed - 1) if printed < len(columns) else None
    sheet.page(Page(footer=paper.page_footer(), repeated=(HEADER_ROW, HEADER_ROW), area=paper_area))
    return last


def _write_total(paper: ReportBook, sheet: SheetWriter, row: int, total: Sequence[Value]) -> None:
    sheet.row(row, paper.height([("合计", 10.0, "header")]))
    for index, value in enumerate(total):
        if isinstance(value, str):
            sheet.write_string(row, index, value, "header")
        else:
            sheet.write_number(row, index, value, "total")


def _printed(columns: Sequence[TableColumn]) -> int:
    """Count the columns that are printed: what folds away at the end is for the screen."""
    count = len(columns)
    while count > 1 and (columns[count - 1].level or columns[count - 1].hidden):
        count -= 1
    return count


def _write_rows(
    paper: ReportBook, columns: Sequence[TableColumn], sheet: SheetWriter, rows: Iterable[Sequence[Value]]
) -> int:
    """Write the body and give its last row; the header's where there is none."""
    row = HEADER_ROW
    looks = [column.look for column in columns]
    by_value = [(index, _BY_VALUE[name]) for index, name in enumerate(looks) if name in _BY_VALUE]
    sizes = [paper.formats[name].size for name in looks]
    measured = [
        (column.width, size, look.fitting(column.width, size)) for column, size in zip(columns, sizes, strict=True)
    ]
    least = max((look.row_height([("", 1, size, 1)]) for size in sizes), default=0.0)
    for row, values in enumerate(rows, start=HEADER_ROW + 1):
        # Most texts fit into a line; measuring only the others takes a third of the time off a large table.
        longer = [
            (value, width, size, 1)
            for value, (width, size, fits) in zip(values, measured, strict=True)
            if isinstance(value, str) and (len(value) > fits or "\n" in value)
        ]
        sheet.row(row, max(look.row_height(longer), least) if longer else least)
        shown = looks.copy()
        for index, format_of in by_value:
            value = values[index]
            if value and isinstance(value, str):
                shown[index] = format_of(value)
        sheet.write_row(row, values, shown)
    return row
