"""Import a policy document: a draft of plan and units, into a new campaign or into one that exists."""

import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergen.campaign.folder import PLAN_FILE, SETTINGS_FILE, UNITS_FILE, Folder, read_bytes
from ledgergen.campaign.outcome import Verb, Written
from ledgergen.campaign.starting import begin
from ledgergen.document.abbreviations import FILE as ABBREVIATIONS
from ledgergen.document.abbreviations import Abbreviations, load_abbreviations
from ledgergen.document.draft import Draft
from ledgergen.document.identifiers import identifiers
from ledgergen.document.merging import Merged, merge_plan, merge_units
from ledgergen.document.plan_text import plan_text, units_text
from ledgergen.document.reader import MAX_FILE, read_draft
from ledgergen.document.register import Register, register
from ledgergen.errors import InputFaults, Surroundings
from ledgergen.findings import Finding, Where, has_errors
from ledgergen.journal.durable import reading, replace_whole
from ledgergen.journal.lock import one_writer
from ledgergen.resources import resource_folder

_BASES: Final = "import"  # the folder under .ledgergen/ with what the last import wrote
_STARTER_YEAR: Final = re.compile("2026")


@dataclass(frozen=True, slots=True)
class Imported:
    """A document as read: the draft, its register, what was found; None where it could not be read."""

    name: str
    draft: Draft | None
    register: Register
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, object]:
        """Give the contract without the findings."""
        return self.draft.to_json() if self.draft else {"tasks": []}


@dataclass(frozen=True, slots=True)
class Import:
    """What an import writes: the files with their verbs, the difference in lines, everything found."""

    files: tuple[Written, ...]
    difference: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Write:
    """One file as it will be written, and the text to remember as base."""

    path: Path
    before: bytes | None
    after: bytes
    base: str

    @property
    def verb(self) -> Verb:
        if self.before is None:
            return Verb.NEW
        return Verb.SAME if self.before == self.after else Verb.CHANGED


def read_import(path: Path, campaign: Path | None = None) -> Imported:
    """Read a document into a draft; ``campaign`` may have a table of abbreviations of its own.

    Raises:
        Surroundings: ``cannot-read``. InputFaults: the table of abbreviations has faults.
    """
    abbreviations = read_abbreviations(campaign)
    with reading(path):
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        draft, findings = read_draft(path.name, data)
    if draft is None:
        return Imported(path.name, None, Register((), (), ()), tuple(findings))
    found = register(draft.tasks, abbreviations, draft.facts.region, path.name)
    return Imported(path.name, draft, found, (*findings, *found.findings))


def draft_texts(imported: Imported) -> tuple[str, str]:
    """Give the texts of plan.yaml and units.yaml for a draft."""
    draft = imported.draft
    if draft is None:
        return "", ""
    return plan_text(draft, identifiers(draft.tasks), imported.name), units_text(imported.register, imported.name)


def write_import(imported: Imported, place: Path, *, dry_run: bool = False) -> Import:
    """Write a draft into a campaign; a folder that is none yet becomes one.

    A field that somebody has edited since the last import is kept; ids stay. A second run changes nothing.

    Raises:
        Surroundings: ``folder-not-empty``, ``cannot-write``, ``campaign-locked``. InputFaults: a file has faults.
    """
    draft = imported.draft
    if draft is None or not draft.tasks:
        return Import((), (), imported.findings)
    if not (place / SETTINGS_FILE).is_file():
        return _into_new(imported, draft, place, dry_run=dry_run)
    folder = Folder(place.resolve())
    if dry_run:
        return _into_existing(imported, draft, folder, dry_run=True)
    with one_writer(folder.root):
        return _into_existing(imported, draft, folder, dry_run=False)


def _into_new(imported: Imported, draft: Draft, place: Path, *, dry_run: bool) -> Import:
    """Begin a campaign with the draft; its id is made of the year and the title, and stays."""
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise Surroundings("folder-not-empty", Where(str(place)))
    plan, units = draft_texts(imported)
    settings = _settings(draft)
    texts = {SETTINGS_FILE: settings, PLAN_FILE: plan, UNITS_FILE: units}
    if not dry_run:
        begin(place, None)
        for name, text in texts.items():
            replace_whole(place / name, text.encode())
        _remember(place, {PLAN_FILE: plan, UNITS_FILE: units})
    files = tuple(Written((place / name).as_posix(), Verb.NEW) for name in texts)
    return Import(files, (), imported.findings)


def _settings(draft: Draft) -> str:
    """Give ledgergen.yaml of the starter with the plan's title and year."""
    text = (resource_folder("templates") / "starter" / SETTINGS_FILE).read_text(encoding="utf-8")
    title = draft.facts.title or "未命名"
    year = str(draft.facts.year or 2026)
    identity = f"{year}-{hashlib.sha256(title.encode()).hexdigest()[:6]}"
    text = _STARTER_YEAR.sub(year, text)
    text = re.sub(r"(?m)^id: \S+", lambda _found: f"id: {identity}", text, count=1)
    name = title.replace('"', "”")
    return re.sub(r"(?m)^name: \S+", lambda _found: f'name: "{name}"', text, count=1)


def _into_existing(imported: Imported, draft: Draft, folder: Folder, *, dry_run: bool) -> Import:
    writes: list[_Write] = []
    findings = list(imported.findings)
    for name in (PLAN_FILE, UNITS_FILE):
        path = folder.root / name
        before = read_bytes(path) if path.is_file() else None
        merged = _merged(imported, draft, folder, name, before)
        findings += merged.findings
        writes.append(_Write(path, before, merged.data, merged.base))
    if has_errors(found for found in findings if found not in imported.findings):
        raise InputFaults(findings)
    if not dry_run:
        for write in writes:
            if write.verb is not Verb.SAME:
                replace_whole(write.path, write.after)
        _remember(folder.root, {write.path.name: write.base for write in writes if write.base})
    files = tuple(Written(folder.shown(write.path), write.verb) for write in writes)
    difference = tuple(line for write in writes for line in _difference(write, folder.shown(write.path)))
    return Import(files, difference, tuple(findings))


def _merged(imported: Imported, draft: Draft, folder: Folder, name: str, before: bytes | None) -> Merged:
    """Merge one file; one that is missing or still the starter's is written anew."""
    texts = dict(zip((PLAN_FILE, UNITS_FILE), draft_texts(imported), strict=True))
    starter = (resource_folder("templates") / "starter" / name).read_bytes()
    if before is None or before.replace(b"\r\n", b"\n") == starter:
        return Merged(texts[name].encode(), texts[name], ())
    if name == PLAN_FILE:
        base = folder.hidden / _BASES / name
        return merge_plan(before, read_bytes(base) if base.is_file() else b"", draft, imported.name, name)
    return merge_units(before, imported.register, read_abbreviations(folder.root), texts[name], name)


def _difference(write: _Write, shown: str) -> Iterator[str]:
    """Give the lines in which a file that exists changes."""
    if write.before is None or write.before == write.after:
        return
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (write.before, write.after))
    yield from difflib.unified_diff(old, new, f"a/{shown}", f"b/{shown}", lineterm="", n=2)


def _remember(root: Path, bases: dict[str, str]) -> None:
    """Keep what was written, to tell by the next import what somebody has edited."""
    for name, text in bases.items():
        path = root / ".ledgergen" / _BASES / name
        if not path.is_file() or path.read_bytes() != text.encode():
            replace_whole(path, text.encode())


def read_abbreviations(campaign: Path | None) -> Abbreviations:
    """Load the product's table of abbreviations, and what the campaign's own adds to it.

    Raises:
        InputFaults: a table has faults.
    """
    table = _table(resource_folder("templates") / ABBREVIATIONS)
    own = campaign / "templates" / ABBREVIATIONS if campaign else None
    return table.extended(_table(own)) if own and own.is_file() else table


def _table(path: Path) -> Abbreviations:
    table, findings = load_abbreviations(read_bytes(path), f"templates/{path.name}")
    if table is None:
        raise InputFaults(findings)
    return table
