"""Who is proposed for praise and for a talk: by rules over two rounds, each with its reason."""

from pathlib import Path

import pytest

from builders import SMALL_CAMPAIGN, make_folder
from commands import ledgergen
from report_clerk import FIRST, SECOND, TOWN, filled, report, returns
from word_files import paragraphs, tables

LATER = "2022Q3"
TWO_ROUNDS = {
    **SMALL_CAMPAIGN,
    "ledgergen.yaml": SMALL_CAMPAIGN["ledgergen.yaml"]
    + f"- {{id: {LATER}, name: 2022年第三季度, opens: 2022-09-15, due: 2022-10-10}}\n",
    "plan.yaml": SMALL_CAMPAIGN["plan.yaml"].replace("time_limit: 年底前", "time_limit: 8月底前"),
}
OPEN = {"status": "推进中", "progress": "正在推进"}
DONE = {"status": "已完成", "progress": "已公开", "published_on": "2022-07-01"}


@pytest.fixture
def two_rounds(tmp_path: Path) -> Path:
    """Let the first unit return in time and done twice, the second in time and late, the town never."""
    campaign = make_folder(tmp_path / "two", TWO_ROUNDS)
    assert ledgergen("generate", "--round", "2022Q2", at=campaign).code == 0
    everything = {**filled("1", **DONE), **filled("2", **DONE), **filled("3", **DONE)}
    returns(campaign, FIRST, everything)
    returns(campaign, SECOND, {**filled("1", **OPEN), **filled("3", **OPEN)})
    assert ledgergen("generate", "--round", LATER, at=campaign).code == 0
    for unit, day in ((FIRST, "2022-10-08"), (SECOND, "2022-10-12")):
        typed = everything if unit == FIRST else {**filled("1", **DONE), **filled("3", **OPEN)}
        returns(campaign, unit, typed, day, LATER)
    return campaign


def lists(campaign: Path, day: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give both lists: unit → reason."""
    ran = report(campaign, "talk", "--round", LATER, as_of=day)
    assert ran.code == 0, ran.err
    data = (campaign / "reports" / f"拟表扬约谈名单_{LATER}_送审稿.docx").read_bytes()
    found = {table[0][2] + str(place): table for place, table in enumerate(tables(data))}
    said = paragraphs(data)
    praised_is_shown = said[said.index("二、拟约谈") - 1] != "没有单位符合条件。"
    by_unit = [{row[1]: row[2] for row in table[1:]} for table in found.values()]
    return (by_unit[0], by_unit[-1]) if praised_is_shown else ({}, by_unit[-1])


def test_in_time_and_nothing_overdue_is_praised_with_the_figures(two_rounds: Path) -> None:
    praised, talked = lists(two_rounds, "2022-09-20")
    assert FIRST not in talked
    assert SECOND not in praised
    praised, talked = lists(two_rounds, "2022-10-09")
    assert set(praised) == {FIRST}
    assert praised[FIRST].startswith("2个填报期均按时报送")


def test_a_round_that_is_not_over_counts_against_nobody(two_rounds: Path) -> None:
    _, talked = lists(two_rounds, "2022-10-09")
    assert "均未按时报送" not in talked.get(TOWN, "")


def test_two_rounds_missed_call_for_a_talk(two_rounds: Path) -> None:
    praised, talked = lists(two_rounds, "2022-10-20")
    assert "2022年第二季度、2022年第三季度均未按时报送台账" in talked[TOWN]
    assert "均未按时报送" not in talked[SECOND]
    assert TOWN not in praised


def test_a_task_overdue_for_long_calls_for_a_talk_and_is_named(two_rounds: Path) -> None:
    _, talked = lists(two_rounds, "2022-09-30")
    assert "逾期超过30天" not in talked.get(SECOND, "")
    _, talked = lists(two_rounds, "2022-10-01")
    assert "1项任务逾期超过30天（3 减税降费，31天）" in talked[SECOND]


def test_a_task_red_at_the_end_of_the_round_before_and_still_calls_for_a_talk(two_rounds: Path) -> None:
    _, talked = lists(two_rounds, "2022-09-20")
    assert "1项任务连续两期逾期（3 减税降费，20天）" in talked[SECOND]


def test_the_heaviest_come_first_and_the_rules_stand_beside_the_names(two_rounds: Path) -> None:
    _, talked = lists(two_rounds, "2022-10-20")
    assert next(iter(talked)) == TOWN
    data = (two_rounds / "reports" / f"拟表扬约谈名单_{LATER}_送审稿.docx").read_bytes()
    assert sum(line.startswith("评定规则：") for line in paragraphs(data)) == 2
