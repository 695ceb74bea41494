"""Find the ledger's table in a foreign sheet: header row, columns, body rows, head block, and text that is none of it.

Columns are mapped by their titles and head items by their labels, so that a moved, added or renamed column costs that
column only. Nothing here trusts a position.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ledgergen.records import Book
from ledgergen.workbook.codes import normalised, parse_row_code
from ledgergen.workbook.grid import Grid
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Column, Layout

HEADER_WITHIN = 30  # rows: the header is looked for in the first thirty
_LEAST_TITLES = 3  # fewer agreeing titles are no header

Place = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """A ledger's table as found in a sheet. Without slots, so that what follows from it is worked out once.

    ``columns`` maps column ids to column indices (from 0), ``second_code`` is the index of the hidden code column or
    None; ``twice`` names titles that stand in several columns (the first one was taken); ``body`` holds the indices of
    the rows below the header that hold anything; ``values`` maps head item ids to the place of their value.
    """

    grid: Grid
    layout: Layout
    header: int
    columns: Mapping[str, int]
    second_code: int | None
    twice: tuple[str, ...]
    body: tuple[int, ...]
    labels: Mapping[str, Place]
    values: Mapping[str, Place]

    @functools.cached_property
    def inputs(self) -> list[tuple[Column, int]]:
        """Give the columns found that the unit fills, with their indices."""
        return [(each, self.columns[each.id]) for each in self.layout.inputs if each.id in self.columns]

    @functools.cached_property
    def fixed(self) -> list[tuple[Column, int]]:
        """Give the columns found that came prefilled and are not the unit's to fill, with their indices."""
        fixed = [each for each in self.layout.columns if not each.is_input]
        return [(each, self.columns[each.id]) for each in fixed if each.id in self.columns]

    def indices(self, column_ids: Iterable[str]) -> list[int]:
        """Give where those of the columns stand that were found."""
        return [self.columns[each] for each in column_ids if each in self.columns]

    def text(self, row: int, column_id: str) -> str:
        """Give the text in a mapped column of a row; empty where the column is absent."""
        index = self.columns.get(column_id)
        return self.grid.rows[row][index] if index is not None else ""

    def second(self, row: int) -> str:
        """Give the code in the hidden column of a row; empty where that column is absent."""
        return self.grid.rows[row][self.second_code] if self.second_code is not None else ""

    def codes(self, row: int) -> Iterator[str]:
        """Give the codes of a row: the visible one, then the hidden one; blanks are left out."""
        yield from filter(None, (self.text(row, "code"), self.second(row)))


def cell_text(grid: Grid, row: int, column: int) -> str:
    """Give a cell's text; empty beyond the sheet's edge."""
    line = grid.rows[row] if row < len(grid.rows) else ()
    return line[column] if column < len(line) else ""


def find_table(grid: Grid, layout: Layout) -> Table | None:
    """Find the best header row among the first thirty: the one with most of the layout's titles; None without any."""
    best: tuple[int, int] | None = None
    for row in range(min(HEADER_WITHIN, len(grid.rows))):
        hits = len(layout.titles.keys() & set(map(normalised, grid.rows[row])))
        if hits >= _LEAST_TITLES and (best is None or hits > best[0]):
            best = (hits, row)
        if hits == len(layout.titles):
            break
    return _table(grid, layout, best[1]) if best else None


def title_hits(table: Table) -> int:
    """Count the columns found, for choosing between layouts."""
    return len(table.columns)


def strays(table: Table, book: Book) -> Iterator[Place]:
    """Give every filled cell that is neither in the table nor what was issued around it (safety rules, invariant 6).

    Rows above the header: whatever is neither a label, a value, the title, the instructions nor the number. Body rows:
    cells in columns that the layout does not know. A header row that was repeated: whatever is no title.
    """
    known = _issued_texts(table.layout, book)
    values = set(table.values.values())
    for row, line in enumerate(table.grid.rows[: table.header]):
        for column, text in enumerate(line):
            if text and (row, column) not in values and text.strip() and not _is_issued(text, known):
                yield row, column
    mapped = {*table.columns.values(), table.second_code}
    unmapped = [column for column in range(len(table.grid.rows[table.header])) if column not in mapped]
    for row in (table.header, *table.body):
        for column in unmapped:
            if cell_text(table.grid, row, column).strip():
                yield row, column
    yield from _in_repeated_headers(table)


def _in_repeated_headers(table: Table) -> Iterator[Place]:
    body = set(table.body)
    titles = table.grid.rows[table.header]
    for row in range(table.header + 1, len(table.grid.rows)):
        if row not in body:
            for column, text in enumerate(table.grid.rows[row]):
                if text.strip() and text != titles[column]:
                    yield row, column


def _table(grid: Grid, layout: Layout, header: int) -> Table:
    columns, twice, second_code = _columns(grid, layout, header)
    titles = {grid.rows[header][index] for index in columns.values()}
    body = tuple(
        row
        for row in range(header + 1, len(grid.rows))
        if "".join(grid.rows[row]).strip() and len(titles.intersection(grid.rows[row])) < _LEAST_TITLES
    )
    labels, values = _head(grid, layout, header)
    return Table(grid, layout, header, columns, second_code, twice, body, labels, values)


def _columns(grid: Grid, layout: Layout, header: int) -> tuple[dict[str, int], tuple[str, ...], int | None]:
    columns: dict[str, int] = {}
    twice: list[str] = []
    second_code: int | None = None
    for index, text in enumerate(grid.rows[header]):
        title = normalised(text)
        if title == normalised(HIDDEN_CODE_TITLE):
            second_code = index
        elif column_id := layout.titles.get(title):
            if column_id in columns:
                twice.append(layout.column(column_id).title)
            columns.setdefault(column_id, index)
    if (
        "code" not in columns
        and (found := _column_of_codes(grid, header, {*columns.values(), second_code})) is not None
    ):
        columns["code"] = found
    return columns, tuple(twice), second_code


def _column_of_codes(grid: Grid, header: int, mapped: set[int | None]) -> int | None:
    """Find a column whose title was lost but which holds row codes."""
    counts: dict[int, int] = {}
    for line in grid.rows[header + 1 :]:
        for index, text in enumerate(line):
            if text and index not in mapped and parse_row_code(text):
                counts[index] = counts.get(index, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else None


def _head(grid: Grid, layout: Layout, header: int) -> tuple[dict[str, Place], dict[str, Place]]:
    """Find each label above the header, and its value: the first filled cell right of it, before the next label."""
    labels: dict[str, Place] = {}
    values: dict[str, Place] = {}
    for row in range(header):
        line = grid.rows[row]
        found = [(column, item) for column, text in enumerate(line) if (item := layout.labels.get(_label(text)))]
        for position, (column, item) in enumerate(found):
            labels.setdefault(item, (row, column))
            end = found[position + 1][0] if position + 1 < len(found) else len(line)
            filled = [index for index in range(column + 1, end) if line[index]]
            if filled:
                values.setdefault(item, (row, filled[0]))
    return labels, values


def _label(text: str) -> str:
    return normalised(text).rstrip(":") if text else ""


def _issued_texts(layout: Layout, book: Book) -> set[str]:
    number = f"{layout.number_label}：{book.number}"
    return {_label(text) for text in (book.title, *book.instructions, *book.head.values(), number)} | layout.printed


def _is_issued(text: str, known: set[str]) -> bool:
    """Tell whether a text above the header is what was issued there; joined instructions included."""
    if _label(text) in known:
        return True
    pieces = [piece for line in text.splitlines() if (piece := _label(line).lstrip("0123456789.、)"))]
    return bool(pieces) and all(piece in known or _label(piece) in known for piece in pieces)
