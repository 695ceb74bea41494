"""The catalogue of fault codes: how grave, how basic, what is wrong, what to do.

A code is stable for ever: journals, other programs and the docs name it. ``rank`` orders findings of one severity, the
most basic class of fault first: a file that cannot be read before a row that cannot be matched before a value.
A message says what is wrong (its place is said by the finding's ``where``); a remedy says what to do.
``{names}`` are the finding's facts. Both are translated: ``N_`` marks them for the extraction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Severity(StrEnum):
    """How grave a fault is: an error makes the command exit with 1, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Give the place in a list: errors first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault."""

    severity: Severity
    rank: int
    message: str
    remedy: str


def N_(text: str) -> str:  # noqa: N802 - gettext's own custom
    """Mark a text for extraction; it is translated when it is shown."""
    return text


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# Ranks: 0 surroundings · 1 file · 2 shape · 3 identity · 4 rows · 5 values · 6 hints.

_SURROUNDINGS = {
    "installation-incomplete": Fault(
        _E, 0, N_("The installation lacks its folder “{name}”."), N_("Install ledgergen again.")
    ),
    "input-faults": Fault(
        _E, 0, N_("The campaign's files have {count} faults."), N_("Correct them and run the command again.")
    ),
    "not-a-campaign": Fault(
        _E,
        0,
        N_("There is no ledgergen.yaml here."),
        N_("Go to the campaign's folder, name it with -C, or make one with `ledgergen new`."),
    ),
    "folder-not-empty": Fault(
        _E, 0, N_("The folder exists and is not empty."), N_("Choose a new name, or empty the folder first.")
    ),
    "example-unknown": Fault(_E, 0, N_("There is no example “{name}”."), N_("The examples are: {names}.")),
    "campaign-locked": Fault(
        _E,
        0,
        N_("Another ledgergen is writing to this campaign."),
        N_("Wait until it has ended and run the command again; nothing has been changed."),
    ),
    "cannot-write": Fault(
        _E,
        0,
        N_("This cannot be written: {reason}."),
        N_("See that the disk has room and the folder may be written to, then run the command again; nothing is lost."),
    ),
    "cannot-read": Fault(
        _E, 0, N_("This cannot be read: {reason}."), N_("See that the file is there and may be read, then try again.")
    ),
    "round-unknown": Fault(_E, 0, N_("There is no round “{name}” in ledgergen.yaml."), N_("The rounds are: {names}.")),
    "round-missing": Fault(
        _E, 0, N_("ledgergen.yaml names no round."), N_("Add one under `rounds:` with id, name, opens and due.")
    ),
    "unit-unknown-asked": Fault(
        _E, 0, N_("There is no unit “{name}” in units.yaml."), N_("Give its name or an alias as units.yaml has it.")
    ),
    "event-unknown": Fault(_E, 0, N_("The journal has no event {number}."), N_("`ledgergen log` lists the events.")),
    "nothing-issued": Fault(_E, 0, N_("No ledger has been issued yet."), N_("Run `ledgergen generate` first.")),
    "nothing-to-undo": Fault(
        _E, 0, N_("There is no event left that could be undone."), N_("`ledgergen log` lists the events.")
    ),
    "interrupted": Fault(
        _W,
        0,
        N_("Stopped on request; what was finished is kept."),
        N_("Run the same command again: it goes on where it stopped."),
    ),
}

_JOURNAL = {
    "journal-event-damaged": Fault(
        _E,
        0,
        N_("An event of the journal was altered or is only half there."),
        N_("Bring the file back from a backup."),
    ),
    "journal-event-missing": Fault(
        _E,
        0,
        N_("Event {parent} is missing, though event {number} builds on it."),
        N_("Bring the file back from a backup, or wait until the folder has finished syncing."),
    ),
    "journal-fork": Fault(
        _W,
        0,
        N_("Two machines wrote to this campaign at the same time after event {number}."),
        N_("Both are kept. Look at `ledgergen log` and withdraw what was done twice with `ledgergen undo`."),
    ),
    "journal-clock": Fault(
        _W,
        0,
        N_("The clock went back: event {number} is dated {at}, before the one it follows."),
        N_("Set this machine's clock right. The order of events is kept by their numbers."),
    ),
    "original-missing": Fault(_E, 0, N_("The original {sha256} is missing."), N_("Bring the file back from a backup.")),
    "original-damaged": Fault(
        _E, 0, N_("The original {sha256} was altered."), N_("Bring the file back from a backup.")
    ),
}

_PLAN: dict[str, Fault] = {}

_LAYOUT: dict[str, Fault] = {
    "pattern-faulty": Fault(
        _E, 2, N_("The pattern “{pattern}” cannot be filled: {reason}."), N_("Correct it in the layout.")
    ),
}

_READING: dict[str, Fault] = {}

_RETURNS: dict[str, Fault] = {}

_REPORT: dict[str, Fault] = {}

CATALOGUE: Final[Mapping[str, Fault]] = MappingProxyType(
    {**_SURROUNDINGS, **_JOURNAL, **_PLAN, **_LAYOUT, **_READING, **_RETURNS, **_REPORT}
)
