"""How a layout goes onto paper: all columns on one page's width, unless the print would be too small to read.

Then the table is printed as small as may be read and no smaller, over several pages side by side, each with the columns
up to the task at its left.
"""

import math
from typing import Final

from ledgergen.workbook.layout import Layout

SMALLEST_PRINT: Final = 8.0  # points of the table's texts on paper
MARGIN: Final = 0.5  # inches
_PAPER_INCHES: Final = {"A4": (8.27, 11.69), "A3": (11.69, 16.54)}


def fitted_points(layout: Layout) -> float:
    """Give the size of the table's texts on paper if all columns were put on one page's width."""
    return layout.style.body_size * _fit(layout)


def print_scale(layout: Layout) -> int | None:
    """Give the scale in percent at which the table is printed; None where it fits one page's width and is legible."""
    if fitted_points(layout) >= SMALLEST_PRINT:
        return None
    return math.ceil(100 * min(1.0, SMALLEST_PRINT / layout.style.body_size))


def _fit(layout: Layout) -> float:
    """Give the factor that puts all columns on one page's width; never more than 1, for nothing is enlarged."""
    style = layout.style
    short, long = _PAPER_INCHES[style.paper]
    room = (long if style.landscape else short) - 2 * MARGIN
    inches = sum(column.width * 7 + 5 for column in layout.columns) / 96
    return min(1.0, room / inches)
