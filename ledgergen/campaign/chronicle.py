"""The chronicle: a campaign's journal as read for one command, with what follows from it."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledgergen.errors import InputFaults
from ledgergen.findings import Finding
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import standing
from ledgergen.state.fold import State, fold
from ledgergen.state.history import History, read_history
from ledgergen.state.past import judged_by, known_on
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.layout_file import load_layout


@dataclass(frozen=True, slots=True)
class Chronicle:
    """All events in order (large ones without their facts), the standing ones as history, their state, and faults."""

    events: tuple[Event, ...]
    history: History
    state: State
    findings: tuple[Finding, ...]


def read_chronicle(root: Path, journal: Journal | None = None, as_of: date | None = None) -> Chronicle:
    """Read the journal of a campaign and fold it; the history comes without the cells, which the state holds.

    With ``as_of`` what came in or was judged after that day does not exist (:mod:`ledgergen.state.past`).

    Raises:
        Surroundings: the journal, or an original that the state needs, cannot be read.
    """
    events, history, findings = read_journal(root, journal or Journal(root), as_of)
    return Chronicle(tuple(events), history.without_cells(), fold(history), tuple(findings))


def read_journal(root: Path, journal: Journal, as_of: date | None = None) -> tuple[list[Event], History, list[Finding]]:
    """Read the journal of a campaign, for whoever folds a part of it; ``as_of`` as in :func:`read_chronicle`.

    Raises:
        Surroundings: the journal, or a layout among the originals, cannot be read.
    """
    events, findings = journal.load(whole=False)
    upright: Iterable[Event] = map(journal.whole, standing(events))
    if as_of is None:
        return events, read_history(upright, layouts_of(Originals(root))), findings
    history = read_history(judged_by(upright, as_of), layouts_of(Originals(root)))
    return events, known_on(history, as_of), findings


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
    """Name the originals of one event: issued files, layout and plan; parcels; workbooks; answers; edited; reports."""
    found: list[str] = []
    for key, value in event.facts.items():
        if key in ("layout", "sha256"):
            found.append(str(value))
        elif key in ("plan", "before") and isinstance(value, dict):
            found += map(str, value.values())
        elif key in ("books", "parcels", "answers", "files") and isinstance(value, list):
            found += [str(item["sha256"]) for item in value]
        elif key == "letters" and isinstance(value, list):
            found += [str(item["sha256"]) for item in value if item["sha256"]]  # those of strangers are not kept
        elif key == "mails" and isinstance(value, list):
            found += [str(sha256) for item in value for sha256 in item.get("attachments", ())]
    return found
