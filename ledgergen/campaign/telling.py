"""What stands, for questions: how a round stands, and the entries of its rows, each with its light."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from ledgergen.campaign.checking import checked
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.picturing import Pictured, read_picture
from ledgergen.campaign.standing import unit_name
from ledgergen.findings import Finding
from ledgergen.state.bounces import Bounce, unreachable
from ledgergen.state.entries import Entry, entries
from ledgergen.state.light import Light
from ledgergen.state.picture import Picture
from ledgergen.state.standing import HEAD, RowKey


class Stands(NamedTuple):
    """How a round stands, what the checks say of that, what is wrong with the journal, whom our mails do not reach."""

    picture: Picture
    checks: list[Finding]
    findings: tuple[Finding, ...]
    unreached: tuple[Bounce, ...] = ()


class Wanted(NamedTuple):
    """Which entries are asked for: of one unit, of one task; ``what`` is either. Nothing is everything."""

    what: str | None = None
    unit: str | None = None
    task: str | None = None


class Shown(NamedTuple):
    """Entries with the lights of their tasks by unit and task, and what the checks say by unit and row.

    What is said of a whole ledger stands under no row. ``findings``: what is wrong otherwise.
    """

    entries: list[Entry]
    lights: Mapping[tuple[str, str], Light]
    checks: dict[tuple[str, RowKey], list[Finding]]
    findings: tuple[Finding, ...]


def read_status(folder: Folder, round_id: str | None, today: date, as_of: date | None = None) -> Stands:
    """Work out how a round stands (:func:`.picturing.read_picture`).

    Raises:
        Surroundings: ``nothing-issued``, ``round-not-issued``, or the journal cannot be read. InputFaults:
        ``ledgergen.yaml``.
    """
    found = read_picture(folder, round_id, today, as_of)
    books = (unit.book for unit in found.picture.units)
    said = checked(books, found.chronicle.history.years, found.settings.checks)
    unreached = tuple(unreachable(found.chronicle.history).values())
    return Stands(found.picture, [remark.finding for remark in said], found.findings, unreached)


def read_entries(
    folder: Folder, round_id: str | None, wanted: Wanted, today: date, as_of: date | None = None
) -> Shown:  # fmt: skip
    """Give the entries of a round, of one unit or task where asked.

    Raises:
        Surroundings, InputFaults: as :func:`read_status`. WrongUse: ``unit-unknown-asked``.
    """
    pictured = read_picture(folder, round_id, today, as_of)
    state, chosen = pictured.chronicle.state, pictured.picture.round
    unit, task = wanted.unit, wanted.task
    if wanted.what is not None:
        tasks = {row.task for book in state.of_round(chosen) for row in book.rows}
        unit, task = (unit, wanted.what) if wanted.what in tasks else (wanted.what, task)
    name = unit_name(folder, pictured.chronicle, unit) if unit else None
    found = [
        entry for entry in entries(state, chosen) if name in (None, entry.unit) and task in (None, entry.row.task)
    ]  # fmt: skip
    lights = {(each.unit, item.task): item.light for each in pictured.picture.units for item in each.assignments}
    return Shown(found, lights, _said(pictured, found, name, task), pictured.findings)


def _said(
    pictured: Pictured, found: list[Entry], name: str | None, task: str | None
) -> dict[tuple[str, RowKey], list[Finding]]:
    """Give what the checks say of entries, and of their ledgers as a whole where not one task alone is asked for."""
    keys = {(entry.unit, (entry.row.task, entry.row.measure)) for entry in found}
    if task is None:
        keys |= {(entry.unit, HEAD) for entry in found}
    said: dict[tuple[str, RowKey], list[Finding]] = {}
    for unit in pictured.picture.units:
        if name in (None, unit.unit):
            for remark in checked([unit.book], pictured.chronicle.history.years, pictured.settings.checks):
                if (place := (unit.unit, remark.key)) in keys:
                    said.setdefault(place, []).append(remark.finding)
    return said
