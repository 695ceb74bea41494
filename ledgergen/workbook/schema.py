"""The shape of a layout file, and its JSON Schema for editors. The one place of this room that knows pydantic.

Scalars arrive as the text that stands in the file (:mod:`ledgergen.plan.documents`), numbers and truth values too.
"""

import math
import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ledgergen.plan.schema_values import LayoutName, Name, Shape, Text
from ledgergen.workbook import limits
from ledgergen.workbook.layout import NOT_DUE

LONGEST_FONT: Final = 31  # Excel's own limit
MOST_LINES: Final = 15  # kept free in an empty cell: about half a page
_ID: Final = re.compile("[a-z][a-z0-9_]{0,31}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?", re.ASCII)
_TRUTH: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def _number(least: float, most: float) -> tuple[PlainValidator, WithJsonSchema]:
    def check(value: object) -> float:
        text = value.strip() if isinstance(value, str) else ""
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not least <= number <= most:
            facts = {"value": text, "least": f"{least:g}", "most": f"{most:g}"}
            raise PydanticCustomError("layout-number", "out of range", facts)
        return number

    return PlainValidator(check), WithJsonSchema({"type": "number", "minimum": least, "maximum": most})


def _lines(value: object) -> int:
    text = value.strip() if isinstance(value, str) else ""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= MOST_LINES):
        facts = {"value": text, "least": "1", "most": str(MOST_LINES)}
        raise PydanticCustomError("layout-number", "out of range", facts)
    return int(text)


def _truth(value: object) -> bool:
    if not isinstance(value, str) or value not in _TRUTH:
        raise PydanticCustomError("layout-truth", "no truth value", {"value": str(value)})
    return _TRUTH[value]


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise PydanticCustomError("layout-id-bad", "no id", {"value": text})
    return text


def _at_most(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if limits.length(text) > most:
            raise PydanticCustomError("layout-text-long", "too long", {"length": limits.length(text), "most": most})
        return text

    return AfterValidator(check)


Id = Annotated[Name, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": f"^{_ID.pattern}$"})]
Truth = Annotated[bool, PlainValidator(_truth), WithJsonSchema({"type": "boolean"})]
Lines = Annotated[int, PlainValidator(_lines), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_LINES})]
Font = Annotated[Name, _at_most(LONGEST_FONT)]
Hint = Annotated[Text, _at_most(limits.PROMPT)]
Width = Annotated[float, *_number(2, 80)]
TextSize = Annotated[float, *_number(8, 28)]
TitleSize = Annotated[float, *_number(8, 72)]
SmallSize = Annotated[float, *_number(6, 28)]


class ChoiceShape(Shape):
    """One allowed answer."""

    text: Name = Field(description="What the list offers.")
    also: tuple[Name, ...] = Field((), description="Other spellings that are read as this answer.")
    means: Text = Field("", description="What it is read as, if not as itself: 已整改 means 已完成.")


class ColumnShape(Shape):
    """One column of the table."""

    id: Id = Field(description="Identity of the column; everything else knows it by this. Never change it.")
    title: Name = Field(description="The column's title; a returned table's columns are known by it.")
    width: Width = Field(description="Width in characters.")
    kind: Literal["text", "date", "choice"] = Field("text", description="What the column holds.")
    asked: Literal["never", "first", "every", "exception"] = Field(
        "never",
        description="When the unit is asked: never (the office fills it), first round, every round, exceptions.",
    )
    choices: tuple[ChoiceShape, ...] = Field((), description="The answers of a column of kind choice.")
    lines: Lines = Field(1, description="Lines kept free in an empty cell.")
    hint: Hint = Field("", description="Shown beside a cell while it is selected.")
    required_when: dict[Name, tuple[Name, ...]] = Field(
        {}, description="Wanted only where each of these columns (by id) holds one of the answers beside it."
    )


class HeadItemShape(Shape):
    """One item of the head block, or below the table: a label with a value beside it."""

    id: Id = Field(description="Identity of the item.")
    label: Name = Field(description="The label; a returned head block is read by it.")
    pattern: Text = Field("", description="A Jinja pattern that prefills the value.")
    input: Truth = Field(False, description="Whether the unit fills it.")  # noqa: FBT003 - pydantic's first argument
    fills: Text = Field("", description="The id of the input column whose blank cells this value stands in for.")
    choices: tuple[ChoiceShape, ...] = Field((), description="What the list offers.")


class RolesShape(Shape):
    """How the roles of a unit are called."""

    lead: Name = Field("牵头", description="Of the lead unit.")
    responsible: Name = Field("责任", description="Of a responsible unit.")
    supporting: Name = Field("配合", description="Of a supporting unit.")
    pending: Text = Field("", description="Added where only the lead can name the further units.")


class StyleShape(Shape):
    """Fonts, sizes in points, and paper."""

    title_font: Font = Field("方正小标宋简体", description="Font of the title.")
    header_font: Font = Field("黑体", description="Font of column titles and labels.")
    body_font: Font = Field("仿宋_GB2312", description="Font of everything else.")
    title_size: TitleSize = Field(22, description="Points of the title.")
    header_size: TextSize = Field(12, description="Points of the column titles.")
    body_size: TextSize = Field(12, description="Points of the table.")
    head_size: TextSize = Field(12, description="Points of the head block.")
    note_size: SmallSize = Field(9, description="Points of the instructions.")
    code_size: SmallSize = Field(8, description="Points of the codes.")
    paper: Literal["A4", "A3"] = Field("A4", description="Paper.")
    landscape: Truth = Field(True, description="Landscape, not portrait.")  # noqa: FBT003 - pydantic's first argument


class FaceShape(Shape):
    """What one face shows otherwise than the rest of the file says."""

    title: Text = Field("", description="Jinja pattern of the title.")
    instructions: tuple[Name, ...] = Field((), description="Jinja patterns of the instructions, at most six.")
    without: tuple[Name, ...] = Field((), description="Ids of columns and of items of the head block to leave out.")


class FacesShape(Shape):
    """The two faces; a face that is left out shows what the rest of the file says."""

    first: FaceShape = Field(
        FaceShape.model_validate({}), description="Of the first round: the ledger is set up (建账)."
    )
    progress: FaceShape = Field(
        FaceShape.model_validate({}), description="Of later rounds: progress is reported (报进度)."
    )


class LayoutShape(Shape):
    """A ledger's form (台账版式)."""

    id: LayoutName = Field(description="The layout's name.")
    about: Text = Field("", description="What the layout is for, in a line of `ledgergen layout list`.")
    sheet: Name = Field(description="Name of the sheet.")
    title: Name = Field(description="Jinja pattern of the title.")
    file_name: Name = Field(description="Jinja pattern of the file's name, without its ending.")
    number_label: Name = Field("台账编号", description="Label of the ledger's number.")
    columns: tuple[ColumnShape, ...] = Field(description="The columns from left to right.")
    head: tuple[tuple[HeadItemShape, ...], ...] = Field((), description="The rows of the head block.")
    foot: tuple[tuple[HeadItemShape, ...], ...] = Field((), description="Rows of items below the table, to be signed.")
    faces: FacesShape = Field(FacesShape.model_validate({}), description="What the two faces show otherwise.")
    not_due: Text = Field(
        NOT_DUE, description="Jinja pattern of the note that rows are not due and hidden; knows `count` and `title`."
    )
    instructions: tuple[Name, ...] = Field((), description="Jinja patterns of the instructions, at most six.")
    instructions_label: Name = Field("填报说明", description="Label of the instructions.")
    roles: RolesShape = Field(RolesShape.model_validate({}), description="How the roles are called.")
    style: StyleShape = Field(StyleShape.model_validate({}), description="Fonts, sizes, paper.")
    letterhead: tuple[Name, ...] = Field(
        (), description="Texts around the table of an office's own form, known again when it comes back."
    )
    header_rows: Lines = Field(1, description="How many rows the column titles of an office's own form take.")


class FormWordsShape(Shape):
    """The words by which an office's own form is read (templates/forms/words.yaml)."""

    columns: dict[Id, tuple[Name, ...]] = Field(description="Titles by the id of the column that they name.")
    labels: dict[Id, tuple[Name, ...]] = Field({}, description="Labels by the id of the item that they name.")
    foot: tuple[Name, ...] = Field((), description="With these words a row below the table begins.")


def layout_schema() -> dict[str, object]:
    """Give the JSON Schema (draft 2020-12) of a layout file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | LayoutShape.model_json_schema()
