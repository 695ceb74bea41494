"""What is marked 待核 in a campaign's file: comments that stand above an item of a list, or on its lines.

Whoever writes a plan by hand or imports one leaves such a comment where a reading is doubtful; a clerk who has looked
at it says so, and the mark becomes 已核. The comment itself stays.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ledgergen.plan.spans import ListSpan, MapSpan, ScalarSpan, Span

OPEN: Final = "待核"
SETTLED: Final = "已核"

_LEAD: Final = re.compile(rf"[#\s]*{OPEN}[：:，,\s]*")
_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t]))#[^\n]*")


class Doubt(NamedTuple):
    """One comment: where it stands in the text, and what it says behind the mark."""

    start: int
    end: int
    text: str


def doubts_of(text: str, root: Span, key: str) -> dict[int, list[Doubt]]:
    """Give the doubts about each item of the list under a top-level key, by the item's index."""
    entry = root.entries.get(key) if isinstance(root, MapSpan) else None
    items = entry.value.items if entry and isinstance(entry.value, ListSpan) else []
    found = {index: list(_doubts(text, item)) for index, item in enumerate(items)}
    return {index: doubts for index, doubts in found.items() if doubts}


def _doubts(text: str, item: Span) -> Iterator[Doubt]:
    start, end = _first_line(text, item.start), text.find("\n", item.end)
    scalars = list(_scalars(item))
    place = start
    for line in text[start : end if end >= 0 else len(text)].splitlines(keepends=True):
        for found in _COMMENT.finditer(line):
            at = place + found.start()
            inside = any(scalar.start <= at < scalar.end for scalar in scalars)
            if not inside and OPEN in found[0]:
                yield Doubt(at, place + found.end(), _LEAD.sub("", found[0], count=1).strip())
                break
        place += len(line)


def _first_line(text: str, place: int) -> int:
    """Give where the comments begin that stand right above a place, without a blank line between."""
    start = text.rfind("\n", 0, place) + 1
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _scalars(span: Span) -> Iterator[ScalarSpan]:
    match span:
        case ScalarSpan():
            yield span
        case ListSpan():
            for item in span.items:
                yield from _scalars(item)
        case MapSpan():
            for entry in span.entries.values():
                yield entry.key
                yield from _scalars(entry.value)
