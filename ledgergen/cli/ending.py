"""What ends a command before its time: the one place where an exception becomes findings and an exit code."""

import click

from ledgergen.cli.talk import put_json, say_findings, worded_all
from ledgergen.errors import InputFaults, Stop
from ledgergen.findings import Where


def ended(fault: BaseException, *, as_json: bool) -> int | None:
    """Say what ended a command, and give the exit code; None for a fault of the program itself."""
    stop = _stop(fault)
    if stop is None:
        return None
    findings = stop.findings if isinstance(stop, InputFaults) else [stop.finding]
    if as_json:
        put_json({"findings": worded_all(findings)})
    else:
        say_findings(findings)
    return stop.exit_code


def _stop(fault: BaseException) -> Stop | None:
    """Turn what ended a command into a stop with a finding."""
    if isinstance(fault, Stop):
        return fault
    if isinstance(fault, OSError):
        return Stop("cannot-read", Where(str(fault.filename or "")), reason=fault.strerror or str(fault))
    return Stop("interrupted") if isinstance(fault, click.Abort | KeyboardInterrupt) else None
