"""What the hash chain tells: the heads, and the faults of a journal that was forked, torn or written by a wrong clock.

Plain functions over events in the journal's order; ``facts`` of the events are not looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations

from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.events import Event


def heads(events: Sequence[Event]) -> list[Event]:
    """Give the events on which nothing builds yet: one, or several after a fork."""
    parents = {parent for event in events for parent in event.parents}
    return [event for event in events if event.digest not in parents]


def missing(events: Iterable[Event], damaged: Collection[str], where: Callable[[Event], Where]) -> list[Finding]:
    """Report parents that are absent. One whose file is there but damaged (start of its digest) is reported already."""
    events = list(events)
    known = {event.digest for event in events}
    return [
        finding("journal-event-missing", where(event), parent=parent[:16], number=event.sequence)
        for event in events
        for parent in event.parents
        if parent not in known and parent[:16] not in damaged
    ]


def backward(events: Iterable[Event], where: Callable[[Event], Where]) -> list[Finding]:
    """Report events dated before one they follow: somebody's clock is wrong. The order is kept by the sequence."""
    known: dict[str, Event] = {}
    findings = []
    for event in events:
        known[event.digest] = event
        if any(parent in known and event.moment < known[parent].moment for parent in event.parents):
            findings.append(finding("journal-clock", where(event), number=event.sequence, at=event.at))
    return findings


def forks(events: Sequence[Event], where: Callable[[Event | None], Where]) -> list[Finding]:
    """Report events that two machines followed independently, unless a later event has joined the two lines.

    ``where(None)`` is asked for where two machines each wrote a first event. Two children of one event are joined when
    some event descends from both; so they are not when no head does.
    """
    ends = heads(events)
    if len(ends) < 2:  # noqa: PLR2004 - two make a fork
        return []
    known = {event.digest: event for event in events}
    reached: dict[str, set[str]] = defaultdict(set)
    for end in ends:
        for digest in _line(end, known):
            reached[digest].add(end.digest)
    children: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        for parent in event.parents or ("",):
            children[parent].append(event)
    return [
        finding("journal-fork", where(known.get(parent)), number=known[parent].sequence if parent in known else 0)
        for parent, followers in children.items()
        if any(reached[one.digest].isdisjoint(reached[other.digest]) for one, other in combinations(followers, 2))
    ]


def _line(end: Event, known: dict[str, Event]) -> set[str]:
    """Give the digests of an event and of everything it builds on, as far as the journal has it."""
    found: set[str] = set()
    ahead = [end.digest]
    while ahead:
        digest = ahead.pop()
        if digest in known and digest not in found:
            found.add(digest)
            ahead += known[digest].parents
    return found
