"""Lay the returns of one book over each other, oldest first, cell by cell: issued × standing × returned.

The rules are the table of ``docs/how-it-works.md``; each has a name here and a case in its test. A return never speaks
about a cell that it shows as it was issued, with one exception (``set-back``). Where a value gives way to another one,
both are remembered as a disagreement, with what the later return knew of the earlier one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from ledgergen.returns.decisions import Act, Decision, Return
from ledgergen.returns.shelf import Issued
from ledgergen.state.rulings import Resolution, ReturnId, Rulings
from ledgergen.state.standing import HEAD, Origin, Receipt, RowKey, Standing, standing_of
from ledgergen.workbook.codes import normalised

FieldKey: TypeAlias = tuple[RowKey, str]
Said: TypeAlias = Mapping[FieldKey, tuple[Act, str]]  # what a return says, free of where it says it

_LEAST_REPEATED: Final = 2  # cells: fewer that two returns have in common may be chance


class Held(StrEnum):
    """Why a return changes nothing until the office confirms it (safety rules, precedence).

    ``replayed``: it says what an earlier one of its book said, and another has come between. ``outdated``: it was
    filled into an older edition than a return before it. ``sender``: whoever sent it may not answer for the unit.
    """

    REPLAYED = "replayed"
    OUTDATED = "outdated"
    SENDER = "sender"


class Change(StrEnum):
    """What became of an earlier value when a later return said something else.

    ``differs``: another value, and the later return does not show that it knew the earlier (two people's copies).
    ``corrected``: another value, in a return that repeats most of what the earlier one said. ``set-back``: the issued
    text again, in a return that repeats everything else of the earlier one. ``blank``: nothing, in such a return; a
    blank proves nothing, so the earlier value stays.
    """

    DIFFERS = "differs"
    CORRECTED = "corrected"
    SET_BACK = "set-back"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Several values that returns gave one field, in order, the last as it stands unless ``change`` is ``blank``."""

    key: RowKey
    field: str
    values: tuple[Standing, ...]
    change: Change

    @property
    def is_open(self) -> bool:
        """Tell whether somebody has to choose: the returns do not show that one knew the other."""
        return self.change is Change.DIFFERS


@dataclass(slots=True)
class Laid:
    """What the returns of one book come to, filled while they are laid.

    Values by row (:data:`HEAD` for the head block), which returns are held, which values gave way, and for which of
    those the office has chosen.
    """

    cells: dict[RowKey, dict[str, Standing]] = field(default_factory=dict)
    held: dict[ReturnId, Held] = field(default_factory=dict)
    open: dict[FieldKey, Disagreement] = field(default_factory=dict)
    settled: dict[FieldKey, Disagreement] = field(default_factory=dict)


def lay(ordered: Sequence[Receipt], editions: Sequence[Issued], rulings: Rulings) -> Laid:
    """Lay returns, oldest first, over what was issued; withdrawn ones are left out, doubtful ones held."""
    laid = Laid()
    counted = [receipt for receipt in ordered if _id_of(receipt) not in rulings.withdrawn]
    pending = _by_place(rulings.resolutions.get(editions[-1].book.token, ()), counted)
    _resolve(laid, pending.get(-1, ()))
    if len(counted) == 1 and not rulings.resolutions:
        _apply_all(laid, counted[0], {})
        return laid
    # Of several files of a book in one archive the last speaks for it: that the others are known already is no matter.
    spokesman = {receipt.parcel.sha256: index for index, receipt in enumerate(counted)}
    layer = _Layer(editions, rulings)
    for index, receipt in enumerate(counted):
        said = said_by(receipt.returned)
        if held := layer.holds(receipt, said):
            if spokesman[receipt.parcel.sha256] == index:
                laid.held[_id_of(receipt)] = held
        else:
            layer.lay(laid, receipt, said)
        _resolve(laid, pending.get(index, ()))
    return laid


def said_by(returned: Return) -> dict[FieldKey, tuple[Act, str]]:
    """Give what a return says of every field that it decides."""
    rows = ((((row.task, row.measure), name), cell) for row in returned.rows for name, cell in row.cells.items())
    said = {key: (cell.act, normalised(cell.text)) for key, cell in rows}
    return said | {(HEAD, name): (cell.act, normalised(cell.text)) for name, cell in returned.head.items()}


class _Layer:
    """Lays one return after another, and remembers what each of them said."""

    def __init__(self, editions: Sequence[Issued], rulings: Rulings) -> None:
        self._editions = {item.book.edition: index for index, item in enumerate(editions)}
        self._issued = {item.book.edition: item for item in editions}
        self._newest = editions[-1]
        self._rulings = rulings
        self._said: dict[Origin, Said] = {}
        self._edition = -1

    def holds(self, receipt: Receipt, said: Said) -> Held | None:
        """Tell why a return does not count yet; None where it does."""
        if not said or _id_of(receipt) in self._rulings.confirmed:
            return None
        earlier = [one for origin, one in self._said.items() if origin.sha256 != receipt.parcel.sha256]
        if said in earlier[:-1]:
            return Held.REPLAYED
        edition = self._editions.get(receipt.returned.edition, len(self._editions))
        return Held.OUTDATED if edition < self._edition else None

    def lay(self, laid: Laid, receipt: Receipt, said: Said) -> None:
        """Lay one return over what stands."""
        self._edition = max(self._edition, self._editions.get(receipt.returned.edition, -1))
        unsaid = self._unsaid(laid, receipt, said)
        _apply_all(laid, receipt, self._said, self._shown(receipt.returned.edition))
        for (key, name), was, now in unsaid:
            if now is None:
                blank = Standing("", None, receipt.origin, "")
                laid.open.setdefault((key, name), Disagreement(key, name, (was, blank), Change.BLANK))
            else:
                _give_way(laid, (key, name), was, now, Change.SET_BACK)
                laid.cells[key][name] = now
        self._said.pop(receipt.origin, None)
        self._said[receipt.origin] = said

    def _shown(self, edition: str) -> Mapping[FieldKey, str]:
        """Give what a kick-back shows the unit of its own return: whoever corrects that has seen it."""
        issued = self._issued.get(edition)
        if issued is None or not issued.book.answers:
            return {}
        rows = issued.book.rows
        shown = {((row.task, row.measure), name): text for row in rows for name, text in row.own.items()}
        return shown | {(HEAD, name): text for name, text in issued.book.head.items()}

    def _unsaid(self, laid: Laid, receipt: Receipt, said: Said) -> list[tuple[FieldKey, Standing, Standing | None]]:
        """Find the fields that a return shows as issued although an earlier one, which it repeats, had said something.

        With what would stand: the issued text (``set-back``), or None where the return shows a blank (``blank``).
        """
        returned, found = receipt.returned, []
        issued = self._issued.get(returned.edition, self._newest)
        own = {(row.task, row.measure): row.own for row in issued.book.rows}
        for key, fields in laid.cells.items():
            if (key != HEAD and key not in own) or key in returned.missing:
                continue
            for name, was in fields.items():
                if (key, name) in said or name in returned.absent or was.origin not in self._said:
                    continue
                if not _repeats_all(self._said[was.origin], said, (key, name)):
                    continue
                text = issued.book.head.get(name, "") if key == HEAD else own[key].get(name, "")
                if text == was.text:
                    continue
                found.append(((key, name), was, Standing(text, text, receipt.origin, "") if text else None))
        return found


class _Turn(NamedTuple):
    """A return whose turn it is: what came before it said, what it says, what its edition shows of that (kick-back)."""

    origin: Origin
    known: Mapping[Origin, Said]
    said: Said
    shown: Mapping[FieldKey, str]

    def corrects(self, was: Standing, place: FieldKey) -> bool:
        """Tell whether it shows that it knew the value which it changes."""
        if was.text and self.shown.get(place) == was.text:
            return True
        return _repeats_most(self.known.get(was.origin, {}), self.said, place)


def _apply_all(
    laid: Laid, receipt: Receipt, known: Mapping[Origin, Said], shown: Mapping[FieldKey, str] = MappingProxyType({})
) -> None:
    returned = receipt.returned
    turn = _Turn(receipt.origin, known, said_by(returned) if known else {}, shown)
    for row in returned.rows:
        _apply(laid, (row.task, row.measure), row.cells, turn)
    if returned.head:
        _apply(laid, HEAD, returned.head, turn)


def _apply(laid: Laid, key: RowKey, decisions: Mapping[str, Decision], turn: _Turn) -> None:
    origin, known = turn.origin, turn.known
    if not known and key not in laid.cells:
        laid.cells[key] = {
            name: standing_of((text, value, origin, cell)) if act is Act.SET else Standing("", None, origin, cell)
            for name, (act, text, value, cell) in decisions.items()
        }
        return
    standing = laid.cells.setdefault(key, {})
    for name, (act, text, value, cell) in decisions.items():
        now = Standing(text, value, origin, cell) if act is Act.SET else Standing("", None, origin, cell)
        was = standing.get(name)
        standing[name] = now
        if was is None or not known or was.origin == origin or act is Act.ERASE or agree(was, now):
            continue
        if was.text:
            corrected = turn.corrects(was, (key, name))
            _give_way(laid, (key, name), was, now, Change.CORRECTED if corrected else Change.DIFFERS)


def agree(one: Standing, other: Standing) -> bool:
    """Tell whether two values are the same: word for word but for blanks and width, or by their reading."""
    if one.value is not None and one.value == other.value:
        return True
    return normalised(one.text) == normalised(other.text)


def _give_way(laid: Laid, place: FieldKey, was: Standing, now: Standing, change: Change) -> None:
    """Remember that a value gave way; of several changes of one field the one that needs a person is said."""
    known = laid.open.get(place)
    if known is None or known.change is Change.BLANK:
        laid.open[place] = Disagreement(*place, (was, now), change)
    else:
        said = Change.DIFFERS if Change.DIFFERS in (known.change, change) else change
        laid.open[place] = replace(known, values=(*known.values, now), change=said)


def _repeats_all(earlier: Said, later: Said, but: FieldKey) -> bool:
    """Tell whether a return repeats everything an earlier one set, one field aside: it was made from that one."""
    others = [key for key, (act, _) in earlier.items() if key != but and act is Act.SET]
    return len(others) >= _LEAST_REPEATED and all(later.get(key) == earlier[key] for key in others)


def _repeats_most(earlier: Said, later: Said, but: FieldKey) -> bool:
    """Tell whether a return repeats more than half of what an earlier one set, one field aside."""
    others = [key for key, (act, _) in earlier.items() if key != but and act is Act.SET]
    repeated = sum(later.get(key) == earlier[key] for key in others)
    return repeated >= _LEAST_REPEATED and repeated * 2 > len(others)


def _by_place(resolutions: Iterable[Resolution], ordered: Sequence[Receipt]) -> dict[int, list[Resolution]]:
    """Sort resolutions by the last return that was known when they were made; -1 where none of those counts now."""
    places: dict[int, list[Resolution]] = {}
    for each in resolutions:
        seen = [index for index, receipt in enumerate(ordered) if receipt.parcel.sha256 in each.seen]
        places.setdefault(max(seen, default=-1), []).append(each)
    return places


def _resolve(laid: Laid, resolutions: Iterable[Resolution]) -> None:
    for each in resolutions:
        laid.cells.setdefault(each.key, {})[each.field] = each.standing
        place = (each.key, each.field)
        if place in laid.open:
            laid.settled[place] = laid.open.pop(place)


def _id_of(receipt: Receipt) -> ReturnId:
    return ReturnId(receipt.parcel.sha256, receipt.returned.token)
