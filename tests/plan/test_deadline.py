"""Time limits are read as the rulings say, in other wordings too; and no words whatever stop the reader."""

import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deadline_cases import ISSUED, OTHERS, RULINGS, YEAR, told
from deadline_wordings import FURTHER
from ledgergen import messages
from ledgergen.catalogue import CATALOGUE, Severity
from ledgergen.plan.deadline import EVERY, KINDS, UNITS, Deadline, deadline_of, read_limit
from ledgergen.plan.deadline_text import deadline_text
from ledgergen.plan.limit_words import length_of, number, plain_limit
from ledgergen.records import PlanFacts, Task

ALL = {**RULINGS, **OTHERS, **FURTHER}
FACTS = PlanFacts("政务公开工作方案", YEAR, issued=ISSUED)

days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
pieces = st.sampled_from(
    [
        *"年月日周季底末前后起至内、，；。（）()《》“”第每个半一二三十百千零〇两①２9",
        *string.digits,
        "工作日",
        "之日起",
        "不少于",
        "2022",
        "次",
        "\n",
    ]
    + [words for words in ALL if len(words) <= 12]
)
phrases = st.lists(pieces, max_size=14).map("".join)


@st.composite
def deadlines(draw: st.DrawFn, *, depth: int = 1) -> Deadline:
    def maybe(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        return st.none() | values

    made: dict[str, object] = {
        "kind": draw(st.sampled_from(KINDS)),
        "due": draw(maybe(days)),
        "every": draw(maybe(st.sampled_from(EVERY))),
        "event": draw(maybe(st.text(min_size=1))),
        "within": draw(maybe(st.integers(0, 400))),
        "unit": draw(maybe(st.sampled_from(UNITS))),
        "by": draw(maybe(st.sampled_from(["26", "末", "3-20", "02-末"]))),
        "start": draw(maybe(days)),
        "times": draw(maybe(st.integers(1, 12))),
        "before": draw(st.booleans()),
        "also": tuple(draw(st.lists(deadlines(depth=0), max_size=2))) if depth else (),
    }
    return Deadline(**made)  # type: ignore[arg-type] # drawn per key


@pytest.mark.parametrize(("words", "reading"), RULINGS.items())
def test_rulings(words: str, reading: str) -> None:
    assert told(read_limit(words, YEAR, ISSUED)) == reading


@pytest.mark.parametrize(("words", "reading"), {**OTHERS, **FURTHER}.items())
def test_other_wordings_of_the_same_kinds(words: str, reading: str) -> None:
    assert told(read_limit(words, YEAR, ISSUED)) == reading


@pytest.mark.parametrize(
    "written",
    [
        "自信息形成之日起２０个工作日内",
        " 自 信息形成\n之日起 20 个工作日内 ",
        "自信息形成之日起二十个工作日内",
        "自信息形成之日起20個工作日內。",
    ],
)
def test_width_blanks_numerals_and_traditional_characters_change_nothing(written: str) -> None:
    assert told(read_limit(written, YEAR, ISSUED)) == "on_event +20w @信息形成"


def test_the_year_is_the_plans_unless_the_words_name_one() -> None:
    assert read_limit("9月底前", 2025, None).due == date(2025, 9, 30)
    assert read_limit("2026年9月底前", 2025, None).due == date(2026, 9, 30)


def test_without_the_day_of_issue_what_counts_from_it_has_no_date() -> None:
    assert told(read_limit("本方案印发后30日内", YEAR, None)) == "on_event +30d @本方案印发"
    assert read_limit("下周五", YEAR, None).doubt == "limit-no-issue-day"
    assert read_limit("4月底前", YEAR, None).doubt == ""


@pytest.mark.parametrize(
    ("words", "doubt"),
    [
        ("11月前", "limit-before-period"),
        ("4月底前", "limit-before-issue"),
        ("2011年底前", "limit-wrong-year"),
        ("2022年底11月前", "limit-garbled"),
        ("采暖季", "limit-season"),
        ("秋季学期", "limit-school-term"),
        ("7日内", "limit-without-start"),
        ("每年两次", "limit-no-day"),
        ("事发后2小时内", "limit-hours"),
        ("每周", "limit-rhythm"),
        ("届满前30日", "limit-backwards"),
        ("9月底左右", "limit-about"),
        ("春节前", "limit-moving-feast"),
        ("25日前", "limit-which-month"),
        ("压缩至3个工作日以内", "limit-length"),
        ("45991", "limit-serial-number"),
        ("由区政府办负责", "limit-not-understood"),
        ("年底前" + "及时公开" * 200, "limit-not-understood"),
    ],
)
def test_each_doubt_has_the_code_of_a_finding(words: str, doubt: str) -> None:
    assert read_limit(words, YEAR, ISSUED).doubt == doubt
    assert CATALOGUE[doubt].severity is Severity.WARNING


def test_the_offices_own_deadline_stands_before_the_words() -> None:
    task = Task("1", "培训", "", time_limit="11月前")
    assert told(deadline_of(task, FACTS)) == "fixed 2022-10-31 ?"
    own = replace(task, deadline={"kind": "fixed", "due": "2022-11-30"})
    assert told(deadline_of(own, FACTS)) == "fixed 2022-11-30"


@given(phrases | st.text(max_size=80), st.integers(1, 9999), st.none() | st.dates())
@example("本月99日前", 2022, date(9999, 12, 31))
@example("本方案印发后9999年内", 9999, date(9999, 12, 31))
@example("明年全年", 9999, None)
@example("0000年底前", 1, date(1, 1, 1))
@example("下周五", 2022, date.max)
def test_no_words_whatever_stop_the_reader(words: str, year: int, issued: date | None) -> None:
    found = read_limit(words, year, issued)
    assert (found.kind == "none") == (plain_limit(words) == "")
    assert {part.kind for part in found.parts} <= set(KINDS)
    assert Deadline.from_json(found.to_json(), found.doubt) == found
    assert found.doubt in {"", *CATALOGUE}
    if found.kind == "fixed":
        assert found.due is not None
    assert all(part.every in EVERY for part in found.parts if part.kind == "recurring")


@given(deadlines())
def test_the_stored_form_is_read_back_as_it_was(made: Deadline) -> None:
    stored = made.to_json()
    assert list(stored) == ["kind", "due", "every", "event", "within", "unit", "by", "start", "times", "before", "also"]
    assert Deadline.from_json(stored) == made


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("20", 20),
        ("二十", 20),
        ("二十一", 21),
        ("十", 10),
        ("十五", 15),
        ("一百二十", 120),
        ("两", 2),
        ("二〇二二", 2022),
        ("○", 0),
    ],
)
def test_numerals(words: str, value: int) -> None:
    assert number(words) == value


@pytest.mark.parametrize("words", ["", "十十", "百百", "个", "²", "٣"])
def test_what_is_no_numeral(words: str) -> None:
    assert number(words) is None


@given(st.integers(1, 199))
def test_numerals_in_characters_are_those_in_digits(value: int) -> None:
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    digits = "零一二三四五六七八九"
    said = "一百" * hundreds
    said += f"{digits[tens]}十" if tens > 1 or (tens and hundreds) else "十" * tens
    said += "零" if hundreds and not tens and ones else ""
    assert number(said + digits[ones] * bool(ones)) == value


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("20个工作日", (20, "working_days")),
        ("两周", (14, "calendar_days")),
        ("半个月", (15, "calendar_days")),
        ("半年", (6, "months")),
        ("一个季度", (3, "months")),
        ("2年", (24, "months")),
        ("24小时", (24, None)),
    ],
)
def test_lengths(words: str, length: tuple[int, str | None]) -> None:
    assert length_of(words) == length


def test_a_reading_is_put_into_words_in_both_languages() -> None:
    readings = {
        "8月底前完成，并长期坚持": (
            "by 2022-08-31; going on, without an end", "2022-08-31前（含当日）；长期坚持，没有截止日期",
        ),
        "从2023年起，每季度末月20日前": (
            "from 2023-01-01 on: every quarter, by its month 3, day 20", "2023-01-01起，每季度第3个月20日前（含当日）",
        ),
        "信息形成后1个工作日内": ("within 1 working day after: 信息形成", "“信息形成”后1个工作日内"),
        "本方案印发后30日内": (
            "within 30 days after: 本方案印发 (by 2022-07-08)", "“本方案印发”后30日内（即2022-07-08前）",
        ),
        "届满前30日": ("30 days before: 届满", "“届满”前30日"),
        "公示期不少于7日": ("at least 7 days: 公示", "至少7日：公示"),
        "每月后10个工作日内": ("within 10 working days after every month", "每月后10个工作日内"),
        "每年2月底前": ("every year, by the end of month 2", "每年2月底前（含当日）"),
        "年内不少于2次": ("by 2022-12-31, 2 times", "2022-12-31前（含当日），2次"),
        "6月15日至9月30日": ("from 2022-06-15 to 2022-09-30", "2022-06-15至2022-09-30"),
        "防汛期间": ("during: 防汛期间", "防汛期间"),
        "定期": ("no date can be told", "看不出日期"),
        "": ("", ""),
    }  # fmt: skip
    for language, place in (("en", 0), ("zh", 1)):
        messages.activate(language)
        found = {words: deadline_text(read_limit(words, YEAR, ISSUED)) for words in readings}
        messages.activate("en")
        assert found == {words: said[place] for words, said in readings.items()}


@given(phrases)
def test_every_reading_has_words(words: str) -> None:
    found = read_limit(words, YEAR, ISSUED)
    assert bool(deadline_text(found)) == (found.kind != "none")
