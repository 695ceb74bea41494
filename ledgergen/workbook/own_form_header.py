"""Find the column titles of an office's own form: the sheet, the row or rows, and what each title says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ledgergen.findings import Finding, finding
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.grid import cell_name
from ledgergen.workbook.own_form_sheet import OwnSheet, Terms, plain

_WITHIN: Final = 30  # rows
_MOST_ROWS: Final = 3  # that the titles of one header take
_LEAST: Final = 3  # columns known by their titles; fewer make no header …
_LEAST_WITH_TASK: Final = 2  # … unless the task is one of them


@dataclass(frozen=True, slots=True)
class Title:
    """A column's title: the words right above its cells, and those of the groups above them, the outermost first."""

    column: int
    text: str
    groups: tuple[str, ...] = ()
    cell: str = ""

    @property
    def whole(self) -> str:
        """Give the title with its groups."""
        return "".join((*self.groups, self.text))


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a form's table: its rows, and its titles from left to right."""

    top: int
    bottom: int
    titles: tuple[Title, ...]

    @property
    def left(self) -> int:
        """Give the first column of the table."""
        return self.titles[0].column

    @property
    def right(self) -> int:
        """Give the last column of the table."""
        return self.titles[-1].column


def choose_sheet(sheets: Sequence[OwnSheet], terms: Terms) -> tuple[OwnSheet | None, list[Finding]]:
    """Choose the sheet with the table: the one named, else the only visible one that has a header."""
    setting, names = terms.setting, "、".join(sheet.name for sheet in sheets)
    if setting.sheet:
        found = [sheet for sheet in sheets if sheet.name == setting.sheet]
        return (found[0], []) if found else (None, [finding("form-sheet-unknown", terms.where(), names=names)])
    shown = [sheet for sheet in sheets if not sheet.grid.hidden]
    if setting.header_row and len(shown) == 1:
        return shown[0], []
    found = [sheet for sheet in shown if _candidates(sheet, terms)]
    if len(found) == 1:
        return found[0], []
    if found:
        named = "、".join(sheet.name for sheet in found)
        return None, [finding("form-sheets", terms.where(), names=named, first=found[0].name)]
    return None, [finding("form-no-header", terms.where(), names=names)]


def find_header(sheet: OwnSheet, terms: Terms) -> tuple[Header | None, list[Finding]]:
    """Find the header: the row named in the settings, else the one that names most columns; two are a finding."""
    setting, where = terms.setting, terms.where(sheet.name)
    if setting.header_row:
        row = setting.header_row - 1
        if not any(sheet.text(row, column) for column in range(sheet.grid.size[1])):
            return None, [finding("form-no-header", where, names=sheet.name)]
    else:
        candidates = _candidates(sheet, terms)
        if not candidates:
            return None, [finding("form-no-header", where, names=sheet.name)]
        row, hits = max(candidates.items(), key=lambda item: (item[1], -item[0]))
        top, bottom = _rows(sheet, row)
        rivals = [each for each, count in candidates.items() if count == hits and not top <= each <= bottom]
        if rivals:
            rows = "、".join(str(each + 1) for each in sorted([row, *rivals]))
            return None, [finding("form-headers", where, rows=rows, first=row + 1)]
    header = Header(*_rows(sheet, row), titles=())
    titles, faults = _titles(sheet, terms, header)
    return (None if faults else Header(header.top, header.bottom, titles)), faults


def _candidates(sheet: OwnSheet, terms: Terms) -> dict[int, int]:
    """Count for each of the first rows the columns that its texts name; rows that are no header are left out."""
    known = {normalised(title): column_id for title, column_id in terms.setting.columns.items()}
    counts = {}
    for row in range(min(_WITHIN, sheet.grid.size[0])):
        texts = [text for column in range(sheet.grid.size[1]) if (text := sheet.text(row, column))]
        ids = {known.get(normalised(text)) or terms.words.column(text) for text in texts} - {""}
        tasks = {"task", "task_full", "requirement"} & ids
        if len(ids) >= (_LEAST_WITH_TASK if tasks else _LEAST):
            counts[row] = len(ids)
    return counts


def _rows(sheet: OwnSheet, row: int) -> tuple[int, int]:
    """Give the first and the last row of the header that a row belongs to: cells merged downwards tie rows together."""
    top = bottom = row
    for _ in range(_MOST_ROWS):
        areas = [
            sheet.area(each, column)
            for each in range(top, bottom + 1)
            for column in range(sheet.used_columns)
            if sheet.text(*sheet.owner(each, column))
        ]
        reach = min(top, *(area[0] for area in areas)), max(bottom, *(area[2] for area in areas))
        if reach == (top, bottom) or reach[1] - reach[0] >= _MOST_ROWS:
            break
        top, bottom = reach
    return top, bottom


def _titles(sheet: OwnSheet, terms: Terms, header: Header) -> tuple[tuple[Title, ...], list[Finding]]:
    """Read the titles between the first and the last column that has one; each column must have its own."""
    titles = [found for column in range(sheet.used_columns) if (found := _title(sheet, header, column))]
    findings = list(_gaps(sheet, terms, header, titles))
    return tuple(titles), findings


def _title(sheet: OwnSheet, header: Header, column: int) -> Title | None:
    """Read the words above a column, outermost first; merged cells count once."""
    owners = dict.fromkeys(sheet.owner(row, column) for row in range(header.top, header.bottom + 1))
    words = [(plain(text), owner) for owner in owners if (text := sheet.text(*owner))]
    if not words:
        return None
    text, owner = words[-1]
    return Title(column, text, tuple(each for each, _ in words[:-1]), cell_name(*owner))


def _gaps(sheet: OwnSheet, terms: Terms, header: Header, titles: Sequence[Title]) -> Iterator[Finding]:
    """A column without a title, and a title over several columns, cannot be read again from a return."""
    seen: dict[str, Title] = {}
    for title in titles:
        if title.cell in seen:
            yield finding("form-title-wide", terms.where(sheet.name, title.cell), title=title.text)
        seen[title.cell] = title
    there = {title.column for title in titles}
    for column in range(titles[0].column, titles[-1].column) if titles else ():
        if column not in there:
            yield finding("form-title-blank", terms.where(sheet.name, cell_name(header.bottom, column)))
