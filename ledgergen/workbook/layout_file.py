"""Load a layout from its file: the shape first, then what only the whole can tell."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from ledgergen.errors import WrongUse
from ledgergen.findings import Fact, Finding, Where, finding, has_errors
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.schema import shaped
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.texts import render
from ledgergen.workbook import limits, marks
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.layout import (
    HIDDEN_CODE_TITLE,
    OFFICE_COLUMNS,
    Asked,
    Choice,
    Column,
    HeadItem,
    Kind,
    Layout,
    Style,
)
from ledgergen.workbook.schema import ChoiceShape, HeadItemShape, LayoutShape

REQUIRED_COLUMNS: Final = ("seq", "task", "code")
MOST_INSTRUCTIONS: Final = 6
SMALLEST_PRINT: Final = 8.0  # points of the table on paper
_PRINTED_INCHES: Final = {("A4", True): 10.69, ("A4", False): 7.27, ("A3", True): 15.54, ("A3", False): 10.69}

Check = Callable[[Layout, Document], Iterator[Finding]]


def load_layout(data: bytes, file: str) -> tuple[Layout | None, list[Finding]]:
    """Load a layout; ``file`` is the name that the findings say. No layout where a finding is an error."""
    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    shape, findings = shaped(LayoutShape, document)
    if shape is None:
        return None, findings
    layout = _layout(shape)
    findings = [found for check in CHECKS for found in check(layout, document)]
    return (None if has_errors(findings) else layout), findings


def faulty_patterns(layout: Layout, values: dict[str, object], file: str) -> list[Finding]:
    """Try every pattern of a layout with the values of some unit; apart from loading, for Jinja is slow to load."""
    findings = []
    patterns = [layout.title, layout.file_name, *layout.instructions, *(item.pattern for item in layout.head_items)]
    for pattern in patterns:
        try:
            render(pattern, values, file)
        except WrongUse as fault:
            findings.append(fault.finding)
    return findings


def printed_points(layout: Layout) -> float:
    """Give the size of the table's texts on paper, where all columns are put on one page's width."""
    style = layout.style
    inches = sum(column.width * 7 + 5 for column in layout.columns) / 96
    return style.body_size * min(1.0, _PRINTED_INCHES[style.paper, style.landscape] / inches)


def _layout(shape: LayoutShape) -> Layout:
    columns = tuple(
        Column(
            row.id, row.title, row.width, Kind(row.kind), Asked(row.asked), _choices(row.choices), row.lines, row.hint
        )
        for row in shape.columns
    )
    return Layout(
        id=shape.id,
        sheet=shape.sheet,
        title=shape.title,
        file_name=shape.file_name,
        number_label=shape.number_label,
        columns=columns,
        head=tuple(tuple(map(_head_item, row)) for row in shape.head),
        instructions=shape.instructions,
        instructions_label=shape.instructions_label,
        roles=dict(shape.roles),
        style=Style(**dict(shape.style)),
    )


def _head_item(shape: HeadItemShape) -> HeadItem:
    return HeadItem(shape.id, shape.label, shape.pattern, shape.input, shape.fills, _choices(shape.choices))


def _choices(shapes: Iterable[ChoiceShape]) -> tuple[Choice, ...]:
    return tuple(Choice(shape.text, shape.also) for shape in shapes)


def _required(layout: Layout, document: Document) -> Iterator[Finding]:
    """A ledger has at least a number, a task and a code in each row: by them rows are read, grouped and known."""
    there = {column.id for column in layout.columns}
    for name in REQUIRED_COLUMNS:
        if name not in there:
            yield finding("layout-column-missing", document.where(("columns",)), id=name)


def _unique(layout: Layout, document: Document) -> Iterator[Finding]:
    """Ids name things for ever; titles and labels are what a returned table is read by, blanks and widths aside."""
    columns, items = layout.columns, layout.head_items
    places = [("head", row, item) for row, items_ in enumerate(layout.head) for item in range(len(items_))]
    at_columns: list[Steps] = [("columns", index) for index in range(len(columns))]
    yield from _twice("layout-id-twice", [column.id for column in columns], at_columns, "id", document)
    yield from _twice("layout-id-twice", [item.id for item in items], places, "id", document)
    titles = [column.title for column in columns]
    yield from _twice("layout-title-twice", titles, at_columns, "title", document, HIDDEN_CODE_TITLE)
    yield from _twice("layout-title-twice", [item.label for item in items], places, "label", document)


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
    for row, items in enumerate(layout.head):
        for place, item in enumerate(items):
            yield from _list(item.choices, ("head", row, place, "choices"), document)


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


def _head(layout: Layout, document: Document) -> Iterator[Finding]:
    """A head item is filled by a pattern or by the unit, stands in for an input column, and has room for its value."""
    inputs = {column.id for column in layout.inputs}
    for row, items in enumerate(layout.head):
        if 2 * len(items) > len(layout.columns):
            yield finding("layout-head-crowded", document.where(("head", row)), count=len(items))
        for place, item in enumerate(items):
            steps: Steps = ("head", row, place)
            if bool(item.pattern) == item.is_input:
                yield finding("layout-head-item", document.where(steps), label=item.label)
            if item.fills and not (item.is_input and item.fills in inputs):
                yield finding("layout-fills", document.where((*steps, "fills")), id=item.fills)


def _sheet(layout: Layout, document: Document) -> Iterator[Finding]:
    """Excel limits the names of sheets; six lines of instructions are what people read, and what leaves room below."""
    if limits.bad_sheet_name(layout.sheet) or layout.sheet.lower() == marks.SHEET:
        yield finding("layout-sheet-name", document.where(("sheet",)), name=layout.sheet, most=limits.SHEET_NAME)
    count = len(layout.instructions)
    if count > MOST_INSTRUCTIONS:
        facts: dict[str, Fact] = {"count": count, "most": MOST_INSTRUCTIONS}
        yield finding("layout-instructions-many", document.where(("instructions", MOST_INSTRUCTIONS)), **facts)


def _print(layout: Layout, document: Document) -> Iterator[Finding]:
    """All columns are printed on one page's width, so wide columns make small print."""
    points = printed_points(layout)
    if points < SMALLEST_PRINT:
        place: Where = document.where(("columns",))
        yield finding("layout-print-small", place, points=f"{points:.1f}", least=f"{SMALLEST_PRINT:g}")


CHECKS: Final[tuple[Check, ...]] = (_required, _unique, _office_columns, _lists, _head, _sheet, _print)
