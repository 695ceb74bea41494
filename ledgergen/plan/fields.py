"""What can be edited of plan and units, as tables: a row per task, unit and group, a field per key of the schema.

The one list that the workbook's columns, the comparison and the rewriting share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.spelling import Value

Content: TypeAlias = str | tuple[str, ...] | Mapping[str, object]


class Sort(StrEnum):
    """What a field holds: a text; names or sentences in a list; a deadline's reading; a yes; one of some words."""

    TEXT = "text"
    NAMES = "names"
    LINES = "lines"
    DEADLINE = "deadline"
    FLAG = "flag"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key in the file, and what it holds; of words what each is in the file, and how it is shown."""

    key: str
    sort: Sort = Sort.TEXT
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One list of a file: its top-level key, the file (``plan`` or ``units``), and the key that names a row."""

    key: str
    file: str
    identity: str
    fields: tuple[Field, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """Give the keys in the order of the schema."""
        return tuple(field.key for field in self.fields)

    def field(self, key: str) -> Field:
        """Give a field by its key; ``KeyError`` where there is none."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


TASKS: Final = Table(
    "tasks",
    "plan",
    "id",
    (
        Field("id"),
        Field("section", Sort.LINES),
        Field("name"),
        Field("requirement"),
        Field("lead", Sort.NAMES),
        Field("responsible", Sort.NAMES),
        Field("supporting", Sort.NAMES),
        Field("time_limit"),
        Field("deadline", Sort.DEADLINE),
        Field("measures", Sort.LINES),
        Field("publish", Sort.WORD, (("true", "公开"), ("false", "不公开"))),
    ),
)
UNITS: Final = Table(
    "units",
    "units",
    "name",
    (
        Field("name"),
        Field("kind"),
        Field("aliases", Sort.NAMES),
        Field("former_names", Sort.NAMES),
        Field("mail", Sort.NAMES),
        Field("cc", Sort.NAMES),
        Field("contact"),
        Field("phone"),
        Field("channel", Sort.WORD, (("mail", "邮件"), ("oa", "OA"), ("chat", "工作群"))),
    ),
)
GROUPS: Final = Table(
    "groups",
    "units",
    "name",
    (
        Field("name"),
        Field("kinds", Sort.NAMES),
        Field("members", Sort.NAMES),
        Field("except", Sort.NAMES),
        Field("pending", Sort.FLAG),
    ),
)
FACTS: Final = Table(
    "plan",
    "plan",
    "",
    (
        Field("title"),
        Field("year"),
        Field("region"),
        Field("document_number"),
        Field("issuer"),
        Field("issued"),
    ),
)
TABLES: Final = (TASKS, UNITS, GROUPS, FACTS)
_YES: Final = {"pending": "lead"}  # what a flag stands as in the file
_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table as a file has it: where it stands, and its fields; what is left out there is empty here."""

    steps: Steps
    values: Mapping[str, Content]


def rows_of(document: Document, table: Table) -> dict[str, Row]:
    """Give the rows of a table by what names them; the facts of the plan are one row named ``""``."""
    if not table.identity:
        return {"": _row(document, table, (table.key,))}
    rows = (_row(document, table, (table.key, index)) for index, _ in document.items(table.key))
    return {str(row.values[table.identity]): row for row in rows}


def stored(content: Content, field: Field) -> Value:
    """Give what stands in the file for a content; None where nothing does."""
    if field.sort is Sort.FLAG:
        return _YES[field.key] if content else None
    if field.sort is Sort.DEADLINE:
        return dict(content) if isinstance(content, Mapping) and content else None
    if field.sort is Sort.WORD:
        return _TRUTHS.get(str(content), str(content)) if content else None
    return content


def _row(document: Document, table: Table, steps: Steps) -> Row:
    return Row(steps, {field.key: _content(document, (*steps, field.key), field) for field in table.fields})


def _content(document: Document, steps: Steps, field: Field) -> Content:
    found = document.written(steps) if document.holds(steps) else None
    if field.sort is Sort.DEADLINE:
        whole = document.resolved(steps) if isinstance(found, dict) else None
        return whole if isinstance(whole, dict) else {}
    if field.sort in (Sort.NAMES, Sort.LINES):
        items = found if isinstance(found, list) else []
        return tuple(item.strip() for item in items if isinstance(item, str))
    text = found.strip() if isinstance(found, str) else ""
    return text.lower() if field.sort is Sort.WORD else text
