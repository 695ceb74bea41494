"""Exceptions, for faults of the surroundings and wrong use only; users' faults are findings.

The one mapping from exception to exit code stands in :mod:`ledgergen.__main__`.
"""

from ledgergen.findings import NOWHERE, Fact, Finding, Where, finding


class Stop(Exception):  # noqa: N818 - the work stops; the subclasses name the reason
    """Work that cannot go on, with the finding that says why. ``exit_code`` as in product.md."""

    exit_code = 3

    def __init__(self, code: str, where: Where = NOWHERE, /, **facts: Fact) -> None:
        self.finding: Finding = finding(code, where, **facts)
        super().__init__(code, str(where), facts)


class Surroundings(Stop):
    """Disk, server, lock or the campaign's own files: exit code 3."""

    exit_code = 3


class WrongUse(Stop):
    """The command was used wrongly: exit code 2."""

    exit_code = 2


class InputFaults(Stop):
    """The campaign's own files have faults that stop the step: exit code 1. All of them are carried along."""

    exit_code = 1

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("input-faults", count=len(findings))
