"""Rhythms in the words of a time limit: every month, quarter, half-year or year, and by when in each."""

import re
from typing import Any, Final

from ledgergen.plan.limit_dates import evenly_spaced, points_of_a_year, read_feast, read_range
from ledgergen.plan.limit_points import BEFORE
from ledgergen.plan.limit_words import LENGTH, NOISE, WITHIN, Limit, N, Place, length, number

_PERIODS: Final = {"月": "month", "季": "quarter", "半": "half_year", "年": "year"}
_MONTHS: Final = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}

# 每月, 每个季度, 按年度, 逐月; 季度更新 without 每 only where the clause begins so.
_EVERY: Final = re.compile(
    r"(?:每一?个?|[按逐]|(?<![部充])分)(?P<period>月[份度]?|季度?|半年度?|年度?)(?!计划|任务|目标)"
)
_LEAST: Final = "(?:至少|不少于|不得少于|不低于)?"
_ONCE: Final = re.compile(
    rf"(?:一个?(?=[月季年])|(?=半年|[月季年]度?[一1]次))(?P<period>月|季度?|半年|年){WITHIN}?{_LEAST}(?P<times>{N})次"
    rf"|一(?P<year>年){WITHIN}?[^,;。0-9]{{0,6}}?(?P<of_year>{N})次"
)
_PLAIN: Final = re.compile(
    r"(?P<period>[月季](?=调度|通报|小结|分析|报(?!告))|(?:月度|季度|半年度)(?=公开|报送|通报|更新|调度|汇总|上报|督查|督导|公布|发布))"
)
_HALVES: Final = re.compile(r"(?:每年)?(?:的)?(?:上(?:半年)?[、和及与]下半年|年中[、和及与]年[底末终])")
_EVERY_N: Final = re.compile(
    rf"每隔?(?P<count>{N})个?(?P<unit>月|季度|年)|(?P<odd>隔[月年周日]|[每单双]双?月(?=单|双))"
)
_OFTEN: Final = re.compile(
    rf"每(?:个)?(?:周|星期|日|天|旬|半月|半个月|{N}个?(?:周|星期|日|天)|工作日|个工作日)|(?:按|逐)(?:周|日|旬)|双周|双月|两月一次|"
    rf"(?:{N}个?)(?:周|星期|天|日)(?:一|1)次|周报|日报|两个月(?:一|1)次|(?:[两二2三3五5])年(?:一|1)次"
)
_AFTER: Final = re.compile(
    rf"(?:月|季度?|年度?)?(?:结束|终了|终结|终|完|末|底|过)?(?:之后|以后|后){NOISE}(?:第)?{LENGTH}{WITHIN}?"
)
# 月后5日内, 季度终了后15日内, 年度终了后: the same without 每.
_AFTER_PLAIN: Final = re.compile(
    rf"(?P<period>月度?|季度?|半年度?|年度?)(?:结束|终了|终结|末|底|过)?(?:之后|以后|后){NOISE}{LENGTH}{WITHIN}?"
)
_NEXT: Final = re.compile(
    rf"(?:次|下一个?)(?P<period>月|季度?)(?:度|份)?(?:的)?(?:(?:首月|第一个月|初)(?:的)?)?"
    rf"(?:(?:前)?(?P<days>{N})个?(?P<work>工作日)(?:之前|以前|前|{WITHIN})?|前?(?P<day>{N})(?:[日号]|天)(?:之前|以前|前|{WITHIN})?|(?P<end>底|末)(?:前)?)"
)
_NOISE: Final = re.compile("(?:的|内|中|里|应当|应|须|需|要|在|于|按时|定期|及时|至少|分别|均|都|各){0,4}")
_IN_MONTH: Final = re.compile(
    rf"(?:月)?(?:(?P<end>底|末|最后一[天日])|(?P<third>[上中下])旬|(?P<vague>初|中)(?!旬)"
    rf"|(?P<first>前)?(?P<day>{N})(?:[日号])|[前第]?(?P<days>{N})个?工作日(?:{WITHIN})?|(?P<last>最后一个工作日))"
    r"(?:之前|以前|前)?"
)
_IN_QUARTER: Final = re.compile(
    rf"(?:(?P<which>末月|最后一?个?月|首月|第?[一二三四五六1-6]个?月|中间月)(?:的|份)?"
    rf"(?:(?P<day>{N})[日号]|(?P<third>[上中下])旬|(?P<monthend>底|末))?"
    rf"|(?P<end>底|末)|(?P<vague>初|中)|前(?P<first>{N})(?:[日号]|天)|前(?P<days>{N})个?工作日(?:{WITHIN})?)(?:之前|以前|前)?"
)
_MORE_DAYS: Final = re.compile(rf"(?:[、和及与]|以及)(?P<day>{N})[日号](?:之前|以前|前)?")
_RANGE_DAYS: Final = re.compile(rf"(?P<from>{N})日?(?:至|到|[—–~-])(?:(?P<day>{N})[日号]|月?[底末])")
_TIMES: Final = re.compile(rf"[^,;。]{{0,16}}?(?P<times>{N})次")
_PART_OF_EVENT: Final = re.compile(rf"[^,;。]{{1,16}}(?:之日起|之后|以后|后|之日){NOISE}{N}个?(?:工作日|日|天|月|周)")
_BRACKET: Final = re.compile(r"\((?P<said>[^()]{1,60})\)")
_THIRDS: Final = {"上": ["10"], "中": ["20"], "下": ["末"]}
_LAST_MONTH: Final = {"quarter": 3, "half_year": 6}
_YEAR_ENDS: Final = re.compile("(?:底|末|终(?!了))(?:之前|以前|前)?")
_YEAR_VAGUE: Final = re.compile("初|中(?=$|[,;。]|前)")
_LATE: Final = 31
_TWICE: Final = 2


def read_rhythm(place: Place) -> Limit | None:
    """Read a rhythm with what stands behind it: a day inside the period, days after it, how many times."""
    if halves := place.match(_HALVES):
        doubt = "limit-no-day" if "年中" in halves[0] else ""
        return _counted(place, halves.end(), "half_year", doubt)
    found = place.match(_EVERY) or _starts_clause(place)
    if found is None:
        return None
    if found.re is _ONCE:
        every = _PERIODS[(found["period"] or found["year"])[0]]
        return _with_times(found.end(), every, number(found["times"] or found["of_year"]), "")
    every, here = _PERIODS[found["period"][0]], place.moved(found.end())
    if after := here.match(_AFTER):
        return _offset(after, every)
    read = {"month": _in_month, "year": _in_year}.get(every, _in_quarter)(here, every)
    if read is not None:
        return Limit(_past_bracket(place.text, read.end), read.parts, read.doubt)
    return None if here.match(_PART_OF_EVENT) else _counted(place, found.end(), every)


def read_next_period(place: Place) -> Limit | None:
    """Read 次月5日前 and 次月前5个工作日: a monthly rhythm that names the day in the month after."""
    found = place.match(_NEXT)
    if not found:
        plain = place.match(_AFTER_PLAIN) if _begins(place) else None
        return _offset(plain, _PERIODS[plain["period"][0]]) if plain else None
    every = _PERIODS[found["period"][0]]
    part: dict[str, Any] = {"kind": "recurring", "every": every}
    if found["end"]:
        by = "末" if every == "month" else "1-末"
        return Limit(found.end(), ({**part, "by": by},))
    count = number(found["days"] or found["day"])
    if not count:
        return None
    if found["work"]:
        return Limit(found.end(), ({**part, "within": count, "unit": "working_days"},))
    by = str(count) if every == "month" else f"1-{count}"
    return Limit(found.end(), ({**part, "by": by},), "" if count <= _LATE else "limit-garbled")


def read_odd_rhythm(place: Place) -> Limit | None:
    """Recognise rhythms that a deadline cannot hold: weekly, daily, every two months or years, school terms."""
    if found := place.match(_EVERY_N):
        count = number(found["count"]) if found["count"] else None
        months = (count or 0) * {"月": 1, "季度": 3, "年": 12}.get(found["unit"] or "", 0)
        if months in _MONTHS and found[0][1] != "隔":
            return _counted(place, found.end(), _MONTHS[months])
        return Limit(found.end(), ({"kind": "unclear"},), "limit-rhythm", bare=True)
    if found := re.compile("每个?学期|各学期|每学年").match(place.text, place.at):
        return Limit(found.end(), ({"kind": "unclear"},), "limit-school-term", bare=True)
    found = place.match(_OFTEN)
    return Limit(found.end(), ({"kind": "unclear"},), "limit-rhythm", bare=True) if found else None


def _starts_clause(place: Place) -> re.Match[str] | None:
    if not _begins(place) and not place.before.endswith(("一般", "原则上", "至少", "应当", "应", "须")):
        return None
    return place.match(_ONCE) or place.match(_PLAIN)


def _begins(place: Place) -> bool:
    return not re.search("[一-鿿]", place.before) or place.before.endswith("、")


def _offset(found: re.Match[str], every: str) -> Limit | None:
    said = length(found)
    if said is None:
        return None
    within, unit = said
    part = {"kind": "recurring", "every": every, "within": within, "unit": unit}
    return Limit(found.end(), (part,), "" if unit else "limit-hours")


def _counted(place: Place, end: int, every: str, doubt: str = "") -> Limit:
    """Give a rhythm without a day; the number of times may stand further on in the clause."""
    found = _TIMES.match(place.text, end)
    return _with_times(_past_bracket(place.text, end), every, number(found["times"]) if found else None, doubt)


def _with_times(end: int, every: str, times: int | None, doubt: str) -> Limit:
    part: dict[str, Any] = {"kind": "recurring", "every": every} | ({"times": times} if times else {})
    # Twice a year: which two days is what a person would ask; once has the year's end.
    twice = (every, times) == ("year", _TWICE)
    return Limit(end, (part,), doubt or ("limit-no-day" if twice else ""), bare=True)


def _by(end: int, every: str, *days: str, doubt: str = "") -> Limit:
    """Give a rhythm with its days inside the period; without any it is bare of them."""
    parts = tuple({"kind": "recurring", "every": every, "by": day} for day in days)
    return Limit(end, parts or ({"kind": "recurring", "every": every},), doubt)


def _garbled(end: int) -> Limit:
    return Limit(end, ({"kind": "unclear"},), "limit-garbled")


def _first_workdays(end: int, every: str, days: int | None) -> Limit:
    """Give 每月前5个工作日: so many working days after the end of the period before."""
    return Limit(end, ({"kind": "recurring", "every": every, "within": days, "unit": "working_days"},))


def _behind(pattern: re.Pattern[str], place: Place) -> re.Match[str] | None:
    """Match a pattern right here, or behind words that say nothing (每年|应于|1月31日前)."""
    noise = _NOISE.match(place.text, place.at)
    return place.match(pattern) or (pattern.match(place.text, noise.end()) if noise else None)


def _in_month(place: Place, every: str) -> Limit | None:
    if ranged := _behind(_RANGE_DAYS, place):
        if not ranged["day"]:
            return _by(ranged.end(), every, "末")
        return _days([number(ranged["day"])], ranged.end(), place.text, every)
    found = _behind(_IN_MONTH, place)
    if not found:
        return None
    if found["days"]:
        return _first_workdays(found.end(), every, number(found["days"]))
    if not found["day"]:
        days = ["末"] if found["end"] or found["last"] else _THIRDS.get(found["third"] or "", [])
        return _by(found.end(), every, *days, doubt="limit-no-day" if found["vague"] or found["last"] else "")
    listed, end = [number(found["day"])], found.end()
    while more := _MORE_DAYS.match(place.text, end):
        listed.append(number(more["day"]))
        end = more.end()
    return _days(listed, end, place.text, every)


def _days(days: list[int | None], end: int, text: str, every: str) -> Limit:
    before = BEFORE.match(text, end)
    end = before.end() if before else end
    if any(day is None or not 1 <= day <= _LATE for day in days):
        return _garbled(end)
    return _by(end, every, *map(str, days))


def _in_quarter(place: Place, every: str) -> Limit | None:
    """Read a day inside a quarter or half-year."""
    found = _behind(_IN_QUARTER, place)
    if not found:
        return None
    if found["days"]:
        return _first_workdays(found.end(), every, number(found["days"]))
    if found["vague"]:
        return _by(found.end(), every, doubt="limit-no-day")
    months = _LAST_MONTH[every]
    month = 1 if found["first"] else _month_in(found["which"] or "", months)
    day = number(found["day"] or found["first"] or "0") or 0
    if day > _LATE or month > months:
        return _garbled(found.end())
    last = _THIRDS.get(found["third"] or "", ["末"])[0]
    return _by(found.end(), every, f"{month}-{day or last}")


def _month_in(which: str, months: int) -> int:
    """Give the month of a quarter or half-year: 首月 is 1, 末月 the last."""
    named = which.removeprefix("第").removesuffix("月").removesuffix("个")
    return {"首": 1, "中间": 2}.get(named) or number(named or "-") or months


def _in_year(place: Place, every: str) -> Limit | None:
    """Read dates inside a year, which may be listed; 每年底前 has its 年 already read."""
    noise = _NOISE.match(place.text, place.at)
    for at in dict.fromkeys((place.at, noise.end() if noise else place.at)):
        here = place.moved(at)
        if (ranged := read_range(here)) and ranged.by:
            return Limit(ranged.end, yearly(ranged.by), ranged.doubt)
        by, end, doubt = points_of_a_year(here)
        if by:
            return _by(end, every, doubt=doubt) if doubt == "limit-no-day" else Limit(end, yearly(by), doubt)
        if feast := read_feast(here):
            return Limit(feast.end, yearly(feast.by) or ({"kind": "recurring", "every": every},), feast.doubt)
    if found := _behind(_YEAR_ENDS, place):
        return _by(found.end(), every, "12-31")
    found = _behind(_YEAR_VAGUE, place)
    return _by(found.end(), every, doubt="limit-no-day") if found else None


def yearly(by: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """Give the rhythm of dates that come back every year: two or four evenly spaced ones make a shorter rhythm."""
    if rhythm := evenly_spaced(by):
        return ({"kind": "recurring", **rhythm},)
    return tuple({"kind": "recurring", "every": "year", "by": each} for each in by)


def _past_bracket(text: str, end: int) -> int:
    """Step over brackets that only explain the rhythm: 每季度末（分别在3月、6月、9月和12月底）."""
    found = _BRACKET.match(text, end)
    dates = found and re.search("[0-9一二三四五六七八九十][月日]", found["said"])
    return found.end() if found and dates and not re.search("[后起]", found["said"]) else end
