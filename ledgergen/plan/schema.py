"""The shapes of the three files a campaign is described by, and the JSON Schemas of them for editors.

The one place of this room that knows pydantic. It is fed a document's scalars as written (:mod:`.documents`), so that
a text is what stands in the file; what pydantic says against it is turned into findings by :mod:`.faults`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Final, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ledgergen.findings import Finding
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.faults import Complaint, in_findings

DeadlineKind = Literal["fixed", "recurring", "on_event", "continuous", "period", "unclear", "none"]

_TASK_ID: Final = "[0-9A-Za-z.]{1,12}"
_ROUND_ID: Final = "[0-9A-Za-z.-]{1,16}"
_LAYOUT: Final = r"[^\s./\\:][^\s/\\:]{0,63}"  # a name, not a path: it is looked for in two folders (safety.md)
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR: Final = re.compile("(?:19|20|21)[0-9]{2}")
# What a YAML reader takes for a number or a truth value is a text here: `phone: 0533`, `id: 5`.
_TEXT: Final[dict[str, object]] = {"type": ["string", "number", "boolean"]}


def _matching(pattern: str, code: str) -> AfterValidator:
    """Make a check of a whole text against a pattern; ``code`` is that of the finding."""
    whole = re.compile(pattern)

    def check(text: str) -> str:
        if not whole.fullmatch(text):
            raise PydanticCustomError(code, "no match", {"value": text})
        return text

    return AfterValidator(check)


def _not_empty(text: str) -> str:
    if not text:
        raise PydanticCustomError("value-empty", "empty")
    return text


def _day(value: object) -> date:
    # Nothing but a written date: pydantic itself would take the text 5 for a second of the year 1970.
    text = value.strip() if isinstance(value, str) else ""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise PydanticCustomError("value-not-date", "no date", {"value": text})


def _year(value: object) -> int:
    text = value.strip() if isinstance(value, str) else ""
    if not _YEAR.fullmatch(text):
        raise PydanticCustomError("value-not-year", "no year", {"value": text})
    return int(text)


def _text_schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({**_TEXT, "pattern": f"^{pattern}$"})


Text = Annotated[str, StringConstraints(strip_whitespace=True), WithJsonSchema(_TEXT)]
Name = Annotated[Text, AfterValidator(_not_empty), WithJsonSchema({**_TEXT, "minLength": 1})]
TaskId = Annotated[Text, _matching(_TASK_ID, "task-id-bad"), _text_schema(_TASK_ID)]
RoundId = Annotated[Text, _matching(_ROUND_ID, "round-id-bad"), _text_schema(_ROUND_ID)]
LayoutName = Annotated[Text, _matching(_LAYOUT, "layout-name-bad"), _text_schema(_LAYOUT)]
Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Year = Annotated[int, PlainValidator(_year), WithJsonSchema({"type": "integer", "minimum": 1900, "maximum": 2199})]


class Shape(BaseModel):
    """What the mappings have in common: no key but the known ones; a key without a value counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, data: object) -> object:
        if isinstance(data, Mapping):
            return {key: value for key, value in data.items() if value is not None}
        return data


class RoundShape(Shape):
    """One sending-out of ledgers (填报期)."""

    id: RoundId = Field(description="Short name of the round in codes and folders, e.g. 2022Q3. Never change it.")
    name: Name = Field(description="What the units read, e.g. 2022年第三季度.")
    opens: Day = Field(description="The day the ledgers are sent out.")
    due: Day = Field(description="The last day for handing in.")

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


class SettingsShape(Shape):
    """The settings of a campaign (ledgergen.yaml)."""

    id: Name = Field(
        description="The campaign's identity, e.g. zichuan-2022. Never change it: ledgers are known by it."
    )
    name: Name = Field(description="The campaign's name, e.g. 2022年淄川区政务公开.")
    layout: LayoutName = Field(description="The look of the ledgers: the name of a file in templates/layouts.")
    rounds: tuple[RoundShape, ...] = Field(default=(), description="The sendings-out, in order of time.")
    contact: ContactShape = Field(default=ContactShape(), description="Whom a unit asks; printed in every ledger.")
    mail: dict[str, object] | None = Field(default=None, description="Sending and receiving by mail.")


class FactsShape(Shape):
    """The facts of the plan's document."""

    title: Name = Field(description="The title of the plan, without 《》.")
    year: Year = Field(description="The year the plan is for.")
    region: Text = Field(default="", description="The region the units belong to, e.g. 淄川区.")
    document_number: Text = Field(default="", description="As printed, e.g. 川政办字〔2022〕32号.")
    issuer: Text = Field(default="", description="Who issued the plan.")
    issued: Day | None = Field(default=None, description="The date of signing (成文日期).")


class DeadlineShape(BaseModel):
    """A reading of the time limit; the further keys depend on its kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: DeadlineKind = Field(description="How the time limit is to be read.")


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
    mail: tuple[Name, ...] = Field(default=(), description="Its mail addresses.")


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


AnyShape = TypeVar("AnyShape", bound=Shape)


def shaped(model: type[AnyShape], document: Document) -> tuple[AnyShape | None, list[Finding]]:
    """Compare a document with the shape it should have; all faults of shape at once, each at its place."""
    try:
        return model.model_validate(document.written()), []
    except ValidationError as faults:
        complaints = [
            Complaint(fault["type"], fault["loc"], dict(fault.get("ctx", {})), fault["input"] is None)
            for fault in faults.errors(include_url=False)
        ]
        return None, in_findings(complaints, document, _keys_of(model))


def schemas() -> dict[str, dict[str, object]]:
    """Give the JSON Schemas (draft 2020-12) of the three files by the files' names without ``.yaml``."""
    models: dict[str, type[Shape]] = {"ledgergen": SettingsShape, "plan": PlanShape, "units": UnitsShape}
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
