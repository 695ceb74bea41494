"""The names by which a plan calls units and groups, and how two spellings of one name are compared."""

import re
import unicodedata
from typing import Final, Self

from ledgergen.findings import NOWHERE, Where

# Joiners and marks without width come in by copying from web pages and PDF files.
_BLANK: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_BRACKETS: Final = str.maketrans("〈〔【〉〕】", "((()))")


class Phrase(str):
    """A unit, group or time limit as a task of the plan words it: a text that remembers its place in ``plan.yaml``.

    So a name nobody has can be pointed at in a list of twenty, while a task's lists stay plain texts.
    """

    __slots__ = ("where",)
    where: Where

    def __new__(cls, text: str, where: Where = NOWHERE) -> Self:
        """Make a phrase; without a place it is an ordinary text."""
        phrase = super().__new__(cls, text)
        phrase.where = where
        return phrase


def place_of(phrase: str, otherwise: Where) -> Where:
    """Give the place of a phrase, or ``otherwise`` where it is a text without one."""
    return phrase.where if isinstance(phrase, Phrase) and phrase.where != NOWHERE else otherwise


def plain_name(name: str) -> str:
    """Reduce a name to what makes it the same name: NFKC, no white space, all brackets round.

    The documents write one name as 各镇（街道） and 各镇〈街道〉, full width and half width, and break it over lines.
    """
    bare = _BLANK.sub("", unicodedata.normalize("NFKC", name))
    # Once more: what a blank kept apart may now make one character.
    return unicodedata.normalize("NFKC", bare).translate(_BRACKETS)
