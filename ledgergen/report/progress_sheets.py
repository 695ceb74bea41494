"""Progress as tables: per task (任务进度), in the shape of the plan's own table, and per unit (单位进度)."""

from collections.abc import Iterator, Sequence
from typing import Final

from ledgergen.records import Role
from ledgergen.report.facts import ReportFacts, time_text
from ledgergen.report.tablesheet import TableColumn, Value
from ledgergen.report.wording import LIGHTS, STAGES, named, why
from ledgergen.state.entries import STATES
from ledgergen.state.light import Colour, Stage
from ledgergen.state.picture import AssessedTask, AssessedUnit, Counts, Picture, first_return
from ledgergen.workbook.layout import HeadItem

RETURNED: Final = "已报"
LATE: Final = "已报（迟报）"
SILENT: Final = "未报"
_NAMED: Final = 12  # units named in one cell at most
_LAMPS: Final = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.GREY)
_STAGES: Final = tuple(TableColumn(STAGES[stage], 9, "count") for stage in Stage)
_LIGHTS: Final = tuple(TableColumn(f"{LIGHTS[colour]}灯", 7, "count") for colour in _LAMPS)
_STATES: Final = tuple(TableColumn(state, 8, "count", level=1) for state in STATES)

TASK_COLUMNS: Final = (
    TableColumn("总表序号", 5.5, "mid"),
    TableColumn("工作任务", 22),
    TableColumn("工作要求", 34),
    TableColumn("责任单位", 26),
    TableColumn("方案时限", 16),
    TableColumn("任务状态", 10, "state"),
    TableColumn("预警灯", 8, "light"),
    TableColumn("为什么", 34),
    TableColumn("其他单位情况", 24),
    TableColumn("单位数", 8, "count"),
    *_STAGES,
    *_LIGHTS,
    TableColumn("牵头单位", 18, level=1),
    *_STATES,
    TableColumn("未报台账的单位", 26, level=1),
    TableColumn("已报台账而未填本项状态的单位", 26, level=1),
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
        *_STAGES,
        *_LIGHTS,
        TableColumn("逾期完成", 7, "count"),
        TableColumn("完成率", 8, "share"),
        *_STATES,
        *(TableColumn(item.label, 13, "mid", level=1) for item in heads),
    )


def task_rows(found: Picture) -> Iterator[Sequence[Value]]:
    """Give a row for each task, in the plan's order."""
    silent = {unit.unit for unit in found.silent_units}
    for task in found.tasks:
        unsaid = [item.unit for item in task.assignments if item.stage is Stage.SILENT]
        row = task.assignments[0].progress.entries[0].row
        yield (
            task.number,
            task.name,
            row.text("requirement"),
            responsible_text(task),
            task.time_limit,
            task.state,
            LIGHTS[task.light.colour],
            f"{task.because.unit}：{why(task.light)}" if len(task.decided_by) > 1 else why(task.light),
            otherwise_text(task),
            len(task.assignments),
            *_counted(task.counts),
            named(task.leads, _NAMED),
            *(task.counts.by_state.get(state, 0) for state in STATES),
            named((unit for unit in unsaid if unit in silent), _NAMED),
            named((unit for unit in unsaid if unit not in silent), _NAMED),
        )


def unit_rows(facts: ReportFacts, found: Picture, heads: Sequence[HeadItem]) -> Iterator[Sequence[Value]]:
    """Give a row for each unit, in the order of issue."""
    for number, unit in enumerate(found.units, start=1):
        counts = unit.counts
        yield (
            number,
            unit.unit,
            facts.kinds.get(unit.unit, ""),
            return_text(unit),
            time_text(first_return(unit.book)),
            time_text(_last_return(unit)),
            len(unit.book.receipts),
            sum(len(item.progress.entries) for item in unit.assignments),
            counts.total,
            *_counted(counts),
            counts.late,
            counts.finished / counts.total if counts.total else 0,
            *(counts.by_state.get(state, 0) for state in STATES),
            *(_head_text(unit, item.id) for item in heads),
        )


def responsible_text(task: AssessedTask) -> str:
    """Name the units of a task by role, as the plan's own table does: 牵头单位 first, not too many."""
    parts = []
    for role, label in ((Role.LEAD, "牵头"), (Role.RESPONSIBLE, "责任"), (Role.SUPPORTING, "配合")):
        if names := [item.unit for item in task.assignments if item.role is role]:
            parts.append(f"{label}：{named(names, _NAMED)}")
    return "\n".join(parts)


def otherwise_text(task: AssessedTask) -> str:
    """Say which units stand worse than the task's light does; empty where none does."""
    if not task.otherwise:
        return ""
    worst = min(task.otherwise, key=lambda item: item.light.colour.rank).light.colour
    names = [item.unit for item in task.otherwise if item.light.colour is worst]
    more = len(task.otherwise) - len(names)
    return f"{LIGHTS[worst]}灯：{named(names, _NAMED)}" + (f"；另有{more}家不及本项" if more else "")


def return_text(unit: AssessedUnit) -> str:
    """Say whether a unit's ledger came back, and whether in time."""
    if not unit.returned:
        return SILENT
    return LATE if unit.late else RETURNED


def _counted(counts: Counts) -> Iterator[int]:
    yield from (counts.by_stage.get(stage, 0) for stage in Stage)
    yield from (counts.by_colour.get(colour, 0) for colour in _LAMPS)


def _head_text(unit: AssessedUnit, item_id: str) -> str:
    standing = unit.book.head.get(item_id)
    return standing.text if standing else unit.book.issued.book.head.get(item_id, "")


def _last_return(unit: AssessedUnit) -> str:
    """Give the time a unit's newest return was received, else first collected; empty where there is none."""
    if not unit.book.receipts:
        return ""
    parcel = unit.book.receipts[-1].parcel
    return parcel.received or parcel.collected
