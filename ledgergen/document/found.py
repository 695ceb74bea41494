"""A task as found in the outline or in a table, before its units and limits are read."""

from dataclasses import dataclass, field

from ledgergen.findings import Fact
from ledgergen.records import Role


@dataclass(slots=True)
class FoundTask:
    """What the structure of the document says of a task.

    ``said`` are the texts about units, each with the role that names without any word of their own have. ``times`` are
    the texts of time columns; None where there is no such column and the requirement itself is looked at. ``doubts``
    are codes with their facts. ``order`` is the place in the document.
    ``in_table``: the task is a row, where a column's title stands for a label.
    """

    order: tuple[int, ...]
    number: str
    requirement: str
    name: str = ""
    part: int | None = None
    section: tuple[str, ...] = ()
    said: list[tuple[Role, str]] = field(default_factory=list)
    times: list[str] | None = None
    inherited: set[str] = field(default_factory=set)
    doubts: list[tuple[str, dict[str, Fact]]] = field(default_factory=list)
    line: int = 0
    page: int = 0
    in_table: bool = False
    sheet: str = ""
