"""Collect returned files: read, recognise, match, decide, keep, journal. One bad file never stops the others."""

import gc
import hashlib
import logging
from collections import Counter
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.checking import Watch
from ledgergen.campaign.chronicle import layouts_of, read_journal
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.incoming import files_below, read_file
from ledgergen.campaign.outcome import Occasion, Progress, silent
from ledgergen.errors import Surroundings
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.events import Event, time_text
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.returns.accept import RULES
from ledgergen.returns.accept_archive import accept_all
from ledgergen.returns.decisions import Arrival, Parcel, Return, Verdict
from ledgergen.returns.shelf import Shelf
from ledgergen.state.account import accounted
from ledgergen.state.fold import State, fold
from ledgergen.state.history import History, read_history
from ledgergen.workbook.pool import BoundedReader

_GARBAGE: Final = 200_000  # new objects before the collector looks
_CHUNK_FILES: Final = 50
_CHUNK_BYTES: Final = 32_000_000
# Of bytes that were accepted, what may come out better when they come again: with a password, with more time, with what
# was missing on this machine.
_UNREAD: Final = frozenset(
    {"file-encrypted", "archive-not-opened", "archive-timeout", "reader-died", "reader-timeout", "reader-memory"}
)

_NOON: Final = "T04:00:00.000Z"  # in China, where a day given by hand is meant

_log = logging.getLogger(__name__)


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


@dataclass(slots=True)
class _Chunk:
    """Parcels that are looked at together; those that are news are journalled together, with their bytes."""

    parcels: list[Parcel] = field(default_factory=list)
    news: list[Parcel] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)

    def add(self, parcel: Parcel, data: bytes | None) -> None:
        """Add a parcel; with its bytes where it is news."""
        self.parcels.append(parcel)
        if data is not None:
            self.news.append(parcel)
            self.data.append(data)

    @property
    def is_full(self) -> bool:
        files = sum(max(1, len(parcel.returns)) for parcel in self.parcels)
        return files >= _CHUNK_FILES or sum(map(len, self.data)) >= _CHUNK_BYTES


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
    with nullcontext() if dry_run else one_writer(folder.root):
        journal = Journal(folder.root)
        _, history, findings = read_journal(folder.root, journal)
        if not history.issued:
            raise Surroundings("nothing-issued", Where(str(folder.root)))
        arrived = f"{received.isoformat()}{_NOON}" if received else ""
        run = _Run(folder, journal, history, occasion, dry_run, arrived, Watch.of(history))
        with BoundedReader(passwords=passwords) as reader, few_collections():
            run.take(files, reader, progress)
        if received and received > occasion.now.date():
            findings.append(finding("received-in-future", day=received.isoformat()))
        if not files:
            findings.append(finding("nothing-to-collect", Where("、".join(map(str, paths)))))
        return Collection(tuple(run.checked()), tuple(findings))


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage seldom while parcels are taken: there is hardly any, and looking costs a fifth of the time."""
    threshold = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_GARBAGE, *threshold[1:])
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()


@dataclass(slots=True)
class _Memory:
    """What was collected before: every receipt, and the verdict on the bytes.

    Bytes that were refused are tried again when they come again (a ledger may have been issued since, or the reader
    bettered); only another verdict is news. So are accepted bytes of which a part could not be read (``unread``); only
    further returns are news.
    """

    receipts: set[tuple[str, str]] = field(default_factory=set)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    unread: dict[str, Parcel] = field(default_factory=dict)

    @staticmethod
    def of(parcels: Iterable[Parcel]) -> "_Memory":
        """Remember what the journal tells."""
        memory = _Memory()
        for parcel in parcels:
            memory.learns(parcel)
        return memory

    def is_settled(self, sha256: str) -> bool:
        """Tell whether these bytes were accepted, all of them, or set aside by the office."""
        return self.verdicts.get(sha256) in (Verdict.ACCEPTED, Verdict.IGNORED) and sha256 not in self.unread

    def with_earlier(self, parcel: Parcel) -> Parcel:
        """Add the returns that were read of the same bytes before; a duplicate where there are no others."""
        earlier = self.unread.get(parcel.sha256)
        if earlier is None:
            return parcel
        found = set(map(_place, parcel.returns))
        if found <= set(map(_place, earlier.returns)):
            return replace(parcel, verdict=Verdict.DUPLICATE, returns=())
        kept = (returned for returned in earlier.returns if _place(returned) not in found)
        return replace(parcel, returns=(*parcel.returns, *kept))

    def learns(self, parcel: Parcel) -> bool:
        """Take in a parcel; tell whether it is news: a new receipt, or something else about the same bytes."""
        key = (parcel.sha256, parcel.name)
        known = parcel.verdict in (self.verdicts.get(parcel.sha256), Verdict.DUPLICATE)
        if key in self.receipts and known and (parcel.sha256 not in self.unread or not parcel.returns):
            return False
        self.receipts.add(key)
        if parcel.verdict is not Verdict.DUPLICATE:
            self.verdicts[parcel.sha256] = parcel.verdict
            self.unread.pop(parcel.sha256, None)
            if parcel.returns and any(found.code in _UNREAD for found in parcel.findings):
                self.unread[parcel.sha256] = parcel
        return True


def _place(returned: Return) -> tuple[str, str]:
    return returned.member, returned.sheet


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
    files: list[Collected] = field(default_factory=list)
    told: dict[str, list[Event]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def take(self, files: Sequence[Path], reader: BoundedReader, progress: Progress) -> None:
        """Take the files chunk by chunk; what is decided is journalled even where the run is broken off."""
        shelf = self.history.shelf
        memory = _Memory.of(self.history.parcels)
        self.answered = {returned.token for parcel in self.history.parcels for returned in parcel.returns}
        chunk = _Chunk()
        try:
            for done, path in enumerate(files, start=1):
                parcel, data = self._parcel(path, reader, shelf, memory)
                chunk.add(parcel, data if data is not None and memory.learns(parcel) else None)
                if chunk.is_full:
                    chunk = self._settle(chunk)
                progress(done, len(files))
        finally:
            self._settle(chunk)

    def _parcel(self, path: Path, reader: BoundedReader, shelf: Shelf, memory: _Memory) -> tuple[Parcel, bytes | None]:
        """Make a parcel of one file; its bytes come along unless there are none to keep."""
        collected = time_text(self.occasion.now)
        data = read_file(path)
        if isinstance(data, Finding):
            return Parcel("", path.name, collected, Verdict.REJECTED, findings=(data,)), None
        arrival = Arrival(hashlib.sha256(data).hexdigest(), path.name, collected, self.received)
        if memory.is_settled(arrival.sha256):
            return Parcel.of(arrival, Verdict.DUPLICATE), data
        return memory.with_earlier(self._decided(arrival, data, reader, shelf)), data

    def _decided(self, arrival: Arrival, data: bytes, reader: BoundedReader, shelf: Shelf) -> Parcel:
        """Read and decide one parcel behind a trap: an unforeseen fault is a finding, its traceback goes to the log."""
        try:
            with closing(reader.read_all(arrival.name, data)) as readings:
                return accept_all(readings, arrival, shelf, self.history.years)
        except Exception as fault:  # noqa: BLE001 - the trap around each incoming file
            _log.exception("collecting %s", arrival.name)
            said = finding("collect-failed", Where(arrival.name), reason=type(fault).__name__)
            return Parcel.of(arrival, Verdict.REJECTED, findings=[said])

    def _settle(self, chunk: _Chunk) -> _Chunk:
        """Keep the bytes, journal the decisions, note what they did; give an empty chunk to go on with."""
        counts = Counter(returned.token for parcel in chunk.news for returned in parcel.returns)
        first = {token for token, count in counts.items() if count == 1 and token not in self.answered}
        news = {id(parcel) for parcel in chunk.news}
        laid = [each for each in chunk.news if not all(returned.token in first for returned in each.returns)]
        tokens = {returned.token for parcel in laid for returned in parcel.returns}
        watched = self.watch.with_earlier(counts)
        earlier = self._known(watched)
        if chunk.news:
            self._journal(chunk, counts.keys())
        before = fold(earlier, tokens)
        after = fold(replace(earlier, parcels=(*earlier.parcels, *chunk.news)), watched)
        self.watch.look(after.books, counts)
        over = {id(parcel) for parcel in laid}
        for parcel in chunk.parcels:
            if id(parcel) in over:
                self.files.append(_outcome(parcel, before, after))
            elif id(parcel) in news:
                self.files.append(_first_outcome(parcel))
            else:
                self.files.append(Collected(replace(parcel, returns=())))
        self.answered |= counts.keys()
        return _Chunk()

    def checked(self) -> Iterator[Collected]:
        """Give the files with what the checks say of the values that stand after the run."""
        said = self.watch.told(self.folder, [each.parcel for each in self.files])
        for place, each in enumerate(self.files):
            found = said.get(place, ())
            parcel = each.parcel
            yield replace(each, parcel=replace(parcel, findings=(*parcel.findings, *found))) if found else each

    def _journal(self, chunk: _Chunk, tokens: Group[str]) -> None:
        """Keep the bytes and journal the decisions; a dry run only remembers them."""
        if self.dry_run:
            self.history = replace(self.history, parcels=(*self.history.parcels, *chunk.news))
            return
        Originals(self.folder.root).keep_all(chunk.data)
        facts = {"rules": RULES, "parcels": [parcel.to_json() for parcel in chunk.news]}
        event = self.journal.append("collected", facts, at=self.occasion.now, who=self.occasion.who)
        for token in tokens:
            self.told.setdefault(token, []).append(replace(event, facts={}))

    def _known(self, tokens: Group[str]) -> History:
        """Give the history of some books, with what this run has journalled of them."""
        events = {event.digest: event for token in tokens for event in self.told.get(token, ())}
        told = read_history(map(self.journal.whole, events.values()), layouts_of(Originals(self.folder.root)))
        return replace(self.history, parcels=(*self.history.parcels, *told.parcels))


def _first_outcome(parcel: Parcel) -> Collected:
    """Say of a file what it changed where all its books had no return before: every cell that it decides."""
    changed = tuple(len(each.head) + sum(len(row.cells) for row in each.rows) for each in parcel.returns)
    return Collected(parcel.without_rows(), changed)


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
