"""A table that asks a person to decide, as a workbook both ways: what is known stands there, yellow cells are asked.

Nothing is trusted to a position when it comes back: columns are known by their titles, rows by the key that they show,
the workbook by its number. The rows may be sorted, filtered, or left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.workbook import look
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.grid import Grid, Workbook, cell_name
from ledgergen.workbook.layout import Style
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import Area, CellFormat, CheckedWorkbook, Page, Properties, SheetWriter, literal

NUMBER_LABEL: Final = "表格编号"
_TITLE_ROW, _NOTE_ROW, _NUMBER_ROW, _HEADER_ROW = range(4)
_HEADER_WITHIN: Final = 30  # rows
_BODY: Final = 10.5
_BUTTON: Final = 2.6  # characters that the filter's button takes
_SPARE: Final = 100  # rows below the last that have lists too
_COMPUTED: Final = ("f", "e")


@dataclass(frozen=True, slots=True)
class ChoiceColumn:
    """One column; ``asked`` ones are for the clerk, ``choices`` are offered as a list."""

    id: str
    title: str
    width: float
    asked: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceTable:
    """What a table asks: its sheet's name and note, its columns, of which the first is the key of a row."""

    sheet: str
    note: str
    columns: tuple[ChoiceColumn, ...]

    @property
    def key(self) -> str:
        """Give the id of the column that names a row."""
        return self.columns[0].id


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """One row as it came back: its key, the texts by column id, and where they stand."""

    key: str
    texts: Mapping[str, str]
    places: Mapping[str, Where] = field(default_factory=dict)

    def where(self, column: str) -> Where:
        """Give the place of a cell."""
        return self.places[column]


def write_choices(table: ChoiceTable, title: str, number: str, rows: Sequence[Mapping[str, str]], dated: date) -> bytes:
    """Write the workbook; ``number`` says what it is and whose. The same input gives the same bytes."""
    formats = _formats()
    properties = Properties(title, dated, subject=number, custom={REPORT_PROPERTY: table.sheet})
    book = CheckedWorkbook(properties, formats)
    sheet = book.sheet(table.sheet)
    _write_top(sheet, table, (title, table.note, f"{NUMBER_LABEL}：{number}"))
    for index, row in enumerate(rows, start=_HEADER_ROW + 1):
        texts = [row.get(column.id, "") for column in table.columns]
        measured = zip(texts, table.columns, strict=True)
        sheet.row(index, look.row_height((text, column.width, _BODY, 1) for text, column in measured), grows=True)
        for place, (text, column) in enumerate(zip(texts, table.columns, strict=True)):
            sheet.write_string(index, place, text, "asked" if column.asked else "known")
    last = _HEADER_ROW + len(rows)
    area = Area(_HEADER_ROW, 0, last, len(table.columns) - 1)
    sheet.autofilter(area)
    sheet.numbers_as_text(area)
    sheet.freeze(_HEADER_ROW + 1, 1)
    for index, column in enumerate(table.columns):
        if column.choices and rows:
            sheet.choices(Area(_HEADER_ROW + 1, index, last + _SPARE, index), column.choices)
    footer = f"&L&8 {literal(NUMBER_LABEL)}：{literal(number)}&C&9第 &P 页  共 &N 页"
    sheet.page(Page("A3", footer=footer, repeated=(_HEADER_ROW, _HEADER_ROW)))
    return book.to_bytes()


def read_choices(
    workbook: Workbook, table: ChoiceTable, number: str, file: str
) -> tuple[list[ChosenRow] | None, list[Finding]]:
    """Read the rows back; None where the workbook holds no such table, or that of another campaign.

    Findings: ``choice-book-unrecognised``, ``choice-book-other``, ``choice-column-missing``, ``choice-row-twice``,
    ``choice-cell-computed``.
    """
    found = [(grid, *place) for grid in workbook.grids if (place := _header(grid, table))]
    if len(found) != 1:
        return None, [finding("choice-book-unrecognised", Where(file), sheet=table.sheet, count=len(found))]
    grid, header, places = found[0]
    where = Where(file, sheet=grid.name)
    shown = _number(grid, header)
    if shown and normalised(shown) != normalised(number):
        return None, [finding("choice-book-other", where, number=shown, wanted=number)]
    findings = [
        finding("choice-column-missing", where, title=column.title)
        for column in table.columns
        if column.asked and column.id not in places
    ]
    rows: dict[str, ChosenRow] = {}
    for index in range(header + 1, len(grid.rows)):
        row = _row(grid, index, places, table, file)
        if not row.key:
            continue
        if row.key in rows:
            findings.append(finding("choice-row-twice", row.where(table.key), key=row.key))
            continue
        rows[row.key] = row
        findings += [
            finding("choice-cell-computed", row.where(column.id), title=column.title)
            for column in table.columns
            if column.asked and grid.kinds.get((index, places.get(column.id, -1)), "") in _COMPUTED
        ]
    return list(rows.values()), findings


def _header(grid: Grid, table: ChoiceTable) -> tuple[int, dict[str, int]] | None:
    """Find the header row, and which column stands where."""
    titles = {normalised(column.title): column.id for column in table.columns}
    for index, line in enumerate(grid.rows[:_HEADER_WITHIN]):
        places: dict[str, int] = {}
        for place, text in enumerate(line):
            if column := titles.get(normalised(text)):
                places.setdefault(column, place)
        if table.key in places and any(column.asked and column.id in places for column in table.columns):
            return index, places
    return None


def _number(grid: Grid, header: int) -> str:
    label = normalised(f"{NUMBER_LABEL}：")
    for line in grid.rows[:header]:
        for text in line:
            if normalised(text).startswith(label):
                return text.strip()[len(NUMBER_LABEL) + 1 :].strip()
    return ""


def _row(grid: Grid, index: int, places: Mapping[str, int], table: ChoiceTable, file: str) -> ChosenRow:
    texts = {column: grid.text(index, place).strip() for column, place in places.items()}
    spots = {column: Where(file, sheet=grid.name, cell=cell_name(index, place)) for column, place in places.items()}
    return ChosenRow(texts[table.key], texts, spots)


def _write_top(sheet: SheetWriter, table: ChoiceTable, texts: tuple[str, str, str]) -> None:
    for index, column in enumerate(table.columns):
        sheet.columns(index, index, column.width)
    whole = sum(column.width for column in table.columns)
    sizes = (18.0, 10.0, 10.0)
    for row, (text, name) in enumerate(zip(texts, ("title", "note", "note"), strict=True)):
        sheet.row(row, look.row_height([(text, whole, sizes[row], 1)]))
        sheet.merge(Area(row, 0, row, len(table.columns) - 1), text, name)
    titles = [(column.title, max(column.width - _BUTTON, _BUTTON), _BODY, 1) for column in table.columns]
    sheet.row(_HEADER_ROW, look.row_height(titles) + 4)
    for index, column in enumerate(table.columns):
        sheet.write_string(_HEADER_ROW, index, column.title, "header")


def _formats() -> dict[str, CellFormat]:
    style = Style()
    text = CellFormat(style.body_font, _BODY, border="#A6A6A6", number="@")
    return {
        "title": CellFormat(style.title_font, 18, align="center", sides=()),
        "note": CellFormat(style.body_font, 10, sides=(), colour="#595959"),
        "header": CellFormat(style.header_font, _BODY, align="center", border="#A6A6A6", fill="#E7ECF2"),
        "known": replace(text, fill="#F2F2F2"),
        "asked": replace(text, fill="#FFF9C4"),
    }
