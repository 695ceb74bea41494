"""Lights are right on a table that was written by hand: limit, what was said, day asked for."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from ledgergen.messages import translator
from ledgergen.plan.deadline import Deadline, read_limit
from ledgergen.plan.workdays import WorkCalendar
from ledgergen.records import LightSettings
from ledgergen.state.light import Claim, Colour, Light, Piece, Ruling, Terms, Verdict, light
from ledgergen.state.light_words import MARKS, REASONS, colour_text, days_text, marks_text, reason_text
from ledgergen.state.moments import BEIJING
from ledgergen.state.progress import combined

CASES = Path(__file__).with_name("light_cases.txt")
LEAST = 200  # cases


class Case(NamedTuple):
    """One line of the table."""

    line: int
    limit: str
    said: str
    asked: str
    colour: str
    days: str
    marks: str
    otherwise: str


def cases() -> list[Case]:
    """Read the table; cells at the end that say nothing may be left out."""
    found = []
    for number, line in enumerate(CASES.read_text("utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith(("#", "==")):
            cells = [cell.strip() for cell in line.split("|")]
            found.append(Case(number, *cells, *[""] * (7 - len(cells))))
    return found


def day(text: str) -> date:
    """Read a day; one without a year is of 2022."""
    return date.fromisoformat(text if len(text) > len("07-08") else f"2022-{text}")


def options(case: Case) -> dict[str, str]:
    return dict(word.partition("=")[::2] for word in case.otherwise.split())


def pieces(text: str) -> tuple[Piece, ...]:
    """Read rows: 已完成 f06-01 p06-08 c07-08 + 推进中."""
    found = []
    for row in text.split("+"):
        state, *words = row.split()
        if state == "—":
            continue
        dates = {word[0]: day(word[1:]) for word in words}
        found.append(Piece(state, dates.get("f"), dates.get("p"), dates.get("c")))
    return tuple(found)


def claim(case: Case) -> Claim:
    now, _, before = case.said.partition("<")
    rows = pieces(now)
    came = [datetime(each.came.year, each.came.month, each.came.day, 10, tzinfo=BEIJING) for each in rows if each.came]
    earlier = pieces(before) if before else ()
    return Claim(combined(each.state for each in rows), rows, earlier, max(came, default=None))


def terms(case: Case) -> Terms:
    told = options(case)
    numbers = {f"{name}_days": int(told[name]) for name in ("yellow", "stale", "early") if name in told}
    extra = {name: frozenset([day(told[name])]) if name in told else frozenset() for name in ("workday", "holiday")}
    calendar = WorkCalendar(extra["workday"], extra["holiday"])
    issued = day(told.get("issued", "2022-05-10"))
    return Terms(issued, date(issued.year, 1, 1), LightSettings(**numbers), int(told.get("grace", 0)), calendar)


def verdict(case: Case) -> Verdict | None:
    told = options(case)
    for ruling in Ruling:
        if given := told.get(str(ruling)):
            at = datetime.combine(day(given), datetime.min.time(), BEIJING).replace(hour=15)
            return Verdict(ruling, at, day(told["limit"]) if "limit" in told else None)
    return None


def shown(case: Case) -> Light:
    reckoned = terms(case)
    year = int(options(case).get("year", "2022"))
    reading = read_limit(case.limit, year, reckoned.issued)
    return light(claim(case), reading, day(case.asked), reckoned, verdict(case))


def days_of(found: Light) -> str:
    if found.days is not None:
        return f"{found.days}{found.unit[0].replace('c', 'd')}"
    return "—" if found.left is None else f"{found.left}>"


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    asked = [case[1:4] + case[7:] for case in cases()]
    assert len(asked) >= LEAST
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"line {case.line}")
def test_a_light_is_what_the_table_says(case: Case) -> None:
    found = shown(case)
    marks = sorted(mark.code for mark in found.marks)
    assert (str(found.colour), days_of(found), marks) == (case.colour, case.days, sorted(case.marks.split()))
    assert found.counts is ("uncounted" not in options(case))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_light_of_the_table_says_why(language: str) -> None:
    translate = translator(language)
    for case in cases():
        found = shown(case)
        text = reason_text(found, translate)
        assert not re.search(r"[{}…]", text + marks_text(found, translate)), case
        assert len(text) > len("已完成。"), case


def test_the_table_meets_every_reason_and_every_mark() -> None:
    lights = [shown(case) for case in cases()]
    assert {found.reason.code for found in lights} == set(REASONS)
    assert {mark.code for found in lights for mark in found.marks} == set(MARKS)


def test_why_it_is_red_in_chinese() -> None:
    said = Claim("推进中", (Piece("推进中", date(2022, 9, 1), None, date(2022, 9, 8)),))
    limit = read_limit("信息形成之日起20个工作日内", 2022, None)
    translate = translator("zh")
    holidays = light(said, limit, date(2022, 10, 3))
    assert colour_text(holidays.colour, translate) == "红"
    assert reason_text(holidays, translate) == (
        "信息于2022-09-01形成，公开时限2022-09-30，已逾期不足1个工作日，尚未公开。"
    )
    assert "已逾期2个工作日" in reason_text(light(said, limit, date(2022, 10, 9)), translate)
    silent = light(Claim(), read_limit("9月底前", 2022, None), date(2022, 10, 3))
    assert reason_text(silent, translate) == "时限2022-09-30，已逾期3天，未报送。"
    assert days_text(3, "calendar_days", translate) == "3天"


def test_a_light_without_terms_knows_no_issue_and_no_rhythm() -> None:
    quarterly = light(Claim("推进中", (Piece("推进中"),)), Deadline("recurring", every="quarter"), date(2022, 12, 1))
    assert quarterly.colour is Colour.GREEN
    early = light(Claim(), Deadline("fixed", due=date(2022, 1, 1)), date(2022, 1, 3))
    assert (early.colour, early.days) == (Colour.RED, 2)


def test_the_worst_colour_comes_first() -> None:
    assert sorted(Colour, key=lambda colour: colour.rank) == [Colour.RED, Colour.YELLOW, Colour.GREY, Colour.GREEN]
