"""Where everything of a ledger stands on its sheet, worked out from its layout alone.

Rows from the top: title, number, head block, instructions, column titles, body, and after a narrow row the foot.
Columns as the layout has them, with the hidden code column right after the visible one. All rows and columns count from
0.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Column, HeadItem, Layout
from ledgergen.workbook.sheet_values import Area

TITLE_ROW: Final = 0
NUMBER_ROW: Final = 1
HEAD_ROW: Final = 2
_HIDDEN_CODE: Final = "hidden_code"
_LABEL_PADDING: Final = 1.5  # characters
_VALUE_WIDTH: Final = 17.0  # characters: a day, a telephone number, or a unit's name
_CLIPPED: Final = 10_000.0  # what a label on two lines costs
_WIDEST_LABEL: Final = 2.5  # times what a label needs: with more room than that it is left out
_NUMBER_WIDTH: Final = 32.0  # characters: what the number takes of its row, where something else stands beside it


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the sheet: its index, the layout's column, and whether it is the hidden second one of the codes."""

    index: int
    column: Column
    hidden: bool

    @property
    def source(self) -> str:
        """Give the id under which a row has the text that stands here."""
        return "code" if self.hidden else self.column.id


class HeadPlace(NamedTuple):
    """Where an item of the head block stands: the columns of its label and those of its value, right beside it."""

    item: HeadItem
    label: Area
    value: Area


@dataclass(frozen=True, slots=True)
class Form:
    """The places of one layout."""

    layout: Layout
    columns: tuple[SheetColumn, ...]
    head: tuple[tuple[HeadPlace, ...], ...]

    @property
    def last_column(self) -> int:
        """Give the index of the last column that shows."""
        return max(column.index for column in self.columns if not column.hidden)

    @property
    def instruction_row(self) -> int:
        """Give the first row of the instructions."""
        return HEAD_ROW + len(self.head)

    @property
    def task(self) -> int | None:
        """Give where the column stands that says a row's task; None where the layout has none."""
        return self.index(self.layout.task_column.id) if self.layout.task_column else None

    def index(self, column_id: str) -> int | None:
        """Give where a column stands; None where the layout has none of this id."""
        return next((place.index for place in self.columns if place.column.id == column_id), None)

    def width(self, area: Area) -> float:
        """Give the width of a merged range in characters, as one column of the same pixels would have it."""
        return _merged_width([place.column.width for place in self._shown(area)])

    def across(self, row: int, first: int = 0) -> Area:
        """Give the range of a whole row, from a column on to the last one that shows."""
        return Area(row, first, row, self.last_column)

    def number_from(self) -> int:
        """Give the first of the columns at the right that the number needs; at least one is left at the left."""
        for first in range(self.last_column, 1, -1):
            if self.width(Area(0, first, 0, self.last_column)) >= _NUMBER_WIDTH:
                return first
        return 1

    def foot(self, first: int) -> tuple[tuple[HeadPlace, ...], ...]:
        """Give the places of the items below the table, whose first row is ``first``."""
        rows = enumerate(self.layout.foot, start=first)
        return tuple(_head_row(row, number, self.widths, self.layout) for number, row in rows)

    @property
    def widths(self) -> tuple[float, ...]:
        """Give the widths of the columns up to the last one that shows, in characters; a hidden one has none."""
        return tuple(0.0 if place.hidden else place.column.width for place in self.columns[: self.last_column + 1])

    def _shown(self, area: Area) -> Iterator[SheetColumn]:
        return (place for place in self.columns[area.left : area.right + 1] if not place.hidden)


def form_of(layout: Layout) -> Form:
    """Work out the places of a layout."""
    form = Form(layout, tuple(_columns(layout)), ())
    rows = enumerate(layout.head, start=HEAD_ROW)
    return replace(form, head=tuple(_head_row(row, number, form.widths, layout) for number, row in rows))


def label_columns(form: Form, text: str, points: float) -> int:
    """Count the columns from the left that a label needs; none where it would stand in a desert."""
    need = _label_width(text, points)
    for last in range(form.last_column):
        width = form.width(Area(0, 0, 0, last))
        if width >= need:
            return last + 1 if width <= _WIDEST_LABEL * need else 0
    return 0


def _columns(layout: Layout) -> Iterator[SheetColumn]:
    index = 0
    for column in layout.columns:
        yield SheetColumn(index, column, hidden=False)
        index += 1
        if column.id == "code":
            yield SheetColumn(index, Column(_HIDDEN_CODE, HIDDEN_CODE_TITLE, column.width), hidden=True)
            index += 1


def _head_row(
    items: tuple[HeadItem, ...], row: int, widths: tuple[float, ...], layout: Layout
) -> tuple[HeadPlace, ...]:
    needs = tuple(_label_width(item.label, layout.style.head_size) for item in items)
    bounds = shared_out(widths, needs)
    spans = [Area(row, first, row, after - 1) for first, after in pairwise(bounds)]
    return tuple(
        HeadPlace(item, *pair) for item, pair in zip(items, zip(spans[::2], spans[1::2], strict=True), strict=True)
    )


@functools.lru_cache(maxsize=256)
def shared_out(widths: tuple[float, ...], needs: tuple[float, ...]) -> tuple[int, ...]:
    """Share columns out among the items of a head row so that the widths of their values differ least.

    Each item takes a label of at least the width it needs, if that can be had, and a value; all in whole columns.
    ``widths`` and ``needs`` in characters. Gives the bounds: label 1 is ``bounds[0]:bounds[1]``, value 1
    ``bounds[1]:bounds[2]``, and so on. The best of all ways, found item by item (dynamic programming).
    """
    count, columns = len(needs), len(widths)
    even = max((_merged_width(widths) - sum(needs)) / count, 0.0)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for place, need in enumerate(needs):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        left = 2 * (count - place - 1)
        for start, (cost, bounds) in best.items():
            for end in range(start + 2, columns - left + 1) if left else (columns,):
                price, split = _best_split(widths, range(start, end + 1), need, even)
                if end not in following or cost + price < following[end][0]:
                    following[end] = (cost + price, (*bounds, split, end))
        best = following
    return best[columns][1]


def _best_split(widths: tuple[float, ...], bounds: range, need: float, even: float) -> tuple[float, int]:
    """Find where a label ends and its value begins, and what it costs.

    A label too narrow is by far the worst, a value too narrow for a day or a name is bad too.
    """
    priced = []
    for split in bounds[1:-1]:
        surplus = _merged_width(widths[bounds[0] : split]) - need
        value = _merged_width(widths[split : bounds[-1]])
        cost = surplus**2 * (0.5 if surplus >= 0 else 100) + (value - even) ** 2
        lack = max(0.0, min(even, _VALUE_WIDTH) - value)
        priced.append((cost + 60 * lack**2 + (_CLIPPED if surplus < 0 else 0), split))
    return min(priced)


def _merged_width(widths: tuple[float, ...] | list[float]) -> float:
    """Give the width in characters of one column as wide as these; each has 5 pixels beside its 7 a character."""
    return sum(widths) + (sum(1 for width in widths if width) - 1) * 5 / 7


def _label_width(text: str, points: float) -> float:
    """Give the width in characters that a label needs on one line."""
    pixels = sum(1.0 if character >= "\u2000" else 0.6 for character in text) * points * 96 / 72
    return pixels / 7 + _LABEL_PADDING
