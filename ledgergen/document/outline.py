"""The outline's items → tasks: which clause serves whom, which paragraphs are no tasks."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from ledgergen.document.clauses import Part, find_clauses, is_clause_alone, parted
from ledgergen.document.found import FoundTask
from ledgergen.document.items import Item, leaves
from ledgergen.document.simplified import simplified
from ledgergen.records import Role

# A clause on a line of its own serves the items before it, unless they are whole chapters of the plan.
_CHAPTERS: Final = frozenset({"volume", "part", "chapter", "section", "han"})
_CLOSED: Final = "。；;，, "


def has_clauses(items: Sequence[Item]) -> bool:
    """Tell whether any item says who is responsible."""
    return any(find_clauses(item.text) or find_clauses(item.head) or has_clauses(item.children) for item in items)


def tasks_with_clauses(items: Sequence[Item]) -> list[FoundTask]:
    """Find the tasks of an outline that says who is responsible; each clause ends one task."""
    found: list[FoundTask] = []
    for family in _families(items):
        found += _family_tasks(family)
    return found


def tasks_without_clauses(items: Sequence[Item]) -> list[FoundTask]:
    """Find the tasks of an outline that names nobody: the items that have none below them.

    Items that say why and what for (总体要求) are none; nor are whole chapters without items where others have some.
    """
    nested = any(item.children for item in items)
    chosen = [
        item
        for item in leaves(items)
        if not item.is_general and (item.parent or not nested) and item.text.strip(_CLOSED)
    ]
    return [_task(item, Part(item.text, None), None) for item in chosen]


def left_out(items: Sequence[Item], tasks: Sequence[FoundTask]) -> list[Item]:
    """Give the items with text of their own that gave no task and are not general."""
    orders = {task.order[:-1] for task in tasks}
    return [
        item
        for item in leaves(items)
        if item.order not in orders and not item.is_general and len(item.text) > len(item.heading)
    ]


def _families(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Give the groups of items that stand below one another under one heading, in the order of the document."""
    if items:
        yield items
    for item in items:
        yield from _families(item.children)


def _family_tasks(family: Sequence[Item]) -> list[FoundTask]:
    """Find the tasks of one family of items."""
    served = _served(family)
    some = any(find_clauses(each.text) for each in family if not each.children)
    above = _clause_above(family[0].parent)
    found: list[FoundTask] = []
    for item in family:
        if item.children:
            found += _intro_tasks(item)
        elif find_clauses(item.text):
            found += _own_tasks(item)
        elif above and not served.get(item.order):
            found.append(_inheriting(item, above, doubtful=False))
        elif clause := served.get(item.order):
            found.append(_inheriting(item, *clause))
        elif some and not item.is_general:  # others beside it have a clause
            task = _task(item, Part(item.text, None), None)
            task.doubts.append(("doubt-no-units", {}))
            found.append(task)
    return found


def _clause_above(parent: Item | None) -> str:
    """Give the clause that the heading itself bears, for the items below it."""
    clauses = find_clauses(parent.head) if parent else ()
    alone = bool(parent and parent.body and is_clause_alone(parent.body[-1].text))
    if not clauses and parent and alone:
        clauses = find_clauses(parent.body[-1].text)
    return clauses[-1].text if clauses else ""


def _served(family: Sequence[Item]) -> dict[tuple[int, ...], tuple[str, bool]]:
    """Find whom a clause serves besides its own item, by the item's order, and whether that is doubtful.

    A clause on a line of its own serves the items before it. One at the end of the last item serves them all where
    none of them has one, which a person would ask about.
    """
    served: dict[tuple[int, ...], tuple[str, bool]] = {}
    for place, item in enumerate(family):
        clauses = find_clauses(item.text)
        if item.number.kind in _CHAPTERS or not clauses or item.children:
            continue
        above = (family[number] for number in range(place - 1, -1, -1))
        before = list(takewhile(lambda each: not each.children and not find_clauses(each.text), above))
        if item.has_clause_below:
            served |= {each.order: (clauses[-1].text, False) for each in before}
        elif len(before) == place == len(family) - 1:
            served |= {each.order: (clauses[-1].text, True) for each in before}
    return served


def _own_tasks(item: Item) -> list[FoundTask]:
    """Make a task of every part of an item that a clause ends."""
    parts = parted(item.text)
    if parts[-1].clause is None and len(parts) > 1:
        rest = parts.pop()
        # Words behind the clause in the same paragraph belong to the task; paragraphs after it are no part of it.
        if len(parts) == 1 and "\n" not in item.text:
            parts[0] = Part(f"{parts[0].text}{rest.text}", parts[0].clause)
    if not parts[0].text.strip(_CLOSED):
        parts[0] = Part(item.head, parts[0].clause)
    parts = _merged(parts)
    return [_task(item, part, number if len(parts) > 1 else None) for number, part in enumerate(parts, start=1)]


def _merged(parts: Sequence[Part]) -> list[Part]:
    """Put clauses together that stand one behind another: （牵头单位：A）（责任单位：B）."""
    merged: list[Part] = []
    for part in parts:
        if merged and not part.text.strip(_CLOSED):
            merged[-1] = Part(merged[-1].text, f"{merged[-1].clause or ''}；{part.clause or ''}")
        else:
            merged.append(part)
    return merged


def _intro_tasks(item: Item) -> list[FoundTask]:
    """Make tasks of what a heading has before its items, where clauses end it."""
    if item.is_general or not any(find_clauses(piece.text) and not is_clause_alone(piece.text) for piece in item.body):
        return []
    return [task for task in _own_tasks(item) if task.said]


def _inheriting(item: Item, clause: str, doubtful: bool) -> FoundTask:  # noqa: FBT001 - as _served gives them
    task = _task(item, Part(item.text, clause), None)
    task.inherited |= {"lead", "responsible", "supporting", "time_limit"}
    if doubtful:
        task.doubts.append(("doubt-shared-clause", {"clause": clause}))
    return task


def _task(item: Item, part: Part, number: int | None) -> FoundTask:
    """Make the task of one part of an item."""
    task = FoundTask(
        order=(*item.order, number or 0),
        number=simplified(item.number.shown),
        requirement=part.text.strip(),
        name=simplified(item.name),
        part=number,
        section=item.path,
        said=[(Role.RESPONSIBLE, part.clause)] if part.clause else [],
        line=item.line,
        page=item.page,
    )
    if task.name and (number or 1) > 1:
        task.inherited.add("name")
    return task
