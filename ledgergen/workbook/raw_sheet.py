"""A sheet while a reader fills it: what is in its cells by place, made into a grid when all of them are there."""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar

from ledgergen.workbook.grid import MAX_CELLS, MAX_SHEETS, Grid, Merge, Place
from ledgergen.workbook.inspect import Refused, check_area

_T = TypeVar("_T")


@dataclass(slots=True)
class RawSheet:
    """A sheet while it is read: the text of its cells by place, and what else a :class:`Grid` tells of them."""

    name: str
    hidden: bool
    texts: dict[Place, str] = field(default_factory=dict)
    kinds: dict[Place, str] = field(default_factory=dict)
    cached: dict[Place, str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    def grid(self) -> Grid:
        """Lay the cells out in rows; merged ranges are cut to them.

        Raises:
            Refused: ``sheet-too-large``, ``file-too-complex`` (merged ranges over one another).
        """
        if not self.texts:
            return Grid(self.name, self.hidden, ())
        height = max(map(itemgetter(0), self.texts)) + 1
        width = max(map(itemgetter(1), self.texts)) + 1
        check_area(self.name, height - 1, width - 1)
        rows = [[""] * width for _ in range(height)]
        for (row, column), text in self.texts.items():
            rows[row][column] = text
        merged = [
            (top, left, min(bottom, height - 1), min(right, width - 1))
            for top, left, bottom, right in self.merges
            if top <= bottom and left <= right and top < height and left < width and (top, left) != (bottom, right)
        ]
        if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in merged) > MAX_CELLS:
            raise Refused("file-too-complex", sheet=self.name, part="mergeCells", limit=MAX_CELLS)
        return Grid(self.name, self.hidden, tuple(map(tuple, rows)), self.kinds, self.cached, tuple(merged))


def bounded(sheets: list[_T]) -> list[_T]:
    """Give the sheets, if there are any and not too many.

    Raises:
        Refused: ``workbook-without-sheets``, ``file-too-many-parts``.
    """
    if not sheets:
        raise Refused("workbook-without-sheets")
    if len(sheets) > MAX_SHEETS:
        raise Refused("file-too-many-parts", limit=MAX_SHEETS)
    return sheets
