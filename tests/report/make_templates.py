"""Make the Word templates of the reports: ``python tests/report/make_templates.py`` (``make templates``).

The layout is that of GB/T 9704-2012 (党政机关公文格式): A4, the text area 156 mm × 225 mm with 37 mm above and 28 mm at
the left; title 小标宋 of size 2 (22 pt), body 仿宋 of size 3 (16 pt) at 28 pt a line, so that 22 lines stand on a page;
first-level headings 黑体, second-level 楷体; page numbers of size 4 in 宋体 between dashes, outside on either side.

What the templates say stands here as text, one line a paragraph; offices edit the .docx files, which are what the
product reads. The same text gives the same bytes.
"""

import io
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "reports"
HERE: Final = Path(__file__).resolve().parent
TEXTS: Final = HERE / "template_texts"

_NS: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"

MM: Final = 1440 / 25.4  # twips
PAGE: Final = (11906, 16838)
TOP, LEFT, WIDTH, HEIGHT = (round(each * MM) for each in (37, 28, 156, 225))
LINE: Final = 560  # twips: 28 pt, 22 lines a page
CLOSER: Final = -5  # twips a character: 28 of 16 pt stand in a line; LibreOffice takes a grid of characters otherwise
BODY, TITLE, NUMBER, CELL = 32, 44, 28, 24  # half points
_LATIN: Final = "Times New Roman"

# prefix of a line in the texts → the id of its style
PREFIXES: Final = {
    "# ": "Title",
    "## ": "Heading1",
    "### ": "Heading2",
    "@ ": "Salutation",
    "> ": "Signature",
    "^ ": "Draft",
    "- ": "Brief",
}
_FLUSH: Final = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_CELL_LINE: Final = '<w:spacing w:line="400" w:lineRule="exact"/>'
_ALIGNED: Final = {side: f'<w:jc w:val="{side}"/>' for side in ("left", "center", "right")}
_TALL: Final = '<w:spacing w:before="0" w:after="280" w:line="700" w:lineRule="exact"/>'
_SIGNED: Final = '<w:ind w:rightChars="400" w:right="1280" w:firstLineChars="0" w:firstLine="0"/>'
_LESS: Final = '<w:spacing w:line="460" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="560"/>'
SPOKEN: Final = {  # id → name that Word shows, font, half points, paragraph properties
    "Title": ("Title", "方正小标宋简体", TITLE, _TALL + _FLUSH + _ALIGNED["center"]),
    "Heading1": ("heading 1", "黑体", BODY, "<w:keepNext/>"),
    "Heading2": ("heading 2", "楷体_GB2312", BODY, "<w:keepNext/>"),
    "Salutation": ("Salutation", "仿宋_GB2312", BODY, _FLUSH),
    "Signature": ("Signature", "仿宋_GB2312", BODY, _SIGNED + _ALIGNED["right"]),
    "Draft": ("Draft", "黑体", BODY, _FLUSH + _ALIGNED["left"]),
    "Brief": ("Brief", "仿宋_GB2312", NUMBER, _LESS),
    "TableText": ("Table Text", "仿宋_GB2312", CELL, _CELL_LINE + _FLUSH + _ALIGNED["left"]),
    "TableMid": ("Table Mid", "仿宋_GB2312", CELL, _CELL_LINE + _FLUSH + _ALIGNED["center"]),
    "TableHead": ("Table Head", "黑体", CELL, "<w:keepNext/>" + _CELL_LINE + _FLUSH + _ALIGNED["center"]),
    "Footer": ("footer", "宋体", NUMBER, '<w:spacing w:line="240" w:lineRule="auto"/>' + _FLUSH),
}


def document(lines: Sequence[str]) -> str:
    """Make the main part of lines of text; those between ``|`` are rows of a table, the first its header."""
    body: list[str] = []
    table: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            body.append(_table(table))
            table = []
        if line:
            body.append(_line(line))
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>'
        f'<w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/>'
        f'<w:pgMar w:top="{TOP}" w:right="{PAGE[0] - LEFT - WIDTH}" w:bottom="{PAGE[1] - TOP - HEIGHT}" w:left="{LEFT}"'
        f' w:header="{round(15 * MM)}" w:footer="{round(23 * MM)}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
    )
    return f"{_HEAD}<w:document {_NS}><w:body>{''.join(body)}{section}</w:body></w:document>"


def _line(line: str) -> str:
    prefix = next((each for each in PREFIXES if line.startswith(each)), "")
    return _paragraph(line.removeprefix(prefix), PREFIXES.get(prefix, ""))


def _paragraph(text: str, style: str = "", more: str = "") -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{properties}{more}</w:pPr>" if properties or more else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _table(lines: Sequence[str]) -> str:
    """Make a table; ``|8|20|…`` first are the widths in mm, ``|a|b|`` the header, ``|~a|`` a centred cell."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    widths = [round(int(cell) * MM) for cell in rows[0]]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    made = [_row(cells, widths, "TableHead" if number == 0 else "TableText") for number, cells in enumerate(rows[1:])]
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"


def _row(cells: Sequence[str], widths: Sequence[int], style: str) -> str:
    spans = [*[1] * (len(cells) - 1), len(widths) - len(cells) + 1]
    made = []
    for index, (text, span) in enumerate(zip(cells, spans, strict=True)):
        width = sum(widths[index : index + span])
        merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}<w:vAlign w:val="center"/></w:tcPr>'
        own = "TableMid" if text.startswith("~") else style
        made.append(f"<w:tc>{properties}{_paragraph(text.removeprefix('~'), own)}</w:tc>")
    again = "<w:tblHeader/>" if style == "TableHead" else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(made)}</w:tr>"


def styles() -> str:
    """Make the styles: everything rests on Normal, which is the body of an official document."""
    fonts = f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:cs="{_LATIN}" w:eastAsia="仿宋_GB2312"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}"
        f'<w:sz w:val="{BODY}"/><w:szCs w:val="{BODY}"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:widowControl w:val="0"/><w:spacing w:line="{LINE}" w:lineRule="exact"/>'
        '<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr>'
        f'<w:rPr><w:spacing w:val="{CLOSER}"/></w:rPr></w:style>'
    )
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
    made = [defaults, normal, table]
    for name, (shown, font, size, properties) in SPOKEN.items():
        level = f'<w:outlineLvl w:val="{int(name[-1]) - 1}"/>' if name.startswith("Heading") else ""
        latin = font if name == "Footer" else _LATIN
        made.append(
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="Normal"/>'
            f"<w:qFormat/><w:pPr>{properties}{level}</w:pPr>"
            f'<w:rPr><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{font}"/>'
            f'<w:spacing w:val="{CLOSER if size == BODY else 0}"/>'
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
        )
    return f"{_HEAD}<w:styles {_NS}>{''.join(made)}</w:styles>"


def footer(side: str) -> str:
    """Make the page number ``— 1 —``, one character in from the outer side."""
    place = f'<w:ind w:{side}Chars="100" w:{side}="320" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="{side}"/>'
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    line = f'<w:p><w:pPr><w:pStyle w:val="Footer"/>{place}</w:pPr>{dash.format("— ")}{number}{dash.format(" —")}</w:p>'
    return f"{_HEAD}<w:ftr {_NS}>{line}</w:ftr>"


def package(lines: Sequence[str], title: str) -> dict[str, str]:
    """Give all parts of a template by name, in the order in which they are packed."""
    kinds = {"document": "document.main", "styles": "styles", "settings": "settings"}
    kinds |= {"footer1": "footer", "footer2": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_WORD_TYPE}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    relations = {"styles": "styles", "settings": "settings", "footer1": "footer", "footer2": "footer"}
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/relationships/{kind}" Target="{part}.xml"/>'
        for number, (part, kind) in enumerate(relations.items(), start=1)
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(title)}</dc:title>'
        "<dc:creator>ledgergen</dc:creator>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created></cp:coreProperties>',
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        "</Relationships>",
        "word/document.xml": document(lines),
        "word/footer1.xml": footer("right"),
        "word/footer2.xml": footer("left"),
        "word/settings.xml": f"{_HEAD}<w:settings {_NS}><w:evenAndOddHeaders/>"
        '<w:characterSpacingControl w:val="compressPunctuation"/></w:settings>',
        "word/styles.xml": styles(),
    }


def packed(parts: dict[str, str]) -> bytes:
    """Pack the parts; no time of the day gets into the file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            container.writestr(info, text.encode())
    return stream.getvalue()


def templates() -> dict[str, bytes]:
    """Make every template by its file name, of the texts in ``template_texts/``."""
    made = {}
    for path in sorted(TEXTS.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        title = next((line[2:] for line in lines if line.startswith("# ")), path.stem)
        made[f"{path.stem}.docx"] = packed(package([line for line in lines if not line.startswith("//")], title))
    return made


def main(names: Iterable[str] = ()) -> None:
    """Write the templates, all or those named."""
    wanted = set(names)
    FOLDER.mkdir(exist_ok=True)
    for name, data in templates().items():
        if not wanted or name in wanted:
            (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
