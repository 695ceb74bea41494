"""A ledger is a copy of the office's own form: the table filled and coded, everything else as it was."""

import os
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter

from ledgergen.records import Book
from ledgergen.workbook.book import make_book
from ledgergen.workbook.codes import book_token, parse_row_code
from ledgergen.workbook.grid import Grid
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE
from ledgergen.workbook.own_form import OwnForm
from ledgergen.workbook.own_form_body import Body
from ledgergen.workbook.own_form_stretch import Stretch, stretched_formula
from ledgergen.workbook.own_form_write import write_own_form
from ledgergen.workbook.pool import BoundedReader
from own_forms import FORMS, png, saved, table
from test_own_form import form, read
from write_cases import DATED, MAIN, assigned, part, schema_faults, setting, tasks

UNIT = "区住房城乡建设局"
DRAWN = sorted(FORMS)


def filled(found: OwnForm, count: int = 6, unit: str = UNIT) -> Book:
    token = book_token("c", "2022Q2", unit)
    return make_book(setting(found.layout), token, assigned(unit, tasks(count)))


def copy(name: str, count: int = 6) -> tuple[OwnForm, Book, bytes]:
    found = form(name)
    made = filled(found, count)
    return found, made, write_own_form(found, made, DATED)


def read_back(data: bytes) -> Grid:
    with BoundedReader() as reader:
        workbook, findings = reader.read("ledger.xlsx", data)
    assert workbook is not None, findings
    return workbook.grids[0]


def look(cell: Any) -> tuple[object, ...]:  # noqa: ANN401 - openpyxl's
    """Give everything that a cell shows."""
    return tuple(map(repr, (cell.font, cell.fill, cell.border, cell.alignment, cell.number_format)))


def outside(found: OwnForm, count: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Give every place of the form outside the table's rows, and where it stands in a ledger of so many rows."""
    body = found.places.body
    shift = count - (body.foot - body.first)
    for row in [*range(body.first), *range(body.foot, body.foot + 8)]:
        for column in range(found.places.right + 1):
            yield (row + 1, column + 1), (row + 1 + (shift if row >= body.foot else 0), column + 1)


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_outside_the_table_has_moved_or_changed(name: str) -> None:
    found, made, data = copy(name)
    before = load_workbook(BytesIO(FORMS[name]()), rich_text=True)[found.sheet.name]
    after = load_workbook(BytesIO(data), rich_text=True)[found.sheet.name]
    filled_in = {fill.place for fill in (*found.places.head, *found.places.foot)}
    for old, new in outside(found, len(made.rows)):
        one, two = before.cell(*old), after.cell(*new)
        if (old[0] - 1, old[1] - 1) not in filled_in:
            assert (one.value, look(one)) == (two.value, look(two)), one.coordinate
        assert before.row_dimensions[old[0]].height == after.row_dimensions[new[0]].height
    for letter in map(get_column_letter, range(1, found.places.right + 2)):
        assert before.column_dimensions[letter].width == after.column_dimensions[letter].width
    assert before.freeze_panes == after.freeze_panes
    assert dict(before.page_setup) == dict(after.page_setup)
    assert before.print_title_rows == after.print_title_rows


@pytest.mark.parametrize("name", DRAWN)
def test_merged_titles_stay_and_the_table_has_none(name: str) -> None:
    found, made, data = copy(name)
    sheet = load_workbook(BytesIO(data))[found.sheet.name]
    body, count = found.places.body, len(made.rows)
    moved = {
        (top + (count - body.foot + body.first if top >= body.foot else 0) + 1, left + 1, right + 1)
        for top, left, _, right in found.sheet.merged
    }
    codes = {(found.places.header_top + 1, index + 1, index + 1) for index in (found.places.code, found.places.second)}
    assert {(each.min_row, each.min_col, each.max_col) for each in sheet.merged_cells.ranges} - codes == moved
    table_rows = range(body.first + 1, body.first + count + 1)
    assert not [each for each in sheet.merged_cells.ranges if each.min_row in table_rows or each.max_row in table_rows]


@pytest.mark.parametrize("name", DRAWN)
def test_every_row_has_its_code_twice_and_what_the_plan_says(name: str) -> None:
    found, made, data = copy(name)
    grid, places = read_back(data), found.places
    assert grid.text(places.header_top, places.second) == HIDDEN_CODE_TITLE
    for index, row in enumerate(made.rows, start=places.body.first):
        assert grid.text(index, places.code) == grid.text(index, places.second) == row.code
        for column_id, column in places.columns:
            assert grid.text(index, column) == row.text(column_id)
    sheet = load_workbook(BytesIO(data))[found.sheet.name]
    letters = [get_column_letter(index + 1) for index in (places.code, places.second)]
    assert [sheet.column_dimensions[letter].hidden for letter in letters] == [False, True]
    right = sheet.cell(places.body.first + 1, places.code + 1)
    assert (right.font.sz, right.font.color.rgb) == (7, "00808080")
    assert look(right)[2] == look(sheet.cell(places.body.first + 1, places.right + 1))[2]
    assert sheet.auto_filter.ref.endswith(f"{letters[1]}{places.body.first + len(made.rows)}")


@pytest.mark.parametrize("name", DRAWN)
def test_each_copy_is_a_clean_file(name: str, tmp_path: Path) -> None:
    assert schema_faults(copy(name)[2], tmp_path) == []


@pytest.mark.parametrize("count", [1, 3, 45])
def test_what_stands_below_follows_the_tables_end(count: int) -> None:
    found, made, data = copy("two_rows", count)
    grid = read_back(data)
    end = found.places.body.first + len(made.rows)
    assert grid.text(end, 0) == "注：进展情况填写工作成效，不超过200字。"
    assert (grid.text(end + 2, 1), grid.text(end + 2, 7)) == ("单位负责人：", "填报人：")
    sheet = load_workbook(BytesIO(data))["台账"]
    assert sheet.row_dimensions[end + 3].height == 40
    assert str(sheet.print_area).endswith(f"$I${end + 3}")


@pytest.fixture(params=["UTC", "Asia/Shanghai"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system has no tzset")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield str(os.environ["TZ"])
    monkeypatch.undo()
    time.tzset()


WRITTEN: set[bytes] = set()


def test_the_same_input_is_the_same_bytes_in_any_zone(zone: str) -> None:
    WRITTEN.update(copy(name)[2] for name in DRAWN for _ in range(2))
    assert len(WRITTEN) == len(DRAWN), zone


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    found = form("two_rows")
    given = tuple(
        type(task)(task.id, f"{sign}{task.name}", f"{sign}1+1") for sign, task in zip("=+-@", tasks(4), strict=True)
    )
    made = make_book(setting(found.layout), book_token("c", "r", "u"), assigned("=HYPERLINK(1)", given))
    grid = read_back(write_own_form(found, made, DATED))
    kinds = {kind for (row, _), kind in grid.kinds.items() if row >= found.places.body.first}
    assert kinds == {"n"}  # the running numbers
    assert [grid.text(4 + index, 2) for index in range(4)] == ["=1+1", "+1+1", "-1+1", "@1+1"]


# --- What lies over the sheet.


def drawing(data: bytes) -> "etree._Element":
    return etree.fromstring(part(data, "xl/drawings/drawing1.xml"))


def rows_of(root: "etree._Element") -> list[int]:
    return [int(each.text or "") for each in root.iterfind("*/{*}from/{*}row")]


def test_pictures_and_shapes_go_round_openpyxl_and_the_seal_moves_down() -> None:
    found, made, data = copy("emblem")
    before, after = drawing(FORMS["emblem"]()), drawing(data)
    shift = len(made.rows) - 4
    assert rows_of(before) == [0, 10, 0]
    assert rows_of(after) == [0, 10 + shift, 0]
    for each in (before, after):
        for row in each.iter("{*}row"):
            row.text = ""
        for item in each.iter("{*}sp"):
            item.attrib.pop("macro", "")  # the one thing that is taken out of a shape
    assert etree.tostring(before, method="c14n") == etree.tostring(after, method="c14n")
    with zipfile.ZipFile(BytesIO(data)) as container:
        pictures = [container.read(name) for name in container.namelist() if name.startswith("xl/media/")]
    assert sorted(pictures) == sorted([png(), png(80, 80)])
    assert found.sheet.drawing is not None
    assert found.sheet.drawing.texts == ("text box: 内部资料",)


def test_headers_and_footers_are_word_for_word_the_forms() -> None:
    for name in ("emblem", "red_head"):
        texts = [
            etree.tostring(element, method="c14n")
            for data in (FORMS[name](), copy(name)[2])
            for element in etree.fromstring(part(data, "xl/worksheets/sheet1.xml")).iter(f"{MAIN}headerFooter")
        ]
        assert len(texts) == 2
        assert texts[0] == texts[1]


def test_texts_of_several_looks_keep_them_and_take_a_value() -> None:
    red = InlineFont(rFont="黑体", sz=18, color=Color("00FF0000"))
    workbook = load_workbook(BytesIO(table(("序号", "工作任务", "工作举措"), row=4)))
    sheet = workbook.worksheets[0]
    sheet["A1"] = CellRichText(TextBlock(red, "急"), "任务表")
    sheet["A2"] = CellRichText(TextBlock(red, "填报单位："), "      填报人：")
    sheet["B2"] = "（盖章）"
    found, findings = read(saved(workbook))
    assert found is not None, findings
    copied = load_workbook(BytesIO(write_own_form(found, filled(found), DATED)), rich_text=True).worksheets[0]
    assert repr(copied["A1"].value) == repr(sheet["A1"].value)
    assert [str(piece) for piece in copied["A2"].value] == [f"填报单位：{UNIT}", "      填报人："]
    assert copied["A2"].value[0].font.rFont == "黑体"


# --- Protection, lists, rows.


def test_a_protected_form_stays_protected_and_its_table_can_be_filled() -> None:
    found, made, data = copy("protected")
    before = load_workbook(BytesIO(FORMS["protected"]()))["表一"].protection
    sheet = load_workbook(BytesIO(data))["表一"]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, before.password)
    assert not any(getattr(sheet.protection, name) for name in ("sort", "autoFilter", "insertRows", "formatRows"))
    locked = {
        cell.protection.locked
        for row in sheet.iter_rows(min_row=4, max_row=3 + len(made.rows), max_col=found.places.second + 1)
        for cell in row
    }
    assert locked == {False}
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked  # 填报人 is typed there


def test_a_form_without_lists_gets_them_as_warnings_and_its_own_are_stretched() -> None:
    (rule,) = load_workbook(BytesIO(copy("protected")[2]))["表一"].data_validations.dataValidation
    assert (str(rule.sqref), rule.errorStyle, rule.formula1) == (
        "D4:D210",
        "warning",
        '"未启动,推进中,已完成,持续推进,不涉及"',
    )
    _, made, data = copy("furnished")
    sheet = load_workbook(BytesIO(data))["台账表"]
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == (f"F4:F{3 + len(made.rows)}", '"完成,在办,未启动,滞后"')
    assert [str(each.sqref) for each in sheet.conditional_formatting] == [f"F4:F{3 + len(made.rows)}"]


@pytest.mark.parametrize(
    ("formula", "stretched"),
    [
        ("=COUNTA(B5:B10)", "=COUNTA(B5:B7)"),
        ('=SUM(B$5:$C$10)+B12&"A12"', '=SUM(B$5:$C$7)+B9&"A12"'),
        ("='表 1'!B12+Sheet2!B12+LOG10(B3)", "='表 1'!B12+Sheet2!B12+LOG10(B3)"),
        ("=$B$7+A1:A20", "=$B$7+A1:A17"),
        ("=TODAY()", "=TODAY()"),
    ],
)
def test_a_formula_below_follows_what_it_speaks_of(formula: str, stretched: str) -> None:
    assert stretched_formula(formula, Stretch(Body(4, 10), 3)) == stretched


def test_rows_are_as_high_as_their_texts_and_grow() -> None:
    found, made, data = copy("red_head")
    root = etree.fromstring(part(data, "xl/worksheets/sheet1.xml"))
    rows = {int(row.get("r", "0")): row for row in root.iter(f"{MAIN}row")}
    for number, row in enumerate(made.rows, start=found.places.body.first + 1):
        assert "customHeight" not in rows[number].attrib
        assert float(rows[number].get("ht", "0")) > 24 * (1 + (len(row.text("task_full")) > 30))
    assert rows[1].get("customHeight") == "1"


def test_a_number_is_a_number_and_an_input_is_a_text() -> None:
    found, _, data = copy("red_head")
    sheet = load_workbook(BytesIO(data))["Sheet1"]
    first = found.places.body.first + 1
    assert (sheet.cell(first, 1).value, sheet.cell(first, 1).data_type) == (1, "n")
    assert [sheet.cell(first, index).number_format for index in (2, 3, 6)] == ["General", "@", "@"]


@pytest.mark.parametrize(("name", "column"), [("red_head", 0), ("codes", 2)])
def test_rows_that_are_not_due_are_hidden_by_the_filter(name: str, column: int, tmp_path: Path) -> None:
    found, findings = read(FORMS[name]() if name in FORMS else table(("工作任务", "工作举措")))
    assert found is not None, findings
    made = filled(found)
    made = replace(made, rows=tuple(row._replace(due=row.number != 2) for row in made.rows))
    data = write_own_form(found, made, DATED)
    sheet, first = load_workbook(BytesIO(data)).worksheets[0], found.places.body.first + 1
    assert [sheet.row_dimensions[first + index].hidden for index in range(3)] == [False, True, False]
    (chosen,) = sheet.auto_filter.filterColumn
    shown = [row.code if column else str(row.number) for row in made.rows if row.due]
    assert (chosen.colId, chosen.filters.filter, chosen.filters.blank) == (column, shown, True)
    assert schema_faults(data, tmp_path) == []


def test_only_the_forms_own_columns_are_printed() -> None:
    found, made, data = copy("red_head")
    sheet = load_workbook(BytesIO(data))["Sheet1"]
    assert str(sheet.print_area) == f"'Sheet1'!$A$1:$F${found.places.body.first + len(made.rows) + 2}"


def test_a_range_of_columns_that_the_codes_stand_in_is_parted() -> None:
    workbook = load_workbook(BytesIO(table(("序号", "工作任务", "工作举措"))))
    sheet = workbook.worksheets[0]
    sheet.column_dimensions["D"].width = 3
    sheet.column_dimensions.group("D", "Z", outline_level=0)
    found, findings = read(saved(workbook))
    assert found is not None, findings
    copied = load_workbook(BytesIO(write_own_form(found, filled(found), DATED))).worksheets[0]
    dimensions = copied.column_dimensions
    assert (dimensions["D"].width, dimensions["E"].hidden, dimensions["F"].width) == (11, True, 3)
    assert (dimensions["F"].min, dimensions["F"].max) == (6, 26)


def test_marks_are_those_of_every_ledger() -> None:
    _, made, data = copy("furnished")
    with BoundedReader() as reader:
        workbook, _ = reader.read("ledger.xlsx", data)
    assert workbook is not None
    line = workbook.properties["ledgergen"]
    assert line.split("|")[2:4] == [made.token, made.edition]
    assert workbook.names["_ledgergen"] == line
    assert [(grid.name, grid.hidden) for grid in workbook.grids][-1] == ("ledgergen", True)
    assert load_workbook(BytesIO(data))["ledgergen"].sheet_state == "veryHidden"


def test_nothing_of_another_unit_is_in_a_copy() -> None:
    found = form("emblem")
    write_own_form(found, filled(found, unit="甲局"), DATED)
    data = write_own_form(found, filled(found, unit="乙局"), DATED)
    with zipfile.ZipFile(BytesIO(data)) as container:
        assert not [name for name in container.namelist() if "甲局".encode() in container.read(name)]


CODES: Callable[[Grid], set[str]] = lambda grid: {text for line in grid.rows for text in line if parse_row_code(text)}  # noqa: E731


def test_a_form_with_a_column_for_codes_keeps_it_where_it_is() -> None:
    found, findings = read(table(("编码", "工作任务", "工作举措")))
    assert found is not None, findings
    made = filled(found)
    grid = read_back(write_own_form(found, made, DATED))
    assert [grid.text(1 + index, 0) for index in range(len(made.rows))] == [row.code for row in made.rows]
    assert grid.text(0, 3) == HIDDEN_CODE_TITLE
    assert CODES(grid) == {row.code for row in made.rows}
