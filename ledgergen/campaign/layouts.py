"""Layouts as an office sees them: which there are, whether they hold, a copy to be changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergen.campaign.folder import SETTINGS_FILE, Folder, read_bytes
from ledgergen.errors import InputFaults, Surroundings, WrongUse
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.journal.durable import replace_whole
from ledgergen.plan.load import load_settings
from ledgergen.plan.schema_values import is_layout_name
from ledgergen.resources import resource_folder
from ledgergen.state.entries import STATES
from ledgergen.workbook.layout import Face, Layout
from ledgergen.workbook.layout_file import faulty_patterns, load_layout
from ledgergen.workbook.paper import fitted_points, print_scale

_PLACE: Final = Path("templates") / "layouts"
# Values of the kinds that a round gives, to try patterns with.
_SAMPLE: Final[dict[str, object]] = {
    "unit": "××局",
    "region": "××区",
    "campaign": "××工作",
    "year": 2026,
    "round": "2026Q1",
    "round_name": "2026年第一季度",
    "due": {"year": 2026, "month": 4, "day": 10},
    "contact_office": "×××办公室",
    "contact_phone": "0000-0000000",
}


@dataclass(frozen=True, slots=True)
class LayoutPlace:
    """A layout's file: its name, where it lies, and whether it is the campaign's own, which hides the product's."""

    name: str
    path: Path
    own: bool

    @property
    def where(self) -> str:
        """Give the file as findings name it."""
        return (_PLACE / self.path.name).as_posix() if self.own else self.path.name


@dataclass(frozen=True, slots=True)
class CheckedLayout:
    """A layout as checked: None where it has errors; the faults come with it."""

    place: LayoutPlace
    layout: Layout | None
    findings: tuple[Finding, ...]

    def cells(self, face: Face) -> int:
        """Count the cells of a row that is due which a face asks for."""
        faced = self.layout.for_face(face) if self.layout else None
        return sum(map(faced.asks, faced.inputs)) if faced else 0

    @property
    def print_points(self) -> float:
        """Give the size of the table's texts on paper, in points."""
        if self.layout is None:
            return 0.0
        scale = print_scale(self.layout)
        return self.layout.style.body_size * scale / 100 if scale else fitted_points(self.layout)


def known_layouts(root: Path) -> dict[str, LayoutPlace]:
    """Give every layout by name: those of the campaign in ``root``, if it is one, and the product's."""
    shipped, own = resource_folder("templates") / "layouts", root / _PLACE
    places = {path.stem: LayoutPlace(path.stem, path, own=False) for path in sorted(shipped.glob("*.yaml"))}
    places |= {path.stem: LayoutPlace(path.stem, path, own=True) for path in sorted(own.glob("*.yaml"))}
    return places


def find_layout(root: Path, name: str) -> LayoutPlace:
    """Find a layout by its name.

    Raises:
        Surroundings: ``layout-unknown``.
    """
    places = known_layouts(root)
    if name not in places:
        raise Surroundings("layout-unknown", name=name, names="、".join(sorted(places)))
    return places[name]


def check_layouts(root: Path, names: Sequence[str] = ()) -> list[CheckedLayout]:
    """Check layouts: the named ones, else in a campaign its own and the one it uses, else the product's.

    Raises:
        Surroundings: ``layout-unknown``, ``cannot-read``.
    """
    wanted = names or _of_campaign(root) or list(known_layouts(root))
    return [check_layout(find_layout(root, name)) for name in wanted]


def check_layout(place: LayoutPlace) -> CheckedLayout:
    """Check one layout: its file, its patterns with sample values, and that its answers are states.

    Raises:
        Surroundings: ``cannot-read``.
    """
    layout, findings = load_layout(read_bytes(place.path), place.where)
    if layout is None:
        return CheckedLayout(place, None, tuple(findings))
    findings = [*findings, *faulty_patterns(layout, _SAMPLE, place.where), *_no_states(layout, place)]
    return CheckedLayout(place, None if has_errors(findings) else layout, tuple(findings))


def open_layout(root: Path, name: str) -> CheckedLayout:
    """Find a layout and check it for use.

    Raises:
        InputFaults: it has errors. Surroundings: ``layout-unknown``, ``cannot-read``.
    """
    checked = check_layout(find_layout(root, name))
    if checked.layout is None:
        raise InputFaults(list(checked.findings))
    return checked


def copy_layout(folder: Folder, name: str, new_name: str, *, dry_run: bool) -> Path:
    """Copy a layout into the campaign, to be changed there; gives the new file.

    Raises:
        WrongUse: ``layout-name-bad``. Surroundings: ``layout-unknown``, ``layout-exists``, ``cannot-write``.
    """
    if not is_layout_name(new_name):
        raise WrongUse("layout-name-bad", value=new_name)
    place = find_layout(folder.root, name)
    target = folder.root / _PLACE / f"{new_name}.yaml"
    text = read_bytes(place.path).decode()
    if name != new_name:
        text = text.replace(f"\nid: {name}\n", f"\nid: {new_name}\n", 1)
    if target.exists():
        raise Surroundings("layout-exists", Where(folder.shown(target)), name=new_name)
    if not dry_run:
        replace_whole(target, text.encode())
    return target


def _of_campaign(root: Path) -> list[str]:
    """Name the layouts that a campaign uses or has of its own; none where ``root`` is no campaign."""
    if not (root / SETTINGS_FILE).is_file():
        return []
    settings, _ = load_settings(read_bytes(root / SETTINGS_FILE), SETTINGS_FILE)
    used = [settings.layout] if settings else []
    return list(dict.fromkeys([*used, *(name for name, place in known_layouts(root).items() if place.own)]))


def _no_states(layout: Layout, place: LayoutPlace) -> Iterator[Finding]:
    """Report answers of the column of states that are read as none of them: they would count as not reported."""
    status = layout.find("status")
    for choice in status.choices if status else ():
        if choice.reading not in STATES[:-1]:
            yield finding("layout-state-unknown", Where(place.where), text=choice.text, states="、".join(STATES[:-1]))
