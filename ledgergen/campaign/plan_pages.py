"""The rows of the workbook of plan and units: what the files say, and what a clerk should know of each row."""

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ledgergen.campaign.folder import OfficeFiles
from ledgergen.campaign.plan_files import FILES
from ledgergen.catalogue import Severity
from ledgergen.errors import InputFaults
from ledgergen.findings import Finding, Where, message
from ledgergen.messages import translator
from ledgergen.plan.deadline import Deadline, deadline_of
from ledgergen.plan.deadline_words import words_of
from ledgergen.plan.documents import Document, Node, Scalar, Steps
from ledgergen.plan.documents import Mapping as MappingNode
from ledgergen.plan.doubts import doubts_of
from ledgergen.plan.fields import FACTS, GROUPS, TABLES, TASKS, UNITS, Row, Table, rows_of
from ledgergen.plan.limit_faults import limit_findings
from ledgergen.plan.rewrite import text_of
from ledgergen.plan.spans import spans_of
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.workbook.plan_book import DOUBT, OPINIONS, READING, TALLY
from ledgergen.workbook.plan_book_write import BookRow


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown beside the fields: how time limits are read, and what units said, both by task id."""

    readings: Mapping[str, Deadline] = field(default_factory=dict)
    opinions: Mapping[str, str] = field(default_factory=dict)


def read_documents(data: Mapping[str, bytes]) -> dict[str, Document]:
    """Read plan and units as documents, which know the place of everything.

    Raises:
        InputFaults: one of them has faults of syntax.
    """
    return {name: _document(data[name], file) for name, file in FILES.items()}


@functools.lru_cache(maxsize=4)  # the state that was exported is mostly the state now
def _document(data: bytes, file: str) -> Document:
    document, findings = read_yaml(data, file)
    if document is None:
        raise InputFaults(findings)
    return document


def pages_of(files: OfficeFiles, findings: Iterable[Finding], shown: Shown) -> dict[str, list[BookRow]]:
    """Make the rows of every sheet, by the table's key."""
    documents = read_documents(files.data)
    doubts = _doubts(files, documents, findings)
    pages: dict[str, list[BookRow]] = {}
    for table in TABLES:
        rows = rows_of(documents[table.file], table)
        tallies = _tallies(files, table)
        pages[table.key] = [
            BookRow(key, row.values, _computed(table, key, row, shown, tallies, doubts)) for key, row in rows.items()
        ]
    return pages


def readings_of(files: OfficeFiles) -> dict[str, Deadline]:
    """Give how each task's time limit is read, by its id."""
    return {task.id: deadline_of(task, files.plan.facts) for task in files.plan.tasks}


def reading_in(deadline: Deadline) -> dict[str, object]:
    """Give a reading as ``plan.yaml`` writes it: keys without a value are left out."""
    return _without_blanks(deadline.to_json())


def _without_blanks(part: Mapping[str, object]) -> dict[str, object]:
    kept = {key: value for key, value in part.items() if value is not None and value != []}
    if isinstance(also := kept.get("also"), list):
        kept["also"] = [_without_blanks(each) for each in also]
    return kept


def doubt_counts(data: Mapping[str, bytes]) -> dict[tuple[str, int], int]:
    """Count the comments marked 待核 of each item, by table and index."""
    counts: dict[tuple[str, int], int] = {}
    for table in TABLES:
        text = text_of(data[table.file])
        for index, doubts in doubts_of(text, spans_of(text), table.key).items():
            counts[table.key, index] = len(doubts)
    return counts


def steps_by_place(document: Document) -> dict[tuple[int, int], Steps]:
    """Give the path of everything in a document by its line and column, for findings that say only these."""
    return {(node.line, node.column): steps for steps, node in _nodes(document.root, ())}


def row_of(places: Mapping[tuple[int, int], Steps], where: Where) -> Steps:
    """Give the path of what a finding is about, ``()`` where it cannot be told."""
    return places.get((where.line, where.column), ())


def _nodes(node: Node, steps: Steps) -> Iterator[tuple[Steps, Node]]:
    # Inner ones last: a list in block style begins where its first item does, and findings speak of the item.
    yield steps, node
    if isinstance(node, MappingNode):
        for key, value in node.values.items():
            yield from _nodes(value, (*steps, key))
    elif not isinstance(node, Scalar):
        for index, item in enumerate(node.items):
            yield from _nodes(item, (*steps, index))


def _computed(
    table: Table,
    key: str,
    row: Row,
    shown: Shown,
    tallies: Mapping[str, int],
    doubts: Mapping[tuple[str, int], list[str]],
) -> dict[str, str]:
    """Give the texts of a row's grey columns."""
    if table is FACTS:
        return {}
    computed = {DOUBT: "\n".join(doubts.get((table.key, int(row.steps[-1])), ()))}
    if table is TASKS:
        reading = shown.readings.get(key)
        return {
            **computed,
            READING: words_of(reading_in(reading)) if reading else "",
            OPINIONS: shown.opinions.get(key, ""),
        }
    return {**computed, TALLY: str(tallies.get(key, 0))}


def _tallies(files: OfficeFiles, table: Table) -> Mapping[str, int]:
    """Count the tasks of each unit, and the units of each group."""
    if table is UNITS:
        return Counter(assignment.unit.name for assignment in files.assignments)
    if table is GROUPS:
        return {group.name: len(files.registry.members(group)) for group in files.registry.groups}
    return {}


def _doubts(
    files: OfficeFiles, documents: Mapping[str, Document], findings: Iterable[Finding]
) -> dict[tuple[str, int], list[str]]:
    """Collect what is doubtful of each item: comments marked 待核 in the files, and what checking them finds."""
    doubts: dict[tuple[str, int], list[str]] = {}
    for table in TABLES:
        text = text_of(files.data[table.file])
        for index, marked in doubts_of(text, spans_of(text), table.key).items():
            doubts.setdefault((table.key, index), []).extend(doubt.text for doubt in marked)
    places = {FILES[name]: steps_by_place(document) for name, document in documents.items()}
    limits = limit_findings(files.plan)  # also where a limit names no date: whether one is meant is the clerk's to say
    others = (each for each in findings if each not in limits and each.severity is not Severity.NOTE)
    for found in (*limits, *others):
        steps = row_of(places.get(found.where.file, {}), found.where)
        if len(steps) > 1 and isinstance(steps[1], int):
            doubts.setdefault((str(steps[0]), steps[1]), []).append(message(found, translator("zh")))
    return doubts
