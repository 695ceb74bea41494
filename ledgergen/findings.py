"""Findings: faults in somebody's input, as values.

A finding is stored as a code and its facts and is put into words late, in the reader's language, by
:func:`message` and :func:`remedy`. The catalogue of codes is :mod:`ledgergen.catalogue`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final, TypeAlias

from ledgergen.catalogue import CATALOGUE, Severity
from ledgergen.messages import gettext, printable

Fact: TypeAlias = str | int
Translate: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in somebody's input: ``plan.yaml:12:5`` or ``a.xlsx › 台账 › K7``. Lines and columns count from 1."""

    file: str = ""
    line: int = 0
    column: int = 0
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        if self.sheet or self.cell:
            return " › ".join(part for part in (self.file, self.sheet, self.cell) if part)
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])


NOWHERE: Final = Where()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: a code of the catalogue, where it is, and the facts that its wording needs.

    ``grade`` is how grave the office takes it to be, where it says so for its campaign; it is never stored.
    """

    code: str
    where: Where = NOWHERE
    facts: Mapping[str, Fact] = field(default_factory=dict)
    grade: Severity | None = None

    @property
    def severity(self) -> Severity:
        """Tell how grave the fault is: as the office has it, else as the catalogue does."""
        return self.grade or CATALOGUE[self.code].severity

    def to_json(self) -> dict[str, object]:
        """Give the stored form: code, place and facts, no words."""
        place = {key: value for key, value in asdict(self.where).items() if value}
        return {"code": self.code, "where": place, "facts": dict(self.facts)}

    @staticmethod
    def from_json(stored: Mapping[str, object]) -> "Finding":
        """Read the stored form back; the inverse of :meth:`to_json`."""
        where, facts = stored["where"], stored["facts"]
        if not isinstance(where, Mapping) or not isinstance(facts, Mapping):
            raise TypeError("a stored finding has a place and facts")
        return Finding(str(stored["code"]), Where(**where), dict(facts))


def finding(code: str, where: Where = NOWHERE, /, **facts: Fact) -> Finding:
    """Make a finding; an unknown code is a bug and raises ``KeyError`` at once."""
    CATALOGUE[code]
    return Finding(code, where, facts)


def graded(found: Finding, severity: Severity | None) -> Finding:
    """Give a finding the severity that an office gives it; None leaves it as the catalogue has it."""
    return found if severity is None else replace(found, grade=severity)


def message(found: Finding, translate: Translate = gettext) -> str:
    """Put into words what is wrong; control characters in the facts are made visible.

    In the active language, unless ``translate`` is another's (:func:`ledgergen.messages.translator`).
    """
    return _worded(CATALOGUE[found.code].message, found.facts, translate)


def remedy(found: Finding, translate: Translate = gettext) -> str:
    """Put into words what to do about it, as :func:`message` does."""
    return _worded(CATALOGUE[found.code].remedy, found.facts, translate)


def worded(found: Finding) -> dict[str, str]:
    """Give the machine-readable form with words: ``{code, severity, where, message, remedy}`` (product.md)."""
    return {
        "code": found.code,
        "severity": str(found.severity),
        "where": printable(str(found.where)),
        "message": message(found),
        "remedy": remedy(found),
    }


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort for reading: errors before warnings before notes; the most basic class first; then by place."""

    def rank(found: Finding) -> tuple[int, int, str, int, int]:
        place = found.where
        return (found.severity.rank, CATALOGUE[found.code].rank, place.file, place.line, place.column)

    return sorted(findings, key=rank)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding is of severity error (exit code 1, product.md)."""
    return any(found.severity is Severity.ERROR for found in findings)


def _worded(template: str, facts: Mapping[str, Fact], translate: Translate) -> str:
    shown = {key: printable(value) if isinstance(value, str) else value for key, value in facts.items()}
    return translate(template).format_map(_Facts(shown))


class _Facts(dict[str, Fact]):
    """Facts for a wording that may be younger than they are: a journal keeps findings of older versions for ever."""

    def __missing__(self, name: str) -> str:
        return "…"
