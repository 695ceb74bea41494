"""What a layout looks like: one unit's ledger in it, printed, before anything goes out."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.design import Design, read_design, write_book
from ledgergen.campaign.folder import SETTINGS_FILE, Folder, OfficeFiles, find_folder, read_files, read_settings
from ledgergen.campaign.layouts import open_layout
from ledgergen.campaign.libreoffice import printed
from ledgergen.campaign.placing import hash_of, place
from ledgergen.errors import InputFaults, WrongUse
from ledgergen.findings import Finding
from ledgergen.records import Assignment, Book, Round
from ledgergen.resources import resource_folder
from ledgergen.workbook.book import BookSetting, Carried, make_book
from ledgergen.workbook.codes import book_token
from ledgergen.workbook.layout import Asked, Face, Layout

PREVIEWS: Final = "previews"
KINDS: Final = ("pdf", "png", "xlsx")
_EXAMPLE: Final = "zichuan-2022"  # whose plan is shown where there is no campaign
_SHOWN: Final = "standard"  # … and which layout, if none is named
_OWN: Final = "ledger"  # what the file is called then
_KNOWN: Final = "上期所填"
_ROUND: Final = Round("2026Q1", "2026年第一季度", date(2026, 3, 15), date(2026, 4, 10))


@dataclass(frozen=True, slots=True)
class Preview:
    """What is to be shown: a layout's name, its face, whose ledger (empty for the longest), and into which file.

    Without a name it is what the campaign's ledgers look like, an office's own form too.
    """

    layout: str = ""
    face: Face = Face.FIRST
    unit: str = ""
    target: Path | None = None


def preview(root: Path, wanted: Preview, *, dry_run: bool = False) -> tuple[Path, list[Finding]]:
    """Write a preview and give its path.

    A name of the user's own is never written over: what stands there otherwise is kept, and the preview lies beside.
    Without one it goes into ``previews/``, over the one before.

    Raises:
        InputFaults: the layout or the campaign has errors. WrongUse: ``preview-kind``, ``unit-unknown-asked``.
        Surroundings: ``layout-unknown``, ``no-libreoffice``, ``preview-failed``, ``cannot-write``.
    """
    target = wanted.target or root / PREVIEWS / f"{wanted.layout or _OWN}-{wanted.face}.pdf"
    kind = target.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise WrongUse("preview-kind", name=target.name)
    design, findings = _design(root, wanted.layout)
    if dry_run:
        return target, findings
    workbook = _workbook(root, design, wanted)
    data = workbook if kind == "xlsx" else printed(workbook, kind)
    sha256 = hashlib.sha256(data).hexdigest()
    ours = () if wanted.target else (hash_of(target) or "",)
    placed = place(target, sha256, ours, sha256[:6])
    placed.write(data, sha256)
    return placed.path, [*findings, *placed.findings(target.parent)]


def _design(root: Path, name: str) -> tuple[Design, list[Finding]]:
    """Find what is to be shown, and what is to be said of it."""
    if not name and (root / SETTINGS_FILE).is_file():
        folder = find_folder(root)
        design = read_design(folder, read_settings(folder))
        return design, list(design.findings)
    checked = open_layout(root, name or _SHOWN)
    if checked.layout is None:
        raise InputFaults(list(checked.findings))
    return Design(checked.layout, b""), list(checked.findings)


def _workbook(root: Path, design: Design, wanted: Preview) -> bytes:
    folder = find_folder(root) if (root / SETTINGS_FILE).is_file() else _example()
    files, _ = read_files(folder)
    layout = design.layout.for_face(wanted.face)
    return write_book(_book(files, layout, wanted.unit), layout, design.form, _ROUND.opens)


def _example() -> Folder:
    return Folder(resource_folder("examples") / _EXAMPLE)


def _book(files: OfficeFiles, layout: Layout, unit: str) -> Book:
    """Make a unit's ledger, on the second face with something in the cells that are known by then."""
    chosen = files.settings.rounds[0] if files.settings.rounds else _ROUND
    own = _assignments(files, unit)
    once = {column.id: _KNOWN for column in layout.inputs if column.asked is Asked.FIRST}
    known = {assignment.task.id: {"1": once} for assignment in own} if layout.face is Face.PROGRESS else {}
    setting = BookSetting(files.settings, files.plan.facts, chosen, layout)
    token = book_token(files.settings.id, PREVIEWS, own[0].unit.name)
    return make_book(setting, token, own, Carried(known))


def _assignments(files: OfficeFiles, unit: str) -> list[Assignment]:
    """Give a unit's assignments, by any of its names; without a name those of the unit that has most."""
    by_unit: dict[str, list[Assignment]] = {}
    for assignment in files.assignments:
        by_unit.setdefault(assignment.unit.name, []).append(assignment)
    if not unit:
        return max(by_unit.values(), key=len)
    known = files.registry.unit(unit)
    if known is None or known.name not in by_unit:
        raise WrongUse("unit-unknown-asked", name=unit, near="、".join(files.registry.suggest(unit)) or "—")
    return by_unit[known.name]
