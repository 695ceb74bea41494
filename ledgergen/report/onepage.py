"""A page of rows over a fixed grid of columns: each row's cells span some of them."""

from collections.abc import Sequence
from typing import Final

from ledgergen.report.tablesheet import ReportBook, Value
from ledgergen.workbook.sheets import Area, SheetWriter

GRID: Final = 12  # columns
WIDTH: Final = 9.5  # of each, in characters
_LEAST_ROW: Final = 20.0  # points


class OnePage:
    """Writes row after row over the columns of the page."""

    def __init__(self, paper: ReportBook, sheet: SheetWriter) -> None:
        self.paper = paper
        self.sheet = sheet
        self.row = 0
        sheet.columns(0, GRID - 1, WIDTH)

    def line(self, text: str, look: str, least: float = 0) -> None:
        """Write a text over all columns."""
        self.sheet.row(self.row, max(least, self.paper.height([(text, GRID * WIDTH, look)])))
        self.sheet.merge(Area(self.row, 0, self.row, GRID - 1), text, look)
        self.row += 1

    def cells(self, values: Sequence[Value], looks: Sequence[str], spans: Sequence[int]) -> None:
        """Write values, each over so many columns; columns that are left over on the right stay empty."""
        cells = list(zip(values, looks, spans, strict=True))
        texts = [(value, span * WIDTH, look) for value, look, span in cells if isinstance(value, str)]
        self.sheet.row(self.row, max(_LEAST_ROW, self.paper.height(texts)))
        left = 0
        for value, look, span in cells:
            self._put(Area(self.row, left, self.row, left + span - 1), value, look)
            left += span
        self.row += 1

    def _put(self, area: Area, value: Value, look: str) -> None:
        if isinstance(value, str):
            self.sheet.merge(area, value, look)
            return
        self.sheet.merge(area, "", look)
        self.sheet.write_number(area.top, area.left, value, look)
