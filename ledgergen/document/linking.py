"""How a superior's plan is taken over (承接): each of its tasks with one's own that carry it on, found by text."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, NamedTuple

from ledgergen.document.characters import fold
from ledgergen.document.likeness import Likeness

_SAME: Final = 0.9  # of the characters, in their order
_TAKEN_OVER: Final = 0.5  # of the words, rare ones weighing more
_BESIDE: Final = 0.8  # of what the best one holds, for a further one to be named
_CANDIDATES: Final = 8
_TELLING: Final = 10  # characters that do not stand in another text by chance
_MOST: Final = 3  # own tasks for one


class Relation(StrEnum):
    """What became of a superior's task: it is there in its words, in others, or not at all."""

    SAME = "same"
    REFINED = "refined"
    MISSING = "missing"


class LinkText(NamedTuple):
    """One task as far as it matters here: its id, its name, its whole text."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """One task of the superior's plan and one's own that carry it on; ``likeness`` is that of the best (0 to 100)."""

    superior: str
    name: str
    relation: Relation
    tasks: tuple[str, ...] = ()
    likeness: int = 0


def link(superior: Sequence[LinkText], own: Sequence[LinkText]) -> list[Link]:
    """Link every task of the superior's plan, in its order.

    The same: almost every character stands in the same order, or the whole stands within a longer task. Refined: half
    of the words are there, rare ones weighing more; so a task that was shortened, merged with another or parted in two
    is found. A person must look at each.
    """
    likeness = Likeness([each.text for each in own])
    return [_linked(each, own, likeness) for each in superior]


def _alike(one: str, other: str) -> float:
    """Tell how alike two texts are, character by character; one that stands in the other whole is the same."""
    if len(one) >= _TELLING and one in other:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _linked(task: LinkText, own: Sequence[LinkText], likeness: Likeness) -> Link:
    scored = []
    for _, place in likeness.nearest(task.text, _CANDIDATES):
        other = own[place].text
        alike = _alike(fold(task.text).rstrip("。;"), fold(other))
        held = max(likeness.coverage(task.text, other), likeness.coverage(other, task.text) * _BESIDE)
        scored.append((alike if alike >= _SAME else min(held, 0.99), alike >= _SAME, place))
    scored.sort(key=lambda each: (-each[0], each[2]))
    if not scored or scored[0][0] < _TAKEN_OVER:
        return Link(task.id, task.name, Relation.MISSING, (), round(scored[0][0] * 100) if scored else 0)
    best, is_same, first = scored[0]
    if is_same:
        return Link(task.id, task.name, Relation.SAME, (own[first].id,), round(best * 100))
    kept = [place for score, _, place in scored if score >= max(_TAKEN_OVER, best * _BESIDE)][:_MOST]
    return Link(task.id, task.name, Relation.REFINED, tuple(own[place].id for place in kept), round(best * 100))
