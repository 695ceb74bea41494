"""The picture for programs (``status --json``, ``report summary --format json``): the same numbers, by the same names.

Words beside the codes are in the language of whoever asks (``translate``).
"""

from collections.abc import Iterable

from ledgergen.findings import Translate
from ledgergen.messages import gettext
from ledgergen.state.light import Light
from ledgergen.state.light_words import marks_text, reason_text
from ledgergen.state.picture import Assessed, AssessedTask, AssessedUnit, Counts, Picture


def picture_json(found: Picture, translate: Translate = gettext) -> dict[str, object]:
    """Give a round as it stands on a day."""
    return {
        "round": found.round,
        "as_of": found.as_of.isoformat(),
        "until": found.until,
        **_totals(found.task_counts, found.assignment_counts),
        "units": [_unit(unit) for unit in found.units],
        "by_task": [_task(task, translate) for task in found.tasks],
        "by_section": [
            {"section": list(section), "tasks": Counts.of(tasks).to_json()}
            for section, tasks in found.by_section().items()
        ],
        "by_leader": [
            {"unit": unit, "leader": leader, "assignments": Counts.of(items).to_json()}
            for (unit, leader), items in found.by_leader().items()
        ],
        "without_return": [unit.unit for unit in found.silent_units],
        "late": [unit.unit for unit in found.late_units],
        "overdue": _listed(found.overdue, translate),
        "due_soon": _listed(found.due_soon, translate),
        "unreported": _listed(found.unreported, translate),
        "wanted": [{"code": each.code, "text": each.text, **_place(each.item)} for each in found.wanted],
        "changes": [
            {
                "code": each.code,
                **_place(each.item),
                "before": {"state": each.before.state, "light": str(each.before.light.colour)} if each.before else None,
                "now": {"state": each.item.state, "light": str(each.item.light.colour)},
            }
            for each in found.moved
        ],
        "disagreements": sum(each.is_open for unit in found.units for each in unit.book.disagreements),
    }


def _totals(tasks: Counts, assignments: Counts) -> dict[str, object]:
    both = {"tasks": tasks, "assignments": assignments}
    whole = {name: counts.to_json() for name, counts in both.items()}
    return {
        **{name: {"total": counts.total, "by_state": dict(counts.by_state)} for name, counts in both.items()},
        "by_stage": {name: told["by_stage"] for name, told in whole.items()},
        "by_light": {name: told["by_light"] for name, told in whole.items()},
        "done_late": {name: counts.late for name, counts in both.items()},
    }


def light_json(found: Light, translate: Translate = gettext) -> dict[str, object]:
    """Give a light: its colour (``light``) and ``why``: reason and marks as codes with their facts, and in words."""
    why = {
        "code": found.reason.code,
        "facts": dict(found.reason.facts),
        "text": reason_text(found, translate),
        "marks": [{"code": mark.code, "facts": dict(mark.facts)} for mark in found.marks],
        "marks_text": marks_text(found, translate),
        "due": found.due.isoformat() if found.due else None,
        "days": found.days,
        "unit": found.unit if found.days is not None else None,
        "left": found.left,
    }
    return {"light": str(found.colour), "why": why}


def _place(item: Assessed) -> dict[str, object]:
    return {"task": item.task, "name": item.name, "unit": item.unit, "role": str(item.role)}


def _listed(items: Iterable[Assessed], translate: Translate) -> list[dict[str, object]]:
    return [
        {**_place(item), "state": item.state, "stage": str(item.stage), **light_json(item.light, translate)}
        for item in items
    ]


def _task(task: AssessedTask, translate: Translate) -> dict[str, object]:
    return {
        "task": task.task,
        "name": task.name,
        "section": list(task.section),
        "state": task.state,
        "stage": str(task.stage),
        **light_json(task.light, translate),
        "because": task.because.unit,
        "decided_by": [item.unit for item in task.decided_by],
        "otherwise": [item.unit for item in task.otherwise],
        "by_state": dict(task.counts.by_state),
        "assignments": task.counts.to_json(),
    }


def _unit(unit: AssessedUnit) -> dict[str, object]:
    return {
        "unit": unit.unit,
        "kind": unit.kind,
        "returned": unit.returned,
        "late": unit.late,
        "returns": len(unit.book.receipts),
        "by_state": dict(unit.counts.by_state),
        "assignments": unit.counts.total,
        "by_stage": unit.counts.to_json()["by_stage"],
        "by_light": unit.counts.to_json()["by_light"],
    }
