"""The sound files that mutants are made of: a real ledger, filled, as each program saves it; and archives of it."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

from archive_builders import encrypted_zip, locked, rarred, sevenzipped, tarred, zipped
from builders import SMALL_CAMPAIGN, make_folder
from clerk import Ledger
from commands import ledgergen
from ledgergen.workbook.read import read_workbook
from mutants import Layer, Original, of_bare_bytes, of_bytes
from mutants_cells import of_csv_cell, of_ods_cell, of_xls_cell, of_xlsx_cell
from mutants_parts import of_markup, of_part
from test_read_builders import resaved
from test_read_markup import PAGE, SHEET, TABLE

_XLSX = ("xlsxwriter.xlsx", "openpyxl.xlsx", "libreoffice.xlsx")
_PACKAGES = (*_XLSX, "libreoffice.ods")
_PACKED = ("ledger.zip", "ledger.7z", "ledger.tar.gz", "ledger.tar", "ledger.rar")

LAYERS = (
    Layer("container: bytes", of_bytes, _PACKAGES, 8),
    Layer("part: bytes", of_part, _PACKAGES, 8),
    Layer("part: XML", of_markup, _PACKAGES, 8),
    Layer("cells: .xlsx", of_xlsx_cell, _XLSX, 6),
    Layer("cells: .ods", of_ods_cell, ("libreoffice.ods",), 6),
    Layer("cells: .xls", of_xls_cell, ("libreoffice.xls",), 6),
    Layer("cells: CSV", of_csv_cell, ("ledger.csv",), 6),
    Layer("bytes: .xls", of_bare_bytes, ("libreoffice.xls",), 8),
    Layer("bytes: CSV, HTML, XML", of_bare_bytes, ("ledger.csv", "page.xls", "sheet.xls"), 4),
    Layer("archive: bytes", of_bytes, _PACKED, 4),
    Layer("encrypted: bytes", of_bytes, ("locked.xlsx", "locked.zip"), 1),
)


def originals(folder: Path) -> dict[str, Original]:
    """Make them all; skips the test where LibreOffice is missing."""
    campaign = make_folder(folder / "campaign", SMALL_CAMPAIGN)
    assert ledgergen("generate", at=campaign).code == 0
    (made,) = (campaign / "ledgers" / "2022Q2").glob("区财政局_*")
    ledger = Ledger(made).type({
        ("1", "progress"): "第一季度已公开 3 期，\n共 12 条", ("2", "progress"): "已推送 <A&B> _x0041_",
        ("1", "published_on"): date(2022, 9, 30), ("2", "published_on"): 9.25, ("3", "published_on"): "9月底",
        ("3", "progress"): "=1+1",
    })  # fmt: skip
    ledger.cell("3", "leader").value = "=1+1"
    filled = ledger.save(folder / "filled.xlsx").read_bytes()
    files = {
        "xlsxwriter.xlsx": made.read_bytes(),
        "openpyxl.xlsx": filled,
        **{f"libreoffice.{each}": resaved(filled, each, folder) for each in ("xlsx", "ods", "xls")},
        "ledger.csv": _as_csv(filled),
        "page.xls": PAGE.format("utf-8", TABLE).encode(),
        "sheet.xls": SHEET.encode(),
    }
    two = {"finance.xlsx": filled, "made.xlsx": files["xlsxwriter.xlsx"]}
    files |= {
        "ledger.zip": zipped(two), "ledger.7z": sevenzipped(two), "ledger.tar.gz": tarred(two),
        "ledger.tar": tarred(two, "w"), "ledger.rar": rarred(two),
        "locked.xlsx": locked(filled, "1234"), "locked.zip": encrypted_zip(two, b"1234"),
    }  # fmt: skip
    return {name: Original(name, data, _parts(name, data)) for name, data in files.items()}


def _parts(name: str, data: bytes) -> dict[str, bytes]:
    if name not in _PACKAGES:
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {each: container.read(each) for each in container.namelist()}


def _as_csv(data: bytes) -> bytes:
    workbook, findings = read_workbook("a", data)
    assert workbook is not None, findings
    made = io.StringIO(newline="")
    csv.writer(made, quoting=csv.QUOTE_ALL).writerows(workbook.grids[0].rows)
    return made.getvalue().encode("utf-8-sig")
