"""From each of the five documents to the status workbook, by the commands that a clerk types."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from openpyxl import load_workbook

from clerk import Ledger
from commands import ledgergen

SEEDS: Final = Path(__file__).resolve().parents[3] / "shared" / "seeds"
TASKS: Final = {
    "haiyang-2022": 17, "mudan-2022": 17, "taierzhuang-2023": 27, "zaozhuang-2022": 67, "zichuan-2022": 58,
}  # fmt: skip
WITHOUT_UNITS: Final = ("haiyang-2022", "mudan-2022")
PLACES: Final[Mapping[str, tuple[str, ...]]] = {  # what the documents leave to the clerk: who a group is
    "镇": ("东镇", "西镇"), "街道": ("南街道",), "开发区": ("北开发区管委会",), "区县": ("东山区政府", "西河区政府"),
}  # fmt: skip
FILLED: Final = 3  # ledgers that come back
PROGRESS: Final = "已公开，抽查无误"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared documents are not there")


def name_the_groups(campaign: Path) -> None:
    """Add to units.yaml those that the plan's groups stand for, as the marks in it ask; settle who 市属高校 are."""
    path = campaign / "units.yaml"
    text = path.read_text(encoding="utf-8")
    groups = text[text.index("groups:") :]
    asked = [kind for kind in PLACES if re.search(rf"kinds: \[[^\]]*{kind}", groups)]
    lines = [f"- {{name: {name}, kind: {kind}}}" for kind in asked for name in PLACES[kind]]
    head = "units: []\n" if "units: []" in text else "units:\n"
    text = text.replace(head, "\n".join(["units:", *lines, ""]), 1)
    path.write_text(text, encoding="utf-8")


def decide_in_the_workbook(campaign: Path) -> None:
    """Let a clerk take the first two suggestions of every task, in the workbook."""
    assert ledgergen("suggest", "--export", at=campaign).code == 0
    path = campaign / "单位建议.xlsx"
    book = load_workbook(path)
    sheet = book["单位建议"]
    column = next(place for place in range(1, 20) if str(sheet.cell(4, place).value).startswith("责任单位"))
    for row in range(5, sheet.max_row + 1):
        sheet.cell(row, column).value = "1、2"
    book.save(path)
    assert ledgergen("suggest", "--apply", path, at=campaign).code == 0


def in_the_form_of_the_tests(campaign: Path) -> None:
    """Choose the layout that the tests' clerk knows."""
    path = campaign / "ledgergen.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^layout: .*$", "layout: zichuan", text), encoding="utf-8")


def fill(ledger: Path, target: Path) -> str:
    """Fill the first task of a ledger as a unit does; gives the task's id."""
    opened = Ledger(ledger)
    task = next(iter(opened.rows()))
    opened.type({(task, "measure"): "列出清单，逐项公开", (task, "status"): "已完成", (task, "progress"): PROGRESS})
    opened.save(target)
    return task


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_document_goes_all_the_way_to_the_status_workbook(name: str, tmp_path: Path) -> None:
    campaign = tmp_path / name
    assert ledgergen("import", SEEDS / f"{name}.txt", "--into", campaign).code == 0
    if name in WITHOUT_UNITS:
        decide_in_the_workbook(campaign)
    else:
        ledgergen("suggest", "--accept", "all", at=campaign)
    assert ledgergen("suggest", "--json", at=campaign).json["tasks"] == []
    name_the_groups(campaign)
    checked = ledgergen("check", "--json", at=campaign)
    assert [each["code"] for each in checked.json["findings"] if each["severity"] == "error"] == []
    assert checked.json["tasks"] == TASKS[name]
    in_the_form_of_the_tests(campaign)
    first = f"{name[-4:]}Q1"
    assert ledgergen("generate", "--round", first, at=campaign).code == 0
    ledgers = sorted((campaign / "ledgers").rglob("*.xlsx"))
    assert len(ledgers) == checked.json["ledgers"]
    filled = [fill(path, campaign / "inbox" / path.name) for path in ledgers[:FILLED]]
    collected = ledgergen("collect", "--json", at=campaign).json
    assert [each["verdict"] for each in collected] == ["accepted"] * FILLED
    assert ledgergen("merge", "--round", first, at=campaign).code == 0
    status = ledgergen("status", "--json", "--round", first, at=campaign).json
    assert len(status["without_return"]) == len(ledgers) - FILLED
    (report,) = (campaign / "reports").glob("*.xlsx")
    texts = [str(cell) for sheet in load_workbook(report) for row in sheet.values for cell in row if cell]
    assert texts.count(PROGRESS) >= len(filled)
