"""Merge: write the status workbook of a round, and journal which state it showed."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final, cast

from ledgergen.campaign.checking import by_parcel, checked
from ledgergen.campaign.chronicle import Chronicle
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.garbage import leaving_alone
from ledgergen.campaign.naming import distinct_stems, safe_stem
from ledgergen.campaign.official import Edited, read_back, worded_events
from ledgergen.campaign.outcome import Occasion, Outcome, Written
from ledgergen.campaign.picturing import Pictured, read_picture
from ledgergen.campaign.placing import Placed, place
from ledgergen.campaign.report_files import REPORTED, Desk, Made
from ledgergen.findings import Finding
from ledgergen.journal.durable import sweep
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.report.status_workbook import ReportFacts, status_workbook
from ledgergen.state.moments import day_of, today
from ledgergen.state.official import WORDED, RowId, official_words, worded_facts
from ledgergen.state.picture import Assessed, Picture

STEM: Final = "台账落实情况"
SPLITS: Final = ("section", "leader", "kind")
_SPLIT_NAMES: Final = {"section": "按章节", "leader": "按分管领导", "kind": "按单位类别"}
_NOBODY: Final = {"section": "（无章节）", "leader": "（未填分管领导）", "kind": "（未分类）"}


@dataclass(frozen=True, slots=True)
class _Content:
    """What the workbooks of a run are made of."""

    facts: ReportFacts
    pictured: Pictured
    checked: Mapping[str, Sequence[Finding]]
    official: Mapping[RowId, str]

    def workbook(self, picture: Picture) -> bytes:
        parcels = self.pictured.chronicle.history.parcels
        with leaving_alone():
            return status_workbook(self.facts, picture, parcels, self.checked, self.official)


def merge(
    folder: Folder,
    *,
    round_id: str | None,
    occasion: Occasion,
    dry_run: bool = False,
    as_of: date | None = None,
    split_by: str = "",
) -> Outcome:
    """Write ``reports/台账落实情况_ROUND.xlsx``, with a day asked for ``…_ROUND_DAY.xlsx``.

    What the office wrote into its own column of the workbook that is there (核定表述) is read back first, journalled
    and shown again. A workbook in which anything else was edited is kept, and the new one gets a new name. The same
    state on the same day writes the same bytes and adds no event; the workbook itself is kept among the originals, so
    that what a leader saw can be shown again. ``split_by`` (:data:`SPLITS`) writes one more workbook for each section
    of the plan, each leader in charge, or each kind of unit, with its rows alone.

    Raises:
        Surroundings: ``nothing-issued``, ``round-unknown``, disk, lock, journal. InputFaults: ``ledgergen.yaml``.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        journal = Journal(folder.root)
        pictured = read_picture(folder, round_id, today(occasion.now), as_of, journal)
        chosen = pictured.picture.round
        stem = safe_stem(f"{STEM}_{chosen}")
        name = f"{stem}_{as_of.isoformat()}.xlsx" if as_of else f"{stem}.xlsx"
        before = _written_before(pictured.chronicle, name)
        known = _known(pictured.chronicle, journal)
        edited, findings = read_back(folder, stem, (known, before), pictured.chronicle, journal)
        desk = Desk(folder, journal, pictured.chronicle, occasion, dry_run)
        official, worded = _remember(desk, chosen, edited, as_of)
        content = _content(pictured, official, worded)
        rewritten = [each.sha256 for each in edited if each.only_words and each.path == folder.reports / name]
        placed = _put(desk, chosen, Made(name, content.workbook(pictured.picture)), (before, rewritten))
        rows = sum(len(item.progress.entries) for unit in pictured.picture.units for item in unit.assignments)
        written = [Written(folder.shown(placed.path), placed.verb, rows=rows)]
        if split_by:
            more, kept = desk.put(_split(content, stem, split_by), {"what": f"merge-{split_by}", "round": chosen})
            written, findings = [*written, *more], [*findings, *kept]
        return Outcome(tuple(written), (*findings, *placed.findings(folder.root), *pictured.findings))


def _put(desk: Desk, round_id: str, made: Made, ours: tuple[Sequence[str], Sequence[str]]) -> Placed:
    """Write the workbook and journal which state it showed.

    ``ours``: the hashes under which we wrote it before, oldest first, and those of what may be replaced besides.
    """
    before, rewritten = ours
    sha256 = hashlib.sha256(made.data).hexdigest()
    placed = place(desk.folder.reports / made.name, sha256, (*before, *rewritten), sha256[:6])
    if not desk.dry_run:
        sweep(desk.folder.reports)
        if not before or before[-1] != sha256:
            Originals(desk.folder.root).keep_all([made.data])
            desk.append("merged", {"round": round_id, "name": made.name, "sha256": sha256})
        placed.write(made.data, sha256)
    return placed


def report_facts(pictured: Pictured, worded: int = 0) -> ReportFacts:
    """Give the facts for the head of a report; a plan that is being edited costs its title only."""
    files, own = pictured.files, pictured.round
    kinds = {unit.name: unit.kind for unit in files.registry.units} if files else {}
    title = files.plan.facts.title if files else ""
    found = ReportFacts.of(pictured.settings, own, pictured.picture.until, title, kinds)
    return replace(found, worded=worded)


def _content(pictured: Pictured, official: Mapping[RowId, str], worded: int) -> _Content:
    books = (unit.book for unit in pictured.picture.units)
    remarks = checked(books, pictured.chronicle.history.years, pictured.settings.checks)
    return _Content(report_facts(pictured, worded), pictured, by_parcel(remarks), official)


def _remember(desk: Desk, round_id: str, edited: Sequence[Edited], as_of: date | None) -> tuple[dict[RowId, str], int]:
    """Journal what the office wrote; give its words by row, and the number of the last event that tells of them.

    With a day asked for, what was written after it does not exist.
    """
    events = worded_events(desk.chronicle, desk.journal)
    shown = [event for event in events if as_of is None or (day_of(event.at) or as_of) <= as_of]
    words = official_words(shown)
    number = shown[-1].sequence if shown else 0
    for each in (each for each in edited if each.words):
        if as_of is None:
            words |= each.words
        if not desk.dry_run:
            Originals(desk.folder.root).keep_all([each.data])
            facts = worded_facts(round_id, each.path.name, each.sha256, each.words)
            event = desk.journal.append(WORDED, facts, at=desk.occasion.now, who=desk.occasion.who)
            number = event.sequence if as_of is None else number
    return {row: text for row, text in words.items() if text}, number


def _split(content: _Content, stem: str, split_by: str) -> list[Made]:
    """Make a workbook for each part, in a folder of its own."""
    whole = content.pictured.picture
    parts = dict.fromkeys(_part(item, split_by) for unit in whole.units for item in unit.assignments)
    stems = distinct_stems({part: part or _NOBODY[split_by] for part in parts})
    folder = f"{stem}_{_SPLIT_NAMES[split_by]}"
    return [
        Made(f"{folder}/{stems[part]}.xlsx", content.workbook(whole.narrowed(partial(_belongs, part, split_by))))
        for part in parts
    ]


def _belongs(part: str, split_by: str, item: Assessed) -> bool:
    return _part(item, split_by) == part


def _part(item: Assessed, split_by: str) -> str:
    """Name the part that an assignment belongs to."""
    if split_by == "section":
        return " ".join(item.section)
    if split_by == "kind":
        return item.kind
    return f"{item.unit} {item.leader}" if item.leader else ""


def _written_before(chronicle: Chronicle, name: str) -> list[str]:
    """Give the hashes under which a workbook was written, oldest first."""
    merged = [event for event in chronicle.events if event.kind == "merged" and event.facts.get("name") == name]
    return [str(event.facts["sha256"]) for event in merged]


def _known(chronicle: Chronicle, journal: Journal) -> set[str]:
    """Give the hashes of every workbook that was written."""
    found = {str(event.facts["sha256"]) for event in chronicle.events if event.kind == "merged"}
    for event in chronicle.events:
        if event.kind == REPORTED:
            files = cast("Sequence[Mapping[str, str]]", journal.whole(event).facts["files"])
            found.update(each["sha256"] for each in files)
    return found
