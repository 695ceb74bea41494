"""Cell by cell: what a return says, and that nothing a unit wrote is passed over in silence (invariant 6)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from builders import book, column, sheet_of, shelf, workbook
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Act, Arrival, Parcel, Verdict
from ledgergen.workbook.grid import Workbook

BOOK = book()
PREFILLED = book(own={"1": {"measure": "办公室写的举措", "leader": "张某"}})
Lines = list[list[str]]


def accepted(read: Workbook | Lines, *books: object) -> Parcel:
    made = read if isinstance(read, Workbook) else workbook(read)
    used = [each for each in books if isinstance(each, type(BOOK))] or [BOOK]
    return accept(made, [], Arrival("ab" * 32, "回.xlsx", "2022-07-01T00:00:00Z"), shelf(*used), {BOOK.token: 2022})


def codes(parcel: Parcel) -> list[str]:
    return [found.code for found in parcel.findings]


def test_an_unedited_return_changes_nothing_and_says_only_that() -> None:
    parcel = accepted(sheet_of(BOOK))
    assert codes(parcel) == ["nothing-filled"]
    (returned,) = parcel.returns
    assert (returned.rows, dict(returned.head), returned.matched) == ((), {}, 3)


def test_what_is_typed_is_decided_with_its_cell_and_reading() -> None:
    parcel = accepted(
        sheet_of(BOOK, {("2", "status"): "办结 ", ("2", "published_on"): "6月30日", ("3", "progress"): "=1+1"})
    )
    rows = {row.task: row for row in parcel.returns[0].rows}
    assert rows["2"].cells["status"] == (Act.SET, "办结 ", "已完成", "F8")
    assert rows["2"].cells["published_on"] == (Act.SET, "6月30日", "2022-06-30", "H8")
    assert rows["3"].cells["progress"] == (Act.SET, "=1+1", "=1+1", "G9")
    assert codes(parcel) == []


def test_what_cannot_be_read_is_kept_and_said() -> None:
    parcel = accepted(sheet_of(BOOK, {("1", "status"): "基本完成", ("1", "published_on"): "近期"}))
    assert parcel.returns[0].rows[0].cells["status"] == (Act.SET, "基本完成", None, "F7")
    assert [(found.code, found.where.cell) for found in parcel.findings] == [
        ("choice-unreadable", "F7"),
        ("date-unreadable", "H7"),
    ]


def test_a_blank_clears_only_what_was_issued_filled() -> None:
    parcel = accepted(sheet_of(PREFILLED, {("1", "measure"): ""}), PREFILLED)
    (row,) = parcel.returns[0].rows
    assert {name: decision.act for name, decision in row.cells.items()} == {"measure": Act.CLEAR}


def test_the_word_erases() -> None:
    parcel = accepted(sheet_of(PREFILLED, {("1", "measure"): "清空", ("2", "leader"): " 清空 "}), PREFILLED)
    acts = [(row.task, name, decision.act) for row in parcel.returns[0].rows for name, decision in row.cells.items()]
    assert acts == [("1", "measure", Act.ERASE), ("2", "leader", Act.ERASE)]


def test_an_altered_task_is_restored_and_reported() -> None:
    parcel = accepted(sheet_of(BOOK, {("1", "task"): "改了的任务"}))
    assert [(found.code, found.where.cell) for found in parcel.findings] == [
        ("prefilled-altered", "B7"),
        ("nothing-filled", ""),
    ][:1]
    assert parcel.returns[0].rows == ()


def test_the_head_block_is_decided() -> None:
    parcel = accepted(sheet_of(BOOK, head={"filled_by": "王某", "default_leader": "赵某"}))
    assert {name: (decision.text, decision.cell) for name, decision in parcel.returns[0].head.items()} == {
        "filled_by": ("王某", "B4"),
        "default_leader": ("赵某", "D4"),
    }


def test_a_lost_column_costs_that_column_only() -> None:
    lines = sheet_of(BOOK, {("1", "progress"): "已公开", ("1", "status"): "√"})
    lines[5][column("progress")] = "我改的标题"
    parcel = accepted(lines)
    assert list(parcel.returns[0].rows[0].cells) == ["status"]
    assert sorted(codes(parcel)) == ["column-missing", "text-outside"]
    assert "已公开" in str(next(found for found in parcel.findings if found.code == "text-outside").facts["text"])


def test_further_sheets_are_quoted() -> None:
    parcel = accepted(workbook(sheet_of(BOOK), [["情况说明"], ["我局无此职能"]]))
    assert any("我局无此职能" in str(found.facts.get("text")) for found in parcel.findings)


def test_unreadable_bytes_are_rejected_with_their_reason() -> None:
    parcel = accept(None, [], Arrival("ab" * 32, "x.xlsx", ""), shelf(BOOK), {})
    assert parcel.verdict is Verdict.REJECTED


def test_a_parcel_is_stored_and_read_back_as_it_was() -> None:
    parcel = accepted(sheet_of(BOOK, {("2", "status"): "办结", ("1", "status"): "?"}, {"filled_by": "王某"}))
    assert Parcel.from_json(parcel.to_json()) == parcel


canaries = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u200b\ufeff"), min_size=1, max_size=12
)


@given(st.data())
def test_every_character_that_a_unit_wrote_is_in_an_entry_or_quoted(data: st.DataObject) -> None:
    """Type into any cell of the sheet, known or not, and add lines and columns: nothing vanishes (invariant 6)."""
    lines = [[*line, *[""] * (12 - len(line))] for line in sheet_of(BOOK)]
    lines += [[""] * 12 for _ in range(2)]
    places = data.draw(st.sets(st.tuples(st.integers(0, len(lines) - 1), st.integers(0, 11)), min_size=1, max_size=6))
    typed = {}
    for row, place in places - {(5, index) for index in range(12)}:
        text = "查" + data.draw(canaries).strip() + f"{row}x{place}"
        lines[row][place] = text
        typed[row, place] = text
    parcel = accepted(lines)
    said = [str(value) for found in parcel.findings for value in found.facts.values()]
    said += [decision.text for item in parcel.returns for row in item.rows for decision in row.cells.values()]
    said += [decision.text for item in parcel.returns for decision in item.head.values()]
    for text in typed.values():
        assert any(text in each for each in said), text


def test_rows_beneath_the_head_of_another_ledger_are_taken_and_that_head_is_not() -> None:
    """A unit pasted its table into another unit's file: whoever is named above is not its contact."""
    mine, other = book("区财政局"), book("区发改局")
    head = sheet_of(other, head={"filled_by": "李某", "default_leader": "王某"})[:6]
    parcel = accepted([*head, *sheet_of(mine, {("1", "progress"): "已印发"})[6:]], mine, other)
    (returned,) = parcel.returns
    assert (returned.unit, dict(returned.head)) == ("区财政局", {})
    assert [row.task for row in returned.rows] == ["1"]
    (said,) = [found for found in parcel.findings if found.code == "head-of-another"]
    assert {"李某", "王某", "区发改局"} <= set(str(said.facts["text"]).replace("；", "：").split("："))


def test_hidden_codes_that_were_left_behind_are_told_once() -> None:
    lines = sheet_of(BOOK, {("1", "progress"): "甲", ("2", "progress"): "乙", ("3", "progress"): "丙"})
    hidden = [line[9] for line in lines[6:]]
    body = [[*line[:9], code] for line, code in zip(reversed(lines[6:]), hidden, strict=True)]
    parcel = accepted([*lines[:6], *body])
    assert {row.task: row.cells["progress"].text for row in parcel.returns[0].rows} == {"1": "甲", "2": "乙", "3": "丙"}
    assert [(found.code, found.where.cell, found.facts["count"]) for found in parcel.findings] == [
        ("hidden-codes-moved", "J7", 2)
    ]


def test_cells_merged_downwards_are_no_missing_texts_and_what_a_unit_merged_is_said() -> None:
    lines = sheet_of(book(tasks=("2", "3")), {("2", "progress"): "一并办理"})
    lines[7][1] = ""
    read = workbook(lines)
    areas = ((6, 1, 7, 1), (6, 6, 7, 6))
    parcel = accepted(replace(read, grids=(replace(read.grids[0], merged=areas),)), book(tasks=("2", "3")))
    assert [(found.code, found.where.cell) for found in parcel.findings] == [("cells-merged", "G8")]
    assert [row.task for row in parcel.returns[0].rows] == ["2"]


def test_a_further_measure_whose_code_and_text_disagree_is_marked() -> None:
    lines = sheet_of(BOOK)
    fresh = [*lines[7][:3], "召开推进会", *lines[7][4:8], *lines[8][8:]]
    parcel = accepted([*lines, fresh])
    assert [(row.task, row.how) for row in parcel.returns[0].rows] == [("2", "new")]
    assert codes(parcel) == ["row-new", "code-text-disagree"]


def test_codes_that_were_left_behind_are_told_once_where_the_measures_know_better() -> None:
    made = book(own={task: {"measure": f"印发第{task}号通知，明确分工"} for task in "123"})
    lines = sheet_of(made, {(task, "progress"): f"进展{task}" for task in "123"})
    codes_of = [line[8:] for line in lines[6:]]
    body = [[*line[:8], *code] for line, code in zip(reversed(lines[6:]), codes_of, strict=True)]
    parcel = accepted([*lines[:6], *body], made)
    assert {row.task: row.cells["progress"].text for row in parcel.returns[0].rows} == {
        task: f"进展{task}" for task in "123"
    }
    assert [(found.code, found.where.cell) for found in parcel.findings] == [("codes-moved", "I7")]


def test_that_no_row_has_a_code_is_said_once_and_of_altered_rows_one_by_one() -> None:
    lines = sheet_of(BOOK, {("1", "progress"): "已印发"})
    blank = [*lines[:6], *([*line[:8], "", ""] for line in lines[6:])]
    assert codes(accepted(blank)) == ["codes-missing"]
    blank[8][2] += "（修订）"
    assert [(found.code, found.where.cell) for found in accepted(blank).findings] == [
        ("codes-missing", ""),
        ("prefilled-altered", "C9"),
        ("row-by-text", "I9"),
    ]
