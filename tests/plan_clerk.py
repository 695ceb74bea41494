"""A clerk at the workbook of plan and units: opens it with openpyxl, edits cells by row and title, saves it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from builders import SMALL_CAMPAIGN, make_folder
from clerk import put
from commands import Ran, ledgergen
from ledgergen.plan.documents import Written
from ledgergen.plan.yaml_files import read_yaml

PLAN_NOTE = "# 方案的说明\n"
COMMENTED = {
    **SMALL_CAMPAIGN,
    "plan.yaml": PLAN_NOTE + SMALL_CAMPAIGN["plan.yaml"].replace('- {id: "2"', '# ── 第二部分 ──\n- {id: "2"'),
    "units.yaml": SMALL_CAMPAIGN["units.yaml"].replace("- {name: 昆仑镇", "# 镇\n- {name: 昆仑镇"),
}  # fmt: skip

HEADER = 4  # the row of the column titles


class PlanBook:
    """The workbook, open."""

    def __init__(self, path: Path) -> None:
        self.workbook: Workbook = load_workbook(path)

    def sheet(self, name: str) -> Worksheet:
        """Give a sheet by its name."""
        sheet = self.workbook[name]
        assert isinstance(sheet, Worksheet)
        return sheet

    def titles(self, name: str) -> dict[str, int]:
        """Give the columns of a sheet by their titles."""
        return {str(cell.value): cell.column for cell in self.sheet(name)[HEADER] if cell.value is not None}

    def row(self, name: str, key: str) -> int:
        """Find a row by what its first column says, or its key where that was emptied."""
        sheet = self.sheet(name)
        last = max(self.titles(name).values())
        for row in range(HEADER + 1, sheet.max_row + 1):
            if key in (str(sheet.cell(row, 1).value), str(sheet.cell(row, last).value)):
                return row
        raise AssertionError(key)

    def cell(self, name: str, key: str, title: str) -> Cell:
        """Give the cell of a row under a title."""
        found = self.sheet(name).cell(self.row(name, key), self.titles(name)[title])
        assert isinstance(found, Cell)
        return found

    def type(self, name: str, key: str, title: str, value: object) -> "PlanBook":
        """Type into a cell; a text that begins with = is typed as the text that it is."""
        put(self.cell(name, key, title), value)
        return self

    def append(self, name: str, **typed: object) -> "PlanBook":
        """Write a row below the last one, by the titles."""
        row = self.sheet(name).max_row + 1
        for title, value in typed.items():
            cell = self.sheet(name).cell(row, self.titles(name)[title])
            assert isinstance(cell, Cell)
            put(cell, value)
        return self

    def insert(self, name: str, above: str, **typed: object) -> "PlanBook":
        """Insert a row above another one and write into it."""
        row = self.row(name, above)
        self.sheet(name).insert_rows(row)
        for title, value in typed.items():
            cell = self.sheet(name).cell(row, self.titles(name)[title])
            assert isinstance(cell, Cell)
            put(cell, value)
        return self

    def delete(self, name: str, key: str) -> "PlanBook":
        """Delete a row."""
        self.sheet(name).delete_rows(self.row(name, key))
        return self

    def sort(self, name: str, title: str, *, leaving: int = 0) -> "PlanBook":
        """Sort the rows by a column, as texts, backwards; so many of the last columns are left as they are."""
        sheet, titles = self.sheet(name), self.titles(name)
        column, last = titles[title] - 1, max(titles.values()) - leaving
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER + 1, max_col=last)]
        self.lay(name, sorted(rows, key=lambda row: str(row[column]), reverse=True))
        return self

    def lay(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Write rows over the body."""
        for number, row in enumerate(rows, start=HEADER + 1):
            for column, value in enumerate(row, start=1):
                cell = self.sheet(name).cell(number, column)
                assert isinstance(cell, Cell)
                put(cell, value)

    def save(self, path: Path) -> Path:
        """Save under a name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.workbook.save(path)
        return path


@pytest.fixture
def commented(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "campaign", COMMENTED)


def exported(campaign: Path) -> PlanBook:
    assert ledgergen("plan", "export", at=campaign).code == 0
    return PlanBook(campaign / "plan.xlsx")


def applied(campaign: Path, book: PlanBook, *options: str, name: str = "back.xlsx") -> Ran:
    return ledgergen("plan", "apply", book.save(campaign / name), *options, at=campaign)


def files(campaign: Path) -> dict[str, bytes]:
    return {name: (campaign / name).read_bytes() for name in ("plan.yaml", "units.yaml")}


def said(campaign: Path, name: str) -> Any:  # noqa: ANN401 - whatever the file says
    document, findings = read_yaml((campaign / name).read_bytes(), name)
    assert document is not None, findings
    found: Written = document.written()
    return found


def task(campaign: Path, task_id: str) -> Any:  # noqa: ANN401 - as above
    return next(each for each in said(campaign, "plan.yaml")["tasks"] if each["id"] == task_id)


def unit(campaign: Path, name: str) -> Any:  # noqa: ANN401 - as above
    return next(each for each in said(campaign, "units.yaml")["units"] if each["name"] == name)


def codes(ran: Ran) -> list[tuple[str, str]]:
    """Give place and code of every finding of a ``--json`` run."""
    return [(found["where"].partition(" › ")[2], found["code"]) for found in ran.json["findings"]]


def json_of(campaign: Path, book: PlanBook, *options: str) -> Ran:
    return applied(campaign, book, "--json", *options)
