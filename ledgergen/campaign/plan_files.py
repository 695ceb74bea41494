"""What is exported as a workbook, and by what kinds of events the journal tells of it."""

from collections.abc import Mapping
from typing import Final

from ledgergen.campaign.folder import PLAN_FILE, UNITS_FILE

FILES: Final[Mapping[str, str]] = {"plan": PLAN_FILE, "units": UNITS_FILE}
EXPORTED: Final = "exported"
EDITED: Final = "edited"
