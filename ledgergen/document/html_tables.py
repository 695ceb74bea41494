"""Tables of a web page: cells at the places that rowspan and colspan give them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ledgergen.document.blocks import Merge, Table

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_MOST_COLUMNS: Final = 100
_MOST_ROWS: Final = 20_000
_LINES: Final = frozenset({"p", "div", "li", "br", "tr"})
_SHORT_ROWS: Final = 2


def read_table(element: "Element") -> Table:
    """Read a table element without tables in it.

    Where no cell spans rows and several rows lack cells, what is merged was lost on the way: blanks go on from above.
    """
    caption = element.find("caption")
    rows = list(element.iter("tr"))[:_MOST_ROWS]
    texts: list[list[str]] = []
    merged: list[Merge] = []
    waiting: dict[int, tuple[int, str]] = {}
    counts: list[int] = []
    for number, row in enumerate(rows):
        line: list[str] = []
        still: dict[int, tuple[int, str]] = {}
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        counts.append(sum(_span(cell, "colspan") for cell in cells))
        for cell in cells:
            _skip(line, waiting, still)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan", len(rows) - number)
            left = len(line)
            line += [_text(cell), *[""] * (width - 1)]
            if width > 1 or height > 1:
                merged.append((number, left, number + height - 1, left + width - 1))
            still |= {column: (height - 1, "") for column in range(left, left + width) if height > 1}
        _skip(line, waiting, still)
        waiting = still
        texts.append(line)
    spans = any(bottom > top for top, _, bottom, _ in merged)
    lacking = sum(count < max(counts, default=0) for count in counts)
    title = _text(caption) if caption is not None else ""
    return Table(tuple(map(tuple, texts)), tuple(merged), told=spans or lacking < _SHORT_ROWS, caption=title)


def _skip(line: list[str], waiting: dict[int, tuple[int, str]], still: dict[int, tuple[int, str]]) -> None:
    """Pass over the places that cells from above still cover."""
    while len(line) in waiting:
        left, text = waiting[len(line)]
        if left > 1:
            still[len(line)] = (left - 1, text)
        line.append("")


def _span(cell: "Element", name: str, most: int = _MOST_COLUMNS) -> int:
    written = (cell.get(name) or "1").strip()
    span = int(written) if written.isdecimal() and len(written) < 6 else 1  # noqa: PLR2004
    return max(1, min(span or most, most))


def _text(element: "Element") -> str:
    """Give the text of a cell, its paragraphs and breaks as lines."""
    text = "".join(_texts(element))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _texts(element: "Element") -> Iterator[str]:
    yield (element.text or "").replace("\n", " ").replace("\r", " ")
    for child in element:
        if child.tag in _LINES:
            yield "\n"
        yield from _texts(child)
        if child.tag in _LINES and child.tag != "br":
            yield "\n"
        yield (child.tail or "").replace("\n", " ").replace("\r", " ")
