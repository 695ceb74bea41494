"""The status workbook in the office's hands: its own column survives every merge; parts by section, leader, kind."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from commands import Ran, ledgergen
from report_clerk import DAY, FIRST, ROUND, SECOND, TOWN, filled, kinds, returns

NAME = f"台账落实情况_{ROUND}.xlsx"
OWN = "核定表述"
HEADER = 3


@pytest.fixture
def answered(issued_campaign: Path) -> Path:
    """Let two of three units return, and write the workbook."""
    returns(issued_campaign, FIRST, {**filled("1"), **filled("2"), **filled("3", note="缺经费，请协调")})
    returns(issued_campaign, SECOND, filled("1"), day="2022-07-12")
    assert merge(issued_campaign)["verb"] == "new"
    return issued_campaign


def merge(campaign: Path, *arguments: str) -> dict[str, str]:
    ran = ledgergen("merge", "--json", *arguments, at=campaign)
    assert ran.code == 0, ran.err
    found: dict[str, str] = ran.json["files"][0]
    return found


def workbook(campaign: Path, name: str = NAME) -> Workbook:
    return load_workbook(campaign / "reports" / name)


def column(sheet: Worksheet, title: str) -> int:
    return [cell.value for cell in sheet[HEADER]].index(title) + 1


def words(campaign: Path, name: str = NAME) -> dict[tuple[str, str], str]:
    """Give the office's words by unit and task."""
    sheet = workbook(campaign, name)["汇总台账"]
    places = [column(sheet, title) for title in ("责任单位", "序号", OWN)]
    rows = [[sheet.cell(row, place).value for place in places] for row in range(HEADER + 1, sheet.max_row + 1)]
    return {(str(unit), str(task)): str(text) for unit, task, text in rows if text}


def write(campaign: Path, unit: str, task: str, text: str | None, name: str = NAME, also: str = "") -> None:
    """Let somebody write into the office's own column; ``also``: into a cell of the overview as well."""
    book = workbook(campaign, name)
    sheet = book["汇总台账"]
    for row in range(HEADER + 1, sheet.max_row + 1):
        found = [sheet.cell(row, column(sheet, title)).value for title in ("责任单位", "序号")]
        if found == [unit, task]:
            cell = sheet.cell(row, column(sheet, OWN))
            cell.value = text
            if text:
                cell.data_type = "s"
    if also:
        book["总体情况"]["A1"] = also
    book.save(campaign / "reports" / name)


def test_what_the_office_wrote_survives_every_later_merge(answered: Path) -> None:
    write(answered, FIRST, "1", "已按季度公开，经核定属实")
    assert merge(answered)["verb"] == "changed"
    assert words(answered) == {(FIRST, "1"): "已按季度公开，经核定属实"}
    returns(answered, TOWN, filled("3"), day="2022-07-13")
    write(answered, SECOND, "1", "=1+1")
    assert merge(answered)["verb"] == "changed"
    assert words(answered) == {(FIRST, "1"): "已按季度公开，经核定属实", (SECOND, "1"): "=1+1"}
    assert kinds(answered).count("worded") == 2


def test_a_second_merge_adds_no_event(answered: Path) -> None:
    write(answered, FIRST, "1", "经核定属实")
    merge(answered)
    before = kinds(answered)
    assert merge(answered)["verb"] == "same"
    assert kinds(answered) == before


def test_words_can_be_changed_and_taken_back(answered: Path) -> None:
    for text in ("经核定属实", "经核定，部分属实", None):
        write(answered, FIRST, "1", text)
        merge(answered)
        assert words(answered) == ({(FIRST, "1"): text} if text else {})


def test_an_old_copy_takes_nothing_back(answered: Path) -> None:
    old = (answered / "reports" / NAME).read_bytes()
    write(answered, FIRST, "1", "经核定属实")
    merge(answered)
    copy = answered / "reports" / f"台账落实情况_{ROUND}（副本）.xlsx"
    copy.write_bytes(old)
    write(answered, SECOND, "1", "另一人写的", copy.name)
    merge(answered)
    assert words(answered) == {(FIRST, "1"): "经核定属实", (SECOND, "1"): "另一人写的"}
    assert words(answered, copy.name) == {(SECOND, "1"): "另一人写的"}, "a person's file stays as it is"


def test_a_workbook_in_which_more_was_edited_is_kept_and_its_words_are_read(answered: Path) -> None:
    write(answered, FIRST, "1", "经核定属实", also="领导阅")
    made = merge(answered)
    assert made["verb"] == "kept"
    assert workbook(answered)["总体情况"]["A1"].value == "领导阅"
    assert words(answered, Path(made["path"]).name) == {(FIRST, "1"): "经核定属实"}


def test_rows_are_known_by_their_code_wherever_they_are_sorted_to(answered: Path) -> None:
    book = workbook(answered)
    sheet = book["汇总台账"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER + 1)]
    for number, line in enumerate(reversed(lines), start=HEADER + 1):
        for place, value in enumerate(line, start=1):
            sheet.cell(number, place).value = value
    sheet.cell(HEADER + 1, column(sheet, OWN)).value = "最后一行的"
    unit, task = (sheet.cell(HEADER + 1, column(sheet, title)).value for title in ("责任单位", "序号"))
    book.save(answered / "reports" / NAME)
    made = merge(answered)
    assert words(answered, Path(made["path"]).name) == {(str(unit), str(task)): "最后一行的"}


def test_a_dry_run_remembers_nothing(answered: Path) -> None:
    write(answered, FIRST, "1", "经核定属实")
    before = kinds(answered)
    assert merge(answered, "--dry-run")["verb"] == "changed"
    assert kinds(answered) == before


def test_a_damaged_workbook_is_a_finding_and_stays(answered: Path) -> None:
    path = answered / "reports" / NAME
    path.write_bytes(b"PK\x03\x04 damaged")
    ran = ledgergen("merge", "--json", at=answered)
    assert {each["code"] for each in ran.json["findings"]} >= {"file-kept"}
    assert path.read_bytes() == b"PK\x03\x04 damaged"


def test_a_day_asked_for_has_a_workbook_of_its_own_and_leaves_out_what_came_later(answered: Path) -> None:
    made = merge(answered, "--as-of", "2022-07-08")
    assert made["path"] == f"reports/台账落实情况_{ROUND}_2022-07-08.xlsx"
    sheet = workbook(answered, Path(made["path"]).name)["单位进度"]
    states = {sheet.cell(row, 2).value: sheet.cell(row, 4).value for row in range(HEADER + 1, sheet.max_row + 1)}
    assert states == {FIRST: "已报", SECOND: "未报", TOWN: "未报"}


@pytest.mark.parametrize(
    ("split", "folder", "names"),
    [
        ("kind", "按单位类别", {"部门", "镇"}),
        ("leader", "按分管领导", {f"{FIRST} 赵六", f"{SECOND} 赵六", "(未填分管领导)"}),
        ("section", "按章节", {"(无章节)"}),
    ],
)
def test_parts_have_their_rows_alone(answered: Path, split: str, folder: str, names: set[str]) -> None:
    ran = ledgergen("merge", "--split-by", split, "--json", at=answered)
    parts = [Path(each["path"]) for each in ran.json["files"][1:]]
    assert {path.parent.name for path in parts} == {f"台账落实情况_{ROUND}_{folder}"}
    assert {path.stem for path in parts} == names
    rows = []
    for path in parts:
        sheet = load_workbook(answered / path)["汇总台账"]
        rows += [tuple(cell.value for cell in row[:4]) for row in sheet.iter_rows(min_row=HEADER + 1)]
    whole = workbook(answered)["汇总台账"]
    assert sorted(rows) == sorted(tuple(cell.value for cell in row[:4]) for row in whole.iter_rows(min_row=HEADER + 1))
    again = ledgergen("merge", "--split-by", split, "--json", at=answered)
    assert {each["verb"] for each in again.json["files"]} == {"same"}


def test_the_overview_tells_what_a_leader_decides(answered: Path) -> None:
    merge(answered, "--as-of", DAY)
    texts = [
        cell
        for row in workbook(answered, f"台账落实情况_{ROUND}_{DAY}.xlsx")["总体情况"].values
        for cell in row
        if cell
    ]
    assert "缺经费，请协调" in texts
    assert "四、需领导协调事项（1项）" in texts


def shown(campaign: Path, *arguments: str) -> Ran:
    return ledgergen("show", *arguments, at=campaign)


def test_show_has_the_light_beside_every_row(answered: Path) -> None:
    rows = shown(answered, "--entries", "--json", "--as-of", DAY).json
    assert {row["light"] for row in rows} <= {"red", "yellow", "green", "grey"}
    (row,) = [row for row in rows if (row["unit"], row["task"]) == (FIRST, "3")]
    assert (row["light"], row["why"]["code"], row["why"]["due"]) == ("green", "ahead", "2022-12-31")
    assert "green" in shown(answered, FIRST, "--as-of", DAY).out
    late = shown(answered, "--entries", "--json", "--as-of", "2023-01-05").json
    (row,) = [row for row in late if (row["unit"], row["task"]) == (TOWN, "3")]
    assert (row["light"], row["state"], row["why"]["days"]) == ("red", "未报送", 5)
