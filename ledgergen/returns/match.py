"""Match the rows of a returned table with the rows that were issued, one to one.

Every sheet row is scored against every expected row: visible code 100, hidden code 60, text 0–100, and 90 more where
the text is exactly one expected row's; order only breaks ties. Text alone counts from 72 on. Left-over filled rows are
new measures of the task that their code, text or merged cells name, else doubtful; never of the task above by position
alone. Doubtful as well is a row whose best score would be a guess (:mod:`ledgergen.returns.doubt`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, NamedTuple

from ledgergen.records import BookRow
from ledgergen.returns.decisions import How
from ledgergen.returns.doubt import Doubt
from ledgergen.returns.evidence import TEXT_ALONE, Evidence, RowKey, Texts, evidence_of
from ledgergen.returns.shelf import Issued
from ledgergen.returns.table import Table
from ledgergen.workbook.codes import fold, normalised
from ledgergen.workbook.layout import TASK_COLUMNS

_VISIBLE: Final = 100
_HIDDEN: Final = 60
_EXACT: Final = 90
_TEXT_ALONE: Final = TEXT_ALONE
_LEAST_PASTED: Final = 3  # rows: fewer that are there twice are rows that were copied, and no table


class Matched(NamedTuple):
    """A sheet row that is an expected row; ``how`` by which means; ``disagrees``: its code names another row.

    ``moved``: its hidden code names another row, the visible one and the text this one; or both codes do, and the text
    and a prefilled measure this one. ``unsure``: the text does not say which of two codes is right. ``exact``: its text
    is this row's only, letter for letter.
    """

    row: int
    expected: BookRow
    how: How
    disagrees: bool = False
    moved: bool = False
    unsure: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome for one table.

    ``inserted``: sheet rows that are new measures, with their task id. ``copies``: sheet rows equal in every cell to a
    matched one. ``doubtful``: filled sheet rows of which it is not clear what they are. ``foreign``: rows with the code
    of another book. ``missing``: expected rows that are absent, but for those that a doubtful row may be.
    ``as_issued``: row for row codes and texts are those of the book. ``coded``: whether any row shows a code.
    """

    matched: tuple[Matched, ...]
    inserted: tuple[tuple[int, str], ...]
    copies: tuple[int, ...]
    doubtful: tuple[int, ...]
    foreign: tuple[int, ...]
    missing: tuple[BookRow, ...]
    as_issued: bool = False
    coded: bool = True


def match_rows(table: Table, issued: Issued) -> Matching:
    """Match a table's rows with a book's rows; every body row ends in exactly one of the outcome's lists."""
    expected = issued.book.rows
    if as_issued(table, expected):
        plain = tuple(Matched(row, own, How.CODE) for row, own in zip(table.body, expected, strict=True))
        return Matching(plain, (), (), (), (), (), as_issued=True)
    evidence = [evidence_of(table, row, fold(issued.book.token)) for row in table.body]
    foreign = tuple(item.row for item in evidence if item.foreign)
    own = [item for item in evidence if not item.foreign]
    texts = Texts(table, expected)
    done = _assign(own, expected, texts, table)
    taken = {item.row for item in done.matched}.union(done.undecided)
    rest = [item for item in own if item.row not in taken]
    inserted, copies, doubtful = _leftover(rest, done.matched, table, _Tasks(expected, texts, done.doubt))
    found = {id(item.expected) for item in done.matched}
    missing = tuple(row for index, row in enumerate(expected) if id(row) not in found and index not in done.spoken)
    unclear = tuple(sorted((*doubtful, *done.undecided)))
    coded = any(item.visible or item.hidden for item in own)
    return Matching(tuple(done.matched), inserted, copies, unclear, foreign, missing, coded=coded)


def as_issued(table: Table, expected: Sequence[BookRow]) -> bool:
    """Tell whether the sheet shows row for row the codes and texts that were issued: nothing is left to find out."""
    columns = [column.id for column, _ in table.fixed]
    if len(table.body) != len(expected) or "code" not in columns or not {*TASK_COLUMNS}.intersection(columns):
        return False
    if any(row.own.get("measure") for row in expected):  # may have been exchanged between rows of one task
        return False
    shown, lines = itemgetter(*table.indices(columns)), table.grid.rows
    return all(shown(lines[row]) == own.texts(columns) for row, own in zip(table.body, expected, strict=True))


class _Assigned(NamedTuple):
    """Sheet rows that are expected rows; those that are undecided, and the indices of the rows that they may be."""

    matched: list[Matched]
    undecided: list[int]
    spoken: set[int]
    doubt: Doubt | None = None


def _assign(evidence: Sequence[Evidence], expected: Sequence[BookRow], texts: Texts, table: Table) -> _Assigned:
    """Assign one to one."""
    keys = [(fold(row.task), fold(row.measure)) for row in expected]
    plain = _plain(evidence, {key: index for index, key in enumerate(keys)}, texts)
    if plain is not None:
        return _Assigned([Matched(item.row, expected[index], How.CODE) for item, index in plain], [], set())
    pairs = _best_pairs(evidence, keys, texts, _blank_twins(evidence, expected, table))
    doubt = Doubt(evidence, keys, texts, {index: item for item, index in pairs})
    done = _Assigned([], [], set(), doubt)
    for item, index in sorted(pairs, key=lambda pair: pair[0].row):
        if may_be := doubt.may_be(item, index):
            done.undecided.append(item.row)
            done.spoken.update(may_be)
        else:
            done.matched.append(_matched(item, index, expected, keys, texts))
    return done


def _blank_twins(evidence: Sequence[Evidence], expected: Sequence[BookRow], table: Table) -> set[int]:
    """Find rows in which nothing was written though a row of the same code was filled in for them.

    It shows the same measure; or most rows are there twice: clerks paste the whole table below itself and fill in one
    of the two. A single row that was copied and given another measure is another measure of its task.
    """
    alike: dict[RowKey, list[int]] = {}
    for item in evidence:
        if key := item.visible or item.hidden:
            alike.setdefault(key, []).append(item.row)
    twice = [rows for rows in alike.values() if len(rows) > 1]
    is_pasted = len(twice) >= max(_LEAST_PASTED, len(expected) / 2)
    blank: set[int] = set()
    for rows in twice:
        filled = [row for row in rows if _is_filled(table, row, expected)]
        for row in set(rows).difference(filled):
            if any(is_pasted or table.text(row, "measure") == table.text(other, "measure") for other in filled):
                blank.add(row)
    return blank


def _is_filled(table: Table, row: int, expected: Sequence[BookRow]) -> bool:
    """Tell whether a unit wrote anything into a row: what no row was issued with."""
    line = table.grid.rows[row]
    return any(
        text not in {normalised(each.own.get(column.id, "")) for each in expected}
        for column, index in table.inputs
        if (text := normalised(line[index]))
    )


def _best_pairs(
    evidence: Sequence[Evidence], keys: Sequence[RowKey], texts: Texts, blank: Collection[int]
) -> list[tuple[Evidence, int]]:
    """Pair rows, the best score first; of equal scores what is not ``blank``, then what keeps the sheet's order."""
    scored: list[tuple[float, bool, int, int, int]] = []
    for order, item in enumerate(evidence):
        for index, key in enumerate(keys):
            score = _score(item, index, key, texts)
            if score >= _HIDDEN:
                scored.append((-score, item.row in blank, abs(order - index), order, index))
    pairs: list[tuple[Evidence, int]] = []
    rows_taken: set[int] = set()
    expected_taken: set[int] = set()
    for _, _, _, order, index in sorted(scored):
        if order not in rows_taken and index not in expected_taken:
            rows_taken.add(order)
            expected_taken.add(index)
            pairs.append((evidence[order], index))
    return pairs


def _matched(item: Evidence, index: int, expected: Sequence[BookRow], keys: Sequence[RowKey], texts: Texts) -> Matched:
    key, exact = keys[index], texts.unique[index] and texts.is_exact(item, index)
    how = How.CODE if key in (item.visible, item.hidden) else How.TEXT
    disagrees = (item.visible or item.hidden) not in (None, key)
    if item.visible != key or item.hidden in (None, key):
        moved = disagrees and how is How.TEXT and exact and bool(texts.measure[index])
        return Matched(item.row, expected[index], how, disagrees and not moved, moved=moved, exact=exact)
    sure = texts.choice(item) == index
    return Matched(item.row, expected[index], how, disagrees, moved=sure, unsure=not sure, exact=exact)


def _plain(
    evidence: Sequence[Evidence], places: Mapping[RowKey, int], texts: Texts
) -> list[tuple[Evidence, int]] | None:
    """Take the short way where every row's code is known, stands once, and no text contradicts it; else None."""
    pairs: list[tuple[Evidence, int]] = []
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


def _score(item: Evidence, index: int, key: RowKey, texts: Texts) -> float:
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
    rest: Sequence[Evidence], matched: Sequence[Matched], table: Table, tasks: "_Tasks"
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
        elif task := tasks.of(item):
            twins = [match.row for match in matched if match.expected.task == task]
            if any(_repeats(table, item.row, twin) for twin in twins):
                copies.append(item.row)
            elif any(_is_same_measure(table, item.row, twin) for twin in twins) or tasks.is_laid_over(item, matched):
                doubtful.append(item.row)
            else:
                inserted.append((item.row, task))
            lines.add(line)
        else:
            doubtful.append(item.row)
    return tuple(inserted), tuple(copies), tuple(doubtful)


def _is_same_measure(table: Table, row: int, other: int) -> bool:
    """Tell whether two rows of a task show the same measure: then they are no two measures of it."""
    measure = normalised(table.text(row, "measure"))
    return bool(measure) and measure == normalised(table.text(other, "measure"))


def _repeats(table: Table, row: int, other: int) -> bool:
    """Tell whether a row shows the measure of another row of its task, and nothing that this one does not say."""
    one, two = table.grid.rows[row], table.grid.rows[other]
    return _is_same_measure(table, row, other) and all(
        normalised(one[index]) in ("", normalised(two[index])) for _, index in table.inputs
    )


@dataclass(frozen=True, slots=True)
class _Tasks:
    """The tasks of the expected rows, for rows that are none of them; ``doubt`` of codes and texts, if there is any."""

    expected: Sequence[BookRow]
    texts: Texts
    doubt: Doubt | None

    def of(self, item: Evidence) -> str | None:
        """Name the task of a left-over row: the one its text is exactly, else the one its code names; never a guess."""
        if self.doubt and self.doubt.texts_astray:
            return None
        plans = zip(self.expected, self.texts.plan, strict=True)
        by_text = {row.task for row, plan in plans if plan.strip() and plan == item.text}
        if len(by_text) == 1:
            (task,) = by_text
            return task if self._is_text_trusted(item, task) else None
        for key in () if self.doubt and self.doubt.codes_astray else (item.visible, item.hidden):
            by_code = {row.task for row in self.expected if key and fold(row.task) == key[0]}
            if len(by_code) == 1 and not self._is_contradicted(item, by_code):
                return by_code.pop()
        name = item.text.split("\n", maxsplit=1)[0]
        by_name = {row.task for row in self.expected if name and normalised(row.text("task")) == name}
        blank_else = item.text.strip("\n") == name
        return by_name.pop() if len(by_name) == 1 and blank_else else None

    def is_laid_over(self, item: Evidence, matched: Sequence[Matched]) -> bool:
        """Tell whether a row with another row's code stands where, of the issued rows, just those are that are absent.

        It may be a copy that was laid over one of them, and was then filled in for it.
        """
        if not item.visible:
            return False
        places = {id(row): index for index, row in enumerate(self.expected)}
        known = {match.row: places[id(match.expected)] for match in matched}
        above = max((row for row in known if row < item.row), default=None)
        below = min((row for row in known if row > item.row), default=None)
        first = 0 if above is None else known[above] + 1
        after = len(self.expected) if below is None else known[below]
        return first < after and not set(range(first, after)).intersection(known.values())

    def _is_text_trusted(self, item: Evidence, task: str) -> bool:
        """Tell whether a text that is exactly a task's says whose the row is; where texts were moved, a code has to."""
        if not self.doubt or not self.doubt.texts_moved:
            return True
        return fold(task) in (key[0] for key in (item.visible, item.hidden) if key)

    def _is_contradicted(self, item: Evidence, tasks: set[str]) -> bool:
        """Tell whether a row's text speaks against the task its code names: it is more like another task's."""
        if not item.text.strip():
            return False
        likeness = [(self.texts.likeness(item, index), row.task) for index, row in enumerate(self.expected)]
        return max(likeness)[1] not in tasks
