"""What stands around the table of an office's own form: labels to fill beside, cells with patterns, fixed texts."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ledgergen.findings import Finding, finding
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.form_words import FormWords
from ledgergen.workbook.grid import PLACES, Place, cell_name
from ledgergen.workbook.inline_labels import inline_items
from ledgergen.workbook.layout import HeadItem
from ledgergen.workbook.own_form_header import Header
from ledgergen.workbook.own_form_sheet import OwnSheet, Terms, plain

# What the product knows of a round and a unit, for labels that the borrowed layout lacks.
_PATTERNS: Final = {
    "unit": "{{ unit }}",
    "round": "{{ round_name }}",
    "due": "{{ due.year }}年{{ due.month }}月{{ due.day }}日",
    "contact": "{{ contact_office }} {{ contact_phone }}",
}
_PLACEHOLDER: Final = re.compile(r"[×✕xX＊*○〇]{2,}|[_＿]{3,}|\.{4,}|…{2,}")
_WIDE, _NARROW = 16.0, 9.0  # pixels that a character takes at 12 points
_LONGEST_LABEL: Final = 24  # characters


class How(StrEnum):
    """How a value gets onto the form: into its own cell, beside its label, or behind it in the label's cell."""

    CELL = "cell"
    BESIDE = "beside"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Fill:
    """An item of the form outside the table, the cell that takes its value, and the cell of its label."""

    item: HeadItem
    place: Place
    how: How
    label: Place


@dataclass(frozen=True, slots=True)
class Around:
    """Everything outside the table: items above it, items below it, and the texts that are nobody's to fill."""

    head: tuple[Fill, ...]
    foot: tuple[Fill, ...]
    letterhead: tuple[str, ...]


def around_of(sheet: OwnSheet, terms: Terms, header: Header, foot: int) -> tuple[Around, list[Finding]]:
    """Read what stands above the header and from row ``foot`` on."""
    reader = _Reader(sheet, terms, header)
    findings = list(reader.patterns(foot))
    for row, column, text in sheet.texts(0, header.top):
        reader.read(row, column, text)
        if not terms.setting.cells and _PLACEHOLDER.search(text) and reader.is_fixed(row, column):
            cell = cell_name(row, column)
            findings.append(finding("form-placeholder", terms.where(sheet.name, cell), text=text, cell=cell))
    head = tuple(reader.fills)
    for row, column, text in sheet.texts(foot, sheet.grid.size[0]):
        reader.read(row, column, text)
    below = tuple(
        replace(fill, item=replace(fill.item, fills="")) if fill.place[0] >= foot else fill
        for fill in reader.fills[len(head) :]
    )
    groups = (group for title in header.titles for group in title.groups)
    return Around(head, below, tuple(dict.fromkeys((*reader.fixed.values(), *groups)))), findings


class _Reader:
    """Reads the cells outside the table one by one; each label counts once."""

    def __init__(self, sheet: OwnSheet, terms: Terms, header: Header) -> None:
        self._sheet, self._terms, self._header, self._words = sheet, terms, header, terms.words
        like = terms.like.whole or terms.like
        self._known = {item.id: item for item in like.head_items}
        self._labels: set[str] = set()
        self._ids: set[str] = set()
        self.fills: list[Fill] = []
        self.fixed: dict[Place, str] = {}

    def patterns(self, foot: int) -> Iterator[Finding]:
        """Take the cells for which the settings name a pattern."""
        for name, pattern in self._terms.setting.cells.items():
            place = self._sheet.owner(*PLACES[name])
            if self._header.top <= place[0] < foot:
                yield finding("form-cell-inside", self._terms.where(self._sheet.name, name), cell=name)
            else:
                self._pattern(place, pattern)

    def read(self, row: int, column: int, text: str) -> None:
        """Read one filled cell."""
        if any(fill.place == (row, column) for fill in self.fills):
            return
        if "{{" in text:
            self._pattern((row, column), text)
        elif not (self._beside(row, column, text) or self._inline(row, column, text)):
            self.fixed[row, column] = text

    def is_fixed(self, row: int, column: int) -> bool:
        """Tell whether a cell's text stays as it is."""
        return (row, column) in self.fixed

    def _pattern(self, place: Place, pattern: str) -> None:
        name = cell_name(*place)
        self._add(Fill(HeadItem(f"cell_{name.lower()}", name, pattern), place, How.CELL, place))

    def _beside(self, row: int, column: int, text: str) -> bool:
        """Take a label with a free cell beside it."""
        label = plain(text).rstrip(":：").strip()
        ends = text.endswith((":", "："))
        place = self._free_cell(row, column, text)
        if place is None or len(label) > _LONGEST_LABEL or not (self._words.label(label) or ends):
            return False
        if inline_items(text[:-1], _Labels(self._words), any_label=True)[1]:
            return False  # several labels in one cell, the last of them without a value
        return self._add(Fill(self._item(label), place, How.BESIDE, (row, column)))

    def _inline(self, row: int, column: int, text: str) -> bool:
        """Take the labels of a cell that holds their values as well."""
        before, items = inline_items(text, _Labels(self._words), any_label=True)
        if not any(self._words.label(item.label) for item in items) or any(item.value for item in items):
            return False
        here = (row, column)
        added = [self._add(Fill(self._item(item.label), here, How.INLINE, here)) for item in items]
        if before.strip():
            self.fixed[row, column] = before.strip()
        return any(added)

    def _item(self, label: str) -> HeadItem:
        """Make the item that a label names: the borrowed layout's, one that the product can fill, else an input."""
        item_id = self._words.label(label)
        if not item_id or item_id in self._ids:
            item_id = f"own_{hashlib.sha256(normalised(label).encode()).hexdigest()[:8]}"
        if model := self._known.get(item_id):
            return replace(model, label=label)
        pattern = _PATTERNS.get(item_id, "")
        return HeadItem(item_id, label, pattern, is_input=not pattern)

    def _add(self, fill: Fill) -> bool:
        label = normalised(fill.item.label)
        if label in self._labels or fill.item.id in self._ids:
            return False
        self._labels.add(label)
        self._ids.add(fill.item.id)
        self.fills.append(fill)
        return True

    def _free_cell(self, row: int, column: int, text: str) -> Place | None:
        """Find the blank cell right of a label that fits its own cell; one that runs over needs what is beside it."""
        sheet = self._sheet
        _, left, _, right = sheet.area(row, column)
        pixels = sum(7 * sheet.width(each) + 5 for each in range(left, right + 1))
        beside = right + 1
        if beside > max(self._header.right, sheet.used_columns - 1) or pixels < _pixels(text):
            return None
        free = sheet.owner(row, beside) == (row, beside) and not sheet.text(row, beside)
        return (row, beside) if free else None


class _Labels:
    """The labels that the words know, as a collection that can only be asked."""

    def __init__(self, words: FormWords) -> None:
        self._words = words

    def __contains__(self, label: object) -> bool:
        return isinstance(label, str) and bool(self._words.label(label))


def _pixels(text: str) -> float:
    return sum(_WIDE if character >= "\u2000" else _NARROW for character in text)
