"""How the command line talks: data to stdout, everything else to stderr."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import click

from ledgergen.catalogue import Severity
from ledgergen.findings import Finding, has_errors, in_order, message, remedy, worded
from ledgergen.messages import gettext as _
from ledgergen.messages import ngettext, printable

_SHOWN_ALIKE: Final = 5  # findings of one code shown in full; the rest are counted
_LONGEST: Final = 300  # characters of a quotation on a terminal; --json and the status workbook have it whole


def put(text: str) -> None:
    """Print data."""
    click.echo(text)


def put_json(data: object) -> None:
    """Print data for programs; escaped where the terminal's encoding lacks a character, so that it stays JSON."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2)
    click.echo(text)


def say(text: str) -> None:
    """Say something to the person at the terminal."""
    click.echo(text, err=True)


def say_findings(findings: Iterable[Finding]) -> None:
    """Say findings: the most basic first, errors before warnings; of many alike the first few and a count."""
    ordered = in_order(findings)
    counts = Counter(found.code for found in ordered)
    shown: Counter[str] = Counter()
    for found in ordered:
        shown[found.code] += 1
        if shown[found.code] <= _SHOWN_ALIKE:
            _say_finding(found)
        elif shown[found.code] == counts[found.code]:
            more = counts[found.code] - _SHOWN_ALIKE
            say("  " + ngettext("… and {count} more like it", "… and {count} more like it", more).format(count=more))


def exit_code(findings: Iterable[Finding]) -> int:
    """Give the exit code that findings call for."""
    return int(has_errors(findings))


def worded_all(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Put findings into words for ``--json``."""
    return [worded(found) for found in in_order(findings)]


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; on a terminal ruled, in a pipe as plain columns."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160)
    grid = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for title in titles:
        grid.add_column(title, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(printable(str(cell))) for cell in row))
    console.print(grid)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal while something long runs; silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def severity_text(severity: Severity) -> str:
    """Give the word for a severity."""
    return {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.NOTE: _("note")}[severity]


def _say_finding(found: Finding) -> None:
    colours = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
    kind = click.style(severity_text(found.severity), fg=colours[found.severity], bold=True)
    place = printable(str(found.where))
    text = message(found)
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    say(f"{kind} {place + '  ' if place else ''}{text}")
    say(f"     → {remedy(found)} [{found.code}]")
