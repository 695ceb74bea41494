"""Measure every claim in one run, print them as a table and write them as JSON."""

import json
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.cases import FILES, STATUS_UNITS, UNITS
from benchmarks.importing import LIMIT as IMPORT_LIMIT
from benchmarks.importing import TASKS as IMPORT_TASKS
from benchmarks.importing import import_seconds
from benchmarks.measure import Measured, cold_start, measure, ratios
from benchmarks.page import LIMIT, TASKS, first_paints
from benchmarks.page import UNITS as PAGE_UNITS

RESULTS = Path(__file__).with_name("results.json")


class Claim(NamedTuple):
    """A case against its baseline: at least so many times as fast, with at most this share of its memory growth."""

    name: str
    case: str
    baseline: str
    faster: float
    memory: float | None


CLAIMS = (
    Claim("write ledgers / openpyxl load-template-and-fill", "write", "write, openpyxl", 3, 0.5),
    Claim("read, bytes → rows and findings / pandas + openpyxl", "read", "read, pandas", 10, 0.5),
    Claim("read with journal and originals / pandas + openpyxl", "collect", "read, pandas", 5, 0.5),
    Claim("mails fetched, unpacked and journalled / a bare fetch-and-parse loop", "mail", "mail, bare", 0.6, None),
)
START_LIMIT = 0.15  # seconds of CPU for ``ledgergen --help``
LARGE_LIMIT = 400  # MiB, for 1,000 units × 60 tasks
STATUS_LIMITS = (10, 500)  # seconds of CPU and MiB, for the status workbook of 600 units × 60 tasks


def main() -> int:
    """Measure; exit status 1 where a claim does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        figures, lines = _measured(Path(folder))
    rows = [line.row for line in lines]
    titles = ("claim", "ratio", "claimed", "memory growth", "holds")
    widths = [max(len(row[place]) for row in [titles, *rows]) for place in range(len(titles))]
    for row in [titles, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    RESULTS.write_text(json.dumps({"claims": rows, "figures": figures}, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0 if all(line.holds for line in lines) else 1


def _measured(places: Path) -> tuple[dict[str, Measured], list["Line"]]:
    figures: dict[str, Measured] = {}
    for case in dict.fromkeys(name for claim in CLAIMS for name in (claim.case, claim.baseline)):
        figures[case] = measure(case, FILES, places)
    lines = [_compared(claim, figures, places) for claim in CLAIMS]
    figures["large"] = measure("large", UNITS, places)
    figures["status"] = measure("status", STATUS_UNITS, places)
    lines += [
        _large(figures["large"]),
        _status(figures["status"]),
        _start(cold_start()),
        _import(import_seconds()),
        *_page(first_paints()),
    ]
    return figures, lines


class Line(NamedTuple):
    """One line of the table: what is claimed, what was measured, and whether it holds."""

    name: str
    measured: str
    claimed: str
    memory: str
    holds: bool

    @property
    def row(self) -> tuple[str, ...]:
        """Give it as the table shows it."""
        return (*self[:4], "yes" if self.holds else "NO")


def _compared(claim: Claim, figures: Mapping[str, Measured], places: Path) -> Line:
    """Hold a case against its baseline: CPU in turns, the growth of memory as measured over all files."""
    turns = ratios(claim.case, claim.baseline, places)
    ratio = statistics.median(turns)
    share = figures[claim.case]["growth"] / max(figures[claim.baseline]["growth"], 0.1)
    holds = ratio >= claim.faster and (claim.memory is None or share <= claim.memory)
    measured = f"{ratio:.1f}× ({turns[0]:.1f}–{turns[-1]:.1f})"
    return Line(claim.name, measured, f"≥ {claim.faster:g}×", f"{share:.2f}", holds)


def _large(large: Measured) -> Line:
    fits = max(large["peak"], large["child"]) <= LARGE_LIMIT
    name = "1,000 units × 60 tasks: generate, collect, merge"
    return Line(name, f"{large['cpu']:.0f} s CPU", "", f"{large['peak']:.0f} MiB", fits)


def _status(found: Measured) -> Line:
    seconds, memory = STATUS_LIMITS
    name = f"status workbook of {STATUS_UNITS} units × 60 tasks, from the journal to the file"
    fits = found["cpu"] <= seconds and found["peak"] <= memory
    return Line(name, f"{found['cpu']:.1f} s CPU", f"≤ {seconds} s, ≤ {memory} MiB", f"{found['peak']:.0f} MiB", fits)


def _start(seconds: float) -> Line:
    return Line("ledgergen --help", f"{seconds:.2f} s CPU", f"≤ {START_LIMIT} s", "", seconds <= START_LIMIT)


def _import(seconds: list[float]) -> Line:
    middle = statistics.median(seconds)
    name = f"import of a .docx with {IMPORT_TASKS} tasks"
    return Line(name, f"{middle:.2f} s CPU", f"≤ {IMPORT_LIMIT:g} s", "", middle <= IMPORT_LIMIT)


def _page(paints: list[float]) -> list[Line]:
    """Give the line of the public page; none where there is no browser to open it."""
    if not paints:
        return []
    middle = statistics.median(paints)
    name = f"public page of {TASKS * PAGE_UNITS:,} rows: first paint in Chromium"
    return [Line(name, f"{middle:.2f} s", f"≤ {LIMIT:g} s", "", middle <= LIMIT)]


if __name__ == "__main__":
    sys.exit(main())
