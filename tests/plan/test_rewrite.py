"""Changing a YAML file: what is changed says the new thing, every other character stays as it was."""

import difflib
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledgergen.plan.fields import TASKS, UNITS
from ledgergen.plan.rewrite import Add, Change, Drop, Put, Settle, Unwritable, rewritten
from ledgergen.plan.spelling import spelled_text
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.resources import resource_folder

PLAN = """\
# 方案
plan: {title: 题, year: 2022}  # 一行
tasks:

# ── 第一部分 ──
# 待核：时限续自上一行
- id: "1"          # 编号
  section: []
  name: 甲项
  lead: [区A, 区B,
    区C]   # 牵头
  requirement: |-
    第一行
    第二行
  time_limit: 'x'
# ── 第二部分 ──
- id: 2
  name: 乙项  # 待核 这里也是
  responsible:
  - 区A   # 甲
  - 区B   # 乙
- {id: "3", name: 丙项, lead: [区A]}   # 单行
groups:
"""


def text(data: bytes) -> str:
    return data.decode()


def changed(*changes: Change, source: str = PLAN) -> str:
    return text(rewritten(source.encode(), changes))


def diff(new: str, source: str = PLAN) -> list[str]:
    """Give the lines that differ, as ``-old`` and ``+new``."""
    lines = difflib.unified_diff(source.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:3] not in ("---", "+++") and not line.startswith("@@")]


def says(data: bytes) -> Any:  # noqa: ANN401 - whatever the file says
    document, findings = read_yaml(data, "x.yaml")
    assert document is not None, findings
    return document.written()


def put(index: int, key: str, value: Any) -> Put:  # noqa: ANN401 - whatever the field holds
    return Put(("tasks", index, key), value, TASKS.order)


def test_no_change_is_the_same_bytes() -> None:
    data = PLAN.encode()
    assert rewritten(data, []) is data


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (Put(("plan", "year"), "2023"), [
            "-plan: {title: 题, year: 2022}  # 一行",
            "+plan: {title: 题, year: 2023}  # 一行",
        ]),
        (put(0, "id", "1a"), ['-- id: "1"          # 编号', '+- id: "1a"          # 编号']),
        (put(0, "time_limit", "9月底前"), ["-  time_limit: 'x'", "+  time_limit: '9月底前'"]),
        (put(0, "requirement", "只有一行"), [
            "-  requirement: |-", "-    第一行", "-    第二行",
            "+  requirement: 只有一行",
        ]),
        (put(0, "requirement", "甲\n\n乙"), ["-    第一行", "-    第二行", "+    甲", "+", "+    乙"]),
        (put(0, "lead", ["区A", "区C"]), ["-  lead: [区A, 区B,", "-    区C]   # 牵头", "+  lead: [区A, 区C]   # 牵头"]),
        (put(0, "lead", ["区A", "区B", "区C", "区D"]), ["-    区C]   # 牵头", "+    区C, 区D]   # 牵头"]),
        (put(0, "lead", []), ["-  lead: [区A, 区B,", "-    区C]   # 牵头", "+  lead: []   # 牵头"]),
        (put(0, "section", ["一、总则"]), ["-  section: []", "+  section: [一、总则]"]),
        (put(0, "name", "=1+1"), ["-  name: 甲项", '+  name: "=1+1"']),
        (put(0, "name", "甲: 乙 # 丙"), ["-  name: 甲项", '+  name: "甲: 乙 # 丙"']),
        (put(0, "name", ""), ["-  name: 甲项", '+  name: ""']),
        (put(1, "responsible", ["区B", "区Z"]), ["-  - 区A   # 甲", "+  - 区Z"]),
        (put(1, "responsible", ["区X", "区A", "区B"]), ["+  - 区X"]),
        (put(1, "responsible", []), [
            "-  responsible:", "-  - 区A   # 甲", "-  - 区B   # 乙",
            "+  responsible: []   # 乙",
        ]),
        (put(1, "deadline", {"kind": "fixed", "due": "2022-12-31"}), ["+  deadline: {kind: fixed, due: 2022-12-31}"]),
        (put(2, "measures", ["a, b"]), [
            '-- {id: "3", name: 丙项, lead: [区A]}   # 单行',
            '+- {id: "3", name: 丙项, lead: [区A], measures: ["a, b"]}   # 单行',
        ]),
        (put(2, "supporting", ["区B"]), [
            '-- {id: "3", name: 丙项, lead: [区A]}   # 单行',
            '+- {id: "3", name: 丙项, lead: [区A], supporting: [区B]}   # 单行',
        ]),
        (Add("tasks", 0, {"id": "1.1", "name": "新"}), ['+- id: "1.1"', "+  name: 新"]),
        (Add("tasks", 2, {"id": "4", "name": "新"}), ['+- {id: "4", name: 新}']),
        (Add("tasks", -1, {"id": "0"}), ['+- id: "0"']),
        (Add("groups", -1, {"name": "各镇", "kinds": ["镇"]}), ["+- name: 各镇", "+  kinds: [镇]"]),
        (Drop("tasks", 2), ['-- {id: "3", name: 丙项, lead: [区A]}   # 单行']),
        (Settle("tasks", 0), ["-# 待核：时限续自上一行", "+# 已核：时限续自上一行"]),
        (Settle("tasks", 1), ["-  name: 乙项  # 待核 这里也是", "+  name: 乙项  # 已核 这里也是"]),
    ],
)  # fmt: skip
def test_a_change_touches_its_own_lines_only(change: Change, lines: list[str]) -> None:
    assert diff(changed(change)) == lines


def test_a_key_taken_away_takes_its_line_along_but_no_comment() -> None:
    source = """\
tasks:
- id: a
  deadline: {kind: none}
- {id: b, deadline: {kind: none}, name: x}
- id: c
  deadline: {kind: none}  # 说明
"""
    changes = [put(index, "deadline", None) for index in range(3)]
    assert changed(*changes, source=source) == (
        "tasks:\n- id: a\n- {id: b, name: x}\n- id: c\n  deadline: null  # 说明\n"
    )


def test_a_key_put_behind_one_that_goes_lands_in_its_place() -> None:
    source = "groups:\n- name: 某类\n  pending: lead\n- {name: 他类, pending: lead}\n"
    order = ("name", "kinds", "members", "except", "pending")
    changes: list[Change] = [
        Put(("groups", index, key), value, order)
        for index in range(2)
        for key, value in (("pending", None), ("members", ["甲"]))
    ]
    assert changed(*changes, source=source) == "groups:\n- name: 某类\n  members: [甲]\n- {name: 他类, members: [甲]}\n"


def test_line_ends_of_windows_and_the_byte_order_mark_stay() -> None:
    source = b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode()
    new = rewritten(
        source, [put(0, "requirement", "甲\n乙"), Add("tasks", 0, {"id": "9", "name": "新"}), Drop("tasks", 1)]
    )
    assert new.startswith(b"\xef\xbb\xbf#")
    assert new.count(b"\n") == new.count(b"\r\n")
    assert [each["id"] for each in says(new)["tasks"]] == ["1", "9", "3"]
    assert says(new)["tasks"][0]["requirement"] == "甲\n乙"


def test_the_last_line_need_not_end() -> None:
    assert (
        changed(Add("units", 0, {"name": "乙"}), source="units:\n- {name: 甲}") == "units:\n- {name: 甲}\n- {name: 乙}"
    )
    assert changed(Add("units", -1, {"name": "乙"}), source="groups: []") == "groups: []\nunits:\n- name: 乙\n"
    two = [Add("units", -1, {"name": "甲", "kind": "部门"}), Add("units", -1, {"name": "乙"})]
    for empty in ("units: []  # 空\n", "units:\n", ""):
        result = changed(*two, source=f"{empty}groups: []\n")
        assert (
            result.count("- name: 甲\n  kind: 部门\n- name: 乙\n" if "空" not in empty else "- name: 乙  # 空\n") == 1
        )


def test_all_items_may_go_and_others_come_instead() -> None:
    source = "units:\n- {name: 甲}\n- {name: 乙}\n"
    assert says(rewritten(source.encode(), [Drop("units", 0), Drop("units", 1)])) == {"units": []}
    changes: list[Change] = [Drop("units", 0), Drop("units", 1), Add("units", 1, {"name": "丙"})]
    assert changed(*changes, source=source) == "units:\n- {name: 丙}\n"


def test_a_long_list_is_broken_into_lines() -> None:
    names = [f"区第{number}局" for number in range(60)]
    new = changed(put(2, "id", "3"), Add("tasks", 0, {"id": "5", "responsible": names}))
    assert max(map(len, new.splitlines())) <= 120
    assert says(new.encode())["tasks"][1]["responsible"] == names


def test_what_cannot_be_put_in_is_refused() -> None:
    with pytest.raises(Unwritable):
        changed(Add("tasks", 0, {"id": "2"}), source="tasks: [{id: 1}]\n")
    with pytest.raises(Unwritable):
        changed(put(7, "name", "x"))
    with pytest.raises(Unwritable):
        changed(put(0, "name", "x"), source="tasks: [\n")


# --- Laws.

ODD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\x85\u2028\u2029"),
    max_size=12,
)
PLAIN = st.sampled_from([
    *("区发改局", "9月底前", "null", "yes", "5", "0533", "2022-12-31", "a: b"),
    *("- x", "#", "'", '"', "=1", "、", "[", "}"),
])  # fmt: skip
TEXTS = (PLAIN | ODD).map(str.strip)
LISTS = st.lists(TEXTS.filter(bool), max_size=5)
KEYS = st.sampled_from(
    ["name", "requirement", "time_limit", "lead", "responsible", "supporting", "section", "measures"]
)
LISTED = ("lead", "responsible", "supporting", "section", "measures")


@st.composite
def edits(draw: st.DrawFn) -> list[Change]:
    """Draw changes of different values of the three tasks, new ones among them."""
    keys = draw(st.lists(st.tuples(st.integers(0, 2), KEYS), unique=True, max_size=6))
    made: list[Change] = [
        put(index, key, draw(LISTS) if key in LISTED else draw(TEXTS | st.just("一\n二"))) for index, key in keys
    ]
    for number in range(draw(st.integers(0, 2))):
        after = draw(st.integers(-1, 2))
        made.append(Add("tasks", after, {"id": f"n{number}", "name": draw(TEXTS), "lead": draw(LISTS)}))
    return made


COMMENTS = ("# 方案", "# 一行", "# ── 第一部分 ──", "# ── 第二部分 ──", "# 编号", "# 单行", "# 牵头")


def comments(source: str) -> list[str]:
    return [comment for comment in COMMENTS if comment in source]


@given(edits(), st.randoms(use_true_random=False))
def test_every_change_is_there_every_comment_too_and_their_order_does_not_matter(
    changes: list[Change],
    random: Any,  # noqa: ANN401 - hypothesis gives it
) -> None:
    new = rewritten(PLAN.encode(), changes)
    found = says(new)
    added = [change for change in changes if isinstance(change, Add)]
    tasks = [task for task in found["tasks"] if not task["id"].startswith("n")]
    assert len(found["tasks"]) == 3 + len(added)
    for change in changes:
        if isinstance(change, Put):
            index, key = change.steps[1:]
            assert tasks[int(index)][str(key)] == change.value
    assert comments(text(new)) == comments(PLAN)
    puts = [change for change in changes if isinstance(change, Put)]
    random.shuffle(puts)
    assert rewritten(PLAN.encode(), [*added, *puts]) == new


@given(TEXTS, st.booleans(), st.sampled_from([None, "", '"', "'"]))
def test_a_text_is_read_back_as_it_was_spelled(wanted: str, flow: bool, like: str | None) -> None:  # noqa: FBT001
    assume("\ufeff" not in wanted)
    spelling = spelled_text(wanted, flow=flow, like=like)
    source = f"a: [{spelling}]\n" if flow else f"a: {spelling}\n"
    assert says(source.encode()) == {"a": [wanted] if flow else wanted}


def test_putting_back_what_stood_gives_the_example_again_byte_for_byte() -> None:
    folder = resource_folder("examples") / "zichuan-2022"
    for name, key, field, order in (
        ("plan", "tasks", "time_limit", TASKS.order),
        ("units", "units", "name", UNITS.order),
    ):
        data = (folder / f"{name}.yaml").read_bytes()
        rows = says(data)[key]
        there = [index for index, row in enumerate(rows) if field in row]
        away = rewritten(data, [Put((key, index, field), f"改{index}", order) for index in there])
        assert away != data
        assert rewritten(away, [Put((key, index, field), rows[index][field], order) for index in there]) == data
