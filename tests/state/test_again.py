"""A measure that a unit added is the same one in its next return, though the text was corrected."""

from collections.abc import Mapping, Sequence

import pytest

from builders import book, column, issued, sheet_of, shelf, workbook
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, Parcel
from ledgergen.state.entries import book_entries
from ledgergen.state.fold import fold
from ledgergen.state.history import History

BOOK = book()
TYPED = {("1", "progress"): "已印发方案", ("2", "progress"): "正在办理", ("3", "leader"): "张某"}
Typed = Mapping[tuple[str, str], str]


def parcel(day: int, *measures: str, task: str = "2", typed: Typed = TYPED) -> Parcel:
    """Return the ledger with rows added beneath that of a task: copied, with another measure."""
    lines = sheet_of(BOOK, typed)
    place = 6 + [row.task for row in BOOK.rows].index(task)
    for measure in measures:
        fresh = list(lines[place])
        fresh[column("measure")], fresh[column("progress")] = measure, "另行推进"
        lines.insert(place + 1, fresh)
    arrival = Arrival(f"{day:064x}", f"{day}.xlsx", "2022-07-01T00:00:00.000Z", f"2022-07-{day:02}T08:00:00Z")
    return accept(workbook(lines), [], arrival, shelf(BOOK), {BOOK.token: 2022})


def measures(parcels: Sequence[Parcel], task: str = "2") -> list[str]:
    (state,) = fold(History((issued(BOOK),), tuple(parcels))).books.values()
    rows = [entry for entry in book_entries(state) if entry.row.task == task]
    return sorted(entry.fields["measure"].text for entry in rows if "measure" in entry.fields)


def test_the_same_text_is_the_same_measure_whatever_its_blanks_and_width() -> None:
    assert measures([parcel(1, "召开推进会（2次）"), parcel(2, "召开推进会 (2次)")]) == ["召开推进会 (2次)"]


def test_a_text_that_was_corrected_a_little_is_the_same_measure() -> None:
    parcels = [parcel(1, "召开推进会"), parcel(2, "召开全区推进会")]
    assert measures(parcels) == measures(parcels[::-1]) == ["召开全区推进会"]


def test_so_it_is_through_several_corrections() -> None:
    assert measures([parcel(1, "召开推进会"), parcel(2, "召开全区推进会"), parcel(3, "按月召开全区推进会")]) == [
        "按月召开全区推进会"
    ]


@pytest.mark.parametrize(
    ("earlier", "later", "standing"),
    [
        (["召开推进会"], ["印发任务分解表"], ["印发任务分解表", "召开推进会"]),  # another measure
        (
            ["召开推进会"],
            ["召开推进会", "召开全区推进会"],
            ["召开全区推进会", "召开推进会"],
        ),  # the earlier is there still
        (["召开第一季度推进会", "召开第二季度推进会"], ["召开第三季度推进会"], 3),  # it could be either
        (["召开第一季度推进会"], ["召开第二季度推进会", "召开第三季度推进会"], 3),  # either could be it
    ],
)
def test_what_may_be_another_measure_is_another_one(
    earlier: list[str], later: list[str], standing: list[str] | int
) -> None:
    found = measures([parcel(1, *earlier), parcel(2, *later)])
    assert len(found) == standing if isinstance(standing, int) else found == standing


def test_of_two_peoples_copies_both_measures_stand() -> None:
    other = {("1", "status"): "已完成", ("3", "progress"): "已公开"}
    found = measures([parcel(1, "召开推进会"), parcel(2, "召开全区推进会", typed=other)])
    assert found == ["召开全区推进会", "召开推进会"]


def test_a_like_text_under_another_task_is_another_measure() -> None:
    parcels = [parcel(1, "召开推进会"), parcel(2, "召开全区推进会", task="3")]
    assert (measures(parcels), measures(parcels, "3")) == (["召开推进会"], ["召开全区推进会"])
