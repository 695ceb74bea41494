"""An office's own form (``layout: {template: …}``): from its workbook to a layout and the places of everything.

The layout is what the reader of returns and the journal go by, like any other; the places are what the writer needs to
fill a copy (:mod:`.own_form_write`). The form is the office's own file and is treated like a stranger's all the same:
bounded, read by the process that may die, and never believed to be what it declares.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.workbook import marks
from ledgergen.workbook.grid import Workbook, cell_name
from ledgergen.workbook.inspect import Refused
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Column, HeadItem, Layout
from ledgergen.workbook.layout_dump import dump_layout
from ledgergen.workbook.layout_file import load_layout
from ledgergen.workbook.own_form_around import Around, Fill, around_of
from ledgergen.workbook.own_form_body import Body, body_of
from ledgergen.workbook.own_form_columns import code_column, columns_of, number_column, unknown_choices
from ledgergen.workbook.own_form_header import Header, choose_sheet, find_header
from ledgergen.workbook.own_form_package import FormPackage, FormSheet, open_form
from ledgergen.workbook.own_form_sheet import OwnSheet, Terms
from ledgergen.workbook.pool import BoundedReader

_NO_NAME: Final = re.compile(r"[\s./\\:]")
_LONGEST_NAME: Final = 48  # characters of the file's name in the layout's
_COMPUTED: Final = "="  # so .xls shows every formula; a form with some outside its table is known by that
_MOST_TEXTS: Final = 500  # of the letterhead and of all other sheets


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of a form stands; rows and columns from 0.

    ``columns`` gives the place of each column by id; ``code`` and ``second`` those of the two columns of codes, of
    which the form may have the first itself. ``number`` is the cell for the ledger's number, None without room for it.
    """

    header_top: int
    header: int
    body: Body
    left: int
    right: int
    columns: tuple[tuple[str, int], ...]
    code: int
    second: int
    number: tuple[int, int] | None
    head: tuple[Fill, ...]
    foot: tuple[Fill, ...]


@dataclass(frozen=True, slots=True)
class OwnForm:
    """A form that ledgers can be made from: its package, its sheet, its layout (with the file's bytes), its places."""

    package: FormPackage
    sheet: FormSheet
    layout: Layout
    layout_data: bytes
    places: Places


def read_own_form(data: bytes, terms: Terms) -> tuple[OwnForm | None, list[Finding]]:
    """Read an office's form. There is none where a finding is an error; warnings and notes come along with it."""
    file = terms.setting.template
    try:
        package = open_form(data)
    except Refused as refusal:
        return None, [_refused(refusal, file)]
    with BoundedReader() as reader:
        workbook, findings = reader.read(file, data)
    if workbook is None:
        return None, [finding("form-unreadable", Where(file), reason=found.code) for found in findings[:1]]
    if marks.PROPERTY in workbook.properties or any(grid.name == marks.SHEET for grid in workbook.grids):
        return None, [finding("form-is-ledger", Where(file))]
    sheets = [OwnSheet(package.sheet(grid.name), grid, package.styles) for grid in workbook.grids]
    findings = list(_lost(package, file))
    sheet, faults = choose_sheet(sheets, terms)
    if sheet is None:
        return None, [*findings, *faults]
    form, faults = _read_sheet(sheet, package, workbook, terms)
    return form, [*findings, *faults]


def _refused(refusal: Refused, file: str) -> Finding:
    if refusal.code.startswith("form-"):
        return refusal.finding(file)
    return finding("form-unreadable", Where(file, sheet=refusal.sheet, cell=refusal.cell), reason=refusal.code)


def _lost(package: FormPackage, file: str) -> Iterable[Finding]:
    """Name what a copy would lack: nobody should find that out from a ledger that is out."""
    for what in package.lost:
        yield finding("form-loses", Where(file), what=what)
    for sheet in package.sheets:
        for what in sheet.lost:
            yield finding("form-loses", Where(file, sheet=sheet.name), what=what)


def _read_sheet(
    sheet: OwnSheet, package: FormPackage, workbook: Workbook, terms: Terms
) -> tuple[OwnForm | None, list[Finding]]:
    header, findings = find_header(sheet, terms)
    if header is None:
        return None, findings
    columns, faults = columns_of(sheet, terms, header)
    findings += faults
    seq = next((index for column, index in columns if column.id == "seq"), None)
    body, faults = body_of(sheet, terms, header, seq)
    findings += [*faults, *unknown_choices(sheet, terms, body.first, columns)]
    around, faults = around_of(sheet, terms, header, body.foot)
    findings += faults
    places = _places(header, body, columns, around)
    findings += _room_faults(sheet, terms, {places.code, places.second} - {index for _, index in columns})
    if has_errors(findings):
        return None, findings
    layout = _layout(terms, columns, around, sheet, header)
    data = dump_layout(replace(layout, letterhead=_letterhead(around, sheet, workbook, package)))
    loaded, faults = load_layout(data, terms.setting.template)
    findings += [found for found in faults if found.code != "layout-print-small"]  # its print is the office's own
    if loaded is None or has_errors(findings):
        return None, findings
    return OwnForm(package, sheet.form, loaded, data, places), findings


def _room_faults(sheet: OwnSheet, terms: Terms, needed: set[int]) -> Iterable[Finding]:
    """The columns of the codes are right of the table; whatever stands there would have to be moved or covered."""
    for row in range(sheet.used_rows):
        for column in sorted(needed):
            if sheet.text(row, column) or sheet.area(row, column) != (row, column, row, column):
                yield finding("form-no-room", terms.where(sheet.name, cell_name(row, column)))
                return


def _layout(
    terms: Terms, columns: Sequence[tuple[Column, int]], around: Around, sheet: OwnSheet, header: Header
) -> Layout:
    """Make the layout: the form's columns and items, everything else from the one it borrows from."""
    whole = terms.like.whole or terms.like
    own = [column for column, _ in columns]
    ids = {column.id for column in own}
    own += [] if "code" in ids else [code_column(columns)]
    own += [] if "seq" in ids else [number_column(columns)]
    inputs = {column.id for column in own if column.is_input}
    head = tuple((replace(fill.item, fills=_fills(fill, inputs)),) for fill in around.head)
    title = next((fill.item.pattern for fill in around.head if "unit" in fill.item.pattern and _is_title(fill)), "")
    return replace(
        whole,
        id=f"{whole.id}+{_NO_NAME.sub('_', PurePath(terms.setting.template).stem)}"[:_LONGEST_NAME],
        about="",
        sheet=sheet.name,
        title=title or whole.title,
        columns=tuple(own),
        head=head,
        foot=tuple(_foot_rows(around.foot, len(own))),
        faces={},
        instructions=(),
        header_rows=header.bottom - header.top + 1,
    )


def _foot_rows(fills: Sequence[Fill], columns: int) -> Iterable[tuple[HeadItem, ...]]:
    """Give the items below the table row by row; a layout allows as many in a row as have room."""
    for row in dict.fromkeys(fill.place[0] for fill in fills):
        items = [fill.item for fill in fills if fill.place[0] == row]
        for start in range(0, len(items), columns // 2):
            yield tuple(items[start : start + columns // 2])


def _is_title(fill: Fill) -> bool:
    return fill.item.id.startswith("cell_")


def _fills(fill: Fill, inputs: set[str]) -> str:
    """Say what an item stands in for: only a column that this form has."""
    return fill.item.fills if fill.item.fills in inputs else ""


def _letterhead(around: Around, sheet: OwnSheet, workbook: Workbook, package: FormPackage) -> tuple[str, ...]:
    """Give every text that comes back unfilled: around the table, on the other sheets, in text boxes."""
    others = (text for grid in workbook.grids if grid.name != sheet.name for line in grid.rows for text in line)
    boxes = (text for each in package.sheets if each.drawing for text in each.drawing.texts)
    computed = (_COMPUTED, "formulas") if any(text.startswith(_COMPUTED) for text in around.letterhead) else ()
    texts = dict.fromkeys(text.strip() for text in (HIDDEN_CODE_TITLE, *computed, *around.letterhead, *others, *boxes))
    return tuple(text for text in texts if text)[:_MOST_TEXTS]


def _places(header: Header, body: Body, columns: Sequence[tuple[Column, int]], around: Around) -> Places:
    """Put the columns of codes right of the table, unless the form has one for codes itself."""
    own = next((index for column, index in columns if column.id == "code"), None)
    code = header.right + 1 if own is None else own
    return Places(
        header_top=header.top,
        header=header.bottom,
        body=body,
        left=header.left,
        right=header.right,
        columns=tuple((column.id, index) for column, index in columns),
        code=code,
        second=max(code, header.right) + 1,
        number=(header.top - 1, code) if header.top and own is None else None,
        head=around.head,
        foot=around.foot,
    )
