"""The workbook of opinions (征求意见汇总): by task, one by one, and who has not answered."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ledgergen.report.facts import ReportFacts, time_text
from ledgergen.report.formats import report_formats
from ledgergen.report.tablesheet import ReportBook, TableColumn, TableSheet, Value, write_table
from ledgergen.state.opinions import ADJUST, AGREED, ANSWERS, SILENT, UNANSWERED, Opinions, remarks
from ledgergen.workbook.layout import Style
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import CheckedWorkbook, Properties

SHEET: Final = "征求意见汇总"
_TASKS: Final = (
    TableColumn("总表序号", 7, "mid"),
    TableColumn("工作任务", 24),
    TableColumn(AGREED, 8, "count"),
    TableColumn(ADJUST, 9, "count"),
    TableColumn(UNANSWERED, 9, "count"),
    TableColumn(SILENT, 8, "count"),
    TableColumn("意见", 72),
)
_EACH: Final = (
    TableColumn("总表序号", 7, "mid"),
    TableColumn("工作任务", 22),
    TableColumn("单位", 18, "mid"),
    TableColumn("角色", 9, "mid"),
    TableColumn("意见", 10, "mid"),
    TableColumn("建议由何单位承担", 22),
    TableColumn("现名", 20),
    TableColumn("意见说明", 40),
    TableColumn("出处", 26, "small"),
)
_SILENT: Final = (TableColumn("单位", 30), TableColumn("单位性质", 14, "mid"))


def opinions_workbook(facts: ReportFacts, found: Opinions) -> bytes:
    """Write the workbook and give the bytes of the file; the same input gives the same bytes."""
    formats = report_formats(Style())
    properties = Properties(
        f"{facts.name} {SHEET}",
        facts.dated,
        author=facts.contact_office,
        custom={REPORT_PROPERTY: f"{facts.campaign}|{facts.round_id}|{facts.until}"},
    )
    book = CheckedWorkbook(properties, formats)
    paper = ReportBook(book, formats, f"{facts.name} {SHEET} 数据截至{time_text(facts.until)}"[:80])
    answered = len(found.asked) - len(found.silent)
    about = f"共{len(found.tasks)}项任务；{len(found.asked)}家单位，已反馈{answered}家"
    write_table(paper, _table(SHEET, facts, found, about, _TASKS), _task_rows(found))
    about = "每家单位每项任务一行；“现名”是按 units.yaml 查到的单位"
    write_table(paper, _table("意见明细", facts, found, about, _EACH), _each_rows(found))
    about = f"共{len(found.silent)}家单位未反馈" if found.silent else "全部单位均已反馈"
    rows = [(unit, facts.kinds.get(unit, "")) for unit in found.silent]
    write_table(paper, _table("未反馈单位", facts, found, about, _SILENT), rows)
    return book.to_bytes()


def _table(name: str, facts: ReportFacts, found: Opinions, about: str, columns: tuple[TableColumn, ...]) -> TableSheet:
    due = f"反馈截止：{found.due}    " if found.due.strip("—") else ""
    note = f"{due}数据截至：{time_text(facts.until) or '—'}    {about}"
    return TableSheet(name, f"{facts.name}{name}", note, columns, frozen=min(2, len(columns) - 1))


def _task_rows(found: Opinions) -> Iterator[Sequence[Value]]:
    for _, own in found.tasks:
        counts = Counter(each.answer for each in own)
        yield (own[0].number, own[0].name, *(counts[answer] for answer in ANSWERS), remarks(own))


def _each_rows(found: Opinions) -> Iterator[Sequence[Value]]:
    for _, own in found.tasks:
        for each in own:
            said = each.text if each.answer == UNANSWERED and each.text else each.answer
            names, units = "、".join(each.suggested), "、".join(each.units)
            place = str(each.source) if each.source else ""
            yield (each.number, each.name, each.unit, each.role, said, names, units, each.note, place)
