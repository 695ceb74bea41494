"""Numbered paragraphs → a tree of items: which number stands under which, and what text belongs to each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ledgergen.document.blocks import Paragraph
from ledgergen.document.characters import fold, tidy
from ledgergen.document.clauses import find_clauses, is_clause_alone, without_clauses
from ledgergen.document.numbering import Number, number_at_start
from ledgergen.document.simplified import simplified

_ATTACHMENT: Final = re.compile(r"^附(件|表|录)[0-9一二三四五六七八九十]{0,3}[:：]?$")
_TAIL: Final = re.compile(
    r"^(抄送|抄报|主送|分送|联系(人|电话|方式)|附件|附表|附录|[（(]?此件|注[:：]|说明[:：]|备注[:：]|(信息|政务)?公开(属性|选项|类别)[:：])"
    r"|^本(要点|方案|意见|通知|办法|计划|清单|文件|细则|措施)(自|从).{0,30}(起|施行|实施|执行)"
    r"|有效期(至|为|到|[0-9一二三四五])|^[^，,。；;:：]{0,40}(?<![于在至到])[0-9〇零一二三四五六七八九]{4}年.{1,3}月.{1,3}日(印发|印制)?$"
)
_GENERAL: Final = re.compile(
    r"^(总体(要求|思路|目标|部署|安排)|指导思想|基本原则|工作(原则|目标|思路|背景)|(主要|年度|任务|发展|预期)目标|目标(任务|要求)|重要意义|适用范围"
    r"|总则|附则|工作目标及?要求|有关要求|背景(情况)?|基本情况|现状.{0,8}|编制.{0,8})$"
)
_SENTENCE: Final = re.compile(r"^[^。！？；;]{2,45}?[。]")
_NAME: Final = re.compile(r"^(?P<name>[^，,。；;：:！？]{2,25})[。：:](?=.)")
_NAME_COLON: Final = 20  # characters; what is longer before a colon is a sentence
# What a line says after a label of its own does not go on with the line above: 任务一：开展巡查 / 具体要求：…
_CONTENT: Final = re.compile(
    r"(具体|主要|工作|建设|任务|重点|实施|整改|年度)?(要求|内容|措施|举措|目标|任务|标准)[:：]"
)
_LONGEST_HEADING: Final = 45
_LONGEST_SIGNATURE: Final = 40


@dataclass(slots=True)
class Piece:
    """One paragraph of an item: its text, and where it stands."""

    text: str
    line: int = 0
    page: int = 0


@dataclass(slots=True)
class Item:
    """A numbered paragraph with what belongs to it.

    ``mark`` is the number as written (``（一）``), ``head`` the rest of the paragraph, ``body`` the paragraphs that
    follow without a number.
    """

    number: Number
    mark: str
    head: str
    line: int = 0
    page: int = 0
    body: list[Piece] = field(default_factory=list)
    children: list["Item"] = field(default_factory=list)
    parent: "Item | None" = None
    order: tuple[int, ...] = ()

    @property
    def heading(self) -> str:
        """Give the heading: the line itself where it is short, else its first sentence or name."""
        text = self.words.rstrip("。：:； ")
        if len(text) <= _LONGEST_HEADING and "。" not in text:
            return text
        first = _SENTENCE.match(self.words)
        return first[0].rstrip("。") if first else text[:_LONGEST_HEADING]

    @property
    def words(self) -> str:
        """Give the rest of the numbered paragraph without any clause in it."""
        return without_clauses(self.head)

    @property
    def is_heading_only(self) -> bool:
        """Tell whether the numbered line is a heading and the text follows below it."""
        below = self.children or any(not is_clause_alone(piece.text) for piece in self.body)
        if not below or find_clauses(self.head) or len(self.head) > _LONGEST_HEADING:
            return False
        return "。" not in self.head.rstrip("。") and self.head[-1:] not in "，、；"

    @property
    def is_general(self) -> bool:
        """Tell whether the item says why and what for, not what to do: 总体要求, 指导思想."""
        return bool(_GENERAL.match(fold(self.heading))) or bool(self.parent and self.parent.is_general)

    @property
    def path(self) -> tuple[str, ...]:
        """Give the headings above, the outermost first, with their numbers."""
        above = self.parent
        if above is None:
            return ()
        gap = " " if above.mark.startswith("第") and above.mark[-1:] not in "，、．.：:" else ""
        return (*above.path, simplified(above.mark + gap + above.heading))

    @property
    def name(self) -> str:
        """Give the short words that say what the item is about; empty where there are none."""
        if self.is_heading_only:
            return self.heading
        found = _NAME.match(self.words)
        if not found or (found[0][-1] in "：:" and len(found["name"]) > _NAME_COLON):
            return ""
        return found["name"]

    @property
    def text(self) -> str:
        """Give the full text: without the heading where that stands on a line of its own."""
        pieces = [] if self.is_heading_only and self.body else [self.head]
        return "\n".join([*pieces, *(piece.text for piece in self.body)])

    @property
    def has_clause_below(self) -> bool:
        """Tell whether the clause stands on a line of its own below the text."""
        return not find_clauses(self.head) and bool(self.body) and is_clause_alone(self.body[-1].text)


def is_attachment(text: str) -> bool:
    """Tell whether a paragraph begins an attachment: 附件1."""
    return bool(_ATTACHMENT.match(fold(text)))


def is_tail(text: str) -> bool:
    """Tell whether a paragraph is none of the plan's text: copy list, validity, signature's day."""
    return bool(_TAIL.search(text)) and (len(text) <= _LONGEST_SIGNATURE * 2 or text.startswith(("抄", "附", "联系")))


class Tree:
    """Builds the items of a document from its paragraphs; the order in which kinds of numbers nest is remembered."""

    def __init__(self, stops: Iterable[str] = ()) -> None:
        """Begin; ``stops`` are paragraphs that belong to no item (the issuer's name below a plan)."""
        self.roots: list[Item] = []
        self._stack: list[Item] = []
        self._stops = frozenset(map(fold, stops)) - {""}
        self._order = (0,)
        self._count = 0
        self._closed = False

    def add(self, paragraph: Paragraph, place: int) -> None:
        """Take the next paragraph of the plan; ``place`` is its place in the document."""
        self._order = (place,)
        if paragraph.number and (number := number_at_start(paragraph.number)):
            if paragraph.series:
                number = replace(number, kind=f"{number.kind} of {paragraph.series}")
            self._open(number, paragraph.number, tidy(paragraph.text), paragraph)
            return
        for text in _pieces(paragraph.text):
            self._take(text, paragraph)

    def begin_zone(self) -> None:
        """Begin an attachment, whose numbers begin anew."""
        self._stack = []

    def _take(self, text: str, paragraph: Paragraph) -> None:
        number = number_at_start(text)
        if number and number.kind == "ordinal" and not find_clauses(text):
            number = None
        if number is not None:
            self._open(number, text[: number.end].strip(), text[number.end :].strip(), paragraph)
        elif is_tail(text) or fold(text) in self._stops:
            self._closed = True
        elif self._stack and not self._closed and not (paragraph.heading and not find_clauses(text)):
            self._stack[-1].body.append(Piece(text, paragraph.line, paragraph.page))

    def _open(self, number: Number, mark: str, head: str, paragraph: Paragraph) -> None:
        self._closed = False
        kinds = [item.number.kind for item in self._stack]
        if number.kind in kinds:
            del self._stack[kinds.index(number.kind) :]
        parent = self._stack[-1] if self._stack else None
        self._count += 1
        item = Item(
            number, mark, head, paragraph.line, paragraph.page, parent=parent, order=(*self._order, self._count)
        )
        (parent.children if parent else self.roots).append(item)
        self._stack.append(item)


def leaves(items: Sequence[Item]) -> Iterator[Item]:
    """Give the items that have none below them, in order."""
    for item in items:
        if item.children:
            yield from leaves(item.children)
        else:
            yield item


def _pieces(text: str) -> list[str]:
    """Part a paragraph at the author's line breaks where a number or a label follows; the others are one text."""
    pieces: list[str] = []
    for line in text.split("\n"):
        bare = tidy(line)
        if pieces and bare and not number_at_start(bare) and not _CONTENT.match(bare):
            pieces[-1] = tidy(f"{pieces[-1]}{bare}")
        elif bare:
            pieces.append(bare)
    return pieces
