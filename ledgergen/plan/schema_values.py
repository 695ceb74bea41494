"""The values that the campaign's files may hold, and what all their mappings have in common.

With :mod:`.schema`, of which it is the lower part, the only place of this room that knows pydantic. A value is checked
as the text that stands in the file.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

_TASK_ID: Final = "[0-9A-Za-z.]{1,12}"
_ROUND_ID: Final = "[0-9A-Za-z.-]{1,16}"
_LAYOUT: Final = r"[^\s./\\:][^\s/\\:]{0,63}"  # a name, not a path: it is looked for in two folders (safety.md)
_CELL: Final = "[A-Z]{1,2}[1-9][0-9]{0,2}"
_HEADER_ROWS: Final = 30  # the header is looked for in the first thirty rows, as in a return
_MEASURE: Final = "[1-9][0-9]?|N[0-9A-Z]{4}"
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


def _truth(value: object) -> bool:
    if value not in ("true", "false"):
        raise PydanticCustomError("layout-truth", "no truth value", {"value": str(value)})
    return value == "true"


def _header_row(value: object) -> int:
    text = value.strip() if isinstance(value, str) else ""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= _HEADER_ROWS):
        facts = {"value": text, "least": "1", "most": str(_HEADER_ROWS)}
        raise PydanticCustomError("layout-number", "out of range", facts)
    return int(text)


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("value-empty", "empty")
    return text


def _without_empty(data: object) -> object:
    """Count a key without a value as left out."""
    return {key: value for key, value in data.items() if value is not None} if isinstance(data, Mapping) else data


def _text_schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({**_TEXT, "pattern": f"^{pattern}$"})


def is_layout_name(text: str) -> bool:
    """Tell whether a text can be the name of a layout: a name, not a path."""
    return re.fullmatch(_LAYOUT, text) is not None


Text = Annotated[str, StringConstraints(strip_whitespace=True), WithJsonSchema(_TEXT)]
Name = Annotated[Text, AfterValidator(_not_empty), WithJsonSchema({**_TEXT, "minLength": 1})]
TaskId = Annotated[Text, _matching(_TASK_ID, "task-id-bad"), _text_schema(_TASK_ID)]
RoundId = Annotated[Text, _matching(_ROUND_ID, "round-id-bad"), _text_schema(_ROUND_ID)]
LayoutName = Annotated[Text, _matching(_LAYOUT, "layout-name-bad"), _text_schema(_LAYOUT)]
MeasureNumber = Annotated[Text, _matching(_MEASURE, "prefill-measure-bad"), _text_schema(_MEASURE)]
Cell = Annotated[str, AfterValidator(_filled), WithJsonSchema({**_TEXT, "minLength": 1})]  # every blank counts
Cells = Annotated[dict[str, Cell], BeforeValidator(_without_empty)]
CellName = Annotated[Text, _matching(_CELL, "cell-name-bad"), _text_schema(_CELL)]
HeaderRow = Annotated[
    int, PlainValidator(_header_row), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _HEADER_ROWS})
]
Truth = Annotated[bool, PlainValidator(_truth), WithJsonSchema({"type": "boolean"})]
Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Year = Annotated[int, PlainValidator(_year), WithJsonSchema({"type": "integer", "minimum": 1900, "maximum": 2199})]


class Shape(BaseModel):
    """What the mappings have in common: no key but the known ones; a key without a value counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, data: object) -> object:
        return _without_empty(data)
