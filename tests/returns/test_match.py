"""Rows are found again whatever was done to the sheet; what is undecidable is said, never guessed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import LAYOUT, TASKS, book, column, issued, sheet_of, workbook
from ledgergen.records import Book
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


MEASURES = {task: {"measure": f"印发{TASKS[task][0]}的通知（{task}）"} for task in ALL}
PREFILLED = book(tasks=ALL, own=MEASURES)


def exchanged(lines: Lines, columns: range) -> Lines:
    """Turn some columns of the body upside down, as if only they had been sorted."""
    body = lines[6:]
    return [
        *lines[:6],
        *(
            [body[-1 - row][place] if place in columns else text for place, text in enumerate(line)]
            for row, line in enumerate(body)
        ),
    ]


def matching_prefilled(lines: Lines) -> Matching:
    table = find_table(workbook(lines).grids[0], LAYOUT)
    assert table is not None
    return match_rows(table, issued(PREFILLED))


def test_a_hidden_code_left_behind_by_a_sort_loses_and_is_told() -> None:
    outcome = matching(exchanged(sheet_of(book(tasks=ALL)), range(9)))
    assert found(outcome) == {6: "4", 7: "3", 8: "2", 9: "1"}
    assert {(match.how, match.moved, match.unsure) for match in outcome.matched} == {(How.CODE, True, False)}


def test_hidden_codes_of_other_rows_are_no_matter_where_the_visible_ones_went_and_the_texts_stay_silent() -> None:
    lines = sheet_of(book(tasks=ALL))
    silent = [
        [text if place > 2 or row < 6 else "" for place, text in enumerate(line)] for row, line in enumerate(lines)
    ]
    outcome = matching(exchanged(silent, range(9)))
    assert found(outcome) == {6: "4", 7: "3", 8: "2", 9: "1"}
    assert all(match.unsure for match in outcome.matched)


@pytest.mark.parametrize("columns", [range(8), range(3)])
def test_codes_against_text_are_undecided_where_nothing_else_speaks(columns: range) -> None:
    """Whether the codes were left behind or the plan's texts were sorted alone, the sheet looks the same."""
    outcome = matching(exchanged(sheet_of(book(tasks=ALL)), columns))
    assert outcome.doubtful == (6, 7, 8, 9)
    assert (outcome.matched, outcome.inserted, outcome.missing) == ((), (), ())


@pytest.mark.parametrize(("columns", "rows", "how"), [(range(8), "4321", How.TEXT), (range(3), "1234", How.CODE)])
def test_a_prefilled_measure_tells_which_part_was_sorted(columns: range, rows: str, how: How) -> None:
    outcome = matching_prefilled(exchanged(sheet_of(PREFILLED), columns))
    assert found(outcome) == dict(zip(range(6, 10), rows, strict=True))
    assert {match.how for match in outcome.matched} == {how}


def test_a_code_filled_down_over_other_rows_loses_against_their_texts() -> None:
    lines = sheet_of(book(tasks=ALL))
    outcome = matching([*lines[:6], *([*line[:8], *lines[6][8:]] for line in lines[6:])])
    assert found(outcome) == {6: "1", 7: "2", 8: "3", 9: "4"}
    assert [match.disagrees for match in outcome.matched] == [False, True, True, True]


def test_where_codes_came_apart_from_the_texts_an_inserted_row_gets_none_of_them() -> None:
    """The codes stayed where they were, and the row that the unit inserted slid beside one of them."""
    lines = sheet_of(book(tasks=ALL))
    lines.insert(8, ["", "", "", "召开推进会", "", "", "", "", "", ""])
    outcome = matching(exchanged(lines, range(8)))
    assert not outcome.inserted
    assert not outcome.matched[2:]
    assert 8 in outcome.doubtful


def test_where_the_plans_texts_were_sorted_alone_they_tell_nothing_of_an_inserted_row() -> None:
    """Prefilled measures tell that the codes are right; the row that was inserted shows somebody else's task."""
    lines = sheet_of(PREFILLED)
    lines.insert(7, [*lines[6][:3], "召开推进会", *lines[6][4:8], "", ""])
    for code in ("", lines[6][8]):
        lines[7][8] = code
        outcome = matching_prefilled(exchanged(lines, range(3)))
        assert found(outcome) == {6: "1", 8: "2", 9: "3", 10: "4"}
        assert (outcome.inserted, outcome.doubtful) == ((), (7,))


def test_nor_where_only_two_of_them_were_exchanged_but_where_its_code_agrees() -> None:
    lines = sheet_of(PREFILLED)
    lines.insert(7, [*lines[6][:3], "召开推进会", *lines[6][4:8], "", ""])
    lines[8][:3], lines[10][:3] = lines[10][:3], lines[8][:3]
    outcome = matching_prefilled(lines)
    assert (outcome.inserted, outcome.doubtful) == ((), (7,))
    lines[7][8] = lines[6][8]
    assert matching_prefilled(lines).inserted == ((7, "1"),)


def test_a_requirement_filled_down_by_mistake_moves_no_code() -> None:
    lines = sheet_of(book(tasks=ALL))
    outcome = matching([*lines[:6], *([*line[:2], lines[6][2] * 3, *line[3:]] for line in lines[6:])])
    assert found(outcome) == {6: "1", 7: "2", 8: "3", 9: "4"}
    lines = sheet_of(book(tasks=ALL))
    assert found(matching([*lines[:6], *([*line[:2], lines[6][2], *line[3:]] for line in lines[6:])])) == found(outcome)


def test_shortened_texts_that_went_apart_from_the_codes_are_undecided_as_well() -> None:
    lines = sheet_of(book(tasks=ALL))
    short = [*lines[:6], *([*line[:2], f"{line[2][:4]}……", *line[3:]] for line in lines[6:])]
    assert found(matching(short)) == {6: "1", 7: "2", 8: "3", 9: "4"}
    outcome = matching(exchanged(short, range(8)))
    assert found(outcome) == {}
    assert outcome.doubtful == (6, 7, 8, 9)


def test_without_codes_a_measure_of_one_task_beside_the_altered_text_of_another_is_undecided() -> None:
    lines = blank_codes(sheet_of(PREFILLED))
    lines[6][3], lines[9][3] = lines[9][3], lines[6][3]
    for line in lines[6:]:
        line[2] = line[2].replace("公开", "公示")
    outcome = matching_prefilled(lines)
    assert set(outcome.doubtful) | {row for row, _ in outcome.inserted} >= {6, 9}
    assert found(outcome) == {7: "2", 8: "3"}


def test_without_codes_a_text_that_is_as_like_to_two_rows_is_undecided() -> None:
    quarters = ("第一季度按时公开各项减税政策", "第二季度按时公开各项减税政策")
    made = book(tasks=("2", "3"))
    rows = tuple(
        row._replace(office={**row.office, "requirement": text}) for row, text in zip(made.rows, quarters, strict=True)
    )
    lines = blank_codes(sheet_of(replace(made, rows=rows)))
    for line in lines[6:]:
        line[2] = "每季度按时公开各项减税政策"
    table = find_table(workbook(lines).grids[0], LAYOUT)
    assert table is not None
    outcome = match_rows(table, issued(replace(made, rows=rows)))
    assert outcome.doubtful == (6, 7)
    assert (outcome.matched, outcome.missing) == ((), ())
    lines[7][2] = quarters[1]  # as soon as one of them is known for sure, so is the other
    table = find_table(workbook(lines).grids[0], LAYOUT)
    assert table is not None
    assert found(match_rows(table, issued(replace(made, rows=rows)))) == {6: "2", 7: "3"}


def test_a_measure_that_was_taken_out_does_not_hide_the_row() -> None:
    lines = blank_codes(sheet_of(PREFILLED, {("2", "measure"): ""}))
    assert found(matching_prefilled(lines)) == {6: "1", 7: "2", 8: "3", 9: "4"}


def merged(lines: Lines, *areas: tuple[int, int, int, int], made: Book | None = None) -> Matching:
    """Match a sheet in which cells are merged; what they cover is blank."""
    for top, left, bottom, _ in areas:
        for row in range(top + 1, bottom + 1):
            lines[row][left] = ""
    table = find_table(replace(workbook(lines).grids[0], merged=areas), LAYOUT)
    assert table is not None
    return match_rows(table, issued(made or book(tasks=ALL)))


def test_an_inserted_row_is_of_the_task_with_which_its_cells_are_merged() -> None:
    lines = sheet_of(book(tasks=ALL))
    lines.insert(8, ["", "", "", "召开推进会", "", "", "", "", "", ""])
    assert merged(lines, (7, 1, 8, 1), (7, 2, 8, 2)).inserted == ((8, "2"),)


def test_cells_merged_over_two_tasks_of_one_name_hide_neither() -> None:
    outcome = merged(blank_codes(sheet_of(book(tasks=ALL))), (7, 1, 8, 1))
    assert found(outcome) == {6: "1", 7: "2", 8: "3", 9: "4"}


def test_a_merged_head_is_no_text_of_the_rows() -> None:
    lines = sheet_of(book(tasks=ALL))
    lines.insert(6, ["", "", "", "召开推进会", "", "", "", "", "", ""])
    assert merged(lines, (5, 1, 6, 1)).doubtful == (6,)


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


@pytest.mark.parametrize("is_prefilled", [False, True])
def test_of_a_table_that_was_pasted_below_itself_the_rows_that_are_filled_count(is_prefilled: bool) -> None:  # noqa: FBT001
    made = PREFILLED if is_prefilled else book(tasks=ALL)
    typed = {(task, "progress"): f"进展{task}" for task in ALL}
    blank, filled = sheet_of(made), sheet_of(made, typed)
    outcome = (matching_prefilled if is_prefilled else matching)([*blank, *filled[6:]])
    assert found(outcome) == {10: "1", 11: "2", 12: "3", 13: "4"}
    assert (outcome.missing, outcome.doubtful) == ((), ())
    spare = (6, 7, 8, 9)  # nothing stands in them
    assert outcome.copies == (spare if is_prefilled else ())
    assert [row for row, _ in outcome.inserted] == ([] if is_prefilled else [*spare])


def test_one_measure_that_stands_twice_and_says_two_things_is_undecided_and_half_of_it_a_copy() -> None:
    lines = sheet_of(PREFILLED, {("1", "progress"): "甲", ("2", "progress"): "乙", ("2", "leader"): "王某"})
    again = sheet_of(PREFILLED, {("1", "progress"): "丙", ("2", "progress"): "乙"})
    outcome = matching_prefilled([*lines, *again[6:8]])
    assert found(outcome) == {6: "1", 7: "2", 8: "3", 9: "4"}
    assert (outcome.inserted, outcome.doubtful, outcome.copies) == ((), (10,), (11,))


def test_a_copy_that_was_laid_over_another_row_and_filled_in_for_it_is_undecided() -> None:
    lines = sheet_of(book(tasks=ALL), {("1", "measure"): "一条举措", ("3", "measure"): "三条举措"})
    over = [*lines[6][:3], *lines[8][3:8], *lines[6][8:]]
    outcome = matching([*lines[:8], over, *lines[9:]])
    assert (outcome.inserted, outcome.doubtful) == ((), (8,))
    outcome = matching([*lines[:9], over])  # the last one
    assert (outcome.inserted, outcome.doubtful) == ((), (9,))
    outcome = matching([*lines[:7], over, *lines[7:8], *lines[9:]])  # below its own row, while another was deleted
    assert outcome.inserted == ((7, "1"),)
    assert [row.task for row in outcome.missing] == ["3"]


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


def test_a_title_that_was_changed_is_taken_from_the_header_that_is_repeated_further_down() -> None:
    lines = repeat_header(sheet_of(book(tasks=ALL)))
    lines[5] = ["工作进展（7月）" if text == "进展情况" else text for text in lines[5]]
    table = find_table(workbook(lines).grids[0], LAYOUT)
    assert table is not None
    assert (table.header, table.columns["progress"]) == (5, column("progress"))
    assert len(table.body) == len(ALL)


def repeat_header(lines: Lines) -> Lines:
    return [*lines[:8], lines[5], *lines[8:]]


def drop_titles(lines: Lines) -> Lines:
    return lines[5:]


@pytest.mark.parametrize("edit", [repeat_header, drop_titles])
def test_where_the_header_stands_does_not_matter(edit: Callable[[Lines], Lines]) -> None:
    outcome = matching(edit(sheet_of(book(tasks=ALL))))
    assert [match.expected.task for match in outcome.matched] == list(ALL)
