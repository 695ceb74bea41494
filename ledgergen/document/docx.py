"""Read .docx: paragraphs with their automatic numbers, real tables with what is merged; headers and footers left out.

The XML is read here rather than with python-docx: that one inflates without bounds, and passes over tracked
insertions, content controls and smart tags, which clerks' files are full of. The container is inflated and checked by
:mod:`ledgergen.workbook.inspect`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ledgergen.document.blocks import Block, Paragraph, Source, Table
from ledgergen.document.docx_numbers import Numbering
from ledgergen.document.joining import join_paragraphs
from ledgergen.workbook.inspect import Parts, xml_root, xml_text

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_LOOSE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CONTAINERS: Final = frozenset({
    f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag", f"{W}ins", f"{W}moveTo", f"{W}hyperlink",
    f"{W}fldSimple", f"{W}dir", f"{W}bdo",
})  # fmt: skip
_SKIPPED: Final = frozenset({
    f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}rt", f"{W}pPr", f"{W}rPr", f"{W}sdtPr",
    f"{W}txbxContent", f"{W}footnoteReference", f"{W}commentReference", _FALLBACK,
})  # fmt: skip
_MARKS: Final = {f"{W}tab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_MOST_COLUMNS: Final = 100


def read_docx(parts: Parts) -> Source:
    """Read the parts of a package that :func:`ledgergen.workbook.inspect.open_package` has let pass.

    Raises:
        Refused: the document's XML is damaged or too large.
    """
    numbering = Numbering(_root(parts, "word/numbering.xml"), _root(parts, "word/styles.xml"))
    root = _root(parts, "word/document.xml", needed=True)
    body = root.find(f"{W}body") if root is not None else None
    blocks = list(_blocks(body, numbering)) if body is not None else []
    return Source("docx", join_paragraphs(blocks, loose=False))


def _root(parts: Parts, name: str, *, needed: bool = False) -> "Element | None":
    if not needed and not parts.get(name):
        return None
    return xml_root(xml_text(parts, name).replace(_STRICT, _LOOSE), name)


def _blocks(parent: "Element", numbering: Numbering) -> Iterator[Block]:
    for child in parent:
        if child.tag == f"{W}p":
            yield from _text_boxes(child, numbering)
            yield _paragraph(child, numbering)
        elif child.tag == f"{W}tbl":
            yield from _table(child, numbering)
        elif child.tag in _CONTAINERS:
            yield from _blocks(child, numbering)


def _text_boxes(paragraph: "Element", numbering: Numbering) -> Iterator[Block]:
    """Give what stands in boxes anchored to a paragraph; what is there for older programs is the same again."""
    for box in paragraph.iter(f"{W}txbxContent"):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            yield from _blocks(box, numbering)


def _paragraph(element: "Element", numbering: Numbering) -> Paragraph:
    properties = element.find(f"{W}pPr")
    text = "".join(_texts(element))
    number, is_heading = numbering.of(properties, counted=bool(text.strip()))
    aligned = properties.find(f"{W}jc") if properties is not None else None
    centred = aligned is not None and aligned.get(f"{W}val") == "center"
    return Paragraph(text, number, is_heading, centred)


def _texts(element: "Element") -> Iterator[str]:
    """Give the texts of a paragraph in order, without what is deleted, hidden or a field's code."""
    for child in element:
        tag = child.tag
        if tag in _SKIPPED or (tag == f"{W}r" and _is_hidden(child)):
            continue
        if tag == f"{W}t":
            yield child.text or ""
        elif tag == f"{W}br":
            yield "" if child.get(f"{W}type") in ("page", "column") else "\n"
        elif tag in _MARKS:
            yield _MARKS[tag]
        else:
            yield from _texts(child)


def _is_hidden(run: "Element") -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in ("0", "false")


def _table(element: "Element", numbering: Numbering) -> Iterator[Block]:
    """Read a table; one of a single cell only frames the text in it."""
    rows = list(_children(element, f"{W}tr"))
    cells = [list(_children(row, f"{W}tc")) for row in rows]
    if len(cells) == 1 and len(cells[0]) == 1:
        yield from _blocks(cells[0][0], numbering)
        return
    texts: list[list[str]] = []
    merged: list[list[int]] = []
    open_above: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        line, column = [""] * _offset(row), _offset(row)
        still: dict[int, list[int]] = {}
        for cell in cells[number]:
            width, continues, begins = _span(cell)
            text = "" if continues else _cell_text(cell, numbering)
            area = open_above.get(column) if continues else None
            if area is not None:
                area[2] = number
            elif width > 1 or begins:
                area = [number, column, number, column + width - 1]
                merged.append(area)
            if area is not None and (begins or continues):
                still[column] = area
            line += [text, *[""] * (width - 1)]
            column += width
        open_above = still
        texts.append(line)
    areas = tuple((top, left, bottom, right) for top, left, bottom, right in merged if (top, left) != (bottom, right))
    yield Table(tuple(map(tuple, texts)), areas)


def _children(parent: "Element", tag: str) -> Iterator["Element"]:
    """Give the rows of a table or the cells of a row, through content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            deleted = child.find(f"{W}trPr/{W}del") if tag == f"{W}tr" else None
            if deleted is None:
                yield child
        elif child.tag in _CONTAINERS:
            yield from _children(child, tag)


def _offset(row: "Element") -> int:
    before = row.find(f"{W}trPr/{W}gridBefore")
    return min(_number(before), _MOST_COLUMNS) if before is not None else 0


def _span(cell: "Element") -> tuple[int, bool, bool]:
    """Give how many columns a cell covers, whether it goes on from above, and whether it may go on below."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    width = max(1, min(_number(span), _MOST_COLUMNS)) if span is not None else 1
    kind = merge.get(f"{W}val", "continue") if merge is not None else ""
    return width, kind == "continue", kind == "restart"


def _number(element: "Element") -> int:
    written = element.get(f"{W}val", "")
    return int(written) if written.isdecimal() and len(written) < 5 else 0  # noqa: PLR2004 - no table is so wide


def _cell_text(cell: "Element", numbering: Numbering) -> str:
    """Give the text of a cell, a line per paragraph; of a table inside it a line per cell."""
    lines: list[str] = []
    for block in _blocks(cell, numbering):
        if isinstance(block, Paragraph):
            lines.append(f"{block.number}{block.text}")
        else:
            lines += [text for row in block.rows for text in row]
    return "\n".join(line for line in lines if line.strip())
