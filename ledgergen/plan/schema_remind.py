"""The shape of ``remind:`` in ``ledgergen.yaml``: when units are reminded, and when they are left in peace."""

from typing import Annotated, Final

from pydantic import Field

from ledgergen.plan.schema_time import number
from ledgergen.plan.schema_values import Day, Shape, Truth

_MOST: Final = 365
Ahead = Annotated[int, *number(0, _MOST)]
Behind = Annotated[int, *number(1, _MOST)]


class RemindShape(Shape):
    """When units that owe something are reminded, in calendar days."""

    before: tuple[Ahead, ...] = Field(default=(7, 3, 1), description="So many days before something is due (提醒).")
    after: tuple[Behind, ...] = Field(default=(1, 3, 7), description="So many days after it was due (催报, 督办).")
    every: Behind = Field(default=7, description="After the last of these: every so many days.")
    gap: Ahead = Field(default=2, description="No unit is reminded twice within so many days.")
    quiet: tuple[Day, ...] = Field(default=(), description="Days on which nobody is reminded.")
    on_free_days: Truth = Field(default=False, description="Whether reminders go out on weekends and holidays too.")
