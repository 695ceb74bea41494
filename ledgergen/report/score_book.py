"""The score and the ranks as a workbook, made of plain values: a draft from what stands, or what was approved."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, cast

from ledgergen.catalogue import N_
from ledgergen.findings import Translate
from ledgergen.report.facts import ReportFacts, day_text, time_text
from ledgergen.report.formats import report_formats
from ledgergen.report.tablesheet import ReportBook, TableColumn, TableSheet, Value, write_table
from ledgergen.report.wording import CHINESE
from ledgergen.state.picture import Picture
from ledgergen.state.score import Line, Score, ranked
from ledgergen.workbook import limits
from ledgergen.workbook.layout import Style
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import CheckedWorkbook, Properties

Values = Mapping[str, Any]

DRAFT: Final = "送审稿"
_WORDS: Final[Mapping[str, str]] = {
    "full": N_("what every unit begins with"),
    "silent-unit": N_("the ledger was not handed in"),
    "late-unit": N_("the ledger was handed in late"),
    "silent": N_("task {number} {name}: was due {due}, nothing reported"),
    "open": N_("task {number} {name}: over its date, reported as “{state}”, not checked and closed"),
    "late-done": N_("task {number} {name}: closed, done after its date ({due})"),
    "most": N_("given back: all of these cost {most} at most"),
    "own": N_("{text}"),
    "least": N_("no score falls below {least}"),
}
_RANKS: Final = (
    TableColumn("名次", 7, "count"),
    TableColumn("单位", 26, "mid"),
    TableColumn("得分", 10, "count"),
    TableColumn("扣分", 10, "count"),
    TableColumn("加分", 10, "count"),
    TableColumn("并列", 8, "mid"),
)
_LINES: Final = (
    TableColumn("单位", 24, "mid"),
    TableColumn("组别", 16, "mid"),
    TableColumn("总表序号", 7, "mid"),
    TableColumn("计分事由", 70),
    TableColumn("分值", 9, "count"),
)


def score_values(found: Picture, scores: Sequence[Score]) -> dict[str, object]:
    """Give the score as plain values: what is approved, and what the workbook is made of."""
    groups = ranked(scores)
    return {
        "round": found.round,
        "as_of": found.as_of.isoformat(),
        "groups": [
            {
                "name": name,
                "units": [
                    {
                        "rank": each.rank,
                        "unit": each.score.unit,
                        "points": str(each.score.points),
                        "lines": [_line(line) for line in each.score.lines],
                    }
                    for each in own
                ],
            }
            for name, own in groups.items()
        ],
    }


def line_text(line: Mapping[str, Any], translate: Translate = CHINESE) -> str:
    """Say what a line of a score is for."""
    facts = {"due": "—"} | {name: str(value) for name, value in line["facts"].items()}
    return translate(_WORDS[line["code"]]).format_map(facts)


def score_workbook(facts: ReportFacts, values: Values, approved: str = "") -> bytes:
    """Write the workbook: one sheet of ranks for each group, and every score line by line.

    ``approved`` says who approved it when; without it the workbook is marked 送审稿.
    """
    formats = report_formats(Style())
    state = approved or f"{DRAFT}，未经批准，不得外传"
    title = f"{facts.name} 考评得分（{facts.round_name}）"
    mark = f"{facts.campaign}|{facts.round_id}|{facts.until}|0"
    properties = Properties(title, facts.dated, author=facts.contact_office, custom={REPORT_PROPERTY: mark})
    book = CheckedWorkbook(properties, formats)
    paper = ReportBook(book, formats, f"{title} {DRAFT if not approved else ''}"[:80])
    note = f"预警日：{values['as_of']}    数据截至：{time_text(facts.until) or '—'}    {state}"
    suffix = "" if approved else f"（{DRAFT}）"
    taken: list[str] = []
    for group in _dicts(values["groups"]):
        name = limits.sheet_name(f"排名 {group['name']}", taken)
        taken.append(name)
        heading = f"{facts.name}考评得分排名·{group['name']}（{facts.round_name}）{suffix}"
        write_table(paper, TableSheet(name, heading, note, _RANKS, 2), _rank_rows(group))
    heading = f"{facts.name}考评得分明细（{facts.round_name}）{suffix}"
    about = f"{note}    每家单位各行分值相加即为得分；未完成的与未经核查的“已完成”同样计分"
    write_table(paper, TableSheet("得分明细", heading, about, _LINES, 1), _line_rows(values))
    return book.to_bytes()


def approved_text(by: str, on: str) -> str:
    """Say who approved when."""
    from datetime import date

    return f"批准：{by}，{day_text(date.fromisoformat(on))}" if by else f"审定日期：{day_text(date.fromisoformat(on))}"


def _rank_rows(group: Values) -> Iterator[Sequence[Value]]:
    units = _dicts(group["units"])
    ranks = [int(unit["rank"]) for unit in units]
    for unit in units:
        points = [Decimal(str(line["points"])) for line in _dicts(unit["lines"]) if line["code"] != "full"]
        off, added = sum(min(each, Decimal(0)) for each in points), sum(max(each, Decimal(0)) for each in points)
        tie = "并列" if ranks.count(int(unit["rank"])) > 1 else ""
        yield int(unit["rank"]), str(unit["unit"]), float(str(unit["points"])), float(-off), float(added), tie


def _line_rows(values: Values) -> Iterator[Sequence[Value]]:
    for group in _dicts(values["groups"]):
        for unit in _dicts(group["units"]):
            for line in _dicts(unit["lines"]):
                number = str(line["facts"].get("number", ""))
                yield str(unit["unit"]), str(group["name"]), number, line_text(line), float(str(line["points"]))
            yield str(unit["unit"]), str(group["name"]), "", "得分合计", float(str(unit["points"]))


def _line(line: Line) -> dict[str, object]:
    return {"code": line.code, "points": str(line.points), "task": line.task, "facts": dict(line.facts)}


def _dicts(value: object) -> Sequence[Mapping[str, Any]]:
    return cast("Sequence[Mapping[str, Any]]", value)
