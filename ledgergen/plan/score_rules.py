"""The rules of the score, read from ``templates/score.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ledgergen.findings import Finding
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.records import Role


@dataclass(frozen=True, slots=True)
class Cost:
    """What each of something costs, and all of them at most; in points."""

    each: Decimal = Decimal(0)
    most: Decimal = Decimal(1000)


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """What costs a unit points (``templates/score.yaml``).

    ``open`` is one cost for what is over its date and not done, and for what is said to be done and has not been
    checked: so an honest 未完成 never scores below an unverified 已完成. ``groups``: names by unit kind.
    """

    full: Decimal = Decimal(100)
    least: Decimal = Decimal(0)
    silent_unit: Decimal = Decimal(0)
    late_unit: Decimal = Decimal(0)
    silent: Cost = Cost()
    open: Cost = Cost()
    late_done: Cost = Cost()
    weights: Mapping[Role, Decimal] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


def load_score_rules(data: bytes, file: str) -> tuple[ScoreRules | None, list[Finding]]:
    """Load the rules; None where their shape is wrong."""
    from ledgergen.plan.schema import shaped
    from ledgergen.plan.schema_score import ScoreShape

    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    shape, findings = shaped(ScoreShape, document)
    if shape is None:
        return None, findings
    costs = {
        name: Cost(part.each, part.most) for name in ("silent", "open", "late_done") if (part := getattr(shape, name))
    }
    weights = {role: getattr(shape.weights, str(role)) for role in Role}
    groups = {kind: group.name for group in shape.groups for kind in group.kinds}
    rules = ScoreRules(
        shape.full, shape.least, shape.silent_unit, shape.late_unit, **costs, weights=weights, groups=groups
    )
    return rules, findings
