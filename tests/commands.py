"""Run the program's commands in this process, as a user types them, and take what they print."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledgergen import messages


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        """Read stdout as JSON."""
        return json.loads(self.out)


def ledgergen(*arguments: str | Path, at: Path | None = None) -> Ran:
    """Run one command in English; ``at`` is the campaign's folder."""
    messages.activate("en")
    from ledgergen.cli.root import run

    out, err = io.StringIO(), io.StringIO()
    place = ["-C", str(at)] if at else []
    with redirect_stdout(out), redirect_stderr(err):
        code = run([*place, *map(str, arguments)])
    return Ran(code, out.getvalue(), err.getvalue())
