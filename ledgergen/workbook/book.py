"""Make a book: the content of one unit's ledger for one round, before any of it is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from ledgergen.plan.prefill import NO_PREFILL, Given, Prefill
from ledgergen.plan.timetable import Timetable
from ledgergen.records import NOTHING, Assignment, Book, BookRow, PlanFacts, Role, Round, Settings, Task
from ledgergen.texts import render
from ledgergen.workbook.codes import book_number, edition_of, row_code
from ledgergen.workbook.layout import UNIT_COLUMNS, Face, Layout

RowKey: TypeAlias = tuple[str, str]  # task id, measure number

_NOT_DUE: Final = "\x00not due"  # no text of a ledger holds a control character
_FACE: Final = "\x00face"
_NOT_GIVEN: Final = Given(NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class BookSetting:
    """What all books of one sending-out have in common.

    ``layout`` comes with the face of the round. Without a ``timetable`` every row is due.
    """

    settings: Settings
    facts: PlanFacts
    round: Round
    layout: Layout
    plan_version: str = ""
    prefill: Prefill = NO_PREFILL
    timetable: Timetable | None = None
    _office: dict[str, dict[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def office(self, task: Task) -> dict[str, str]:
        """Give what the plan says of a task; one mapping for the rows of all units."""
        if task.id not in self._office:
            self._office[task.id] = office_texts(task) | _units_named(task, self.layout)
        return self._office[task.id]

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
    """What is known of one unit's rows before the round.

    ``measures``: by task and measure number the texts by column id that the unit itself wrote, empty where it took one
    away. ``stood``: texts that stood only because they had been prefilled. ``finished``: rows that the unit reported as
    finished, with the last day of that round. ``head``: the inputs of the head block. ``before``: the token of the
    unit's book of the round before.
    """

    measures: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    stood: Mapping[RowKey, Mapping[str, str]] = field(default_factory=dict)
    finished: Mapping[RowKey, date] = field(default_factory=dict)
    head: Mapping[str, str] = field(default_factory=dict)
    before: str = ""


NOTHING_CARRIED: Final = Carried()


class Draft(NamedTuple):
    """A row before it has its place in the ledger: ``own`` is what is prefilled, ``due`` whether it is asked for."""

    assignment: Assignment
    measure: str
    own: Mapping[str, str]
    due: bool


def make_book(
    setting: BookSetting, token: str, assignments: Sequence[Assignment], carried: Carried = NOTHING_CARRIED
) -> Book:
    """Make one unit's book from its assignments (all of one unit, in the plan's order).

    One row per assignment; more where the office wrote measures beforehand or the unit inserted some in an earlier
    round. What is due comes first, and of it the unit's own tasks before those that it has through a group (workbook
    rules); the rows of one task stay together.

    Raises:
        WrongUse: a pattern of the layout is faulty.
    """
    unit = assignments[0].unit.name
    layout, values = setting.layout, setting.values(unit)
    shown, left_out = _parted(_in_order(assignments, setting, carried), setting.round)
    rows = tuple(_rows(shown, token, setting))
    title = render(layout.title, values, layout.id)
    head = _head(layout, values, carried.head)
    instructions = tuple(render(line, values, layout.id) for line in layout.instructions)
    edition = edition_of(_texts(layout.face, (title, *head.values(), *instructions), rows))
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
        face=str(layout.face),
        left_out=tuple(row._replace(own=NOTHING) for row in _rows(left_out, token, setting)),
        before=carried.before,
    )


def file_stem(setting: BookSetting, unit: str) -> str:
    """Give the ledger's file name without its ending, as the layout's pattern says; not yet safe for a disk."""
    return render(setting.layout.file_name, setting.values(unit), setting.layout.id)


def office_texts(task: Task) -> dict[str, str]:
    """Give what the plan says of a task, by the column ids that the product fills."""
    return {"plan_no": task.id, "task": task.name, "requirement": task.requirement, "time_limit": task.time_limit}


def _units_named(task: Task, layout: Layout) -> dict[str, str]:
    """Give the units as the plan names them, where the layout has columns for them; the same for all of a task."""
    named = dict(zip(UNIT_COLUMNS, (task.lead, task.responsible, task.supporting), strict=True))
    return {column: "、".join(phrases) for column, phrases in named.items() if layout.find(column)}


def _head(layout: Layout, values: Mapping[str, object], known: Mapping[str, str]) -> dict[str, str]:
    """Give the prefilled texts of the head block: patterns filled, and what the unit wrote there last."""
    head = {item.id: render(item.pattern, values, layout.id).strip() for item in layout.head_items if item.pattern}
    above = (item for row in layout.head for item in row)  # below the table people sign, anew each time
    inputs = {item.id: text for item in above if item.is_input and (text := known.get(item.id))}
    return head | inputs


def _in_order(assignments: Sequence[Assignment], setting: BookSetting, carried: Carried) -> list[Draft]:
    """Give the rows in the ledger's order: own tasks that are due, common ones, and then the same of what is not."""
    by_task = [list(drafts(assignment, setting, carried)) for assignment in assignments]
    by_task.sort(key=lambda rows: (not any(row.due for row in rows), rows[0].assignment.common))
    return [row for rows in by_task for row in rows]


def drafts(assignment: Assignment, setting: BookSetting, carried: Carried) -> Iterator[Draft]:
    """Give the rows of an assignment with what is prefilled in them, whether or not the ledger shows them."""
    task = assignment.task
    own = carried.measures.get(task.id, {})
    given = setting.prefill.given(task.id, assignment.unit.name, setting.round.id)
    for measure in measure_numbers(task, given, own):
        key = (task.id, measure)
        texts = row_texts(
            task, measure, given.get(measure, _NOT_GIVEN), own.get(measure, NOTHING), carried.stood.get(key)
        )
        yield Draft(assignment, measure, texts or NOTHING, _is_due(task, key, setting, carried))


def measure_numbers(task: Task, given: Mapping[str, Given], known: Iterable[str]) -> list[str]:
    """Give the numbers of an assignment's rows: the office's own in their order, then what the unit inserted.

    An entry of ``prefill.yaml`` makes a row of its own where it names a number beyond those of the plan, never for a
    row of the unit's.
    """
    numbers = [str(number) for number in range(1, max(1, len(task.measures)) + 1)]
    further = sorted((measure for measure in given if measure.isdecimal()), key=int)
    return list(dict.fromkeys([*numbers, *further, *known]))


def row_texts(
    task: Task, measure: str, given: Given, own: Mapping[str, str], stood: Mapping[str, str] | None
) -> dict[str, str]:
    """Give a row's prefilled inputs.

    From the weakest to the strongest: what stood because it had been prefilled, the plan's measure, ``prefill.yaml``,
    the unit's own words of earlier rounds, entries with ``override``.
    """
    place = int(measure) - 1 if measure.isdecimal() else len(task.measures)
    planned = {"measure": task.measures[place]} if place < len(task.measures) else {}
    texts = {**(stood or NOTHING), **planned, **given.texts, **own, **given.firm}
    return {column: text for column, text in texts.items() if text}


def _is_due(task: Task, key: RowKey, setting: BookSetting, carried: Carried) -> bool:
    """Tell whether a round asks for a row: all of them where the ledger is set up, or where the round says so."""
    if setting.timetable is None or setting.layout.face is Face.FIRST or setting.round.not_due == "ask":
        return True
    return setting.timetable.is_due(task, carried.finished.get(key))


def _parted(drafts: list[Draft], chosen: Round) -> tuple[list[Draft], list[Draft]]:
    """Part the rows that the ledger shows from those it leaves out.

    Where nothing is due the rows are shown all the same: a ledger without rows would come back without codes.
    """
    if chosen.not_due != "leave_out" or not any(draft.due for draft in drafts):
        return drafts, []
    return [draft for draft in drafts if draft.due], [draft for draft in drafts if not draft.due]


def _rows(drafts: Iterable[Draft], token: str, setting: BookSetting) -> Iterator[BookRow]:
    for number, (assignment, measure, own, due) in enumerate(drafts, start=1):
        task, role = assignment.task, _role_text(assignment, setting.layout)
        code, office = row_code(token, task.id, measure), setting.office(task)
        yield BookRow(task.id, measure, code, assignment.role, office, own, assignment.common, number, role, due)


def _role_text(assignment: Assignment, layout: Layout) -> str:
    role = layout.roles.get(assignment.role, str(assignment.role))
    mark = layout.roles.get("pending", "") if assignment.pending and assignment.role is not Role.SUPPORTING else ""
    return f"{role}（{mark}）" if mark else role


def _texts(face: Face, above: Iterable[str], rows: Sequence[BookRow]) -> Iterator[str]:
    """Give what makes an edition: every text that the ledger shows, its face, and which rows it does not ask for."""
    yield from above
    for row in rows:
        yield from (row.code, row.role_text, *row.office.values(), *row.own.values())
        if not row.due:
            yield _NOT_DUE
    if face is not Face.FIRST:
        yield from (_FACE, str(face))
