"""Labels that share a cell with their values: ``填报单位：区财政局    填报人：张三``.

So forms are often typed. The writer fills such a cell and the reader takes it apart by the same rule: a label ends in a
colon, and a blank, a line of underscores or a separator stands before it unless it begins the cell.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from ledgergen.workbook.codes import normalised

_COLON: Final = re.compile("[:：]")
_FILLING: Final = " \t\r\n_＿\u3000\xa0，,；;|｜"
_BOUNDARY: Final = frozenset(_FILLING + "、。\u200b")
_TOKEN: Final = re.compile(r"[\u4e00-\u9fff（）()]{2,12}\Z")
_NO_VALUE: Final = re.compile(r"[\s_＿年月日]*")  # a date left to the pen
_LONGEST: Final = 1_000  # characters: no cell of labels is longer


@dataclass(frozen=True, slots=True)
class InlineItem:
    """One label with its value: ``label`` as in the cell without the colon, ``value`` bare, and where its room is.

    ``start`` is the index behind the colon, ``end`` the index at which the next label begins.
    """

    label: str
    value: str
    start: int
    end: int


def inline_items(text: str, labels: Container[str], *, any_label: bool = False) -> tuple[str, tuple[InlineItem, ...]]:
    """Take a cell's text apart: what stands before the first label, and each label with its value.

    ``labels`` are normalised and have no colon; the longest one that ends at a colon counts. With ``any_label``, for a
    form that is read for the first time, a few Chinese characters before a colon are one too.
    """
    found: list[tuple[int, int]] = []  # where a label begins, where its colon stands
    after = 0
    for colon in _COLON.finditer(text) if len(text) <= _LONGEST else ():
        begin = _begin(text, after, colon.start(), labels)
        if begin is None and any_label and (token := _TOKEN.search(text, after, colon.start())):
            begin = token.start()
        if begin is not None:
            found.append((begin, colon.start()))
            after = colon.end()
    ends = [*(begin for begin, _ in found), len(text)][1:]
    items = (
        InlineItem(text[begin:colon].strip(), _value(text[colon + 1 : end]), colon + 1, end)
        for (begin, colon), end in zip(found, ends, strict=True)
    )
    return text[: found[0][0]] if found else text, tuple(items)


def with_value(text: str, item: InlineItem, value: str) -> str:
    """Write a value into the room behind a label; what follows keeps its distance as far as the room allows."""
    room = text[item.start : item.end]
    if room.strip(_FILLING):
        return text  # something stands there already
    kept = " " * max(2, len(room) - 2 * len(value)) if item.end < len(text) else ""
    return text[: item.start] + value + kept + text[item.end :]


def _value(room: str) -> str:
    return "" if _NO_VALUE.fullmatch(room) else room.strip(_FILLING)


def _begin(text: str, after: int, colon: int, labels: Container[str]) -> int | None:
    """Find where the label before a colon begins; None where none does."""
    for begin in range(after, colon):
        if begin > after and text[begin - 1] not in _BOUNDARY:
            continue
        if text[begin] not in _BOUNDARY and normalised(text[begin:colon]) in labels:
            return begin
    return None
