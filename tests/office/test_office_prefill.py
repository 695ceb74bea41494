"""The workbook for filling in, as LibreOffice saves it in its formats: nothing typed is nothing changed."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from clerk import put
from commands import ledgergen
from office_cases import converted

FILE = """\
entries:
- {task: "1", units: [区财政局], fields: {evidence: "=SUM(A1)", published_on: 2022-06-30, measure: "0533\\n第二行"}}
"""


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_libreoffice_saves_again_is_read_as_it_went_out(campaign: Path, tmp_path: Path, kind: str) -> None:
    (campaign / "prefill.yaml").write_text(FILE, encoding="utf-8")
    path = tmp_path / "代填.xlsx"
    assert ledgergen("prefill", "export", path, at=campaign).code == 0
    folder = tmp_path / "saved"
    folder.mkdir()
    converted([path], kind, folder)
    ran = ledgergen("prefill", "apply", folder / f"代填.{kind}", "--json", at=campaign)
    assert (ran.code, ran.json["changes"], ran.json["findings"]) == (0, [], [])
    assert (campaign / "prefill.yaml").read_text(encoding="utf-8") == FILE


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_what_was_typed_before_it_saved_is_taken(campaign: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "代填.xlsx"
    assert ledgergen("prefill", "export", path, at=campaign).code == 0
    book = load_workbook(path)
    sheet = book.worksheets[0]
    row = next(cell.row for cell in sheet["C"] if cell.value == "昆仑镇")
    put(sheet.cell(row, 5), "=设公开栏")  # type: ignore[arg-type] # not a merged one
    book.save(path)
    folder = tmp_path / "saved"
    folder.mkdir()
    converted([path], kind, folder)
    ran = ledgergen("prefill", "apply", folder / f"代填.{kind}", "--json", at=campaign)
    assert ran.json["findings"] == []
    (change,) = ran.json["changes"]
    assert (change["unit"], change["column"], change["after"]) == ("昆仑镇", "measure", "=设公开栏")
    assert '"=设公开栏"' in (campaign / "prefill.yaml").read_text(encoding="utf-8")
