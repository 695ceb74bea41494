"""What units get back: their own ledger in the plain form, a draft of their plan, their paragraph; nobody else's."""

import io
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from commands import ledgergen
from ledgergen.workbook.strings import every_string
from report_clerk import FIRST, ROUND, SECOND, TOWN, files, filled, kinds, report, returns
from word_files import paragraphs, tables

PLACE = f"返还单位/{ROUND}"


@pytest.fixture
def answered(issued_campaign: Path) -> Path:
    """Let two units return."""
    returns(issued_campaign, FIRST, {**filled("1"), **filled("2", unit_limit="4月底前"), **filled("3")})
    returns(issued_campaign, SECOND, filled("3", measure="发改局自己的举措", progress="发改局自己的进展"))
    return issued_campaign


def rows(campaign: Path, unit: str) -> list[tuple[str, ...]]:
    data = files(campaign)[f"{PLACE}/{unit}/台账.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [tuple(str(cell or "") for cell in row) for row in sheet.iter_rows(values_only=True)]


def test_every_unit_gets_three_files(answered: Path) -> None:
    ran = report(answered, "giveback")
    assert ran.code == 0, ran.err
    names = ("台账.xlsx", "实施方案（草稿）.docx", "年度报告素材.docx")
    assert set(files(answered)) == {f"{PLACE}/{unit}/{name}" for unit in (FIRST, SECOND, TOWN) for name in names}


def test_the_ledger_has_the_form_s_columns_and_what_the_unit_wrote(answered: Path) -> None:
    report(answered, "giveback")
    found = rows(answered, FIRST)
    assert found[0][0] == "淄川区财政局小型台账工作任务台账"
    assert found[2] == ("序号", "工作任务", "工作举措", "时限要求", "单位分管领导", "责任科室")
    assert found[4] == ("2", "减税降费：推送各项减税政策", "印发通知", "4月底前", "赵六", "预算科")
    assert found[5][3] == "年底前"


def test_a_task_with_several_measures_is_one_block(answered: Path) -> None:
    text = (answered / "plan.yaml").read_text(encoding="utf-8")
    (answered / "plan.yaml").write_text(
        text.replace("time_limit: 长期坚持", "time_limit: 长期坚持, measures: [梳理政策, 推送政策]"), encoding="utf-8"
    )
    assert ledgergen("generate", at=answered).code == 0
    report(answered, "giveback", FIRST, as_of="")
    data = files(answered)[f"{PLACE}/{FIRST}/台账.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert {"A5:A6", "B5:B6"} <= {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["C6"].value == "推送政策"


def test_the_draft_plan_names_measures_sections_and_leaders(answered: Path) -> None:
    report(answered, "giveback", FIRST)
    said = paragraphs(files(answered)[f"{PLACE}/{FIRST}/实施方案（草稿）.docx"])
    assert said[0] == f"{FIRST}小型台账工作实施方案"
    assert "工作举措：印发通知（4月底前）。责任科室：预算科。分管领导：赵六。" in said


def test_the_report_s_table_is_in_the_plan_s_order(answered: Path) -> None:
    report(answered, "giveback", FIRST)
    (table,) = tables(files(answered)[f"{PLACE}/{FIRST}/年度报告素材.docx"])
    assert [row[0] for row in table] == ["编号", "1", "2", "3"]
    assert table[2][3] == "已推送3批减税政策"


def test_nothing_of_one_unit_is_in_what_another_gets(answered: Path) -> None:
    report(answered, "giveback")
    for name, data in files(answered).items():
        if f"/{SECOND}/" in name:
            continue
        if name.endswith("xlsx"):
            texts = "".join(every_string(data))
        else:
            with ZipFile(io.BytesIO(data)) as container:
                texts = "".join(container.read(part).decode("utf-8", "replace") for part in container.namelist())
        assert "发改局自己的" not in texts, name


def test_only_the_units_asked_for_get_something(answered: Path) -> None:
    ran = report(answered, "giveback", "财政局", "--json")
    assert ran.code == 0, ran.err
    assert all(f"/{FIRST}/" in each["path"] for each in ran.json["files"])
    assert report(answered, "giveback", "没有的局").code == 2


def test_a_second_run_changes_nothing(answered: Path) -> None:
    report(answered, "giveback")
    before, events = files(answered), kinds(answered)
    assert {each["verb"] for each in report(answered, "giveback", "--json").json["files"]} == {"same"}
    assert (files(answered), kinds(answered)) == (before, events)


def test_a_formula_that_a_unit_typed_is_a_text_in_its_ledger(answered: Path) -> None:
    returns(answered, TOWN, filled("3", measure='=HYPERLINK("http://example.invalid","x")'), day="2022-07-06")
    report(answered, "giveback", TOWN)
    data = files(answered)[f"{PLACE}/{TOWN}/台账.xlsx"]
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["C4"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://example.invalid","x")')
