"""Summary sheets: the round's numbers per unit, task, section, round and leader, as tables that any format can take.

Every table of one round ends in a total, and each total is the sum of the rows above it and of the merged truth.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ledgergen.report.facts import ReportFacts, day_text, time_text
from ledgergen.report.formats import report_formats
from ledgergen.report.progress_sheets import return_text
from ledgergen.report.tablesheet import ReportBook, TableColumn, TableSheet, Value, write_table
from ledgergen.report.wording import LIGHTS, STAGES, why
from ledgergen.state.light import Colour, Stage
from ledgergen.state.picture import Counts, Picture
from ledgergen.workbook.layout import Style
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import CheckedWorkbook, Properties

BY: Final = ("unit", "task", "section", "leader", "round")
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"unit": "按单位", "task": "按任务", "section": "按章节", "leader": "按分管领导", "round": "按填报期"}
)
TOTAL: Final = "合计"
_LAMPS: Final = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.GREY)
_NO_SECTION: Final = "（无章节）"
_NO_LEADER: Final = "（未填）"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for the beginning of a formula


@dataclass(frozen=True, slots=True)
class SumColumn:
    """A column: its id for programs, its title, its width, and its look in a workbook."""

    id: str
    title: str
    width: float = 9
    look: str = "count"


@dataclass(frozen=True, slots=True)
class SumTable:
    """One table: what it is by, its columns, its rows; the last row is the total where ``has_total``."""

    by: str
    columns: tuple[SumColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    has_total: bool = True


def _counted(prefix: str = "", label: str = "") -> tuple[SumColumn, ...]:
    return (
        SumColumn(f"{prefix}total", f"{label}总数" if label else "任务分工数"),
        *(SumColumn(f"{prefix}{stage}", f"{label}{STAGES[stage]}") for stage in Stage),
        *(SumColumn(f"{prefix}{colour}", f"{label}{LIGHTS[colour]}灯", 8) for colour in _LAMPS),
        SumColumn(f"{prefix}late", f"{label}逾期完成"),
    )


def sums(found: Picture, rounds: Iterable[tuple[str, Picture]] = ()) -> tuple[SumTable, ...]:
    """Give the tables of a round; ``rounds``: the names of all rounds with their pictures on the same day."""
    return (
        _by_unit(found),
        _by_task(found),
        _by_section(found),
        _by_leader(found),
        _by_round(rounds),
    )


def _by_unit(found: Picture) -> SumTable:
    head = (
        SumColumn("unit", "单位", 22, "mid"),
        SumColumn("kind", "单位类别", 10, "mid"),
        SumColumn("returned", "是否报送", 13, "mid"),
    )
    rows = [_row(unit.unit, unit.kind, return_text(unit), *_numbers(unit.counts)) for unit in found.units]
    return SumTable("unit", (*head, *_counted()), (*rows, _row(TOTAL, "", "", *_numbers(found.assignment_counts))))


def _by_task(found: Picture) -> SumTable:
    head = (
        SumColumn("task", "总表序号", 7, "mid"),
        SumColumn("name", "工作任务", 26, "text"),
        SumColumn("section", "章节", 20, "text"),
        SumColumn("state", "任务状态", 10, "state"),
        SumColumn("stage", "所处阶段", 13, "mid"),
        SumColumn("light", "预警灯", 8, "light"),
        SumColumn("why", "为什么", 36, "text"),
    )
    rows = [
        _row(
            task.number,
            task.name,
            " ".join(task.section),
            task.state,
            STAGES[task.stage],
            LIGHTS[task.light.colour],
            why(task.light),
            *_numbers(task.counts),
        )
        for task in found.tasks
    ]
    total = _row(TOTAL, "", "", "", "", "", "", *_numbers(found.assignment_counts))
    return SumTable("task", (*head, *_counted()), (*rows, total))


def _by_section(found: Picture) -> SumTable:
    head = (SumColumn("section", "章节", 36, "text"),)
    columns = (*head, *_counted("tasks_", "任务"), *_counted("assignments_", "分工"))
    rows = []
    for section, tasks in found.by_section().items():
        assignments = (item for task in tasks for item in task.assignments if item.light.counts)
        name = " ".join(section) or _NO_SECTION
        rows.append(_row(name, *_numbers(Counts.of(tasks)), *_numbers(Counts.of(assignments))))
    total = _row(TOTAL, *_numbers(found.task_counts), *_numbers(found.assignment_counts))
    return SumTable("section", columns, (*rows, total))


def _by_leader(found: Picture) -> SumTable:
    head = (SumColumn("unit", "单位", 22, "mid"), SumColumn("leader", "单位分管领导", 13, "mid"))
    rows = [
        _row(unit, leader or _NO_LEADER, *_numbers(Counts.of(items)))
        for (unit, leader), items in found.by_leader().items()
    ]
    return SumTable("leader", (*head, *_counted()), (*rows, _row(TOTAL, "", *_numbers(found.assignment_counts))))


def _by_round(rounds: Iterable[tuple[str, Picture]]) -> SumTable:
    head = (
        SumColumn("round", "填报期", 18, "mid"),
        SumColumn("asked", "应报单位"),
        SumColumn("returned", "已报单位"),
        SumColumn("late_units", "迟报单位"),
        SumColumn("silent_units", "未报单位"),
    )
    rows = []
    for name, each in rounds:
        silent = len(each.silent_units)
        units = len(each.units), len(each.units) - silent, len(each.late_units), silent
        rows.append(_row(name, *units, *_numbers(each.task_counts)))
    return SumTable("round", (*head, *_counted("tasks_", "任务")), tuple(rows), has_total=False)


def _row(*values: Value) -> tuple[Value, ...]:
    return values


def _numbers(counts: Counts) -> tuple[int, ...]:
    return (
        counts.total,
        *(counts.by_stage.get(stage, 0) for stage in Stage),
        *(counts.by_colour.get(colour, 0) for colour in _LAMPS),
        counts.late,
    )


def sums_json(found: Picture, tables: Sequence[SumTable]) -> dict[str, object]:
    """Give tables for programs: rows as objects by the columns' ids, the total apart."""
    told: dict[str, object] = {"round": found.round, "as_of": found.as_of.isoformat(), "until": found.until}
    for each in tables:
        rows = [dict(zip((column.id for column in each.columns), row, strict=True)) for row in each.rows]
        told[f"by_{each.by}"] = {"rows": rows[:-1], "total": rows[-1]} if each.has_total else {"rows": rows}
    return told


def sums_csv(table: SumTable) -> bytes:
    """Write a table as CSV in UTF-8 with a byte order mark, which Excel needs; no text in it can become a formula."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([column.title for column in table.columns])
    writer.writerows([[inert(value) if isinstance(value, str) else value for value in row] for row in table.rows])
    return target.getvalue().encode("utf-8-sig", "replace")


def inert(text: str) -> str:
    """Put a quote before a text that a spreadsheet would take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def sums_workbook(facts: ReportFacts, found: Picture, tables: Sequence[SumTable]) -> bytes:
    """Write tables as a workbook, one sheet each; the same input gives the same bytes."""
    style = found.units[0].book.issued.layout.style if found.units else Style()
    formats = report_formats(style)
    mark = f"{facts.campaign}|{facts.round_id}|{facts.until}|0"
    title = f"{facts.name} 汇总表（{facts.round_name}）"
    properties = Properties(title, facts.dated, author=facts.contact_office, custom={REPORT_PROPERTY: mark})
    book = CheckedWorkbook(properties, formats)
    paper = ReportBook(book, formats, f"{facts.name} 汇总表 {day_text(found.as_of)}"[:80])
    for each in tables:
        columns = tuple(TableColumn(column.title, column.width, column.look) for column in each.columns)
        note = f"预警日：{day_text(found.as_of)}    数据截至：{time_text(facts.until) or '—'}"
        name = NAMES[each.by]
        sheet = TableSheet(name, f"{facts.name}汇总表·{name}（{facts.round_name}）", note, columns, 1)
        body, last = (each.rows[:-1], each.rows[-1]) if each.has_total else (each.rows, None)
        write_table(paper, sheet, body, last)
    return book.to_bytes()
