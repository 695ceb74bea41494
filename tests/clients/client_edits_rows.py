"""What clerks do with rows, columns and sheets: sort, insert, copy, delete, move, merge, rename, paste elsewhere."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from client_book import HEAD, INPUTS, NEW, OTHER, Key, Seen, canaries, canary, filled
from client_hand import Action, Hand, Made


def _sort(hand: Hand, right: int | None, *columns: str) -> Made:
    key, seen = hand.column(*columns), hand.seen
    if key is None or right is None or right < key:
        return None
    return [("sort", seen.first, 0, seen.last, right, key, hand.chance.random() < 0.7)]


def sort_all(hand: Hand) -> Made:
    """Sort the table as a whole."""
    return _sort(hand, hand.seen.right, "progress", "requirement", "task")


def sort_by_status(hand: Hand) -> Made:
    """Sort the table as a whole by a column in which many rows are alike."""
    return _sort(hand, hand.seen.right, "status", "role")


def sort_without_hidden(hand: Hand) -> Made:
    """Sort the columns that one sees; the hidden one stays behind."""
    return _sort(hand, hand.column("code"), "progress", "requirement") if _codes_last(hand) else None


def sort_without_codes(hand: Hand) -> Made:
    """Sort the columns that one writes into; both codes stay behind."""
    code = hand.column("code")
    return _sort(hand, code - 1, "progress", "requirement") if code and _codes_last(hand) else None


def sort_plan_alone(hand: Hand) -> Made:
    """Sort the columns that came filled in; what the unit wrote stays behind, and the codes with it.

    Without codes nothing in the file would tell of it.
    """
    measure = hand.column("measure")
    if not measure or not hand.coded:
        return None
    hand.tale.needs_codes = True
    return _sort(hand, measure - 1, "requirement", "task")


def _codes_last(hand: Hand) -> bool:
    code, second = hand.column("code"), hand.column("second")
    return code is not None and second == code + 1 == hand.seen.right


def filter_delete(hand: Hand) -> Made:
    """Filter by one task's name, and delete the rows that show."""
    column = hand.column("task")
    if column is None:
        return None
    ((_, chosen),) = hand.some(1)
    name = hand.seen.text(chosen, "task")
    rows = [row for row, _ in hand.seen.keyed if hand.seen.text(row, "task") == name]
    if not name or len(rows) > len(hand.seen.keyed) // 2:
        return None
    _forget(hand, rows)
    return [("filter_delete", column, name, rows, hand.seen.first, hand.seen.last)]


def delete_rows(hand: Hand) -> Made:
    """Delete two rows."""
    rows = [row for _, row in hand.some(2)]
    _forget(hand, rows)
    return [("delete_rows", rows)]


def _forget(hand: Hand, rows: Iterable[int]) -> None:
    """Take out of the tale what stood in rows and nowhere else."""
    gone = set(rows)
    left = {key for row, key in hand.seen.keyed if row not in gone}
    for row, key in hand.seen.keyed:
        if row in gone and key not in left:
            hand.tale.rows.pop(key, None)
    for row in gone:
        for column, text in enumerate(hand.seen.grid.rows[row]):
            if column not in hand.seen.columns.values():
                hand.tale.outside -= canaries(text)


def _insert(hand: Hand, after: tuple[Key, int], extra: Mapping[str, str]) -> tuple[Key, list[Action]]:
    key, row = after
    fresh = hand.tale.fresh(key.unit, key.task)
    actions: list[Action] = [("insert_rows", row + 1, 1)]
    actions += hand.type(
        fresh, row + 1, filled(fresh, 60 + hand.tale.added, ("measure", "progress", "status", "office"))
    )
    for column, text in extra.items():
        if (index := hand.seen.columns.get(column)) is not None:
            actions.append(("text", row + 1, index, text))
    return fresh, actions


def insert_blank(hand: Hand) -> Made:
    """Insert a row and write a measure into it, without saying of which task."""
    (after,) = hand.some(1)
    return _insert(hand, after, {})[1]


def insert_named(hand: Hand) -> Made:
    """Insert a row, copy task and requirement into it from the row above, and write a measure."""
    (after,) = hand.some(1)
    texts = {column: hand.seen.text(after[1], column) for column in ("task", "requirement", "time_limit")}
    if not texts["task"] or not texts["requirement"]:
        return None
    return _insert(hand, after, {column: text for column, text in texts.items() if text})[1]


def insert_merged(hand: Hand) -> Made:
    """Insert a row, merge the task's cells with those above as in the plan's annex, and write a measure."""
    (after,) = hand.some(1)
    _, actions = _insert(hand, after, {})
    names = [name for name in ("task", "requirement", "time_limit") if name in hand.seen.columns]
    if not {"task", "requirement"} <= {*names}:
        return None
    for name in names:
        index, row = hand.seen.columns[name], after[1]
        actions.append(("merge", row, index, row + 1, index))
    return actions


def _copy(hand: Hand, cells: Iterable[str]) -> tuple[Key, int, list[Action]]:
    ((key, row),) = hand.some(1)
    fresh = hand.tale.fresh(key.unit, key.task)
    actions: list[Action] = [("copy_row", row, row + 1)]
    actions += hand.type(fresh, row + 1, filled(fresh, 60 + hand.tale.added, cells))
    kept = {column: text for column, text in hand.tale.rows[key].items() if column not in hand.tale.rows[fresh]}
    for column in kept:  # copied as it was: it stands in both rows
        hand.tale.rows[fresh].setdefault(column, "")
    own = hand.tale.places(key)
    hand.tale.may[key] = own | {(key.task, NEW)}  # which of the two is the old one, nothing tells
    hand.tale.may[fresh] = own | {(key.task, NEW)}
    return fresh, row, actions


def copy_row(hand: Hand) -> Made:
    """Copy a row beneath itself, and write another measure over it: as the instructions say."""
    if "measure" not in hand.seen.columns:
        return None
    return _copy(hand, ("measure", "progress"))[2]


def copy_row_codes_cleared(hand: Hand) -> Made:
    """Copy a row beneath itself, clear the copy's code, and write all of it anew."""
    code = hand.column("code")
    if code is None or "measure" not in hand.seen.columns:
        return None
    _, row, actions = _copy(hand, INPUTS)
    return [*actions, ("clear", row + 1, code, row + 1, code)]


def delete_column(hand: Hand) -> Made:
    """Delete a column that the unit was to fill."""
    names = [name for name in ("office", "leader", "evidence", "unit_limit") if name in hand.seen.columns]
    return _delete_column(hand, hand.chance.choice(names)) if names else None


def delete_requirement(hand: Hand) -> Made:
    """Delete the column of the requirements."""
    return _delete_column(hand, "requirement") if "requirement" in hand.seen.columns else None


def _delete_column(hand: Hand, *names: str) -> list[Action]:
    places = sorted((hand.seen.columns[name] for name in names if name in hand.seen.columns), reverse=True)
    for cells in hand.tale.rows.values():
        for name in names:
            cells.pop(name, None)
    return [("delete_column", place) for place in places]


def delete_code(hand: Hand) -> Made:
    """Delete the column of the codes that one sees."""
    return _delete_column(hand, "code") if "code" in hand.seen.columns and "second" in hand.seen.columns else None


def delete_both_codes(hand: Hand) -> Made:
    """Delete both columns of codes."""
    if "code" not in hand.seen.columns or hand.tale.needs_codes:
        return None
    return _delete_column(hand, "code", "second")


def insert_column(hand: Hand) -> Made:
    """Insert a column of one's own and write into it."""
    place = hand.column("status", "progress", "evidence")
    if place is None:
        return None
    actions: list[Action] = [("insert_column", place), ("text", hand.seen.header, place, "本单位备注")]
    for key, row in hand.some(5):
        text = canary(Key(key.unit, "外", f"{key.task}-{key.measure}"), "own")
        hand.tale.outside.add(text)
        actions.append(("text", row, place, text))
    return actions


def move_column(hand: Hand) -> Made:
    """Cut the column of the progress and insert it before that of the requirements."""
    source, target = hand.column("progress"), hand.column("requirement", "task")
    return None if source is None or target is None or target >= source else [("move_column", source, target)]


def rename_title(hand: Hand) -> Made:
    """Write another title over a column: what stands in it can only be quoted."""
    name = hand.chance.choice(["progress", "office"])
    place = hand.column(name)
    if place is None:
        return None
    return [("text", hand.seen.header, place, {"progress": "工作进展（7月）", "office": "承办"}[name])]


def rename_sheet(hand: Hand) -> Made:
    """Rename the sheet."""
    return [("rename_sheet", hand.chance.choice(["Sheet1", "报送稿", "7月 (2)", "台账（定稿）"]))]


def copy_sheet(hand: Hand) -> Made:
    """Copy the sheet into a new workbook and send that."""
    del hand
    return [("new_book",)]


def values_only(hand: Hand) -> Made:
    """Copy everything and paste only the values into a new workbook."""
    del hand
    return [("values_only",)]


def paste_into_other(hand: Hand) -> Made:
    """Paste all rows of the table into another unit's ledger, and delete what is left of its own."""
    seen = hand.seen
    hand.tale.head = {}  # what stands above the table now is the other's, and none of the owner's
    hand.tale.outside = {text for text in hand.tale.outside if _stands_in(seen, text)}
    hand.tale.outside |= {canary(Key(OTHER, "head", "-"), item) for item in HEAD}
    return [("paste_into", str(hand.other), seen.first, 0, seen.last, seen.right)]


def _stands_in(seen: Seen, text: str) -> bool:
    lines = seen.grid.rows[seen.first : seen.last + 1]
    return any(text in canaries(cell) for line in lines for cell in line)


def merge_tasks(hand: Hand) -> Made:
    """Merge the cells of neighbouring rows that show the same task."""
    column, rows = hand.column("task"), hand.seen.keyed
    if column is None:
        return None
    pairs = [
        (above, below)
        for (above, _), (below, _) in pairwise(rows)
        if below == above + 1 and hand.seen.text(above, "task") == hand.seen.text(below, "task") != ""
    ]
    taken: list[Action] = []
    last = -1
    for above, below in pairs:
        if above > last:
            taken.append(("merge", above, column, below, column))
            last = below
    return taken or None


def merge_own(hand: Hand) -> Made:
    """Merge the cells of one's own progress over two rows: what stands below is gone."""
    place, rows = hand.column("progress"), hand.seen.keyed
    pairs = [pair for pair in pairwise(rows) if pair[1][0] == pair[0][0] + 1]
    if place is None or not pairs:
        return None
    (above, first), (below, key) = hand.chance.choice(pairs)
    if key in hand.tale.rows:
        hand.tale.rows[key].pop("progress", None)
        hand.tale.repeated[first, "progress"] = key.task, key.measure
    return [("merge", above, place, below, place)]


def show_hidden(hand: Hand) -> Made:
    """Show the hidden column."""
    second = hand.column("second")
    return None if second is None else [("show_column", second)]


def drop_head(hand: Hand) -> Made:
    """Delete everything above the titles."""
    if not hand.seen.header:
        return None
    hand.tale.head = {}
    above = {found for line in hand.seen.grid.rows[: hand.seen.header] for text in line for found in canaries(text)}
    hand.tale.outside -= above
    return [("delete_rows", list(range(hand.seen.header)))]


def hide_rows(hand: Hand) -> Made:
    """Hide rows."""
    return [("hide_rows", [row for _, row in hand.some(5)])]


def freeze(hand: Hand) -> Made:
    """Freeze panes elsewhere."""
    return [("freeze", hand.seen.first, 4)]


def colour(hand: Hand) -> Made:
    """Colour rows."""
    return [("colour", row, 0, row, hand.seen.right, "FF9900") for _, row in hand.some(4)]


def second_sheet(hand: Hand) -> Made:
    """Add a sheet with things that belong nowhere."""
    text = canary(Key(hand.tale.owner, "外", "表2"), "sheet")
    hand.tale.outside.add(text)
    return [("add_sheet", f"附表{hand.tale.added + len(hand.tale.outside)}", [["佐证材料清单", ""], ["1", text]])]


def repeat_titles(hand: Hand) -> Made:
    """Repeat the titles in the midst of the table, as for a new page."""
    middle = hand.seen.rows[len(hand.seen.rows) // 2].row
    titles = enumerate(hand.seen.grid.rows[hand.seen.header])
    return [("insert_rows", middle, 1), *(("text", middle, column, text) for column, text in titles if text)]


def blank_rows_and_columns(hand: Hand) -> Made:
    """Insert blank rows, and a blank column before all others."""
    return [("insert_rows", hand.seen.first + 2, 2), ("insert_column", 0)]
