"""Which events stand: an ``undo`` is an event of kind ``cancel``, and undoing that is another one.

Nothing is taken away from the journal; what is cancelled merely does not count (safety rules, "Journal and originals").
"""

from collections.abc import Iterable, Sequence
from typing import Final

from ledgergen.journal.events import Event

CANCEL: Final = "cancel"


def cancelling(events: Iterable[Event]) -> dict[str, object]:
    """Give the facts of a ``cancel`` event for these events."""
    return {"cancels": [event.digest for event in events]}


def standing(events: Sequence[Event]) -> list[Event]:
    """Leave out what is cancelled; a cancel that is itself cancelled has no effect.

    ``events`` are in the journal's order. A cancel can only name events before it (it names them by hash), so one walk
    from the last event to the first knows of each event, when it comes to it, whether it stands.
    """
    cancelled: set[str] = set()
    found = []
    for event in reversed(events):
        if event.digest in cancelled:
            continue
        found.append(event)
        if event.kind == CANCEL:
            cancelled.update(_named(event))
    return found[::-1]


def _named(event: Event) -> list[str]:
    named = event.facts.get("cancels")
    return [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
