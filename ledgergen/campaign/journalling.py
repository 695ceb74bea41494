"""Look into the journal, undo, rebuild the index, verify the originals."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import NamedTuple

from ledgergen.campaign.chronicle import named_hashes
from ledgergen.campaign.folder import Folder, read_settings
from ledgergen.campaign.outcome import Occasion, Written
from ledgergen.campaign.plan_undo import put_back
from ledgergen.errors import WrongUse
from ledgergen.findings import Finding
from ledgergen.journal.events import Event
from ledgergen.journal.index import Index, IndexedEvent, index_path
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import CANCEL, cancelling, standing
from ledgergen.state.outbox import went_out


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event as listed: what the index knows of it, and what it is about in numbers."""

    event: IndexedEvent
    subject: dict[str, int | str]


def log(folder: Folder) -> tuple[list[LogLine], tuple[Finding, ...]]:
    """List every event, cancelled ones marked.

    Raises:
        Surroundings: the journal cannot be read.
    """
    events, findings = Journal(folder.root).load()
    subjects = {event.digest: _subject(event) for event in events}
    with Index.open(folder.root, events, campaign=read_settings(folder).id) as index:
        return [LogLine(each, subjects[each.digest]) for each in index.events()], tuple(findings)


class Undone(NamedTuple):
    """What was cancelled, the files that have their former bytes again, and what could not be put back."""

    events: list[Event]
    files: list[Written]
    findings: list[Finding]


def undo(folder: Folder, number: int | None, *, occasion: Occasion, dry_run: bool = False) -> Undone:
    """Cancel an event by its number, else the last one that stands and is itself no cancelling; say what is cancelled.

    Undoing a cancelling brings its events back. Plan and units get back what applying a workbook had changed. Mail that
    went out cannot be undone; a note that something was sent otherwise can.

    Raises:
        WrongUse: ``event-unknown``, ``nothing-to-undo``, ``mail-not-undone``. Surroundings: disk, lock, journal.
    """
    journal = Journal(folder.root)
    with nullcontext() if dry_run else one_writer(folder.root):
        events, _ = journal.load()
        chosen = _chosen(events, number)
        for event in chosen:
            if went_out(event):
                raise WrongUse("mail-not-undone", number=event.sequence)
        written, findings = put_back(folder, events, chosen, dry_run=dry_run)
        if not dry_run:
            journal.append(CANCEL, cancelling(chosen), at=occasion.now, who=occasion.who)
        return Undone(chosen, written, findings)


def rebuild(folder: Folder) -> int:
    """Throw the index away and build it from the journal; give the number of events.

    Raises:
        Surroundings: the journal cannot be read.
    """
    events, _ = Journal(folder.root).load()
    campaign = read_settings(folder).id
    index_path(folder.root, campaign).unlink(missing_ok=True)
    with Index.open(folder.root, events, campaign=campaign) as index:
        return len(index.events())


def verify(folder: Folder) -> tuple[int, int, list[Finding]]:
    """Look at every event and at the bytes of every original: counts of both, and what is wrong.

    Raises:
        Surroundings: the journal cannot be read.
    """
    journal = Journal(folder.root)
    events, findings = journal.load(whole=False)
    hashes = named_hashes(journal, events)
    return len(events), len(hashes), [*findings, *Originals(folder.root).check(hashes)]


def _chosen(events: list[Event], number: int | None) -> list[Event]:
    upright = standing(events)
    if number is not None:
        chosen = [event for event in upright if event.sequence == number]
        if not chosen:
            known = any(event.sequence == number for event in events)
            raise WrongUse("event-undone" if known else "event-unknown", number=number)
        return chosen
    chosen = [event for event in upright if event.kind != CANCEL][-1:]
    if not chosen:
        raise WrongUse("nothing-to-undo")
    return chosen


def _subject(event: Event) -> dict[str, int | str]:
    """Count what an event is about, for one line of the log."""
    facts = event.facts
    subject: dict[str, int | str] = {}
    for key in ("books", "parcels", "cancels", "choices", "answers", "mails", "units", "files"):
        if isinstance(items := facts.get(key), list):
            subject[key] = len(items)
    if not subject.get("parcels") and isinstance(letters := facts.get("letters"), list):
        subject["mails"] = len(letters)  # that brought nothing
        subject.pop("parcels", None)
    if isinstance(name := facts.get("name"), str):
        subject["name"] = name
    return subject
