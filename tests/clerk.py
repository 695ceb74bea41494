"""A clerk with openpyxl: opens a ledger, types into the cells beneath the titles, saves it under another name."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from ledgergen.resources import resource_folder
from ledgergen.workbook.codes import normalised, parse_row_code
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.layout_file import load_layout

Typed = Mapping[tuple[str, str], object]  # (task id, column id) → what is typed


def zichuan() -> Layout:
    """Load the layout that the tests' campaigns use."""
    layout, findings = load_layout((resource_folder("templates") / "layouts" / "zichuan.yaml").read_bytes(), "zichuan")
    assert layout is not None, findings
    return layout


class Ledger:
    """A ledger open in openpyxl, with its cells by task and column id."""

    def __init__(self, path: Path) -> None:
        self.layout = zichuan()
        self.workbook: Workbook = load_workbook(path)
        self.sheet: Worksheet = self.workbook[self.layout.sheet]
        self.header = next(row for row in range(1, 30) if self.sheet.cell(row, 1).value == self.layout.columns[0].title)
        titles = {normalised(str(cell.value)): cell.column for cell in self.sheet[self.header] if cell.value}
        self.columns = {name: titles[title] for title, name in self.layout.titles.items()}

    def rows(self) -> dict[str, int]:
        """Give the sheet rows by task id, as the codes say."""
        found: dict[str, int] = {}
        for row in range(self.header + 1, self.sheet.max_row + 1):
            code = parse_row_code(str(self.sheet.cell(row, self.columns["code"]).value))
            if code:
                found[code.task] = row
        return found

    def cell(self, task: str, column: str) -> Cell:
        """Give a body cell."""
        return cast("Cell", self.sheet.cell(self.rows()[task], self.columns[column]))

    def head_cell(self, item: str) -> Cell:
        """Give the value cell of an item of the head block: the first right of the label's merged range."""
        label = next(each.label for each in self.layout.entire.head_items if each.id == item)
        for row in self.sheet.iter_rows(max_row=self.header - 1):
            for cell in row:
                if cell.value == label:
                    area = next((each for each in self.sheet.merged_cells.ranges if cell.coordinate in each), None)
                    return cast("Cell", self.sheet.cell(cell.row, (area.max_col if area else cell.column) + 1))
        raise AssertionError(item)

    def type(self, typed: Typed, head: Mapping[str, object] | None = None) -> "Ledger":
        """Type; a text that begins with = is typed as the text that it is."""
        for (task, column), value in typed.items():
            put(self.cell(task, column), value)
        for item, value in (head or {}).items():
            put(self.head_cell(item), value)
        return self

    def save(self, path: Path) -> Path:
        """Save under a name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.workbook.save(path)
        return path


def put(cell: Cell, value: object) -> None:
    """Type a value; texts stay texts."""
    cell.value = cast("Any", value)
    if isinstance(value, str):
        cell.data_type = "s"


def edit(path: Path, target: Path, change: Callable[[Ledger], None]) -> Path:
    """Open, change, save."""
    ledger = Ledger(path)
    change(ledger)
    return ledger.save(target)
