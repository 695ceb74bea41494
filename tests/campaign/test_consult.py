"""征求意见: the tasks go out unit by unit, what the units say comes back, and no round's status counts it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from builders import SMALL_CAMPAIGN, book, issued, make_folder
from clerk import Ledger, put
from commands import Ran, ledgergen
from ledgergen.records import CONSULT_ROUND
from ledgergen.state.fold import fold
from ledgergen.state.history import History
from question import Question

FINANCE, REFORM, TOWN = "区财政局", "区发改局", "昆仑镇"


@pytest.fixture
def asked(campaign: Path) -> Path:
    assert ledgergen("plan", "consult", at=campaign).code == 0
    return campaign


def question(campaign: Path, unit: str) -> Question:
    return Question(campaign / "ledgers" / "consult" / f"{unit}_征求意见表.xlsx")


def answer(
    campaign: Path, unit: str, typed: Mapping[tuple[str, str], object], head: Mapping[str, object] | None = None
) -> Path:
    return question(campaign, unit).type(typed, head).save(campaign / "inbox" / f"{unit}.xlsx")


def answers(campaign: Path) -> Ran:
    return ledgergen("plan", "answers", at=campaign)


def opinions(campaign: Path) -> Any:  # noqa: ANN401 - whatever the command prints
    ran = ledgergen("plan", "opinions", "--json", at=campaign)
    assert ran.code == 0, ran.err
    return ran.json


def said(campaign: Path) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Give answer and suggested units by task and unit."""
    return {
        (each["task"], one["unit"]): (one["answer"], one["units"])
        for each in opinions(campaign)["tasks"]
        for one in each["opinions"]
    }


def test_each_unit_is_asked_about_its_tasks(asked: Path) -> None:
    folder = asked / "ledgers" / "consult"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{unit}_征求意见表.xlsx" for unit in sorted([FINANCE, REFORM, TOWN])
    ]
    book = question(asked, REFORM)
    assert list(book.rows()) == ["1", "3"]
    assert book.cell("3", "time_limit").value == "年底前"
    assert book.cell("1", "role").value == "责任"
    assert book.head_cell("due").value == "—"
    assert book.head_cell("unit").value == REFORM


def test_a_second_run_changes_nothing_and_a_due_date_is_printed(asked: Path) -> None:
    ran = ledgergen("plan", "consult", "--json", at=asked)
    assert [each["verb"] for each in ran.json["files"]] == ["same"] * 3
    assert len(ledgergen("log", "--json", at=asked).json) == 1
    ran = ledgergen("plan", "consult", "--due", "2022-06-20", at=asked)
    assert ran.out.startswith("changed  ledgers/consult/")
    assert question(asked, TOWN).head_cell("due").value == "2022年6月20日"


def test_a_dry_run_writes_nothing(campaign: Path) -> None:
    ran = ledgergen("plan", "consult", "--dry-run", at=campaign)
    assert ran.out.count("new  ledgers/consult/") == 3
    assert not (campaign / "ledgers").exists()
    assert ledgergen("plan", "opinions", at=campaign).code == 3
    assert "consult-not-issued" in ledgergen("plan", "answers", at=campaign).err


def test_answers_are_read_back(asked: Path) -> None:
    answer(asked, FINANCE, {
        ("1", "opinion"): "同意",
        ("2", "opinion"): "不同意", ("2", "suggested_unit"): "区发改局、昆仑镇", ("2", "opinion_note"): "职能已划转",
        ("3", "suggested_unit"): "区发改局",
    })  # fmt: skip
    answer(asked, REFORM, {}, {"default_opinion": "√", "filled_by": "李某"})
    ran = answers(asked)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[-2:] == ["2 of 3 units have answered", "No answer yet: 昆仑镇"]
    assert "not-filled" not in ran.err
    assert said(asked) == {
        ("1", FINANCE): ("同意", []),
        ("1", REFORM): ("同意", []),
        ("2", FINANCE): ("建议调整", [REFORM, TOWN]),
        ("3", FINANCE): ("建议调整", [REFORM]),
        ("3", REFORM): ("同意", []),
        ("3", TOWN): ("未反馈", []),
    }
    found = opinions(asked)
    assert (found["asked"], found["without_answer"]) == ([FINANCE, REFORM, TOWN], [TOWN])
    second = found["tasks"][1]["opinions"][0]
    assert (second["text"], second["suggested"], second["note"]) == ("不同意", ["区发改局", "昆仑镇"], "职能已划转")
    assert second["source"] == {"name": "区财政局.xlsx", "sheet": "征求意见", "cell": "H10"}
    assert answers(asked).code == 0
    assert len(ledgergen("log", "--json", at=asked).json) == 2


def test_a_row_that_is_answered_outranks_the_tick_for_all(asked: Path) -> None:
    answer(
        asked, FINANCE, {("2", "opinion"): "建议调整", ("3", "suggested_unit"): "昆仑镇"}, {"default_opinion": "同意"}
    )
    answers(asked)
    found = said(asked)
    assert [found[task, FINANCE][0] for task in ("1", "2", "3")] == ["同意", "建议调整", "建议调整"]


def test_what_was_left_blank_and_what_cannot_be_read_is_no_answer(asked: Path) -> None:
    answer(asked, FINANCE, {("1", "opinion"): "再议", ("2", "opinion_note"): "时限太紧"})
    ran = answers(asked)
    assert "choice-unreadable" in ran.err
    found = opinions(asked)["tasks"]
    assert [each["opinions"][0]["answer"] for each in found] == ["未填意见"] * 3
    assert [each["opinions"][0]["text"] for each in found] == ["再议", "", ""]
    assert found[1]["opinions"][0]["note"] == "时限太紧"


def test_a_suggested_unit_that_nobody_knows_is_told_at_its_cell(asked: Path) -> None:
    answer(asked, FINANCE, {("2", "suggested_unit"): "区财政所", ("3", "suggested_unit"): "省发展研究院"})
    answers(asked)
    ran = ledgergen("plan", "opinions", "--json", at=asked)
    assert [(each["where"], each["code"]) for each in ran.json["findings"]] == [
        ("区财政局.xlsx › 征求意见 › H10", "opinion-unit-near"),
        ("区财政局.xlsx › 征求意见 › H11", "opinion-unit-unknown"),
    ]
    assert said(asked)["2", FINANCE] == ("建议调整", [])


def test_collect_takes_answers_as_well_and_sorted_pasted_renamed_ones(asked: Path) -> None:
    book = question(asked, FINANCE).type({("2", "opinion"): "建议调整"})
    rows = [
        [cell.value for cell in row] for row in book.sheet.iter_rows(min_row=book.header + 1, max_row=book.header + 3)
    ]
    for number, row in enumerate(reversed(rows), start=book.header + 1):
        for column, value in enumerate(row, start=1):
            cell = book.sheet.cell(number, column)
            cell.value = value
    book.sheet.title = "反馈"
    path = book.save(asked / "inbox" / "最终版(1).xlsx")
    ran = ledgergen("collect", path, "--json", at=asked)
    (returned,) = ran.json[0]["returns"]
    assert (ran.json[0]["verdict"], returned["round"], returned["unit"]) == ("accepted", "consult", FINANCE)
    assert said(asked)["2", FINANCE][0] == "建议调整"


def test_opinions_are_in_no_rounds_status(asked: Path) -> None:
    answer(asked, FINANCE, {("1", "opinion"): "同意", ("1", "opinion_note"): "无"})
    answers(asked)
    assert ledgergen("status", at=asked).code == 3
    assert "nothing-issued" in ledgergen("status", at=asked).err
    assert ledgergen("generate", at=asked).code == 0
    for path in (asked / "ledgers" / "2022Q2").iterdir():
        Ledger(path).type({("3", "progress"): "已核对"}).save(asked / "inbox" / path.name)
    assert ledgergen("plan", "consult", "--due", "2022-06-20", at=asked).code == 0
    assert ledgergen("collect", at=asked).code == 0
    found = ledgergen("status", "--json", at=asked).json
    assert found["round"] == "2022Q2"
    entries = ledgergen("show", "--json", at=asked).json
    assert {field for entry in entries for field in entry["fields"]} & {"opinion", "opinion_note"} == set()
    assert ledgergen("merge", at=asked).code == 0
    (report,) = (asked / "reports").iterdir()
    sources = load_workbook(report)["数据来源"]
    assert {row[4] for row in sources.iter_rows(min_row=4, values_only=True)} == {"2022Q2"}
    assert ledgergen("check", at=asked).code == 0


def test_a_round_after_the_asking_still_follows_the_round_before() -> None:
    rounds = ("2022Q2", CONSULT_ROUND, "2022Q3")
    books = {round_id: book(FINANCE, round_id=round_id) for round_id in rounds}
    state = fold(History(tuple(issued(each) for each in books.values())))
    before = {round_id: state.books[each.token].before for round_id, each in books.items()}
    assert before["2022Q2"] is None
    assert before["2022Q3"] is state.books[books["2022Q2"].token]


def test_the_summary_is_a_workbook_that_is_written_once(asked: Path) -> None:
    answer(asked, FINANCE, {("2", "suggested_unit"): "财政局", ("2", "opinion_note"): "=SUM(1)"})
    answers(asked)
    ran = ledgergen("plan", "opinions", "--xlsx", at=asked)
    assert "new  reports/征求意见汇总.xlsx" in ran.out
    book = load_workbook(asked / "reports" / "征求意见汇总.xlsx")
    assert book.sheetnames == ["征求意见汇总", "意见明细", "未反馈单位"]
    rows = [[cell.value for cell in row] for row in book["征求意见汇总"].iter_rows(min_row=4)]
    assert rows[1] == ["2", "减税降费", 0, 1, 0, 0, "区财政局：建议由区财政局承担，=SUM(1)"]
    assert [row[0].value for row in book["未反馈单位"].iter_rows(min_row=4)] == [REFORM, TOWN]
    assert "same" in ledgergen("plan", "opinions", "--xlsx", at=asked).out
    assert ledgergen("verify", at=asked).code == 0


def test_the_clerk_sees_the_opinions_beside_the_tasks(asked: Path) -> None:
    answer(asked, FINANCE, {("2", "suggested_unit"): "昆仑镇", ("2", "opinion_note"): "职能已划转"})
    answers(asked)
    assert ledgergen("plan", "export", at=asked).code == 0
    sheet = load_workbook(asked / "plan.xlsx")["任务"]
    titles = [cell.value for cell in sheet[4]]
    column = titles.index("征求意见")
    assert sheet.cell(6, column + 1).value == "区财政局：建议由昆仑镇承担，职能已划转"
    assert ledgergen("plan", "apply", asked / "plan.xlsx", at=asked).out == ""


def test_a_round_may_not_go_by_the_name_of_this_one(tmp_path: Path) -> None:
    text = SMALL_CAMPAIGN["ledgergen.yaml"].replace("2022Q2,", "consult,")
    campaign = make_folder(tmp_path / "c", {**SMALL_CAMPAIGN, "ledgergen.yaml": text})
    ran = ledgergen("plan", "consult", at=campaign)
    assert (ran.code, "consult-round-taken" in ran.err) == (1, True)


def test_undoing_the_asking_forgets_it(asked: Path) -> None:
    assert ledgergen("undo", at=asked).code == 0
    assert ledgergen("plan", "opinions", at=asked).code == 3
    path = answer(asked, FINANCE, {("1", "opinion"): "同意"})
    assert "nothing-issued" in ledgergen("collect", path, at=asked).err


def test_a_number_typed_where_an_opinion_is_due_is_told(asked: Path) -> None:
    book = question(asked, FINANCE)
    put(book.cell("1", "opinion"), 3)
    book.save(asked / "inbox" / "a.xlsx")
    assert "choice-unreadable" in answers(asked).err
