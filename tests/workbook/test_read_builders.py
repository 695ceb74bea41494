"""What the tests of reading are made of: packages from parts, small sheets, and files that soffice has saved."""

import io
import subprocess
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from conftest import need
from ledgergen.findings import Finding
from ledgergen.workbook.grid import Grid, Workbook
from ledgergen.workbook.read import read_workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets>'
    "</workbook>"
)
RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="170" formatCode="yyyy\\年m\\月"/>'
    '<numFmt numFmtId="171" formatCode="[h]:mm"/></numFmts><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="9"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="31"/></cellXfs></styleSheet>'
)


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Zip parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return made.getvalue()


def sheet_xml(cells: str, tail: str = "", head: str = "") -> str:
    """Wrap the XML of rows into a sheet."""
    return f'<worksheet xmlns="{_MAIN}">{head}<sheetData>{cells}</sheetData>{tail}</worksheet>'


def xlsx_parts(cells: str = "", strings: Sequence[str] = (), tail: str = "", head: str = "") -> dict[str, str | bytes]:
    """Make the parts of a small .xlsx around the XML of its rows."""
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    return {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet_xml(cells, tail, head),
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
        "xl/styles.xml": STYLES,
    }


def xlsx(cells: str = "", strings: Sequence[str] = (), tail: str = "", head: str = "") -> bytes:
    """Make a small .xlsx around the XML of its rows."""
    return package(xlsx_parts(cells, strings, tail, head))


def written(texts: Iterable[Sequence[str]], **options: bool) -> bytes:
    """Write texts with xlsxwriter, row by row."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, options or {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for row, line in enumerate(texts):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
    return made.getvalue()


GOOD = written([["序号", "工作任务"], ["1", "规划"]])
GOOD_ROWS = (("序号", "工作任务"), ("1", "规划"))


def read(data: bytes, name: str = "a.xlsx") -> Workbook:
    """Read a file that must be readable."""
    workbook, findings = read_workbook(name, data)
    assert workbook is not None, findings
    assert findings == []
    return workbook


def grid(data: bytes) -> Grid:
    """Read the first sheet of a file that must be readable."""
    return read(data).grids[0]


def refused(data: bytes, name: str = "a.xlsx") -> Finding:
    """Give the one finding of a file that must not be read."""
    workbook, findings = read_workbook(name, data)
    assert workbook is None
    (found,) = findings
    assert found.where.file == name
    return found


FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


def resaved(data: bytes, extension: str, folder: Path) -> bytes:
    """Give what soffice saves of an .xlsx; skips the test where there is none."""
    soffice = need("soffice")
    source = folder / "source.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", f"{extension}:{FILTERS[extension]}", "--outdir"]
    done = subprocess.run([*command, folder / "saved", source], capture_output=True, timeout=180, check=False)
    saved = folder / "saved" / f"source.{extension}"
    assert saved.exists(), done.stderr
    return saved.read_bytes()
