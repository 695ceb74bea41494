"""Progress as tables: per task (任务进度), per unit (单位进度), and the units without a return (未报送单位)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ledgergen.records import Role
from ledgergen.report.facts import ReportFacts, day_of, time_text
from ledgergen.report.tablesheet import TableColumn, Value
from ledgergen.report.wording import named
from ledgergen.state.entries import DONE, NOT_RETURNED, STATES
from ledgergen.state.progress import Progress, TaskProgress, UnitProgress
from ledgergen.workbook.layout import HeadItem

RETURNED: Final = "已报"
LATE: Final = "已报（迟报）"
SILENT: Final = "未报"
_NAMED: Final = 12  # units named in one cell at most
_COUNTS: Final = tuple(TableColumn(state, 9, "count") for state in STATES)

TASK_COLUMNS: Final = (
    TableColumn("总表序号", 5.5, "mid"),
    TableColumn("工作任务", 26),
    TableColumn("任务状态", 10, "state"),
    TableColumn("牵头单位", 18),
    TableColumn("单位数", 8, "count"),
    *_COUNTS,
    TableColumn("未报台账的单位", 26),
    TableColumn("已报台账而未填本项状态的单位", 26),
)
SILENT_COLUMNS: Final = (
    TableColumn("序号", 6, "count"),
    TableColumn("单位", 24, "mid"),
    TableColumn("单位类别", 12, "mid"),
    TableColumn("任务分工数", 9, "count"),
    TableColumn("下发的台账", 36),
    TableColumn("联系情况", 26),
    TableColumn("联系时间", 13, "mid"),
    TableColumn("答复报送时间", 13, "mid"),
)


def unit_columns(heads: Sequence[HeadItem]) -> tuple[TableColumn, ...]:
    """Give the columns of the table of units; behind them what units wrote into the head of their ledgers."""
    return (
        TableColumn("序号", 6, "count"),
        TableColumn("单位", 20, "mid"),
        TableColumn("单位类别", 9, "mid"),
        TableColumn("是否报送", 13, "mid"),
        TableColumn("首次报送时间", 12, "mid"),
        TableColumn("最近报送时间", 12, "mid"),
        TableColumn("报送次数", 5.5, "count"),
        TableColumn("举措行数", 5.5, "count"),
        TableColumn("任务分工数", 7, "count"),
        *_COUNTS,
        TableColumn("完成率", 8, "share"),
        *(TableColumn(item.label, 13, "mid") for item in heads),
    )


def task_rows(found: Progress, counts: Mapping[str, tuple[int, ...]]) -> Iterator[Sequence[Value]]:
    """Give a row for each task, in the plan's order; ``counts`` by task id in the order of ``STATES``."""
    silent = {unit.unit for unit in found.silent}
    for task in found.tasks:
        left_open = [item.unit for item in task.assignments if item.state == NOT_RETURNED and item.unit not in silent]
        yield (
            task.number,
            task.name,
            task.state,
            named(leads_of(task), _NAMED),
            len(task.assignments),
            *counts[task.task],
            named((item.unit for item in task.assignments if item.unit in silent), _NAMED),
            named(left_open, _NAMED),
        )


def unit_rows(
    facts: ReportFacts, found: Progress, counts: Mapping[str, tuple[int, ...]], heads: Sequence[HeadItem]
) -> Iterator[Sequence[Value]]:
    """Give a row for each unit, in the order of issue."""
    for number, unit in enumerate(found.units, start=1):
        assignments = len(unit.assignments)
        yield (
            number,
            unit.unit,
            facts.kinds.get(unit.unit, ""),
            return_text(facts, unit),
            time_text(first_return(unit)),
            time_text(last_return(unit)),
            len(unit.book.receipts),
            sum(len(assignment.entries) for assignment in unit.assignments),
            assignments,
            *counts[unit.unit],
            unit.counts.get(DONE, 0) / assignments if assignments else 0,
            *(_head_text(unit, item.id) for item in heads),
        )


def silent_rows(facts: ReportFacts, found: Progress) -> Iterator[Sequence[Value]]:
    """Give a row for each unit without a return, with room for what a telephone call brought."""
    for number, unit in enumerate(found.silent, start=1):
        kind = facts.kinds.get(unit.unit, "")
        yield number, unit.unit, kind, len(unit.assignments), unit.book.issued.name, "", "", ""


def leads_of(task: TaskProgress) -> list[str]:
    """Name the units that lead a task."""
    return [item.unit for item in task.assignments if item.role is Role.LEAD]


def return_text(facts: ReportFacts, unit: UnitProgress) -> str:
    """Say whether a unit's ledger came back, and whether in time."""
    if not unit.returned:
        return SILENT
    return LATE if is_late(facts, unit) else RETURNED


def is_late(facts: ReportFacts, unit: UnitProgress) -> bool:
    """Tell whether a unit's first return came after the due date; the due date itself is in time."""
    day = day_of(first_return(unit))
    return day is not None and day > facts.due


def first_return(unit: UnitProgress) -> str:
    """Give the time a unit's first return was received, else first collected; empty where there is none."""
    return _came(unit, 0) if unit.returned else ""


def last_return(unit: UnitProgress) -> str:
    """Give the time of a unit's newest return in the same way."""
    return _came(unit, -1) if unit.returned else ""


def _head_text(unit: UnitProgress, item_id: str) -> str:
    standing = unit.book.head.get(item_id)
    return standing.text if standing else unit.book.issued.book.head.get(item_id, "")


def _came(unit: UnitProgress, index: int) -> str:
    parcel = unit.book.receipts[index].parcel
    return parcel.received or parcel.collected
