"""What every task's time limit is read as, and when it falls due next."""

from dataclasses import dataclass
from datetime import date

from ledgergen.campaign.folder import Folder, read_files
from ledgergen.findings import Finding
from ledgergen.plan.deadline import Deadline, deadline_of
from ledgergen.plan.deadline_text import deadline_text
from ledgergen.plan.due import due_dates
from ledgergen.plan.limit_faults import calendar_findings, limit_findings
from ledgergen.plan.workdays import calendar_of
from ledgergen.records import Task


@dataclass(frozen=True, slots=True)
class TaskDeadline:
    """One task's time limit: what counts for it, and its days in the range that was asked for."""

    task: Task
    deadline: Deadline
    dates: tuple[date, ...]

    @property
    def is_own(self) -> bool:
        """Tell whether the office wrote the reading itself (``deadline:``)."""
        return self.task.deadline is not None

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        return {
            "task": self.task.id,
            "name": self.task.name,
            "time_limit": str(self.task.time_limit),
            "own": self.is_own,
            "reading": deadline_text(self.deadline),
            "deadline": self.deadline.to_json(),
            "dates": [day.isoformat() for day in self.dates],
            "doubt": self.deadline.doubt,
        }


def read_deadlines(folder: Folder, from_: date, to: date) -> tuple[list[TaskDeadline], list[Finding]]:
    """Read the time limit of every task, with its days from ``from_`` to ``to``, and what is doubtful about them.

    Raises:
        InputFaults: the office's files have errors. Surroundings: one of them cannot be read.
    """
    files, findings = read_files(folder)
    facts, calendar = files.plan.facts, calendar_of(files.settings)
    rows = []
    for task in files.plan.tasks:
        deadline = deadline_of(task, facts)
        dates = due_dates(deadline, from_, to, issued=facts.issued, calendar=calendar, grace=files.settings.grace)
        rows.append(TaskDeadline(task, deadline, dates))
    return rows, [*findings, *limit_findings(files.plan), *calendar_findings(files.plan, calendar, from_, to)]
