"""Accept a parcel of whatever it holds: one file, or an archive with files of several units."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, Parcel, Return, Verdict
from ledgergen.returns.shelf import Shelf
from ledgergen.workbook.grid import BESIDE
from ledgergen.workbook.reading import Reading

_TEXTS: Final = {"csv": "TXT", "html": "HTML"}  # formats that a mere note beside the ledgers may have

_log = logging.getLogger(__name__)


def accept_all(readings: Iterable[Reading], arrival: Arrival, shelf: Shelf, years: Mapping[str, int]) -> Parcel:
    """Recognise, match and decide everything that one parcel holds.

    Each file of an archive is decided behind a trap of its own, and its returns name it as their ``member``. The whole
    is accepted where any of them is; ``years`` as in :func:`ledgergen.returns.accept.accept`.
    """
    pieces: list[Parcel] = []
    for reading in readings:
        if reading.member:
            pieces.append(_accept_member(reading, arrival, shelf, years))
        elif reading.workbook or (reading.findings and not pieces):
            return accept(reading.workbook, reading.findings, arrival, shelf, years)
        else:
            pieces.append(Parcel.of(arrival, Verdict.REJECTED, findings=reading.findings))
    returns = [each for piece in pieces for each in piece.returns]
    findings = [each for piece in pieces for each in piece.findings] + _of_one_book(returns, arrival.name)
    verdicts = {piece.verdict for piece in pieces}
    if Verdict.ACCEPTED not in verdicts and not has_errors(findings):
        findings.insert(0, finding("archive-without-ledger", Where(arrival.name), count=max(len(pieces) - 1, 0)))
    verdict = next((each for each in (Verdict.ACCEPTED, Verdict.REVIEW) if each in verdicts), Verdict.REJECTED)
    return Parcel.of(arrival, verdict, returns, findings)


def _accept_member(reading: Reading, arrival: Arrival, shelf: Shelf, years: Mapping[str, int]) -> Parcel:
    """Decide one file of an archive; an unforeseen fault is a finding, its traceback goes to the log."""
    within = replace(arrival, name=f"{arrival.name}{BESIDE}{reading.member}")
    if not reading.workbook and all(found.code == "not-a-ledger" for found in reading.findings):
        return Parcel.of(within, Verdict.IGNORED, findings=reading.findings)
    try:
        parcel = accept(reading.workbook, reading.findings, within, shelf, years)
    except Exception as fault:  # noqa: BLE001 - the trap around each incoming file
        _log.exception("collecting %s", within.name)
        said = finding("collect-failed", Where(within.name), reason=type(fault).__name__)
        return Parcel.of(within, Verdict.REJECTED, findings=[said])
    kind = _TEXTS.get(reading.workbook.format) if reading.workbook else None
    if kind and [found.code for found in parcel.findings if found.code != "not-read"] == ["unrecognised"]:
        return Parcel.of(within, Verdict.IGNORED, findings=[finding("not-a-ledger", Where(within.name), kind=kind)])
    return replace(parcel, returns=tuple(replace(each, member=reading.member) for each in parcel.returns))


def _of_one_book(returns: Sequence[Return], name: str) -> list[Finding]:
    """Name the files of one archive that are the same ledger and differ; the one that was saved last comes last."""
    alike: dict[str, list[Return]] = {}
    for each in returns:
        alike.setdefault(each.token, []).append(each)
    findings = []
    for same in alike.values():
        if any((each.rows, each.head) != (same[0].rows, same[0].head) for each in same):
            ordered = sorted(same, key=lambda each: (each.saved, each.member, each.sheet))
            shown = "、".join(each.member for each in ordered)
            findings.append(finding("members-of-one-book", Where(name), unit=same[0].unit, files=shown))
    return findings
