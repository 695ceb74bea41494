"""What the office fills in for the units: the file's faults at their places, what counts, and the file rewritten."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.plan.expand import expand
from ledgergen.plan.prefill import Given, Having, Prefill, PrefillEntry, having, load_prefill, resolve
from ledgergen.plan.prefill_edit import CellEdit, Scope, edited, prefill_yaml
from ledgergen.plan.rewrite import Unwritable
from ledgergen.plan.units import Registry
from ledgergen.plan.yaml_files import unfit
from ledgergen.records import NOTHING
from plan_texts import places, plan_of, registry_of, text

UNITS = """
    units:
    - {name: 区财政局, aliases: [财政局]}
    - {name: 区发改局}
    - {name: 昆仑镇, kind: 镇}
    - {name: 岭子镇, kind: 镇}
    - {name: 太河镇, kind: 镇}
    groups:
    - {name: 各镇, kinds: [镇]}
"""
TASKS = """
    tasks:
    - {id: "1", name: 重要部署, responsible: [区财政局, 区发改局]}
    - {id: "2", name: 减税降费, responsible: [区财政局]}
    - {id: "3", name: 收费目录, responsible: [区财政局, 各镇]}
"""
ROUNDS = ["2022Q2", "2022Q3"]
COLUMNS = ["measure", "published_on", "evidence"]
TOWNS = ("昆仑镇", "岭子镇", "太河镇")


def registry() -> Registry:
    return registry_of(UNITS)


def who() -> Having:
    return having(expand(plan_of(TASKS), registry())[0], registry())


def resolved(yaml: str) -> tuple[Prefill, list[tuple[str, int, int]]]:
    entries, findings = load_prefill(text(yaml))
    assert entries is not None, findings
    prefill, found = resolve(entries, registry(), who(), ROUNDS, COLUMNS)
    return prefill, places(found)


def prefill_of(data: bytes) -> Prefill:
    entries, findings = load_prefill(data)
    assert entries is not None, findings
    prefill, found = resolve(entries, registry(), who(), ROUNDS, COLUMNS)
    assert found == []
    return prefill


def cells(prefill: Prefill, round_id: str = "2022Q3") -> dict[tuple[str, str, str, str], str]:
    """Give every cell that is filled in, by task, unit, measure and column."""
    found = {}
    for task, units in who().items():
        for unit in units:
            for measure, given_texts in prefill.given(task, unit, round_id).items():
                for column, value in {**given_texts.texts, **given_texts.firm}.items():
                    found[task, unit, measure, column] = value
    return found


# What counts.


def test_without_units_all_that_have_the_task_are_meant_and_groups_those_of_them_that_have_it() -> None:
    prefill, faults = resolved("""
        entries:
        - {task: "3", fields: {evidence: a}}
        - {task: "1", units: [财政局], fields: {measure: b}}
        - {task: "3", units: [各镇], measure: "2", fields: {measure: c}}
    """)
    assert faults == []
    assert [share.units for share in prefill.shares] == [("区财政局", *TOWNS), ("区财政局",), TOWNS]
    assert cells(prefill)["3", "岭子镇", "2", "measure"] == "c"
    assert ("3", "区财政局", "2", "measure") not in cells(prefill)


def test_an_entry_for_the_round_stands_over_one_for_every_round() -> None:
    prefill, faults = resolved("""
        entries:
        - {task: "2", round: 2022Q3, fields: {evidence: 第三季度}}
        - {task: "2", fields: {evidence: 长期, measure: m}}
    """)
    assert faults == []
    assert cells(prefill, "2022Q2") == {
        ("2", "区财政局", "1", "evidence"): "长期",
        ("2", "区财政局", "1", "measure"): "m",
    }
    assert cells(prefill, "2022Q3")["2", "区财政局", "1", "evidence"] == "第三季度"


def test_what_overrides_is_told_apart() -> None:
    prefill, _ = resolved("""
        entries:
        - {task: "2", override: true, fields: {measure: 照此办理}}
        - {task: "2", fields: {evidence: x}}
    """)
    assert prefill.given("2", "区财政局", "2022Q2") == {"1": Given({"evidence": "x"}, {"measure": "照此办理"})}
    assert prefill.given("1", "区财政局", "2022Q2") == {}


def test_a_text_is_what_stands_in_the_file() -> None:
    prefill, faults = resolved("""
        entries:
        - {task: 2, fields: {published_on: 2022-06-30, evidence: 0533, measure: " 两头有空格 "}}
    """)
    assert faults == []
    assert cells(prefill) == {
        ("2", "区财政局", "1", "published_on"): "2022-06-30",
        ("2", "区财政局", "1", "evidence"): "0533",
        ("2", "区财政局", "1", "measure"): " 两头有空格 ",
    }


# Faults.


def test_every_fault_is_at_its_word() -> None:
    _, faults = resolved("""
        entries:
        - {task: "9", fields: {evidence: a}}
        - task: "1"
          units: [区财政厅, 昆仑镇, 各镇, 民政部]
          round: 2030Q1
          fields: {evidenec: a}
        - {task: "2", fields: {measure: 甲}}
        - {task: "2", units: [区财政局], fields: {measure: 乙, evidence: 同}}
        - {task: "2", fields: {evidence: 同}}
        - {task: "2", round: 2022Q3, fields: {measure: 丙}}
    """)
    assert faults == [
        ("prefill-task-unknown", 2, 10),
        ("prefill-round-unknown", 3, 9),
        ("unit-near-miss", 4, 11),
        ("prefill-not-theirs", 4, 17),
        ("prefill-not-theirs", 4, 22),
        ("unit-unknown", 4, 26),
        ("prefill-column-unknown", 6, 22),
        ("prefill-twice", 8, 48),
    ]


@pytest.mark.parametrize(
    ("yaml", "fault"),
    [
        ("entries: [{task: '1'}]", ("key-missing", 1, 11)),
        ("entries: [{task: '1', fields: {}}]", ("value-empty", 1, 31)),
        ("entries: [{task: '1', units: [], fields: {a: b}}]", ("value-empty", 1, 30)),
        ("entries: [{task: '1', fields: {a: ' '}}]", ("value-empty", 1, 35)),
        ("entries: [{task: '1', fields: {a: [b]}}]", ("value-not-text", 1, 35)),
        ("entries: [{task: '1', fields: [b]}]", ("value-not-mapping", 1, 31)),
        ("entries: [{task: '1', measure: x, fields: {a: b}}]", ("prefill-measure-bad", 1, 32)),
        ("entries: [{task: '1', override: maybe, fields: {a: b}}]", ("layout-truth", 1, 33)),
        ("entries: [{task: '1', unit: x, fields: {a: b}}]", ("key-near-miss", 1, 23)),
        ("entry: []", ("key-near-miss", 1, 1)),
    ],
)
def test_faults_of_shape(yaml: str, fault: tuple[str, int, int]) -> None:
    entries, findings = load_prefill(yaml.encode())
    assert entries is None
    assert places(findings) == [fault]


def test_a_key_without_a_value_counts_as_left_out() -> None:
    entries, findings = load_prefill(
        text("""
        entries:
        - {task: "2", units: , round: , fields: {evidence: a, measure: }}
    """)
    )
    assert findings == []
    assert entries == (PrefillEntry("2", {"evidence": "a"}),)


def test_no_entry_is_no_fault() -> None:
    assert load_prefill(b"entries:\n") == ((), [])


# The file rewritten.


def rewritten(yaml: str, edits: Iterable[CellEdit]) -> str:
    data = text(yaml)
    return edited(data, prefill_of(data).shares, edits, who(), COLUMNS, registry()).decode()


def put(task: str, unit: str, column: str, value: str | None, *, measure: str = "1", round_id: str = "") -> CellEdit:
    return CellEdit(Scope(task, measure, round_id, override=False), unit, column, value)


FILE = """
    # 代填
    entries:
    # 税务
    - task: "2"   # 减税
      fields:
        evidence: https://www.example.invalid/a   # 网址
    - {task: "3", units: [区财政局, 各镇], fields: {measure: 公布目录, evidence: "0533"}}  # 目录
"""


def test_without_edits_the_file_is_the_same() -> None:
    assert rewritten(FILE, []) == text(FILE).decode()


def test_one_cell_costs_that_cell_and_comments_stay() -> None:
    changed = rewritten(FILE, [put("2", "区财政局", "evidence", "https://www.example.invalid/b")])
    assert changed == text(FILE).decode().replace("invalid/a ", "invalid/b ")


def test_what_all_units_of_an_entry_want_is_put_into_it() -> None:
    edits = [put("3", unit, "measure", "按季公布") for unit in ("区财政局", *TOWNS)]
    edits += [put("3", unit, "published_on", "2022-06-30") for unit in ("区财政局", *TOWNS)]
    assert rewritten(FILE, edits) == text(FILE).decode().replace(
        'measure: 公布目录, evidence: "0533"', 'measure: 按季公布, evidence: "0533", published_on: 2022-06-30'
    )


def test_a_unit_that_differs_gets_an_entry_of_its_own_and_the_group_keeps_its_name() -> None:
    changed = rewritten(FILE, [put("3", "区财政局", "measure", "编印目录")])
    assert "units: [各镇], fields: {measure: 公布目录" in changed
    assert changed.endswith('- {task: "3", units: [区财政局], fields: {measure: 编印目录, evidence: "0533"}}\n')
    assert "# 目录" in changed
    before, after = cells(prefill_of(text(FILE))), cells(prefill_of(changed.encode()))
    assert after == before | {("3", "区财政局", "1", "measure"): "编印目录"}


def test_a_group_that_loses_a_member_is_spelled_out() -> None:
    changed = rewritten(FILE, [put("3", "岭子镇", "evidence", None)])
    assert "units: [区财政局, 昆仑镇, 太河镇]" in changed
    assert cells(prefill_of(changed.encode())) == {
        cell: value for cell, value in cells(prefill_of(text(FILE))).items() if cell != ("3", "岭子镇", "1", "evidence")
    }


def test_alike_for_all_units_of_a_task_is_one_entry_that_names_none() -> None:
    edits = [put("1", unit, "measure", "按季公开") for unit in ("区发改局", "区财政局")]
    assert rewritten(FILE, edits) == text(FILE).decode() + '- {task: "1", fields: {measure: 按季公开}}\n'


def test_emptied_entries_go() -> None:
    changed = rewritten(FILE, [put("2", "区财政局", "evidence", None)])
    assert 'task: "2"' not in changed
    assert 'task: "3"' in changed
    changed = rewritten("entries:\n- {task: '2', fields: {measure: a}}\n", [put("2", "区财政局", "measure", None)])
    assert cells(prefill_of(changed.encode())) == {}


def test_the_first_key_of_several_goes_alone() -> None:
    edits = [put("3", unit, "measure", None) for unit in ("区财政局", *TOWNS)]
    assert 'fields: {evidence: "0533"}' in rewritten(FILE, edits)


def test_a_file_begins_with_what_it_is() -> None:
    made = edited(None, (), [put("2", "区财政局", "measure", "=1+1", round_id="2022Q3")], who(), COLUMNS, registry())
    assert made.decode().splitlines()[0].startswith("# yaml-language-server: $schema=")
    assert made.decode().splitlines()[2:] == [
        "entries:",
        '- task: "2"',
        "  round: 2022Q3",
        '  fields: {measure: "=1+1"}',
    ]


def test_what_is_written_in_another_way_is_refused_not_broken() -> None:
    data = b'entries: [{task: "2", fields: {measure: a}}]'
    with pytest.raises(Unwritable):
        edited(data, prefill_of(data).shares, [put("1", "区财政局", "measure", "b")], who(), COLUMNS, registry())


# Whatever a campaign file may hold at all.
words = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
    .filter(lambda word: not unfit(word))
    .filter(str.strip)
)
entries = st.builds(
    PrefillEntry,
    st.sampled_from(["1", "2", "3.12", "A.1"]),
    st.dictionaries(st.sampled_from(COLUMNS), words, min_size=1),
    st.none() | st.lists(words.map(str.strip).filter(bool), min_size=1, max_size=3).map(tuple),
    st.sampled_from(["", *ROUNDS]),
    st.sampled_from(["1", "2", "17", "N7K2F"]),
    st.booleans(),
)


@given(st.lists(entries, max_size=4))
def test_what_is_written_is_read_back(made: list[PrefillEntry]) -> None:
    found, findings = load_prefill(prefill_yaml(made))
    assert findings == []
    assert found == tuple(made)


edits = st.dictionaries(
    st.tuples(st.sampled_from([(task, unit) for task, units in who().items() for unit in units]),
              st.sampled_from(["1", "2"]), st.sampled_from(COLUMNS)),
    st.none() | st.sampled_from(["甲", "乙", "a: b", "#", "2022-06-30"]),
    max_size=8,
)  # fmt: skip


@given(st.lists(edits, min_size=1, max_size=3))
def test_edits_say_what_was_typed_and_nothing_else(
    rounds: list[Mapping[tuple[tuple[str, str], str, str], str | None]],
) -> None:
    data, expected = text(FILE), cells(prefill_of(text(FILE)))
    for each in rounds:
        made = [
            put(task, unit, column, value, measure=measure) for ((task, unit), measure, column), value in each.items()
        ]
        data = edited(data, prefill_of(data).shares, made, who(), COLUMNS, registry())
        for edit in made:
            cell = (edit.scope.task, edit.unit, edit.scope.measure, edit.column)
            expected = {key: value for key, value in expected.items() if key != cell}
            expected |= {cell: edit.text} if edit.text is not None else {}
        assert cells(prefill_of(data)) == expected
    assert NOTHING == {}
