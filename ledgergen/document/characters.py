"""Characters of Chinese documents: what is the same character, what is no character of the text at all.

Two kinds of care. :func:`tidy` takes away only what is certainly none of the author's words (blanks between Chinese
characters, marks of editors); a document's words are never corrected. :func:`fold` is for comparing, and changes width
and brackets.
"""

import re
import unicodedata
from typing import Final

from ledgergen.plan.phrases import plain_name

OPENING: Final = "（(〔[【〈《﹙"
CLOSING: Final = "）)〕]】〉》﹚"
BRACKETS: Final = dict(zip(OPENING, CLOSING, strict=True))
ROUND_OPENING: Final = "（(〔[【〈﹙"
ROUND_CLOSING: Final = "）)〕]】〉﹚"

_HAN: Final = "㐀-䶿一-鿿豈-﫿〇"
_WIDE: Final = rf"{_HAN}　-〿＀-￯“”‘’—…"
_ZERO_WIDTH: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS: Final = re.compile(r"[\s\u00a0\u3000]+")
_BESIDE_WIDE: Final = re.compile(rf"(?<=[{_WIDE}]) | (?=[{_WIDE}])")
# The blank behind a number that begins a paragraph is its only mark: 1 招生信息; not so in 5 月底前.
_NUMBER_BLANK: Final = re.compile(
    rf"^([0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{0,2}}) (?=[{_HAN}“《])"
    "(?![年月日号时点周个项家条次名万亿百千元倍级类所件只台辆套页])"
)
_BOOKMARK: Final = re.compile(r"\[bookmark:[^\]\n]{0,80}\]", re.IGNORECASE)
_GLOSS: Final = re.compile(
    r"[（(][a-zA-Zɑɡ'’\s]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zA-Zɑɡāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ'’\s]*[）)]"
)
_LONGEST_GLOSS: Final = 40

_DIGITS: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "○": 0, "O": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3,
}  # fmt: skip
_TENS: Final = {"十": 10, "百": 100}


def tidy(text: str) -> str:
    """Take away what is none of the author's words: blanks beside Chinese characters, bookmarks, pinyin glosses.

    Blanks between Latin words stay. ``2023 年 6 月`` → ``2023年6月``, ``区(qū)`` → ``区``, ``行 政`` → ``行政``.
    """
    text = _BOOKMARK.sub("", _ZERO_WIDTH.sub("", text))
    text = _GLOSS.sub(lambda found: "" if len(found[0]) <= _LONGEST_GLOSS else found[0], text)
    text = _BLANKS.sub(" ", text).strip()
    if numbered := _NUMBER_BLANK.match(text):
        return f"{numbered[1]} {_BESIDE_WIDE.sub('', text[numbered.end() :])}"
    return _BESIDE_WIDE.sub("", text)


def fold(text: str) -> str:
    """Reduce a text to what makes it the same words: NFKC, no white space, all brackets round."""
    return plain_name(text)


def plain_digits(text: str) -> str:
    """Turn full-width digits, letters and blanks into plain ones, character by character; the length stays."""
    return "".join(
        plain if "！" <= each <= "～" and len(plain := unicodedata.normalize("NFKC", each)) == 1 else each
        for each in text
    )


def number_of(written: str) -> int | None:
    """Read a number in digits or Chinese numerals: ``十二`` → 12, ``二〇二三`` → 2023; None for others."""
    plain = unicodedata.normalize("NFKC", written).strip()
    if plain.isascii() and plain.isdecimal():
        return int(plain)
    if not plain or any(each not in _DIGITS and each not in _TENS for each in plain):
        return None
    if not any(each in _TENS for each in plain):
        return int("".join(str(_DIGITS[each]) for each in plain))
    total, digit = 0, 0
    for each in plain:
        if each in _TENS:
            total += (digit or 1) * _TENS[each]
            digit = 0
        else:
            digit = _DIGITS[each]
    return total + digit


def closing_of(text: str, start: int, stop: int | None = None) -> int:
    """Give the place of the bracket that closes the one at ``start``, before ``stop``; -1 where none does.

    Brackets are counted whatever their kind, because documents close （ with ) and 〈 with ）.
    """
    depth = 0
    for place in range(start, len(text) if stop is None else min(stop, len(text))):
        if text[place] in OPENING:
            depth += 1
        elif text[place] in CLOSING:
            depth -= 1
            if depth == 0:
                return place
    return -1


def split_outside(text: str, marks: str) -> list[str]:
    """Split a text at any of some marks that stand outside brackets; a bracket never closed holds nothing together."""
    parts, start, place = [], 0, 0
    while place < len(text):
        if text[place] in OPENING and (end := closing_of(text, place)) > 0:
            place = end
        elif text[place] in marks:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    return [*parts, text[start:]]
