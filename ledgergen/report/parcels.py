"""Parcels as a report accounts for them: which belong to a round, what became of each, and every finding in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ledgergen.catalogue import CATALOGUE, Severity
from ledgergen.findings import Finding, message, remedy
from ledgergen.messages import printable, translator
from ledgergen.records import CONSULT_ROUND
from ledgergen.report.facts import ReportFacts, day_of, time_text
from ledgergen.report.tablesheet import TableColumn, Value
from ledgergen.report.wording import HELD, REASONS, SEVERITIES, VERDICTS
from ledgergen.returns.decisions import Parcel, Return, Verdict
from ledgergen.state.account import accounted
from ledgergen.state.fold import BookState
from ledgergen.state.picture import Picture

FAULT_COLUMNS: Final = (
    TableColumn("级别", 7, "mid"),
    TableColumn("单位", 16, "mid"),
    TableColumn("文件", 22),
    TableColumn("工作表", 11, "mid"),
    TableColumn("单元格", 8, "mid"),
    TableColumn("问题", 52),
    TableColumn("怎么办", 42),
    TableColumn("代码", 16, "small"),
)
SOURCE_COLUMNS: Final = (
    TableColumn("文件", 26),
    TableColumn("SHA-256（前16位）", 19, "small"),
    TableColumn("处理结果", 18, "mid"),
    TableColumn("单位", 18, "mid"),
    TableColumn("填报期", 10, "mid"),
    TableColumn("收到时间", 17, "mid"),
    TableColumn("首次收取时间", 17, "mid"),
    TableColumn("发件人", 24, "mid"),
    TableColumn("工作表", 11, "mid"),
    TableColumn("对应行", 7, "count"),
    TableColumn("新增行", 7, "count"),
    TableColumn("缺失行", 7, "count"),
    TableColumn("存疑行", 7, "count"),
    TableColumn("识别依据", 10, "mid"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One parcel with what became of it in words; ``returns`` are the first arrival's where it is a duplicate."""

    parcel: Parcel
    returns: tuple[Return, ...]
    outcome: str
    findings: tuple[Finding, ...]

    @property
    def came(self) -> str:
        """Give the time the server received it, else the time it was first collected."""
        return self.parcel.received or self.parcel.collected

    @property
    def units(self) -> str:
        """Name the units whose ledgers it holds, a line each."""
        return _lines(returned.unit for returned in self.returns)


def sources_of(
    facts: ReportFacts,
    found: Picture,
    parcels: Sequence[Parcel],
    checked: Mapping[str, Sequence[Finding]] = MappingProxyType({}),
) -> tuple[Source, ...]:
    """Give every parcel of a round, in the order they were collected; ``checked``: what the checks say, by hash.

    A parcel without a return belongs to the round if it came since the round opened or was issued; one with returns of
    other rounds only, if it came in between then and the due date, for then it may be last quarter's file sent by
    mistake.
    """
    books = {unit.book.issued.book.token: unit.book for unit in found.units}
    held = {parcel.sha256: parcel.returns for parcel in reversed(parcels) if parcel.returns}
    since = min((facts.opens, *filter(None, (day_of(book.issued.at) for book in books.values()))))
    left = dict(checked)
    chosen: list[Source] = []
    for parcel in parcels:
        returns = parcel.returns or held.get(parcel.sha256, ())
        if returns and all(returned.round == CONSULT_ROUND for returned in returns):
            continue  # answers to other questions than a round's
        outcome, said = _became(parcel, books)
        own = left.pop(parcel.sha256, ()) if parcel.verdict is not Verdict.DUPLICATE else ()
        source = Source(parcel, returns, outcome, (*said, *own))
        day = day_of(source.came) or since
        if any(returned.round == found.round for returned in returns) or (
            day >= since and (not returns or day <= facts.due)
        ):
            chosen.append(source)
    return tuple(chosen)


def faults_of(sources: Iterable[Source]) -> list[tuple[Source, Finding]]:
    """Give every finding of every parcel that is no duplicate: errors first, the most basic class of fault first."""
    faults = [
        (source, found)
        for source in sources
        if source.parcel.verdict is not Verdict.DUPLICATE
        for found in source.findings
    ]

    def rank(fault: tuple[Source, Finding]) -> tuple[int, int, str, str]:
        source, found = fault
        return found.severity.rank, CATALOGUE[found.code].rank, source.units, source.parcel.name

    return sorted(faults, key=rank)


def severities(faults: Iterable[tuple[Source, Finding]]) -> Mapping[Severity, int]:
    """Count findings by severity."""
    counts = dict.fromkeys(Severity, 0)
    for _, found in faults:
        counts[found.severity] += 1
    return counts


def fault_rows(faults: Iterable[tuple[Source, Finding]]) -> Iterator[Sequence[Value]]:
    """Give the rows of the list of faults (填报差错清单), in Chinese whatever the terminal speaks."""
    chinese = translator("zh")
    for source, found in faults:
        where = found.where
        yield (
            SEVERITIES[found.severity],
            source.units or "（未识别）",
            printable(where.file or source.parcel.name),
            where.sheet,
            where.cell or (f"第{where.line}行" if where.line else ""),
            message(found, chinese),
            remedy(found, chinese),
            found.code,
        )


def source_rows(sources: Iterable[Source]) -> Iterator[Sequence[Value]]:
    """Give the rows of the sources (数据来源), one per parcel."""
    for source in sources:
        parcel, returns = source.parcel, source.returns
        yield (
            printable(parcel.name),
            parcel.sha256[:16],
            source.outcome,
            source.units,
            _lines(returned.round for returned in returns),
            time_text(parcel.received),
            time_text(parcel.collected),
            printable(parcel.sender),
            _lines(returned.sheet for returned in returns),
            *_row_counts(parcel.returns),
            _lines(REASONS.get(returned.reason, returned.reason) for returned in returns),
        )


def _row_counts(returns: Sequence[Return]) -> tuple[Value, Value, Value, Value]:
    """Count the rows of a parcel that is looked at; a duplicate is not, and shows nothing."""
    if not returns:
        return "", "", "", ""
    return (
        sum(returned.matched for returned in returns),
        sum(returned.new for returned in returns),
        sum(len(returned.missing) for returned in returns),
        sum(returned.doubtful for returned in returns),
    )


def _became(parcel: Parcel, books: Mapping[str, BookState]) -> tuple[str, tuple[Finding, ...]]:
    """Say what became of a parcel and what is to be said about it, in the light of the other returns of its books."""
    told = accounted(parcel, books)
    held = told.verdict is Verdict.REVIEW is not parcel.verdict
    return HELD if held else VERDICTS[told.verdict], told.findings


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))
