"""A document as read → a draft: the facts, the tasks of outline and tables, their units and limits, and every doubt."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ledgergen.document.assign import Assigner
from ledgergen.document.blocks import Paragraph, Source, Table
from ledgergen.document.characters import fold, tidy
from ledgergen.document.draft import Draft, DraftTask
from ledgergen.document.facts import Facts, facts_of
from ledgergen.document.found import FoundTask
from ledgergen.document.furniture import is_furniture
from ledgergen.document.headers import Column
from ledgergen.document.inline import split_inline
from ledgergen.document.items import Tree, is_attachment
from ledgergen.document.numbering import number_at_start
from ledgergen.document.outline import has_clauses, left_out, tasks_with_clauses, tasks_without_clauses
from ledgergen.document.rows import TaskRow, TaskTable, read_task_table
from ledgergen.document.rules import states_rule
from ledgergen.document.simplified import simplified
from ledgergen.findings import Finding, Where, finding
from ledgergen.records import Role

_ROLES: Final = {Column.LEAD: Role.LEAD, Column.RESPONSIBLE: Role.RESPONSIBLE, Column.SUPPORTING: Role.SUPPORTING}
_FIELDS: Final = {Column.NAME: "name", Column.TIME: "time_limit"} | {
    column: str(role) for column, role in _ROLES.items()
}
_FROM_ABOVE: Final = {Column.TIME: "doubt-limit-from-above"}
_LONGEST_TITLE: Final = 60
_NOTE: Final = re.compile(r"[（(]?(注|说明|备注|填表说明)[:：]?|[0-9一二三]{1,2}[.、．]")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A table of tasks with its title and its place in the document."""

    place: int
    title: str
    block: Table
    table: TaskTable


def interpret(source: Source, file: str) -> tuple[Draft, list[Finding]]:
    """Make a draft of a document; ``file`` is what findings call it."""
    facts = facts_of(source)
    blocks = list(_blocks(source))
    tables = list(_task_tables(blocks))
    tree = _tree(blocks, facts)
    kept = [each for each in tables if not each.table.is_form]
    if has_clauses(tree.roots):
        outline = tasks_with_clauses(tree.roots)
    else:
        outline = [] if kept else tasks_without_clauses(tree.roots)
    found = outline + [task for each in kept for task in _table_tasks(each, bool(outline), len(kept))]
    found.sort(key=lambda task: task.order)
    statements = list(_statements(blocks, found))
    assigner = Assigner(facts, statements, file)
    tasks = assigner.assign(found)
    findings = [*_fact_findings(facts, file), *_form_findings(tables, kept, file)]
    findings += [finding("document-table-lost", _where(file, 0, page)) for page in source.lost]
    findings += [finding("document-table-flat", _where(file, line, 0)) for line in source.flat]
    if outline and has_clauses(tree.roots):
        findings += [
            finding("document-item-left-out", _where(file, item.line, item.page), item=item.mark + item.heading)
            for item in left_out(tree.roots, outline)
        ]
    return Draft(facts, tasks), [*findings, *_task_findings(tasks, file), *assigner.findings]


def _blocks(source: Source) -> Iterator[tuple[int, Paragraph | Table]]:
    """Give the blocks with their places; paragraphs that hold several items are parted, furniture is left out."""
    waiting: list[Paragraph] = []
    parted: list[Paragraph | Table] = []
    for block in source.blocks:
        if isinstance(block, Paragraph):
            if block.text.strip() and not is_furniture(block.text):
                waiting.append(block)
            continue
        parted += [*split_inline(waiting), block]
        waiting = []
    parted += split_inline(waiting)
    yield from enumerate(parted)


def _task_tables(blocks: Sequence[tuple[int, Paragraph | Table]]) -> Iterator[_Placed]:
    title = ""
    for place, block in blocks:
        if isinstance(block, Paragraph):
            text = simplified(tidy(block.text))
            if not is_attachment(text) and len(text) <= _LONGEST_TITLE:
                title = text
            continue
        own = simplified(tidy(block.caption)) or _title_row(block) or (title if not block.sheet else block.sheet)
        if table := read_task_table(block, f"{own}{block.sheet}"):
            yield _Placed(place, own, block, table)


def _title_row(table: Table) -> str:
    """Give the title that a table has as its first row, over its whole width."""
    texts = [cell for cell in table.rows[0] if cell.strip()] if table.rows else []
    merged = any(top == 0 and right > left for top, left, _, right in table.merged)
    return simplified(tidy(texts[0])) if len(texts) == 1 and merged else ""


def _tree(blocks: Sequence[tuple[int, Paragraph | Table]], facts: Facts) -> Tree:
    """Build the outline of the plan: what stands before the plan's title belongs to the covering notice."""
    tree = Tree(stops=(facts.issuer,))
    begin = _plan_begin(blocks, facts)
    for place, block in blocks:
        if not isinstance(block, Paragraph) or place < begin:
            continue
        if is_attachment(block.text):
            tree.begin_zone()
        elif fold(block.text) != fold(facts.title):
            tree.add(block, place)
    return tree


def _plan_begin(blocks: Sequence[tuple[int, Paragraph | Table]], facts: Facts) -> int:
    """Give the place of the plan's own title; the beginning where it does not stand alone."""
    title = fold(facts.title)
    paragraphs = [(place, block) for place, block in blocks if isinstance(block, Paragraph)]
    texts = [fold(block.text) for _, block in paragraphs]
    places = [
        place
        for number, (place, _) in enumerate(paragraphs)
        if title and title in (texts[number], "".join(texts[number : number + 2]))
    ]
    numbered = [place for place, block in paragraphs if block.number or number_at_start(block.text)]
    # The last title with any numbers behind it: a table of contents may show it as well.
    return max((place for place in places if any(number > place for number in numbered)), default=0)


def _table_tasks(placed: _Placed, beside_outline: bool, tables: int) -> Iterator[FoundTask]:  # noqa: FBT001
    """Give the tasks of a table; its title is their section where the file holds tasks elsewhere too."""
    titled = (beside_outline or tables > 1) and not placed.table.has_headings and bool(placed.title)
    above = (placed.title,) if titled else ()
    for row in placed.table.rows:
        task = FoundTask(
            order=(placed.place, row.row),
            number=row.number,
            requirement=row.requirement,
            name=row.name,
            section=(*above, *row.sections),
            said=[(_ROLES[column], text) for column, text in row.units],
            times=list(row.times) if placed.table.has_time else None,
            inherited={_FIELDS[column] for column in row.inherited if column in _FIELDS},
            line=placed.block.line(row.row),
            page=placed.block.page,
            in_table=True,
            sheet=placed.block.sheet,
        )
        task.doubts += [(_FROM_ABOVE.get(column, "doubt-units-from-above"), {}) for column in sorted(row.crossed)]
        yield _with_units_inherited(task, row)


def _with_units_inherited(task: FoundTask, row: TaskRow) -> FoundTask:
    """Say of every role in a cell that comes from above that it does."""
    if Column.RESPONSIBLE in row.inherited:
        task.inherited |= {"lead", "supporting"}
    return task


def _statements(
    blocks: Sequence[tuple[int, Paragraph | Table]], found: Sequence[FoundTask]
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Give the texts that state a rule, with the place from which it holds."""
    first = found[0].order if found else (0,)
    above = -1  # the table right above, to which a note belongs
    for place, block in blocks:
        if isinstance(block, Paragraph):
            is_note = above >= 0 and _NOTE.match(tidy(block.text))
            if states_rule(block.text):
                yield (above if is_note else place,), block.text
            above = above if is_note else -1
        else:
            above = place
            for row in block.rows:
                text = "；".join(dict.fromkeys(cell for cell in row if cell.strip()))
                if states_rule(text):
                    yield min((place,), first), text


def _fact_findings(facts: Facts, file: str) -> list[Finding]:
    known = {
        "title": facts.title,
        "document_number": facts.document_number,
        "issuer": facts.issuer,
        "issued": facts.issued,
    }
    missing = [name for name, value in {**known, "year": facts.year}.items() if not value]
    return [finding("document-fact-missing", Where(file), fact=name) for name in missing]


def _form_findings(tables: Sequence[_Placed], kept: Sequence[_Placed], file: str) -> list[Finding]:
    forms = [each for each in tables if each not in kept]
    return [
        finding("document-form-left-out", _where(file, each.block.line(), each.block.page), title=each.title)
        for each in forms
    ]


def _task_findings(tasks: Sequence[DraftTask], file: str) -> Iterator[Finding]:
    if not tasks:
        yield finding("document-without-tasks", Where(file))
    for task in tasks:
        if not task.units:
            yield finding(
                "document-task-without-units", task.where, number=task.number, name=task.name or task.requirement[:20]
            )
        yield from task.doubts


def _where(file: str, line: int, page: int) -> Where:
    return Where(file, line) if line else Where(file, cell=f"p. {page}" if page else "")
