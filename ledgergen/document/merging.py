"""A draft put into files that exist: what the document changed comes in, what a clerk has edited stays.

Three texts are compared, field by field: the file as it is, the file as the last import left it (the base), and the
new draft. A field that nobody has edited takes the new text; one that was edited is kept, and where the document has
changed too, a finding says what it now reads. Ids stay with their tasks, known again by their texts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from ledgergen.document.abbreviations import Abbreviations
from ledgergen.document.draft import Draft, DraftTask
from ledgergen.document.identifiers import identifiers
from ledgergen.document.plan_text import (
    TASK_KEYS,
    doubt_lines,
    fact_values,
    fit,
    group_values,
    plan_text,
    task_values,
    unit_values,
)
from ledgergen.document.register import DraftUnit, Register
from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.documents import Document
from ledgergen.plan.phrases import plain_name
from ledgergen.plan.rewrite import Add, Change, Put, Unwritable, rewritten
from ledgergen.plan.spelling import Value
from ledgergen.plan.yaml_files import read_yaml

_LIKE: Final = 0.8  # of a requirement's text, to be known as the same task
_QUOTED: Final = 200


@dataclass(frozen=True, slots=True)
class Merged:
    """The new text of a file, the text to remember as the base of the next import, and what is to be said."""

    data: bytes
    base: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One task of a file: where it stands, and its fields."""

    index: int
    values: Mapping[str, Value]

    @property
    def text(self) -> str:
        return plain_name(str(self.values.get("requirement") or self.values.get("name") or ""))


def merge_plan(data: bytes, base: bytes, draft: Draft, source: str, file: str) -> Merged:
    """Put a draft into a plan.yaml; ``base`` is what the last import wrote, empty where there was none."""
    document, findings = read_yaml(data, file)
    if document is None:
        return Merged(data, "", tuple(findings))
    old, _ = read_yaml(base, file) if base else (None, [])
    rows, before = _rows(document), _rows(old) if old else {}
    known = _known_again(draft.tasks, {identity: before.get(identity, row) for identity, row in rows.items()})
    new = identifiers([task for place, task in enumerate(draft.tasks) if place not in known], rows)
    ids = [known[place] if place in known else new.pop(0) for place in range(len(draft.tasks))]
    comparison = _Comparison(document, rows, before, file)
    changes: list[Change] = [*comparison.facts(draft, old), *comparison.tasks(draft.tasks, ids, set(known))]
    try:
        result = rewritten(data, changes, file)
    except Unwritable:
        return Merged(data, "", (finding("import-cannot-merge", Where(file)),))
    added = {ids[place]: task for place, task in enumerate(draft.tasks) if place not in known}
    gone = [identity for identity in rows if identity in before and identity not in ids]
    said = [*comparison.findings, *(_gone(document, rows[identity], identity) for identity in gone)]
    return Merged(_with_doubts(result, added), plan_text(draft, ids, source), tuple(said))


def merge_units(data: bytes, found: Register, abbreviations: Abbreviations, base: str, file: str) -> Merged:
    """Put the units and groups of a draft into a units.yaml: what is not known yet is added, nothing is changed."""
    document, findings = read_yaml(data, file)
    if document is None:
        return Merged(data, "", tuple(findings))
    units = [_names(row) for _, row in document.items("units")]
    taken = {plain_name(name) for names in units for name in names}
    taken |= {plain_name(str(row.get("name"))) for _, row in document.items("groups")}
    changes: list[Change] = []
    for unit in found.units:
        changes += _unit_changes(unit, units, taken, abbreviations, document)
    groups = [group for group in found.groups if plain_name(group.name) not in taken]
    last = sum(1 for _ in document.items("groups")) - 1
    changes += [Add("groups", last, group_values(group)) for group in groups]
    try:
        return Merged(rewritten(data, changes, file), base, ())
    except Unwritable:
        return Merged(data, "", (finding("import-cannot-merge", Where(file)),))


def _unit_changes(
    unit: DraftUnit, units: Sequence[Sequence[str]], taken: set[str], abbreviations: Abbreviations, document: Document
) -> Iterator[Change]:
    """Add a unit that nobody is yet, or the names that one who is there lacks."""
    missing = [name for name in (unit.name, *unit.aliases) if plain_name(name) not in taken]
    if not missing:
        return
    keys = {abbreviations.key(name) for name in (unit.name, *unit.aliases)}
    own = {plain_name(name) for name in (unit.name, *unit.aliases)}
    same = [
        place
        for place, names in enumerate(units)
        if any(plain_name(name) in own or abbreviations.key(name) in keys for name in names)
    ]
    taken |= {plain_name(name) for name in missing}
    if len(same) == 1:
        steps = ("units", same[0], "aliases")
        there = document.written(steps) if document.holds(steps) else None
        aliases = tuple(str(name) for name in there) if isinstance(there, list) else ()
        yield Put(steps, (*aliases, *map(fit, missing)), ("name", "aliases", "former_names", "kind", "mail"))
    else:
        yield Add("units", len(units) - 1, {**unit_values(unit), "name": fit(missing[0]), **_aliases(missing[1:])})


def _aliases(names: Sequence[str]) -> dict[str, Value]:
    return {"aliases": tuple(map(fit, names))} if names else {}


def _names(row: Mapping[str, object]) -> list[str]:
    names = [str(row.get("name") or "")]
    for key in ("aliases", "former_names"):
        others = row.get(key)
        names += [str(name) for name in others] if isinstance(others, list) else []
    return [name for name in names if name]


class _Comparison:
    """Compares a file with its base and a draft; gathers what is to be said."""

    def __init__(self, document: Document, rows: Mapping[str, _Row], before: Mapping[str, _Row], file: str) -> None:
        self._document, self._rows, self._before, self._file = document, rows, before, file
        self.findings: list[Finding] = []

    def facts(self, draft: Draft, old: Document | None) -> Iterator[Change]:
        """Change the facts that nobody has edited."""
        values = fact_values(draft)
        for key, value in values.items():
            own, was = _fact(self._document, key), _fact(old, key) if old else ""
            if own != value and own in ("", was):
                yield Put(("plan", key), value, ("title", "region", "year", "document_number", "issuer", "issued"))

    def tasks(self, tasks: Sequence[DraftTask], ids: Sequence[str], known: set[int]) -> Iterator[Change]:
        """Change the fields that nobody has edited, and add the tasks that are new behind those before them."""
        after = -1
        for place, (task, identity) in enumerate(zip(tasks, ids, strict=True)):
            values = task_values(task, identity)
            if place in known:
                after = self._rows[identity].index
                yield from self._fields(identity, values)
            else:
                yield Add("tasks", after, values)

    def _fields(self, identity: str, values: Mapping[str, Value]) -> Iterator[Change]:
        row, was = self._rows[identity], self._before.get(identity)
        for key in TASK_KEYS[1:]:
            own, new = row.values.get(key), values.get(key)
            if _same(own, new):
                continue
            if was is not None and _same(own, was.values.get(key)):
                yield Put(("tasks", row.index, key), new or None, TASK_KEYS)
            elif new and (was is None or not _same(new, was.values.get(key))):
                where = self._document.where(("tasks", row.index, key))
                text = "、".join(_texts(new))
                self.findings.append(finding("import-kept", where, id=identity, field=key, text=text[:_QUOTED]))


def _rows(document: Document) -> dict[str, _Row]:
    """Give the tasks of a plan by their ids."""
    rows: dict[str, _Row] = {}
    for index, row in document.items("tasks"):
        values: dict[str, Value] = {}
        for key in TASK_KEYS:
            value = row.get(key)
            if isinstance(value, list):
                values[key] = tuple(str(item) for item in value)
            elif isinstance(value, str):
                values[key] = value.strip()
        rows[str(values.get("id", ""))] = _Row(index, values)
    return rows


def _known_again(tasks: Sequence[DraftTask], rows: Mapping[str, _Row]) -> dict[int, str]:
    """Find which task of a draft is which of the file: by equal texts in order, then by the most alike ones."""
    free = dict(rows)
    known: dict[int, str] = {}
    for place, task in enumerate(tasks):
        text = plain_name(fit(task.requirement))
        identity = next((each for each, row in free.items() if row.text == text), None)
        if identity is not None:
            known[place] = identity
            del free[identity]
    for place, task in enumerate(tasks):
        if place in known or not free:
            continue
        text = plain_name(fit(task.requirement))
        likeness = {identity: _likeness(text, row.text) for identity, row in free.items()}
        best = max(likeness, key=lambda identity: likeness[identity])
        if likeness[best] >= _LIKE:
            known[place] = best
            del free[best]
    return known


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE else 0.0


def _same(one: Value, other: Value) -> bool:
    """Tell whether two values are the same words; nothing and an empty one are."""
    if not one or not other:
        return not one and not other
    return [plain_name(text) for text in _texts(one)] == [plain_name(text) for text in _texts(other)]


def _texts(value: Value) -> list[str]:
    """Give the texts of a value: one, or those of a list."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _fact(document: Document, key: str) -> str:
    steps = ("plan", key)
    value = document.written(steps) if document.holds(steps) else None
    return value.strip() if isinstance(value, str) else ""


def _gone(document: Document, row: _Row, identity: str) -> Finding:
    where = document.where(("tasks", row.index))
    return finding("import-gone", where, id=identity, name=str(row.values.get("name", "")))


def _with_doubts(data: bytes, added: Mapping[str, DraftTask]) -> bytes:
    """Write the doubts about added tasks beside them, as a new plan has them."""
    if not any(doubt_lines(task) for task in added.values()):
        return data
    lines = data.decode("utf-8").split("\n")
    return "\n".join(_marked(lines, added)).encode("utf-8")


def _marked(lines: Iterable[str], added: Mapping[str, DraftTask]) -> Iterator[str]:
    for line in lines:
        yield line
        found = re.fullmatch(r"(\s*)- id: \"?([0-9A-Za-z.]{1,12})\"?\s*", line)
        if found and found[2] in added:
            ending = "\r" if line.endswith("\r") else ""
            yield from (f"{found[1]}  {comment}{ending}" for comment in doubt_lines(added[found[2]]))
