"""Container marks: what a ledger file says of itself besides its rows. Hints, never authority.

People paste one unit's table into another unit's file and copy sheets into new ones; so the codes in the rows decide,
and marks that disagree with them are a finding.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final

PROPERTY: Final = "ledgergen"
REPORT_PROPERTY: Final = "ledgergen-report"  # of the status workbook, which shows codes too and is nobody's return
NAME: Final = "_ledgergen"
SHEET: Final = "ledgergen"
_SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked: campaign id, round id, book token, edition, plan version, all as text."""

    campaign: str
    round: str
    token: str
    edition: str
    plan_version: str

    def line(self) -> str:
        """Give the one-line form for the custom property, the keywords and the constant defined name."""
        return _SEPARATOR.join(asdict(self).values())

    def table(self) -> list[tuple[str, str]]:
        """Give the rows of the very-hidden sheet."""
        return list(asdict(self).items())


def marks_from_line(line: str) -> Marks | None:
    """Read the one-line form; None where it is something else."""
    parts = line.strip().strip('"').split(_SEPARATOR)
    return Marks(*parts) if len(parts) == len(fields(Marks)) else None


def marks_from_table(table: Mapping[str, str]) -> Marks | None:
    """Read the rows of the very-hidden sheet; None where one is missing."""
    names = [item.name for item in fields(Marks)]
    return Marks(**{name: table[name] for name in names}) if all(table.get(name) for name in names) else None
