"""Find what stands around a ledger's table: the labels of the head block and of the foot, and their values.

A value stands right of its label, before the next one. Where columns were moved or deleted, the cells above the table
went with them, and what stands beside a label may be its neighbour's answer. Then only a value that stands over the
columns over which it was issued is taken; any other is nobody's, and is quoted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ledgergen.workbook.codes import normalised, parse_book_number
from ledgergen.workbook.form import form_of
from ledgergen.workbook.grid import Grid, Place
from ledgergen.workbook.layout import HeadItem, Layout


def items_around(
    grid: Grid, rows: Iterable[int], layout: Layout, columns: Mapping[str, int], *, foot: bool = False
) -> tuple[dict[str, Place], dict[str, Place]]:
    """Find each label in the rows, and its value: the first filled cell right of it, before the next label.

    In an own form that may be one of its fixed texts, or the ledger's number; neither is anybody's answer. ``columns``
    are those of the table by id; ``foot`` says that the rows are those below it.
    """
    known = layout.foot_labels if foot else layout.labels
    moved = _are_moved(layout, columns)
    labels: dict[str, Place] = {}
    values: dict[str, Place] = {}
    for row in rows:
        line = grid.rows[row]
        found = [(column, item) for column, text in enumerate(line) if text and (item := known.get(label_of(text)))]
        if not found:
            continue
        own = None
        if moved or not _is_as_issued(layout.foot if foot else layout.head, found, layout):
            own = _own_places(layout, columns)
        for position, (column, item) in enumerate(found):
            labels.setdefault(item, (row, column))
            end = found[position + 1][0] if position + 1 < len(found) else len(line)
            filled = (index for index in range(column + 1, end) if line[index])
            places = (index for index in filled if own is None or index in own.get(item, ()))
            value = next((index for index in places if not _is_fixed(grid, (row, index), layout.fixed)), None)
            if value is not None:
                values.setdefault(item, (row, value))
    return labels, values


def label_of(text: str) -> str:
    """Give a text as labels are compared: normalised, without a colon at its end."""
    return normalised(text).rstrip(":") if text else ""


def is_own_formula(grid: Grid, place: Place, fixed: Collection[str]) -> bool:
    """Tell whether a cell outside the table computes something, as the own form has it; its ranges follow the rows."""
    return "=" in fixed and grid.kinds.get(place) == "f"


def _is_fixed(grid: Grid, place: Place, fixed: Collection[str]) -> bool:
    if not fixed:
        return False
    text = grid.rows[place[0]][place[1]]
    return label_of(text) in fixed or parse_book_number(text) is not None or is_own_formula(grid, place, fixed)


def _are_moved(layout: Layout, columns: Mapping[str, int]) -> bool:
    """Tell whether columns stand in another order than issued."""
    places = [columns[column.id] for column in layout.columns if column.id in columns]
    return places != sorted(places)


def _is_as_issued(head: Iterable[Sequence[HeadItem]], found: Sequence[tuple[int, str]], layout: Layout) -> bool:
    """Tell whether a row shows all labels of one row of the layout in their order, each as often as cells repeat it.

    Of an own form only the order can be told: labels may share a cell with their values.
    """
    shown = [item for place, (_, item) in enumerate(found) if not place or found[place - 1][1] != item]
    rows = [[item.id for item in row] for row in head]
    if layout.letterhead:
        return [item for row in rows for item in row if item in shown] == shown
    return next((row for row in rows if shown[0] in row), []) == shown


def _own_places(layout: Layout, columns: Mapping[str, int]) -> dict[str, set[int]]:
    """Give by item the columns over which its value was issued, where they stand now; nothing of an own form.

    A merged value stands in the first of its columns; a text file may repeat it in the others.
    """
    if layout.letterhead:
        return {}
    return {item: {columns[each] for each in ids if each in columns} for item, ids in _issued_over(layout)}


def _issued_over(layout: Layout) -> Iterator[tuple[str, tuple[str, ...]]]:
    form = form_of(layout)
    for places in (*form.head, *form.foot(0)):
        for item, _, area in places:
            over = form.columns[area.left : area.right + 1]
            yield item.id, tuple(each.column.id for each in over if not each.hidden)
