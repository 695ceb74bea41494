"""Merge: write the status workbook of a round, and journal which state it showed."""

import hashlib
from contextlib import nullcontext
from datetime import date

from ledgergen.campaign.checking import by_parcel, checked
from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import Folder, check_files, read_settings
from ledgergen.campaign.naming import safe_stem
from ledgergen.campaign.outcome import Occasion, Outcome, Written
from ledgergen.campaign.placing import place
from ledgergen.campaign.standing import issued_round
from ledgergen.journal.durable import sweep
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.records import Round, Settings
from ledgergen.report.status_workbook import ReportFacts, status_workbook
from ledgergen.state.progress import progress


def merge(folder: Folder, *, round_id: str | None, occasion: Occasion, dry_run: bool = False) -> Outcome:
    """Write ``reports/台账落实情况_ROUND.xlsx``.

    One that somebody has edited is kept, and the new one gets a new name. The same state writes the same bytes and
    adds no event; the workbook itself is kept among the originals, so that what a leader saw can be shown again.

    Raises:
        Surroundings: ``nothing-issued``, ``round-unknown``, disk, lock, journal. InputFaults: ``ledgergen.yaml``.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        journal = Journal(folder.root)
        chronicle = read_chronicle(folder.root, journal)
        settings = read_settings(folder)
        chosen = issued_round(chronicle, round_id)
        found = progress(chronicle.state, chosen)
        remarks = checked(chronicle.state.of_round(chosen), chronicle.history.years, settings.checks)
        facts = _facts(folder, settings, chosen, chronicle)
        data = status_workbook(facts, found, chronicle.history.parcels, by_parcel(remarks))
        sha256 = hashlib.sha256(data).hexdigest()
        wanted = folder.reports / f"{safe_stem(f'台账落实情况_{chosen}')}.xlsx"
        before = _written_before(chronicle, wanted.name)
        placed = place(wanted, sha256, before, sha256[:6])
        if not dry_run:
            sweep(folder.reports)
            if not before or before[-1] != sha256:
                Originals(folder.root).keep_all([data])
                told = {"round": chosen, "name": wanted.name, "sha256": sha256}
                journal.append("merged", told, at=occasion.now, who=occasion.who)
            placed.write(data, sha256)
        rows = sum(len(assignment.entries) for assignment in found.assignments)
        written = Written(folder.shown(placed.path), placed.verb, rows=rows)
        return Outcome((written,), (*placed.findings(folder.root), *chronicle.findings))


def _facts(folder: Folder, settings: Settings, round_id: str, chronicle: Chronicle) -> ReportFacts:
    """Give the facts for the head of the workbook; a plan that is being edited costs its title only."""
    own = next((each for each in settings.rounds if each.id == round_id), None)
    files, _ = check_files(folder)
    kinds = {unit.name: unit.kind for unit in files.registry.units} if files else {}
    title = files.plan.facts.title if files else ""
    return ReportFacts.of(settings, own or _unknown_round(round_id), chronicle.state.until, title, kinds)


def _unknown_round(round_id: str) -> Round:
    """Stand in for a round that was issued and has since been taken out of ``ledgergen.yaml``."""
    day = date.max
    return Round(round_id, round_id, day, day)


def _written_before(chronicle: Chronicle, name: str) -> list[str]:
    """Give the hashes under which the workbook was written, oldest first."""
    merged = [event for event in chronicle.events if event.kind == "merged" and event.facts.get("name") == name]
    return [str(event.facts["sha256"]) for event in merged]
