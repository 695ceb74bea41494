"""Match the rows of a returned table with the rows that were issued, one to one.

Every sheet row is scored against every expected row: visible code 100, hidden code 60, text 0–100, and 90 more where
the text is exactly one expected row's; order only breaks ties. Text alone counts from 72 on. Left-over filled rows are
new measures of the task that their code or text names, else doubtful; never of the task above by position alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from ledgergen.records import BookRow
from ledgergen.returns.decisions import How
from ledgergen.returns.shelf import Issued
from ledgergen.returns.table import Table
from ledgergen.workbook.codes import fold, normalised, parse_row_code

_VISIBLE: Final = 100
_HIDDEN: Final = 60
_EXACT: Final = 90
_TEXT_ALONE: Final = 72
_TEXT_COLUMNS: Final = ("task", "requirement", "time_limit")


class Matched(NamedTuple):
    """A sheet row that is an expected row; ``how`` by which means; ``disagrees``: its code names another row."""

    row: int
    expected: BookRow
    how: How
    disagrees: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome for one table.

    ``inserted``: sheet rows that are new measures, with their task id. ``copies``: sheet rows equal in every cell to a
    matched one. ``doubtful``: filled sheet rows whose task is not clear. ``foreign``: rows with the code of another
    book. ``missing``: expected rows that are absent. ``as_issued``: row for row codes and texts are those of the book.
    """

    matched: tuple[Matched, ...]
    inserted: tuple[tuple[int, str], ...]
    copies: tuple[int, ...]
    doubtful: tuple[int, ...]
    foreign: tuple[int, ...]
    missing: tuple[BookRow, ...]
    as_issued: bool = False


class _Evidence(NamedTuple):
    """What a sheet row says of its identity: folded keys of its codes, and its comparable text."""

    row: int
    visible: tuple[str, str] | None
    hidden: tuple[str, str] | None
    foreign: bool
    text: str
    measure: str


def match_rows(table: Table, issued: Issued) -> Matching:
    """Match a table's rows with a book's rows; every body row ends in exactly one of the outcome's lists."""
    expected = issued.book.rows
    if as_issued(table, expected):
        plain = tuple(Matched(row, own, How.CODE) for row, own in zip(table.body, expected, strict=True))
        return Matching(plain, (), (), (), (), (), as_issued=True)
    evidence = [_evidence(table, row, fold(issued.book.token)) for row in table.body]
    foreign = tuple(item.row for item in evidence if item.foreign)
    own = [item for item in evidence if not item.foreign]
    texts = _Texts(table, expected)
    matched = _assign(own, expected, texts)
    taken = {item.row for item in matched}
    rest = [item for item in own if item.row not in taken]
    inserted, copies, doubtful = _leftover(rest, matched, table, expected, texts)
    found = {id(item.expected) for item in matched}
    missing = tuple(row for row in expected if id(row) not in found)
    return Matching(tuple(matched), inserted, copies, doubtful, foreign, missing)


def as_issued(table: Table, expected: Sequence[BookRow]) -> bool:
    """Tell whether the sheet shows row for row the codes and texts that were issued: nothing is left to find out."""
    columns = [column.id for column, _ in table.fixed]
    if len(table.body) != len(expected) or "code" not in columns or "task" not in columns:
        return False
    if any(row.own.get("measure") for row in expected):  # may have been exchanged between rows of one task
        return False
    shown = itemgetter(*table.indices(columns))
    wanted = (tuple([row.text(column) for column in columns]) for row in expected)
    return all(shown(table.grid.rows[row]) == texts for row, texts in zip(table.body, wanted, strict=True))


class _Texts:
    """The comparable texts of the expected rows: what the plan says, and the measure that was prefilled."""

    def __init__(self, table: Table, expected: Sequence[BookRow]) -> None:
        columns = [column for column in _TEXT_COLUMNS if column in table.columns]
        self.plan = [_joined([row.text(column) for column in columns]) for row in expected]
        self.measure = [normalised(row.text("measure")) for row in expected]
        counts: dict[tuple[str, str], int] = {}
        for key in zip(self.plan, self.measure, strict=True):
            counts[key] = counts.get(key, 0) + 1
        self.unique = [bool(plan) and counts[plan, measure] == 1 for plan, measure in self._pairs()]

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return zip(self.plan, self.measure, strict=True)

    def is_exact(self, item: _Evidence, index: int) -> bool:
        """Tell whether a sheet row's text is an expected row's, letter for letter."""
        return item.text == self.plan[index] and self.measure[index] in ("", item.measure)

    def names_another(self, item: _Evidence, index: int) -> bool:
        """Tell whether a sheet row's text is, letter for letter, that of one other expected row."""
        others = (place for place, plan in enumerate(self.plan) if plan == item.text and place != index)
        return any(self.unique[place] and self.is_exact(item, place) for place in others)

    def is_uncontested(self, item: _Evidence, index: int) -> bool:
        """Tell whether nothing in a sheet row's text speaks for another row than the one its code names."""
        same_measure = self.measure[index] in ("", item.measure) or item.measure not in self.measure
        return item.text == self.plan[index] and same_measure

    def likeness(self, item: _Evidence, index: int) -> float:
        """Give how like the texts are, 0 to 100: ¾ measure and ¼ task; the task alone where no measure was issued."""
        task = 100.0 if item.text == self.plan[index] else fuzz.ratio(item.text, self.plan[index])
        if not self.measure[index]:
            return task
        return 0.25 * task + 0.75 * fuzz.ratio(item.measure, self.measure[index])


def _evidence(table: Table, row: int, token: str) -> _Evidence:
    visible, foreign = _key(table.text(row, "code"), token)
    hidden, _ = _key(table.second(row), token)
    line = table.grid.rows[row]
    text = _joined([line[index] for index in table.indices(_TEXT_COLUMNS)])
    return _Evidence(row, visible, hidden, foreign, text, normalised(table.text(row, "measure")))


def _key(code: str, token: str) -> tuple[tuple[str, str] | None, bool]:
    """Give the task and measure that a code names, and whether it is a code of another book."""
    parsed = parse_row_code(code) if code else None
    if parsed is None:
        return None, False
    return ((parsed.task, parsed.measure), False) if parsed.token == token else (None, True)


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(map(normalised, texts))


def _assign(evidence: Sequence[_Evidence], expected: Sequence[BookRow], texts: _Texts) -> list[Matched]:
    """Assign one to one, the best score first; of equal scores the one that keeps the sheet's order."""
    keys = [(fold(row.task), fold(row.measure)) for row in expected]
    places = {key: index for index, key in enumerate(keys)}
    plain = _plain(evidence, places, texts)
    if plain is not None:
        return [Matched(item.row, expected[index], How.CODE) for item, index in plain]
    scored: list[tuple[float, int, int, int]] = []
    for order, item in enumerate(evidence):
        for index, key in enumerate(keys):
            score = _score(item, index, key, texts)
            if score >= _HIDDEN:
                scored.append((-score, abs(order - index), order, index))
    matched: list[Matched] = []
    rows_taken: set[int] = set()
    expected_taken: set[int] = set()
    for _, _, order, index in sorted(scored):
        if order in rows_taken or index in expected_taken:
            continue
        rows_taken.add(order)
        expected_taken.add(index)
        item = evidence[order]
        coded = keys[index] in (item.visible, item.hidden)
        named = item.visible or item.hidden
        matched.append(
            Matched(
                item.row, expected[index], How.CODE if coded else How.TEXT, disagrees=named not in (None, keys[index])
            )
        )
    return sorted(matched, key=lambda match: match.row)


def _plain(
    evidence: Sequence[_Evidence], places: Mapping[tuple[str, str], int], texts: _Texts
) -> list[tuple[_Evidence, int]] | None:
    """Take the short way where every row's code is known, stands once, and no text contradicts it; else None."""
    pairs: list[tuple[_Evidence, int]] = []
    seen: set[int] = set()
    for item in evidence:
        index = places.get(item.visible) if item.visible else None
        if index is None or index in seen or item.hidden not in (None, item.visible):
            return None
        if not texts.is_uncontested(item, index):
            return None
        seen.add(index)
        pairs.append((item, index))
    return pairs


def _score(item: _Evidence, index: int, key: tuple[str, str], texts: _Texts) -> float:
    """Score a sheet row against an expected one. A text that is exactly another row's speaks for that row only.

    So both codes together (160) lose against it (190): they were left behind when only some columns were sorted.
    """
    score = float(_VISIBLE * (item.visible == key) + _HIDDEN * (item.hidden == key))
    if not item.text.strip():
        return score
    if texts.unique[index] and texts.is_exact(item, index):
        return score + 100 + _EXACT
    likeness = 0.0 if texts.names_another(item, index) else texts.likeness(item, index)
    return score + likeness if score or likeness >= _TEXT_ALONE else 0.0


def _leftover(
    rest: Sequence[_Evidence],
    matched: Sequence[Matched],
    table: Table,
    expected: Sequence[BookRow],
    texts: _Texts,
) -> tuple[tuple[tuple[int, str], ...], tuple[int, ...], tuple[int, ...]]:
    """Sort out rows that are no expected row: new measures, mere copies, or doubtful."""
    lines = {table.grid.rows[match.row] for match in matched}
    inserted: list[tuple[int, str]] = []
    copies: list[int] = []
    doubtful: list[int] = []
    for item in rest:
        line = table.grid.rows[item.row]
        if line in lines:
            copies.append(item.row)
        elif task := _task_of(item, expected, texts):
            inserted.append((item.row, task))
            lines.add(line)
        else:
            doubtful.append(item.row)
    return tuple(inserted), tuple(copies), tuple(doubtful)


def _task_of(item: _Evidence, expected: Sequence[BookRow], texts: _Texts) -> str | None:
    """Name the task of a left-over row: the one its text is exactly, else the one its code names; never a guess."""
    by_text = {expected[index].task for index, plan in enumerate(texts.plan) if plan.strip() and plan == item.text}
    if len(by_text) == 1:
        return by_text.pop()
    for key in (item.visible, item.hidden):
        by_code = {row.task for row in expected if key and fold(row.task) == key[0]}
        if len(by_code) == 1 and not _contradicted(item, by_code, expected, texts):
            return by_code.pop()
    name = item.text.split("\n", maxsplit=1)[0]
    by_name = {row.task for row in expected if name and normalised(row.text("task")) == name}
    blank_else = item.text.strip("\n") == name
    return by_name.pop() if len(by_name) == 1 and blank_else else None


def _contradicted(item: _Evidence, tasks: set[str], expected: Sequence[BookRow], texts: _Texts) -> bool:
    """Tell whether a row's text speaks against the task its code names: it is more like another task's."""
    if not item.text.strip():
        return False
    likeness = [(texts.likeness(item, index), row.task) for index, row in enumerate(expected)]
    return max(likeness)[1] not in tasks
