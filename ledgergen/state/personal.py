"""Numbers of persons in a text: identity cards, bank cards, telephones; found, and shown masked.

A number is only taken for one where its check digit agrees (GB 11643 for identity cards, ISO/IEC 7812 for bank cards)
or its form leaves little doubt. Addresses of web pages are passed over: they are full of long numbers.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

ID_CARD: Final = "id-card-number"
BANK_CARD: Final = "bank-card-number"
PHONE: Final = "phone-number"

_LONG: Final = re.compile(r"[0-9０-９](?:[ \-－—]?[0-9０-９]){6}")  # nothing below has fewer digits in a row
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w.-]+", re.IGNORECASE)
_GAP: Final = r"[ \-－—]?"
_DIGIT: Final = "[0-9０-９]"
_CARD: Final = re.compile(rf"(?<![0-9０-９A-Za-z]){_DIGIT}(?:{_GAP}{_DIGIT}){{14,18}}{_GAP}[XxＸ]?(?![0-9０-９A-Za-z])")
_PHONE: Final = re.compile(
    rf"(?<![0-9０-９A-Za-z.])(?:"
    rf"(?:[+＋]?86{_GAP})?[1１][3-9３-９]{_DIGIT}(?:{_GAP}{_DIGIT}){{8}}"
    rf"|[(（]?[0０]{_DIGIT}{{2,3}}(?:[)）]|[ \-－—]){_DIGIT}{{7,8}}"
    rf"|(?:(?<=电话)|(?<=电话[:：])|(?<=手机[:：])){_DIGIT}{{7,8}}"
    rf")(?![0-9０-９A-Za-z]|[.][0-9])"
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_REGION: Final = re.compile("[1-8][0-9]{5}")
_ISSUED_BY: Final = re.compile("62|4|5[1-5]|3[56]")  # UnionPay and the other schemes of cards in China
_NEW, _OLD = 18, 15  # digits of an identity card, since 1999 and before


class Personal(NamedTuple):
    """One number found: the code of its finding, and where it stands in the text."""

    code: str
    start: int
    end: int


def personal_numbers(text: str) -> list[Personal]:
    """Find the numbers of persons in a text, in their order."""
    if not may_hold_numbers(text):
        return []
    plain = _ADDRESS.sub(lambda found: "." * len(found[0]), text)
    found = [*_cards(plain), *_phones(plain)]
    taken = [each for each in found if each.code != PHONE]
    free = [each for each in found if each.code == PHONE and not any(_overlap(each, card) for card in taken)]
    return sorted([*taken, *free], key=lambda each: each.start)


def may_hold_numbers(text: str) -> bool:
    """Tell whether there are digits enough in a row; of several texts in one, if they are parted by line ends."""
    return bool(_LONG.search(text))


def masked(number: str) -> str:
    """Show a number so that it can be found and not used: the first and last four characters, of a telephone three."""
    ends = (4, 4) if len(re.sub(r"\D", "", number)) > 12 else (3, 2)  # noqa: PLR2004 - longer than any telephone number
    return number[: ends[0]] + "*" * (len(number) - sum(ends)) + number[-ends[1] :]


def without_numbers(text: str) -> str:
    """Give a text with every such number masked, for whoever quotes it."""
    for each in reversed(personal_numbers(text)):
        text = text[: each.start] + masked(text[each.start : each.end]) + text[each.end :]
    return text


def _cards(text: str) -> Iterator[Personal]:
    for found in _CARD.finditer(text):
        digits = _plain(found[0])
        if code := _card(digits):
            yield Personal(code, found.start(), found.end() - _trailing(found[0]))


def _card(digits: str) -> str:
    """Tell what sort of card a number is; empty where it is none."""
    if _is_identity(digits):
        return ID_CARD
    is_bank = digits.isdecimal() and len(digits) >= 16 and bool(_ISSUED_BY.match(digits))  # noqa: PLR2004 - ISO/IEC 7812
    return BANK_CARD if is_bank and _luhn(digits) else ""


def _is_identity(digits: str) -> bool:
    if not _REGION.match(digits):
        return False
    if len(digits) == _NEW:
        total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
        return _is_day(digits[6:14]) and _CHECKS[total % 11] == digits[17]
    return len(digits) == _OLD and digits.isdecimal() and _is_day(f"19{digits[6:12]}")


def _is_day(text: str) -> bool:
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return born.year >= 1900  # noqa: PLR2004 - nobody living was born before


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004 - of two digits their sum


def _phones(text: str) -> Iterator[Personal]:
    return (Personal(PHONE, found.start(), found.end()) for found in _PHONE.finditer(text))


def _overlap(one: Personal, other: Personal) -> bool:
    return one.start < other.end and other.start < one.end


def _plain(number: str) -> str:
    """Give the digits as ASCII, with an X at the end where there is one."""
    kept = "".join(each for each in number if each.isdigit() or each in "XxＸ")
    return "".join("X" if each in "XxＸ" else str(int(each)) for each in kept)


def _trailing(number: str) -> int:
    """Count the gaps that the pattern took along at the end."""
    return len(number) - len(number.rstrip(" -－—"))
