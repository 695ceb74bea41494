"""Write the units that a clerk has accepted for tasks into plan.yaml, those that are new into units.yaml as well.

Only here does a suggestion become an assignment, and only one that somebody has chosen: by a number, or by a name.
Every other character of the files stays; the step is journalled as every edit of them is, and undone in the same way.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ledgergen.campaign.folder import PLAN_FILE, UNITS_FILE, Folder, OfficeFiles
from ledgergen.campaign.outcome import Occasion, Verb, Written
from ledgergen.campaign.plan_files import EDITED, FILES
from ledgergen.campaign.suggesting import Suggested, SuggestedTask, suggest
from ledgergen.document.bodies import is_group
from ledgergen.document.characters import split_outside
from ledgergen.document.register import draft_group, kind_of
from ledgergen.findings import NOWHERE, Finding, Where, finding, has_errors
from ledgergen.journal.durable import replace_whole
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.plan.doubts import doubts_of
from ledgergen.plan.fields import TASKS
from ledgergen.plan.phrases import plain_name
from ledgergen.plan.rewrite import Add, Change, Put, Settle, Unwritable, rewritten, text_of
from ledgergen.plan.spans import spans_of
from ledgergen.plan.spelling import Value
from ledgergen.plan.units import Registry
from ledgergen.records import Role, Task

ALL: Final = "all"
_MARKS: Final = "、，,；;\n "
_NOBODY_NAMED: Final = "没有写责任单位"  # in the comment that an import leaves


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a clerk chose for one task: ``picks`` are numbers of suggestions (from 1) or names, with their role."""

    task: str
    picks: tuple[tuple[Role, str], ...]
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Decision:
    """What a clerk decided in, by name and bytes, and how it is read once the suggestions are there."""

    name: str
    data: bytes
    choose: Callable[[Suggested], tuple[list[Chosen], list[Finding]]]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The units that a task now has, by role."""

    task: str
    name: str
    units: tuple[tuple[Role, str], ...]

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        return {"task": self.task, "units": [{"unit": name, "role": str(role)} for role, name in self.units]}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What accepting came to: the tasks, the files that were written, every finding."""

    tasks: tuple[Accepted, ...]
    files: tuple[Written, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Changes:
    """The changes of both files, and what is known by now."""

    registry: Registry
    plan: list[Change] = field(default_factory=list)
    units: list[Change] = field(default_factory=list)
    new: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def files(self) -> Mapping[str, list[Change]]:
        """Give them by file."""
        return {"plan": self.plan, "units": self.units}


def typed_decision(texts: Sequence[str], role: Role = Role.RESPONSIBLE) -> Decision:
    """Read what is typed behind ``--accept``: ``3`` (the first suggestion), ``3=2,3``, ``3=市教育局``, ``all``."""

    def choose(suggested: Suggested) -> tuple[list[Chosen], list[Finding]]:
        found: list[Chosen] = []
        for text in texts:
            task, equals, picked = text.partition("=")
            picks = split_picks(picked) if equals else ["1"]
            ids = [each.task.id for each in suggested.tasks if each.suggestions] if text == ALL else [task.strip()]
            found += [Chosen(each, tuple((role, pick) for pick in picks)) for each in ids]
        return found, []

    return Decision("suggest --accept", "\n".join(texts).encode(), choose)


def split_picks(text: str) -> list[str]:
    """Part names or numbers; what stands in brackets does not part: 各镇（街道、开发区）."""
    return [part.strip() for part in split_outside(text, _MARKS) if part.strip()]


def accept(
    folder: Folder, others: Sequence[Path], decision: Decision, *, occasion: Occasion, dry_run: bool = False
) -> Acceptance:
    """Write what was chosen; all of it, or nothing where something chosen is not there.

    What the clerk decided in (a workbook, or the words of the command) is kept among the originals. A task that names
    units by now is left alone. ``others`` as for :func:`~.suggesting.suggest`.

    Raises:
        InputFaults: the campaign's files cannot be read. Surroundings: disk, lock, journal.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        suggested = suggest(folder, others)
        files = suggested.files
        changes = _Changes(files.registry)
        chosen, findings = decision.choose(suggested)
        changes.findings += findings
        accepted = list(_accepted(suggested, chosen, changes))
        if has_errors(changes.findings):
            return Acceptance((), (), tuple(changes.findings))
        after = {key: files.data[key] for key in FILES}
        for key, own in changes.files().items():
            try:
                after[key] = rewritten(files.data[key], own, FILES[key])
            except Unwritable:
                said = "；".join(each.task for each in accepted)
                fault = finding("plan-file-unwritable", Where(FILES[key]), changes=said)
                return Acceptance((), (), (*changes.findings, fault))
        changed = {key: data for key, data in after.items() if data != files.data[key]}
        if changed and not dry_run:
            _write(folder, files, changed, occasion, (decision.name, decision.data))
        written = tuple(Written(FILES[key], Verb.CHANGED) for key in changed)
        return Acceptance(tuple(accepted), written, tuple(changes.findings))


def _accepted(suggested: Suggested, chosen: Sequence[Chosen], changes: _Changes) -> Iterator[Accepted]:
    """Go through what was chosen; gather the changes on the way."""
    tasks = {task.id: (index, task) for index, task in enumerate(suggested.files.plan.tasks)}
    offers = {each.task.id: each for each in suggested.tasks}
    for each in chosen:
        if each.task not in tasks:
            changes.findings.append(finding("suggest-task-unknown", each.where, id=each.task))
            continue
        index, task = tasks[each.task]
        if each.task not in offers and any(pick.isdecimal() for _, pick in each.picks):
            changes.findings.append(finding("suggest-has-units", each.where, id=each.task))
            continue
        units = tuple(_units(each, offers.get(each.task), changes))
        if not units or _same(units, task):
            continue
        if each.task not in offers:
            changes.findings.append(finding("suggest-has-units", each.where, id=each.task))
            continue
        for role in Role:
            if names := tuple(name for own, name in units if own is role):
                whole = tuple(dict.fromkeys([*getattr(task, str(role)), *names]))  # 有关部门 stays
                changes.plan.append(Put(("tasks", index, str(role)), tuple(map(str, whole)), TASKS.order))
        changes.plan += _settled(suggested.files.data["plan"], index)
        yield Accepted(task.id, task.name, units)


def _units(chosen: Chosen, offer: SuggestedTask | None, changes: _Changes) -> Iterator[tuple[Role, str]]:
    """Give the names that were picked, each once; a name that is not known yet becomes a unit or a group."""
    taken: set[str] = set()
    for role, pick in chosen.picks:
        name = pick
        if pick.isdecimal() and pick.isascii():
            found = offer.suggestions if offer else ()
            if not 0 < int(pick) <= len(found):
                code = "suggest-number-unknown"
                said = finding(code, chosen.where, id=chosen.task, number=pick, count=len(found))
                changes.findings.append(said)
                continue
            name = found[int(pick) - 1].name
        if plain_name(name) not in taken:
            taken.add(plain_name(name))
            _introduce(name, chosen.where, changes)
            yield role, name


def _introduce(name: str, where: Where, changes: _Changes) -> None:
    """Add a unit or a group that units.yaml does not have; say so, and what its name is like."""
    if changes.registry.find(name) or plain_name(name) in changes.new:
        return
    changes.new[plain_name(name)] = name
    last = {"units": len(changes.registry.units) - 1, "groups": len(changes.registry.groups) - 1}
    if not is_group(name):
        near = "、".join(changes.registry.suggest(name))
        code = "suggest-unit-near" if near else "suggest-unit-added"
        changes.findings.append(finding(code, where, name=name, near=near))
        changes.units.append(Add("units", last["units"], {"name": name, "kind": kind_of(name)}))
        return
    group = draft_group(name)
    values: dict[str, Value] = {"name": name, **({"pending": "lead"} if group.pending else {"kinds": group.kinds})}
    missing = [kind for kind in group.kinds if not changes.registry.by_kind(kind)]
    code = "suggest-group-kinds" if missing else "suggest-unit-added"
    changes.findings.append(finding(code, where, name=name, kinds="、".join(missing)))
    changes.units.append(Add("groups", last["groups"], values))


def _same(units: Iterable[tuple[Role, str]], task: Task) -> bool:
    """Tell whether a task has these units already: the second run of the same choice."""
    wanted = {(role, plain_name(name)) for role, name in units}
    return wanted <= {(role, plain_name(name)) for role in Role for name in getattr(task, str(role))}


def _settled(data: bytes, index: int) -> Iterator[Change]:
    """Settle the mark that nobody was named, where it is the task's only one."""
    text = text_of(data)
    doubts = doubts_of(text, spans_of(text), "tasks").get(index, [])
    if doubts and all(doubt.text.startswith(_NOBODY_NAMED) for doubt in doubts):
        yield Settle("tasks", index)


def _write(
    folder: Folder, files: OfficeFiles, changed: Mapping[str, bytes], occasion: Occasion, source: tuple[str, bytes]
) -> None:
    """Keep both states of the files and what was decided, journal the edit, then write each file whole."""
    name, data = source
    before = {key: files.data[key] for key in changed}
    Originals(folder.root).keep_all([data, *before.values(), *changed.values()])
    facts = {
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "complete": True,
        "before": {key: hashlib.sha256(old).hexdigest() for key, old in before.items()},
        "plan": {key: hashlib.sha256(new).hexdigest() for key, new in changed.items()},
    }
    Journal(folder.root).append(EDITED, facts, at=occasion.now, who=occasion.who)
    for key, new in changed.items():
        replace_whole(folder.root / {"plan": PLAN_FILE, "units": UNITS_FILE}[key], new)
