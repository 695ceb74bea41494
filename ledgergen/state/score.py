"""The score of every unit, each point explained line by line, and the ranks; departments and towns apart.

An honest 未完成 never scores below an unverified 已完成: what is over its date costs the same, be it said to be done or
not, until the office has closed it (销号). What is not over its date costs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from ledgergen.findings import Fact
from ledgergen.plan.score_rules import Cost, ScoreRules
from ledgergen.state.light import Stage
from ledgergen.state.picture import Assessed, AssessedUnit, Picture

OTHERS: Final = "其他"
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a score: why (a code with facts), of which task, and how many points; negative ones are taken off."""

    code: str
    points: Decimal
    task: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's score: the lines add up to ``points``, ``full`` among them."""

    unit: str
    group: str
    lines: tuple[Line, ...]

    @property
    def points(self) -> Decimal:
        """Give the sum of the lines."""
        return sum((line.points for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A score with its rank in its group; equal scores share a rank, and the next one is left out."""

    rank: int
    score: Score


def scores(found: Picture, rules: ScoreRules, own: Mapping[str, Sequence[Line]]) -> tuple[Score, ...]:
    """Score every unit; ``own`` are the office's own lines by unit (扣分表)."""
    return tuple(_score(unit, rules, own.get(unit.unit, ())) for unit in found.units)


def ranked(found: Iterable[Score]) -> dict[str, tuple[Ranked, ...]]:
    """Rank the scores in each group, the best first; ties stay ties, in the order of issue."""
    groups: dict[str, list[Score]] = {}
    for score in found:
        groups.setdefault(score.group, []).append(score)
    return {name: tuple(_ranked(own)) for name, own in groups.items()}


def _ranked(own: list[Score]) -> Iterator[Ranked]:
    ordered = sorted(own, key=lambda score: -score.points)
    rank = 0
    for place, score in enumerate(ordered, start=1):
        if place == 1 or score.points != ordered[place - 2].points:
            rank = place
        yield Ranked(rank, score)


def _score(unit: AssessedUnit, rules: ScoreRules, own: Sequence[Line]) -> Score:
    lines = [Line("full", rules.full)]
    if not unit.returned:
        lines.append(Line("silent-unit", -rules.silent_unit))
    elif unit.late:
        lines.append(Line("late-unit", -rules.late_unit))
    counted = [item for item in unit.assignments if item.light.counts]
    for code, cost in (("silent", rules.silent), ("open", rules.open), ("late-done", rules.late_done)):
        lines += _lines(code, cost, [item for item in counted if _costs(item) == code], rules)
    lines += own
    lines = [line for line in lines if line.points or line.code == "full"]
    if (points := sum((line.points for line in lines), Decimal(0))) < rules.least:
        lines.append(Line("least", rules.least - points, facts={"least": str(rules.least)}))
    return Score(unit.unit, rules.groups.get(unit.kind, OTHERS), tuple(lines))


def _costs(item: Assessed) -> str:
    """Say what an assignment costs for; empty where it costs nothing."""
    if item.light.closed:
        return "late-done" if item.light.is_late else ""
    if item.stage is Stage.SILENT:
        return "silent" if item.light.is_overdue else ""
    return "open" if item.past_due else ""


def _lines(code: str, cost: Cost, items: Sequence[Assessed], rules: ScoreRules) -> Iterator[Line]:
    """Give a line for each, and one that gives back what is more than all of them may cost."""
    taken = Decimal(0)
    for item in items:
        points = cost.each * rules.weights.get(item.role, _ONE)
        taken += points
        facts: dict[str, Fact] = {"number": item.number, "name": item.name, "state": item.state}
        if item.light.due:
            facts["due"] = item.light.due.isoformat()
        yield Line(code, -points, item.task, facts)
    if taken > cost.most:
        yield Line("most", taken - cost.most, facts={"most": str(cost.most)})
