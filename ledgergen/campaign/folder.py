"""The campaign's folder: where things lie, and the files of the office read from it."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from ledgergen.errors import InputFaults, Surroundings
from ledgergen.findings import Finding, Where, has_errors
from ledgergen.plan.expand import expand
from ledgergen.plan.load import load_plan, load_settings, load_units
from ledgergen.plan.units import Registry
from ledgergen.records import Assignment, Plan, Round, Settings
from ledgergen.resources import resource_folder
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.layout_file import load_layout

SETTINGS_FILE: Final = "ledgergen.yaml"
PLAN_FILE: Final = "plan.yaml"
UNITS_FILE: Final = "units.yaml"
_LARGEST = 6_000_000  # bytes; the YAML reader refuses beyond five million with a finding of its own


@dataclass(frozen=True, slots=True)
class Folder:
    """The places of one campaign."""

    root: Path

    @property
    def hidden(self) -> Path:
        """Give the folder of journal and originals."""
        return self.root / ".ledgergen"

    @property
    def journal(self) -> Path:
        """Give the folder of the events."""
        return self.hidden / "journal"

    @property
    def originals(self) -> Path:
        """Give the folder of the bytes by hash."""
        return self.hidden / "originals"

    @property
    def log(self) -> Path:
        """Give the file for tracebacks."""
        return self.hidden / "ledgergen.log"

    @property
    def inbox(self) -> Path:
        """Give the folder where returned files are dropped."""
        return self.root / "inbox"

    @property
    def reports(self) -> Path:
        """Give the folder of the reports."""
        return self.root / "reports"

    def ledgers(self, round_id: str) -> Path:
        """Give the folder of one round's generated workbooks."""
        return self.root / "ledgers" / round_id

    def shown(self, path: Path) -> str:
        """Give a path as people are shown it: relative to the campaign where it lies inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


class OfficeFiles(NamedTuple):
    """The office's three files as read, with the assignments that follow, and the sha256 of each file's bytes."""

    settings: Settings
    plan: Plan
    registry: Registry
    assignments: tuple[Assignment, ...]
    data: dict[str, bytes]

    @property
    def version(self) -> str:
        """Give the version of plan and units: the start of a hash over both."""
        digests = "".join(self.hashes[name] for name in ("plan", "units"))
        return hashlib.sha256(digests.encode()).hexdigest()[:12]

    @property
    def hashes(self) -> dict[str, str]:
        """Give the sha256 of each file."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self.data.items()}


def find_folder(start: Path) -> Folder:
    """Open the campaign in a folder.

    Raises:
        Surroundings: ``not-a-campaign``.
    """
    root = start.resolve()
    if not (root / SETTINGS_FILE).is_file():
        raise Surroundings("not-a-campaign", Where(str(start)))
    return Folder(root)


def read_settings(folder: Folder) -> Settings:
    """Read ``ledgergen.yaml`` alone, for steps that need no plan.

    Raises:
        InputFaults: it has faults. Surroundings: it cannot be read.
    """
    settings, findings = load_settings(read_bytes(folder.root / SETTINGS_FILE), SETTINGS_FILE)
    if settings is None or has_errors(findings):
        raise InputFaults(findings)
    return settings


def check_files(folder: Folder) -> tuple[OfficeFiles | None, list[Finding]]:
    """Read and check the office's three files: all faults of all of them at once."""
    names = {"settings": SETTINGS_FILE, "plan": PLAN_FILE, "units": UNITS_FILE}
    data = {key: read_bytes(folder.root / name) for key, name in names.items()}
    settings, findings = load_settings(data["settings"], SETTINGS_FILE)
    plan, faults = load_plan(data["plan"], PLAN_FILE)
    registry, more = load_units(data["units"], UNITS_FILE)
    findings += [*faults, *more]
    if settings is None or plan is None or registry is None:
        return None, findings
    assignments, more = expand(plan, registry)
    return OfficeFiles(settings, plan, registry, assignments, data), [*findings, *more]


def read_files(folder: Folder) -> tuple[OfficeFiles, list[Finding]]:
    """Read the office's files for a step that needs them free of errors; warnings come along.

    Raises:
        InputFaults: with all findings. Surroundings: a file cannot be read.
    """
    files, findings = check_files(folder)
    if files is None or has_errors(findings):
        raise InputFaults(findings)
    return files, findings


def read_layout(folder: Folder, name: str) -> tuple[Layout, bytes]:
    """Read a layout: the campaign's own ``templates/layouts/NAME.yaml``, else the product's.

    Raises:
        InputFaults: there is none of that name, or it has faults.
    """
    own = folder.root / "templates" / "layouts" / f"{name}.yaml"
    shipped = resource_folder("templates") / "layouts" / f"{name}.yaml"
    path = own if own.is_file() else shipped
    if not path.is_file():
        known = "、".join(sorted(each.stem for each in shipped.parent.glob("*.yaml")))
        raise Surroundings("layout-unknown", Where(SETTINGS_FILE), name=name, names=known)
    data = read_bytes(path)
    layout, findings = load_layout(data, folder.shown(path) if path is own else path.name)
    if layout is None or has_errors(findings):
        raise InputFaults(findings)
    return layout, data


def choose_round(settings: Settings, asked: str | None, today: str) -> Round:
    """Choose a round: the one asked for, else the last that has opened by ``today`` (ISO), else the first.

    Raises:
        Surroundings: ``round-missing``, ``round-unknown``.
    """
    if not settings.rounds:
        raise Surroundings("round-missing", Where(SETTINGS_FILE))
    if asked is not None:
        for each in settings.rounds:
            if each.id == asked:
                return each
        raise Surroundings("round-unknown", name=asked, names="、".join(each.id for each in settings.rounds))
    opened = [each for each in settings.rounds if each.opens.isoformat() <= today]
    return max(opened, key=lambda each: each.opens) if opened else settings.rounds[0]


def read_bytes(path: Path) -> bytes:
    """Read one of the campaign's own files, bounded.

    Raises:
        Surroundings: ``cannot-read``.
    """
    try:
        with path.open("rb") as file:
            return file.read(min(os.fstat(file.fileno()).st_size, _LARGEST))
    except OSError as fault:
        raise Surroundings("cannot-read", Where(path.name), reason=fault.strerror or str(fault)) from fault
