"""A layout is what an office may change, so every fault in it is said, with its line, and no fault stops another."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from ledgergen.findings import Finding, message, remedy
from ledgergen.workbook.form import form_of, shared_out
from ledgergen.workbook.layout import Asked, Face, Kind, Layout, Style
from ledgergen.workbook.layout_file import faulty_patterns, load_layout
from ledgergen.workbook.paper import fitted_points, print_scale
from ledgergen.workbook.schema import layout_schema
from ledgergen.workbook.values import read_value
from write_cases import ROOT, zichuan

SMALL = """\
id: small
sheet: 台账
title: "{{ unit }}台账"
file_name: "{{ unit }}"
head:
- - {id: unit, label: 填报单位, pattern: "{{ unit }}"}
  - {id: leader_of_all, label: 分管领导, input: true, fills: leader}
instructions: [只填黄色单元格。]
columns:
- {id: seq, title: 序号, width: 5}
- {id: task, title: 工作任务, width: 12}
- {id: leader, title: 领导, width: 9, asked: first}
- id: status
  title: 落实状态
  width: 10
  kind: choice
  asked: every
  choices: [{text: 未启动}, {text: 已完成, also: [完成, "100%"]}]
- {id: proof, title: 佐证, width: 10, asked: every, required_when: {status: [已完成]}}
- {id: code, title: 编码, width: 10}
foot:
- - {id: signed, label: 单位负责人}
  - {id: office_signed, label: 审核, pattern: "{{ contact_office }}"}
faces:
  first: {without: [proof], instructions: [建账。]}
  progress:
    title: "{{ unit }}进展"
    without: [leader, leader_of_all]
"""


def load(text: str) -> tuple[Layout | None, list[Finding]]:
    return load_layout(text.encode(), "small.yaml")


def faults(text: str) -> list[tuple[str, str]]:
    _, findings = load(text)
    for found in findings:
        assert message(found)
        assert remedy(found)
    return [(found.code, str(found.where)) for found in findings]


def test_a_small_layout_has_the_defaults() -> None:
    layout, findings = load(SMALL)
    assert findings == []
    assert layout is not None
    assert (layout.style, layout.number_label, layout.instructions_label) == (Style(), "台账编号", "填报说明")
    assert layout.roles == {"lead": "牵头", "responsible": "责任", "supporting": "配合", "pending": ""}
    status = layout.column("status")
    assert (status.kind, status.asked, status.lines, status.width) == (Kind.CHOICE, Asked.EVERY, 1, 10.0)
    assert [(choice.text, choice.also) for choice in status.choices] == [("未启动", ()), ("已完成", ("完成", "100%"))]
    item = layout.head_items[1]
    assert (item.id, item.is_input, item.fills, item.pattern) == ("leader_of_all", True, "leader", "")


def test_each_face_shows_what_the_layout_says_of_it() -> None:
    first, _ = load(SMALL)
    assert first is not None
    progress = first.for_face(Face.PROGRESS)
    assert (first.face, progress.face) == (Face.FIRST, Face.PROGRESS)
    assert (first.title, progress.title) == ("{{ unit }}台账", "{{ unit }}进展")
    assert (first.instructions, progress.instructions) == (("建账。",), ("只填黄色单元格。",))
    assert [column.id for column in first.columns] == ["seq", "task", "leader", "status", "code"]
    assert [column.id for column in progress.columns] == ["seq", "task", "status", "proof", "code"]
    assert [item.id for item in first.head_items] == ["unit", "leader_of_all", "signed", "office_signed"]
    assert [item.id for item in progress.head_items] == ["unit", "signed", "office_signed"]
    assert progress.for_face(Face.FIRST) == first
    assert first.for_face(Face.PROGRESS) is progress
    assert first.for_face(Face.FIRST) is first
    assert [column.id for column in first.columns if first.asks(column)] == ["status"]  # the leader once, in the head
    assert [column.id for column in progress.columns if progress.asks(column)] == ["status"]
    assert [item.id for item in first.head_items if first.asks_item(item)] == ["leader_of_all"]


def test_a_leader_is_asked_for_once_and_not_again() -> None:
    first = zichuan()
    asked = {face: [item.id for item in zichuan(face).head_items if zichuan(face).asks_item(item)] for face in Face}
    assert asked[Face.FIRST] == ["filled_by", "phone", "reviewer", "default_leader"]
    assert asked[Face.PROGRESS] == ["filled_by", "phone", "reviewer"]
    assert not first.asks(first.column("leader"))


def test_below_the_table_a_blank_is_for_the_pen_and_read_all_the_same() -> None:
    layout, _ = load(SMALL)
    assert layout is not None
    signed, office = layout.foot_items
    assert (signed.is_input, layout.asks_item(signed)) == (True, False)
    assert (office.is_input, office.pattern) == (False, "{{ contact_office }}")
    assert layout.foot_labels == {"单位负责人": "signed", "审核": "office_signed"}


def test_an_answer_may_be_read_as_a_state() -> None:
    layout, findings = load(SMALL.replace("{text: 未启动}", "{text: 未整改, also: [没改], means: 未启动}"))
    assert findings == []
    assert layout is not None
    status = layout.column("status")
    assert [read_value(status, text, "", 2022) for text in ("未整改", "没改", "完成")] == ["未启动", "未启动", "已完成"]


def test_small_print_goes_on_several_pages_and_no_smaller() -> None:
    layout, _ = load(SMALL)
    assert layout is not None
    assert (fitted_points(layout), print_scale(layout)) == (12, None)
    wide = replace(layout, columns=tuple(replace(column, width=50) for column in layout.columns))
    assert fitted_points(wide) < 8
    assert print_scale(wide) == 67  # 12 points become 8
    assert print_scale(replace(wide, style=Style(paper="A3"))) is None
    assert print_scale(replace(wide, style=Style(landscape=False, body_size=8))) == 100


def test_the_shipped_layouts_have_no_faults_and_print_legibly() -> None:
    paths = list((ROOT / "templates/layouts").glob("*.yaml"))
    assert paths
    for path in paths:
        layout, findings = load_layout(path.read_bytes(), path.name)
        assert findings == []
        assert layout is not None
        assert layout.id == path.stem
        assert layout.about
        assert fitted_points(layout) >= 8
        assert print_scale(layout) is None
        assert 140 <= sum(column.width for column in layout.columns) <= 180, layout.id


WRONG: list[tuple[str, str, str, str]] = [  # what is written, what instead, the code, what stands at the place it names
    ("id: seq", "id: number", "layout-column-missing", "- {id: number"),
    ("id: seq", "id: number", "layout-column-unknown", "number"),
    ("id: leader, title", "id: role, title", "layout-column-office", "role"),
    ("id: leader, title", "id: status, title", "layout-id-twice", "status\n"),
    ("id: leader_of_all", "id: unit", "layout-id-twice", "unit, label: 分管领导"),
    ("title: 领导", "title: 工作 任务", "layout-title-twice", "工作 任务"),
    ("title: 领导", "title: 编码(校验)", "layout-title-twice", "编码(校验)"),
    ("label: 分管领导", "label: 填报单位", "layout-title-twice", "填报单位, input"),
    ("width: 5", "width: 1.9", "layout-number", "1.9"),
    ("width: 5", "width: 81", "layout-number", "81"),
    ("width: 5", "width: 5cm", "layout-number", "5cm"),
    ("width: 5", "width: [5]", "layout-number", "[5]"),
    ("width: 5", "width: 5, lines: 99", "layout-number", "99"),
    ("width: 5", "width: 5, lines: zwei", "layout-number", "zwei"),
    ("width: 5", "width: 5, hint: " + "提" * 256, "layout-text-long", "提提"),
    ("id: seq", "id: 序号", "layout-id-bad", "序号, title"),
    ("input: true", "input: 是", "layout-truth", "是"),
    ("fills: leader", "fills: task", "layout-fills", "task}"),
    ("fills: leader", 'pattern: "x"', "layout-head-item", "{id: leader_of_all"),
    ("input: true, fills: leader", "fills: ''", "layout-head-item", "{id: leader_of_all"),
    ("[只填黄色单元格。]", "[一, 二, 三, 四, 五, 六, 七]", "layout-instructions-many", "七"),
    ("text: 未启动", "text: " + "未" * 254, "layout-list-long", "[{text: 未未"),
    ("text: 未启动", "text: '未,启动'", "layout-choice-comma", "{text: '未"),
    ("text: 未启动", "text: 未启动, also: [完 成]", "layout-choice-twice", "{text: 已完成"),
    ("kind: choice", "kind: text", "layout-choices-missing", "id: status"),
    ("{status: [已完成]}", "{stattus: [已完成]}", "layout-required-column", "[已完成]}"),
    ("{status: [已完成]}", "{leader: [已完成]}", "layout-required-column", "[已完成]}"),
    ("{status: [已完成]}", "{proof: [已完成]}", "layout-required-column", "[已完成]}"),
    ("{status: [已完成]}", "{status: [未启动, 完成]}", "layout-required-answer", "完成]}"),
    ("{status: [已完成]}", "{status: 已完成}", "value-not-list", "已完成}"),
    (
        "width: 12",
        "width: 12, required_when: {status: [已完成]}",
        "layout-required-office",
        "{status: [已完成]}}\n- {id: l",
    ),
    ("without: [proof]", "without: [prof]", "layout-without-unknown", "prof]"),
    ("without: [proof]", "without: [task]", "layout-without-identity", "task]"),
    ("without: [leader,", "without: [code,", "layout-without-identity", "code, leader"),
    ("without: [leader,", "without: [signed,", "layout-without-unknown", "signed, leader"),
    ("instructions: [建账。]", "instructions: [一, 二, 三, 四, 五, 六, 七]", "layout-instructions-many", "七"),
    ("label: 单位负责人", "label: 分管领导", "layout-title-twice", "分管领导}\n  - {id: off"),
    ("id: signed", "id: unit", "layout-id-twice", "unit, label: 单位负责人"),
    ("label: 单位负责人", "label: 单位负责人, fills: leader", "layout-fills", "leader}\n  - {id: off"),
    ('pattern: "{{ contact_office }}"', 'pattern: "x", input: true', "layout-head-item", "{id: office_signed"),
    ("progress:", "later:", "key-unknown", "later:"),
    ("kind: choice", "kind: number", "value-unknown", "number"),
    ("sheet: 台账", "sheet: 台/账", "layout-sheet-name", "台/账"),
    ("sheet: 台账", "sheet: Ledgergen", "layout-sheet-name", "Ledgergen"),
    ("sheet: 台账", "sheet: " + "台" * 32, "layout-sheet-name", "台台"),
    ("id: small", "id: small\nstyle: {body_size: 7}", "layout-number", "7}"),
    ("id: small", "id: small\nstyle: {body_font: " + "宋" * 32 + "}", "layout-text-long", "宋宋"),
    ("id: small", "id: small\nstyle: {paper: A5}", "value-unknown", "A5"),
    ("id: small", "id: small\ncolour: red", "key-unknown", "colour"),
    ("file_name", "filename", "key-near-miss", "filename"),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "at"), WRONG, ids=[f"{case[2]}-{number}" for number, case in enumerate(WRONG)]
)
def test_each_fault_is_said_where_it_is(old: str, new: str, code: str, at: str) -> None:
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    before = text[: text.index(at)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    where = f"small.yaml:{line}:{column}"
    assert (code, where) in faults(text)
    assert load(text)[0] is None


def test_a_head_row_needs_two_columns_an_item() -> None:
    items = "\n".join(f"  - {{id: i{number}, label: L{number}, input: true}}" for number in range(3))
    assert faults(SMALL.replace("\ninstructions", f"\n{items}\ninstructions", 1)) == [
        ("layout-head-crowded", "small.yaml:6:3")
    ]
    more = items.replace("id: i", "id: f").replace("label: L", "label: F")
    assert [code for code, _ in faults(SMALL.replace("\nfaces", f"\n{more}\nfaces"))] == ["layout-head-crowded"]


def test_all_faults_of_a_kind_are_said_at_once() -> None:
    text = SMALL.replace("width: 5", "width: 1").replace("input: true", "input: 1").replace("width: 12", "width: x")
    assert [code for code, _ in faults(text)] == ["layout-number", "layout-number", "layout-truth"] or len(
        faults(text)
    ) == 3


def test_a_wide_layout_is_a_warning_only() -> None:
    layout, findings = load(
        SMALL.replace("width: 12", "width: 80").replace("width: 9", "width: 80").replace("10", "80")
    )
    assert layout is not None
    assert [(found.code, found.severity) for found in findings] == [("layout-print-small", "warning")]


def test_what_is_no_yaml_is_said() -> None:
    assert load("id: [")[0] is None
    assert load("- a")[0] is None
    assert faults("")[0][0] == "yaml-empty"


def test_faulty_patterns_are_found_before_anything_is_written() -> None:
    layout = replace(zichuan(), title="{{ unit", instructions=("{{ nothing }}", "{{ unit }}"))
    found = faulty_patterns(layout, {"unit": "x"}, "zichuan.yaml")
    patterns = {fault.facts["pattern"] for fault in found}
    assert {"{{ unit", "{{ nothing }}"} <= patterns
    assert "{{ unit }}" not in patterns
    assert {fault.code for fault in found} == {"pattern-faulty"}


def test_the_schema_for_editors_names_every_key() -> None:
    schema = layout_schema()
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert {"id", "sheet", "columns", "head", "style", "roles", "instructions"} <= set(properties)
    assert "ColumnShape" in str(schema["$defs"])


def test_head_items_share_the_width() -> None:
    for row in form_of(zichuan()).head:
        form = form_of(zichuan())
        widths = [form.width(place.value) for place in row]
        assert max(widths) < 2.5 * min(widths)
        assert row[0].label.left == 0
        assert row[-1].value.right == form.last_column
        for left, right in pairwise(row):
            assert (left.label.right + 1, left.value.right + 1) == (left.value.left, right.label.left)


@pytest.mark.parametrize("make", [lambda: shared_out((5.0,) * 4, (9.0, 9.0)), lambda: shared_out((80.0, 2.0), (10.0,))])
def test_even_where_there_is_no_room_each_item_has_its_place(make: Callable[[], tuple[int, ...]]) -> None:
    bounds = make()
    assert list(bounds) == sorted(set(bounds))
