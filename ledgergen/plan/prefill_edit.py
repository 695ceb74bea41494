"""Change what ``prefill.yaml`` says of single cells, and write it with everything else left as it is.

An entry that all its units change alike is changed in place; units that differ get an entry of their own. What several
units have alike, and no other entry says, becomes one entry; where that is all units of the task, it names none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from ledgergen.plan.prefill import Having, PrefillEntry, Share, meant_by
from ledgergen.plan.rewrite import Add, Change, Drop, Put, Value, rewritten
from ledgergen.plan.units import Registry

NEW_FILE: Final = """\
# yaml-language-server: $schema=.ledgergen/schema/prefill.json
# 代填：办公室已经知道、替单位预先填好的内容。每条写明任务、单位（不写就是承担这项任务的全部单位）、填哪几栏。
entries: []
""".encode()
_ORDER: Final = ("task", "units", "round", "measure", "override", "fields")

_Cell: TypeAlias = "tuple[Scope, str, str]"  # scope, unit, column id
Cells: TypeAlias = tuple[tuple[str, str], ...]  # column id and text, in the layout's order


class Scope(NamedTuple):
    """What entries may be put together by: the task, the measure, the round (empty for all), and ``override``."""

    task: str
    measure: str
    round: str
    override: bool


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What one cell of one unit is to say; None takes away what is filled in."""

    scope: Scope
    unit: str
    column: str
    text: str | None


@dataclass(slots=True)
class _Kept:
    """An entry on its way: the units that stay in it, and its texts."""

    share: Share
    units: tuple[str, ...]
    cells: dict[str, str]


@dataclass(slots=True)
class _Loose:
    """Texts that no entry says yet, by scope and unit."""

    cells: dict[Scope, dict[str, dict[str, str]]] = field(default_factory=dict)

    def put(self, scope: Scope, unit: str, column: str, text: str) -> None:
        self.cells.setdefault(scope, {}).setdefault(unit, {})[column] = text


def scope_of(entry: PrefillEntry) -> Scope:
    """Give the scope of an entry."""
    return Scope(entry.task, entry.measure, entry.round, entry.override)


def edited(
    data: bytes | None,
    shares: Sequence[Share],
    edits: Iterable[CellEdit],
    who: Having,
    columns: Sequence[str],
    registry: Registry,
) -> bytes:
    """Give the file's bytes with the edits in it; without any, the very same bytes.

    ``data`` is None where there is no file yet; ``columns`` are the ids of the layout's inputs in its order.

    Raises:
        Unwritable: the file is written in a way in which the edits cannot be put into it.
    """
    wanted = {(edit.scope, edit.unit, edit.column): edit.text for edit in edits}
    if not wanted:
        return data or b""
    loose, said = _Loose(), set[_Cell]()
    kept = [_split(share, wanted, loose, said) for share in shares]
    for cell, text in wanted.items():
        if text is not None and cell not in said:
            loose.put(*cell, text)
    for one in kept:
        _take_in(one, loose)
    new = [_entry(scope, units, cells, who) for scope, units, cells in _alike(loose, who, columns)]
    changes = [change for index, one in enumerate(kept) for change in _changes(index, one, registry)]
    data = rewritten(data if data is not None else NEW_FILE, changes)
    gone = sum(isinstance(change, Drop) for change in changes)
    return _added(data, len(kept) - gone, new)


def prefill_yaml(entries: Iterable[PrefillEntry]) -> bytes:
    """Write entries as a file of their own; the inverse of :func:`~.prefill.load_prefill`."""
    return _added(NEW_FILE, 0, list(entries))


def _added(data: bytes, count: int, entries: Sequence[PrefillEntry]) -> bytes:
    """Add entries behind the ``count`` that there are; into an empty list first one alone, for the others to follow."""
    if not count and entries:
        data = rewritten(data, [Add("entries", -1, _written(entries[0]))])
        count, entries = 1, entries[1:]
    return rewritten(data, [Add("entries", count - 1, _written(entry)) for entry in entries])


def _split(share: Share, wanted: Mapping[_Cell, str | None], loose: _Loose, said: set[_Cell]) -> _Kept:
    """Change an entry's texts as its units want them; units that want something else than the others leave it."""
    scope = scope_of(share.entry)
    by_cells: dict[Cells, list[str]] = {}
    for unit in share.units:
        cells = dict(share.entry.fields)
        for column in share.entry.fields:
            cell = (scope, unit, column)
            if cell in wanted:
                said.add(cell)
                text = wanted[cell]
                cells = {key: value for key, value in (cells | {column: text}).items() if value is not None}
        by_cells.setdefault(tuple(cells.items()), []).append(unit)
    if not by_cells:
        return _Kept(share, share.units, dict(share.entry.fields))
    as_it_was = tuple(share.entry.fields.items())
    stays = as_it_was if as_it_was in by_cells else max(by_cells, key=lambda cells: len(by_cells[cells]))
    for wanted_cells, units in by_cells.items():
        for unit in units if wanted_cells != stays else ():
            for column, text in wanted_cells:
                loose.put(scope, unit, column, text)
    return _Kept(share, tuple(by_cells[stays]), dict(stays))


def _take_in(kept: _Kept, loose: _Loose) -> None:
    """Put a new text into an entry whose units, and nobody else, have it."""
    by_unit = loose.cells.get(scope_of(kept.share.entry), {})
    if not kept.units or not kept.cells:
        return
    for column, text in list(by_unit.get(kept.units[0], {}).items()):
        if {unit for unit, cells in by_unit.items() if cells.get(column) == text} == set(kept.units):
            kept.cells[column] = text
            for unit in kept.units:
                del by_unit[unit][column]


def _alike(loose: _Loose, who: Having, columns: Sequence[str]) -> Iterable[tuple[Scope, list[str], Cells]]:
    """Put units together whose new texts are the same; in the order of the plan, and of its units."""
    order = {task: place for place, task in enumerate(who)}
    for scope, by_unit in sorted(loose.cells.items(), key=lambda each: (order.get(each[0].task, 0), *each[0][1:])):
        groups: dict[Cells, list[str]] = {}
        for unit in who.get(scope.task, ()):
            texts = by_unit.get(unit, {})
            cells = tuple((column, texts[column]) for column in columns if column in texts)
            if cells:
                groups.setdefault(cells, []).append(unit)
        yield from ((scope, units, cells) for cells, units in groups.items())


def _entry(scope: Scope, units: Sequence[str], cells: Cells, who: Having) -> PrefillEntry:
    named = None if len(units) == len(who.get(scope.task, ())) else tuple(units)
    return PrefillEntry(scope.task, dict(cells), named, scope.round, scope.measure, scope.override)


def _changes(index: int, kept: _Kept, registry: Registry) -> Iterable[Change]:
    """Give the changes that make an entry of the file what it is to be."""
    entry = kept.share.entry
    if not kept.cells or (kept.share.units and not kept.units):
        yield Drop("entries", index)
        return
    if kept.units != kept.share.units:
        yield Put(("entries", index, "units"), _phrases(kept, registry), _ORDER)
    gone = [column for column in entry.fields if column not in kept.cells]
    if gone and next(iter(entry.fields)) in gone:  # a first key could only be emptied
        yield Put(("entries", index, "fields"), dict(kept.cells), _ORDER)
        return
    for column in gone:
        yield Put(("entries", index, "fields", column), None)
    for column, text in kept.cells.items():
        if entry.fields.get(column) != text:
            yield Put(("entries", index, "fields", column), text)


def _phrases(kept: _Kept, registry: Registry) -> list[str]:
    """Name the units that stay, in the words of the entry where those still say it."""
    left = dict.fromkeys(kept.units)
    gone = set(kept.share.units) - set(kept.units)
    phrases: list[str] = []
    for phrase in kept.share.entry.units or ():
        meant = meant_by(phrase, registry) or frozenset()
        if meant and meant.isdisjoint(gone):
            phrases.append(str(phrase))
            for name in meant:
                left.pop(name, None)
    return [*phrases, *left]


def _written(entry: PrefillEntry) -> Mapping[str, Value]:
    """Give an entry's keys as the file has them; what is left out there is left out here."""
    keys: dict[str, Value] = {"task": entry.task}
    keys |= {"units": list(entry.units)} if entry.units is not None else {}
    keys |= {"round": entry.round} if entry.round else {}
    keys |= {"measure": entry.measure} if entry.measure != "1" else {}
    keys |= {"override": True} if entry.override else {}
    return keys | {"fields": dict(entry.fields)}
