"""What the office says came in by hand: on paper, by telephone, in a chat. It stops the chasing and fills no cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from ledgergen.journal.events import Event

RECEIVED: Final = "received"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """By round and unit: what the office noted, and when."""

    notes: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    @staticmethod
    def of(events: Iterable[Event]) -> "HandedIn":
        """Fold the standing events, whole; those of other kinds are passed over."""
        notes: dict[tuple[str, str], tuple[str, str]] = {}
        for event in (each for each in events if each.kind == RECEIVED):
            for unit in cast("Sequence[str]", event.facts["units"]):
                notes[str(event.facts["round"]), unit] = str(event.facts.get("note", "")), event.at
        return HandedIn(notes)

    def of_round(self, round_id: str) -> dict[str, str]:
        """Give the units that have handed in by hand, each with the note."""
        return {unit: note for (its, unit), (note, _) in self.notes.items() if its == round_id}


def received_facts(round_id: str, units: Sequence[str], note: str) -> dict[str, object]:
    """Give the facts of a ``received`` event."""
    return {"round": round_id, "units": list(units), "note": note}
