"""Dates in the words of a time limit: lists of them, ranges, days near the day of issue, feasts, and garbled ones."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from ledgergen.plan.limit_points import (
    BEFORE,
    END,
    ISO,
    MONTH,
    YEAR,
    Point,
    day_beside,
    is_year,
    month_point,
    moved_years,
    point_at,
    points_at,
    year_of,
    year_point,
)
from ledgergen.plan.limit_words import (
    ANY_LENGTH,
    NOISE,
    WITHIN,
    Limit,
    N,
    Place,
    Strength,
    days_after,
    month_end,
    months_after,
    number,
)

_TIMES_A_YEAR: Final = re.compile(
    rf"(?:(?:{YEAR}年?|年度?){WITHIN}|(?:今|当|本)?年?全年|(?P<bare>[0-9]{{4}})年(?:度)?|[今当本]年度?)"
    rf"[^,;。0-9月日底]{{0,12}}?(?<!第)(?P<times>{N})(?:轮次|场次|[次轮场])"
)
# A month or a year that the next one contradicts: 2022年底11月前.
_GARBLED: Final = re.compile(rf"{YEAR}?(?:年?{END}前?{N}月|{N}月{END}前?{N}[月日号])")
_ABOUT: Final = re.compile("左右|前后|上下")
_SINCE: Final = re.compile("自|从|由")
_TO: Final = "(?:起|开始)?(?:直?至|直?到|[—–~―-]{1,2})"
_TO_DAY: Final = re.compile(_TO)
_UNTIL: Final = re.compile("止?")
_MONTH_ONLY: Final = re.compile(rf"(?P<month>{N})(?=(?:{_TO}){N}月)")
_OF_YEARS: Final = re.compile(rf"(?P<year>[0-9]{{4}})年(?:(?P<month>{N})(?=(?:{_TO}){N}月)|(?=(?:{_TO})[0-9]{{4}}年))")
_BEGINS: Final = re.compile("(?:之日)?(?:起|开始)")
_SO_LONG: Final = re.compile(NOISE + ANY_LENGTH)
_NOW: Final = re.compile("即日|(?:自|从)?(?:本[^,;。]{1,8})?(?:印发|发布|下发)之日")

_FEASTS: Final = {
    "元旦": (1, 1), "三八": (3, 8), "妇女节": (3, 8), "五一": (5, 1), "劳动节": (5, 1), "五四": (5, 4), "六一": (6, 1),
    "儿童节": (6, 1), "七一": (7, 1), "八一": (8, 1), "建军节": (8, 1), "教师节": (9, 10), "国庆": (10, 1),
    "十一": (10, 1),
}  # fmt: skip
_FEAST: Final = re.compile(
    rf"{YEAR}?[“\"]?(?P<feast>{'|'.join(_FEASTS)})(?:国际)?[”\"]?(?:劳动|儿童|妇女|建党|建军)?节?(?:长假|小长假|假期)?"
    r"(?:之前|以前|前(?!后))"
)
_MOVING: Final = re.compile('[“"]?(?:春节|除夕|元宵|清明|端午|中秋|重阳|两节)[^,;。]{0,8}?(?:之前|以前|前)')

_WEEKDAYS: Final = "一二三四五六"
_WEEK: Final = re.compile(
    rf"(?P<which>[本这下])个?(?:周|星期)(?:(?P<day>[一二三四五六日天末])前?|{WITHIN}|底|(?=$|[,;。]))"
)
_NEAR_MONTH: Final = re.compile(rf"(?P<which>[本这当下])个?月份?(?:(?P<day>{N})[日号]|底|末|{WITHIN})")
_NEAR_QUARTER: Final = re.compile(rf"(?P<which>[本下])个?季度?(?:底|末|{WITHIN})")
_ALONE: Final = re.compile(
    rf"(?P<quarter_day>季?度?末月的?)?(?<![0-9月])(?P<day>{N})[日号](?:之前|以前|前)"
    r"|(?P<quarter>季度?(?:底|末))(?:之前|以前|前)?|(?<![0-9月])月(?:底|末)(?:之前|以前|前)?"
)

_LATE: Final = 31
_EXCEL: Final = re.compile("(?:[34][0-9]|5[0-5])[0-9]{3}(?![0-9])")  # 1982 to 2052
_EXCEL_ORIGIN: Final = date(1899, 12, 30)
_QUARTERS_OF_A_YEAR: Final = 4


def read_dates(place: Place) -> Limit | None:
    """Read one date or a list of dates (6月底前, 8月10日、20日前, 3、6、9、12月底前)."""
    points = points_at(place)
    if not points:
        return None
    end, before = _past(BEFORE, place.text, points[-1].end)
    end, about = _past(_ABOUT, place.text, end)
    by = tuple(point.by for point in points)
    if len(points) == _QUARTERS_OF_A_YEAR and (rhythm := evenly_spaced(by)):
        return Limit(end, ({"kind": "recurring", **rhythm},))
    made = [_dated(point, place, before=before) for point in points]
    doubt = next((doubt for _, doubt in made if doubt), "limit-about" if about else "")
    strength = Strength.FIRM if before or about or len(points) > 1 else points[0].strength
    says = next((point.says for point in points if point.says), None)
    return Limit(end, tuple(part for part, _ in made), doubt, strength, by=by, says=says)


def read_times_in_year(place: Place) -> Limit | None:
    """Read how many times in the year: 年内不少于1次 is due at the year's end."""
    found = place.match(_TIMES_A_YEAR)
    times = number(found["times"]) if found else None
    if not found or not times:
        return None
    says = year_of(found, place.anchors) or number(found["bare"] or "-")
    due = month_end(says or place.anchors.year, 12)
    return Limit(found.end(), ({"kind": "fixed", "due": due, "times": times},), says=says)


def read_range(place: Place) -> Limit | None:
    """Read a range (2022年6月—8月, 7月1日-15日, 即日起至年底): a period; and 从…起, which has only a beginning."""
    left = _range_start(place.moved(_past(_SINCE, place.text, place.at)[0]))
    if left is None:
        return None
    to, ranged = _past(_TO_DAY, place.text, left.end)
    right = _range_end(place.moved(to), left) if ranged else None
    if right is not None:
        end, _ = _past(_UNTIL, place.text, right.end)
        # 2022年11月至2月 goes over the turn of the year.
        last = right.last if right.last >= left.first else moved_years(right.last, 1)
        part = {"kind": "period", "event": place.text[place.at : end], "start": left.first, "due": last}
        return Limit(end, (part,), left.doubt or right.doubt, by=(right.by,), says=left.says)
    end, begins = _past(_BEGINS, place.text, left.end)
    issue = place.match(_NOW) is not None and place.text[place.at] != "即"
    if not begins or (issue and _SO_LONG.match(place.text, end)):  # 印发之日起30日内 is counted
        return None
    return Limit(end, begins=left.first, says=left.says)


def read_relative(place: Place) -> Limit | None:
    """Read a day near the day of issue (本周五, 下周, 本月底前); weeks start on Monday (``truth/FORMAT.md``)."""
    week, month, quarter = (place.match(pattern) for pattern in (_WEEK, _NEAR_MONTH, _NEAR_QUARTER))
    found = week or month or quarter
    if not found:
        return None
    issued = place.anchors.issued
    if issued is None:
        return Limit(found.end(), ({"kind": "unclear"},), "limit-no-issue-day")
    after = found["which"] == "下"
    if week:
        named = week["day"] or "日"
        day = _WEEKDAYS.index(named) if named in _WEEKDAYS else 6
        due: date | None = days_after(issued, day - issued.weekday() + 7 * after)
    else:
        months = int(after) if month else 3 * after + 2 - (issued.month - 1) % 3
        last = months_after(issued.replace(day=1), months)
        due = _day_of(last, month["day"] if month else None)
    if due is None:
        return Limit(found.end(), ({"kind": "unclear"},), "limit-garbled")
    # 下月5日 may be said of every month; the words alone do not tell.
    return Limit(found.end(), ({"kind": "fixed", "due": due},), "limit-which-month" if month and after else "")


def read_feast(place: Place) -> Limit | None:
    """Read 国庆节前 and the like: the day before. Feasts of the lunar calendar name no day."""
    if moving := place.match(_MOVING):
        return Limit(moving.end(), ({"kind": "unclear"},), "limit-moving-feast")
    found = place.match(_FEAST)
    if not found:
        return None
    month, day = _FEASTS[found["feast"]]
    says = year_of(found, place.anchors)
    # 元旦前 in a plan of 2022 is the end of 2022, and so is 2023年元旦前.
    year = place.anchors.year + ((month, day) == (1, 1)) if says is None else says
    if not is_year(year):
        return Limit(found.end(), ({"kind": "unclear"},), "limit-garbled")
    due = date(year, month, day) - timedelta(days=1)
    return Limit(found.end(), ({"kind": "fixed", "due": due},), by=(f"{due:%m-%d}",), says=says)


def read_garbled(place: Place) -> Limit | None:
    """Recognise what cannot be a date: 2022年底11月前, 13月, 6月31日, and an Excel date that lost its format."""
    if place.at == 0 and (serial := _EXCEL.fullmatch(place.text)):
        due = _EXCEL_ORIGIN + timedelta(days=int(serial[0]))
        return Limit(serial.end(), ({"kind": "fixed", "due": due},), "limit-serial-number")
    found = place.match(_GARBLED)
    if not found and point_at(place) is None:
        found = place.match(ISO) or place.match(MONTH)
    if not found:
        return None
    return Limit(_past(BEFORE, place.text, found.end())[0], ({"kind": "unclear"},), "limit-garbled")


def read_day_alone(place: Place) -> Limit | None:
    """Read 25日前, 月底前, 季度末, 末月20日前, which only a rhythm before them explains (每月…于25日前)."""
    found = place.match(_ALONE)
    if not found:
        return None
    day = number(found["day"]) if found["day"] else 0
    if day is None or day > _LATE:
        return Limit(found.end(), ({"kind": "unclear"},), "limit-garbled")
    quarterly = found["quarter_day"] or found["quarter"]
    by = f"{'3-' if quarterly else ''}{day or '末'}"
    part = {"kind": "recurring", "every": "quarter" if quarterly else "month", "by": by}
    return Limit(found.end(), (part,), "" if quarterly else "limit-which-month", by=(by,))


def points_of_a_year(place: Place) -> tuple[tuple[str, ...], int, str]:
    """Read the dates inside a year that stand at a place (每年|6月底、12月底前): how they stand in it, end, doubt."""
    points = points_at(place)
    if not points or any(point.says for point in points):
        return (), place.at, ""
    end, before = _past(BEFORE, place.text, points[-1].end)
    if before and any(point.is_long for point in points):
        by = tuple(f"{point.first - timedelta(days=1):%m-%d}" for point in points)
        return by, end, "limit-before-period"
    return tuple(point.by for point in points), end, next((point.doubt for point in points if point.doubt), "")


def evenly_spaced(by: tuple[str, ...]) -> dict[str, str] | None:
    """Tell whether dates of a year make a quarterly or half-yearly rhythm: the same day, 3 or 6 months apart."""
    months = [int(each[:2]) for each in by]
    apart = {4: 3, 2: 6}.get(len(by))
    if apart is None or len({each[3:] for each in by}) > 1:
        return None
    if any(later - earlier != apart for earlier, later in pairwise(months)):
        return None
    day = by[0][3:].lstrip("0")
    return {"every": {3: "quarter", 6: "half_year"}[apart], "by": f"{(months[0] - 1) % apart + 1}-{day}"}


def _past(pattern: re.Pattern[str], text: str, at: int) -> tuple[int, bool]:
    """Step over a pattern where it stands; tell whether it does."""
    found = pattern.match(text, at)
    return (found.end(), True) if found else (at, False)


def _day_of(month: date, named: str | None) -> date | None:
    """Give the named day of a month, its last one where none is named; None where there is no such day."""
    last = month_end(month.year, month.month)
    day = number(named) if named else last.day
    return last.replace(day=day) if day and day <= last.day else None


def _dated(point: Point, place: Place, *, before: bool) -> tuple[dict[str, Any], str]:
    """Make one date a limit, with its doubt."""
    if before and point.is_long:
        return {"kind": "fixed", "due": days_after(point.first, -1)}, "limit-before-period"
    if point.shape != "whole":
        return {"kind": "fixed", "due": point.last}, point.doubt
    return {"kind": "period", "event": place.text[place.at : point.end], "start": point.first, "due": point.last}, ""


def _range_start(place: Place) -> Point | None:
    if now := place.match(_NOW):
        issued = place.anchors.issued
        return Point(issued, issued, "day", f"{issued:%m-%d}", now.end()) if issued else None
    if month := place.match(_MONTH_ONLY):
        return month_point(place.anchors.year, number(month["month"]), month.end())
    found = place.match(_OF_YEARS)
    if found and is_year(year := int(found["year"])):
        if not found["month"]:
            return year_point(year, found.end())
        return month_point(year, number(found["month"]), found.end(), year)
    return point_at(place)


def _range_end(place: Place, left: Point) -> Point | None:
    year = left.says or left.first.year
    inside = Place(place.text, place.at, place.since, replace(place.anchors, year=year))
    return point_at(inside) or day_beside(inside, left)
