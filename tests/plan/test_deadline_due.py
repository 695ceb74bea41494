"""Working days by the statutory calendar, and the days on which a reading falls due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadline_cases import ISSUED, OTHERS, RULINGS, YEAR
from deadline_wordings import FURTHER
from ledgergen.plan.deadline import Deadline, read_limit
from ledgergen.plan.due import due_dates
from ledgergen.plan.workdays import STATUTORY, WorkCalendar, add_workdays, calendar_of, is_workday, known_years
from ledgergen.records import Settings

DAY = timedelta(days=1)
days = st.dates(date(2019, 1, 1), date(2030, 12, 31))
readings = st.sampled_from(sorted({**RULINGS, **OTHERS, **FURTHER})).map(lambda words: read_limit(words, YEAR, ISSUED))


def dates(words: str, first: str, last: str, *, issued: str | None = None, grace: int = 0) -> list[str]:
    """Give the days of a limit of a plan of 2022 as texts."""
    signed = date.fromisoformat(issued) if issued else None
    found = read_limit(words, YEAR, signed)
    made = due_dates(found, date.fromisoformat(first), date.fromisoformat(last), issued=signed, grace=grace)
    return [day.isoformat() for day in made]


# Working days


def test_worked_weekends_and_free_weekdays_are_those_of_the_state_council() -> None:
    assert is_workday(date(2022, 10, 8))  # a Saturday worked for the National Day
    assert not is_workday(date(2022, 10, 7))  # a Friday free
    assert not is_workday(date(2022, 10, 15))
    assert is_workday(date(2022, 10, 14))


def test_the_first_day_does_not_count_and_the_last_does() -> None:
    assert add_workdays(date(2023, 7, 20), 20) == date(2023, 8, 17)  # 20 working days from issue (documents.md)
    assert add_workdays(date(2022, 9, 30), 1) == date(2022, 10, 8)
    assert add_workdays(date(2022, 10, 1), 0) == date(2022, 10, 1)
    assert add_workdays(date(2022, 10, 8), -1) == date(2022, 9, 30)


def test_the_office_may_say_otherwise() -> None:
    settings = Settings(
        "c", "", "zichuan", (), extra_workdays=(date(2022, 10, 15),), extra_holidays=(date(2022, 10, 17),),
        complete_years=(2090,),
    )  # fmt: skip
    calendar = calendar_of(settings)
    assert is_workday(date(2022, 10, 15), calendar)
    assert not is_workday(date(2022, 10, 17), calendar)
    assert add_workdays(date(2022, 10, 14), 2, calendar) == date(2022, 10, 18)
    assert calendar.unknown_years(date(2089, 1, 1), date(2091, 1, 1)) == (2089, 2091)


def test_of_a_year_that_is_not_known_only_weekends_are_free() -> None:
    year = known_years().stop + 20
    assert STATUTORY.unknown_years(date(year - 1, 12, 31), date(year, 1, 1)) == (year - 1, year)
    assert STATUTORY.unknown_years(date(2022, 1, 1), date(2022, 12, 31)) == ()
    new_year = date(year, 1, 1)
    assert is_workday(new_year) == (new_year.weekday() < 5)


@given(days, st.integers(1, 60), st.booleans())
def test_n_working_days_on_lies_a_workday_with_n_of_them_between(day: date, n: int, own: bool) -> None:  # noqa: FBT001
    calendar = WorkCalendar(extra_holidays=frozenset({day + DAY})) if own else STATUTORY
    last = add_workdays(day, n, calendar)
    between = [day + DAY * count for count in range(1, (last - day).days + 1)]
    assert is_workday(last, calendar)
    assert sum(is_workday(each, calendar) for each in between) == n
    back = add_workdays(last + DAY, -n, calendar)
    assert day < back <= last


# Due dates


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("9月底前", ["2022-09-30"]),
        ("按季度公开", ["2022-06-30", "2022-09-30", "2022-12-31"]),
        (
            "每月31日前",
            ["2022-06-30", "2022-07-31", "2022-08-31", "2022-09-30", "2022-10-31", "2022-11-30", "2022-12-31"],
        ),
        ("每季度末月20日前", ["2022-06-20", "2022-09-20", "2022-12-20"]),
        ("每季度首月15日前", ["2022-07-15", "2022-10-15"]),
        ("每半年末月20日前", ["2022-06-20", "2022-12-20"]),
        ("每年年底前", ["2022-12-31"]),
        ("每年1月31日前", []),
        ("每季度后15个工作日内", ["2022-07-21", "2022-10-26"]),
        ("从2022年第四季度起，每季度末", ["2022-12-31"]),
        ("本方案印发后30日内", ["2022-07-08"]),
        ("本方案印发后20个工作日内", ["2022-07-06"]),
        ("《办法》印发后30日内", []),
        ("信息形成之日起20个工作日内", []),
        ("届满前30日", []),
        ("6月15日至9月30日", ["2022-09-30"]),
        ("公示期不少于7日", []),
        ("长期坚持", []),
        ("定期", []),
        ("", []),
        ("长期坚持；8月底前；11月底前", ["2022-08-31", "2022-11-30"]),
        ("年底前；按季度", ["2022-06-30", "2022-09-30", "2022-12-31"]),
    ],
)
def test_due_dates_from_the_issue_to_the_end_of_the_year(words: str, due: list[str]) -> None:
    assert dates(words, "2022-06-08", "2022-12-31", issued="2022-06-08") == due


def test_a_rhythm_goes_on_after_the_year_and_its_first_period_holds_the_day_of_issue() -> None:
    assert dates("按季度", "2022-01-01", "2023-04-30", issued="2022-06-08") == [
        "2022-06-30", "2022-09-30", "2022-12-31", "2023-03-31",
    ]  # fmt: skip
    assert dates("按季度", "2022-01-01", "2022-06-30") == ["2022-03-31", "2022-06-30"]


def test_days_after_a_period_fall_due_in_the_next_one() -> None:
    assert dates("每月后10个工作日内", "2022-10-01", "2022-10-31") == ["2022-10-19"]
    assert dates("年度终了后3个月内", "2022-01-01", "2023-12-31") == ["2022-03-31", "2023-03-31"]


def test_grace_is_added_to_what_recurs_only() -> None:
    assert dates("按季度", "2022-07-01", "2022-07-31", grace=5) == ["2022-07-05"]
    assert dates("6月底前", "2022-06-01", "2022-07-31", grace=5) == ["2022-06-30"]


def test_no_day_is_moved_off_a_holiday() -> None:
    assert dates("10月2日前", "2022-10-01", "2022-10-31") == ["2022-10-02"]


def test_the_offices_calendar_counts() -> None:
    found = Deadline("recurring", every="month", within=1, unit="working_days")
    free = WorkCalendar(extra_holidays=frozenset({date(2022, 8, 1)}))
    range_ = (date(2022, 8, 1), date(2022, 8, 31))
    assert due_dates(found, *range_) == (date(2022, 8, 1),)
    assert due_dates(found, *range_, calendar=free) == (date(2022, 8, 2),)


def test_an_empty_range_and_the_ends_of_the_calendar() -> None:
    yearly = read_limit("每年年底前", YEAR, None)
    assert due_dates(yearly, date(2022, 12, 31), date(2022, 12, 30)) == ()
    assert due_dates(yearly, date(9998, 1, 1), date.max) == (date(9998, 12, 31), date.max)
    assert due_dates(yearly, date.min, date(2, 1, 1)) == (date(1, 12, 31),)


@given(readings, days, st.integers(0, 900), st.integers(0, 900), st.integers(0, 40))
def test_due_dates_lie_in_order_in_the_range_and_ranges_add_up(
    found: Deadline, first: date, one: int, more: int, grace: int
) -> None:
    middle, last = first + DAY * one, first + DAY * (one + more)
    whole = due_dates(found, first, last, issued=ISSUED, grace=grace)
    assert list(whole) == sorted(set(whole))
    assert all(first <= day <= last for day in whole)
    halves = [
        *due_dates(found, first, middle, issued=ISSUED, grace=grace),
        *due_dates(found, middle + DAY, last, issued=ISSUED, grace=grace),
    ]
    assert list(whole) == halves


@given(readings, days, days)
def test_only_what_has_a_date_falls_due(found: Deadline, first: date, last: date) -> None:
    dated = [part for part in found.parts if part.kind in ("fixed", "recurring", "period", "on_event")]
    assert dated or due_dates(found, first, last, issued=ISSUED) == ()
