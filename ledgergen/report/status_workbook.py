"""The status workbook of a round: overview, merged ledger, progress, matrix, who is silent, faults, sources.

Made from what stands in the journal alone; the same input gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from ledgergen.findings import Finding
from ledgergen.report import disagreements, matrix, overview, progress_sheets, summary
from ledgergen.report import parcels as accounts
from ledgergen.report.facts import ReportFacts, day_text, time_text
from ledgergen.report.formats import report_formats
from ledgergen.report.parcels import Source
from ledgergen.report.tablesheet import ReportBook, TableColumn, TableSheet, write_table
from ledgergen.returns.decisions import Parcel, Verdict
from ledgergen.state.progress import Progress
from ledgergen.workbook.layout import Style
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import CheckedWorkbook, Properties

__all__ = ["ReportFacts", "status_workbook"]

# Says what the file is, so that it is not taken for a return if it comes back: its rows show codes of every unit.
_FOOTER: Final = 80  # characters; the page's number stands beside it


def status_workbook(
    facts: ReportFacts,
    found: Progress,
    parcels: Sequence[Parcel],
    checked: Mapping[str, Sequence[Finding]] = MappingProxyType({}),
) -> bytes:
    """Write the status workbook of a round and give the bytes of the file.

    ``parcels``: every parcel of the campaign, those of other rounds included; ``checked``: what the checks say of the
    values that stand, by the hash of the parcel that brought them. Rows go through temporary files, so that memory does
    not grow with the number of rows.
    """
    style = found.units[0].book.issued.layout.style if found.units else Style()
    formats = report_formats(style)
    with TemporaryDirectory(prefix="ledgergen-") as scratch:
        book = CheckedWorkbook(_properties(facts), formats, constant_memory=True, scratch=scratch)
        try:
            sources = accounts.sources_of(facts, found, parcels, checked)
            _write(ReportBook(book, formats, _footer(facts)), facts, found, sources)
            return book.to_bytes()
        finally:
            book.discard()


def _write(paper: ReportBook, facts: ReportFacts, found: Progress, sources: Sequence[Source]) -> None:
    faults = accounts.faults_of(sources)
    duplicates = sum(source.parcel.verdict is Verdict.DUPLICATE for source in sources)
    figures = overview.Figures.of(facts, found, (len(sources), duplicates), accounts.severities(faults))
    overview.write_overview(paper, paper.book.sheet(overview.SHEET), facts, found, figures)
    _write_summary(paper, facts, found)
    _write_progress(paper, facts, found)
    _write_accounts(paper, facts, found, sources, faults)


def _properties(facts: ReportFacts) -> Properties:
    title = f"{facts.name} 台账落实情况（{facts.round_name}）"
    return Properties(title, facts.dated, author=facts.contact_office, custom={REPORT_PROPERTY: _mark(facts)})


def _footer(facts: ReportFacts) -> str:
    return f"{facts.name} {facts.round_name} 数据截至{time_text(facts.until)}"[:_FOOTER]


def _mark(facts: ReportFacts) -> str:
    return f"{facts.campaign}|{facts.round_id}|{facts.until}"


def _write_summary(paper: ReportBook, facts: ReportFacts, found: Progress) -> None:
    inputs = summary.input_columns(found)
    columns = summary.summary_columns(found, inputs)
    count = sum(len(assignment.entries) for assignment in found.assignments)
    about = f"共{count}行举措；各栏照单位所填原文，“落实状态（判读）”是据以统计的状态"
    table = _table("汇总台账", facts, about, columns, 2)
    write_table(paper, table, summary.summary_rows(found, inputs))


def _write_progress(paper: ReportBook, facts: ReportFacts, found: Progress) -> None:
    from ledgergen.report import tables  # pandas

    frame = tables.assignment_table(found)
    heads = summary.head_inputs(found)
    about = f"共{len(found.tasks)}项任务；各状态栏是任务分工数，“未报送”含已报台账而未填本项状态的"
    table = _table("任务进度", facts, about, progress_sheets.TASK_COLUMNS, 2)
    write_table(paper, table, progress_sheets.task_rows(found, tables.state_counts(frame, "task")))
    about = f"共{len(found.units)}家单位；各状态栏是任务分工数，完成率＝已完成÷任务分工数"
    table = _table("单位进度", facts, about, progress_sheets.unit_columns(heads), 2)
    write_table(paper, table, progress_sheets.unit_rows(facts, found, tables.state_counts(frame, "unit"), heads))
    units = [unit.unit for unit in found.units]
    for start in range(0, max(len(units), 1), matrix.MOST_UNITS):
        part = units[start : start + matrix.MOST_UNITS]
        sheet = paper.book.sheet("任务×单位" if start == 0 else f"任务×单位（{start // matrix.MOST_UNITS + 1}）")
        heading = _title(facts, "任务×单位"), _note(facts, f"{len(found.tasks)}项任务×{len(units)}家单位")
        matrix.write_matrix(paper, sheet, heading, found, part, tables.state_matrix(frame, part))
    about = f"共{len(found.silent)}家单位未报送" if found.silent else "全部单位均已报送"
    table = _table("未报送单位", facts, about, progress_sheets.SILENT_COLUMNS, 2)
    write_table(paper, table, progress_sheets.silent_rows(facts, found))


def _write_disagreements(paper: ReportBook, facts: ReportFacts, found: Progress) -> None:
    count = disagreements.count_open([unit.book for unit in found.units])
    about = f"待核定{count}处；每处的各个填报值连同来源一并列出，现采用的是较晚报送的值"
    table = _table("填报不一致", facts, about, disagreements.COLUMNS, 1)
    write_table(paper, table, disagreements.disagreement_rows(found))


def _write_accounts(
    paper: ReportBook,
    facts: ReportFacts,
    found: Progress,
    sources: Sequence[Source],
    faults: Sequence[tuple[Source, Finding]],
) -> None:
    _write_disagreements(paper, facts, found)
    about = f"共{len(faults)}条；重复来件不计"
    table = _table("填报差错清单", facts, about, accounts.FAULT_COLUMNS, 2)
    write_table(paper, table, accounts.fault_rows(faults))
    about = f"共{len(sources)}件来件，每件原样留存；时间为北京时间"
    write_table(paper, _table("数据来源", facts, about, accounts.SOURCE_COLUMNS, 1), accounts.source_rows(sources))


def _table(name: str, facts: ReportFacts, about: str, columns: tuple[TableColumn, ...], frozen: int) -> TableSheet:
    return TableSheet(name, _title(facts, name), _note(facts, about), columns, frozen)


def _title(facts: ReportFacts, what: str) -> str:
    return f"{facts.name}{what}（{facts.round_name}）"


def _note(facts: ReportFacts, about: str) -> str:
    return f"报送截止：{day_text(facts.due)}    数据截至：{time_text(facts.until) or '—'}    {about}"
