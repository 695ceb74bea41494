"""Accept one parcel: from a foreign workbook as read to a parcel with returns, findings and a verdict."""

from collections.abc import Mapping
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.returns.decide import decide
from ledgergen.returns.decisions import Arrival, Parcel, Return, Verdict
from ledgergen.returns.recognise import recognise
from ledgergen.returns.shelf import Shelf
from ledgergen.returns.table import cell_text
from ledgergen.workbook.grid import Workbook, cell_name
from ledgergen.workbook.marks import SHEET

RULES: Final = "1"  # the version of these rules, named in every event they decided
_QUOTED: Final = 200


def accept(
    workbook: Workbook | None,
    faults: list[Finding],
    arrival: Arrival,
    shelf: Shelf,
    years: Mapping[str, int],
) -> Parcel:
    """Recognise, match and decide one parcel.

    ``workbook`` is None where the bytes could not be read, with ``faults`` saying why. ``years`` gives the plan's year
    by book token.
    """
    if workbook is None:
        return Parcel.of(arrival, Verdict.REJECTED, findings=faults)
    name = arrival.name
    recognised, found = recognise(workbook, name, shelf)
    findings = [*faults, *found]
    returns: list[Return] = []
    for item in recognised:
        year = years.get(item.issued.book.token, 0)
        decided, said = decide(item, name, year, workbook.saved)
        returns.append(decided)
        findings += said
    if returns:
        findings += _other_sheets(workbook, name, {item.table.grid.name for item in recognised})
    findings += [finding("not-read", Where(name), what=note) for note in workbook.notes]
    return Parcel.of(arrival, _verdict(returns, found), returns, findings)


def _verdict(returns: list[Return], found: list[Finding]) -> Verdict:
    if returns:
        return Verdict.ACCEPTED
    codes = {item.code for item in found}
    return Verdict.REVIEW if codes & {"unit-ambiguous", "sheets-of-one-book", "books-mixed"} else Verdict.REJECTED


def _other_sheets(workbook: Workbook, name: str, known: set[str]) -> list[Finding]:
    """Quote what stands on sheets that are no ledger, so that nothing a unit wrote is passed over in silence."""
    findings: list[Finding] = []
    for grid in workbook.grids:
        if grid.name in known or grid.name == SHEET:
            continue
        filled = [
            (row, column) for row, line in enumerate(grid.rows) for column, text in enumerate(line) if text.strip()
        ]
        for start in range(0, len(filled), _QUOTED):
            part = filled[start : start + _QUOTED]
            quoted = "；".join(f"{cell_name(*place)}：{cell_text(grid, *place)}" for place in part)
            findings.append(
                finding("text-outside", Where(name, sheet=grid.name, cell=cell_name(*part[0])), text=quoted)
            )
    return findings
