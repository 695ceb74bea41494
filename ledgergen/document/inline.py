"""Documents copied without any line end: numbers in the middle of the text, found by their sequence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from ledgergen.document.blocks import Paragraph
from ledgergen.document.numbering import number_at_start

_CANDIDATE: Final = re.compile(
    r"(?P<han>[一二三四五六七八九十]{1,3}、)|(?P<han_bracket>[（(][一二三四五六七八九十]{1,3}[）)])|(?P<arabic>[0-9]{1,2}[.．](?![0-9]))"
)
_BEFORE: Final = re.compile(r"[。！？；）)”]\s*$")
_LEAST: Final = 400  # characters of a paragraph that may hold several items
_LEAST_THEN: Final = 60  # the same, in a document that has had one already
_HEADING: Final = 45


@dataclass(slots=True)
class _Counts:
    """The last number of each kind, over all paragraphs."""

    han: int = 0
    han_bracket: int = 0
    arabic: int = 0


def split_inline(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Part paragraphs that hold several numbered items of the outline; all others pass as they are."""
    counts = _Counts()
    found = False
    for paragraph in paragraphs:
        least = _LEAST if not found else _LEAST_THEN
        places = _places(paragraph.text, counts) if len(paragraph.text) >= least else []
        found = found or bool(places)
        if not places and (number := number_at_start(paragraph.text)) and hasattr(counts, number.kind):
            setattr(counts, number.kind, number.value)
        edges = [0, *(place for place in places if place), len(paragraph.text)]
        for start, end in pairwise(edges):
            yield replace(paragraph, text=paragraph.text[start:end].strip()) if len(edges) > 2 else paragraph  # noqa: PLR2004


def _places(text: str, counts: _Counts) -> list[int]:
    """Find the places at which an item of the outline begins; none unless the outermost kind is among them."""
    trial = replace(counts)
    found: list[tuple[str, int]] = []
    heading = -1
    for candidate in _CANDIDATE.finditer(text):
        number = number_at_start(candidate[0] + "一")
        if number is None or not _is_next(text, candidate, number.value, trial, heading):
            continue
        setattr(trial, number.kind, number.value)
        if number.kind != "arabic":
            trial.arabic = 0
        heading = candidate.end() if number.kind == "han" else heading
        found.append((number.kind, candidate.start()))
    inner = [place for kind, place in found if place > 0 and kind != "arabic"]
    if not inner:
        return []
    counts.han, counts.han_bracket, counts.arabic = trial.han, trial.han_bracket, trial.arabic
    return [place for _, place in found]


def _is_next(text: str, candidate: re.Match[str], value: int, counts: _Counts, heading: int) -> bool:
    kind = str(candidate.lastgroup)
    before = text[max(0, candidate.start() - 3) : candidate.start()]
    below_heading = heading >= 0 and not re.search("[。；，]", text[heading : candidate.start()])
    below_heading = below_heading and candidate.start() - heading <= _HEADING
    if kind == "han_bracket" and below_heading:
        return value in (1, counts.han_bracket + 1)
    if before.strip() and not _BEFORE.search(before):
        return False
    expected = int(getattr(counts, kind)) + 1
    return value == expected if before.strip() else value in (1, expected)
