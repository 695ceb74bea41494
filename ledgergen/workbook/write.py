"""Write a unit's ledger: a book's content in its layout's form, as the bytes of an xlsx file.

The body can be sorted, filtered, copied and enlarged on the protected sheet, because it holds no locked and no merged
cell: Excel and LibreOffice refuse to sort a range that holds one, and LibreOffice to insert a row there. That it looks
like the merged blocks of a plan's own form (附件2) is the work of :mod:`.blocks`.
"""

from datetime import date
from typing import Final

from ledgergen.records import Book
from ledgergen.workbook import limits, look, marks, paper
from ledgergen.workbook.blocks import hide_repeats
from ledgergen.workbook.collapse import hidden_note, shown_rows
from ledgergen.workbook.form import NUMBER_ROW, TITLE_ROW, Form, HeadPlace, form_of, label_columns
from ledgergen.workbook.formats import WANTED, cell_formats, column_formats, head_format
from ledgergen.workbook.layout import Choice, Layout
from ledgergen.workbook.marks import Marks
from ledgergen.workbook.sheets import Area, CheckedWorkbook, Page, Properties, Rule, SheetWriter, literal
from ledgergen.workbook.wanted import mark_wanted

TITLE_HEIGHT: Final = 42.0
HEADER_HEIGHT: Final = 30.0
_SPARE_ROWS: Final = 200  # rows below the last one that have lists and prompts too, for rows that a unit appends
_GAP_HEIGHT: Final = 9.0  # points of the row between the table and the foot
_SIGNED_HEIGHT: Final = 30.0  # points of a row of the foot, where people sign
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
    workbook = CheckedWorkbook(ledger_properties(book, dated), cell_formats(layout.style))
    write_sheet(workbook, book, layout)
    write_marks(workbook, book)
    return workbook.to_bytes()


def write_sheet(
    workbook: CheckedWorkbook, book: Book, layout: Layout, wanted: Rule = WANTED
) -> tuple[SheetWriter, Form, int]:
    """Write the sheet of a ledger; give it with the places of its layout and the first row of its body.

    ``wanted`` is what a blank cell looks like that another answer wants filled.
    """
    form, sheet = form_of(layout), workbook.sheet(layout.sheet)
    body = _write_top(sheet, form, book)
    _write_body(sheet, form, book, body)
    _write_foot(sheet, form, book, body + len(book.rows))
    _finish_sheet(sheet, form, book, body, wanted)
    return sheet, form, body


def ledger_cells(book: Book, layout: Layout) -> int:
    """Count the cells that the unit is asked to fill: those that are yellow when it opens the ledger.

    Of rows that are due the columns that this face asks, and of the head block its inputs, where nothing is prefilled.
    The tick for 本期无变化, columns for exceptions or wanted only with some answers, and signatures are not counted.
    """
    asked = [column.id for column in layout.inputs if layout.asks(column)]
    body = sum(not row.text(column_id) for row in book.rows if row.due for column_id in asked)
    return body + sum(not book.head.get(item.id) for item in layout.head_items if layout.asks_item(item))


def ledger_properties(book: Book, dated: date) -> Properties:
    """Give the properties of a ledger's file, which say whose it is."""
    mark = _marks(book)
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
    _write_number(sheet, form, book)
    for places in form.head:
        _write_head_row(sheet, form, book, places)
    header = _write_instructions(sheet, form, book)
    sheet.row(header, max(HEADER_HEIGHT, _header_height(form) + _FILTER_BUTTON))
    for place in form.columns:
        sheet.write_string(header, place.index, place.column.title, "header")
    return header + 1


def _write_number(sheet: SheetWriter, form: Form, book: Book) -> None:
    """Write the ledger's number at the right, and at the left how many rows are hidden, if any."""
    layout, note = form.layout, hidden_note(book, form.layout)
    size, first = layout.style.note_size, form.number_from() if note else 0
    left = Area(NUMBER_ROW, 0, NUMBER_ROW, max(first - 1, 0))
    sheet.row(NUMBER_ROW, _height(form, left, note, size) - _TIGHTER)
    if note:
        sheet.merge(left, note, "notice")
    sheet.merge(form.across(NUMBER_ROW, first), f"{layout.number_label}：{book.number}", "number")


def _write_head_row(sheet: SheetWriter, form: Form, book: Book, places: tuple[HeadPlace, ...]) -> None:
    size, row = form.layout.style.head_size, places[0].label.top
    texts = [(place.value, book.head.get(place.item.id, "")) for place in places]
    texts += [(place.label, place.item.label) for place in places]
    sheet.row(row, max(_height(form, area, text, size) for area, text in texts))
    for place in places:
        item, text = place.item, book.head.get(place.item.id, "")
        sheet.merge(place.label, item.label, "label")
        sheet.merge(place.value, text, head_format(form.layout, item, text))
        if item.choices:
            sheet.choices(place.value, _texts(item.choices))


def _write_instructions(sheet: SheetWriter, form: Form, book: Book) -> int:
    """Write the instructions, a row each, beside their label if it has a fitting place; give the row after them."""
    first, lines, size = form.instruction_row, book.instructions, form.layout.style.note_size
    if not lines:
        return first
    labelled = label_columns(form, form.layout.instructions_label, size)
    last = first + len(lines) - 1
    for row, line in enumerate(lines, start=first):
        area, text = form.across(row, labelled), f"{row - first + 1}. {line}"
        sheet.row(row, _height(form, area, text, size) - _TIGHTER)
        if row == first and labelled:
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
    due, later = (column_formats(form, due=each) for each in (True, False))
    sources, measures = [place.source for place in form.columns], _measures(form)
    least = look.row_height((_longest_code(book), *measures[index]) for index in _code_columns(form))
    shown = {row.number for row in shown_rows(book)}
    for index, row in enumerate(book.rows, start=first):
        texts = [row.text(source) for source in sources]
        measured = ((texts[column], *measure) for column, measure in measures.items() if sources[column] != "code")
        sheet.row(index, max(least, look.row_height(measured)), "free", grows=True, hidden=row.number not in shown)
        formats = due if row.due else later
        for column, (text, (blank, filled)) in enumerate(zip(texts, formats, strict=True)):
            if not text:
                sheet.write_blank(index, column, blank)
            elif sources[column] in _SORTED_AS_NUMBERS and _is_number(text):
                sheet.write_number(index, column, int(text), filled)
            else:
                sheet.write_string(index, column, text, filled)


def _write_foot(sheet: SheetWriter, form: Form, book: Book, gap: int) -> None:
    """Write the items below the table: labels, and beside each a line to sign on or to type into."""
    size = form.layout.style.head_size
    for places in form.foot(gap + 1):
        if places[0].label.top == gap + 1:
            sheet.row(gap, _GAP_HEIGHT, "free", grows=True)
        texts = [(place.value, book.head.get(place.item.id, "")) for place in places]
        sheet.row(places[0].label.top, max(_SIGNED_HEIGHT, *(_height(form, *each, size) for each in texts)))
        for place, (area, text) in zip(places, texts, strict=True):
            sheet.merge(place.label, f"{place.item.label}：", "foot_label")
            sheet.merge(area, text, "foot_value")


def _measures(form: Form) -> dict[int, tuple[float, float, int]]:
    """Give width, points and lines kept free of each column that shows, by its index, for the height of a row."""
    style = form.layout.style
    return {
        place.index: (
            place.column.width,
            style.code_size if place.source == "code" else style.body_size,
            place.column.lines if place.column.is_input else 1,
        )
        for place in form.columns
        if not place.hidden
    }


def _code_columns(form: Form) -> list[int]:
    return [place.index for place in form.columns if place.source == "code" and not place.hidden]


def _longest_code(book: Book) -> str:
    """Give the code that takes most room; each is another, so that measuring them all would take long."""
    return max((row.code for row in book.rows), key=len, default="")


def _is_number(text: str) -> bool:
    """Tell whether a text is a plain whole number, which sorts rightly only as one (as texts: 1, 10, 11, 2)."""
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER and str(int(text)) == text


def _finish_sheet(sheet: SheetWriter, form: Form, book: Book, body: int, wanted: Rule) -> None:
    header, last = body - 1, body + len(book.rows) - 1
    table = Area(header, 0, max(last, header), len(form.columns) - 1)
    sheet.autofilter(table)
    if len(shown := shown_rows(book)) < len(book.rows):
        sheet.show_only(form.index("seq") or 0, [str(row.number) for row in shown])
    sheet.freeze(body, _frozen_columns(form))
    sheet.page(_page(form, book, header))
    sheet.protect()
    if book.rows:
        spare = last + (1 if form.layout.foot else _SPARE_ROWS)
        sheet.numbers_as_text(table)
        _offer_choices(sheet, form, body, spare)
        hide_repeats(sheet, form, body, last)
        mark_wanted(sheet, form, body, spare, wanted)


def _frozen_columns(form: Form) -> int:
    """Count the columns up to the task that stay in view; none where they would take the window."""
    task = form.task
    if task is None or form.width(Area(0, 0, 0, task)) > _FROZEN_WIDTH:
        return 0
    return task + 1


def _page(form: Form, book: Book, header: int) -> Page:
    layout, scale = form.layout, paper.print_scale(form.layout)
    footer = f"&L&8 {literal(layout.number_label)}：{literal(book.number)}&C&9第 &P 页  共 &N 页"
    beside = (0, form.task) if scale and form.task is not None else None
    return Page(
        layout.style.paper,
        layout.style.landscape,
        paper.MARGIN,
        footer=footer,
        scale=scale,
        repeated=(header, header),
        repeated_columns=beside,
    )


def _offer_choices(sheet: SheetWriter, form: Form, body: int, last: int) -> None:
    for place in form.columns:
        column, area = place.column, Area(body, place.index, last, place.index)
        title = limits.cut(column.title, limits.PROMPT_TITLE, "…")
        if column.choices:
            sheet.choices(area, _texts(column.choices), column.hint, title)
        elif column.hint:
            sheet.prompt(area, column.hint, title)


def _texts(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.text for choice in choices]


def _marks(book: Book) -> Marks:
    return Marks(book.campaign, book.round, book.token, book.edition, book.plan_version)


def write_marks(workbook: CheckedWorkbook, book: Book) -> None:
    """Say on a very-hidden sheet and in a constant name what the file is; the codes in the rows overrule it."""
    mark = _marks(book)
    workbook.constant_name(marks.NAME, mark.line())
    sheet = workbook.sheet(marks.SHEET)
    for row, pair in enumerate(mark.table()):
        for column, text in enumerate(pair):
            sheet.write_string(row, column, text, "mark")
    sheet.hide_for_good()
