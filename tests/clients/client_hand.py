"""A clerk's hand: what an edit may use, and the actions that it is made of.

An edit turns what is seen of a file into actions, and says what must come of them. An action is what a hand does in any
program: type, insert, delete, sort; each program has its own way of doing it (``client_programs.py``). Places are row
and column, from 0. An edit gives None where the file at hand does not admit it.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from client_book import DAYS, Key, Seen, Tale
from ledgergen.workbook.codes import parse_row_code

Action: TypeAlias = tuple[object, ...]
Made: TypeAlias = "list[Action] | None"


@dataclass(frozen=True, slots=True)
class Hand:
    """What an edit may use: what is seen, the tale to be told on, chance, and another unit's issued ledger."""

    seen: Seen
    tale: Tale
    chance: random.Random
    other: Path

    @property
    def coded(self) -> bool:
        """Tell whether the rows still have codes."""
        return any(parse_row_code(text) for row, _ in self.seen.keyed for text in self.seen.grid.rows[row] if text)

    @property
    def rows(self) -> dict[Key, int]:
        """Give the rows that the clerk knows, by key; of two alike the first."""
        found: dict[Key, int] = {}
        for index, key in self.seen.keyed:
            if key in self.tale.rows:
                found.setdefault(key, index)
        return found

    def some(self, count: int) -> list[tuple[Key, int]]:
        """Choose rows by chance, in the order of the sheet."""
        rows = sorted(self.rows.items(), key=lambda item: item[1])
        chosen = self.chance.sample(range(len(rows)), min(count, len(rows)))
        return [rows[place] for place in sorted(chosen)]

    def column(self, *names: str) -> int | None:
        """Give the index of the first of these columns that is there."""
        return next((self.seen.columns[name] for name in names if name in self.seen.columns), None)

    def type(self, key: Key, row: int, cells: Mapping[str, str]) -> list[Action]:
        """Type cells of a row, and remember them; days are typed as days."""
        actions: list[Action] = []
        for column, text in cells.items():
            index = self.seen.columns.get(column)
            if index is None:
                continue
            actions.append(("day" if column in DAYS else "text", row, index, text))
            self.tale.rows.setdefault(key, {})[column] = text
        return actions


Edit: TypeAlias = Callable[[Hand], Made]
