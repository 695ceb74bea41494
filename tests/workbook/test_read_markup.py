"""Reading what web systems give out as .xls: tables of HTML, and spreadsheets of plain XML; and flat .fods."""

import random
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.workbook.read import read_workbook
from test_read_builders import FILTERS, grid, read, refused, resaved, written

PAGE = '<html><head><meta charset="{}"><title>台账</title><style>td {{}}</style></head><body>{}</body></html>'
ROWS = (("序号", "工作任务"), ("1", "规划"))
TABLE = "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in ROWS) + "</table>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "GB18030"])
def test_a_page_in_the_encoding_that_it_names(encoding: str) -> None:
    found = read(PAGE.format(encoding, TABLE).encode(encoding), "台账.xls")
    assert found.format == "html"
    assert found.grids[0].rows == ROWS
    assert found.grids[0].kinds == {(1, 0): "n"}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.encode("utf-16"),
        ("<!DOCTYPE html>\n" + PAGE.format("utf-8", TABLE)).encode(),
        (
            "<?xml version='1.0'?>\n<!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><body>"
            + TABLE
            + "</body></html>"
        ).encode(),
        PAGE.format("utf-8", TABLE).encode("gb18030"),  # it lies
        ("<div><p>" + TABLE + "</p></div>").encode(),
        TABLE.replace("</td>", "").replace("</tr>", "").encode(),
        TABLE.upper().replace("<T", "<T ").replace("<T ", "<T").encode(),
    ],
    ids=["BOM", "UTF-16", "doctype", "XHTML", "lies", "piece", "unclosed", "upper case"],
)
def test_pages_as_systems_write_them(data: bytes) -> None:
    assert grid(data).rows == ROWS


def test_cells_that_span_keep_the_columns_below_taken() -> None:
    table = (
        "<table><tr><td rowspan=2>A1</td><td colspan='2'>B1</td></tr><tr><td>B2</td><td rowspan=9>C2</td></tr>"
        "<tr><th>A3</th><td>B3</td><td>D3</td></tr></table>"
    )
    found = grid(table.encode())
    assert found.rows == (("A1", "B1", "", ""), ("", "B2", "C2", ""), ("A3", "B3", "", "D3"))
    assert found.merged == ((0, 0, 1, 0), (0, 1, 0, 2), (1, 2, 2, 2))


def test_texts_of_cells_are_what_a_browser_shows() -> None:
    cells = {
        "a<br>b": "a\nb",
        "<p>a</p><p>b</p>": "a\nb",
        " a \n   b ": "a b",
        "a&nbsp;&nbsp;b&lt;c&#x9555;": "a b<c镕",
        "<span style='x'>已</span><b>完成</b>": "已完成",
        "a<!-- 注 -->b<script>alert(1)</script>c": "abc",
        "<ul><li>一</li><li>二</li></ul>": "一\n二",
        "": "",
    }
    table = "<table>" + "".join(f"<tr><td>{cell}</td><td>.</td></tr>" for cell in cells) + "</table>"
    assert [row[0] for row in grid(PAGE.format("utf-8", table).encode()).rows] == list(cells.values())


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=6),
            min_size=2,
            max_size=3,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_text_of_a_table_comes_back(rows: list[list[str]]) -> None:
    texts = [[f"x{text}" for text in row] for row in rows]
    table = "<table>" + "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in texts)
    found = grid(PAGE.format("utf-8", table).encode())
    assert [[text for text in row if text] for row in found.rows] == texts


def test_text_around_the_tables_is_quoted_and_several_tables_are_several_sheets() -> None:
    page = PAGE.format(
        "utf-8",
        f"<h1>标题</h1><table><tr><td>外<table><tr><td>内</td></tr></table></td></tr></table>{TABLE}<p>填报说明</p>",
    )
    found = read(page.encode())
    assert [(each.name, each.rows) for each in found.grids] == [("table1", (("内",),)), ("table2", ROWS)]
    assert found.notes == ("text: 标题", "text: 外", "text: 填报说明")


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><body>请登录</body></html>", "file-not-a-workbook"),
        ("<table><tr><td> </td></tr></table>", "file-not-a-workbook"),
        ("<table><tr><td colspan=16000>a</td><td colspan=16000>b</td></tr></table>", "sheet-too-large"),
        ("<table>" + "<tr><td colspan=16000 rowspan=1000000>a</td></tr>" * 300 + "</table>", "sheet-too-large"),
        ("<table>" + "<b>" * 1_000_001, "file-too-complex"),
    ],
)
def test_pages_without_a_table_or_with_too_much_of_one(page: str, code: str) -> None:
    assert refused(page.encode(), "台账.xls").code == code


def test_a_page_cannot_send_for_anything(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("geheim", encoding="utf-8")
    page = f'<!DOCTYPE html SYSTEM "file://{tmp_path}/secret" [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><html><body><table><tr><td>&x;a</td></tr></table>'
    assert "geheim" not in str(read_workbook("a.xls", page.encode()))


SHEET = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
 <DocumentProperties xmlns="urn:schemas-microsoft-com:office:office">
  <Keywords>k|w</Keywords><LastSaved>2022-07-01T08:00:00Z</LastSaved>
 </DocumentProperties>
 <CustomDocumentProperties xmlns="urn:schemas-microsoft-com:office:office">
  <ledgergen dt:dt="string" xmlns:dt="uuid:C2F41010-65B3-11d1-A29F-00AA00C14882">a|b</ledgergen>
 </CustomDocumentProperties>
 <Names><NamedRange ss:Name="_ledgergen" ss:RefersTo="=&quot;a|b&quot;"/></Names>
 <Worksheet ss:Name="台账"><Table ss:ExpandedColumnCount="99999" ss:ExpandedRowCount="99999999">
  <Column ss:Width="50"/>
  {rows}
 </Table></Worksheet>
 <Worksheet ss:Name="藏"><Table/>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
 </Worksheet>
</Workbook>"""
CELLS = """
<Row><Cell><Data ss:Type="String">序号</Data></Cell><Cell ss:Index="3"><ss:Data ss:Type="String"
 xmlns="http://www.w3.org/TR/REC-html40"><B>工作</B>任务&#10;二行</ss:Data><Comment><ss:Data>批注</ss:Data></Comment></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="Number">1.0</Data></Cell><Cell><Data
 ss:Type="DateTime">2022-09-30T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>
<Cell ss:Formula="=RC[-1]+1"><Data ss:Type="Number">3</Data></Cell></Row>
<Row ss:Span="1"/><Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">合并</Data></Cell><Cell><Data
 ss:Type="String">后</Data></Cell></Row>"""


def test_a_spreadsheet_of_excel_2003_in_xml() -> None:
    found = read(SHEET.format(rows=CELLS).encode(), "台账.xls")
    first, hidden = found.grids
    assert (found.format, first.name, hidden.name, first.hidden, hidden.hidden) == ("xml", "台账", "藏", False, True)
    assert first.rows == (
        ("序号", "", "工作任务\n二行", "", ""),
        ("", "", "", "", ""),
        ("1", "2022-09-30", "TRUE", "#N/A", "=RC[-1]+1"),
        *([("",) * 5] * 2),
        ("合并", "", "后", "", ""),
    )
    assert first.kinds == {(2, 0): "n", (2, 1): "d", (2, 2): "b", (2, 3): "e", (2, 4): "f"}
    assert first.cached == {(2, 4): "3"}
    assert first.merged == ((5, 0, 5, 1),)
    assert (found.saved, found.properties, found.names) == (
        "2022-07-01T08:00:00Z",
        {"ledgergen": "a|b", "keywords": "k|w"},
        {"_ledgergen": "a|b"},
    )
    assert found.notes == ("comment: 批注",)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("<Row ss:Index='1048577'><Cell><Data>x</Data></Cell></Row>", "sheet-too-large"),
        ("<Row><Cell ss:Index='16385'><Data>x</Data></Cell></Row>", "sheet-too-large"),
        (
            "<Row/><Row ss:Index='99999'><Cell ss:Index='9999'><Data>x</Data></Cell></Row>",
            "sheet-too-large",
        ),
        ("<Row ss:Index='2'/><Row ss:Index='2'/>", "file-inconsistent"),
        ("<Row ss:Index='0'/>", "file-inconsistent"),
        ("<Row><Cell/><Cell ss:Index='1'><Data>x</Data></Cell></Row>", "file-inconsistent"),
        ("<Row><Cell></Row>", "file-damaged"),
    ],
)
def test_xml_that_cannot_be(rows: str, code: str) -> None:
    assert refused(SHEET.format(rows=rows).encode()).code == code


def test_other_xml_is_no_workbook_and_none_declares_a_document_type() -> None:
    assert refused(b"<?xml version='1.0'?><Invoice/>").facts["kind"] == "XML"
    bomb = SHEET.format(rows="").replace("<?mso", "<!DOCTYPE x [<!ENTITY a 'b'>]><?mso")
    assert refused(bomb.encode()).code == "file-doctype"
    assert refused(("<?xml version='1.0'?>" + "<a>" * 300 + "</a>" * 300).encode()).code == "file-damaged"


def test_flat_xml_as_libreoffice_saves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILTERS, "fods", "OpenDocument Spreadsheet Flat XML")
    found = read(resaved(written([["序号", "两行\n  文 字"], ["1", "规划"]]), "fods", tmp_path), "台账.xml")
    assert found.format == "ods"
    assert found.grids[0].rows == (("序号", "两行\n  文 字"), ("1", "规划"))


@pytest.mark.parametrize("whole", [PAGE.format("utf-8", TABLE).encode(), SHEET.format(rows=CELLS).encode()])
def test_any_byte_may_be_another(whole: bytes) -> None:
    chance = random.Random(20220930)  # noqa: S311 - the same mutants every time
    for _ in range(300):
        data = bytearray(whole)
        data[chance.randrange(len(data))] = chance.randrange(256)
        workbook, findings = read_workbook(
            "a.xls", bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])
        )
        assert (workbook is None) == bool(findings)


@given(
    st.text(max_size=200),
    st.sampled_from(
        [
            "<html>",
            "<table><tr><td>",
            "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
        ]
    ),
)
def test_any_text_at_all_gives_a_workbook_or_a_finding(text: str, head: str) -> None:
    workbook, findings = read_workbook("a", (head + text).encode("utf-8", "replace"))
    assert (workbook is None) == bool(findings)
