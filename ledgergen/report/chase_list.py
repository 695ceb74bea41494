"""The list for those who telephone (催报名单): whom to ring up, what they owe, how often they were chased."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledgergen.report.chasing import KINDS, Owing
from ledgergen.report.facts import ReportFacts, day_text
from ledgergen.report.formats import report_formats
from ledgergen.report.tablesheet import ReportBook, TableColumn, TableSheet, Value, write_table
from ledgergen.workbook.layout import Style
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import CheckedWorkbook, Properties

SHEET: Final = "催报名单"
_MOST: Final = 30  # items in one cell
COLUMNS: Final = (
    TableColumn("序号", 6, "count"),
    TableColumn("单位", 20, "mid"),
    TableColumn("联系人", 9, "mid"),
    TableColumn("电话", 15, "mid"),
    TableColumn("性质", 7, "mid"),
    TableColumn("欠报事项", 52),
    TableColumn("最早期限", 12, "mid"),
    TableColumn("已催次数", 7, "count"),
    TableColumn("最近一次", 16, "mid"),
    TableColumn("联系方式", 24, "mid"),
    TableColumn("联系情况", 24),
    TableColumn("答复报送时间", 13, "mid"),
)


@dataclass(frozen=True, slots=True)
class ChaseRow:
    """One unit on the list: what it owes, whom to ring up, how it is reached, how often it was chased and when last."""

    owing: Owing
    contact: str
    phone: str
    reached: str
    times: int
    last: str


def chase_list(facts: ReportFacts, day: date, rows: Sequence[ChaseRow]) -> bytes:
    """Write the list and give the bytes of the file; the same rows on the same day give the same bytes."""
    title = f"{facts.name}{SHEET}（{facts.round_name}）"
    properties = Properties(
        title, day, author=facts.contact_office, custom={REPORT_PROPERTY: f"{facts.campaign}|{facts.round_id}|{day}"}
    )
    formats = report_formats(Style())
    book = CheckedWorkbook(properties, formats)
    note = f"报送截止：{day_text(facts.due)}    截至：{day_text(day)}    共{len(rows)}家单位；后两栏供打电话时填写"
    paper = ReportBook(book, formats, f"{facts.name} {facts.round_name} {SHEET}")
    write_table(paper, TableSheet(SHEET, title, note, COLUMNS, 2), _rows(rows))
    return book.to_bytes()


def _rows(rows: Sequence[ChaseRow]) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(rows, start=1):
        yield (
            number,
            row.owing.unit,
            row.contact,
            row.phone,
            KINDS[row.owing.kind],
            _items(row.owing),
            day_text(row.owing.due),
            row.times,
            row.last,
            row.reached,
            "",
            "",
        )


def _items(owing: Owing) -> str:
    lines = [f"{number}. {each.what}{_when(each.late, each.due)}" for number, each in enumerate(owing.items, start=1)]
    more = len(lines) - _MOST
    return "\n".join([*lines[:_MOST], *([f"……另有{more}项"] if more > 0 else [])])


def _when(late: str, due: date | None) -> str:
    if late:
        return f"（已过{late}）"
    return f"（{due.month}月{due.day}日到期）" if due else ""
