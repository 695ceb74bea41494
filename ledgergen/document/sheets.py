"""Read a plan from a workbook: every visible sheet is a table, or paragraphs where it has no table of tasks."""

from collections.abc import Iterator

from ledgergen.document.blocks import Block, Paragraph, Source, Table
from ledgergen.document.headers import is_header
from ledgergen.document.sheet_days import shown_days
from ledgergen.workbook.grid import Grid, Workbook


def read_sheets(workbook: Workbook, data: bytes) -> Source:
    """Make blocks of a workbook's grids; ``data`` is the file itself, for how its days are shown."""
    shown = shown_days(data, workbook)
    blocks = [block for grid in workbook.grids if not grid.hidden for block in _blocks(grid, shown.get(grid.name, {}))]
    return Source(workbook.format, blocks)


def _blocks(grid: Grid, days: dict[tuple[int, int], str]) -> Iterator[Block]:
    rows = tuple(
        tuple(_text(grid, row, column, days) for column in range(len(cells))) for row, cells in enumerate(grid.rows)
    )
    if any(is_header(cells) for cells in rows):
        yield Table(rows, grid.merged, sheet=grid.name)
        return
    for cells in rows:
        if text := " ".join(cell for cell in cells if cell.strip()):
            yield Paragraph(text)


def _text(grid: Grid, row: int, column: int, days: dict[tuple[int, int], str]) -> str:
    kind = grid.kinds.get((row, column), "")
    if kind == "f":
        return grid.cached.get((row, column), "")
    if kind == "d":
        return days.get((row, column)) or grid.rows[row][column]
    return "" if kind == "e" else grid.rows[row][column]
