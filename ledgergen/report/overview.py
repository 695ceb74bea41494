"""The overview (总体情况): one page with one conclusion, what is done, what is late, who, what a leader decides.

Everything on it is bounded: however many units and tasks there are, it stays one printed page; what is left out stands
on the sheets behind it, and the page says so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ledgergen.catalogue import Severity
from ledgergen.records import LightSettings
from ledgergen.report.conclusion import conclusion, silent_overdue
from ledgergen.report.facts import ReportFacts, day_text, time_text
from ledgergen.report.formats import light_format
from ledgergen.report.onepage import GRID, OnePage
from ledgergen.report.tablesheet import ReportBook
from ledgergen.report.wording import CHINESE, COUNTING, LIGHTS, MOVES, SEVERITIES, STAGES, WANTED, days_of, named
from ledgergen.state.light import Colour, Stage
from ledgergen.state.light_words import short_reason
from ledgergen.state.picture import Picture
from ledgergen.workbook.limits import cut
from ledgergen.workbook.sheets import Area, BarChart, Page, SheetWriter

SHEET: Final = "总体情况"
_NAMES: Final = 30  # units named in one line at most: the page stays one page
_OVERDUE: Final = 10
_WANTED: Final = 3
_TEXT: Final = 46  # characters of what a unit asks for
_NAME: Final = 15  # of a task's name
_LAMPS: Final = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.GREY)
_STAGE_SPANS: Final = (3, 2, 2)  # stage, tasks, assignments; the chart stands on their right
_CHART: Final = (352, 213)  # pixels: five columns wide, eight rows high
_COLOURS: Final = {
    Stage.CLOSED: "#2E7D32",
    Stage.CLAIMED: "#7CB98B",
    Stage.ON_TRACK: "#8FB4DA",
    Stage.OVERDUE: "#D9534F",
    Stage.SILENT: "#7F7F7F",
    Stage.NOT_CONCERNED: "#D0D0D0",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview says of parcels: how many, how many of them duplicates, and the findings by severity."""

    parcels: int = 0
    duplicates: int = 0
    faults: Mapping[Severity, int] = field(default_factory=dict)


def write_overview(
    paper: ReportBook, sheet: SheetWriter, facts: ReportFacts, found: Picture, figures: Figures
) -> None:  # fmt: skip
    """Write the page."""
    page = OnePage(paper, sheet)
    page.line(f"{facts.name}台账落实情况", "title", least=36)
    for text in _about(facts, found):
        page.line(text, "note_mid")
    page.line(conclusion(facts, found), "conclusion")
    page.line("一、任务落实", "section")
    _write_stages(page, found)
    page.line("二、单位报送", "section")
    _write_units(page, found)
    page.line(_overdue_title(found), "section")
    _write_overdue(page, found)
    page.line(_wanted_title(found), "section")
    _write_wanted(page, found)
    page.line("五、与上期相比", "section")
    page.line(changes_text(found), "plain")
    page.line("六、填报差错和统计口径", "section")
    page.line(_faults_text(figures), "plain")
    for number, text in enumerate(counting(facts.lights), start=1):
        page.line(f"{number}. {text}", "note")
    sheet.page(Page(landscape=False, footer=paper.page_footer(), pages=(1, 1)))


def counting(numbers: LightSettings) -> tuple[str, ...]:
    """Say how things are counted, with the office's own numbers."""
    return tuple(text.format(yellow=numbers.yellow_days, stale=numbers.stale_days) for text in COUNTING)


def changes_text(found: Picture) -> str:
    """Say in a line what has changed since the end of the round before."""
    if found.before is None:
        return "本期为首期，没有上期可比。"
    ways = Counter(each.code for each in found.moved)
    finished = found.task_counts.finished - found.before.task_counts.finished
    overdue = found.task_counts.overdue - found.before.task_counts.overdue
    told = "、".join(f"{MOVES[code]}{ways[code]}项" for code in MOVES if ways[code]) or "没有变动"
    return (
        f"与上期末（{day_text(found.before.as_of)}）相比，任务完成{finished:+d}项、红灯{overdue:+d}项；"
        f"任务分工{told}，详见“变动情况”。"
    )


def _about(facts: ReportFacts, found: Picture) -> Iterator[str]:
    """Give the lines below the title."""
    office = " ".join(filter(None, (facts.contact_office, facts.contact_phone)))
    whence = [f"依据：{facts.plan_title}" if facts.plan_title else "", f"汇总单位：{office}" if office else ""]
    if any(whence):
        yield "    ".join(filter(None, whence))
    span = f"（{day_text(facts.opens)}至{day_text(facts.due)}）" if facts.opens < facts.due else ""
    until = f"数据截至：{time_text(facts.until) or '—'}（北京时间）"
    yield "    ".join((f"填报期：{facts.round_name}{span}", f"预警日：{day_text(found.as_of)}", until))


def _write_stages(page: OnePage, found: Picture) -> None:
    tasks, assignments = found.task_counts, found.assignment_counts
    page.cells(("所处阶段", "任务数", "任务分工数"), ("header",) * 3, _STAGE_SPANS)
    top = page.row
    shown = [(STAGES[stage], tasks.by_stage.get(stage, 0)) for stage in Stage]
    for stage, (name, number) in zip(Stage, shown, strict=True):
        page.cells((name, number, assignments.by_stage.get(stage, 0)), ("mid", "count", "count"), _STAGE_SPANS)
    page.cells(("合计", tasks.total, assignments.total), ("header", "total", "total"), _STAGE_SPANS)
    if tasks.total:
        span = len(shown) - 1
        column = _STAGE_SPANS[0]
        page.sheet.bars(
            top - 1,
            sum(_STAGE_SPANS),
            BarChart(
                "各阶段任务数（项）",
                Area(top, 0, top + span, 0),
                Area(top, column, top + span, column),
                shown,
                [_COLOURS[stage] for stage in Stage],
                _CHART,
                page.paper.formats["text"].font,
            ),
        )
    late = silent_overdue(found)
    lamps = [f"{LIGHTS[colour]}灯 {tasks.by_colour.get(colour, 0)}" for colour in _LAMPS]
    looks = ["header", *(light_format(LIGHTS[colour]) for colour in _LAMPS), "text"]
    more = f"红灯含未报送而已过时限的{late}项；逾期后完成{tasks.late}项"
    page.cells(("预警灯（任务）", *lamps, more), looks, (2, 1, 1, 1, 1, 6))


def _write_units(page: OnePage, found: Picture) -> None:
    units, silent = len(found.units), len(found.silent_units)
    spans = (2, 2, 2, 2, 4)
    page.cells(("应报单位", "已报单位", "其中迟报", "未报单位", "报送率"), ("header",) * 5, spans)
    counts = (units, units - silent, len(found.late_units), silent, (units - silent) / units if units else 0.0)
    page.cells(counts, ("count", "count", "count", "count", "share"), spans)
    for label, named_units in (("未报单位名单", found.silent_units), ("迟报单位名单", found.late_units)):
        names = named((unit.unit for unit in named_units), _NAMES) or "无"
        page.cells((label, names), ("header", "text"), (2, GRID - 2))


def _overdue_title(found: Picture) -> str:
    count = len(found.overdue)
    if not count:
        return "三、逾期事项"
    listed = f"，列前{_OVERDUE}项，其余见“逾期清单”" if count > _OVERDUE else ""
    return f"三、逾期事项（任务分工{count}项{listed}）"


def _write_overdue(page: OnePage, found: Picture) -> None:
    if not found.overdue:
        page.line("没有逾期事项。", "plain")
        return
    spans = (1, 3, 3, 2, 3)
    page.cells(("序号", "单位", "工作任务", "已逾期", "原因"), ("tight_header",) * 5, spans)
    for number, item in enumerate(found.overdue[:_OVERDUE], start=1):
        task = f"{item.number} {cut(item.name, _NAME, '…')}"
        values = (number, cut(item.unit, _NAME, "…"), task, days_of(item.light), short_reason(item.light, CHINESE))
        page.cells(values, ("count", "tight_mid", "tight", "tight_mid", "tight"), spans)


def _wanted_title(found: Picture) -> str:
    count = len(found.wanted)
    listed = f"，列前{_WANTED}项，其余见“需领导协调事项”" if count > _WANTED else ""
    return f"四、需领导协调事项（{count}项{listed}）" if count else "四、需领导协调事项"


def _write_wanted(page: OnePage, found: Picture) -> None:
    if not found.wanted:
        page.line("没有需领导协调的事项。", "plain")
    for each in found.wanted[:_WANTED]:
        item = each.item
        place = f"{cut(item.unit, _NAME, '…')}：{item.number} {cut(item.name, _NAME, '…')}"
        text = cut(" ".join(each.text.split()), _TEXT, "…") or WANTED[each.code]
        page.cells((place, text), ("tight", "tight"), (4, GRID - 4))


def _faults_text(figures: Figures) -> str:
    counted: Sequence[str] = [f"{name}{figures.faults.get(each, 0)}条" for each, name in SEVERITIES.items()]
    parcels = f"收到来件{figures.parcels}件（重复{figures.duplicates}件）"
    return f"{parcels}；检查发现{'、'.join(counted)}，详见“填报差错清单”。重复来件不计差错。"
