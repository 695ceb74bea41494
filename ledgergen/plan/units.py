"""Who is who: units and groups found by any of their names, exactly; near names are suggested, never taken."""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from ledgergen.findings import Finding, finding
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.phrases import plain_name
from ledgergen.records import Group, Unit

# Half the letters in common is what any two bureaus of one district share (区财政局, 区审计局).
_NEAR: Final = 60
_SUGGESTIONS: Final = 3


class Registry:
    """The units and groups of a campaign.

    Names are compared by :func:`~.phrases.plain_name`. Of an unambiguous registry every name finds exactly one;
    that it is unambiguous is what :mod:`.identity` checks before one is made.

    Raises:
        ValueError: two units or groups go by one name.
    """

    def __init__(self, units: Iterable[Unit], groups: Iterable[Group] = ()) -> None:
        self.units = tuple(units)
        self.groups = tuple(groups)
        self._by_name: dict[str, Unit | Group] = {}
        for unit in self.units:
            for name in unit.names:
                self._enter(name, unit)
        for group in self.groups:
            self._enter(group.name, group)
        self._order = {unit.name: number for number, unit in enumerate(self.units)}
        self._members = {group.name: self._members_of(group) for group in self.groups}

    def find(self, phrase: str) -> Unit | Group | None:
        """Find who goes by a name, alias, former name or group name; ``None`` if nobody does."""
        return self._by_name.get(plain_name(phrase))

    def unit(self, phrase: str) -> Unit | None:
        """Find the unit that goes by a name; ``None`` if nobody or a group does."""
        found = self.find(phrase)
        return found if isinstance(found, Unit) else None

    def by_kind(self, kind: str) -> tuple[Unit, ...]:
        """Give the units of a kind in the order of ``units.yaml``."""
        plain = plain_name(kind)
        return tuple(unit for unit in self.units if unit.kind and plain_name(unit.kind) == plain)

    def members(self, group: Group) -> tuple[Unit, ...]:
        """Give the units of a group in the order of ``units.yaml``; of a pending one nobody, for nobody knows yet."""
        return self._members[group.name]

    def order(self, unit: Unit) -> int:
        """Give the unit's place in ``units.yaml``, from 0."""
        return self._order[unit.name]

    def suggest(self, phrase: str) -> tuple[str, ...]:
        """Give the present names of units and groups that a phrase could mean, the nearest first, at most three."""
        near = _near(plain_name(phrase), self._by_name)
        return tuple(dict.fromkeys(self._by_name[name].name for name in near))[:_SUGGESTIONS]

    def _enter(self, name: str, who: Unit | Group) -> None:
        if self._by_name.setdefault(plain_name(name), who) is not who:
            raise ValueError(f"two units or groups go by the name {name}")

    def _members_of(self, group: Group) -> tuple[Unit, ...]:
        if group.pending:
            return ()
        kinds = {plain_name(kind) for kind in group.kinds}
        named = {unit.name for name in group.members if (unit := self.unit(name))}
        excepted = {unit.name for name in group.excepted if (unit := self.unit(name))}
        return tuple(
            unit
            for unit in self.units
            if unit.name not in excepted and (unit.name in named or (unit.kind and plain_name(unit.kind) in kinds))
        )


GroupCheck: TypeAlias = Callable[[Registry, Group, Document, Steps], list[Finding]]


def group_faults(registry: Registry, document: Document) -> list[Finding]:
    """Check every group: it says who belongs to it, everybody it names exists, and somebody is left in the end.

    ``document`` is the ``units.yaml`` the registry was made of, for the places.
    """
    checks: tuple[GroupCheck, ...] = (_says_who, _names_units, _names_kinds, _somebody_left)
    return [
        found
        for index, group in enumerate(registry.groups)
        for check in checks
        for found in check(registry, group, document, ("groups", index))
    ]


def _says_who(_registry: Registry, group: Group, document: Document, steps: Steps) -> list[Finding]:
    """A group has kinds or members; or it is pending and has none, for half a list would look like the whole."""
    named = bool(group.kinds or group.members)
    if group.pending and named:
        return [finding("group-pending-with-members", document.where((*steps, "pending")), name=group.name)]
    if not group.pending and not named:
        return [finding("group-without-members", document.where(steps), name=group.name)]
    return []


def _names_units(registry: Registry, group: Group, document: Document, steps: Steps) -> list[Finding]:
    """Every member and exception is a unit: one misspelt would leave a task undone, or have it done for nothing."""
    found = []
    for key, names in (("members", group.members), ("except", group.excepted)):
        for index, name in enumerate(names):
            place = document.where((*steps, key, index))
            who = registry.find(name)
            if isinstance(who, Group):
                found.append(finding("group-in-group", place, name=name, group=group.name))
            elif who is None and (near := registry.suggest(name)):
                facts = {"name": name, "group": group.name, "suggestions": "、".join(near)}
                found.append(finding("group-member-near-miss", place, **facts))
            elif who is None:
                found.append(finding("group-member-unknown", place, name=name, group=group.name))
    return found


def _names_kinds(registry: Registry, group: Group, document: Document, steps: Steps) -> list[Finding]:
    """Every kind is that of some unit: one misspelt would leave out all the units of that kind without a word."""
    found = []
    known = dict.fromkeys(unit.kind for unit in registry.units if unit.kind)
    for index, kind in enumerate(group.kinds):
        if registry.by_kind(kind):
            continue
        place = document.where((*steps, "kinds", index))
        facts = {"kind": kind, "group": group.name}
        near = _near(plain_name(kind), known)[:_SUGGESTIONS]
        if near:
            found.append(finding("group-kind-near-miss", place, **facts, suggestions="、".join(near)))
        else:
            found.append(finding("group-kind-unknown", place, **facts))
    return found


def _somebody_left(registry: Registry, group: Group, document: Document, steps: Steps) -> list[Finding]:
    """A group that is nobody in the end would let its tasks vanish; not said where the reason has been said already."""
    named = [*map(registry.unit, group.members), *map(registry.by_kind, group.kinds)]
    if group.pending or not any(named) or registry.members(group):
        return []
    return [finding("group-empty", document.where(steps), name=group.name)]


def _near(wanted: str, names: Iterable[str]) -> list[str]:
    """Give the names that are like a wanted one, the nearest first.

    Half of the measure is the share of letters in common, half the share of the shorter name's letters that stand in
    the longer one in the same order: so Chinese offices shorten names (区人社局, 区人力资源社会保障局), and so look
    two names that were run together (区人社局区住建局).
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import LCSseq

    def likeness(name: str) -> float:
        shorter = min(len(wanted), len(name))
        return fuzz.ratio(wanted, name) / 2 + 50 * LCSseq.similarity(wanted, name) / shorter

    scored = [(likeness(name), name) for name in names if wanted and name]
    return [name for score, name in sorted(scored, key=lambda pair: -pair[0]) if score >= _NEAR]
