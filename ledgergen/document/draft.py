"""The draft of a plan as read from a document: what ``import --json`` prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ledgergen.document.facts import Facts
from ledgergen.findings import NOWHERE, Finding, Where, message


@dataclass(frozen=True, slots=True)
class DraftTask:
    """One task as the document has it; the keys are those of the contract (product.md).

    ``inherited`` are the fields that come from above, from a clause for several items or from a rule stated once.
    ``doubts`` say what a person would ask; ``in_table`` tells a row from an item of the outline; ``where`` is the
    place in the document.
    """

    number: str
    requirement: str
    name: str = ""
    part: int | None = None
    section: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    open_list: bool = False
    time_limit: str = ""
    deadline: Mapping[str, Any] = field(default_factory=dict)
    inherited: tuple[str, ...] = ()
    doubts: tuple[Finding, ...] = ()
    in_table: bool = False
    where: Where = NOWHERE

    @property
    def units(self) -> tuple[str, ...]:
        """Give everybody who is named, in the order of lead, responsible, supporting."""
        return (*self.lead, *self.responsible, *self.supporting)

    def to_json(self) -> dict[str, object]:
        """Give the form of the contract."""
        return {
            "number": self.number,
            "part": self.part,
            "section": list(self.section),
            "name": self.name,
            "requirement": self.requirement,
            "lead": list(self.lead),
            "responsible": list(self.responsible),
            "supporting": list(self.supporting),
            "groups_as_written": list(self.groups),
            "open_list": self.open_list,
            "time_limit": self.time_limit,
            "deadline": dict(self.deadline),
            "inherited": list(self.inherited),
            "doubtful": bool(self.doubts),
            "doubt": "；".join(message(doubt) for doubt in self.doubts),
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """A document's facts and tasks, with what was found on the way."""

    facts: Facts
    tasks: tuple[DraftTask, ...]

    def to_json(self) -> dict[str, object]:
        """Give the form of the contract, without the findings."""
        facts = self.facts
        return {
            "title": facts.title,
            "document_number": facts.document_number,
            "issuer": facts.issuer,
            "issued": facts.issued and facts.issued.isoformat(),
            "year": facts.year,
            "tasks": [task.to_json() for task in self.tasks],
        }
