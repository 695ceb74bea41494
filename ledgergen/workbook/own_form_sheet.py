"""The sheet of an office's own form as it is looked at: texts, merged cells, lines, widths, lists.

Rows and columns count from 0. The texts are the ones that the reader of returns will see, so that what came back can
be held against what went out.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledgergen.findings import Where
from ledgergen.records import FormSettings
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.form_words import FormWords
from ledgergen.workbook.grid import Grid, Merge, Place
from ledgergen.workbook.inspect import xml_root
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.own_form_package import FormSheet
from ledgergen.workbook.own_form_parts import MAIN, place_of

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_DEFAULT_WIDTH: Final = 8.43  # characters, where a file names no width
_SIDES: Final = ("left", "right", "top", "bottom")
_INLINE_LIST: Final = re.compile(r'"(.*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a form is read by: what the settings say of it, the layout that it borrows from, the words known."""

    setting: FormSettings
    like: Layout
    words: FormWords

    def where(self, sheet: str = "", cell: str = "") -> Where:
        """Give a place in the form's file."""
        return Where(self.setting.template, sheet=sheet, cell=cell)


@dataclass(frozen=True)
class OwnSheet:
    """One sheet of a form. Without slots, so that what follows from it is worked out once."""

    form: FormSheet
    grid: Grid
    styles: bytes

    @property
    def name(self) -> str:
        """Give the sheet's name."""
        return self.form.name

    def text(self, row: int, column: int) -> str:
        """Give a cell's text, white space at its ends aside; of a merged range only its first cell has one."""
        return self.grid.text(row, column).strip()

    def owner(self, row: int, column: int) -> Place:
        """Give the first cell of the merged range that a cell belongs to; itself where it belongs to none."""
        return self._owners.get((row, column), (row, column))

    def area(self, row: int, column: int) -> Merge:
        """Give the merged range of a cell, or the cell itself as one."""
        first = self.owner(row, column)
        return self._areas.get(first, (row, column, row, column))

    def is_bordered(self, row: int, column: int) -> bool:
        """Tell whether a cell has a line on any side."""
        style = self._cells.get((row, column))
        return style is not None and style < len(self._lined) and self._lined[style]

    def width(self, column: int) -> float:
        """Give a column's width in characters."""
        return next((width for first, last, width in self._widths if first <= column <= last), self._default_width)

    @functools.cached_property
    def used_columns(self) -> int:
        """Count the columns up to the last one with a text, a merged range or a line."""
        lined = (column for (row, column) in self._cells if self.is_bordered(row, column))
        columns = [self.grid.size[1] - 1, *(right for _, _, _, right in self.form.merged), *lined]
        return max(columns) + 1

    @functools.cached_property
    def used_rows(self) -> int:
        """Count the rows up to the last one with a text, a merged range or a line."""
        lined = (row for (row, column) in self._cells if self.is_bordered(row, column))
        return max([self.grid.size[0] - 1, *(bottom for _, _, bottom, _ in self.form.merged), *lined]) + 1

    def texts(self, first: int, after: int) -> Iterator[tuple[int, int, str]]:
        """Give the filled cells of some rows, each with its text."""
        for row in range(first, min(after, self.grid.size[0])):
            for column in range(self.grid.size[1]):
                if text := self.text(row, column):
                    yield row, column, text

    def choices(self, row: int, column: int) -> tuple[str, ...]:
        """Give the answers that a cell's own drop-down list offers; none where it takes them from other cells."""
        for areas, texts in self._lists:
            if any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in areas):
                return texts
        return ()

    @functools.cached_property
    def _root(self) -> "Element":
        return xml_root(self.form.xml.decode("utf-8", "replace"), self.name)

    @functools.cached_property
    def _owners(self) -> dict[Place, Place]:
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.form.merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }

    @functools.cached_property
    def _areas(self) -> dict[Place, Merge]:
        return {merge[:2]: merge for merge in self.form.merged}

    @functools.cached_property
    def _cells(self) -> dict[Place, int]:
        """Map the cells that the file has to the numbers of their looks."""
        found = {}
        for cell in self._root.iter(f"{MAIN}c"):
            style = cell.get("s", "0")
            if (place := place_of(cell.get("r", ""))) and style.isdecimal():
                found[place] = int(style)
        return found

    @functools.cached_property
    def _lined(self) -> list[bool]:
        root = xml_root(self.styles.decode("utf-8", "replace"), "styles")
        lined = [any(map(_is_line, border)) for border in root.iterfind(f"{MAIN}borders/{MAIN}border")]
        looks = (look.get("borderId", "0") for look in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf"))
        return [each.isdecimal() and int(each) < len(lined) and lined[int(each)] for each in looks]

    @functools.cached_property
    def _widths(self) -> list[tuple[int, int, float]]:
        found = []
        for column in self._root.iterfind(f"{MAIN}cols/{MAIN}col"):
            first, last, width = column.get("min", ""), column.get("max", ""), _number(column.get("width", ""))
            if first.isdecimal() and last.isdecimal() and width is not None:
                found.append((int(first) - 1, int(last) - 1, width))
        return found

    @functools.cached_property
    def _default_width(self) -> float:
        setting = self._root.find(f"{MAIN}sheetFormatPr")
        written = _number(setting.get("defaultColWidth", "")) if setting is not None else None
        return _DEFAULT_WIDTH if written is None else written

    @functools.cached_property
    def _lists(self) -> list[tuple[list[Merge], tuple[str, ...]]]:
        found = []
        for rule in self._root.iterfind(f"{MAIN}dataValidations/{MAIN}dataValidation"):
            inline = _INLINE_LIST.fullmatch((rule.findtext(f"{MAIN}formula1") or "").strip())
            if rule.get("type") == "list":
                texts = tuple(each.strip() for each in inline[1].split(",") if each.strip()) if inline else ()
                found.append((list(_areas(rule.get("sqref", ""))), texts))
        return found


def plain(text: str) -> str:
    """Give a title or label as it is shown on one line: without line ends and the blanks that stretch it."""
    return "".join(text.split()) if normalised(text) == "".join(text.split()) else " ".join(text.split())


def _is_line(side: "Element") -> bool:
    return str(side.tag).removeprefix(MAIN) in _SIDES and side.get("style", "none") != "none"


def _areas(written: str) -> Iterator[Merge]:
    for part in written.replace("$", "").split():
        first, _, last = part.partition(":")
        start, end = place_of(first), place_of(last or first)
        if start and end:
            yield (*start, *end)


def _number(written: str) -> float | None:
    try:
        return min(max(float(written), 0.0), 255.0)
    except ValueError:
        return None
