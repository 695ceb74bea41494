"""The kick-back file (退回补正): a unit's ledger as it stands, wrong cells coloured, and a sheet that lists them.

Written afresh from values: nothing of the file that came in goes out again (safety rules).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ledgergen.records import Book
from ledgergen.report.told import Point
from ledgergen.state.standing import HEAD, RowKey
from ledgergen.workbook import look
from ledgergen.workbook.form import Form
from ledgergen.workbook.formats import WANTED, cell_formats, column_formats
from ledgergen.workbook.layout import Layout, Style
from ledgergen.workbook.sheets import Area, CellFormat, CheckedWorkbook, Page, Rule, SheetWriter, cell_name, literal
from ledgergen.workbook.write import ledger_properties, write_marks, write_sheet

SHEET: Final = "退回补正说明"
INSTRUCTION: Final = (
    "橙色单元格须更正或补填，浅橙色的请核对，逐条说明见“退回补正说明”工作表；"
    "其余内容照贵单位报送的带入，改好后直接用本文件回复。"
)
_TITLE: Final = "台账退回补正说明"
_ORANGE: Final = "#F8CBAD"
_PALE_ORANGE: Final = "#FCE8DC"
_LINE: Final = "#A6A6A6"
_COLUMNS: Final = (
    ("序号", 5.0, "mid"),
    ("性质", 9.0, "mid"),
    ("报送文件中的位置", 13.0, "mid"),
    ("本文件中的位置", 10.0, "mid"),
    ("任务", 20.0, "text"),
    ("栏目", 13.0, "mid"),
    ("所填内容", 24.0, "text"),
    ("问题", 32.0, "text"),
    ("请这样改", 32.0, "text"),
)
_WIDTHS: Final = tuple(width for _, width, _ in _COLUMNS)
_GRAVE: Final = 1  # the column that says how grave it is
_AIR: Final = 10.0  # points around the title
_MUST: Final = "须补正"
_MAY: Final = "请核对"
_Places = Callable[[RowKey, str], str]


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands above the list: paragraphs; and the file's own day, for its properties."""

    paragraphs: Sequence[str]
    dated: date


def kickback_workbook(book: Book, layout: Layout, points: Sequence[Point], letter: Letter) -> tuple[bytes, Book]:
    """Write the file: give its bytes, and the book with the texts of the first sheet, which come back with the ledger.

    ``book`` is the one of :func:`ledgergen.state.correction.corrected_book`.
    """
    formats = {**cell_formats(layout.style), **_formats(layout.style)}
    workbook = CheckedWorkbook(ledger_properties(book, letter.dated), formats)
    first = workbook.sheet(SHEET if layout.sheet != SHEET else f"{SHEET}（首页）")
    blank = any(point.must and not point.text for point in points)
    sheet, form, body = write_sheet(workbook, book, layout, Rule(fill=_ORANGE) if blank else WANTED)
    rows = {(row.task, row.measure): body + index for index, row in enumerate(book.rows)}
    _colour(sheet, form, book, rows, points)
    texts = _write_list(first, layout.style, points, letter, _placed(form, rows))
    write_marks(workbook, book)
    return workbook.to_bytes(), replace(book, beside=tuple(dict.fromkeys(texts)))


def _formats(style: Style) -> dict[str, CellFormat]:
    known = cell_formats(style)
    text = CellFormat(style.body_font, style.body_size, border=_LINE, number="@")
    return {
        **{f"wrong_{end}": replace(known[f"asked_{end}"], fill=_ORANGE) for end in ("mid", "left")},
        **{f"doubt_{end}": replace(known[f"asked_{end}"], fill=_PALE_ORANGE) for end in ("mid", "left")},
        "wrong_head": replace(known["head_known"], fill=_ORANGE),
        "doubt_head": replace(known["head_known"], fill=_PALE_ORANGE),
        "list_title": CellFormat(style.title_font, style.title_size, align="center", sides=()),
        "list_letter": CellFormat(style.body_font, style.head_size + 1, sides=()),
        "list_header": replace(known["header"], border=_LINE),
        "list_text": text,
        "list_mid": replace(text, align="center"),
        "list_must": replace(text, align="center", fill=_ORANGE),
        "list_may": replace(text, align="center", fill=_PALE_ORANGE),
    }


def _placed(form: Form, rows: Mapping[RowKey, int]) -> _Places:
    """Make a function that names a field's cell on the ledger's sheet; empty where it has none."""
    heads = {
        place.item.id: cell_name(place.value.top, place.value.left, fixed=False) for row in form.head for place in row
    }

    def place(key: RowKey, field: str) -> str:
        if key == HEAD:
            return heads.get(field, "")
        index = form.index(field)
        return cell_name(rows[key], index, fixed=False) if key in rows and index is not None else ""

    return place


def _colour(sheet: SheetWriter, form: Form, book: Book, rows: Mapping[RowKey, int], points: Sequence[Point]) -> None:
    """Colour what is wrong, and give what is filled already the colour of what may be left as it is.

    A blank that is wanted is coloured by a rule instead, which lets go of it once it is filled.
    """
    looks: dict[tuple[RowKey, str], str] = {}
    for point in points:
        place = (point.key, point.field)
        looks[place] = "wrong" if point.must else looks.get(place, "doubt")
    formats = column_formats(form, due=True)
    for row in book.rows:
        key = (row.task, row.measure)
        for each in form.columns:
            text = row.own.get(each.column.id, "") if each.column.is_input else ""
            if text:
                end = formats[each.index][1].rpartition("_")[2]
                sheet.write_string(rows[key], each.index, text, f"{looks.get((key, each.column.id), 'known')}_{end}")
    for head in (place for places in form.head for place in places):
        if look_ := looks.get((HEAD, head.item.id)):
            _fill(sheet, head.value, book.head.get(head.item.id, ""), f"{look_}_head")


def _fill(sheet: SheetWriter, area: Area, text: str, name: str) -> None:
    """Give a merged range another look: all its cells, for each draws its own."""
    for column in range(area.left, area.right + 1):
        sheet.write_blank(area.top, column, name)
    sheet.write_string(area.top, area.left, text, name)


def _write_list(sheet: SheetWriter, style: Style, points: Sequence[Point], letter: Letter, place: _Places) -> list[str]:
    """Write title, letter and list; give every text that was written."""
    for index, width in enumerate(_WIDTHS):
        sheet.columns(index, index, width)
    header, last = _write_letter(sheet, style, letter), len(_COLUMNS) - 1
    titles = [title for title, _, _ in _COLUMNS]
    _write_row(sheet, header, titles, ["list_header"] * len(titles), style.header_size)
    texts = [_TITLE, *letter.paragraphs, *titles]
    for number, point in enumerate(points, start=1):
        values = _values(number, point, place)
        names = [f"list_{name}" for _, _, name in _COLUMNS]
        names[_GRAVE] = "list_must" if point.must else "list_may"
        _write_row(sheet, header + number, values, names, style.body_size)
        texts += values
    sheet.freeze(header + 1, 0)
    sheet.numbers_as_text(Area(header, 0, header + len(points), last))
    sheet.page(Page(footer=f"&L&8 {literal(SHEET)}&R&9第 &P 页  共 &N 页", repeated=(header, header)))
    return [text for text in texts if text]


def _write_letter(sheet: SheetWriter, style: Style, letter: Letter) -> int:
    """Write title and letter over all columns; give the row after them."""
    above = [(_TITLE, "list_title", style.title_size)]
    above += [(text, "list_letter", style.head_size + 1) for text in letter.paragraphs]
    for row, (text, name, size) in enumerate(above):
        sheet.row(row, look.row_height([(text, sum(_WIDTHS), size, 1)]) + (_AIR if row == 0 else 0))
        sheet.merge(Area(row, 0, row, len(_COLUMNS) - 1), text, name)
    return len(above)


def _write_row(sheet: SheetWriter, row: int, texts: Sequence[str], names: Sequence[str], size: float) -> None:
    cells = ((text, width, size, 1) for text, width in zip(texts, _WIDTHS, strict=True))
    sheet.row(row, look.row_height(cells))
    for index, (text, name) in enumerate(zip(texts, names, strict=True)):
        sheet.write_string(row, index, text, name)


def _values(number: int, point: Point, place: _Places) -> tuple[str, ...]:
    severity = _MUST if point.must else _MAY
    here = place(point.key, point.field)
    return (str(number), severity, point.came, here, point.task, point.title, point.text, point.problem, point.remedy)
