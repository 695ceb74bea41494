"""Ask opinions (征求意见): each unit is sent its tasks before the ledgers go out, and its answers are collected.

The questions go out and come back as the ledgers do, in a round of their own with a layout of its own: so they are
known again, matched, decided and journalled by the same rules. That round counts in no status
(:data:`~ledgergen.records.CONSULT_ROUND`).
"""

import hashlib
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import Final

from ledgergen.campaign.check import changed_id
from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import SETTINGS_FILE, Folder, OfficeFiles, check_files, read_files, read_layout
from ledgergen.campaign.generate import Run, issue
from ledgergen.campaign.outcome import Occasion, Outcome, Progress, Written, silent
from ledgergen.campaign.placing import place
from ledgergen.errors import InputFaults, Surroundings
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.durable import sweep
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.records import CONSULT_ROUND, Round
from ledgergen.state.opinions import Opinions
from ledgergen.state.opinions import opinions as gather
from ledgergen.workbook.book import BookSetting

LAYOUT: Final = "consult"
NAME: Final = "征求意见"
REPORT_NAME: Final = "征求意见汇总.xlsx"


def consult(
    folder: Folder, *, due: date | None, occasion: Occasion, dry_run: bool = False, progress: Progress = silent
) -> Outcome:
    """Write one workbook per unit into ``ledgers/consult/``: its tasks, to be agreed to or not.

    ``due`` is printed where it is given. Second run: same files, no event.

    Raises:
        InputFaults: the campaign's files have errors, or a round goes by the id of this one. Surroundings: disk, lock,
            journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        files, findings = read_files(folder)
        if any(each.id == CONSULT_ROUND for each in files.settings.rounds):
            raise InputFaults([finding("consult-round-taken", Where(SETTINGS_FILE), id=CONSULT_ROUND)])
        journal = Journal(folder.root)
        chronicle = read_chronicle(folder.root, journal)
        if changed := changed_id(files, chronicle):
            raise InputFaults(changed)
        layout, layout_data = read_layout(folder, LAYOUT)
        opens = _dated(files)
        asking = Round(CONSULT_ROUND, NAME, opens, due or date.max)
        # No other round is before this one, and what the office prefills is for the ledgers.
        settings = replace(files.settings, rounds=(asking,))
        setting = BookSetting(settings, files.plan.facts, asking, layout, files.version)
        run = Run(folder, files._replace(settings=settings), layout, layout_data, opens, occasion)
        outcome = issue(run, setting, journal, chronicle, dry_run=dry_run, progress=progress)
        return Outcome(outcome.files, (*findings, *outcome.findings))


def read_opinions(folder: Folder) -> tuple[Opinions, tuple[Finding, ...]]:
    """Gather what the units said, with whom they suggest found in ``units.yaml``.

    Raises:
        Surroundings: ``consult-not-issued``, or the journal cannot be read. InputFaults: the campaign's files.
    """
    files, chronicle = _asked(folder)
    found, findings = gather(chronicle.state, files.registry)
    return found, (*findings, *chronicle.findings)


def report_opinions(folder: Folder, *, occasion: Occasion, dry_run: bool = False) -> Outcome:
    """Write ``reports/征求意见汇总.xlsx``; one that somebody has edited is kept. The same state adds no event.

    Raises:
        Surroundings, InputFaults: as :func:`read_opinions`; disk, lock.
    """
    from ledgergen.report.facts import ReportFacts
    from ledgergen.report.opinions import opinions_workbook

    with nullcontext() if dry_run else one_writer(folder.root):
        files, chronicle = _asked(folder)
        found, findings = gather(chronicle.state, files.registry)
        kinds = {unit.name: unit.kind for unit in files.registry.units}
        asking = Round(CONSULT_ROUND, NAME, _dated(files), date.max)
        facts = ReportFacts.of(files.settings, asking, chronicle.state.until, files.plan.facts.title, kinds)
        data = opinions_workbook(facts, found)
        sha256 = hashlib.sha256(data).hexdigest()
        before = [str(event.facts["sha256"]) for event in chronicle.events if event.facts.get("name") == REPORT_NAME]
        placed = place(folder.reports / REPORT_NAME, sha256, before, sha256[:6])
        if not dry_run:
            sweep(folder.reports)
            if not before or before[-1] != sha256:
                Originals(folder.root).keep_all([data])
                said = {"round": CONSULT_ROUND, "name": REPORT_NAME, "sha256": sha256}
                Journal(folder.root).append("merged", said, at=occasion.now, who=occasion.who)
            placed.write(data, sha256)
        written = Written(folder.shown(placed.path), placed.verb, rows=len(found.tasks))
        return Outcome((written,), (*findings, *placed.findings(folder.root), *chronicle.findings))


def _asked(folder: Folder) -> tuple[OfficeFiles, Chronicle]:
    chronicle = read_chronicle(folder.root)
    if CONSULT_ROUND not in chronicle.history.rounds:
        raise Surroundings("consult-not-issued")
    files, findings = check_files(folder)
    if files is None:
        raise InputFaults(findings)
    return files, chronicle


def _dated(files: OfficeFiles) -> date:
    """Give the day in the files' properties: no clock's, so that a second run writes the same bytes."""
    facts = files.plan.facts
    return facts.issued or date(facts.year, 1, 1)
