"""承接对照: the superior's plan beside one's own. Links are found by text, kept in links.yaml, corrected by a clerk.

What a clerk has confirmed (``checked: true``; by a correction in the workbook as well) stays when the superior's plan
is put beside again. The file is changed line by line, so comments in it survive.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.folder import Folder, OfficeFiles, check_files, read_bytes
from ledgergen.campaign.importing import Imported
from ledgergen.campaign.outcome import Occasion, Verb, Written
from ledgergen.campaign.placing import place
from ledgergen.campaign.plan_files import EDITED, LINKS_FILE
from ledgergen.document.draft import Draft
from ledgergen.document.identifiers import identifiers
from ledgergen.document.linking import Link, LinkText, Relation, link
from ledgergen.document.plan_text import fit, name_of
from ledgergen.errors import InputFaults, Surroundings, WrongUse
from ledgergen.findings import NOWHERE, Finding, Where, finding, has_errors
from ledgergen.journal.durable import replace_whole
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.plan.documents import Document
from ledgergen.plan.rewrite import Add, Change, Drop, Put, Unwritable, rewritten
from ledgergen.plan.spelling import Value, spelled
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.workbook.choice_book import ChoiceColumn, ChoiceTable, ChosenRow, read_choices, write_choices
from ledgergen.workbook.grid import MAX_FILE
from ledgergen.workbook.pool import BoundedReader

DEFAULT_NAME: Final = "承接对照.xlsx"
_HEAD: Final = """\
# 承接对照：上级文件的每一项任务，本地由哪几项任务承接。
# relation：same 文字相同，refined 有承接、文字不同，missing 没有承接；tasks 是 plan.yaml 里的任务编号。
# checked: true 表示已经人工核对，再次对照时不改动。
"""
_ORDER: Final = ("superior", "name", "relation", "tasks", "checked")
_WORDS: Final = {Relation.SAME: "相同", Relation.REFINED: "细化", Relation.MISSING: "缺少"}
_YES: Final = ("是", "已核", "已核对", "true")
_NOTE: Final = (
    "一行是上级文件的一项任务。程序按文字找出本地承接的任务，只供参考，请逐行看一遍：黄色的三列可以改，"
    "“承接的任务编号”几个用顿号隔开，没有承接的空着、关系写“缺少”；看过的在“已核对”写“是”，再次对照时就不再动它。"
    "改好存盘，运行 ledgergen links --apply 本文件。"
)
TABLE: Final = ChoiceTable(
    "承接对照",
    _NOTE,
    (
        ChoiceColumn("superior", "上级编号", 9),
        ChoiceColumn("name", "上级任务", 24),
        ChoiceColumn("own", "本地承接的任务（按现有对照）", 48),
        ChoiceColumn("relation", "关系", 8, asked=True, choices=tuple(_WORDS.values())),
        ChoiceColumn("tasks", "承接的任务编号", 16, asked=True),
        ChoiceColumn("checked", "已核对", 8, asked=True, choices=("是", "否")),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of links.yaml: a link, whether a person has confirmed it, and where it stands."""

    link: Link
    checked: bool = False
    where: Where = NOWHERE

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        own = self.link
        about: dict[str, object] = {"superior": own.superior, "name": own.name, "relation": str(own.relation)}
        return {**about, "tasks": list(own.tasks), "checked": self.checked}


@dataclass(frozen=True, slots=True)
class Linked:
    """What putting a plan beside one's own, or correcting it, came to."""

    rows: tuple[Row, ...]
    names: Mapping[str, str]
    files: tuple[Written, ...]
    findings: tuple[Finding, ...]


def link_superior(folder: Folder, imported: Imported, *, dry_run: bool = False) -> Linked:
    """Put the superior's plan beside the campaign's, and write links.yaml. A second run changes nothing.

    Raises:
        InputFaults: a file has faults. Surroundings: disk, lock.
    """
    draft = imported.draft
    if draft is None or not draft.tasks:
        return Linked((), {}, (), imported.findings)
    with nullcontext() if dry_run else one_writer(folder.root):
        files = _office(folder)
        found = link(_superior_texts(draft), _own_texts(files))
        path = folder.root / LINKS_FILE
        before = read_bytes(path) if path.is_file() else None
        after = _new_text(draft, found).encode() if before is None else _merged(before, found)
        rows, findings = _rows(after, files)
        if has_errors(findings):
            raise InputFaults(findings)
        if after != before and not dry_run:
            replace_whole(path, after)
        verb = Verb.NEW if before is None else Verb.SAME if before == after else Verb.CHANGED
        return Linked(tuple(rows), _names(files), (Written(LINKS_FILE, verb),), tuple(findings))


def read_links(folder: Folder) -> Linked:
    """Read links.yaml; own tasks that are gone by now, and superior's ones that nobody carries on, are findings.

    Raises:
        InputFaults: a file has faults. Surroundings: ``links-none``.
    """
    files = _office(folder)
    rows, findings = _rows(_bytes_of(folder), files)
    return Linked(tuple(rows), _names(files), (), tuple(findings))


def export_links(folder: Folder, path: Path | None, *, dry_run: bool = False) -> tuple[Written, tuple[Finding, ...]]:
    """Write the links as a workbook, ``承接对照.xlsx`` in the campaign's folder where no ``path`` is given.

    A file that is there and differs is kept, and the new one gets a new name.

    Raises:
        InputFaults, Surroundings: as :func:`read_links`. WrongUse: ``plan-book-name``.
    """
    wanted = (path or folder.root / DEFAULT_NAME).resolve()
    if wanted.suffix.lower() != ".xlsx":
        raise WrongUse("plan-book-name", name=wanted.name)
    files = _office(folder)
    rows, findings = _rows(_bytes_of(folder), files)
    facts = files.plan.facts
    cells = [_cells(row, _names(files)) for row in rows]
    dated = facts.issued or date(facts.year, 1, 1)
    data = write_choices(TABLE, f"{files.settings.name}承接对照", files.settings.id, cells, dated)
    sha256 = hashlib.sha256(data).hexdigest()
    placed = place(wanted, sha256, (), sha256[:6])
    if not dry_run:
        placed.write(data, sha256)
    if placed.verb is Verb.KEPT:
        findings.append(finding("file-kept", Where(folder.shown(placed.wanted)), name=placed.path.name))
    return Written(folder.shown(placed.path), placed.verb, rows=len(rows)), tuple(findings)


def apply_links(folder: Folder, path: Path, *, occasion: Occasion, dry_run: bool = False) -> Linked:
    """Put what a clerk corrected in the workbook into links.yaml; journalled, so it can be undone.

    Raises:
        InputFaults, Surroundings: as :func:`read_links`; disk, lock, journal.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as fault:
        raise Surroundings("cannot-read", Where(path.name), reason=fault.strerror or str(fault)) from fault
    with nullcontext() if dry_run else one_writer(folder.root):
        files, before = _office(folder), _bytes_of(folder)
        rows, findings = _rows(before, files)
        chosen, said = _read_book(path.name, data, files)
        if chosen is None or has_errors(said):
            return Linked(tuple(rows), _names(files), (), tuple(said))
        changes = list(_changes(chosen, rows, files, said))
        if has_errors(said):
            return Linked(tuple(rows), _names(files), (), tuple(said))
        after = _rewritten(before, changes)
        if after != before and not dry_run:
            _journalled(folder, (before, after), (path.name, data), occasion)
        rows, findings = _rows(after, files)
        verb = Verb.SAME if after == before else Verb.CHANGED
        return Linked(tuple(rows), _names(files), (Written(LINKS_FILE, verb),), (*said, *findings))


def _office(folder: Folder) -> OfficeFiles:
    files, findings = check_files(folder)
    if files is None:
        raise InputFaults(findings)
    return files


def _bytes_of(folder: Folder) -> bytes:
    path = folder.root / LINKS_FILE
    if not path.is_file():
        raise Surroundings("links-none")
    return read_bytes(path)


def _superior_texts(draft: Draft) -> list[LinkText]:
    ids = identifiers(draft.tasks)
    return [
        LinkText(identity, fit(task.name) or name_of(task), fit(task.requirement) or fit(task.name))
        for identity, task in zip(ids, draft.tasks, strict=True)
    ]


def _own_texts(files: OfficeFiles) -> list[LinkText]:
    return [LinkText(task.id, task.name, task.requirement or task.name) for task in files.plan.tasks]


def _names(files: OfficeFiles) -> dict[str, str]:
    return {task.id: task.name for task in files.plan.tasks}


def _new_text(draft: Draft, found: Sequence[Link]) -> str:
    """Write the file for the first time."""
    facts = draft.facts
    about = {
        "title": fit(facts.title),
        "document_number": fit(facts.document_number),
        "issuer": fit(facts.issuer),
        "issued": facts.issued.isoformat() if facts.issued else "",
    }
    lines = [f"{key}: {spelled(value, indent=2)}" for key, value in about.items() if value]
    text = _HEAD + ("superior:\n" + "".join(f"  {line}\n" for line in lines) if lines else "") + "links:\n"
    for each in found:
        (first, *rest) = [f"{key}: {spelled(value, indent=2)}" for key, value in _values(each).items()]
        text += "- " + "\n  ".join([first, *rest]) + "\n"
    return text


def _values(each: Link) -> dict[str, Value]:
    about: dict[str, Value] = {"superior": each.superior, "name": each.name, "relation": str(each.relation)}
    return {**about, "tasks": each.tasks} if each.tasks else about


def _merged(before: bytes, found: Sequence[Link]) -> bytes:
    """Bring what was found anew into the file; rows that are checked stay, whatever the text says now."""
    document = _document(before)
    known = {str(row.get("superior")): (index, row) for index, row in document.items("links")}
    changes: list[Change] = []
    after = -1
    for each in found:
        if each.superior not in known:
            changes.append(Add("links", after, _values(each)))
            continue
        after, row = known[each.superior]
        if str(row.get("checked", "")).lower() == "true":
            continue
        wanted: dict[str, Value] = {"name": each.name, "relation": str(each.relation), "tasks": each.tasks or None}
        for key, value in wanted.items():
            if _plain(row.get(key)) != _plain(value):
                changes.append(Put(("links", after, key), value, _ORDER))
    there = {each.superior for each in found}
    changes += [
        Drop("links", index)
        for identity, (index, row) in known.items()
        if identity not in there and str(row.get("checked", "")).lower() != "true"
    ]
    return _rewritten(before, changes)


def _plain(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [str(value)] if value else []


def _rewritten(before: bytes, changes: Sequence[Change]) -> bytes:
    try:
        return rewritten(before, changes, LINKS_FILE)
    except Unwritable as fault:
        raise InputFaults([finding("import-cannot-merge", Where(LINKS_FILE))]) from fault


def _document(data: bytes) -> Document:
    document, findings = read_yaml(data, LINKS_FILE)
    if document is None:
        raise InputFaults(findings)
    return document


def _rows(data: bytes, files: OfficeFiles) -> tuple[list[Row], list[Finding]]:
    """Read the rows; what is wrong with one is a finding at its line."""
    document = _document(data)
    known = _names(files)
    rows: list[Row] = []
    findings: list[Finding] = []
    for index, stored in document.items("links"):
        where = document.where(("links", index))
        tasks = tuple(_plain(stored.get("tasks")))
        word = str(stored.get("relation") or "")
        if word not in set(Relation) or not stored.get("superior"):
            findings.append(finding("link-row-bad", where, relation=word, words="、".join(Relation)))
            continue
        findings += [
            finding("link-task-unknown", document.where(("links", index, "tasks")), id=each)
            for each in tasks
            if each not in known
        ]
        own = Link(str(stored["superior"]), str(stored.get("name") or ""), Relation(word), tasks)
        row = Row(own, str(stored.get("checked", "")).lower() == "true", where)
        rows.append(row)
        findings += _open(row)
    return rows, findings


def _open(row: Row) -> Iterator[Finding]:
    """Say that nobody carries a task on, until a person has confirmed it; and where row and relation disagree."""
    own = row.link
    if (own.relation is Relation.MISSING) == bool(own.tasks):
        yield finding("link-row-divided", row.where, id=own.superior, relation=str(own.relation))
    elif own.relation is Relation.MISSING and not row.checked:
        yield finding("link-missing", row.where, id=own.superior, name=own.name)


def _cells(row: Row, names: Mapping[str, str]) -> dict[str, str]:
    own = "\n".join(f"{each} {names.get(each, '')}".strip() for each in row.link.tasks)
    return {
        "superior": row.link.superior,
        "name": row.link.name,
        "own": own,
        "relation": _WORDS[row.link.relation],
        "tasks": "、".join(row.link.tasks),
        "checked": "是" if row.checked else "",
    }


def _read_book(name: str, data: bytes, files: OfficeFiles) -> tuple[list[ChosenRow] | None, list[Finding]]:
    with BoundedReader() as reader:
        workbook, findings = reader.read(name, data)
    if workbook is None:
        return None, findings
    rows, more = read_choices(workbook, TABLE, files.settings.id, name)
    return rows, [*findings, *more]


def _changes(
    chosen: Sequence[ChosenRow], rows: Sequence[Row], files: OfficeFiles, said: list[Finding]
) -> Iterator[Change]:
    """Compare the workbook's rows with the file's; what a clerk wrote that cannot be is a finding at the cell."""
    places = {row.link.superior: (index, row) for index, row in enumerate(rows)}
    words = {word: relation for relation, word in _WORDS.items()}
    known = _names(files)
    for each in chosen:
        if each.key not in places:
            said.append(finding("link-row-unknown", each.where("superior"), id=each.key))
            continue
        index, row = places[each.key]
        wanted = row
        if "tasks" in each.texts:
            tasks = tuple(each.texts["tasks"].replace("，", "、").replace(",", "、").replace("\n", "、").split("、"))
            wanted = replace(
                wanted, link=replace(row.link, tasks=tuple(task.strip() for task in tasks if task.strip()))
            )
            unknown = [task for task in wanted.link.tasks if task not in known]
            said += [finding("link-task-unknown", each.where("tasks"), id=task) for task in unknown]
        if word := each.texts.get("relation", ""):
            if word not in words:
                said.append(finding("link-row-bad", each.where("relation"), relation=word, words="、".join(words)))
                continue
            wanted = replace(wanted, link=replace(wanted.link, relation=words[word]))
        if wanted.link != row.link:
            wanted = replace(wanted, checked=True)
        elif word := each.texts.get("checked", "").lower():
            wanted = replace(wanted, checked=word in _YES)
        yield from _row_changes(index, row, wanted)


def _row_changes(index: int, row: Row, wanted: Row) -> Iterator[Change]:
    if wanted.link.relation != row.link.relation:
        yield Put(("links", index, "relation"), str(wanted.link.relation), _ORDER)
    if wanted.link.tasks != row.link.tasks:
        yield Put(("links", index, "tasks"), wanted.link.tasks or None, _ORDER)
    if wanted.checked != row.checked:
        yield Put(("links", index, "checked"), wanted.checked or None, _ORDER)


def _journalled(folder: Folder, states: tuple[bytes, bytes], book: tuple[str, bytes], occasion: Occasion) -> None:
    """Keep the workbook and both states of the file, journal the edit, then write the file whole."""
    (former, after), (name, data) = states, book
    Originals(folder.root).keep_all([data, former, after])
    facts = {
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "complete": True,
        "before": {"links": hashlib.sha256(former).hexdigest()},
        "plan": {"links": hashlib.sha256(after).hexdigest()},
    }
    Journal(folder.root).append(EDITED, facts, at=occasion.now, who=occasion.who)
    replace_whole(folder.root / LINKS_FILE, after)
