"""The shape of ``page:`` in ``ledgergen.yaml``: what the public page shows."""

from typing import Literal, get_args

from pydantic import Field

from ledgergen.plan.schema_values import Shape, Truth

PageField = Literal[
    "requirement",
    "division",
    "plan",
    "measures",
    "progress",
    "state",
    "light",
    "published_on",
    "evidence",
    "reason",
    "office",
    "leader",
    "note",
]
# What is shown where nothing is said: never who is in charge, nor what a unit explains to the office.
SHOWN: tuple[PageField, ...] = get_args(PageField)[:9]


class PageShape(Shape):
    """What the public page (重点任务落实情况) shows; tasks with ``publish: false`` are never on it."""

    fields: tuple[PageField, ...] = Field(
        default=SHOWN,
        description="The whitelist of what is shown of each task. Left out: all but reason, office, leader, note.",
    )
    phones: Truth = Field(
        default=False, description="Whether telephone numbers in texts may be published, being offices' public ones."
    )
