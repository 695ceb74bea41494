"""What comes of a file that was read: the record that the reader hands to whoever decides."""

from dataclasses import dataclass

from ledgergen.findings import Finding
from ledgergen.workbook.grid import Workbook


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: a workbook, or None and the findings that say why there is none.

    ``member`` is its label where it lay in an archive. A reading that has no label, no workbook and no finding ends
    those of an archive that was read to its end.
    """

    member: str
    workbook: Workbook | None
    findings: list[Finding]
