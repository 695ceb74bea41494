"""The workbook in which the office fills in for the units (代填): a row for each row of the ledgers, all texts.

The contract with :mod:`.prefill_book_read` stands here too. A row is known by the task, unit and measure that it shows.
A hidden column beside the table says which row it was and, for each filled cell, a digest of its text as exported: so
what a clerk typed is told from what merely went out, whatever was returned or changed in the meantime, and in any
format that keeps texts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple

from ledgergen.workbook import limits, look
from ledgergen.workbook.codes import edition_of, normalised
from ledgergen.workbook.layout import Column, Layout
from ledgergen.workbook.marks import REPORT_PROPERTY
from ledgergen.workbook.sheets import Area, CellFormat, CheckedWorkbook, Page, Properties, SheetWriter, literal

SHEET: Final = "代填"
NUMBER_LABEL: Final = "表格编号"
CHECK_TITLE: Final = "校验（勿改）"
KEYS: Final = ("#task", "#unit", "#measure")  # no column of a layout has such an id
CHECK: Final = "#check"
NOTE: Final = (
    "一行是台账里的一行。办公室已经知道的内容填在这里，下发的台账里就预填好，单位不用再填。浅色的已有内容，可以改；"
    "黄色的空着，知道的就填。可以排序、筛选。要撤回代填的内容，删去或写“清空”。"
    "改好存盘，运行 ledgergen prefill apply 本文件。"
)
_NAME: Final = "#name"
_KEY_TITLES: Final = {"#task": "任务编号", _NAME: "任务名称", "#unit": "承担单位", "#measure": "举措编号"}
_KEY_WIDTHS: Final = {"#task": 6.0, _NAME: 14.0, "#unit": 16.0, "#measure": 7.0}
_TITLE_ROW, _NOTE_ROW, _NUMBER_ROW, _HEADER_ROW = range(4)
_BETWEEN: Final = "|"
_BUTTON: Final = 2.6  # characters that the filter's button takes
_BODY: Final = 10.5
_SPARE: Final = 200  # rows below the last one that have lists too
_AS_TYPED: Final = "@"


class PrefillKey(NamedTuple):
    """A row of a ledger as people name it: task id, unit, number of the measure."""

    task: str
    unit: str
    measure: str


@dataclass(frozen=True, slots=True)
class PrefillRow:
    """A row of the workbook: the task's name, the texts known by column id, and which of them are the unit's own."""

    key: PrefillKey
    name: str
    texts: Mapping[str, str] = field(default_factory=dict)
    of_unit: frozenset[str] = frozenset()


def write_prefill_book(title: str, number: str, layout: Layout, rows: Sequence[PrefillRow], dated: date) -> bytes:
    """Write the workbook; the same input gives the same bytes. ``number`` says for what it is (:func:`number_of`)."""
    formats = _formats(layout)
    book = CheckedWorkbook(Properties(title, dated, subject=number, custom={REPORT_PROPERTY: "prefill"}), formats)
    sheet = book.sheet(SHEET)
    columns = [*_key_columns(), *layout.inputs, Column(CHECK, CHECK_TITLE, 12)]
    _write_top(sheet, (title, NOTE, f"{NUMBER_LABEL}：{number}"), columns, formats)
    for index, row in enumerate(rows, start=_HEADER_ROW + 1):
        _write_row(sheet, index, row, columns)
    last = _HEADER_ROW + len(rows)
    table = Area(_HEADER_ROW, 0, last, len(columns) - 1)
    sheet.autofilter(table)
    sheet.numbers_as_text(table)
    sheet.freeze(_HEADER_ROW + 1, len(_KEY_TITLES))
    for index, column in enumerate(columns):
        if column.choices and rows:
            texts = [choice.text for choice in column.choices]
            sheet.choices(Area(_HEADER_ROW + 1, index, last + _SPARE, index), texts)
    footer = f"&L&8 {literal(NUMBER_LABEL)}：{literal(number)}&C&9第 &P 页  共 &N 页"
    sheet.page(Page("A3", footer=footer, repeated=(_HEADER_ROW, _HEADER_ROW)))
    return book.to_bytes()


def number_of(round_id: str, campaign: str) -> str:
    """Compose the workbook's number: for which round of which campaign it is."""
    return f"{round_id} · {campaign}"


def titles_of(layout: Layout) -> dict[str, str]:
    """Map normalised column titles to what stands there: a part of the key, an input's id, or the hidden column."""
    columns = [*layout.inputs, *_key_columns(), Column(CHECK, CHECK_TITLE, 12)]
    return {normalised(column.title): column.id for column in columns}


def check_of(key: PrefillKey, texts: Mapping[str, str]) -> str:
    """Compose what the hidden column says of a row as exported."""
    marks = [f"{column}={digest_of(column, text)}" for column, text in texts.items() if text]
    return _BETWEEN.join([*key, *marks])


def parse_check(text: str) -> tuple[PrefillKey, dict[str, str]] | None:
    """Take it apart: the row, and the digest of each filled cell by column id; None where it is none."""
    parts = text.strip().split(_BETWEEN)
    if len(parts) < len(KEYS) or not all(parts[: len(KEYS)]):
        return None
    marks = dict(part.split("=", 1) for part in parts[len(KEYS) :] if "=" in part)
    return PrefillKey(*parts[: len(KEYS)]), marks


def digest_of(column: str, text: str) -> str:
    """Give a digest of a cell's text, line ends and outer blanks aside: office programs change those."""
    plain = limits.writable(text).replace("\r\n", "\n").strip()
    return edition_of([column, plain]) + edition_of([plain, column])


def _key_columns() -> list[Column]:
    return [Column(name, title, _KEY_WIDTHS[name]) for name, title in _KEY_TITLES.items()]


def _write_top(
    sheet: SheetWriter, texts: tuple[str, str, str], columns: Sequence[Column], formats: Mapping[str, CellFormat]
) -> None:
    for index, column in enumerate(columns):
        sheet.columns(index, index, column.width, "free", hidden=column.id == CHECK)
    shown = len(columns) - 2
    whole = sum(column.width for column in columns[: shown + 1])
    for row, (text, name) in enumerate(zip(texts, ("title", "note", "note"), strict=True)):
        sheet.row(row, look.row_height([(text, whole, formats[name].size, 1)]))
        sheet.merge(Area(row, 0, row, shown), text, name)
    titles = [(column.title, max(column.width - _BUTTON, _BUTTON), _BODY, 1) for column in columns]
    sheet.row(_HEADER_ROW, look.row_height(titles) + 4)
    for index, column in enumerate(columns):
        sheet.write_string(_HEADER_ROW, index, column.title, "header")


def _write_row(sheet: SheetWriter, index: int, row: PrefillRow, columns: Iterable[Column]) -> None:
    fixed = dict(zip(KEYS, row.key, strict=True)) | {_NAME: row.name, CHECK: check_of(row.key, row.texts)}
    columns = list(columns)
    texts = [fixed.get(column.id) or row.texts.get(column.id, "") for column in columns]
    measured = zip(texts, columns, strict=True)
    shown = [(text, column.width, _BODY, 1) for text, column in measured if column.id != CHECK]
    sheet.row(index, look.row_height(shown), "free", grows=True)
    for place, (text, column) in enumerate(zip(texts, columns, strict=True)):
        if column.id in fixed:
            name = "key"
        else:
            name = ("of_unit" if column.id in row.of_unit else "known") if text else "asked"
        sheet.write_string(index, place, text, name)


def _formats(layout: Layout) -> dict[str, CellFormat]:
    style = layout.style
    text = CellFormat(style.body_font, _BODY, border="#A6A6A6", number=_AS_TYPED)
    note = CellFormat(style.body_font, 10, sides=(), colour="#595959")
    return {
        "title": CellFormat(style.title_font, 18, align="center", sides=()),
        "note": note,
        "header": CellFormat(style.header_font, _BODY, align="center", border="#A6A6A6", fill="#E7ECF2"),
        "free": replace(text, sides=()),
        "key": replace(text, fill="#F2F2F2"),
        "known": replace(text, fill="#FFFDF2"),
        "of_unit": replace(text, fill="#FFFDF2", colour="#7F7F7F"),
        "asked": replace(text, fill="#FFF9C4"),
    }
