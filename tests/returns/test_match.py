"""Rows are found again whatever was done to the sheet; what is undecidable is said, never guessed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import LAYOUT, TASKS, book, column, issued, sheet_of, workbook
from ledgergen.returns.decisions import How
from ledgergen.returns.match import Matching, match_rows
from ledgergen.returns.table import find_table

ALL = ("1", "2", "3", "4")
Lines = list[list[str]]


def matching(lines: Lines, tasks: tuple[str, ...] = ALL) -> Matching:
    table = find_table(workbook(lines).grids[0], LAYOUT)
    assert table is not None
    return match_rows(table, issued(book(tasks=tasks)))


def found(outcome: Matching) -> dict[int, str]:
    return {match.row: match.expected.task for match in outcome.matched}


def test_an_untouched_sheet_matches_row_by_row() -> None:
    outcome = matching(sheet_of(book(tasks=ALL)))
    assert found(outcome) == {6: "1", 7: "2", 8: "3", 9: "4"}
    assert {match.how for match in outcome.matched} == {How.CODE}
    assert (outcome.inserted, outcome.copies, outcome.doubtful, outcome.foreign, outcome.missing) == ((),) * 5


@given(st.permutations(range(4)), st.permutations(range(len(LAYOUT.columns) + 1)), st.integers(0, 3))
def test_sorted_rows_moved_columns_and_blank_rows_cost_nothing(
    rows: list[int], columns: list[int], blanks: int
) -> None:
    lines = sheet_of(book(tasks=ALL))
    body = [lines[6 + place] for place in rows]
    for _ in range(blanks):
        body.insert(blanks % len(body), [""] * len(columns))
    moved = [*lines[:5], *([line[place] for place in columns] for line in [lines[5], *body])]
    outcome = matching(moved)
    assert [task for _, task in sorted(found(outcome).items())] == [ALL[place] for place in rows]
    assert not outcome.missing


def blank_codes(lines: Lines) -> Lines:
    return [[*line[:8], "", ""] if place >= 6 else line for place, line in enumerate(lines)]


def test_without_codes_rows_are_known_by_their_text() -> None:
    outcome = matching(blank_codes(sheet_of(book(tasks=ALL))))
    assert found(outcome) == {6: "1", 7: "2", 8: "3", 9: "4"}
    assert {match.how for match in outcome.matched} == {How.TEXT}


def test_codes_left_behind_by_a_sort_lose_against_the_text() -> None:
    lines = sheet_of(book(tasks=ALL))
    codes = [line[8:] for line in lines[6:]]
    shuffled = [*lines[:6], *([*line[:8], *code] for line, code in zip(lines[6:], reversed(codes), strict=True))]
    outcome = matching(shuffled)
    assert found(outcome) == {6: "1", 7: "2", 8: "3", 9: "4"}
    assert all(match.disagrees for match in outcome.matched)


def test_an_altered_text_does_not_lose_a_coded_row() -> None:
    lines = sheet_of(book(tasks=ALL), {("2", "requirement"): "完全不同的文字", ("2", "task"): "另一个名称"})
    assert found(matching(lines)) == {6: "1", 7: "2", 8: "3", 9: "4"}


def test_a_copied_row_with_another_measure_is_a_new_measure_of_its_task() -> None:
    lines = sheet_of(book(tasks=ALL))
    copy = list(lines[7])
    copy[column("measure")] = "另一条举措"
    lines.insert(8, copy)
    outcome = matching(lines)
    assert outcome.inserted == ((8, "2"),)
    assert not outcome.missing


def test_a_row_copied_whole_is_a_copy() -> None:
    lines = sheet_of(book(tasks=ALL), {("2", "progress"): "x"})
    lines.append(list(lines[7]))
    outcome = matching(lines)
    assert outcome.copies == (10,)
    assert not outcome.inserted


def test_an_inserted_row_is_never_given_to_the_task_above_by_position() -> None:
    lines = sheet_of(book(tasks=ALL))
    fresh = [""] * 10
    fresh[column("measure")] = "召开推进会"
    lines.insert(8, fresh)
    outcome = matching(lines)
    assert outcome.doubtful == (8,)
    assert not outcome.inserted


def test_an_inserted_row_that_names_its_task_is_new() -> None:
    lines = sheet_of(book(tasks=ALL))
    fresh = ["", "住房保障", "", "召开推进会", "", "", "", "", "", ""]
    lines.insert(7, fresh)
    assert matching(lines).inserted == ((7, "4"),)


def test_an_inserted_row_whose_task_name_two_tasks_share_is_doubtful() -> None:
    lines = sheet_of(book(tasks=ALL))
    lines.insert(7, ["", TASKS["2"][0], "", "召开推进会", "", "", "", "", "", ""])
    assert matching(lines).doubtful == (7,)


def test_deleted_rows_are_missing() -> None:
    lines = sheet_of(book(tasks=ALL))
    del lines[7]
    assert [row.task for row in matching(lines).missing] == ["2"]


def test_a_row_with_another_books_code_is_foreign() -> None:
    lines = sheet_of(book(tasks=ALL))
    lines.append(sheet_of(book("区发改局", ALL))[8])
    outcome = matching(lines)
    assert outcome.foreign == (10,)
    assert not outcome.inserted


def repeat_header(lines: Lines) -> Lines:
    return [*lines[:8], lines[5], *lines[8:]]


def drop_titles(lines: Lines) -> Lines:
    return lines[5:]


@pytest.mark.parametrize("edit", [repeat_header, drop_titles])
def test_where_the_header_stands_does_not_matter(edit: Callable[[Lines], Lines]) -> None:
    outcome = matching(edit(sheet_of(book(tasks=ALL))))
    assert [match.expected.task for match in outcome.matched] == list(ALL)
