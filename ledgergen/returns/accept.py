"""Accept one parcel: from a foreign workbook as read to a parcel with returns, findings and a verdict."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.records import CONSULT_ROUND
from ledgergen.returns.decide import decide
from ledgergen.returns.decisions import Arrival, Parcel, Return, Verdict
from ledgergen.returns.recognise import Recognised, recognise
from ledgergen.returns.shelf import Shelf
from ledgergen.returns.table import cell_text
from ledgergen.workbook import codes
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.grid import Workbook, cell_name
from ledgergen.workbook.marks import SHEET

RULES: Final = "1"  # the version of these rules, named in every event they decided
_QUOTED: Final = 200
_FOR_REVIEW: Final = {"unit-ambiguous", "sheets-of-one-book", "books-mixed", "rows-unrecognised"}


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
        findings += [*said, *_older(item, name, shelf)]
    if returns:
        findings += _other_sheets(workbook, name, recognised)
    own = _own_texts(recognised)
    findings += [finding("not-read", Where(name), what=note) for note in workbook.notes if normalised(note) not in own]
    return Parcel.of(arrival, _verdict(returns, found), returns, findings)


def _older(recognised: Recognised, name: str, shelf: Shelf) -> Iterator[Finding]:
    """Say that a ledger is not the one that was sent out last: it counts for what it is, row by row."""
    book, where = recognised.issued.book, Where(name, sheet=recognised.table.grid.name)
    if book.round not in (CONSULT_ROUND, shelf.last_round):
        yield finding("round-earlier", where, round=book.round, current=shelf.last_round)
    if recognised.issued is not shelf.books[codes.fold(book.token)][-1]:
        yield finding("edition-earlier", where, unit=book.unit)


def _is_news(text: str, own: frozenset[str]) -> bool:
    return bool(text.strip()) and normalised(text).rstrip(":") not in own


def _verdict(returns: list[Return], found: list[Finding]) -> Verdict:
    if returns:
        return Verdict.ACCEPTED
    codes = {item.code for item in found}
    return Verdict.REVIEW if codes & _FOR_REVIEW else Verdict.REJECTED


def _own_texts(recognised: Sequence[Recognised]) -> frozenset[str]:
    """Give the texts of the office's own forms and letters, which come back from everybody."""
    beside = (normalised(text).rstrip(":") for item in recognised for text in item.issued.book.beside)
    return frozenset(beside).union(*(item.issued.layout.fixed for item in recognised))


def _other_sheets(workbook: Workbook, name: str, recognised: Sequence[Recognised]) -> list[Finding]:
    """Quote what stands on sheets that are no ledger, so that nothing a unit wrote is passed over in silence."""
    findings: list[Finding] = []
    known, own = {item.table.grid.name for item in recognised}, _own_texts(recognised)
    for grid in workbook.grids:
        if grid.name in known or grid.name == SHEET:
            continue
        filled = [
            (row, column)
            for row, line in enumerate(grid.rows)
            for column, text in enumerate(line)
            if _is_news(text, own)
        ]
        for start in range(0, len(filled), _QUOTED):
            part = filled[start : start + _QUOTED]
            quoted = "；".join(f"{cell_name(*place)}：{cell_text(grid, *place)}" for place in part)
            findings.append(
                finding("text-outside", Where(name, sheet=grid.name, cell=cell_name(*part[0])), text=quoted)
            )
    return findings
