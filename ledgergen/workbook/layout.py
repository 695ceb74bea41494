"""The layout: the contract that the ledger's writer and reader share.

Neither spells a column, a sheet name or a label itself; both take it from here, and it comes from
``templates/layouts/*.yaml`` or from the campaign.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from ledgergen.workbook.codes import normalised

# Columns that the product itself fills; a layout chooses which of them it shows, and under which titles.
# The last three name units as the plan does: 牵头单位、责任单位、配合单位.
UNIT_COLUMNS: Final = ("lead_units", "responsible_units", "supporting_units")
OFFICE_COLUMNS: Final = (
    *("seq", "plan_no", "role", "task", "task_full", "requirement", "time_limit", "code"),
    *UNIT_COLUMNS,
)

# Columns by which a row is known and read again: no face may leave them out. One of the tasks' is there.
TASK_COLUMNS: Final = ("task", "task_full")
IDENTITY_COLUMNS: Final = ("seq", "plan_no", "code", "requirement", *TASK_COLUMNS)

# The second, hidden code column right after the visible one: a cross-check inside the sort range (workbook rules).
HIDDEN_CODE_TITLE: Final = "编码（校验）"

# How many rows are not due and hidden, and how to see them; patterns may use ``count`` and ``title``, the number's.
NOT_DUE: Final = "另有{{ count }}行本期未到期，已筛选收起；要看的，点“{{ title }}”栏的筛选按钮，选全部。"

# The head item that confirms everything as it stands (本期无变化); a tick that no unit has to make.
NO_CHANGE: Final = "no_change"


class Kind(StrEnum):
    """What a column holds, which decides how its text is read."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"


class Face(StrEnum):
    """Which of its two faces a layout shows (workbook rules): the first round sets the ledger up, later ones report.

    ``first`` (建账): measures, the unit's own limits, leaders and offices are asked for. ``progress`` (报进度): those
    are prefilled, only the progress is asked for.
    """

    FIRST = "first"
    PROGRESS = "progress"


class Asked(StrEnum):
    """When a unit is asked for a column: never (prefilled), in the first round, in every round, or by exception."""

    NEVER = "never"
    FIRST = "first"
    EVERY = "every"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed answer with the other spellings in which units write it, and what it is read as if not as itself.

    ``means`` lets a layout speak its field's own language: 已整改 in the list, 已完成 in the counts.
    """

    text: str
    also: tuple[str, ...] = field(default=(), hash=False)  # a hash is wanted for every cell that is read
    means: str = ""

    @property
    def reading(self) -> str:
        """Give what the answer is read as."""
        return self.means or self.text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its id (stable), title, width in characters, what it holds and when it is asked for.

    ``required_when`` makes it conditional: it is wanted where every column it names holds one of these answers.
    """

    id: str
    title: str
    width: float
    kind: Kind = Kind.TEXT
    asked: Asked = Asked.NEVER
    choices: tuple[Choice, ...] = ()
    lines: int = 1
    hint: str = ""
    required_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def is_input(self) -> bool:
        """Tell whether the unit fills this column."""
        return self.asked is not Asked.NEVER

    def readings(self, answers: Iterable[str]) -> frozenset[str]:
        """Give answers as they are read, and as they are written."""
        wanted = frozenset(answers)
        return wanted.union(choice.reading for choice in self.choices if choice.text in wanted)


@dataclass(frozen=True, slots=True)
class HeadItem:
    """One item of the head block: a label with a value beside it, prefilled by a pattern or an input.

    ``fills`` names the column whose blank cells the item's value stands in for (default leader → every row). The items
    below the table (:attr:`Layout.foot`) are read alike; there a blank one is for the pen, and nobody is asked for it.
    """

    id: str
    label: str
    pattern: str = ""
    is_input: bool = False
    fills: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """Fonts and sizes (points) of a layout, and its paper."""

    title_font: str = "方正小标宋简体"
    header_font: str = "黑体"
    body_font: str = "仿宋_GB2312"
    title_size: float = 22
    header_size: float = 12
    body_size: float = 12
    head_size: float = 12
    note_size: float = 9
    code_size: float = 8
    paper: str = "A4"
    landscape: bool = True


@dataclass(frozen=True, slots=True)
class FaceChange:
    """What one face shows otherwise than the layout as a whole; empty is as there.

    ``without`` names columns and items of the head block that this face leaves out.
    """

    title: str = ""
    instructions: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A ledger's form, on one of its faces. Without slots, so that what follows from it is worked out once.

    ``head`` stands above the table, ``foot`` below it, row by row. ``not_due`` is the pattern of the note that says how
    many rows are not due and hidden. ``whole`` is the layout with everything on it, where a face shows otherwise.
    ``letterhead`` are texts that stand around the table of an office's own form and are nobody's to fill, and
    ``header_rows`` counts the rows that its column titles take.
    """

    id: str
    sheet: str
    title: str
    file_name: str
    number_label: str
    columns: tuple[Column, ...]
    head: tuple[tuple[HeadItem, ...], ...]
    instructions: tuple[str, ...]
    instructions_label: str = "填报说明"
    roles: Mapping[str, str] = field(default_factory=dict)
    style: Style = Style()
    face: Face = Face.FIRST
    foot: tuple[tuple[HeadItem, ...], ...] = ()
    not_due: str = NOT_DUE
    about: str = ""
    faces: Mapping[Face, FaceChange] = field(default_factory=dict)
    letterhead: tuple[str, ...] = ()
    header_rows: int = 1
    whole: "Layout | None" = field(default=None, repr=False, compare=False)

    @functools.cached_property
    def wanted_when(self) -> tuple[tuple[Column, Mapping[str, frozenset[str]]], ...]:
        """Give the columns that are wanted where other columns hold certain answers, with those as they are read.

        A face may leave such another column out; then it wants nothing.
        """
        found = []
        for column in self.inputs:
            others = ((self.find(name), answers) for name, answers in column.required_when.items())
            answers = {other.id: other.readings(answers) for other, answers in others if other}
            if answers:
                found.append((column, answers))
        return tuple(found)

    def for_face(self, face: Face) -> "Layout":
        """Give the layout with the face that a round wears; the same object for the same face."""
        return self if face is self.face else (self.whole or self).worn[face]

    @property
    def entire(self) -> "Layout":
        """Give the layout with everything on it: what is known of a row is more than one face may show."""
        return self.whole or self

    def wearing(self, face: Face) -> "Layout":
        """Make the layout show a face: with its title and instructions, without what it leaves out."""
        change = self.faces.get(face)
        if change is None:
            return replace(self, face=face, whole=self)
        head = (tuple(item for item in row if item.id not in change.without) for row in self.head)
        return replace(
            self,
            face=face,
            whole=self,
            title=change.title or self.title,
            instructions=change.instructions or self.instructions,
            columns=tuple(column for column in self.columns if column.id not in change.without),
            head=tuple(filter(None, head)),
        )

    def asks(self, column: Column) -> bool:
        """Tell whether every row that is due is asked for this column on this face.

        Not where an item of the head block answers for all rows at once, or where it depends on another answer.
        """
        if column.id in self.answered_at_once or column.required_when:
            return False
        return column.asked is Asked.EVERY or (column.asked is Asked.FIRST and self.face is Face.FIRST)

    def asks_item(self, item: HeadItem) -> bool:
        """Tell whether the unit is asked for an item of the head block on this face, if it is not prefilled.

        The tick for 本期无变化 is an offer; an answer for a column that only the first face asks is known by then.
        """
        if not item.is_input or item.id == NO_CHANGE or item in self.foot_items:
            return False
        filled = self.find(item.fills) if item.fills else None
        return filled is None or filled.asked is Asked.EVERY or self.face is Face.FIRST

    def find(self, column_id: str) -> Column | None:
        """Give a column by its id; None where this face has none."""
        return self._by_id.get(column_id)

    @functools.cached_property
    def _by_id(self) -> dict[str, Column]:
        return {column.id: column for column in self.columns}

    @functools.cached_property
    def task_column(self) -> Column | None:
        """Give the column that says a row's task."""
        return next((column for column in self.columns if column.id in TASK_COLUMNS), None)

    def column(self, column_id: str) -> Column:
        """Give a column by its id; ``KeyError`` where the layout has none."""
        return self._by_id[column_id]

    @functools.cached_property
    def inputs(self) -> tuple[Column, ...]:
        """Give the columns that a unit fills."""
        return tuple(column for column in self.columns if column.is_input)

    @functools.cached_property
    def head_items(self) -> tuple[HeadItem, ...]:
        """Give the items of the head block and then those below the table, row by row."""
        return (*(item for row in self.head for item in row), *self.foot_items)

    @functools.cached_property
    def foot_items(self) -> tuple[HeadItem, ...]:
        """Give the items below the table, row by row."""
        return tuple(item for row in self.foot for item in row)

    @functools.cached_property
    def answered_at_once(self) -> frozenset[str]:
        """Name the columns for whose blank cells an item of the head block stands in."""
        return frozenset(item.fills for item in self.head_items if item.fills)

    @functools.cached_property
    def titles(self) -> dict[str, str]:
        """Map normalised column titles to column ids."""
        return {normalised(column.title): column.id for column in self.columns}

    def titled(self, titles: Iterable[str]) -> str:
        """Give the id of the column that the first known of some normalised titles names; empty where none is."""
        return next((self.titles[each] for each in titles if each in self.titles), "")

    @functools.cached_property
    def fixed(self) -> frozenset[str]:
        """Give the texts around the table of an own form, normalised and without a colon at the end."""
        return frozenset(normalised(text).rstrip(":") for text in self.letterhead)

    @functools.cached_property
    def printed(self) -> frozenset[str]:
        """Give every label and title of the layout, normalised and without a colon at the end."""
        own = (self.instructions_label, self.number_label, *self.letterhead)
        texts = (*own, *(item.label for item in self.head_items), *(column.title for column in self.columns))
        return frozenset(normalised(text).rstrip(":") for text in texts)

    @functools.cached_property
    def labels(self) -> dict[str, str]:
        """Map normalised labels of the head block to item ids."""
        return {normalised(item.label): item.id for row in self.head for item in row}

    @functools.cached_property
    def foot_labels(self) -> dict[str, str]:
        """Map normalised labels of the items below the table to their ids."""
        return {normalised(item.label): item.id for item in self.foot_items}

    @functools.cached_property
    def worn(self) -> dict[Face, "Layout"]:
        """Give the layout on each of its faces; ask :meth:`for_face`, for this is right of a whole layout only."""
        return {face: self.wearing(face) for face in Face}
