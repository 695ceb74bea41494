"""What a step did, in lines that a dry run prints in the very same way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from ledgergen.findings import Finding

Progress: TypeAlias = Callable[[int, int], None]  # done, of how many


def silent(_done: int, _total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a step is taken, and by whom; no step asks a clock itself."""

    now: datetime
    who: str


class Verb(StrEnum):
    """What happens to a file: it is new, the same as before, changed, or kept because a person has edited it."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Written:
    """One file of a step: its path as shown, what happened to it.

    For a ledger also its rows, how many of them are due, the cells asked for, and the face it wears.
    """

    path: str
    verb: Verb
    unit: str = ""
    rows: int = 0
    cells: int = 0
    due: int = 0
    face: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The files and findings of a step."""

    files: tuple[Written, ...]
    findings: tuple[Finding, ...]
