"""The status workbook of a round: overview, merged ledger, progress, matrix, lists, faults, changes, sources.

Made from the picture of the round and nothing else; the same input gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from ledgergen.findings import Finding
from ledgergen.report import disagreements, light_sheets, matrix, overview, progress_sheets, summary
from ledgergen.report import parcels as accounts
from ledgergen.report.facts import ReportFacts, day_text, time_text
from ledgergen.report.formats import report_formats
from ledgergen.report.parcels import Source
from ledgergen.report.tablesheet import ReportBook, TableColumn, TableSheet, write_table
from ledgergen.returns.decisions import Parcel, Verdict
from ledgergen.state.official import RowId
from ledgergen.state.picture import Picture
from ledgergen.workbook.layout import Style
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import CheckedWorkbook, Properties

__all__ = ["ReportFacts", "status_workbook"]

# Says what the file is, so that it is not taken for a return if it comes back: its rows show codes of every unit.
_FOOTER: Final = 80  # characters; the page's number stands beside it


def status_workbook(
    facts: ReportFacts,
    found: Picture,
    parcels: Sequence[Parcel],
    checked: Mapping[str, Sequence[Finding]] = MappingProxyType({}),
    official: Mapping[RowId, str] = MappingProxyType({}),
) -> bytes:
    """Write the status workbook of a round and give the bytes of the file.

    ``parcels``: every parcel of the campaign, those of other rounds included; ``checked``: what the checks say of the
    values that stand, by the hash of the parcel that brought them; ``official``: the office's own words by row. Rows go
    through temporary files, so that memory does not grow with the number of rows.
    """
    style = found.units[0].book.issued.layout.style if found.units else Style()
    formats = report_formats(style)
    with TemporaryDirectory(prefix="ledgergen-") as scratch:
        book = CheckedWorkbook(_properties(facts), formats, constant_memory=True, scratch=scratch)
        try:
            sources = accounts.sources_of(facts, found, parcels, checked)
            _write(ReportBook(book, formats, _footer(facts)), facts, found, sources, official)
            return book.to_bytes()
        finally:
            book.discard()


def _write(
    paper: ReportBook,
    facts: ReportFacts,
    found: Picture,
    sources: Sequence[Source],
    official: Mapping[RowId, str],
) -> None:
    faults = accounts.faults_of(sources)
    duplicates = sum(source.parcel.verdict is Verdict.DUPLICATE for source in sources)
    figures = overview.Figures(len(sources), duplicates, accounts.severities(faults))
    overview.write_overview(paper, paper.book.sheet(overview.SHEET), facts, found, figures)
    _write_summary(paper, facts, found, official)
    _write_progress(paper, facts, found)
    _write_lists(paper, facts, found)
    _write_accounts(paper, facts, found, faults)
    _write_changes(paper, facts, found)
    about = f"共{len(sources)}件来件，每件原样留存；时间为北京时间"
    write_table(paper, _table("数据来源", facts, about, accounts.SOURCE_COLUMNS, 1), accounts.source_rows(sources))


def _properties(facts: ReportFacts) -> Properties:
    title = f"{facts.name} 台账落实情况（{facts.round_name}）"
    return Properties(title, facts.dated, author=facts.contact_office, custom={REPORT_PROPERTY: _mark(facts)})


def _footer(facts: ReportFacts) -> str:
    return f"{facts.name} {facts.round_name} 数据截至{time_text(facts.until)}"[:_FOOTER]


def _mark(facts: ReportFacts) -> str:
    """Say which campaign, round and data it shows, and up to which event it has the office's own words."""
    return f"{facts.campaign}|{facts.round_id}|{facts.until}|{facts.worded}"


def _write_summary(paper: ReportBook, facts: ReportFacts, found: Picture, official: Mapping[RowId, str]) -> None:
    inputs = summary.input_columns(found)
    rows = summary.merged_rows(found, inputs)
    columns = summary.summary_columns(rows, inputs)
    about = (
        f"共{len(rows)}行举措；各栏照单位所填原文，“落实状态（判读）”是据以统计的状态。"
        f"“{summary.OFFICIAL}”由主办科室填写，下次汇总时照抄保留；来源各栏可用上方的＋号展开或收起"
    )
    write_table(paper, _table(summary.SHEET, facts, about, columns, 2), summary.summary_rows(found, rows, official))


def _write_progress(paper: ReportBook, facts: ReportFacts, found: Picture) -> None:
    heads = summary.head_inputs(found)
    about = (
        f"共{len(found.tasks)}项任务；各阶段、各灯、各状态栏是任务分工数；任务的状态和灯按牵头（无牵头的按责任）单位"
    )
    table = _table("任务进度", facts, about, progress_sheets.TASK_COLUMNS, 2)
    write_table(paper, table, progress_sheets.task_rows(found))
    about = f"共{len(found.units)}家单位；各阶段、各灯、各状态栏是任务分工数，完成率＝已完成÷任务分工数"
    table = _table("单位进度", facts, about, progress_sheets.unit_columns(heads), 2)
    write_table(paper, table, progress_sheets.unit_rows(facts, found, heads))
    for start in range(0, max(len(found.units), 1), matrix.MOST_UNITS):
        part = found.units[start : start + matrix.MOST_UNITS]
        sheet = paper.book.sheet("任务×单位" if start == 0 else f"任务×单位（{start // matrix.MOST_UNITS + 1}）")
        heading = _title(facts, "任务×单位"), _note(facts, f"{len(found.tasks)}项任务×{len(found.units)}家单位")
        matrix.write_matrix(paper, sheet, heading, found, part)


def _write_lists(paper: ReportBook, facts: ReportFacts, found: Picture) -> None:
    """Write the lists that follow from the lights."""
    day = day_text(found.as_of)
    about = f"截至{day}共{len(found.overdue)}项任务分工为红灯，逾期最久的在前；未报送的也在其中"
    table = _table(light_sheets.OVERDUE, facts, about, light_sheets.OVERDUE_COLUMNS, 2)
    write_table(paper, table, light_sheets.overdue_rows(found))
    about = f"截至{day}共{len(found.due_soon)}项任务分工在{facts.lights.yellow_days}天以内到期而未完成，最近的在前"
    table = _table(light_sheets.DUE_SOON, facts, about, light_sheets.DUE_COLUMNS, 2)
    write_table(paper, table, light_sheets.due_rows(found))
    silent = f"{len(found.silent_units)}家单位未报台账" if found.silent_units else "全部单位均已报台账"
    about = f"{silent}；共{len(found.unreported)}项任务分工未报送，含已报台账而未填状态的"
    table = _table(light_sheets.SILENT, facts, about, light_sheets.SILENT_COLUMNS, 2)
    write_table(paper, table, light_sheets.silent_rows(found))
    about = f"共{len(found.wanted)}项：单位在说明栏提出的（未完成的任务），和待牵头单位明确其他责任单位的"
    table = _table(light_sheets.WANTED_SHEET, facts, about, light_sheets.WANTED_COLUMNS, 2)
    write_table(paper, table, light_sheets.wanted_rows(found))


def _write_changes(paper: ReportBook, facts: ReportFacts, found: Picture) -> None:
    table = _table(light_sheets.CHANGES, facts, overview.changes_text(found), light_sheets.CHANGE_COLUMNS, 2)
    write_table(paper, table, light_sheets.change_rows(found))


def _write_accounts(
    paper: ReportBook,
    facts: ReportFacts,
    found: Picture,
    faults: Sequence[tuple[Source, Finding]],
) -> None:
    count = disagreements.count_open([unit.book for unit in found.units])
    about = f"待核定{count}处；每处的各个填报值连同来源一并列出，现采用的是较晚报送的值"
    table = _table("填报不一致", facts, about, disagreements.COLUMNS, 1)
    write_table(paper, table, disagreements.disagreement_rows(found))
    about = f"共{len(faults)}条；重复来件不计"
    table = _table("填报差错清单", facts, about, accounts.FAULT_COLUMNS, 2)
    write_table(paper, table, accounts.fault_rows(faults))


def _table(name: str, facts: ReportFacts, about: str, columns: tuple[TableColumn, ...], frozen: int) -> TableSheet:
    return TableSheet(name, _title(facts, name), _note(facts, about), columns, frozen)


def _title(facts: ReportFacts, what: str) -> str:
    return f"{facts.name}{what}（{facts.round_name}）"


def _note(facts: ReportFacts, about: str) -> str:
    return f"报送截止：{day_text(facts.due)}    数据截至：{time_text(facts.until) or '—'}    {about}"
