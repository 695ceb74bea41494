"""Codes: how a book and each of its rows are known again, wherever they are pasted.

A row's code is ``BOOK-TASK-MEASURE-CHECK``, e.g. ``7K2F9Q-5-1-X``: book token in Crockford's base-32 alphabet, task
id, measure number, check character (ISO 7064 Mod 37,36). A book's number (台账编号) is ``BOOK-EDITION-CHECK``. Both
identify; neither authorises (safety rules).
"""

import functools
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_START: Final = 36
# The remainder that follows from one and a character; a table, for a code is checked for every row that comes back.
_NEXT: Final = tuple(
    {character: ((remainder + value) % 36 or 36) * 2 % 37 for value, character in enumerate(_ALPHABET)}
    for remainder in range(37)
)
_BLANKS: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\u30fc]")
_PLAIN: Final = re.compile(r"[0-9A-Za-z.-]*")  # as almost every code comes back
_LOOKALIKES: Final = str.maketrans("OIL", "011")

TOKEN_LENGTH: Final = 6
EDITION_LENGTH: Final = 4


class RowCode(NamedTuple):
    """A row code taken apart; ``token``, ``task`` and ``measure`` in folded spelling (:func:`fold`)."""

    token: str
    task: str
    measure: str


def book_token(campaign: str, round_id: str, unit: str, taken: Collection[str] = ()) -> str:
    """Derive a book's token from what it is about; a token already ``taken`` by another book is bumped."""
    for bump in range(1000):
        digest = _digest([campaign, round_id, unit, *([str(bump)] if bump else [])])
        token = _crockford(digest, TOKEN_LENGTH)
        if token not in taken:
            return token
    raise AssertionError("a thousand collisions of 30 bits")


def edition_of(texts: Iterable[str]) -> str:
    """Derive an edition from every text a ledger shows, in order: same content, same edition."""
    return _crockford(_digest(texts), EDITION_LENGTH)


def measure_mark(task: str, text: str, taken: Collection[str] = ()) -> str:
    """Derive the measure number of a row that a unit inserted: ``N`` and four characters of its normalised text.

    Derived from the text, not counted, so that the same inserted measure is known again in the unit's next return and
    the order of collecting does not matter.
    """
    for bump in range(1000):
        mark = "N" + _crockford(_digest([task, normalised(text), *([str(bump)] if bump else [])]), 4)
        if mark not in taken:
            return mark
    raise AssertionError("a thousand collisions of 20 bits")


def row_code(token: str, task: str, measure: str) -> str:
    """Compose a row's code."""
    return f"{token}-{task}-{measure}-{_row_check(_of_token(token), task, measure)}"


@functools.lru_cache(maxsize=16384)  # every unit has the same tasks, and a token leaves one of 36 remainders
def _row_check(remainder: int, task: str, measure: str) -> str:
    return _ALPHABET[(37 - _remainder(fold(task) + fold(measure), remainder)) % 36]


def book_number(token: str, edition: str) -> str:
    """Compose a book's number (台账编号)."""
    return f"{token}-{edition}-{check_character(token + edition)}"


@functools.lru_cache(maxsize=4096)  # a code is asked for when a ledger is recognised and again when rows are matched
def parse_row_code(text: str) -> RowCode | None:
    """Take a row code apart, as typed or pasted; None where it is none, or where its check character says no."""
    parts = fold(text).split("-")
    if len(parts) != len(RowCode._fields) + 1 or len(parts[0]) != TOKEN_LENGTH or not (parts[1] and parts[2]):
        return None
    token, task, measure, check = parts
    remainder = _remainder(task + measure, _of_token(token))
    if check != _ALPHABET[(37 - remainder) % 36].translate(_LOOKALIKES):
        return None
    return RowCode(token, task, measure)


@functools.lru_cache(maxsize=4096)  # labels and instructions come again in every ledger
def parse_book_number(text: str) -> tuple[str, str] | None:
    """Find a book's number in a text such as ``台账编号：7K2F9Q-4TXA-M``; gives token and edition, folded."""
    for found in re.finditer(r"([0-9A-Z]{6})-([0-9A-Z]{4})-([0-9A-Z])(?![0-9A-Z-])", fold(text)):
        token, edition, check = found.groups()
        if check == fold(check_character(token + edition)):
            return token, edition
    return None


@functools.lru_cache(maxsize=1024)  # task ids and measure numbers come again in every ledger
def fold(text: str) -> str:
    """Fold what retyping changes: width, case, blanks, kinds of dashes, and O for 0, I and L for 1 (Crockford)."""
    if not _PLAIN.fullmatch(text):
        text = _DASHES.sub("-", normalised(text))
    return text.upper().translate(_LOOKALIKES)


@functools.lru_cache(maxsize=16384)  # a plan's texts come again in every ledger
def normalised(text: str) -> str:
    """Normalise before comparing: NFKC, no white space, no zero-width characters, no BOM."""
    if text.isascii() and text.isalnum():
        return text
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def check_character(text: str) -> str:
    """Compute the check character of ISO 7064 Mod 37,36 over the letters and digits of a text, others passed over.

    Computed on the folded text, so that a code retyped with O for 0 keeps its check character.
    """
    return _check(fold(text))


def _check(folded: str) -> str:
    return _ALPHABET[(37 - _remainder(folded, _START)) % 36]


def _remainder(folded: str, remainder: int) -> int:
    for character in folded:
        remainder = _NEXT[remainder].get(character, remainder)
    return remainder


@functools.lru_cache(maxsize=64)  # all rows of a book begin with its token
def _of_token(token: str) -> int:
    return _remainder(fold(token), _START)


def _digest(parts: Iterable[str]) -> bytes:
    """Hash texts so that no two lists of texts run together: each is preceded by its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


def _crockford(digest: bytes, length: int) -> str:
    number = int.from_bytes(digest[:16], "big")
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in range(length))
