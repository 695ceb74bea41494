"""What the ledgers of a campaign look like: a layout, or the office's own form, of which they are filled copies."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from ledgergen.campaign.folder import SETTINGS_FILE, Folder, read_bytes, read_layout
from ledgergen.errors import InputFaults, Surroundings
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.plan.load import load_settings
from ledgergen.records import Book, FormSettings, Settings
from ledgergen.resources import resource_folder
from ledgergen.workbook.form_words import FormWords, load_form_words
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.own_form import OwnForm, read_own_form
from ledgergen.workbook.own_form_package import LARGEST_FORM
from ledgergen.workbook.own_form_sheet import Terms
from ledgergen.workbook.write import write_ledger

_WORDS: Final = PurePosixPath("forms/words.yaml")


@dataclass(frozen=True, slots=True)
class Design:
    """A campaign's layout with the bytes of its file, and its own form with the bytes of that one, if it has one.

    ``findings`` are warnings and notes about the form.
    """

    layout: Layout
    data: bytes
    form: OwnForm | None = None
    form_data: bytes = b""
    findings: tuple[Finding, ...] = ()


def read_design(folder: Folder, settings: Settings) -> Design:
    """Read what the settings say that ledgers look like.

    Raises:
        InputFaults: the layout or the form has errors. Surroundings: there is none, or it cannot be read.
    """
    layout, data = read_layout(folder, settings.layout)
    if settings.form is None:
        return Design(layout, data)
    form_data = _form_bytes(folder, settings.form)
    form, findings = read_own_form(form_data, Terms(settings.form, layout, _words(folder)))
    if form is None or has_errors(findings):
        raise InputFaults(findings)
    return Design(form.layout, form.layout_data, form, form_data, tuple(findings))


def form_faults(root: Path) -> list[Finding]:
    """Check the own form of the campaign in a folder; nothing where it is no campaign or has none.

    Raises:
        Surroundings: a file cannot be read.
    """
    if not (root / SETTINGS_FILE).is_file():
        return []
    settings, _ = load_settings(read_bytes(root / SETTINGS_FILE), SETTINGS_FILE)
    if settings is None or settings.form is None:
        return []
    try:
        return list(read_design(Folder(root.resolve()), settings).findings)
    except InputFaults as faults:
        return faults.findings


def write_book(book: Book, layout: Layout, form: OwnForm | None, dated: date) -> bytes:
    """Write a ledger: a copy of the own form where there is one, else in the layout's own look."""
    if form is None:
        return write_ledger(book, layout, dated)
    from ledgergen.workbook.own_form_write import write_own_form

    return write_own_form(form, book, dated)


def _form_bytes(folder: Folder, setting: FormSettings) -> bytes:
    """Read the form's file, which lies in the campaign's folder and nowhere else (safety rules)."""
    written = setting.template
    outside = PureWindowsPath(written).anchor or PurePosixPath(written).is_absolute() or "\\" in written
    path = (folder.root / written).resolve()
    if outside or ".." in PurePosixPath(written).parts or not path.is_relative_to(folder.root.resolve()):
        raise InputFaults([finding("form-outside", setting.where, path=written)])
    if not path.is_file():
        raise InputFaults([finding("form-missing", setting.where, path=written)])
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FORM + 1)
    except OSError as fault:
        raise Surroundings("cannot-read", Where(written), reason=fault.strerror or str(fault)) from fault


def _words(folder: Folder) -> FormWords:
    """Read the words by which forms are known: the campaign's, else the product's."""
    own = folder.root / "templates" / _WORDS
    path = own if own.is_file() else resource_folder("templates") / _WORDS
    words, findings = load_form_words(read_bytes(path), folder.shown(path) if path is own else path.name)
    if words is None:
        raise InputFaults(findings)
    return words
