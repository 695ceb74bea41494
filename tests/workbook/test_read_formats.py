"""Reading .ods, .xls and CSV; what a file is, is told by its bytes."""

import io
from pathlib import Path

import pytest
import xlsxwriter

from ledgergen.workbook.grid import Grid
from test_read_builders import grid, package, read, refused, resaved

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "meta", "manifest")
)
_MEDIA = "application/vnd.oasis.opendocument.spreadsheet"
_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def ods(rows: str, head: str = "", media: str = _MEDIA) -> bytes:
    """Make an .ods around the XML of its rows, indented as Gnumeric and SheetJS do."""
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
    <office:document-content {_SPACES}>
      {head}
      <office:body>
        <office:spreadsheet>
          <table:table table:name="台账" table:style-name="ta1">
            {rows}
          </table:table>
        </office:spreadsheet>
      </office:body>
    </office:document-content>""".lstrip()
    return package({"mimetype": media, "content.xml": content})


def _with_everything() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet, hidden = book.add_worksheet("台账"), book.add_worksheet("ledgergen")
        hidden.write_string(0, 0, "campaign")
        hidden.very_hidden()
        formats = [book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0%", "[h]:mm")]
        for column, (number, shown) in enumerate(zip((44834, 44834.34375, 0.85, 1.5), formats, strict=True)):
            sheet.write_number(0, column, number, shown)
        sheet.write_row(1, 0, [1, 2.5, "  文 字\n二行"])
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 1, "=A2+B2", None, 3.5)
        sheet.merge_range(4, 0, 5, 2, "合并")
        sheet.write_string(6, 2, "末")
        sheet.write_comment(1, 2, "批注一")
        sheet.set_row(1_048_575, 30, formats[0])
        book.set_custom_property("ledgergen", "a|b")
        book.set_properties({"keywords": "k|w"})
        book.define_name("_ledgergen", '="a|b"')
    return made.getvalue()


def _check(found: Grid, percent: str, formula: tuple[str, str]) -> None:
    assert found.rows[0] == ("2022-09-30", "2022-09-30 08:15:00", percent, "36:00:00")
    assert found.rows[1] == ("1", "2.5", "  文 字\n二行", "")
    assert found.rows[2] == (*formula, "", "")
    assert found.rows[4] == ("合并", "", "", "")
    assert len(found.rows) == 7
    assert found.merged == ((4, 0, 5, 2),)
    assert found.cached == {(2, 0): "#DIV/0!", (2, 1): "3.5"}
    kinds = dict.fromkeys([(0, 0), (0, 1), (0, 3)], "d") | dict.fromkeys([(0, 2), (1, 0), (1, 1)], "n")
    assert found.kinds == kinds | {(2, 0): "f", (2, 1): "f"}


@pytest.mark.parametrize(
    ("extension", "percent", "formula"),
    [
        ("xlsx", "85%", ("=1/0", "=A2+B2")),
        ("ods", "85%", ("=1/0", "=[.A2]+[.B2]")),
        ("xls", "0.85", ("=", "=")),
    ],
)
def test_what_libreoffice_saves(extension: str, percent: str, formula: tuple[str, str], tmp_path: Path) -> None:
    # The name lies on purpose.
    found = read(resaved(_with_everything(), extension, tmp_path), "台账.doc")
    assert found.format == extension
    assert [(each.name, each.hidden) for each in found.grids] == [("台账", False), ("ledgergen", True)]
    _check(found.grids[0], percent, formula)
    if extension == "xls":
        assert found.notes == ("formulas",)
        return
    assert found.properties["ledgergen"] == "a|b"
    assert found.properties["keywords"] == "k|w"
    assert found.names == {"_ledgergen": "a|b"}
    assert found.saved.startswith("20")
    assert [note.rpartition(": ")[2] for note in found.notes] == ["批注一"]


def test_an_indented_ods_with_repetitions() -> None:
    rows = f"""
      <table:table-header-rows>
        <table:table-row>{_CELL.format("序号")}{_CELL.format("任<text:span>务</text:span>")}</table:table-row>
      </table:table-header-rows>
      <table:table-row table:number-rows-repeated="2">
        <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.0"/>
        <table:table-cell table:number-columns-repeated="16382"/>
      </table:table-row>
      <table:table-row-group><table:table-row>
        <table:table-cell table:number-columns-spanned="1" table:number-rows-spanned="1" office:value-type="boolean"
          office:boolean-value="true"/>
        <table:covered-table-cell/>
      </table:table-row></table:table-row-group>
      <table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/>
      </table:table-row>"""
    found = grid(ods(rows))
    assert found.rows == (("序号", "任务"), ("1", "1"), ("1", "1"), ("TRUE", ""))
    assert found.kinds[2, 1] == "n"


def test_blanks_tabs_and_lines_of_an_ods() -> None:
    cell = "<text:s/>甲<text:s text:c='2'/>乙<text:tab/>丙<text:line-break/>丁 </text:p><text:p/><text:p>戊"
    assert grid(ods(f"<table:table-row>{_CELL.format(cell)}</table:table-row>")).rows == ((" 甲  乙\t丙\n丁 \n\n戊",),)


def test_a_hidden_table_and_a_value_beside_its_text() -> None:
    style = (
        '<office:automatic-styles><style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    cells = (
        '<table:table-row><table:table-cell office:value-type="string" office:string-value="甲"><text:p>乙</text:p>'
        '</table:table-cell><table:table-cell office:value-type="date" office:date-value="2022-09-30T00:00:00"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT8H5M0S"/>'
        '<table:table-cell office:value-type="date" office:date-value="-000-32768"/></table:table-row>'
    )
    found = grid(ods(cells, style))
    assert found.hidden
    assert found.rows == (("甲", "2022-09-30", "08:05:00", "-000-32768"),)


def test_a_value_repeated_over_the_whole_sheet_is_a_finding() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert refused(ods(rows)).code == "sheet-too-large"
    rows = f'<table:table-row table:number-rows-repeated="900000">{_CELL.format("")}</table:table-row>' + rows
    assert refused(ods(rows)).code == "sheet-too-large"


def test_other_opendocument_and_encrypted_files() -> None:
    assert refused(ods("", media="application/vnd.oasis.opendocument.text")).facts["kind"] == "OpenDocument"
    manifest = f"<manifest:manifest {_SPACES}><manifest:encryption-data/></manifest:manifest>"
    data = package({"mimetype": _MEDIA, "content.xml": b"\x01\x02", "META-INF/manifest.xml": manifest})
    assert refused(data).code == "file-encrypted-kind"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_each_encoding_and_with_each_delimiter(encoding: str, delimiter: str) -> None:
    lines = [["序号", "工作任务", "领导"], ["1", '"朱镕基，\r\n二行"', "镕"], ["2", "", "007"], ["9.3"]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    found = read(data, "台账.xlsx")
    assert found.format == "csv"
    assert found.grids[0].rows == (
        ("序号", "工作任务", "领导"),
        ("1", "朱镕基，\r\n二行", "镕"),
        ("2", "", "007"),
        ("9.3", "", ""),
    )
    assert set(found.grids[0].kinds) == {(1, 0), (2, 0), (2, 2), (3, 0)}


def test_a_quote_that_is_never_closed_is_a_finding() -> None:
    assert refused(b'a,b\n"' + b"x" * 200_000, "a.csv").code == "file-damaged"
    assert refused(b",,,\n,,,\n").code == "file-empty"


def test_an_ods_whose_xml_was_indented_inside_the_cells_as_well() -> None:
    """A pretty-printer puts line ends where the standard collapses them (part 3, 6.1.2); LibreOffice writes none."""
    texts = {
        "<text:p>\n   任务\n   </text:p>": "任务",
        "<text:p>\n  <text:span>\n 已\n</text:span>\n  <text:span>完成</text:span>\n</text:p>": "已 完成",
        "<text:p>a\n  <text:line-break/>\n  b</text:p>": "a\nb",
        "<text:p>  前有空格 a  b </text:p>": "  前有空格 a  b ",
        "<text:p>a\n</text:p>\n  <text:p>\n</text:p><text:p>\n b</text:p>": "a\n\nb",
        "<text:p>a<text:s text:c='2'/>b<text:tab/>c</text:p>": "a  b\tc",
    }
    cell = '<table:table-cell office:value-type="string">{}</table:table-cell>'
    rows = "".join(f"<table:table-row>\n{cell.format(text)}\n{_CELL.format('.')}</table:table-row>" for text in texts)
    assert [row[0] for row in grid(ods(rows)).rows] == list(texts.values())
