"""The records that several rooms share: frozen, and each carries where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ledgergen.findings import NOWHERE, Where

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})  # shared: a large campaign has 60,000 rows


def _nothing() -> Mapping[str, str]:
    return NOTHING


class Role(StrEnum):
    """A unit's role in a task, the strongest first (牵头, 责任, 配合)."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    SUPPORTING = "supporting"

    @property
    def rank(self) -> int:
        """Give the strength: 0 is the strongest."""
        return list(Role).index(self)


@dataclass(frozen=True, slots=True)
class Round:
    """One sending-out of ledgers (填报期), with the day it opens and the day the returns are due."""

    id: str
    name: str
    opens: date
    due: date


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``ledgergen.yaml`` says."""

    id: str
    name: str
    layout: str
    rounds: tuple[Round, ...]
    contact_office: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit (单位), known by any of its names; names are unique over all units."""

    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    where: Where = NOWHERE

    @property
    def names(self) -> tuple[str, ...]:
        """Give every name, the present one first."""
        return (self.name, *self.aliases, *self.former_names)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of units (单位类别): by kinds, by members, or pending (to be named by the lead)."""

    name: str
    kinds: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    pending: bool = False
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The facts of the plan's document."""

    title: str
    year: int
    region: str = ""
    document_number: str = ""
    issuer: str = ""
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task (工作任务) as the plan words it; units are phrases of the document: names, aliases or groups."""

    id: str
    name: str
    requirement: str
    section: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    time_limit: str = ""
    deadline: Mapping[str, object] | None = None
    measures: tuple[str, ...] = ()
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's plan: its facts and its tasks in the order of the document."""

    facts: PlanFacts
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One task × one unit (任务分工) with the unit's strongest role.

    ``pending``: the task also names units that only the lead can name (待牵头单位明确). ``common``: the unit has
    the task through a group (共性任务), not by name.
    """

    task: Task
    unit: Unit
    role: Role
    pending: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True)
class BookRow:
    """One row of a ledger as issued: whose task, which measure, and every text it shows by column id.

    ``measure`` is the number of the measure as in the code: ``1``, ``2`` … for rows the office made, ``N`` and four
    characters for those a unit inserted. ``office`` (what the plan says, the same for every unit) is shared; ``own``
    holds what is prefilled for this unit. ``number`` is the row's own number (序号), ``role_text`` the role in words.
    """

    task: str
    measure: str
    code: str
    role: Role
    office: Mapping[str, str] = field(default_factory=_nothing)
    own: Mapping[str, str] = field(default_factory=_nothing)
    common: bool = False
    number: int = 0
    role_text: str = ""

    def text(self, column: str) -> str:
        """Give the text that the row shows in a column; empty where it shows none."""
        if found := self.own.get(column) or self.office.get(column):
            return found
        if column == "code":
            return self.code
        if column == "seq":
            return str(self.number)
        return self.role_text if column == "role" else ""


@dataclass(frozen=True, slots=True)
class Book:
    """One unit's ledger (台账) for one round, as content: what is written, and what a return is compared with.

    ``token`` names the book (campaign × round × unit), ``edition`` its content; ``number`` (台账编号) is both with a
    check character. ``head`` holds the prefilled texts of the head block by item id.
    """

    campaign: str
    round: str
    unit: str
    token: str
    edition: str
    number: str
    title: str
    rows: Sequence[BookRow]
    head: Mapping[str, str] = field(default_factory=dict)
    instructions: tuple[str, ...] = ()
    plan_version: str = ""
    layout: str = ""
