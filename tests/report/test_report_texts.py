"""What units wrote stands in the merged ledger as they wrote it, with the cell it came from."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
from ledgergen.records import Role
from ledgergen.report.status_workbook import status_workbook
from ledgergen.report.summary import input_columns, span
from report_rounds import FACTS, Told, read_back, table, zichuan

HOSTILE = (
    '=HYPERLINK("http://x.invalid","点我")',
    "+86 533 1234567",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "  前后有空格  ",
    "第一行\n第二行",
    "<r>粗体</r>",
    "<b>&amp;</b>",
    "_x0041_",
    "3.31",
    "007",
    "370302199001011234",
    "1e5",
    "TRUE",
    "#N/A",
    "𠮷野家😀",
    "a" * 3000,
)


def returned(texts: dict[str, str]) -> bytes:
    told = Told().issue("区财政局", {"1": Role.LEAD}).returns("区财政局", {"1": texts})
    return status_workbook(FACTS, told.picture, told.parcels)


def summary(data: bytes) -> list[dict[str, Any]]:
    return table(data, "汇总台账")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_looks_like_something_else_stays_a_text(text: str) -> None:
    data = returned({"progress": text, "evidence": text})
    (row,) = summary(data)
    assert (row["本期进展情况"], row["公开网址或佐证文件名"]) == (text, text)
    sheet = read_back(data)["汇总台账"]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None} == {"s"}


@settings(max_examples=15)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=80))
def test_any_text_comes_through(text: str) -> None:
    (row,) = summary(returned({"progress": text}))
    assert row["本期进展情况"] == text


def test_what_no_file_can_hold_is_made_visible() -> None:
    (row,) = summary(returned({"progress": "甲\x0b乙\ud800丙", "note": "长" * 40_000}))
    assert row["本期进展情况"] == "甲\ufffd乙\ufffd丙"
    assert row["说明"].endswith("以下略去）")


def test_nothing_that_was_typed_is_lost() -> None:
    told = Told()
    inputs = [column for column in zichuan().inputs if column.id != "status"]
    canaries = set()
    for unit in ("区财政局", "区发改局", "昆仑镇"):
        told.issue(unit, {"1": Role.LEAD, "2": (Role.RESPONSIBLE, 2)})
        filled: dict[str | tuple[str, str], dict[str, str]] = {
            (task, measure): {column.id: f"{unit}{task}.{measure}.{column.id}" for column in inputs}
            for task, measure in (("1", "1"), ("2", "1"), ("2", "2"), ("2", "NABCD"))
        }
        head = {item.id: f"{unit}.{item.id}" for item in zichuan().head_items if item.is_input}
        told.returns(unit, filled, head=head)
        canaries |= {text for texts in filled.values() for text in texts.values()}
    data = status_workbook(FACTS, told.picture, told.parcels)
    rows = summary(data)
    assert canaries <= {text for row in rows for text in row.values()}
    assert len(rows) == 12
    assert [row["编码"] for row in rows].count("（单位新增）") == 3
    heads = {text for row in table(data, "单位进度") for text in row.values()}
    assert {f"{unit}.{item}" for unit in ("区财政局", "昆仑镇") for item in ("filled_by", "phone")} <= heads


def test_rows_go_by_task_then_unit() -> None:
    told = Told()
    for unit in ("昆仑镇", "区财政局"):
        told.issue(unit, {"10": Role.RESPONSIBLE, "2": (Role.RESPONSIBLE, 2), "1.10": Role.LEAD, "1.2": Role.LEAD})
    rows = summary(status_workbook(FACTS, told.picture, []))
    tasks = ["1.2", "1.10", "2", "2", "10"]
    order = [(task, unit) for task in dict.fromkeys(tasks) for unit in ("昆仑镇", "区财政局")]
    assert [(row["序号"], row["责任单位"]) for row in rows] == sorted(
        [(row["序号"], row["责任单位"]) for row in rows], key=order.index
    )
    assert len(rows) == 2 * len(tasks)


def test_every_row_says_where_it_came_from() -> None:
    told = Told()
    told.issue(
        "区财政局",
        {"1": Role.LEAD, "2": Role.RESPONSIBLE, "3": Role.SUPPORTING},
        prefilled={"3": {"measure": "印发通知"}},
    )
    told.returns("区财政局", {"1": {"status": "推进中", "progress": "甲"}, "2": {"status": "推进中"}}, name="上午.xlsx")
    told.returns(
        "区财政局",
        {"1": {"status": "办结"}},
        name="下午.xlsx",
        received="2022-07-09T23:30:00Z",
        head={"default_leader": "张某某"},
    )
    rows = {row["序号"]: row for row in summary(status_workbook(FACTS, told.picture, told.parcels))}
    first = rows["1"]
    assert (first["落实状态"], first["落实状态（判读）"], first["角色"]) == ("办结", "已完成", "牵头")
    places = [first[title].split("\n") for title in ("来源文件", "工作表", "单元格", "收到时间")]
    assert sorted(zip(*places, strict=True)) == [
        ("上午.xlsx", "台账", "L10", "2022-07-08 10:00"),
        ("下午.xlsx", "台账", "C4、K10", "2022-07-10 07:30"),
    ]
    assert re.fullmatch(r"[0-9A-Z]{6}-1-1-[0-9A-Z]", first["编码"])
    assert rows["3"]["工作举措"] == "印发通知"
    assert rows["3"]["单位分管领导"] == "张某某"


def test_a_prefilled_row_that_nobody_touched_says_so() -> None:
    told = Told().issue("区财政局", {"1": Role.LEAD, "2": Role.LEAD}, prefilled={"1": {"measure": "印发通知"}})
    rows = summary(status_workbook(FACTS, told.picture, []))
    assert [(row["工作举措"], row["来源文件"], row["单元格"]) for row in rows] == [
        ("印发通知", "（下发时预填）", ""),
        ("", "", ""),
    ]
    assert {row["落实状态（判读）"] for row in rows} == {"未报送"}


def test_ledgers_of_two_layouts_are_laid_side_by_side() -> None:
    told = Told().issue("区财政局", {"1": Role.LEAD})
    old = (
        Told(layout=builders.LAYOUT).issue("昆仑镇", {"1": Role.LEAD}).returns("昆仑镇", {"1": {"progress": "已公开"}})
    )
    told.issued += old.issued
    told.parcels += old.parcels
    titles = [column.title for column in input_columns(told.picture)]
    assert titles[: len(zichuan().inputs)] == [column.title for column in zichuan().inputs]
    rows = summary(status_workbook(FACTS, told.picture, told.parcels))
    assert [(row["责任单位"], row["本期进展情况"]) for row in rows] == [("区财政局", ""), ("昆仑镇", "已公开")]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["K7"], "K7"),
        (["K7", "L7", "O7"], "K7:O7"),
        (["Z7", "AA7"], "Z7:AA7"),
        (["K7", "C4", "L7"], "K7:L7、C4"),
        (["?"], "?"),
        ([], ""),
    ],
)
def test_cells_are_named_shortly(cells: list[str], shown: str) -> None:
    assert span(cells) == shown


def test_columns_with_long_texts_are_widened_so_that_rows_stay_in_view() -> None:
    widths = []
    for text in ("字" * 10, "字" * 600):
        sheet = read_back(returned({"progress": text}))["汇总台账"]
        cell = next(cell for cell in sheet[3] if cell.value == "本期进展情况")
        widths.append(sheet.column_dimensions[cell.column_letter].width)
        assert 20 < sheet.row_dimensions[4].height < 409
    assert zichuan().column("progress").width < widths[0] + 1 < widths[1] <= 61
