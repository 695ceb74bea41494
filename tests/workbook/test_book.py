"""The content of a book: which rows, in what order, with what prefilled; and what makes a new edition of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from builders import LAYOUT
from ledgergen.plan.prefill import Prefill, PrefillEntry, Share
from ledgergen.plan.timetable import Timetable
from ledgergen.records import Assignment, Book, PlanFacts, Role, Round, Settings, Task, Unit
from ledgergen.workbook.book import BookSetting, Carried, make_book
from ledgergen.workbook.codes import book_token
from ledgergen.workbook.layout import Face, Layout

UNIT = Unit("区财政局")
ROUNDS = (
    Round("2022Q2", "第二季度", date(2022, 6, 15), date(2022, 7, 10)),
    Round("2022Q3", "第三季度", date(2022, 9, 20), date(2022, 10, 10)),
)
FACTS = PlanFacts("方案", 2022, issued=date(2022, 6, 8))
SETTINGS = Settings("c", "n", "small", ROUNDS)
LAST_DAY = ROUNDS[0].due


def task(task_id: str, limit: str = "", measures: Sequence[str] = ()) -> Task:
    return Task(task_id, f"任务{task_id}", "要求", time_limit=limit, measures=tuple(measures))


def setting(
    face: Face = Face.PROGRESS, not_due: str = "collapse", entries: Sequence[PrefillEntry] = (), layout: Layout = LAYOUT
) -> BookSetting:
    chosen = replace(ROUNDS[1 if face is Face.PROGRESS else 0], not_due=not_due)
    prefill = Prefill(tuple(Share(entry, (UNIT.name,)) for entry in entries))
    return BookSetting(
        SETTINGS, FACTS, chosen, layout.for_face(face), prefill=prefill, timetable=Timetable(FACTS, chosen.due)
    )


def book(
    how: BookSetting, tasks: Sequence[Task], carried: Carried | None = None, *, common: Sequence[str] = ()
) -> Book:
    given = [Assignment(each, UNIT, Role.RESPONSIBLE, common=each.id in common) for each in tasks]
    return make_book(how, book_token("c", how.round.id, UNIT.name), given, carried or Carried())


def order(made: Book) -> list[str]:
    return [f"{row.task}-{row.measure}{'' if row.due else ' not due'}" for row in made.rows]


TASKS = (
    task("1", "年底前"),
    task("2", "长期坚持"),
    task("3", "年底前"),
    task("4", "9月底前"),
    task("5", "每季度", ["甲", "乙"]),
    task("6", "2月底前"),
)


def test_what_is_due_stands_first_and_own_tasks_before_common_ones() -> None:
    assert order(book(setting(), TASKS, common=("1", "2"))) == [
        *("4-1", "5-1", "5-2", "6-1", "2-1"),
        *("3-1 not due", "1-1 not due"),
    ]
    assert [row.number for row in book(setting(), TASKS).rows] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("how", [setting(Face.FIRST), setting(not_due="ask"), replace(setting(), timetable=None)])
def test_every_row_is_due_where_the_ledger_is_set_up_or_the_round_asks_for_all(how: BookSetting) -> None:
    finished = Carried(finished={("2", "1"): LAST_DAY})
    assert order(book(how, TASKS, finished, common=("1",))) == ["2-1", "3-1", "4-1", "5-1", "5-2", "6-1", "1-1"]


def test_finished_rows_are_not_due_and_stay_with_their_task() -> None:
    finished = Carried(finished={("2", "1"): LAST_DAY, ("5", "1"): LAST_DAY, ("6", "1"): LAST_DAY})
    tasks = (*TASKS[:4], replace(TASKS[4], time_limit="长期坚持"), TASKS[5])
    assert order(book(setting(), tasks, finished)) == [
        *("4-1", "5-1 not due", "5-2"),
        *("1-1 not due", "2-1 not due", "3-1 not due", "6-1 not due"),
    ]


def test_rows_left_out_keep_their_codes_and_carry_no_texts() -> None:
    known = Carried({"1": {"1": {"measure": "m"}}, "2": {"1": {"measure": "n"}}})
    shown, made = book(setting(), TASKS, known), book(setting(not_due="leave_out"), TASKS, known)
    assert order(made) == ["2-1", "4-1", "5-1", "5-2", "6-1"]
    assert [(row.task, row.due, dict(row.own)) for row in made.left_out] == [("1", False, {}), ("3", False, {})]
    codes = {row.code for row in shown.rows}
    assert {row.code for row in (*made.rows, *made.left_out)} == codes
    assert shown.left_out == ()


def test_where_nothing_is_due_the_rows_are_shown_all_the_same() -> None:
    made = book(setting(not_due="leave_out"), TASKS[:1])
    assert order(made) == ["1-1 not due"]
    assert made.left_out == ()


def own(made: Book) -> dict[str, dict[str, str]]:
    return {f"{row.task}-{row.measure}": dict(row.own) for row in made.rows}


def test_the_units_own_words_stand_over_the_offices_unless_these_override() -> None:
    planned = task("1", "", ["方案写的", "方案写的第二条"])
    entries = [
        PrefillEntry("1", {"measure": "代填", "progress": "p"}),
        PrefillEntry("1", {"measure": "代填第二条"}, measure="2"),
        PrefillEntry("1", {"leader": "必须是他"}, override=True),
    ]
    carried = Carried({"1": {"1": {"measure": "单位写的", "leader": "单位领导"}}}, {("1", "2"): {"leader": "上期预填"}})
    assert own(book(setting(entries=entries), [planned], carried)) == {
        "1-1": {"measure": "单位写的", "leader": "必须是他", "progress": "p"},
        "1-2": {"measure": "代填第二条", "leader": "上期预填"},
    }
    assert own(book(setting(), [planned])) == {"1-1": {"measure": "方案写的"}, "1-2": {"measure": "方案写的第二条"}}


def test_what_a_unit_took_away_is_not_filled_in_again() -> None:
    carried = Carried({"1": {"1": {"measure": ""}}}, {("1", "1"): {"measure": "上期预填"}})
    assert own(book(setting(entries=[PrefillEntry("1", {"measure": "代填"})]), [task("1")], carried)) == {"1-1": {}}


def test_an_entry_with_a_further_number_makes_a_row_but_none_of_the_units() -> None:
    entries = [
        PrefillEntry("1", {"measure": "第十二条"}, measure="12"),
        PrefillEntry("1", {"measure": "第二条"}, measure="2"),
        PrefillEntry("1", {"measure": "没有这条"}, measure="NAAAA"),
        PrefillEntry("1", {"leader": "赵某"}, measure="N7K2F"),
    ]
    carried = Carried({"1": {"1": {}, "N7K2F": {"measure": "单位加的"}}})
    assert own(book(setting(entries=entries), [task("1")], carried)) == {
        "1-1": {},
        "1-2": {"measure": "第二条"},
        "1-12": {"measure": "第十二条"},
        "1-N7K2F": {"measure": "单位加的", "leader": "赵某"},
    }


def test_the_head_block_shows_who_filled_it_in_last() -> None:
    made = book(setting(), TASKS[:1], Carried(head={"filled_by": "王某", "default_leader": "赵某", "unit": "别的局"}))
    assert made.head == {"unit": "区财政局", "round": "第三季度", "filled_by": "王某", "default_leader": "赵某"}


def test_an_edition_is_another_where_the_face_or_what_is_due_is_another() -> None:
    whole, finished = [task("1"), task("2")], Carried(finished={("1", "1"): LAST_DAY})
    asked = setting(not_due="ask")
    other_face = replace(asked, layout=asked.layout.for_face(Face.FIRST))
    made: Mapping[str, Book] = {
        "progress": book(asked, whole),
        "first": book(other_face, whole),
        "one not due": book(setting(), whole[::-1], finished),
    }
    assert len({each.edition for each in made.values()}) == 3
    assert [each.face for each in made.values()] == ["progress", "first", "progress"]
    again = book(setting(not_due="leave_out"), whole)
    assert again.edition == book(setting(), whole).edition == made["progress"].edition


def test_a_first_face_with_everything_due_has_the_edition_that_it_always_had() -> None:
    # ledgers that are out name it: it must not change with the version
    made = book(setting(Face.FIRST), [task("1"), task("2", "年底前", ["甲"])])
    assert made.number == "CT1VTV-D3QK-9"
