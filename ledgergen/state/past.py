"""The past: what was known on a day. What was received, published or judged after it does not exist for it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ledgergen.journal.events import Event
from ledgergen.returns.shelf import Issued
from ledgergen.state.history import History
from ledgergen.state.moments import day_of
from ledgergen.state.rulings import KINDS

_JUDGED = (*KINDS, "reviewed")


def judged_by(events: Iterable[Event], day: date) -> Iterator[Event]:
    """Leave out what the office decided after a day; what was issued and collected is left to :func:`known_on`."""
    for event in events:
        if event.kind not in _JUDGED or _by(event.at, day):
            yield event


def known_on(history: History, day: date) -> History:
    """Leave out what came in after a day, and editions of ledgers issued after it.

    What the mail server received by then counts, whenever it was collected. A ledger's first edition stays, whenever
    it was issued: without it nobody would be asked for anything.
    """
    parcels = tuple(each for each in history.parcels if _by(each.received or each.collected, day))
    issued = tuple(_editions(history.issued, day))
    times = [*(each.received or each.collected for each in parcels), *(each.at for each in issued if _by(each.at, day))]
    until = history.until if _by(history.until, day) else max(times, default="")
    return replace(history, issued=issued, parcels=parcels, until=until)


def _editions(issued: Iterable[Issued], day: date) -> Iterator[Issued]:
    first: set[str] = set()
    for item in issued:
        if item.book.token not in first or _by(item.at, day):
            yield item
        first.add(item.book.token)


def _by(text: str, day: date) -> bool:
    """Tell whether a time lies on a day or before it; what is no time does."""
    found = day_of(text)
    return found is None or found <= day
