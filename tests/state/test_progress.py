"""States are combined by one stated rule; counts of tasks and assignments agree with the entries."""

from collections import Counter
from itertools import combinations_with_replacement

import pytest

from builders import book, issued, sheet_of, shelf, workbook
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival
from ledgergen.state.entries import STATES, entries
from ledgergen.state.fold import fold
from ledgergen.state.history import History
from ledgergen.state.progress import combined, progress, progress_json


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ([], "未报送"),
        (["已完成", "已完成"], "已完成"),
        (["已完成", "不涉及"], "已完成"),
        (["不涉及"], "不涉及"),
        (["已完成", "持续推进"], "持续推进"),
        (["已完成", "未启动"], "推进中"),
        (["未报送", "未启动"], "未启动"),
        (["未报送", "已完成"], "推进中"),
        (["未报送", "不涉及"], "未报送"),
    ],
)
def test_the_rule(states: list[str], outcome: str) -> None:
    assert combined(states) == outcome


def test_the_rule_does_not_depend_on_order_or_number() -> None:
    for states in combinations_with_replacement(STATES, 3):
        assert combined(states) == combined(reversed(states)) == combined(states * 2)


def test_counts_agree_with_the_entries() -> None:
    finance, town = book("区财政局", ("1", "2")), book("昆仑镇", ("2", "3"))
    arrival = Arrival("a" * 64, "x.xlsx", "2022-07-01T00:00:00Z")
    typed = {("1", "status"): "办结", ("2", "status"): "在办"}
    parcel = accept(workbook(sheet_of(finance, typed)), [], arrival, shelf(finance, town), {})
    state = fold(History((issued(finance), issued(town)), (parcel,)))
    found = progress(state, "2022Q2")
    assert found.by_assignment == Counter(entry.state for entry in entries(state, "2022Q2"))
    assert [(task.task, task.state) for task in found.tasks] == [("1", "已完成"), ("2", "推进中"), ("3", "未报送")]
    shown = progress_json(found)
    assert shown["without_return"] == ["昆仑镇"]
    assert shown["assignments"] == {"total": 4, "by_state": {"已完成": 1, "推进中": 1, "未报送": 2}}
