"""Fill in for the units by workbook (代填): export the rows of a round, put what a clerk typed into prefill.yaml."""

import hashlib
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from ledgergen.campaign.design import read_design
from ledgergen.campaign.folder import Folder, OfficeFiles, read_settings
from ledgergen.campaign.outcome import Occasion, Verb, Written
from ledgergen.campaign.placing import place
from ledgergen.campaign.plan_files import EDITED, is_begun
from ledgergen.campaign.prefill import PREFILL_FILE, check_prefill
from ledgergen.campaign.prefill_table import Filled, PrefillTable
from ledgergen.campaign.preparing import prepare
from ledgergen.catalogue import Severity
from ledgergen.errors import Surroundings, WrongUse
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.journal.durable import replace_whole, sweep
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.plan.prefill import meant_by
from ledgergen.plan.prefill_edit import NEW_FILE, CellEdit, edited
from ledgergen.plan.rewrite import Unwritable
from ledgergen.records import Settings
from ledgergen.workbook.grid import MAX_FILE
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.prefill_book import number_of, write_prefill_book
from ledgergen.workbook.prefill_book_read import PrefillSheet, find_prefill_sheet, read_typed


@dataclass(frozen=True, slots=True)
class PrefillApplied:
    """What applying a workbook came to: the cells, the file where it was written, and every finding."""

    cells: tuple[Filled, ...]
    file: Written | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is exported: the round (None: the last that has opened), and some units and tasks; none means all."""

    round_id: str | None = None
    units: Collection[str] = ()
    tasks: Collection[str] = ()


def export_prefill(
    folder: Folder, path: Path | None, choice: Choice, *, occasion: Occasion, dry_run: bool = False
) -> tuple[Written, tuple[Finding, ...]]:
    """Write the rows of a round as a workbook, with what is known filled in.

    ``代填_ROUND.xlsx`` in the campaign's folder where no ``path`` is given. A file that is there and has not been
    applied is kept, and the new one gets a new name.

    Raises:
        WrongUse: ``unit-unknown-asked``, ``prefill-task-asked``, ``plan-book-name``. InputFaults: the campaign's files.
    """
    ready = prepare(folder, choice.round_id, occasion.now.date().isoformat(), Journal(folder.root))
    wanted = (path or folder.root / f"代填_{ready.round.id}.xlsx").resolve()
    if wanted.suffix.lower() != ".xlsx":
        raise WrongUse("plan-book-name", name=wanted.name)
    units, tasks = _units_named(ready.files, choice.units), _tasks_named(ready.files, choice.tasks)
    rows = [row for key, row in PrefillTable.of(ready).rows.items() if key.unit in units and key.task in tasks]
    settings = ready.files.settings
    title, number = f"{settings.name}代填表（{ready.round.name}）", number_of(ready.round.id, settings.id)
    data = write_prefill_book(title, number, ready.setting.layout.entire, rows, ready.round.opens)
    sha256 = hashlib.sha256(data).hexdigest()
    placed = place(wanted, sha256, _applied_before(ready.chronicle.events), sha256[:6])
    if not dry_run:
        placed.write(data, sha256)
    said = [*ready.findings]
    if placed.verb is Verb.KEPT:
        said.append(finding("file-kept", Where(folder.shown(wanted)), name=placed.path.name))
    return Written(folder.shown(placed.path), placed.verb, rows=len(rows)), tuple(said)


def apply_prefill(
    folder: Folder, path: Path, *, round_id: str | None = None, occasion: Occasion, dry_run: bool = False
) -> PrefillApplied:
    """Read a workbook that was exported, and put what was typed into prefill.yaml: all of it, or nothing.

    The round is the one that the workbook names, ``round_id`` where it has lost that. The former file is kept, so that
    the step can be undone. A workbook in which nothing was typed changes nothing.

    Raises:
        InputFaults: the campaign's files have errors. Surroundings: disk, lock, journal.
    """
    data = _bytes_of(path)
    with nullcontext() if dry_run else one_writer(folder.root):
        settings = read_settings(folder)
        sheet, findings = _sheet_in(folder, settings, path.name, data)
        chosen, faults = _round_of(sheet, settings, round_id) if sheet else ("", [])
        findings += faults
        if sheet is None or has_errors(findings):
            return PrefillApplied((), None, tuple(findings))
        journal = Journal(folder.root)
        ready = prepare(folder, chosen, "", journal)
        table = PrefillTable.of(ready)
        typed, faults = read_typed(sheet, ready.setting.layout.entire, table.texts, ready.files.plan.facts.year)
        cells, edits, notes = table.edits(typed)
        findings += [*faults, *notes]
        after, faults = _rewritten(table, edits)
        findings += faults
        if has_errors(findings):
            return PrefillApplied(tuple(cells), None, tuple(findings))
        before = ready.files.data.get("prefill")
        if after == (before or b""):
            return PrefillApplied(tuple(cells), Written(PREFILL_FILE, Verb.SAME), tuple(findings))
        if not dry_run:
            done = all(found.severity is Severity.NOTE for found in findings)
            _write(folder, ready.chronicle.events, occasion, (before, after), (path.name, data, done))
        verb = Verb.NEW if before is None else Verb.CHANGED
        return PrefillApplied(tuple(cells), Written(PREFILL_FILE, verb), tuple(findings))


def _units_named(files: OfficeFiles, asked: Collection[str]) -> set[str]:
    """Give the present names of the units that are meant; of a group its members; all where nobody is named."""
    if not asked:
        return {unit.name for unit in files.registry.units}
    names: set[str] = set()
    for phrase in asked:
        meant = meant_by(phrase, files.registry)
        if meant is None:
            near = "、".join(files.registry.suggest(phrase)) or "—"
            raise WrongUse("unit-unknown-asked", name=phrase, near=near)
        names |= meant
    return names


def _tasks_named(files: OfficeFiles, asked: Collection[str]) -> set[str]:
    known = {task.id for task in files.plan.tasks}
    for task in asked:
        if task not in known:
            raise WrongUse("prefill-task-asked", id=task)
    return set(asked) or known


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as fault:
        raise Surroundings("cannot-read", Where(path.name), reason=fault.strerror or str(fault)) from fault


def _sheet_in(folder: Folder, settings: Settings, name: str, data: bytes) -> tuple[PrefillSheet | None, list[Finding]]:
    with BoundedReader() as reader:
        workbook, findings = reader.read(name, data)
    if workbook is None:
        return None, findings
    sheet, more = find_prefill_sheet(workbook, read_design(folder, settings).layout, name)
    return sheet, [*findings, *more]


def _round_of(sheet: PrefillSheet, settings: Settings, asked: str | None) -> tuple[str, list[Finding]]:
    """Find for which round a workbook is; one of another campaign is refused."""
    where, number = Where(sheet.file, sheet=sheet.grid.name), sheet.number
    if number and number[1] != settings.id:
        return "", [finding("prefill-book-campaign", where, campaign=number[1])]
    if not number and not asked:
        return "", [finding("prefill-book-unmarked", where)]
    if number and asked and number[0] != asked:
        return "", [finding("prefill-book-round", where, round=number[0])]
    return (number[0] if number else str(asked)), []


def _rewritten(table: PrefillTable, edits: Sequence[CellEdit]) -> tuple[bytes, list[Finding]]:
    """Put the edits into the file's text, and check that what comes out is without fault."""
    ready = table.ready
    data, layout = ready.files.data.get("prefill"), ready.setting.layout.entire
    columns = [column.id for column in layout.inputs]
    try:
        after = edited(data, ready.setting.prefill.shares, edits, table.who, columns, ready.files.registry)
    except Unwritable:
        return b"", [finding("prefill-unwritable", Where(PREFILL_FILE))]
    if edits:
        _, findings = check_prefill(after, ready.files, layout, ready.chronicle.state)
        if has_errors(findings):
            return b"", findings
    return after, []


def _write(
    folder: Folder,
    events: Sequence[Event],
    occasion: Occasion,
    states: tuple[bytes | None, bytes],
    book: tuple[str, bytes, bool],
) -> None:
    """Keep the workbook and both states of the file, journal the edit, then write the file whole."""
    name, data, complete = book
    former, after = states[0] if states[0] is not None else NEW_FILE, states[1]
    Originals(folder.root).keep_all([data, former, after])
    facts = {
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "complete": complete,
        "before": {"prefill": hashlib.sha256(former).hexdigest()},
        "plan": {"prefill": hashlib.sha256(after).hexdigest()},
    }
    if not is_begun(events, facts):
        Journal(folder.root).append(EDITED, facts, at=occasion.now, who=occasion.who)
    sweep(folder.root)
    replace_whole(folder.root / PREFILL_FILE, after)


def _applied_before(events: Sequence[Event]) -> list[str]:
    """Give the hashes of workbooks that may be written over: those applied in full."""
    return [str(event.facts["sha256"]) for event in events if event.kind == EDITED and event.facts.get("complete")]
