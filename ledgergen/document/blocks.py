"""What every reader gives, whatever the format: paragraphs and tables in the order of the document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Merge: TypeAlias = tuple[int, int, int, int]  # first row, first column, last row, last column

MAX_CHARACTERS: Final = 3_000_000  # of a whole document; a plan of 100 tasks has 30,000
MAX_PARAGRAPH: Final = 100_000  # of one paragraph or cell; a whole plan copied without a line end has 20,000
MAX_BLOCKS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    r"""One paragraph: its text (``\n`` where the author broke the line) and what the format says of it.

    ``number`` is the automatic number as a reader sees it (``（一）``); ``heading`` tells that the format marks it as
    one, ``centred`` that it stands in the middle of the line; ``line`` and ``page`` count from 1, 0 is unknown.
    ``series`` tells lists apart to which automatic numbers belong, where their spelling does not (1, 2 … of a page).
    """

    text: str
    number: str = ""
    heading: bool = False
    centred: bool = False
    line: int = 0
    page: int = 0
    series: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    r"""One table: rows of texts (``\n`` between the paragraphs of a cell) and what is merged.

    The text of merged cells stands in the first of them; the others are empty. ``told``: whether the format tells what
    is merged. Where it does not (copied text), a blank cell continues the one above. ``page_starts`` are the rows that
    are the first on a page, ``lines`` the lines in which the rows begin, where the format has lines. ``sheet`` is the
    name of the sheet of a workbook.
    """

    rows: tuple[tuple[str, ...], ...]
    merged: tuple[Merge, ...] = ()
    told: bool = True
    caption: str = ""
    sheet: str = ""
    page_starts: frozenset[int] = frozenset()
    lines: tuple[int, ...] = ()
    page: int = 0

    def line(self, row: int = 0) -> int:
        """Give the line in which a row begins, from 1; 0 where lines are not known."""
        return self.lines[row] if row < len(self.lines) else 0

    @property
    def width(self) -> int:
        """Give the number of columns."""
        return max(map(len, self.rows), default=0)


Block: TypeAlias = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Source:
    """A document as read: its format (``txt``, ``docx``, ``html``, ``xlsx``, ``pdf``), its blocks, the pages it has.

    ``titles`` are texts from beside the document itself that may say its facts (the head of a web page); ``lost`` are
    the pages with a table that could not be read, ``flat`` the lines of a text in which one begins.
    """

    format: str
    blocks: Sequence[Block]
    pages: int = 0
    titles: Sequence[str] = field(default=())
    lost: Sequence[int] = field(default=())
    flat: Sequence[int] = field(default=())

    @property
    def characters(self) -> int:
        """Count the characters of all blocks."""
        return sum(map(len, self._texts()))

    @property
    def longest(self) -> int:
        """Give the length of the longest paragraph or cell."""
        return max(map(len, self._texts()), default=0)

    def _texts(self) -> Iterator[str]:
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            else:
                yield from (cell for row in block.rows for cell in row)
