"""What people do to a ledger in LibreOffice, through the commands of its own menus: every row is still found.

Sorted, columns moved, the sheet renamed, rows inserted, copied, deleted, filtered away, and all of that together. Where
LibreOffice refuses a command on the protected sheet, the person takes the protection off first; it has no password. A
filter is set as its drop-down list does it (in the range of the autofilter itself); that list has no command.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from clerk import Ledger
from commands import ledgergen
from office_cases import FINANCE, Office, Step, collected, copied, issued_example, ledgers, opened_office, shown

TYPED_COLUMNS = ("unit_limit", "status", "progress", "evidence")
STATUS = ("未启动", "推进中", "已完成", "持续推进", "不涉及")
WANTED = {"已完成": ("published_on", "2022-06-30"), "不涉及": ("note", "本单位无此项职能")}
NEW_MEASURE = "逐项核对清单，公开到位"
COPIED, DELETED, FILTERED = "4", "30", "减税降费"  # task ids, and the name of tasks 3 and 4
RENAMED = "报送（定稿）2"
KINDS = ("xlsx", "ods", "xls")
Values = dict[tuple[str, str], dict[str, Any]]
Texts = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A ledger that somebody filled in LibreOffice, what was typed, and where things stand in it (rows by task id)."""

    path: Path
    typed: Texts
    columns: Mapping[str, str]
    rows: Mapping[str, int]

    @property
    def first(self) -> int:
        """Give the first row of the body."""
        return min(self.rows.values())

    @property
    def last(self) -> int:
        """Give the last row of the body."""
        return max(self.rows.values())

    def body(self, *, hidden: bool = True) -> str:
        """Name the range of the body, with the hidden column of the codes or without it."""
        right = ord(self.columns["code"]) + hidden
        return f"A{self.first}:{chr(right)}{self.last}"

    def index(self, column: str) -> int:
        """Count a column from 0."""
        return ord(self.columns[column]) - ord("A")


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to a ledger, and what must come of it."""

    steps: tuple[Step, ...]
    sheet: str = "台账"
    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


UNPROTECT: tuple[Step, ...] = (("do", "Protect", {"Protect": False}),)


def sort(book: Filled, column: str, *, up: bool, hidden: bool = True) -> tuple[Step, ...]:
    """Sort the body by a column, which the command counts from 1."""
    how = {"ByRows": True, "HasHeader": False, "UserDefIndex": 0, "Col1": book.index(column) + 1, "Ascending1": up}
    return (("go", book.body(hidden=hidden)), ("do", "DataSort", how))


def move(book: Filled) -> tuple[Step, ...]:
    """Cut the column of the tasks and insert it before that of the progress."""
    source, target = (f"{book.columns[name]}{book.first - 1}" for name in ("task", "progress"))
    bottoms = [f"{book.columns[name]}{book.last}" for name in ("task", "progress")]
    return (
        *UNPROTECT,
        ("go", f"{source}:{bottoms[0]}"),
        ("do", "Cut"),
        ("go", f"{target}:{bottoms[1]}"),
        ("do", "InsertCell", {"Flags": ">"}),
        ("go", target),
        ("do", "Paste"),
    )


def shift(book: Filled) -> tuple[Step, ...]:
    """Insert columns before the title, which is as broad as the table: all of it moves to the right."""
    del book
    return (*UNPROTECT, ("go", "A1"), ("do", "InsertColumnsBefore"))


def rename(book: Filled) -> tuple[Step, ...]:
    del book
    return (*UNPROTECT, ("do", "RenameTable", {"Name": RENAMED}))


def insert_empty(book: Filled) -> tuple[Step, ...]:
    rows = (book.first + 1, book.first + 4)
    return tuple(step for row in rows for step in (("go", f"A{row}"), ("do", "InsertRowsBefore")))


def copy_row(book: Filled) -> tuple[Step, ...]:
    """Copy a row, insert it beneath, and write another measure over the copy: as the instructions say."""
    row = book.rows[COPIED]
    return (
        ("go", f"A{row}:XFD{row}"),
        ("do", "Copy"),
        ("go", f"A{row + 1}"),
        ("do", "InsertRowsBefore"),
        ("go", f"A{row + 1}"),
        ("do", "Paste"),
        ("enter", f"{book.columns['measure']}{row + 1}", NEW_MEASURE),
    )


def delete(book: Filled) -> tuple[Step, ...]:
    return (("go", f"A{book.rows[DELETED]}"), ("do", "DeleteRows"))


def hide_rows(book: Filled) -> tuple[Step, ...]:
    return (("filter", book.index("task"), FILTERED),)


def all_of_it(book: Filled) -> tuple[Step, ...]:
    steps = (*delete(book), *copy_row(book), *sort(book, "evidence", up=False), *insert_empty(book))
    return (*steps, *rename(book), *hide_rows(book))


EDITS: Mapping[str, Callable[[Filled], Edit]] = {
    "sort by status": lambda book: Edit(sort(book, "status", up=True)),
    "sort by requirement, downwards": lambda book: Edit(sort(book, "requirement", up=False)),
    # The hidden codes are then all another row's; visible codes and texts agree, and one finding says so.
    "sort without the hidden column": lambda book: Edit(
        sort(book, "progress", up=False, hidden=False), findings=("hidden-codes-moved",)
    ),
    "move a column": lambda book: Edit(move(book)),
    "move the whole table": lambda book: Edit(shift(book)),
    "rename the sheet": lambda book: Edit(rename(book), sheet=RENAMED),
    "insert empty rows": lambda book: Edit(insert_empty(book)),
    "copy a row": lambda book: Edit(copy_row(book), inserted=(COPIED,), findings=("row-new",)),
    "delete a row": lambda book: Edit(delete(book), deleted=(DELETED,), findings=("row-missing",)),
    "filter rows away": lambda book: Edit(hide_rows(book)),
    "all of it": lambda book: Edit(
        all_of_it(book),
        RENAMED,
        inserted=(COPIED,),
        deleted=(DELETED,),
        findings=("row-missing", "row-new"),
    ),
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_example(tmp_path_factory)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(example: Path, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Type into every row, every text another one but for the status; the edits begin from this."""
    source = ledgers(example)[FINANCE]
    made = Ledger(source)
    typed = {
        (task, column): STATUS[int(task) % 5] if column == "status" else f"{column} {int(task):03} 任务{task}.pdf"
        for task in made.rows()
        for column in TYPED_COLUMNS
    }
    wanted = {task: WANTED[text] for (task, _), text in typed.items() if text in WANTED}
    typed |= {(task, column): text for task, (column, text) in wanted.items()}
    path = tmp_path_factory.mktemp("filled") / "filled.xlsx"
    office.edit(source, [("enter", made.cell(*place).coordinate, text) for place, text in typed.items()], xlsx=path)
    columns = {column: get_column_letter(place) for column, place in made.columns.items()}
    return Filled(path, typed, columns, made.rows())


def values(campaign: Path) -> tuple[Values, list[dict[str, Any]]]:
    """Give what stands in the issued rows, and the rows that the unit added."""
    rows = shown(campaign)
    issued = {(row["task"], name): each for row in rows if row["code"] for name, each in row["fields"].items()}
    return issued, [row for row in rows if not row["code"]]


def texts(found: Values) -> dict[tuple[str, str], str]:
    return {place: each["text"] for place, each in found.items()}


@pytest.mark.parametrize("name", EDITS)
def test_every_row_is_found_again(example: Path, filled: Filled, office: Office, tmp_path: Path, name: str) -> None:
    edit = EDITS[name](filled)
    saved = {kind: tmp_path / f"out.{kind}" for kind in KINDS}
    office.edit(filled.path, edit.steps, **saved)
    assert_it_was_done(saved["xlsx"], filled.path)
    for kind, path in saved.items():
        campaign = copied(example, tmp_path / kind)
        (said,) = collected(campaign, path)
        assert said["returns"][0]["rows"] == {
            "matched": len(filled.rows) - len(edit.deleted),
            "new": len(edit.inserted),
            "missing": len(edit.deleted),
            "doubtful": 0,
        }, said
        assert sorted(found["code"] for found in said["findings"]) == list(edit.findings), said["findings"]
        assert_values(campaign, filled, edit)
    assert_places(saved["xlsx"], tmp_path / "xlsx")


def assert_it_was_done(path: Path, before: Path) -> None:
    """See to it that LibreOffice did what it was told; a command that it refuses it refuses in silence."""
    old, new = (load_workbook(each) for each in (before, path))
    assert contents(new) != contents(old)


def contents(book: Any) -> object:  # noqa: ANN401 - openpyxl's
    sheet = book.worksheets[0]
    hidden = [row for row, each in sheet.row_dimensions.items() if each.hidden]
    return sheet.title, hidden, [[cell.value for cell in row] for row in sheet.iter_rows()]


def assert_values(campaign: Path, filled: Filled, edit: Edit) -> None:
    issued, added = values(campaign)
    assert texts(issued) == {place: text for place, text in filled.typed.items() if place[0] not in edit.deleted}
    assert [row["task"] for row in added] == list(edit.inserted)
    for row in added:
        copy = {column: text for (task, column), text in filled.typed.items() if task == row["task"]}
        assert {name: each["text"] for name, each in row["fields"].items()} == {**copy, "measure": NEW_MEASURE}
    fields = [*issued.values(), *(each for row in added for each in row["fields"].values())]
    assert {each["source"]["sheet"] for each in fields} == {edit.sheet}


def assert_places(path: Path, campaign: Path) -> None:
    """See to it that the cell from which each value is said to come holds it."""
    book = load_workbook(path)
    for each in values(campaign)[0].values():
        assert book[each["source"]["sheet"]][each["source"]["cell"]].value == each["text"]


def test_a_filter_leaves_only_what_it_asks_for(filled: Filled, office: Office, tmp_path: Path) -> None:
    office.edit(filled.path, hide_rows(filled), xlsx=tmp_path / "out.xlsx")
    rows = load_workbook(tmp_path / "out.xlsx").worksheets[0].row_dimensions
    assert [task for task, row in filled.rows.items() if not rows[row].hidden] == ["3", "4"]


def test_a_protected_sheet_keeps_its_name_its_columns_and_its_title(
    example: Path, filled: Filled, office: Office, tmp_path: Path
) -> None:
    # The name is LibreOffice's doing: it renames no protected sheet.
    task = filled.columns["task"]
    steps: Sequence[Step] = (
        ("do", "RenameTable", {"Name": "x"}),
        ("go", "M1"),
        ("do", "InsertColumnsBefore"),
        ("go", f"{task}1:{task}1048576"),
        ("do", "Cut"),
        ("enter", "A1", "x"),
    )
    office.edit(filled.path, steps, xlsx=tmp_path / "out.xlsx")
    assert contents(load_workbook(tmp_path / "out.xlsx")) == contents(load_workbook(filled.path))
    campaign = copied(example, tmp_path / "c")
    assert collected(campaign, tmp_path / "out.xlsx")[0]["findings"] == []
    assert texts(values(campaign)[0]) == filled.typed


def test_a_later_return_in_another_order_lies_over_the_earlier_one(
    example: Path, filled: Filled, office: Office, tmp_path: Path
) -> None:
    campaign = copied(example, tmp_path / "c")
    note = ("enter", f"{filled.columns['note']}{filled.first}", "补充说明")
    office.edit(filled.path, (*sort(filled, "requirement", up=True), note), xlsx=tmp_path / "later.xlsx")
    for day, path in (("2022-07-01", filled.path), ("2022-07-05", tmp_path / "later.xlsx")):
        assert ledgergen("collect", "--received", day, path, at=campaign).code == 0
    found = texts(values(campaign)[0])
    changed = [(place[1], text) for place, text in found.items() if filled.typed.get(place) != text]
    assert changed == [("note", "补充说明")]
    assert found.keys() >= filled.typed.keys()
