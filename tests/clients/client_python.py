"""A clerk's scripts in Python: with openpyxl, which keeps the workbook, and with pandas, which keeps the values."""
# ruff: noqa: ANN401 - actions have arguments of all kinds, and the cells of openpyxl are of several

import math
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from clerk import put
from client_hand import Action

TITLE = "序号"  # what the first column of every ledger is called


class OpenpyxlHand:
    """A workbook open in openpyxl."""

    def __init__(self, path: Path, sheet: int) -> None:
        self.book = load_workbook(path)
        self.sheet: Any = self.book.worksheets[sheet]

    def act(self, name: str, *arguments: Any) -> None:
        """Do one action."""
        getattr(self, name)(*arguments)

    def save(self, path: Path) -> None:
        """Save."""
        self.book.save(path)

    def text(self, row: int, column: int, text: str) -> None:
        """Type a text; it stays one."""
        put(self._free(row, column), text)

    pasted = text

    def day(self, row: int, column: int, text: str) -> None:
        """Type a day."""
        cell = self._free(row, column)
        cell.value, cell.number_format = date.fromisoformat(text), "yyyy-mm-dd"

    def number(self, row: int, column: int, value: float) -> None:
        """Type a number."""
        cell = self._free(row, column)
        cell.value, cell.number_format = value, "0"

    def percent(self, row: int, column: int, value: float) -> None:
        """Type a number that is shown as a percentage."""
        cell = self._free(row, column)
        cell.value, cell.number_format = value, "0%"

    def _free(self, row: int, column: int) -> Any:
        """Give a cell; where a merged range covers it, that range is taken apart first."""
        name = f"{get_column_letter(column + 1)}{row + 1}"
        for area in [each for each in self.sheet.merged_cells.ranges if name in each and each.start_cell is not None]:
            if (area.min_row, area.min_col) != (row + 1, column + 1):
                self.sheet.unmerge_cells(str(area))
        return self.sheet.cell(row + 1, column + 1)

    def clear(self, top: int, left: int, bottom: int, right: int) -> None:
        """Clear cells."""
        for line in self.sheet.iter_rows(top + 1, bottom + 1, left + 1, right + 1):
            for cell in line:
                cell.value = None

    def insert_rows(self, row: int, count: int) -> None:
        """Insert rows."""
        self.sheet.insert_rows(row + 1, count)

    def delete_rows(self, rows: Sequence[int]) -> None:
        """Delete rows."""
        for row in sorted(rows, reverse=True):
            self.sheet.delete_rows(row + 1)

    def copy_row(self, row: int, to: int) -> None:
        """Copy a row into a new one."""
        self.sheet.insert_rows(to + 1)
        for cell in self.sheet[row + 1]:
            fresh = self.sheet.cell(to + 1, cell.column)
            fresh.value, fresh.data_type, fresh._style = cell.value, cell.data_type, copy(cell._style)

    def insert_column(self, column: int) -> None:
        """Insert a column."""
        self.sheet.insert_cols(column + 1)

    def delete_column(self, column: int) -> None:
        """Delete a column."""
        self.sheet.delete_cols(column + 1)

    def move_column(self, source: int, target: int) -> None:
        """Move the cells of a column that belong to the table."""
        header = next(row for row in range(1, 30) if self.sheet.cell(row, 1).value == TITLE)
        for row in range(header, self.sheet.max_row + 1):
            cells = [self.sheet.cell(row, column + 1) for column in range(target, source + 1)]
            values = [cell.value for cell in cells]
            for cell, value in zip(cells, [values[-1], *values[:-1]], strict=True):
                put(cell, value)

    def sort(self, *where: Any) -> None:
        """Sort rows by the texts of a column."""
        top, left, bottom, right, key, descending = where
        area = list(self.sheet.iter_rows(top + 1, bottom + 1, left + 1, right + 1))
        for each in [each for each in self.sheet.merged_cells.ranges if each.max_row > top + 1]:
            self.sheet.unmerge_cells(str(each))
        lines = [[(cell.value, cell.data_type) for cell in line] for line in area]
        lines.sort(key=lambda line: str(line[key - left][0] or ""), reverse=bool(descending))
        for cells, line in zip(area, lines, strict=True):
            for cell, (value, kind) in zip(cells, line, strict=True):
                cell.value = value
                cell.data_type = kind

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge cells."""
        self.sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)

    def show_column(self, column: int) -> None:
        """Show a column."""
        self.sheet.column_dimensions[get_column_letter(column + 1)].hidden = False

    def hide_rows(self, rows: Sequence[int]) -> None:
        """Hide rows."""
        for row in rows:
            self.sheet.row_dimensions[row + 1].hidden = True

    def filter_delete(self, _column: int, _text: str, rows: Sequence[int], *_body: int) -> None:
        """Delete the rows that a filter would show."""
        self.delete_rows(rows)

    def rename_sheet(self, name: str) -> None:
        """Rename the sheet."""
        self.sheet.title = name

    def add_sheet(self, name: str, lines: Sequence[Sequence[str]]) -> None:
        """Add a sheet."""
        made = self.book.create_sheet(name)
        for line in lines:
            made.append(list(line))

    def new_book(self) -> None:
        """Copy the sheet cell by cell into a new workbook."""
        made = self._emptied(self.sheet.title)
        for line in self.sheet.iter_rows():
            for cell in line:
                if cell.value is not None:
                    fresh = made.cell(cell.row, cell.column)
                    fresh.value, fresh.data_type, fresh.number_format = cell.value, cell.data_type, cell.number_format
        for area in self.sheet.merged_cells.ranges:
            made.merge_cells(str(area))
        self.sheet = made

    def _emptied(self, title: str) -> Any:
        self.book = Workbook()
        made = self.book.worksheets[0]
        made.title = title
        return made

    def values_only(self) -> None:
        """Copy the values into a new workbook."""
        old, self.sheet = self.sheet, self._emptied("Sheet1")
        for line in old.iter_rows():
            for cell in line:
                if cell.value is not None:
                    put(self.sheet.cell(cell.row, cell.column), cell.value)

    def paste_into(self, path: str, *area: int) -> None:
        """Paste the table over that of another ledger, and delete what is left of the other's rows."""
        top, left, bottom, right = area
        old, self.book = self.sheet, load_workbook(path)
        self.sheet = self.book.worksheets[0]
        first = next(row for row in range(1, 30) if self.sheet.cell(row, 1).value == TITLE) + 1
        for line in old.iter_rows(top + 1, bottom + 1, left + 1, right + 1):
            for cell in line:
                put(self.sheet.cell(first + cell.row - top - 1, cell.column), cell.value)
        left_over = first + bottom - top + 1
        self.sheet.delete_rows(left_over, max(self.sheet.max_row - left_over + 1, 0))

    def freeze(self, row: int, column: int) -> None:
        """Freeze panes."""
        self.sheet.freeze_panes = f"{get_column_letter(column + 1)}{row + 1}"

    def colour(self, *where: Any) -> None:
        """Colour cells."""
        top, left, bottom, right, colour = where
        for line in self.sheet.iter_rows(top + 1, bottom + 1, left + 1, right + 1):
            for cell in line:
                cell.fill = PatternFill("solid", fgColor=colour)

    def fill_down(self, top: int, bottom: int, column: int) -> None:
        """Fill a cell down."""
        value = self.sheet.cell(top + 1, column + 1).value
        for row in range(top + 2, bottom + 2):
            put(self.sheet.cell(row, column + 1), value)

    def replace(self, old: str, new: str) -> None:
        """Replace in all texts."""
        for line in self.sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str):
                    put(cell, cell.value.replace(old, new))


class PandasHand:
    """A sheet as pandas reads and writes it: values only, and none of what stands around them."""

    def __init__(self, path: Path, sheet: int) -> None:
        frames: Mapping[str, pd.DataFrame] = pd.read_excel(path, sheet_name=None, header=None, engine="calamine")
        self.frames = {name: [list(map(_value, line)) for line in frame.to_numpy()] for name, frame in frames.items()}
        self.name = list(self.frames)[sheet]

    @property
    def lines(self) -> list[list[Any]]:
        """Give the lines of the sheet."""
        return self.frames[self.name]

    @lines.setter
    def lines(self, lines: list[list[Any]]) -> None:
        self.frames[self.name] = lines

    def act(self, name: str, *arguments: Any) -> None:
        """Do one action; what is no value is nothing to pandas."""
        if name not in ("merge", "show_column", "hide_rows", "freeze", "colour", "new_book", "values_only"):
            getattr(self, name)(*arguments)

    def save(self, path: Path, encoding: str = "") -> None:
        """Save, as a workbook or as a text."""
        if encoding:
            _frame(self.lines).to_csv(path, header=False, index=False, encoding=encoding)
            return
        with pd.ExcelWriter(path, engine="openpyxl") as writer:
            for name, lines in self.frames.items():
                _frame(lines).to_excel(writer, sheet_name=name, header=False, index=False)

    def _put(self, row: int, column: int, value: object) -> None:
        while len(self.lines) <= row:
            self.lines.append([])
        line = self.lines[row]
        line += [None] * (column + 1 - len(line))
        line[column] = value

    def text(self, row: int, column: int, text: str) -> None:
        """Put a text."""
        self._put(row, column, text)

    pasted = text

    def day(self, row: int, column: int, text: str) -> None:
        """Put a day."""
        self._put(row, column, pd.Timestamp(text))

    def number(self, row: int, column: int, value: float) -> None:
        """Put a number."""
        self._put(row, column, value)

    percent = number

    def clear(self, top: int, left: int, bottom: int, right: int) -> None:
        """Clear cells."""
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._put(row, column, None)

    def insert_rows(self, row: int, count: int) -> None:
        """Insert rows."""
        self.lines[row:row] = [[] for _ in range(count)]

    def delete_rows(self, rows: Sequence[int]) -> None:
        """Delete rows."""
        gone = set(rows)
        self.lines = [line for row, line in enumerate(self.lines) if row not in gone]

    def copy_row(self, row: int, to: int) -> None:
        """Copy a row into a new one."""
        self.lines.insert(to, list(self.lines[row]))

    def insert_column(self, column: int) -> None:
        """Insert a column."""
        for line in self.lines:
            line.insert(column, None)

    def delete_column(self, column: int) -> None:
        """Delete a column."""
        for line in self.lines:
            del line[column : column + 1]

    def move_column(self, source: int, target: int) -> None:
        """Move a column from its title downwards."""
        header = next(row for row, line in enumerate(self.lines) if line[:1] == [TITLE])
        for line in self.lines[header:]:
            line.insert(target, line.pop(source) if source < len(line) else None)

    def sort(self, *where: Any) -> None:
        """Sort rows by the texts of a column."""
        top, left, bottom, right, key, descending = where
        body = [line + [None] * (right + 1 - len(line)) for line in self.lines[top : bottom + 1]]
        ordered = sorted(body, key=lambda line: str(line[key] or ""), reverse=bool(descending))
        self.lines[top : bottom + 1] = [
            [*old[:left], *new[left : right + 1], *old[right + 1 :]] for old, new in zip(body, ordered, strict=True)
        ]

    def filter_delete(self, _column: int, _text: str, rows: Sequence[int], *_body: int) -> None:
        """Keep the rows that do not fit."""
        self.delete_rows(rows)

    def rename_sheet(self, name: str) -> None:
        """Save under another sheet name."""
        self.frames = {name if each == self.name else each: lines for each, lines in self.frames.items()}
        self.name = name

    def add_sheet(self, name: str, lines: Sequence[Sequence[str]]) -> None:
        """Add a sheet."""
        self.frames[name] = [list(line) for line in lines]

    def paste_into(self, path: str, *area: int) -> None:
        """Put the rows beneath the head of another ledger."""
        top, left, bottom, right = area
        rows = [line[left : right + 1] for line in self.lines[top : bottom + 1]]
        other = PandasHand(Path(path), 0)
        header = next(row for row, line in enumerate(other.lines) if line[:1] == [TITLE])
        self.frames, self.name = other.frames, other.name
        self.lines = [*self.lines[: header + 1], *rows]

    def fill_down(self, top: int, bottom: int, column: int) -> None:
        """Fill a value down."""
        for row in range(top + 1, bottom + 1):
            self._put(row, column, self.lines[top][column])

    def replace(self, old: str, new: str) -> None:
        """Replace in all texts."""
        change: Callable[[Any], Any] = lambda value: value.replace(old, new) if isinstance(value, str) else value  # noqa: E731
        self.lines = [list(map(change, line)) for line in self.lines]


def _frame(lines: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Make a frame of lines that an edit left of different lengths."""
    width = max(map(len, lines), default=0)
    return pd.DataFrame([[*line, *[None] * (width - len(line))] for line in lines])


def _value(value: object) -> object:
    """Give a value as a script would keep it: no NaN for a blank cell."""
    return None if value is pd.NaT or (isinstance(value, float) and math.isnan(value)) else value


def acted(hand: OpenpyxlHand | PandasHand, actions: Sequence[Action]) -> None:
    """Do actions one after the other."""
    for name, *arguments in actions:
        hand.act(str(name), *arguments)
