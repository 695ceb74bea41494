"""Rows of copied text that lack cells: which cell is which is told by what the others hold."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from ledgergen.document.blocks import Table
from ledgergen.document.bodies import is_complete, is_group
from ledgergen.document.characters import fold, split_outside, tidy
from ledgergen.document.headers import UNIT_COLUMNS, Column

_TIME: Final = re.compile(
    r"[0-9一二三四五六七八九十]+(日|天|个?工作日|个?月|季度)|[年月]底|年前|每[年月周日季半]|长期|持续|常态|动态|期间|定期|实时|适时|及时|按.{1,3}(公开|更新)"
)
_SHORT: Final = 16
_LONG: Final = 20
_NEVER: Final = -1_000
_NEEDED: Final = 12


def aligned(table: Table, columns: Sequence[Column], last: int) -> list[list[str]]:
    """Put the cells of rows that are too short where they belong; blank ones where cells are absent."""
    rows = []
    for number, row in enumerate(table.rows):
        cells = [cell.strip() for cell in row]
        short = number > last and 1 < len(cells) < len(columns)
        rows.append(_placed(cells, columns) if short else cells + [""] * (len(columns) - len(cells)))
    return rows


def _placed(cells: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """Choose the places, in order, at which the cells fit best."""

    @cache
    def best(cell: int, column: int) -> tuple[int, tuple[int, ...]]:
        if cell == len(cells):
            return 0, ()
        if len(columns) - column < len(cells) - cell:
            return _NEVER, ()
        score, places = best(cell + 1, column + 1)
        taken = score + _fit(cells[cell], columns[column]), (column, *places)
        passed, others = best(cell, column + 1)
        passed -= _NEEDED if columns[column] is Column.REQUIREMENT else 0  # what a row is made of is hardly absent
        return max(taken, (passed, others), key=lambda each: each[0])

    row = [""] * len(columns)
    for cell, place in zip(cells, best(0, 0)[1], strict=False):
        row[place] = cell
    return row


def _fit(text: str, column: Column) -> int:
    """Weigh how well a text fits a column."""
    bare = tidy(text)
    if not bare:
        return 0
    is_number = fold(bare).isdecimal()
    if column is Column.NUMBER:
        return 10 if is_number else -10
    return -5 if is_number else _FITS.get(column, _fits_nothing)(bare)


def _fits_units(text: str) -> int:
    pieces = [piece for piece in split_outside(text[:400], "、，,；; ") if piece]
    return 8 if all(is_complete(piece) or is_group(piece) for piece in pieces) else -4


def _fits_time(text: str) -> int:
    return 6 if _TIME.search(text) and len(text) <= 3 * _LONG else -4


def _fits_requirement(text: str) -> int:
    return 5 if len(text) >= _LONG else 1


def _fits_name(text: str) -> int:
    return 4 if len(text) <= _SHORT and not _TIME.search(text) else 0


def _fits_nothing(_text: str) -> int:
    return 0


_FITS: Final[dict[Column, Callable[[str], int]]] = {
    **dict.fromkeys(UNIT_COLUMNS, _fits_units),
    Column.TIME: _fits_time,
    Column.REQUIREMENT: _fits_requirement,
    Column.NAME: _fits_name,
}
