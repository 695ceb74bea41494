"""Tables of a PDF that are drawn without lines: read where the room between the columns leaves no doubt.

The header tells how many columns there are; as many strips of the page must be free of any text, over all rows and
pages. A row begins where its number stands, the numbers count on, and its cells begin beside it: there is more room
above a number than between the lines of a row, or every line of a cell is full but its last. Where any of that fails,
or a name is blank (who knows how far the one above reaches), nothing is read, and the document's finding says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from ledgergen.document.characters import fold
from ledgergen.document.headers import Column, column_of, is_header
from ledgergen.document.items import is_attachment, is_tail
from ledgergen.document.numbering import number_at_start

_LEAST_COLUMNS: Final = 3
_STRIP: Final = 0.6  # characters that a strip between columns must be wide
_NARROW: Final = 0.6  # of the table's width, beyond which a text alone on its line is none of a cell
_FULL: Final = 1.7  # characters that a full line may leave free at its end
_MORE: Final = 0.5  # points by which the room above a row must be wider than between its lines
_HEADINGS: Final = ("han", "han_bracket", "part", "chapter")


class Stretch(NamedTuple):
    """A stretch of a line without much room in it: its text, where it begins and ends, in points."""

    text: str
    left: float
    right: float

    @property
    def middle(self) -> float:
        """Give the place of its middle."""
        return (self.left + self.right) / 2


class SpacedLine(Protocol):
    """What is asked of a line of a page."""

    text: str
    top: float
    size: float
    page: int
    pieces: tuple[Stretch, ...]
    segments: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """A table as read: its rows, and the lines that it took."""

    rows: list[list[str]]
    edges: tuple[float, ...]
    taken: int


def begins_table(line: SpacedLine) -> bool:
    """Tell whether a line is the header of a table without lines, or the first of its lines."""
    titles = [each.text for each in line.pieces]
    known = [column for title in titles if (column := column_of(title))]
    enough = len(titles) >= _LEAST_COLUMNS and len(known) >= max(_LEAST_COLUMNS, (len(titles) + 1) // 2)
    return enough and (is_header(titles) or Column.NUMBER in known)


def read_columns(lines: Sequence[SpacedLine]) -> Columns | None:
    """Read the table whose header is the first line; ``lines`` go on to the end of the document, without furniture.

    None where the places of its cells are not certain.
    """
    header = lines[0]
    region = list(_region(lines))
    first = next((place for place, line in enumerate(region) if _has_number(line)), len(region))
    body = _without_headers(region[first:], [line.text for line in lines[: first + 1]])
    strips = _strips([line for line in body if not _is_heading(line, header)], header)
    titles = _titles(lines[: first + 1], strips)
    kinds = [column_of(title) for title in titles[-1]]
    whole = len(strips) >= _LEAST_COLUMNS - 1 and is_header([title for row in titles for title in row])
    if not whole or not all(kinds) or Column.NUMBER not in kinds or _goes_on(lines[len(region) + 1 :]):
        return None
    rows = _rows(body, strips, kinds.index(Column.NUMBER), header)
    if rows is None or _is_open(rows, kinds):
        return None
    return Columns([*titles, *rows], tuple(strips), len(region) + 1)


def _has_number(line: SpacedLine) -> bool:
    return len(line.pieces) > 1 and any(fold(each.text) == "1" for each in line.pieces[:2])


def _without_headers(body: Sequence[SpacedLine], header: Sequence[str]) -> list[SpacedLine]:
    """Leave out the header where it is repeated on the next page."""
    kept: list[SpacedLine] = []
    at = 0
    while at < len(body):
        if [line.text for line in body[at : at + len(header)]] == header:
            at += len(header)
        else:
            kept.append(body[at])
            at += 1
    return kept


def _titles(header: Sequence[SpacedLine], strips: Sequence[float]) -> list[list[str]]:
    """Give the titles by column, one row; two where a title stands over several columns."""
    width = len(strips) + 1
    wide, own = [""] * width, [""] * width
    for line in header:
        for each in line.pieces:
            places = range(sum(each.left > strip for strip in strips), sum(each.right > strip for strip in strips) + 1)
            for place in places:
                row = own if len(places) == 1 else wide
                row[place] += each.text
    return [wide, own] if any(wide) else [own]


def _region(lines: Sequence[SpacedLine]) -> Iterator[SpacedLine]:
    """Give the lines below the header that belong to the table."""
    header = lines[0]
    width = header.pieces[-1].right - header.pieces[0].left
    for line in lines[1:]:
        if is_attachment(line.text) or is_tail(line.text):
            return
        alone = len(line.segments) == 1
        wide = alone and line.segments[0].right - line.segments[0].left > _NARROW * width
        if wide and not _is_heading(line, header):
            return
        yield line


def _is_heading(line: SpacedLine, header: SpacedLine) -> bool:
    """Tell whether a line is a heading between the rows: alone, numbered, at the left or in the middle."""
    number = number_at_start(line.text)
    if len(line.segments) > 1 or number is None or number.kind not in _HEADINGS:
        return False
    return line.segments[0].left < header.pieces[1].left or line.segments[0].right > header.pieces[2].left


def _goes_on(rest: Sequence[SpacedLine]) -> bool:
    """Tell whether rows stand behind what was taken for the end."""
    for line in rest:
        if is_attachment(line.text):
            return False
        if len(line.pieces) >= _LEAST_COLUMNS and fold(line.pieces[0].text).isdecimal():
            return True
    return False


def _strips(lines: Sequence[SpacedLine], header: SpacedLine) -> list[float]:
    """Give the middles of the strips that no text crosses, from left to right."""
    stretches = sorted((each.left, each.right) for line in lines for each in line.pieces)
    strips: list[float] = []
    reach = stretches[0][1]
    for left, right in stretches:
        if left - reach >= _STRIP * header.size:
            strips.append((left + reach) / 2)
        reach = max(reach, right)
    return strips


def _rows(
    body: Sequence[SpacedLine], strips: Sequence[float], number: int, header: SpacedLine
) -> list[list[str]] | None:
    """Put the lines into rows; None where it is not certain where one begins."""
    rows: list[list[str]] = []
    outer: list[float] = []
    inner: list[float] = []
    count = 0
    above: SpacedLine = header
    for line in body:
        if _is_heading(line, header):
            rows.append([line.text, *[""] * len(strips)])
            above = line
            continue
        cells = _cells(line, strips)
        begins = fold(cells[number]).isdecimal()
        if begins and int(fold(cells[number])) != count + 1 and count:
            return None
        if (not begins and cells[number]) or (not begins and not count):
            return None
        if above.page == line.page and above is not header:
            (outer if begins else inner).append(line.top - above.top)
        if begins:
            count = int(fold(cells[number]))
            rows.append(cells)
        else:
            rows[-1] = [
                f"{old}\n{new}" if old and new else old or new for old, new in zip(rows[-1], cells, strict=True)
            ]
        above = line
    apart = not inner or not outer or min(outer) > max(inner) + _MORE
    return rows if count and (apart or _is_full(body, strips, number)) else None


def _is_full(body: Sequence[SpacedLine], strips: Sequence[float], number: int) -> bool:
    """Tell whether every line of a cell that another follows is full: so no line is the next row's first."""
    ends = [0.0] * (len(strips) + 1)
    for line in body:
        for each in line.pieces:
            place = sum(each.middle > strip for strip in strips)
            ends[place] = max(ends[place], each.right)
    above: dict[int, Stretch] = {}
    for line in body:
        places = {sum(each.middle > strip for strip in strips): each for each in line.pieces}
        above = {} if number in places else above
        for place in places:
            if place in above and ends[place] - above[place].right > _FULL * line.size:
                return False
            if number not in places and place not in above:  # a cell that begins below its number
                return False
        above = places
    return True


def _cells(line: SpacedLine, strips: Sequence[float]) -> list[str]:
    cells = [""] * (len(strips) + 1)
    for each in line.pieces:
        place = sum(each.middle > strip for strip in strips)
        cells[place] += each.text
    return cells


def _is_open(rows: Sequence[Sequence[str]], kinds: Sequence[Column | None]) -> bool:
    """Tell whether a name is blank: a cell that reaches over several rows may have its text beside any of them."""
    names = [place for place, kind in enumerate(kinds) if kind in (Column.NAME, Column.SECTION)]
    return any(not row[place] for row in rows for place in names if sum(map(bool, row)) > 1)
