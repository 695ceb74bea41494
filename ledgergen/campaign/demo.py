"""The demo's clerks: fill the issued ledgers with an example's invented answers, openly a demonstration.

openpyxl types here as a clerk would, into the cells beneath the layout's titles; a few workbooks are mistreated as
clerks do (sorted, columns moved, sheet renamed, rows inserted or deleted, pasted into a fresh workbook).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from ledgergen.campaign.chronicle import read_chronicle
from ledgergen.campaign.folder import Folder, read_bytes, read_settings
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.returns.shelf import Issued
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE, Layout

ANSWERS_FILE: Final = "answers.yaml"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one unit's clerk writes: the head block, texts by task (several where a row is added), and oddities."""

    unit: str
    file: str
    saved: str
    edits: tuple[str, ...]
    head: Mapping[str, str]
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    rest: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A ledger's sheet with the places that the layout's titles name (rows and columns from 1)."""

    sheet: Worksheet
    header: int
    columns: Mapping[str, int]

    @property
    def body(self) -> range:
        return range(self.header + 1, self.sheet.max_row + 1)


def answers_round(folder: Folder) -> str:
    """Give the round for which the example has answers."""
    return str(_answers(folder)["round"])


def fill_as_clerks(folder: Folder, round_id: str) -> Iterator[tuple[str, list[Path]]]:
    """Fill the issued ledgers of a round and drop them into ``inbox/``, delivery by delivery.

    Gives the day of each delivery (ISO) and the files it brought: those saved by the due date come in on that day, each
    later one on the day it was saved.
    """
    history = read_chronicle(folder.root).history
    issued = {item.book.unit: item for item in history.issued if item.book.round == round_id}
    due = next(each.due for each in read_settings(folder).rounds if each.id == round_id).isoformat()
    answers = [_answer(stored) for stored in cast("list[dict[str, object]]", _answers(folder)["answers"])]
    for day in sorted({max(answer.saved, due) for answer in answers}):
        delivered = [answer for answer in answers if max(answer.saved, due) == day and answer.unit in issued]
        yield day, [_fill(folder, round_id, issued[answer.unit], answer) for answer in delivered]


def _answers(folder: Folder) -> Mapping[str, object]:
    document, findings = read_yaml(read_bytes(folder.root / ANSWERS_FILE), ANSWERS_FILE)
    if document is None:
        raise AssertionError(findings)
    return cast("Mapping[str, object]", document.written())


def _answer(stored: Mapping[str, object]) -> _Answer:
    rows = cast("Mapping[str, object]", stored.get("rows") or {})
    listed = {task: texts if isinstance(texts, list) else [texts] for task, texts in rows.items()}
    return _Answer(
        unit=str(stored["unit"]),
        file=str(stored.get("file") or ""),
        saved=str(stored.get("saved") or ""),
        edits=tuple(cast("list[str]", stored.get("edits") or [])),
        head=cast("Mapping[str, str]", stored.get("head") or {}),
        rows=cast("Mapping[str, Sequence[Mapping[str, str]]]", listed),
        rest=cast("Mapping[str, str]", stored.get("rest") or {}),
    )


def _fill(folder: Folder, round_id: str, issued: Issued, answer: _Answer) -> Path:
    """Open a ledger, type, mistreat it where the answer says so, and save it into the inbox."""
    workbook = load_workbook(folder.ledgers(round_id) / issued.name)
    sheet = _find(workbook[issued.layout.sheet], issued.layout)
    _type_head(sheet, issued.layout, answer.head)
    _type_rows(sheet, answer)
    for edit in answer.edits:
        workbook = _EDITS[edit](workbook, sheet)
    if answer.saved:
        workbook.properties.modified = datetime.fromisoformat(f"{answer.saved}T17:00:00")
    path = folder.inbox / (answer.file or issued.name)
    path.parent.mkdir(exist_ok=True)
    workbook.save(path)
    return path


def _find(sheet: Worksheet, layout: Layout) -> _Sheet:
    for row in range(1, sheet.max_row + 1):
        titles = {normalised(str(cell.value)): cell.column for cell in sheet[row] if cell.value is not None}
        columns = {name: titles[title] for title, name in layout.titles.items() if title in titles}
        if len(columns) == len(layout.columns):
            columns["hidden_code"] = titles[normalised(HIDDEN_CODE_TITLE)]
            return _Sheet(sheet, row, columns)
    raise AssertionError("a ledger has its titles")


def _type_head(found: _Sheet, layout: Layout, texts: Mapping[str, str]) -> None:
    for row in found.sheet.iter_rows(max_row=found.header - 1):
        for cell in row:
            item = layout.labels.get(normalised(str(cell.value)), "") if cell.value else ""
            if item in texts:
                _right_of(found.sheet, cast("Cell", cell)).value = texts[item]


def _right_of(sheet: Worksheet, label: Cell) -> Cell:
    """Give the cell right of a label's merged range."""
    merged = next((area for area in sheet.merged_cells.ranges if label.coordinate in area), None)
    return cast("Cell", sheet.cell(label.row, (merged.max_col if merged else label.column) + 1))


def _type_rows(found: _Sheet, answer: _Answer) -> None:
    for row in found.body:
        task = str(found.sheet.cell(row, found.columns["plan_no"]).value)
        texts = answer.rows.get(task, [answer.rest])
        _type(found, row, texts[0])
    for task, texts in answer.rows.items():
        for further in texts[1:]:
            _add_measure(found, task, further)


def _add_measure(found: _Sheet, task: str, texts: Mapping[str, str]) -> None:
    """Add a measure as the instructions say: copy the task's row, and write the new measure over it."""
    like = next(row for row in found.body if str(found.sheet.cell(row, found.columns["plan_no"]).value) == task)
    row = found.sheet.max_row + 1
    kept = [found.columns[name] for name in ("plan_no", "role", "task", "requirement", "time_limit", "code")]
    for column in kept:
        _copy(found.sheet.cell(like, column), found.sheet.cell(row, column))
    _type(found, row, texts)


def _type(found: _Sheet, row: int, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        cell = found.sheet.cell(row, found.columns[name])
        cell.value = text
        cell.data_type = "s"  # a clerk's text that begins with "=" in a text cell is a text


def _copy(source: object, target: object) -> None:
    old, new = cast("Cell", source), cast("Cell", target)
    new.value = old.value
    if old.has_style:
        new.number_format = old.number_format
        for part in ("font", "fill", "border", "alignment", "protection"):
            setattr(new, part, copy(getattr(old, part)))


def _sort(workbook: Workbook, found: _Sheet) -> Workbook:
    """Sort the body by the state of its rows."""
    lines = [[cell.value for cell in found.sheet[row]] for row in found.body]
    lines.sort(key=lambda line: str(line[found.columns["status"] - 1] or ""))
    _rewrite(found, lines)
    return workbook


def _move_columns(workbook: Workbook, found: _Sheet) -> Workbook:
    """Exchange two columns, titles included."""
    one, other = found.columns["leader"], found.columns["progress"]
    for row in range(found.header, found.sheet.max_row + 1):
        first, second = found.sheet.cell(row, one), found.sheet.cell(row, other)
        first.value, second.value = second.value, first.value
    return workbook


def _rename_sheet(workbook: Workbook, found: _Sheet) -> Workbook:
    found.sheet.title = "Sheet1（2）"
    return workbook


def _insert_row(workbook: Workbook, found: _Sheet) -> Workbook:
    """Put an empty row between the rows."""
    found.sheet.insert_rows(found.header + 2)
    return workbook


def _drop_row(workbook: Workbook, found: _Sheet) -> Workbook:
    """Delete the second row of the body."""
    found.sheet.delete_rows(found.header + 2)
    return workbook


def _paste_fresh(workbook: Workbook, found: _Sheet) -> Workbook:
    """Paste title, head and table as values into a fresh workbook."""
    del workbook
    fresh = Workbook()
    target = fresh.worksheets[0]
    for row in found.sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                target.cell(cell.row, cell.column).value = cell.value
                target.cell(cell.row, cell.column).data_type = cell.data_type
    return fresh


def _rewrite(found: _Sheet, lines: Iterable[Sequence[object]]) -> None:
    for row, line in zip(found.body, lines, strict=True):
        for column, value in enumerate(line, start=1):
            cell = cast("Cell", found.sheet.cell(row, column))
            cell.value = cast("str", value)
            if isinstance(value, str):
                cell.data_type = "s"


_EDITS: Final[Mapping[str, Callable[[Workbook, _Sheet], Workbook]]] = {
    "sort": _sort,
    "move_columns": _move_columns,
    "rename_sheet": _rename_sheet,
    "insert_row": _insert_row,
    "drop_row": _drop_row,
    "paste_fresh": _paste_fresh,
}
