"""What only the whole of a layout can tell: each check is a function whose docstring gives the rule and its reason.

The layout is checked with everything on it, before a face leaves anything out.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from ledgergen.findings import Fact, Finding, finding
from ledgergen.plan.documents import Document, Steps
from ledgergen.workbook import limits, marks
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.layout import (
    HIDDEN_CODE_TITLE,
    IDENTITY_COLUMNS,
    OFFICE_COLUMNS,
    TASK_COLUMNS,
    Choice,
    HeadItem,
    Kind,
    Layout,
)
from ledgergen.workbook.paper import SMALLEST_PRINT, fitted_points

REQUIRED_COLUMNS: Final = ("seq", "code")
MOST_INSTRUCTIONS: Final = 6

Check = Callable[[Layout, Document], Iterator[Finding]]


def _required(layout: Layout, document: Document) -> Iterator[Finding]:
    """A ledger has at least a number, a task and a code in each row: by them rows are read, grouped and known."""
    there = {column.id for column in layout.columns}
    missing = [name for name in REQUIRED_COLUMNS if name not in there]
    if not there.intersection(TASK_COLUMNS):
        missing.insert(1, TASK_COLUMNS[0])
    for name in missing:
        yield finding("layout-column-missing", document.where(("columns",)), id=name)


def _unique(layout: Layout, document: Document) -> Iterator[Finding]:
    """Ids name things for ever; titles and labels are what a returned table is read by, blanks and widths aside."""
    columns = layout.columns
    items = [item for _, item in _items(layout)]
    places = [place for place, _ in _items(layout)]
    at_columns: list[Steps] = [("columns", index) for index in range(len(columns))]
    yield from _twice("layout-id-twice", [column.id for column in columns], at_columns, "id", document)
    yield from _twice("layout-id-twice", [item.id for item in items], places, "id", document)
    titles = [column.title for column in columns]
    yield from _twice("layout-title-twice", titles, at_columns, "title", document, HIDDEN_CODE_TITLE)
    yield from _twice("layout-title-twice", [item.label for item in items], places, "label", document)


def _items(layout: Layout) -> Iterator[tuple[Steps, HeadItem]]:
    """Give every item above and below the table with its path in the file."""
    for name, rows in (("head", layout.head), ("foot", layout.foot)):
        for row, items in enumerate(rows):
            for place, item in enumerate(items):
                yield (name, row, place), item


def _twice(
    code: str, texts: list[str], places: Iterable[Steps], key: str, document: Document, taken: str = ""
) -> Iterator[Finding]:
    seen = {normalised(taken)} if taken else set()
    for text, place in zip(texts, places, strict=True):
        if normalised(text) in seen:
            yield finding(code, document.where((*place, key)), text=text)
        seen.add(normalised(text))


def _office_columns(layout: Layout, document: Document) -> Iterator[Finding]:
    """The product fills certain columns and no others; a column that nobody fills would stay blank for ever."""
    for index, column in enumerate(layout.columns):
        place, facts = document.where(("columns", index, "id")), {"id": column.id}
        if not column.is_input and column.id not in OFFICE_COLUMNS:
            yield finding("layout-column-unknown", place, **facts, known=", ".join(OFFICE_COLUMNS))
        elif column.is_input and column.id in OFFICE_COLUMNS:
            yield finding("layout-column-office", place, **facts)


def _lists(layout: Layout, document: Document) -> Iterator[Finding]:
    """Excel holds at most 255 characters of choices, split at commas; one spelling must not mean two answers."""
    for index, column in enumerate(layout.columns):
        steps: Steps = ("columns", index)
        if (column.kind is Kind.CHOICE) != bool(column.choices):
            yield finding("layout-choices-missing", document.where(steps), id=column.id)
        yield from _list(column.choices, (*steps, "choices"), document)
    for steps, item in _items(layout):
        yield from _list(item.choices, (*steps, "choices"), document)


def _list(choices: tuple[Choice, ...], steps: Steps, document: Document) -> Iterator[Finding]:
    length = limits.length(",".join(choice.text for choice in choices))
    if length > limits.LIST:
        yield finding("layout-list-long", document.where(steps), length=length, most=limits.LIST)
    meant: dict[str, str] = {}
    for index, choice in enumerate(choices):
        place = document.where((*steps, index))
        if "," in choice.text:
            yield finding("layout-choice-comma", place, text=choice.text)
        for spelling in (choice.text, *choice.also):
            if meant.setdefault(normalised(spelling), choice.text) != choice.text:
                yield finding("layout-choice-twice", place, text=spelling, other=meant[normalised(spelling)])


def _required_when(layout: Layout, document: Document) -> Iterator[Finding]:
    """A column is wanted where others hold certain answers; those columns must exist and offer these answers."""
    for index, column in enumerate(layout.columns):
        steps: Steps = ("columns", index, "required_when")
        if column.required_when and not column.is_input:
            yield finding("layout-required-office", document.where(steps), id=column.id)
        for name, answers in column.required_when.items():
            there = layout.find(name)
            offered = [choice.text for choice in there.choices] if there else []
            if not offered or name == column.id:
                yield finding("layout-required-column", document.where((*steps, name)), id=name)
                continue
            for place, answer in enumerate(answers):
                if answer not in offered:
                    where = document.where((*steps, name, place))
                    yield finding("layout-required-answer", where, text=answer, id=name, choices="、".join(offered))


def _around(layout: Layout, document: Document) -> Iterator[Finding]:
    """An item above or below the table has room for its value, and stands in for a column that the unit fills.

    Above it is filled by a pattern or by the unit; below it may stay blank, for the pen.
    """
    inputs = {column.id for column in layout.inputs}
    for name, rows in (("head", layout.head), ("foot", layout.foot)):
        for row, items in enumerate(rows):
            if 2 * len(items) > len(layout.columns):
                yield finding("layout-head-crowded", document.where((name, row)), count=len(items))
    for steps, item in _items(layout):
        if bool(item.pattern) == item.is_input:
            yield finding("layout-head-item", document.where(steps), label=item.label)
        if item.fills and not (item.is_input and item.fills in inputs and steps[0] == "head"):
            yield finding("layout-fills", document.where((*steps, "fills")), id=item.fills)


def _sheet(layout: Layout, document: Document) -> Iterator[Finding]:
    """Excel limits the names of sheets; six lines of instructions are what people read, and what leaves room below."""
    if limits.bad_sheet_name(layout.sheet) or layout.sheet.lower() == marks.SHEET:
        yield finding("layout-sheet-name", document.where(("sheet",)), name=layout.sheet, most=limits.SHEET_NAME)
    for steps, lines in _instructions(layout):
        if len(lines) > MOST_INSTRUCTIONS:
            facts: dict[str, Fact] = {"count": len(lines), "most": MOST_INSTRUCTIONS}
            yield finding("layout-instructions-many", document.where((*steps, MOST_INSTRUCTIONS)), **facts)


def _instructions(layout: Layout) -> Iterator[tuple[Steps, tuple[str, ...]]]:
    yield ("instructions",), layout.instructions
    for face, change in layout.faces.items():
        yield ("faces", str(face), "instructions"), change.instructions


def _faces(layout: Layout, document: Document) -> Iterator[Finding]:
    """A face may leave out what is asked for, never what a row is known by; and only what is there."""
    there = {column.id for column in layout.columns} | {item.id for row in layout.head for item in row}
    for face, change in layout.faces.items():
        for place, name in enumerate(change.without):
            where = document.where(("faces", str(face), "without", place))
            if name not in there:
                yield finding("layout-without-unknown", where, id=name)
            elif name in IDENTITY_COLUMNS:
                yield finding("layout-without-identity", where, id=name)


def _print(layout: Layout, document: Document) -> Iterator[Finding]:
    """All columns go on one page's width; wide columns would make small print, so they go on several pages instead."""
    points = fitted_points(layout)
    if points < SMALLEST_PRINT:
        place = document.where(("columns",))
        yield finding("layout-print-small", place, points=f"{points:.1f}", least=f"{SMALLEST_PRINT:g}")


CHECKS: Final[tuple[Check, ...]] = (
    _required,
    _unique,
    _office_columns,
    _lists,
    _required_when,
    _around,
    _faces,
    _sheet,
    _print,
)
