"""Generate the ledgers of a round: work out all writes, refuse clashes, keep what goes out, then write."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.chronicle import Chronicle
from ledgergen.campaign.design import write_book
from ledgergen.campaign.folder import Folder, OfficeFiles
from ledgergen.campaign.naming import distinct_stems
from ledgergen.campaign.outcome import Occasion, Outcome, Progress, Written, silent
from ledgergen.campaign.placing import Placed, place
from ledgergen.campaign.preparing import prepare
from ledgergen.findings import Finding
from ledgergen.journal.durable import sweep
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.records import Assignment, Book
from ledgergen.returns.shelf import Issued
from ledgergen.state.carry import Earlier
from ledgergen.state.history import issued_facts
from ledgergen.workbook.book import BookSetting, file_stem, make_book
from ledgergen.workbook.codes import book_token
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.own_form import OwnForm
from ledgergen.workbook.write import ledger_cells

_ENDING: Final = ".xlsx"
_CHUNK: Final = 100  # ledgers per event: as few fsyncs as may be, and no event of more than a few MB


@dataclass(frozen=True, slots=True)
class _Planned:
    """One write as planned: the book, its place, and the hashes under which the book was issued before."""

    book: Book
    path: Path
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """One ledger as made: its bytes, and where it is written."""

    planned: _Planned
    data: bytes
    sha256: str
    placed: Placed


@dataclass(frozen=True, slots=True)
class Run:
    """What one sending-out needs at hand; ``dated`` goes into the properties of its files."""

    folder: Folder
    files: OfficeFiles
    layout: Layout
    layout_data: bytes
    dated: date
    occasion: Occasion
    form: OwnForm | None = None


def generate(
    folder: Folder,
    *,
    round_id: str | None,
    occasion: Occasion,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Generate one ledger per unit that has tasks.

    Second run: same files, no event. A ledger that somebody has edited is kept, and the new one gets a new name.

    Raises:
        InputFaults: the campaign's files have errors. Surroundings: disk, lock, journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        journal = Journal(folder.root)
        ready = prepare(folder, round_id, occasion.now.date().isoformat(), journal)
        setting = ready.setting
        run = Run(folder, ready.files, setting.layout, ready.layout_data, ready.round.opens, occasion, ready.form)
        outcome = issue(run, setting, journal, ready.chronicle, dry_run=dry_run, progress=progress)
        return Outcome(outcome.files, (*ready.findings, *outcome.findings))


def issue(
    run: Run, setting: BookSetting, journal: Journal, chronicle: Chronicle, *, dry_run: bool, progress: Progress
) -> Outcome:
    """Make the books of a sending-out, keep what goes out, journal it, write the files; under the campaign's lock."""
    planned = _plan(run.folder, run.files, setting, chronicle)
    if not dry_run:
        sweep(run.folder.ledgers(setting.round.id))
    written: list[Written] = []
    findings: list[Finding] = []
    for chunk in _batched(planned, _CHUNK):
        made = [_make(each, run) for each in chunk]
        if not dry_run:
            _keep(run, journal, made)
        for each in made:
            if not dry_run:
                each.placed.write(each.data, each.sha256)
            written.append(_said(run.folder, each, run.layout))
            findings += each.placed.findings(run.folder.root)
        progress(len(written), len(planned))
    return Outcome(tuple(written), (*findings, *chronicle.findings))


def _plan(folder: Folder, files: OfficeFiles, setting: BookSetting, chronicle: Chronicle) -> list[_Planned]:
    """Work out every book and its place before anything is written; no two share a place."""
    round_id = setting.round.id
    issued = {(item.book.round, item.book.unit): item for item in chronicle.history.generated}
    tokens = {item.book.token for item in chronicle.history.issued}
    hashes: dict[str, list[str]] = {}
    for item in chronicle.history.generated:
        hashes.setdefault(item.book.token, []).append(item.sha256)
    known = Earlier(chronicle.state, setting.settings, setting.round, setting.layout)
    by_unit = _by_unit(files.assignments)
    former = {unit: item.name.removesuffix(_ENDING) for (its, unit), item in issued.items() if its == round_id}
    stems = distinct_stems({each[0].unit.name: file_stem(setting, each[0].unit.name) for each in by_unit}, former)
    planned: list[_Planned] = []
    for assignments in by_unit:
        unit = assignments[0].unit.name
        earlier = next(filter(None, (issued.get((round_id, name)) for name in assignments[0].unit.names)), None)
        token = earlier.book.token if earlier else book_token(files.settings.id, round_id, unit, tokens)
        tokens.add(token)
        book = make_book(setting, token, assignments, known.carried(assignments[0].unit))
        path = folder.ledgers(round_id) / f"{stems[unit]}{_ENDING}"
        planned.append(_Planned(book, path, tuple(hashes.get(token, ()))))
    return planned


def _by_unit(assignments: Iterable[Assignment]) -> list[list[Assignment]]:
    units: dict[str, list[Assignment]] = {}
    for assignment in assignments:
        units.setdefault(assignment.unit.name, []).append(assignment)
    return list(units.values())


def _make(planned: _Planned, run: Run) -> _Made:
    """Make one ledger and see what its place holds: nothing, an issued ledger, or somebody's edited one."""
    data = write_book(planned.book, run.layout, run.form, run.dated)
    sha256 = hashlib.sha256(data).hexdigest()
    return _Made(planned, data, sha256, place(planned.path, sha256, planned.before, planned.book.edition))


def _keep(run: Run, journal: Journal, made: Sequence[_Made]) -> None:
    """Keep the originals, then journal the issue; a book whose newest edition is issued already is left out."""
    news = [each for each in made if each.sha256 != (each.planned.before or ("",))[-1]]
    if not news:
        return
    originals = Originals(run.folder.root)
    hashes = originals.keep_all([run.layout_data, *run.files.data.values(), *(each.data for each in news)])
    at = run.occasion.now.isoformat()
    issued = [Issued(each.planned.book, run.layout, each.sha256, each.planned.path.name, at) for each in news]
    facts = issued_facts(issued, hashes[0], run.files.hashes, run.files.plan.facts.year)
    journal.append("issued", facts, at=run.occasion.now, who=run.occasion.who)


def _said(folder: Folder, made: _Made, layout: Layout) -> Written:
    book, placed = made.planned.book, made.placed
    due = sum(row.due for row in book.rows)
    cells = ledger_cells(book, layout)
    return Written(folder.shown(placed.path), placed.verb, book.unit, len(book.rows), cells, due, book.face)


def _batched(planned: Sequence[_Planned], size: int) -> Iterator[Sequence[_Planned]]:
    for start in range(0, len(planned), size):
        yield planned[start : start + size]
