"""The workbook of plan and units: what its cells say, that it says it safely, and that it is a clean file."""

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ledgergen.plan.deadline import Deadline
from ledgergen.plan.deadline_words import reading_of, words_of
from ledgergen.plan.fields import TABLES, Content, Field, Sort
from ledgergen.plan.schema import schemas
from ledgergen.workbook.codes import book_number
from ledgergen.workbook.grid import Grid, Workbook
from ledgergen.workbook.plan_book import HELP, SHEETS, as_read, is_confirmed, shown, split_names
from ledgergen.workbook.plan_book_read import read_plan_book
from ledgergen.workbook.plan_book_write import BookRow, write_plan_book
from write_cases import schema_faults

NUMBER = book_number("7K2F9Q", "4TXA")
TASK: Mapping[str, Content] = {
    "id": "5",
    "section": ("一、总则", "（一）公开"),
    "name": "=1+1",
    "requirement": "@甲\n乙",
    "lead": ("区发改局",),
    "responsible": ("各镇（街道、开发区）", "区财政局"),
    "supporting": (),
    "time_limit": "年底前",
    "deadline": {"kind": "fixed", "due": "2022-12-31"},
    "measures": ("每季度，核对一次",),
}
UNIT: Mapping[str, Content] = {
    "name": "区财政局",
    "kind": "部门",
    "aliases": ("财政局",),
    "former_names": (),
    "mail": (),
}


def made(tasks: int = 3) -> bytes:
    pages = {
        "tasks": [BookRow(str(each), {**TASK, "id": str(each)}, {"doubt": "拿不准"}) for each in range(1, tasks + 1)],
        "units": [BookRow("区财政局", UNIT, {"tally": "3"})],
        "plan": [BookRow("", {"title": "方案", "year": "2022"}, {})],
    }
    return write_plan_book("方案", NUMBER, pages, date(2022, 6, 8), ["部门", "镇"])


def grids(data: bytes) -> Workbook:
    book = load_workbook(io.BytesIO(data))
    found = []
    for name in book.sheetnames:
        rows = [["" if cell is None else str(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
        found.append(Grid(name, hidden=False, rows=tuple(map(tuple, rows))))
    return Workbook("xlsx", tuple(found))


def test_every_key_of_the_schema_has_a_column() -> None:
    for table in TABLES:
        schema = schemas()[table.file]
        shape = schema["properties"][table.key]  # type: ignore[index] # a JSON Schema
        text = str(shape)
        name = text[text.index("#/$defs/") + 8 :].split("'", maxsplit=1)[0]
        keys = list(schema["$defs"][name]["properties"])  # type: ignore[index] # as above
        assert sorted(table.order) == sorted(keys)


def test_what_is_written_is_read_back() -> None:
    book, findings = read_plan_book(grids(made()), "plan.xlsx")
    assert book is not None
    assert findings == []
    assert book.number == ("7K2F9Q", "4TXA")
    rows = book.sheets["tasks"].rows
    assert [row.key for row in rows] == ["1", "2", "3"]
    fields = {field.key: field for field in TABLES[0].fields}
    for key, content in TASK.items():
        if key != "id":
            assert as_read(rows[0].text(key), fields[key]) == content
    assert book.sheets["plan"].rows[0].text("year") == "2022"
    assert [row.key for row in book.sheets["units"].rows] == ["区财政局"]


def test_a_sheet_that_was_copied_is_not_taken_for_the_other() -> None:
    book = grids(made())
    first, *others = book.grids
    both = Workbook(
        "xlsx", (Grid("甲", hidden=False, rows=first.rows), Grid("乙", hidden=False, rows=first.rows), *others)
    )
    found, findings = read_plan_book(both, "x.xlsx")
    assert found is not None
    assert "tasks" not in found.sheets
    assert "plan-sheet-twice" in [each.code for each in findings]


def test_the_same_input_gives_the_same_bytes_and_no_cell_is_a_formula() -> None:
    assert made() == made()
    for sheet in load_workbook(io.BytesIO(made())):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    assert load_workbook(io.BytesIO(made()))["任务"]["C5"].value == "=1+1"


def test_it_is_a_clean_file(tmp_path: Path) -> None:
    assert schema_faults(made(), tmp_path) == []
    assert schema_faults(made(0), tmp_path) == []


def test_numbers_sort_as_numbers_and_the_rest_as_texts() -> None:
    sheet = load_workbook(io.BytesIO(made(12)))["任务"]
    assert [sheet.cell(row, 1).value for row in range(5, 17)] == list(range(1, 13))


def test_the_help_says_how_in_six_lines_and_names_only_what_there_is() -> None:
    assert len(HELP) == 6
    titles = {column.title for sheet in SHEETS for column in sheet.columns} | {sheet.name for sheet in SHEETS}
    for word in ("待核", "核定", "时限核定", "单位名称", "原编号", "原名称", "任务", "单位类别", "计划"):
        assert word in titles
        assert any(word in line for line in HELP)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("区发改局、区财政局", ("区发改局", "区财政局")),
        ("区发改局，区财政局; 区教体局\n区审计局", ("区发改局", "区财政局", "区教体局", "区审计局")),
        ("各镇（街道、开发区）、区财政局", ("各镇（街道、开发区）", "区财政局")),
        ("各镇〈街道、开发区〉", ("各镇〈街道、开发区〉",)),
        ("各镇（街道、区财政局", ("各镇（街道", "区财政局")),
        ("、 、", ()),
        ("", ()),
    ],
)
def test_names_are_told_apart(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


def test_a_known_name_with_a_mark_in_it_stays_whole() -> None:
    known = ["区委、区政府督查室", "区委"]
    assert split_names("区财政局、区委、区政府督查室、区委", known) == ("区财政局", "区委、区政府督查室", "区委")


@pytest.mark.parametrize(
    ("text", "meant"), [("确认", True), ("√", True), ("已确认。", False), ("是", True), ("否", False), ("", False)]
)
def test_only_a_yes_is_a_yes(text: str, meant: bool) -> None:  # noqa: FBT001
    assert is_confirmed(text) is meant


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=10,
)
NAMES = st.lists(
    WORDS.filter(lambda word: split_names(word) == (word,) and not set(word) & set("（(〈〔【[《<“）)〉〕】]》>”")),
    max_size=5,
)


@given(WORDS, NAMES, st.lists(WORDS, max_size=5))
def test_a_cell_is_read_back_as_it_was_shown(word: str, names: list[str], lines: list[str]) -> None:
    for sort, content in ((Sort.TEXT, word), (Sort.NAMES, tuple(names)), (Sort.LINES, tuple(lines))):
        each = Field("x", sort)
        assert as_read(shown(content, each), each) == content


# --- The readings of time limits in words.


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ({"kind": "fixed", "due": "2022-12-31"}, "2022-12-31"),
        ({"kind": "continuous"}, "长期"),
        ({"kind": "none"}, "无时限"),
        ({"kind": "recurring", "every": "quarter"}, "每季度"),
        ({"kind": "recurring", "every": "month", "by": "26"}, "每月26日前"),
        ({"kind": "recurring", "every": "month", "by": "末"}, "每月底前"),
        ({"kind": "recurring", "every": "year", "by": "02-末"}, "每年2月底前"),
        ({"kind": "recurring", "every": "year", "by": "12-31"}, "每年12月31日前"),
        ({"kind": "recurring", "every": "quarter", "by": "3-20"}, "每季度第3个月20日前"),
        ({"kind": "recurring", "every": "month", "within": 10, "unit": "working_days"}, "每月后10个工作日"),
        ({"kind": "on_event", "event": "信息形成", "within": 20, "unit": "working_days"}, "信息形成后20个工作日"),
        (
            {"kind": "on_event", "event": "本方案印发", "within": 30, "unit": "calendar_days", "due": "2022-07-08"},
            "本方案印发后30日（2022-07-08）",
        ),
        (
            {"kind": "period", "event": "9月份", "start": "2022-09-01", "due": "2022-09-30"},
            "9月份（2022-09-01至2022-09-30）",
        ),
        ({"kind": "continuous", "also": [{"kind": "recurring", "every": "year"}]}, "长期；每年"),
        ({"kind": "recurring", "every": "year", "times": 2}, "{kind: recurring, every: year, times: 2}"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_reading_has_words_and_comes_back_from_them(reading: dict[str, object], words: str) -> None:
    assert words_of(reading) == words
    assert reading_of(words) == (reading or None)


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
PARTS = st.builds(
    Deadline,
    kind=st.sampled_from(["fixed", "recurring", "on_event", "continuous", "period", "unclear", "none"]),
    due=st.none() | DAYS,
    every=st.sampled_from([None, "month", "quarter", "half_year", "year"]),
    event=st.none() | st.sampled_from(["信息形成", "后3日", "；", "每月", "2022-01-01"]),
    within=st.none() | st.integers(0, 99),
    unit=st.sampled_from([None, "working_days", "calendar_days", "months"]),
    by=st.sampled_from([None, "26", "末", "12-31", "02-末", "3-20"]),
    times=st.none() | st.integers(1, 9),
)


@given(PARTS, st.lists(PARTS, max_size=2))
def test_every_reading_comes_back_from_its_words(part: Deadline, also: list[Deadline]) -> None:
    reading = {key: value for key, value in part.to_json().items() if value is not None and value != []}
    further = [
        {key: value for key, value in each.to_json().items() if value is not None and value != []} for each in also
    ]
    whole = {**reading, "also": further} if further else reading
    assert reading_of(words_of(whole)) == whole


@pytest.mark.parametrize("words", ["", "看情况", "2022-02-30", "{kind: 5", "{a: b}", "长期；看情况", "每天"])
def test_other_words_are_not_guessed_at(words: str) -> None:
    assert reading_of(words) is None
