"""Forms of offices that do not exist, made by script: letterheads, titles and signatures as such forms have them."""

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook as Writer

_THIN: Final = Side(style="thin", color="000000")
_ALL: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)


def png(width: int = 48, height: int = 48, colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    """Make a picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def saved(workbook: Workbook) -> bytes:
    """Give the bytes of a workbook."""
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _sheet(widths: Iterable[float], name: str = "Sheet1") -> tuple[Workbook, Worksheet]:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = name
    for index, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJKLMN"[index]].width = width
    return workbook, sheet


def _titles(sheet: Worksheet, row: int, titles: Iterable[str], column: int = 1) -> None:
    for index, title in enumerate(titles, start=column):
        cell = sheet.cell(row, index, title or None)
        cell.font, cell.alignment, cell.border = Font(name="黑体", sz=12), _CENTRE, _ALL
    sheet.row_dimensions[row].height = 33


def _lines(sheet: Worksheet, first: int, last: int, columns: int, column: int = 1) -> None:
    for row in range(first, last + 1):
        sheet.row_dimensions[row].height = 24
        for index in range(column, column + columns):
            cell = sheet.cell(row, index)
            cell.font, cell.border = Font(name="仿宋_GB2312", sz=11), _ALL
            cell.alignment = Alignment(vertical="center")


def _title(sheet: Worksheet, area: str, text: str, *, size: float = 22, colour: str = "000000") -> None:
    sheet.merge_cells(area)
    cell = sheet[area.partition(":")[0]]
    cell.value, cell.alignment = text, Alignment(horizontal="center", vertical="center")
    cell.font = Font(name="方正小标宋简体", sz=size, color=colour)
    sheet.row_dimensions[cell.row].height = size * 2


def red_head() -> bytes:
    """A red letterhead over a line, a title, labels with free cells beside them, one drawn row, signatures below."""
    workbook, sheet = _sheet((6, 24, 26, 14, 12, 18))
    _title(sheet, "A1:F1", "云溪区人民政府办公室", size=30, colour="FF0000")
    for column in range(1, 7):
        sheet.cell(1, column).border = Border(bottom=Side(style="thick", color="FF0000"))
    _title(sheet, "A2:F2", "重点任务推进台账", size=20)
    for name, text in (("A3", "填报单位："), ("D3", "填报日期：")):
        sheet[name] = text
        sheet[name].font = Font(name="楷体_GB2312", sz=12)
    sheet.merge_cells("A3:B3")
    sheet.merge_cells("E3:F3")
    _titles(sheet, 4, ("序号", "重点任务", "落实措施", "完成时限", "责任科室", "进展情况"))
    _lines(sheet, 5, 5, 6)
    sheet.merge_cells("A7:F7")
    sheet["A7"] = "审核人：              联系电话：              填报日期：    年  月  日"
    sheet["A7"].font = Font(name="楷体_GB2312", sz=12)
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "portrait"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    footer: Any = sheet.oddFooter
    footer.center.text = "第 &P 页"
    return saved(workbook)


def two_rows() -> bytes:
    """Titles in two rows with groups, thirty drawn rows, a note and signatures below, a window that is frozen."""
    workbook, sheet = _sheet((5, 22, 30, 12, 12, 12, 10, 26, 14), "台账")
    _title(sheet, "A1:I1", "（ {{ unit | placed_in(region) }} ）年度工作台账")
    sheet["A2"] = "填报期："
    sheet["H2"] = "报送截止："
    _titles(sheet, 3, ("序号", "工作任务", "工作要求", "责任落实", "", "", "办理情况", "", "备注"))
    _titles(sheet, 4, ("", "", "", "分管领导", "责任科室", "完成时限", "状态", "进展情况", ""))
    for area in ("A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:H3", "I3:I4"):
        sheet.merge_cells(area)
    _lines(sheet, 5, 34, 9)
    for row in range(5, 35):
        sheet.cell(row, 1).value = row - 4
    sheet.merge_cells("A35:I35")
    sheet["A35"] = "注：进展情况填写工作成效，不超过200字。"
    sheet["B37"], sheet["H37"] = "单位负责人：", "填报人："
    sheet.row_dimensions[37].height = 40
    sheet.freeze_panes = "C5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "3:4"
    sheet.print_area = "A1:I37"
    return saved(workbook)


def emblem() -> bytes:
    """An emblem, a red line and a text box over the sheet, a seal below; the titles in row 6."""
    target = BytesIO()
    book = Writer(target, {"in_memory": True})
    sheet = book.add_worksheet("任务表")
    title = book.add_format({"font_name": "方正小标宋简体", "font_size": 20, "align": "center", "valign": "vcenter"})
    head = book.add_format(
        {"font_name": "黑体", "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    body = book.add_format({"font_name": "宋体", "font_size": 10.5, "border": 1, "valign": "vcenter"})
    for column, width in enumerate((5, 20, 34, 24, 14, 30)):
        sheet.set_column(column, column, width)
    sheet.insert_image("A1", "emblem.png", {"image_data": BytesIO(png()), "x_offset": 6, "y_offset": 4})
    sheet.insert_textbox("F1", "内部资料", {"width": 120, "height": 26})
    sheet.merge_range("A2:F3", "清泉县政务公开任务清单", title)
    sheet.write("A5", "单位：")
    for column, text in enumerate(("序号", "任务名称", "具体要求", "工作措施", "时限要求", "落实情况")):
        sheet.write(5, column, text, head)
    for row in range(6, 10):
        for column in range(6):
            sheet.write_blank(row, column, None, body)
    sheet.write("E12", "（盖章）")
    sheet.insert_image("E11", "seal.png", {"image_data": BytesIO(png(80, 80)), "object_position": 2})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_header('&L&"宋体"&9清泉县政务公开办公室')
    book.close()
    return target.getvalue()


def protected() -> bytes:
    """A sheet under a password, labels and values in one cell, the whole table locked."""
    workbook, sheet = _sheet((6, 26, 30, 16, 24), "表一")
    _title(sheet, "A1:E1", "政务公开工作进展情况表", size=18)
    sheet.merge_cells("A2:E2")
    sheet["A2"] = "填报单位：                    填报人：              联系电话：              "
    _titles(sheet, 3, ("序号", "工作任务", "工作举措", "状态", "完成情况"))
    _lines(sheet, 4, 9, 5)
    sheet.protection.set_password("office")
    sheet.protection.sheet = True
    return saved(workbook)


def example() -> bytes:
    """A row that shows how to fill, a formula that counts, a note below."""
    workbook, sheet = _sheet((6, 28, 30, 14, 12, 28, 12), "填报表")
    _title(sheet, "A1:G1", "年度任务落实情况统计表", size=18)
    _titles(sheet, 2, ("序号", "工作任务", "工作内容", "时限", "责任领导", "工作进展", "备注"))
    _lines(sheet, 3, 8, 7)
    texts: tuple[Any, ...] = (1, "示例：政策解读", "印发文件同步解读", "长期", "某某", "已解读3件", "样例")
    for column, text in enumerate(texts, start=1):
        sheet.cell(3, column).value = text
    sheet["A4"] = "=A3+1"
    sheet["A9"] = "说明：一项任务一行，不得合并单元格。"
    return saved(workbook)


def furnished() -> bytes:
    """A form with lists of its own, a column of its own, formats by rule, a second sheet, and things that are lost."""
    workbook, sheet = _sheet((5, 20, 30, 12, 10, 26, 14, 12), "台账表")
    _title(sheet, "B1:H1", "海棠市任务台账", size=20)
    sheet["B2"], sheet["G2"] = "填报单位", "填报人"
    _titles(sheet, 3, ("序号", "工作任务", "工作要求", "牵头单位", "落实状态", "进展情况", "经验做法"), column=2)
    _lines(sheet, 4, 6, 7, column=2)
    for row in range(4, 7):
        sheet.cell(row, 5).fill = PatternFill("solid", fgColor="FFF2CC")
        sheet.cell(row, 7).protection = Protection(locked=False)
    rule = DataValidation(type="list", formula1='"完成,在办,未启动,滞后"', allow_blank=True)
    rule.add("F4:F6")
    sheet.add_data_validation(rule)
    look = DifferentialStyle(font=Font(color="FF0000"))
    sheet.conditional_formatting.add("F4:F6", Rule(type="expression", dxf=look, formula=['$F4="滞后"']))
    sheet["B3"].comment = None
    sheet["H8"] = "=TODAY()"
    sheet["B8"] = "审核人："
    guide = workbook.create_sheet("填表说明")
    guide["A1"] = "一、本表按月报送。"
    guide["A2"] = "二、进展情况写到上月底。"
    return saved(workbook)


def plain_lines() -> bytes:
    """No lines at all, a narrow paper, a title over blank rows, a single text below."""
    workbook, sheet = _sheet((8, 30, 20, 20))
    sheet["A1"] = "任务表"
    for column, text in enumerate(("项次", "任务", "措施", "进展"), start=1):
        sheet.cell(3, column).value = text
    sheet["A8"] = "以上情况属实。"
    return saved(workbook)


FORMS: Final[Mapping[str, Callable[[], bytes]]] = {
    "red_head": red_head,
    "two_rows": two_rows,
    "emblem": emblem,
    "protected": protected,
    "example": example,
    "furnished": furnished,
    "plain_lines": plain_lines,
}


def table(
    titles: Iterable[str], *, row: int = 1, above: Mapping[str, Any] | None = None, merged: Iterable[str] = ()
) -> bytes:
    """Make the least form: titles in a row, one drawn row, and whatever else stands there, by cell."""
    names = list(titles)
    workbook, sheet = _sheet([14] * len(names))
    _titles(sheet, row, names)
    _lines(sheet, row + 1, row + 1, len(names))
    for name, text in (above or {}).items():
        sheet[name] = text
    for area in merged:
        sheet.merge_cells(area)
    return saved(workbook)
