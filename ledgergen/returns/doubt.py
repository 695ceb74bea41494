"""Doubt: which sheet rows cannot be told for certain, though a score favours one of the issued rows.

Where codes say one row and the text another, either the codes were left behind when the rest was sorted, or the plan's
texts were sorted and the rest was left. In the first case what the unit wrote belongs to the text, in the second to the
codes, and the sheet looks the same. So the row goes to review, unless something else tells: a prefilled measure, which
stands among what the unit writes, or that one of the two rows is there itself, code and text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ledgergen.returns.evidence import Evidence, RowKey, Texts

MARGIN: Final = 10  # a likeness that is less than this above the next best one decides nothing


@dataclass(frozen=True)
class Doubt:
    """The rows of a sheet, ``held``: by the index of the expected row with which the best score paired them."""

    evidence: Sequence[Evidence]
    keys: Sequence[RowKey]
    texts: Texts
    held: Mapping[int, Evidence]

    @cached_property
    def places(self) -> Mapping[RowKey, int]:
        """Give the indices of the expected rows by key."""
        return {key: index for index, key in enumerate(self.keys)}

    @cached_property
    def codes_astray(self) -> bool:
        """Tell whether codes stand beside texts of other rows: no code counts then where no text supports it.

        For a row that a unit inserted may have slid beside the code of somebody else's. That the text of a row which is
        there itself was copied over others moves no code.
        """
        return any(self._is_contradicted(item) and not self._is_text_copied(item) for item in self.evidence)

    @cached_property
    def texts_astray(self) -> bool:
        """Tell whether it cannot be told which was moved, codes or texts: no text counts then where no code agrees."""
        return any(self._is_undecided(item, index) for index, item in self.held.items())

    @cached_property
    def texts_moved(self) -> bool:
        """Tell whether rows that are known otherwise show what the plan says of other tasks, which do not show it.

        Then the plan's columns were sorted alone. That a text was copied over others does not make it so.
        """
        plan = self.texts.plan
        kept = {plan[index] for index, item in self.held.items() if item.text == plan[index]}
        shown = {item.text for index, item in self.held.items() if item.text != plan[index] and item.text.strip()}
        return not (shown - kept).isdisjoint(plan)

    def named(self, item: Evidence) -> set[int]:
        """Give the expected rows that a row's codes name."""
        return {self.places[key] for key in (item.visible, item.hidden) if key and key in self.places}

    def may_be(self, item: Evidence, index: int) -> set[int]:
        """Give the expected rows that a paired row may be, where it is undecided; none where it is certain."""
        named = self.named(item)
        rivals = set() if index in named else self._rivals(item, index) | self.texts.others_of_plan(item, index)
        certain = not rivals and not self._is_undecided(item, index)
        if certain and self.codes_astray:
            certain = self.texts.supports(item, index)
        if certain and self.texts_astray:
            certain = index in named or self._is_confirmed(item, index)
        return set() if certain else {index, *named, *rivals}

    def _of_code(self, item: Evidence) -> int | None:
        """Give the expected row that a row's code names: the visible one, else the hidden one."""
        key = item.visible or item.hidden
        return self.places.get(key) if key else None

    def _is_contradicted(self, item: Evidence) -> bool:
        return None is not self._of_code(item) != self.texts.choice(item) is not None

    def _is_undecided(self, item: Evidence, index: int) -> bool:
        """Tell whether code and text say different rows, and nothing else speaks for the one that was taken."""
        if not self._is_contradicted(item):
            return False
        code, text = self._of_code(item), self.texts.choice(item)
        if self._is_confirmed(item, index) or (item.hidden and self.places.get(item.hidden) == text):
            return False
        other = text if index == code else code  # is the other one there itself, this one's code or text is a copy
        return other is None or not self._is_there(other, item)

    def _is_text_copied(self, item: Evidence) -> bool:
        text = self.texts.choice(item)
        return text is not None and self._is_there(text, item)

    def _is_there(self, index: int, apart_from: Evidence) -> bool:
        item = self.held.get(index)
        return item is not None and item is not apart_from and self._of_code(item) == self.texts.choice(item) == index

    def _is_confirmed(self, item: Evidence, index: int) -> bool:
        """Tell whether a row shows task and prefilled measure of an expected one, and its code is of another task.

        Of two rows of one task only the measures differ, and those the unit may have exchanged.
        """
        code, texts = self._of_code(item), self.texts
        if not texts.measure[index] or not texts.is_exact(item, index):
            return False
        return code is None or texts.plan[code] != texts.plan[index]

    def _rivals(self, item: Evidence, index: int) -> set[int]:
        """Name the rows that one known by its text alone is as like to, and that nobody holds for sure."""
        texts = self.texts
        if texts.unique[index] and texts.is_exact(item, index):
            return set()
        free = (place for place in range(len(self.keys)) if place != index and not self._is_held(place))
        return {place for place in free if texts.likeness(item, place) > texts.likeness(item, index) - MARGIN}

    def _is_held(self, index: int) -> bool:
        """Tell whether a sheet row is an expected one beyond doubt: by a code, or letter for letter."""
        item = self.held.get(index)
        if item is None:
            return False
        return index in self.named(item) or (self.texts.unique[index] and self.texts.is_exact(item, index))
