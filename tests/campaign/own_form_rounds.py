"""Rounds with an office's own form: a campaign that names one, and a clerk who types into its copies."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from builders import SMALL_CAMPAIGN, make_folder
from commands import Ran, ledgergen
from ledgergen.workbook.codes import normalised, parse_row_code
from ledgergen.workbook.marks import SHEET

sys.path.append(str(Path(__file__).resolve().parents[1] / "workbook"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "office"))

from office_cases import Office, converted, opened_office, schema_faults
from own_forms import FORMS, table

__all__ = ["FORMS", "Office", "converted", "opened_office", "schema_faults", "table"]

ROUND = "2022Q2"


def campaign_with(root: Path, form: bytes, settings: str = "") -> Path:
    """Make the small campaign with an own form; ``settings`` are further keys of ``layout``."""
    layout = "{template: templates/our-form.xlsx, " + settings + "}"
    files = dict(SMALL_CAMPAIGN)
    files["ledgergen.yaml"] = files["ledgergen.yaml"].replace("layout: zichuan", f"layout: {layout}")
    folder = make_folder(root, files)
    (folder / "templates").mkdir()
    (folder / "templates" / "our-form.xlsx").write_bytes(form)
    return folder


def generated(folder: Path) -> dict[str, Path]:
    """Generate, and give the ledgers by unit."""
    ran = ledgergen("generate", "--json", at=folder)
    assert ran.code == 0, ran.err
    return {each["unit"]: folder / each["path"] for each in ran.json["ledgers"]}


class OwnLedger:
    """A filled copy of an own form, open in openpyxl: cells by task and by the title above them."""

    def __init__(self, path: Path) -> None:
        self.workbook = load_workbook(path)
        self.sheet: Any = next(sheet for sheet in self.workbook.worksheets if self._codes(sheet))
        self.rows = self._codes(self.sheet)

    def column(self, title: str) -> int:
        """Find a column by its title, the lowest cell that reads so."""
        above = min(self.rows.values())
        found = [
            cell.column
            for row in self.sheet.iter_rows(max_row=above - 1)
            for cell in row
            if cell.value and normalised(str(cell.value)) == normalised(title)
        ]
        return int(found[-1])

    def cell(self, task: str, title: str) -> Any:  # noqa: ANN401 - openpyxl's
        """Give a cell of the table."""
        return self.sheet.cell(self.rows[task], self.column(title))

    def type(self, typed: Mapping[tuple[str, str], object]) -> "OwnLedger":
        """Type into cells of the table, by task and title; texts stay texts."""
        for (task, title), value in typed.items():
            cell = self.cell(task, title)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
        return self

    def save(self, path: Path) -> Path:
        """Save under a name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.workbook.save(path)
        return path

    @staticmethod
    def _codes(sheet: Any) -> dict[str, int]:  # noqa: ANN401 - openpyxl's
        if sheet.title == SHEET:
            return {}
        found: dict[str, int] = {}
        for row in sheet.iter_rows():
            for cell in row:
                code = parse_row_code(str(cell.value)) if cell.value else None
                if code:
                    found.setdefault(code.task, cell.row)
        return found


def fields(folder: Path, unit: str = "区财政局") -> dict[str, dict[str, str]]:
    """Give the texts that stand in a unit's rows, by task."""
    ran = ledgergen("show", "--entries", "--json", "--unit", unit, at=folder)
    assert ran.code == 0, ran.err
    return {row["task"]: {name: each["text"] for name, each in row["fields"].items()} for row in ran.json}


def collected(folder: Path, *paths: Path) -> Ran:
    """Collect files; gives what the command printed."""
    return ledgergen("collect", "--json", *paths, at=folder)
