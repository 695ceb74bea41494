"""Write a unit's ledger as a filled copy of the office's own form: openpyxl's one door in this room.

Letterhead, fonts, widths, merged titles, print set-up and protection stay as they are. The rows of the table are drawn
anew, each like the form's own first row, unlocked and unmerged, so that a unit can sort and insert; the two columns of
codes stand right of the table, outside what is printed.
"""

import warnings
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final, TypeAlias

from ledgergen.records import Book, BookRow
from ledgergen.workbook import limits, look, marks
from ledgergen.workbook.collapse import shown_rows
from ledgergen.workbook.inline_labels import inline_items, with_value
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Column, Kind
from ledgergen.workbook.marks import Marks
from ledgergen.workbook.own_form import OwnForm
from ledgergen.workbook.own_form_around import Fill, How
from ledgergen.workbook.own_form_graft import graft
from ledgergen.workbook.own_form_stretch import Stretch, print_areas, stretch

# openpyxl's types know neither a cell's style as such nor the custom properties.
_Workbook: TypeAlias = Any
_Sheet: TypeAlias = Any
_Cell: TypeAlias = Any
_Look: TypeAlias = Any

_CODE_SIZE: Final = 7.0
_CODE_COLOUR: Final = "808080"
_DEFAULT_SIZE: Final = 11.0
_SPARE_ROWS: Final = 200  # below the table that have the lists too, where nothing of the form stands there
_LONGEST_NUMBER: Final = 6
_ALLOWED: Final = ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """How the cells of one column of the table look: openpyxl's style, points, width, the lines kept free."""

    column: Column
    index: int
    style: _Look
    points: float
    width: float


def write_own_form(form: OwnForm, book: Book, dated: date) -> bytes:
    """Write a book into a copy of a form; the same input is the same bytes."""
    workbook = _opened(form)
    sheet = workbook[form.sheet.name]
    by = Stretch(form.places.body, len(book.rows))
    drawn, height = _drawn(sheet, form), _least_height(sheet, form)
    areas = print_areas(sheet, by)
    stretch(sheet, by)
    _write_rows(sheet, form, book, drawn, height)
    _write_code_titles(sheet, form)
    _write_around(sheet, form, book, by)
    _offer_choices(sheet, by, drawn)
    _finish(sheet, form, book, by, areas)
    _mark(workbook, book, dated)
    target = BytesIO()
    workbook.save(target)
    return graft(target.getvalue(), form.package, form.sheet.name, by, dated)


def _opened(form: OwnForm) -> _Workbook:
    """Open the form, with the looks of merged cells as the file has them: openpyxl works them out anew."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what was taken out of its way, and named to the office
        workbook: _Workbook = load_workbook(BytesIO(form.package.plain), rich_text=True, keep_links=False)
    workbook.template = False
    for own in form.package.sheets:
        cells = workbook[own.name]._cells  # noqa: SLF001 - there is no public way to a merged cell's style
        for row, column, style in own.merged_looks:
            cell = cells.get((row + 1, column + 1))
            if cell and style < len(workbook._cell_styles):  # noqa: SLF001 - as above
                cell._style = copy(workbook._cell_styles[style])  # noqa: SLF001 - as above
    return workbook


def _drawn(sheet: _Sheet, form: OwnForm) -> list[_Drawn]:
    """Work out how the table's cells look, from the form's first drawn row; without one, from its titles."""
    places = form.places
    has_sample = places.body.foot > places.body.first
    row = places.body.first if has_sample else places.header
    found = []
    for column_id, index in places.columns:
        column, model = form.layout.column(column_id), sheet.cell(row + 1, index + 1)
        found.append(_as_drawn(column, index, model, is_title=not has_sample))
    if (places.code, "code") not in [(index, column_id) for column_id, index in places.columns]:
        model = sheet.cell(row + 1, places.right + 1)
        found.append(_as_drawn(form.layout.column("code"), places.code, model, is_title=not has_sample))
    model = sheet.cell(row + 1, places.right + 1)
    second = Column("code", HIDDEN_CODE_TITLE, form.layout.column("code").width)
    return [*found, _as_drawn(second, places.second, model, is_title=not has_sample)]


def _as_drawn(column: Column, index: int, model: _Cell, *, is_title: bool) -> _Drawn:
    """Take a cell's look and make it one that can be sorted, filled and read: unlocked, wrapped, as typed."""
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    style = copy(model._style)  # noqa: SLF001 - to be put back below; the cell itself goes
    if is_title:
        model.fill, model.font = PatternFill(), _changed(model.font, b=False)
    model.alignment = _changed(model.alignment, wrap_text=True, shrink_to_fit=False)
    model.alignment = _changed(model.alignment, vertical=model.alignment.vertical or "center")
    model.protection = Protection(locked=False)
    if column.is_input and model.number_format == "General":
        model.number_format = "@"  # Excel would make a number of a telephone number and a date of 3.31
    if column.id == "code":
        model.font = Font(name=model.font.name, sz=_CODE_SIZE, color=_CODE_COLOUR)
        model.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        model.number_format, model.fill = "@", PatternFill()
    points = float(model.font.sz or _DEFAULT_SIZE)
    drawn = _Drawn(column, index, copy(model._style), points, column.width)  # noqa: SLF001 - as above
    model._style = style  # noqa: SLF001 - as above
    return drawn


def _changed(look: _Look, **changes: object) -> _Look:
    changed = copy(look)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _least_height(sheet: _Sheet, form: OwnForm) -> float:
    """Give the height that the form itself gives its rows; 0 where it leaves that open."""
    body = form.places.body
    height = sheet.row_dimensions[body.first + 1].height if body.foot > body.first else None
    return float(height or 0)


def _write_rows(sheet: _Sheet, form: OwnForm, book: Book, drawn: list[_Drawn], least: float) -> None:
    """Write a row for each measure; rows that are not due are hidden by the filter."""
    shown = {row.number for row in shown_rows(book)}
    for number, row in enumerate(book.rows, start=form.places.body.first + 1):
        texts = [limits.writable(row.text(each.column.id)) for each in drawn]
        lines = (each.column.lines if each.column.is_input else 1 for each in drawn)
        cells = (
            (text, each.width, each.points, least_) for text, each, least_ in zip(texts, drawn, lines, strict=True)
        )
        dimension = sheet.row_dimensions[number]
        dimension.height = max(least, look.row_height(cells))
        dimension.hidden = row.number not in shown
        for text, each in zip(texts, drawn, strict=True):
            cell = sheet.cell(number, each.index + 1)
            cell._style = copy(each.style)  # noqa: SLF001 - openpyxl's own way makes the style anew for every cell
            _put(cell, _number(row, each.column) or text)


def _number(row: BookRow, column: Column) -> int | None:
    """Give the running number as a number, which sorts rightly only as one."""
    text = row.text("seq")
    return int(text) if column.id == "seq" and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def _put(cell: _Cell, value: object) -> None:
    """Write a value; a text stays one, whatever it looks like."""
    if value == "":
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _write_code_titles(sheet: _Sheet, form: OwnForm) -> None:
    """Put the titles of the columns of codes beside the others, and let them look like those, small and grey."""
    places = form.places
    own = dict(places.columns).get("code")
    added = [(places.second, HIDDEN_CODE_TITLE)]
    added += [(places.code, form.layout.column("code").title)] if own is None else []
    for index, title in added:
        _free_width(sheet, index + 1, form.layout.column("code").width, hidden=index == places.second)
        for row in range(places.header_top, places.header + 1):
            model, cell = sheet.cell(row + 1, places.right + 1), sheet.cell(row + 1, index + 1)
            cell._style = copy(model._style)  # noqa: SLF001 - as above
            cell.font = _changed(cell.font, sz=_CODE_SIZE, b=False)
        _put(sheet.cell(places.header_top + 1, index + 1), title)
        if places.header > places.header_top:
            sheet.merge_cells(None, places.header_top + 1, index + 1, places.header + 1, index + 1)


def _free_width(sheet: _Sheet, column: int, width: float, *, hidden: bool) -> None:
    """Give one column a width, and leave those alone that the file declares together with it."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.dimensions import ColumnDimension

    dimensions = sheet.column_dimensions
    for key, declared in list(dimensions.items()):
        first, last = declared.min or 0, declared.max or 0
        if not first <= column <= last:
            continue
        del dimensions[key]
        for start, end in ((first, column - 1), (column + 1, last)):
            if start <= end:
                rest = copy(declared)
                rest.index, rest.min, rest.max = get_column_letter(start), start, end
                dimensions[rest.index] = rest
    letter = get_column_letter(column)
    dimensions[letter] = ColumnDimension(sheet, letter, width=width, hidden=hidden, min=column, max=column)


def _write_around(sheet: _Sheet, form: OwnForm, book: Book, by: Stretch) -> None:
    """Fill what is known beside the labels, in cells with patterns, and the ledger's number above its codes."""
    for fill in (*form.places.head, *form.places.foot):
        (row, column), label = fill.place, fill.label
        cell = sheet.cell(by.moved(row) + 1, column + 1)
        if fill.how is How.BESIDE and not cell.has_style:
            cell.font = copy(sheet.cell(by.moved(label[0]) + 1, label[1] + 1).font)
        _fill(cell, fill, book)
    if form.places.number:
        row, column = form.places.number
        cell = sheet.cell(row + 1, column + 1)
        from openpyxl.styles import Alignment, Font

        cell.font = Font(sz=_CODE_SIZE, color=_CODE_COLOUR)
        cell.alignment = Alignment(horizontal="center", vertical="bottom", shrink_to_fit=True)
        _put(cell, book.number)


def _fill(cell: _Cell, fill: Fill, book: Book) -> None:
    from openpyxl.styles import Protection

    text = limits.writable(book.head.get(fill.item.id, ""))
    if fill.item.is_input:
        cell.protection = Protection(locked=False)
    if fill.how is How.INLINE:
        _fill_inline(cell, fill, text)
    elif text or fill.how is How.CELL:
        cell.value = None
        _put(cell, text)


def _fill_inline(cell: _Cell, fill: Fill, text: str) -> None:
    """Write a value behind its label. In a text of several looks it goes into the piece that holds the label."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if not text:
        return
    if isinstance(cell.value, CellRichText):
        for index, piece in enumerate(cell.value):
            plain = piece.text if isinstance(piece, TextBlock) else str(piece)
            written = _behind(plain, fill, text)
            if written != plain:
                cell.value[index] = TextBlock(piece.font, written) if isinstance(piece, TextBlock) else written
                return
    _put(cell, _behind(str(cell.value or ""), fill, text))


def _behind(whole: str, fill: Fill, text: str) -> str:
    _, items = inline_items(whole, frozenset(), any_label=True)
    item = next((each for each in items if each.label == fill.item.label), None)
    return with_value(whole, item, text) if item else whole


def _offer_choices(sheet: _Sheet, by: Stretch, drawn: Iterable[_Drawn]) -> None:
    """Offer the lists of columns for which the form has none; anything else is warned of and may stay."""
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.datavalidation import DataValidation

    first, spare = by.body.first + 1, 0 if sheet.max_row > by.body.first + by.count else _SPARE_ROWS
    for each in drawn:
        area = CellRange(
            min_row=first, min_col=each.index + 1, max_row=first + by.count - 1 + spare, max_col=each.index + 1
        )
        there = any(str(area.coord.split(":")[0]) in rule.sqref for rule in sheet.data_validations.dataValidation)
        if each.column.kind is not Kind.CHOICE or there:
            continue
        texts = [choice.text for choice in each.column.choices]
        rule = DataValidation(
            type="list",
            formula1=f'"{",".join(texts)}"',
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle="不在可选范围内",
            error=limits.cut(f"请从下拉列表中选择：{'、'.join(texts)}。仍要保留所填内容吗？", limits.PROMPT, "…"),
        )
        rule.add(area.coord)
        sheet.add_data_validation(rule)


def _finish(sheet: _Sheet, form: OwnForm, book: Book, by: Stretch, areas: list[str]) -> None:
    """Set the filter over the whole table, what is printed, and what stays possible on a protected sheet."""
    from openpyxl.utils import get_column_letter

    places, last = form.places, by.body.first + by.count
    left, right = get_column_letter(places.left + 1), get_column_letter(places.second + 1)
    sheet.auto_filter.ref = f"{left}{places.header + 1}:{right}{max(last, places.header + 1)}"
    sheet.auto_filter.filterColumn = []
    if len(shown := shown_rows(book)) < len(book.rows):
        by_number = dict(places.columns).get("seq")
        index = places.code if by_number is None else by_number
        texts = [row.code if by_number is None else str(row.number) for row in shown]
        sheet.auto_filter.add_filter_column(index - places.left, texts, blank=True)
    bottom = max((row for row, _ in sheet._cells), default=last)  # noqa: SLF001 - max_row counts rows without cells
    over = form.sheet.drawing.corner if form.sheet.drawing else (0, 0)
    corner = get_column_letter(max(places.right, over[1]) + 1), max(bottom, by.moved(over[0]) + 1)
    sheet.print_area = areas or f"A1:{corner[0]}{corner[1]}"
    if sheet.protection.sheet:
        for name in _ALLOWED:
            setattr(sheet.protection, name, False)  # false: not forbidden


def _mark(workbook: _Workbook, book: Book, dated: date) -> None:
    """Say in the container what the file is, as every ledger does; the codes in the rows overrule it."""
    from openpyxl.packaging.custom import StringProperty
    from openpyxl.workbook.defined_name import DefinedName

    mark = Marks(book.campaign, book.round, book.token, book.edition, book.plan_version)
    properties, moment = workbook.properties, datetime.combine(dated, time())
    properties.title = limits.cut(limits.writable(book.title), limits.PROPERTY, "…")
    properties.subject, properties.keywords = book.number, mark.line()
    properties.created = properties.modified = moment
    properties.lastModifiedBy = properties.lastPrinted = properties.revision = None
    workbook.custom_doc_props.append(StringProperty(name=marks.PROPERTY, value=mark.line()))
    workbook.defined_names[marks.NAME] = DefinedName(marks.NAME, attr_text=f'"{mark.line()}"')
    sheet = workbook.create_sheet(marks.SHEET)
    for row, pair in enumerate(mark.table(), start=1):
        for column, text in enumerate(pair, start=1):
            _put(sheet.cell(row, column), text)
    sheet.sheet_state = "veryHidden"
