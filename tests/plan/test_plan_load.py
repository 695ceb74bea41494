"""Loading the three files: all faults of a file at once, each at its place."""

from datetime import date

import pytest

from ledgergen.findings import message, remedy
from ledgergen.plan.load import load_plan, load_settings, load_units
from ledgergen.records import Round, Settings
from plan_texts import FACTS, places, plan_of, text

SETTINGS = """
    id: zichuan-2022
    name: 2022年淄川区政务公开
    layout: zichuan
    contact: {office: 区政府办公室, phone: 0533}
    rounds:
    - {id: 2022Q2, name: 2022年第二季度, opens: 2022-06-15, due: 2022-07-10}
"""


def settings_faults(yaml: str) -> list[tuple[str, int, int]]:
    settings, findings = load_settings(text(yaml))
    assert settings is None
    return places(findings)


def plan_faults(tasks: str) -> list[tuple[str, int, int]]:
    """Give the faults of a plan; line 1 holds its facts."""
    _, findings = load_plan(FACTS.encode() + text(tasks))
    return places(findings)


# ledgergen.yaml


def test_settings() -> None:
    settings, findings = load_settings(text(SETTINGS))
    assert findings == []
    assert settings == Settings(
        id="zichuan-2022",
        name="2022年淄川区政务公开",
        layout="zichuan",
        rounds=(Round("2022Q2", "2022年第二季度", date(2022, 6, 15), date(2022, 7, 10)),),
        contact_office="区政府办公室",
        contact_phone="0533",
    )


def test_settings_need_neither_rounds_nor_contact() -> None:
    settings, findings = load_settings(b"id: a\nname: b\nlayout: c\nrounds:\ncontact:\n")
    assert findings == []
    assert settings == Settings("a", "b", "c", ())


def test_all_faults_of_the_settings_at_once() -> None:
    assert settings_faults("""
        id:
        nmae: 2022年淄川区政务公开
        layout: ../../etc/passwd
        colour: red
        contact: 区政府办公室
        rounds:
        - {id: 2022 Q2, name: "", opens: 2022-06-31, due: 10.7.2022}
        - {id: 2022Q3, name: 三季度, opens: 2022-10-20, due: 2022-10-10}
        - {id: 2022Q3, name: 三季度, opens: 2022-09-20}
        mail: yes
    """) == [
        ("value-empty", 1, 1),
        ("key-near-miss", 2, 1),
        ("layout-name-bad", 3, 9),
        ("key-unknown", 4, 1),
        ("value-not-mapping", 5, 10),
        ("round-id-bad", 7, 8),
        ("value-empty", 7, 23),
        ("value-not-date", 7, 34),
        ("value-not-date", 7, 51),
        ("round-due-before-opens", 8, 51),
        ("key-missing", 9, 3),
        ("round-id-twice", 9, 8),
        ("value-not-mapping", 10, 7),
    ]


def test_a_round_may_be_due_the_day_it_opens() -> None:
    settings, findings = load_settings(text(SETTINGS.replace("2022-07-10", "2022-06-15")))
    assert settings is not None
    assert findings == []


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\\\b", "C:x", ".hidden", "", "a" * 65])
def test_a_layout_is_a_name_and_no_path(name: str) -> None:
    assert settings_faults(f'id: a\nname: b\nlayout: "{name}"\n') == [("layout-name-bad", 3, 9)]


def test_a_file_of_something_else() -> None:
    assert settings_faults("- a\n- b\n") == [("file-not-mapping", 1, 1)]
    assert settings_faults("just a text\n") == [("file-not-mapping", 1, 1)]


# plan.yaml


def test_a_plan() -> None:
    plan, findings = load_plan(
        text("""
            plan:
              {title: 方案, region: 淄川区, year: 2022, document_number: 川政办字〔2022〕32号, issued: 2022-06-08}
            tasks:
            - id: 5
              section: [一、重点, （一）规划]
              name: 规划（计划）落实
              requirement: |
                第一行
                第二行
              lead: [区发改局]
              responsible: [有关职能部门, 12345]
              supporting:
              - 区档案馆
              time_limit: 2022-12-31
              deadline: {kind: on_event, within: 20, unit: working_days, event: 信息形成, due: 2022-12-31, before: true}
              measures: [每季度一次]
        """)
    )
    assert findings == []
    assert plan is not None
    assert (plan.facts.title, plan.facts.year, plan.facts.issued) == ("方案", 2022, date(2022, 6, 8))
    (task,) = plan.tasks
    assert (task.id, task.time_limit, task.requirement) == ("5", "2022-12-31", "第一行\n第二行")
    assert task.section == ("一、重点", "（一）规划")
    assert (task.lead, task.responsible, task.supporting) == (("区发改局",), ("有关职能部门", "12345"), ("区档案馆",))
    assert task.measures == ("每季度一次",)
    assert task.deadline == {
        "kind": "on_event",
        "within": 20,
        "unit": "working_days",
        "event": "信息形成",
        "due": "2022-12-31",
        "before": True,
    }
    assert (task.where.file, task.where.line, task.where.column) == ("plan.yaml", 4, 3)


def test_all_faults_of_a_plan_at_once() -> None:
    plan, findings = load_plan(
        text("""
            plan: {title: 方案, year: MMXXII, issued: 8.6.2022, isuer: 区政府}
            tasks:
            - id: 第五
              name:
              lead: 区发改局
              supporting: [区财政局, "", ~, {a: b}]
            - name: 无编号
              responsable: [区财政局]
            - id: "6"
              name: [a]
              deadline: {kind: soon, within: 3}
              section: {a: b}
            - 区财政局
            - id: "6"
              name: 又一项
              deadline: {within: 3}
            - id: l1.0
              name: 甲
              responsible: [区财政局]
            - id: I1.o
              name: 乙
        """)
    )
    assert plan is None
    assert places(findings) == [
        ("value-not-year", 1, 25),
        ("value-not-date", 1, 41),
        ("key-near-miss", 1, 51),
        ("task-id-bad", 3, 7),
        ("value-empty", 4, 3),
        ("value-not-list", 5, 9),
        ("value-empty", 6, 22),
        ("value-empty", 6, 26),
        ("value-not-text", 6, 29),
        ("key-missing", 7, 3),
        ("key-near-miss", 8, 3),
        ("value-not-text", 10, 9),
        ("value-unknown", 11, 20),
        ("value-not-list", 12, 12),
        ("value-not-mapping", 13, 3),
        ("task-id-twice", 14, 7),
        ("key-missing", 16, 13),
        ("task-id-alike", 20, 7),
    ]


def test_a_task_id_twice_names_both_places() -> None:
    plan, findings = load_plan(
        FACTS.encode()
        + text("""
            tasks:
            - {id: 5, name: 甲, lead: [区财政局]}
            - {id: "5", name: 乙, lead: [区财政局]}
        """)
    )
    assert plan is None
    (found,) = findings
    assert str(found.where) == "plan.yaml:4:8"
    assert message(found) == "The task id “5” is there twice, first in line 3."
    assert remedy(found) == "Give one of the two tasks another id."


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("1", "l", True),
        ("I2", "12", True),
        ("O.1", "0.L", True),
        ("a", "A", True),
        ("1.0", "10", False),
        ("5", "S", False),
        ("2", "Z", False),
    ],
)
def test_ids_that_a_row_code_cannot_tell_apart(one: str, other: str, *, alike: bool) -> None:
    tasks = f"""
        tasks:
        - {{id: {one}, name: 甲, lead: [区财政局]}}
        - {{id: {other}, name: 乙, lead: [区财政局]}}
    """
    assert plan_faults(tasks) == ([("task-id-alike", 4, 8)] if alike else [])


@pytest.mark.parametrize("task_id", ["5", "3.12", "A1", "1234567890ab", "..."])
def test_usable_task_ids(task_id: str) -> None:
    assert plan_of(f"tasks: [{{id: {task_id}, name: 甲, lead: [区财政局]}}]").tasks[0].id == task_id


@pytest.mark.parametrize("task_id", ["第五", "1234567890abc", "a-b", "5 6", "５", "''"])
def test_task_ids_that_are_not_usable(task_id: str) -> None:
    assert plan_faults(f"tasks: [{{id: {task_id}, name: 甲, lead: [区财政局]}}]") == [("task-id-bad", 2, 14)]


@pytest.mark.parametrize("tasks", ["", "tasks:", "tasks: []"])
def test_a_plan_without_tasks(tasks: str) -> None:
    assert [code for code, _, _ in plan_faults(tasks)] == ["plan-empty"]


def test_a_misspelt_key_is_one_fault_and_not_two() -> None:
    assert plan_faults("task:\n- {id: 5, name: 甲}\n") == [("key-near-miss", 2, 1)]


def test_tasks_that_name_nobody() -> None:
    plan, findings = load_plan(
        FACTS.encode()
        + text("""
            tasks:
            - {id: 5, name: 甲}
            - {id: 6, name: 乙, lead: [], responsible: , supporting: []}
            - {id: 7, name: 丙, supporting: [区财政局]}
        """)
    )
    assert plan is not None
    assert places(findings) == [("task-without-units", 3, 3), ("task-without-units", 4, 3)]


# units.yaml


def test_all_faults_of_the_units_at_once() -> None:
    registry, findings = load_units(
        text("""
            units:
            - {name: 区财政局, alias: [财政局], kind: 部门}
            - {name: 区住建局, former_names: [区财政局], mail: zjj@example.invalid}
            - {name: " ", kind: [镇]}
            groups:
            - {name: 各镇, kind: [镇], pending: later}
            - {name: 区 住建局, members: [区财政局]}
            - {name: 各镇, kinds: 镇}
            unit: []
        """)
    )
    assert registry is None
    assert places(findings) == [
        ("key-near-miss", 2, 16),
        ("unit-name-twice", 3, 31),
        ("value-not-list", 3, 44),
        ("value-empty", 4, 10),
        ("value-not-text", 4, 21),
        ("key-near-miss", 6, 14),
        ("value-unknown", 6, 34),
        ("group-name-taken", 7, 10),
        ("group-name-twice", 8, 10),
        ("value-not-list", 8, 21),
        ("key-unknown", 9, 1),
    ]


def test_the_wording_of_a_near_miss_and_of_an_unknown_key() -> None:
    _, (near, unknown) = load_units(b"units:\n- {name: a, alais: [b], colour: red}\n")
    assert message(near) == "The key “alais” is not known; “aliases” looks like it."
    keys = "name, kind, aliases, former_names, mail, cc, contact, phone, channel"
    assert remedy(unknown) == f"Delete it. The keys that may stand here are: {keys}."


def test_a_file_that_is_no_yaml_gives_nothing_but_the_reason() -> None:
    gbk = "name: 规划落实\n".encode("gb18030")
    for load, file in ((load_settings, "ledgergen.yaml"), (load_plan, "plan.yaml"), (load_units, "units.yaml")):
        record, findings = load(gbk)
        assert record is None
        assert [(found.code, str(found.where)) for found in findings] == [("yaml-gb18030", f"{file}:1:7")]
