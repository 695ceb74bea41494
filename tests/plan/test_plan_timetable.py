"""What is due in a round: never hidden by a guess, never asked again once it is done."""

from datetime import date

import pytest

from ledgergen.plan.timetable import Timetable
from ledgergen.records import PlanFacts, Task

FACTS = PlanFacts("方案", 2022, issued=date(2022, 6, 8))
SECOND, THIRD, FOURTH = date(2022, 7, 10), date(2022, 10, 10), date(2023, 1, 5)  # the last days of three rounds


def is_due(limit: str, until: date, finished: date | None = None, deadline: dict[str, object] | None = None) -> bool:
    return Timetable(FACTS, until).is_due(Task("1", "n", "r", time_limit=limit, deadline=deadline), finished)


@pytest.mark.parametrize(
    ("limit", "in_rounds"),
    [
        ("长期坚持", [SECOND, THIRD, FOURTH]),
        ("", [SECOND, THIRD, FOURTH]),
        ("定期公开", [SECOND, THIRD, FOURTH]),
        ("信息形成或变更之日起20个工作日内公开", [SECOND, THIRD, FOURTH]),
        ("2022年6月底前", [SECOND, THIRD, FOURTH]),  # and overdue from then on
        ("9月底前", [THIRD, FOURTH]),
        ("2022年年底前", [FOURTH]),
        ("按季度公开", [SECOND, THIRD, FOURTH]),
        ("每年11月底前", [FOURTH]),
        ("每年1月底前", []),  # the next one is in 2023, after the last round
        ("2022年年底前，其后动态调整", [SECOND, THIRD, FOURTH]),  # one part goes on
    ],
)
def test_a_limit_with_dates_is_due_once_one_has_come(limit: str, in_rounds: list[date]) -> None:
    assert [until for until in (SECOND, THIRD, FOURTH) if is_due(limit, until)] == in_rounds


@pytest.mark.parametrize("limit", ["秋季前", "2021年12月底前", "每周公开", "（字迹不清）月前"])
def test_what_a_person_would_ask_about_is_always_due(limit: str) -> None:
    assert is_due(limit, SECOND)


@pytest.mark.parametrize("limit", ["长期坚持", "", "2022年6月底前", "信息形成之日起20个工作日内公开", "定期公开"])
def test_what_is_finished_is_due_no_more(limit: str) -> None:
    assert not is_due(limit, THIRD, SECOND)


def test_what_recurs_is_due_again_from_its_next_date_on() -> None:
    assert is_due("按季度公开", THIRD, SECOND)
    assert not is_due("每年11月底前", THIRD, SECOND)
    assert is_due("每年11月底前", FOURTH, THIRD)


def test_the_offices_own_reading_counts() -> None:
    assert not is_due("适时", THIRD, deadline={"kind": "fixed", "due": "2022-12-31"})
    assert is_due("适时", FOURTH, deadline={"kind": "fixed", "due": "2022-12-31"})
