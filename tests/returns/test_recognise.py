"""Whose ledger is it: one answer, or a finding that says what was found."""

import pytest

from builders import book, sheet_of, shelf, workbook
from ledgergen.returns.recognise import recognise
from ledgergen.workbook.marks import PROPERTY, Marks

FINANCE, PLANNING = book("区财政局", ("1", "2", "3")), book("区发改局", ("1", "3", "4"))
TWINS = book("昆仑镇", ("1", "4")), book("岭子镇", ("1", "4"))
SHELF = shelf(FINANCE, PLANNING, *TWINS)
Lines = list[list[str]]


def marked(token: str) -> dict[str, str]:
    return {PROPERTY: Marks("c", "2022Q2", token, "XXXX", "v").line()}


def without_codes(lines: Lines) -> Lines:
    return [[*line[:8], "", ""] if place >= 6 else line for place, line in enumerate(lines)]


def outcome(
    *sheets: Lines, name: str = "新建文件.xlsx", properties: dict[str, str] | None = None
) -> tuple[list[tuple[str, str]], list[str]]:
    recognised, findings = recognise(workbook(*sheets, properties=properties), name, SHELF)
    return [(item.issued.book.unit, item.reason) for item in recognised], [found.code for found in findings]


def test_by_codes() -> None:
    assert outcome(sheet_of(FINANCE)) == ([("区财政局", "codes")], [])


def test_codes_beat_the_container() -> None:
    found = outcome(sheet_of(FINANCE), properties=marked(PLANNING.token))
    assert found == ([("区财政局", "codes")], ["marks-disagree"])


def test_by_the_number_where_codes_are_gone() -> None:
    assert outcome(without_codes(sheet_of(FINANCE))) == ([("区财政局", "number")], ["codes-missing"])


def altered(lines: Lines) -> Lines:
    return [[text.replace("公开", "公示") for text in line] if place >= 6 else line for place, line in enumerate(lines)]


def test_by_the_number_though_a_word_was_replaced_everywhere() -> None:
    book_ = book("岭子镇", ("1", "3", "4"))
    recognised, _ = recognise(workbook(altered(without_codes(sheet_of(book_)))), "x.xlsx", shelf(FINANCE, book_))
    assert [(item.issued.book.unit, item.reason) for item in recognised] == [("岭子镇", "number")]


def test_a_ledger_with_other_rows_in_it_is_named_and_not_taken() -> None:
    lines = [*sheet_of(FINANCE)[:6], ["1", "食堂管理", "采购食材", "", "", "", "", "", "", ""]]
    assert outcome(lines) == ([], ["rows-unrecognised"])
    assert outcome(lines[2:], properties=marked(FINANCE.token)) == ([], ["rows-unrecognised"])


def test_by_marks_where_the_number_is_gone_too() -> None:
    lines = without_codes(sheet_of(FINANCE))[2:]
    assert outcome(lines, properties=marked(FINANCE.token)) == ([("区财政局", "marks")], ["codes-missing"])


def test_by_the_name_in_the_head() -> None:
    assert outcome(without_codes(sheet_of(FINANCE))[2:]) == ([("区财政局", "name")], ["codes-missing"])


def test_by_the_file_name_of_a_bare_table() -> None:
    bare = without_codes(sheet_of(TWINS[0]))[5:]
    assert outcome(bare, name="昆仑镇报送.xlsx") == ([("昆仑镇", "name")], ["codes-missing"])


def test_by_the_texts_alone_where_one_book_has_them() -> None:
    assert outcome(without_codes(sheet_of(PLANNING))[5:]) == ([("区发改局", "texts")], ["codes-missing"])


def test_two_books_with_the_same_texts_are_both_named() -> None:
    assert outcome(without_codes(sheet_of(TWINS[0]))[5:]) == ([], ["unit-ambiguous"])


def test_another_campaigns_ledger_is_told_so() -> None:
    stranger = book("区财政局", ("1", "2"), round_id="2019Q1")
    assert outcome(sheet_of(stranger)) == ([], ["another-campaign"])


@pytest.mark.parametrize("lines", [[["名单"], ["张三", "李四"]], [["序号", "姓名", "电话"], ["1", "甲", "乙"]]])
def test_something_else_is_no_ledger(lines: Lines) -> None:
    assert outcome(lines) == ([], ["unrecognised"])


def test_several_units_in_one_workbook() -> None:
    found, findings = outcome(sheet_of(FINANCE), sheet_of(PLANNING), [["备注"], ["无"]])
    assert found == [("区财政局", "codes"), ("区发改局", "codes")]
    assert findings == []


def test_two_different_sheets_of_one_book_are_not_chosen_between() -> None:
    filled = sheet_of(FINANCE, {("1", "progress"): "已公开"})
    assert outcome(sheet_of(FINANCE), filled) == ([], ["sheets-of-one-book"])


def test_the_same_sheet_twice_is_one() -> None:
    assert outcome(sheet_of(FINANCE), sheet_of(FINANCE)) == ([("区财政局", "codes")], [])
