"""A clerk at LibreOffice: takes orders as ``office_uno.py`` does, in the actions of the corpus of client files.

Run by the system's Python. An order: ``{"open": path, "sheet": index, "actions": [[name, …], …], "save": path,
"filter": [name, options]}``; the answer: ``{}`` or ``{"fault": traceback}``. What has a command in the menus is done by
that command; the sheet's protection, which has no password, is taken off first.
"""
# ruff: noqa: ANN401, FBT003, D102 - UNO has no types and knows no keywords; an action's name says what it does

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "office"))

from office_uno import Clerk, as_url
from write_uno import office, prop, service

VALUES = {"Flags": "SVD", "FormulaCommand": 0, "SkipEmptyCells": False, "Transpose": False, "AsLink": False}


def name_of(row: int, column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


class Hand(Clerk):
    """A person who can do every action of the corpus."""

    def __init__(self, context: Any, path: str, sheet: int = 0) -> None:
        super().__init__(context, path)
        self.context = context
        self.other: list[Any] = []
        self._turn_to(sheet)
        if self.sheet.isProtected():
            self.sheet.unprotect("")

    def _turn_to(self, sheet: int) -> None:
        self.sheet = self.document.Sheets.getByIndex(sheet)
        self.document.CurrentController.setActiveSheet(self.sheet)

    def act(self, name: str, *arguments: Any) -> None:
        actions: dict[str, Callable[..., None]] = {
            "text": self.text,
            "day": self.text,
            "pasted": self.pasted,
            "number": self.number,
            "percent": self.percent,
            "clear": self.clear,
            "insert_rows": self.insert_rows,
            "delete_rows": self.delete_rows,
            "copy_row": self.copy_row,
            "insert_column": self.insert_column,
            "delete_column": self.delete_column,
            "move_column": self.move_column,
            "sort": self.sort,
            "merge": self.merge,
            "show_column": self.show_column,
            "hide_rows": self.hide_rows,
            "filter_delete": self.filter_delete,
            "rename_sheet": self.rename_sheet,
            "add_sheet": self.add_sheet,
            "new_book": self.new_book,
            "values_only": self.values_only,
            "paste_into": self.paste_into,
            "freeze": self.freeze,
            "colour": self.colour,
            "fill_down": self.fill_down,
            "replace": self.replace,
        }
        actions[name](*arguments)

    def text(self, row: int, column: int, text: str) -> None:
        """Type; a text of several lines or that a sheet would compute goes in as it is, like one that was pasted."""
        if "\n" in text or "\t" in text or text[:1] in "=+-'":
            self.cell(name_of(row, column)).setString(text)
        else:
            self.enter(name_of(row, column), text)

    def pasted(self, row: int, column: int, text: str) -> None:
        """Put in a text that the program does not read as anything else."""
        self.cell(name_of(row, column)).setString(text)

    def number(self, row: int, column: int, value: float) -> None:
        cell = self.cell(name_of(row, column))
        cell.NumberFormat = 0
        cell.setValue(float(value))

    def percent(self, row: int, column: int, value: float) -> None:
        self.cell(name_of(row, column)).NumberFormat = 10
        self.cell(name_of(row, column)).setValue(float(value))

    def clear(self, top: int, left: int, bottom: int, right: int) -> None:
        self.select(top, left, bottom, right)
        self.do("ClearContents")

    def select(self, top: int, left: int, bottom: int, right: int) -> None:
        self.go(f"{name_of(top, left)}:{name_of(bottom, right)}")

    def insert_rows(self, row: int, count: int) -> None:
        for _ in range(count):
            self.go(name_of(row, 0))
            self.do("InsertRowsBefore")

    def delete_rows(self, rows: list[int]) -> None:
        """Delete rows, neighbours at one stroke: of cells merged downwards one row alone cannot be selected."""
        left = sorted(rows, reverse=True)
        while left:
            last = first = left.pop(0)
            while left and left[0] == first - 1:
                first = left.pop(0)
            self.go(f"A{first + 1}:XFD{last + 1}")
            self.do("DeleteRows")

    def copy_row(self, row: int, to: int) -> None:
        self.go(f"A{row + 1}:XFD{row + 1}")
        self.do("Copy")
        self.go(name_of(to, 0))
        self.do("InsertRowsBefore")
        self.go(name_of(to, 0))
        self.do("Paste")

    def insert_column(self, column: int) -> None:
        self.go(name_of(self._below_title(), column))
        self.do("InsertColumnsBefore")

    def delete_column(self, column: int) -> None:
        self.go(name_of(self._below_title(), column))
        self.do("DeleteColumns")

    def _below_title(self) -> int:
        """Give a row in which no cell is merged across columns: the last one that is used."""
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return int(cursor.RangeAddress.EndRow)

    def move_column(self, source: int, target: int) -> None:
        self.show_all()
        last = self._below_title()
        first = next(row for row in range(last) if self.sheet.getCellByPosition(source, row).String == "本期进展情况")
        self.select(first, source, last, source)
        self.do("Cut")
        self.select(first, target, last, target)
        self.do("InsertCell", {"Flags": ">"})
        self.go(name_of(first, target))
        self.do("Paste")

    def sort(self, *where: Any) -> None:
        top, left, bottom, right, key, descending = where
        self.select(top, left, bottom, right)
        how = {"ByRows": True, "HasHeader": False, "UserDefIndex": 0, "Col1": key + 1, "Ascending1": not descending}
        self.do("DataSort", how)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge, and keep the text of the first cell only, as the dialog's first choice does."""
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    self.sheet.getCellByPosition(column, row).setString("")
        self.sheet.getCellRangeByPosition(left, top, right, bottom).merge(True)

    def show_column(self, column: int) -> None:
        self.sheet.Columns.getByIndex(column).IsVisible = True

    def hide_rows(self, rows: list[int]) -> None:
        for row in rows:
            self.sheet.Rows.getByIndex(row).IsVisible = False

    def filter_delete(self, column: int, text: str, rows: list[int], first: int, last: int) -> None:
        """Filter, select the body, delete rows: those that the filter hides stay."""
        ranges = self.document.getPropertyValue("UnnamedDatabaseRanges")
        if not ranges.hasByTable(self.sheet.RangeAddress.Sheet):
            self.delete_rows(rows)
            return
        self.filter(column, text)
        self.select(first, 0, last, 0)
        self.do("DeleteRows")
        self.show_all()

    def rename_sheet(self, name: str) -> None:
        self.do("RenameTable", {"Name": name})

    def add_sheet(self, name: str, lines: list[list[str]]) -> None:
        sheets = self.document.Sheets
        sheets.insertNewByName(name, sheets.Count)
        sheet = sheets.getByName(name)
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.getCellByPosition(column, row).setString(text)

    def _fresh(self) -> Any:
        desktop = service(self.context, "com.sun.star.frame.Desktop")
        return desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (prop("Hidden", True),))

    def _go_on_with(self, document: Any) -> None:
        self.other.append(self.document)
        self.document, self.frame = document, document.CurrentController.Frame
        self._turn_to(0)

    def new_book(self) -> None:
        made, name = self._fresh(), self.sheet.Name
        made.Sheets.importSheet(self.document, name, 0)
        made.Sheets.removeByName(next(each for each in made.Sheets.ElementNames if each != name))
        self._go_on_with(made)

    def values_only(self) -> None:
        self.show_all()
        self._copy_used(0)
        self._go_on_with(self._fresh())
        self.go("A1")
        self.do("InsertContents", {**VALUES, "MoveMode": 4})

    def _copy_used(self, top: int) -> None:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        self.select(top, 0, cursor.RangeAddress.EndRow, cursor.RangeAddress.EndColumn)
        self.do("Copy")

    def paste_into(self, path: str, top: int, left: int, *corner: int) -> None:
        """Delete the rows of another ledger, and paste the table in their place."""
        bottom, right = corner
        self.show_all()
        self.select(top, left, bottom, right)
        self.do("Copy")
        other = Clerk(self.context, path)
        self.other.append(self.document)
        self.document, self.frame, self.sheet = other.document, other.frame, other.sheet
        if self.sheet.isProtected():
            self.sheet.unprotect("")
        self.show_all()
        last = self._below_title()
        first = next(row for row in range(last) if self.sheet.getCellByPosition(0, row).String == "序号") + 1
        self.delete_rows(list(range(first, last + 1)))
        self.go(name_of(first, left))
        self.do("Paste")

    def freeze(self, row: int, column: int) -> None:
        self.document.CurrentController.freezeAtPosition(column, row)

    def colour(self, *where: Any) -> None:
        top, left, bottom, right, colour = where
        self.sheet.getCellRangeByPosition(left, top, right, bottom).CellBackColor = int(colour, 16)

    def show_all(self) -> None:
        """Choose all in the filter's list: what is filtered away is neither copied nor filled."""
        ranges = self.document.getPropertyValue("UnnamedDatabaseRanges")
        if ranges.hasByTable(self.sheet.RangeAddress.Sheet):
            where = ranges.getByTable(self.sheet.RangeAddress.Sheet).DataArea
            area = self.sheet.getCellRangeByPosition(where.StartColumn, where.StartRow, where.EndColumn, where.EndRow)
            area.filter(area.createFilterDescriptor(True))

    def fill_down(self, top: int, bottom: int, column: int) -> None:
        self.show_all()
        self.select(top, column, bottom, column)
        self.do("FillDown")

    def replace(self, old: str, new: str) -> None:
        found = self.sheet.createReplaceDescriptor()
        found.SearchString, found.ReplaceString = old, new
        self.sheet.replaceAll(found)

    def save(self, path: str, kind: list[str]) -> None:
        options = (prop("FilterOptions", kind[1]),) if kind[1] else ()
        self.document.storeToURL(as_url(path), (prop("FilterName", kind[0]), *options))

    def close(self) -> None:
        for document in (self.document, *self.other):
            document.close(True)


def carried_out(context: Any, order: dict[str, Any]) -> dict[str, object]:
    hand = Hand(context, order["open"], order["sheet"])
    try:
        for action in order["actions"]:
            hand.act(*action)
        hand.save(order["save"], order["filter"])
    finally:
        hand.close()
    return {}


def main() -> None:
    with office() as context:
        for line in sys.stdin:
            try:
                answer = carried_out(context, json.loads(line))
            except Exception:  # noqa: BLE001 - whoever asked shall hear of it, and may go on
                answer = {"fault": traceback.format_exc()}
            print(json.dumps(answer), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
