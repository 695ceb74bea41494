"""A unit's standing ledger (附件2): its tasks and measures as they stand, in the plain form, for the unit to keep.

It is no ledger to be filled and returned: it has no codes, no yellow cells and no protection, so that a unit may print
it, publish it or go on with it. The titles of its columns are those of the layout ``plain``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final

from ledgergen.report.formats import report_formats
from ledgergen.report.tablesheet import HEADER_ROW, NOTE_ROW, TITLE_ROW, ReportBook
from ledgergen.state.entries import Entry
from ledgergen.state.picture import Assessed
from ledgergen.workbook.layout import Column, Layout
from ledgergen.workbook.sheets import Area, CellFormat, CheckedWorkbook, Page, Properties, SheetWriter

FORM: Final = "plain"  # the layout whose columns these are
_CODE: Final = "code"
_OF_TASK: Final = frozenset({"seq", "task", "task_full", "requirement", "time_limit", "plan_no", "role"})
_MIDDLE: Final = 20.0  # characters: narrower columns hold words, which stand in the middle
_TITLE: Final = 42.0
_HEADER: Final = 30.0


def standing_ledger(items: Sequence[Assessed], layout: Layout, title: str, note: str, dated: date) -> bytes:
    """Write the workbook of a unit's assignments, in their order; the same state gives the same bytes."""
    columns = [column for column in layout.columns if column.id != _CODE]
    book = CheckedWorkbook(Properties(title, dated), _formats(layout))
    paper = ReportBook(book, _formats(layout), title)
    sheet = book.sheet(layout.sheet)
    last = len(columns) - 1
    widths = [column.width for column in columns]
    for index, width in enumerate(widths):
        sheet.columns(index, index, width)
    sheet.row(TITLE_ROW, max(_TITLE, paper.height([(title, sum(widths), "title")])))
    sheet.merge(Area(TITLE_ROW, 0, TITLE_ROW, last), title, "title")
    sheet.row(NOTE_ROW, paper.height([(note, sum(widths), "note")]))
    sheet.merge(Area(NOTE_ROW, 0, NOTE_ROW, last), note, "note")
    sheet.row(HEADER_ROW, _HEADER)
    for index, column in enumerate(columns):
        sheet.write_string(HEADER_ROW, index, column.title, "header")
    row = HEADER_ROW + 1
    for number, (_, found) in enumerate(groupby(_entries(items), key=lambda entry: entry.row.task), start=1):
        row = _write_task(paper, sheet, columns, row, (number, list(found)))
    sheet.freeze(HEADER_ROW + 1, 0)
    sheet.page(Page(footer=paper.page_footer(), repeated=(HEADER_ROW, HEADER_ROW)))
    return book.to_bytes()


def _entries(items: Sequence[Assessed]) -> Iterator[Entry]:
    return (entry for item in items for entry in item.progress.entries)


def _write_task(
    paper: ReportBook, sheet: SheetWriter, columns: Sequence[Column], first: int, task: tuple[int, list[Entry]]
) -> int:
    """Write the rows of a task, what is the task's merged over its measures; give the row behind them."""
    number, entries = task
    shared = [index for index, column in enumerate(columns) if column.id in _OF_TASK]
    texts = [[_text(entry, column, number) for column in columns] for entry in entries]
    whole = paper.height((texts[0][index], columns[index].width, _look(columns[index])) for index in shared)
    for offset, row in enumerate(texts):
        own = [(row[index], column.width, _look(column)) for index, column in enumerate(columns) if index not in shared]
        sheet.row(first + offset, max(paper.height(own), whole / len(texts)))
        for index, column in enumerate(columns):
            if index not in shared:
                sheet.write_string(first + offset, index, row[index], _look(column))
    last = first + len(texts) - 1
    for index in shared:
        sheet.merge(Area(first, index, last, index), texts[0][index], _look(columns[index]))
    return last + 1


def _text(entry: Entry, column: Column, number: int) -> str:
    """Give what stands in a column; the unit's own limit where it set one, else the plan's."""
    if column.id == "seq":
        return str(number)
    if column.id == "unit_limit":
        return entry.text("unit_limit") or entry.row.text("time_limit")
    return entry.row.text(column.id) if column.id in _OF_TASK else entry.text(column.id)


def _look(column: Column) -> str:
    return "mid" if column.width < _MIDDLE else "text"


def _formats(layout: Layout) -> Mapping[str, CellFormat]:
    """Give the formats: those of the reports, in the sizes of the form."""
    formats = dict(report_formats(layout.style))
    style = layout.style
    for name in ("text", "mid"):
        formats[name] = replace(formats[name], size=style.body_size)
    formats["header"] = replace(formats["header"], size=style.header_size)
    formats["title"] = replace(formats["title"], size=style.title_size)
    return formats
