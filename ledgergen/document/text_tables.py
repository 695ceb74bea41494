"""Tables in copied text: a cell per line behind a tab, a row per line with tabs or bars, a cell per line without."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, NamedTuple

from ledgergen.document.blocks import Table
from ledgergen.document.characters import fold, tidy
from ledgergen.document.headers import UNIT_COLUMNS, Column, column_of, is_header
from ledgergen.document.numbering import number_at_start

_BARS: Final = re.compile(r"^\s*\|.*\|\s*$")
_BAR_RULE: Final = re.compile(r"^\s*\|?(\s*:?-{2,}:?\s*\|)+\s*(:?-{2,}:?)?\s*\|?\s*$")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LEAST_TITLES: Final = 3
_LEAST_FLAT: Final = 4
_MOST_TITLES: Final = 12
_LEAST_ROWS: Final = 2
_MOST_LINES: Final = 10  # of one cell in a copied row
_END: Final = re.compile(r"附件|附表|抄送|联系人|联系电话|（此件")


class Found(NamedTuple):
    """A table in the lines ``start`` to before ``end``."""

    start: int
    end: int
    table: Table


class _Row(NamedTuple):
    """One row: the line it begins in, from 0, and its cells."""

    line: int
    cells: list[str]


def find_tables(lines: Sequence[str]) -> list[Found]:
    """Find the tables in the lines of a text, in order."""
    found: list[Found] = []
    at = 0
    while at < len(lines):
        table = next((made for read in _READERS if (made := read(lines, at))), None)
        if table is None:
            at += 1
            continue
        found.append(table)
        at = table.end
    return found


def flat_table(lines: Sequence[str], inside: Collection[int]) -> tuple[int, int] | None:
    """Find a table that was copied cell by cell and cannot be put together: titles of columns, one below another.

    Gives its first line and the one behind its last: it ends with the text, or with the next attachment. ``inside`` are
    the lines of tables that were read.
    """
    for at, line in enumerate(lines):
        if at in inside or "\t" in line or column_of(tidy(line)) is None:
            continue
        titles = [column_of(title) for _, title in _titles(lines, at)]
        if (
            len(titles) >= _LEAST_FLAT
            and len(set(titles)) >= _LEAST_FLAT - 1
            and {*UNIT_COLUMNS, Column.TIME} & set(titles)
        ):
            end = next((place for place in range(at, len(lines)) if _END.match(tidy(lines[place]))), len(lines))
            return at, end
    return None


def _barred(lines: Sequence[str], at: int) -> Found | None:
    """Read rows between bars, as Markdown has them."""
    if not _BARS.match(lines[at]):
        return None
    end = at
    while end < len(lines) and (_BARS.match(lines[end]) or _BAR_RULE.match(lines[end])):
        end += 1
    rows = [_Row(place, _bar_cells(lines[place])) for place in range(at, end) if not _BAR_RULE.match(lines[place])]
    return _found(at, end, rows)


def _bar_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [_BREAK.sub("\n", cell).strip() for cell in inner.split("|")]


def _tabbed_rows(lines: Sequence[str], at: int) -> Found | None:
    """Read a row per line, its cells parted by tabs; a cell of several lines goes on in the lines below."""
    if lines[at].startswith("\t") or "\t" not in lines[at] or not is_header(_tab_cells(lines[at])):
        return None
    rows = [_Row(at, _tab_cells(lines[at]))]
    counted = column_of(rows[0].cells[0]) is Column.NUMBER
    end = at + 1
    for place in range(at + 1, len(lines)):
        if not lines[place].strip():
            continue
        if "\t" not in lines[place] and not any("\t" in line for line in lines[place + 1 : place + _MOST_LINES]):
            break
        cells = _tab_cells(lines[place])
        if len(rows) > 1 and _goes_on(rows[-1].cells, cells, len(rows[0].cells), counted=counted):
            rows[-1].cells[-1] += f"\n{cells[0]}"
            rows[-1].cells.extend(cells[1:])
        else:
            rows.append(_Row(place, cells))
        end = place + 1
    return _found(at, end, [_Row(row.line, [_unquoted(cell) for cell in row.cells]) for row in rows])


def _goes_on(row: Sequence[str], cells: Sequence[str], width: int, *, counted: bool) -> bool:
    """Tell whether the cells of a line are the rest of the row above, whose last cell has several lines."""
    if len(row) + len(cells) - 1 > width or number_at_start(cells[0]) or len(row) == 1:
        return False
    if row[-1].startswith('"') and not (len(row[-1]) > 1 and row[-1].endswith('"')):
        return True
    return counted and not fold(cells[0]).isdecimal() and bool(cells[0])


def _unquoted(cell: str) -> str:
    """Take off the quotes that a spreadsheet puts around a copied cell of several lines."""
    if "\n" in cell and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _tab_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]


def _tabbed_cells(lines: Sequence[str], at: int) -> Found | None:
    """Read a cell per line, each behind a tab; blank lines part the rows, but stand inside cells as well."""
    if not lines[at].startswith("\t") or column_of(lines[at]) is None:
        return None
    end = last = at
    while end < len(lines) and (lines[end].startswith("\t") or not lines[end].strip()):
        end += 1
        last = end if lines[end - 1].startswith("\t") else last
    groups = list(_groups(lines, at, last))
    if not is_header(groups[0].cells):
        return None
    return _found(at, last, _completed(groups))


def _groups(lines: Sequence[str], at: int, end: int) -> Iterator[_Row]:
    group: list[str] = []
    for place in range(at, end + 1):
        if place < end and lines[place].startswith("\t"):
            group.append(lines[place][1:].strip())
        elif group:
            yield _Row(place - len(group), group)
            group = []


def _completed(groups: Sequence[_Row]) -> list[_Row]:
    """Put together the rows that a blank line inside a cell has cut."""
    width = len(groups[0].cells)
    counted = column_of(groups[0].cells[0]) is Column.NUMBER
    rows: list[_Row] = [groups[0]]
    for group in groups[1:]:
        begins = counted and fold(group.cells[0]).isdecimal()
        if len(rows) > 1 and len(rows[-1].cells) + len(group.cells) <= width and not begins:
            rows[-1] = _Row(rows[-1].line, rows[-1].cells + group.cells)
        else:
            rows.append(group)
    return rows


def _gridded_cells(lines: Sequence[str], at: int) -> Found | None:
    """Read a cell per line where blank cells are blank lines, so that every row has as many lines as there are titles.

    Word processors write tables so into plain text. It is certain where the numbers stand in step.
    """
    titles = _titles(lines[: at + _MOST_TITLES + 1], at)
    width = len(titles)
    columns = [column_of(title) for _, title in titles]
    if width < _LEAST_TITLES or Column.NUMBER not in columns or titles[-1][0] != at + width - 1:
        return None
    place = columns.index(Column.NUMBER)
    rows, end, expected = [_Row(at, [title for _, title in titles])], at + width, 1
    while end + width <= len(lines) and fold(lines[end + place]) == str(expected):
        rows.append(_Row(end, [line.strip() for line in lines[end : end + width]]))
        end, expected = end + width, expected + 1
    out_of_step = str(expected) in map(fold, lines[end - width : end + 2 * width])
    sure = expected > _LEAST_ROWS and is_header(rows[0].cells) and not out_of_step
    return _found(at, end, rows) if sure else None


def _bare_cells(lines: Sequence[str], at: int) -> Found | None:
    """Read a cell per line without any mark: the titles one below another, then rows that begin with their numbers."""
    titles = _titles(lines, at)
    if len(titles) < _LEAST_TITLES or column_of(titles[0][1]) is not Column.NUMBER:
        return None
    rows, end = [_Row(at, [title for _, title in titles])], titles[-1][0] + 1
    for place in range(end, len(lines)):
        text = tidy(lines[place])
        if _END.match(text):
            break
        if fold(text) == str(len(rows)):
            rows.append(_Row(place, [text]))
        elif text and len(rows) == 1:
            return None
        elif text:
            rows[-1].cells.append(text)
        end = place + 1
    return _found(at, end, rows) if len(rows) > _LEAST_ROWS and is_header(rows[0].cells) else None


def _titles(lines: Sequence[str], at: int) -> list[tuple[int, str]]:
    titles: list[tuple[int, str]] = []
    for place in range(at, len(lines)):
        text = tidy(lines[place])
        if text and (column_of(text) is None or len(titles) >= _MOST_TITLES):
            break
        titles += [(place, text)] if text else []
    return titles


def _found(at: int, end: int, rows: Sequence[_Row]) -> Found | None:
    """Make a table of a header and at least one row."""
    if len(rows) < 2:  # noqa: PLR2004 - a header and a row
        return None
    cells = tuple(tuple(row.cells) for row in rows)
    return Found(at, end, Table(cells, told=False, lines=tuple(row.line + 1 for row in rows)))


_READERS: Final[tuple[Callable[[Sequence[str], int], Found | None], ...]] = (
    _barred, _tabbed_cells, _tabbed_rows, _gridded_cells, _bare_cells,
)  # fmt: skip
