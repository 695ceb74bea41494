"""An office's own form is read for what it is; whatever is unsure is asked, with its place, and never guessed."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from ledgergen.catalogue import Severity
from ledgergen.findings import Finding
from ledgergen.records import FormSettings
from ledgergen.resources import resource_folder
from ledgergen.workbook.form_words import FormWords, load_form_words
from ledgergen.workbook.inline_labels import inline_items, with_value
from ledgergen.workbook.layout_dump import dump_layout
from ledgergen.workbook.layout_file import load_layout
from ledgergen.workbook.own_form import OwnForm, read_own_form
from ledgergen.workbook.own_form_package import LARGEST_FORM, open_form
from ledgergen.workbook.own_form_sheet import Terms
from own_forms import FORMS, saved, table
from write_cases import book, ledger, zichuan

TITLES = ("序号", "工作任务", "工作举措", "完成时限")


def words() -> FormWords:
    found, findings = load_form_words(
        (resource_folder("templates") / "forms" / "words.yaml").read_bytes(), "words.yaml"
    )
    assert found is not None, findings
    return found


def read(data: bytes, **settings: object) -> tuple[OwnForm | None, list[Finding]]:
    return read_own_form(data, Terms(FormSettings("f.xlsx", **settings), zichuan(), words()))  # type: ignore[arg-type]


def said(findings: list[Finding], *, notes: bool = True) -> list[tuple[str, str]]:
    """Give places and codes."""
    kept = (each for each in findings if notes or each.severity is not Severity.NOTE)
    return [(str(each.where), each.code) for each in kept]


def form(name: str, **settings: object) -> OwnForm:
    found, findings = read(FORMS[name](), **settings)
    assert found is not None, said(findings)
    return found


COLUMNS = {
    "red_head": "seq task_full measure time_limit office progress code",
    "two_rows": "seq task requirement leader office time_limit status progress note code",
    "emblem": "seq task requirement measure time_limit progress code",
    "protected": "seq task_full measure status progress code",
    "example": "seq task requirement time_limit leader progress note code",
    "furnished": "seq task requirement lead_units status progress own_6c04a195 code",
    "plain_lines": "seq task_full measure progress code",
}
ROWS = {  # the first and the last drawn row of the table, as a person counts
    "red_head": (5, 5),
    "two_rows": (5, 34),
    "emblem": (7, 10),
    "protected": (4, 9),
    "example": (3, 8),
    "furnished": (4, 6),
    "plain_lines": (4, 4),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_read_for_what_it_is(name: str) -> None:
    found = form(name)
    assert [column.id for column in found.layout.columns] == COLUMNS[name].split()
    body = found.places.body
    assert (body.first + 1, body.foot) == ROWS[name]


def items(found: OwnForm) -> dict[str, tuple[str, str]]:
    """Give where each item's value goes, and how."""
    names = "ABCDEFGHIJ"
    fills = (*found.places.head, *found.places.foot)
    return {each.item.id: (f"{names[each.place[1]]}{each.place[0] + 1}", str(each.how)) for each in fills}


def test_labels_beside_and_within_their_cells_are_found() -> None:
    assert items(form("red_head")) == {
        "unit": ("C3", "beside"),
        "filled_on": ("E3", "beside"),
        "reviewer": ("A7", "inline"),
        "phone": ("A7", "inline"),
    }
    assert items(form("protected")) == {
        "unit": ("A2", "inline"),
        "filled_by": ("A2", "inline"),
        "phone": ("A2", "inline"),
    }


def test_titles_in_two_rows_are_read_with_their_groups() -> None:
    found = form("two_rows")
    assert found.layout.header_rows == 2
    assert {"责任落实", "办理情况"} <= set(found.layout.letterhead)
    assert found.layout.title == "（ {{ unit | placed_in(region) }} ）年度工作台账"


def test_what_a_column_holds_comes_from_the_borrowed_layout_and_its_width_from_the_form() -> None:
    status = form("two_rows").layout.column("status")
    borrowed = zichuan().column("status")
    assert (status.kind, status.choices, status.asked) == (borrowed.kind, borrowed.choices, borrowed.asked)
    assert (status.title, status.width) == ("状态", 10)


def test_a_task_without_a_column_for_what_it_requires_is_shown_in_full() -> None:
    assert form("red_head").layout.column("task_full").title == "重点任务"
    assert form("two_rows").layout.column("task").title == "工作任务"


def test_an_example_and_a_formula_in_the_table_are_named_for_they_go() -> None:
    _, findings = read(FORMS["example"]())
    assert said(findings) == [
        ("f.xlsx › 填报表 › A3", "form-example"),
        ("f.xlsx › 填报表 › A4", "form-formula"),
    ]


def test_a_column_that_nobody_knows_is_kept_as_text_and_strange_answers_are_named() -> None:
    found, findings = read(FORMS["furnished"]())
    assert found is not None
    assert said(findings) == [
        ("f.xlsx › 台账表 › H3", "form-column-own"),
        ("f.xlsx › 台账表", "form-choice-unknown"),
    ]
    own = found.layout.column("own_6c04a195")
    assert (own.title, str(own.kind), str(own.asked)) == ("经验做法", "text", "exception")


UNSURE: Mapping[str, tuple[bytes, list[tuple[str, str]]]] = {
    "near": (table((*TITLES[:3], "完成时间")), [("f.xlsx › Sheet1 › D1", "form-title-near")]),
    "claimed": (table((*TITLES, "进展情况", "完成情况")), [("f.xlsx › Sheet1 › F1", "form-column-claimed")]),
    "no task": (table(("序号", "工作举措", "完成时限", "备注")), [("f.xlsx › Sheet1 › A1", "form-no-task")]),
    "no header": (table(("甲", "乙", "丙")), [("f.xlsx", "form-no-header")]),
    "two headers": (
        table(TITLES, row=5, above={"A1": "序号", "B1": "工作任务", "C1": "工作举措", "D1": "完成时限"}),
        [("f.xlsx › Sheet1", "form-headers")],
    ),
    "wide": (table((*TITLES, ""), merged=["D1:E1"]), [("f.xlsx › Sheet1 › D1", "form-title-wide")]),
    "blank": (table((*TITLES[:2], "", *TITLES[2:])), [("f.xlsx › Sheet1 › C1", "form-title-blank")]),
    "twice": (
        table((*TITLES, "经验做法", "经验做法")),
        [("f.xlsx › Sheet1 › F1", "form-title-twice")],
    ),
    "no room": (table(TITLES, row=3, above={"F1": "密级"}), [("f.xlsx › Sheet1 › F1", "form-no-room")]),
    "no room for a merge": (
        table(TITLES, row=3, above={"A1": "任务表"}, merged=["A1:F1"]),
        [("f.xlsx › Sheet1 › E1", "form-no-room")],
    ),
    "placeholder": (
        table(TITLES, row=3, above={"A1": "××局任务表"}),
        [("f.xlsx › Sheet1 › A1", "form-placeholder")],
    ),
}


@pytest.mark.parametrize("name", UNSURE)
def test_what_is_unsure_is_asked_at_its_place(name: str) -> None:
    data, expected = UNSURE[name]
    found, findings = read(data)
    places = [(place.partition(":")[0], code) for place, code in said(findings, notes=False)]
    assert places == expected
    assert (found is None) is any(each.severity is Severity.ERROR for each in findings)


def test_two_sheets_with_tables_are_asked_about() -> None:
    workbook = load_workbook(BytesIO(table(TITLES)))
    other = workbook.create_sheet("另一张")
    for column, title in enumerate(TITLES, start=1):
        other.cell(2, column, title)
    _, findings = read(saved(workbook))
    assert said(findings) == [("f.xlsx", "form-sheets")]
    found, _ = read(saved(workbook), sheet="另一张")
    assert found is not None
    assert (found.layout.sheet, found.places.header) == ("另一张", 1)
    _, findings = read(saved(workbook), sheet="没有")
    assert said(findings) == [("f.xlsx", "form-sheet-unknown")]


@pytest.mark.parametrize(
    ("name", "settings", "column", "column_id"),
    [
        ("near", {"columns": {"完成时间": "time_limit"}}, 3, "time_limit"),
        ("claimed", {"columns": {"进展情况": "text"}}, 5, "progress"),
        ("no task", {"columns": {"备注": "task"}}, 3, "task_full"),
        ("no header", {"columns": {"乙": "task", "丙": "measure"}}, 1, "task_full"),
        ("two headers", {"header_row": 5}, 1, "task_full"),
    ],
)
def test_an_answer_settles_it(name: str, settings: dict[str, object], column: int, column_id: str) -> None:
    found, findings = read(UNSURE[name][0], **settings)
    assert found is not None, said(findings)
    assert (column_id, column) in found.places.columns


def test_a_wrong_answer_is_a_finding() -> None:
    data = table(TITLES, row=3)
    assert said(read(data, columns={"没有": "task"})[1]) == [("f.xlsx › Sheet1", "form-answer-title")]
    assert said(read(data, columns={"工作举措": "mesure"})[1])[0] == ("f.xlsx › Sheet1", "form-answer-id")
    assert said(read(data, cells={"B3": "{{ unit }}"})[1]) == [("f.xlsx › Sheet1 › B3", "form-cell-inside")]


def test_a_cell_takes_the_pattern_that_the_settings_name() -> None:
    found, findings = read(UNSURE["placeholder"][0], cells={"A1": "{{ unit }}任务表"})
    assert found is not None
    assert findings == []
    assert found.layout.title == "{{ unit }}任务表"


def test_the_layout_can_be_read_again_without_the_form() -> None:
    for name in FORMS:
        found = form(name)
        again, _ = load_layout(found.layout_data, "again")
        assert again == found.layout


def test_every_shipped_layout_comes_back_from_its_dump() -> None:
    for path in sorted((resource_folder("templates") / "layouts").glob("*.yaml")):
        layout, findings = load_layout(path.read_bytes(), path.name)
        assert layout is not None, findings
        again, _ = load_layout(dump_layout(layout), path.name)
        assert again is not None
        assert (again, again.whole) == (layout, layout.whole)


# --- Forms that are not to be trusted.


def package(data: bytes, changes: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """Change bytes in parts of a workbook."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            before, after = changes.get(name, (b"", b""))
            content = old.read(name)
            assert before in content
            new.writestr(name, content.replace(before, after, 1) if before else content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "empty": (b"", "form-unreadable"),
    "no workbook": (b"%PDF-1.7 and so on", "form-unreadable"),
    "old format": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "form-unreadable"),
    "too large": (b"PK" + bytes(LARGEST_FORM), "form-unreadable"),
    "a merge of the whole sheet": (
        package(table(TITLES, merged=["A3:B3"]), {SHEET: (b"A3:B3", b"A3:XFD1048576")}),
        "form-too-large",
    ),
    "no reference": (package(table(TITLES, merged=["A3:B3"]), {SHEET: (b"A3:B3", b"A3:ZZZZ9")}), "form-unreadable"),
    "a cell far away": (
        package(table(TITLES), {SHEET: (b'<c r="A2"', b'<c r="XFD1048576" t="n"><v>1</v></c><c r="A2"')}),
        "form-unreadable",
    ),
    "strict": (
        package(
            table(TITLES), {"xl/workbook.xml": (b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/o")}
        ),
        "form-unreadable",
    ),
    "an issued ledger": (ledger(book(3)), "form-is-ledger"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_trusted_is_refused_with_a_reason(name: str) -> None:
    data, code = HOSTILE[name]
    found, findings = read(data)
    assert found is None
    assert [each.code for each in findings] == [code]


def test_a_link_over_a_million_cells_does_not_reach_openpyxl() -> None:
    links = b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks><pageMargins'
    plain = open_form(package(table(TITLES), {SHEET: (b"<pageMargins", links)})).plain
    assert b"hyperlink" not in zipfile.ZipFile(BytesIO(plain)).read(SHEET)


def test_what_a_copy_would_lack_is_said() -> None:
    workbook = load_workbook(BytesIO(table(TITLES, row=3)))
    sheet = workbook.worksheets[0]
    sheet["A1"] = "任务表"
    sheet["A1"].comment = Comment("盖章后报送", "office")
    sheet.add_chart(BarChart(), "A20")
    found, findings = read(saved(workbook))
    assert found is not None
    assert [(each.code, each.facts["what"]) for each in findings] == [
        ("form-loses", "批注 (comments)"),
        ("form-loses", "图表、智能图形 (charts, diagrams)"),
    ]


def test_a_sheet_of_charts_alone_is_refused() -> None:
    workbook = Workbook()
    workbook.create_chartsheet("图").add_chart(BarChart())
    assert said(read(saved(workbook))[1]) == [("f.xlsx › 图", "form-sheet-kind")]


# --- Labels and values in one cell.

LABELS = {"填报单位", "填报人", "联系电话"}
VALUES = st.text(alphabet="区财政局张三8 ", min_size=1, max_size=8).filter(lambda text: bool(text.strip()))


@given(VALUES, VALUES, st.integers(2, 30), st.booleans())
def test_values_written_behind_their_labels_are_read_again(first: str, second: str, room: int, wide: bool) -> None:  # noqa: FBT001
    colon = "：" if wide else ":"
    text = f"填报单位{colon}{' ' * room}填报人{colon}____"
    for label, value in (("填报单位", first.strip()), ("填报人", second.strip())):
        item = next(each for each in inline_items(text, LABELS)[1] if each.label == label)
        text = with_value(text, item, value)
    values = {each.label: each.value for each in inline_items(text, LABELS)[1]}
    assert values == {"填报单位": first.strip(), "填报人": second.strip()}


def test_a_date_left_to_the_pen_is_no_value() -> None:
    before, (one, two) = inline_items("附件 填报人：李四   联系电话：    年  月  日", LABELS)
    assert (before.strip(), one.value, two.value) == ("附件", "李四", "")


def test_a_clock_time_is_no_label() -> None:
    assert inline_items("填报人：8:30到岗", LABELS)[1][0].value == "8:30到岗"
