"""Every shipped layout on both faces, all in one campaign: what is typed comes back, and nothing else is said."""

import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ledgergen.findings import Finding
from ledgergen.records import Book
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Act, Arrival, Parcel, Return
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.layout import Face, Kind, Layout
from ledgergen.workbook.read import read_workbook

sys.path.append(str(Path(__file__).resolve().parents[1] / "workbook"))
from write_cases import DATED, SHIPPED, book, cells, ledger, not_all_due, shipped

COMBINED = tuple(product(SHIPPED, Face))
Typing = Callable[[Worksheet], object]


def made(name: str, face: Face) -> Book:
    """Make a book for a unit of its own, so that all can stand on one shelf; the last rows of a later one not due."""
    layout = shipped(name, face)
    own = book(6, f"区{name}{face}局", layout=layout)
    return not_all_due(own, 4) if face is Face.PROGRESS else own


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    books = ((made(*pair), shipped(*pair)) for pair in COMBINED)
    return Shelf.of(Issued(own, layout, "0" * 64, f"{own.unit}.xlsx", DATED.isoformat()) for own, layout in books)


def returned(shelf: Shelf, name: str, face: Face, typing: Typing | None = None) -> tuple[Return, Parcel]:
    """Issue a ledger, let somebody type, and take it in."""
    data = ledger(made(name, face), shipped(name, face))
    if typing:
        opened = openpyxl.load_workbook(BytesIO(data))
        typing(opened.worksheets[0])
        target = BytesIO()
        opened.save(target)
        data = target.getvalue()
    workbook, findings = read_workbook("x.xlsx", data)
    arrival = Arrival("0" * 64, "x.xlsx", "2022-07-10T00:00:00+00:00")
    parcel = accept(workbook, findings, arrival, shelf, dict.fromkeys(shelf.books, 2022))
    (found,) = parcel.returns
    return found, parcel


def header_of(sheet: Worksheet) -> int:
    return next(row for row in range(1, 30) if sheet.cell(row, 1).value == "序号")


def columns_of(sheet: Worksheet, layout: Layout) -> dict[str, int]:
    titles = {normalised(str(cell.value)): place for place, cell in enumerate(sheet[header_of(sheet)], start=1)}
    return {column.id: titles[normalised(column.title)] for column in layout.columns}


def foot_of(sheet: Worksheet, layout: Layout) -> Iterator[tuple[str, int, int]]:
    """Give id, row and column of each value below the table: right of its label's merged range."""
    for number, row in enumerate(sheet.iter_rows(min_row=header_of(sheet)), start=header_of(sheet)):
        for place, cell in enumerate(row, start=1):
            item = layout.foot_labels.get(normalised(str(cell.value or "")).rstrip(":"))
            if item:
                area = next((each for each in sheet.merged_cells.ranges if cell.coordinate in each), None)
                yield item, number, (area.max_col or place if area else place) + 1


def said(parcel: Parcel) -> list[Finding]:
    return [found for found in parcel.findings if found.code != "nothing-filled"]


@pytest.mark.parametrize(("name", "face"), COMBINED)
def test_an_untouched_ledger_changes_nothing(shelf: Shelf, name: str, face: Face) -> None:
    found, parcel = returned(shelf, name, face)
    assert found.unit == made(name, face).unit
    assert (found.rows, found.head, found.missing, found.new, found.doubtful) == ((), {}, (), 0, 0)
    assert found.matched == len(made(name, face).rows)
    assert said(parcel) == []


@pytest.mark.parametrize(("name", "face"), COMBINED)
def test_whatever_is_typed_comes_back(shelf: Shelf, name: str, face: Face) -> None:
    layout = shipped(name, face)
    typed: dict[tuple[int, str], str] = {}

    def typing(sheet: Worksheet) -> None:
        for index, row in enumerate(made(name, face).rows):
            for column in layout.inputs:
                text = column.choices[index % len(column.choices)].text if column.choices else f"{column.id}{index}"
                text = f"2022-07-{index + 1:02}" if column.kind is Kind.DATE else text
                sheet.cell(header_of(sheet) + 1 + index, columns_of(sheet, layout)[column.id]).value = text
                typed[int(row.task), column.id] = text
        for item, place, column_ in foot_of(sheet, layout):
            sheet.cell(place, column_).value = f"签{item}"

    found, parcel = returned(shelf, name, face, typing)
    came = {(int(row.task), column): cell.text for row in found.rows for column, cell in row.cells.items()}
    assert came == typed
    assert {item: decided.text for item, decided in found.head.items()} == {
        item.id: f"签{item.id}" for item in layout.foot_items if item.is_input
    }
    assert said(parcel) == []


@pytest.mark.parametrize(("name", "face"), [pair for pair in COMBINED if shipped(*pair).foot])
def test_the_foot_stays_the_foot_under_inserted_rows(shelf: Shelf, name: str, face: Face) -> None:
    layout = shipped(name, face)

    def typing(sheet: Worksheet) -> None:
        for item, row, column in foot_of(sheet, layout):
            sheet.cell(row, column).value = f"签{item}"
        for area in list(sheet.merged_cells.ranges):  # openpyxl moves no merged ranges along
            if area.min_row > header_of(sheet):
                sheet.unmerge_cells(area.coord)
        last = header_of(sheet) + len(made(name, face).rows)
        sheet.insert_rows(last + 1)
        for column in range(1, sheet.max_column + 1):
            sheet.cell(last + 1, column).value = sheet.cell(last, column).value
        sheet.cell(last + 1, columns_of(sheet, layout)["measure"]).value = "另一条举措"

    found, parcel = returned(shelf, name, face, typing)
    assert (found.matched, found.new, found.doubtful) == (len(made(name, face).rows), 1, 0)
    assert {decided.text for decided in found.head.values()} == {f"签{item.id}" for item in layout.foot_items}
    assert [found.code for found in said(parcel)] == ["row-new"]


def test_what_stands_in_the_foot_and_belongs_nowhere_is_quoted(shelf: Shelf) -> None:
    def typing(sheet: Worksheet) -> None:
        (_, row, _), *_ = foot_of(sheet, shipped("hazards"))
        sheet.cell(row - 1, 3).value = "表外的话"
        sheet.cell(row + 1, 3).value = "另一句"

    found, parcel = returned(shelf, "hazards", Face.FIRST, typing)
    assert found.head == {}
    quoted = "".join(str(fault.facts.get("text")) for fault in said(parcel))
    assert "表外的话" in quoted
    assert "另一句" in quoted


def test_a_label_in_the_table_makes_no_foot(shelf: Shelf) -> None:
    def typing(sheet: Worksheet) -> None:
        place = columns_of(sheet, shipped("hazards"))
        sheet.cell(header_of(sheet) + 1, place["leader"]).value = "填报人"
        sheet.cell(header_of(sheet) + 1, place["code"]).value = None

    found, parcel = returned(shelf, "hazards", Face.FIRST, typing)
    assert [(row.cells["leader"].text, row.cells["leader"].act) for row in found.rows] == [("填报人", Act.SET)]
    assert found.doubtful == 0
    assert "text-outside" not in [fault.code for fault in said(parcel)]


def test_the_note_that_rows_are_hidden_is_nobodys_text(shelf: Shelf) -> None:
    name, face = "zichuan", Face.PROGRESS
    assert "未到期" in cells(ledger(made(name, face), shipped(name, face)))["A2"]
    assert said(returned(shelf, name, face)[1]) == []
