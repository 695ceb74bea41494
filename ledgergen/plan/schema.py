"""The shapes of the files a campaign is described by, and the JSON Schemas of them for editors.

With :mod:`.schema_values`, :mod:`.schema_checks` and :mod:`.schema_time` the one place of this room that knows
pydantic. It is fed a document's scalars as written (:mod:`.documents`), so that a text is what stands in the file; what
pydantic says against it is turned into findings by :mod:`.faults`.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, Discriminator, Field, Tag, ValidationError, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from ledgergen.findings import Finding
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.faults import Complaint, in_findings
from ledgergen.plan.schema_checks import ChecksShape
from ledgergen.plan.schema_lights import LightsShape
from ledgergen.plan.schema_mail import MailboxShape, MailShape
from ledgergen.plan.schema_page import PageShape
from ledgergen.plan.schema_remind import RemindShape
from ledgergen.plan.schema_time import DeadlineShape, Grace, WorkdaysShape
from ledgergen.plan.schema_values import (
    CellName,
    Cells,
    Day,
    HeaderRow,
    LayoutName,
    MeasureNumber,
    Name,
    RoundId,
    Shape,
    TaskId,
    Text,
    Truth,
    Year,
)

_TAGS: Final = ("<form>", "<name>", "[key]")  # what pydantic puts into paths: the two ways to write `layout`, bad keys


class RoundShape(Shape):
    """One sending-out of ledgers (填报期)."""

    id: RoundId = Field(description="Short name of the round in codes and folders, e.g. 2022Q3. Never change it.")
    name: Name = Field(description="What the units read, e.g. 2022年第三季度.")
    opens: Day = Field(description="The day the ledgers are sent out.")
    due: Day = Field(description="The last day for handing in.")
    face: Literal["first", "progress"] | None = Field(
        default=None,
        description="What the ledgers ask for: everything (first), or only the progress, the rest being prefilled. "
        "Left out: first for the first round, progress for the later ones.",
    )
    not_due: Literal["collapse", "leave_out", "ask"] = Field(
        default="collapse", description="What becomes of rows that are not due: shown collapsed, left out, or asked."
    )

    @model_validator(mode="after")
    def _due_after_opening(self) -> Self:
        if self.due < self.opens:
            facts = {"key": "due", "opens": self.opens.isoformat(), "due": self.due.isoformat()}
            raise PydanticCustomError("round-due-before-opens", "too early", facts)
        return self


class ContactShape(Shape):
    """Whom a unit asks."""

    office: Text = Field(default="", description="The office that answers questions.")
    phone: Text = Field(default="", description="Its telephone number, exactly as it is to be printed.")


class OwnFormShape(Shape):
    """An office's own workbook, of which the ledgers are filled copies."""

    template: Name = Field(description="The workbook (.xlsx), by its path in the campaign's folder.")
    like: LayoutName = Field(
        default="zichuan", description="The layout whose columns, choices and labels it borrows, by their meaning."
    )
    sheet: Text = Field(default="", description="The sheet with the table, where several have one.")
    header_row: HeaderRow | None = Field(
        default=None, description="The row of the column titles, where it cannot be told."
    )
    columns: dict[Name, Name] = Field(
        default={},
        description="What a column is, by its title, where it cannot be told: the id of a column of that layout, or"
        " `text` for a column of the form's own.",
    )
    cells: dict[CellName, Name] = Field(
        default={}, description="Jinja patterns for cells outside the table, by the cell's name, e.g. the title's."
    )


def _way(value: object) -> str:
    return _TAGS[0] if isinstance(value, Mapping) else _TAGS[1]


def _as_any_of(schema: JsonDict) -> None:
    schema["anyOf"] = schema.pop("oneOf")


LayoutChoice = Annotated[
    Annotated[OwnFormShape, Tag(_TAGS[0])] | Annotated[LayoutName, Tag(_TAGS[1])], Discriminator(_way)
]


class SettingsShape(Shape):
    """The settings of a campaign (ledgergen.yaml)."""

    id: Name = Field(
        description="The campaign's identity, e.g. zichuan-2022. Never change it: ledgers are known by it."
    )
    name: Name = Field(description="The campaign's name, e.g. 2022年淄川区政务公开.")
    layout: LayoutChoice = Field(
        description="The look of the ledgers: the name of a file in templates/layouts, or the office's own form.",
        json_schema_extra=_as_any_of,
    )
    rounds: tuple[RoundShape, ...] = Field(default=(), description="The sendings-out, in order of time.")
    contact: ContactShape = Field(default=ContactShape(), description="Whom a unit asks; printed in every ledger.")
    mailboxes: tuple[MailboxShape, ...] = Field(default=(), description="The mailboxes that returns come to.")
    mail: MailShape = Field(default=MailShape(), description="Sending and receiving by mail.")
    remind: RemindShape = Field(default=RemindShape(), description="When units that owe something are reminded.")
    workdays: WorkdaysShape = Field(
        default=WorkdaysShape(), description="Days that are worked or free otherwise than the statutory calendar says."
    )
    grace: Grace = Field(default=0, description="Calendar days added to the due dates of recurring limits.")
    checks: ChecksShape = Field(
        default=ChecksShape(), description="How grave each check of returned ledgers is: error, warning, note, off."
    )
    lights: LightsShape = Field(default=LightsShape(), description="When the lights turn yellow, and what is spared.")
    page: PageShape = Field(default=PageShape(), description="What the public page shows.")


class FactsShape(Shape):
    """The facts of the plan's document."""

    title: Name = Field(description="The title of the plan, without 《》.")
    year: Year = Field(description="The year the plan is for.")
    region: Text = Field(default="", description="The region the units belong to, e.g. 淄川区.")
    document_number: Text = Field(default="", description="As printed, e.g. 川政办字〔2022〕32号.")
    issuer: Text = Field(default="", description="Who issued the plan.")
    issued: Day | None = Field(default=None, description="The date of signing (成文日期).")


class TaskShape(Shape):
    """One task of the plan (工作任务)."""

    id: TaskId = Field(
        description="The identity of the task. Never change it: the rows of the ledgers are known by it."
    )
    name: Name = Field(description="The task in a few words (工作任务).")
    requirement: Text = Field(default="", description="What the plan requires, in full (工作要求).")
    section: tuple[Name, ...] = Field(default=(), description="The headings above the task, the outermost first.")
    lead: tuple[Name, ...] = Field(
        default=(), description="Lead units (牵头单位): names, aliases or groups of units.yaml."
    )
    responsible: tuple[Name, ...] = Field(default=(), description="Responsible units (责任单位), likewise.")
    supporting: tuple[Name, ...] = Field(default=(), description="Supporting units (配合单位), likewise.")
    time_limit: Text = Field(default="", description="The time limit in the plan's words (时限要求).")
    deadline: DeadlineShape | None = Field(default=None, description="Overrides the reading of time_limit.")
    measures: tuple[Name, ...] = Field(
        default=(), description="Measures that the office sets for all units of the task."
    )
    publish: Truth = Field(default=True, description="Whether the task may be on the public page (`report page`).")


class PlanShape(Shape):
    """A year's plan (plan.yaml)."""

    plan: FactsShape = Field(description="Title, year and the like, as the document has them.")
    tasks: tuple[TaskShape, ...] = Field(default=(), description="The tasks in the order of the document.")


class UnitShape(Shape):
    """A responsible unit (单位). No two units may share a name, an alias or a former name."""

    name: Name = Field(description="The unit's present name.")
    kind: Text = Field(default="", description="What groups are made of, e.g. 部门, 镇, 街道.")
    aliases: tuple[Name, ...] = Field(default=(), description="Other names the plan uses for it.")
    former_names: tuple[Name, ...] = Field(default=(), description="Names it had before.")
    mail: tuple[Name, ...] = Field(
        default=(), description="Its mail addresses; @example.gov.cn: whoever writes from there is the unit."
    )
    cc: tuple[Name, ...] = Field(default=(), description="Who gets a copy of what is sent to it.")
    contact: Text = Field(default="", description="The person who fills in the ledger.")
    phone: Text = Field(default="", description="That person's telephone number.")
    channel: Literal["mail", "oa", "chat"] | None = Field(
        default=None, description="How it is reached. Left out: by mail. The office hands over what goes by oa or chat."
    )


class GroupShape(Shape):
    """A group of units (单位类别), by kinds or members; or pending, until the lead names the members."""

    name: Name = Field(description="As the plan writes it, e.g. 各镇（街道、开发区）.")
    kinds: tuple[Name, ...] = Field(default=(), description="All units of these kinds belong to it.")
    members: tuple[Name, ...] = Field(default=(), description="These units belong to it.")
    excepted: tuple[Name, ...] = Field(
        default=(), alias="except", description="These units do not belong to it after all."
    )
    pending: Literal["lead"] | None = Field(
        default=None, description="The lead unit of the task will name the members."
    )


class UnitsShape(Shape):
    """The units and groups (units.yaml)."""

    units: tuple[UnitShape, ...] = Field(default=(), description="All units, in the order of the summaries.")
    groups: tuple[GroupShape, ...] = Field(default=(), description="The groups that the plan names.")


class EntryShape(Shape):
    """Cells that the office fills in beforehand, for one task and the units that have it."""

    task: TaskId = Field(description="The id of the task in plan.yaml.")
    units: tuple[Name, ...] | None = Field(
        default=None, description="Names, aliases or groups of units.yaml. Left out: every unit that has the task."
    )
    round: RoundId | None = Field(default=None, description="The round it is for. Left out: every round.")
    measure: MeasureNumber = Field(
        default="1",
        description="The number of the measure, as in the row's code; a further number makes a further row.",
    )
    override: Truth = Field(
        default=False, description="Whether it stands even where the unit wrote something else in an earlier round."
    )
    fields: Cells = Field(description="The texts by the ids of the layout's columns.")

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        for key, value in (("units", self.units), ("fields", self.fields)):
            if value is not None and not value:
                raise PydanticCustomError("value-empty", "empty", {"key": key})
        return self


class PrefillShape(Shape):
    """What the office fills in for the units (prefill.yaml)."""

    entries: tuple[EntryShape, ...] = Field(default=(), description="The entries; none may contradict another.")


AnyShape = TypeVar("AnyShape", bound=Shape)


def shaped(model: type[AnyShape], document: Document) -> tuple[AnyShape | None, list[Finding]]:
    """Compare a document with the shape it should have; all faults of shape at once, each at its place."""
    try:
        return model.model_validate(document.written()), []
    except ValidationError as faults:
        complaints = [
            Complaint(
                fault["type"],
                tuple(step for step in fault["loc"] if step not in _TAGS),
                dict(fault.get("ctx", {})),
                fault["input"] is None,
            )
            for fault in faults.errors(include_url=False)
        ]
        return None, in_findings(complaints, document, _keys_of(model))


def schemas() -> dict[str, dict[str, object]]:
    """Give the JSON Schemas (draft 2020-12) of the campaign's files by the files' names without ``.yaml``."""
    models: dict[str, type[Shape]] = {
        "ledgergen": SettingsShape,
        "plan": PlanShape,
        "units": UnitsShape,
        "prefill": PrefillShape,
    }
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        | _with_empty_values(model.model_json_schema())
        for name, model in models.items()
    }


def _keys_of(model: type[Shape]) -> Callable[[Steps], tuple[str, ...]]:
    """Make a function that gives the keys a mapping may have, by the path of the mapping."""

    def keys(steps: Steps) -> tuple[str, ...]:
        at: type[BaseModel] = model
        for step in steps:
            if isinstance(step, str):
                field = next(field for name, field in at.model_fields.items() if step == (field.alias or name))
                at = next(kind for kind in _models_in(field.annotation))
        return tuple(field.alias or name for name, field in at.model_fields.items())

    return keys


def _models_in(annotation: object) -> list[type[BaseModel]]:
    """Find the shapes that an annotation such as ``tuple[TaskShape, ...]`` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]


def _with_empty_values(schema: dict[str, object]) -> dict[str, object]:
    """Let a key that may be left out also stand without a value, as :class:`Shape` does, so that editors agree."""
    definitions = schema.get("$defs", {})
    for shape in (schema, *(definitions.values() if isinstance(definitions, dict) else ())):
        for name, value in shape.get("properties", {}).items():
            if name not in shape.get("required", ()) and "anyOf" not in value:
                words = {key: value.pop(key) for key in ("title", "description", "default") if key in value}
                shape["properties"][name] = {**words, "anyOf": [value, {"type": "null"}]}
    return schema
