"""Dates and lists of dates in the words of a time limit, as points: the days from a first to a last.

A point becomes a limit (:mod:`.limit_dates`) when it is known what stands around it: 11月 is its last day, 11月前 the
day before its first, 8月份 the month itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date
from typing import Final, TypeAlias

from ledgergen.plan.limit_words import WITHIN, Anchors, N, Place, Strength, month_end, number

YEAR: Final = (
    r"(?:(?P<year>(?<![0-9])[0-9]{4}|[〇○零一二三四五六七八九]{4})年(?:度)?的?"
    r"|(?P<near>今年|本年度?|当年|明年|次年|翌年|来年|下一?年度?)的?)"
)
END: Final = "(?:底|末)"
# What follows a month or a year alone where it is a limit, not part of a name: 9月投入使用, 2022年中央预算.
_STOP: Final = r"(?=$|[,;。:)]|完成|前|之前|以前|左右|内|之内|实现|建成|期间|起|开始)"

ISO: Final = re.compile(
    r"(?<![0-9])(?:(?P<y>[12][0-9]{3})(?P<sep>[-./])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})日?(?:00:00(?::00)?)?"
    r"|(?P<y2>20[0-9]{2})(?P<m2>0[1-9]|1[0-2])(?P<d2>[0-3][0-9])"
    r"|(?P<y3>20[0-9]{2})[-./](?P<m3>[01]?[0-9])"
    r"|(?P<m4>[0-9]{1,2})[./](?P<d4>[0-9]{1,2})日?(?=前|之前|以前))(?![0-9./-])"
)
MONTH: Final = re.compile(
    rf"{YEAR}?(?P<month>{N})月(?:份)?(?:的)?"
    rf"(?:(?P<day>{N})(?:日|号|(?=$|[,;。)]|前|之前|以前))"
    rf"|(?P<tail>{END}|上旬|中旬|下旬|上中旬|中下旬|初|中{_STOP}))?"
)
_QUARTER: Final = re.compile(
    rf"{YEAR}?(?:(?P<first>前)|第)?(?P<quarter>[一二三四1-4])季度"
    rf"(?:(?P<which>末月|最后一个月|首月|第?[一二三1-3]个?月)(?:的)?(?:(?P<day>{N})[日号]|{END})?"
    rf"|(?P<end>{END}|内|以内|之内))?"
)
_HALF: Final = re.compile(rf"{YEAR}?(?P<half>[上下])半年(?P<end>{END}|内|以内|之内)?")
_YEAR_END: Final = re.compile(rf"(?:{YEAR}年?|年|岁)(?:{END}|终(?!了))")
_IN_YEAR: Final = re.compile(rf"(?:{YEAR}年?|年度?){WITHIN}")
_VAGUE: Final = re.compile(rf"(?:{YEAR}年?|年)(?P<vague>中|初){_STOP}")
_BARE_YEAR: Final = re.compile(rf"{YEAR}{_STOP}")
_ALL_YEAR: Final = re.compile(rf"{YEAR}?(?:全年|整年)")

BEFORE: Final = re.compile("(?:之前|以前|前(?![后期往提]))")
_JOINT: Final = re.compile("[、和及与或]|以及")
_MONTH_LIST: Final = re.compile(rf"{YEAR}?(?P<month>{N})(?=(?:[、和及与]{N})*[、和及与]{N}月)")
_DAY_ONLY: Final = re.compile(rf"(?P<day>{N})[日号]")

_DECEMBER: Final = 12
_THIRDS: Final[Mapping[str, tuple[int, int]]] = {  # 0 is the month's last day
    "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 0), "上中旬": (1, 20), "中下旬": (11, 0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """The days from ``first`` to ``last``; ``shape`` tells what names them.

    ``day``, ``end`` (the end of something), ``span`` (a month, quarter, half or year, whose end is meant), ``whole``
    (a month, a part of one, or a year, meant as a period). ``by`` is the date as it stands inside any year, ``end`` the
    place behind the words. ``says`` is the year that they name. ``strength`` is weak where the words may be part of a
    name (2022年工作总结).
    """

    first: date
    last: date
    shape: str
    by: str
    end: int
    says: int | None = None
    doubt: str = ""
    strength: Strength = Strength.FIRM

    @property
    def is_long(self) -> bool:
        """Tell whether 前 after it leaves open whether its beginning or its end is meant."""
        return self.shape in ("span", "whole")


def points_at(place: Place) -> tuple[Point, ...]:
    """Read a date and those that are listed with it; what an item leaves out it has from its neighbours."""
    points: list[Point] = []
    at = place.at
    while True:
        here = place.moved(at)
        point = _months_listed(here) or point_at(here) or (day_beside(here, points[-1]) if points else None)
        if point is None:
            break
        if points and points[-1].says and not point.says:
            point = _in_year(point, points[-1].says)
        points.append(point)
        joint = _JOINT.match(place.text, point.end)
        if joint is None or point.shape == "whole":
            break
        at = joint.end()
    if len(points) > 1 and points[-1].shape in ("end", "day"):
        points = [_like(point, points[-1]) for point in points]
    return tuple(points)


def point_at(place: Place) -> Point | None:
    """Read one date; None where there is none, or none that a calendar has."""
    for pattern, make in _POINTS.items():
        found = place.match(pattern)
        if found:
            year = year_of(found, place.anchors) if pattern is not ISO else None
            year = place.anchors.year if year is None else year
            return make(found, year, place.anchors) if is_year(year) else None
    return None


def day_beside(place: Place, before: Point) -> Point | None:
    """Read the 20日 of 8月10日、20日."""
    found = place.match(_DAY_ONLY)
    day = number(found["day"]) if found and before.shape == "day" else None
    return day_point(before.first.year, before.first.month, day, found.end(), before.says) if found and day else None


def month_point(year: int, month: int | None, end: int, says: int | None = None) -> Point | None:
    """Make the point of a whole month; None where there is no such month."""
    return _months((year, month, month), "span", end, says) if month and month <= _DECEMBER else None


def year_point(year: int, end: int) -> Point:
    """Make the point of a year that the words name."""
    return _months((year, 1, _DECEMBER), "span", end, year)


def day_point(year: int, month: int, day: int, end: int, says: int | None = None) -> Point | None:
    """Make the point of a day; None where no calendar has it."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Point(found, found, "day", f"{found:%m-%d}", end, says)


def is_year(year: int) -> bool:
    """Tell whether a year and those beside it are in the calendar."""
    return 1 < year < MAXYEAR


def year_of(found: re.Match[str], anchors: Anchors) -> int | None:
    """Give the year that matched words name, in digits or by 明年 and the like; None where they name none."""
    if found["year"]:
        return number(found["year"])
    near = found["near"]
    return anchors.year + (near[0] in "明次翌来下") if near else None


def moved_years(day: date, years: int) -> date:
    """Give the same day so many years on, or the last of a shorter month."""
    last = month_end(day.year + years, day.month)
    return last.replace(day=min(day.day, last.day))


def _months(
    months: tuple[int, int, int], shape: str, end: int, says: int | None, strength: Strength = Strength.FIRM
) -> Point:  # fmt: skip
    """Make the point of the months of a year from one to another."""
    year, first, last = months
    return Point(date(year, first, 1), month_end(year, last), shape, f"{last:02}-末", end, says, "", strength)


def _iso(found: re.Match[str], _year: int, anchors: Anchors) -> Point | None:
    if found["m3"]:
        return month_point(int(found["y3"]), int(found["m3"]), found.end(), int(found["y3"]))
    said = found["y"] or found["y2"]
    month, day = found["m"] or found["m2"] or found["m4"], found["d"] or found["d2"] or found["d4"]
    return day_point(int(said or anchors.year), int(month), int(day), found.end(), int(said) if said else None)


def _month(found: re.Match[str], year: int, anchors: Anchors) -> Point | None:
    says, tail = year_of(found, anchors), found["tail"] or ""
    whole = month_point(year, number(found["month"]), found.end(), says)
    if whole is None:
        return None
    month = whole.first.month
    if found["day"]:
        day = number(found["day"])
        return day_point(year, month, day, found.end(), says) if day else None
    if tail in ("底", "末"):
        return replace(whole, shape="end")
    if tail in _THIRDS:
        first, last = _THIRDS[tail]
        until = whole.last.replace(day=last or whole.last.day)
        by = f"{until:%m-%d}" if last else whole.by
        return Point(whole.first.replace(day=first), until, "whole", by, found.end(), says)
    if tail:
        about = whole.last.replace(day=15 if tail == "中" else 10)
        return Point(about, about, "end", f"{about:%m-%d}", found.end(), says, "limit-no-day")
    return replace(whole, shape="whole" if "月份" in found[0] else "span", strength=Strength.WEAK)


def _quarter(found: re.Match[str], year: int, anchors: Anchors) -> Point | None:
    says, quarter = year_of(found, anchors), number(found["quarter"]) or 1
    first, last = 3 * quarter - 2, 3 * quarter
    if which := found["which"]:
        first = last = first + {"首": 0, "一": 0, "1": 0, "二": 1, "2": 1}.get(which.removeprefix("第")[0], 2)
        if found["day"]:
            return day_point(year, last, number(found["day"]) or 0, found.end(), says)
    if found["first"] or which or found["end"]:
        return _months((year, 1 if found["first"] else first, last), "end", found.end(), says)
    return _months((year, first, last), "span", found.end(), says, Strength.WEAK)


def _half(found: re.Match[str], year: int, anchors: Anchors) -> Point:
    first = 1 if found["half"] == "上" else 7
    shape, strength = ("end", Strength.FIRM) if found["end"] else ("span", Strength.WEAK)
    return _months((year, first, first + 5), shape, found.end(), year_of(found, anchors), strength)


def _year_end(found: re.Match[str], year: int, anchors: Anchors) -> Point:
    whole = _months((year, 1, _DECEMBER), "end", found.end(), year_of(found, anchors))
    return replace(whole, by="12-31")


def _all_year(found: re.Match[str], year: int, anchors: Anchors) -> Point:
    return _months((year, 1, _DECEMBER), "whole", found.end(), year_of(found, anchors), Strength.WEAK)


def _bare_year(found: re.Match[str], year: int, anchors: Anchors) -> Point:
    return replace(_all_year(found, year, anchors), shape="span")


def _vague(found: re.Match[str], year: int, anchors: Anchors) -> Point:
    about = month_end(year, 6 if found["vague"] == "中" else 1)
    return Point(about, about, "end", f"{about:%m-%d}", found.end(), year_of(found, anchors), "limit-no-day")


_Make: TypeAlias = Callable[[re.Match[str], int, Anchors], Point | None]
_POINTS: Final[Mapping[re.Pattern[str], _Make]] = {
    ISO: _iso,
    _QUARTER: _quarter,
    MONTH: _month,
    _HALF: _half,
    _ALL_YEAR: _all_year,
    _YEAR_END: _year_end,
    _IN_YEAR: _year_end,
    _VAGUE: _vague,
    _BARE_YEAR: _bare_year,
}


def _months_listed(place: Place) -> Point | None:
    """Read the 3 of 3、6、9月."""
    found = place.match(_MONTH_LIST)
    if not found:
        return None
    says = year_of(found, place.anchors)
    year = says or place.anchors.year
    return month_point(year, number(found["month"]), found.end(), says) if is_year(year) else None


def _like(point: Point, last: Point) -> Point:
    """Give a month of a list the end or the day that only the last of the list names."""
    if point.shape != "span":
        return point
    if last.shape == "end":
        return replace(point, shape="end")
    return day_point(point.first.year, point.first.month, last.first.day, point.end, point.says) or point


def _in_year(point: Point, year: int) -> Point:
    years = year - point.first.year
    return replace(point, first=moved_years(point.first, years), last=moved_years(point.last, years), says=year)
