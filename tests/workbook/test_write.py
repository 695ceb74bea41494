"""A ledger as the unit gets it: its shape, what may be done with it, what it says of itself."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.cell_range import CellRange

from ledgergen.records import Book, Task
from ledgergen.workbook.book import Carried, make_book
from ledgergen.workbook.codes import book_token, normalised, parse_book_number, parse_row_code
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Face, Layout
from ledgergen.workbook.marks import NAME, PROPERTY, SHEET, Marks, marks_from_line, marks_from_table
from ledgergen.workbook.write import ledger_cells, write_ledger
from write_cases import (
    DATED,
    MAIN,
    SHIPPED,
    assigned,
    book,
    cells,
    header_row,
    ledger,
    missing,
    not_all_due,
    part,
    schema_faults,
    setting,
    sheet_xml,
    shipped,
    strings_of,
    zichuan,
)

LONG_UNIT = "区" + "住房和城乡建设" * 8 + "局" * 3  # 60 characters


def column_letter(column_id: str) -> str:
    return str(get_column_letter([column.id for column in zichuan().columns].index(column_id) + 1))


def formats_of_cells(data: bytes) -> dict[str, "etree._Element"]:
    """Give the format (xf) of every cell of the sheet by the cell's name."""
    formats = etree.fromstring(part(data, "xl/styles.xml")).findall(f"{MAIN}cellXfs/{MAIN}xf")
    return {str(cell.get("r")): formats[int(cell.get("s", 0))] for cell in sheet_xml(data).iter(f"{MAIN}c")}


def is_locked(xf: "etree._Element") -> bool:
    protection = xf.find(f"{MAIN}protection")
    return protection is None or protection.get("locked") != "0"


def rows_and_columns(reference: str) -> tuple[range, range]:
    left, top, right, bottom = range_boundaries(reference)
    assert None not in {left, top, right, bottom}
    return range(int(top or 0), int(bottom or 0) + 1), range(int(left or 0), int(right or 0) + 1)


def test_the_same_input_is_the_same_bytes_and_another_day_is_not() -> None:
    assert ledger(book()) == ledger(book())
    assert write_ledger(book(), zichuan(), date(2022, 6, 16)) != ledger(book())
    for name, face in product(SHIPPED, Face):
        layout = shipped(name, face)
        assert ledger(book(5, layout=layout), layout) == ledger(book(5, layout=layout), layout)


def test_every_text_of_the_book_stands_where_the_layout_says() -> None:
    made = book(later=True)
    shown = cells(ledger(made))
    first = header_row(ledger(made)) + 1
    for number, row in enumerate(made.rows, start=first):
        for column in zichuan().columns:
            assert shown.get(f"{column_letter(column.id)}{number}", "") == row.text(column.id)
        assert shown[f"R{number}"] == row.code
        assert parse_row_code(shown[f"R{number}"])
    assert f"A{first + len(made.rows)}" not in shown
    assert shown["A1"] == made.title == "淄川区住房城乡建设局政务公开工作任务台账"
    assert parse_book_number(shown["A2"]) == (made.token, made.edition)
    assert shown[f"R{first - 1}"] == HIDDEN_CODE_TITLE


def test_each_head_value_is_the_first_cell_right_of_its_label() -> None:
    made = book()
    sheet = openpyxl.load_workbook(BytesIO(ledger(made)))[zichuan().sheet]
    merged = {area.min_row * 100 + area.min_col: area for area in sheet.merged_cells.ranges}
    labels = {normalised(str(cell.value)): cell for row in sheet.iter_rows(max_row=5) for cell in row if cell.value}
    for item in zichuan().head_items:
        label = labels[normalised(item.label)]
        area = merged.get(label.row * 100 + label.column)
        value = sheet.cell(label.row, (area.max_col if area else label.column) + 1)
        assert (value.value or "") == made.head.get(item.id, "")
        assert value.protection.locked is not item.is_input


def test_the_range_that_is_sorted_holds_no_locked_and_no_merged_cell() -> None:
    data = ledger(book())
    sheet = sheet_xml(data)
    found = sheet.find(f"{MAIN}autoFilter")
    assert found is not None
    rows, columns = rows_and_columns(str(found.get("ref")))
    assert (rows[0], len(rows), len(columns)) == (header_row(data), 1 + len(book().rows), 18)
    formats = formats_of_cells(data)
    inside = [f"{get_column_letter(column)}{row}" for row in rows[1:] for column in columns]
    assert not any(is_locked(formats[name]) for name in inside)
    for area in sheet.iter(f"{MAIN}mergeCell"):
        merged_rows, _ = rows_and_columns(str(area.get("ref")))
        assert merged_rows[-1] < rows[0]


def test_whatever_is_above_the_body_is_locked_but_for_its_inputs() -> None:
    data = ledger(book())
    formats, shown = formats_of_cells(data), cells(data)
    above = [name for name in formats if int(re.sub("[A-Z]", "", name)) <= header_row(data)]
    assert all(is_locked(formats[name]) for name in above if name in shown)
    assert {shown[re.sub(r"[A-Z]+", "A", name)] for name in above if not is_locked(formats[name])} == {"填报人"}


def test_the_protection_has_no_password_and_leaves_sorting_filtering_and_rows_free() -> None:
    protection = sheet_xml(ledger(book())).find(f"{MAIN}sheetProtection")
    assert protection is not None
    free = {"formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"}
    assert {str(name): str(value) for name, value in protection.attrib.items()} == {
        "sheet": "1",
        **dict.fromkeys(free, "0"),
    }


def test_rows_grow_when_somebody_types_and_whole_rows_can_be_deleted() -> None:
    data = ledger(book())
    body = [row for row in sheet_xml(data).iter(f"{MAIN}row") if int(str(row.get("r"))) > header_row(data)]
    formats = etree.fromstring(part(data, "xl/styles.xml")).findall(f"{MAIN}cellXfs/{MAIN}xf")
    assert len(body) == len(book().rows)
    for row in body:
        assert float(str(row.get("ht"))) > 0
        assert row.get("customHeight") is None
        assert not is_locked(formats[int(str(row.get("s")))])  # Excel deletes no row that has a locked cell anywhere
    title = next(sheet_xml(data).iter(f"{MAIN}row"))
    assert (title.get("ht"), title.get("customHeight")) == ("42", "1")


def test_what_is_typed_stays_as_typed() -> None:
    data = ledger(book())
    formats, first = formats_of_cells(data), header_row(data) + 1
    for column in (*zichuan().inputs, zichuan().column("code")):
        assert formats[f"{column_letter(column.id)}{first}"].get("numFmtId") == "49"  # 49 is @, ECMA-376 18.8.30


def fills(data: bytes) -> dict[str, str]:
    """Give the fill colour of every cell."""
    book_ = openpyxl.load_workbook(BytesIO(data))
    return {cell.coordinate: str(cell.fill.fgColor.rgb) for row in book_[zichuan().sheet].iter_rows() for cell in row}


YELLOW, CREAM, WHITE = "FFFFF8D6", "FFFFFEF5", "00000000"


def colours_of_row(data: bytes, row: int) -> dict[str, str]:
    """Give the fill of each column's cell in a row, by column id."""
    found = fills(data)
    return {column.id: found[f"{column_letter(column.id)}{row}"] for column in zichuan().columns}


def test_yellow_asks_and_cream_offers() -> None:
    first_round, later = ledger(book()), ledger(book(later=True))
    now = colours_of_row(first_round, header_row(first_round) + 1)
    then = colours_of_row(later, header_row(later) + 1)
    office = {column.id for column in zichuan().columns if not column.is_input}
    assert {name for name, colour in now.items() if colour == WHITE} == office
    assert {name for name, colour in then.items() if colour == WHITE} == office
    # The leader is asked for once, in the head block; a day and an address only of what is finished.
    assert {name for name, colour in now.items() if colour == YELLOW} == {
        *("measure", "unit_limit", "office", "status", "progress")
    }
    assert {name for name, colour in then.items() if colour == YELLOW} == {"status", "progress"}
    assert {*now.values(), *then.values()} == {YELLOW, CREAM, WHITE}


def test_a_row_that_is_not_due_asks_nothing_and_is_grey() -> None:
    made = not_all_due(book(later=True), 5)
    data = ledger(made)
    row = header_row(data) + 6
    assert YELLOW not in colours_of_row(data, row).values()
    sheet = openpyxl.load_workbook(BytesIO(data))[zichuan().sheet]
    grey = [str(sheet.cell(row, column).font.color.rgb) for column in range(1, 7)]
    assert grey == ["FF808080"] * 6
    assert str(sheet.cell(row - 1, 4).font.color.rgb if sheet.cell(row - 1, 4).font.color else "") != "FF808080"


def hidden_rows(data: bytes) -> list[int]:
    return [int(str(row.get("r"))) for row in sheet_xml(data).iter(f"{MAIN}row") if row.get("hidden")]


def test_rows_that_are_not_due_are_hidden_by_a_filter_that_anybody_may_change() -> None:
    made = not_all_due(book(later=True), 5)
    data = ledger(made)
    header, count = header_row(data), len(made.rows)
    assert hidden_rows(data) == list(range(header + 6, header + count + 1))
    found = sheet_xml(data).find(f"{MAIN}autoFilter/{MAIN}filterColumn")
    assert found is not None
    assert found.get("colId") == "0"
    assert [each.get("val") for each in found.iter(f"{MAIN}filter")] == ["1", "2", "3", "4", "5"]
    filters = found.find(f"{MAIN}filters")
    assert filters is not None
    assert filters.get("blank") == "1"  # a row that a unit inserts stays in view
    note = cells(data)["A2"]
    assert f"另有{count - 5}行" in note
    assert "“序号”栏" in note
    assert made.number in "".join(text for name, text in cells(data).items() if re.fullmatch("[A-Z]+2", name))


def test_where_all_or_nothing_is_due_no_row_is_hidden() -> None:
    for made in (book(later=True), not_all_due(book(later=True), 0)):
        data = ledger(made)
        assert hidden_rows(data) == []
        assert sheet_xml(data).find(f"{MAIN}autoFilter/{MAIN}filterColumn") is None
        assert made.number in cells(data)["A2"]


def test_what_another_answer_makes_necessary_turns_yellow_then() -> None:
    data = ledger(book())
    first = header_row(data) + 1
    rules = {}
    for area in sheet_xml(data).iter(f"{MAIN}conditionalFormatting"):
        for rule in area.iter(f"{MAIN}cfRule"):
            rules[str(rule.findtext(f"{MAIN}formula"))] = str(area.get("sqref"))
    status, day, proof, note = (column_letter(name) for name in ("status", "published_on", "evidence", "note"))
    (finished,) = (text for text in rules if f'${status}{first}="已完成"' in text)
    (without,) = (text for text in rules if f'${status}{first}="不涉及"' in text)
    assert finished.startswith(f'AND({day}{first}="",OR(')
    assert '="办结"' in finished  # however the unit writes it
    assert [area.split(":")[0] for area in rules[finished].split()] == [f"{day}{first}", f"{proof}{first}"]
    assert rules[without].startswith(f"{note}{first}:")


def test_the_cells_asked_for_are_counted() -> None:
    rows, head = len(book().rows), 4  # 填报人、电话、审核人、默认分管领导
    office = sum(bool(row.text("measure")) for row in book().rows)
    assert ledger_cells(book(), zichuan()) == rows * 5 - office + head
    progress = zichuan(Face.PROGRESS)
    later = book(later=True)
    assert ledger_cells(later, progress) == rows * 2 + head - 1  # the leaders are known; 本期无变化 is an offer
    assert ledger_cells(not_all_due(later, 5), progress) == 5 * 2 + head - 1
    known = replace(later, head={**later.head, "filled_by": "李某"})
    assert ledger_cells(known, progress) == ledger_cells(later, progress) - 1


@pytest.mark.parametrize("face", Face)
@pytest.mark.parametrize("name", SHIPPED)
def test_the_cells_counted_are_the_yellow_ones(name: str, face: Face) -> None:
    layout = shipped(name, face)
    made = not_all_due(book(9, layout=layout), 6 if face is Face.PROGRESS else 99)
    yellow: list[str] = []
    merged = openpyxl.load_workbook(BytesIO(ledger(made, layout)))[layout.sheet]
    for row in merged.iter_rows():
        yellow += [cell.coordinate for cell in row if cell.fill.fgColor.rgb == YELLOW and not cell.value]
    inside = {
        name for area in merged.merged_cells.ranges for name in names_in(area) if name != area.coord.split(":")[0]
    }
    assert len([name for name in yellow if name not in inside]) == ledger_cells(made, layout)


def names_in(area: CellRange) -> Iterator[str]:
    return (f"{get_column_letter(column)}{row}" for row, column in area.cells)


def test_choices_and_hints_are_offered_and_only_warn() -> None:
    data = ledger(book(later=True))
    validations = {str(rule.get("sqref")): rule for rule in sheet_xml(data).iter(f"{MAIN}dataValidation")}
    first, last = header_row(data) + 1, header_row(data) + len(book().rows)
    column = column_letter("status")
    status = next(rule for area, rule in validations.items() if area.startswith(f"{column}{first}:"))
    assert status.get("errorStyle") == "warning"
    assert status.findtext(f"{MAIN}formula1") == '"未启动,推进中,已完成,持续推进,不涉及"'
    assert int(re.sub("[A-Z]", "", str(status.get("sqref")).split(":")[1])) > last
    note = next(rule for area, rule in validations.items() if area.startswith(f"{column_letter('note')}{first}:"))
    assert note.get("prompt") == zichuan().column("note").hint
    assert note.get("type") in {None, "none"}
    assert any(rule.findtext(f"{MAIN}formula1") == '"√"' for rule in validations.values())
    formed_on = column_letter("formed_on")
    assert any(area.startswith(f"{formed_on}{first}:") for area in validations)
    assert len(validations) == 4


def test_nothing_in_it_computes_links_or_runs() -> None:
    with zipfile.ZipFile(BytesIO(ledger(book(later=True)))) as container:
        names = container.namelist()
        xml = b"".join(map(container.read, names))
    assert not any(re.search("vba|comment|drawing|external|media|embed", name) for name in names)
    assert b"<f>" not in xml
    assert b"<hyperlink" not in xml
    assert b"macro" not in xml


def test_few_formats_and_rules() -> None:
    data = ledger(not_all_due(book(later=True), 20))
    styles = etree.fromstring(part(data, "xl/styles.xml"))
    assert len(styles.findall(f"{MAIN}cellXfs/{MAIN}xf")) <= 32
    assert len(styles.findall(f"{MAIN}dxfs/{MAIN}dxf")) == 5
    assert len(list(sheet_xml(data).iter(f"{MAIN}cfRule"))) == 10


def test_the_page_is_landscape_one_page_wide_with_the_number_in_the_footer() -> None:
    made = book()
    sheet = sheet_xml(ledger(made))
    page, footer = sheet.find(f"{MAIN}pageSetup"), sheet.findtext(f"{MAIN}headerFooter/{MAIN}oddFooter")
    assert page is not None
    assert [page.get(name) for name in ("paperSize", "orientation", "fitToHeight")] == ["9", "landscape", "0"]
    assert footer is not None
    assert made.number in footer
    assert "第 &P 页" in footer
    names = {name.get("name"): name.text for name in etree.fromstring(part(ledger(made), "xl/workbook.xml")).iter(
        f"{MAIN}definedName"
    )}  # fmt: skip
    header = header_row(ledger(made))
    assert names["_xlnm.Print_Titles"] == f"台账!${header}:${header}"
    pane = sheet.find(f"{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane")
    assert pane is not None
    assert (pane.get("topLeftCell"), pane.get("state")) == (f"E{header + 1}", "frozen")


def test_a_layout_too_wide_for_a_page_is_not_printed_smaller_than_can_be_read() -> None:
    layout = replace(zichuan(), columns=tuple(replace(column, width=20) for column in zichuan().columns))
    data = ledger(book(3), layout)
    page = sheet_xml(data).find(f"{MAIN}pageSetup")
    assert page is not None
    assert (page.get("scale"), page.get("fitToHeight")) == ("77", None)  # 10.5 points become 8
    names = [name.text for name in etree.fromstring(part(data, "xl/workbook.xml")).iter(f"{MAIN}definedName")]
    assert f"台账!$A:$D,台账!${header_row(data)}:${header_row(data)}" in names  # up to the task, on every page


def test_the_file_says_what_it_is_in_four_places_that_show_nowhere() -> None:
    made = book()
    opened = openpyxl.load_workbook(BytesIO(ledger(made)))
    line = opened.custom_doc_props[PROPERTY].value  # type: ignore[attr-defined] # younger than the stubs
    marks = marks_from_line(str(line))
    assert marks == Marks(made.campaign, made.round, made.token, made.edition, made.plan_version)
    assert opened.properties.keywords == line
    assert opened.defined_names[NAME].value == f'"{line}"'
    assert opened[SHEET].sheet_state == "veryHidden"
    table = {str(row[0].value): str(row[1].value) for row in opened[SHEET].iter_rows()}
    assert marks_from_table(table) == marks
    assert opened.properties.created is not None
    assert opened.properties.created.date() == DATED
    assert opened.sheetnames == [zichuan().sheet, SHEET]


def canary(unit: str) -> tuple[Book, set[str]]:
    """Make a book in which everything but the plan's and the layout's own words holds the unit's name."""
    given = tuple(
        Task(
            id=str(number),
            name=f"任务{number}",
            requirement=f"{unit}的要求{number}",
            time_limit=f"{unit}的时限{number}",
            measures=(f"{unit}的举措{number}",),
        )
        for number in range(3)
    )
    known = {column.id: f"{unit}的{column.id}" for column in zichuan().inputs}
    made = make_book(
        setting(), book_token("zichuan-2022", "2022Q2", unit), assigned(unit, given), Carried({"1": {"1": known}})
    )
    return made, {unit, made.token}


def test_no_string_of_any_part_is_another_units() -> None:
    for own, other in (("区甲局", "区乙局"), ("区乙局", "区甲局")):
        ledger(canary(other)[0])  # whatever the writer remembers
        (made, mine), (_, theirs) = canary(own), canary(other)
        strings = list(strings_of(ledger(made)))
        assert len(strings) > 500
        for canary_ in mine:
            assert any(canary_ in text for text in strings)
        for canary_ in theirs:
            assert not any(canary_ in text for text in strings)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(book(), id="first round"),
        pytest.param(book(later=True), id="later round"),
        pytest.param(book(1, LONG_UNIT), id="one task, a unit's name of 60 characters"),
        pytest.param(replace(book(), rows=()), id="no task"),
        pytest.param(replace(book(), instructions=()), id="no instructions"),
        pytest.param(
            book(given=(Task("1", "长" * 200, "要求" * 4000, time_limit="\n" * 60),)), id="texts beyond a page"
        ),
    ],
)
def test_the_validator_finds_nothing(made: Book, tmp_path: Path) -> None:
    assert schema_faults(ledger(made), tmp_path) == []


def test_the_validator_does_find_things(tmp_path: Path) -> None:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(ledger(book(1)))) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            made.writestr(name, source.read(name).replace(b"<sheetData>", b"<sheetDada/><sheetData>"))
    assert schema_faults(target.getvalue(), tmp_path)


def test_a_small_layout_works_too(tmp_path: Path) -> None:
    layout = replace(
        zichuan(),
        columns=tuple(zichuan().column(name) for name in ("seq", "code", "task", "measure")),
        head=(zichuan().head[0][:2], zichuan().head[1][:1]),
    )
    data = ledger(book(3), layout)
    shown = cells(data)
    header = header_row(data)
    assert [shown[f"{letter}{header}"] for letter in "ABCDE"] == [
        "序号",
        "编码",
        HIDDEN_CODE_TITLE,
        "工作任务",
        "工作举措",
    ]
    assert schema_faults(data, tmp_path) == []


def test_the_rules_go_by_the_plans_number_wherever_it_stands() -> None:
    names = ("plan_no", "task", "time_limit", "seq", "code")
    layout = replace(zichuan(), columns=tuple(zichuan().column(name) for name in names), head=())
    formulas = [
        rule.findtext(f"{MAIN}formula") or "" for rule in sheet_xml(ledger(book(3), layout)).iter(f"{MAIN}cfRule")
    ]
    assert len([text for text in formulas if re.search(r"\$A(\d+)=\$A\d+", text)]) == 3  # of the second group


def without_task(layout: Layout) -> Layout:
    return replace(layout, columns=tuple(column for column in layout.columns if column.id != "task"))


def test_without_a_task_column_nothing_is_hidden() -> None:
    rules = [rule.findtext(f"{MAIN}formula") for rule in sheet_xml(ledger(book(3), without_task(zichuan()))).iter(
        f"{MAIN}cfRule"
    )]  # fmt: skip
    assert not [rule for rule in rules if "SUBTOTAL" in str(rule)]


def test_what_is_missing_is_skipped_except_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        missing("x")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception):
        missing("x")
