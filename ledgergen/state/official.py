"""The office's own words about a row (核定表述): written into the status workbook, kept in the journal, never lost.

An event ``worded`` names what somebody wrote into a workbook, row by row. The later word about a row counts; an empty
one takes the wording back.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, cast

from ledgergen.journal.events import Event

WORDED: Final = "worded"


class RowId(NamedTuple):
    """Names one row of one ledger: the book's token, the task, the measure."""

    token: str
    task: str
    measure: str


def official_words(events: Iterable[Event], until: int | None = None) -> dict[RowId, str]:
    """Give the office's words by row, of standing events in order; ``until``: only of events up to this number."""
    found: dict[RowId, str] = {}
    for event in events:
        if event.kind == WORDED and (until is None or event.sequence <= until):
            for token, task, measure, text in cast("Sequence[Sequence[str]]", event.facts["words"]):
                found[RowId(token, task, measure)] = text
    return {row: text for row, text in found.items() if text}


def worded_facts(round_id: str, name: str, sha256: str, words: Mapping[RowId, str]) -> dict[str, object]:
    """Give the facts of a ``worded`` event: which file said so (its bytes are an original), and the words by row."""
    rows = [[*row, text] for row, text in sorted(words.items())]
    return {"round": round_id, "name": name, "sha256": sha256, "words": rows}
