"""Read the workbook in which the office filled in for the units back, from whatever an office program made of it.

Nothing here trusts a position: columns are known by titles, rows by the task, unit and measure that they show, and what
was typed by the digests in the hidden column. Where that column was lost, a cell counts as typed where it differs from
what is known now.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.records import NOTHING
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.grid import Grid, Workbook, cell_name
from ledgergen.workbook.layout import Column, Kind, Layout
from ledgergen.workbook.prefill_book import (
    CHECK,
    KEYS,
    NUMBER_LABEL,
    PrefillKey,
    digest_of,
    parse_check,
    titles_of,
)
from ledgergen.workbook.values import is_cleared, read_value

_HEADER_WITHIN: Final = 30  # rows
_NUMBER: Final = re.compile(rf"{NUMBER_LABEL}[:：]\s*(\S+) · (.+)")
_COMPUTED: Final = ("f", "e")
_QUOTED: Final = 80  # characters


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A cell that the clerk changed: its row and column, the text (empty where it was emptied), and its place."""

    key: PrefillKey
    column: str
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class PrefillSheet:
    """The sheet as found: where its header is, and which columns it has (indices from 0)."""

    file: str
    grid: Grid
    header: int
    columns: Mapping[str, int]

    def where(self, row: int, column: str) -> Where:
        """Give the place of a cell; of a column that is missing, the row's first cell."""
        return Where(self.file, sheet=self.grid.name, cell=cell_name(row, self.columns.get(column, 0)))

    def text(self, row: int, column: str) -> str:
        """Give a cell's text without outer blanks; empty where the column is missing."""
        index = self.columns.get(column)
        return self.grid.text(row, index).strip() if index is not None else ""

    @property
    def number(self) -> tuple[str, str] | None:
        """Give the round and the campaign that the workbook's number names; None where it is lost."""
        for line in self.grid.rows[: self.header]:
            for text in line:
                if found := _NUMBER.fullmatch(text.strip()):
                    return found[1], found[2]
        return None


def find_prefill_sheet(workbook: Workbook, layout: Layout, file: str) -> tuple[PrefillSheet | None, list[Finding]]:
    """Find the sheet by its column titles; one answer or none.

    Findings: ``prefill-book-unrecognised``, ``column-missing``.
    """
    sheets = [sheet for grid in workbook.grids if (sheet := _sheet(grid, layout, file))]
    if len(sheets) != 1:
        return None, [finding("prefill-book-unrecognised", Where(file), count=len(sheets))]
    (sheet,) = sheets
    missing = [column.title for column in layout.inputs if column.id not in sheet.columns]
    where = Where(file, sheet=sheet.grid.name)
    return sheet, [finding("prefill-column-missing", where, title=title) for title in missing]


def read_typed(
    sheet: PrefillSheet, layout: Layout, known: Mapping[PrefillKey, Mapping[str, str]], year: int
) -> tuple[list[TypedCell], list[Finding]]:
    """Read what the clerk typed, each cell as its column asks; ``known`` is what would be exported now.

    Findings: ``prefill-row-unknown``, ``prefill-row-shifted``, ``prefill-row-twice``, ``prefill-cell-computed``,
    ``prefill-not-date``, ``prefill-not-choice``. Where one is an error its cells are left out.
    """
    typed: list[TypedCell] = []
    findings: list[Finding] = []
    pairs = {(key.task, key.unit) for key in known}
    lines: dict[PrefillKey, int] = {}
    for row in range(sheet.header + 1, len(sheet.grid.rows)):
        if not any(text.strip() for text in sheet.grid.rows[row]):
            continue
        key = PrefillKey(*(sheet.text(row, part) for part in KEYS))
        fault = _row_fault(sheet, row, key, known, pairs)
        if fault is None and key in lines:
            fault = finding("prefill-row-twice", sheet.where(row, KEYS[0]), **key._asdict(), line=lines[key])
        if fault is not None:
            findings.append(fault)
            continue
        lines[key] = row + 1
        for cell in _typed_in(sheet, row, key, layout, known.get(key, NOTHING)):
            read = _read(sheet, row, cell, layout.column(cell.column), year)
            if isinstance(read, Finding):
                findings.append(read)
            else:
                typed.append(read)
    return typed, findings


def _sheet(grid: Grid, layout: Layout, file: str) -> PrefillSheet | None:
    titles = titles_of(layout)
    for row, line in enumerate(grid.rows[:_HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for index, text in enumerate(line):
            if column := titles.get(normalised(text)):
                columns.setdefault(column, index)
        if all(key in columns for key in KEYS):
            return PrefillSheet(file, grid, row, columns)
    return None


def _row_fault(
    sheet: PrefillSheet,
    row: int,
    key: PrefillKey,
    known: Mapping[PrefillKey, object],
    pairs: set[tuple[str, str]],
) -> Finding | None:
    """Say what is wrong with a row's identity: nobody's, or another's cells beside it."""
    checked = parse_check(sheet.text(row, CHECK))
    if checked and checked[0][:2] != key[:2]:
        meant = checked[0]
        return finding("prefill-row-shifted", sheet.where(row, KEYS[0]), **key._asdict(), other=" ".join(meant))
    is_further = key.measure.isdecimal() and (key.task, key.unit) in pairs and 0 < len(key.measure) <= 2  # noqa: PLR2004
    if key not in known and not (is_further and not key.measure.startswith("0")):
        return finding("prefill-row-unknown", sheet.where(row, KEYS[0]), **key._asdict())
    return None


def _typed_in(
    sheet: PrefillSheet, row: int, key: PrefillKey, layout: Layout, known: Mapping[str, str]
) -> Iterator[TypedCell]:
    """Give the cells of a row that are not as they went out."""
    checked = parse_check(sheet.text(row, CHECK))
    marks = checked[1] if checked and checked[0] == key else {}
    if checked is None:
        marks = {column: digest_of(column, text) for column, text in known.items()}
    for column in layout.inputs:
        if column.id in sheet.columns:
            text = sheet.text(row, column.id)
            mark = digest_of(column.id, text) if text else ""
            if mark != marks.get(column.id, ""):
                yield TypedCell(key, column.id, text, sheet.where(row, column.id))


def _read(sheet: PrefillSheet, row: int, cell: TypedCell, column: Column, year: int) -> TypedCell | Finding:
    """Read a typed cell: days in one spelling, answers as the list has them, everything else as it stands."""
    kind = sheet.grid.kinds.get((row, sheet.columns[cell.column]), "")
    if kind in _COMPUTED:
        return finding("prefill-cell-computed", cell.where, title=column.title, text=cell.text[:_QUOTED])
    if not cell.text or is_cleared(cell.text):
        return TypedCell(cell.key, cell.column, "", cell.where)
    if column.kind is Kind.TEXT:
        return cell
    value = read_value(column, cell.text, kind, year)
    if value is None:
        code = "prefill-not-date" if column.kind is Kind.DATE else "prefill-not-choice"
        choices = "、".join(choice.text for choice in column.choices)
        return finding(code, cell.where, title=column.title, text=cell.text[:_QUOTED], choices=choices)
    return TypedCell(cell.key, cell.column, value, cell.where)
