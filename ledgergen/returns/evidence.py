"""What a sheet row says of its identity, and how like it is to the rows that were issued."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from rapidfuzz import fuzz

from ledgergen.records import BookRow
from ledgergen.returns.table import Table
from ledgergen.workbook.codes import normalised, parse_row_code
from ledgergen.workbook.layout import TASK_COLUMNS

RowKey: TypeAlias = tuple[str, str]  # task and measure, folded

TEXT_ALONE: Final = 72  # the least likeness at which a text counts where no code does
_SPEAKS, _BY_FAR = 40, 25  # an altered text speaks for a row from this likeness on, and so far above all others
_TEXT_COLUMNS: Final = (*TASK_COLUMNS, "requirement", "time_limit")


class Evidence(NamedTuple):
    """What a sheet row says of its identity: folded keys of its codes, and its comparable text.

    Where cells of the task are merged downwards, the text of the first counts for all of them.
    """

    row: int
    visible: RowKey | None
    hidden: RowKey | None
    foreign: bool
    text: str
    measure: str


def evidence_of(table: Table, row: int, token: str) -> Evidence:
    """Give the evidence of a sheet row; ``token`` is the folded one of the book at hand."""
    visible, foreign = _key(table.text(row, "code"), token)
    hidden, _ = _key(table.second(row), token)
    text = _joined([table.spread(row, index) for index in table.indices(_TEXT_COLUMNS)])
    return Evidence(row, visible, hidden, foreign, text, normalised(table.text(row, "measure")))


def _key(code: str, token: str) -> tuple[RowKey | None, bool]:
    """Give the task and measure that a code names, and whether it is a code of another book."""
    parsed = parse_row_code(code) if code else None
    if parsed is None:
        return None, False
    return ((parsed.task, parsed.measure), False) if parsed.token == token else (None, True)


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(map(normalised, texts))


class Texts:
    """The comparable texts of the expected rows: what the plan says, and the measure that was prefilled."""

    def __init__(self, table: Table, expected: Sequence[BookRow]) -> None:
        columns = [column for column in _TEXT_COLUMNS if column in table.columns]
        self.plan = [_joined([row.text(column) for column in columns]) for row in expected]
        self.measure = [normalised(row.text("measure")) for row in expected]
        counts: dict[tuple[str, str], int] = {}
        for key in self._pairs():
            counts[key] = counts.get(key, 0) + 1
        self.unique = [bool(plan.strip()) and counts[plan, measure] == 1 for plan, measure in self._pairs()]
        self.alone = [bool(plan.strip()) and self.plan.count(plan) == 1 for plan in self.plan]
        self._likeness: dict[tuple[int, int], float] = {}  # by sheet row and index: asked for again and again
        self._chosen: dict[int, int | None] = {}

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return zip(self.plan, self.measure, strict=True)

    def is_exact(self, item: Evidence, index: int) -> bool:
        """Tell whether a sheet row's text is an expected row's, letter for letter."""
        return item.text == self.plan[index] and self.measure[index] in ("", item.measure)

    def names_another(self, item: Evidence, index: int) -> bool:
        """Tell whether a sheet row's text is, letter for letter, that of one other expected row."""
        others = (place for place, plan in enumerate(self.plan) if plan == item.text and place != index)
        return any(self.unique[place] and self.is_exact(item, place) for place in others)

    def is_uncontested(self, item: Evidence, index: int) -> bool:
        """Tell whether nothing in a sheet row's text speaks for another row than the one its code names."""
        same_measure = self.measure[index] in ("", item.measure) or item.measure not in self.measure
        return item.text == self.plan[index] and same_measure

    def choice(self, item: Evidence) -> int | None:
        """Give the expected row for which a sheet row's text speaks: it is that one's, or by far the likest to it."""
        if item.row not in self._chosen:
            self._chosen[item.row] = self._choice(item)
        return self._chosen[item.row]

    def _choice(self, item: Evidence) -> int | None:
        if not item.text.strip() or not self.plan:
            return None
        exact = [index for index in range(len(self.plan)) if self.is_exact(item, index)]
        if exact:
            return exact[0] if len(exact) == 1 else None
        ranked = sorted(((self.likeness(item, index), -index) for index in range(len(self.plan))), reverse=True)
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        return -ranked[0][1] if ranked[0][0] >= _SPEAKS and ranked[0][0] >= second + _BY_FAR else None

    def supports(self, item: Evidence, index: int) -> bool:
        """Tell whether a sheet row's text is like an expected one's, and more so than any other's."""
        own = self.likeness(item, index)
        others = (self.likeness(item, place) for place in range(len(self.plan)) if place != index)
        return own >= TEXT_ALONE and all(other < own for other in others)

    def others_of_plan(self, item: Evidence, index: int) -> set[int]:
        """Give the rows that what the plan says in a sheet row is by far more like to, whatever its measure says."""
        if not self.measure[index] or item.text == self.plan[index]:
            return set()
        own = fuzz.ratio(item.text, self.plan[index]) + _BY_FAR
        return {place for place, plan in enumerate(self.plan) if fuzz.ratio(item.text, plan) >= own}

    def likeness(self, item: Evidence, index: int) -> float:
        """Give how like the texts are, 0 to 100: ¾ measure and ¼ task.

        The task alone where no measure was issued, or where the row shows none and no other row is of that task.
        """
        if (item.row, index) not in self._likeness:
            self._likeness[item.row, index] = self._compared(item, index)
        return self._likeness[item.row, index]

    def _compared(self, item: Evidence, index: int) -> float:
        task = 100.0 if item.text == self.plan[index] else fuzz.ratio(item.text, self.plan[index])
        if not self.measure[index] or (not item.measure and self.alone[index]):
            return task
        return 0.25 * task + 0.75 * fuzz.ratio(item.measure, self.measure[index])
