"""Checks that no two things of a file go by one name.

They look at the document, not at the records: so they also work in a file with faults of shape, and all faults are
said at once, each at the very word. Each gives both places: the finding's own and, as ``line``, that of the first.
"""

from collections.abc import Iterator
from typing import Final

from ledgergen.findings import Finding, finding
from ledgergen.plan.documents import Document, Steps
from ledgergen.plan.phrases import plain_name

# Crockford's base 32 reads O as 0 and I, L as 1; a row code is written in it and typed by hand (guide/workbook.md).
_ALIKE: Final = str.maketrans("OIL", "011")


def round_ids(document: Document) -> list[Finding]:
    """Two rounds with one id would share a folder and their row codes."""
    found = []
    first: dict[str, Steps] = {}
    for steps, text in _values(document, "rounds", "id"):
        if first.setdefault(text, steps) is not steps:
            line = document.where(first[text]).line
            found.append(finding("round-id-twice", document.where(steps), id=text, line=line))
    return found


def mailbox_names(document: Document) -> list[Finding]:
    """Two mailboxes with one name: the command line could not tell them apart."""
    found = []
    first: dict[str, Steps] = {}
    for steps, text in _values(document, "mailboxes", "name"):
        if first.setdefault(text, steps) is not steps:
            line = document.where(first[text]).line
            found.append(finding("mailbox-name-twice", document.where(steps), name=text, line=line))
    return found


def task_ids(document: Document) -> list[Finding]:
    """Two tasks with one id, or with ids that a row code cannot tell apart, would get each other's rows."""
    found = []
    same: dict[str, Steps] = {}
    alike: dict[str, tuple[str, Steps]] = {}
    for steps, text in _values(document, "tasks", "id"):
        if same.setdefault(text, steps) is not steps:
            line = document.where(same[text]).line
            found.append(finding("task-id-twice", document.where(steps), id=text, line=line))
            continue
        other, place = alike.setdefault(text.upper().translate(_ALIKE), (text, steps))
        if other != text:
            line = document.where(place).line
            found.append(finding("task-id-alike", document.where(steps), id=text, other=other, line=line))
    return found


def unit_names(document: Document) -> list[Finding]:
    """A unit is known by any of its names, so no name, alias or former name may belong to two (product.md)."""
    found = []
    owner: dict[str, tuple[int, Steps]] = {}
    for index, steps, name in _unit_names(document):
        other, place = owner.setdefault(plain_name(name), (index, steps))
        if other != index:
            line = document.where(place).line
            found.append(finding("unit-name-twice", document.where(steps), name=name, line=line))
    return found


def group_names(document: Document) -> list[Finding]:
    """A task names units and groups alike, so a group may bear no unit's name and no other group's."""
    units = {plain_name(name): steps for _, steps, name in _unit_names(document)}
    found = []
    groups: dict[str, Steps] = {}
    for steps, name in _values(document, "groups", "name"):
        plain = plain_name(name)
        if plain in units:
            line = document.where(units[plain]).line
            found.append(finding("group-name-taken", document.where(steps), name=name, line=line))
        if groups.setdefault(plain, steps) is not steps:
            line = document.where(groups[plain]).line
            found.append(finding("group-name-twice", document.where(steps), name=name, line=line))
    return found


def _values(document: Document, rows: str, key: str) -> Iterator[tuple[Steps, str]]:
    for index, row in document.items(rows):
        text = row.get(key)
        if isinstance(text, str) and text.strip():
            yield (rows, index, key), text.strip()


def _unit_names(document: Document) -> Iterator[tuple[int, Steps, str]]:
    for index, row in document.items("units"):
        name = row.get("name")
        if isinstance(name, str) and name.strip():
            yield index, ("units", index, "name"), name.strip()
        for key in ("aliases", "former_names"):
            names = row.get(key)
            for number, other in enumerate(names if isinstance(names, list) else ()):
                if isinstance(other, str) and other.strip():
                    yield index, ("units", index, key, number), other.strip()
