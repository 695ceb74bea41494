"""Several returns of one book in one parcel, an archive: which lies on top, what is said of it, what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from builders import book, issued, sheet_of, shelf, workbook
from ledgergen.returns.accept_archive import accept_all
from ledgergen.returns.decisions import Arrival, Parcel, Verdict
from ledgergen.state.account import accounted
from ledgergen.state.fold import BookState, fold
from ledgergen.state.history import History
from ledgergen.workbook.grid import Workbook
from ledgergen.workbook.reading import Reading

BOOK, OTHER = book("区财政局"), book("区发改局")
PLACE = ("1", "progress")
Typed = Mapping[tuple[str, str], str]


def ledger(typed: Typed, saved: str = "", made: object = BOOK) -> Workbook:
    read = workbook(sheet_of(BOOK if made is BOOK else OTHER, typed))
    return replace(read, saved=saved)


def archive(number: int, files: Mapping[str, Workbook], day: int = 2) -> Parcel:
    arrival = Arrival(f"{number:064x}", f"{number}.zip", "2022-07-01T00:00:00.000Z", f"2022-07-0{day}T08:00:00Z")
    readings = [Reading(name, made, []) for name, made in files.items()]
    return accept_all([*readings, Reading("", None, [])], arrival, shelf(BOOK, OTHER), {})


def stands(parcels: Sequence[Parcel]) -> BookState:
    return fold(History((issued(BOOK), issued(OTHER)), tuple(parcels))).books[BOOK.token]


def text(state: BookState) -> str:
    return state.cells["1", "1"]["progress"].text


def test_the_one_saved_last_lies_on_top_however_the_archive_lists_them() -> None:
    early, late = ledger({PLACE: "早"}, "2022-07-01T10:00:00Z"), ledger({PLACE: "晚"}, "2022-07-01T11:00:00Z")
    for files in ({"a.xlsx": early, "b.xlsx": late}, {"a.xlsx": late, "b.xlsx": early}):
        state = stands([archive(1, files)])
        assert text(state) == "晚"
        assert len(state.receipts) == 2


def test_halves_in_two_files_both_stand_and_each_names_its_file() -> None:
    state = stands([archive(1, {"一.xlsx": ledger({PLACE: "甲"}), "二.xlsx": ledger({("2", "progress"): "乙"})})])
    sources = {key[0]: str(cells["progress"].source) for key, cells in state.cells.items()}
    assert sources == {"1": "1.zip › 一.xlsx › Sheet1 › G7", "2": "1.zip › 二.xlsx › Sheet1 › G8"}


def test_files_that_contradict_each_other_are_named_once() -> None:
    parcel = archive(1, {"一.xlsx": ledger({PLACE: "甲"}), "二.xlsx": ledger({PLACE: "乙"})})
    told = accounted(parcel, {BOOK.token: stands([parcel])})
    assert told.verdict is Verdict.ACCEPTED
    assert [found.code for found in told.findings] == ["members-of-one-book", "values-disagree"]
    assert str(told.findings[1].where).startswith("1.zip › 二.xlsx")


def test_an_archive_packed_again_with_a_newer_file_holds_nothing_back() -> None:
    """What happens where somebody adds to a folder week by week and sends the whole of it each time."""
    first = ledger({PLACE: "一稿"}, "2022-07-01T10:00:00Z")
    second = ledger({PLACE: "二稿"}, "2022-07-02T10:00:00Z")
    third = ledger({PLACE: "三稿"}, "2022-07-03T10:00:00Z")
    parcels = [
        archive(1, {"1.xlsx": first}, 2),
        archive(2, {"1.xlsx": first, "2.xlsx": second}, 3),
        archive(3, {"1.xlsx": first, "2.xlsx": second, "3.xlsx": third}, 4),
    ]
    for count in (1, 2, 3):
        state = stands(parcels[:count])
        assert text(state) == ("一稿", "二稿", "三稿")[count - 1]
        assert accounted(parcels[count - 1], {BOOK.token: state}).verdict is Verdict.ACCEPTED


def test_an_old_archive_come_back_changes_nothing() -> None:
    first, second = ledger({PLACE: "一稿"}, "2022-07-01T10:00:00Z"), ledger({PLACE: "二稿"}, "2022-07-02T10:00:00Z")
    newer = ledger({PLACE: "三稿"}, "2022-07-03T10:00:00Z")
    parcels = [archive(1, {"1.xlsx": first, "2.xlsx": second}, 2), archive(2, {"3.xlsx": newer}, 3)]
    again = archive(3, {"旧/1.xlsx": first, "旧/2.xlsx": second}, 4)
    state = stands([*parcels, again])
    assert text(state) == "三稿"
    assert accounted(again, {BOOK.token: state}).verdict is Verdict.REVIEW


def test_the_same_bytes_read_further_later_count_as_read_last() -> None:
    """An archive of which a password opened more: one parcel, with the returns of its last account."""
    part = archive(1, {"一.xlsx": ledger({PLACE: "甲"})})
    whole = archive(1, {"一.xlsx": ledger({PLACE: "甲"}), "二.xlsx": ledger({("2", "progress"): "乙"})})
    state = stands([part, whole])
    assert {key[0]: cells["progress"].text for key, cells in state.cells.items()} == {"1": "甲", "2": "乙"}
    assert len(state.receipts) == 2
