"""A layout as the bytes of a layout file, for one that was not read from such a file (:mod:`.own_form`).

JSON, which is YAML as well, so that no second writer of YAML is needed and every text stands in quotes.
:func:`~.layout_file.load_layout` gives the same layout back.
"""

import json
from collections.abc import Iterable, Mapping

from ledgergen.workbook.layout import Choice, Column, Face, FaceChange, HeadItem, Layout


def dump_layout(layout: Layout) -> bytes:
    """Give a layout's file; the same layout gives the same bytes."""
    whole = layout.whole or layout
    stored = {
        "id": whole.id,
        "about": whole.about,
        "sheet": whole.sheet,
        "title": whole.title,
        "file_name": whole.file_name,
        "number_label": whole.number_label,
        "instructions_label": whole.instructions_label,
        "not_due": whole.not_due,
        "roles": dict(whole.roles),
        "style": _style(whole),
        "columns": [_column(column) for column in whole.columns],
        "head": [[_item(item) for item in row] for row in whole.head],
        "foot": [[_item(item) for item in row] for row in whole.foot],
        "instructions": list(whole.instructions),
        "faces": {str(face): _face(whole.faces[face]) for face in Face if face in whole.faces},
        "letterhead": list(whole.letterhead),
        "header_rows": whole.header_rows,
    }
    return (json.dumps(_filled(stored), ensure_ascii=False, indent=1) + "\n").encode()


def _style(layout: Layout) -> dict[str, object]:
    style = layout.style
    return {name: _scalar(getattr(style, name)) for name in type(style).__dataclass_fields__}


def _column(column: Column) -> dict[str, object]:
    return {
        "id": column.id,
        "title": column.title,
        "width": _scalar(column.width),
        "kind": str(column.kind),
        "asked": str(column.asked),
        "choices": _choices(column.choices),
        "lines": column.lines,
        "hint": column.hint,
        "required_when": {name: list(answers) for name, answers in column.required_when.items()},
    }


def _item(item: HeadItem) -> dict[str, object]:
    return {
        "id": item.id,
        "label": item.label,
        "pattern": item.pattern,
        "input": item.is_input,
        "fills": item.fills,
        "choices": _choices(item.choices),
    }


def _choices(choices: Iterable[Choice]) -> list[dict[str, object]]:
    return [_filled({"text": each.text, "also": list(each.also), "means": each.means}) for each in choices]


def _face(change: FaceChange) -> dict[str, object]:
    return {"title": change.title, "instructions": list(change.instructions), "without": list(change.without)}


def _scalar(value: object) -> object:
    """Write a width with at most three places, as a layout file may say it."""
    return round(value, 3) if isinstance(value, float) else value


def _filled(stored: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is empty, for that is what it is without being said; lists and mappings inside likewise."""
    found: dict[str, object] = {}
    for key, value in stored.items():
        inner = value
        if isinstance(value, Mapping):
            inner = _filled(value)
        elif isinstance(value, list):
            inner = [_inner(each) for each in value]
        if inner not in ("", [], {}):
            found[key] = inner
    return found


def _inner(value: object) -> object:
    if isinstance(value, Mapping):
        return _filled(value)
    return [_inner(each) for each in value] if isinstance(value, list) else value
