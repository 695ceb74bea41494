"""A LibreOffice that stays open: one order per line comes in on stdin, one answer per line goes out; both are JSON.

Run by the system's Python, which has the bindings. How an office is started and ended, and how its services are asked
for, is the business of ``write_uno.py`` in ``tests/workbook``.

An order: ``{"open": path, "steps": [[name, argument, …], …], "save": [[path, filter], …]}``. Cells are named as a
person names them (``K7``). The answer: ``{"given": [what each step gave]}`` or ``{"fault": traceback}``.
"""
# ruff: noqa: ANN401 - UNO has no types

import json
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workbook"))

import uno

from write_uno import POINTS, office, prop, service


class Clerk:
    """A person at one open document, on its first sheet."""

    def __init__(self, context: Any, path: str) -> None:
        # The file itself, not a copy as a template: what a template loses must not be lost here.
        desktop = service(context, "com.sun.star.frame.Desktop")
        self.document = desktop.loadComponentFromURL(as_url(path), "_blank", 0, (prop("Hidden", value=True),))
        self.sheet = self.document.Sheets.getByIndex(0)
        self.frame = self.document.CurrentController.Frame
        self.dispatcher = service(context, "com.sun.star.frame.DispatchHelper")

    def cell(self, name: str) -> Any:
        """Give a cell or a range by its name."""
        return self.sheet.getCellRangeByName(name)

    def set_string(self, name: str, text: str) -> None:
        """Put a text into a cell, as a program does."""
        self.cell(name).setString(text)

    def set_formula(self, name: str, text: str) -> None:
        """Put in whatever the text means, as the input line does; in English."""
        self.cell(name).setFormula(text)

    def enter(self, name: str, text: str) -> None:
        """Go to a cell, type, press Enter."""
        self.go(name)
        self.do("EnterString", {"StringName": text})

    def go(self, name: str) -> None:
        """Go to a cell, or select a range."""
        self.do("GoToCell", {"ToPoint": name})

    def do(self, command: str, arguments: dict[str, object] | None = None) -> None:
        """Choose a command of the menus."""
        sent = tuple(prop(name, value) for name, value in (arguments or {}).items())
        self.dispatcher.executeDispatch(self.frame, f".uno:{command}", "", 0, sent)

    def filter(self, field: int, text: str) -> None:
        """Choose a text in the drop-down list of a column of the autofilter; columns count from 0."""
        found = self.document.getPropertyValue("UnnamedDatabaseRanges").getByTable(0)
        condition = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
        condition.Field, condition.StringValue, condition.IsNumeric = field, text, False
        condition.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
        described = found.getFilterDescriptor()
        described.setFilterFields((condition,))
        found.refresh()

    def texts(self, name: str) -> list[list[str]]:
        """Give what the cells of a range show, row by row."""
        found = self.cell(name)
        rows, columns = found.Rows.getCount(), found.Columns.getCount()
        return [[found.getCellByPosition(column, row).String for column in range(columns)] for row in range(rows)]

    def visible(self, first: int, last: int) -> list[int]:
        """Give the numbers of the rows that show."""
        return [row for row in range(first, last + 1) if self.sheet.Rows.getByIndex(row - 1).IsVisible]

    def heights(self, first: int, last: int) -> list[list[float]]:
        """Give the height of each row, in points, and the one that LibreOffice would give it."""
        found = []
        for number in range(first, last + 1):
            row = self.sheet.Rows.getByIndex(number - 1)
            before = row.Height
            row.OptimalHeight = True
            found.append([before * POINTS, row.Height * POINTS])
        return found

    def sheets(self) -> list[str]:
        """Name the sheets."""
        return list(self.document.Sheets.ElementNames)


STEPS = ("set_string", "set_formula", "enter", "go", "do", "filter", "sheets", "texts", "visible", "heights")


def as_url(path: str) -> str:
    return Path(path).resolve().as_uri()


def carried_out(context: Any, order: dict[str, Any]) -> dict[str, object]:
    clerk = Clerk(context, order["open"])
    try:
        given = []
        for name, *arguments in order["steps"]:
            if name not in STEPS:
                raise ValueError(name)
            given.append(getattr(clerk, name)(*arguments))
        for path, kind in order["save"]:
            clerk.document.storeToURL(as_url(path), (prop("FilterName", kind),))
    finally:
        clerk.document.close(True)  # noqa: FBT003 - UNO knows no keywords
    return {"given": given}


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
