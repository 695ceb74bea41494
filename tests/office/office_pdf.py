"""Printed pages as words with their places, as pdftotext tells them, and a ledger's columns and rows found in them.

All lengths are points of the printed page, counted from its upper left corner.
"""

import functools
import statistics
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from clerk import Ledger
from conftest import need

FOOTER = 40.0  # the lowest points of a page, where nothing of the table stands
_HAIR = 0.75  # what rounding may make
_LINE = 4.0  # words whose middles are nearer than this stand in one line
_XHTML = "{http://www.w3.org/1999/xhtml}"


class Word(NamedTuple):
    """A word and the box that its font takes for it."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> tuple[float, float]:
        """Give the middle of the box."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """One printed page."""

    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Give all words without blanks, line by line."""
        return joined(self.words)

    @property
    def footer(self) -> str:
        """Give what stands at the foot, without blanks."""
        return joined(word for word in self.words if word.top > self.height - FOOTER)

    def overlaps(self) -> Iterator[tuple[Word, Word]]:
        """Find words of which one lies over the other."""
        ordered = sorted(self.words, key=lambda word: word.top)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if other.top > one.bottom - _HAIR:
                    break
                if min(one.right, other.right) - max(one.left, other.left) > _HAIR:
                    yield one, other


class Band(NamedTuple):
    """A body row on a page: its number (序号), and between which heights it lies."""

    number: int
    top: float
    bottom: float

    def holds(self, word: Word) -> bool:
        """Tell whether the middle of a word lies in the row."""
        return self.top < word.middle[1] < self.bottom


class Printed:
    """A ledger and its printed pages: the columns by id, the rows by their numbers."""

    def __init__(self, ledger: Path, pdf: Path) -> None:
        self.ledger = Ledger(ledger)
        self.pdf = pdf
        self.pages = pages_of(pdf)

    def column(self, page: Page, column_id: str) -> list[Word]:
        """Give the words of a column of the table from top to bottom, its title first."""
        left, right = self._edges[column_id]
        top, bottom = self._table_top(page), page.height - FOOTER
        found = [word for word in page.words if left < word.middle[0] < right and top < word.middle[1] < bottom]
        return sorted(found, key=lambda word: word.top)

    def bands(self, page: Page) -> list[Band]:
        """Find the rows. A number is one line in the middle of its row; how high the row is, the ledger says."""
        numbers = self._numbers(page)
        halves = [self._heights[int(word.text)] * self._scale / 2 for word in numbers]
        return [
            Band(int(word.text), word.middle[1] - half, word.middle[1] + half)
            for word, half in zip(numbers, halves, strict=True)
        ]

    def cell(self, page: Page, band: Band, column_id: str) -> list[Word]:
        """Give the words of a body cell."""
        return [word for word in self.column(page, column_id) if band.holds(word)]

    def overlaps(self, page: Page) -> Iterator[tuple[Word, Word]]:
        """Find words of different cells, of which one lies over the other."""
        cells = [self.cell(page, band, column_id) for band in self.bands(page) for column_id in self._edges]
        for one, other in page.overlaps():
            if not any(one in cell and other in cell for cell in cells):
                yield one, other

    def beyond(self, page: Page) -> Iterator[tuple[Band, Word]]:
        """Find words of the body that stand out of a row: a text that does not fit is cut off or lies over the next."""
        bands = self.bands(page)
        for column_id in self._edges:
            for word in self.column(page, column_id):
                for band in bands:
                    inside = min(word.bottom, band.bottom) - max(word.top, band.top)
                    if _HAIR < inside < word.bottom - word.top - _HAIR:
                        yield band, word

    def _numbers(self, page: Page) -> list[Word]:
        return [word for word in self.column(page, "seq") if word.text.isdecimal()]

    @functools.cached_property
    def _heights(self) -> dict[int, float]:
        """Give the rows' heights in the ledger by number, in points."""
        sheet, place = self.ledger.sheet, self.ledger.columns["seq"]
        return {
            int(str(sheet.cell(row, place).value)): float(sheet.row_dimensions[row].height or 0)
            for row in range(self.ledger.header + 1, sheet.max_row + 1)
        }

    @functools.cached_property
    def _widths(self) -> dict[str, int]:
        """Give the columns' widths in pixels, from left to right, as the file has them."""
        widths = {
            place: round(7 * float(each.width))
            for each in self.ledger.sheet.column_dimensions.values()
            for place in range(each.min or 1, (each.max or 0) + 1)
        }
        return {name: widths[place] for name, place in sorted(self.ledger.columns.items(), key=lambda pair: pair[1])}

    @functools.cached_property
    def _sides(self) -> tuple[float, float]:
        """Give the sides of the table: the number above it ends at the right one, and it stands in the middle."""
        first = self.pages[0]
        right = max(word.right for word in first.words if word.text.startswith(self.ledger.layout.number_label))
        return first.width - right, right

    @functools.cached_property
    def _edges(self) -> dict[str, tuple[float, float]]:
        left, right = self._sides
        scale = (right - left) / sum(self._widths.values())
        edges = accumulate((scale * width for width in self._widths.values()), initial=left)
        return dict(zip(self._widths, pairwise(edges), strict=True))

    @functools.cached_property
    def _scale(self) -> float:
        """Tell how much smaller the pages were printed: measured between the rows of each page, else by the width."""
        measured = []
        for page in self.pages:
            numbers = self._numbers(page)
            heights = [self._heights[int(word.text)] for word in numbers]
            if len(numbers) > 1:
                between = sum(heights) - (heights[0] + heights[-1]) / 2
                measured.append((numbers[-1].middle[1] - numbers[0].middle[1]) / between)
        left, right = self._sides
        return statistics.median(measured or [(right - left) / (0.75 * sum(self._widths.values()))])

    def _table_top(self, page: Page) -> float:
        title = self.ledger.layout.columns[0].title
        return min(word.top for word in page.words if word.text == title) - 3 * _LINE


def joined(words: Iterable[Word]) -> str:
    """Join words line by line, without blanks."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda each: each.middle[1]):
        if lines and word.middle[1] - lines[-1][0].middle[1] < _LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return bare("".join(word.text for line in lines for word in sorted(line)))


def bare(text: str) -> str:
    """Take the white space out of a text."""
    return "".join(text.split())


def pages_of(pdf: Path) -> list[Page]:
    """Read a PDF through pdftotext."""
    done = subprocess.run([need("pdftotext"), "-bbox", pdf, "-"], capture_output=True, check=True)
    root = etree.fromstring(done.stdout, etree.XMLParser(recover=True))
    return [
        Page(float(page.get("width", 0)), float(page.get("height", 0)), tuple(map(_word, page.iter(f"{_XHTML}word"))))
        for page in root.iter(f"{_XHTML}page")
    ]


def _word(found: "etree._Element") -> Word:
    left, top, right, bottom = (float(found.get(side, 0)) for side in ("xMin", "yMin", "xMax", "yMax"))
    return Word(left, top, right, bottom, found.text or "")
