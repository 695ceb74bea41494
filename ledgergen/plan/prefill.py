"""What the office fills in for the units (代填, ``prefill.yaml``): its entries, their faults, what they say of a row.

Of two entries for one cell the one for a single round stands over the one for all rounds; within the one or the other
no cell may be given two texts. What a unit itself wrote in an earlier round stands over both, unless the entry says
``override: true`` (:mod:`ledgergen.workbook.book`).
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from ledgergen.findings import NOWHERE, Finding, Where, finding
from ledgergen.plan.phrases import Phrase, place_of
from ledgergen.plan.units import Registry
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.records import NOTHING, Assignment, Group, Unit

Having: TypeAlias = Mapping[str, tuple[str, ...]]  # task id → the units that have it, in the order of units.yaml


@dataclass(frozen=True, slots=True)
class PrefillEntry:
    """One entry as written: texts by column id for a task and some units (None: all that have it).

    ``measure`` is the number as in the row's code; ``round`` is empty for every round. The units are
    :class:`~.phrases.Phrase`; ``places`` says where each text stands.
    """

    task: str
    fields: Mapping[str, str]
    units: tuple[str, ...] | None = None
    round: str = ""
    measure: str = "1"
    override: bool = False
    where: Where = field(default=NOWHERE, compare=False)
    places: Mapping[str, Where] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Share:
    """An entry with the present names of the units it is for, in the order of units.yaml."""

    entry: PrefillEntry
    units: tuple[str, ...]

    @functools.cached_property
    def members(self) -> frozenset[str]:
        """Give the units for asking whether one is among them: an entry may be for a thousand."""
        return frozenset(self.units)


@dataclass(frozen=True, slots=True)
class Given:
    """What the office gives for one row: texts that give way to the unit's own, and those that do not."""

    texts: Mapping[str, str]
    firm: Mapping[str, str]


NOTHING_GIVEN: Final[Mapping[str, Given]] = MappingProxyType({})


@dataclass(frozen=True)
class Prefill:
    """All entries with their units. Without slots, so that what follows from them is worked out once."""

    shares: tuple[Share, ...] = ()

    @functools.cached_property
    def _by_task(self) -> dict[str, list[Share]]:
        """Sort the entries by task, those for all rounds first."""
        by_task: dict[str, list[Share]] = {}
        for share in sorted(self.shares, key=lambda each: bool(each.entry.round)):
            by_task.setdefault(share.entry.task, []).append(share)
        return by_task

    def of_task(self, task: str) -> Sequence[Share]:
        """Give the entries of a task, those for all rounds first."""
        return self._by_task.get(task, ())

    def given(self, task: str, unit: str, round_id: str) -> Mapping[str, Given]:
        """Give what the office gives for the rows of an assignment in a round, by measure number."""
        shares = self._by_task.get(task)
        if not shares:
            return NOTHING_GIVEN
        found: dict[str, dict[str, tuple[str, bool]]] = {}
        for share in shares:
            entry = share.entry
            if entry.round in ("", round_id) and unit in share.members:
                cells = {column: (text, entry.override) for column, text in entry.fields.items()}
                found.setdefault(entry.measure, {}).update(cells)
        return {measure: _given(cells) for measure, cells in found.items()}


NO_PREFILL = Prefill()


def load_prefill(data: bytes, file: str = "prefill.yaml") -> tuple[tuple[PrefillEntry, ...] | None, list[Finding]]:
    """Load the entries; None where the file's shape has faults. An empty file has no entry."""
    from ledgergen.plan.schema import PrefillShape, shaped

    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    shape, findings = shaped(PrefillShape, document)
    if shape is None:
        return None, findings
    entries = []
    for index, row in enumerate(shape.entries):
        steps = ("entries", index)
        units = row.units and tuple(
            Phrase(name, document.where((*steps, "units", number))) for number, name in enumerate(row.units)
        )
        places = {column: document.where((*steps, "fields", column)) for column in row.fields}
        texts = dict(row.fields)
        where = document.where((*steps, "task"))
        entries.append(PrefillEntry(row.task, texts, units, row.round or "", row.measure, row.override, where, places))
    return tuple(entries), []


def having(assignments: Iterable[Assignment], registry: Registry) -> Having:
    """Tell who has which task."""
    units: dict[str, list[Unit]] = {}
    for assignment in assignments:
        units.setdefault(assignment.task.id, []).append(assignment.unit)
    return {task: tuple(unit.name for unit in sorted(own, key=registry.order)) for task, own in units.items()}


def resolve(
    entries: Sequence[PrefillEntry], registry: Registry, who: Having, rounds: Sequence[str], columns: Sequence[str]
) -> tuple[Prefill, list[Finding]]:
    """Find the units of each entry, and every fault that can be found without knowing what is on a disk.

    ``columns`` are the ids that a unit fills. Each finding is at the very word. Values are checked by whoever knows
    what the columns hold.
    """
    findings: list[Finding] = []
    shares: list[Share] = []
    for entry in entries:
        findings += _faults(entry, who, rounds, columns)
        units, faults = _units_of(entry, registry, who)
        findings += faults
        shares.append(Share(entry, units))
    return Prefill(tuple(shares)), [*findings, *_contradictions(shares)]


def _given(cells: Mapping[str, tuple[str, bool]]) -> Given:
    texts = {column: text for column, (text, override) in cells.items() if not override}
    firm = {column: text for column, (text, override) in cells.items() if override}
    return Given(texts or NOTHING, firm or NOTHING)


def _faults(entry: PrefillEntry, who: Having, rounds: Sequence[str], columns: Sequence[str]) -> Iterator[Finding]:
    if entry.task not in who:
        yield finding("prefill-task-unknown", entry.where, id=entry.task)
    if entry.round and entry.round not in rounds:
        yield finding("prefill-round-unknown", entry.where, name=entry.round, names="、".join(rounds))
    for column in entry.fields:
        if column not in columns:
            where = entry.places.get(column, entry.where)
            yield finding("prefill-column-unknown", where, id=column, known=", ".join(columns))


def _units_of(entry: PrefillEntry, registry: Registry, who: Having) -> tuple[tuple[str, ...], list[Finding]]:
    """Find the units that an entry means and that have its task; of a group those that have it."""
    owners = who.get(entry.task, ())
    if entry.units is None:
        return owners, []
    named: set[str] = set()
    findings: list[Finding] = []
    for phrase in entry.units:
        meant = meant_by(phrase, registry)
        if meant is None:
            findings.append(_unknown(phrase, entry, registry))
        elif entry.task in who and meant.isdisjoint(owners):
            findings.append(finding("prefill-not-theirs", place_of(phrase, entry.where), name=phrase, id=entry.task))
        else:
            named |= meant
    return tuple(unit for unit in owners if unit in named), findings


def meant_by(phrase: str, registry: Registry) -> frozenset[str] | None:
    """Give the present names of the units that a phrase means; None where nobody goes by it."""
    match registry.find(phrase):
        case Unit() as unit:
            return frozenset({unit.name})
        case Group() as group:
            return frozenset(unit.name for unit in registry.members(group))
        case _:
            return None


def _unknown(phrase: str, entry: PrefillEntry, registry: Registry) -> Finding:
    place, near = place_of(phrase, entry.where), "、".join(registry.suggest(phrase))
    if near:
        return finding("unit-near-miss", place, name=phrase, id=entry.task, suggestions=near)
    return finding("unit-unknown", place, name=phrase, id=entry.task)


def _contradictions(shares: Sequence[Share]) -> Iterator[Finding]:
    """Two texts for one cell: neither is taken; each text is said once, with the first unit that it concerns."""
    first: dict[tuple[str, str, str, str, str], PrefillEntry] = {}
    for share in shares:
        entry, said = share.entry, set[str]()
        for unit in share.units:
            for column, text in entry.fields.items():
                other = first.setdefault((entry.task, unit, entry.measure, entry.round, column), entry)
                if other.fields[column] != text and column not in said:
                    said.add(column)
                    where, line = entry.places.get(column, entry.where), other.places.get(column, other.where).line
                    yield finding("prefill-twice", where, id=column, unit=unit, task=entry.task, line=line)
