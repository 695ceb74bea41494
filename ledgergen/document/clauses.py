"""Where in a text a clause about units stands: （责任单位：…）, （县财政局牵头，县审计局配合）, 责任单位：… alone."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from ledgergen.document.characters import ROUND_OPENING, closing_of
from ledgergen.document.roles import ANOTHER, LABEL, LABELLED, looks_like_units
from ledgergen.document.simplified import simplified

_OPEN_LABEL: Final = re.compile(rf"[{re.escape(ROUND_OPENING)}]\s*(?:{LABEL.pattern})\s*[:：]")
_BARE_LABEL: Final = re.compile(
    rf"(?:^|(?<=[。；;！？.\n]))\s*[—–－•·●-]{{0,3}}\s*(?:(?:{LABEL.pattern})\s*[:：]|{ANOTHER.pattern})"
)
_CONTACT: Final = re.compile("联系|联络|电话")
_BEFORE: Final = re.compile(r"[。；;！？”]\s*$")
_AFTER: Final = re.compile(r"^\s*([。；;.]|$)")
_LONGEST: Final = 2_500  # characters; forty bureaus have 400
_TAIL: Final = re.compile(r"^[。；;，,.\s]*$")


class Clause(NamedTuple):
    """A clause: ``text[start:end]`` with its brackets, and what is said in it."""

    start: int
    end: int
    text: str


class Part(NamedTuple):
    """A stretch of text and the clause that ends it; no clause behind the last stretch."""

    text: str
    clause: str | None


@lru_cache(maxsize=4096)
def find_clauses(text: str) -> tuple[Clause, ...]:
    """Find the clauses of a text in order; brackets closed by one of another kind, or never, are understood."""
    plain = simplified(text)
    found = [*_labelled(plain), *_unlabelled(plain)]
    found.sort()
    kept: list[Clause] = []
    for clause in found:
        if not kept or clause.start >= kept[-1].end:
            kept.append(clause)
    kept += _bare(plain, kept[-1].end if kept else 0)
    return tuple(_clause(text, start, end) for start, end, _ in kept)


def parted(text: str) -> list[Part]:
    """Part a text at its clauses: each clause ends a part. Marks alone behind the last clause are no part."""
    parts: list[Part] = []
    at = 0
    for clause in find_clauses(text):
        parts.append(Part(_joined(text[at : clause.start], text[clause.end :]), clause.text))
        at = clause.end
    rest = text[at:]
    if not parts or not _TAIL.match(rest):
        parts.append(Part(rest.strip(), None))
    return parts


def without_clauses(text: str) -> str:
    """Give a text with its clauses taken out."""
    return "".join(part.text for part in parted(text)) if find_clauses(text) else text


def is_clause_alone(text: str) -> bool:
    """Tell whether a paragraph is nothing but clauses."""
    parts = parted(text)
    return all(part.clause is not None and not part.text.strip("。；;，, ") for part in parts)


def _labelled(text: str) -> Iterator[Clause]:
    starts = [found.start() for found in _OPEN_LABEL.finditer(text)]
    for start, following in pairwise([*starts, len(text)]):
        limit = min(following, start + _LONGEST)
        end = closing_of(text, start, limit) + 1
        yield _clause(text, start, end or _stretch(text, start, limit))


def _stretch(text: str, start: int, limit: int) -> int:
    """Give the end of a clause that is never closed: the end of its sentence, or of the text."""
    stop = text.find("。", start, limit)
    return stop if stop > 0 else limit


def _unlabelled(text: str) -> Iterator[Clause]:
    """Find brackets at the end of a sentence that hold bodies: （县财政局牵头，县审计局配合）."""
    for start, character in enumerate(text):
        if character not in ROUND_OPENING or character in "〈﹙":
            continue
        end = closing_of(text, start, start + _LONGEST) + 1
        if not end or not (_BEFORE.search(text[max(0, start - 3) : start]) or _AFTER.match(text[end : end + 2])):
            continue
        if looks_like_units(text[start + 1 : end - 1]):
            yield _clause(text, start, end)


def _bare(text: str, at: int) -> list[Clause]:
    """Find a clause without brackets: from its label to the end of the paragraph."""
    found = _BARE_LABEL.search(text, at) if at else _BARE_LABEL.search(text)
    if found is None:
        return []
    start = found.start() + len(found[0]) - len(found[0].lstrip())
    if not LABELLED.search(text, start) and _CONTACT.match(text, start):  # whom to ask, not who does it
        return []
    return [_clause(text, start, len(text))]


def _clause(text: str, start: int, end: int) -> Clause:
    """Make a clause; its own brackets are left out, and one that is never closed has only the first."""
    bracketed = text[start] in ROUND_OPENING
    closed = bracketed and closing_of(text, start, end) == end - 1
    return Clause(start, end, text[start + bracketed : end - closed])


def _joined(before: str, after: str) -> str:
    """Give a part; the mark that the author put behind the clause belongs to the sentence before it."""
    text = before.strip()
    mark = after.lstrip()[:1]
    return text + mark if text and mark in ("。", "；") and text[-1] not in "。；！？" else text
