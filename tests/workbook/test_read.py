"""Reading .xlsx: the text of every cell as typed, whatever program wrote it."""

import io
import json
import random
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.workbook import xlsx as reading
from ledgergen.workbook import xlsx_cells, xlsx_texts
from ledgergen.workbook.grid import PLACES, Workbook, cell_name, number_text, unescaped
from ledgergen.workbook.inspect import Refused, open_package, xml_root
from ledgergen.workbook.raw_sheet import RawSheet
from ledgergen.workbook.read import read_workbook
from test_read_builders import grid, package, read, refused, resaved, sheet_xml, written, xlsx, xlsx_parts

# Two escapes that share an underscore: xlsxwriter 3.3 and LibreOffice 7.4 write them so that they read as another text.
_OVERLAP = re.compile(r"_x[0-9A-Fa-f]{4}(?=_x[0-9A-Fa-f]{4}_)")
_PIECES = st.sampled_from(
    [
        "_x000D_",
        "_x0041_",
        "_x005F_",
        " ",
        "  ",
        "\n",
        "\t",
        "\u3000",
        "&amp;",
        "<r>",
        '"',
        "]]>",
        "=1+1",
        "😀",
        "镕",
        "-",
    ]
)
_ANY = st.characters(exclude_categories=["Cs"])
_XML = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")


def _texts(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    text = st.lists(_PIECES | st.text(alphabet, max_size=8), max_size=6).map("".join)
    return st.lists(text.filter(lambda text: not _OVERLAP.search(text)), min_size=1, max_size=30)


def _first_column(data: bytes) -> list[str]:
    return [row[0] for row in grid(data).rows]


def _column(texts: Sequence[str]) -> list[list[str]]:
    return [[text, "行"] for text in texts]


@given(_texts(_ANY), st.sampled_from(["in_memory", "constant_memory"]))
def test_every_text_of_xlsxwriter_comes_back_identical(texts: list[str], way: str) -> None:
    data = written(_column(texts), **{way: True})
    assert _first_column(data) == texts


@given(_texts(_XML))
def test_every_text_of_openpyxl_comes_back_as_excel_shows_it(texts: list[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, text in enumerate(texts, start=1):
        sheet.cell(row, 2, "行")
        cell = sheet.cell(row, 1)
        cell.value = text
        cell.data_type = "s"
    made = io.BytesIO()
    book.save(made)
    # openpyxl does not escape _x0041_, so Excel shows it as A, and so is it read.
    assert _first_column(made.getvalue()) == [unescaped(text) for text in texts]


def test_every_text_of_libreoffice_comes_back_identical(tmp_path: Path) -> None:
    chance = random.Random(20220930)  # noqa: S311 - the same texts every time
    pieces = ["_x000D_", *" \n\t\u3000&<>\"'😀镕a中\u00a0\u200b", "  "]
    texts = ["".join(chance.choices(pieces, k=chance.randint(1, 8))) for _ in range(300)]
    texts = [text for text in texts if not _OVERLAP.search(text)]
    data = written(_column(texts))
    assert _first_column(resaved(data, "xlsx", tmp_path)) == texts
    assert _first_column(resaved(data, "xls", tmp_path)) == texts
    # LibreOffice 7.4 itself leaves the tabs out of a cell of several lines when it writes .ods.
    kept = [text.replace("\t", "") if "\n" in text else text for text in texts]
    assert _first_column(resaved(data, "ods", tmp_path)) == kept


def test_line_ends_are_those_of_the_container() -> None:
    # XML turns a raw \r\n into \n; what is escaped stays: that is how Excel keeps it.
    raw = xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>', ["a\r\nb", "a_x000D_\nb"])
    assert grid(raw).rows == (("a\nb", "a\r\nb"),)


def test_rich_text_is_joined_and_phonetic_runs_are_left_out() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>')
    parts["xl/sharedStrings.xml"] = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9" uniqueCount="4294967295">'
        '<si><r><t xml:space="preserve">政务 </t></r><r><rPr><b/></rPr><t>公开</t></r>'
        '<rPh sb="0" eb="1"><t>ゾ</t></rPh></si>'
        '<si><t>台账</t><phoneticPr fontId="1" type="noConversion"/></si></sst>'
    )
    assert grid(package(parts)).rows == (("政务 公开", "台账"),)


@pytest.mark.parametrize(
    ("cell", "text", "kind"),
    [
        ("<c r='A1'><v>1.0</v></c>", "1", "n"),
        ('<c r="A1"><v>370303198001010011</v></c>', "370303198001010011", "n"),
        ('<c r="A1"><v>123456789012345678901234567890</v></c>', "123456789012345678901234567890", "n"),
        ('<c r="A1"><v>0.85699999999999998</v></c>', "0.857", "n"),
        ('<c r="A1"><v>1.23456789012346E+17</v></c>', "123456789012346000", "n"),
        ('<c r="A1"><v>1E-4</v></c>', "0.0001", "n"),
        ('<c r="A1"><v>-7</v></c>', "-7", "n"),
        ('<c r="A1" s="2"><v>0.85</v></c>', "85%", "n"),
        ('<c r="A1" s="2"><v>1</v></c>', "100%", "n"),
        ('<c r="A1" s="1"><v>44834</v></c>', "2022-09-30", "d"),
        ('<c r="A1" s="1"><v>44834.34375</v></c>', "2022-09-30 08:15:00", "d"),
        ('<c r="A1" s="1"><v>0.34375</v></c>', "08:15:00", "d"),
        ('<c r="A1" s="3"><v>44834</v></c>', "2022-09-30", "d"),
        ('<c r="A1" s="4"><v>1.5</v></c>', "36:00:00", "d"),
        ('<c r="A1" s="5"><v>44834</v></c>', "2022-09-30", "d"),
        ('<c r="A1" s="1"><v>-3</v></c>', "-3", "n"),
        ('<c r="A1" s="1"><v>60</v></c>', "60", "n"),
        ('<c r="A1" s="1"><v>2E+18</v></c>', "2000000000000000000", "n"),
        ('<c r="A1" t="d"><v>2022-09-30T08:15:00</v></c>', "2022-09-30 08:15:00", "d"),
        ('<c r="A1" t="d"><v>2022-09-30T00:00:00</v></c>', "2022-09-30", "d"),
        ('<c r="A1" t="b"><v>1</v></c>', "TRUE", "b"),
        ('<c r="A1" t="b"><v>0</v></c>', "FALSE", "b"),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', "#DIV/0!", "e"),
        ('<c r="A1" t="str"><v> 已完成 </v></c>', " 已完成 ", ""),
        ('<c r="A1" t="inlineStr"><is><t>已</t><r><t>完成</t></r></is></c>', "已完成", ""),
        ('<c t="inlineStr"><is><t>无名</t></is></c>', "无名", ""),
        ('<c r="A1" t="n" s="1" cm="1"><v>44834</v></c>', "2022-09-30", "d"),
        ("<c r='A1' t='str'><v>引号</v></c>", "引号", ""),
    ],
)
def test_each_kind_of_cell(cell: str, text: str, kind: str) -> None:
    found = grid(xlsx(f'<row r="1">{cell}</row>'))
    assert found.rows == ((text,),)
    assert found.kinds.get((0, 0), "") == kind


def test_days_count_from_1904_where_the_file_says_so() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" s="1"><v>43372</v></c></row>')
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert grid(package(parts)).rows == (("2022-09-30",),)


def test_formulas_are_text_with_their_value_beside() -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1/0</f></c><c r="B1" t="str"><f>"x"&amp;"y"</f><v>xy</v></c>'
        '<c r="C1" s="1"><f t="shared" ref="C1:C2" si="0">B$1+D1</f><v>44834</v></c>'
        '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="2"><c r="C2" s="1"><f t="shared" si="0"/><v>44835</v></c></row>'
    )
    found = grid(xlsx(cells))
    assert found.rows == (("=1/0", '="x"&"y"', "=B$1+D1", "=1/0"), ("", "", "=B$1+D2", ""))
    assert set(found.kinds.values()) == {"f"}
    assert found.cached == {(0, 1): "xy", (0, 2): "2022-09-30", (0, 3): "#DIV/0!", (1, 2): "2022-10-01"}


def test_the_dimension_may_lie_and_a_million_rows_be_declared() -> None:
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="7"><c r="C7" t="s"><v>0</v></c><c r="D7" s="1"/></row>'
        '<row r="1048576" customHeight="true"><c r="XFD1048576" s="1"/></row>'
    )
    for declared in ("A1", "A1:XFD1048576"):
        found = grid(xlsx(cells, ["台"], head=f'<dimension ref="{declared}"/>'))
        assert len(found.rows) == 7
        assert found.rows[0] == ("台", "", "")
        assert found.rows[6] == ("", "", "台")


def test_merged_ranges_are_cut_to_the_cells() -> None:
    tail = '<mergeCells count="2"><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B9:C10"/></mergeCells>'
    found = grid(xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>', tail=tail))
    assert found.merged == ((0, 0, 0, 1),)


def test_sheets_names_and_marks() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet("台账").write_string(0, 0, "甲")
        hidden = book.add_worksheet("ledgergen")
        hidden.write_string(0, 0, "campaign")
        hidden.very_hidden()
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=台账!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        book.worksheets()[0].write_comment(0, 0, "请核对", {"author": "王"})
        book.worksheets()[0].insert_textbox(3, 3, "旁注")
        book.set_custom_property("ledgergen", "a|b")
        book.set_properties({"keywords": "k|w", "created": datetime(2022, 6, 15, 8, 0, 0)})  # noqa: DTZ001 - as it wants
        book.define_name("_ledgergen", '="a""b"')
        book.define_name("area", "=台账!$A$1")
    found = read(made.getvalue())
    assert [(each.name, each.hidden) for each in found.grids] == [("台账", False), ("ledgergen", True)]
    assert found.properties == {"ledgergen": "a|b", "keywords": "k|w"}
    assert found.names == {"_ledgergen": 'a"b'}
    assert found.saved.startswith("2022-06-15T08:00:00")
    assert set(found.notes) == {"comment A1: 请核对", "text box: 旁注"}


def test_other_spellings_of_the_container() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', ["台账"])
    prefixed = (
        str(parts["xl/worksheets/sheet1.xml"]).replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    )
    backslashes = {name.replace("/", "\\"): content for name, content in parts.items()}
    utf16 = '<?xml version="1.0" encoding="UTF-16"?>' + str(parts["xl/sharedStrings.xml"])
    gbk = '<?xml version="1.0" encoding="GBK"?>' + str(parts["xl/sharedStrings.xml"])
    commented = str(parts["xl/worksheets/sheet1.xml"]).replace("<row", "<!-- <c r='B1'><v>1</v></c> --><row")
    absolute = str(parts["xl/_rels/workbook.xml.rels"]).replace("worksheets/", "/xl/worksheets/")
    for data in (
        package(parts | {"xl/worksheets/sheet1.xml": prefixed}),
        package(backslashes),
        package(parts | {"xl/sharedStrings.xml": utf16.encode("utf-16")}),
        package(parts | {"xl/sharedStrings.xml": gbk.encode("gbk")}),
        package(parts | {"xl/worksheets/sheet1.xml": commented}),
        package(parts | {"xl/_rels/workbook.xml.rels": absolute}),
        package({name.upper(): content for name, content in parts.items()}),
    ):
        assert grid(data).rows == (("台账",),)


def test_what_stands_beside_the_cells_may_be_broken() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', ["台账"])
    broken = {
        "xl/comments1.xml": "<comments><comment>",
        "docProps/core.xml": "<a>",
        "docProps/custom.xml": "<!DOCTYPE a><a/>",
    }
    found = read(package(parts | broken))
    assert (found.notes, found.saved, found.properties) == (("xl/comments1.xml",), "", {})


def test_a_workbook_without_sheets_or_with_too_many() -> None:
    parts = xlsx_parts()
    sheet = '<sheet name="台账" sheetId="1" r:id="rId1"/>'
    none = package(parts | {"xl/workbook.xml": str(parts["xl/workbook.xml"]).replace(sheet, "")})
    assert refused(none).code == "workbook-without-sheets"
    many = package(parts | {"xl/workbook.xml": str(parts["xl/workbook.xml"]).replace(sheet, sheet * 501)})
    assert refused(many).code == "file-too-many-parts"


def test_the_workbook_may_stand_elsewhere() -> None:
    parts = {name.replace("xl/", "book/"): content for name, content in xlsx_parts(strings=["台账"]).items()}
    parts["book/worksheets/sheet1.xml"] = sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    parts["[Content_Types].xml"] = "<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>"
    parts["_rels/.rels"] = (
        '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/book/workbook.xml"/></Relationships>'
    )
    assert grid(package(parts)).rows == (("台账",),)


def test_texts_as_different_programs_spell_them() -> None:
    items = {
        "<si><t>a&amp;b&#10;c&#x4E2D;</t></si>": "a&b\nc中",
        "<si><r><rPr><b/><sz val='1'/></rPr><t>a</t></r><r><t xml:space=\"preserve\"> b</t></r></si>": "a b",
        "<si><t/></si>": "",
        "<si/>": "",
        "<si><t><![CDATA[<c>]]></t></si>": "<c>",
        "<si><t>a\r\nb</t></si>": "a\nb",
        "<si><t>_x4E2D__xD83D__xDE00__xD800_</t></si>": "中😀\ufffd",
    }
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{row - 1}</v></c><c r="B{row}"><v>1</v></c></row>'
        for row in range(1, 8)
    )
    for several in (list(items), *([each] for each in items)):
        parts = xlsx_parts(cells if len(several) > 1 else cells[: cells.index("</row>") + len("</row>")])
        parts["xl/sharedStrings.xml"] = f'<?xml version="1.0"?><sst xmlns="x">{"".join(several)}</sst>'
        assert [row[0] for row in grid(package(parts)).rows] == [items[each] for each in several]


def test_a_macro_workbook_reads_like_any_other() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', ["台账"]) | {"xl/vbaProject.bin": b"\xd0\xcf"}
    found = read(package(parts), "台账.xlsm")
    assert found.format == "xlsx"
    assert found.notes == ("macros",)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', "file-damaged"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "file-damaged"),
        ('<row r="1"><c r="A1" t="q"><v>1</v></c></row>', "file-damaged"),
        ('<row r="1"><c r="A1" s="99"><v>1</v></c></row>', "file-damaged"),
        ('<row r="1"><c r="AAAA1"><v>1</v></c></row>', "file-damaged"),
        ('<row r="1"><c r="A0"><v>1</v></c></row>', "file-damaged"),
        ('<row r="x"><c><v>1</v></c></row>', "file-damaged"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "file-damaged"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "file-inconsistent"),
        ('<row r="1<c r="A1"><v>1</v></c>2"></row>', "file-damaged"),
        ('<row<c r="A1"><v>1</v></c> r="1"></row>', "file-damaged"),
        ('<row r="1"><c r="B1" <c r="A1"><v>1</v></c>/></row>', "file-damaged"),
        (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            "sheet-too-large",
        ),
    ],
)
def test_cells_that_cannot_be_are_a_finding(cells: str, code: str) -> None:
    assert refused(xlsx(cells, ["a"])).code == code


def test_what_breaks_off_is_a_finding() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    whole = str(parts["xl/worksheets/sheet1.xml"])
    for cut in range(len(whole) - 200, len(whole)):
        assert refused(package(parts | {"xl/worksheets/sheet1.xml": whole[:cut]})).code == "file-damaged"


@given(
    st.integers(0, 10_000),
    st.sampled_from([*'<>/"= s1abZ&;\r\n', "<f>1</f>", "<v>", "<!-- -->", "&#10;", "&lt;", "<t>"]),
    st.integers(0, 1),
)
def test_the_pattern_and_lxml_read_the_same(position: int, inserted: str, cut: int) -> None:
    """Mutate the XML of a sheet and of its texts: where lxml takes it, the fast way gives the very same."""
    cells = "".join(
        f'<row r="{row}" spans="1:4"><c r="A{row}" s="1"><v>{44000 + row}</v></c>'
        f'<c r="B{row}" t="s"><v>{row % 3}</v></c><c r="C{row}" s="2"/><c r="D{row}" t="e"><v>#N/A</v></c></row>'
        for row in range(1, 6)
    )
    parts = xlsx_parts(cells, ["一 ", "a&b", "三\n"])
    name = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")[position % 2]
    whole = str(parts[name])
    at = position % len(whole)
    data = package(parts | {name: whole[:at] + inserted + whole[at + cut :]})
    fast, _ = read_workbook("a", data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_cells, "_plain_cells", lambda _text: None)
        patch.setattr(reading, "shared_texts", _shared_texts_by_lxml)
        slow, _ = read_workbook("a", data)
    if slow is not None:
        assert fast == slow


def _shared_texts_by_lxml(text: str) -> list[str]:
    root = xml_root(text, "sharedStrings")
    return [unescaped(xlsx_texts.text_of(item)) for item in root.iterfind("{*}si")]


def test_an_ordinary_ledger_takes_the_fast_way(tmp_path: Path) -> None:
    """Excel, WPS, xlsxwriter, openpyxl and LibreOffice all write cells that the pattern knows."""
    data = written([["序号 No. 1", "a & b"], ["１ 中 x 文", "x\ny"]])
    for each in (data, resaved(data, "xlsx", tmp_path)):
        parts = open_package(each)
        assert xlsx_cells._plain_cells(parts["xl/worksheets/sheet1.xml"].decode()) is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.delattr(xlsx_texts, "text_of")
            assert xlsx_texts.shared_texts(parts["xl/sharedstrings.xml"].decode())[-1] == "x\ny"


def test_openpyxl_agrees_on_values() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([1, 2.5, True, date(2022, 9, 30), datetime(2022, 9, 30, 8, 15), "文", "=A1+1", None, 0.5])  # noqa: DTZ001
    sheet["I1"].number_format = "0.0%"
    made = io.BytesIO()
    book.save(made)
    found = grid(made.getvalue())
    assert found.rows == (("1", "2.5", "TRUE", "2022-09-30", "2022-09-30 08:15:00", "文", "=A1+1", "", "50%"),)
    assert "".join(found.kinds.get((0, column), "-") for column in range(9)) == "nnbdd-f-n"


def test_cell_names() -> None:
    assert cell_name(6, 10) == "K7"
    assert cell_name(1_048_575, 16_383) == "XFD1048576"
    assert all(PLACES[cell_name(row, column)] == (row, column) for row in (0, 98) for column in (0, 25, 26, 701, 702))
    with pytest.raises(ValueError, match="beyond"):
        PLACES["XFE1"]


@given(st.integers(-(10**30), 10**30))
def test_integers_keep_every_digit(number: int) -> None:
    assert number_text(str(number)) == str(number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_value(number: float) -> None:
    assert float(number_text(repr(number))) == number


@given(st.data())
def test_workbooks_cross_the_pipe_unchanged(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 4))
    rows = data.draw(st.lists(st.lists(st.text(max_size=5), min_size=width, max_size=width), max_size=4))
    found = RawSheet("表", hidden=True)
    found.texts = {(row, column): text for row, line in enumerate(rows) for column, text in enumerate(line) if text}
    found.kinds = {place: data.draw(st.sampled_from("ndbfe")) for place in found.texts}
    found.cached = dict.fromkeys(list(found.texts)[:2], "值")
    book = Workbook("xlsx", (found.grid(),), "2022-01-01T00:00:00Z", {"a": "b"}, {"c": "d"}, ("macros",))
    assert Workbook.from_json(json.loads(json.dumps(book.to_json()))) == book


def test_an_unsound_part_names_itself() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    found = refused(package(parts | {"xl/worksheets/sheet1.xml": sheet_xml("<row>").encode() + b"\xff"}))
    assert (found.code, found.facts["part"]) == ("file-damaged", "xl/worksheets/sheet1.xml")
    del parts["xl/sharedStrings.xml"]
    assert refused(package(parts)).facts["part"] == "xl/sharedstrings.xml"
    with pytest.raises(Refused, match="file-damaged"):
        open_package(b"PK\3\4 and no more")
