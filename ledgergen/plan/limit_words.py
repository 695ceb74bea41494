"""What all readers of time limits share: the plain form of the words, numerals, lengths, and what a reader gives.

A reader is asked at one place of the words whether a limit begins there. :mod:`.deadline` asks them from left to
right, so no reader needs to know of the others.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import IntEnum
from typing import Any, Final, TypeAlias

# White space, and the joiners without width that copying from web pages and PDF files brings in.
_COUNTED: Final = re.compile("[\u2460-\u2473]")  # ①6月底前 would become 16月底前
_BLANK: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
# OCR and fonts bring in traditional forms (個工作日內); only characters that the grammar itself looks for.
_SIMPLE: Final = str.maketrans("個內後開長實時間動態調發週結徵號確續過", "个内后开长实时间动态调发周结征号确续过")

_DIGITS: Final = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
N: Final = "(?:[0-9]{1,4}|[〇○零一二两三四五六七八九十百]{1,6})"
LENGTH: Final = (
    rf"(?:(?P<half>半)个?(?P<half_of>月|年|小时|天|日|个工作日)"
    rf"|(?P<count>{N})(?P<unit>个?工作日|个?自然日|个?日历日|日(?!前)|天|个月|个?星期|周|个?季度|年|个?小时|分钟))"
)
ANY_LENGTH: Final = re.sub(r"\?P<\w+>", "?:", LENGTH)
WITHIN: Final = "(?:以内|之内|内)"
# Words between 后 and the days: 会后，应当于7日内 / 批复后的20日内 / 结束后最迟不超过5个工作日.
NOISE: Final = (
    "(?:的|,|应当|应该|应|必须|须|需|要|在|于|最迟|最长|最多|最晚|不得超过|不超过|不得晚于|不晚于|一般|原则上|力争|争取|"
    "及时|并|即|可以|可|其|时间为|时限为|期限为){0,6}"
)
# What a thing that happens ends in, where nothing else parts it from the days: 本要点发布20个工作日内.
HAPPENS: Final = (
    "发布|印发|公布|下发|颁布|出台|作出|做出|形成|变更|产生|生成|通过|批复|批准|审批|审定|结束|完成|完毕|确定|成立|竣工|"
    "验收|合格|办结|签订|签署|生效|发生|召开|修订|修改|制定|备案|受理|立案|公示|施行|实施|送达|闭会|任命|到期|期满|届满|"
    "交付|开工|获取|更新|调整|开始|举行|启动|下达|终止|解除|截止"
)


class Strength(IntEnum):
    """How sure it is that words are a limit: soft ones and weak ones make way for a firm one in the same clause."""

    SOFT = 0
    WEAK = 1
    FIRM = 2


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the words are counted from: the plan's year, and the day it was signed."""

    year: int
    issued: date | None


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit found in the words.

    ``end`` is the place behind it; ``parts`` hold the keys of a :class:`~.deadline.Deadline` each, several for a list
    of dates; ``doubt`` is the code of a finding or empty. ``begins``: the words only say from when (从2025年起), and
    belong to the next limit. ``by``: how the dates would stand inside a period (``06-30``), for a rhythm before them
    (每年…于6月30日前). ``says``: the year that the words themselves name. ``bare``: a rhythm that still wants its days.
    ``start`` and the numbers of its clause and segment (a part of a clause after 并) are filled in by who asked.
    """

    end: int
    parts: tuple[dict[str, Any], ...] = ()
    doubt: str = ""
    strength: Strength = Strength.FIRM
    begins: date | None = None
    by: tuple[str, ...] = ()
    says: int | None = None
    bare: bool = False
    start: int = 0
    clause: int = 0
    segment: int = 0


Reader: TypeAlias = Callable[["Place"], Limit | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the plain words at which a reader is asked, with what comes before it in its clause.

    ``since`` is where the clause begins, or the firm limit before this place ends.
    """

    text: str
    at: int
    since: int
    anchors: Anchors

    @property
    def before(self) -> str:
        """Give the words of the clause before the place."""
        return self.text[self.since : self.at]

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match a pattern at the place."""
        return pattern.match(self.text, self.at)

    def moved(self, at: int) -> "Place":
        """Give a place further on."""
        return Place(self.text, at, self.since, self.anchors)


def plain_limit(words: str) -> str:
    """Reduce words to what is read: NFKC, no white space (``truth`` files are compared so), simplified characters."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", _COUNTED.sub(";", words))).translate(_SIMPLE)


def number(words: str) -> int | None:
    """Read a numeral in digits or characters: ``20``, ``二十``, ``二〇二二``, ``两``; None where it is none."""
    if words.isascii():
        return int(words) if words.isdigit() else None
    if not set(words) & set("十百"):
        digits = [str(_DIGITS[mark]) for mark in words if mark in _DIGITS]
        return int("".join(digits)) if len(digits) == len(words) else None
    found = re.fullmatch(
        "(?:([一二两三四五六七八九])?百)?[零〇]?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?", words
    )
    if not found:
        return None
    hundreds = _DIGITS[found[1] or "一"] * 100 if "百" in words else 0
    tens = _DIGITS[found[2] or "一"] * 10 if found[3] else 0
    return hundreds + tens + (_DIGITS[found[4]] if found[4] else 0)


def length(found: re.Match[str]) -> tuple[int | None, str | None] | None:
    """Give number and unit of a matched :data:`LENGTH`; hours have the unit None, what cannot be said is None.

    A week is 7 days, half a month 15, half a year 6 months (``truth/FORMAT.md``).
    """
    if half_of := found["half_of"]:
        return {"月": (15, "calendar_days"), "年": (6, "months")}.get(half_of, (None, None))
    count, unit = number(found["count"]), found["unit"].removeprefix("个")
    if count is None:
        return None
    if unit == "工作日":
        return count, "working_days"
    days = {"日": 1, "天": 1, "自然日": 1, "日历日": 1, "星期": 7, "周": 7}
    if unit in days:
        return count * days[unit], "calendar_days"
    months = {"月": 1, "季度": 3, "年": 12}
    return (count * months[unit], "months") if unit in months else (count, None)


_DECEMBER: Final = 12


def length_of(words: str) -> tuple[int | None, str | None] | None:
    """Give number and unit of a length (20个工作日); None where the words are none."""
    found = re.fullmatch(LENGTH, words)
    return length(found) if found else None


def month_end(year: int, month: int) -> date:
    """Give the last day of a month; a year beyond the calendar's is brought back into it."""
    year = min(max(year, 1), MAXYEAR)
    return date(year, 12, 31) if month == _DECEMBER else date(year, month + 1, 1) - timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """Give the same day number so many months on, or the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    last = month_end(count // 12, count % 12 + 1)
    return last.replace(day=min(day.day, last.day))


def days_after(day: date, days: int) -> date:
    """Give the day so many calendar days on, the calendar's last one where there is none."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
