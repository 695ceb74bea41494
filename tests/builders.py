"""Builders: campaigns as a dict of files, sheets as text tables, so that tests speak the user's language."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ledgergen.records import Book, BookRow, Role
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.workbook.codes import book_number, book_token, edition_of, row_code
from ledgergen.workbook.grid import Grid, Workbook
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Asked, Choice, Column, HeadItem, Kind, Layout

LAYOUT = Layout(
    id="small",
    sheet="台账",
    title="{{ unit }}台账",
    file_name="{{ unit }}",
    number_label="台账编号",
    columns=(
        Column("seq", "序号", 5),
        Column("task", "工作任务", 12),
        Column("requirement", "工作要求", 20),
        Column("measure", "工作举措", 20, asked=Asked.FIRST),
        Column("leader", "分管领导", 8, asked=Asked.FIRST),
        Column(
            "status",
            "落实状态",
            8,
            Kind.CHOICE,
            Asked.EVERY,
            (Choice("未启动"), Choice("推进中", ("在办",)), Choice("已完成", ("办结", "√")), Choice("不涉及")),
        ),
        Column("progress", "进展情况", 20, asked=Asked.EVERY),
        Column("published_on", "完成日期", 10, Kind.DATE, Asked.EVERY),
        Column("code", "编码", 10),
    ),
    head=(
        (HeadItem("unit", "填报单位", "{{ unit }}"), HeadItem("round", "填报期", "{{ round_name }}")),
        (
            HeadItem("filled_by", "填报人", is_input=True),
            HeadItem("default_leader", "默认分管领导", is_input=True, fills="leader"),
        ),
    ),
    instructions=("只填黄色单元格。",),
    roles={"lead": "牵头", "responsible": "责任"},
)

TASKS = {
    "1": ("重要部署", "按季度公开重点任务的进展"),
    "2": ("减税降费", "推送各项减税政策"),
    "3": ("减税降费", "公开收费目录清单"),
    "4": ("住房保障", "公开老旧小区改造计划"),
}


def book(
    unit: str = "区财政局",
    tasks: Iterable[str] = ("1", "2", "3"),
    *,
    round_id: str = "2022Q2",
    own: Mapping[str, Mapping[str, str]] | None = None,
) -> Book:
    """Make a small book; ``own`` prefills inputs by task."""
    token = book_token("c", round_id, unit)
    rows = []
    for number, task in enumerate(tasks, start=1):
        name, requirement = TASKS[task]
        code = row_code(token, task, "1")
        texts = {"seq": str(number), "code": code, **(own or {}).get(task, {})}
        office = {"plan_no": task, "task": name, "requirement": requirement, "time_limit": ""}
        rows.append(BookRow(task, "1", code, Role.RESPONSIBLE, office, texts))
    edition = edition_of(text for row in rows for text in (*row.office.values(), *row.own.values()))
    head = {"unit": unit, "round": "第二季度"}
    return Book(
        "c", round_id, unit, token, edition, book_number(token, edition), f"{unit}台账", tuple(rows), head,
        ("只填黄色单元格。",),
    )  # fmt: skip


def issued(made: Book, at: str = "2022-06-15T00:00:00+00:00") -> Issued:
    """Issue a book."""
    return Issued(made, LAYOUT, "0" * 64, f"{made.unit}.xlsx", at)


def shelf(*books: Book) -> Shelf:
    """Put books on a shelf."""
    return Shelf.of(issued(made) for made in books)


def sheet_of(
    made: Book, typed: Mapping[tuple[str, str], str] | None = None, head: Mapping[str, str] | None = None
) -> list[list[str]]:
    """Lay a book out as a sheet's lines, as the writer does, with what a clerk typed by (task, column id)."""
    typed = typed or {}
    lines = [
        [made.title],
        [f"台账编号：{made.number}"],
        ["填报单位", made.unit, "填报期", made.head["round"]],
        ["填报人", (head or {}).get("filled_by", ""), "默认分管领导", (head or {}).get("default_leader", "")],
        ["填报说明", "1. 只填黄色单元格。"],
        [*(column.title for column in LAYOUT.columns), HIDDEN_CODE_TITLE],
    ]
    for row in made.rows:
        texts = [typed.get((row.task, column.id), row.text(column.id)) for column in LAYOUT.columns]
        lines.append([*texts, row.code])
    return lines


def column(column_id: str) -> int:
    """Give the index of a column on the sheet."""
    return [each.id for each in LAYOUT.columns].index(column_id)


def workbook(
    *sheets: Iterable[Iterable[str]], names: Iterable[str] = (), properties: Mapping[str, str] | None = None
) -> Workbook:
    """Make a workbook as the reader would give it, from lines of text."""
    titles = [*names] or [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    grids = []
    for title, lines in zip(titles, sheets, strict=True):
        rows = [list(line) for line in lines]
        width = max(map(len, rows))
        grids.append(Grid(title, hidden=False, rows=tuple((*row, *[""] * (width - len(row))) for row in rows)))
    return Workbook("xlsx", tuple(grids), properties=properties or {})


def make_folder(root: Path, files: Mapping[str, str]) -> Path:
    """Write a folder from a dict of texts."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


SMALL_CAMPAIGN = {
    "ledgergen.yaml": """\
id: small
name: 小型台账
layout: zichuan
contact: {office: 区政府办公室, phone: "0000-0000000"}
checks: {required-when: off}  # most tests type a cell or two; those of the checks say otherwise
rounds:
- {id: 2022Q2, name: 2022年第二季度, opens: 2022-06-15, due: 2022-07-10}
""",
    "plan.yaml": """\
plan: {title: 2022年工作方案, region: 淄川区, year: 2022, issued: 2022-06-08}
tasks:
- {id: "1", section: [], name: 重要部署, requirement: 按季度公开重点任务的进展, responsible: [区财政局, 区发改局]}
- {id: "2", section: [], name: 减税降费, requirement: 推送各项减税政策, lead: [区财政局], time_limit: 长期坚持}
- {id: "3", section: [], name: 减税降费, requirement: 公开收费目录清单, responsible: [各单位], time_limit: 年底前}
""",
    "units.yaml": """\
units:
- {name: 区财政局, aliases: [财政局], kind: 部门}
- {name: 区发改局, kind: 部门}
- {name: 昆仑镇, kind: 镇}
groups:
- {name: 各单位, kinds: [部门, 镇]}
""",
}
