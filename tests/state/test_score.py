"""The score is fair: explained line by line, ties stay ties, an honest 未完成 never below an unverified 已完成."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ledgergen.plan.score_rules import ScoreRules, load_score_rules
from ledgergen.records import PlanFacts, Role, Task
from ledgergen.resources import resource_folder
from ledgergen.state.light import Ruling, Terms, Verdict
from ledgergen.state.moments import moment_of
from ledgergen.state.picture import Grounds, picture
from ledgergen.state.score import Line, Score, ranked, scores
from report_rounds import FACTS, Told

PLAN = PlanFacts("2022年工作方案", 2022, issued=date(2022, 3, 1))
LIMITS = ("9月底前", "按季度", "信息形成之日起20个工作日内公开", "长期坚持", "6月底前；长期坚持", "")
TASKS = {str(number): Task(str(number), "", "", time_limit=text) for number, text in enumerate(LIMITS, start=1)}
KINDS = {"甲局": "部门", "乙局": "部门", "丙局": "部门", "丁镇": "镇", "戊站": "站所"}
NOON = moment_of("2022-11-01T04:00:00Z")
DAYS = st.dates(date(2022, 3, 1), date(2022, 10, 31)).map(date.isoformat)


def rules() -> ScoreRules:
    data = (resource_folder("templates") / "score.yaml").read_bytes()
    found, findings = load_score_rules(data, "score.yaml")
    assert found is not None, findings
    return found


def scored(told: Told, verdicts: dict[tuple[str, str], Verdict] | None = None, **own: list[Line]) -> dict[str, Score]:
    grounds = Grounds(TASKS, PLAN, Terms(PLAN.issued), KINDS, verdicts=verdicts or {}, due=FACTS.due)
    found = picture(told.state, told.round_id, date(2022, 11, 1), grounds)
    return {score.unit: score for score in scores(found, rules(), own)}


def claim(unit: str = "甲局", *, role: Role = Role.LEAD, **cells: str) -> Score:
    """Score a unit that says this of every task."""
    told = Told().issue(unit, dict.fromkeys(TASKS, role)).returns(unit, dict.fromkeys(TASKS, cells))
    return scored(told)[unit]


def test_the_shipped_rules_are_read() -> None:
    found = rules()
    assert (found.full, found.open.each, found.late_done.each) == (Decimal(100), Decimal(1), Decimal("0.5"))
    assert found.groups["街道"] == "镇（街道、开发区）"
    assert found.weights[Role.SUPPORTING] == Decimal("0.5")


@given(
    st.sampled_from(("未启动", "推进中", "持续推进")),
    st.none() | DAYS,
    st.none() | DAYS,
    st.sampled_from(Role),
)
def test_an_honest_unfinished_never_scores_below_an_unverified_done(
    state: str, formed: str | None, published: str | None, role: Role
) -> None:
    formed_on = {"formed_on": formed} if formed else {}
    honest = claim(role=role, status=state, **formed_on)
    boast = claim(role=role, status="已完成", **formed_on, **({"published_on": published} if published else {}))
    assert honest.points >= boast.points


@given(st.sampled_from(("已完成", "推进中", "不涉及", "")), st.sampled_from(Role))
def test_the_lines_add_up_to_the_score(state: str, role: Role) -> None:
    score = (
        claim(role=role, status=state) if state else scored(Told().issue("甲局", dict.fromkeys(TASKS, role)))["甲局"]
    )
    assert score.points == sum(line.points for line in score.lines)
    assert score.lines[0] == Line("full", Decimal(100))
    assert 0 <= score.points <= Decimal(100)


def test_who_is_silent_scores_below_who_is_honest() -> None:
    told = Told().issue("甲局", {"1": Role.LEAD}).issue("乙局", {"1": Role.LEAD}).issue("丙局", {"1": Role.LEAD})
    told.returns("甲局", {"1": {"status": "未启动"}}).returns(
        "丙局", {"1": {"status": "未启动"}}, received="2022-08-01T00:00:00Z"
    )
    found = scored(told)
    assert [line.code for line in found["甲局"].lines] == ["full", "open"]
    assert [line.code for line in found["乙局"].lines] == ["full", "silent-unit", "silent"]
    assert [line.code for line in found["丙局"].lines] == ["full", "late-unit", "open"]
    assert found["乙局"].points < found["丙局"].points < found["甲局"].points


def test_what_the_office_has_closed_costs_nothing_unless_it_was_late() -> None:
    told = Told().issue("甲局", {"1": Role.LEAD}).issue("乙局", {"1": Role.LEAD})
    told.returns("甲局", {"1": {"status": "已完成", "published_on": "2022-09-20"}})
    told.returns("乙局", {"1": {"status": "已完成", "published_on": "2022-10-20"}})
    assert NOON is not None
    verdicts = {("1", unit): Verdict(Ruling.CLOSED, NOON) for unit in ("甲局", "乙局")}
    found = scored(told, verdicts)
    assert (found["甲局"].points, found["乙局"].points) == (Decimal(100), Decimal("99.5"))
    assert found["乙局"].lines[-1].code == "late-done"


def test_many_of_a_kind_cost_no_more_than_the_rules_say_and_no_score_falls_below_the_least() -> None:
    told = Told().issue("甲局", {f"1.{number}": Role.LEAD for number in range(50)})
    tasks = {f"1.{number}": Task(f"1.{number}", "", "", time_limit="6月底前") for number in range(50)}
    found = picture(told.state, told.round_id, date(2022, 11, 1), Grounds(tasks, PLAN, Terms(PLAN.issued), KINDS))
    (score,) = scores(found, rules(), {"甲局": [Line("own", Decimal(-90), facts={"text": "通报批评"})]})
    assert [line.points for line in score.lines if line.code == "most"] == [Decimal(70)]
    assert (score.lines[-1].code, score.points) == ("least", Decimal(0))


def test_ties_stay_ties_and_departments_and_towns_are_apart() -> None:
    told = Told()
    for unit in KINDS:
        told.issue(unit, {"4": Role.LEAD})
        told.returns(unit, {"4": {"status": "持续推进"}})
    found = scored(told, 丙局=[Line("own", Decimal(-2), facts={"text": "整改不力"})])
    groups = ranked(found.values())
    assert {name: [(each.rank, each.score.unit) for each in own] for name, own in groups.items()} == {
        "部门": [(1, "甲局"), (1, "乙局"), (3, "丙局")],
        "镇（街道、开发区）": [(1, "丁镇")],
        "其他": [(1, "戊站")],
    }
