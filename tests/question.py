"""A clerk at a workbook that asks a unit's opinion: opens it with openpyxl, types beneath the titles, saves it."""

from pathlib import Path

from openpyxl import load_workbook

from clerk import Ledger
from ledgergen.resources import resource_folder
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.layout_file import load_layout


class Question(Ledger):
    """A workbook of questions, open in openpyxl."""

    def __init__(self, path: Path) -> None:
        self.layout = consult_layout()
        self.workbook = load_workbook(path)
        self.sheet = self.workbook[self.layout.sheet]
        self.header = next(row for row in range(1, 30) if self.sheet.cell(row, 1).value == "序号")
        titles = {str(cell.value): cell.column for cell in self.sheet[self.header] if cell.value}
        self.columns = {column.id: titles[column.title] for column in self.layout.columns}


def consult_layout() -> Layout:
    path = resource_folder("templates") / "layouts" / "consult.yaml"
    layout, findings = load_layout(path.read_bytes(), path.name)
    assert layout is not None
    assert findings == []
    return layout
