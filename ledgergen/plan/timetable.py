"""Which rows of a ledger are due: what a unit is asked about in a round, so that it is not asked for what can wait."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from ledgergen.plan.deadline import Deadline, deadline_of
from ledgergen.plan.due import due_dates
from ledgergen.plan.workdays import STATUTORY, WorkCalendar
from ledgergen.records import PlanFacts, Task

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Tells what is due up to a day, the last one of a round.

    A limit without dates (on an event, continuous, unclear, none), or one whose reading a person would ask about, is
    due in every round: nothing is hidden by a guess. One with dates is due once a date has come. A row that the unit
    has reported as finished is due no more, unless its limit recurs: then from the next date on.
    """

    facts: PlanFacts
    until: date
    calendar: WorkCalendar = STATUTORY
    grace: int = 0
    _known: dict[tuple[str, date | None], bool] = field(default_factory=dict, repr=False, compare=False)

    def is_due(self, task: Task, finished: date | None) -> bool:
        """Tell whether a row of a task is due; ``finished``: the last day of the round that reported it finished."""
        key = (task.id, finished)
        if key not in self._known:
            self._known[key] = self._is_due(deadline_of(task, self.facts), finished)
        return self._known[key]

    def _is_due(self, deadline: Deadline, finished: date | None) -> bool:
        recurring = [part for part in deadline.parts if part.kind == "recurring"]
        if finished is not None:
            doubtful = bool(recurring and deadline.doubt)
            return doubtful or any(self._recurs(part, finished + _DAY) for part in recurring)
        if deadline.doubt:
            return True
        return any(self._has_come(part) for part in deadline.parts)

    def _has_come(self, part: Deadline) -> bool:
        """Tell whether a part of a limit asks for something by now; one without dates always does."""
        if part.kind == "recurring":
            return self._recurs(part, self.facts.issued or date(self.facts.year, 1, 1))
        if part.kind in ("fixed", "period") and part.due is not None:
            return part.due <= self.until
        return True

    def _recurs(self, part: Deadline, first: date) -> bool:
        """Tell whether a recurring part falls due from a day on."""
        issued, calendar, grace = self.facts.issued, self.calendar, self.grace
        return bool(due_dates(part, first, self.until, issued=issued, calendar=calendar, grace=grace))
