"""A layout is what an office may change, so every fault in it is said, with its line, and no fault stops another."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from ledgergen.findings import Finding, message, remedy
from ledgergen.workbook.form import form_of, shared_out
from ledgergen.workbook.layout import Asked, Kind, Layout, Style
from ledgergen.workbook.layout_file import faulty_patterns, load_layout, printed_points
from ledgergen.workbook.schema import layout_schema
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
- {id: code, title: 编码, width: 10}
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


def test_the_shipped_layouts_have_no_faults_and_print_legibly() -> None:
    paths = list((ROOT / "templates/layouts").glob("*.yaml"))
    assert paths
    for path in paths:
        layout, findings = load_layout(path.read_bytes(), path.name)
        assert findings == []
        assert layout is not None
        assert layout.id == path.stem
        assert printed_points(layout) >= 8
        assert 150 <= sum(column.width for column in layout.columns) <= 170


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
    assert faults(SMALL.replace("\ninstructions", f"\n{items}\ninstructions")) == [
        ("layout-head-crowded", "small.yaml:6:3")
    ]


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
