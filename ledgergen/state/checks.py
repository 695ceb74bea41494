"""Checks: rules for the values that units returned. Each function is one rule, and its docstring gives the reason.

They look at what stands and are worked out anew whenever somebody asks; nothing of them is journalled, so that a rule
that is bettered, or a severity that the office changes, holds for what came in before as well.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, TypeAlias

from ledgergen.findings import Where, finding
from ledgergen.plan.deadline import read_limit
from ledgergen.records import CONSULT_ROUND
from ledgergen.state.entries import CONTINUING, DONE, NOT_RETURNED, NOT_STARTED, UNDER_WAY, Entry
from ledgergen.state.fold import BookState
from ledgergen.state.personal import masked, may_hold_numbers, personal_numbers, without_numbers
from ledgergen.state.remarks import Cell, Remark, Returned, says_nothing
from ledgergen.state.standing import Standing
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.layout import Column, Kind

Check: TypeAlias = Callable[[Returned], Iterator[Remark]]

LONGEST: Final = 2_000  # characters of one cell
_AFTER: Final = timedelta(days=31)  # a day that is planned, and that a return may name all the same
_LEAST_WORDS: Final = 6  # characters: shorter texts (无, 已完成) agree by chance
_LEAST_COPIED: Final = 10
_COPIED: Final = 90.0  # percent of likeness
_NAMED: Final = 20  # tasks named in one finding
_QUOTED: Final = 60  # characters quoted of a value
_BEHIND: Final[Mapping[str, tuple[str, ...]]] = {
    DONE: (UNDER_WAY, NOT_STARTED),
    CONTINUING: (NOT_STARTED,),
    UNDER_WAY: (NOT_STARTED,),
}
_LINK: Final = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:gov|com|cn|org|net)(?![a-z])", re.IGNORECASE)
_FILE: Final = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|ofd|wps|et|dps|jpe?g|png|gif|bmp|tiff?|mp4|zip|rar|7z|txt|html?|csv|eml)(?![a-z0-9])",
    re.IGNORECASE,
)
_DOCUMENT: Final = re.compile(
    r"《[^》]+》|[〔\[【（(][12][0-9]{3}[〕\]】）)]|附件|照片|截图|总结|通知|方案|报告|台账|纪要|简报|文件|材料|清单"
    "|名单|名册|记录|公告|通报|报表|目录|意见|办法|公示|回执|信息表|统计表|合同|发票|签到|讲话|课件|图片|视频|扫描件"
)
_YEAR: Final = re.compile(r"(?<![0-9])([0-9]{4})(?=[-./年])")


def check_book(book: BookState, year: int = 0, checks: Sequence[Check] | None = None) -> list[Remark]:
    """Apply all checks, or these, to one book; ``year`` is the plan's.

    Nothing is said of a book without a return that counts, nor of opinions on the plan, which are nobody's fault.
    """
    returned = Returned(book, year)
    if book.issued.book.round == CONSULT_ROUND or not returned.receipts:
        return []
    return [remark for check in (CHECKS if checks is None else checks) for remark in check(returned)]


def required_when(returned: Returned) -> Iterator[Remark]:
    """A column that another answer wants filled must be: 已完成 without date or evidence cannot be looked at.

    Said only where the unit gave that answer in this round, once for each blank column.
    """
    wanted = returned.book.issued.layout.wanted_when
    spoken: dict[str, frozenset[str]] = {}
    for name, answers in (pair for _, conditions in wanted for pair in conditions.items()):
        spoken[name] = spoken.get(name, frozenset()) | answers
    given = {
        key
        for name, answers in spoken.items()
        for key, cells in returned.cells.items()
        if name in cells and cells[name].value in answers
    }
    for key, cells in returned.cells.items():
        if key not in given:
            continue
        for column, conditions in wanted:
            if column.id in cells or not all(_holds(cells, name, conditions[name]) for name in conditions):
                continue
            entry = returned.entry(key)
            if entry is not None and not entry.text(column.id):
                yield _blank(column, returned.cell(key, next(iter(conditions))))


def _holds(cells: Mapping[str, Standing], name: str, answers: frozenset[str]) -> bool:
    return name in cells and cells[name].value in answers


def _blank(column: Column, reason: Cell) -> Remark:
    """Say that a column is blank, at the place of the answer that wants it filled."""
    said = reason.remark("required-when", other=reason.column.title, answer=_shown(reason))
    facts = {**said.finding.facts, "title": column.title}
    return Remark(finding("required-when", said.finding.where, **facts), said.key, column.id, said.sha256)


def not_filled(returned: Returned) -> Iterator[Remark]:
    """A row that is due and says no state was passed over: the unit is reminded of it, once for all its rows.

    Where nothing at all was filled in, that has been said already (``nothing-filled``); and nobody is asked for a state
    when opinions are asked for.
    """
    book = returned.book
    if not (book.cells or book.head):
        return
    due = [row for row in book.rows if row.due]
    answered = {key for key, cells in returned.cells.items() if "status" in cells}
    open_rows = (row for row in due if (row.task, row.measure) not in answered)
    blank = [row.task for row in open_rows if says_nothing(Entry(book, row))]
    if blank:
        receipt = returned.receipts[-1]
        tasks = list(dict.fromkeys(blank))
        shown = "、".join(tasks[:_NAMED]) + ("…" if len(tasks) > _NAMED else "")
        where = Where(receipt.origin.name, sheet=receipt.origin.sheet)
        said = finding("not-filled", where, count=len(blank), of=len(due), tasks=shown)
        yield Remark(said, ("", ""), "", receipt.parcel.sha256)


def date_in_range(returned: Returned) -> Iterator[Remark]:
    """A day must lie between the year before the plan's and the year's end, or 31 days after the return came.

    Most often a wrong year was typed (0222, 2202, last year's form copied). Days that a return plans may be near.
    """
    ranges = {sha256: _range(returned, sha256) for sha256 in returned.arrived}
    for key, name, standing in returned.of_kind(Kind.DATE):
        first, last = ranges.get(standing.origin.sha256) or _range(returned, "")
        day = _read(standing)
        if day is not None and not first <= day <= last:
            cell = returned.cell(key, name)
            facts = {"first": first.isoformat(), "last": last.isoformat()}
            yield cell.remark("date-out-of-range", text=_shown(cell), **facts)


def _range(returned: Returned, sha256: str) -> tuple[date, date]:
    came = returned.arrived.get(sha256)
    year = returned.year or (came.year if came else 0)
    if not 1 < year < date.max.year:
        return date.min, date.max
    ends = date(year, 12, 31)
    return date(year - 1, 1, 1), max(ends, came + _AFTER) if came and came.year < date.max.year else ends


def _read(standing: Standing) -> date | None:
    """Give the day as it was read; of one that could not be, the first of January of a year that nobody means."""
    if standing.value:
        try:
            return date.fromisoformat(standing.value)
        except ValueError:
            return None
    year = _YEAR.search(standing.text)
    return date(int(year[1]), 1, 1) if year and int(year[1]) > 0 and not year[1].startswith("20") else None


def dates_in_order(returned: Returned) -> Iterator[Remark]:
    """Nothing is published before it exists: the limit of 20 working days counts from the forming of information."""
    for key, cells in returned.cells.items():
        formed, published = cells.get("formed_on"), cells.get("published_on")
        if formed and published and formed.value and published.value and published.value < formed.value:
            facts = {"text": published.value, "other": returned.columns["formed_on"].title, "answer": formed.value}
            yield returned.cell(key, "published_on").remark("dates-reversed", **facts)


def personal_data(returned: Returned) -> Iterator[Remark]:
    """No numbers of persons in texts: what units write is published, and an identity card's number never may be.

    The head block, which asks for a telephone number, is not looked at. The number is shown masked.
    """
    texts = returned.of_kind(Kind.TEXT)
    if not may_hold_numbers("\n".join([standing.text for _, _, standing in texts])):
        return  # one look at all of them takes a tenth of looking at each
    for key, name, standing in texts:
        text = standing.text
        for found in personal_numbers(text):
            yield returned.cell(key, name).remark(found.code, text=masked(text[found.start : found.end]))


def state_forwards(returned: Returned) -> Iterator[Remark]:
    """What was done stays done: a state behind that of the round before is a slip, or a story that must be told.

    A limit that recurs begins anew, and so its state does.
    """
    if returned.book.before is None:
        return
    for cell in returned.of_column("status"):
        now = cell.standing.value
        before = returned.before(cell.key)
        was = before.state if before else NOT_RETURNED
        if now and now in _BEHIND.get(was, ()) and not (was == DONE and _recurs(cell, returned.year)):
            yield cell.remark("state-backwards", text=_shown(cell), other=was)


def _recurs(cell: Cell, year: int) -> bool:
    """Tell whether a row's time limit recurs, or may for all its words say."""
    limit = read_limit(cell.row.text("time_limit"), year or 2000, None)
    return bool(limit.doubt) or any(part.kind == "recurring" for part in limit.parts)


def text_length(returned: Returned) -> Iterator[Remark]:
    """A ledger's cell holds the main points: nobody reads more, and no summary sheet can show it."""
    long = [
        (key, name)
        for key, cells in returned.cells.items()
        for name, standing in cells.items()
        if len(standing.text) > LONGEST
    ]
    for key, name in long:
        cell = returned.cell(key, name)
        yield cell.remark("text-too-long", count=len(cell.standing.text), limit=LONGEST)


def progress_is_new(returned: Returned) -> Iterator[Remark]:
    """The progress of a round tells of that round: last round's text again tells nothing.

    Not where the unit ticked 本期无变化, which says just that.
    """
    if returned.book.before is None or returned.book.confirmed:
        return
    for cell in returned.of_column("progress"):
        before = returned.before(cell.key)
        text = normalised(cell.standing.text)
        if before and len(text) >= _LEAST_WORDS and text == normalised(before.text("progress")):
            yield cell.remark("progress-repeated", text=_shown(cell))


def progress_is_own(returned: Returned) -> Iterator[Remark]:
    """The progress says what was done; the requirement written off says only what should be."""
    from rapidfuzz.fuzz import ratio

    for key, cells in returned.cells.items():
        row = returned.book.row(key) if "progress" in cells else None
        if row is None:
            continue
        text, asked = normalised(cells["progress"].text), normalised(row.text("requirement") or row.text("task"))
        shorter, longer = min(len(text), len(asked)), max(len(text), len(asked))
        if shorter < _LEAST_COPIED or shorter * 200 < longer * _COPIED:
            continue  # 90 % alike they cannot be; most are done with here
        if ratio(text, asked, score_cutoff=_COPIED):
            cell = returned.cell(key, "progress")
            yield cell.remark("requirement-copied", text=_shown(cell))


def evidence_is_named(returned: Returned) -> Iterator[Remark]:
    """Evidence can be looked up: an address, a file or a document by its name; 已公开 or 有 cannot."""
    for key, cells in returned.cells.items():
        text = cells["evidence"].text if "evidence" in cells else ""
        if text and not (_LINK.search(text) or _FILE.search(text) or _DOCUMENT.search(text)):
            cell = returned.cell(key, "evidence")
            yield cell.remark("evidence-unclear", text=_shown(cell))


def _shown(cell: Cell) -> str:
    """Quote a value: shortened, and without the numbers of persons."""
    text = without_numbers(cell.standing.text)
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"


CHECKS: Final[tuple[Check, ...]] = (
    required_when,
    not_filled,
    date_in_range,
    dates_in_order,
    personal_data,
    state_forwards,
    text_length,
    progress_is_new,
    progress_is_own,
    evidence_is_named,
)
# ``not_filled`` is said when the round is looked at, not of every file that comes in.
CHECKS_OF_ARRIVALS: Final[tuple[Check, ...]] = tuple(check for check in CHECKS if check is not not_filled)
