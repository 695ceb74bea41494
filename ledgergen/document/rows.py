"""A table → its task rows: header, headings between the rows, notes, repeated headers, cells that a page has cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ledgergen.document.absent import aligned
from ledgergen.document.blocks import Table
from ledgergen.document.characters import fold, tidy
from ledgergen.document.grids import Filled, from_above, over_pages, spread
from ledgergen.document.headers import SCORES, UNIT_COLUMNS, Column, column_of, columns_of, is_header
from ledgergen.document.numbering import Number, follows, number_at_start
from ledgergen.document.simplified import simplified

_NOTE: Final = re.compile(r"^[（(]?(注|说明|备注|填表|填报|合计|总计|小计|联系人|联系电话|审核|制表|单位[:：]|…)")
_SUM: Final = re.compile("合计|总计|小计|共计")
_FORM: Final = re.compile(r"示例|样表|样式|样本|范例|模板|格式|×{2,}|X{3,}|填报表|填写|反馈表|登记表|统计表|自查表")
_MARKS: Final = re.compile(r"[.、．。)）\s]+$")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row: its texts by column (units and times in written order), and which of them come from above.

    ``crossed`` are the columns whose text comes from the row of another 工作任务 without the file telling so.
    """

    number: str
    sections: tuple[str, ...]
    name: str
    requirement: str
    units: tuple[tuple[Column, str], ...]
    times: tuple[str, ...]
    inherited: frozenset[Column] = frozenset()
    crossed: frozenset[Column] = frozenset()
    row: int = 0


@dataclass(frozen=True, slots=True)
class TaskTable:
    """A table of tasks: its rows, whether it has a time column, whether it is an empty form to be filled in."""

    rows: tuple[TaskRow, ...]
    has_time: bool
    has_units: bool
    has_headings: bool
    is_form: bool
    notes: tuple[str, ...] = field(default=())


def read_task_table(table: Table, title: str = "") -> TaskTable | None:
    """Read a table; None where it is no table of tasks."""
    filled = spread(table)
    first = next((row for row, cells in enumerate(filled.texts) if is_header(cells)), None)
    if first is None or any(SCORES.search(cell) for cell in filled.texts[first]):
        return None
    last = _header_end(filled, first)
    columns = columns_of(filled.texts[first : last + 1])
    if not {Column.REQUIREMENT, Column.NAME} & set(columns) or not {Column.TIME, *UNIT_COLUMNS} & set(columns):
        return None
    filled = _completed(table, filled, columns, last)
    found = _Found(filled, columns, last, table.told)
    rows = tuple(found.rows())
    rows = rows if Column.NUMBER in columns else _numbered(rows)
    has_units = any(column in UNIT_COLUMNS for column in columns)
    named = any(text for row in rows for _, text in row.units)
    is_form = not rows or (bool(_FORM.search(title)) and not named) or (has_units and not named)
    return TaskTable(rows, Column.TIME in columns, has_units, found.has_headings, is_form, tuple(found.notes))


def _numbered(rows: tuple[TaskRow, ...]) -> tuple[TaskRow, ...]:
    """Take the numbers that stand in the cells themselves, in a table without a column for them: 1.完成改造."""
    in_names = _counted([row.name for row in rows])
    counted = in_names or _counted([row.requirement for row in rows])
    made = []
    for row, number in zip(rows, counted, strict=False):
        text = (row.name if in_names else row.requirement)[number.end :].strip()
        shown = _MARKS.sub("", number.shown)
        made.append(replace(row, number=shown, name=text) if in_names else replace(row, number=shown, requirement=text))
    return tuple(made) or rows


def _counted(texts: Sequence[str]) -> list[Number]:
    """Give the numbers with which texts begin, where every one has one and they count on; else none."""
    numbers = [number for text in texts if (number := number_at_start(text)) and text[number.end :].strip()]
    if len(numbers) < len(texts) or len(texts) < 2 or len({number.kind for number in numbers}) > 1:  # noqa: PLR2004
        return []
    return numbers if all(map(follows, [None, *numbers], numbers)) else []


def _header_end(filled: Filled, first: int) -> int:
    """Give the last row of the header: a second one has titles below a title that covers several columns."""
    below = first + 1
    if below >= len(filled.texts):
        return first
    places = [place for place, text in enumerate(filled.texts[below]) if filled.sources[below][place] == below and text]
    own = [filled.texts[below][place] for place in places]
    if len(set(own)) < 2 or fold("".join(own)) == fold("".join(filled.texts[first])):  # noqa: PLR2004 - titles below one
        return first
    wide = [
        place for place in range(len(filled.texts[first])) if filled.texts[first].count(filled.texts[first][place]) > 1
    ]
    below_wide = set(places) <= set(wide) and not any(fold(text).isdecimal() for text in own)
    return below if below_wide or all(column_of(text) for text in own) else first


def _completed(table: Table, filled: Filled, columns: Sequence[Column], last: int) -> Filled:
    """Fill in what the file leaves blank: over pages, and in copied text from above."""
    if not table.told:
        placed = aligned(table, columns, last)
        return from_above(Filled(placed, filled.sources, filled.spans), columns, last + 1)
    starts = frozenset(row for row in table.page_starts if row > last)
    return over_pages(filled, table, columns, starts) if starts else filled


class _Found:
    """Goes through the rows below the header."""

    def __init__(self, filled: Filled, columns: Sequence[Column], last: int, told: bool) -> None:  # noqa: FBT001
        self._filled, self._columns, self._last, self._told = filled, columns, last, told
        self._header = fold("".join(filled.texts[last]))
        self._headings: list[tuple[Number | None, str]] = []
        self.has_headings = False
        self.notes: list[str] = []

    def rows(self) -> Iterator[TaskRow]:
        """Give the rows of tasks; headings and notes between them are remembered."""
        for row in range(self._last + 1, len(self._filled.texts)):
            cells = self._filled.texts[row]
            own = [text for place, text in enumerate(cells) if text and self._filled.sources[row][place] == row]
            if not own or fold("".join(cells)) == self._header or is_header(cells):
                continue
            if self._is_wide(row, own):
                self._take_wide(own[0])
            elif task := self._task(row):
                yield task

    def _is_wide(self, row: int, own: Sequence[str]) -> bool:
        """Tell whether a row is one text over the whole width: a heading or a note."""
        if len(set(own)) != 1 or fold(own[0]).isdecimal():
            return False
        if self._filled.spans[row] >= max(2, len(self._columns) - 1):
            return True
        first = next(place for place, text in enumerate(self._filled.texts[row]) if text)
        alone = sum(bool(text) for text in self._filled.texts[row]) == 1 or not self._told
        return alone and first <= 1 and (number_at_start(own[0]) is not None or bool(_NOTE.match(own[0])))

    def _take_wide(self, written: str) -> None:
        text = simplified(tidy(written))
        if _NOTE.match(text):
            self.notes.append(text)
            return
        number = number_at_start(text)
        kinds = [each.kind if each else "" for each, _ in self._headings]
        kind = number.kind if number else ""
        del self._headings[kinds.index(kind) if kind in kinds else len(kinds) :]
        self._headings.append((number, text.rstrip("。")))
        self.has_headings = True

    def _task(self, row: int) -> TaskRow | None:
        number = _MARKS.sub("", simplified(self._joined(row, Column.NUMBER)))
        name, requirement = self._joined(row, Column.NAME), self._joined(row, Column.REQUIREMENT)
        first = next((text for text in self._filled.texts[row] if text), "")
        if _NOTE.match(number) or _SUM.fullmatch(fold(first)) or not (requirement or name):
            return None
        if not requirement and self._inherits(row, Column.NAME):
            return None
        kinds = (Column.NAME, Column.TIME, *UNIT_COLUMNS)
        inherited = frozenset(column for column in kinds if self._inherits(row, column))
        crossed = frozenset(column for column in inherited - {Column.NAME} if self._crosses(row, column))
        headings = [text for _, text in self._headings]
        texts = self._filled.texts[row]
        return TaskRow(
            number=number,
            sections=(*headings, *(simplified(tidy(text)) for text in self._texts(row, Column.SECTION))),
            name=simplified(name),
            requirement=requirement or name,
            units=tuple((each, texts[place]) for place, each in enumerate(self._columns) if each in UNIT_COLUMNS),
            times=tuple(text for text in map(_one_line, self._texts(row, Column.TIME)) if text),
            inherited=inherited,
            crossed=crossed if not self._told else frozenset(),
            row=row,
        )

    def _texts(self, row: int, column: Column) -> list[str]:
        return [
            self._filled.texts[row][place]
            for place, each in enumerate(self._columns)
            if each is column and self._filled.texts[row][place]
        ]

    def _joined(self, row: int, column: Column) -> str:
        return "；".join(map(_paragraphs, self._texts(row, column)))

    def _inherits(self, row: int, column: Column) -> bool:
        places = [place for place, each in enumerate(self._columns) if each is column]
        return any(self._filled.inherited(row, place) for place in places)

    def _crosses(self, row: int, column: Column) -> bool:
        """Tell whether a column's text stands in the row of another name."""
        names = [place for place, each in enumerate(self._columns) if each is Column.NAME]
        if not names:
            return False
        own = self._filled.sources[row][names[0]]
        sources = (self._filled.sources[row][place] for place, each in enumerate(self._columns) if each is column)
        return any(self._filled.sources[source][names[0]] != own for source in sources)


def _one_line(text: str) -> str:
    return "".join(map(tidy, text.split("\n")))


def _paragraphs(text: str) -> str:
    """Join the lines of a cell; a line that begins with a number stays a line."""
    lines: list[str] = []
    for line in text.split("\n"):
        bare = tidy(line)
        if lines and bare and not number_at_start(bare):
            lines[-1] = tidy(lines[-1] + bare)
        elif bare:
            lines.append(bare)
    return "\n".join(lines)
