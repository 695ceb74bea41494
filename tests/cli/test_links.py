"""承接对照: ``ledgergen import DOC --beside`` and ``ledgergen links``."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from commands import Ran, ledgergen

SUPERIOR = """\
青山市人民政府办公室关于印发2023年政务公开工作要点的通知
青政办发〔2023〕7号
各县人民政府，市政府各部门：
现将《2023年青山市政务公开工作要点》印发给你们，请认真贯彻落实。
青山市人民政府办公室
2023年4月6日
2023年青山市政务公开工作要点
一、深化公开
1.公布财政预算和决算，说明三公经费增减的原因。（责任单位：市财政局）
2.加强保障性租赁住房政策的发布和解读。（责任单位：市住建局）
3.公布城乡低保对象和标准。（责任单位：市民政局）
"""
PLAN = """\
plan: {title: 2023年河东县政务公开工作要点, region: 河东县, year: 2023}
tasks:
- {id: "1", name: 预算, requirement: 公布财政预算和决算，说明三公经费增减的原因, lead: [县财政局]}
- {id: "2", name: 住房, requirement: 做好保障性租赁住房政策的发布解读, lead: [县财政局]}
"""
UNITS = "units:\n- {name: 县财政局, kind: 部门}\n"
ROWS = [("1.1", "same", ["1"]), ("1.2", "refined", ["2"]), ("1.3", "missing", [])]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make a campaign with the superior's plan beside it."""
    folder = tmp_path / "c"
    assert ledgergen("new", folder).code == 0
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "units.yaml").write_text(UNITS, encoding="utf-8")
    (tmp_path / "上级.txt").write_text(SUPERIOR, encoding="utf-8")
    return folder


def beside(place: Path, text: str = SUPERIOR, *options: str) -> Ran:
    """Put the superior's plan beside the campaign's."""
    path = place.parent / "上级.txt"
    path.write_text(text, encoding="utf-8")
    return ledgergen("import", path, "--beside", *options, at=place)


def links(place: Path) -> str:
    """Read links.yaml."""
    return (place / "links.yaml").read_text(encoding="utf-8")


def rows(ran: Ran) -> list[tuple[str, str, list[str]]]:
    """Give the links in short."""
    return [(each["superior"], each["relation"], each["tasks"]) for each in ran.json["links"]]


def test_the_superiors_tasks_are_linked_by_their_texts(place: Path) -> None:
    assert rows(beside(place, SUPERIOR, "--json", "--dry-run")) == ROWS
    assert not (place / "links.yaml").exists()
    done = beside(place, SUPERIOR, "--json")
    assert (done.code, rows(done)) == (0, ROWS)
    assert [each["code"] for each in done.json["findings"]] == ["link-missing"]
    assert done.json["files"] == [{"path": "links.yaml", "verb": "new"}]
    text = links(place)
    assert "superior:\n  title: 2023年青山市政务公开工作要点\n" in text
    assert '- superior: "1.2"\n' in text
    assert '  relation: refined\n  tasks: ["2"]\n' in text
    assert (place / "plan.yaml").read_text(encoding="utf-8") == PLAN
    assert beside(place, SUPERIOR, "--json").json["files"] == [{"path": "links.yaml", "verb": "same"}]
    assert links(place) == text
    shown = ledgergen("links", at=place)
    assert "refined" in shown.out
    assert "the same" in shown.out
    assert rows(ledgergen("links", "--json", at=place)) == ROWS


def test_what_is_checked_stays_when_the_superiors_plan_changes(place: Path) -> None:
    beside(place)
    edited = links(place).replace(
        "  relation: missing\n", '  relation: refined  # 并入第1项\n  tasks: ["1"]\n  checked: true\n'
    )
    (place / "links.yaml").write_text(edited, encoding="utf-8")
    changed = (
        SUPERIOR.replace("加强保障性租赁住房政策的发布和解读", "整治违规电动车")
        + "4.公布财政预算和决算。（责任单位：市财政局）\n"
    )
    done = beside(place, changed, "--json")
    assert rows(done) == [
        ("1.1", "same", ["1"]),
        ("1.2", "missing", []),
        ("1.3", "refined", ["1"]),
        ("1.4", "refined", ["1"]),
    ]
    assert "# 并入第1项" in links(place)
    fewer = "\n".join(line for line in SUPERIOR.splitlines() if not line.startswith(("2.", "3."))) + "\n"
    assert rows(beside(place, fewer, "--json")) == [("1.1", "same", ["1"]), ("1.3", "refined", ["1"])]


def exported(place: Path) -> tuple[Path, Worksheet]:
    """Export the workbook and open it."""
    assert ledgergen("links", "--export", at=place).out == "new  承接对照.xlsx  3 rows\n"
    path = place / "承接对照.xlsx"
    return path, load_workbook(path)["承接对照"]


def save(sheet: Worksheet, path: Path) -> None:
    """Save the workbook of a sheet."""
    assert sheet.parent is not None
    sheet.parent.save(path)


def test_a_clerk_corrects_the_links_in_a_workbook(place: Path) -> None:
    beside(place)
    before = links(place)
    path, sheet = exported(place)
    assert [sheet.cell(4, column).value for column in (4, 5, 6)] == ["关系", "承接的任务编号", "已核对"]
    assert [sheet.cell(row, 4).value for row in (5, 6, 7)] == ["相同", "细化", "缺少"]
    sheet.cell(5, 6).value = "是"
    sheet.cell(7, 4).value = "细化"
    sheet.cell(7, 5).value = "1，2"
    save(sheet, path)
    done = ledgergen("links", "--apply", path, "--json", at=place)
    assert (done.code, rows(done)[2]) == (0, ("1.3", "refined", ["1", "2"]))
    assert [each["checked"] for each in done.json["links"]] == [True, False, True]
    assert done.json["findings"] == []
    assert ledgergen("links", "--apply", path, "--json", at=place).json["files"] == [
        {"path": "links.yaml", "verb": "same"}
    ]
    assert ledgergen("undo", at=place).code == 0
    assert links(place) == before
    kept = ledgergen("links", "--export", "--json", at=place).json["findings"]
    assert "file-kept" in [each["code"] for each in kept]


def test_what_cannot_be_is_said_at_the_cell_and_nothing_is_written(place: Path) -> None:
    beside(place)
    before = links(place)
    path, sheet = exported(place)
    sheet.cell(5, 1).value = "8.8"
    sheet.cell(6, 5).value = "77"
    sheet.cell(7, 4).value = "也许"
    save(sheet, path)
    found = ledgergen("links", "--apply", path, "--json", at=place)
    places = {each["code"]: each["where"].rpartition(" ")[2] for each in found.json["findings"]}
    assert places == {"link-row-unknown": "A5", "link-task-unknown": "E6", "link-row-bad": "D7"}
    assert (found.code, links(place)) == (1, before)
    assert ledgergen("links", "--apply", path.with_name("none.xlsx"), at=place).code == 3
    path.write_bytes(b"no workbook")
    assert ledgergen("links", "--apply", path, at=place).code == 1


def test_faults_of_the_file(place: Path) -> None:
    assert ledgergen("links", at=place).code == 3
    beside(place)
    (place / "links.yaml").write_text(
        "links:\n- {superior: a, relation: perhaps}\n- {superior: b, relation: same}\n"
        "- {superior: c, relation: same, tasks: [9]}\n",
        encoding="utf-8",
    )
    found = ledgergen("links", "--json", at=place)
    assert [each["code"] for each in found.json["findings"]] == [
        "link-row-bad",
        "link-task-unknown",
        "link-row-divided",
    ]
    assert ledgergen("links", "--export", "x.csv", at=place).code == 2
    (place / "links.yaml").write_text("links: [", encoding="utf-8")
    assert ledgergen("links", at=place).code == 1


def test_a_document_without_tasks_links_nothing(place: Path) -> None:
    done = beside(place, "没有任务的通知", "--json")
    assert done.json["links"] == []
    assert not (place / "links.yaml").exists()


def test_the_json_has_the_documented_shape(place: Path) -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    shown = json.loads(reference.partition("```json links\n")[2].partition("```")[0])
    assert keys(beside(place, SUPERIOR, "--json").json) == keys(shown)


def keys(value: object) -> object:
    """Reduce a value to its keys: of a list, those of the first item that has any."""
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items() if key not in ("findings", "files")}
    return keys(value[0]) if isinstance(value, list) and value and isinstance(value[0], dict) else None
