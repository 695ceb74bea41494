"""Load a layout from its file: the shape first, then what only the whole can tell (:mod:`.layout_checks`)."""

from collections.abc import Iterable

from ledgergen.errors import WrongUse
from ledgergen.findings import Finding, has_errors
from ledgergen.plan.schema import shaped
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.texts import render
from ledgergen.workbook.layout import Asked, Choice, Column, Face, FaceChange, HeadItem, Kind, Layout, Style
from ledgergen.workbook.layout_checks import CHECKS
from ledgergen.workbook.schema import ChoiceShape, ColumnShape, FacesShape, HeadItemShape, LayoutShape


def load_layout(data: bytes, file: str) -> tuple[Layout | None, list[Finding]]:
    """Load a layout on its first face; ``file`` is the name that the findings say.

    No layout where a finding is an error.
    """
    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    shape, findings = shaped(LayoutShape, document)
    if shape is None:
        return None, findings
    layout = _layout(shape)
    findings = [found for check in CHECKS for found in check(layout, document)]
    return (None if has_errors(findings) else layout.wearing(Face.FIRST)), findings


def faulty_patterns(layout: Layout, values: dict[str, object], file: str) -> list[Finding]:
    """Try every pattern of both faces with the values of some unit; apart from loading, for Jinja is slow to load."""
    findings = []
    for pattern in dict.fromkeys(pattern for face in Face for pattern in _patterns(layout.for_face(face))):
        try:
            render(pattern, {**values, "count": 1, "title": ""}, file)
        except WrongUse as fault:
            findings.append(fault.finding)
    return findings


def _patterns(layout: Layout) -> list[str]:
    items = (item.pattern for item in layout.head_items)
    return [layout.title, layout.file_name, layout.not_due, *layout.instructions, *items]


def _layout(shape: LayoutShape) -> Layout:
    return Layout(
        id=shape.id,
        sheet=shape.sheet,
        title=shape.title,
        file_name=shape.file_name,
        number_label=shape.number_label,
        columns=tuple(map(_column, shape.columns)),
        head=_rows(shape.head),
        instructions=shape.instructions,
        instructions_label=shape.instructions_label,
        roles=dict(shape.roles),
        style=Style(**dict(shape.style)),
        foot=_rows(shape.foot, foot=True),
        not_due=shape.not_due,
        about=shape.about,
        faces=_faces(shape.faces),
        letterhead=shape.letterhead,
        header_rows=shape.header_rows,
    )


def _column(shape: ColumnShape) -> Column:
    return Column(
        shape.id,
        shape.title,
        shape.width,
        Kind(shape.kind),
        Asked(shape.asked),
        _choices(shape.choices),
        shape.lines,
        shape.hint,
        dict(shape.required_when),
    )


def _rows(shapes: Iterable[Iterable[HeadItemShape]], *, foot: bool = False) -> tuple[tuple[HeadItem, ...], ...]:
    return tuple(tuple(_head_item(item, foot=foot) for item in row) for row in shapes)


def _head_item(shape: HeadItemShape, *, foot: bool) -> HeadItem:
    # Below the table a value without a pattern is for the pen, and whoever types there instead is read all the same.
    is_input = shape.input or (foot and not shape.pattern)
    return HeadItem(shape.id, shape.label, shape.pattern, is_input, shape.fills, _choices(shape.choices))


def _faces(shape: FacesShape) -> dict[Face, FaceChange]:
    shapes = {Face.FIRST: shape.first, Face.PROGRESS: shape.progress}
    changes = {face: FaceChange(own.title, own.instructions, own.without) for face, own in shapes.items()}
    return {face: change for face, change in changes.items() if change != FaceChange()}


def _choices(shapes: Iterable[ChoiceShape]) -> tuple[Choice, ...]:
    return tuple(Choice(shape.text, shape.also, shape.means) for shape in shapes)
