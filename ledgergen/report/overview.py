"""The overview (总体情况): one page with one conclusion, what is done, who is late, and how all of it is counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledgergen.catalogue import Severity
from ledgergen.report.facts import ReportFacts, day_of, day_text, time_text
from ledgergen.report.formats import state_format
from ledgergen.report.progress_sheets import is_late
from ledgergen.report.tablesheet import ReportBook, Value
from ledgergen.report.wording import COUNTING, DONE_IN_FULL, SEVERITIES, named
from ledgergen.state.entries import CONTINUING, DONE, NOT_CONCERNED, NOT_RETURNED, NOT_STARTED, STATES, UNDER_WAY
from ledgergen.state.progress import Progress
from ledgergen.workbook.sheets import Area, Page, SheetWriter

SHEET: Final = "总体情况"
_WIDTH: Final = 15.5  # of each of the columns, in characters
_COLUMNS: Final = 6
_NAMES: Final = 40  # units named in one line at most: the page stays one page
_TASKS: Final = 60
_LEAST_ROW: Final = 22.5  # points


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview says of units and parcels, beside what :class:`Progress` counts."""

    late: tuple[str, ...]
    parcels: int
    duplicates: int
    faults: Mapping[Severity, int]

    @staticmethod
    def of(facts: ReportFacts, found: Progress, parcels: tuple[int, int], faults: Mapping[Severity, int]) -> "Figures":
        """Work them out; ``parcels`` are all of them and the duplicates among them."""
        late = tuple(unit.unit for unit in found.units if is_late(facts, unit))
        return Figures(late, *parcels, faults)


def conclusion(facts: ReportFacts, found: Progress, figures: Figures) -> str:
    """Put the round into one sentence with its numbers."""
    if not found.units:
        return f"{facts.round_name}尚未下发台账。"
    units, silent = len(found.units), len(found.silent)
    by_task, tasks = found.by_task, len(found.tasks)
    advanced = by_task[DONE] + by_task[CONTINUING]
    rest = "、".join(
        f"{state}{by_task[state]}项"
        for state in (UNDER_WAY, NOT_STARTED, NOT_RETURNED, NOT_CONCERNED)
        if by_task[state]
    )
    late = f"（其中迟报{len(figures.late)}家）" if figures.late else ""
    return (
        f"截至{day_text(day_of(facts.until))}，{facts.round_name}应报单位{units}家，已报{units - silent}家{late}，"
        f"未报{silent}家；{tasks}项工作任务中，已完成{by_task[DONE]}项、持续推进{by_task[CONTINUING]}项，"
        f"两者占{_share(advanced, tasks):.1%}" + (f"；{rest}。" if rest else "。")
    )


def write_overview(
    paper: ReportBook, sheet: SheetWriter, facts: ReportFacts, found: Progress, figures: Figures
) -> None:
    """Write the page."""
    page = _Page(paper, sheet)
    sheet.columns(0, _COLUMNS - 1, _WIDTH)
    page.line(f"{facts.name}台账落实情况", "title", least=42)
    for text in _about(facts):
        page.line(text, "note_mid")
    page.line(conclusion(facts, found, figures), "conclusion")
    page.line("一、落实状态", "section")
    _write_states(page, found)
    page.line("二、单位报送", "section")
    _write_units(page, found, figures)
    page.line("三、来件和填报差错", "section")
    _write_faults(page, figures)
    page.line("四、统计口径", "section")
    for number, text in enumerate(COUNTING, start=1):
        page.line(f"{number}. {text}", "note")
    sheet.page(Page(landscape=False, footer=paper.page_footer(), pages=(1, 1)))


def _about(facts: ReportFacts) -> Iterator[str]:
    """Give the lines below the title."""
    office = " ".join(filter(None, (facts.contact_office, facts.contact_phone)))
    whence = [f"依据：{facts.plan_title}" if facts.plan_title else "", f"汇总单位：{office}" if office else ""]
    if any(whence):
        yield "    ".join(filter(None, whence))
    until = f"数据截至：{time_text(facts.until) or '—'}（北京时间）"
    yield "    ".join((f"填报期：{facts.round_name}", f"报送截止：{day_text(facts.due)}", until))


def _write_states(page: "_Page", found: Progress) -> None:
    tasks, assignments = len(found.tasks), len(found.assignments)
    by_task, by_assignment = found.by_task, found.by_assignment
    spans = (2, 1, 1, 1, 1)
    page.table_row(("落实状态", "任务数", "占比", "任务分工数", "占比"), ("header",) * 5, spans)
    for state in STATES:
        label = DONE_IN_FULL if state == DONE else state
        shares = _share(by_task[state], tasks), _share(by_assignment[state], assignments)
        page.table_row(
            (label, by_task[state], shares[0], by_assignment[state], shares[1]),
            (state_format(state), "count", "share", "count", "share"),
            spans,
        )
    page.table_row(
        ("合计", tasks, _share(tasks, tasks), assignments, _share(assignments, assignments)),
        ("header", "total", "total_share", "total", "total_share"),
        spans,
    )
    for state in (NOT_STARTED, NOT_RETURNED):
        numbers = [task.number for task in found.tasks if task.state == state]
        if numbers:
            page.named_row(f"{state}的任务", f"总表序号：{named(numbers, _TASKS, '项')}")


def _write_units(page: "_Page", found: Progress, figures: Figures) -> None:
    units, silent = len(found.units), len(found.silent)
    spans = (1, 1, 1, 1, 2)
    page.table_row(("应报单位", "已报单位", "其中迟报", "未报单位", "报送率"), ("header",) * 5, spans)
    counts = (units, units - silent, len(figures.late), silent, _share(units - silent, units))
    page.table_row(counts, ("count", "count", "count", "count", "share"), spans)
    page.named_row("未报单位名单", named((unit.unit for unit in found.silent), _NAMES) or "无")
    page.named_row("迟报单位名单", named(figures.late, _NAMES) or "无")


def _write_faults(page: "_Page", figures: Figures) -> None:
    titles = ("来件", "其中重复", *SEVERITIES.values(), "差错合计")
    counts = (figures.parcels, figures.duplicates, *(figures.faults[each] for each in SEVERITIES))
    page.table_row(titles, ("header",) * _COLUMNS)
    page.table_row((*counts, sum(figures.faults.values())), ("count",) * _COLUMNS)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


class _Page:
    """Writes row after row over the columns of the page."""

    def __init__(self, paper: ReportBook, sheet: SheetWriter) -> None:
        self._paper = paper
        self._sheet = sheet
        self._row = 0

    def line(self, text: str, look: str, least: float = 0) -> None:
        """Write a text over all columns."""
        self._sheet.row(self._row, max(least, self._paper.height([(text, _COLUMNS * _WIDTH, look)])))
        self._sheet.merge(Area(self._row, 0, self._row, _COLUMNS - 1), text, look)
        self._row += 1

    def named_row(self, label: str, text: str) -> None:
        """Write a label and a text behind it."""
        self.table_row((label, text), ("header", "text"), (1, _COLUMNS - 1))

    def table_row(self, values: Sequence[Value], looks: Sequence[str], spans: Sequence[int] = (1,) * _COLUMNS) -> None:
        """Write values, each over so many columns."""
        cells = list(zip(values, looks, spans, strict=True))
        texts = [(value, span * _WIDTH, look) for value, look, span in cells if isinstance(value, str)]
        self._sheet.row(self._row, max(_LEAST_ROW, self._paper.height(texts)))
        left = 0
        for value, look, span in cells:
            self._put(Area(self._row, left, self._row, left + span - 1), value, look)
            left += span
        self._row += 1

    def _put(self, area: Area, value: Value, look: str) -> None:
        if isinstance(value, str):
            self._sheet.merge(area, value, look)
            return
        self._sheet.merge(area, "", look)
        self._sheet.write_number(area.top, area.left, value, look)
