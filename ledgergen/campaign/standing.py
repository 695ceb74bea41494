"""What stands, for questions: progress and entries of a round."""

from typing import NamedTuple

from ledgergen.campaign.checking import checked, read_levels
from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import UNITS_FILE, Folder, read_bytes
from ledgergen.errors import Surroundings, WrongUse
from ledgergen.findings import Finding
from ledgergen.plan.load import load_units
from ledgergen.records import CONSULT_ROUND
from ledgergen.state.entries import Entry, entries
from ledgergen.state.progress import Progress, progress
from ledgergen.state.standing import HEAD, RowKey


class Stands(NamedTuple):
    """How a round stands, what the checks say of that, and what is wrong with the journal."""

    progress: Progress
    checks: list[Finding]
    findings: tuple[Finding, ...]


class Shown(NamedTuple):
    """Entries, what the checks say of them by unit and row (of a whole ledger: no row), what is wrong otherwise."""

    entries: list[Entry]
    checks: dict[tuple[str, RowKey], list[Finding]]
    findings: tuple[Finding, ...]


def read_progress(folder: Folder, round_id: str | None) -> Stands:
    """Work out how a round stands: the one asked for, else the last that was issued.

    Raises:
        Surroundings: ``nothing-issued``, ``round-not-issued``, or the journal cannot be read.
    """
    chronicle = read_chronicle(folder.root)
    found = progress(chronicle.state, issued_round(chronicle, round_id))
    said = checked((unit.book for unit in found.units), chronicle.history.years, read_levels(folder))
    return Stands(found, [remark.finding for remark in said], chronicle.findings)


def read_entries(
    folder: Folder, round_id: str | None, *, what: str | None = None, unit: str | None = None, task: str | None = None
) -> Shown:
    """Give the entries of a round, of one unit or task where asked; ``what`` is either.

    Raises:
        Surroundings: as :func:`read_progress`. WrongUse: ``unit-unknown-asked``.
    """
    chronicle = read_chronicle(folder.root)
    chosen = issued_round(chronicle, round_id)
    if what is not None:
        tasks = {row.task for book in chronicle.state.of_round(chosen) for row in book.rows}
        unit, task = (unit, what) if what in tasks else (what, task)
    name = unit_name(folder, chronicle, unit) if unit else None
    found = [
        entry
        for entry in entries(chronicle.state, chosen)
        if name in (None, entry.unit) and task in (None, entry.row.task)
    ]
    keys = {(entry.unit, (entry.row.task, entry.row.measure)) for entry in found}
    if task is None:
        keys |= {(entry.unit, HEAD) for entry in found}
    books = [book for book in chronicle.state.of_round(chosen) if name in (None, book.issued.book.unit)]
    levels = read_levels(folder)
    said: dict[tuple[str, RowKey], list[Finding]] = {}
    for book in books:
        for remark in checked([book], chronicle.history.years, levels):
            if (place := (book.issued.book.unit, remark.key)) in keys:
                said.setdefault(place, []).append(remark.finding)
    return Shown(found, said, chronicle.findings)


def issued_round(chronicle: Chronicle, asked: str | None) -> str:
    """Choose among the rounds that were issued: the one asked for, else the last in which anything is reported.

    Raises:
        Surroundings: ``nothing-issued``, ``round-not-issued``.
    """
    rounds = chronicle.history.rounds
    reporting = [each for each in rounds if each != CONSULT_ROUND]
    if not (reporting if asked is None else rounds):
        raise Surroundings("nothing-issued")
    if asked is None:
        return reporting[-1]
    if asked not in rounds:
        raise Surroundings("round-not-issued", name=asked, names="、".join(rounds))
    return asked


def unit_name(folder: Folder, chronicle: Chronicle, asked: str) -> str:
    """Find the unit that a person means, by any of its names; a unit that was issued needs no units.yaml.

    Raises:
        WrongUse: ``unit-unknown-asked``.
    """
    issued = {item.book.unit for item in chronicle.history.issued}
    if asked in issued:
        return asked
    registry, _ = load_units(read_bytes(folder.root / UNITS_FILE), UNITS_FILE)
    unit = registry.unit(asked) if registry else None
    found = next((name for name in unit.names if name in issued), None) if unit else None
    if found is None:
        near = "、".join(registry.suggest(asked)) if registry else ""
        raise WrongUse("unit-unknown-asked", name=asked, near=near or "—")
    return found
