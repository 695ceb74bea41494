"""Paragraphs that a page or a narrow column has cut in two, put together again; only where that is certain.

Certain is: a bracket still open, a comma at the end, a closing mark at the beginning. Where the format itself does not
tell paragraphs from lines (``loose``: copied text, PDF), a sentence without its end is certain too, unless the line is
a heading; what a heading of this document looks like is learnt from the document (:class:`Habits`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from ledgergen.document.blocks import Block, Paragraph
from ledgergen.document.characters import CLOSING, OPENING, tidy
from ledgergen.document.numbering import number_at_start

_ENDED: Final = re.compile(r"[。！？；：!?;:…][”’」』）)〉》〕】\]]*$|[”’』）)〕】\]〉]$")
_GOES_ON: Final = re.compile(r"([，、,（(〔《〈“‘—]|[^）)]和|以及)$")
_NO_BEGINNING: Final = re.compile(r"^[，。；：、！？）)〉》〕】”’,;:!?]")
_SENTENCE_MARK: Final = re.compile("[，。；,;]")
_OWN: Final = re.compile(
    r"附件|附表|附录|抄送|抄报|主送|联系(人|电话)|（此件|\(此件|注[：:]|说明[：:]|备注[：:]|表[0-9一二三]|(牵头|责任|配合|协办|主办|承办)(单位|部门|科室)"
    r"|(完成)?(时限|期限|时间)(要求)?[：:]"
)
_DAY: Final = re.compile(
    r"[0-9〇零一二三四五六七八九○]{4}年[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}日"
)
_LONG: Final = 40  # characters; a heading is shorter
_SHORT: Final = 25
_WINDOW: Final = 400  # characters at the end of a paragraph in which an open bracket is looked for
_MANY: Final = 10
_BODY_SHARE: Final = 0.5
_WRAPPED_SHARE: Final = 0.7


class Line(NamedTuple):
    """One line as read: its text, whether the format marks it as a heading, where it is."""

    text: str
    heading: bool = False
    line: int = 0
    page: int = 0
    full: bool | None = None  # whether it reaches the right margin, where that is known
    begins: bool = False  # whether it is indented as the first line of a paragraph is


@dataclass(frozen=True, slots=True)
class Habits:
    """What the lines of one document are like.

    ``body_kinds`` are the kinds of numbers behind which whole sentences stand, not headings. ``width`` is the number
    of characters at which every line is broken; 0 where lines are paragraphs.
    """

    body_kinds: frozenset[str] = frozenset()
    width: int = 0


def habits_of(lines: Sequence[Line]) -> Habits:
    """Learn the habits of a document."""
    seen: Counter[str] = Counter()
    body: Counter[str] = Counter()
    for line in lines:
        if number := number_at_start(line.text):
            seen[number.kind] += 1
            body[number.kind] += bool(_ENDED.search(line.text)) or len(line.text) >= _LONG
    kinds = frozenset(kind for kind in seen if body[kind] >= _BODY_SHARE * seen[kind])
    return Habits(kinds, _wrapping(lines))


def join_lines(lines: Iterable[Line], habits: Habits, *, loose: bool) -> list[Line]:
    """Join the lines that are one paragraph."""
    joined: list[Line] = []
    for line in lines:
        if joined and continues(joined[-1], line, habits, loose=loose):
            above = joined[-1]
            joined[-1] = above._replace(text=_glued(above.text, line.text), full=line.full)
        else:
            joined.append(line)
    return joined


def join_paragraphs(blocks: Sequence[Block], *, loose: bool) -> list[Block]:
    """Join the paragraphs of a format that knows paragraphs, where a converter has cut them."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    habits = habits_of([Line(tidy(paragraph.text)) for paragraph in paragraphs])
    joined: list[Block] = []
    for block in blocks:
        above = joined[-1] if joined else None
        if isinstance(above, Paragraph) and isinstance(block, Paragraph) and not block.number:
            line, below = (Line(tidy(each.text), each.heading) for each in (above, block))
            if "\n" not in above.text and continues(line, below, habits, loose=loose):
                joined[-1] = replace(above, text=_glued(line.text, below.text))
                continue
        if not isinstance(block, Paragraph) or tidy(block.text):
            joined.append(block)
    return joined


def continues(above: Line, below: Line, habits: Habits, *, loose: bool) -> bool:
    """Tell whether a line is the rest of the one above."""
    if not above.text or not below.text or below.heading:
        return False
    if _NO_BEGINNING.match(below.text):
        return True
    if number_at_start(below.text) or _OWN.match(below.text):
        return _is_open(above.text, below.text) and not number_at_start(below.text)
    if below.begins:
        return _is_open(above.text, below.text) and above.full is not False
    if _is_open(above.text, below.text) or (_GOES_ON.search(above.text) and not above.heading):
        return True
    return loose and not above.heading and _unfinished(above, habits)


def _unfinished(above: Line, habits: Habits) -> bool:
    """Tell whether a line stops in the middle of a sentence."""
    text = above.text
    if above.full is not None:
        return above.full and not (_ENDED.search(text) and text[-1] in "：:")
    if habits.width:
        return len(text) >= habits.width - 4
    if _ENDED.search(text) or _DAY.fullmatch(text):
        return False
    number = number_at_start(text)
    if number is not None:
        return number.kind in habits.body_kinds or len(text) >= _LONG or "。" in text[:-1]
    return len(text) >= _SHORT and bool(_SENTENCE_MARK.search(text))


def _is_open(above: str, below: str) -> bool:
    """Tell whether a bracket or quotation opened above is closed below."""
    depth, quotes = 0, 0
    for character in above[-_WINDOW:]:
        if character in OPENING:
            depth += 1
        elif character in CLOSING and depth:
            depth -= 1
        quotes += (character == "“") - (character == "”")
    closes = any(character in CLOSING for character in below[:_WINDOW])
    return (depth > 0 and closes) or (quotes > 0 and "”" in below[:_WINDOW])


def _glued(above: str, below: str) -> str:
    """Put two halves together; between Latin words there is a blank."""
    latin = above[-1:].isascii() and above[-1:].isalnum() and below[:1].isascii() and below[:1].isalpha()
    return tidy(above + " " * latin + below)


def _wrapping(lines: Sequence[Line]) -> int:
    """Give the width at which all lines are broken; 0 where they are not."""
    lengths = [len(line.text) for line in lines if line.text]
    if len(lengths) < _MANY:
        return 0
    width = sorted(lengths)[int(len(lengths) * 0.9)]
    near = sum(width - 4 <= length <= width + 2 for length in lengths)
    return width if near >= _WRAPPED_SHARE * len(lengths) else 0
