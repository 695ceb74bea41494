"""Read back the workbook of plan and units, from whatever a clerk and an office program made of it.

Sheets are known by their names, else by their column titles; columns by their titles; rows by the key that was
exported. Values stay the texts that stand in the cells: what they mean is told by comparing them
(:mod:`ledgergen.campaign.plan_changes`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.fields import FACTS
from ledgergen.workbook.codes import normalised, parse_book_number
from ledgergen.workbook.grid import Grid, Workbook, cell_name
from ledgergen.workbook.plan_book import (
    CONTENT,
    FACT_SHEET,
    FACT_TITLES,
    HELP_SHEET,
    ITEM,
    KEY,
    PROPERTY,
    SHEETS,
    BookSheet,
)

_HEADER_WITHIN = 30  # rows
_LEAST_TITLES = 3
_QUOTED = 200  # characters


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as it was found: its text without outer blanks, what kind it is (:class:`.grid.Grid`), and its place."""

    text: str
    kind: str
    where: Where


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it was found: the key that was exported (empty for a new one), and its cells by field."""

    key: str
    where: Where
    cells: Mapping[str, ReadCell]

    def text(self, field: str) -> str:
        """Give the text of a cell; empty where the column is missing."""
        cell = self.cells.get(field)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet as it was found, with its rows from top to bottom; blank ones are left out."""

    sheet: BookSheet
    rows: tuple[ReadRow, ...]


@dataclass(frozen=True, slots=True)
class ReadBook:
    """A workbook as it was found: its number (token and edition), and its sheets by the table's key."""

    number: tuple[str, str] | None
    sheets: Mapping[str, ReadSheet]


def read_plan_book(workbook: Workbook, file: str) -> tuple[ReadBook | None, list[Finding]]:
    """Find the sheets, columns and rows; no book where there is none of the sheets.

    Findings: ``plan-book-unrecognised``, ``plan-sheet-missing``, ``plan-sheet-twice``, ``plan-column-missing``,
    ``plan-column-twice``, ``plan-text-outside``.
    """
    found: dict[str, ReadSheet] = {}
    findings: list[Finding] = []
    taken: set[str] = set()
    for sheet in SHEETS:
        grid, faults = _grid_of(sheet, workbook, file)
        findings += faults
        if grid is not None:
            taken.add(grid.name)
            found[sheet.table.key], faults = _read_sheet(sheet, grid, file)
            findings += faults
    if not found:
        names = "、".join(sheet.name for sheet in SHEETS)
        return None, [finding("plan-book-unrecognised", Where(file), names=names)]
    findings += _other_sheets(workbook, file, taken)
    return ReadBook(_number(workbook, taken), found), findings


def _grid_of(sheet: BookSheet, workbook: Workbook, file: str) -> tuple[Grid | None, list[Finding]]:
    """Choose the sheet of a name, else the one sheet with its titles; never one of two."""
    named = [grid for grid in workbook.grids if grid.name == sheet.name and _header(sheet, grid) is not None]
    if named:
        return named[0], []
    names = {each.name for each in SHEETS}
    like = [grid for grid in workbook.grids if grid.name not in names and _is_like(sheet, grid)]
    if len(like) == 1:
        return like[0], []
    if like:
        said = "、".join(grid.name for grid in like)
        return None, [finding("plan-sheet-twice", Where(file), name=sheet.name, sheets=said)]
    return None, [finding("plan-sheet-missing", Where(file), name=sheet.name)]


def _is_like(sheet: BookSheet, grid: Grid) -> bool:
    """Tell whether a renamed sheet is this one: it has half of its titles, and more than of any other's."""
    counts = {each.name: _hits(each, grid) for each in SHEETS}
    own = counts.pop(sheet.name)
    titles = sum(not column.computed for column in sheet.columns)
    return own >= max(_least(sheet), titles // 2) and own > max(counts.values())


def _hits(sheet: BookSheet, grid: Grid) -> int:
    row = _header(sheet, grid)
    return len(_titles(sheet).keys() & {normalised(text) for text in grid.rows[row]}) if row is not None else 0


def _titles(sheet: BookSheet) -> dict[str, str]:
    return {normalised(column.title): column.key for column in sheet.columns}


def _header(sheet: BookSheet, grid: Grid) -> int | None:
    """Find the row with most of the titles among the first thirty."""
    titles = _titles(sheet).keys()
    counts = [len(titles & {normalised(text) for text in row}) for row in grid.rows[:_HEADER_WITHIN]]
    best = max(counts, default=0)
    return counts.index(best) if best >= _least(sheet) else None


def _least(sheet: BookSheet) -> int:
    """Give how many titles make a header; of a table of three columns one may be missing."""
    return min(_LEAST_TITLES, len(sheet.columns) - 1)


def _read_sheet(sheet: BookSheet, grid: Grid, file: str) -> tuple[ReadSheet, list[Finding]]:
    header = _header(sheet, grid) or 0
    columns, findings = _columns(sheet, grid, header, file)
    body = range(header + 1, len(grid.rows))
    findings += _outside(grid, columns, body, file)
    lines = [_read_row(sheet, grid, columns, row, file) for row in body]
    if sheet is FACT_SHEET:
        return ReadSheet(sheet, (_facts_row(lines, Where(file, sheet=grid.name)),)), findings
    return ReadSheet(
        sheet, tuple(row for row in lines if row.key or any(cell.text for cell in row.cells.values()))
    ), findings


def _columns(sheet: BookSheet, grid: Grid, header: int, file: str) -> tuple[dict[str, int], list[Finding]]:
    """Map columns by their titles; a missing one costs that column only."""
    columns: dict[str, int] = {}
    findings: list[Finding] = []
    titles = _titles(sheet)
    for index, text in enumerate(grid.rows[header]):
        key = titles.get(normalised(text))
        if key in columns:
            place = Where(file, sheet=grid.name, cell=cell_name(header, index))
            findings.append(finding("plan-column-twice", place, title=sheet.column(key).title))
        elif key:
            columns[key] = index
    wanted = (each for each in sheet.columns if each.key == KEY or not each.computed)
    whole = Where(file, sheet=grid.name)
    findings += (finding("plan-column-missing", whole, title=each.title) for each in wanted if each.key not in columns)
    return columns, findings


def _read_row(sheet: BookSheet, grid: Grid, columns: Mapping[str, int], row: int, file: str) -> ReadRow:
    def cell(index: int) -> ReadCell:
        place = Where(file, sheet=grid.name, cell=cell_name(row, index))
        return ReadCell(grid.rows[row][index].strip(), grid.kinds.get((row, index), ""), place)

    key = grid.rows[row][columns[KEY]].strip() if KEY in columns else ""
    read = [column.key for column in sheet.columns if not column.computed or column.key == ITEM]
    cells = {name: cell(columns[name]) for name in read if name in columns}
    first = cells[sheet.columns[0].key].where if sheet.columns[0].key in cells else cell(0).where
    return ReadRow(key, first, cells)


def _facts_row(lines: list[ReadRow], where: Where) -> ReadRow:
    """Make one row of the facts, which stand one below the other; known by their keys, else by their titles."""
    keys = {title: key for key, title in FACT_TITLES.items()}
    cells: dict[str, ReadCell] = {}
    for line in lines:
        key = line.key if line.key in FACTS.order else keys.get(line.text(ITEM), "")
        if key and CONTENT in line.cells:
            cells.setdefault(key, line.cells[CONTENT])
    return ReadRow("", where, cells)


def _outside(grid: Grid, columns: Mapping[str, int], body: range, file: str) -> Iterator[Finding]:
    """Quote what stands in columns that are none of ours: nothing a clerk writes is passed over in silence."""
    known = set(columns.values())
    for column in range(grid.size[1]):
        filled = [row for row in body if column not in known and grid.rows[row][column].strip()]
        if filled:
            quoted = "；".join(f"{cell_name(row, column)}：{grid.rows[row][column].strip()}" for row in filled)
            place = Where(file, sheet=grid.name, cell=cell_name(filled[0], column))
            yield finding("plan-text-outside", place, text=quoted[:_QUOTED])


def _other_sheets(workbook: Workbook, file: str, taken: set[str]) -> Iterator[Finding]:
    for grid in workbook.grids:
        if grid.name not in taken and grid.name != HELP_SHEET and any(any(row) for row in grid.rows):
            text = "；".join(text.strip() for row in grid.rows for text in row if text.strip())
            yield finding("plan-text-outside", Where(file, sheet=grid.name), text=text[:_QUOTED])


def _number(workbook: Workbook, taken: set[str]) -> tuple[str, str] | None:
    """Find the number above the tables, else in the file's properties."""
    for grid in workbook.grids:
        for row in grid.rows[:_HEADER_WITHIN] if grid.name in taken else ():
            for text in row:
                if text and (number := parse_book_number(text)):
                    return number
    return parse_book_number(workbook.properties.get(PROPERTY, ""))
