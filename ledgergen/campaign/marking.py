"""What the office notes by hand: a ledger sent otherwise, or handed in on paper; a mail of unclear fate settled."""

from contextlib import nullcontext
from dataclasses import dataclass, replace

from ledgergen.campaign.folder import Folder
from ledgergen.campaign.outcome import Occasion
from ledgergen.campaign.posting import one_sender
from ledgergen.campaign.writing_desk import WritingDesk
from ledgergen.errors import WrongUse
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.returns.shelf import Issued
from ledgergen.state.outbox import SENT, Fate, Posted, Purpose, sent_facts
from ledgergen.state.received import RECEIVED, received_facts


@dataclass(frozen=True, slots=True)
class Marked:
    """One unit as marked: whether that is news."""

    unit: str
    is_news: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of which units, or of all of them, with a word of the office's own."""

    units: tuple[str, ...] = ()
    everybody: bool = False
    words: str = ""


def mark_sent(
    folder: Folder, note: Note, *, round_id: str | None, occasion: Occasion, dry_run: bool = False
) -> list[Marked]:
    """Note that units have their ledgers: sent from a mail program, by OA or chat, or known to have arrived after all.

    A mail whose fate was unknown counts as accepted from then on. ``undo`` takes the note back.

    Raises:
        WrongUse: ``mark-whom``, ``unit-unknown-asked``. Surroundings: disk, lock, journal.
    """
    _whom(note)
    with nullcontext() if dry_run else one_sender(folder), nullcontext() if dry_run else one_writer(folder.root):
        desk = WritingDesk.open(folder, round_id, occasion)
        items = desk.books(note.units)
        news = [found for item in items if (found := _as_sent(desk, item, note.words))]
        if news and not dry_run:
            Journal(folder.root).append(SENT, sent_facts(news), at=occasion.now, who=occasion.who)
    fresh = {each.unit for each in news}
    return [Marked(each.book.unit, each.book.unit in fresh) for each in items]


def mark_received(
    folder: Folder, note: Note, *, round_id: str | None, occasion: Occasion, dry_run: bool = False
) -> list[Marked]:
    """Note that units have handed in on paper or in a chat: nobody chases them for the ledger any more.

    No cell is filled by that; the ledger still counts as not returned.

    Raises:
        WrongUse: ``mark-whom``, ``unit-unknown-asked``. Surroundings: disk, lock, journal.
    """
    _whom(note)
    with nullcontext() if dry_run else one_writer(folder.root):
        desk = WritingDesk.open(folder, round_id, occasion)
        units = [each.book.unit for each in desk.books(note.units)]
        known = desk.handed_in.of_round(desk.round_id)
        news = [each for each in units if known.get(each) != note.words]
        if news and not dry_run:
            facts = received_facts(desk.round_id, news, note.words)
            Journal(folder.root).append(RECEIVED, facts, at=occasion.now, who=occasion.who)
    return [Marked(each, each in news) for each in units]


def _whom(note: Note) -> None:
    if bool(note.units) == note.everybody:
        raise WrongUse("mark-whom")


def _as_sent(desk: WritingDesk, item: Issued, words: str) -> Posted | None:
    """Give the note for one unit; None where its ledger has gone out already."""
    unit = desk.unit(item.book.unit)
    last = desk.outbox.last(Purpose.LEDGER, item.book.round, item.book.unit)
    if last and last.fate is Fate.ACCEPTED and item.sha256 in last.attachments:
        return None
    if last and last.fate is Fate.UNKNOWN:
        return replace(last, fate=Fate.ACCEPTED, by_hand=True, reason=words)
    return Posted(
        unit=item.book.unit,
        round=item.book.round,
        purpose=Purpose.LEDGER,
        fate=Fate.ACCEPTED,
        about=unit.channel,
        reason=words,
        attachments=(item.sha256,),
        by_hand=True,
    )
