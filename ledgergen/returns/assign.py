"""Take a sheet for the ledger that a person says it is, where nothing in it says so beyond doubt."""

from collections.abc import Sequence
from dataclasses import replace

from ledgergen.findings import Finding, Where, finding
from ledgergen.returns.decide import decide
from ledgergen.returns.decisions import Arrival, Parcel, Verdict
from ledgergen.returns.recognise import Recognised, overlap
from ledgergen.returns.shelf import Issued
from ledgergen.returns.table import find_table, title_hits
from ledgergen.workbook.codes import parse_row_code, row_code
from ledgergen.workbook.grid import Grid, Workbook
from ledgergen.workbook.marks import SHEET

REASON = "review"


def accept_as(workbook: Workbook, arrival: Arrival, issued: Issued, year: int, sheet: str = "") -> Parcel:
    """Decide one sheet of a workbook as the ledger of ``issued``: the sheet named, else the one with most of its rows.

    Codes of another ledger are read as this one's, so that last round's file counts row by row. Rejected, with a
    finding, where no sheet looks like a ledger at all.
    """
    tables = []
    for grid in workbook.grids:
        if grid.name != SHEET and sheet in ("", grid.name):
            found = find_table(_recoded(grid, issued), issued.layout)
            if found is not None:
                tables.append(found)
    if not tables:
        return Parcel.of(arrival, Verdict.REJECTED, findings=[finding("unrecognised", Where(arrival.name))])
    best = max(tables, key=lambda table: (overlap(table, issued), title_hits(table)))
    decided, said = decide(Recognised(best, issued, REASON), arrival.name, year, workbook.saved)
    return Parcel.of(arrival, Verdict.ACCEPTED, [decided], _apart(said))


def _recoded(grid: Grid, issued: Issued) -> Grid:
    """Put this ledger's codes in the place of another's, row by row of the same task and measure."""
    token = issued.book.token
    return replace(grid, rows=tuple(tuple(_code(text, token) for text in row) for row in grid.rows))


def _code(text: str, token: str) -> str:
    if text.count("-") != 3 or (parsed := parse_row_code(text)) is None:  # noqa: PLR2004 - book, task, measure, check
        return text
    return row_code(token, parsed.task, parsed.measure)


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out what the recoding itself would raise."""
    return [found for found in findings if found.code != "marks-disagree"]
