"""The merged ledger (汇总台账): every measure row of every unit, each text as typed, with its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from ledgergen.report.facts import time_text
from ledgergen.report.formats import BODY
from ledgergen.report.tablesheet import TableColumn, Value
from ledgergen.report.wording import LIGHTS, why
from ledgergen.state.entries import Entry
from ledgergen.state.fold import BookState
from ledgergen.state.official import RowId
from ledgergen.state.picture import Assessed, Picture
from ledgergen.state.standing import Standing
from ledgergen.workbook.codes import row_code
from ledgergen.workbook.layout import OFFICE_COLUMNS, Column, HeadItem, Kind, Layout
from ledgergen.workbook.limits import ROW_HEIGHT
from ledgergen.workbook.look import height_of_lines

AS_ISSUED: Final = "（下发时预填）"
INSERTED: Final = "（单位新增）"
OFFICIAL: Final = "核定表述"
ROW_KEY: Final = "行标识"
CODE: Final = "编码"
SHEET: Final = "汇总台账"
# The columns of the plan's own table of tasks (附件1), and then the unit's part in it.
_PLAN: Final = (
    TableColumn("序号", 5.5, "mid"),
    TableColumn("工作任务", 14),
    TableColumn("工作要求", 30),
    TableColumn("责任单位", 14, "mid"),
    TableColumn("时限要求", 16),
    TableColumn("角色", 7, "mid"),
)
_JUDGED: Final = (
    TableColumn("落实状态（判读）", 10, "state"),
    TableColumn("预警灯", 8, "light"),
    TableColumn("为什么", 26),
    TableColumn(OFFICIAL, 30, "input"),
)
_SOURCE: Final = (
    TableColumn("来源文件", 18, level=1),
    TableColumn("工作表", 8, "mid", level=1),
    TableColumn("单元格", 14, "mid", level=1),
    TableColumn("收到时间", 12, "mid", level=1),
    TableColumn(CODE, 12, "small", level=1),
    TableColumn(ROW_KEY, 12, "small", hidden=True),
)
_WORD: Final = 8  # characters: a column of texts up to this length holds words, another one sentences
_SENTENCE: Final = 18.0  # width of a column that holds sentences, at least
_WIDEST: Final = 60.0
_DIGITS: Final = "0123456789"
_LETTERS: Final = 3  # of a column's name, at most


def layouts_of(found: Picture) -> tuple[Layout, ...]:
    """Give the distinct layouts of a round's ledgers, in the order of issue."""
    distinct: list[Layout] = []
    for unit in found.units:
        layout = unit.book.issued.layout
        if all(layout is not other and layout != other for other in distinct):
            distinct.append(layout)
    return tuple(distinct)


def input_columns(found: Picture) -> tuple[Column, ...]:
    """Give the columns that units fill, each once by its id, with the title of the first layout that has it."""
    columns: dict[str, Column] = {}
    for layout in layouts_of(found):
        for column in layout.inputs:
            if column.id not in OFFICE_COLUMNS:
                columns.setdefault(column.id, column)
    return tuple(columns.values())


def head_inputs(found: Picture) -> tuple[HeadItem, ...]:
    """Give the items of the head block that units fill, each once by its id."""
    items: dict[str, HeadItem] = {}
    for layout in layouts_of(found):
        for item in layout.head_items:
            if item.is_input:
                items.setdefault(item.id, item)
    return tuple(items.values())


class MergedRow(NamedTuple):
    """A row of the merged ledger: its assignment, its entry, and what stands in the columns that units fill."""

    item: Assessed
    entry: Entry
    standings: tuple[Standing | None, ...]


def merged_rows(found: Picture, inputs: Sequence[Column]) -> list[MergedRow]:
    """Give the rows: tasks in the plan's order, in each the units in the order of issue, the rows as in the ledger."""
    names = [column.id for column in inputs]
    return [
        MergedRow(item, entry, tuple(map(entry.standing, names)))
        for task in found.tasks
        for item in task.assignments
        for entry in item.progress.entries
    ]


def summary_columns(rows: Iterable[MergedRow], inputs: Sequence[Column]) -> tuple[TableColumn, ...]:
    """Give the columns of the merged ledger; those with long texts are made wider, so that their rows stay in view."""
    longest = [0] * len(inputs)
    for row in rows:
        for place, standing in enumerate(row.standings):
            if standing is not None and len(standing.text) > longest[place]:
                longest[place] = len(standing.text)
    return (*_PLAN, *map(_input_column, inputs, longest), *_JUDGED, *_SOURCE)


def summary_rows(
    found: Picture, rows: Iterable[MergedRow], official: Mapping[RowId, str] = MappingProxyType({})
) -> Iterator[Sequence[Value]]:
    """Give the rows as they are written.

    ``official``: the office's own words (核定表述) by book token, task and measure.
    """
    came = {unit.unit: _came(unit.book) for unit in found.units}
    whys: dict[int, str] = {}
    for item, entry, standings in rows:
        row, token = entry.row, entry.book.issued.book.token
        if id(item) not in whys:
            whys[id(item)] = why(item.light)
        yield (
            row.text("plan_no"),
            row.text("task"),
            row.text("requirement"),
            entry.unit,
            row.text("time_limit"),
            row.text("role") or entry.book.issued.layout.roles.get(row.role, ""),
            *(standing.text if standing else "" for standing in standings),
            entry.state,
            LIGHTS[item.light.colour],
            whys[id(item)],
            official.get(RowId(token, row.task, row.measure), ""),
            *_source(standings, came[entry.unit]),
            row.code or INSERTED,
            row.code or row_code(token, row.task, row.measure),
        )


def span(cells: Iterable[str]) -> str:
    """Name cells shortly: those of one row from the first to the last one, ``G7:O7、J4``; rows as they come."""
    rows: dict[str, list[str]] = {}
    for cell in cells:
        letters = cell.rstrip(_DIGITS)
        if letters.isupper() and letters.isascii() and len(letters) < len(cell):
            rows.setdefault(cell[len(letters) :], []).append(letters.rjust(_LETTERS))  # so that AA comes after Z
        else:
            rows.setdefault(cell, [])
    return "、".join(_row_span(row, columns) for row, columns in rows.items())


def _row_span(row: str, columns: list[str]) -> str:
    if not columns:
        return row
    first, last = min(columns).lstrip(), max(columns).lstrip()
    return f"{first}{row}" if first == last else f"{first}{row}:{last}{row}"


def _input_column(column: Column, longest: int) -> TableColumn:
    if column.kind is not Kind.TEXT or longest <= _WORD:
        return TableColumn(column.title, column.width, "mid")
    line = height_of_lines(1, BODY) - height_of_lines(0, BODY)
    needed = (longest * line / ROW_HEIGHT + 2) * BODY * 96 / 72 / 7  # characters of width, were each of the text 1 em
    width = max(column.width, _SENTENCE if longest > 2 * _WORD else 0, min(needed, _WIDEST))
    return TableColumn(column.title, round(width, 1), "text")


def _source(standings: Iterable[Standing | None], came: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Say where a row's values come from: files, sheets, cells and times, a line for each file and sheet."""
    places: dict[tuple[str, str, str], list[str]] = {}
    issued = False
    for standing in standings:
        if standing is None:
            continue
        source = standing.source
        if source.cell:
            places.setdefault((source.sha256, source.name, source.sheet), []).append(source.cell)
        else:
            issued = True
    if not places:
        return (AS_ISSUED if issued else "", "", "", "")
    return (
        "\n".join(name for _, name, _ in places),
        "\n".join(sheet for _, _, sheet in places),
        "\n".join(map(span, places.values())),
        "\n".join(came.get(sha256, "") for sha256, _, _ in places),
    )


def _came(book: BookState) -> Mapping[str, str]:
    """Give by the hash of each parcel of a book when it was received, else first collected."""
    parcels = [receipt.parcel for receipt in reversed(book.receipts)]
    return {parcel.sha256: time_text(parcel.received or parcel.collected) for parcel in parcels}
