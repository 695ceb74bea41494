"""The table of ``docs/how-it-works.md``: issued × standing × returned, a case a line; and order does not matter."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import book, issued, sheet_of, shelf, workbook
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, Parcel
from ledgergen.state.entries import book_entries
from ledgergen.state.fold import BookState, fold
from ledgergen.state.history import History
from ledgergen.state.laying import Change, Held
from ledgergen.state.rulings import Resolution, ReturnId, Rulings
from ledgergen.state.standing import Origin, Standing

BOOK = book(own={"1": {"measure": "下发的举措"}})
FIELD = ("1", "measure")  # issued with a text
BLANK = ("1", "progress")  # issued blank
OTHERS = {("2", "status"): "在办", ("2", "progress"): "已印发通知", ("3", "progress"): "已报送"}
Typed = Mapping[tuple[str, str], str]


def parcel(day: int, typed: Typed, *, number: int | None = None) -> Parcel:
    arrival = Arrival(f"{number or day:064x}", f"{number or day}.xlsx", "", f"2022-07-{day:02}T04:00:00Z")
    return accept(workbook(sheet_of(BOOK, typed)), [], arrival, shelf(BOOK), {BOOK.token: 2022})


def stands(parcels: Sequence[Parcel], rulings: Rulings | None = None) -> BookState:
    (state,) = fold(History((issued(BOOK),), tuple(parcels), rulings=rulings or Rulings())).books.values()
    return state


def text(state: BookState, field: tuple[str, str]) -> str:
    return next(entry.text(field[1]) for entry in book_entries(state) if entry.row.task == field[0])


def changes(state: BookState) -> list[Change]:
    return [each.change for each in state.disagreements]


def kept(value: str) -> str:
    """Name what a cell shows: ``issued`` (untouched), ``blank``, or a text."""
    return {"issued": "下发的举措", "blank": ""}.get(value, value)


# What a prefilled cell was in an earlier return, what it is in a later one, what stands then, and what is said of it.
# ``how``: whether the later return repeats everything else that the earlier one said, or stands apart from it.
REPEATS, APART = "repeats", "apart"
TABLE = [
    # earlier, later, how, stands, said
    ("issued", "issued", APART, "issued", []),
    ("issued", "甲", APART, "甲", []),
    ("issued", "blank", APART, "blank", []),
    ("issued", "清空", APART, "blank", []),
    ("甲", "issued", APART, "甲", []),
    ("甲", "issued", REPEATS, "issued", [Change.SET_BACK]),
    ("甲", "甲", APART, "甲", []),
    ("甲", " 甲 ", REPEATS, " 甲 ", []),
    ("甲", "乙", APART, "乙", [Change.DIFFERS]),
    ("甲", "乙", REPEATS, "乙", [Change.CORRECTED]),
    ("甲", "blank", APART, "blank", [Change.DIFFERS]),
    ("甲", "清空", APART, "blank", []),
    ("blank", "issued", APART, "blank", []),
    ("blank", "issued", REPEATS, "issued", [Change.SET_BACK]),
    ("blank", "甲", APART, "甲", []),
]

# The same for a cell that was issued blank.
TABLE_BLANK = [
    ("blank", "甲", APART, "甲", []),
    ("甲", "blank", APART, "甲", []),
    ("甲", "blank", REPEATS, "甲", [Change.BLANK]),
    ("甲", "清空", REPEATS, "", []),
    ("甲", "清空", APART, "", []),
    ("甲", "乙", APART, "乙", [Change.DIFFERS]),
    ("甲", "乙", REPEATS, "乙", [Change.CORRECTED]),
    ("甲", "甲", APART, "甲", []),
]


@pytest.mark.parametrize(("earlier", "later", "how", "wanted", "said"), TABLE)
def test_a_cell_issued_with_a_text(earlier: str, later: str, how: str, wanted: str, said: list[Change]) -> None:
    first = parcel(1, {**OTHERS, FIELD: kept(earlier)})
    second = parcel(2, {**(OTHERS if how == REPEATS else {}), FIELD: kept(later)})
    state = stands([first, second])
    assert (text(state, FIELD), changes(state)) == (kept(wanted), said)


@pytest.mark.parametrize(("earlier", "later", "how", "wanted", "said"), TABLE_BLANK)
def test_a_cell_issued_blank(earlier: str, later: str, how: str, wanted: str, said: list[Change]) -> None:
    first = parcel(1, {**OTHERS, BLANK: kept(earlier)})
    second = parcel(2, {**(OTHERS if how == REPEATS else {}), BLANK: kept(later)})
    state = stands([first, second])
    assert (text(state, BLANK), changes(state)) == (wanted, said)


def test_both_values_of_a_disagreement_keep_their_sources() -> None:
    state = stands([parcel(1, {BLANK: "甲"}), parcel(2, {BLANK: "乙"})])
    (found,) = state.disagreements
    assert [(value.text, value.source.name, value.source.cell) for value in found.values] == [
        ("甲", "1.xlsx", "G7"),
        ("乙", "2.xlsx", "G7"),
    ]
    assert found.is_open


def test_two_readings_of_one_day_agree() -> None:
    day = ("1", "published_on")
    assert changes(stands([parcel(1, {day: "6月30日"}), parcel(2, {day: "2022.6.30"})])) == []


def test_an_inserted_row_is_nothing_that_another_return_leaves_blank() -> None:
    lines = [*sheet_of(BOOK, OTHERS), ["", "减税降费", "公开收费目录清单", "召开推进会", "", "在办", "", "", "", ""]]
    first = accept(workbook(lines), [], Arrival("1" * 64, "a.xlsx", "", "2022-07-01T04:00:00Z"), shelf(BOOK), {})
    state = stands([first, parcel(2, OTHERS)])
    assert (list(book_entries(state))[3].text("measure"), changes(state)) == ("召开推进会", [])


def test_a_column_that_is_gone_sets_nothing_back() -> None:
    first = parcel(1, {**OTHERS, FIELD: "甲"})
    lines = sheet_of(BOOK, OTHERS)
    at = next(line.index("工作举措") for line in lines if "工作举措" in line)
    without = [[*line[:at], *line[at + 1 :]] if len(line) > at and "工作任务" in lines[5] else line for line in lines]
    gone = accept(workbook(without), [], Arrival("2" * 64, "b.xlsx", "", "2022-07-02T04:00:00Z"), shelf(BOOK), {})
    assert gone.returns[0].absent == ("measure",)
    assert text(stands([first, gone]), FIELD) == "甲"


def resolved(value: str, seen: Sequence[Parcel]) -> Rulings:
    standing = Standing(value, value, Origin(seen[0].sha256, seen[0].name, "Sheet1"), "G7")
    hashes = frozenset(each.sha256 for each in seen)
    return Rulings({BOOK.token: [Resolution(BOOK.token, ("1", "1"), "progress", standing, hashes)]})


def test_a_resolution_stands_over_the_returns_it_knew() -> None:
    both = [parcel(1, {BLANK: "甲"}), parcel(2, {BLANK: "乙"})]
    state = stands(both, resolved("甲", both))
    assert (text(state, BLANK), changes(state)) == ("甲", [])


def test_a_return_after_a_resolution_is_a_new_disagreement() -> None:
    both = [parcel(1, {BLANK: "甲"}), parcel(2, {BLANK: "乙"})]
    state = stands([*both, parcel(3, {BLANK: "丙"})], resolved("甲", both))
    assert (text(state, BLANK), changes(state)) == ("丙", [Change.DIFFERS])
    assert [value.text for value in state.disagreements[0].values] == ["甲", "丙"]


def test_an_older_return_that_is_found_after_a_resolution_stays_under_it() -> None:
    both = [parcel(2, {BLANK: "甲"}), parcel(3, {BLANK: "乙"})]
    state = stands([*both, parcel(1, {BLANK: "丙"})], resolved("甲", both))
    assert text(state, BLANK) == "甲"


def test_a_resolution_is_stored_and_read_whole() -> None:
    (made,) = resolved("甲", [parcel(1, {BLANK: "甲"})]).resolutions[BOOK.token]
    assert Resolution.from_json(made.to_json()) == made


def test_a_withdrawn_return_does_not_count() -> None:
    both = [parcel(1, {BLANK: "甲"}), parcel(2, {BLANK: "乙"})]
    state = stands(both, Rulings(withdrawn=frozenset({ReturnId(both[1].sha256, BOOK.token)})))
    assert (text(state, BLANK), changes(state), len(state.receipts), len(state.withdrawn)) == ("甲", [], 1, 1)


def test_an_old_file_counts_once_it_is_confirmed() -> None:
    three = [parcel(1, {BLANK: "甲"}), parcel(2, {BLANK: "乙"}), parcel(3, {BLANK: "甲"})]
    again = ReturnId(three[2].sha256, BOOK.token)
    assert (text(stands(three), BLANK), stands(three).held) == ("乙", {again: Held.REPLAYED})
    assert text(stands(three, Rulings(confirmed=frozenset({again}))), BLANK) == "甲"


def test_an_older_edition_after_a_newer_changes_nothing_until_confirmed() -> None:
    newer = book(own={"1": {"measure": "新一版的举措"}})
    assert newer.edition != BOOK.edition
    first = accept(
        workbook(sheet_of(newer, {BLANK: "新版所填"})),
        [],
        Arrival("a" * 64, "new.xlsx", "", "2022-07-01T04:00:00Z"),
        shelf(BOOK, newer),
        {},
    )
    late = parcel(2, {BLANK: "旧版所填"})
    history = History((issued(BOOK), issued(newer)), (first, late))
    (state,) = fold(history).books.values()
    assert (text(state, BLANK), list(state.held.values())) == ("新版所填", [Held.OUTDATED])


cells = st.dictionaries(
    st.tuples(st.sampled_from(["1", "2", "3"]), st.sampled_from(["measure", "status", "progress"])),
    st.sampled_from(["", "甲", "乙", "清空", "办结", "在办"]),
    max_size=9,
)


@given(st.lists(cells, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_collecting_never_matters(returns: list[Typed], rng: random.Random) -> None:
    parcels = [parcel(day, typed) for day, typed in enumerate(returns, start=1)]
    shuffled = rng.sample(parcels, len(parcels))
    first, second = stands(parcels), stands(shuffled)
    assert (first.cells, first.held, set(first.disagreements)) == (second.cells, second.held, set(second.disagreements))


@given(st.lists(cells, min_size=1, max_size=5))
def test_what_stands_was_said_by_somebody_and_a_blank_only_by_clearing(returns: list[Typed]) -> None:
    parcels = [parcel(day, typed) for day, typed in enumerate(returns, start=1)]
    state = stands(parcels)
    for entry in book_entries(state):
        for name in ("status", "progress"):
            said = [typed[entry.row.task, name] for typed in returns if typed.get((entry.row.task, name))]
            stood = entry.text(name)
            assert stood in said or (not stood and (not said or "清空" in said))
