"""``report score``: the office's own table of points, a draft until approved, frozen after."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from builders import make_folder
from commands import ledgergen
from report_clerk import DAY, FIRST, ROUND, SECOND, TOWN, filled, returns

DRAFT = f"考评得分_{ROUND}_送审稿.xlsx"


@pytest.fixture
def answered(issued_campaign: Path) -> Path:
    """Let one unit return in time and one late."""
    returns(issued_campaign, FIRST, {**filled("1"), **filled("2"), **filled("3")})
    returns(issued_campaign, SECOND, filled("1"), day="2022-07-12")
    return issued_campaign


def points(campaign: Path, *arguments: str, day: str = DAY) -> dict[str, tuple[str, int, str]]:
    """Give group, rank and points by unit."""
    ran = ledgergen("report", "score", "--as-of", day, "--json", *arguments, at=campaign)
    assert ran.code == 0, ran.out + ran.err
    return {
        unit["unit"]: (group["name"], unit["rank"], unit["points"])
        for group in ran.json["groups"]
        for unit in group["units"]
    }


def table(campaign: Path, *rows: tuple[object, ...], name: str = "扣分表.xlsx") -> Path:
    book = Workbook()
    sheet = book.create_sheet("扣分", 0)
    for row in (("2022年考核扣分表",), ("序号", "单位", "扣分", "加分", "事由"), *rows):
        sheet.append(list(row))
    path = campaign / name
    book.save(path)
    return path


def test_the_score_is_a_draft_with_departments_and_towns_apart(answered: Path) -> None:
    assert points(answered) == {
        FIRST: ("部门", 1, "100"),
        SECOND: ("部门", 2, "98"),
        TOWN: ("镇（街道、开发区）", 1, "90"),
    }
    book = load_workbook(answered / "reports" / DRAFT)
    assert book.sheetnames == ["排名 部门", "排名 镇（街道、开发区）", "得分明细"]
    assert all("送审稿" in str(sheet["A1"].value) and "未经批准" in str(sheet["A2"].value) for sheet in book)
    lines = list(book["得分明细"].iter_rows(min_row=4, values_only=True))
    assert [line[3:] for line in lines if line[0] == SECOND] == [("基础分", 100), ("迟报台账", -2), ("得分合计", 98)]


def test_the_offices_own_table_counts_line_by_line(answered: Path) -> None:
    table(
        answered,
        (1, "财政局", 2, None, "=通报"),
        (2, SECOND, "-1.5分", None, "整改慢"),
        (3, FIRST, None, 3, "获表扬"),
        ("合计",),
    )
    assert points(answered)[FIRST] == ("部门", 1, "101")
    assert points(answered)[SECOND][2] == "96.5"
    lines = list(load_workbook(answered / "reports" / DRAFT)["得分明细"].iter_rows(min_row=4, values_only=True))
    assert [line[3:] for line in lines if line[0] == FIRST] == [
        ("基础分", 100),
        ("=通报", -2),
        ("获表扬", 3),
        ("得分合计", 101),
    ]


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        ((1, "无此局", 2, None, ""), "B3", "score-unit-unknown"),
        ((1, FIRST, "两分", None, ""), "C3", "score-number-bad"),
    ],
)
def test_a_table_with_a_fault_is_told_where_and_nothing_is_written(
    answered: Path, row: tuple[object, ...], cell: str, code: str
) -> None:
    path = table(answered, row, name="别的表.xlsx")
    ran = ledgergen("report", "score", "--deductions", path, "--as-of", DAY, "--json", at=answered)
    assert ran.code == 1
    assert [(each["code"], each["where"]) for each in ran.json["findings"]] == [(code, f"别的表.xlsx › 扣分 › {cell}")]
    assert not (answered / "reports" / DRAFT).exists()


def test_a_table_that_says_nothing_is_a_warning(answered: Path) -> None:
    table(answered)
    ran = ledgergen("report", "score", "--as-of", DAY, at=answered)
    assert ran.code == 0
    assert "score-table-empty" in ran.err


def test_the_offices_own_rules_count(answered: Path) -> None:
    make_folder(
        answered, {"templates/score.yaml": "full: 50\nlate_unit: 5\ngroups:\n- {name: 全部, kinds: [部门, 镇]}\n"}
    )
    assert points(answered) == {FIRST: ("全部", 1, "50"), TOWN: ("全部", 1, "50"), SECOND: ("全部", 3, "45")}


def test_faulty_rules_are_told_at_their_line(answered: Path) -> None:
    make_folder(answered, {"templates/score.yaml": "full: 100\nopen: {each: viel}\n"})
    ran = ledgergen("report", "score", "--json", at=answered)
    assert ran.code == 1
    assert ran.json["findings"][0]["where"].startswith("templates/score.yaml:2")


def test_an_approved_score_is_frozen(answered: Path) -> None:
    points(answered)
    ran = ledgergen("report", "approve", "score", "--by", "李某", "--on", DAY, "--as-of", DAY, at=answered)
    assert ran.code == 0, ran.err
    signed = answered / "reports" / f"考评得分_{ROUND}.xlsx"
    before = signed.read_bytes()
    assert "送审稿" not in str(load_workbook(signed)["得分明细"]["A1"].value)
    returns(answered, TOWN, filled("3"), day="2022-07-13")
    ran = ledgergen("report", "score", "--json", at=answered)
    assert ran.json["approved"] == {"by": "李某", "on": DAY}
    assert {unit["unit"]: unit["points"] for group in ran.json["groups"] for unit in group["units"]}[TOWN] == "90"
    assert signed.read_bytes() == before
