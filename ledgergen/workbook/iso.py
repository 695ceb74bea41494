"""ISO dates, times and durations (in .ods, and where a cell says that it is a date), spelled as the grid does."""

import re
from typing import Final

_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})[.,\d]*)?")
_DURATION: Final = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")


def iso_text(written: str) -> str:
    """Spell an ISO date, time or duration; what is none of them stays as it is."""
    if found := _DATE.fullmatch(written.strip()):
        return found[1] + (f" {found[2]}" if found[2] and found[2] != "00:00:00" else "")
    if found := _DURATION.fullmatch(written.strip()):
        return f"{found[1]:>02}:{found[2]:>02}:{found[3]:>02}"
    return written
