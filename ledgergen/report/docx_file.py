"""The one door to python-docx: fill a Word template with values, and read what came of it as lines and tables.

The template is an office's own file, so it is looked at like any foreign one before it is opened: python-docx inflates
without bounds. Values become text of runs and nothing else: a field code, a formula or markup that a unit typed stays
the text that it is. The same template and values give the same bytes.
"""

import copy
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from ledgergen.errors import WrongUse
from ledgergen.findings import Where, message
from ledgergen.report.docx_marks import Marked, instruction, is_instruction, joined, marked, unmarked
from ledgergen.texts import render_report
from ledgergen.workbook.inspect import Refused, open_package

_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_FIRST: Final = "[Content_Types].xml"
_PARAGRAPH, _TABLE, _ROW, _CELL = "ptrq"  # kinds of marks
Node: TypeAlias = CT_P | CT_Tbl | CT_Row


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a filled document: its style's name in the template, and its text."""

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a filled document: the texts of its cells; merged cells are given once, where they begin."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled document: the bytes of its file, and its body as lines and tables."""

    data: bytes
    body: tuple[Line | Grid, ...]


def fill_document(template: bytes, values: Mapping[str, object], where: str) -> Filled:
    """Fill a Word template; ``values`` hold texts, numbers, lists and dicts only, free of control characters.

    Raises:
        WrongUse: ``template-not-word``, the file is no sound .docx; ``template-faulty``, a placeholder is not valid.
    """
    document = _opened(template, where)
    body = document.element.body
    nodes: list[Node] = []
    source = "\n".join(_source(body, nodes))
    places = [child for child in body if isinstance(child, CT_P | CT_Tbl)]
    end = body.find(qn("w:sectPr"))
    for each in places:
        body.remove(each)
    for each in _built(unmarked(render_report(source, values, where)), nodes):
        body.append(each) if end is None else end.addprevious(each)
    stream = io.BytesIO()
    document.save(stream)
    return Filled(_steady(stream.getvalue()), tuple(_body(document)))


def read_document(data: bytes, where: str) -> tuple[Line | Grid, ...]:
    """Read a Word document that somebody edited: its body as lines and tables.

    Raises:
        WrongUse: ``template-not-word``.
    """
    return tuple(_body(_opened(data, where)))


def _opened(data: bytes, where: str) -> WordDocument:
    try:
        open_package(data)
        return Document(io.BytesIO(data))
    except Refused as refusal:
        raise WrongUse("template-not-word", Where(where), reason=message(refusal.finding(""))) from refusal
    except Exception as fault:
        raise WrongUse("template-not-word", Where(where), reason=str(fault)) from fault


def _source(body: Iterable[object], nodes: list[Node]) -> Iterator[str]:
    """Give the template's text line by line, with marks, and remember which element each mark is about."""
    for child in body:
        if isinstance(child, CT_P):
            yield _paragraph_source(child, nodes, _PARAGRAPH)
        elif isinstance(child, CT_Tbl):
            nodes.append(child)
            yield marked(_TABLE, len(nodes) - 1, ())
            for row in child.tr_lst:
                yield from _row_source(row, nodes)


def _row_source(row: CT_Row, nodes: list[Node]) -> Iterator[str]:
    text = "".join(map(_text, _paragraphs(row)))
    if is_instruction(text):
        yield instruction(text)
        return
    nodes.append(row)
    yield marked(_ROW, len(nodes) - 1, ())
    for paragraph in _paragraphs(row):
        yield _paragraph_source(paragraph, nodes, _CELL)


def _paragraph_source(paragraph: CT_P, nodes: list[Node], kind: str) -> str:
    texts = [run.text for run in _runs(paragraph)]
    if kind == _PARAGRAPH and is_instruction("".join(texts)):
        return instruction("".join(texts))
    nodes.append(paragraph)
    return marked(kind, len(nodes) - 1, joined(texts))


def _built(blocks: Iterable[Marked], nodes: Sequence[Node]) -> list[CT_P | CT_Tbl]:
    """Make the elements that the rendered text calls for, each a copy of the one that its mark names.

    Rows follow their table and the paragraphs of cells their row. A table without rows is left out: Word would repair
    it.
    """
    made: list[CT_P | CT_Tbl] = []
    cells: Iterator[CT_P] = iter(())
    for block in blocks:
        node = nodes[block.number]
        if block.kind == _CELL:
            _write(next(cells), block.texts)
            continue
        copied = copy.deepcopy(node)
        if isinstance(copied, CT_Row):
            made[-1].append(copied)
            cells = iter(_paragraphs(copied))
            continue
        if isinstance(copied, CT_P):
            _write(copied, block.texts)
        else:
            for row in list(copied.tr_lst):
                copied.remove(row)
        made.append(copied)
    return [each for each in made if isinstance(each, CT_P) or each.tr_lst]


def _write(paragraph: CT_P, texts: Mapping[int, str]) -> None:
    """Give the runs of a paragraph their texts; line ends become breaks, those at the end are the template's lines."""
    last = max(texts, default=0)
    for index, run in enumerate(_runs(paragraph)):
        text = texts.get(index, "")
        text = text.rstrip("\n") if index == last else text
        if text != run.text:
            run.text = text


def _runs(paragraph: CT_P) -> list[CT_R]:
    """Give the runs that hold text and nothing that would be lost with it: no picture, no field, no note."""
    found = (run for run in paragraph.iter(qn("w:r")) if isinstance(run, CT_R))
    return [run for run in found if any(child.tag in _TEXT for child in run) and not _holds(run)]


def _paragraphs(node: CT_Row | CT_Tc) -> list[CT_P]:
    """Give the paragraphs within a row or a cell."""
    return [each for each in node.iter(qn("w:p")) if isinstance(each, CT_P)]


_TEXT: Final = frozenset(map(qn, ("w:t", "w:tab", "w:br", "w:cr")))
_LOST: Final = frozenset(
    map(qn, ("w:drawing", "w:pict", "w:object", "w:fldChar", "w:instrText", "w:footnoteReference"))
)


def _holds(run: CT_R) -> bool:
    return any(child.tag in _LOST for child in run)


def _text(paragraph: CT_P) -> str:
    return "".join(run.text for run in _runs(paragraph))


def _body(document: WordDocument) -> Iterator[Line | Grid]:
    names = {style.style_id: style.name or "" for style in document.styles if style.type is WD_STYLE_TYPE.PARAGRAPH}
    plain = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    default = (plain.name or "") if plain else ""
    for each in document.iter_inner_content():
        if isinstance(each, WordParagraph):
            yield Line(names.get(each._p.style or "", default), each.text)  # noqa: SLF001 - asking for styles is slow
        elif isinstance(each, WordTable):
            yield Grid(tuple(_row_texts(row) for row in each._tbl.tr_lst))  # noqa: SLF001 - row.cells repeats merged ones


def _row_texts(row: CT_Row) -> tuple[str, ...]:
    return tuple("\n".join(map(_text, _paragraphs(cell))) for cell in row.tc_lst)


def _steady(data: bytes) -> bytes:
    """Pack the parts again, in one order and with one time: the same content is the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda each: (each != _FIRST, each)):
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(name))
    return stream.getvalue()
