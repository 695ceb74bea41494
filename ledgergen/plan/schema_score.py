"""The shape of ``templates/score.yaml``: what costs a unit points, and who is ranked with whom."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ledgergen.plan.schema_values import Name, Shape

_MOST: Final = 1000
_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,2})?")


def _points(value: object) -> Decimal:
    text = value.strip() if isinstance(value, str) else ""
    if not (_NUMBER.fullmatch(text) and Decimal(text) <= _MOST):
        raise PydanticCustomError("layout-number", "out of range", {"value": text, "least": "0", "most": str(_MOST)})
    return Decimal(text)


Points = Annotated[Decimal, PlainValidator(_points), WithJsonSchema({"type": "number", "minimum": 0, "maximum": _MOST})]


class EachShape(Shape):
    """What each of something costs, and what all of them cost at most."""

    each: Points = Field(default=Decimal(0), description="Points for each.")
    most: Points = Field(default=Decimal(_MOST), description="Points for all of them at most.")


class WeightsShape(Shape):
    """By what the points of an assignment are multiplied, by the unit's role."""

    lead: Points = Decimal(1)
    responsible: Points = Decimal(1)
    supporting: Points = Decimal(1)


class RankedShape(Shape):
    """Units that are ranked together, by their kinds."""

    name: Name
    kinds: tuple[Name, ...]


class ScoreShape(Shape):
    """The rules of the score. What is over its date and not checked costs the same, done or not."""

    full: Points = Field(default=Decimal(100), description="What every unit begins with.")
    least: Points = Field(default=Decimal(0), description="No score falls below.")
    silent_unit: Points = Field(default=Decimal(0), description="The ledger did not come back.")
    late_unit: Points = Field(default=Decimal(0), description="It came after the round's last day.")
    silent: EachShape = Field(default=EachShape(), description="Over its date and nothing reported.")
    open: EachShape = Field(
        default=EachShape(), description="Over its date, and not done or said to be done but unchecked."
    )
    late_done: EachShape = Field(default=EachShape(), description="Closed by the office, but done after its date.")
    weights: WeightsShape = Field(default=WeightsShape(), description="By the unit's role in the task.")
    groups: tuple[RankedShape, ...] = Field(default=(), description="Who is ranked with whom.")
