"""What the office decides about returns: choose between values, withdraw one, accept or reject what is in review."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Final

from ledgergen.campaign.chronicle import Chronicle, read_journal
from ledgergen.campaign.claiming import Claim, claimed
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.outcome import Occasion
from ledgergen.campaign.standing import issued_round, unit_name
from ledgergen.errors import WrongUse
from ledgergen.findings import Finding
from ledgergen.journal.events import Event, time_text
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.returns.accept import RULES
from ledgergen.returns.decisions import Parcel, Verdict
from ledgergen.returns.shelf import Issued
from ledgergen.state.account import accounted, field_title
from ledgergen.state.fold import BookState, fold
from ledgergen.state.laying import Disagreement
from ledgergen.state.provenance import Moment, value_history
from ledgergen.state.rulings import CONFIRMED, RESOLVED, WITHDRAWN, Resolution, ReturnId
from ledgergen.state.standing import HEAD, Origin, RowKey, Standing
from ledgergen.workbook.codes import fold as folded
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.values import read_choice, read_value

REVIEWED: Final = "reviewed"
_SHORTEST: Final = 6  # characters of a hash that may stand for it


@dataclass(frozen=True, slots=True)
class Disputed:
    """A field to which returns gave several values: whose, which, and the values in order."""

    book: BookState
    disagreement: Disagreement

    @property
    def title(self) -> str:
        """Give the title of its column, or the label of its head item."""
        return field_title(self.book, self.disagreement.field)


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """One field as a person names it: unit, task (empty for the head block), measure, and column by id or title."""

    unit: str
    task: str
    field: str
    measure: str = ""


def disputed(folder: Folder, round_id: str | None) -> tuple[list[Disputed], tuple[Finding, ...]]:
    """List the fields of a round to which returns gave several values: those that somebody has to choose first.

    Raises:
        Surroundings: nothing issued, or the journal cannot be read.
    """
    chronicle = _read(folder)
    books = chronicle.state.of_round(issued_round(chronicle, round_id))
    found = [Disputed(book, each) for book in books for each in book.disagreements]
    return sorted(found, key=lambda each: not each.disagreement.is_open), chronicle.findings


def resolve(
    folder: Folder,
    place: FieldPlace,
    choice: int | str,
    *,
    round_id: str | None,
    occasion: Occasion,
    dry_run: bool = False,
) -> Resolution:
    """Choose what stands in a field: one of the values that returns gave it, by its number (from 1), or a text.

    Raises:
        WrongUse: ``unit-unknown-asked``, ``task-unknown-asked``, ``field-unknown-asked``, ``measure-needed``,
            ``choice-unknown``. Surroundings: disk, lock, journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        chronicle = _read(folder)
        book, key, field = _find(folder, chronicle, place, round_id)
        year = chronicle.history.years.get(book.issued.book.token, 0)
        standing = _chosen(book, key, field, choice, occasion, year)
        seen = frozenset(receipt.parcel.sha256 for receipt in (*book.receipts, *book.withdrawn))
        made = Resolution(book.issued.book.token, key, field, standing, seen, time_text(occasion.now), occasion.who)
        known = chronicle.history.rulings.resolutions.get(made.token, ())
        last = next((each for each in reversed(known) if (each.key, each.field) == (key, field)), None)
        if not dry_run and not (last and _is_same(last, made)):
            _append(folder, RESOLVED, {"choices": [made.to_json()]}, occasion)
        return made


def withdraw(
    folder: Folder, which: str, *, unit: str = "", reason: str, occasion: Occasion, dry_run: bool = False
) -> list[Parcel]:
    """Take a return back (撤回), as if it had never come: by file name or by the beginning of its hash.

    Raises:
        WrongUse: ``parcel-unknown``, ``parcel-ambiguous``, ``unit-unknown-asked``. Surroundings: disk, lock, journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        chronicle = _read(folder)
        name = unit_name(folder, chronicle, unit) if unit else ""
        parcel = _parcel(_accepted(chronicle), which)
        tokens = [returned.token for returned in parcel.returns if name in ("", returned.unit)]
        if not tokens:
            raise WrongUse("parcel-unknown", name=which)
        if not dry_run:
            pairs = [list(ReturnId(parcel.sha256, token)) for token in dict.fromkeys(tokens)]
            facts = {"returns": pairs, "name": parcel.name, "reason": reason}
            _append(folder, WITHDRAWN, facts, occasion)
        return [parcel]


def in_review(folder: Folder) -> tuple[list[Parcel], tuple[Finding, ...]]:
    """List what waits for the office: parcels that could not be told apart, and returns that are held.

    Raises:
        Surroundings: the journal cannot be read.
    """
    chronicle = _read(folder)
    return list(_waiting(chronicle)), chronicle.findings


def accept_reviewed(
    folder: Folder,
    which: str,
    claim: Claim,
    *,
    reason: str = "",
    occasion: Occasion,
    dry_run: bool = False,
) -> Parcel:
    """Let a parcel in review count: a held return as it is, any other as the ledger that the claim names.

    With a claim, one that counts already may be named too: last round's ledger, say, to count for this round instead.

    Raises:
        WrongUse: ``parcel-unknown``, ``parcel-ambiguous``, ``review-needs-unit``, ``review-needs-member``,
            ``review-not-a-ledger``, ``unit-unknown-asked``. Surroundings: disk, lock, journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        chronicle = _read(folder)
        parcel = _parcel(_known(chronicle) if claim.unit else _waiting(chronicle), which)
        if parcel.returns and not claim.unit:
            tokens = dict.fromkeys(returned.token for returned in parcel.returns)
            facts: dict[str, object] = {"returns": [[parcel.sha256, token] for token in tokens], "name": parcel.name}
            if not dry_run:
                _append(folder, CONFIRMED, {**facts, "reason": reason}, occasion)
            return replace(parcel, verdict=Verdict.ACCEPTED)
        if not claim.unit:
            raise WrongUse("review-needs-unit", name=parcel.name)
        issued = _issued(folder, chronicle, claim)
        accepted = claimed(folder, parcel, issued, chronicle.history.years, claim)
        if not dry_run:
            _append(folder, REVIEWED, _reviewed(accepted, reason), occasion)
        return accepted


def reject_reviewed(folder: Folder, which: str, *, reason: str, occasion: Occasion, dry_run: bool = False) -> Parcel:
    """Set a parcel in review aside; its bytes stay.

    Raises:
        WrongUse: ``parcel-unknown``, ``parcel-ambiguous``. Surroundings: disk, lock, journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        chronicle = _read(folder)
        parcel = _parcel(_waiting(chronicle), which)
        rejected = replace(parcel, verdict=Verdict.IGNORED, returns=())
        if dry_run:
            return rejected
        if parcel.returns:
            tokens = dict.fromkeys(returned.token for returned in parcel.returns)
            pairs = [[parcel.sha256, token] for token in tokens]
            _append(folder, WITHDRAWN, {"returns": pairs, "name": parcel.name, "reason": reason}, occasion)
        else:
            _append(folder, REVIEWED, _reviewed(rejected, reason), occasion)
        return rejected


def value_told(folder: Folder, place: FieldPlace, round_id: str | None) -> tuple[list[Moment], tuple[Finding, ...]]:
    """Tell the whole history of one value (``show --cell``).

    Raises:
        WrongUse: as :func:`resolve`. Surroundings: the journal cannot be read.
    """
    journal = Journal(folder.root)
    _, history, findings = read_journal(folder.root, journal)
    chronicle = Chronicle((), history, fold(history), tuple(findings))
    book, key, field = _find(folder, chronicle, place, round_id)
    return value_history(history, book, key, field), chronicle.findings


def _is_same(one: Resolution, other: Resolution) -> bool:
    """Tell whether a choice was made before: the same value of the same file, knowing the same returns."""
    sources = [(each.standing.text, each.standing.origin.sha256, each.standing.cell) for each in (one, other)]
    return sources[0] == sources[1] and one.seen == other.seen


def _read(folder: Folder) -> Chronicle:
    events, history, findings = read_journal(folder.root, Journal(folder.root))
    return Chronicle(tuple(events), history.without_cells(), fold(history), tuple(findings))


def _append(folder: Folder, kind: str, facts: Mapping[str, object], occasion: Occasion) -> Event:
    return Journal(folder.root).append(kind, facts, at=occasion.now, who=occasion.who)


def _reviewed(parcel: Parcel, reason: str) -> dict[str, object]:
    return {"rules": RULES, "parcels": [parcel.to_json()], "name": parcel.name, "reason": reason}


def _waiting(chronicle: Chronicle) -> Iterator[Parcel]:
    """Give the newest account of each parcel that is in review."""
    newest = {parcel.sha256: parcel for parcel in chronicle.history.parcels if parcel.verdict is not Verdict.DUPLICATE}
    told = (accounted(parcel, chronicle.state.books) for parcel in newest.values())
    return (parcel for parcel in told if parcel.verdict is Verdict.REVIEW)


def _known(chronicle: Chronicle) -> Iterator[Parcel]:
    """Give the newest account of every parcel whose bytes are kept."""
    return (parcel for parcel in chronicle.history.parcels if parcel.verdict is not Verdict.DUPLICATE)


def _accepted(chronicle: Chronicle) -> Iterator[Parcel]:
    gone = chronicle.history.rulings.withdrawn
    for parcel in chronicle.history.parcels:
        left = tuple(each for each in parcel.returns if ReturnId(parcel.sha256, each.token) not in gone)
        if parcel.verdict is Verdict.ACCEPTED and left:
            yield replace(parcel, returns=left)


def _parcel(parcels: Iterable[Parcel], which: str) -> Parcel:
    """Find the one parcel that a person names by its hash's beginning, its file name, or its sender's unit."""
    found = {
        parcel.sha256: parcel
        for parcel in parcels
        if (len(which) >= _SHORTEST and parcel.sha256.startswith(which.lower())) or parcel.name == which
    }
    if not found:
        raise WrongUse("parcel-unknown", name=which)
    if len(found) > 1:
        raise WrongUse("parcel-ambiguous", name=which, hashes="、".join(sha256[:12] for sha256 in found))
    return next(iter(found.values()))


def _issued(folder: Folder, chronicle: Chronicle, claim: Claim) -> Issued:
    chosen, name = issued_round(chronicle, claim.round_id), unit_name(folder, chronicle, claim.unit)
    fitting = [item for item in chronicle.history.generated if (item.book.round, item.book.unit) == (chosen, name)]
    if not fitting:
        raise WrongUse("unit-unknown-asked", name=claim.unit, near="—")
    return fitting[-1]


def _find(
    folder: Folder, chronicle: Chronicle, place: FieldPlace, round_id: str | None
) -> tuple[BookState, RowKey, str]:
    """Find the field that a person names; everything that is not one clear answer is wrong use."""
    chosen, name = issued_round(chronicle, round_id), unit_name(folder, chronicle, place.unit)
    book = next((each for each in chronicle.state.of_round(chosen) if each.issued.book.unit == name), None)
    if book is None:
        raise WrongUse("unit-unknown-asked", name=place.unit, near="—")
    return book, _key(book, place), _field(book, place)


def _key(book: BookState, place: FieldPlace) -> RowKey:
    if not place.task:
        return HEAD
    rows = [row for row in book.rows if folded(row.task) == folded(place.task)]
    if not rows:
        raise WrongUse("task-unknown-asked", name=place.task, unit=book.issued.book.unit)
    fitting = [row for row in rows if not place.measure or folded(row.measure) == folded(place.measure)]
    if len(fitting) != 1:
        raise WrongUse("measure-needed", name=place.task, measures="、".join(row.measure for row in rows))
    return fitting[0].task, fitting[0].measure


def _field(book: BookState, place: FieldPlace) -> str:
    layout = book.issued.layout.entire
    known = {item.id: item.label for item in layout.head_items if item.is_input}
    if place.task:
        known = {column.id: column.title for column in layout.inputs}
    wanted = normalised(place.field)
    for field, title in known.items():
        if wanted in (field, normalised(title)):
            return field
    raise WrongUse("field-unknown-asked", name=place.field, names="、".join(known.values()))


def _chosen(book: BookState, key: RowKey, field: str, choice: int | str, occasion: Occasion, year: int) -> Standing:
    if isinstance(choice, int):
        told = (*book.disagreements, *book.settled)
        values = next((each.values for each in told if (each.key, each.field) == (key, field)), ())
        if not 1 <= choice <= len(values):
            raise WrongUse("choice-unknown", number=choice, count=len(values))
        return values[choice - 1]
    origin = Origin("", "ledgergen resolve", "", time_text(occasion.now), occasion.who)
    return Standing(choice, _reading(book, key, field, choice, year), origin, "")


def _reading(book: BookState, key: RowKey, field: str, text: str, year: int) -> str | None:
    layout = book.issued.layout.entire
    if not text.strip():
        return None
    if key == HEAD:
        choices = next((item.choices for item in layout.head_items if item.id == field), ())
        return read_choice(text, "", choices) if choices else text.strip()
    return read_value(layout.column(field), text, "", year)
