"""The office decides: between two values, about a file in review, about a return that is to be taken back."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from archive_builders import encrypted_zip, zipped
from clerk import Ledger
from commands import Ran, ledgergen

UNIT = "区财政局"


def ledger(campaign: Path, unit: str = UNIT) -> Ledger:
    (path,) = (campaign / "ledgers" / "2022Q2").glob(f"{unit}_*")
    return Ledger(path)


def returns(campaign: Path, name: str, typed: dict[tuple[str, str], str], day: str, unit: str = UNIT) -> Ran:
    path = ledger(campaign, unit).type(typed).save(campaign / "inbox" / name)
    return ledgergen("collect", path, "--received", day, "--json", at=campaign)


def stands(campaign: Path, task: str, field: str) -> dict[str, Any] | None:
    rows: list[dict[str, Any]] = ledgergen("show", "--entries", "--json", at=campaign).json
    fields: dict[str, dict[str, Any]] = next(
        row["fields"] for row in rows if (row["unit"], row["task"]) == (UNIT, task)
    )
    return fields.get(field)


@pytest.fixture
def disagreeing(issued_campaign: Path) -> Path:
    returns(issued_campaign, "甲.xlsx", {("1", "progress"): "已印发通知"}, "2022-07-01")
    returns(issued_campaign, "乙.xlsx", {("1", "progress"): "尚未启动"}, "2022-07-02")
    return issued_campaign


def test_the_later_value_stands_and_both_are_named(issued_campaign: Path) -> None:
    returns(issued_campaign, "甲.xlsx", {("1", "progress"): "已印发通知"}, "2022-07-01")
    ran = returns(issued_campaign, "乙.xlsx", {("1", "progress"): "尚未启动"}, "2022-07-02")
    (said,) = [each for each in ran.json[0]["findings"] if each["code"] == "values-disagree"]
    assert (said["severity"], said["where"].split(" › ")[0]) == ("warning", "乙.xlsx")
    (found,) = ledgergen("resolve", "--json", at=issued_campaign).json
    assert (found["unit"], found["task"], found["field"], found["open"]) == (UNIT, "1", "progress", True)
    assert [value["text"] for value in found["values"]] == ["已印发通知", "尚未启动"]
    assert [value["source"].split(" › ")[0] for value in found["values"]] == ["甲.xlsx", "乙.xlsx"]


def test_the_office_takes_the_earlier_value_with_its_source(disagreeing: Path) -> None:
    assert ledgergen("resolve", UNIT, "1", "本期进展情况", "--take", "1", at=disagreeing).code == 0
    standing = stands(disagreeing, "1", "progress")
    assert standing is not None
    assert (standing["text"], standing["source"]["name"]) == ("已印发通知", "甲.xlsx")
    assert ledgergen("resolve", "--json", at=disagreeing).json == []


def test_the_office_writes_a_text_of_its_own_and_takes_it_back(disagreeing: Path) -> None:
    ledgergen("resolve", UNIT, "1", "progress", "--text", "经核实：已印发", at=disagreeing)
    standing = stands(disagreeing, "1", "progress")
    assert standing is not None
    assert standing["text"] == "经核实：已印发"
    assert ledgergen("undo", at=disagreeing).code == 0
    again = stands(disagreeing, "1", "progress")
    assert again is not None
    assert again["text"] == "尚未启动"


def test_undoing_the_undo_brings_the_choice_back(disagreeing: Path) -> None:
    ledgergen("resolve", UNIT, "1", "progress", "--take", "1", at=disagreeing)
    ledgergen("undo", at=disagreeing)
    number = max(event["number"] for event in ledgergen("log", "--json", at=disagreeing).json)
    assert ledgergen("undo", str(number), at=disagreeing).code == 0
    standing = stands(disagreeing, "1", "progress")
    assert standing is not None
    assert standing["text"] == "已印发通知"


def test_choosing_twice_adds_no_event_and_one_may_change_ones_mind(disagreeing: Path) -> None:
    ledgergen("resolve", UNIT, "1", "progress", "--take", "1", at=disagreeing)
    before = len(ledgergen("log", "--json", at=disagreeing).json)
    assert ledgergen("resolve", UNIT, "1", "progress", "--take", "1", at=disagreeing).code == 0
    assert len(ledgergen("log", "--json", at=disagreeing).json) == before
    ledgergen("resolve", UNIT, "1", "progress", "--take", "2", at=disagreeing)
    standing = stands(disagreeing, "1", "progress")
    assert standing is not None
    assert standing["text"] == "尚未启动"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("无此单位", "1", "progress", "--take", "1"), "unit-unknown-asked"),
        ((UNIT, "99", "progress", "--take", "1"), "task-unknown-asked"),
        ((UNIT, "1", "无此栏", "--take", "1"), "field-unknown-asked"),
        ((UNIT, "1", "progress", "--take", "3"), "choice-unknown"),
        ((UNIT, "1", "leader", "--take", "1"), "choice-unknown"),
    ],
)
def test_a_choice_that_cannot_be_made_is_wrong_use(disagreeing: Path, arguments: tuple[str, ...], code: str) -> None:
    ran = ledgergen("resolve", *arguments, "--json", at=disagreeing)
    assert (ran.code, ran.json["findings"][0]["code"]) == (2, code)


def test_a_dry_run_chooses_and_withdraws_nothing(disagreeing: Path) -> None:
    before = len(ledgergen("log", "--json", at=disagreeing).json)
    ledgergen("resolve", UNIT, "1", "progress", "--take", "1", "--dry-run", at=disagreeing)
    ledgergen("withdraw", "乙.xlsx", "--dry-run", at=disagreeing)
    assert len(ledgergen("log", "--json", at=disagreeing).json) == before


def test_a_withdrawn_return_never_came_until_that_is_undone(disagreeing: Path) -> None:
    assert ledgergen("withdraw", "乙.xlsx", "--reason", "单位来电撤回", at=disagreeing).code == 0
    standing = stands(disagreeing, "1", "progress")
    assert standing is not None
    assert standing["text"] == "已印发通知"
    assert ledgergen("resolve", "--json", at=disagreeing).json == []
    ledgergen("undo", at=disagreeing)
    again = stands(disagreeing, "1", "progress")
    assert again is not None
    assert again["text"] == "尚未启动"


def test_a_withdrawn_return_is_no_more_to_be_found(disagreeing: Path) -> None:
    ledgergen("withdraw", "乙.xlsx", at=disagreeing)
    ran = ledgergen("withdraw", "乙.xlsx", "--dry-run", at=disagreeing)
    assert (ran.code, "parcel-unknown" in ran.err) == (2, True)


def test_an_old_file_come_back_waits_until_it_is_accepted(disagreeing: Path) -> None:
    (path,) = (disagreeing / "ledgers" / "2022Q2").glob(f"{UNIT}_*")
    again = Ledger(path).type({("1", "progress"): "已印发通知"})
    again.sheet.column_dimensions["A"].width = 9  # saved again: other bytes
    again.save(disagreeing / "inbox" / "丙.xlsx")
    ran = ledgergen("collect", disagreeing / "inbox" / "丙.xlsx", "--received", "2022-07-03", "--json", at=disagreeing)
    assert (ran.json[0]["verdict"], ran.json[0]["returns"][0]["changed"]) == ("review", 0)
    (waiting,) = ledgergen("review", "--json", at=disagreeing).json
    assert waiting["name"] == "丙.xlsx"
    assert ledgergen("review", "accept", waiting["sha256"][:8], at=disagreeing).code == 0
    standing = stands(disagreeing, "1", "progress")
    assert standing is not None
    assert standing["text"] == "已印发通知"
    assert ledgergen("review", "--json", at=disagreeing).json == []


def test_a_file_in_review_is_set_aside_with_a_reason(disagreeing: Path) -> None:
    (path,) = (disagreeing / "ledgers" / "2022Q2").glob(f"{UNIT}_*")
    again = Ledger(path).type({("1", "progress"): "已印发通知"})
    again.sheet.column_dimensions["A"].width = 9
    again.save(disagreeing / "inbox" / "丙.xlsx")
    ledgergen("collect", disagreeing / "inbox" / "丙.xlsx", "--received", "2022-07-03", at=disagreeing)
    assert ledgergen("review", "reject", "丙.xlsx", "--reason", "旧文件", at=disagreeing).code == 0
    assert ledgergen("review", "--json", at=disagreeing).json == []


def nameless(campaign: Path, progress: str = "已完成走访") -> Path:
    """Return a ledger without code, number, marks and name: two units have these very tasks."""
    one = ledger(campaign, "昆仑镇").type({("3", "progress"): progress})
    target = one.workbook.create_sheet("副本")
    at = {one.columns["code"], one.columns["code"] + 1}
    for row in one.sheet.iter_rows(min_row=one.header):
        for cell in row:
            if cell.column not in at:
                target.cell((cell.row or 0) - one.header + 1, cell.column).value = cell.value
    one.workbook.remove(one.sheet)
    for name in [each for each in one.workbook.sheetnames if each != "副本"]:
        del one.workbook[name]
    one.workbook.defined_names.clear()
    vars(one.workbook)["custom_doc_props"].props.clear()
    one.workbook.properties.keywords = None
    one.workbook.properties.title = None
    return one.save(campaign / "inbox" / "台账.xlsx")


def test_a_nameless_ledger_counts_for_the_unit_that_the_office_names(issued_campaign: Path) -> None:
    ran = ledgergen("collect", nameless(issued_campaign), "--json", at=issued_campaign)
    assert ran.json[0]["verdict"] == "review"
    ran = ledgergen("review", "accept", "台账.xlsx", "--unit", "昆仑镇", at=issued_campaign)
    assert ran.code == 0, ran.err
    rows = ledgergen("show", "昆仑镇", "--json", at=issued_campaign).json
    assert [row["fields"]["progress"]["text"] for row in rows] == ["已完成走访"]


def test_the_whole_history_of_one_value(disagreeing: Path) -> None:
    ledgergen("resolve", UNIT, "1", "progress", "--take", "1", at=disagreeing)
    told = ledgergen("show", "--cell", UNIT, "1", "本期进展情况", "--json", at=disagreeing).json
    assert [(step["step"], step["text"], step["stands"]) for step in told] == [
        ("set", "已印发通知", False),
        ("set", "尚未启动", False),
        ("chosen", "已印发通知", True),
    ]
    assert [step["source"]["cell"] for step in told] == [told[0]["source"]["cell"]] * 3
    shown = ledgergen("show", "--cell", UNIT, "1", "progress", at=disagreeing)
    assert (shown.code, "乙.xlsx" in shown.out) == (0, True)


def test_show_takes_a_unit_or_a_task(disagreeing: Path) -> None:
    by_unit = ledgergen("show", UNIT, "--json", at=disagreeing).json
    assert {row["unit"] for row in by_unit} == {UNIT}
    by_task = ledgergen("show", "3", "--json", at=disagreeing).json
    assert {row["task"] for row in by_task} == {"3"}


def test_a_ledger_of_an_earlier_round_counts_there_until_the_office_says_otherwise(issued_campaign: Path) -> None:
    path = ledger(issued_campaign).type({("1", "progress"): "已印发通知"}).save(issued_campaign / "inbox" / "旧.xlsx")
    settings = issued_campaign / "ledgergen.yaml"
    text = settings.read_text(encoding="utf-8")
    third = "- {id: 2022Q3, name: 2022年第三季度, opens: 2022-09-20, due: 2022-10-10, face: first}\n"
    settings.write_text(text.rstrip("\n") + "\n" + third, encoding="utf-8")
    assert ledgergen("generate", "--round", "2022Q3", at=issued_campaign).code == 0
    ran = ledgergen("collect", path, "--json", at=issued_campaign)
    assert "round-earlier" in [each["code"] for each in ran.json[0]["findings"]]
    assert ran.json[0]["returns"][0]["round"] == "2022Q2"
    accepted = ledgergen(
        "review", "accept", "旧.xlsx", "--unit", UNIT, "--round", "2022Q3", "--reason", "误用旧表", at=issued_campaign
    )
    assert accepted.code == 0, accepted.err
    counts = {
        round_id: ledgergen("show", UNIT, "--round", round_id, "--json", at=issued_campaign).json
        for round_id in ("2022Q2", "2022Q3")
    }
    said = {
        round_id: [row["fields"].get("progress", {}).get("text") for row in rows if row["task"] == "1"]
        for round_id, rows in counts.items()
    }
    assert said == {"2022Q2": [None], "2022Q3": ["已印发通知"]}


def packed(campaign: Path, name: str, files: dict[str, Path], password: bytes = b"") -> Path:
    """Put files into an archive in the inbox."""
    content = {label: path.read_bytes() for label, path in files.items()}
    archive = campaign / "inbox" / name
    archive.write_bytes(encrypted_zip(content, password) if password else zipped(content))
    for path in files.values():
        path.unlink()
    return archive


def progress_of(campaign: Path, unit: str) -> list[str]:
    rows = ledgergen("show", unit, "--json", at=campaign).json
    return [text for row in rows if (text := (row["fields"].get("progress") or {}).get("text"))]


def test_a_nameless_ledger_in_an_archive_counts_beside_what_was_read_of_it(issued_campaign: Path) -> None:
    good = ledger(issued_campaign).type({("1", "progress"): "已印发通知"}).save(issued_campaign / "inbox" / "甲.xlsx")
    archive = packed(issued_campaign, "报送.zip", {"镇/台账.xlsx": nameless(issued_campaign), "局/财政.xlsx": good})
    ran = ledgergen("collect", archive, "--json", at=issued_campaign)
    assert [each["unit"] for each in ran.json[0]["returns"]] == [UNIT]
    assert "unit-ambiguous" in [each["code"] for each in ran.json[0]["findings"]]
    ran = ledgergen("review", "accept", "报送.zip", "--unit", "昆仑镇", at=issued_campaign)
    assert ran.code == 0, ran.err
    assert progress_of(issued_campaign, "昆仑镇") == ["已完成走访"]
    assert progress_of(issued_campaign, UNIT) == ["已印发通知"]
    assert ledgergen("undo", at=issued_campaign).code == 0
    assert progress_of(issued_campaign, "昆仑镇") == []
    assert progress_of(issued_campaign, UNIT) == ["已印发通知"]


def test_of_two_files_in_an_archive_the_one_that_is_named_counts(issued_campaign: Path) -> None:
    one = nameless(issued_campaign).rename(issued_campaign / "inbox" / "一.xlsx")
    other = nameless(issued_campaign, "尚未走访")
    archive = packed(issued_campaign, "报送.zip", {"a/一.xlsx": one, "a/二.xlsx": other}, b"1234")
    listed = issued_campaign / "口令.txt"
    listed.write_text("1234\n", encoding="utf-8")
    opened = ("--password-file", str(listed))
    ran = ledgergen("collect", archive, *opened, "--json", at=issued_campaign)
    assert ran.json[0]["verdict"] == "review"
    accept = ("review", "accept", "报送.zip", "--unit", "昆仑镇")
    ran = ledgergen(*accept, *opened, at=issued_campaign)
    assert (ran.code, "review-needs-member" in ran.err, "a/一.xlsx" in ran.err) == (2, True, True)
    assert ledgergen(*accept, "--member", "二.xlsx", at=issued_campaign).code == 2  # no password
    assert ledgergen(*accept, *opened, "--member", "三.xlsx", at=issued_campaign).code == 2
    assert ledgergen(*accept, *opened, "--member", "二.xlsx", at=issued_campaign).code == 0
    assert progress_of(issued_campaign, "昆仑镇") == ["尚未走访"]


def test_of_two_sheets_each_counts_for_the_unit_that_the_office_names(issued_campaign: Path) -> None:
    both = ledger(issued_campaign).type({("1", "progress"): "已印发通知"})
    town = load_workbook(nameless(issued_campaign)).worksheets[0]
    sheet = both.workbook.create_sheet("代报")
    for row in town.iter_rows():
        for cell in row:
            sheet.cell(cell.row or 1, cell.column or 1).value = cell.value
    path = both.save(issued_campaign / "inbox" / "两张.xlsx")
    ran = ledgergen("collect", path, "--json", at=issued_campaign)
    assert [each["code"] for each in ran.json[0]["findings"]] == ["codes-missing", "sheets-of-one-book"]
    for unit, name in ((UNIT, "台账"), ("昆仑镇", "代报")):
        ran = ledgergen("review", "accept", "两张.xlsx", "--unit", unit, "--sheet", name, at=issued_campaign)
        assert ran.code == 0, ran.err
    assert progress_of(issued_campaign, "昆仑镇") == ["已完成走访"]
    assert progress_of(issued_campaign, UNIT) == ["已印发通知"]
