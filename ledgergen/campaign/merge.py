"""Merge: write the status workbook of a round, and journal which state it showed."""

import hashlib
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import Folder, check_files, read_settings
from ledgergen.campaign.naming import safe_stem
from ledgergen.campaign.outcome import Occasion, Outcome, Verb, Written
from ledgergen.campaign.standing import issued_round
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.durable import replace_whole
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
        data = status_workbook(_facts(folder, settings, chosen, chronicle), found, chronicle.history.parcels)
        sha256 = hashlib.sha256(data).hexdigest()
        place = folder.reports / f"{safe_stem(f'台账落实情况_{chosen}')}.xlsx"
        before = _written_before(chronicle, place.name)
        path, verb, findings = _choose_place(folder, place, sha256, before)
        if not dry_run:
            if not before or before[-1] != sha256:
                Originals(folder.root).keep_all([data])
                facts = {"round": chosen, "name": place.name, "sha256": sha256}
                journal.append("merged", facts, at=occasion.now, who=occasion.who)
            if verb is not Verb.SAME:
                replace_whole(path, data)
        rows = sum(len(assignment.entries) for assignment in found.assignments)
        written = Written(folder.shown(path), verb, rows=rows)
        return Outcome((written,), (*findings, *chronicle.findings))


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


def _choose_place(folder: Folder, place: Path, sha256: str, before: list[str]) -> tuple[Path, Verb, list[Finding]]:
    """Choose where to write: over our own file, beside one that somebody has edited."""
    found = hashlib.sha256(place.read_bytes()).hexdigest() if place.is_file() else None
    if found is None:
        return place, Verb.NEW, []
    if found == sha256:
        return place, Verb.SAME, []
    if found in before:
        return place, Verb.CHANGED, []
    beside = place.with_stem(f"{place.stem}_{sha256[:6]}")
    said = finding("file-kept", Where(folder.shown(place)), name=beside.name)
    return beside, Verb.KEPT, [said]
