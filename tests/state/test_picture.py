"""The picture of a round: tasks from units by the stated rule, stages that add up, what moved, what was known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.journal.events import Event
from ledgergen.records import PlanFacts, Role, Task
from ledgergen.report.conclusion import conclusion
from ledgergen.state.entries import STATES
from ledgergen.state.history import History
from ledgergen.state.light import Colour, Ruling, Stage, Terms, Verdict
from ledgergen.state.moments import BEIJING, moment_of, today
from ledgergen.state.past import judged_by, known_on
from ledgergen.state.picture import AssessedTask, Grounds, Picture, picture
from report_rounds import FACTS, Told

LEAD, RESPONSIBLE, SUPPORTING = Role.LEAD, Role.RESPONSIBLE, Role.SUPPORTING
PLAN = PlanFacts("2022年工作方案", 2022, issued=date(2022, 3, 1))
BEFORE, AFTER = date(2022, 9, 1), date(2022, 10, 10)  # of 9月底前


def grounds(**limits: str) -> Grounds:
    """Give limits by task: t1="9月底前"."""
    tasks = {
        name[1:]: Task(name[1:], f"任务{name[1:]}", "", ("一、公开",), time_limit=text) for name, text in limits.items()
    }
    return Grounds(tasks, PLAN, Terms(PLAN.issued), due=FACTS.due)


def shown(told: Told, day: date, found: Grounds) -> Picture:
    return picture(told.state, told.round_id, day, found)


def one_task(states: dict[str, tuple[Role, str]], day: date = AFTER, limit: str = "9月底前") -> AssessedTask:
    """Give the task of units that report a state each; an empty one reports nothing."""
    told = Told()
    for unit, (role, _) in states.items():
        told.issue(unit, {"1": role})
    for unit, (_, state) in states.items():
        if state:
            told.returns(unit, {"1": {"status": state, "published_on": "2022-06-01"}})
    (task,) = shown(told, day, grounds(t1=limit)).tasks
    return task


def test_the_lead_decides_and_the_others_stand_beside() -> None:
    task = one_task({"甲局": (LEAD, "已完成"), "乙局": (RESPONSIBLE, "推进中"), "丙镇": (SUPPORTING, "")})
    assert (task.state, task.light.colour, task.stage) == ("已完成", Colour.GREEN, Stage.CLAIMED)
    assert [item.unit for item in task.decided_by] == ["甲局"]
    assert {item.unit for item in task.otherwise} == {"乙局", "丙镇"}
    assert task.because.unit == "甲局"


def test_without_a_lead_all_responsible_units_decide_by_the_worst() -> None:
    task = one_task({"甲局": (RESPONSIBLE, "已完成"), "乙局": (RESPONSIBLE, "推进中"), "丙镇": (SUPPORTING, "")})
    assert (task.state, task.light.colour, task.stage) == ("推进中", Colour.RED, Stage.OVERDUE)
    assert task.because.unit == "乙局"
    assert [item.unit for item in task.otherwise] == []


def test_where_only_supporting_units_are_named_they_decide() -> None:
    assert one_task({"甲局": (SUPPORTING, "推进中")}).light.colour is Colour.RED


def test_a_task_is_grey_only_where_nobody_says_anything() -> None:
    some = one_task({"甲局": (RESPONSIBLE, "推进中"), "乙局": (RESPONSIBLE, "")}, BEFORE)
    assert (some.light.colour, [item.unit for item in some.otherwise]) == (Colour.GREEN, ["乙局"])
    assert one_task({"甲局": (RESPONSIBLE, ""), "乙局": (RESPONSIBLE, "")}, BEFORE).light.colour is Colour.GREY


def test_not_concerned_counts_for_nothing_beside_another() -> None:
    task = one_task({"甲局": (RESPONSIBLE, "不涉及"), "乙局": (RESPONSIBLE, "已完成")})
    assert (task.state, task.light.colour) == ("已完成", Colour.GREEN)
    alone = one_task({"甲局": (RESPONSIBLE, "不涉及")})
    assert (alone.stage, alone.light.colour) == (Stage.NOT_CONCERNED, Colour.GREY)


@given(st.lists(st.tuples(st.sampled_from(Role), st.sampled_from((*STATES[:5], ""))), min_size=1, max_size=6))
def test_stages_states_and_lights_each_add_up(parts: list[tuple[Role, str]]) -> None:
    told = Told()
    for number, (role, _) in enumerate(parts):
        told.issue(f"{number}局", {"1": role, "2": role})
    for number, (_, state) in enumerate(parts):
        if state:
            told.returns(f"{number}局", {"1": {"status": state}})
    found = shown(told, AFTER, grounds(t1="9月底前", t2="长期坚持"))
    for counts in (found.task_counts, found.assignment_counts, *(unit.counts for unit in found.units)):
        for numbers in (counts.by_stage, counts.by_state, counts.by_colour):
            assert sum(numbers.values()) == counts.total
    red = {item.key for item in found.overdue}
    assert red == {item.key for item in found.assignments if item.light.colour is Colour.RED}
    assert {item.stage for item in found.overdue} <= {Stage.OVERDUE, Stage.SILENT}
    assert found.assignment_counts.total == 2 * len(parts)


def test_what_is_overdue_longest_comes_first_and_what_is_due_first() -> None:
    told = Told().issue("甲局", {"1": LEAD, "2": LEAD, "3": LEAD}).issue("乙局", {"1": SUPPORTING})
    found = shown(told, date(2022, 9, 25), grounds(t1="6月底前", t2="8月底前", t3="9月底前"))
    assert [item.key for item in found.overdue] == [("1", "甲局"), ("1", "乙局"), ("2", "甲局")]
    assert [(item.key, item.light.left) for item in found.due_soon] == [(("3", "甲局"), 5)]


def test_an_approved_not_concerned_is_out_of_the_count() -> None:
    told = Told().issue("甲局", {"1": LEAD}).returns("甲局", {"1": {"status": "不涉及"}})
    at = moment_of("2022-09-20T00:00:00Z")
    assert at is not None
    base = grounds(t1="9月底前")
    verdicts = {("1", "甲局"): Verdict(Ruling.CLOSED, at)}
    found = shown(told, AFTER, Grounds(base.tasks, base.facts, base.terms, verdicts=verdicts))
    assert (found.task_counts.total, found.assignment_counts.total, found.assignments) == (0, 0, ())
    closed = Told().issue("甲局", {"1": LEAD}).returns("甲局", {"1": {"status": "已完成"}})
    (task,) = shown(closed, AFTER, Grounds(base.tasks, base.facts, base.terms, verdicts=verdicts)).tasks
    assert task.stage is Stage.CLOSED


def test_what_units_ask_for_and_what_a_lead_must_say_is_wanted() -> None:
    told = Told().issue("甲局", {"1": LEAD, "2": LEAD, "3": LEAD})
    told.returns(
        "甲局",
        {
            "1": {"status": "推进中", "note": "申请延期"},
            "2": {"status": "已完成", "note": "无"},
            "3": {"status": "推进中"},
        },
    )
    base = grounds(t1="9月底前", t2="9月底前", t3="9月底前")
    pending = frozenset({("3", "甲局")})
    found = shown(told, BEFORE, Grounds(base.tasks, base.facts, base.terms, pending=pending))
    assert [(each.code, each.item.task, each.text) for each in found.wanted] == [
        ("asked", "1", "申请延期"),
        ("pending", "3", ""),
    ]


def test_what_moved_since_the_round_before() -> None:
    told = Told().issue("甲局", {"1": LEAD, "2": LEAD}).returns("甲局", {"1": {"status": "推进中"}})
    limits = grounds(t1="9月底前", t2="长期坚持")
    then = shown(told, BEFORE, limits)
    told.returns("甲局", {"2": {"status": "推进中"}}, name="再报.xlsx", collected="2022-07-09T02:00:00Z")
    now = picture(told.state, told.round_id, date(2022, 10, 5), limits, then)
    assert [(each.item.task, each.code) for each in now.moved] == [("1", "worse"), ("2", "better")]
    assert then.moved == ()


def test_a_part_keeps_the_tasks_light_and_counts_its_own() -> None:
    told = (
        Told().issue("甲局", {"1": LEAD}).issue("乙镇", {"1": RESPONSIBLE}).returns("甲局", {"1": {"status": "推进中"}})
    )
    found = shown(told, AFTER, grounds(t1="9月底前"))
    part = found.narrowed(lambda item: item.unit == "乙镇")
    assert [unit.unit for unit in part.units] == ["乙镇"]
    assert (part.tasks[0].light, part.tasks[0].state) == (found.tasks[0].light, "推进中")
    assert part.assignment_counts.total == 1


def test_the_days_of_returns_are_those_of_beijing() -> None:
    told = Told().issue("甲局", {"1": LEAD})
    told.returns("甲局", {"1": {"status": "已完成"}}, received="2022-09-30T15:59:59Z")
    assert not shown(told, AFTER, grounds(t1="9月底前")).tasks[0].light.is_late
    late = Told().issue("甲局", {"1": LEAD})
    late.returns("甲局", {"1": {"status": "已完成"}}, received="2022-09-30T16:00:00Z")
    assert shown(late, AFTER, grounds(t1="9月底前")).tasks[0].light.is_late
    noon = moment_of("2022-09-30T16:00:00+00:00")
    assert noon is not None
    assert today(noon) == date(2022, 10, 1)
    assert noon.tzinfo is BEIJING


def test_a_publication_of_an_earlier_round_serves_its_quarter() -> None:
    first = Told("2022Q2").issue("甲局", {"1": LEAD})
    first.returns("甲局", {"1": {"status": "持续推进", "published_on": "2022-06-20"}})
    second = Told("2022Q3").issue("甲局", {"1": LEAD})
    second.issued, second.parcels = [*first.issued, *second.issued], [*first.parcels]
    plan = Grounds({"1": Task("1", "任务1", "", time_limit="按季度")}, PLAN, Terms(date(2022, 5, 10)))
    (task,) = picture(second.state, "2022Q3", date(2022, 8, 1), plan).tasks
    assert (task.light.colour, task.light.due) == (Colour.GREY, date(2022, 9, 30))


def history(told: Told) -> History:
    return History(tuple(told.issued), tuple(told.parcels), until="2022-07-20T00:00:00Z")


def test_what_came_in_later_does_not_exist_for_a_day() -> None:
    told = (
        Told().issue("甲局", {"1": LEAD}).returns("甲局", {"1": {"status": "推进中"}}, received="2022-07-05T01:00:00Z")
    )
    told.returns("甲局", {"1": {"status": "已完成"}}, name="b.xlsx", received="2022-07-09T01:00:00Z")
    known = known_on(history(told), date(2022, 7, 8))
    assert [parcel.name for parcel in known.parcels] == ["甲局.xlsx"]
    assert known.until == "2022-07-05T01:00:00Z"
    assert known_on(history(told), date(2022, 7, 21)).until == "2022-07-20T00:00:00Z"
    early = known_on(history(told), date(2022, 6, 1))
    assert (len(early.issued), early.parcels, early.until) == (1, (), "")


@pytest.mark.parametrize(("kind", "kept"), [("resolved", False), ("reviewed", False), ("collected", True)])
def test_what_was_judged_later_does_not_exist_for_a_day(kind: str, kept: bool) -> None:  # noqa: FBT001
    event = Event(7, "2022-07-08T16:00:00.000Z", "x", kind, {}, (), "0" * 64)
    assert bool(list(judged_by([event], date(2022, 7, 8)))) is kept
    assert list(judged_by([event], date(2022, 7, 9))) == [event]


def test_the_conclusion_counts_what_is_silent_and_overdue() -> None:
    told = Told().issue("甲局", {"1": LEAD}).issue("乙局", {"2": LEAD}).returns("甲局", {"1": {"status": "已完成"}})
    found = shown(told, AFTER, grounds(t1="9月底前", t2="9月底前"))
    assert conclusion(FACTS, found) == (
        "截至2022年10月10日，2022年第二季度应报单位2家，已报1家，未报1家；2项工作任务中，"
        "已销号0项、报完成待核查1项、按时序推进0项、逾期0项、未报送1项（其中已逾期1项）。"
    )
