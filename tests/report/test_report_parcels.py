"""Every parcel is accounted for, and every finding is in the list of faults, in Chinese."""

from typing import Any

import pytest

from ledgergen import messages
from ledgergen.catalogue import CATALOGUE
from ledgergen.findings import Finding, Where, finding
from ledgergen.records import Role
from ledgergen.report.status_workbook import status_workbook
from ledgergen.returns.decisions import Verdict
from report_rounds import FACTS, Told, table

NOTICE = finding("unrecognised", Where("放假通知.docx"))
FORMULA = finding(
    "formula-cell", Where("区财政局.xlsx", sheet="台账", cell="L10"), title="本期进展情况", text="=1+1\x1b[2J"
)
NEW = finding("row-new", Where("区财政局.xlsx", sheet="台账", cell="A12"), task="1", text="印发通知")


@pytest.fixture
def told() -> Told:
    return Told().issue("区财政局", {"1": Role.LEAD}).issue("昆仑镇", {"1": Role.RESPONSIBLE})


def sheet(told: Told, name: str) -> list[dict[str, Any]]:
    return table(status_workbook(FACTS, told.picture, told.parcels), name)


def sources(told: Told) -> dict[str, dict[str, Any]]:
    return {row["文件"]: row for row in sheet(told, "数据来源")}


def test_errors_come_first_and_duplicates_are_left_out(told: Told) -> None:
    told.returns("区财政局", {"1": {"status": "完成"}}, findings=(NEW, FORMULA))
    told.arrives("放假通知.docx", Verdict.REJECTED, NOTICE)
    told.arrives("放假通知 (1).docx", Verdict.DUPLICATE, NOTICE, sha256=told.parcels[-1].sha256)
    rows = sheet(told, "填报差错清单")
    assert [(row["级别"], row["单位"], row["文件"], row["工作表"], row["单元格"], row["代码"]) for row in rows] == [
        ("错误", "（未识别）", "放假通知.docx", "", "", "unrecognised"),
        ("警告", "区财政局", "区财政局.xlsx", "台账", "L10", "formula-cell"),
        ("提示", "区财政局", "区财政局.xlsx", "台账", "A12", "row-new"),
    ]
    assert all(row["问题"] and row["怎么办"] for row in rows)
    assert "=1+1\ufffd[2J" in rows[1]["问题"]


def test_the_faults_are_in_chinese_whatever_the_terminal_speaks(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.arrives("放假通知.docx", Verdict.REJECTED, NOTICE)
    made = []
    for language in ("en", "zh"):
        monkeypatch.setattr(messages, "_active", messages._translations(language))
        made.append(status_workbook(FACTS, told.picture, told.parcels))
    assert made[0] == made[1]
    (row,) = table(made[0], "填报差错清单")
    assert row["问题"] == messages.translator("zh")(CATALOGUE["unrecognised"].message)


def test_a_finding_of_an_older_version_still_has_words(told: Told) -> None:
    told.arrives("旧.xlsx", Verdict.REJECTED, Finding("row-new", Where("旧.xlsx"), {}))
    (row,) = sheet(told, "填报差错清单")
    assert "…" in row["问题"]


def test_every_parcel_is_listed_with_what_became_of_it(told: Told) -> None:
    told.returns(
        "区财政局",
        {"1": {"status": "完成"}},
        received="2022-07-08T02:00:00Z",
        sender="czj@example.invalid",
        reason="marks",
    )
    told.arrives("区财政局 (1).xlsx", Verdict.DUPLICATE, sha256=told.parcels[0].sha256)
    told.arrives("放假通知.docx", Verdict.REJECTED, NOTICE)
    told.arrives("不明.xlsx", Verdict.REVIEW)
    told.arrives("以前.xlsx", Verdict.IGNORED)
    found = sources(told)
    assert list(found) == ["区财政局.xlsx", "区财政局 (1).xlsx", "放假通知.docx", "不明.xlsx", "以前.xlsx"]
    assert [row["处理结果"] for row in found.values()] == [
        "采用",
        "重复（内容与先前来件相同）",
        "未采用（不能读取或不能识别）",
        "待人工核定",
        "已搁置",
    ]
    first = found["区财政局.xlsx"]
    assert first["SHA-256（前16位）"] == told.parcels[0].sha256[:16]
    assert (first["单位"], first["填报期"], first["识别依据"]) == ("区财政局", "2022Q2", "文件标记")
    assert (first["收到时间"], first["发件人"]) == ("2022-07-08 10:00", "czj@example.invalid")
    assert [first[title] for title in ("对应行", "新增行", "缺失行", "存疑行")] == [1, 0, 0, 0]
    second = found["区财政局 (1).xlsx"]
    assert (second["单位"], second["对应行"]) == ("区财政局", "")


def test_an_overlaid_return_and_an_old_file_come_back_are_told_apart(told: Told) -> None:
    told.returns("区财政局", {"1": {"status": "未启动"}}, name="一.xlsx", collected="2022-07-01T00:00:00Z")
    told.returns("区财政局", {"1": {"status": "完成"}}, name="二.xlsx", collected="2022-07-02T00:00:00Z")
    assert [row["处理结果"] for row in sources(told).values()] == ["已被后来的报送件取代", "采用"]
    told.returns("区财政局", {"1": {"status": "未启动"}}, name="三.xlsx", collected="2022-07-03T00:00:00Z")
    found = sources(told)
    assert found["三.xlsx"]["处理结果"] == "旧文件或旧版台账，待确认，未改变填报内容"
    assert [row["代码"] for row in sheet(told, "填报差错清单")] == ["return-replayed", "values-disagree"]
    assert sheet(told, "汇总台账")[0]["落实状态（判读）"] == "已完成"


def test_parcels_of_other_rounds_are_left_to_their_own_workbook(told: Told) -> None:
    before = Told("2022Q1").issue("区财政局", {"1": Role.LEAD})
    before.returns("区财政局", {"1": {"status": "完成"}}, name="一季度.xlsx", collected="2022-04-08T00:00:00Z")
    before.returns("区财政局", {"1": {"status": "推进中"}}, name="错发.xlsx", collected="2022-07-05T00:00:00Z")
    before.returns("区财政局", {"1": {"status": "未启动"}}, name="补报.xlsx", collected="2022-09-05T00:00:00Z")
    before.arrives("早.docx", Verdict.REJECTED, collected="2022-04-08T00:00:00Z")
    before.arrives("晚.docx", Verdict.REJECTED, collected="2022-08-08T00:00:00Z")
    told.parcels += before.parcels
    told.returns("昆仑镇", {"1": {"status": "完成"}})
    found = sources(told)
    assert list(found) == ["错发.xlsx", "晚.docx", "昆仑镇.xlsx"]
    assert found["错发.xlsx"]["填报期"] == "2022Q1"
