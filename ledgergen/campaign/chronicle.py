"""The chronicle: a campaign's journal as read for one command, with what follows from it."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ledgergen.errors import InputFaults
from ledgergen.findings import Finding
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import standing
from ledgergen.state.fold import State, fold
from ledgergen.state.history import History, read_history
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.layout_file import load_layout


@dataclass(frozen=True, slots=True)
class Chronicle:
    """All events in order (large ones without their facts), the standing ones as history, their state, and faults."""

    events: tuple[Event, ...]
    history: History
    state: State
    findings: tuple[Finding, ...]


def read_chronicle(root: Path, journal: Journal | None = None) -> Chronicle:
    """Read the journal of a campaign and fold it; the history comes without the cells, which the state holds.

    Raises:
        Surroundings: the journal, or an original that the state needs, cannot be read.
    """
    events, history, findings = read_journal(root, journal or Journal(root))
    return Chronicle(tuple(events), history.without_cells(), fold(history), tuple(findings))


def read_journal(root: Path, journal: Journal) -> tuple[list[Event], History, list[Finding]]:
    """Read the journal of a campaign, for whoever folds a part of it.

    Raises:
        Surroundings: the journal, or a layout among the originals, cannot be read.
    """
    events, findings = journal.load(whole=False)
    history = read_history(map(journal.whole, standing(events)), layouts_of(Originals(root)))
    return events, history, findings


def named_hashes(journal: Journal, events: Iterable[Event]) -> list[str]:
    """Name every original that any event names, cancelled ones included (safety rules, invariant 1)."""
    return sorted({found for event in events for found in _hashes_in(journal.whole(event))})


class layouts_of:  # noqa: N801 - a function with a memory
    """Give layouts by the hash of their file, read from the originals once each."""

    def __init__(self, originals: Originals) -> None:
        self._read = functools.cache(lambda sha256: _layout(originals, sha256))

    def __call__(self, sha256: str) -> Layout:
        """Give the layout whose file has this hash."""
        return self._read(sha256)


def _layout(originals: Originals, sha256: str) -> Layout:
    layout, findings = load_layout(originals.read(sha256), sha256[:12])
    if layout is None:
        raise InputFaults(findings)
    return layout


def _hashes_in(event: Event) -> list[str]:
    """Name the originals of one event: issued files, layout and plan; parcels; workbooks; answers; edited files."""
    found: list[str] = []
    for key, value in event.facts.items():
        if key in ("layout", "sha256"):
            found.append(str(value))
        elif key in ("plan", "before") and isinstance(value, dict):
            found += map(str, value.values())
        elif key in ("books", "parcels", "answers") and isinstance(value, list):
            found += [str(item["sha256"]) for item in value]
    return found
