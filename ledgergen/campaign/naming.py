"""File names from units' names: what a file system refuses, and names that clash."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
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
    text = _cut(text[:_LONGEST], _WIDEST).strip(" .") or "_"
    return f"_{_cut(text, _WIDEST - 1)}" if _RESERVED.match(text) else text


def distinct_stems(wanted: Mapping[str, str], before: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Make a file name for each of several owners from the text that it wants; no two are one name on any disk.

    Upper and lower case, composed and decomposed forms are the same name. Where two clash, the later one gets four
    characters behind that follow from its owner alone. ``before`` gives the names that were used before: those stay, so
    that a further owner changes nobody's name.
    """
    stems = {owner: safe_stem(text) for owner, text in wanted.items()}
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    for owner, stem in stems.items():
        used = before.get(owner, "")
        if used in (stem, *_marked(stem, owner)) and clash_key(used) not in taken:
            chosen[owner] = used
            taken.add(clash_key(used))
    for owner, stem in stems.items():
        if owner not in chosen:
            free = (each for each in (stem, *_marked(stem, owner)) if clash_key(each) not in taken)
            chosen[owner] = next(free)
            taken.add(clash_key(chosen[owner]))
    return {owner: chosen[owner] for owner in wanted}


def _marked(stem: str, owner: str) -> list[str]:
    """Give the names to try where the plain one is taken: with ever more characters of a hash of the owner's name."""
    digest = hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()
    return [f"{_cut(stem, _WIDEST - length - 1)}_{digest[:length]}" for length in (4, 12, 64)]


def _cut(text: str, most: int) -> str:
    """Cut a text to so many bytes of UTF-8, between characters."""
    return text.encode()[:most].decode("utf-8", "ignore")


def clash_key(name: str) -> str:
    """Give what two names must differ in on any file system."""
    return unicodedata.normalize("NFKC", name).casefold()
