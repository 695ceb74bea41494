"""Decide cell by cell: what each returned cell does to its field, and what has to be said about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.records import NOTHING, BookRow
from ledgergen.returns.decisions import Act, Decision, How, Return, RowReturn, decision_of
from ledgergen.returns.match import Matched, Matching, match_rows
from ledgergen.returns.recognise import Recognised
from ledgergen.returns.table import Place, Table, cell_text, strays
from ledgergen.workbook.codes import fold, measure_mark, normalised, parse_row_code
from ledgergen.workbook.grid import Grid, cell_name
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, TASK_COLUMNS, Column, HeadItem, Kind
from ledgergen.workbook.values import is_cleared, read_choice, read_value

_COMPUTED: Final = {"f": "formula-cell", "e": "error-cell"}  # kinds of cells that nobody typed as they show
_PLAN_TEXTS: Final = (*TASK_COLUMNS, "requirement")
_QUOTED_CELLS: Final = 200  # cells quoted in one finding at most; further ones get a finding of their own


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What deciding needs to know of the sheet at hand."""

    file: str
    table: Table
    year: int
    values: dict[tuple[str, str, str], str | None] = field(default_factory=dict)

    def read(self, column: Column, text: str, kind: str) -> str | None:
        """Read a value; of thirty rows most say the same."""
        key = (column.id, text, kind)
        if key not in self.values:
            self.values[key] = read_value(column, text, kind, self.year)
        return self.values[key]

    def where(self, place: Place) -> Where:
        return Where(self.file, sheet=self.table.grid.name, cell=cell_name(*place))


def decide(recognised: Recognised, file: str, year: int, saved: str) -> tuple[Return, list[Finding]]:
    """Turn one recognised sheet into a return: its rows matched, its cells decided, its faults named.

    ``year`` is the plan's, for dates written without one; ``saved`` the time the client wrote into the file.
    """
    table, book = recognised.table, recognised.issued.book
    sheet = _Sheet(file, table, year)
    matching = match_rows(table, recognised.issued)
    findings = [*_table_findings(sheet, matching), *_stray_findings(sheet, recognised), *_merged_findings(sheet)]
    rows: list[RowReturn] = []
    for match in matching.matched:
        cells, faults = _decide_row(sheet, match.row, match.expected.own)
        findings += faults
        if not matching.as_issued:
            findings += _fixed_findings(sheet, match.row, match.expected)
        findings += _match_findings(sheet, match, coded=matching.coded)
        if cells:
            rows.append(RowReturn(match.expected.task, match.expected.measure, match.row + 1, match.how, cells))
    inserted, faults = _inserted(sheet, matching, book.rows)
    rows += inserted
    head, head_faults = _head(sheet, recognised)
    findings += [*faults, *head_faults]
    if not rows and not head and not any(found.severity.rank < 2 for found in findings):  # noqa: PLR2004 - not a note
        findings.append(finding("nothing-filled", Where(file, sheet=table.grid.name)))
    decided = Return(
        token=book.token,
        edition=book.edition,
        unit=book.unit,
        round=book.round,
        sheet=table.grid.name,
        reason=recognised.reason,
        saved=saved,
        rows=tuple(rows),
        head=head,
        matched=len(matching.matched),
        missing=tuple((row.task, row.measure) for row in matching.missing),
        doubtful=len(matching.doubtful) + len(matching.foreign),
        new=len(inserted),
        absent=tuple(column.id for column in table.layout.inputs if column.id not in table.columns),
    )
    return decided, findings


def _decide_row(sheet: _Sheet, row: int, issued: Mapping[str, str]) -> tuple[dict[str, Decision], list[Finding]]:
    """Decide the columns that the unit fills; ``issued`` are their prefilled texts, none for an inserted row."""
    cells: dict[str, Decision] = {}
    findings: list[Finding] = []
    line, kinds, number = sheet.table.grid.rows[row], sheet.table.input_kinds, str(row + 1)
    decision: Decision | None
    for column, is_text, index, letters in sheet.table.deciding:
        text, before = line[index], issued.get(column.id, "") if issued else ""
        if text == before:
            continue
        kind = kinds.get((row, index), "") if kinds else ""
        if not before and "清" not in text and (bare := text.strip()):  # as nearly every cell comes: no 清空
            value = bare if is_text and not kind else sheet.read(column, text, kind)
            decision = decision_of((Act.SET, text, value, letters + number))
        else:
            decision = _decide_cell(sheet, column, (row, index), text, before)
        if decision:
            cells[column.id] = decision
            if decision.value is None or kind:
                findings += _value_findings(sheet, column, (row, index), decision)
    return cells, findings


def _fixed_findings(sheet: _Sheet, row: int, expected: BookRow) -> Iterator[Finding]:
    """Report what was altered in the columns that are not the unit's to fill."""
    line = sheet.table.grid.rows[row]
    for column, index in sheet.table.fixed:
        if _alike(line[index], issued := expected.text(column.id)) or _alike(sheet.table.spread(row, index), issued):
            continue
        yield from _altered(sheet, column, (row, index), line[index], issued)


def _altered(sheet: _Sheet, column: Column, place: Place, text: str, issued: str) -> Iterator[Finding]:
    """Report a prefilled cell that reads differently now; it is restored, because it is never taken from a return.

    A code is not compared letter by letter: retyped it is the same, and another row's code is reported with the match.
    """
    if column.id == "code" and (parse_row_code(text) or not text.strip()):
        return
    if text.strip():
        yield finding("prefilled-altered", sheet.where(place), title=column.title, text=text, issued=issued)
    elif column.id in _PLAN_TEXTS:
        yield finding("prefilled-blank", sheet.where(place), title=column.title, issued=issued)


def _decide_cell(sheet: _Sheet, column: Column | HeadItem, place: Place, text: str, issued: str) -> Decision | None:
    """Compare a returned cell with the issued one: None where it says nothing new."""
    bare = text.strip()
    if (issued or not bare) and _alike(text, issued):
        return None
    cell = cell_name(*place)
    if not bare:
        return Decision(Act.CLEAR, text, None, cell)
    if is_cleared(text):
        return Decision(Act.ERASE, text, None, cell)
    if isinstance(column, HeadItem):
        return Decision(Act.SET, text, read_choice(text, "", column.choices) if column.choices else bare, cell)
    kinds = sheet.table.grid.kinds
    kind = kinds.get(place, "") if kinds else ""
    value = bare if column.kind is Kind.TEXT and not kind else sheet.read(column, text, kind)
    return Decision(Act.SET, text, value, cell)


def _alike(text: str, issued: str) -> bool:
    """Tell whether a client merely re-saved a text: line ends and outer blanks do not count."""
    return text == issued or text.replace("\r\n", "\n").strip() == issued.replace("\r\n", "\n").strip()


def _value_findings(sheet: _Sheet, column: Column, place: Place, decision: Decision) -> Iterator[Finding]:
    kind = sheet.table.grid.kinds.get(place, "")
    if kind in _COMPUTED:
        yield finding(_COMPUTED[kind], sheet.where(place), title=column.title, text=decision.text)
    elif decision.act is Act.SET and decision.value is None:
        code = "date-unreadable" if column.kind is Kind.DATE else "choice-unreadable"
        choices = "、".join(choice.text for choice in column.choices)
        yield finding(code, sheet.where(place), title=column.title, text=decision.text, choices=choices)


def _tick_findings(sheet: _Sheet, item: HeadItem, place: Place, decision: Decision) -> Iterator[Finding]:
    if decision.act is Act.SET and decision.value is None:
        choices = "、".join(choice.text for choice in item.choices)
        yield finding("choice-unreadable", sheet.where(place), title=item.label, text=decision.text, choices=choices)


def _match_findings(sheet: _Sheet, match: Matched, *, coded: bool) -> Iterator[Finding]:
    """Say of one row by what it was known; that no row at all has a code is said once, of the whole sheet."""
    table = sheet.table
    if match.how is not How.TEXT and not match.disagrees and table.second(match.row) == table.text(match.row, "code"):
        return
    place = (match.row, table.columns.get("code", 0))
    if match.disagrees:
        codes = "、".join(dict.fromkeys(table.codes(match.row)))
        yield finding("code-text-disagree", sheet.where(place), task=match.expected.task, code=codes)
    elif match.how is How.TEXT and "code" in table.columns and not match.moved and (coded or not match.exact):
        yield finding("row-by-text", sheet.where(place), task=match.expected.task)
    if match.unsure:
        yield finding(
            "codes-disagree", sheet.where(place), code=table.text(match.row, "code"), second=table.second(match.row)
        )
    second = table.second(match.row)
    if second.strip() and table.second_code is not None and not parse_row_code(second):
        where = sheet.where((match.row, table.second_code))
        yield finding("prefilled-altered", where, title=HIDDEN_CODE_TITLE, text=second, issued=match.expected.code)


def _inserted(sheet: _Sheet, matching: Matching, expected: Sequence[BookRow]) -> tuple[list[RowReturn], list[Finding]]:
    """Make new measures of inserted rows: each with a number derived from its text, so that it is known again."""
    rows: list[RowReturn] = []
    findings: list[Finding] = []
    taken = {(row.task, row.measure) for row in expected} if matching.inserted else set()
    for row, task in matching.inserted:
        cells, faults = _decide_row(sheet, row, NOTHING)
        quoted = _quoted(sheet.table.grid, row)
        if not cells:
            findings.append(finding("row-without-content", sheet.where((row, 0)), task=task, text=quoted))
            continue
        text = sheet.table.text(row, "measure") or "\n".join(decision.text for decision in cells.values())
        measure = measure_mark(task, text, {number for other, number in taken if other == task})
        taken.add((task, measure))
        rows.append(RowReturn(task, measure, row + 1, How.NEW, cells))
        findings += [finding("row-new", sheet.where((row, 0)), task=task, text=quoted), *faults]
        named = {code for text in sheet.table.codes(row) if (code := parse_row_code(text)) and code.task != fold(task)}
        if named:
            codes = "、".join(dict.fromkeys(sheet.table.codes(row)))
            findings.append(finding("code-text-disagree", sheet.where((row, 0)), task=task, code=codes))
    return rows, findings


def _head(sheet: _Sheet, recognised: Recognised) -> tuple[dict[str, Decision], list[Finding]]:
    """Decide the inputs of the head block, and say what was altered in the rest of it.

    Where the rows were pasted beneath the head of another ledger, nothing in it is theirs.
    """
    issued = recognised.issued.book.head
    head: dict[str, Decision] = {}
    findings: list[Finding] = []
    if recognised.head_of:
        return head, [_foreign_head(sheet, recognised)]
    for item in sheet.table.layout.head_items:
        place = sheet.table.values.get(item.id)
        text = sheet.table.item_text(item.id)
        before = issued.get(item.id, "")
        if item.is_input and place:
            if decision := _decide_cell(sheet, item, place, text, before):
                head[item.id] = decision
                findings += _tick_findings(sheet, item, place, decision)
        elif place and text.strip() and normalised(text) != normalised(before):
            where = sheet.where(place)
            findings.append(finding("prefilled-altered", where, title=item.label, text=text, issued=before))
    return head, findings


def _foreign_head(sheet: _Sheet, recognised: Recognised) -> Finding:
    """Quote what stands in the head block of another ledger."""
    table = sheet.table
    values = {place: cell_text(table.grid, *place) for place in sorted(table.values.values())}
    quoted = "；".join(f"{cell_name(*place)}：{text}" for place, text in values.items() if text.strip())
    where = sheet.where(min(values, default=(0, 0)))
    return finding("head-of-another", where, other=recognised.head_of, text=quoted)


def _merged_findings(sheet: _Sheet) -> Iterator[Finding]:
    """Say where a unit merged its own cells downwards: what they say was taken for the first row only."""
    if not sheet.table.grid.merged:
        return
    columns = {index: column for column, index in sheet.table.inputs}
    for place, above in sheet.table.covered.items():
        if place[1] in columns and cell_text(sheet.table.grid, *above).strip() and place[0] in sheet.table.body:
            yield finding("cells-merged", sheet.where(place), title=columns[place[1]].title, above=cell_name(*above))


def _table_findings(sheet: _Sheet, matching: Matching) -> Iterator[Finding]:
    """Name what is wrong with the table as a whole: columns that are absent or twice, and then its rows."""
    table = sheet.table
    whole = Where(sheet.file, sheet=table.grid.name)
    for column in table.layout.columns:
        if column.id not in table.columns and (column.is_input or column.id in _PLAN_TEXTS):
            yield finding("column-missing", whole, title=column.title)
    for title in table.twice:
        yield finding("column-twice", whole, title=title)
    yield from _rows_findings(sheet, matching)


def _rows_findings(sheet: _Sheet, matching: Matching) -> Iterator[Finding]:
    """Name the rows that are absent, doubtful, foreign or copied, and hidden codes that were left behind."""
    table, whole = sheet.table, Where(sheet.file, sheet=sheet.table.grid.name)
    for row in matching.missing:
        yield finding("row-missing", whole, task=row.task, name=row.text("task"))
    for index in matching.doubtful:
        yield finding("row-doubtful", sheet.where((index, 0)), text=_quoted(table.grid, index))
    for index in matching.foreign:
        yield finding("row-of-another-book", sheet.where((index, 0)), text=_quoted(table.grid, index))
    for index in matching.copies:
        yield finding("row-copied", sheet.where((index, 0)))
    moved = [match for match in matching.matched if match.moved]
    hidden = [match.row for match in moved if match.how is How.CODE]
    if hidden and table.second_code is not None:
        yield finding("hidden-codes-moved", sheet.where((hidden[0], table.second_code)), count=len(hidden))
    both = [match.row for match in moved if match.how is How.TEXT]
    if both:
        place = (both[0], table.columns.get("code", table.second_code or 0))
        yield finding("codes-moved", sheet.where(place), count=len(both))


def _stray_findings(sheet: _Sheet, recognised: Recognised) -> Iterator[Finding]:
    """Quote every filled cell that belongs to nothing; cells of one unknown column or row together."""
    table = sheet.table
    doubtful_lines: dict[int, list[Place]] = {}
    for row, column in strays(table, recognised.issued.book):
        doubtful_lines.setdefault(-1 - row if row < table.header else column, []).append((row, column))
    for places in doubtful_lines.values():
        for start in range(0, len(places), _QUOTED_CELLS):
            part = places[start : start + _QUOTED_CELLS]
            quoted = "；".join(f"{cell_name(*place)}：{cell_text(table.grid, *place)}" for place in part)
            yield finding("text-outside", sheet.where(part[0]), text=quoted)


def _quoted(grid: Grid, row: int) -> str:
    return "；".join(f"{cell_name(row, index)}：{text}" for index, text in enumerate(grid.rows[row]) if text)
