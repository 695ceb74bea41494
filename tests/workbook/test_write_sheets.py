"""The one door to xlsxwriter: what it would only warn about is an exception, and a big sheet needs little memory."""

import math
import resource
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ledgergen.workbook import limits
from ledgergen.workbook.sheets import (
    Area,
    CellFormat,
    CheckedWorkbook,
    Page,
    Properties,
    Rule,
    SheetError,
    SheetWriter,
    literal,
)
from write_cases import ROOT, part, schema_faults

FORMATS = {
    "plain": CellFormat(),
    "bold": CellFormat(bold=True, sides=(), wrap=False),
    "day": CellFormat(number="yyyy-mm-dd"),
}


def new(*, constant_memory: bool = False, **properties: str) -> CheckedWorkbook:
    return CheckedWorkbook(
        Properties("台账", date(2022, 6, 15), **properties),  # type: ignore[arg-type]
        FORMATS,
        constant_memory=constant_memory,
    )


def status_workbook(*, constant_memory: bool = False, rows: int = 20) -> bytes:
    """Write a workbook with everything that a status workbook needs."""
    book = new(constant_memory=constant_memory)
    for name in ("汇总", limits.sheet_name("区发改局/[2022]年？*:" * 5)):
        sheet = book.sheet(name)
        sheet.columns(0, 1, 12, "plain")
        sheet.columns(2, 2, 20, hidden=True)
        sheet.merge(Area(0, 0, 0, 2), "总表", "bold")
        sheet.row(0, 42)
        for row in range(1, rows):
            sheet.row(row, 20, level=1 if row % 3 else 0, hidden=row == 7)
            sheet.write_string(row, 0, f"=单位{row % 5}", "plain")
            sheet.write_number(row, 1, row / 3, "bold")
            sheet.write_date(row, 2, date(2022, 6, row % 28 + 1), "day")
        sheet.autofilter(Area(1, 0, rows, 2))
        sheet.freeze(2, 1)
        sheet.when([Area(1, 0, rows, 0), Area(1, 2, rows, 2)], '=$B2=""', Rule(fill="#FFC7CE", bold=True))
        sheet.choices(Area(1, 0, rows, 0), ["销号", "继续整改", "待核实"], "核查意见", "选一项")
        sheet.page(
            Page(header=f"&C{literal('A&B')}", footer="&C第 &P 页", repeated=(0, 1), landscape=False, paper="A3")
        )
    return book.to_bytes()


@pytest.mark.parametrize("constant_memory", [False, True])
def test_a_status_workbook_is_a_clean_file_and_repeats(constant_memory: bool, tmp_path: Path) -> None:  # noqa: FBT001
    data = status_workbook(constant_memory=constant_memory)
    assert data == status_workbook(constant_memory=constant_memory)
    assert schema_faults(data, tmp_path) == []
    opened = openpyxl.load_workbook(BytesIO(data))
    assert opened.sheetnames == ["汇总", limits.sheet_name("区发改局 2022 年？ " * 5)]
    sheet = opened["汇总"]
    assert [sheet.cell(3, column).value for column in (1, 2)] == ["=单位2", 2 / 3]
    assert sheet.cell(3, 1).data_type == "s"
    assert sheet.cell(3, 3).value == datetime(2022, 6, 3)  # noqa: DTZ001 - cells know no time zone
    assert "A&&B" in part(data, "xl/worksheets/sheet1.xml").decode().replace("&amp;", "&")


def test_both_ways_say_the_same() -> None:
    def texts(data: bytes) -> list[list[object]]:
        sheet = openpyxl.load_workbook(BytesIO(data))["汇总"]
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert texts(status_workbook()) == texts(status_workbook(constant_memory=True))


@pytest.mark.parametrize("text", ["<r>&x;</r>", "_x000D_", "=1+1", "a\x00b", "字" * 40_000, "  x "])
def test_hostile_texts_in_constant_memory(text: str) -> None:
    book = new(constant_memory=True)
    book.sheet("a").write_string(0, 0, text, "plain")
    # Not through openpyxl, which leaves _x005F_ in texts that are not shared.
    read = CalamineWorkbook.from_filelike(BytesIO(book.to_bytes())).get_sheet_by_index(0)
    assert read.to_python() == [[limits.writable(text)]]


def merge_over(sheet: SheetWriter) -> None:
    sheet.merge(Area(0, 0, 0, 3), "x", "plain")


WRONG: list[tuple[str, Callable[[SheetWriter], object]]] = [
    ("beyond the last row", lambda sheet: sheet.write_string(limits.ROWS, 0, "x", "plain")),
    ("beyond the last column", lambda sheet: sheet.write_blank(0, limits.COLUMNS, "plain")),
    ("no number", lambda sheet: sheet.write_number(0, 0, math.nan, "plain")),
    ("infinite", lambda sheet: sheet.write_number(0, 0, math.inf, "plain")),
    ("overlapping merges", lambda sheet: list(map(merge_over, [sheet, sheet]))),
    ("a long list", lambda sheet: sheet.choices(Area(0, 0, 1, 0), ["选" * 100] * 3)),
    ("a comma in a choice", lambda sheet: sheet.choices(Area(0, 0, 1, 0), ["a,b"])),
    ("a long prompt", lambda sheet: sheet.prompt(Area(0, 0, 1, 0), "提" * 256, "t")),
    ("a long title of a prompt", lambda sheet: sheet.prompt(Area(0, 0, 1, 0), "p", "题" * 33)),
    ("a long footer", lambda sheet: sheet.page(Page(footer="页" * 256))),
    ("a long header", lambda sheet: sheet.page(Page(header="😀" * 128))),
    ("a row too far", lambda sheet: sheet.row(limits.ROWS, 20)),
    ("a column too far", lambda sheet: sheet.columns(limits.COLUMNS, limits.COLUMNS, 20)),
    ("a filter too far", lambda sheet: sheet.autofilter(Area(0, 0, limits.ROWS, 0))),
    ("a rule too far", lambda sheet: sheet.when([Area(0, 0, limits.ROWS, 0)], "=TRUE", Rule())),
]


@pytest.mark.parametrize(("what", "wrong"), WRONG, ids=[what for what, _ in WRONG])
def test_what_xlsxwriter_would_leave_out_is_an_exception(what: str, wrong: Callable[[SheetWriter], object]) -> None:
    with pytest.raises(SheetError):
        wrong(new().sheet(what[:31]))


def test_an_unknown_format_is_an_exception() -> None:
    with pytest.raises(KeyError):
        new().sheet("a").write_blank(0, 0, "none")


@pytest.mark.parametrize("name", ["", "a" * 32, "😀" * 16, "a/b", "[a]", "'a'", "History", "a\x00"])
def test_a_bad_name_of_a_sheet_is_an_exception_and_can_be_made_good(name: str) -> None:
    assert limits.bad_sheet_name(name)
    with pytest.raises(SheetError):
        new().sheet(name)
    assert not limits.bad_sheet_name(limits.sheet_name(name))


def test_two_sheets_have_two_names() -> None:
    book = new()
    book.sheet("Ab")
    with pytest.raises(SheetError):
        book.sheet("aB")
    assert limits.sheet_name("aB", ["Ab"]) == "aB（2）"
    assert limits.sheet_name("区" * 60, ["区" * 30 + "…"]) == "区" * 28 + "（2）"


@given(st.text(max_size=70), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_makes_the_name_of_a_sheet(text: str, others: list[str]) -> None:
    taken: list[str] = []
    for each in (*others, text, text):
        name = limits.sheet_name(each, taken)
        assert not limits.bad_sheet_name(name)
        assert name.lower() not in [other.lower() for other in taken]
        taken.append(name)


def test_long_properties_are_an_exception_but_a_title_is_cut() -> None:
    with pytest.raises(SheetError):
        new(keywords="k" * 256)
    with pytest.raises(SheetError):
        new(custom={"ledgergen": "v" * 256})  # type: ignore[arg-type]
    with pytest.raises(SheetError):
        new().constant_name("a name with blanks", "x")
    book = CheckedWorkbook(Properties("题" * 300, date(2022, 6, 15)), FORMATS)
    book.sheet("a")
    assert openpyxl.load_workbook(BytesIO(book.to_bytes())).properties.title == "题" * 254 + "…"


def test_in_constant_memory_a_row_that_comes_late_is_an_exception() -> None:
    book = new(constant_memory=True)
    sheet = book.sheet("a")
    sheet.write_string(5, 0, "x", "plain")
    with pytest.raises(SheetError):
        sheet.write_string(4, 0, "y", "plain")
    with pytest.raises(SheetError):
        sheet.merge(Area(6, 0, 7, 1), "y", "plain")
    assert book.to_bytes()


def test_a_merge_of_one_cell_is_no_merge() -> None:
    book = new()
    book.sheet("a").merge(Area(0, 0, 0, 0), "x", "plain")
    data = book.to_bytes()
    assert b"mergeCell" not in part(data, "xl/worksheets/sheet1.xml")
    assert openpyxl.load_workbook(BytesIO(data))["a"]["A1"].value == "x"


def test_a_day_that_excel_cannot_count_is_a_text() -> None:
    book = new()
    sheet = book.sheet("a")
    for row, day in enumerate((date(226, 3, 31), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31))):
        sheet.write_date(row, 0, day, "day")
    opened = openpyxl.load_workbook(BytesIO(book.to_bytes()))["a"]
    shown = [str(opened.cell(row, 1).value) for row in (1, 2, 3, 4)]
    assert shown == ["0226-03-31", "1900-02-28", "1900-03-01 00:00:00", "9999-12-31 00:00:00"]


def test_nothing_else_of_the_product_imports_xlsxwriter() -> None:
    found = [path.name for path in (ROOT / "ledgergen").rglob("*.py") if "xlsxwriter import" in path.read_text("utf-8")]
    found += [
        path.name for path in (ROOT / "ledgergen").rglob("*.py") if "import xlsxwriter" in path.read_text("utf-8")
    ]
    assert found == ["sheets.py"]


@pytest.mark.soak
def test_a_big_sheet_takes_little_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = status_workbook(constant_memory=True, rows=200_000)
    assert zipfile.ZipFile(BytesIO(data)).testzip() is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", " ", "<r>粗</r>", "=1+1", "_x0041_", "a\r\nb", "\x07", "\ud800", " 前后 ", '&<>"', "长" * 32_800]
    ),
)
CELLS = st.tuples(
    st.one_of(TEXTS, st.integers(-9, 10**9), st.floats(allow_nan=False, allow_infinity=False)),
    st.sampled_from(["plain", "bold"]),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5)


@pytest.mark.parametrize("constant_memory", [False, True])
@given(rows=ROWS)
def test_a_row_written_at_once_is_the_same_file(
    *, rows: list[list[tuple[str | float, str]]], constant_memory: bool
) -> None:
    def written(at_once: Callable[[int], bool]) -> bytes:
        book = new(constant_memory=constant_memory)
        sheet = book.sheet("汇总")
        sheet.write_string(0, 1, "表头", "bold")
        for row, cells in enumerate(rows, start=2):
            sheet.row(row, 15 + row, level=row % 2)
            if at_once(row):
                values, names = zip(*cells, strict=True)
                sheet.write_row(row, values, names)
                continue
            for column, (value, name) in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(row, column, value, name)
                else:
                    sheet.write_number(row, column, value, name)
        return book.to_bytes()

    def read(data: bytes) -> list[list[object]]:
        sheet = openpyxl.load_workbook(BytesIO(data))["汇总"]
        heights = [[sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)]]
        return heights + [[(cell.value, cell.font.b, cell.coordinate) for cell in row] for row in sheet.iter_rows()]

    one_by_one = read(written(lambda _: False))
    assert read(written(lambda _: True)) == one_by_one
    assert read(written(lambda row: row % 2 == 0)) == one_by_one


def test_nothing_more_goes_into_a_row_that_was_written_at_once() -> None:
    book = new(constant_memory=True)
    sheet = book.sheet("汇总")
    sheet.write_row(3, ["一", 2], ["plain", "bold"])
    late: list[Callable[[], None]] = [
        lambda: sheet.write_string(3, 2, "三", "plain"),
        lambda: sheet.write_row(3, ["一"], ["plain"]),
        lambda: sheet.row(3, 20),
        lambda: sheet.write_blank(2, 0, "plain"),
    ]
    for write in late:
        with pytest.raises(SheetError):
            write()
    sheet.write_string(4, 0, "四", "plain")
    with pytest.raises(SheetError):
        sheet.write_row(4, ["四"], ["plain"])
    book.discard()


def test_what_stands_in_the_first_row_already_is_not_lost() -> None:
    book = new(constant_memory=True)
    sheet = book.sheet("汇总")
    sheet.write_string(0, 2, "零", "plain")
    with pytest.raises(SheetError):
        sheet.write_row(0, ["一"], ["plain"])
    book.discard()


@pytest.mark.parametrize("constant_memory", [False, True])
@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_is_no_number_is_no_cell_of_a_row_either(number: float, constant_memory: bool) -> None:  # noqa: FBT001
    book = new(constant_memory=constant_memory)
    with pytest.raises(SheetError):
        book.sheet("汇总").write_row(0, ["一", number], ["plain", "plain"])
    book.discard()
