"""Collect returned files: read, recognise, match, decide, keep, journal. One bad file never stops the others."""

from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.checking import Watch
from ledgergen.campaign.chronicle import layouts_of, read_journal
from ledgergen.campaign.chunk import Chunk, Item
from ledgergen.campaign.desk import Desk
from ledgergen.campaign.evidence import lay_out
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.garbage import few_collections
from ledgergen.campaign.incoming import files_below
from ledgergen.campaign.intake import Intake
from ledgergen.campaign.letters import Fetched
from ledgergen.campaign.memory import Memory
from ledgergen.campaign.outcome import Occasion, Progress, silent
from ledgergen.errors import Surroundings
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.events import Event, time_text
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.returns.accept import RULES
from ledgergen.returns.decisions import Parcel, Return
from ledgergen.returns.shelf import Shelf
from ledgergen.state.account import accounted
from ledgergen.state.fold import State, fold, fold_book
from ledgergen.state.history import History, read_history
from ledgergen.state.standing import Receipt
from ledgergen.workbook import codes
from ledgergen.workbook.pool import BoundedReader

_NOON: Final = "T04:00:00.000Z"  # in China, where a day given by hand is meant


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one file, for people and programs: the parcel, and how many cells each return changed."""

    parcel: Parcel
    changed: tuple[int, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form (product.md, ``collect --json``) but for the findings' words."""
        parcel = self.parcel
        return {
            "name": parcel.name,
            "sha256": parcel.sha256,
            "from": parcel.sender or None,
            "received": parcel.received or None,
            "verdict": str(parcel.verdict),
            "returns": [
                _return_json(returned, changed) for returned, changed in zip(parcel.returns, self.changed, strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class Collection:
    """A whole run: every file in the order it was looked at, and what is wrong with the journal."""

    files: tuple[Collected, ...]
    findings: tuple[Finding, ...]


def collect(  # noqa: PLR0913 - wishes for one run, each by its name
    folder: Folder,
    paths: Sequence[Path],
    *,
    occasion: Occasion,
    received: date | None = None,
    passwords: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = silent,
) -> Collection:
    """Collect files, and folders of files, into the journal. Nothing in the folders is changed.

    A file that was collected before under the same name adds nothing. On Ctrl-C what was decided until then is kept.
    ``received`` is the day the files came in, where the office knows it and it is not today (a chat, a memory stick);
    ``passwords`` are what encrypted files are tried with.

    Raises:
        Surroundings: disk, lock, journal, or nothing issued yet.
    """
    files = list(files_below(paths))
    collection = collect_items(
        folder,
        files,
        len(files),
        occasion=occasion,
        received=f"{received.isoformat()}{_NOON}" if received else "",
        passwords=passwords,
        dry_run=dry_run,
        progress=progress,
    )
    findings = list(collection.findings)
    if received and received > occasion.now.date():
        findings.append(finding("received-in-future", day=received.isoformat()))
    if not files:
        findings.append(finding("nothing-to-collect", Where("、".join(map(str, paths)))))
    return replace(collection, findings=tuple(findings))


def collect_items(  # noqa: PLR0913 - as above
    folder: Folder,
    items: Iterable[Path | Fetched],
    total: int,
    *,
    occasion: Occasion,
    received: str = "",
    passwords: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = silent,
) -> Collection:
    """Collect files of a folder and mails of a server as they come, ``total`` in all, as :func:`collect` does.

    Raises:
        Surroundings: disk, lock, journal, or nothing issued yet. InputFaults: where mails come, ``ledgergen.yaml`` or
            ``units.yaml`` has faults.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        journal = Journal(folder.root)
        events, history, findings = read_journal(folder.root, journal)
        if not history.issued:
            raise Surroundings("nothing-issued", Where(str(folder.root)))
        originals = Originals(folder.root)
        run = _Run(folder, journal, history, occasion, dry_run, received, Watch.of(history), originals)
        desk = Desk(folder, history, events, journal)
        with BoundedReader(passwords=passwords) as reader, few_collections(), closing(desk):
            run.take(items, total, reader, desk, progress)
        files = tuple(run.checked())
        findings += lay_out(folder.root, (each.parcel for each in files), dry_run=dry_run)
        return Collection(files, tuple(findings))


@dataclass(slots=True)
class _Run:
    """One run of collecting: what it found in the journal, and what it has taken so far.

    A chunk that is journalled is forgotten but for what it did; ``told`` remembers in which events of this run a book's
    returns are told, for another return of the same book that comes later; ``answered`` which books have a return.
    """

    folder: Folder
    journal: Journal
    history: History
    occasion: Occasion
    dry_run: bool
    received: str
    watch: Watch
    originals: Originals
    files: list[Collected] = field(default_factory=list)
    told: dict[str, list[Event]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def take(
        self, items: Iterable[Path | Fetched], total: int, reader: BoundedReader, desk: Desk, progress: Progress
    ) -> None:
        """Take the files chunk by chunk; what is decided is journalled even where the run is broken off."""
        history, memory, chunk = self.history, Memory.of(self.history.parcels), Chunk()
        shelf = history.shelf
        self.answered = {returned.token for parcel in history.parcels for returned in parcel.returns}
        collected = time_text(self.occasion.now)
        intake = Intake(reader, desk, memory, shelf, history.years, collected, self.received)
        try:
            for done, brought in enumerate(intake.take(items), start=1):
                for delivered in brought:
                    for item in chunk.take(delivered, memory):
                        self._look_at_once(item, shelf)
                    if chunk.is_full:
                        chunk = self._settle(chunk)
                progress(done, max(total, done))
        finally:
            self._settle(chunk)

    def _look_at_once(self, item: Item, shelf: Shelf) -> None:
        """Spell a parcel as it is journalled, and give account of one that nothing came before, while it is at hand."""
        parcel = item.parcel
        if self.dry_run:
            return
        item.spelled = item.told()
        are_first = all(map(self._is_first, parcel.returns))
        self.answered.update(item.tokens)
        if not are_first:
            return
        for returned in parcel.returns:
            editions = shelf.books[codes.fold(returned.token)]
            book = fold_book(editions, [Receipt(parcel, returned)], rulings=self.history.rulings)
            self.watch.look({returned.token: book}, [returned.token])
        item.changed = tuple(len(each.head) + sum(len(row.cells) for row in each.rows) for each in parcel.returns)
        item.parcel = parcel.without_rows()

    def _settle(self, chunk: Chunk) -> Chunk:
        """Keep the bytes, journal the decisions, note what they did; give an empty chunk to go on with."""
        counts = chunk.tokens
        together = {
            id(item): item.whole()
            for item in chunk.news
            if item.changed is None or any(counts[token] > 1 for token in item.tokens)
        }
        tokens = {returned.token for parcel in together.values() for returned in parcel.returns}
        watched = self.watch.with_earlier(tokens)
        earlier = self._known(watched)
        if chunk.news or chunk.letters:
            self._journal(chunk)
        before = fold(earlier, tokens)
        after = fold(replace(earlier, parcels=(*earlier.parcels, *together.values())), watched)
        self.watch.look(after.books, tokens)
        for item in chunk.items:
            if parcel := together.get(id(item)):
                self.files.append(_outcome(parcel, before, after))
            elif item.is_news:
                self.files.append(Collected(item.parcel, item.changed or ()))
            else:
                self.files.append(Collected(replace(item.parcel, returns=())))
        return Chunk()

    def checked(self) -> Iterator[Collected]:
        """Give the files with what the checks say of the values that stand after the run."""
        said = self.watch.told(self.folder, [each.parcel for each in self.files])
        for place, each in enumerate(self.files):
            found = said.get(place, ())
            parcel = each.parcel
            yield replace(each, parcel=replace(parcel, findings=(*parcel.findings, *found))) if found else each

    def _is_first(self, returned: Return) -> bool:
        """Tell whether a return counts, is the first of its book, and rests on no book of an earlier round."""
        return not (returned.held or returned.token in self.answered or self.watch.before.get(returned.token))

    def _journal(self, chunk: Chunk) -> None:
        """Keep the bytes and journal the decisions; a dry run only remembers them."""
        if self.dry_run:
            news = (item.parcel for item in chunk.news)
            self.history = replace(self.history, parcels=(*self.history.parcels, *news))
            return
        self.originals.keep_named(chunk.data.items())
        facts: dict[str, object] = {"rules": RULES, "parcels": [item.told() for item in chunk.news]}
        if chunk.letters:
            facts["letters"] = [receipt.to_json() for receipt in chunk.letters]
        event = self.journal.append("collected", facts, at=self.occasion.now, who=self.occasion.who)
        for token in chunk.tokens:
            self.told.setdefault(token, []).append(replace(event, facts={}))

    def _known(self, tokens: Group[str]) -> History:
        """Give the history of some books, with what this run has journalled of them."""
        events = {event.digest: event for token in tokens for event in self.told.get(token, ())}
        told = read_history(map(self.journal.whole, events.values()), layouts_of(self.originals))
        return replace(self.history, parcels=(*self.history.parcels, *told.parcels))


def _outcome(parcel: Parcel, before: State, after: State) -> Collected:
    """Say of a file what it changed, by comparing its books before and after."""
    changed = tuple(_changed(before, after, returned, parcel.sha256) for returned in parcel.returns)
    return Collected(accounted(parcel, after.books).without_rows(), changed)


def _changed(before: State, after: State, returned: Return, sha256: str) -> int:
    """Count the cells of a book that stand otherwise than before, and do so because of this return."""
    book, earlier = after.books[returned.token], before.books[returned.token]
    within = (sha256, returned.member, returned.sheet)
    own = {
        receipt.origin
        for receipt in book.receipts
        if (receipt.parcel.sha256, receipt.returned.member, receipt.returned.sheet) == within
    }
    pairs = [(book.head, earlier.head), *((cells, earlier.cells.get(key, {})) for key, cells in book.cells.items())]
    return sum(
        each.origin in own and (name not in old or old[name].text != each.text)
        for cells, old in pairs
        for name, each in cells.items()
    )


def _return_json(returned: Return, changed: int) -> dict[str, object]:
    rows = {
        "matched": returned.matched,
        "new": returned.new,
        "missing": len(returned.missing),
        "doubtful": returned.doubtful,
    }
    about = {"unit": returned.unit, "round": returned.round, "rows": rows, "changed": changed}
    return {**about, "member": returned.member} if returned.member else about
