"""Measure one case in a process of its own: CPU seconds of the work, and how far memory grew above the imports.

CPU is that of the process and of the children it waited for (the bounded worker); memory is the largest resident size
of either, less what the process had when the work began.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import psutil

MIB = 1 << 20
WHOLE = {"large"}  # measured with everything that is paid once


class Measured(TypedDict):
    """CPU seconds, MiB of growth, MiB at the peak; and the peak of the largest child."""

    cpu: float
    growth: float
    peak: float
    child: float


def measure(case: str) -> Measured:
    """Run a case in a fresh process."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", case], check=True, capture_output=True, text=True, cwd=_root()
    )
    measured: Measured = json.loads(ran.stdout.splitlines()[-1])
    return measured


def run_case(case: str) -> Measured:
    """Run a case here: first for one file, then for all; what one file costs is taken off as paid once."""
    from benchmarks.cases import CASES, FILES

    once = 0.0
    with tempfile.TemporaryDirectory() as place:
        os.environ["LEDGERGEN_CACHE"] = place
        if case not in WHOLE:
            once = _timed(CASES[case](_folder(place, "one"), 1))
        work = CASES[case](_folder(place, "all"), FILES)
        had = psutil.Process().memory_info().rss
        cpu = _timed(work) - once
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {"cpu": cpu, "growth": max(0, peak - had) / MIB, "peak": peak / MIB, "child": child / MIB}


def _timed(work: Callable[[], object]) -> float:
    before = _cpu()
    work()
    return _cpu() - before


def _folder(place: str, name: str) -> Path:
    folder = Path(place) / name
    folder.mkdir()
    return folder


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def _root() -> Path:
    return Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> None:
    """Run one case and print its figures; or fill a large campaign's ledgers."""
    if arguments[0] == "fill":
        from benchmarks.cases import fill_inbox
        from ledgergen.campaign.folder import find_folder

        fill_inbox(find_folder(Path(arguments[1])))
        return
    found = run_case(arguments[0])
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
