"""Every number of the status workbook is one that the state itself counts."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from ledgergen.catalogue import Severity
from ledgergen.findings import Where, finding
from ledgergen.records import Role
from ledgergen.report.status_workbook import status_workbook
from ledgergen.report.wording import STAGES
from ledgergen.returns.decisions import Verdict
from ledgergen.state.entries import NOT_RETURNED, STATES, entries
from ledgergen.state.light import Stage
from ledgergen.state.picture import Grounds, picture
from report_rounds import AS_OF, FACTS, ROUND, Told, read_back, table

LEAD, RESPONSIBLE, SUPPORTING = Role.LEAD, Role.RESPONSIBLE, Role.SUPPORTING
SIGNS = {"完": "已完成", "续": "持续推进", "推": "推进中", "未": "未启动", "—": "不涉及", "缺": "未报送"}


@pytest.fixture(scope="module")
def told() -> Told:
    """Tell a round with every state, several measures, an unreadable status, two late units and one that is silent."""
    told = Told()
    told.issue("区财政局", {"1": LEAD, "2": (RESPONSIBLE, 2), "10": LEAD, "3.2": LEAD})
    told.issue("区发改局", {"1": RESPONSIBLE, "2": LEAD, "10": SUPPORTING})
    told.issue("昆仑镇", {"2": RESPONSIBLE, "3.2": RESPONSIBLE, "7": RESPONSIBLE})
    told.issue("岭子镇", {"1": RESPONSIBLE, "7": RESPONSIBLE, "8": LEAD})
    told.returns(
        "区财政局",
        {
            "1": {"status": "办结"},
            ("2", "1"): {"status": "已完成"},
            ("2", "2"): {"status": "持续推进"},
            "10": {"status": "不涉及", "note": "无此职能"},
            "3.2": {"status": "未启动"},
        },
        received="2022-07-10T15:59:59Z",  # one second before midnight in Beijing
        collected="2022-07-13T01:00:00Z",
        findings=(finding("row-new", Where("区财政局.xlsx", sheet="台账", cell="A12"), task="2"),),
    )
    told.returns(
        "区发改局",
        {"1": {"status": "推进中"}, "2": {"status": "进展顺利"}, "10": {"status": "完成"}},
        received="2022-07-10T16:00:00Z",  # midnight: late
        findings=(
            finding(
                "choice-unreadable",
                Where("区发改局.xlsx", sheet="台账", cell="K10"),
                title="落实状态",
                text="进展顺利",
                choices="已完成",
            ),
        ),
    )
    told.returns("昆仑镇", {"2": {"status": "已完成"}, "7": {"status": "未启动"}}, collected="2022-07-11T01:00:00Z")
    told.returns("区财政局", {"1": {"status": "已完成", "progress": "已公开"}}, collected="2022-07-14T01:00:00Z")
    told.arrives("放假通知.docx", Verdict.REJECTED, finding("unrecognised", Where("放假通知.docx")))
    return told


@pytest.fixture(scope="module")
def data(told: Told) -> bytes:
    """Write its workbook."""
    return status_workbook(FACTS, told.picture, told.parcels)


def overview(data: bytes) -> list[list[Any]]:
    """Read the overview: the filled cells of each row."""
    rows = read_back(data)["总体情况"].iter_rows(values_only=True)
    return [filled for row in rows if (filled := [value for value in row if value is not None])]


def row_of(data: bytes, label: str) -> list[Any]:
    return next(row[1:] for row in overview(data) if row[0] == label)


def row_below(data: bytes, label: str) -> dict[str, Any]:
    rows = overview(data)
    index = next(index for index, row in enumerate(rows) if row[0] == label)
    return dict(zip(rows[index], rows[index + 1], strict=True))


def recount(told: Told) -> pd.DataFrame:
    """Count anew, from the entries: one row per assignment."""
    state = told.state
    frame = pd.DataFrame(
        [(entry.row.task, entry.unit, str(entry.row.role), entry.state) for entry in entries(state, ROUND)],
        columns=["task", "unit", "role", "state"],
    )
    return frame.groupby(["task", "unit", "role"])["state"].agg(merged).reset_index()


def merged(states: "pd.Series[str]") -> str:
    """Merge by the rule as the overview words it, told a second time."""
    found = set(states)
    if len(found) > 1:
        found -= {"不涉及"}
    if len(found) == 1:
        return found.pop()
    if found <= {"已完成", "持续推进"}:
        return "持续推进"
    return "未启动" if found <= {"未报送", "未启动"} else "推进中"


def test_the_overview_counts_tasks_and_assignments_by_stage(told: Told, data: bytes) -> None:
    found = told.picture
    for stage in Stage:
        tasks, assignments = row_of(data, STAGES[stage])
        assert tasks == found.task_counts.by_stage.get(stage, 0)
        assert assignments == found.assignment_counts.by_stage.get(stage, 0)
    assert row_of(data, "合计") == [len(found.tasks), len(found.progress.assignments)]


def test_the_states_agree_with_a_recount_in_pandas(told: Told) -> None:
    frame = recount(told)
    by_assignment = frame["state"].value_counts().to_dict()
    deciding = pd.concat(
        own[own["role"] == next(role for role in ("lead", "responsible", "supporting") if role in {*own["role"]})]
        for _, own in frame.groupby("task")
    )
    by_task = deciding.groupby("task")["state"].agg(merged).value_counts().to_dict()
    found = told.picture
    assert dict(found.task_counts.by_state) == by_task
    assert dict(found.assignment_counts.by_state) == by_assignment


def test_units_are_due_returned_late_or_silent(data: bytes) -> None:
    assert row_below(data, "应报单位") == {"应报单位": 4, "已报单位": 3, "其中迟报": 2, "未报单位": 1, "报送率": 0.75}
    assert row_of(data, "未报单位名单") == ["岭子镇"]
    assert row_of(data, "迟报单位名单") == ["区发改局、昆仑镇"]
    units = {row["单位"]: (row["是否报送"], row["首次报送时间"], row["报送次数"]) for row in table(data, "单位进度")}
    assert units == {
        "区财政局": ("已报", "2022-07-10 23:59", 2),
        "区发改局": ("已报（迟报）", "2022-07-11 00:00", 1),
        "昆仑镇": ("已报（迟报）", "2022-07-11 09:00", 1),
        "岭子镇": ("未报", "", 0),
    }
    silent = [row["单位"] for row in table(data, "未报送") if row["台账"] == "未报"]
    assert silent == ["岭子镇"] * 3


def test_without_a_due_date_nobody_is_late(told: Told) -> None:
    facts = replace(FACTS, opens=date.max, due=date.max)  # the round was taken out of ledgergen.yaml
    undated = picture(told.state, ROUND, AS_OF, Grounds())
    data = status_workbook(facts, undated, told.parcels)
    assert row_below(data, "应报单位")["其中迟报"] == 0
    assert "报送截止：—" in str(read_back(data)["任务进度"]["A2"].value)
    assert len(table(data, "数据来源")) == len(told.parcels)


def test_findings_are_counted_by_severity(told: Told, data: bytes) -> None:
    listed = Counter(row["级别"] for row in table(data, "填报差错清单"))
    counted = Counter(found.severity for parcel in told.parcels for found in parcel.findings)
    words = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
    assert listed == {words[severity]: count for severity, count in counted.items()}
    line = next(row[0] for row in overview(data) if str(row[0]).startswith("收到来件"))
    assert line.startswith("收到来件5件（重复0件）；检查发现错误1条、警告1条、提示1条")


def test_the_conclusion_is_one_sentence_with_the_numbers(data: bytes) -> None:
    (sentence,) = overview(data)[3]
    assert sentence == (
        "截至2022年7月14日，2022年第二季度应报单位4家，已报3家（其中迟报2家），未报1家；6项工作任务中，"
        "已销号0项、报完成待核查1项、按时序推进2项、逾期0项、未报送2项、不涉及1项。"
    )


def test_tasks_are_in_the_plans_order_with_their_counts(told: Told, data: bytes) -> None:
    rows = table(data, "任务进度")
    assert [row["总表序号"] for row in rows] == ["1", "2", "3.2", "7", "8", "10"]
    for row, task in zip(rows, told.picture.tasks, strict=True):
        assert (row["工作任务"], row["任务状态"], row["单位数"]) == (task.name, task.state, len(task.assignments))
        assert [row[state] for state in STATES] == [task.counts.by_state.get(state, 0) for state in STATES]
        assert [row[STAGES[stage]] for stage in Stage] == [task.counts.by_stage.get(stage, 0) for stage in Stage]
    first, second, *_ = rows
    assert (first["牵头单位"], first["未报台账的单位"], first["已报台账而未填本项状态的单位"]) == (
        "区财政局",
        "岭子镇",
        "",
    )
    assert (second["未报台账的单位"], second["已报台账而未填本项状态的单位"]) == ("", "区发改局")


def test_units_have_their_counts_and_share(told: Told, data: bytes) -> None:
    for row, unit in zip(table(data, "单位进度"), told.picture.units, strict=True):
        assert [row[state] for state in STATES] == [unit.counts.by_state.get(state, 0) for state in STATES]
        assert [row[STAGES[stage]] for stage in Stage] == [unit.counts.by_stage.get(stage, 0) for stage in Stage]
        assert row["任务分工数"] == len(unit.assignments)
        assert row["举措行数"] == len(unit.book.rows)
        assert row["完成率"] == pytest.approx(unit.counts.finished / len(unit.assignments))


def test_the_matrix_says_every_assignment_and_nothing_else(told: Told, data: bytes) -> None:
    seen = {
        (row["总表序号"], unit): SIGNS[sign]
        for row in table(data, "任务×单位")
        for unit, sign in row.items()
        if sign and unit not in ("总表序号", "工作任务", "任务状态", "预警灯")
    }
    assert seen == {(item.task, item.unit): item.state for item in told.progress.assignments}
    sheet = read_back(data)["任务×单位"]
    assert sheet.freeze_panes == "E4"
    assert [cell.alignment.textRotation for cell in sheet[3]][4:] == [255] * 4
    bold = {(row[0].value, cell.column) for row in sheet.iter_rows(min_row=4) for cell in row if cell.font.bold}
    assert bold == {("1", 5), ("2", 6), ("3.2", 5), ("8", 8), ("10", 5)}


def test_a_long_list_of_units_is_bounded_and_says_so() -> None:
    told = Told()
    for number in range(60):
        told.issue(f"第{number}镇", {"1": RESPONSIBLE})
    data = status_workbook(FACTS, told.picture, [])
    (names,) = row_of(data, "未报单位名单")
    assert names.count("、") == 29
    assert names.endswith("等60家")
    (task,) = table(data, "任务进度")
    assert task["未报台账的单位"].endswith("等60家")
    assert task["任务状态"] == NOT_RETURNED


def test_a_round_without_ledgers_has_a_workbook_too() -> None:
    data = status_workbook(FACTS, Told().picture, [])
    assert overview(data)[3] == ["2022年第二季度尚未下发台账。"]
    assert row_of(data, "合计") == [0, 0]
    for sheet in (
        "汇总台账",
        "任务进度",
        "单位进度",
        "任务×单位",
        "逾期清单",
        "即将到期事项清单",
        "未报送",
        "需领导协调事项",
        "填报不一致",
        "填报差错清单",
        "变动情况",
        "数据来源",
    ):
        assert table(data, sheet) == []
