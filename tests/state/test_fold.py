"""The fold: halves both stand, later wins, old files change nothing, and the order of collecting does not matter."""

import random
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from builders import book, issued, sheet_of, shelf, workbook
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, Parcel
from ledgergen.state.entries import Entry, book_entries, entry_json
from ledgergen.state.fold import BookState, fold
from ledgergen.state.history import History
from ledgergen.state.laying import Held
from ledgergen.state.rulings import ReturnId

BOOK = book(own={"1": {"measure": "办公室写的举措"}})
Typed = Mapping[tuple[str, str], str]


def parcel(
    number: int, typed: Typed, *, received: str = "", head: Mapping[str, str] | None = None, saved: str = ""
) -> Parcel:
    arrival = Arrival(f"{number:064x}", f"{number}.xlsx", "2022-07-01T00:00:00.000Z", received)
    made = workbook(sheet_of(BOOK, typed, head))
    made = type(made)(made.format, made.grids, saved)
    return accept(made, [], arrival, shelf(BOOK), {BOOK.token: 2022})


def stands(parcels: Sequence[Parcel]) -> BookState:
    (state,) = fold(History((issued(BOOK),), tuple(parcels))).books.values()
    return state


def texts(state: BookState) -> dict[tuple[str, str], str]:
    return {
        (entry.row.task, name): standing.text
        for entry in book_entries(state)
        for name, standing in entry.fields.items()
    }


def test_nothing_returned_is_what_was_issued() -> None:
    state = stands([])
    assert texts(state) == {("1", "measure"): "办公室写的举措"}
    assert {entry.state for entry in book_entries(state)} == {"未报送"}


def test_an_unedited_return_changes_nothing() -> None:
    assert texts(stands([parcel(1, {})])) == texts(stands([]))


def test_two_halves_of_one_book_both_stand() -> None:
    first = parcel(1, {("1", "status"): "已完成"}, received="2022-07-02T08:00:00Z")
    second = parcel(2, {("2", "status"): "在办"}, received="2022-07-03T08:00:00Z")
    found = texts(stands([first, second]))
    assert (found["1", "status"], found["2", "status"]) == ("已完成", "在办")


def test_the_later_return_stands_where_both_wrote() -> None:
    early = parcel(1, {("1", "progress"): "早"}, received="2022-07-02T08:00:00Z")
    late = parcel(2, {("1", "progress"): "晚"}, received="2022-07-03T08:00:00Z")
    assert texts(stands([late, early]))["1", "progress"] == "晚"


def test_within_a_batch_the_time_saved_in_the_file_decides() -> None:
    one = parcel(9, {("1", "progress"): "早"}, saved="2022-07-01T10:00:00Z")
    two = parcel(1, {("1", "progress"): "晚"}, saved="2022-07-01T11:00:00Z")
    assert texts(stands([one, two]))["1", "progress"] == "晚"


def test_a_blank_and_the_word_clear_what_was_issued() -> None:
    assert ("1", "measure") not in texts(stands([parcel(1, {("1", "measure"): ""})]))
    assert ("1", "measure") not in texts(stands([parcel(1, {("1", "measure"): "清空"})]))


def test_a_partial_return_never_wipes() -> None:
    full = parcel(1, {("1", "progress"): "已公开", ("2", "progress"): "在办"}, received="2022-07-02T08:00:00Z")
    partial = parcel(2, {("2", "progress"): "办结"}, received="2022-07-03T08:00:00Z")
    assert texts(stands([full, partial]))["1", "progress"] == "已公开"


def test_an_old_file_come_back_changes_nothing() -> None:
    old = parcel(1, {("1", "progress"): "第一版"}, received="2022-07-02T08:00:00Z")
    new = parcel(2, {("1", "progress"): "第二版"}, received="2022-07-03T08:00:00Z")
    again = parcel(3, {("1", "progress"): "第一版"}, received="2022-07-04T08:00:00Z")
    state = stands([old, new, again])
    assert texts(state)["1", "progress"] == "第二版"
    assert state.held == {ReturnId(again.sha256, BOOK.token): Held.REPLAYED}


def test_the_default_leader_stands_in_for_blank_cells_only() -> None:
    state = stands([parcel(1, {("2", "leader"): "钱某"}, head={"default_leader": "赵某"})])
    found = texts(state)
    assert (found["1", "leader"], found["2", "leader"]) == ("赵某", "钱某")
    entry = next(iter(book_entries(state)))
    assert entry.fields["leader"].source.cell == "D4"


def test_the_same_inserted_measure_is_one_in_two_returns() -> None:
    def with_new_row(number: int, status: str, received: str) -> Parcel:
        lines = sheet_of(BOOK)
        lines.append(["", "减税降费", "公开收费目录清单", "召开 推进会", "", status, "", "", "", ""])
        arrival = Arrival(f"{number:064x}", "x.xlsx", "", received)
        return accept(workbook(lines), [], arrival, shelf(BOOK), {})

    state = stands([with_new_row(1, "在办", "2022-07-02T08:00:00Z"), with_new_row(2, "办结", "2022-07-03T08:00:00Z")])
    measures = [(entry.row.task, entry.text("measure"), entry.state) for entry in book_entries(state)]
    assert measures[2:] == [("3", "", "未报送"), ("3", "召开 推进会", "已完成")]


def test_an_entry_as_programs_see_it() -> None:
    state = stands([parcel(1, {("2", "status"): "√"}, received="2022-07-02T08:00:00Z")])
    entry: Entry = list(book_entries(state))[1]
    shown = entry_json(entry)
    assert shown == {
        "task": "2",
        "unit": "区财政局",
        "role": "responsible",
        "measure": "1",
        "code": BOOK.rows[1].code,
        "fields": {
            "status": {
                "text": "√",
                "value": "已完成",
                "source": {
                    "sha256": f"{1:064x}",
                    "name": "1.xlsx",
                    "sheet": "Sheet1",
                    "cell": "F8",
                    "received": "2022-07-02T08:00:00Z",
                    "from": None,
                },
            }
        },
        "state": "已完成",
        "light": None,
    }


cells = st.dictionaries(
    st.tuples(st.sampled_from("123"), st.sampled_from(["measure", "status", "progress", "leader"])),
    st.sampled_from(["", "甲", "乙", "已完成", "在办", "清空"]),
    max_size=5,
)
days = st.sampled_from([f"2022-07-{day:02d}T08:00:00Z" for day in range(1, 6)])


@given(st.lists(st.tuples(cells, days), max_size=5), st.randoms())
def test_the_order_of_collecting_does_not_matter(returns: list[tuple[Typed, str]], chance: random.Random) -> None:
    parcels = [parcel(number, typed, received=day) for number, (typed, day) in enumerate(returns)]
    shuffled = list(parcels)
    chance.shuffle(shuffled)
    assert stands(shuffled) == stands(parcels)


@given(st.lists(st.tuples(cells, days), max_size=4))
def test_a_state_is_the_same_after_the_journal(returns: list[tuple[Typed, str]]) -> None:
    parcels = [parcel(number, typed, received=day) for number, (typed, day) in enumerate(returns)]
    stored = [Parcel.from_json(each.to_json()) for each in parcels]
    assert stands(stored) == stands(parcels)
