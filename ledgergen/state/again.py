"""Measures that a unit added, known again in its later returns though their text was edited a little.

An added measure has no code. Its number is made of its text (:func:`ledgergen.workbook.codes.measure_mark`), so the
same text is the same measure. When a unit corrects the text and sends its ledger again, the number is another one, and
the measure would stand twice. It is taken for the earlier one if the later return was made from the earlier (it repeats
at least half of what that one said) and no longer has that measure, both are of one task, and their texts are alike: by
:data:`LIKE` at least, and by :data:`AHEAD` more than any other pair of the two. What is so replaced is a change of that
measure like any other, and the fold remembers both texts. Of two people's copies none repeats the other: both stand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from ledgergen.returns.decisions import How, Return, RowReturn
from ledgergen.state.standing import Receipt, RowKey
from ledgergen.workbook.codes import normalised

LIKE: Final = 80  # of 100: 「召开推进会」 and 「召开全区推进会」 are one, 「召开推进会」 and 「印发方案」 are not
AHEAD: Final = 10


class _Added(NamedTuple):
    """A measure that a return added: its text, and the return."""

    text: str
    returned: Return


class _Pair(NamedTuple):
    likeness: float
    earlier: RowKey
    later: RowKey


def known_again(ordered: Sequence[Receipt], issued: Collection[RowKey] = ()) -> list[Receipt]:
    """Give returns, oldest first, with added measures under the numbers that earlier returns of the book gave them.

    ``issued`` are the rows of the book's ledgers: a number that has been issued in a code is never replaced.
    """
    known: dict[RowKey, _Added] = {}
    found: list[Receipt] = []
    for receipt in ordered:
        added = {_key(row): _Added(_text(row), receipt.returned) for row in receipt.returned.rows if row.how is How.NEW}
        earlier = {key: each for key, each in known.items() if key not in added}
        fresh = {key: each for key, each in added.items() if key not in known and key not in issued}
        same = _same(earlier, fresh) if earlier and fresh else {}
        found.append(_renumbered(receipt, same) if same else receipt)
        known.update((same.get(key, key), each) for key, each in added.items())
    return found


def _key(row: RowReturn) -> RowKey:
    return row.task, row.measure


def _text(row: RowReturn) -> str:
    """Give the text that an added measure is known by: the measure's, else all that was written into its row."""
    measure = row.cells.get("measure")
    texts = [measure] if measure else row.cells.values()
    return normalised("\n".join(decision.text for decision in texts))


def _same(earlier: Mapping[RowKey, _Added], fresh: Mapping[RowKey, _Added]) -> dict[RowKey, RowKey]:
    """Pair later measures with earlier ones of their task, where they are alike and no other pair is nearly so."""
    pairs = [
        _Pair(fuzz.ratio(was.text, now.text), old, new)
        for old, was in earlier.items()
        for new, now in fresh.items()
        if old[0] == new[0] and _repeats(now.returned, was.returned, {old, new})
    ]
    return {pair.later: pair.earlier for pair in pairs if pair.likeness >= LIKE and _is_ahead(pair, pairs)}


def _is_ahead(pair: _Pair, pairs: Iterable[_Pair]) -> bool:
    others = (other for other in pairs if other is not pair)
    rivals = (other for other in others if other.earlier == pair.earlier or other.later == pair.later)
    return all(other.likeness <= pair.likeness - AHEAD for other in rivals)


def _repeats(later: Return, earlier: Return, but: Collection[RowKey]) -> bool:
    """Tell whether a return says again at least half of what an earlier one said, of other rows than those.

    Where the earlier one said nothing else, the measure's own row has to have something in common.
    """
    said, again = _said(later, but), _said(earlier, but)
    if again:
        return 2 * len(said & again) >= len(again)
    return bool(_beside(later, but) & _beside(earlier, but))


def _said(returned: Return, but: Collection[RowKey]) -> set[tuple[str, ...]]:
    rows = (row for row in returned.rows if _key(row) not in but)
    cells = {(*_key(row), name, normalised(cell.text)) for row in rows for name, cell in row.cells.items()}
    return cells | {(name, normalised(cell.text)) for name, cell in returned.head.items()}


def _beside(returned: Return, rows: Collection[RowKey]) -> set[tuple[str, str]]:
    found = (row for row in returned.rows if _key(row) in rows)
    return {(name, normalised(cell.text)) for row in found for name, cell in row.cells.items() if name != "measure"}


def _renumbered(receipt: Receipt, same: Mapping[RowKey, RowKey]) -> Receipt:
    rows = (row._replace(measure=same[_key(row)][1]) if _key(row) in same else row for row in receipt.returned.rows)
    return replace(receipt, returned=replace(receipt.returned, rows=tuple(rows)))
