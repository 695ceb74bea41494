"""What a sheet is made of, as values: ranges, formats, rules, properties, pages. None of it needs xlsxwriter.

:mod:`.sheets` writes them, and hands them on to its users.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from ledgergen.workbook import limits

_SIDES: Final = ("left", "right", "top", "bottom")
_BUILT_IN: Final = {"@": 49}  # ECMA-376 part 1, 18.8.30; xlsxwriter would number it anew


class SheetError(ValueError):
    """Something that the format cannot hold was to be written: a bug of the caller, never a user's fault."""


class Area(NamedTuple):
    """A range of cells, all four counted from 0 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class CellFormat:
    """How a cell looks: sizes in points, colours as ``#RRGGBB``, ``sides`` with thin borders, ``stacked`` downwards."""

    font: str = ""
    size: float = 11
    bold: bool = False
    colour: str = ""
    fill: str = ""
    align: str = "left"
    vertical: str = "vcenter"
    wrap: bool = True
    sides: Sequence[str] = _SIDES
    border: str = "#7F7F7F"
    number: str = "General"
    locked: bool = True
    stacked: bool = False

    def properties(self) -> dict[str, object]:
        """Give it as xlsxwriter wants it; what is left at its default is left out."""
        found: dict[str, object] = {"font_size": self.size, "align": self.align, "valign": self.vertical}
        found |= {"font_name": self.font} if self.font else {}
        found |= {"bold": True} if self.bold else {}
        found |= {"font_color": self.colour} if self.colour else {}
        found |= {"bg_color": self.fill} if self.fill else {}
        found |= {"text_wrap": True} if self.wrap else {}
        found |= {"num_format": _BUILT_IN.get(self.number, self.number)} if self.number != "General" else {}
        found |= {"locked": False} if not self.locked else {}
        found |= {"rotation": 270} if self.stacked else {}  # becomes 255, the file's number for stacked characters
        return found | _borders(self.sides, self.border)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a conditional format adds to a cell: a font colour, a fill, borders. What is empty stays as it was."""

    colour: str = ""
    fill: str = ""
    bold: bool = False
    sides: Sequence[str] = ()
    border: str = "#7F7F7F"

    def properties(self) -> dict[str, object]:
        """Give it as xlsxwriter wants it."""
        found: dict[str, object] = {"font_color": self.colour} if self.colour else {}
        found |= {"bg_color": self.fill} if self.fill else {}
        found |= {"bold": True} if self.bold else {}
        return found | _borders(self.sides, self.border)


@dataclass(frozen=True, slots=True)
class Properties:
    """The document's properties. ``created`` also stands for the last change, so that the bytes repeat."""

    title: str
    created: date
    subject: str = ""
    author: str = ""
    keywords: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet is printed: margins in inches, ``header`` and ``footer`` in Excel's codes (:func:`literal`).

    It is made to fit ``pages`` (across, down), 0 for as many as it takes, unless a ``scale`` in percent is given.
    ``area``: what is printed, where that is not all.
    """

    paper: str = "A4"
    landscape: bool = True
    margin: float = 0.5
    header: str = ""
    footer: str = ""
    pages: tuple[int, int] = (1, 0)
    scale: int | None = None
    repeated: tuple[int, int] | None = None
    repeated_columns: tuple[int, int] | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """A native chart of horizontal bars, one for each row of a table.

    ``names`` and ``values`` are the ranges of one column each, with what stands in them, so that a viewer that does not
    recalculate shows the bars too; ``colours`` one for each bar. ``size`` is in pixels.
    """

    title: str
    names: Area
    values: Area
    shown: Sequence[tuple[str, float]]
    colours: Sequence[str]
    size: tuple[int, int]
    font: str = ""


def literal(text: str) -> str:
    """Write a text so that a header or footer shows it as it is; ``&`` begins a code there."""
    return limits.writable(text).replace("\n", " ").replace("&", "&&")


def _borders(sides: Sequence[str], colour: str) -> dict[str, object]:
    return dict.fromkeys(sides, 1) | {f"{side}_color": colour for side in sides}
