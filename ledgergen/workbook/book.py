"""Make a book: the content of one unit's ledger for one round, before any of it is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ledgergen.records import NOTHING, Assignment, Book, BookRow, PlanFacts, Role, Round, Settings, Task
from ledgergen.texts import render
from ledgergen.workbook.codes import book_number, edition_of, row_code
from ledgergen.workbook.layout import Layout


@dataclass(frozen=True, slots=True)
class BookSetting:
    """What all books of one sending-out have in common."""

    settings: Settings
    facts: PlanFacts
    round: Round
    layout: Layout
    plan_version: str = ""

    def values(self, unit: str) -> dict[str, object]:
        """Give the values that the layout's patterns may use."""
        day = self.round.due
        return {
            "unit": unit,
            "region": self.facts.region,
            "campaign": self.settings.name,
            "year": self.facts.year,
            "round": self.round.id,
            "round_name": self.round.name,
            "due": {"year": day.year, "month": day.month, "day": day.day},
            "contact_office": self.settings.contact_office,
            "contact_phone": self.settings.contact_phone,
        }


@dataclass(frozen=True, slots=True)
class Carried:
    """What is known of a unit's rows before the round: by task, the measures with their texts by column id."""

    measures: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)


def make_book(setting: BookSetting, token: str, assignments: Sequence[Assignment], carried: Carried) -> Book:
    """Make one unit's book from its assignments (all of one unit, in the plan's order).

    Own tasks come first, tasks that the unit has through a group after them (workbook rules). One row per assignment;
    more where the office wrote measures beforehand or the unit inserted some in an earlier round.

    Raises:
        WrongUse: a pattern of the layout is faulty.
    """
    unit = assignments[0].unit.name
    layout, values = setting.layout, setting.values(unit)
    ordered = sorted(assignments, key=lambda assignment: assignment.common)
    rows = tuple(_rows(ordered, token, layout, carried))
    title = render(layout.title, values, layout.id)
    head = {item.id: render(item.pattern, values, layout.id).strip() for item in layout.head_items if item.pattern}
    instructions = tuple(render(line, values, layout.id) for line in layout.instructions)
    edition = edition_of(_texts(title, head, instructions, rows))
    return Book(
        campaign=setting.settings.id,
        round=setting.round.id,
        unit=unit,
        token=token,
        edition=edition,
        number=book_number(token, edition),
        title=title,
        rows=rows,
        head=head,
        instructions=instructions,
        plan_version=setting.plan_version,
        layout=layout.id,
    )


def file_stem(setting: BookSetting, unit: str) -> str:
    """Give the ledger's file name without its ending, as the layout's pattern says; not yet safe for a disk."""
    return render(setting.layout.file_name, setting.values(unit), setting.layout.id)


def office_texts(task: Task) -> dict[str, str]:
    """Give what the plan says of a task, by the column ids that the product fills."""
    return {"plan_no": task.id, "task": task.name, "requirement": task.requirement, "time_limit": task.time_limit}


def _rows(assignments: Iterable[Assignment], token: str, layout: Layout, carried: Carried) -> Iterator[BookRow]:
    number = 0
    for assignment in assignments:
        task = assignment.task
        office = office_texts(task)
        role_text = _role_text(assignment, layout)
        known = carried.measures.get(task.id, {})
        numbers = [str(number) for number in range(1, max(1, len(task.measures)) + 1)]
        for measure in dict.fromkeys([*numbers, *known]):
            number += 1
            own = _prefilled(task, measure, known.get(measure, NOTHING)) or NOTHING
            code = row_code(token, task.id, measure)
            yield BookRow(task.id, measure, code, assignment.role, office, own, assignment.common, number, role_text)


def _prefilled(task: Task, measure: str, known: Mapping[str, str]) -> dict[str, str]:
    """Give a row's prefilled inputs: the office's measure, under what the unit itself wrote in an earlier round."""
    place = int(measure) - 1 if measure.isdecimal() else len(task.measures)
    office = {"measure": task.measures[place]} if place < len(task.measures) else {}
    return {**office, **known}


def _role_text(assignment: Assignment, layout: Layout) -> str:
    role = layout.roles.get(assignment.role, str(assignment.role))
    mark = layout.roles.get("pending", "") if assignment.pending and assignment.role is not Role.SUPPORTING else ""
    return f"{role}（{mark}）" if mark else role


def _texts(title: str, head: Mapping[str, str], instructions: Sequence[str], rows: Sequence[BookRow]) -> Iterator[str]:
    yield from (title, *head.values(), *instructions)
    for row in rows:
        yield from (row.code, row.role_text, *row.office.values(), *row.own.values())
