"""Write the workbook in which a clerk edits plan and units: one sheet per table, every cell a text.

White cells are to be edited, grey ones are shown only; what is marked 待核 asks for an answer in yellow. Nothing is
locked and nothing in the tables merged, so that rows can be sorted, filtered, inserted and deleted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from ledgergen.plan.fields import FACTS, Content
from ledgergen.workbook import limits, look
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.plan_book import (
    CONTENT,
    DOUBT,
    FACT_SHEET,
    FACT_TITLES,
    HELP,
    HELP_SHEET,
    ITEM,
    KEY,
    NUMBER_LABEL,
    OPINIONS,
    PROPERTY,
    SETTLED,
    SHEETS,
    TALLY,
    BookColumn,
    BookSheet,
    shown,
)
from ledgergen.workbook.sheets import Area, CellFormat, CheckedWorkbook, Page, Properties, SheetWriter, literal

TITLE_ROW, NOTE_ROW, NUMBER_ROW, HEADER_ROW = range(4)
_TITLE: Final = 30.0  # points, at least
_SPARE: Final = 200  # rows below the last one that have lists and hints too
_EMPTY: Final = 9.0  # characters
_BUTTON: Final = 2.6  # characters that the filter's button takes
_LINE: Final = "#A6A6A6"
_NUMBER: Final = re.compile("0|[1-9][0-9]{0,8}")
_SORTED_AS_NUMBERS: Final = frozenset({"id", KEY, TALLY})  # as texts they would sort 1, 10, 2
_GREY: Final = "#595959"
_BODY: Final = 10.5


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row to be written: what names it, its fields, and the texts of the computed columns by their keys."""

    key: str
    values: Mapping[str, Content]
    computed: Mapping[str, str]


def write_plan_book(
    title: str, number: str, pages: Mapping[str, Sequence[BookRow]], dated: date, kinds: Sequence[str] = ()
) -> bytes:
    """Write the workbook; the same input gives the same bytes.

    Args:
        title: the plan's.
        number: the workbook's own (表格编号), by which it is known what it was made of.
        pages: the rows by the table's key; the facts are one row.
        dated: the day in the file's properties.
        kinds: the kinds of units to offer.
    """
    mark = {PROPERTY: number, REPORT_PROPERTY: f"plan|{number}"}
    formats = _formats()
    book = CheckedWorkbook(Properties(f"{title} 任务和单位", dated, subject=number, custom=mark), formats)
    for sheet in SHEETS:
        rows = pages.get(sheet.table.key, ())
        writer = book.sheet(sheet.name)
        _Page(writer, _used(sheet, rows), formats, number, kinds).write(rows)
    _write_help(book.sheet(HELP_SHEET), formats)
    return book.to_bytes()


def _used(sheet: BookSheet, rows: Sequence[BookRow]) -> BookSheet:
    """Leave out the column of opinions where nobody was asked, and make columns narrow in which nothing stands."""
    if sheet is FACT_SHEET:
        return sheet
    filled = {key for row in rows for key, value in (*row.values.items(), *row.computed.items()) if value}
    columns = [column for column in sheet.columns if column.key != OPINIONS or OPINIONS in filled]
    kept = {*filled, KEY, SETTLED}
    narrow = (each if each.key in kept else replace(each, width=min(each.width, _EMPTY)) for each in columns)
    return replace(sheet, columns=tuple(narrow))


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet in the making."""

    writer: SheetWriter
    sheet: BookSheet
    formats: Mapping[str, CellFormat]
    number: str
    kinds: Sequence[str]

    def write(self, rows: Sequence[BookRow]) -> None:
        lines = list(_fact_lines(rows)) if self.sheet.table is FACTS else [self._line(row) for row in rows]
        self._write_top()
        for index, line in enumerate(lines, start=HEADER_ROW + 1):
            self._write_line(index, line)
        last = HEADER_ROW + len(lines)
        table = Area(HEADER_ROW, 0, max(last, HEADER_ROW), len(self.sheet.columns) - 1)
        if self.sheet.table is not FACTS:
            self.writer.autofilter(table)
            self._offer(last)
        self.writer.numbers_as_text(table)
        self.writer.freeze(HEADER_ROW + 1, self.sheet.frozen if self.sheet.table is not FACTS else 0)
        footer = f"&L&8 {literal(NUMBER_LABEL)}：{literal(self.number)}&C&9第 &P 页  共 &N 页"
        self.writer.page(Page(self.sheet.paper, footer=footer, repeated=(HEADER_ROW, HEADER_ROW)))

    def _line(self, row: BookRow) -> dict[str, str]:
        fields = {field.key: field for field in self.sheet.table.fields}
        texts = {key: shown(row.values.get(key, ""), field) for key, field in fields.items()}
        return {**texts, **row.computed, KEY: row.key}

    def _write_top(self) -> None:
        last = len(self.sheet.columns) - 1
        for index, column in enumerate(self.sheet.columns):
            self.writer.columns(index, index, column.width, "shown" if column.computed else "text")
        whole = sum(column.width for column in self.sheet.columns)
        for row, (text, name) in enumerate(
            (
                (self.sheet.name, "title"),
                (self.sheet.about, "note"),
                (f"{NUMBER_LABEL}：{self.number}", "number"),
            )
        ):
            height = look.row_height([(text, whole, self.formats[name].size, 1)])
            self.writer.row(row, max(height, _TITLE) if row == TITLE_ROW else height, "free")
            self.writer.merge(Area(row, 0, row, last), text, name)
        titles = [(each.title, max(each.width - _BUTTON, _BUTTON), _BODY, 1) for each in self.sheet.columns]
        self.writer.row(HEADER_ROW, look.row_height(titles) + 4, "free")
        for index, column in enumerate(self.sheet.columns):
            self.writer.write_string(HEADER_ROW, index, column.title, "header")

    def _write_line(self, index: int, line: Mapping[str, str]) -> None:
        columns = self.sheet.columns
        cells = [
            (line.get(column.key, ""), column.width, self.formats[_look(column, line)].size, 1) for column in columns
        ]
        self.writer.row(index, look.row_height(cells), "text", grows=True)
        for place, column in enumerate(columns):
            text, name = line.get(column.key, ""), _look(column, line)
            if column.key in _SORTED_AS_NUMBERS and _NUMBER.fullmatch(text):
                self.writer.write_number(index, place, int(text), f"{name}_number")
            else:
                self.writer.write_string(index, place, text, name)

    def _offer(self, last: int) -> None:
        """Show a hint beside every column that is to be edited, and lists where there are few answers."""
        for index, column in enumerate(self.sheet.columns):
            choices = tuple(self.kinds) if column.key == "kind" else column.choices
            area = Area(HEADER_ROW + 1, index, last + _SPARE, index)
            title = limits.cut(column.title, limits.PROMPT_TITLE, "…")
            if choices and limits.length(",".join(choices)) <= limits.LIST and not any("," in each for each in choices):
                self.writer.choices(area, choices, column.hint, title)
            elif column.hint:
                self.writer.prompt(area, column.hint, title)


def _look(column: BookColumn, line: Mapping[str, str]) -> str:
    """Name the format of a cell."""
    if column.key == KEY:
        return "key"
    if column.key == SETTLED:
        return "asked" if line.get(DOUBT) else "text_mid"
    if column.key == DOUBT and line.get(DOUBT):
        return "doubt"
    return ("shown" if column.computed else "text") + ("_mid" if column.centred else "")


def _fact_lines(rows: Sequence[BookRow]) -> list[dict[str, str]]:
    """Give the facts of the plan one below the other."""
    values = rows[0].values if rows else {}
    return [
        {ITEM: FACT_TITLES[field.key], CONTENT: shown(values.get(field.key, ""), field), KEY: field.key}
        for field in FACTS.fields
    ]


def _write_help(sheet: SheetWriter, formats: Mapping[str, CellFormat]) -> None:
    sheet.columns(0, 0, 5, "free")
    sheet.columns(1, 1, 100, "free")
    sheet.row(0, _TITLE, "free")
    sheet.merge(Area(0, 0, 0, 1), "怎样改这张表", "title")
    for row, line in enumerate(HELP, start=1):
        sheet.row(row, look.row_height([(line, 100, formats["help"].size, 1)]) + 6, "free")
        sheet.write_number(row, 0, row, "help_mid")
        sheet.write_string(row, 1, line, "help")
    sheet.page(Page("A4", landscape=True))


def _formats() -> Mapping[str, CellFormat]:
    text = CellFormat("仿宋_GB2312", _BODY, border=_LINE, number="@", locked=False)
    computed = replace(text, colour=_GREY, fill="#F2F2F2")
    note = CellFormat("仿宋_GB2312", 10, sides=(), colour=_GREY)
    formats = {
        "free": replace(text, sides=()),
        "title": CellFormat("方正小标宋简体", 18, sides=(), align="center"),
        "note": note,
        "number": replace(note, font="", size=8, align="right", colour="#808080"),
        "header": CellFormat("黑体", _BODY, align="center", border=_LINE, fill="#E7ECF2"),
        "text": text,
        "text_mid": replace(text, align="center"),
        "shown": computed,
        "shown_mid": replace(computed, align="center"),
        "doubt": replace(computed, colour="#9C5700"),
        "asked": replace(text, align="center", fill="#FFF8D6"),
        "key": replace(computed, font="", size=8, align="center", colour="#808080"),
        "help": CellFormat("仿宋_GB2312", 12, sides=()),
        "help_mid": CellFormat("仿宋_GB2312", 12, sides=(), align="center"),
    }  # fmt: skip
    numbers = {f"{name}_number": replace(formats[name], number="General") for name in ("text_mid", "shown_mid", "key")}
    return MappingProxyType({**formats, **numbers})
