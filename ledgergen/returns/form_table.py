"""What tables of an office's own form have that ours lack: titles in several rows, values beside labels in one cell."""

from collections.abc import Collection, Iterable, Mapping

from ledgergen.workbook.codes import normalised
from ledgergen.workbook.grid import Grid, Place
from ledgergen.workbook.inline_labels import inline_items


def titles_at(grid: Grid, row: int, rows: int) -> list[tuple[str, ...]]:
    """Give for each column what its title may be, normalised, the likeliest first, if ``row`` is the header's last.

    With several rows: the title with the groups above it, the title alone, and where the last row is blank, as under
    a cell that was merged downwards, what stands above.
    """
    leaves = [normalised(text) if text else "" for text in grid.rows[row]]
    if rows == 1:
        return [(leaf,) for leaf in leaves]
    above: list[list[str]] = []
    for line in grid.rows[max(0, row - rows + 1) : row]:
        groups, last = [], ""
        for text in line:
            last = normalised(text) or last  # a group is merged over its columns, its text stands in the first
            groups.append(last)
        above.append(groups)
    found: list[tuple[str, ...]] = []
    for column, leaf in enumerate(leaves):
        lines = [groups[column] for groups in above if column < len(groups)]
        own = [normalised(line[column]) for line in grid.rows[max(0, row - rows + 1) : row]]
        found.append(("".join((*lines, leaf)), leaf) if leaf else tuple(filter(None, reversed(own))) or ("",))
    return found


def inline_values(
    grid: Grid, rows: Iterable[int], labels: Mapping[str, str], taken: Collection[Place]
) -> dict[str, tuple[Place, str]]:
    """Find labels that share a cell with their values: the value's cell and text by item id; the first of each counts.

    ``taken`` are cells that are values of other labels.
    """
    found: dict[str, tuple[Place, str]] = {}
    for row in rows:
        for column, text in enumerate(grid.rows[row]):
            if (":" in text or "：" in text) and (row, column) not in taken:
                for item in inline_items(text, labels)[1]:
                    found.setdefault(labels[normalised(item.label)], ((row, column), item.value))
    return found
