"""What stands, for questions: progress and entries of a round."""

from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import UNITS_FILE, Folder, read_bytes
from ledgergen.errors import Surroundings, WrongUse
from ledgergen.findings import Finding
from ledgergen.plan.load import load_units
from ledgergen.state.entries import Entry, entries
from ledgergen.state.progress import Progress, progress


def read_progress(folder: Folder, round_id: str | None) -> tuple[Progress, tuple[Finding, ...]]:
    """Work out how a round stands: the one asked for, else the last that was issued.

    Raises:
        Surroundings: ``nothing-issued``, ``round-not-issued``, or the journal cannot be read.
    """
    chronicle = read_chronicle(folder.root)
    return progress(chronicle.state, issued_round(chronicle, round_id)), chronicle.findings


def read_entries(
    folder: Folder, round_id: str | None, *, unit: str | None = None, task: str | None = None
) -> tuple[list[Entry], tuple[Finding, ...]]:
    """Give the entries of a round, of one unit or task where asked.

    Raises:
        Surroundings: as :func:`read_progress`. WrongUse: ``unit-unknown-asked``.
    """
    chronicle = read_chronicle(folder.root)
    chosen = issued_round(chronicle, round_id)
    name = _unit_name(folder, chronicle, unit) if unit else None
    found = entries(chronicle.state, chosen)
    return [
        entry for entry in found if name in (None, entry.unit) and task in (None, entry.row.task)
    ], chronicle.findings


def issued_round(chronicle: Chronicle, asked: str | None) -> str:
    """Choose among the rounds that were issued: the one asked for, else the last.

    Raises:
        Surroundings: ``nothing-issued``, ``round-not-issued``.
    """
    rounds = chronicle.history.rounds
    if not rounds:
        raise Surroundings("nothing-issued")
    if asked is None:
        return rounds[-1]
    if asked not in rounds:
        raise Surroundings("round-not-issued", name=asked, names="、".join(rounds))
    return asked


def _unit_name(folder: Folder, chronicle: Chronicle, asked: str) -> str:
    """Find the unit that a person means, by any of its names; a unit that was issued needs no units.yaml."""
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
