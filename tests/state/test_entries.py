"""The state of a row where the layout has no column for it: a form such as the plain one of 附件2."""

from collections.abc import Mapping
from dataclasses import replace

from builders import LAYOUT, book, issued, sheet_of, workbook
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival
from ledgergen.returns.shelf import Shelf
from ledgergen.state.entries import book_entries
from ledgergen.state.fold import fold
from ledgergen.state.history import History

PLAIN = replace(LAYOUT, columns=tuple(column for column in LAYOUT.columns if column.id != "status"))
BOOK = book(own={"3": {"measure": "上一期写的举措"}})


def states(*returned: Mapping[tuple[str, str], str], leader: str = "") -> list[str]:
    """Issue a ledger without the column, collect it filled so many times, and give the rows' states."""
    own = replace(issued(BOOK), layout=PLAIN)
    parcels = []
    for number, typed in enumerate(returned):
        lines = sheet_of(BOOK, typed, {"default_leader": leader})
        status = lines[5].index("落实状态")
        made = workbook([[*line[:status], *line[status + 1 :]] if len(line) > status else line for line in lines])
        arrival = Arrival(f"{number:064x}", "x.xlsx", "2022-07-01T00:00:00.000Z")
        parcels.append(accept(made, [], arrival, Shelf.of([own]), {BOOK.token: 2022}))
    (found,) = fold(History((own,), tuple(parcels))).books.values()
    return [entry.state for entry in book_entries(found)]


def test_nothing_returned_is_not_returned_whatever_was_prefilled() -> None:
    assert states() == ["未报送"] * 3


def test_a_row_that_says_something_is_under_way_once_a_ledger_came_back() -> None:
    assert states({("1", "measure"): "印发通知"}) == ["推进中", "未报送", "推进中"]
    assert states({("2", "progress"): "已公开3条"}) == ["未报送", "推进中", "推进中"]
    assert states({}) == ["未报送", "未报送", "推进中"]


def test_one_leader_for_all_rows_says_nothing_of_any() -> None:
    assert states({}, leader="张某某") == ["未报送", "未报送", "推进中"]
