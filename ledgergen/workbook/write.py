"""Write a unit's ledger: a book's content in its layout's form, as the bytes of an xlsx file.

The body can be sorted, filtered, copied and enlarged on the protected sheet, because it holds no locked and no merged
cell: Excel and LibreOffice refuse to sort a range that holds one, and LibreOffice to insert a row there. That it looks
like the merged blocks of a plan's own form (附件2) is the work of :mod:`.blocks`.
"""

from datetime import date
from typing import Final

from ledgergen.records import Book
from ledgergen.workbook import limits, look, marks
from ledgergen.workbook.blocks import hide_repeats
from ledgergen.workbook.form import NUMBER_ROW, TITLE_ROW, Form, HeadPlace, form_of, label_columns
from ledgergen.workbook.formats import cell_formats, column_formats
from ledgergen.workbook.layout import NO_CHANGE, Asked, Choice, Layout
from ledgergen.workbook.marks import Marks
from ledgergen.workbook.sheets import Area, CheckedWorkbook, Page, Properties, SheetWriter, literal

TITLE_HEIGHT: Final = 42.0
HEADER_HEIGHT: Final = 30.0
_SPARE_ROWS: Final = 200  # rows below the last one that have lists and prompts too, for rows that a unit appends
_FROZEN_WIDTH: Final = 45.0  # characters: more columns than this in front of the task would leave no room to scroll
_TIGHTER: Final = 4.5  # points taken off rows without lines around them: all above the body stays in view, frozen
_FILTER_BUTTON: Final = 7.5  # points: Excel lays its buttons over the lower right corner of the column titles
_SORTED_AS_NUMBERS: Final = frozenset({"seq"})
_LONGEST_NUMBER: Final = 6


def write_ledger(book: Book, layout: Layout, dated: date) -> bytes:
    """Write a book in its layout; ``dated`` goes into the file's properties, so that the same input is the same bytes.

    Raises:
        SheetError: the layout is not one that :func:`.layout_file.load_layout` would have let pass.
    """
    form = form_of(layout)
    mark = Marks(book.campaign, book.round, book.token, book.edition, book.plan_version)
    workbook = CheckedWorkbook(_properties(book, mark, dated), cell_formats(layout.style))
    sheet = workbook.sheet(layout.sheet)
    body = _write_top(sheet, form, book)
    _write_body(sheet, form, book, body)
    _finish_sheet(sheet, form, book, body)
    _write_marks(workbook, mark)
    return workbook.to_bytes()


def ledger_cells(book: Book, layout: Layout) -> int:
    """Count the cells that the unit is asked to fill: inputs of this round and of the head that are not prefilled.

    The tick for 本期无变化 and the columns for exceptions are offers, not questions.
    """
    asked = [column.id for column in layout.inputs if column.asked is not Asked.EXCEPTION]
    body = sum(not row.text(column_id) for row in book.rows for column_id in asked)
    inputs = [item.id for item in layout.head_items if item.is_input and item.id != NO_CHANGE]
    return body + sum(not book.head.get(item_id) for item_id in inputs)


def _properties(book: Book, mark: Marks, dated: date) -> Properties:
    return Properties(
        book.title, dated, subject=book.number, keywords=mark.line(), custom={marks.PROPERTY: mark.line()}
    )


def _write_top(sheet: SheetWriter, form: Form, book: Book) -> int:
    """Write everything above the body, set the columns, and give the first row of the body."""
    layout = form.layout
    for place in form.columns:
        sheet.columns(place.index, place.index, place.column.width, "free", hidden=place.hidden)
    sheet.row(TITLE_ROW, max(TITLE_HEIGHT, _height(form, form.across(0), book.title, layout.style.title_size)))
    sheet.merge(form.across(TITLE_ROW), book.title, "title")
    sheet.row(NUMBER_ROW, look.height_of_lines(1, layout.style.note_size) - _TIGHTER)
    sheet.merge(form.across(NUMBER_ROW), f"{layout.number_label}：{book.number}", "number")
    for places in form.head:
        _write_head_row(sheet, form, book, places)
    header = _write_instructions(sheet, form, book)
    sheet.row(header, max(HEADER_HEIGHT, _header_height(form) + _FILTER_BUTTON))
    for place in form.columns:
        sheet.write_string(header, place.index, place.column.title, "header")
    return header + 1


def _write_head_row(sheet: SheetWriter, form: Form, book: Book, places: tuple[HeadPlace, ...]) -> None:
    size, row = form.layout.style.head_size, places[0].label.top
    texts = [(place.value, book.head.get(place.item.id, "")) for place in places]
    texts += [(place.label, place.item.label) for place in places]
    sheet.row(row, max(_height(form, area, text, size) for area, text in texts))
    for place in places:
        item = place.item
        sheet.merge(place.label, item.label, "label")
        sheet.merge(place.value, book.head.get(item.id, ""), "head_input" if item.is_input else "head_value")
        if item.choices:
            sheet.choices(place.value, _texts(item.choices))


def _write_instructions(sheet: SheetWriter, form: Form, book: Book) -> int:
    """Write the instructions, a row each, beside their label; give the row after them."""
    first, lines, size = form.instruction_row, book.instructions, form.layout.style.note_size
    if not lines:
        return first
    labelled = label_columns(form, form.layout.instructions_label, size)
    last = first + len(lines) - 1
    for row, line in enumerate(lines, start=first):
        area, text = form.across(row, labelled), f"{row - first + 1}. {line}"
        sheet.row(row, _height(form, area, text, size) - _TIGHTER)
        if row == first:
            sheet.merge(Area(first, 0, last, labelled - 1), form.layout.instructions_label, "note_label")
        sheet.merge(area, text, "note")
    return last + 1


def _height(form: Form, area: Area, text: str, points: float) -> float:
    return look.row_height([(text, form.width(area), points, 1)])


def _header_height(form: Form) -> float:
    size = form.layout.style.header_size
    return look.row_height((place.column.title, place.column.width, size, 1) for place in form.columns)


def _write_body(sheet: SheetWriter, form: Form, book: Book, first: int) -> None:
    """Write a row for each measure. No cell is locked, none is merged; every row says its task in full."""
    formats, measures = column_formats(form.columns), _measures(form)
    sources = [place.source for place in form.columns]
    for index, row in enumerate(book.rows, start=first):
        texts = [row.text(source) for source in sources]
        height = look.row_height((text, *measure) for text, measure in zip(texts, measures, strict=True))
        sheet.row(index, height, "free", grows=True)
        for column, (text, (blank, filled)) in enumerate(zip(texts, formats, strict=True)):
            if not text:
                sheet.write_blank(index, column, blank)
            elif sources[column] in _SORTED_AS_NUMBERS and _is_number(text):
                sheet.write_number(index, column, int(text), filled)
            else:
                sheet.write_string(index, column, text, filled)


def _measures(form: Form) -> list[tuple[float, float, int]]:
    """Give width, points and lines kept free of each column, for the height of a row."""
    style = form.layout.style
    return [
        (
            place.column.width,
            style.code_size if place.source == "code" else style.body_size,
            place.column.lines if place.column.is_input else 1,
        )
        for place in form.columns
    ]


def _is_number(text: str) -> bool:
    """Tell whether a text is a plain whole number, which sorts rightly only as one (as texts: 1, 10, 11, 2)."""
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER and str(int(text)) == text


def _finish_sheet(sheet: SheetWriter, form: Form, book: Book, body: int) -> None:
    header, last = body - 1, body + len(book.rows) - 1
    table = Area(header, 0, max(last, header), len(form.columns) - 1)
    sheet.autofilter(table)
    sheet.freeze(body, _frozen_columns(form))
    sheet.page(_page(form.layout, book, header))
    sheet.protect()
    if book.rows:
        sheet.numbers_as_text(table)
        _offer_choices(sheet, form, body, last)
        hide_repeats(sheet, form, body, last)


def _frozen_columns(form: Form) -> int:
    """Count the columns up to the task that stay in view; none where they would take the window."""
    task = form.index("task")
    if task is None or form.width(Area(0, 0, 0, task)) > _FROZEN_WIDTH:
        return 0
    return task + 1


def _page(layout: Layout, book: Book, header: int) -> Page:
    footer = f"&L&8 {literal(layout.number_label)}：{literal(book.number)}&C&9第 &P 页  共 &N 页"
    return Page(layout.style.paper, layout.style.landscape, footer=footer, repeated=(header, header))


def _offer_choices(sheet: SheetWriter, form: Form, body: int, last: int) -> None:
    for place in form.columns:
        column, area = place.column, Area(body, place.index, last + _SPARE_ROWS, place.index)
        title = limits.cut(column.title, limits.PROMPT_TITLE, "…")
        if column.choices:
            sheet.choices(area, _texts(column.choices), column.hint, title)
        elif column.hint:
            sheet.prompt(area, column.hint, title)


def _texts(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.text for choice in choices]


def _write_marks(workbook: CheckedWorkbook, mark: Marks) -> None:
    """Say on a very-hidden sheet and in a constant name what the file is; the codes in the rows overrule it."""
    workbook.constant_name(marks.NAME, mark.line())
    sheet = workbook.sheet(marks.SHEET)
    for row, pair in enumerate(mark.table()):
        for column, text in enumerate(pair):
            sheet.write_string(row, column, text, "mark")
    sheet.hide_for_good()
