"""Measure one case in a process of its own: CPU seconds of the work, and how far memory grew above the imports.

CPU is that of the process and of the children it waited for (the bounded worker). Memory is the largest resident size
above what the process had when everything was imported; the worker's own growth is added.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import psutil

MIB = 1 << 20
TURNS, SHARE = 5, 250
WHOLE = {"large", "status"}  # measured with what is paid once


class Measured(TypedDict):
    """CPU seconds; MiB of growth, of the process's peak and of its largest child's."""

    cpu: float
    growth: float
    peak: float
    child: float


def measure(case: str, files: int, places: Path) -> Measured:
    """Measure a case: for all files, less what a single file costs.

    Every measurement has a folder of its own in ``places``, and none is deleted before all is measured: where thousands
    of files have just been deleted, ext4 searches long for an inode to give to a new one (seen: half a millisecond of
    CPU a file), and would make the case pay for the one before it.
    """
    all_files = _measure(case, files, places)
    if case in WHOLE:
        return all_files
    one = _measure(case, 1, places)
    growth = all_files["growth"] + max(0.0, all_files["child"] - one["child"])
    return {**all_files, "cpu": all_files["cpu"] - one["cpu"], "growth": growth}


def _measure(case: str, files: int, places: Path) -> Measured:
    """Prepare and run a case, each in a fresh process."""
    place = tempfile.mkdtemp(dir=places)
    environment = {**os.environ, "LEDGERGEN_CACHE": place}
    _run_step("prepare", case, place, files, environment)
    measured: Measured = json.loads(_run_step("work", case, place, files, environment))
    return measured


def ratios(case: str, baseline: str, places: Path) -> list[float]:
    """Give how many times as much CPU the baseline takes: the two in turn, several times, on a share of the files.

    In turn, because whatever else the machine does then slows both; the median is the claim's figure.
    """
    found = []
    for _ in range(TURNS):
        other, own = measure(baseline, SHARE, places), measure(case, SHARE, places)
        found.append(other["cpu"] / own["cpu"])
    return sorted(found)


def cold_start() -> float:
    """Give the CPU seconds of ``ledgergen --help``: the median of nine runs."""
    spent = []
    for _ in range(9):
        before = _cpu()
        subprocess.run([sys.executable, "-m", "ledgergen", "--help"], check=True, stdout=subprocess.DEVNULL)
        spent.append(_cpu() - before)
    return statistics.median(spent)


def _run_step(step: str, case: str, place: str, files: int, environment: dict[str, str]) -> str:
    arguments = [sys.executable, "-m", "benchmarks.measure", step, case, place, str(files)]
    ran = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True, env=environment, cwd=_root())
    return ran.stdout


def run_work(case: str, place: Path, files: int) -> Measured:
    """Do the work of a case here."""
    from benchmarks.cases import CASES, books

    next(books(1))  # what reads YAML and what fills patterns is imported late
    before, had = _cpu(), psutil.Process().memory_info().rss
    with _watched() as watch:
        CASES[case].work(place, files)
    cpu = _cpu() - before - watch.cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    child = max(watch.sizes, default=0)
    return {"cpu": cpu, "growth": max(0, peak - had) / MIB, "peak": peak / MIB, "child": child / MIB}


@dataclass(slots=True)
class _Watch:
    """The sizes of children that were seen, in bytes, and the CPU seconds that looking took."""

    sizes: list[int] = field(default_factory=list)
    cpu: float = 0.0


@contextmanager
def _watched() -> Iterator[_Watch]:
    """Note the resident size of the children every so often; getrusage would count the parent's before their exec."""
    seen = _Watch()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            with suppress(psutil.Error):
                seen.sizes.extend(child.memory_info().rss for child in psutil.Process().children())
        seen.cpu = time.thread_time()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def _cpu() -> float:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _root() -> Path:
    return Path(__file__).resolve().parents[1]


def main(step: str, *arguments: str) -> None:
    """Take one step: ``prepare`` or ``work`` of a case, or ``fill`` a large campaign's ledgers."""
    from benchmarks.cases import CASES, fill_inbox
    from ledgergen.campaign.folder import find_folder

    if step == "fill":
        fill_inbox(find_folder(Path(arguments[0])))
        return
    case, place, files = arguments
    if step == "prepare":
        CASES[case].prepare(Path(place), int(files))
    else:
        print(json.dumps(run_work(case, Path(place), int(files))))


if __name__ == "__main__":
    main(*sys.argv[1:])
