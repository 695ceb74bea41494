"""Undo what applying a workbook did to plan.yaml and units.yaml, and do it again; never over an edit made since."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from ledgergen.campaign.folder import Folder
from ledgergen.campaign.outcome import Verb, Written
from ledgergen.campaign.placing import hash_of
from ledgergen.campaign.plan_files import EDITED, FILES, LINKS_FILE
from ledgergen.campaign.prefill import PREFILL_FILE
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.durable import replace_whole
from ledgergen.journal.events import Event
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import CANCEL, standing

_FILES: Final = {**FILES, "prefill": PREFILL_FILE, "links": LINKS_FILE}


def put_back(
    folder: Folder, events: Sequence[Event], chosen: Sequence[Event], *, dry_run: bool = False
) -> tuple[list[Written], list[Finding]]:
    """Give plan and units the bytes that they have once ``chosen`` events are cancelled.

    A file that is not what the event made of it has been edited since; it is left alone, and a finding says where its
    former state is kept. Under the campaign's lock, before the cancelling is journalled: breaking off in between, the
    same command does the rest.

    Raises:
        Surroundings: disk; an original is missing or damaged.
    """
    written: list[Written] = []
    findings: list[Finding] = []
    for name, made, wanted in _turns(events, chosen):
        path = folder.root / _FILES[name]
        found = hash_of(path)
        if found == made:
            if not dry_run:
                replace_whole(path, Originals(folder.root).read(wanted))
            written.append(Written(_FILES[name], Verb.CHANGED))
        elif found != wanted:
            findings.append(finding("plan-file-edited-since", Where(_FILES[name]), sha256=wanted))
    return written, findings


def _turns(events: Sequence[Event], chosen: Sequence[Event]) -> Iterator[tuple[str, str, str]]:
    """Give file, hash it should have, hash to turn it to: the newest edit first where edits are taken back."""
    before = {event.digest for event in standing(events)}
    gone = {event.digest for event in chosen}
    after = {event.digest for event in _standing_without(events, gone)}
    for event in reversed(events):
        if event.kind == EDITED and event.digest in before - after:
            yield from _files(event.facts, "plan", "before")
    for event in events:
        if event.kind == EDITED and event.digest in after - before:
            yield from _files(event.facts, "before", "plan")


def _standing_without(events: Sequence[Event], gone: set[str]) -> list[Event]:
    """Give what stands once some events are cancelled, as :func:`~.standing.standing` would with such an event."""
    cancel = Event(len(events) + 1, "", "", CANCEL, {"cancels": sorted(gone)}, (), "")
    return [event for event in standing([*events, cancel]) if event is not cancel]


def _files(facts: Mapping[str, object], made: str, wanted: str) -> Iterator[tuple[str, str, str]]:
    turned = cast("Mapping[str, str]", facts[wanted])
    for name, sha256 in cast("Mapping[str, str]", facts[made]).items():
        yield name, sha256, turned[name]
