"""Rows of one task look like the merged block of a plan's own form (附件2), and still sort.

Every row carries the texts of its task; conditional formats make those white that repeat what stands above, and draw
the lines above and below a block, which the cells themselves lack. Lines are added by the rules, never taken away, for
a rule cannot do that in Excel. Just one rule applies to a cell: LibreOffice 7.4, as seen, takes the first that fits
and lets its border replace the cell's, so each says all sides and ends the search in Excel too.

A row whose upper neighbour is filtered out shows its texts: SUBTOTAL 103 counts no cell of a row that a filter hides.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from ledgergen.workbook.form import Form
from ledgergen.workbook.formats import BLOCK_COLUMNS, LINE
from ledgergen.workbook.sheets import Area, Rule, SheetWriter, cell_name

_WITHIN: Final = Rule(colour="#FFFFFF")
_LAST: Final = Rule(colour="#FFFFFF", sides=("left", "right", "bottom"), border=LINE)
_FIRST: Final = Rule(sides=("left", "right", "top"), border=LINE)
_ALONE: Final = Rule(sides=("left", "right", "top", "bottom"), border=LINE)


def hide_repeats(sheet: SheetWriter, form: Form, first: int, last: int) -> None:
    """Add the rules to the body rows ``first`` to ``last``; without a task column there is nothing to go by."""
    task = form.task
    if task is None:
        return
    _add_rules(sheet, [Area(first, task, last, task)], [task], task)
    others = [place.index for place in form.columns if place.source in BLOCK_COLUMNS and place.index != task]
    if not others:
        return
    # Tasks of one heading may have one name, so the plan's number or, failing that, the requirement must agree too.
    known = (form.index(name) for name in ("plan_no", "requirement"))
    key = next((index for index in known if index is not None), task)
    _add_rules(sheet, [Area(first, left, last, right) for left, right in _runs(others)], [task, key], task)


def _add_rules(sheet: SheetWriter, areas: Sequence[Area], keys: Sequence[int], task: int) -> None:
    row, own = areas[0].top, areas[0].left
    goes_on, below = _goes_on(row, own, keys, task), _goes_on(row + 1, own, keys, task)
    # At the end of a block a line is drawn below too: the next block may begin on another page, or be filtered out.
    below = f"AND(SUBTOTAL(103,{cell_name(row + 1, task)})=1,{below})"
    sheet.when(areas, f"=AND({goes_on},{below})", _WITHIN)
    sheet.when(areas, f"={goes_on}", _LAST)
    sheet.when(areas, f"={below}", _FIRST)
    sheet.when(areas, "=TRUE", _ALONE)


def _goes_on(row: int, own: int, keys: Sequence[int], task: int) -> str:
    """Put it as a formula that a row goes on with the block of the row above, and shows the same in its own column."""
    agree = [f"{cell_name(row, key)}={cell_name(row - 1, key)}" for key in dict.fromkeys(keys)]
    agree.append(f"{cell_name(row, own, fixed=False)}={cell_name(row - 1, own, fixed=False)}")
    return f'AND({cell_name(row, task)}<>"",SUBTOTAL(103,{cell_name(row - 1, task)})=1,{",".join(agree)})'


def _runs(indices: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Join neighbouring columns: 1, 2, 4, 5 → (1, 2), (4, 5)."""
    start = previous = indices[0]
    for index in (*indices[1:], indices[-1] + 2):
        if index != previous + 1:
            yield start, previous
            start = index
        previous = index
