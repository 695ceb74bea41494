"""Undo, undo of undo, and any tangle of both."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from journal_steps import WHO, minute, write
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.standing import CANCEL, cancelling, standing


def test_undo_of_undo(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    a, b = write(tmp_path, "a", "b")
    undo = journal.append(CANCEL, cancelling([b]), at=minute(2), who=WHO)
    assert standing(journal.load()[0]) == [a, undo]
    redo = journal.append(CANCEL, cancelling([undo]), at=minute(3), who=WHO)
    assert standing(journal.load()[0]) == [a, b, redo]
    again = journal.append(CANCEL, cancelling([redo]), at=minute(4), who=WHO)
    assert standing(journal.load()[0]) == [a, undo, again]


def test_one_undo_of_several(tmp_path: Path) -> None:
    a, b, c = write(tmp_path, "a", "b", "c")
    undo = Journal(tmp_path).append(CANCEL, cancelling([a, c]), at=minute(3), who=WHO)
    assert standing(Journal(tmp_path).load()[0]) == [b, undo]


@pytest.mark.parametrize("facts", [{}, {"cancels": "all"}, {"cancels": [1, None]}, {"cancels": ["0" * 64]}])
def test_a_cancel_that_names_nothing(tmp_path: Path, facts: dict[str, object]) -> None:
    (a,) = write(tmp_path, "a")
    undo = Journal(tmp_path).append(CANCEL, facts, at=minute(1), who=WHO)
    assert standing(Journal(tmp_path).load()[0]) == [a, undo]


def naive(chain: list[set[int] | None]) -> list[int]:
    """Say it as the rule does: an event stands unless a cancel that stands names it."""

    @cache
    def stands(number: int) -> bool:
        return not any(number in (named or ()) and stands(later) for later, named in enumerate(chain))

    return [number for number in range(len(chain)) if stands(number)]


@st.composite
def chains(draw: st.DrawFn) -> list[set[int] | None]:
    """Draw, for each event, the earlier ones that it cancels, or ``None`` for one of another kind."""
    length = draw(st.integers(0, 14))
    return [
        draw(st.none() | st.sets(st.integers(0, number - 1), max_size=4)) if number else None
        for number in range(length)
    ]


@given(chain=chains())
@example(chain=[None, {0}, {1}, {2}, {0, 3}])
def test_standing_agrees_with_the_rule(chain: list[set[int] | None]) -> None:
    digests = [f"{number:064x}" for number in range(len(chain))]
    events = [
        Event(
            sequence=number + 1,
            at="2022-07-01T08:00:00.000Z",
            who=WHO,
            kind="other" if named is None else CANCEL,
            facts={} if named is None else {"cancels": [digests[each] for each in named]},
            parents=tuple(digests[:number][-1:]),
            digest=digests[number],
        )
        for number, named in enumerate(chain)
    ]
    assert [event.sequence - 1 for event in standing(events)] == naive(chain)
