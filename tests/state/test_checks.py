"""Each check fires where its rule is broken and nowhere else; a severity is the office's to set."""

import functools
from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clerk
from ledgergen.campaign.checking import by_parcel, checked
from ledgergen.catalogue import CATALOGUE, CHECKS, Severity
from ledgergen.plan.schema_checks import ChecksShape
from ledgergen.records import Book, BookRow, Role
from ledgergen.report.told import TOLD
from ledgergen.returns.decisions import Act, Decision, How, Parcel, Return, RowReturn, Verdict
from ledgergen.returns.shelf import Issued
from ledgergen.state.checks import LONGEST, check_book
from ledgergen.state.fold import BookState, fold
from ledgergen.state.history import History
from ledgergen.state.remarks import Remark
from ledgergen.workbook.codes import book_number, book_token, row_code
from ledgergen.workbook.grid import cell_name
from ledgergen.workbook.values import read_value

Texts = Mapping[str, str]
UNIT: Final = "区财政局"
REQUIREMENT: Final = "及时公开重大政策的解读材料，按季度公布进展情况，主动回应社会关切"
FINE: Final = {"status": "推进中", "progress": "6月公开解读材料12份，召开推进会1次"}
DONE: Final = {"status": "办结", "published_on": "2022-06-30", "evidence": "https://www.example.invalid/1.html"}
FIRST_ROW: Final = 9

layout = functools.cache(clerk.zichuan)


def book(round_id: str, limits: Texts, *, not_due: tuple[str, ...] = (), before: str = "") -> Book:
    token = book_token("c", round_id, UNIT)
    rows = []
    for number, (task, limit) in enumerate(limits.items(), start=1):
        office = {"plan_no": task, "task": f"任务{task}", "requirement": REQUIREMENT, "time_limit": limit}
        code = row_code(token, task, "1")
        rows.append(BookRow(task, "1", code, Role.LEAD, office, number=number, due=task not in not_due))
    return Book("c", round_id, UNIT, token, "4TXA", book_number(token, "4TXA"), "台账", tuple(rows), before=before)


def parcel(made: Book, filled: Mapping[str, Texts], head: Texts, day: str) -> Parcel:
    columns = [column.id for column in layout().columns]
    tasks = [row.task for row in made.rows]
    rows = []
    for task, texts in filled.items():
        place = FIRST_ROW + tasks.index(task)
        cells = {
            name: Decision(
                Act.SET, text, read_value(layout().column(name), text, "", 2022), cell_name(place, columns.index(name))
            )
            for name, text in texts.items()
        }
        rows.append(RowReturn(task, "1", place + 1, How.CODE, cells))
    heads = {name: Decision(Act.SET, text, text, "C4") for name, text in head.items()}
    returned = Return(made.token, made.edition, UNIT, made.round, "台账", "codes", rows=tuple(rows), head=heads)
    name = f"{made.round}.xlsx"
    return Parcel(f"{made.round}".ljust(64, "0"), name, f"{day}T02:00:00Z", Verdict.ACCEPTED, returns=(returned,))


def state_of(
    filled: Mapping[str, Texts],
    *,
    earlier: Mapping[str, Texts] | None = None,
    limits: Texts | None = None,
    head: Texts | None = None,
    not_due: tuple[str, ...] = (),
    day: str = "2022-07-05",
) -> BookState:
    """Fold a round, and the one before it where something was filled in there; the book of the later one."""
    limits = limits or {"1": "长期坚持"}
    first, later = book("2022Q1", limits), book("2022Q2", limits, not_due=not_due)
    issued = [Issued(each, layout(), "0" * 64, "台账.xlsx", "2022-03-01T00:00:00Z") for each in (first, later)]
    parcels = [parcel(first, earlier, {}, "2022-04-05")] if earlier else []
    parcels.append(parcel(later, filled, head or {}, day))
    return fold(History(tuple(issued), tuple(parcels))).books[later.token]


def found(remarks: list[Remark]) -> set[tuple[str, str]]:
    """Give cell and code of all that is said."""
    return {(remark.finding.where.cell, remark.finding.code) for remark in remarks}


def codes(filled: Texts, **more: object) -> list[str]:
    state = state_of({"1": filled}, **more)  # type: ignore[arg-type]
    return sorted({remark.finding.code for remark in check_book(state, 2022)})


def test_a_row_as_it_should_be_is_not_spoken_of() -> None:
    assert codes(FINE) == []
    assert codes({**FINE, **DONE}) == []


@pytest.mark.parametrize(
    ("filled", "blank"),
    [
        ({"status": "办结"}, ["published_on", "evidence"]),
        ({**DONE, "evidence": ""}, ["evidence"]),
        ({"status": "不涉及"}, ["note"]),
        ({"status": "不涉及", "note": "本单位无此职能"}, []),
        ({"status": "推进中"}, []),
        ({"status": "差不多了"}, []),
    ],
)
def test_what_another_answer_wants_filled_must_be(filled: Texts, blank: list[str]) -> None:
    texts = {name: text for name, text in filled.items() if text}
    remarks = check_book(state_of({"1": texts}), 2022)
    assert [each.field for each in remarks if each.finding.code == "required-when"] == blank
    assert {each.finding.where.cell for each in remarks} <= {"K10"}


def test_it_is_the_source_cell_of_the_value_that_is_named() -> None:
    limits = {"1": "长期坚持", "2": "长期坚持"}
    state = state_of({"2": {**FINE, "evidence": "有"}, "1": {**FINE, "published_on": "2012-01-01"}}, limits=limits)
    assert found(check_book(state, 2022)) == {("O11", "evidence-unclear"), ("N10", "date-out-of-range")}
    assert {str(each.finding.where) for each in check_book(state, 2022)} == {
        "2022Q2.xlsx › 台账 › O11",
        "2022Q2.xlsx › 台账 › N10",
    }


def test_rows_passed_over_are_named_once() -> None:
    limits = dict.fromkeys(("1", "2", "3", "4", "5"), "长期坚持")
    filled = {"1": FINE, "2": {"status": "差不多了"}, "3": {"progress": "召开会议"}}
    (remark,) = [
        each
        for each in check_book(state_of(filled, limits=limits, not_due=("5",)), 2022)
        if each.finding.code == "not-filled"
    ]
    assert dict(remark.finding.facts) == {"count": 2, "of": 4, "tasks": "3、4"}
    assert str(remark.finding.where) == "2022Q2.xlsx › 台账"


def test_a_book_without_a_return_or_with_an_empty_one_is_not_checked() -> None:
    assert check_book(state_of({}), 2022) == []
    made = book("2022Q2", {"1": ""})
    issued = Issued(made, layout(), "0" * 64, "台账.xlsx", "2022-03-01T00:00:00Z")
    assert check_book(fold(History((issued,))).books[made.token], 2022) == []


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("2021-01-01", False),
        ("2020-12-31", True),
        ("2022-12-31", False),
        ("2023-01-01", True),
        ("0222-07-01", True),
        ("2202年7月1日", True),
        ("6月30日", False),
        ("近期", False),
        ("第2号", False),
    ],
)
def test_a_day_lies_near_the_plan_s_year(text: str, fires: bool) -> None:  # noqa: FBT001 - a table
    assert ("date-out-of-range" in codes({**FINE, "published_on": text})) is fires


def test_a_day_may_lie_a_month_after_the_return_came() -> None:
    assert codes({**FINE, "published_on": "2023-02-10"}, day="2023-01-20") == []
    assert codes({**FINE, "published_on": "2023-02-21"}, day="2023-01-20") == ["date-out-of-range"]


def test_without_the_plan_s_year_the_return_s_counts() -> None:
    state = state_of({"1": {**FINE, "published_on": "2020-12-31"}})
    assert found(check_book(state)) == {("N10", "date-out-of-range")}


def test_nothing_is_published_before_it_exists() -> None:
    dates = {"formed_on": "2022-06-10", "published_on": "2022-06-09"}
    assert codes({**FINE, **dates}) == ["dates-reversed"]
    assert codes({**FINE, **dates, "published_on": "2022-06-10"}) == []


@pytest.mark.parametrize(
    ("before", "now", "limit", "fires"),
    [
        ("办结", "推进中", "2022年6月底前", True),
        ("办结", "未启动", "", True),
        ("办结", "推进中", "每季度公开一次", False),
        ("推进中", "未启动", "", True),
        ("持续推进", "未启动", "", True),
        ("推进中", "办结", "", False),
        ("未启动", "推进中", "", False),
        ("持续推进", "推进中", "", False),
        ("", "未启动", "", False),
    ],
)
def test_a_state_does_not_go_backwards(before: str, now: str, limit: str, fires: bool) -> None:  # noqa: FBT001 - a table
    earlier = {"1": {**DONE, "status": before}} if before else None
    said = codes({**DONE, "status": now}, earlier=earlier, limits={"1": limit})
    assert said == (["state-backwards"] if fires else [])


@pytest.mark.parametrize(
    ("text", "head", "fires"),
    [
        (FINE["progress"], {}, True),
        (" 6月公开解读材料12份， 召开推进会１次", {}, True),
        ("9月公开解读材料3份", {}, False),
        (FINE["progress"], {"no_change": "√"}, False),
    ],
)
def test_the_progress_is_that_of_the_round(text: str, head: Texts, fires: bool) -> None:  # noqa: FBT001 - a table
    said = codes({**FINE, "progress": text}, earlier={"1": FINE}, head=head)
    assert said == (["progress-repeated"] if fires else [])


def test_a_few_words_agree_by_chance() -> None:
    assert codes({"status": "推进中", "progress": "正在办理"}, earlier={"1": {"progress": "正在办理"}}) == []


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        (REQUIREMENT, True),
        (REQUIREMENT + "。", True),
        (f"已{REQUIREMENT[:-4]}", True),
        (f"按照{REQUIREMENT}的要求，6月公开解读材料12份", False),
        ("及时公开", False),
    ],
)
def test_the_requirement_is_no_progress(text: str, fires: bool) -> None:  # noqa: FBT001 - a table
    assert codes({**FINE, "progress": text}) == (["requirement-copied"] if fires else [])


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("http://www.example.invalid/a", False),
        ("区政府网站 www.example.invalid/a", False),
        ("zichuan.gov.cn/zwgk", False),
        ("会议纪要.docx", False),
        ("签到表.PDF、照片.jpg", False),
        ("《关于公开收费目录的通知》", False),
        ("川政办字〔2022〕32号", False),
        ("附件3", False),
        ("第二季度工作总结", False),
        ("已公开", True),
        ("有", True),
        ("区政府网站政策解读栏目", True),
    ],
)
def test_evidence_can_be_looked_up(text: str, fires: bool) -> None:  # noqa: FBT001 - a table
    assert codes({**FINE, "evidence": text}) == (["evidence-unclear"] if fires else [])


def test_a_text_has_an_end() -> None:
    assert codes({**FINE, "progress": "长" * LONGEST}) == []
    assert codes({**FINE, "progress": "长" * (LONGEST + 1)}) == ["text-too-long"]


def test_numbers_of_persons_are_found_in_texts_and_shown_masked() -> None:
    card = "370303199001011239"
    state = state_of({"1": {**FINE, "note": f"联系人{card}，电话13800001234"}}, head={"phone": "13800001234"})
    remarks = check_book(state, 2022)
    assert found(remarks) == {("P10", "id-card-number"), ("P10", "phone-number")}
    assert {each.finding.facts["text"] for each in remarks} == {"3703**********1239", "138******34"}


def test_no_finding_repeats_a_number_that_stands_in_its_text() -> None:
    card = "370303199001011239"
    state = state_of({"1": {**FINE, "evidence": f"经办人{card}", "published_on": f"2012年 {card}"}})
    remarks = check_book(state, 2022)
    assert {each.finding.code for each in remarks} >= {"evidence-unclear", "id-card-number"}
    assert not any(card in str(each.finding.facts) for each in remarks)


def test_the_office_sets_how_grave_a_check_is() -> None:
    state = state_of({"1": {**FINE, "evidence": "有", "published_on": "2012-01-01"}})
    years = {state.issued.book.token: 2022}
    levels = {"evidence-unclear": "error", "date-out-of-range": "off"}
    (remark,) = checked([state], years, levels)
    assert (remark.finding.code, remark.finding.severity) == ("evidence-unclear", Severity.ERROR)
    assert remark.finding.to_json() == check_book(state, 2022)[-1].finding.to_json()
    assert list(by_parcel([remark])) == [remark.sha256]
    assert {each.finding.severity for each in checked([state], years, {})} == {Severity.WARNING}


def test_what_may_be_set_is_what_there_is() -> None:
    keys = {field.alias for field in ChecksShape.model_fields.values()}
    assert keys == set(CHECKS)
    for field in ChecksShape.model_fields.values():
        assert (field.description or "").endswith(f"({CATALOGUE[str(field.alias)].severity}).")


def test_a_unit_is_told_of_every_check_but_what_it_left_blank() -> None:
    assert set(CHECKS) - set(TOLD) == {"not-filled"}


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["办结", "不涉及", "0000-00-00", "9999-12-31", "１３８００００１２３４", "²²²²²²²²²²²²²²²²²²", "=1+1", "0222年"]
    ),
    st.from_regex(r"[0-9０-９Xx \-.年]{7,40}", fullmatch=True),
)
ROWS = st.dictionaries(st.sampled_from([column.id for column in clerk.zichuan().inputs]), TEXTS, max_size=8)


@given(
    filled=ROWS,
    earlier=ROWS,
    year=st.sampled_from([0, 1, 2022, 9999]),
    day=st.sampled_from(["2022-07-05", "9999-12-31", "heute"]),
)
def test_no_text_makes_a_check_fail(filled: Texts, earlier: Texts, year: int, day: str) -> None:
    state = state_of(
        {"1": {name: text for name, text in filled.items() if text}},
        earlier={"1": {name: text for name, text in earlier.items() if text}},
        day=day,
    )
    for remark in check_book(state, year):
        assert remark.finding.code in CHECKS
        assert remark.key in {("1", "1"), ("", "")}
