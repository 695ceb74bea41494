"""Read a foreign workbook into grids of text. Runs inside the worker process only (:mod:`ledgergen.workbook.pool`).

Why .xlsx and .ods are not read with calamine, which reads .xls here. Seen with calamine 0.9: formulas, error cells and
long numbers are dropped or rounded, ``-3`` shown as a date becomes 00:00, tabs in .ods vanish, uncached formulas read
as 0.0, a 6 KB file aborts the process; so the XML had to be read anyhow. The container is inflated and checked once
(:mod:`ledgergen.workbook.inspect`). Ledgers are .xlsx; the readers of all other formats are loaded when one comes.
"""

from ledgergen.findings import Finding
from ledgergen.workbook.grid import Workbook
from ledgergen.workbook.inspect import Refused, open_package, package_format, sniff
from ledgergen.workbook.xlsx import read_xlsx


def read_workbook(name: str, data: bytes) -> tuple[Workbook | None, list[Finding]]:
    """Read a file by its bytes, whatever its name says: .xlsx and .xlsm, .xls, .ods, CSV, and tables of HTML or XML.

    Gives None and the finding that says why where it cannot be read. Unforeseen faults are raised; the worker makes
    findings of them.
    """
    readers = {"zip": _read_package, "ole": _read_compound, "text": _read_text}
    try:
        try:
            workbook = readers[sniff(data)](data)
        except Refused as refusal:
            workbook = _read_markup(data, refusal)
    except Refused as refusal:
        return None, [refusal.finding(name)]
    return workbook, []


def _read_package(data: bytes) -> Workbook:
    parts = open_package(data)
    if package_format(parts) == "xlsx":
        return read_xlsx(parts)
    from ledgergen.workbook.ods import read_ods

    return read_ods(parts)


def _read_compound(data: bytes) -> Workbook:
    from ledgergen.workbook.xls import read_xls

    return read_xls(data)


def _read_text(data: bytes) -> Workbook:
    from ledgergen.workbook.csv_file import read_csv

    return read_csv(data)


def _read_markup(data: bytes, refusal: Refused) -> Workbook:
    """Read what web systems give out under the name of .xls: a page with a table, or a spreadsheet of plain XML.

    Raises:
        Refused: as it was, where it is neither; else with what is wrong.
    """
    kind = refusal.facts.get("kind")
    if refusal.code != "file-not-a-workbook" or kind not in ("HTML", "XML"):
        raise refusal
    from ledgergen.workbook.html_file import is_page, read_html

    if kind == "HTML" or is_page(data):
        return read_html(data)
    from ledgergen.workbook.xml_file import read_xml

    return read_xml(data)
