"""Read a saved web page: the article, not what a site puts around it; tables with rowspan and colspan."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from ledgergen.document.blocks import Block, Paragraph, Source, Table
from ledgergen.document.headers import is_header
from ledgergen.document.html_lists import series_of, start_of
from ledgergen.document.html_tables import read_table
from ledgergen.document.joining import join_paragraphs
from ledgergen.document.numbering import number_at_start
from ledgergen.workbook.inspect import html_root

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_DROPPED: Final = frozenset({
    "script", "style", "noscript", "nav", "footer", "aside", "form", "button", "select", "iframe", "template", "svg",
    "head", "object", "video", "audio", "canvas", "map", "dialog", "rt", "rp",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "section", "article", "main", "header",
    "blockquote", "pre", "dd", "dt", "dl", "center", "figure", "figcaption", "td", "th", "tr", "tbody", "thead",
    "tfoot", "caption", "body", "fieldset", "address", "hr",
})  # fmt: skip
_AROUND: Final = re.compile(
    r"(^|[-_ ])(nav|navbar|menu|breadcrumb|crumbs?|footer|foot|sidebar|share|pagination|pager|toolbar|copyright"
    r"|related|recommend|ewm|qrcode|wza|search)($|[-_ ])",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_META: Final = frozenset({"articletitle", "contentsource", "filenumber", "publisher", "doctitle"})
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_SHARE: Final = 0.85  # of the text, that the article's own element holds
_MOST_LINES: Final = 40
_LONGEST_DATUM: Final = 200


def read_html(data: bytes) -> Source:
    """Read a page's bytes: UTF-8, GB18030 or what the page declares.

    Raises:
        Refused: ``file-damaged``.
    """
    root = html_root(decoded(data))
    titles = list(_titles(root))
    body = root.find("body")
    body = root if body is None else body
    _strip(body)
    article = _article(body)
    around = [block.text for block in _walk(body, before=article) if isinstance(block, Paragraph)][-_MOST_LINES:]
    blocks = [block for block in _walk(article) if not isinstance(block, Paragraph) or block.text.strip()]
    return Source("html", join_paragraphs(blocks, loose=False), titles=[*titles, *around])


def decoded(data: bytes) -> str:
    """Decode a page: its byte order mark, what it declares, UTF-8, GB18030; the last with replacements."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    declared = _CHARSET.search(data[:4096])
    named = declared[1].decode("ascii").lower() if declared else "utf-8"
    codecs = [{"gb2312": "gb18030", "gbk": "gb18030"}.get(named, named), "utf-8-sig", "gb18030"]
    for codec in codecs:
        try:
            return data.decode(codec).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("gb18030", "replace")


def _titles(root: "Element") -> Iterator[str]:
    """Give what the page's head says of the article."""
    for meta in root.iter("meta"):
        if meta.get("name", "").lower() in _META:
            yield meta.get("content", "")[:200]
    title = root.find("head/title")
    if title is not None and title.text:
        yield re.split(r"[-_|–—]\s*[^-_|–—]{2,20}$", title.text)[0].strip()[:200]


def _strip(root: "Element") -> None:
    """Take out what is no text of the article: scripts, navigation, what is hidden."""
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None or element is root:
            continue
        if element.tag in _DROPPED or _is_hidden(element) or _is_around(element):
            _remove(element, parent)


def _is_hidden(element: "Element") -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _is_around(element: "Element") -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in ("div", "ul", "section", "table", "header", "span") and bool(_AROUND.search(names))


def _remove(element: "Element", parent: "Element") -> None:
    """Remove an element; what stands behind it stays."""
    before = element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _article(body: "Element") -> "Element":
    """Find the element that holds the article: go down as long as one child has nearly all the text outside links."""
    weights: dict[Element, int] = {}
    for element in reversed(list(body.iter())):
        own = len((element.text or "").strip()) if element.tag != "a" else 0
        weights[element] = own + sum(weights.get(child, 0) + len((child.tail or "").strip()) for child in element)
    article = body
    while weights[article]:
        child = max(article, key=lambda each: weights.get(each, 0), default=None)
        if (
            child is None
            or weights[child] < _SHARE * weights[article]
            or child.tag in ("table", "tbody", "tr", "p", "span")
        ):
            break
        article = child
    return article


def _walk(root: "Element", before: "Element | None" = None) -> list[Block]:
    """Give the blocks of an element; those before another one only, where that is given."""
    walker = _Walker(before, series_of(root))
    walker.visit(root)
    walker.flush()
    return walker.blocks


class _Walker:
    """Goes through a page and gathers its blocks."""

    def __init__(self, stop: "Element | None", lists: Mapping["Element", int]) -> None:
        self.blocks: list[Block] = []
        self._stop, self._stopped = stop, False
        self._text = ""
        self._number = ""
        self._series = 0
        self._lists = lists
        self._heading = self._centred = False

    def visit(self, element: "Element") -> None:
        """Take an element with everything in it."""
        self._stopped = self._stopped or element is self._stop
        if self._stopped:
            return
        if element.tag == "table" and self._take_table(element):
            return
        is_block = element.tag in _BLOCKS
        if is_block:
            self.flush()
            self._begin(element)
        self._add(element.text)
        for child in element:
            if child.tag == "br":
                self._text += "\n"
            else:
                self.visit(child)
            self._add(child.tail)
        if is_block:
            self.flush()

    def flush(self) -> None:
        """End the paragraph."""
        text = "\n".join(line.strip() for line in self._text.split("\n")).strip()
        if text:
            number = "" if number_at_start(text) else self._number
            series = self._series if number else 0
            self.blocks.append(Paragraph(text, number, self._heading, self._centred, series=series))
            self._number = ""
        self._text, self._heading, self._centred = "", False, False

    def _add(self, text: str | None) -> None:
        if text and not self._stopped:
            self._text += _BLANKS.sub(" ", text)

    def _begin(self, element: "Element") -> None:
        tag = str(element.tag)
        self._heading = len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()  # noqa: PLR2004 - h1 to h6
        self._centred = "center" in (element.get("align", "") + element.get("style", ""))
        parent = element.getparent()
        if tag == "li" and parent is not None and parent.tag == "ol":
            before = sum(each.tag == "li" for each in element.itersiblings(preceding=True))
            self._number = f"{before + start_of(parent)}."
            self._series = self._lists.get(parent, 0)

    def _take_table(self, element: "Element") -> bool:
        """Take a table of data as a table; one that only lays out the page is walked through."""
        if element.find(".//table") is not None or self._holds_stop(element):
            return False
        table = read_table(element)
        if table.width < 2 or not (any(is_header(row) for row in table.rows) or _is_even(table)):  # noqa: PLR2004
            return False
        self.flush()
        self.blocks.append(table)
        return True

    def _holds_stop(self, element: "Element") -> bool:
        return self._stop is not None and any(each is element for each in self._stop.iterancestors())


def _is_even(table: Table) -> bool:
    """Tell whether a table without a known header looks like data: short texts in several rows."""
    texts = [text for row in table.rows for text in row if text]
    return len(table.rows) > 1 and bool(texts) and max(map(len, texts)) < _LONGEST_DATUM
