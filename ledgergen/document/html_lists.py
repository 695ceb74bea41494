"""Ordered lists of a page: which of them are one, where lists of two levels take turns and both count 1, 2, 3.

Word processors write automatic numbers so: 一、 and （一） become lists that all look alike, and only ``start`` tells
that one goes on where it had stopped before the other began.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_LONGEST: int = 4  # digits of a number


def start_of(element: "Element") -> int:
    """Give the number with which an ordered list begins."""
    start = element.get("start", "1")
    return int(start) if start.isdecimal() and len(start) <= _LONGEST else 1


def series_of(root: "Element") -> Mapping["Element", int]:
    """Give each ordered list the series it belongs to, from 1, outer ones first; none where there is one level only."""
    lists = list(root.iter("ol"))
    depths = [sum(above.tag == "ol" for above in each.iterancestors()) for each in lists]
    chosen = [depth + 1 for depth in depths] if any(depths) else _taking_turns(lists)
    return dict(zip(lists, chosen, strict=True)) if chosen else {}


def _taking_turns(lists: Sequence["Element"]) -> list[int]:
    """Tell lists apart by their counts; empty where none goes on behind another."""
    last: list[int] = []  # of each series, the number it has come to
    chosen: list[int] = []
    taken_up = False
    for each in lists:
        start, count = start_of(each), sum(child.tag == "li" for child in each)
        above = chosen[-1] - 1 if chosen else -1
        if start > 1:
            fitting = [number for number, value in enumerate(last) if value + 1 == start]
            others = [number for number in fitting if number != above]  # a list is only cut where another begins
            place = next(iter([*others, *fitting, len(last)]))
            taken_up = taken_up or (place != above and place < len(last))
        else:
            place = above + 1
        last[place:] = [start + count - 1, *last[place + 1 :]]
        chosen.append(place + 1)
    return chosen if taken_up else []
