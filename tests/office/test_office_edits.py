"""What people do to a ledger in LibreOffice, through the commands of its own menus: every row is still found.

Sorted, columns moved, the sheet renamed, rows inserted, copied, deleted, filtered away, and all of that together. Where
LibreOffice refuses a command on the protected sheet, the person takes the protection off first, which needs no password.
A filter is set as its drop-down list does it (the filter of the autofilter's own range); that list has no command.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from clerk import Ledger
from commands import ledgergen
from office_cases import FINANCE, Office, Step, collected, copied, issued_example, ledgers, opened_office, shown

COLUMNS = ("unit_limit", "status", "progress", "evidence")
STATUS = ("未启动", "推进中", "已完成", "持续推进", "不涉及")
NEW_MEASURE = "逐项核对清单，公开到位"
COPIED, DELETED, FILTERED = "4", "30", "减税降费"  # task ids, and the name of tasks 3 and 4
UNPROTECT: Step = ("do", "Protect", {"Protect": False})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where things stand in the ledger as issued."""

    first: int
    last: int
    columns: dict[str, str]
    rows: dict[str, int]

    @property
    def right(self) -> str:
        """Give the hidden column of the codes, the last one."""
        return chr(ord(self.columns["code"]) + 1)

    def at(self, task: str, column: str) -> str:
        """Name a body cell."""
        return f"{self.columns[column]}{self.rows[task]}"

    def body(self, left: str = "A", right: str = "") -> str:
        """Name the range of the body."""
        return f"{left}{self.first}:{right or self.right}{self.last}"


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit: its steps, and what it leaves."""

    steps: tuple[Step, ...]
    sheet: str = "台账"
    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    findings: frozenset[str] = field(default=frozenset())


def sheet_of(path: Path) -> Sheet:
    made = Ledger(path)
    columns = {column: get_column_letter(place) for column, place in made.columns.items()}
    rows = made.rows()
    return Sheet(made.header + 1, made.header + len(rows), columns, rows)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_example(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def sheet(example: Path) -> Sheet:
    return sheet_of(ledgers(example)[FINANCE])


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def typed(sheet: Sheet) -> dict[tuple[str, str], str]:
    """Say what is typed: into every row, every text another one but for the status."""
    return {
        (task, column): STATUS[int(task) % 5] if column == "status" else f"{column} {int(task):03} {task}号任务"
        for task in sheet.rows
        for column in COLUMNS
    }


@pytest.fixture(scope="module")
def filled(
    example: Path, sheet: Sheet, typed: dict[tuple[str, str], str], office: Office,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:  # fmt: skip
    """Type it all into the ledger and save it; the edits begin from this."""
    path = tmp_path_factory.mktemp("filled") / "filled.xlsx"
    steps = [("enter", sheet.at(*place), text) for place, text in typed.items()]
    office.edit(ledgers(example)[FINANCE], steps, xlsx=path)
    return path


def sort(sheet: Sheet, column: str, *, up: bool, area: str = "") -> tuple[Step, ...]:
    """Sort the body by a column; the command counts columns from 1."""
    key = ord(sheet.columns[column]) - ord("A") + 1
    how = {"ByRows": True, "HasHeader": False, "UserDefIndex": 0, "Col1": key, "Ascending1": up}
    return (("go", area or sheet.body()), ("do", "DataSort", how))


def copy_row(sheet: Sheet, task: str) -> tuple[Step, ...]:
    """Copy a row, insert it beneath, and write another measure over the copy; as the instructions say."""
    row = sheet.rows[task]
    return (
        ("go", f"A{row}:XFD{row}"),
        ("do", "Copy"),
        ("go", f"A{row + 1}"),
        ("do", "InsertRowsBefore"),
        ("go", f"A{row + 1}"),
        ("do", "Paste"),
        ("enter", f"{sheet.columns['measure']}{row + 1}", NEW_MEASURE),
    )


def hide_rows(sheet: Sheet) -> tuple[Step, ...]:
    return (("filter", ord(sheet.columns["task"]) - ord("A"), FILTERED),)


def edits(sheet: Sheet) -> dict[str, Edit]:
    task, measure, code = (sheet.columns[each] for each in ("task", "progress", "code"))
    header = sheet.first - 1
    renamed = "报送（定稿）2"
    rename: tuple[Step, ...] = (UNPROTECT, ("do", "RenameTable", {"Name": renamed}))
    move: tuple[Step, ...] = (
        UNPROTECT,
        ("go", f"{task}{header}:{task}{sheet.last}"),
        ("do", "Cut"),
        ("go", f"{measure}{header}:{measure}{sheet.last}"),
        ("do", "InsertCell", {"Flags": ">"}),
        ("go", f"{measure}{header}"),
        ("do", "Paste"),
    )
    shift: tuple[Step, ...] = (UNPROTECT, ("go", "A1"), ("do", "InsertColumnsBefore"))
    empty: tuple[Step, ...] = tuple(
        step for row in (sheet.first + 1, sheet.first + 4) for step in (("go", f"A{row}"), ("do", "InsertRowsBefore"))
    )
    delete: tuple[Step, ...] = (("go", f"A{sheet.rows[DELETED]}"), ("do", "DeleteRows"))
    return {
        "sort by status": Edit(sort(sheet, "status", up=True)),
        "sort by requirement, downwards": Edit(sort(sheet, "requirement", up=False)),
        # The hidden codes are then all another row's; visible codes and texts agree, and nothing is said.
        "sort by progress without the hidden column": Edit(
            sort(sheet, "progress", up=False, area=sheet.body(right=code))
        ),
        "move a column": Edit(move),
        "move the whole table to the right": Edit(shift),
        "rename the sheet": Edit(rename, sheet=renamed),
        "insert empty rows": Edit(empty),
        "copy a row, with another measure": Edit(
            copy_row(sheet, COPIED), inserted=(COPIED,), findings=frozenset({"row-new"})
        ),
        "delete a row": Edit(delete, deleted=(DELETED,), findings=frozenset({"row-missing"})),
        "filter rows away": Edit(hide_rows(sheet)),
        "all of it": Edit(
            (*delete, *copy_row(sheet, COPIED), *sort(sheet, "evidence", up=False), *empty, *rename, *hide_rows(sheet)),
            sheet=renamed,
            inserted=(COPIED,),
            deleted=(DELETED,),
            findings=frozenset({"row-new", "row-missing"}),
        ),
    }


EDITS = (
    "sort by status",
    "sort by requirement, downwards",
    "sort by progress without the hidden column",
    "move a column",
    "move the whole table to the right",
    "rename the sheet",
    "insert empty rows",
    "copy a row, with another measure",
    "delete a row",
    "filter rows away",
    "all of it",
)


def values(campaign: Path) -> tuple[dict[tuple[str, str], dict[str, Any]], list[dict[str, Any]]]:
    """Give what stands in the issued rows, and the rows that the unit added."""
    rows = shown(campaign)
    issued = {(row["task"], name): field for row in rows if row["code"] for name, field in row["fields"].items()}
    return issued, [row for row in rows if not row["code"]]


@pytest.mark.parametrize("name", EDITS)
def test_every_row_is_found_again(
    example: Path, sheet: Sheet, typed: dict[tuple[str, str], str], filled: Path, office: Office, tmp_path: Path,
    name: str,
) -> None:  # fmt: skip
    edit = edits(sheet)[name]
    saved = {kind: tmp_path / f"out.{kind}" for kind in ("xlsx", "ods", "xls")}
    office.edit(filled, edit.steps, **saved)
    assert_done(saved["xlsx"], filled, name)
    for kind, path in saved.items():
        campaign = copied(example, tmp_path / kind)
        (said,) = collected(campaign, path)
        (returned,) = said["returns"]
        assert returned["rows"] == {
            "matched": len(sheet.rows) - len(edit.deleted),
            "new": len(edit.inserted),
            "missing": len(edit.deleted),
            "doubtful": 0,
        }, said
        assert {found["code"] for found in said["findings"]} == edit.findings, said["findings"]
        issued, added = values(campaign)
        expected = {place: text for place, text in typed.items() if place[0] not in edit.deleted}
        assert {place: field["text"] for place, field in issued.items()} == expected
        assert [row["task"] for row in added] == list(edit.inserted)
        for row in added:
            copy = {column: typed[row["task"], column] for column in COLUMNS}
            assert {column: each["text"] for column, each in row["fields"].items()} == {**copy, "measure": NEW_MEASURE}
        sources = [field["source"] for field in (*issued.values(), *(f for row in added for f in row["fields"].values()))]
        assert {source["sheet"] for source in sources} == {edit.sheet}
    assert_places(saved["xlsx"], values(tmp_path / "xlsx")[0])


def assert_done(path: Path, before: Path, name: str) -> None:
    """See to it that LibreOffice did what it was told: what the sheet shows is not what it was."""
    old, new = ([[cell.value for cell in row] for row in load_workbook(each).worksheets[0]] for each in (before, path))
    if name == "rename the sheet":
        assert load_workbook(path).sheetnames[0] != load_workbook(before).sheetnames[0]
    elif name == "filter rows away":
        hidden = [row for row, each in load_workbook(path).worksheets[0].row_dimensions.items() if each.hidden]
        assert len(hidden) == 26
    else:
        assert new != old


def assert_places(path: Path, issued: dict[tuple[str, str], dict[str, Any]]) -> None:
    """See to it that the cell each value is said to come from holds it."""
    book = load_workbook(path)
    for field_ in issued.values():
        source = field_["source"]
        assert book[source["sheet"]][source["cell"]].value == field_["text"]


def test_a_protected_sheet_keeps_its_name_and_its_columns(
    example: Path, filled: Path, sheet: Sheet, office: Office, tmp_path: Path
) -> None:
    # Not the product's wish but LibreOffice's doing; that the name cannot be lost by accident is welcome.
    task = sheet.columns["task"]
    steps: Sequence[Step] = (
        ("do", "RenameTable", {"Name": "x"}),
        ("go", "M1"),
        ("do", "InsertColumnsBefore"),
        ("go", f"{task}1:{task}1048576"),
        ("do", "Cut"),
        ("enter", "A1", "x"),
        ("sheets",),
    )
    given = office.edit(filled, steps, xlsx=tmp_path / "out.xlsx")
    assert given[-1][0] == "台账"
    (said,) = collected(copied(example, tmp_path / "c"), tmp_path / "out.xlsx")
    assert said["findings"] == []
    assert said["returns"][0]["rows"]["matched"] == len(sheet.rows)


def test_the_edits_are_all_tried(sheet: Sheet) -> None:
    assert tuple(edits(sheet)) == EDITS


def test_two_edits_one_after_the_other_are_two_returns(
    example: Path, sheet: Sheet, typed: dict[tuple[str, str], str], filled: Path, office: Office, tmp_path: Path
) -> None:
    """A later return with one cell more lies over the earlier one, though its rows stand otherwise."""
    campaign = copied(example, tmp_path / "c")
    steps = (*sort(sheet, "requirement", up=True), ("enter", f"{sheet.columns['note']}{sheet.first}", "补充说明"))
    office.edit(filled, steps, xlsx=tmp_path / "later.xlsx")
    for day, path in (("2022-07-01", filled), ("2022-07-05", tmp_path / "later.xlsx")):
        assert ledgergen("collect", "--received", day, path, at=campaign).code == 0
    found, _ = values(campaign)
    notes = [field["text"] for (_, column), field in found.items() if column == "note"]
    assert notes == ["补充说明"]
    assert {place: field["text"] for place, field in found.items() if place[1] != "note"} == typed
