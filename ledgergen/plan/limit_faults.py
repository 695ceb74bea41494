"""What ``check`` says about time limits: readings that a person would ask about, and years without holidays."""

from collections.abc import Iterator
from datetime import date

from ledgergen.findings import Finding, finding
from ledgergen.plan.deadline import Deadline, deadline_of
from ledgergen.plan.deadline_text import deadline_yaml
from ledgergen.plan.phrases import place_of
from ledgergen.plan.workdays import WorkCalendar
from ledgergen.records import Plan, Task

_YEAR_END = (12, 31)


def limit_findings(plan: Plan) -> list[Finding]:
    """Name each task whose time limit is doubtful, or gives no date (定期, 及时), at the line of the words.

    What the office wrote under ``deadline:`` is never doubted.
    """
    return [found for task in plan.tasks for found in _about(task, deadline_of(task, plan.facts))]


def calendar_findings(
    plan: Plan, calendar: WorkCalendar, first: date | None = None, last: date | None = None
) -> list[Finding]:  # fmt: skip
    """Name the years whose working days are not known, where a limit of the plan counts working days.

    Between two days; left out, from the day of issue to the end of the plan's year.
    """
    if not any(part.unit == "working_days" for task in plan.tasks for part in deadline_of(task, plan.facts).parts):
        return []
    first = first or plan.facts.issued or date(plan.facts.year, 1, 1)
    last = last or max(first, date(plan.facts.year, *_YEAR_END))
    return [finding("calendar-year-unknown", year=year) for year in calendar.unknown_years(first, last)]


def _about(task: Task, deadline: Deadline) -> Iterator[Finding]:
    unclear = task.deadline is None and any(part.kind == "unclear" for part in deadline.parts)
    code = deadline.doubt or ("limit-unclear" if unclear else "")
    if code:
        where = place_of(task.time_limit, task.where)
        yield finding(code, where, id=task.id, words=str(task.time_limit), reading=deadline_yaml(deadline))
