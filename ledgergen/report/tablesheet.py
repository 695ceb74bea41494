"""A sheet that is one table: title, a line about it, a header that stays in view, rows that can be sorted and filtered.

Rows are written as they come and are not kept, so a table may have as many as a sheet holds; what is beyond that goes
on a further sheet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from typing import Final, TypeAlias

from ledgergen.report.formats import state_format
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


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its title, its width in characters, the format of its cells (``state``: of the state it says)."""

    title: str
    width: float
    look: str = "text"


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


def write_table(paper: ReportBook, table: TableSheet, rows: Iterable[Sequence[Value]]) -> None:
    """Write a table; a row has a value for every column, texts are written as texts whatever they look like."""
    left = iter(rows)
    part = 1
    while True:
        name = table.name if part == 1 else f"{table.name}（{part}）"
        _write_sheet(paper, table, paper.book.sheet(name), islice(left, _MOST_ROWS))
        following = next(left, None)
        if following is None:
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


def _write_sheet(paper: ReportBook, table: TableSheet, sheet: SheetWriter, rows: Iterable[Sequence[Value]]) -> None:
    columns = table.columns
    write_top(paper, sheet, (table.title, table.note), [column.width for column in columns])
    titles = [(column.title, max(column.width - _BUTTON, _BUTTON), "header") for column in columns]
    sheet.row(HEADER_ROW, max(_LEAST_HEADER, paper.height(titles)))
    for index, column in enumerate(columns):
        sheet.write_string(HEADER_ROW, index, column.title, "header")
    last = _write_rows(paper, columns, sheet, rows)
    area = Area(HEADER_ROW, 0, last, len(columns) - 1)
    sheet.autofilter(area)
    sheet.numbers_as_text(area)
    sheet.freeze(HEADER_ROW + 1, table.frozen)
    sheet.page(Page(footer=paper.page_footer(), repeated=(HEADER_ROW, HEADER_ROW)))


def _write_rows(
    paper: ReportBook, columns: Sequence[TableColumn], sheet: SheetWriter, rows: Iterable[Sequence[Value]]
) -> int:
    """Write the body and give its last row; the header's where there is none."""
    row = HEADER_ROW
    measured = [(column.width, paper.formats[column.look].size) for column in columns]
    for row, values in enumerate(rows, start=HEADER_ROW + 1):
        texts = zip(values, measured, strict=True)
        sheet.row(row, look.row_height((v, width, size, 1) for v, (width, size) in texts if isinstance(v, str)))
        for index, value in enumerate(values):
            name = columns[index].look
            if isinstance(value, str):
                sheet.write_string(row, index, value, state_format(value) if name == "state" else name)
            else:
                sheet.write_number(row, index, value, name)
    return row
