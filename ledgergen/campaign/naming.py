"""File names from units' names: what a file system refuses, and names that clash."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

_REFUSED: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
_LONGEST: Final = 80  # characters …
_WIDEST: Final = 200  # … and bytes in UTF-8: 84 Chinese characters and an ending exceed the 255 that disks allow


def safe_stem(wanted: str) -> str:
    """Make a file name without its ending from any text.

    Normalised first, then cleaned: NFKC alone would turn ``．．／`` into ``../`` (safety rules). Never empty, no
    reserved name of Windows, no blank or dot at either end, at most 200 bytes.
    """
    text = _REFUSED.sub("_", unicodedata.normalize("NFKC", wanted)).strip(" .")
    text = text[:_LONGEST]
    while len(text.encode()) > _WIDEST:
        text = text[:-1]
    text = text.strip(" .") or "_"
    return f"_{text}" if _RESERVED.match(text) else text


def distinct_stem(stem: str, taken: Collection[str]) -> str:
    """Add a number where a name is taken already, upper and lower case and composed forms being the same name."""
    candidate, number = stem, 1
    while clash_key(candidate) in taken:
        number += 1
        candidate = f"{stem}_{number}"
    return candidate


def clash_key(name: str) -> str:
    """Give what two names must differ in on any file system."""
    return unicodedata.normalize("NFKC", name).casefold()
