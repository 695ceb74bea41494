"""What the office writes about time: ``deadline:`` in plan.yaml, ``grace:`` and ``workdays:`` in ledgergen.yaml."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadline_cases import ISSUED, OTHERS, RULINGS, YEAR
from deadline_wordings import FURTHER
from ledgergen.findings import message
from ledgergen.plan.deadline import Deadline, deadline_of, read_limit
from ledgergen.plan.deadline_text import deadline_yaml
from ledgergen.plan.limit_faults import calendar_findings, limit_findings
from ledgergen.plan.load import load_plan, load_settings
from ledgergen.plan.workdays import STATUTORY, WorkCalendar, known_years
from plan_texts import FACTS, places, plan_of, text

SETTINGS = "id: a\nname: b\nlayout: c\n"


def own(deadline: str) -> Deadline:
    """Load a plan of one task with this deadline and give what counts."""
    plan = plan_of(f"tasks:\n- {{id: '1', name: 培训, lead: [区财政局], deadline: {deadline}}}\n")
    return deadline_of(plan.tasks[0], plan.facts)


def faults(deadline: str) -> list[tuple[str, int, int]]:
    """Load a plan whose task has this deadline in line 5 from column 13 on, and give its faults."""
    yaml = f"tasks:\n- id: '1'\n  name: 培训\n  deadline: {deadline}\n"
    plan, findings = load_plan(FACTS.encode() + yaml.encode())
    assert plan is None
    return places(findings)


def test_a_deadline_may_have_every_key_of_its_kind() -> None:
    assert own("{kind: fixed, due: 2022-11-30, times: 2}") == Deadline("fixed", date(2022, 11, 30), times=2)
    assert own("{kind: recurring, every: month, by: 26, start: 2022-07-01}") == Deadline(
        "recurring", every="month", by="26", start=date(2022, 7, 1)
    )
    assert own("{kind: on_event, event: 届满, within: 30, unit: calendar_days, before: true}") == Deadline(
        "on_event", event="届满", within=30, unit="calendar_days", before=True
    )
    assert own("{kind: continuous, also: [{kind: fixed, due: 2022-11-30}]}") == Deadline(
        "continuous", also=(Deadline("fixed", date(2022, 11, 30)),)
    )


@pytest.mark.parametrize("by", ["{every: month, by: 31}", "{every: quarter, by: 3-末}", "{every: half_year, by: 6-20}"])
def test_days_inside_a_period(by: str) -> None:
    found = own("{kind: recurring, " + by[1:])
    assert f"{{every: {found.every}, by: {found.by}}}" == by


@pytest.mark.parametrize(
    ("deadline", "found"),
    [
        ("{due: 2022-11-30}", [("key-missing", 5, 13)]),
        ("{kind: soon}", [("value-unknown", 5, 20)]),
        ("{kind: fixed}", [("deadline-key-missing", 5, 13)]),
        ("{kind: recurring}", [("deadline-key-missing", 5, 13)]),
        ("{kind: fixed, due: 2022-11-31}", [("value-not-date", 5, 32)]),
        ("{kind: fixed, deu: 2022-11-30}", [("key-near-miss", 5, 27)]),
        ("{kind: continuous, due: 2022-11-30}", [("deadline-key-idle", 5, 37)]),
        ("{kind: recurring, every: week}", [("value-unknown", 5, 38)]),
        ("{kind: recurring, every: month, by: 3-20}", [("deadline-by-bad", 5, 49)]),
        ("{kind: recurring, every: quarter, by: 20}", [("deadline-by-bad", 5, 51)]),
        ("{kind: recurring, every: year, by: 13-01}", [("deadline-by-bad", 5, 48)]),
        ("{kind: recurring, every: month, within: 10}", [("deadline-key-missing", 5, 13)]),
        ("{kind: on_event, unit: months}", [("deadline-key-missing", 5, 13)]),
        ("{kind: on_event, within: ten}", [("layout-number", 5, 38)]),
        ("{kind: on_event, within: 5, unit: weeks}", [("value-unknown", 5, 47)]),
        ("{kind: on_event, within: 5, before: maybe}", [("layout-truth", 5, 49)]),
        ("{kind: period, start: 2022-09-01, due: 2022-08-31}", [("deadline-due-before-start", 5, 52)]),
        ("{kind: none, also: [{kind: fixed}]}", [("deadline-key-missing", 5, 33)]),
        ("{kind: none, also: [{kind: none, also: []}]}", [("key-unknown", 5, 46)]),
        ("soon", [("value-not-mapping", 5, 13)]),
    ],
)
def test_a_bad_deadline_is_a_finding_at_its_place(deadline: str, found: list[tuple[str, int, int]]) -> None:
    assert faults(deadline) == found


def test_a_misfit_names_what_may_stand_there() -> None:
    _, (found,) = load_plan(
        FACTS.encode() + b"tasks:\n- {id: a, name: b, deadline: {kind: fixed, due: 2022-01-02, by: 3}}"
    )
    assert message(found) == "“by” has no meaning in a deadline of the kind fixed."
    assert found.facts["keys"] == "kind, due, times, start, also"


@given(st.sampled_from(sorted({**RULINGS, **OTHERS, **FURTHER})))
def test_every_reading_can_be_written_into_the_plan_as_a_finding_shows_it(words: str) -> None:
    found = read_limit(words, YEAR, ISSUED)
    assert own(deadline_yaml(found)).to_json() == found.to_json()


# What check says.

PLAN = """
    tasks:
    - id: "1"
      name: 培训
      lead: [区财政局]
      time_limit: 11月前
    - {id: "2", name: 公开, lead: [区财政局], time_limit: 定期公开}
    - {id: "3", name: 公开, lead: [区财政局], time_limit: 年底前}
    - {id: "4", name: 公开, lead: [区财政局], time_limit: 11月前, deadline: {kind: fixed, due: 2022-11-30}}
    - {id: "5", name: 公开, lead: [区财政局], time_limit: 定期公开, deadline: {kind: unclear}}
    - {id: "6", name: 公开, lead: [区财政局]}
"""


def test_what_a_person_would_ask_about_is_said_at_the_words() -> None:
    findings = limit_findings(plan_of(PLAN))
    assert places(findings) == [("limit-before-period", 6, 15), ("limit-unclear", 7, 49)]
    assert message(findings[0]) == (
        "“11月前” may mean before it begins or by its end. It is taken by the words: {kind: fixed, due: 2022-10-31}."
    )


def test_a_year_without_holidays_is_said_where_working_days_are_counted() -> None:
    year = known_years().stop
    facts = f"plan: {{title: 方案, year: {year}}}\n"
    counted = "tasks:\n- {id: '1', name: 公开, lead: [区财政局], time_limit: 信息形成后20个工作日内}\n"
    plan, _ = load_plan((facts + counted).encode())
    plain, _ = load_plan((facts + counted.replace("个工作日", "日")).encode())
    assert plan
    assert plain
    (found,) = calendar_findings(plan, STATUTORY)
    assert (found.code, found.facts) == ("calendar-year-unknown", {"year": year})
    assert calendar_findings(plan, WorkCalendar(complete_years=frozenset({year}))) == []
    assert calendar_findings(plain, STATUTORY) == []
    before, after = date(year - 1, 1, 1), date(year + 1, 1, 1)
    assert [each.facts["year"] for each in calendar_findings(plan, STATUTORY, before, after)] == [year, year + 1]


# ledgergen.yaml


def test_grace_and_days_of_the_office() -> None:
    settings, findings = load_settings(
        text(SETTINGS + "grace: 5\nworkdays:\n  extra_workdays: [2027-02-07]\n  extra_holidays: [2027-02-08]\n")
    )
    assert findings == []
    assert settings
    assert settings.grace == 5
    assert settings.extra_workdays == (date(2027, 2, 7),)
    assert settings.extra_holidays == (date(2027, 2, 8),)
    assert settings.complete_years == ()


@pytest.mark.parametrize(
    ("yaml", "found"),
    [
        ("grace: many", [("layout-number", 4, 8)]),
        ("grace: 61", [("layout-number", 4, 8)]),
        ("workdays: {extra_workdays: [2027-02-30]}", [("value-not-date", 4, 29)]),
        ("workdays: {extra_workdays: [2027-02-07], extra_holidays: [2027-02-07]}", [("workday-both", 4, 58)]),
        ("workdays: {complete_years: [27]}", [("value-not-year", 4, 29)]),
        ("workdays: {extra_days: []}", [("key-near-miss", 4, 12)]),
    ],
)
def test_bad_days_of_the_office_are_findings(yaml: str, found: list[tuple[str, int, int]]) -> None:
    settings, findings = load_settings((SETTINGS + yaml + "\n").encode())
    assert settings is None
    assert places(findings) == found
