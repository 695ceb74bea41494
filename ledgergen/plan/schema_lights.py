"""The shape of ``lights:`` in ``ledgergen.yaml``: the numbers by which the lights are reckoned."""

from pydantic import Field

from ledgergen.plan.schema_time import Days
from ledgergen.plan.schema_values import Shape


class LightsShape(Shape):
    """When a light turns yellow, and what is spared turning red; all in calendar days."""

    yellow_days: Days = Field(default=10, description="So many days before the due date a light turns yellow.")
    stale_days: Days = Field(
        default=90, description="After more days without news, what has no date is yellow and marked 久无进展."
    )
    early_days: Days = Field(
        default=10, description="A date within so many days of the plan's issue is 下发时临期 and never red."
    )
