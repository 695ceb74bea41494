"""ledgergen: from a year's plan one Excel ledger per responsible unit, out and back again.

For programs: how a time limit is read and when it falls due. What is named here is loaded when it is asked for, so
that the command line starts without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledgergen.plan.deadline import Deadline, deadline_of, read_limit
    from ledgergen.plan.due import due_dates
    from ledgergen.plan.workdays import WorkCalendar, add_workdays, is_workday, known_years

__version__ = "0.1.0"
__all__ = [
    "Deadline",
    "WorkCalendar",
    "__version__",
    "add_workdays",
    "deadline_of",
    "due_dates",
    "is_workday",
    "known_years",
    "read_limit",
]

_MODULES = {
    "Deadline": "deadline",
    "WorkCalendar": "workdays",
    "add_workdays": "workdays",
    "deadline_of": "deadline",
    "due_dates": "due",
    "is_workday": "workdays",
    "known_years": "workdays",
    "read_limit": "deadline",
}


def __getattr__(name: str) -> object:
    """Load what :data:`__all__` names when it is first asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"ledgergen.plan.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
