"""Propose units for tasks that name nobody: by their words, by the duties of units, by like tasks of other campaigns.

Nothing is decided here. Every suggestion has a score and its reasons, and a clerk takes it or not. Names are compared
without their level (市财政局 speaks for 区财政局), by the table of abbreviations, and given with the plan's own level
or as the plan's own register has them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ledgergen.catalogue import N_
from ledgergen.document.abbreviations import Abbreviations
from ledgergen.document.bodies import LEVELS, bare, is_group, level_of
from ledgergen.document.duties import Duties
from ledgergen.document.likeness import Likeness
from ledgergen.document.register import draft_group, kind_of
from ledgergen.plan.phrases import plain_name
from ledgergen.records import Role

SHOWN: Final = 3
_NAMED: Final = 0.95  # the task's own words name the unit
_DUTY, _DUTY_MORE, _DUTY_MOST = 0.34, 0.16, 0.72  # one word of its duties, each further one, and no more than that
_LIKE_MOST: Final = 0.9  # the very same task elsewhere
_LIKE_LEAST: Final = 0.12
_USUAL: Final = 0.15  # what it has in every task elsewhere
_LIKE_TASKS: Final = 6
_ROLES: Final = {Role.LEAD: 1.0, Role.RESPONSIBLE: 0.92, Role.SUPPORTING: 0.5}
_MANY: Final = 8  # units of one task; what is said of a list of thirty says little of each
_AREAS: Final = frozenset({"镇", "乡", "街道", "开发区", "区县"})
_TOWN_WORDS: Final = ("镇", "街道", "乡", "村")
_FEW: Final = 8  # tasks; of fewer no share is telling
_GROUP: Final = 0.75  # a group is soon said, and helps less than a unit
_LEAST: Final = 5  # per cent; below it nothing is proposed


class Reason(NamedTuple):
    """Why a unit is proposed: a message of the catalogue of texts, and its facts."""

    text: str
    facts: Mapping[str, str]


NAMED: Final = N_("the task names “{name}”")
DUTY: Final = N_("its duties: {words}")
LIKE: Final = N_("{percent} % like task {task} of {campaign}")
HERE: Final = N_("this campaign")
USUAL: Final = N_("has {percent} % of the tasks of {campaign}")


class Suggestion(NamedTuple):
    """One unit or group with its score (0 to 100) and the reasons, the weightiest first."""

    name: str
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AssignedTask:
    """A task of another campaign, with who has it there."""

    campaign: str
    id: str
    text: str
    units: tuple[tuple[str, Role], ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The plan that lacks units: its region, the names of units and groups it knows, its tasks' texts."""

    region: str
    names: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """Give the character of its level: 市 of 海阳市; empty where the region has none."""
        return self.region[-1:] if self.region[-1:] in LEVELS else ""


class _Key(NamedTuple):
    """What makes two names one for a suggestion, whatever the level: a body by its family, or a class of groups."""

    sort: str
    own: str


@dataclass(slots=True)
class _Scores:
    """The evidence for each candidate of one task."""

    weights: dict[_Key, list[tuple[float, Reason]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: _Key, weight: float, reason: Reason) -> None:
        """Add one piece."""
        self.weights[key].append((weight, reason))

    def best(self) -> Iterator[tuple[_Key, float, list[Reason]]]:
        """Give the candidates, the likeliest first: each piece takes its part of what is left open."""
        scored = []
        for key, pieces in self.weights.items():
            left = 1.0
            for weight, _ in pieces:
                left *= 1 - weight
            reasons = [reason for _, reason in sorted(pieces, key=lambda piece: -piece[0])]
            scored.append((key, 1 - left, reasons))
        yield from sorted(scored, key=lambda each: -each[1])


class Suggester:
    """Proposes units for the tasks of one plan."""

    def __init__(self, home: Home, others: Sequence[AssignedTask], duties: Duties, tables: Abbreviations) -> None:
        self._home, self._others, self._duties, self._tables = home, others, duties, tables
        self._likeness = Likeness([each.text for each in others])
        self._alike = {
            tables.key(unit)[1]: plain_name(row.units[0])
            for row in reversed(duties.rows)
            for unit in row.units
            if not is_group(unit)
        }
        self._rarity = self._rarities()
        self._names = self._own_names()
        self._usual = self._shares()
        self._spoken = sorted(self._names_spoken(), key=len, reverse=True)

    def suggest(self, text: str) -> tuple[Suggestion, ...]:
        """Propose at most three units for a task of which ``text`` is heading, name and requirement."""
        scores = _Scores()
        folded = plain_name(text)
        self._named(folded, scores)
        self._by_duties(folded, scores)
        self._by_likeness(text, scores)
        for key, (share, campaign) in self._usual.items():
            scores.add(key, share * _USUAL, Reason(USUAL, {"percent": f"{share:.0%}"[:-1], "campaign": campaign}))
        found = [
            Suggestion(self._name(key), round(score * 100), tuple(reasons[:SHOWN]))
            for key, score, reasons in scores.best()
        ]
        return tuple(each for each in found if each.score >= _LEAST)[:SHOWN]

    def same(self, one: str, other: str) -> bool:
        """Tell whether two names mean one for a suggestion, their levels aside."""
        key = self._key(one)
        return key is not None and key == self._key(other)

    def _key(self, name: str) -> _Key | None:
        """Give the key of a name; None of what can be nobody here: 有关部门, a town of another place."""
        if is_group(name):
            group = draft_group(name)
            if group.pending:
                return None
            return _Key("group", "areas" if _AREAS & set(group.kinds) else "、".join(group.kinds))
        own = bare(name)
        if kind_of(own) in _AREAS and name not in self._home.names:  # a town or zone of another place
            return None
        family = self._tables.key(own.removeprefix(level_of(own)))[1]
        return _Key("body", self._alike.get(family, family))

    def _rarities(self) -> dict[str, float]:
        """Give each word of the duties its weight: what stands in every task of the plan tells none from another."""
        texts = list(map(plain_name, self._home.tasks))
        words = {word for row in self._duties.rows for word in row.words}
        return {word: 1 - sum(word in text for text in texts) / max(len(texts), _FEW) for word in words}

    def _own_names(self) -> dict[_Key, str]:
        """Find for each key the name that the plan's own register has, else the commonest elsewhere."""
        names: dict[_Key, str] = {}
        for name in self._home.names:
            if key := self._key(name):
                names.setdefault(key, name)
        counts: dict[_Key, Counter[str]] = defaultdict(Counter)
        written = [name for task in self._others for name, _ in task.units]
        for name in [*written, *(row.units[0] for row in self._duties.rows)]:
            if (key := self._key(name)) and not is_group(name):
                counts[key][bare(name).removeprefix(level_of(bare(name)))] += 1
        for key, each in counts.items():
            names.setdefault(key, f"{self._home.level}{each.most_common(1)[0][0]}")
        return names

    def _name(self, key: _Key) -> str:
        if found := self._names.get(key):
            return found
        if key.own == "areas":
            towns = any(word in text for text in self._home.tasks for word in _TOWN_WORDS) or self._home.level != "市"
            return "各镇（街道）" if towns else "各区（市）政府"
        return f"{self._home.level}政府各部门" if key.own == "部门" else f"各{key.own}"

    def _shares(self) -> dict[_Key, tuple[float, str]]:
        """Give the largest share of a campaign's tasks that each candidate has."""
        tasks = Counter(task.campaign for task in self._others)
        held: Counter[tuple[_Key, str]] = Counter()
        for task in self._others:
            held.update({(key, task.campaign) for name, _ in task.units if (key := self._key(name))})
        shares: dict[_Key, tuple[float, str]] = {}
        for (key, campaign), count in held.items():
            share = count / tasks[campaign]
            shares[key] = max(shares.get(key, (0.0, "")), (share, campaign))
        return shares

    def _names_spoken(self) -> Iterator[str]:
        """Give the names by which a text may name a candidate: those of the register and of the plan's level."""
        for key, name in self._names.items():
            if key.sort == "body":
                yield plain_name(bare(name))

    def _named(self, text: str, scores: _Scores) -> None:
        """Count the units that the task's own words name; the longest name first, for one may stand in another."""
        for name in self._spoken:
            if name in text and (key := self._key(name)):
                scores.add(key, _NAMED, Reason(NAMED, {"name": name}))
                text = text.replace(name, "\n")

    def _by_duties(self, text: str, scores: _Scores) -> None:
        for row in self._duties.rows:
            if (words := row.found_in(text)) and (key := self._key(row.units[0])):
                weighed = sorted((self._rarity[word] for word in words), reverse=True)
                weight = min(_DUTY * weighed[0] + _DUTY_MORE * sum(weighed[1:]), _DUTY_MOST)
                scores.add(key, weight, Reason(DUTY, {"words": "、".join(words)}))

    def _by_likeness(self, text: str, scores: _Scores) -> None:
        """Count the most alike tasks elsewhere; of each candidate the strongest counts in full, others by a third."""
        seen: Counter[_Key] = Counter()
        for likeness, place in self._likeness.nearest(text, _LIKE_TASKS):
            if likeness < _LIKE_LEAST:
                break
            other = self._others[place]
            facts = {"percent": str(round(likeness * 100)), "task": other.id, "campaign": other.campaign}
            for key, role in self._having(other):
                weight = _LIKE_MOST * likeness * _ROLES[role] * min(1.0, _MANY / len(other.units))
                weight *= _GROUP if key.sort == "group" else 1
                scores.add(key, weight / (3 if seen[key] else 1), Reason(LIKE, facts))
                seen[key] += 1

    def _having(self, task: AssignedTask) -> Iterable[tuple[_Key, Role]]:
        """Give who has a task, each once with its strongest role."""
        roles: dict[_Key, Role] = {}
        for name, role in task.units:
            if (key := self._key(name)) and (key not in roles or role.rank < roles[key].rank):
                roles[key] = role
        return roles.items()
