"""Generate the ledgers of a round: work out all writes, refuse clashes, keep what goes out, then write."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.check import changed_id
from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import Folder, OfficeFiles, choose_round, read_files, read_layout
from ledgergen.campaign.naming import clash_key, distinct_stem, safe_stem
from ledgergen.campaign.outcome import Occasion, Outcome, Progress, Written, silent
from ledgergen.campaign.placing import Placed, place
from ledgergen.errors import InputFaults
from ledgergen.journal.durable import sweep
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.records import Assignment, Book, Unit
from ledgergen.returns.shelf import Issued
from ledgergen.state.entries import book_entries
from ledgergen.state.history import issued_facts
from ledgergen.workbook.book import BookSetting, Carried, file_stem, make_book
from ledgergen.workbook.codes import book_token
from ledgergen.workbook.layout import Asked, Layout
from ledgergen.workbook.write import ledger_cells, write_ledger

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
class _Run:
    """What one run of generating needs at hand."""

    folder: Folder
    files: OfficeFiles
    layout: Layout
    layout_data: bytes
    dated: date
    occasion: Occasion


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
        files, findings = read_files(folder)
        chosen = choose_round(files.settings, round_id, occasion.now.date().isoformat())
        layout, layout_data = read_layout(folder, files.settings.layout)
        journal = Journal(folder.root)
        chronicle = read_chronicle(folder.root, journal)
        if changed := changed_id(files, chronicle):
            raise InputFaults(changed)
        setting = BookSetting(files.settings, files.plan.facts, chosen, layout, files.version)
        planned = _plan(folder, files, setting, chronicle)
        if not dry_run:
            sweep(folder.ledgers(chosen.id))
        run = _Run(folder, files, layout, layout_data, chosen.opens, occasion)
        written: list[Written] = []
        for chunk in _batched(planned, _CHUNK):
            made = [_make(each, run) for each in chunk]
            if not dry_run:
                _keep(run, journal, made)
            for each in made:
                if not dry_run:
                    each.placed.write(each.data, each.sha256)
                written.append(_said(folder, each, layout))
                findings += each.placed.findings(folder.root)
            progress(len(written), len(planned))
        return Outcome(tuple(written), (*findings, *chronicle.findings))


def _plan(folder: Folder, files: OfficeFiles, setting: BookSetting, chronicle: Chronicle) -> list[_Planned]:
    """Work out every book and its place before anything is written; no two share a place."""
    round_id = setting.round.id
    issued = {(item.book.round, item.book.unit): item for item in chronicle.history.issued}
    tokens = {item.book.token for item in chronicle.history.issued}
    hashes: dict[str, list[str]] = {}
    for item in chronicle.history.issued:
        hashes.setdefault(item.book.token, []).append(item.sha256)
    taken: set[str] = set()
    planned: list[_Planned] = []
    for assignments in _by_unit(files.assignments):
        unit = assignments[0].unit.name
        earlier = next(filter(None, (issued.get((round_id, name)) for name in assignments[0].unit.names)), None)
        token = earlier.book.token if earlier else book_token(files.settings.id, round_id, unit, tokens)
        tokens.add(token)
        book = make_book(setting, token, assignments, _carried(chronicle, setting, assignments[0].unit))
        stem = distinct_stem(safe_stem(file_stem(setting, unit)), taken)
        taken.add(clash_key(stem))
        planned.append(_Planned(book, folder.ledgers(round_id) / f"{stem}.xlsx", tuple(hashes.get(token, ()))))
    return planned


def _by_unit(assignments: Iterable[Assignment]) -> list[list[Assignment]]:
    units: dict[str, list[Assignment]] = {}
    for assignment in assignments:
        units.setdefault(assignment.unit.name, []).append(assignment)
    return list(units.values())


def _carried(chronicle: Chronicle, setting: BookSetting, unit: Unit) -> Carried:
    """Give what a unit, under any of its names, wrote in the last earlier round: the columns asked for once only."""
    order = [each.id for each in setting.settings.rounds]
    rounds = order[: order.index(setting.round.id)]
    books = [each for each in chronicle.state.books.values() if _is_before(each.issued.book, unit, rounds)]
    if not books:
        return Carried()
    last = max(books, key=lambda book: rounds.index(book.issued.book.round))
    once = [column.id for column in setting.layout.inputs if column.asked is Asked.FIRST]
    measures: dict[str, dict[str, Mapping[str, str]]] = {}
    for entry in book_entries(last):
        texts = {name: text for name in once if (text := entry.text(name))}
        measures.setdefault(entry.row.task, {})[entry.row.measure] = texts
    return Carried(measures)


def _is_before(book: Book, unit: Unit, rounds: Sequence[str]) -> bool:
    return book.unit in unit.names and book.round in rounds


def _make(planned: _Planned, run: _Run) -> _Made:
    """Make one ledger and see what its place holds: nothing, an issued ledger, or somebody's edited one."""
    data = write_ledger(planned.book, run.layout, run.dated)
    sha256 = hashlib.sha256(data).hexdigest()
    return _Made(planned, data, sha256, place(planned.path, sha256, planned.before, planned.book.edition))


def _keep(run: _Run, journal: Journal, made: Sequence[_Made]) -> None:
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
    return Written(folder.shown(placed.path), placed.verb, book.unit, len(book.rows), ledger_cells(book, layout))


def _batched(planned: Sequence[_Planned], size: int) -> Iterator[Sequence[_Planned]]:
    for start in range(0, len(planned), size):
        yield planned[start : start + size]
