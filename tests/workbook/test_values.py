"""Reading values generously: what a text means, and when it means nothing certain."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.workbook.layout import Choice, Column, Kind
from ledgergen.workbook.values import is_cleared, read_choice, read_date, read_value

STATES = (
    Choice("未启动", ("未开始", "0%")),
    Choice("推进中", ("进行中",)),
    Choice("已完成", ("完成", "办结", "√", "✔", "100%")),
    Choice("不涉及", ("无", "N/A")),
)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2022-9-30",
            "'2022-9-30",
            "＇2022.9.30",
            "2022.9.30",
            "2022/9/30",
            "2022年9月30日",
            "2022年9月30号",
            "2022年9月30",
            "2022-09-30",
        ),
        *("9月30日", "9月30", "9.30", "9/30", "9-30", "9月底", "9月末", "9月份底", "2022年9月底", "2022.9月底"),
        *("20220930", "44834", "22.9.30", "22年9月30日", "２０２２．９．３０", "２０２２年９月３０日", "2022－9－30"),
        *("2022 年 9 月 30 日", " 2022-09-30\n", "2022-09-30。", "9月30日；", "2022。9。30", "2022–9–30", "\ufeff9.30"),
        *(
            "2022年9月30日 星期五",
            "2022年9月30日（周五）",
            "2022/9/30 8:15",
            "2022-09-30 08:15:00",
            "2022-09-30T08:15:00",
        ),
        *(
            "二〇二二年九月三十日",
            "二○二二年九月三十日",
            "二零二二年九月三十日",
            "九月三十日",
            "九月底",
            "二〇二二年九月底",
        ),
    ],
)
def test_days_as_they_come(text: str) -> None:
    assert read_date(text, "", 2022) == "2022-09-30"


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "9月", "2022年9月", "2022-9", "年底", "9月上旬", "9月30日前", "同上", "已公开", "9-10", "9.30-10.1"),
        *("2022-02-30", "9.31", "13.1", "0.5", "2022-13-01", "20220931", "21.9.30", "1999-9-30", "2100-1-1"),
        *("三四月五日", "十十月一日", "二〇二二年十三月一日", "36525", "73051", "30.9.2022", "2022", "=A1", "08:15:00"),
        *("2022-9-30-1", "1900-01-09 07:12:00", "9" * 5000, "二月三十日"),
    ],
)
def test_what_is_no_day_or_could_be_two(text: str) -> None:
    assert read_date(text, "", 2022) is None


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("44834", "n", "2022-09-30"),
        ("44834.34375", "n", "2022-09-30"),
        ("36526", "", "2000-01-01"),
        ("73050", "", "2099-12-31"),
        ("20220930", "n", "2022-09-30"),
        ("9.25", "n", "2022-09-25"),
        ("9.3", "", "2022-09-03"),
        ("9.3", "n", None),  # 9.30 in a cell that is no text
        ("9.1", "n", None),
        ("9.4", "n", "2022-09-04"),
        ("2.3", "n", "2022-02-03"),  # there is no 30 February
        ("9", "n", None),
        ("85%", "n", None),
        ("2022-09-30", "d", "2022-09-30"),
        ("2022-09-30 08:15:00", "d", "2022-09-30"),
        ("08:15:00", "d", None),
        ("1900-01-09 07:12:00", "d", None),
        ("2022-09-30", "f", None),
        ("#REF!", "e", None),
        ("TRUE", "b", None),
        ("2月底", "", "2022-02-28"),
        ("12月底", "", "2022-12-31"),
        ("十二月三十一日", "", "2022-12-31"),
        ("十月十日", "", "2022-10-10"),
        ("二〇二二年十一月二十五日", "", "2022-11-25"),
    ],
)
def test_days_by_kind(text: str, kind: str, expected: str | None) -> None:
    assert read_date(text, kind, 2022) == expected


def test_a_leap_year_has_its_day() -> None:
    assert read_date("2月底", "", 2024) == "2024-02-29"
    assert read_date("2.29", "", 2024) == "2024-02-29"
    assert read_date("2.29", "", 2022) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_in_every_spelling(day: date) -> None:
    for pattern in (
        "{0}-{1}-{2}",
        "{0}.{1:02}.{2:02}",
        "{0}/{1}/{2}",
        "{0}年{1}月{2}日",
        "{0}{1:02}{2:02}",
        "{1}月{2}日",
    ):
        assert read_date(pattern.format(day.year, day.month, day.day), "", day.year) == day.isoformat()
    assert read_date(str((day - date(1899, 12, 30)).days), "n", 2022) == day.isoformat()


@given(st.text(), st.sampled_from(["", "n", "d", "b", "f", "e"]), st.integers(1990, 2110))
def test_any_text_is_a_day_of_this_century_or_none(text: str, kind: str, year: int) -> None:
    found = read_date(text, kind, year)
    assert found is None or date(2000, 1, 1) <= date.fromisoformat(found) <= date(2099, 12, 31)


@given(st.text("0123456789.-/年月日底一二三十〇 "), st.sampled_from(["", "n"]))
def test_any_text_like_a_day_does_no_harm(text: str, kind: str) -> None:
    found = read_date(text, kind, 2022)
    assert found is None or date.fromisoformat(found).isoformat() == found


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("已完成", "", "已完成"),
        (" 已 完 成。", "", "已完成"),
        ("“已完成”", "", "已完成"),
        ("完成；", "", "已完成"),
        ("√", "", "已完成"),
        ("✔\ufe0f", "", "已完成"),
        ("100%", "", "已完成"),
        ("100.0％", "", "已完成"),
        ("100%", "n", "已完成"),
        ("1", "n", "已完成"),
        ("1.0", "n", "已完成"),
        ("0", "n", "未启动"),
        ("1", "", None),
        ("85%", "", None),
        ("0.85", "n", None),
        ("n/a", "", "不涉及"),
        ("未完成", "", None),
        ("基本完成", "", None),
        ("已完成（待核查）", "", None),
        ("", "", None),
        ("完成", "f", None),
        ("#N/A", "e", None),
        ("9" * 5000, "n", None),
        ("1e999999", "n", None),
    ],
)
def test_answers_are_compared_whole(text: str, kind: str, expected: str | None) -> None:
    assert read_choice(text, kind, STATES) == expected


def test_an_answer_that_two_choices_allow_is_none() -> None:
    assert read_choice("好", "", (Choice("甲", ("好",)), Choice("乙", ("好",)))) is None
    assert read_choice("1", "n", (Choice("√", ("1",)),)) == "√"


@given(st.text(), st.sampled_from(["", "n", "d"]))
def test_any_answer_is_one_of_the_choices_or_none(text: str, kind: str) -> None:
    assert read_choice(text, kind, STATES) in {None, *(choice.text for choice in STATES)}


def test_values_by_column() -> None:
    text, day = Column("progress", "本期进展情况", 22), Column("formed_on", "信息形成日期", 11, kind=Kind.DATE)
    state = Column("status", "落实状态", 10, kind=Kind.CHOICE, choices=STATES)
    assert read_value(text, " 印发通知\n", "", 2022) == "印发通知"
    assert read_value(text, "#REF!", "e", 2022) is None
    assert read_value(day, "9月底", "", 2022) == "2022-09-30"
    assert read_value(state, "办结", "", 2022) == "已完成"
    assert [read_value(each, " \n", "", 2022) for each in (text, day, state)] == ["", "", ""]


def test_clearing_is_one_word() -> None:
    assert all(is_cleared(text) for text in ("清空", " 清 空。", "【清空】", "“清空”", "清\u200b空"))
    assert not any(is_cleared(text) for text in ("", "不清空", "清空数据", "清除"))
