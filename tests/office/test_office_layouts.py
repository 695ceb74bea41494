"""Every shipped layout on both faces in LibreOffice, on its protected sheet and through the commands of its own menus.

Sort by any column, filter, insert a row, copy a row, undo; and whatever is typed comes back from each file format.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from ledgergen.records import Book
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, Parcel, Return
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.layout import Face, Kind, Layout
from ledgergen.workbook.limits import ROW_HEIGHT
from ledgergen.workbook.read import read_workbook
from office_cases import Office, Step, opened_office
from write_cases import DATED, SHIPPED, book, ledger, not_all_due, schema_faults, shipped

COMBINED = tuple(product(SHIPPED, Face))
KINDS = ("xlsx", "ods", "xls")
DUE = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ledger as made: what it is, and where things stand in it; rows and columns from 1."""

    path: Path
    book: Book
    layout: Layout
    header: int
    columns: Mapping[str, int]
    foot: Mapping[str, str]

    @property
    def first(self) -> int:
        """Give the first row of the body."""
        return self.header + 1

    @property
    def last(self) -> int:
        """Give the last row of the body."""
        return self.header + len(self.book.rows)

    @property
    def body(self) -> str:
        """Name the body's range, the hidden column of the codes included."""
        return f"A{self.first}:{get_column_letter(max(self.columns.values()) + 1)}{self.last}"

    def cell(self, row: int, column: str) -> str:
        """Name a cell."""
        return f"{get_column_letter(self.columns[column])}{row}"

    @property
    def typed(self) -> dict[tuple[str, str], str]:
        """Give a text for every input of every row that is due, each another one but for choices."""
        return {
            (row.task + row.measure, column.id): (
                column.choices[number % len(column.choices)].text
                if column.choices
                else f"2022-07-{number + 1:02}"
                if column.kind is Kind.DATE
                else f"{column.id}{number:02}某某"
            )
            for number, row in enumerate(self.book.rows)
            if row.due
            for column in self.layout.inputs
        }

    @property
    def filling(self) -> list[Step]:
        """Type all of that, and sign below the table."""
        rows = {row.task + row.measure: place for place, row in enumerate(self.book.rows, start=self.first)}
        steps: list[Step] = [
            ("enter", self.cell(rows[key], column), text) for (key, column), text in self.typed.items()
        ]
        return [*steps, *(("enter", cell, f"签{item}") for item, cell in self.foot.items())]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as opened:
        yield opened


@pytest.fixture(params=COMBINED, ids=["-".join(pair) for pair in COMBINED])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Sheet:
    name, face = request.param
    layout = shipped(name, face)
    own = book(7, layout=layout)
    own = not_all_due(own, DUE) if face is Face.PROGRESS else own
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(ledger(own, layout))
    sheet = load_workbook(path).worksheets[0]
    header = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "序号")
    titles = {normalised(str(cell.value)): place for place, cell in enumerate(sheet[header], start=1)}
    columns = {column.id: titles[normalised(column.title)] for column in layout.columns}
    foot = {}
    for row in sheet.iter_rows(min_row=header + 1):
        for place, cell in enumerate(row, start=1):
            if item := layout.foot_labels.get(normalised(str(cell.value or "")).rstrip(":")):
                area = next((each for each in sheet.merged_cells.ranges if cell.coordinate in each), None)
                foot[item] = f"{get_column_letter((area.max_col or place if area else place) + 1)}{cell.row}"
    return Sheet(path, own, layout, header, columns, foot)


def returned(made: Sheet, path: Path) -> tuple[Return, Parcel]:
    shelf = Shelf.of([Issued(made.book, made.layout, "0" * 64, "ledger.xlsx", DATED.isoformat())])
    workbook, findings = read_workbook(path.name, path.read_bytes())
    arrival = Arrival("1" * 64, path.name, "2022-07-10T00:00:00+00:00")
    parcel = accept(workbook, findings, arrival, shelf, {made.book.token: 2022})
    (found,) = parcel.returns
    return found, parcel


def texts(found: Return) -> dict[tuple[str, str], str]:
    return {(row.task + row.measure, name): cell.text for row in found.rows for name, cell in row.cells.items()}


def new(made: Sheet) -> dict[tuple[str, str], str]:
    """Give what was typed, but where it is what was prefilled."""
    known = {row.task + row.measure: row.own for row in made.book.rows}
    return {place: text for place, text in made.typed.items() if known[place[0]].get(place[1]) != text}


def test_it_is_a_clean_file(made: Sheet, tmp_path: Path) -> None:
    assert schema_faults(made.path.read_bytes(), tmp_path) == []


def test_no_row_is_too_low(made: Sheet, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    path.write_bytes(ledger(replace(made.book, rows=book(27, layout=made.layout).rows), made.layout))
    found = office.edit(path, [("do", "Protect", {"Protect": False}), ("heights", made.first, made.first + 27)])[1]
    assert [pair for pair in found if pair[0] < min(pair[1], ROW_HEIGHT)] == []
    assert all(pair[1] > 10 for pair in found)


def test_saved_again_it_says_nothing_and_filled_it_says_all(made: Sheet, office: Office, tmp_path: Path) -> None:
    for name, steps, wanted in (("same", [], {}), ("filled", made.filling, new(made))):
        saved = {kind: tmp_path / f"{name}.{kind}" for kind in KINDS}
        office.edit(made.path, steps, **saved)
        for path in saved.values():
            found, parcel = returned(made, path)
            assert texts(found) == wanted, path.name
            assert {item: cell.text for item, cell in found.head.items()} == (
                {item: f"签{item}" for item in made.foot} if wanted else {}
            )
            assert (found.matched, found.new, found.missing, found.doubtful) == (len(made.book.rows), 0, (), 0)
            assert [fault.code for fault in parcel.findings if fault.code != "nothing-filled"] == []


def test_it_sorts_by_any_column(made: Sheet, office: Office, tmp_path: Path) -> None:
    orders = [(column, up) for column in made.columns for up in (True, False)]
    steps: list[Step] = [*made.filling, ("texts", made.body)]
    for column, up in orders:
        how = {"ByRows": True, "HasHeader": False, "UserDefIndex": 0, "Col1": made.columns[column], "Ascending1": up}
        steps += [("go", made.body), ("do", "DataSort", how), ("texts", made.body)]
    given = office.edit(made.path, [*steps, ("visible", made.first, made.last)], xlsx=tmp_path / "sorted.xlsx")
    before, *after = (each for each in given[:-1] if each is not None)
    seen: dict[str, list[str]] = {}
    for (column, up), lines in zip(orders, after, strict=True):
        assert sorted(lines) == sorted(before), column  # whole rows, none lost
        shown = [line[made.columns[column] - 1] for line in lines]
        filled = [text for text in shown if text]
        if up:
            seen[column] = filled
        else:
            assert filled == seen[column][::-1], column
    assert seen["seq"] == [str(row.number) for row in made.book.rows]
    # The rows that are not due are hidden wherever they stand now.
    numbers = {str(row.number) for row in made.book.rows if row.due}
    last = {made.first + place: line[0] for place, line in enumerate(after[-1])}
    assert [last[row] for row in given[-1]] == [number for number in last.values() if number in numbers]
    found, parcel = returned(made, tmp_path / "sorted.xlsx")
    assert texts(found) == new(made)
    assert parcel.findings == ()


def test_rows_are_inserted_copied_and_the_steps_undone(made: Sheet, office: Office, tmp_path: Path) -> None:
    row = made.first + 1
    # Where measures were prefilled, and the filling has changed them all, no new one could tell row and copy apart.
    free = [column for column in made.layout.inputs if column.kind is Kind.TEXT and not column.choices]
    own = free[0 if made.layout.face is Face.FIRST else -1]
    longer = made.body.replace(str(made.last), str(made.last + 1))
    steps: list[Step] = [
        *made.filling,
        ("texts", made.body),
        ("go", f"A{row}"),
        ("do", "InsertRowsBefore"),
        ("texts", longer),
        ("do", "Undo"),
        ("texts", made.body),
        ("go", f"A{row}:XFD{row}"),
        ("do", "Copy"),
        ("go", f"A{row + 1}"),
        ("do", "InsertRowsBefore"),
        ("go", f"A{row + 1}"),
        ("do", "Paste"),
        ("enter", made.cell(row + 1, own.id), "另一条"),
        ("texts", longer),
    ]
    saved = {kind: tmp_path / f"copied.{kind}" for kind in KINDS}
    before, inserted, undone, copied = (each for each in office.edit(made.path, steps, **saved) if each is not None)
    assert inserted == [*before[:1], [""] * len(before[0]), *before[1:]]
    assert undone == before
    changed = ["另一条" if place == made.columns[own.id] else text for place, text in enumerate(before[1], start=1)]
    assert copied == [*before[:2], changed, *before[2:]]
    for path in saved.values():
        found, parcel = returned(made, path)
        known = {key: text for key, text in texts(found).items() if "N" not in key[0]}
        assert known == new(made), path.name
        # With another measure it is a further one; one measure that says two things is for the office to decide.
        is_further = made.layout.face is Face.FIRST or made.layout.find("measure") is None
        assert (found.matched, found.new, found.doubtful) == (len(made.book.rows), is_further, not is_further)
        assert {item: cell.text for item, cell in found.head.items()} == {item: f"签{item}" for item in made.foot}
        assert [fault.code for fault in parcel.findings] == ["row-new" if is_further else "row-doubtful"]


def test_it_filters_and_shows_everything_again(made: Sheet, office: Office) -> None:
    task = made.layout.task_column
    assert task is not None
    wanted = made.book.rows[1]
    steps: list[Step] = [
        ("visible", made.first, made.last),
        ("filter", made.columns[task.id] - 1, wanted.text(task.id)),
        ("visible", made.first, made.last),
        ("go", f"A{made.header}"),
        ("do", "DataFilterRemoveFilter"),
        ("visible", made.first, made.last),
    ]
    opened, filtered, cleared = (each for each in office.edit(made.path, steps) if each is not None)
    assert opened == [row for row, own in enumerate(made.book.rows, start=made.first) if own.due]
    alike = [
        row for row, own in enumerate(made.book.rows, start=made.first) if own.text(task.id) == wanted.text(task.id)
    ]
    assert filtered == alike
    assert cleared == list(range(made.first, made.last + 1))
