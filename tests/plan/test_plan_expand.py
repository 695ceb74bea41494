"""Who has which task: roles, groups, what the lead must name, and what nobody knows."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ledgergen.catalogue import Severity
from ledgergen.findings import message, remedy
from ledgergen.plan.expand import expand
from ledgergen.plan.units import Registry
from ledgergen.records import Group, Plan, PlanFacts, Role, Task, Unit
from plan_texts import expanded, plan_of, registry_of

UNITS = """
    units:
    - {name: 区发改局, kind: 部门}
    - {name: 区住房城乡建设局, aliases: [区住建局], kind: 部门}
    - {name: 双杨镇, kind: 镇}
    - {name: 罗村镇, kind: 镇}
    groups:
    - {name: 各镇, kinds: [镇]}
    - {name: 各部门, kinds: [部门]}
    - {name: 有关职能部门, pending: lead}
"""


def test_plan_order_then_the_order_of_the_units() -> None:
    found, findings, idle = expanded(
        UNITS,
        """
        tasks:
        - {id: 2, name: 甲, responsible: [罗村镇, 区发改局], lead: [双杨镇]}
        - {id: 1, name: 乙, lead: [区住建局], supporting: [区发改局]}
        """,
    )
    assert found == [
        "2 区发改局 responsible",
        "2 双杨镇 lead",
        "2 罗村镇 responsible",
        "1 区发改局 supporting",
        "1 区住房城乡建设局 lead",
    ]
    assert (findings, idle) == ([], [])


def test_the_strongest_role_wins_over_names_aliases_and_groups() -> None:
    found, _, _ = expanded(
        UNITS,
        """
        tasks:
        - {id: 1, name: 甲, lead: [各镇], responsible: [双杨镇, 区住建局], supporting: [区住房城乡建设局, 各部门]}
        """,
    )
    assert found == [
        "1 区发改局 supporting common",
        "1 区住房城乡建设局 responsible",
        "1 双杨镇 lead",
        "1 罗村镇 lead common",
    ]


def test_a_name_nobody_has_is_shown_where_it_stands() -> None:
    tasks = """
        tasks:
        - id: 1
          name: 甲
          responsible: [区发改局, 区住房建设局,
            国务院]
        - {id: 2, name: 乙, lead: [国务院]}
    """
    found, findings, idle = expanded(UNITS, tasks)
    assert found == ["1 区发改局 responsible"]
    assert findings == [("unit-near-miss", 5, 23), ("unit-unknown", 6, 5), ("unit-unknown", 7, 27)]
    assert idle == ["区住房城乡建设局", "双杨镇", "罗村镇"]
    _, (near, unknown, *_) = expand(plan_of(tasks), registry_of(UNITS))
    assert str(near.where) == "plan.yaml:5:23"
    assert message(near) == "Task 1 names “区住房建设局”, whom units.yaml does not know. Near: 区住房城乡建设局."
    assert message(unknown) == "Task 1 names “国务院”, whom units.yaml does not know."
    assert remedy(unknown) == "Add it to units.yaml as a unit, an alias or a group."


def test_a_plan_made_without_a_file_points_at_what_it_can() -> None:
    plan = Plan(PlanFacts("方案", 2022), (Task("1", "甲", "", lead=("国务院",)),))
    _, (found, *_) = expand(plan, registry_of(UNITS))
    assert (found.code, str(found.where)) == ("unit-unknown", "")


# Groups whose members the lead must name.


def test_pending_the_leads_are_marked() -> None:
    found, findings, idle = expanded(
        UNITS, "tasks: [{id: 5, name: 甲, lead: [区发改局, 各镇], responsible: [有关职能部门, 区住建局]}]"
    )
    assert found == [
        "5 区发改局 lead pending",
        "5 区住房城乡建设局 responsible",
        "5 双杨镇 lead pending common",
        "5 罗村镇 lead pending common",
    ]
    assert (findings, idle) == ([], [])


def test_pending_without_a_lead_those_named_as_responsible_are_marked() -> None:
    found, findings, idle = expanded(
        UNITS,
        """
        tasks:
        - {id: 5, name: 甲, responsible: [有关职能部门, 区住建局, 各镇], supporting: [区发改局, 双杨镇]}
        """,
    )
    assert found == [
        "5 区发改局 supporting",
        "5 区住房城乡建设局 responsible pending",
        "5 双杨镇 responsible",  # responsible only through the group, named only as supporting
        "5 罗村镇 responsible common",
    ]
    assert (findings, idle) == ([], [])


def test_pending_as_the_lead_itself() -> None:
    found, findings, idle = expanded(
        UNITS, "tasks: [{id: 5, name: 甲, lead: [有关职能部门], responsible: [区住建局, 各镇]}]"
    )
    assert found[0] == "5 区住房城乡建设局 responsible pending"
    assert (findings, idle) == ([], ["区发改局"])


def test_pending_with_neither_lead_nor_anybody_named() -> None:
    found, findings, _ = expanded(
        UNITS, "tasks: [{id: 5, name: 甲, responsible: [各镇, 有关职能部门], supporting: [区发改局, 区住建局]}]"
    )
    assert [share for share in found if "pending" in share] == []
    assert len(found) == 4
    assert findings == [("pending-without-lead", 2, 44)]


def test_pending_and_nobody_at_all() -> None:
    found, findings, idle = expanded(UNITS, "tasks:\n- {id: 5, name: 甲, supporting: [有关职能部门]}\n")
    assert found == []
    assert findings == [("task-without-units", 3, 3), ("pending-without-lead", 3, 33)]
    assert len(idle) == 4


def test_pending_beside_an_unknown_lead_says_only_the_unknown() -> None:
    _, findings, _ = expanded(
        UNITS, "tasks: [{id: 5, name: 甲, lead: [国务院], responsible: [各镇, 各部门, 有关职能部门]}]"
    )
    assert findings == [("unit-unknown", 2, 33)]


def test_a_group_of_nobody_leaves_a_task_without_units() -> None:
    registry = Registry([Unit("双杨镇", "镇")], [Group("各村", kinds=("村",))])
    assignments, findings = expand(plan_of("tasks: [{id: 5, name: 甲, lead: [各村]}]"), registry)
    assert assignments == ()
    assert [found.code for found in findings] == ["task-without-units", "unit-without-tasks"]
    assert [found.severity for found in findings] == [Severity.ERROR, Severity.NOTE]


# Laws over any plan and any registry.

KINDS = ("部门", "镇", "街道")
UNIT_NAMES = tuple("甲乙丙丁戊己庚辛")


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    """Some units of some kinds with aliases, and groups of every make."""
    units = [
        Unit(name + "局", draw(st.sampled_from(["", *KINDS])), aliases=(name,))
        for name in draw(st.lists(st.sampled_from(UNIT_NAMES), min_size=1, unique=True))
    ]
    some = st.lists(st.sampled_from([name for unit in units for name in unit.names]), max_size=4).map(tuple)
    kinds = st.lists(st.sampled_from(KINDS), max_size=2).map(tuple)
    groups = [
        Group(f"类{number}", draw(kinds), draw(some), draw(some), pending=draw(st.booleans())) for number in range(3)
    ]
    return Registry(units, groups)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Some tasks that name units by name and alias, groups, and now and then nobody knows whom."""
    phrase = st.sampled_from(
        [*UNIT_NAMES, *(name + "局" for name in UNIT_NAMES), "类0", "类1", "类2", "类 0", "无名氏"]
    )
    phrases = st.lists(phrase, max_size=5).map(tuple)
    return Plan(
        PlanFacts("方案", 2022),
        tuple(
            Task(str(number), "任务", "", lead=draw(phrases), responsible=draw(phrases), supporting=draw(phrases))
            for number in range(draw(st.integers(1, 4)))
        ),
    )


@given(plans(), registries())
def test_no_pair_twice_and_the_strongest_role_wins(plan: Plan, registry: Registry) -> None:
    assignments, _ = expand(plan, registry)
    pairs = [(one.task.id, one.unit.name) for one in assignments]
    assert len(set(pairs)) == len(pairs)
    roles = {(one.task.id, one.unit.name): one.role for one in assignments}
    wanted: dict[tuple[str, str], Role] = {}
    for task in plan.tasks:
        for role, phrases in (
            (Role.SUPPORTING, task.supporting),
            (Role.RESPONSIBLE, task.responsible),
            (Role.LEAD, task.lead),
        ):
            for phrase in phrases:
                who = registry.find(phrase)
                members = registry.members(who) if isinstance(who, Group) else (who,) if who else ()
                wanted |= {(task.id, unit.name): role for unit in members}
    assert roles == wanted


@given(plans(), registries())
def test_the_order_is_that_of_the_files(plan: Plan, registry: Registry) -> None:
    assignments, _ = expand(plan, registry)
    order = [(plan.tasks.index(one.task), registry.units.index(one.unit)) for one in assignments]
    assert order == sorted(order)


@given(plans(), registries(), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing(plan: Plan, registry: Registry, chance: Random) -> None:
    def shuffled(phrases: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.sample(phrases, len(phrases)))

    turned = [
        replace(
            task, lead=shuffled(task.lead), responsible=shuffled(task.responsible), supporting=shuffled(task.supporting)
        )
        for task in plan.tasks
    ]
    other = Plan(plan.facts, tuple(chance.sample(turned, len(turned))))
    before, findings = expand(plan, registry)
    after, other_findings = expand(other, registry)
    assert {(one.task.id, one.unit, one.role, one.pending, one.common) for one in before} == {
        (one.task.id, one.unit, one.role, one.pending, one.common) for one in after
    }
    assert sorted(found.code for found in findings) == sorted(found.code for found in other_findings)


@given(plans(), registries())
def test_nothing_vanishes_in_silence(plan: Plan, registry: Registry) -> None:
    """A task that names somebody ends with units, or with a finding of its own."""
    assignments, findings = expand(plan, registry)
    served = {one.task.id for one in assignments} | {found.facts.get("id") for found in findings}
    for task in plan.tasks:
        if task.lead or task.responsible or task.supporting:
            assert task.id in served


@given(plans(), registries())
def test_a_pending_group_is_marked_or_warned_of(plan: Plan, registry: Registry) -> None:
    assignments, findings = expand(plan, registry)
    for task in plan.tasks:
        phrases = [*task.lead, *task.responsible, *task.supporting]
        found = [registry.find(phrase) for phrase in phrases]
        pending = any(isinstance(who, Group) and who.pending for who in found)
        marked = [one for one in assignments if one.task is task and one.pending]
        warned = {one.code for one in findings if one.facts.get("id") == task.id}
        assert not marked or pending
        assert marked or not pending or warned & {"pending-without-lead", "unit-unknown", "unit-near-miss"}
