"""A YAML file that was read: what it says, as written, and the place of everything in it.

Scalars are kept as the text that stands in the file, because an id, a telephone number or a time limit that looks
like a number or a date is still a text (``0533``, ``5``, ``2022-12-31``). Only opaque mappings are resolved, by the
core schema of YAML 1.2.2, chapter 10.3.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ledgergen.findings import Where

Steps: TypeAlias = tuple[str | int, ...]
Written: TypeAlias = "str | list[Written] | dict[str, Written] | None"
Resolved: TypeAlias = "str | int | float | bool | list[Resolved] | dict[str, Resolved] | None"

_QUOTED: Final = 80
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Digits are bounded: Python refuses to convert very long numbers with an exception, and nobody means them.
_INT: Final = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar: its text as written; ``plain`` if it stands without quotes, block mark and tag."""

    line: int
    column: int
    text: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, in block or flow style."""

    line: int
    column: int
    items: "list[Node]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping: the values by key, and each key itself for its place."""

    line: int
    column: int
    values: "dict[str, Node]" = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its name and its root node. Paths are tuples of keys and indices, ``("tasks", 3, "lead", 0)``.

    Nothing of the file is lost by reading it so: whoever rewrites it loads the same bytes with ruamel's round-trip
    loader, which keeps the comments.
    """

    file: str
    root: Node

    def written(self, steps: Steps = ()) -> Written:
        """Give what stands at a path, every scalar as the text in the file, an empty value as ``None``.

        Raises:
            KeyError, IndexError: there is no such path.
        """
        return _written(self._node(steps))

    def resolved(self, steps: Steps = ()) -> Resolved:
        """Give what stands at a path with numbers and truth values read (YAML 1.2 core); dates stay texts.

        Raises:
            KeyError, IndexError: there is no such path.
        """
        return _resolved(self._node(steps))

    def holds(self, steps: Steps) -> bool:
        """Tell whether something stands at a path, be it an empty value."""
        try:
            self._node(steps)
        except (KeyError, IndexError):
            return False
        return True

    def where(self, steps: Steps = ()) -> Where:
        """Give the place of the value at a path; of an empty one, its key's; of a missing one, its parent's."""
        node = self.root
        for step in steps:
            try:
                node = _child(node, step)
            except (KeyError, IndexError):
                break
        return Where(self.file, node.line, node.column)

    def where_key(self, steps: Steps) -> Where:
        """Give the place of the key that ends the path; of an item of a list, the item's."""
        parent = self._node(steps[:-1])
        if isinstance(parent, Mapping):
            key = parent.keys[str(steps[-1])]
            return Where(self.file, key.line, key.column)
        return self.where(steps)

    def items(self, key: str) -> Iterator[tuple[int, dict[str, Written]]]:
        """Give the mappings in the list under a top-level key with their indices; whatever is no mapping is left out.

        For checks that must also work in a file with faults of shape.
        """
        rows = self.written((key,)) if self.holds((key,)) else None
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict):
                yield index, row

    def _node(self, steps: Steps) -> Node:
        node = self.root
        for step in steps:
            node = _child(node, step)
        return node


def shortened(text: str) -> str:
    """Cut a text down to what a finding should quote of it."""
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"


def _child(node: Node, step: str | int) -> Node:
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.values[step]
    if isinstance(node, Sequence) and isinstance(step, int):
        return node.items[step]
    raise KeyError(step)


def _written(node: Node) -> Written:
    match node:
        case Mapping():
            return {key: _written(value) for key, value in node.values.items()}
        case Sequence():
            return [_written(item) for item in node.items]
        case Scalar():
            return None if node.plain and node.text in _NULL else node.text


def _resolved(node: Node) -> Resolved:
    match node:
        case Mapping():
            return {key: _resolved(value) for key, value in node.values.items()}
        case Sequence():
            return [_resolved(item) for item in node.items]
        case Scalar():
            return _core(node.text) if node.plain else node.text


def _core(text: str) -> str | int | float | bool | None:
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        # Base 0 would refuse the leading zeros that YAML allows.
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if not text.lstrip("+-").isdecimal() and _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number  # infinite numbers stay texts: JSON has none
    return text
