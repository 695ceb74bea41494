"""Check a campaign's files, layout and journal together, before anything is made of them."""

from dataclasses import dataclass

from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.design import read_design
from ledgergen.campaign.folder import SETTINGS_FILE, UNITS_FILE, Folder, OfficeFiles, check_files
from ledgergen.campaign.prefill import read_prefill
from ledgergen.errors import InputFaults, Surroundings
from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.limit_faults import calendar_findings, limit_findings
from ledgergen.plan.workdays import calendar_of
from ledgergen.records import CONSULT_ROUND


@dataclass(frozen=True, slots=True)
class Checked:
    """The counts of what would be made, and every finding."""

    counts: dict[str, int]
    findings: tuple[Finding, ...]


def check(folder: Folder) -> Checked:
    """Check everything that can be checked without making anything.

    Raises:
        Surroundings: one of the files cannot be read.
    """
    files, findings = check_files(folder)
    chronicle = read_chronicle(folder.root)
    findings += chronicle.findings
    if files is None:
        return Checked(dict.fromkeys(("tasks", "units", "assignments", "ledgers"), 0), tuple(findings))
    findings += _layout_faults(folder, files, chronicle)
    findings += [*changed_id(files, chronicle), *vanished_units(files, chronicle)]
    findings += [*limit_findings(files.plan), *calendar_findings(files.plan, calendar_of(files.settings))]
    counts = {
        "tasks": len(files.plan.tasks),
        "units": len(files.registry.units),
        "assignments": len(files.assignments),
        "ledgers": len({assignment.unit.name for assignment in files.assignments}),
    }
    return Checked(counts, tuple(findings))


def changed_id(files: OfficeFiles, chronicle: Chronicle) -> list[Finding]:
    """Report an id that is not the one ledgers were issued under: codes are derived from it, and returns know it."""
    issued = dict.fromkeys(item.book.campaign for item in chronicle.history.issued)
    if not issued or files.settings.id in issued:
        return []
    return [finding("campaign-id-changed", Where(SETTINGS_FILE), id=files.settings.id, issued="、".join(issued))]


def vanished_units(files: OfficeFiles, chronicle: Chronicle) -> list[Finding]:
    """Name the units that were issued a ledger and are no longer anybody's name or former name (product.md)."""
    issued = dict.fromkeys(item.book.unit for item in chronicle.history.issued if item.book.round != CONSULT_ROUND)
    gone = [unit for unit in issued if files.registry.unit(unit) is None]
    return [finding("unit-vanished", Where(UNITS_FILE), name=unit) for unit in gone]


def _layout_faults(folder: Folder, files: OfficeFiles, chronicle: Chronicle) -> list[Finding]:
    """Check the layout, and what the office fills into its columns."""
    try:
        design = read_design(folder, files.settings)
        _, _, findings = read_prefill(folder, files, design.layout, chronicle.state)
    except InputFaults as faults:
        return faults.findings
    except Surroundings as stop:
        return [stop.finding]
    return [*design.findings, *findings]
