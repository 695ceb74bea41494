"""Specimens as text → the files that offices send: a light markup for .docx, .xlsx, .html and .pdf.

The first line names the format. Then a line is a paragraph; ``>`` centred, ``<`` right, ``#han`` ``#sub`` ``#item``
automatically numbered (一、 / （一） running on / 1.), ``|a|b`` a row of a table (``^`` merged with the cell above,
``<`` with the one to the left), ``=name`` a new sheet, ``~nav`` ``~side`` ``~foot`` ``~info`` the parts of a web page.
A cell ``d:2024-06-30:FORMAT`` is a day in a number format.
"""

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Final

from openpyxl import Workbook

SPECIMENS: Final = Path(__file__).parent / "specimens"
KINDS: Final = ("txt", "md", "markup")
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_W: Final = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}"'
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NUMBERS: Final = {"han": 1, "sub": 2, "item": 3}
_FORMATS: Final = {1: ("chineseCounting", "%1、"), 2: ("chineseCounting", "（%1）"), 3: ("decimal", "%1.")}
_SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
_WIDTH: Final = 8500  # twentieths of a point, of a table


def kind_of(name: str) -> str:
    """Tell the format of a specimen: ``docx``, ``pdf``, ``txt`` and so on."""
    path = SPECIMENS / f"{name}.markup"
    if not path.exists():
        return next(each for each in KINDS if (SPECIMENS / f"{name}.{each}").exists())
    return path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("%").split(" ")[0]


def specimen(name: str, folder: Path, office: str = "") -> Path:
    """Give the file of a specimen: as it stands, or built from its markup into ``folder``; .pdf by LibreOffice."""
    kind = kind_of(name)
    if kind in KINDS:
        return SPECIMENS / f"{name}.{kind}"
    first, *lines = (SPECIMENS / f"{name}.markup").read_text(encoding="utf-8").splitlines()
    rest = first.partition(" ")[2]
    target = folder / f"{name}.{kind}"
    if kind == "pdf":
        source = folder / f"{name}.docx"
        source.write_bytes(docx(lines, header=rest))
        command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=120)
    else:
        target.write_bytes({"docx": docx, "xlsx": xlsx, "html": html}[kind](lines, rest))
    return target


def docx(lines: Sequence[str], header: str = "") -> bytes:
    """Build a Word file by hand: numbering, real tables with vMerge and gridSpan, a header where one is given."""
    return word("".join(_blocks(lines)), header)


def word(body: str, header: str = "") -> bytes:
    """Build a Word file around the XML of its body."""
    references = "".join(f'<w:{side}Reference w:type="default" r:id="{side}"/>' for side in ("header", "footer"))
    size = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1800" w:bottom="1800" w:left="1700" w:right="1700"/>'
    section = f"<w:sectPr>{references if header else ''}{size}</w:sectPr>"
    parts = {
        "[Content_Types].xml": _content_types(paged=bool(header)),
        "_rels/.rels": _relationships(("main", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {_W}><w:body>{body}{section}</w:body></w:document>",
        "word/numbering.xml": _numbering(),
        "word/_rels/document.xml.rels": _relationships(
            ("numbering", "numbering", "numbering.xml"),
            *((side, side, f"{side}.xml") for side in ("header", "footer") if header),
        ),
    }
    if header:
        parts["word/header.xml"] = f"<w:hdr {_W}>{paragraph(header, align='center')}</w:hdr>"
        parts["word/footer.xml"] = f"<w:ftr {_W}>{_page_number()}</w:ftr>"
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    """Zip XML parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return buffer.getvalue()


def paragraph(text: str, align: str = "", number: int = 0) -> str:
    """Give the XML of a paragraph, its text in two runs as editors leave it."""
    properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    properties += f'<w:jc w:val="{align}"/>' if align else '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    half = len(text) // 2
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text[:half])}{run(text[half:])}</w:p>"


def run(text: str, size: int = 30) -> str:
    """Give the XML of a run."""
    return f'<w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def xlsx(lines: Sequence[str], _rest: str = "") -> bytes:
    """Build a workbook with merged cells and days in their number formats."""
    book = Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    for title, rows in _sheets(lines):
        sheet = book.create_sheet(title)
        for row, cells in enumerate(rows, start=1):
            for column, text in enumerate(cells, start=1):
                cell = sheet.cell(row, column)
                if text.startswith("d:"):
                    _, day, code = text.split(":", 2)
                    cell.value, cell.number_format = date.fromisoformat(day), code
                elif text not in ("", "^", "<"):
                    cell.value = int(text) if text.isdecimal() else text
        for top, left, bottom, right in _areas(rows):
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def html(lines: Sequence[str], rest: str = "") -> bytes:
    """Build a web page as sites make them: tables for the layout, navigation around the article."""
    codec = rest or "utf-8"
    parts = {"nav": "", "side": "", "foot": "", "info": ""}
    article = ""
    for line in lines:
        if found := re.match(r"~(\w+) (.*)", line):
            parts[found[1]] = escape(found[2])
        elif line.startswith(">"):
            article += f'<h2 style="text-align:center">{escape(line[1:])}</h2>'
        else:
            article += f"<p>&nbsp;&nbsp;{escape(line)}</p>\r\n"
    info = "".join(f"<td>{each}</td>" for each in parts["info"].split("|"))
    side = "".join(f"<li><a href='#'>{each}</a></li>" for each in parts["side"].split(" "))
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={codec}"><title>文件 - 某县人民政府'
        "</title><script>var a='1.假任务（责任单位：假单位）';</script></head><body>"
        f"<div class='nav'>{parts['nav']}</div>"
        f"<table width=1000><tr><td valign=top><ul class='side-list'>{side}</ul></td><td>"
        f"<table class='info'><tr>{info}</tr></table><div id='zoom'>{article}</div></td></tr></table>"
        f"<div class='footer'>{parts['foot']} 主办：某县人民政府 备案号00000</div></body></html>"
    )
    return page.encode(codec)


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    table: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            table.append(line.split("|")[1:])
            continue
        if table:
            yield _table(table)
            table = []
        if found := re.match(r"#(\w+) (.*)", line):
            yield paragraph(found[2], number=_NUMBERS[found[1]])
        elif line:
            align = {">": "center", "<": "right"}.get(line[0], "")
            yield paragraph(line[1:] if align else line, align=align)


def _table(rows: Sequence[Sequence[str]]) -> str:
    width = max(map(len, rows))
    lines = "".join(f"<w:tr>{''.join(_cells(rows, number, _WIDTH // width))}</w:tr>" for number in range(len(rows)))
    borders = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in _SIDES)
    grid = f'<w:gridCol w:w="{_WIDTH // width}"/>' * width
    properties = f'<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def _cells(rows: Sequence[Sequence[str]], number: int, size: int) -> Iterator[str]:
    row = rows[number]
    column = 0
    while column < len(row):
        span = 1
        while column + span < len(row) and row[column + span] == "<":
            span += 1
        below = number + 1 < len(rows) and len(rows[number + 1]) > column and rows[number + 1][column] == "^"
        merge = "<w:vMerge/>" if row[column] == "^" else '<w:vMerge w:val="restart"/>' if below else ""
        grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        text = "" if row[column] == "^" else row[column]
        properties = f'<w:tcPr><w:tcW w:w="{size * span}" w:type="dxa"/>{grid}{merge}</w:tcPr>'
        yield f"<w:tc>{properties}<w:p>{run(text, 21)}</w:p></w:tc>"
        column += span


def _page_number() -> str:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{run("— ")}{field}{run(" —")}</w:p>'


def _numbering() -> str:
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
        for number, (form, text) in _FORMATS.items()
    )
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in _FORMATS)
    return f"<w:numbering {_W}>{abstract}{numbers}</w:numbering>"


def _relationships(*entries: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for n, kind, target in entries
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(*, paged: bool) -> str:
    names = {"document": "document.main", "numbering": "numbering"} | ({"header": "header"} if paged else {})
    names |= {"footer": "footer"} if paged else {}
    inner = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>' for name, kind in names.items()
    )
    default = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{default}{inner}</Types>'


def _sheets(lines: Sequence[str]) -> Iterator[tuple[str, list[list[str]]]]:
    title, rows = "", list[list[str]]()
    for line in [*lines, "="]:
        if line.startswith("="):
            if rows:
                yield title, rows
            title, rows = line[1:], []
        else:
            rows.append(line.split("|")[1:])


def _areas(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, int, int]]:
    """Give the merged areas: of each cell that others are merged with."""
    for top, row in enumerate(rows):
        for left, text in enumerate(row):
            if text in ("^", "<"):
                continue
            right, bottom = left, top
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while bottom + 1 < len(rows) and len(rows[bottom + 1]) > left and rows[bottom + 1][left] == "^":
                bottom += 1
            if (top, left) != (bottom, right):
                yield top, left, bottom, right
