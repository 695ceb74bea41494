"""Cells that are wanted only where another answer says so turn yellow as soon as it is given, until they are filled.

已完成 wants a day and an address: whoever chooses it sees at once what is missing. A warning would come too late, and a
hard validation would refuse what people paste.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from ledgergen.workbook.form import Form
from ledgergen.workbook.formats import WANTED
from ledgergen.workbook.layout import Column, Layout
from ledgergen.workbook.sheets import Area, Rule, SheetWriter, cell_name, quoted

_LONGEST: Final = 2_000  # characters of one condition: Excel takes a formula of 8,192


def mark_wanted(sheet: SheetWriter, form: Form, first: int, last: int, look: Rule = WANTED) -> None:
    """Add the rules to the rows ``first`` to ``last``: one for neighbours of one kind that depend on the same."""
    places = [place for place in form.columns if place.column.required_when]
    for _, group in groupby(places, key=lambda place: dict(place.column.required_when)):
        same = list(group)
        condition = ",".join(_conditions(same[0].column, form, first))
        if condition:
            own = cell_name(first, same[0].index, fixed=False)
            areas = [Area(first, place.index, last, place.index) for place in same]
            sheet.when(areas, f'=AND({own}="",{condition})', look)


def _conditions(column: Column, form: Form, row: int) -> Iterator[str]:
    for name, answers in column.required_when.items():
        index = form.index(name)
        if index is None:  # this face leaves it out, so nothing can be wanted for its sake
            continue
        cell, length, equal = cell_name(row, index), 0, []
        for text in _spellings(form.layout, name, answers):
            equal.append(f"{cell}={quoted(text)}")
            length += len(equal[-1])
            if length > _LONGEST:
                break
        yield f"OR({','.join(equal)})"


def _spellings(layout: Layout, name: str, answers: tuple[str, ...]) -> Iterator[str]:
    """Give the answers themselves and then how else units write them."""
    choices = [choice for choice in layout.column(name).choices if choice.text in answers]
    yield from (choice.text for choice in choices)
    for choice in choices:
        yield from choice.also
