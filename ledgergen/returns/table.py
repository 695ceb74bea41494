"""Find the ledger's table in a foreign sheet: header row, columns, body rows, what is above and below, and the rest.

Columns are mapped by their titles and head items by their labels, so that a moved, added or renamed column costs that
column only. Nothing here trusts a position.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ledgergen.records import Book
from ledgergen.returns.form_table import inline_values, titles_at
from ledgergen.returns.head_table import is_own_formula, items_around, label_of
from ledgergen.workbook.codes import normalised, parse_row_code
from ledgergen.workbook.collapse import hidden_note
from ledgergen.workbook.grid import Grid, column_name
from ledgergen.workbook.inline_labels import inline_items
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Column, Kind, Layout

HEADER_WITHIN = 30  # rows: the header is looked for in the first thirty
_LEAST_TITLES = 3  # fewer agreeing titles are no header

Place = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """A ledger's table as found in a sheet. Without slots, so that what follows from it is worked out once.

    ``columns`` maps column ids to column indices (from 0), ``second_code`` is the index of the hidden code column or
    None; ``twice`` names titles that stand in several columns (the first one was taken); ``body`` holds the indices of
    the rows below the header that hold anything, but those where people sign, which are the ``foot``; ``values`` maps
    the ids of the items above and below the table to the place of their value.
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
    foot: tuple[int, ...] = ()
    inline: Mapping[str, str] = field(default_factory=dict)  # values that share a cell with their labels, by item id

    @functools.cached_property
    def inputs(self) -> list[tuple[Column, int]]:
        """Give the columns found that the unit fills, with their indices."""
        return [(each, self.columns[each.id]) for each in self.layout.inputs if each.id in self.columns]

    @functools.cached_property
    def deciding(self) -> list[tuple[Column, bool, int, str]]:
        """Give the same as deciding wants it: the column, whether it holds any text, its index and its letters."""
        return [(each, each.kind is Kind.TEXT, index, column_name(index)) for each, index in self.inputs]

    @functools.cached_property
    def input_kinds(self) -> Mapping[Place, str]:
        """Give the kinds of cells that the unit fills and that hold no plain text; mostly there are none."""
        places = {index for _, index in self.inputs}
        return {place: kind for place, kind in self.grid.kinds.items() if place[1] in places and place[0] > self.header}

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

    @functools.cached_property
    def covered(self) -> Mapping[Place, Place]:
        """Map the blank cells of the body that are merged with one above to that one."""
        found: dict[Place, Place] = {}
        for top, left, bottom, _ in self.grid.merged:
            if top > self.header and bottom > top:
                found.update(((row, left), (top, left)) for row in range(top + 1, bottom + 1))
        return {place: above for place, above in found.items() if not cell_text(self.grid, *place).strip()}

    def spread(self, row: int, index: int) -> str:
        """Give the text of a cell as it is seen: of cells merged downwards the first one's."""
        above = self.covered.get((row, index)) if self.grid.merged else None
        return cell_text(self.grid, *above) if above else self.grid.rows[row][index]

    def item_text(self, item_id: str) -> str:
        """Give the text of an item above or below the table; empty where it has none."""
        if item_id in self.inline:
            return self.inline[item_id]
        place = self.values.get(item_id)
        return cell_text(self.grid, *place) if place else ""

    def second(self, row: int) -> str:
        """Give the code in the hidden column of a row; empty where that column is absent."""
        return self.grid.rows[row][self.second_code] if self.second_code is not None else ""

    def shown(self, index: int | None) -> list[str]:
        """Give what the body shows in a column by its index, from top to bottom; blanks without one."""
        return [self.grid.rows[row][index] for row in self.body] if index is not None else [""] * len(self.body)

    def codes(self, row: int) -> Iterator[str]:
        """Give the codes of a row: the visible one, then the hidden one; blanks are left out."""
        yield from filter(None, (self.text(row, "code"), self.second(row)))


def cell_text(grid: Grid, row: int, column: int) -> str:
    """Give a cell's text; empty beyond the sheet's edge."""
    line = grid.rows[row] if row < len(grid.rows) else ()
    return line[column] if column < len(line) else ""


def find_table(grid: Grid, layout: Layout) -> Table | None:
    """Find the header row among the first thirty: the first that has many of the layout's titles; None without any.

    Many: at least half as many as the row with the most. A header that is repeated in the midst of the table may have
    more titles than the first one, in which a unit has renamed some.
    """
    hits: dict[int, int] = {}
    for row in range(min(HEADER_WITHIN, len(grid.rows))):
        if layout.header_rows == 1:
            hits[row] = len(layout.titles.keys() & set(map(normalised, filter(None, grid.rows[row]))))
        else:
            hits[row] = len({layout.titled(titles) for titles in titles_at(grid, row, layout.header_rows)} - {""})
        if hits[row] == len(layout.titles):
            break
    most = max(hits.values(), default=0)
    if most < _LEAST_TITLES:
        return None
    enough = max(most / 2, _LEAST_TITLES) if layout.header_rows == 1 else most
    return _table(grid, layout, next(row for row, count in hits.items() if count >= enough))


def title_hits(table: Table) -> int:
    """Count the columns found, for choosing between layouts."""
    return len(table.columns)


def strays(table: Table, book: Book) -> Iterator[Place]:
    """Give every filled cell that is neither in the table nor what was issued around it (safety rules, invariant 6).

    Rows above the header, and those where people sign: whatever is neither a label, a value, the title, the number nor
    an instruction. Body rows: cells in columns that the layout does not know. A header row that was repeated: whatever
    is no title.
    """
    known = _issued_texts(table.layout, book)
    values = set(table.values.values())
    for row in (*range(table.header), *table.foot):
        for column, text in enumerate(table.grid.rows[row]):
            if text and (row, column) not in values and text.strip() and not _is_issued(text, known):
                if is_own_formula(table.grid, (row, column), table.layout.fixed):
                    continue
                yield row, column
    mapped = {*table.columns.values(), table.second_code}
    unmapped = [column for column in range(len(table.grid.rows[table.header])) if column not in mapped]
    for row in (table.header, *table.body):
        for column in unmapped:
            if cell_text(table.grid, row, column).strip():
                yield row, column
    yield from _in_repeated_headers(table)


def _in_repeated_headers(table: Table) -> Iterator[Place]:
    known = {*table.body, *table.foot}
    titles = table.grid.rows[table.header]
    for row in range(table.header + 1, len(table.grid.rows)):
        if row not in known:
            for column, text in enumerate(table.grid.rows[row]):
                if text.strip() and text != titles[column]:
                    yield row, column


def _table(grid: Grid, layout: Layout, header: int) -> Table:
    columns, twice, second_code = _columns(grid, layout, header)
    titles = {text for index in columns.values() if (text := grid.rows[header][index])}
    if len(columns) < len(layout.columns) and layout.header_rows == 1:
        columns = _with_repeated(grid, layout, header, columns)
    body = [
        row
        for row in range(header + 1, len(grid.rows))
        if "".join(grid.rows[row]).strip() and len(titles.intersection(grid.rows[row])) < _LEAST_TITLES
    ]
    foot = [row for row in body if _is_foot(grid.rows[row], layout)] if layout.foot or layout.letterhead else []
    labels, values = items_around(grid, range(header), layout, columns)
    if foot:
        body = [row for row in body if row not in foot]
        signed, names = items_around(grid, foot, layout, columns, foot=True)
        labels, values = {**signed, **labels}, {**names, **values}
    known = layout.labels | layout.foot_labels
    inline = inline_values(grid, (*range(header), *foot), known, values.values()) if layout.letterhead else {}
    texts = {item: text for item, (_, text) in inline.items() if item not in values}
    values = {**{item: place for item, (place, _) in inline.items()}, **values}
    return Table(grid, layout, header, columns, second_code, twice, tuple(body), labels, values, tuple(foot), texts)


def _is_foot(line: Sequence[str], layout: Layout) -> bool:
    """Tell whether people sign in a row: it shows two labels of one row of the foot, or its only one, and no code.

    One label of several would not do: a clerk may well write 填报人 into a cell of the table.
    """
    first = next(filter(None, map(str.strip, line)), "")
    if layout.letterhead and (label_of(first) in layout.fixed or inline_items(first, layout.foot_labels)[1]):
        return not any(map(parse_row_code, filter(None, line)))
    there = {item for text in line if text and (item := layout.foot_labels.get(label_of(text)))}
    return any(len(there.intersection(item.id for item in row)) >= min(2, len(row)) for row in layout.foot) and not any(
        parse_row_code(text) for text in line if text
    )


def _columns(grid: Grid, layout: Layout, header: int) -> tuple[dict[str, int], tuple[str, ...], int | None]:
    columns: dict[str, int] = {}
    twice: list[str] = []
    second_code: int | None = None
    for index, titles in enumerate(titles_at(grid, header, layout.header_rows)):
        if normalised(HIDDEN_CODE_TITLE) in titles:
            second_code = index
        elif column_id := layout.titled(titles):
            if column_id in columns:
                twice.append(layout.column(column_id).title)
            columns.setdefault(column_id, index)
    if (
        "code" not in columns
        and (found := _column_of_codes(grid, header, {*columns.values(), second_code})) is not None
    ):
        columns["code"] = found
    return columns, tuple(twice), second_code


def _with_repeated(grid: Grid, layout: Layout, header: int, columns: dict[str, int]) -> dict[str, int]:
    """Add the columns whose titles were changed in the header, but stand in one that is repeated further down."""
    found = dict(columns)
    for line in grid.rows[header + 1 :]:
        titles = {index: layout.titles.get(normalised(text), "") for index, text in enumerate(line) if text}
        if sum(columns.get(title) == index for index, title in titles.items()) >= _LEAST_TITLES:
            for index, title in titles.items():
                if title and index not in found.values():
                    found.setdefault(title, index)
    return found


def _column_of_codes(grid: Grid, header: int, mapped: set[int | None]) -> int | None:
    """Find a column whose title was lost but which holds row codes."""
    counts: dict[int, int] = {}
    for line in grid.rows[header + 1 :]:
        for index, text in enumerate(line):
            if text and index not in mapped and parse_row_code(text):
                counts[index] = counts.get(index, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else None


def _issued_texts(layout: Layout, book: Book) -> set[str]:
    number, note = f"{layout.number_label}：{book.number}", hidden_note(book, layout)
    texts = (book.title, *book.instructions, *book.head.values(), number, note, book.number)
    return {label_of(text) for text in texts} | layout.printed


def _is_issued(text: str, known: set[str]) -> bool:
    """Tell whether a text above the header is what was issued there; joined instructions included."""
    if label_of(text) in known:
        return True
    pieces = [piece for line in text.splitlines() if (piece := label_of(line).lstrip("0123456789.、)"))]
    return bool(pieces) and all(piece in known or label_of(piece) in known for piece in pieces)
