"""Read .pdf: lines joined to paragraphs by where they stand, page furniture dropped, tables put together over pages.

The one door to pdfplumber.
"""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ledgergen.document.blocks import Block, Paragraph, Source
from ledgergen.document.characters import tidy
from ledgergen.document.furniture import is_furniture
from ledgergen.document.items import is_attachment
from ledgergen.document.joining import Line, habits_of, join_lines
from ledgergen.document.pdf_columns import Stretch, begins_table, read_columns
from ledgergen.document.pdf_tables import PageTable, joined_tables, page_tables
from ledgergen.workbook.inspect import Refused

if TYPE_CHECKING:
    from pdfplumber.page import Page as PdfPage

    Page: TypeAlias = PdfPage

MAX_PAGES: Final = 200
_MARGIN: Final = 0.12  # of the page's height, in which headers and footers stand
_LEAST_TEXT: Final = 15  # characters on a page, below which it is a picture
_FULL: Final = 1.7  # characters that a full line may leave free at its end
_INDENT: Final = 1.2
_TELLING: Final = 6  # lines of text, from which on their own ends tell where a full line ends
_COLUMN_GAP: Final = 1.5
_PIECE_GAP: Final = 0.6
_DIGITS: Final = str.maketrans("", "", "0123456789０１２３４５６７８９一二三四五六七八九十 -—–·")


@dataclass(slots=True)
class _PageLine:
    """One line of a page, with its place in points."""

    text: str
    left: float
    right: float
    top: float
    size: float
    page: int
    edge: bool = False  # stands where headers and footers do
    pieces: tuple[Stretch, ...] = ()  # the stretches between which there is any room to speak of
    segments: tuple[Stretch, ...] = ()  # the stretches between which there is much room, as between columns


@dataclass(slots=True)
class _PageRead:
    """What one page holds."""

    lines: list[_PageLine] = field(default_factory=list)
    tables: list[PageTable] = field(default_factory=list)


def read_pdf(data: bytes) -> Source:
    """Read a file's bytes.

    Raises:
        Refused: ``document-encrypted``, ``document-damaged``, ``document-too-many-pages``, ``document-without-text``.
    """
    import pdfplumber
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            _check_pages(len(document.pages))
            pages = [_read_page(page) for page in document.pages]
    except PdfminerException as fault:
        encrypted = any(type(cause).__name__ == "PDFPasswordIncorrect" for cause in fault.args)
        raise Refused("document-encrypted" if encrypted else "document-damaged", part="pdf") from fault
    except (Refused, MemoryError):
        raise
    except Exception as fault:
        raise Refused("document-damaged", part="pdf") from fault
    characters = sum(len(line.text) for page in pages for line in page.lines)
    characters += sum(len(cell) for page in pages for table in page.tables for row in table.rows for cell in row)
    if characters < _LEAST_TEXT * len(pages):
        raise Refused("document-without-text", pages=len(pages))
    lost = _take_lineless(pages)
    return Source("pdf", list(_blocks(pages)), pages=len(pages), lost=lost)


def _check_pages(count: int) -> None:
    if count > MAX_PAGES:
        raise Refused("document-too-many-pages", pages=count, limit=MAX_PAGES)


def _read_page(page: "Page") -> _PageRead:
    """Read one page and let go of it."""
    upright = page.filter(lambda item: item["object_type"] != "char" or item["upright"])
    tables = page_tables(upright)
    text = upright.filter(lambda item: not any(table.holds(item) for table in tables))
    lines = [_line(each, page) for each in text.extract_text_lines(strip=False, return_chars=True)]
    with suppress(AttributeError):
        page.close()
    return _PageRead([line for line in lines if line.text], tables)


def _line(each: "dict[str, Any]", page: "Page") -> _PageLine:
    chars = [char for char in each["chars"] if char["text"].strip()]
    left = min((char["x0"] for char in chars), default=0)
    right = max((char["x1"] for char in chars), default=0)
    size = max((char["size"] for char in chars), default=10)
    edge = each["top"] < page.height * _MARGIN or each["bottom"] > page.height * (1 - _MARGIN)
    stretches = _segments(chars, _PIECE_GAP), _segments(chars, _COLUMN_GAP)
    return _PageLine(tidy(each["text"]), left, right, each["top"], size, page.page_number, bool(edge), *stretches)


def _segments(chars: "Sequence[dict[str, Any]]", gap: float) -> tuple[Stretch, ...]:
    """Part a line where there is room for more than so many characters."""
    segments: list[Stretch] = []
    for char in chars:
        last = segments[-1] if segments else None
        if last is None or char["x0"] - last.right > gap * char["size"]:
            segments.append(Stretch(char["text"], char["x0"], char["x1"]))
        else:
            segments[-1] = Stretch(last.text + char["text"], last.left, char["x1"])
    return tuple(segments)


def _blocks(pages: Sequence[_PageRead]) -> Iterator[Block]:
    """Give the blocks in order: paragraphs that run over pages, tables that do."""
    furniture = _repeated(pages)
    margins = _margins(pages)
    entries: list[tuple[float, _PageLine | PageTable]] = []
    for number, page in enumerate(pages):
        lines = [line for line in page.lines if not (line.edge and _is_around(line.text, furniture))]
        placed: list[tuple[float, _PageLine | PageTable]] = [(number * 1e5 + line.top, line) for line in lines]
        placed += [(number * 1e5 + table.top, table) for table in page.tables]
        entries += sorted(placed, key=lambda each: each[0])
    waiting: list[_PageLine] = []
    for entry in joined_tables([entry for _, entry in entries]):
        if isinstance(entry, _PageLine):
            waiting.append(entry)
            continue
        yield from _paragraphs(waiting, margins)
        waiting = []
        yield entry.table()
    yield from _paragraphs(waiting, margins)


def _take_lineless(pages: Sequence[_PageRead]) -> list[int]:
    """Take out the tables that are drawn without lines: those that are certain are read, the others cut off.

    Gives the pages on which one begins that could not be read.
    """
    furniture = _repeated(pages)
    lines = [line for page in pages for line in page.lines if not (line.edge and _is_around(line.text, furniture))]
    at = 0
    while at < len(lines):
        found = read_columns(lines[at:]) if begins_table(lines[at]) else None
        if found is None:
            at += 1
            continue
        taken = lines[at : at + found.taken]
        page = next(each for each in pages if taken[0] in each.lines)
        bottom = max(line.top + line.size for line in taken if line.page == taken[0].page)
        left, right = min(line.left for line in taken), max(line.right for line in taken)
        area = (left, taken[0].top, right, bottom)
        page.tables.append(PageTable(found.rows, [], area, found.edges, taken[0].page, told=False))
        gone = set(map(id, taken))
        for each in pages:
            each.lines = [line for line in each.lines if id(line) not in gone]
        at += found.taken
    return _cut_lineless(pages)


def _cut_lineless(pages: Sequence[_PageRead]) -> list[int]:
    """Cut off a table that is drawn without lines and is not certain: where its cells end could only be guessed.

    Gives the pages on which one begins. It ends with the document, or with the next attachment.
    """
    lost: list[int] = []
    inside = False
    for page in pages:
        kept: list[_PageLine] = []
        for line in page.lines:
            if not inside and begins_table(line):
                lost.append(line.page)
                inside = True
            inside = inside and not is_attachment(line.text)
            kept += [] if inside else [line]
        page.lines = kept
    return lost


def _repeated(pages: Sequence[_PageRead]) -> set[str]:
    """Find what stands at the edge of most pages, page numbers aside."""
    seen = Counter(text for page in pages for text in {_bare(line.text) for line in page.lines if line.edge})
    least = max(2, (len(pages) + 1) // 2)
    return {text for text, count in seen.items() if text and count >= least}


def _is_around(text: str, repeated: set[str]) -> bool:
    """Tell whether a line at the edge of a page is a header, a footer, or (part of) a page number."""
    bare = _bare(text)
    return not bare or bare in repeated or is_furniture(text)


def _bare(text: str) -> str:
    return text.translate(_DIGITS)


def _margins(pages: Sequence[_PageRead]) -> tuple[float, float]:
    """Give where lines of text begin and end on most pages."""
    lines = [line for page in pages for line in page.lines if len(line.text) > 8]  # noqa: PLR2004 - no titles
    if not lines:
        return 0, 0
    lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
    left, right = lefts[len(lefts) // 20], rights[len(rights) * 9 // 10]
    areas = [table.area for page in pages for table in page.tables]
    if len(lines) < _TELLING and areas:  # a title above a table: the table is as wide as the text would be
        left, right = min(left, *(area[0] for area in areas)), max(right, *(area[2] for area in areas))
    return left, right


def _paragraphs(lines: Sequence[_PageLine], margins: tuple[float, float]) -> Iterator[Paragraph]:
    """Join lines: a full one goes on in the next, unless that is indented."""
    left, right = margins
    read = [
        Line(
            line.text,
            page=line.page,
            full=line.right >= right - _FULL * line.size,
            begins=left + _INDENT * line.size < line.left,
        )
        for line in lines
    ]
    habits = habits_of(read)
    for line in join_lines(read, habits, loose=True):
        yield Paragraph(line.text, page=line.page)
