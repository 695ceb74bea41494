"""ledgergen: from a year's plan one Excel ledger per responsible unit, out and back again.

For programs: how a time limit is read, when it falls due, and what light a claim has on a day. What is named here is
loaded when it is asked for, so that the command line starts without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledgergen.plan.deadline import Deadline, deadline_of, read_limit
    from ledgergen.plan.due import due_dates
    from ledgergen.plan.workdays import WorkCalendar, add_workdays, is_workday, known_years
    from ledgergen.records import LightSettings
    from ledgergen.state.light import Claim, Colour, Light, Piece, Ruling, Terms, Verdict, light
    from ledgergen.state.light_words import marks_text, reason_text

__version__ = "0.1.0"
__all__ = [
    "Claim",
    "Colour",
    "Deadline",
    "Light",
    "LightSettings",
    "Piece",
    "Ruling",
    "Terms",
    "Verdict",
    "WorkCalendar",
    "__version__",
    "add_workdays",
    "deadline_of",
    "due_dates",
    "is_workday",
    "known_years",
    "light",
    "marks_text",
    "read_limit",
    "reason_text",
]

_MODULES = {
    "Claim": "state.light",
    "Colour": "state.light",
    "Deadline": "plan.deadline",
    "Light": "state.light",
    "LightSettings": "records",
    "Piece": "state.light",
    "Ruling": "state.light",
    "Terms": "state.light",
    "Verdict": "state.light",
    "WorkCalendar": "plan.workdays",
    "add_workdays": "plan.workdays",
    "deadline_of": "plan.deadline",
    "due_dates": "plan.due",
    "is_workday": "plan.workdays",
    "known_years": "plan.workdays",
    "light": "state.light",
    "marks_text": "state.light_words",
    "read_limit": "plan.deadline",
    "reason_text": "state.light_words",
}


def __getattr__(name: str) -> object:
    """Load what :data:`__all__` names when it is first asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"ledgergen.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
