"""``ledgergen suggest``: units proposed, accepted by number, by name or in a workbook, written, undone."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from commands import Ran, ledgergen

PLAN = """\
plan:
  title: 2023年青山县政务公开工作要点
  region: 青山县
  year: 2023
tasks:
# 保留的注释
- id: "1"
  # 待核：没有写责任单位，请补上
  section: []
  name: 教育
  requirement: 公开义务教育招生入学政策
- id: "2"
  # 待核：没有写责任单位，请补上
  # 待核：时限要再看
  section: []
  name: 预算
  requirement: 公开财政预算、决算和政府采购
- {id: "3", name: 燃气, requirement: 公开燃气安全信息, responsible: [有关部门]}
- {id: "4", name: 采砂, requirement: 公开河道采砂许可, lead: [县水利局]}
"""
UNITS = """\
units:
- {name: 县教体局, kind: 部门}
- {name: 县水利局, kind: 部门}
groups:
- {name: 有关部门, pending: lead}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make a campaign in which three tasks name nobody that could be asked."""
    folder = tmp_path / "c"
    assert ledgergen("new", folder).code == 0
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "units.yaml").write_text(UNITS, encoding="utf-8")
    return folder


def plan(place: Path) -> str:
    """Read the plan's text."""
    return (place / "plan.yaml").read_text(encoding="utf-8")


def codes(ran: Ran) -> list[str]:
    """Give the codes of what was found."""
    return [each["code"] for each in ran.json["findings"]]


def test_suggestions_are_shown_with_score_and_reason_and_nothing_is_written(place: Path) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*.yaml")}
    found = ledgergen("suggest", "--json", at=place)
    tasks = found.json["tasks"]
    assert [each["task"] for each in tasks] == ["1", "2", "3"]
    first = tasks[0]["suggestions"][0]
    assert first["unit"] == "县教体局"
    assert 0 < first["score"] <= 100
    assert first["reasons"][0].startswith("its duties: ")
    assert all(len(each["suggestions"]) <= 3 for each in tasks)
    shown = ledgergen("suggest", at=place)
    assert "1. 县教体局" in shown.out
    assert "Tasks that name nobody: 3." in shown.err
    assert {path: path.read_bytes() for path in place.rglob("*.yaml")} == before


def test_what_is_accepted_is_written_and_nothing_else(place: Path) -> None:
    done = ledgergen("suggest", "--accept", "1", "--accept", "2=县财政局、1", "--json", at=place)
    assert done.code == 0
    assert done.json["tasks"][0] == {"task": "1", "units": [{"unit": "县教体局", "role": "responsible"}]}
    text = plan(place)
    assert "# 保留的注释\n" in text
    assert "  # 已核：没有写责任单位，请补上\n  section: []\n  name: 教育\n" in text
    assert "  # 待核：时限要再看\n" in text  # a doubt about something else stays open, and so the task's marks
    assert "  responsible: [县教体局]\n" in text
    assert "  responsible: [县财政局]\n" in text
    assert "- {name: 县财政局, kind: 部门}\n" in (place / "units.yaml").read_text(encoding="utf-8")
    assert codes(done) == ["suggest-unit-added"]
    again = ledgergen("suggest", "--accept", "1", "--accept", "2=县财政局", at=place)
    assert (again.code, again.err.endswith("Nothing to write.\n")) == (0, True)
    assert plan(place) == text


def test_accepting_is_undone_as_every_edit_is(place: Path) -> None:
    before = plan(place)
    assert ledgergen("suggest", "--accept", "all", at=place).code == 0
    assert ledgergen("suggest", "--json", at=place).json["tasks"] == []
    assert ledgergen("undo", at=place).code == 0
    assert plan(place) == before
    assert (place / "units.yaml").read_text(encoding="utf-8") == UNITS


def test_a_dry_run_writes_nothing(place: Path) -> None:
    done = ledgergen("suggest", "--accept", "1", "--dry-run", at=place)
    assert (done.code, done.out) == (0, "1  教育  县教体局\n")
    assert plan(place) == PLAN


def test_groups_that_stay_open_are_kept_beside_what_is_accepted(place: Path) -> None:
    assert ledgergen("suggest", "--accept", "3=县住建局", "--role", "lead", at=place).code == 0
    assert "responsible: [有关部门], " not in plan(place)
    assert "lead: [县住建局]" in plan(place)
    assert "responsible: [有关部门]" in plan(place)
    assert [task["task"] for task in ledgergen("suggest", "--json", at=place).json["tasks"]] == ["1", "2"]


@pytest.mark.parametrize(
    ("accepted", "code", "written"),
    [
        ("9", "suggest-task-unknown", False),
        ("1=7", "suggest-number-unknown", False),
        ("4=县财政局", "suggest-has-units", False),
        ("1=县水务局", "suggest-unit-near", True),
        ("1=各镇（街道）", "suggest-group-kinds", True),
        ("1=有关单位", "suggest-unit-added", True),
    ],
)
def test_what_cannot_be_taken_as_it_is_typed(place: Path, accepted: str, code: str, *, written: bool) -> None:
    done = ledgergen("suggest", "--accept", accepted, "--json", at=place)
    assert code in codes(done)
    assert (plan(place) != PLAN) == written


def test_a_campaign_to_learn_from(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "last-year"
    assert ledgergen("new", other).code == 0
    (other / "plan.yaml").write_text(PLAN.replace("responsible: [有关部门]", "lead: [县水利局]"), encoding="utf-8")
    (other / "units.yaml").write_text(UNITS, encoding="utf-8")
    found = ledgergen("suggest", "--from", other, "--json", at=place).json["tasks"]
    reasons = [reason for each in found[2]["suggestions"] for reason in each["reasons"]]
    assert "100 % like task 3 of last-year" in reasons
    (other / "plan.yaml").write_text("tasks: 3\n", encoding="utf-8")
    assert ledgergen("suggest", "--from", other, at=place).code == 1


def exported(place: Path) -> tuple[Path, Workbook, Worksheet]:
    """Export the workbook and open it as a clerk does."""
    done = ledgergen("suggest", "--export", at=place)
    assert (done.code, done.out) == (0, "new  单位建议.xlsx  3 rows\n")
    path = place / "单位建议.xlsx"
    book = load_workbook(path)
    return path, book, book["单位建议"]


def column(sheet: Worksheet, title: str) -> int:
    """Find a column by the beginning of its title."""
    return next(place for place in range(1, 20) if str(sheet.cell(4, place).value).startswith(title))


def test_a_clerk_decides_in_the_workbook(place: Path) -> None:
    path, book, sheet = exported(place)
    assert str(sheet.cell(5, column(sheet, "建议1")).value).startswith("县教体局（")
    sheet.cell(5, column(sheet, "责任单位")).value = 1
    sheet.cell(6, column(sheet, "牵头单位")).value = "县财政局"
    sheet.cell(6, column(sheet, "责任单位")).value = "县教体局，县水利局"
    book.save(path)
    done = ledgergen("suggest", "--apply", path, "--json", at=place)
    assert done.code == 0
    roles = [(each["unit"], each["role"]) for each in done.json["tasks"][1]["units"]]
    assert roles == [("县财政局", "lead"), ("县教体局", "responsible"), ("县水利局", "responsible")]
    assert "  lead: [县财政局]\n  responsible: [县教体局, 县水利局]\n" in plan(place)
    assert ledgergen("suggest", "--apply", path, "--json", at=place).json["files"] == []
    assert ledgergen("undo", at=place).code == 0
    assert plan(place) == PLAN


def test_a_workbook_that_was_decided_in_is_never_written_over(place: Path) -> None:
    path, book, sheet = exported(place)
    assert ledgergen("suggest", "--export", at=place).out.startswith("same  ")
    sheet.cell(5, column(sheet, "责任单位")).value = "1"
    book.save(path)
    done = ledgergen("suggest", "--export", "--json", at=place)
    assert codes(done) == ["file-kept"]
    assert done.json["files"][0]["path"] != path.name
    assert ledgergen("suggest", "--export", "x.txt", at=place).code == 2


def test_what_a_workbook_may_be_instead(place: Path, tmp_path: Path) -> None:
    path, book, sheet = exported(place)
    asked = column(sheet, "责任单位")
    sheet.cell(5, asked).value = "=1+1"
    sheet.cell(7, 1).value = "2"
    sheet.cell(4, column(sheet, "配合单位")).value = "备注"
    book.save(path)
    found = codes(ledgergen("suggest", "--apply", path, "--json", at=place))
    assert sorted(found) == ["choice-cell-computed", "choice-column-missing", "choice-row-twice"]
    sheet.cell(3, 1).value = "表格编号：another"
    book.save(path)
    assert codes(ledgergen("suggest", "--apply", path, "--json", at=place)) == ["choice-book-other"]
    sheet.cell(4, 1).value = "别的"
    book.save(path)
    assert codes(ledgergen("suggest", "--apply", path, "--json", at=place)) == ["choice-book-unrecognised"]
    (tmp_path / "no.xlsx").write_bytes(b"no workbook")
    assert ledgergen("suggest", "--apply", tmp_path / "no.xlsx", at=place).code == 1
    assert ledgergen("suggest", "--apply", tmp_path / "none.xlsx", at=place).code == 3
    assert plan(place) == PLAN


def test_the_json_has_the_documented_shape(place: Path) -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    shown = json.loads(reference.partition("```json suggest\n")[2].partition("```")[0])
    assert keys(ledgergen("suggest", "--json", at=place).json) == keys(shown)


def keys(value: object) -> object:
    """Reduce a value to its keys: of a list, those of the first item that has any."""
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items() if key not in ("findings", "files")}
    return keys(value[0]) if isinstance(value, list) and value and isinstance(value[0], dict) else None
