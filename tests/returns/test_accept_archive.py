"""One parcel with several files in it: every file decided on its own, and named."""

from collections.abc import Mapping

import pytest

from builders import book, sheet_of, shelf, workbook
from ledgergen.findings import Finding, finding
from ledgergen.records import Book
from ledgergen.returns import accept_archive
from ledgergen.returns.accept import accept
from ledgergen.returns.accept_archive import accept_all
from ledgergen.returns.decisions import Arrival, Parcel, Return, Verdict
from ledgergen.returns.shelf import Shelf
from ledgergen.workbook.grid import Workbook
from ledgergen.workbook.reading import Reading

Years = Mapping[str, int]

FINANCE, PLANNING = book("区财政局"), book("区发改局", ("1", "4"))
ARRIVAL = Arrival("a" * 64, "报送.zip", "2022-07-01T00:00:00.000Z")
END = Reading("", None, [])


def filled(made: Book, text: str) -> Workbook:
    return workbook(sheet_of(made, {("1", "measure"): text}))


def decided(*readings: Reading) -> Parcel:
    return accept_all(readings, ARRIVAL, shelf(FINANCE, PLANNING), {})


def said(parcel: Parcel) -> list[tuple[str, str]]:
    return [(str(found.where).partition(" › Sheet")[0], found.code) for found in parcel.findings]


def told(parcel: Parcel) -> Mapping[str, tuple[str, str]]:
    return {each.member: (each.unit, each.rows[0].cells["measure"].text) for each in parcel.returns}


def test_each_file_is_a_return_of_its_own_and_names_where_it_lay() -> None:
    parcel = decided(
        Reading("一/财政.xlsx", filled(FINANCE, "甲"), []), Reading("发改.xlsx", filled(PLANNING, "乙"), []), END
    )
    assert parcel.verdict is Verdict.ACCEPTED
    assert told(parcel) == {"一/财政.xlsx": ("区财政局", "甲"), "发改.xlsx": ("区发改局", "乙")}
    assert (parcel.name, parcel.sha256, said(parcel)) == (ARRIVAL.name, ARRIVAL.sha256, [])
    assert Parcel.from_json(parcel.to_json()) == parcel


def test_the_stored_form_of_a_plain_return_names_no_member() -> None:
    parcel = decided(Reading("", filled(FINANCE, "甲"), []))
    assert parcel == accept_all([Reading("", filled(FINANCE, "甲"), [])], ARRIVAL, shelf(FINANCE), {})
    (stored,) = (each.to_json() for each in parcel.returns)
    assert "member" not in stored
    assert Return.from_json(stored).member == ""


def test_a_workbook_of_several_units_in_an_archive() -> None:
    both = workbook(sheet_of(FINANCE, {("1", "measure"): "甲"}), sheet_of(PLANNING, {("1", "measure"): "乙"}))
    parcel = decided(Reading("代报.xlsx", both, []), END)
    assert [(each.member, each.unit) for each in parcel.returns] == [
        ("代报.xlsx", "区财政局"),
        ("代报.xlsx", "区发改局"),
    ]


def test_rows_of_another_unit_are_quoted_with_the_file_they_lay_in() -> None:
    lines = [*sheet_of(FINANCE, {("1", "measure"): "甲"}), sheet_of(PLANNING, {("4", "measure"): "外来"})[-1]]
    parcel = decided(Reading("财政.xlsx", workbook(lines), []), END)
    (found,) = (each for each in parcel.findings if each.code == "row-of-another-book")
    assert str(found.where) == "报送.zip › 财政.xlsx › Sheet1 › A10"
    assert "外来" in str(found.facts["text"])


def test_what_is_no_ledger_is_a_note_and_stops_nothing() -> None:
    notes = workbook([["会议记录"], ["大家好"]])
    parcel = decided(
        Reading("扫描.jpg", None, [finding("not-a-ledger", kind="JPEG")]),
        Reading("坏.xlsx", None, [finding("file-damaged", part="zip")]),
        Reading("别的.xlsx", notes, []),
        Reading("说明.txt", Workbook("csv", notes.grids), []),
        Reading("财政.xlsx", filled(FINANCE, "甲"), []),
        END,
    )
    assert parcel.verdict is Verdict.ACCEPTED
    assert list(told(parcel)) == ["财政.xlsx"]
    assert [code for _, code in said(parcel)] == ["not-a-ledger", "file-damaged", "unrecognised", "not-a-ledger"]
    assert said(parcel)[2:] == [("报送.zip › 别的.xlsx", "unrecognised"), ("报送.zip › 说明.txt", "not-a-ledger")]


def test_an_archive_without_any_ledger() -> None:
    note = Reading("扫描.jpg", None, [finding("not-a-ledger", kind="JPEG")])
    empty, scans = decided(END), decided(note, note, END)
    assert [(each.verdict, said(each)[0][1]) for each in (empty, scans)] == [
        (Verdict.REJECTED, "archive-without-ledger"),
        (Verdict.REJECTED, "archive-without-ledger"),
    ]
    assert [each.findings[0].facts["count"] for each in (empty, scans)] == [0, 2]
    unread = decided(note, Reading("锁.xlsx", None, [finding("file-encrypted")]), END)
    assert (unread.verdict, [code for _, code in said(unread)]) == (
        Verdict.REJECTED,
        ["not-a-ledger", "file-encrypted"],
    )


def test_one_that_could_be_several_units_goes_to_review_unless_another_is_clear() -> None:
    unclear = [["", ""], *(line[1:8] for line in sheet_of(book("区财政局", ("1",)))[5:])]
    either = accept_all(
        [Reading("x.xlsx", workbook(unclear), []), END], ARRIVAL, shelf(book("甲局", ("1",)), book("乙局", ("1",))), {}
    )
    assert (either.verdict, said(either)[0][1]) == (Verdict.REVIEW, "unit-ambiguous")


def test_the_files_own_name_tells_the_unit_before_the_archives_does() -> None:
    lines = [line[1:8] for line in sheet_of(book("区财政局", ("1",)), {("1", "measure"): "甲"})[5:]]
    both = shelf(book("区财政局", ("1",)), book("区发改局", ("1",)))
    for archive, member, unit in (
        ("区财政局代报.zip", "区发改局.xlsx", "区发改局"),
        ("区财政局代报.zip", "台账.xlsx", "区财政局"),
        ("报送.zip", "区财政局.zip › 台账.xlsx", "区财政局"),
    ):
        arrival = Arrival("a" * 64, archive, "")
        parcel = accept_all([Reading(member, workbook(lines), []), END], arrival, both, {})
        assert [each.unit for each in parcel.returns] == [unit], (archive, member)


def test_two_files_of_one_ledger_are_two_returns_and_their_difference_is_named() -> None:
    def saved(text: str, at: str) -> Workbook:
        made = filled(FINANCE, text)
        return Workbook("xlsx", made.grids, saved=at)

    later, earlier = (
        Reading("a.xlsx", saved("新", "2022-07-02T00:00:00Z"), []),
        Reading("b.xlsx", saved("旧", "2022-07-01T00:00:00Z"), []),
    )
    parcel = decided(later, earlier, END)
    assert [each.member for each in parcel.returns] == ["a.xlsx", "b.xlsx"]
    (found,) = parcel.findings
    assert (found.code, found.facts["files"]) == ("members-of-one-book", "b.xlsx、a.xlsx")
    assert decided(later, Reading("c.xlsx", saved("新", "2022-07-03T00:00:00Z"), []), END).findings == ()


def test_a_fault_of_the_program_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def decide(
        workbook: Workbook | None, faults: list[Finding], arrival: Arrival, known: Shelf, years: Years
    ) -> Parcel:
        if "坏" in arrival.name:
            raise ZeroDivisionError
        return accept(workbook, faults, arrival, known, years)

    monkeypatch.setattr(accept_archive, "accept", decide)
    parcel = decided(Reading("坏.xlsx", filled(PLANNING, "乙"), []), Reading("好.xlsx", filled(FINANCE, "甲"), []), END)
    assert list(told(parcel)) == ["好.xlsx"]
    assert said(parcel) == [("报送.zip › 坏.xlsx", "collect-failed")]


def test_what_is_said_of_the_archive_itself_is_kept() -> None:
    parcel = decided(
        Reading("财政.xlsx", filled(FINANCE, "甲"), []), Reading("", None, [finding("archive-too-many", limit=1)])
    )
    assert (parcel.verdict, [code for _, code in said(parcel)]) == (Verdict.ACCEPTED, ["archive-too-many"])
