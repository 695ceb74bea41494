"""LibreOffice itself sorts, inserts and deletes rows on the protected sheet, through the commands of its own menus."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledgergen.records import Book
from ledgergen.workbook import formats, write
from ledgergen.workbook.layout import Style
from write_cases import book, in_libreoffice, ledger

Lines = list[list[str]]


def edited(made: Book, folder: Path) -> dict[str, Lines]:
    path = folder / "ledger.xlsx"
    path.write_bytes(ledger(made))
    answer = in_libreoffice("edit", path)
    assert answer["protected"] is True
    assert answer["title"] == made.title  # though something was typed into it
    return {name: lines for name, lines in answer.items() if isinstance(lines, list)}


def test_the_body_is_free_and_the_rest_is_not(tmp_path: Path) -> None:
    made = book()
    seen = edited(made, tmp_path)
    issued = seen["issued"]
    assert [line[-1] for line in issued] == [row.code for row in made.rows]
    assert seen["sorted"] == sorted(issued, key=lambda line: -int(line[0]))  # by 序号, downwards; every column along
    assert seen["inserted"] == [seen["sorted"][0], [""] * len(issued[0]), *seen["sorted"][1:]]
    assert seen["deleted"] == seen["sorted"]


def test_a_row_grows_with_what_is_typed(tmp_path: Path) -> None:
    before, after = (float(str(height)) for height in edited(book(3), tmp_path)["grown"])
    assert after > 2 * before


def test_one_locked_cell_a_row_and_nothing_can_be_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Shows that the first test can fail: LibreOffice 7.4 then does nothing, and says nothing.
    def locked(style: Style) -> dict[str, object]:
        table = dict(formats.cell_formats(style))
        return {**table, "code": replace(table["code"], locked=True)}

    monkeypatch.setattr(write, "cell_formats", locked)
    seen = edited(book(5), tmp_path)
    assert seen["sorted"] == seen["issued"]
