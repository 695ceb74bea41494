"""Which round and which unit a question is about."""

from ledgergen.campaign.chronicle import Chronicle
from ledgergen.campaign.folder import UNITS_FILE, Folder, read_bytes
from ledgergen.errors import Surroundings, WrongUse
from ledgergen.plan.load import load_units
from ledgergen.records import CONSULT_ROUND


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
