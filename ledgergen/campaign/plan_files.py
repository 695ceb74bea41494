"""What is exported as a workbook, and by what kinds of events the journal tells of it."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from ledgergen.campaign.folder import PLAN_FILE, UNITS_FILE
from ledgergen.journal.events import Event

FILES: Final[Mapping[str, str]] = {"plan": PLAN_FILE, "units": UNITS_FILE}
LINKS_FILE: Final = "links.yaml"  # how the superior's plan is taken over
EXPORTED: Final = "exported"
EDITED: Final = "edited"


def is_begun(events: Sequence[Event], facts: Mapping[str, object]) -> bool:
    """Tell whether the last step was the edit of these facts, broken off before all of its files were written.

    Some of them may be written: then less of the edit is left, but the same workbook leads to the same files.
    """
    last = events[-1] if events else None
    if last is None or last.kind != EDITED or last.facts.get("sha256") != facts["sha256"]:
        return False
    made, asked = (cast("Mapping[str, str]", each["plan"]) for each in (last.facts, facts))
    return asked.items() <= made.items()
