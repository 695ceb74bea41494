"""Recognise whose ledger a sheet is: exactly one answer, or a finding that names what was found.

What lies nearest the data is trusted most: row codes, then the hidden codes, the number in the subtitle, the
container's marks, the unit's name with the round, and last the texts of the rows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from ledgergen.findings import Finding, Where, finding
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.returns.table import Table, cell_text, find_table, title_hits
from ledgergen.workbook.codes import fold, normalised, parse_book_number, parse_row_code
from ledgergen.workbook.grid import BESIDE, Grid, Workbook
from ledgergen.workbook.layout import TASK_COLUMNS, Layout
from ledgergen.workbook.marks import NAME, PROPERTY, REPORT_PROPERTY, SHEET, Marks, marks_from_line, marks_from_table

_PLAN_TEXTS = (*TASK_COLUMNS, "requirement")
_LEAST_OVERLAP = 0.5  # share of a sheet's rows whose text must be the book's, where only the container names it
_NEARLY = 80  # likeness of two texts of which one was shortened a little, or a word in it replaced
_SURE_OVERLAP = 0.9  # … where nothing but the texts names it


@dataclass(frozen=True, slots=True)
class Recognised:
    """A sheet known as one edition of one book, and by what (``codes``, ``number``, ``marks``, ``name``, ``texts``).

    ``head_of`` names the ledger to which what stands above the table belongs, where the rows were pasted beneath it.
    """

    table: Table
    issued: Issued
    reason: str
    head_of: str = ""


def recognise(workbook: Workbook, name: str, shelf: Shelf) -> tuple[list[Recognised], list[Finding]]:
    """Recognise every ledger in a workbook.

    Findings: ``unrecognised`` where no sheet is a ledger of this campaign, ``another-campaign``, ``unit-ambiguous``,
    ``rows-unrecognised``, ``marks-disagree``, ``sheets-of-one-book`` (both sheets are named; neither is taken).
    """
    if REPORT_PROPERTY in workbook.properties:
        return [], [finding("own-report", Where(name))]
    marks = _marks(workbook)
    recognised: list[Recognised] = []
    findings: list[Finding] = []
    for grid in workbook.grids:
        table = _best_table(grid, shelf) if grid.name != SHEET else None
        if table is None:
            continue
        found, faults = _recognise_sheet(table, name, shelf, marks)
        findings += faults
        recognised += map(_by_its_layout, found)
    if not recognised and not findings:
        findings.append(finding("unrecognised", Where(name)))
    return _one_sheet_a_book(recognised, name, findings)


def _recognise_sheet(
    table: Table, name: str, shelf: Shelf, marks: Marks | None
) -> tuple[list[Recognised], list[Finding]]:
    where = Where(name, sheet=table.grid.name)
    number = _number(table.grid, table.header)
    if number and (plain := _as_issued(table, shelf, *number)):
        return [Recognised(table, plain, "codes")], _disagreeing(number[0], marks, shelf, where)
    tokens = _tokens(table)
    if tokens.keys() & shelf.books.keys():
        return _recognise_by_codes(table, shelf, marks, where, tokens)
    foreign = next(iter(tokens), number[0] if number and number[0] not in shelf.books else "")
    if foreign:
        return [], [finding("another-campaign", where, code=foreign)]
    numbered = shelf.edition(*number) if number else None
    if numbered and (not table.body or _is_like(table, numbered)):
        return [Recognised(table, numbered, "number")], [finding("codes-missing", where, unit=numbered.book.unit)]
    found, faults = _recognise_without_codes(table, name, shelf, marks)
    return found, faults if found or faults or not numbered else [_unlike(where, numbered)]


def _recognise_by_codes(
    table: Table, shelf: Shelf, marks: Marks | None, where: Where, tokens: Counter[str]
) -> tuple[list[Recognised], list[Finding]]:
    """Recognise a sheet by the book that most of its rows name; none where no book has half of them."""
    known = Counter({token: count for token, count in tokens.items() if token in shelf.books})
    if max(known.values()) * 2 < sum(tokens.values()):
        return [], [finding("books-mixed", where, count=len(tokens))]
    number = _number(table.grid, table.header)
    token = _winner(known, number)
    issued = shelf.edition(token, _edition(token, number, marks))
    head_of = _head_of(table, number, issued, shelf)
    return [Recognised(table, issued, "codes", head_of)], _disagreeing(token, marks, shelf, where)


def _as_issued(table: Table, shelf: Shelf, token: str, edition: str) -> Issued | None:
    """Take the short way where the subtitle's number and every row's codes, letter for letter, are one book's."""
    if token not in shelf.books:
        return None
    issued = shelf.edition(token, edition)
    codes = [row.code for row in issued.book.rows]
    same = table.shown(table.columns.get("code")) == codes and {*table.shown(table.second_code)} <= {*codes, ""}
    return issued if codes and same else None


def _recognise_without_codes(
    table: Table, name: str, shelf: Shelf, marks: Marks | None
) -> tuple[list[Recognised], list[Finding]]:
    """Recognise a sheet that shows no code and no number: by marks, by name, by its texts; never the first match."""
    where = Where(name, sheet=table.grid.name)
    marked = shelf.edition(fold(marks.token), marks.edition) if marks and fold(marks.token) in shelf.books else None
    if marked and _is_like(table, marked):
        return [Recognised(table, marked, "marks")], [finding("codes-missing", where, unit=marked.book.unit)]
    named = _named(table, name, shelf)
    fitting = [issued for issued in named if _is_like(table, issued)]
    if len(fitting) == 1:
        return [Recognised(table, fitting[0], "name")], [finding("codes-missing", where, unit=fitting[0].book.unit)]
    likely = fitting or _by_texts(table, shelf)
    if len(likely) == 1 and not named:
        return [Recognised(table, likely[0], "texts")], [finding("codes-missing", where, unit=likely[0].book.unit)]
    if likely:
        names = "、".join(f"{issued.book.unit}（{issued.book.round}）" for issued in likely[:10])
        return [], [finding("unit-ambiguous", where, count=len(likely), candidates=names)]
    if marked or len(named) == 1:
        return [], [_unlike(where, marked or named[0])]
    return [], [finding("another-campaign", where, code=marks.campaign)] if marks else []


def _unlike(where: Where, issued: Issued) -> Finding:
    return finding("rows-unrecognised", where, unit=issued.book.unit, round=issued.book.round)


def _is_like(table: Table, issued: Issued) -> bool:
    """Tell whether at least half of a sheet's rows have the texts of a book, word for word or nearly so."""
    return overlap(table, issued) >= _LEAST_OVERLAP or _overlap(table, issued, _NEARLY) >= _LEAST_OVERLAP


def overlap(table: Table, issued: Issued) -> float:
    """Give the share of a sheet's rows whose task and requirement are word for word those of the book."""
    return _overlap(table, issued, 100)


def _overlap(table: Table, issued: Issued, least: float) -> float:
    """Give the share of rows that are at least so like (0 to 100) to one of the book, by the columns that are there."""
    table = _seen_as(table, issued.layout)
    columns = [column.id for column in issued.layout.columns if column.id in _PLAN_TEXTS and column.id in table.columns]
    mine = {normalised("".join(map(row.text, columns))) for row in issued.book.rows}
    rows = [normalised("".join(table.text(row, column) for column in columns)) for row in table.body]
    rows = [text for text in rows if text]
    hits = (text in mine or (least < 100 and _likeness(text, mine) >= least) for text in rows)  # noqa: PLR2004
    return sum(hits) / len(rows) if rows else 0.0


def _likeness(text: str, others: Iterable[str]) -> float:
    return max((fuzz.ratio(text, other) for other in others), default=0.0)


def _by_its_layout(found: Recognised) -> Recognised:
    table = _seen_as(found.table, found.issued.layout)
    return found if table is found.table else replace(found, table=table)


def _seen_as(table: Table, layout: Layout) -> Table:
    """See a sheet by a layout's titles: two layouts, or two faces of one, may fit a sheet equally well."""
    if table.layout is layout or table.layout == layout:
        return table
    return find_table(table.grid, layout) or table


def _best_table(grid: Grid, shelf: Shelf) -> Table | None:
    tables = (find_table(grid, layout) for layout in shelf.layouts)
    return max(filter(None, tables), key=title_hits, default=None)


def _tokens(table: Table) -> Counter[str]:
    """Count the book tokens named by the rows' codes, visible or hidden, each code once however often it was copied."""
    codes = dict.fromkeys(code for row in table.body for code in table.codes(row))
    return Counter(parsed.token for code in codes if (parsed := parse_row_code(code)))


def _winner(known: Counter[str], number: tuple[str, str] | None) -> str:
    """Choose the token most rows name; where two are equally frequent, the one the subtitle names."""
    (token, count), *others = known.most_common()
    if number and any(other == number[0] and its == count for other, its in others):
        return number[0]
    return token


def _edition(token: str, number: tuple[str, str] | None, marks: Marks | None) -> str:
    if number and number[0] == token:
        return number[1]
    return marks.edition if marks and fold(marks.token) == token else ""


def _number(grid: Grid, header: int) -> tuple[str, str] | None:
    for row in range(header):
        for text in grid.rows[row]:
            if text and (number := parse_book_number(text)):
                return number
    return None


def _head_of(table: Table, number: tuple[str, str] | None, issued: Issued, shelf: Shelf) -> str:
    """Name the ledger whose number or unit stands above the rows, if it is another than the rows'; else nothing."""
    if number and number[0] != fold(issued.book.token):
        other = shelf.books.get(number[0])
        return f"{other[-1].book.unit}（{other[-1].book.round}）" if other else number[0]
    unit = normalised(table.item_text("unit"))
    own = unit in ("", normalised(issued.book.unit))
    return "" if own else next((each.book.unit for each in shelf.newest() if normalised(each.book.unit) == unit), "")


def _marks(workbook: Workbook) -> Marks | None:
    """Read the container's marks, the sturdiest first: custom property, defined name, hidden sheet."""
    for line in (workbook.properties.get(PROPERTY), workbook.names.get(NAME), workbook.properties.get("keywords")):
        if line and (marks := marks_from_line(line)):
            return marks
    for grid in workbook.grids:
        if grid.name == SHEET:
            return marks_from_table({cell_text(grid, row, 0): cell_text(grid, row, 1) for row in range(len(grid.rows))})
    return None


def _disagreeing(token: str, marks: Marks | None, shelf: Shelf, where: Where) -> list[Finding]:
    """Note that the file itself was another book's: rows were pasted from one file into another."""
    if marks is None or fold(marks.token) == token:
        return []
    other = shelf.books.get(fold(marks.token))
    unit = other[-1].book.unit if other else marks.campaign
    return [finding("marks-disagree", where, unit=shelf.books[token][-1].book.unit, other=unit)]


def _named(table: Table, name: str, shelf: Shelf) -> list[Issued]:
    """Find the books whose unit the head block, the title or the file name names in full."""
    head = {item: table.item_text(item) for item in table.values}
    round_name = head.get("round", "")
    if found := shelf.of_unit(head.get("unit", ""), round_name):
        return list(found)
    above = [normalised(text) for row in range(table.header) for text in table.grid.rows[row] if text]
    titled = [issued for issued in shelf.newest() if normalised(issued.book.title) in above]
    return titled or _named_by_file(name, shelf)


def _named_by_file(name: str, shelf: Shelf) -> list[Issued]:
    """Find the books whose unit a file's name names; in an archive the file's own name counts before the archive's."""
    for piece in reversed(name.split(BESIDE)):
        stem = normalised(piece)
        if found := [issued for issued in shelf.newest() if normalised(issued.book.unit) in stem]:
            return found
    return []


def _by_texts(table: Table, shelf: Shelf) -> list[Issued]:
    """Find the books whose texts the sheet's rows are.

    That a sheet has as many rows as one of them says nothing: rows are deleted, and then it looks like another's.
    """
    scored = [(overlap(table, issued), issued) for issued in shelf.newest()]
    best = max((score for score, _ in scored), default=0.0)
    return [issued for score, issued in scored if score == best and score >= _SURE_OVERLAP]


def _one_sheet_a_book(
    recognised: list[Recognised], name: str, findings: list[Finding]
) -> tuple[list[Recognised], list[Finding]]:
    """Refuse to choose between two sheets of one workbook that are the same book's, unless they are equal."""
    kept: list[Recognised] = []
    for token in dict.fromkeys(item.issued.book.token for item in recognised):
        same = [item for item in recognised if item.issued.book.token == token]
        if all(item.table.grid.rows == same[0].table.grid.rows for item in same):
            kept.append(same[0])
            continue
        sheets = "、".join(item.table.grid.name for item in same)
        findings.append(finding("sheets-of-one-book", Where(name), unit=same[0].issued.book.unit, sheets=sheets))
    return kept, findings
