"""Values: what a cell's text means, read generously; the text itself is kept beside the reading by whoever asks.

Seen in returns: dates as serial numbers, ``3.31``, ``2026年3月31日``, ``2026.3.31``, ``3月底``, with full-width
digits; states as ``完成``, ``√``, ``100%``, ``办结``. Generous is not guessing: what could mean two things is None, and
the caller makes a finding of it.
"""

import calendar
import functools
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from ledgergen.workbook.layout import Choice, Column, Kind

_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000-01-01, 2099-12-31
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_EPOCH: Final = date(1899, 12, 30)

_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufe0e\ufe0f\ufeff\u00ad]")
_BLANKS: Final = re.compile(r"\s+")
_END: Final = re.compile(r"[。.;,、!]+$")  # after NFKC, which makes ；，！ of full width half
_QUOTES: Final = re.compile(r"^[“”\"'「『【\[(]+|[“”\"'」』】\])]+$")
_CLOCK: Final = re.compile(r"[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_WEEKDAY: Final = re.compile(r"[(\[]?(?:星期|周|礼拜)[一二三四五六日天][)\]]?$")

_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,20})?")
_SEPARATORS: Final = str.maketrans("‐‑‒–—―−。", "-------.")  # 。is what 9.30 becomes in a Chinese input method
_SEPARATOR: Final = r"[-./年]"
_FULL: Final = re.compile(rf"([0-9]{{4}}|[0-9]{{2}}){_SEPARATOR}([0-9]{{1,2}})[-./月]([0-9]{{1,2}})[日号]?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT: Final = re.compile(r"([0-9]{1,2})([-./月])([0-9]{1,2})([日号]?)")
_MONTH_END: Final = re.compile(rf"(?:([0-9]{{4}}|[0-9]{{2}}){_SEPARATOR})?([0-9]{{1,2}})月[份]?[底末]")
_CHINESE: Final = re.compile(
    r"(?:([〇零○一二三四五六七八九]{4})年)?([一二三四五六七八九十]{1,2})月(?:份?([底末])|([一二三四五六七八九十]{1,3})[日号]?)"
)
_DIGITS: Final = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}


@functools.lru_cache(maxsize=4096)  # one ledger's rows mostly name the same few days
def read_date(text: str, kind: str, year: int) -> str | None:
    """Read a day, as ``YYYY-MM-DD``; None where the text names none, an impossible one, or could mean two.

    ``kind`` is the cell's (:class:`ledgergen.workbook.grid.Grid`), ``year`` stands in where none is written. Only the
    years 2000–2099. Read are ``2022-9-30``, ``2022.9.30``, ``2022/9/30``, ``2022年9月30日``, the same without the
    year, ``20220930``, ``9月底`` (its last day), ``二〇二二年九月三十日``, a clock time or weekday after any of them,
    Excel's serial numbers, and ``22.9.30`` where ``22`` is ``year``. Ambiguous, so None: ``9月``, ``年底``,
    ``9月上旬``; ``9-10`` (a day, or September to October?); the *number* 9.3 (in a cell that is no text, 9.30 loses
    its nought; 9.25 does not). The text of a formula is none; ask with the value that it came to.
    """
    if kind in ("f", "e", "b"):
        return None
    tidy = _tidied(text).lstrip("'")  # typed so that it stays a text; in a cell of texts LibreOffice keeps it
    plain = _WEEKDAY.sub("", _END.sub("", _BLANKS.sub("", _CLOCK.sub("", tidy)))).translate(_SEPARATORS)
    if kind == "n":
        return _from_number(plain, year)
    if _NUMBER.fullmatch(plain) and _FIRST_SERIAL <= float(plain) < _LAST_SERIAL + 1:
        return _from_serial(plain)
    return _from_words(plain, year)


def read_choice(text: str, kind: str, choices: Iterable[Choice]) -> str | None:
    """Read an answer that a list allows, as the list spells it or means it; None where it is none of them, or several.

    Compared whole, after NFKC, without blanks, quotes and closing marks (``已完成。`` is ``已完成``); never a part of
    the text: ``未完成`` is not ``完成``. A *number* is compared as a percentage as well: 1 and 1.0 are ``100%``.
    """
    return None if kind in ("f", "e") else _answer(text, kind, tuple(choices))


@functools.lru_cache(maxsize=1024)  # sixty units write the same few words
def _answer(text: str, kind: str, choices: tuple[Choice, ...]) -> str | None:
    spelled, known = _plain(text), _spellings(choices)
    percentage = _percentage(spelled, kind)
    found = {*known.get(spelled, ()), *(known.get(percentage, ()) if percentage else ())}
    return found.pop() if len(found) == 1 else None


def read_value(column: Column, text: str, kind: str, year: int) -> str | None:
    """Read a cell as its column asks: a date, one of its choices, or its text without outer blanks.

    ``""`` for a blank cell; None where it cannot be read. An error value (``#REF!``) is never read. ``清空`` is not
    dealt with here: ask :func:`is_cleared` first.
    """
    if not text.strip():
        return ""
    if column.kind is Kind.DATE:
        return read_date(text, kind, year)
    if column.kind is Kind.CHOICE:
        return read_choice(text, kind, column.choices)
    return None if kind == "e" else text.strip()


def is_cleared(text: str) -> bool:
    """Tell whether a cell says that its value is to be taken back: the word 清空, and nothing else."""
    return "清" in text and _plain(text) == "清空"


def _from_number(plain: str, year: int) -> str | None:
    """Read a number that was typed into a cell: a serial, ``20220930``, or month and day as a decimal fraction."""
    if not _NUMBER.fullmatch(plain):
        return _from_words(plain, year)
    if _FIRST_SERIAL <= float(plain) < _LAST_SERIAL + 1:
        return _from_serial(plain)
    month, _, day = plain.partition(".")
    first = _from_words(plain, year) if day else _day(*_split(_COMPACT, plain))
    if len(day) == 1 and _day(year, int(month), int(day) * 10):
        return None
    return first


def _from_serial(plain: str) -> str:
    return (_EPOCH + timedelta(days=int(plain.partition(".")[0]))).isoformat()


def _from_words(plain: str, year: int) -> str | None:
    plain = _arabic(plain)
    if found := _FULL.fullmatch(plain):
        return _day(_year(found[1], year), int(found[2]), int(found[3]))
    if found := _COMPACT.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH_END.fullmatch(plain):
        return _month_end(_year(found[1], year) if found[1] else year, int(found[2]))
    if found := _SHORT.fullmatch(plain):
        month, day = int(found[1]), int(found[3])
        is_range = found[2] == "-" and not found[4] and day <= 12  # noqa: PLR2004 - a month as well
        return None if is_range else _day(year, month, day)
    return None


def _split(pattern: re.Pattern[str], plain: str) -> tuple[int, int, int]:
    found = pattern.fullmatch(plain)
    return (int(found[1]), int(found[2]), int(found[3])) if found else (0, 0, 0)


def _year(written: str, year: int) -> int:
    """Read a year of four digits, or of two where they are those of ``year``; 0 where they are not."""
    if len(written) == 4:  # noqa: PLR2004 - YYYY
        return int(written)
    return year if int(written) == year % 100 else 0


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _month_end(year: int, month: int) -> str | None:
    if not 1 <= month <= 12 or not _FIRST_YEAR <= year <= _LAST_YEAR:  # noqa: PLR2004 - months
        return None
    return _day(year, month, calendar.monthrange(year, month)[1])


def _arabic(plain: str) -> str:
    """Put a date in Chinese numerals into digits; any other text stays."""
    found = _CHINESE.fullmatch(plain)
    if not found:
        return plain
    year = "".join(_DIGITS[character] for character in found[1] or "")
    end = found[3] or f"{_ten(found[4])}日"
    return f"{year}{'年' if year else ''}{_ten(found[2])}月{end}"


def _ten(numeral: str) -> int:
    """Read a numeral below a hundred; 0, which no date has, where it is none (``三四``, ``十二十``)."""
    if numeral.count("十") > 1:
        return 0
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (int(_DIGITS.get(tens, "1")) * 10 if ten else 0) + int(_DIGITS.get(ones, "0"))


def _percentage(plain: str, kind: str) -> str | None:
    """Spell a percentage without needless noughts: ``100.0%`` and the number ``1.0`` are ``100%``."""
    written, percent, rest = plain.partition("%")
    if rest or not (percent or kind == "n"):
        return None
    try:
        value = Decimal(written) * (1 if percent else 100)
        return f"{value.normalize():f}%" if 0 <= value <= 1000 else None  # noqa: PLR2004 - beyond any share
    except ArithmeticError:
        return None


@functools.lru_cache(maxsize=64)
def _spellings(choices: tuple[Choice, ...]) -> dict[str, tuple[str, ...]]:
    """Index the answers that a list allows by every spelling; worked out once for each column, not for each cell."""
    found: dict[str, tuple[str, ...]] = {}
    for choice in choices:
        for spelling in {_plain(each) for each in (choice.text, *choice.also)}:
            found[spelling] = (*found.get(spelling, ()), choice.reading)
    return found


def _plain(text: str) -> str:
    """Fold what does not change an answer: width, case, blanks, quotes around it, marks at its end."""
    tidy = _BLANKS.sub("", _tidied(text))
    return _QUOTES.sub("", _END.sub("", _QUOTES.sub("", tidy))).casefold()


def _tidied(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
