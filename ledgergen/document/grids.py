"""A table's cells with what is merged filled in, and for each where its text really stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledgergen.document.blocks import Table
from ledgergen.document.headers import UNIT_COLUMNS, Column, column_of


@dataclass(frozen=True, slots=True)
class Filled:
    """The cells of a table: ``texts[r][c]`` as filled, ``sources[r][c]`` the row in which that text stands.

    ``spans[r]`` is the number of columns that the widest cell of the row covers.
    """

    texts: Sequence[Sequence[str]]
    sources: Sequence[Sequence[int]]
    spans: Sequence[int] = field(default=())

    def inherited(self, row: int, column: int) -> bool:
        """Tell whether a text comes from a cell above."""
        return self.sources[row][column] < row and bool(self.texts[row][column])


def spread(table: Table) -> Filled:
    """Fill merged cells, downwards and to the right, as the format tells of them."""
    width = table.width
    texts = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in table.rows]
    sources = [[number] * width for number in range(len(texts))]
    spans = [1] * len(texts)
    for top, left, bottom, right in table.merged:
        for row in range(top, min(bottom, len(texts) - 1) + 1):
            spans[row] = max(spans[row], right - left + 1)
            for column in range(left, min(right, width - 1) + 1):
                texts[row][column] = texts[top][left]
                sources[row][column] = top
    return Filled(texts, sources, spans)


def over_pages(filled: Filled, table: Table, columns: Sequence[Column], starts: frozenset[int]) -> Filled:
    """Let a cell that is blank at the top of a page go on from the page before."""
    texts, sources = [list(row) for row in filled.texts], [list(row) for row in filled.sources]
    for row in sorted(starts):
        below = next(
            (each for each in range(row, len(texts)) if any(texts[each]) and not _is_header(texts[each])), None
        )
        above = next((each for each in range(row - 1, -1, -1) if any(texts[each])), None)
        if below is None or above is None:
            continue
        for place, column in enumerate(columns):
            if column in (Column.NAME, Column.SECTION, Column.TIME, *UNIT_COLUMNS) and not texts[below][place]:
                _pass_on(texts, sources, table, (above, below, place))
    return Filled(texts, sources, filled.spans)


def _pass_on(texts: list[list[str]], sources: list[list[int]], table: Table, place: tuple[int, int, int]) -> None:
    above, below, column = place
    last = next(
        (bottom for top, left, bottom, right in table.merged if top == below and left <= column <= right), below
    )
    for row in range(below, min(last, len(texts) - 1) + 1):
        texts[row][column] = texts[above][column]
        sources[row][column] = sources[above][column]


def from_above(filled: Filled, columns: Sequence[Column], first: int) -> Filled:
    """Let blank cells of copied text continue the cells above; units only where the row names nobody at all."""
    texts, sources = [list(row) for row in filled.texts], [list(row) for row in filled.sources]
    units = [place for place, column in enumerate(columns) if column in UNIT_COLUMNS]
    others = [place for place, column in enumerate(columns) if column in (Column.NAME, Column.SECTION, Column.TIME)]
    for row in range(first + 1, len(texts)):
        blank = [place for place in others if not texts[row][place]]
        blank += units if not any(texts[row][place] for place in units) else []
        for place in blank if any(texts[row]) else []:
            texts[row][place] = texts[row - 1][place]
            sources[row][place] = sources[row - 1][place]
    return Filled(texts, sources, filled.spans)


def _is_header(cells: Sequence[str]) -> bool:
    texts = [cell for cell in cells if cell]
    return bool(texts) and all(column_of(text) for text in texts)
