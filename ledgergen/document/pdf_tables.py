"""Tables of a PDF: the grid of their lines, what is merged in it, and tables that go on over a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ledgergen.document.blocks import Merge, Table
from ledgergen.document.characters import fold, tidy
from ledgergen.document.headers import Column, column_of, is_header

if TYPE_CHECKING:
    from ledgergen.document.pdf import Page

_NEAR: Final = 4.0  # points within which two edges are one
_FULL: Final = 1.7  # characters that a full line of a cell may leave free
_LEAST: Final = 2

Area = tuple[float, float, float, float]  # left, top, right, bottom, as pdfplumber has it


@dataclass(slots=True)
class PageTable:
    """One table on one page, or several put together: rows, what is merged, rows that begin a page."""

    rows: list[list[str]]
    merged: list[Merge]
    area: Area
    edges: tuple[float, ...]
    page: int
    starts: set[int] = field(default_factory=set)
    told: bool = True

    @property
    def top(self) -> float:
        """Give the place on the page."""
        return self.area[1]

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Tell whether a character stands inside the table."""
        x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
        left, top, right, bottom = self.area
        return item["object_type"] == "char" and bool(left <= x <= right and top <= y <= bottom)

    def table(self) -> Table:
        """Give the finished table."""
        rows = tuple(map(tuple, self.rows))
        return Table(rows, tuple(self.merged), told=self.told, page_starts=frozenset(self.starts), page=self.page)


def page_tables(page: "Page") -> list[PageTable]:
    """Find the tables with lines on a page; frames around a text are none."""
    found = []
    for each in page.find_tables():
        cells = [cell for cell in each.cells if cell[2] - cell[0] > _NEAR and cell[3] - cell[1] > _NEAR]
        columns, rows = _edges(cells, 0, 2), _edges(cells, 1, 3)
        if len(columns) > _LEAST and len(rows) > _LEAST - 1 and len(cells) > _LEAST:
            found.append(_read(page, each.bbox, cells, columns, rows))
    return found


def _edges(cells: Sequence[Area], *sides: int) -> list[float]:
    """Give the distinct places of lines, those that are nearly one as one."""
    edges: list[float] = []
    for place in sorted(cell[side] for cell in cells for side in sides):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _read(
    page: "Page", area: Area, cells: Sequence[Area], columns: Sequence[float], rows: Sequence[float]
) -> PageTable:
    texts = [[""] * (len(columns) - 1) for _ in range(len(rows) - 1)]
    merged: list[Merge] = []
    chars = [char for char in page.chars if area[0] <= (char["x0"] + char["x1"]) / 2 <= area[2]]
    for cell in cells:
        left, top = _place(columns, cell[0]), _place(rows, cell[1])
        right, bottom = max(_place(columns, cell[2]) - 1, left), max(_place(rows, cell[3]) - 1, top)
        texts[top][left] = _cell_text(cell, chars)
        if (top, left) != (bottom, right):
            merged.append((top, left, bottom, right))
    return PageTable(texts, merged, area, tuple(columns), page.page_number)


def _place(edges: Sequence[float], wanted: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - wanted))


def _cell_text(cell: Area, chars: Sequence[Mapping[str, Any]]) -> str:
    """Give the text of a cell; a line that is full goes on in the next, the others are lines."""
    left, top, right, bottom = cell
    inside = [
        char
        for char in chars
        if left <= (char["x0"] + char["x1"]) / 2 <= right and top <= (char["top"] + char["bottom"]) / 2 <= bottom
    ]
    text = ""
    full = True
    for line in _lines(inside):
        words = tidy("".join(char["text"] for char in line))
        text += words if full else f"\n{words}"
        full = right - line[-1]["x1"] < _FULL * line[-1]["size"] + _NEAR
    return text


def _lines(chars: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Put characters into lines, from top to bottom and from left to right."""
    line: list[Mapping[str, Any]] = []
    for char in sorted((each for each in chars if each["text"].strip()), key=lambda each: (each["top"], each["x0"])):
        if line and char["top"] > line[0]["top"] + line[0]["size"] / 2:
            yield sorted(line, key=lambda each: float(each["x0"]))
            line = []
        line.append(char)
    if line:
        yield sorted(line, key=lambda each: float(each["x0"]))


def joined_tables(entries: Sequence[Any]) -> list[Any]:
    """Put together the tables that follow one another over a page with the same columns; other entries pass."""
    joined: list[Any] = []
    for entry in entries:
        above = joined[-1] if joined else None
        if isinstance(entry, PageTable) and isinstance(above, PageTable) and _goes_on(above, entry):
            _append(above, entry)
        else:
            joined.append(entry)
    return joined


def _goes_on(above: PageTable, below: PageTable) -> bool:
    same = len(above.edges) == len(below.edges)
    return same and all(abs(one - other) <= 3 * _NEAR for one, other in zip(above.edges, below.edges, strict=True))


def _append(above: PageTable, below: PageTable) -> None:
    """Add the rows of the next page: without its header, and the rest of a cut row to that row."""
    header = next((row for row in above.rows if is_header(row)), None)
    drop = 0
    while drop < len(below.rows) and header is not None and _is_repeated(below.rows[drop], above.rows):
        drop += 1
    rest = below.rows[drop:]
    if rest and header is not None and above.rows and _is_rest(rest[0], header, above.rows[-1]):
        for place, text in enumerate(rest[0]):
            target = _origin(above, len(above.rows) - 1, place)
            above.rows[target][place] = tidy(above.rows[target][place] + text) if text else above.rows[target][place]
        drop += 1
        rest = rest[1:]
    base = len(above.rows)
    if rest:
        above.starts.add(base)
    above.merged += [
        (max(top - drop, 0) + base, left, bottom - drop + base, right)
        for top, left, bottom, right in below.merged
        if bottom >= drop and (max(top - drop, 0), left) != (bottom - drop, right)
    ]
    above.rows += rest


def _is_repeated(row: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    texts = [text for text in row if text]
    if not texts:
        return False
    return is_header(row) or (
        all(column_of(text) for text in texts) and any(list(row) == list(each) for each in rows[:4])
    )


def _is_rest(row: Sequence[str], header: Sequence[str], last: Sequence[str]) -> bool:
    """Tell whether the first row of a page is the rest of the last row of the page before: it has no number."""
    columns = [column_of(title) for title in header]
    if Column.NUMBER in columns:
        return (
            not row[columns.index(Column.NUMBER)] and any(row) and fold(last[columns.index(Column.NUMBER)]).isdecimal()
        )
    requirement = next((place for place, column in enumerate(columns) if column is Column.REQUIREMENT), None)
    blank = [text for text in row if not text]
    return (
        requirement is not None and len(blank) * 2 >= len(row) and not row[0] and last[requirement][-1:] not in "。；"
    )


def _origin(table: PageTable, row: int, column: int) -> int:
    """Give the row in which the text of a cell stands."""
    for top, left, bottom, right in table.merged:
        if top <= row <= bottom and left <= column <= right:
            return top
    return row
