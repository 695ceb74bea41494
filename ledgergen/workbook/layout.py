"""The layout: the contract that the ledger's writer and reader share.

Neither spells a column, a sheet name or a label itself; both take it from here, and it comes from
``templates/layouts/*.yaml`` or from the campaign.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ledgergen.workbook.codes import normalised

# Columns that the product itself fills; a layout chooses which of them it shows, and under which titles.
OFFICE_COLUMNS: Final = ("seq", "plan_no", "role", "task", "requirement", "time_limit", "code")

# The second, hidden code column right after the visible one: a cross-check inside the sort range (workbook rules).
HIDDEN_CODE_TITLE: Final = "编码（校验）"

# The head item that confirms everything as it stands (本期无变化); a tick that no unit has to make.
NO_CHANGE: Final = "no_change"


class Kind(StrEnum):
    """What a column holds, which decides how its text is read."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"


class Asked(StrEnum):
    """When a unit is asked for a column: never (prefilled), in the first round, in every round, or by exception."""

    NEVER = "never"
    FIRST = "first"
    EVERY = "every"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed answer with the other spellings in which units write it."""

    text: str
    also: tuple[str, ...] = field(default=(), hash=False)  # a hash is wanted for every cell that is read


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its id (stable), title, width in characters, what it holds and when it is asked for."""

    id: str
    title: str
    width: float
    kind: Kind = Kind.TEXT
    asked: Asked = Asked.NEVER
    choices: tuple[Choice, ...] = ()
    lines: int = 1
    hint: str = ""

    @property
    def is_input(self) -> bool:
        """Tell whether the unit fills this column."""
        return self.asked is not Asked.NEVER


@dataclass(frozen=True, slots=True)
class HeadItem:
    """One item of the head block: a label with a value beside it, prefilled by a pattern or an input.

    ``fills`` names the column whose blank cells the item's value stands in for (default leader → every row).
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


@dataclass(frozen=True)
class Layout:
    """A ledger's form. Without slots, so that what follows from it is worked out once."""

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

    def column(self, column_id: str) -> Column:
        """Give a column by its id; ``KeyError`` where the layout has none."""
        return next(column for column in self.columns if column.id == column_id)

    @functools.cached_property
    def inputs(self) -> tuple[Column, ...]:
        """Give the columns that a unit fills."""
        return tuple(column for column in self.columns if column.is_input)

    @functools.cached_property
    def head_items(self) -> tuple[HeadItem, ...]:
        """Give the items of the head block, row by row."""
        return tuple(item for row in self.head for item in row)

    @functools.cached_property
    def titles(self) -> dict[str, str]:
        """Map normalised column titles to column ids."""
        return {normalised(column.title): column.id for column in self.columns}

    @functools.cached_property
    def printed(self) -> frozenset[str]:
        """Give every label and title of the layout, normalised and without a colon at the end."""
        own = (self.instructions_label, self.number_label)
        texts = (*own, *(item.label for item in self.head_items), *(column.title for column in self.columns))
        return frozenset(normalised(text).rstrip(":") for text in texts)

    @functools.cached_property
    def labels(self) -> dict[str, str]:
        """Map normalised labels of the head block to item ids."""
        return {normalised(item.label): item.id for item in self.head_items}
