"""Plan and units as a workbook, both ways: export it for a clerk, apply what the clerk has changed.

What was exported is kept among the originals and journalled with the workbook's number, so that a workbook that comes
back is compared with the very state it was made of, whatever has happened to the files since. Applying keeps the files
as they were before, so that it can be undone.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import Folder, OfficeFiles, check_files
from ledgergen.campaign.outcome import Occasion, Verb, Written
from ledgergen.campaign.placing import place
from ledgergen.campaign.plan_changes import Compared, Edit, Versions, compare
from ledgergen.campaign.plan_files import EDITED, EXPORTED, FILES, is_begun
from ledgergen.campaign.plan_pages import (
    Shown,
    doubt_counts,
    pages_of,
    read_documents,
    reading_in,
    readings_of,
    row_of,
    steps_by_place,
)
from ledgergen.catalogue import Severity
from ledgergen.errors import InputFaults, Surroundings, WrongUse
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.journal.durable import replace_whole, sweep
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.plan.deadline import read_limit
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.expand import expand
from ledgergen.plan.fields import TABLES
from ledgergen.plan.load import load_plan, load_units
from ledgergen.plan.rewrite import Unwritable, rewritten
from ledgergen.state.opinions import in_a_line, opinions
from ledgergen.workbook.codes import book_number, book_token, edition_of, fold
from ledgergen.workbook.plan_book_read import ReadBook, read_plan_book
from ledgergen.workbook.plan_book_write import write_plan_book
from ledgergen.workbook.pool import BoundedReader

DEFAULT_NAME: Final = "plan.xlsx"
_PLACE: Final = "plan"  # stands where a ledger's token has the round


@dataclass(frozen=True, slots=True)
class Exported:
    """The workbook as it was placed."""

    file: Written
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a workbook came to: its edits, the files that were written, and every finding."""

    edits: tuple[Edit, ...]
    files: tuple[Written, ...]
    findings: tuple[Finding, ...]


def export_plan(folder: Folder, path: Path | None, *, occasion: Occasion, dry_run: bool = False) -> Exported:
    """Write plan and units as a workbook, ``plan.xlsx`` in the campaign's folder where no ``path`` is given.

    One that somebody has edited is kept, and the new one gets a new name; what has been applied in full counts as ours.
    The same state writes the same bytes and adds no event.

    Raises:
        WrongUse: ``plan-book-name``. InputFaults: plan or units cannot be read. Surroundings: disk, lock, journal.
    """
    wanted = (path or folder.root / DEFAULT_NAME).resolve()
    if wanted.suffix.lower() != ".xlsx":
        raise WrongUse("plan-book-name", name=wanted.name)
    with nullcontext() if dry_run else one_writer(folder.root):
        files, findings = _readable(folder)
        journal = Journal(folder.root)
        chronicle = read_chronicle(folder.root, journal)
        number = _number(files.settings.id, files.hashes)
        data = _workbook(files, findings, number, chronicle)
        sha256 = hashlib.sha256(data).hexdigest()
        placed = place(wanted, sha256, _ours(chronicle.events), sha256[:6])
        if not dry_run:
            last = [event.facts for event in chronicle.events if event.kind == EXPORTED][-1:]
            if not last or last[0].get("sha256") != sha256:
                Originals(folder.root).keep_all([data, *(files.data[name] for name in FILES)])
                facts = {"name": wanted.name, "sha256": sha256, "number": number, "plan": _of_plan(files.hashes)}
                journal.append(EXPORTED, facts, at=occasion.now, who=occasion.who)
            placed.write(data, sha256)
        said = []
        if placed.verb is Verb.KEPT:
            said = [finding("file-kept", Where(folder.shown(placed.wanted)), name=placed.path.name)]
        written = Written(folder.shown(placed.path), placed.verb, rows=len(files.plan.tasks))
        return Exported(written, (*said, *chronicle.findings))


def apply_plan(
    folder: Folder, path: Path, *, occasion: Occasion, dry_run: bool = False, delete: bool = False
) -> Applied:
    """Read a workbook that was exported and edited, and put what was changed into plan.yaml and units.yaml.

    Each file is rewritten whole or not at all, and only where the result has no fault that was not there before; such a
    fault is told at the cell it comes from. ``delete``: rows that are no longer in the workbook are taken out.

    Raises:
        InputFaults: plan or units cannot be read. Surroundings: disk, lock, journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        files, before = _readable(folder)
        journal = Journal(folder.root)
        chronicle = read_chronicle(folder.root, journal)
        data = _bytes_of(path)
        book, findings = _read_book(path.name, data)
        if book is None:
            return Applied((), (), tuple(findings))
        exported = _exported(files.settings.id, book, chronicle.events)
        if exported is None:
            number = "-".join(book.number) if book.number else "—"
            return Applied((), (), (*findings, finding("plan-book-unknown", Where(path.name), number=number)))
        if exported != _of_plan(files.hashes):
            findings.append(finding("plan-book-older", Where(path.name)))
        compared = compare(_versions(folder, files, exported, chronicle, delete=delete), book)
        findings += compared.findings
        after, faults = _rewritten(files, compared)
        findings += faults or _new_faults(after, before, compared)
        if has_errors(faults) or any(found.code not in _CELL_FAULTS for found in findings if _is_error(found)):
            return Applied(tuple(compared.edits), (), tuple(findings))
        changed = {name: new for name, new in after.items() if new != files.data[name]}
        if changed and not dry_run:
            done = all(found.severity is Severity.NOTE for found in findings)
            _write(folder, chronicle.events, occasion, files, changed, (path.name, data, done))
        written = tuple(Written(FILES[name], Verb.CHANGED) for name in changed)
        return Applied(tuple(compared.edits), written, tuple(findings))


# Faults of single cells and rows: what they say was not taken, everything else may be written.
_CELL_FAULTS: Final = frozenset({
    "plan-sheet-twice",
    "plan-row-twice",
    "plan-task-without-id",
    "plan-row-without-name",
    "plan-row-deleted-changed",
    "plan-cell-conflict",
    "plan-cell-unreadable",
    "plan-cell-formula",
    "plan-cell-too-long",
    "plan-cell-character",
    "plan-task-id-issued",
})  # fmt: skip


def former_exports(events: Iterable[Event]) -> list[Mapping[str, object]]:
    """Give the facts of every export, the newest last."""
    return [event.facts for event in events if event.kind == EXPORTED]


def _readable(folder: Folder) -> tuple[OfficeFiles, list[Finding]]:
    """Read the files; faults that leave it open what they mean stop the step, others are shown in the workbook."""
    files, findings = check_files(folder)
    if files is None:
        raise InputFaults(findings)
    return files, findings


def _is_error(found: Finding) -> bool:
    return has_errors([found])


def _of_plan(hashes: Mapping[str, str]) -> dict[str, str]:
    return {name: hashes[name] for name in FILES}


def _number(campaign: str, hashes: Mapping[str, str]) -> str:
    return book_number(book_token(campaign, _PLACE, ""), edition_of(_of_plan(hashes).values()))


def _ours(events: Iterable[Event]) -> list[str]:
    """Give the hashes of workbooks that may be written over: those exported, and those applied in full."""
    return [
        str(event.facts["sha256"])
        for event in events
        if event.kind == EXPORTED or (event.kind == EDITED and event.facts.get("complete"))
    ]


def _workbook(files: OfficeFiles, findings: Sequence[Finding], number: str, chronicle: Chronicle) -> bytes:
    said, _ = opinions(chronicle.state, files.registry)
    shown = Shown(readings_of(files), {task: in_a_line(own) for task, own in said.tasks})
    facts = files.plan.facts
    kinds = list(dict.fromkeys(unit.kind for unit in files.registry.units if unit.kind))
    dated = facts.issued or date(facts.year, 1, 1)
    return write_plan_book(facts.title, number, pages_of(files, findings, shown), dated, kinds)


def _bytes_of(path: Path) -> bytes:
    from ledgergen.workbook.grid import MAX_FILE

    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as fault:
        raise Surroundings("cannot-read", Where(path.name), reason=fault.strerror or str(fault)) from fault


def _read_book(name: str, data: bytes) -> tuple[ReadBook | None, list[Finding]]:
    with BoundedReader() as reader:
        workbook, findings = reader.read(name, data)
    if workbook is None:
        return None, findings
    book, more = read_plan_book(workbook, name)
    return book, [*findings, *more]


def _exported(campaign: str, book: ReadBook, events: Iterable[Event]) -> dict[str, str] | None:
    """Find by the workbook's number of what state it was made; None where it is not from this campaign."""
    if book.number is None or book.number[0] != fold(book_token(campaign, _PLACE, "")):
        return None
    for facts in reversed(former_exports(events)):
        plan = facts.get("plan")
        if fold(str(facts.get("number"))).split("-")[1:2] == [book.number[1]] and isinstance(plan, dict):
            return {name: str(plan[name]) for name in FILES}
    return None


def _versions(
    folder: Folder, files: OfficeFiles, exported: Mapping[str, str], chronicle: Chronicle, *, delete: bool
) -> Versions:
    originals = Originals(folder.root)
    was = read_documents({name: originals.read(sha256) for name, sha256 in exported.items()})
    issued = {row.task for item in chronicle.history.issued for row in item.book.rows}
    facts = files.plan.facts

    def read(words: str) -> Mapping[str, object] | None:
        found = read_limit(words, facts.year, facts.issued)
        return None if found.doubt else reading_in(found)

    return Versions(
        exported=was,
        now=read_documents(files.data),
        delete=delete,
        issued=issued,
        doubts=doubt_counts(files.data),
        readings={task: reading_in(found) for task, found in readings_of(files).items()},
        read_limit=read,
    )


def _rewritten(files: OfficeFiles, compared: Compared) -> tuple[dict[str, bytes], list[Finding]]:
    """Put the changes into the texts; nothing is written yet."""
    after: dict[str, bytes] = {}
    faults: list[Finding] = []
    for name, file in FILES.items():
        after[name] = files.data[name]
        try:
            after[name] = rewritten(files.data[name], compared.changes.get(name, ()), file)
        except Unwritable:
            said = "；".join(f"{edit.key} {edit.field}".strip() for edit in compared.edits if _file_of(edit) == name)
            faults.append(finding("plan-file-unwritable", Where(file), changes=said))
    return after, faults


def _file_of(edit: Edit) -> str:
    return next(table.file for table in TABLES if table.key == edit.table)


def _new_faults(after: Mapping[str, bytes], before: Iterable[Finding], compared: Compared) -> list[Finding]:
    """Check the files as they would be; give what is wrong now and was not before, each at its cell."""
    plan, findings = load_plan(after["plan"], FILES["plan"])
    registry, more = load_units(after["units"], FILES["units"])
    findings += more
    if plan is not None and registry is not None:
        findings += expand(plan, registry)[1]
    known = Counter(map(_said, before))
    new = []
    for found in findings:
        if known[_said(found)]:
            known[_said(found)] -= 1
        else:
            new.append(found)
    documents = {FILES[name]: document for name, document in read_documents(after).items()} if new else {}
    places = {file: steps_by_place(document) for file, document in documents.items()}
    return [_at_cell(found, documents, places, compared) for found in new]


def _said(found: Finding) -> tuple[object, ...]:
    """Give what a finding says but for its line, which moves when lines are added above it."""
    facts = tuple(sorted((key, value) for key, value in found.facts.items() if key != "line"))
    return (found.code, found.where.file, *facts)


def _at_cell(
    found: Finding,
    documents: Mapping[str, Document],
    places: Mapping[str, Mapping[tuple[int, int], Steps]],
    compared: Compared,
) -> Finding:
    """Point at the cell of the workbook that a finding about a file is due to; where there is none, leave its place."""
    document = documents.get(found.where.file)
    steps = row_of(places.get(found.where.file, {}), found.where)
    for table in TABLES if document else ():
        if steps[:1] == (table.key,) and document:
            whole = 2 if table.identity else 1
            own = document.written((*steps[:2], table.identity)) if len(steps) > 1 and table.identity else ""
            row = compared.places.get((table.key, own.strip() if isinstance(own, str) else ""))
            key = str(steps[whole]) if len(steps) > whole else ""
            if row is not None:
                return replace(found, where=row.cells[key].where if key in row.cells else row.where)
    return found


def _write(
    folder: Folder,
    events: Sequence[Event],
    occasion: Occasion,
    files: OfficeFiles,
    changed: Mapping[str, bytes],
    book: tuple[str, bytes, bool],
) -> None:
    """Keep the workbook and both states of the files, journal the edit, then write each file whole.

    Broken off between the two, the same command writes what is left, and journals nothing again.
    """
    name, data, complete = book
    former = {each: files.data[each] for each in changed}
    originals = Originals(folder.root)
    originals.keep_all([data, *former.values(), *changed.values()])
    facts = {
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "complete": complete,
        "before": {each: hashlib.sha256(old).hexdigest() for each, old in former.items()},
        "plan": {each: hashlib.sha256(new).hexdigest() for each, new in changed.items()},
    }
    if not is_begun(events, facts):
        Journal(folder.root).append(EDITED, facts, at=occasion.now, who=occasion.who)
    sweep(folder.root)
    for each, new in changed.items():
        replace_whole(folder.root / FILES[each], new)
