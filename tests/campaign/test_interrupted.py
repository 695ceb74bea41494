"""Ctrl-C at any line of collecting: what is journalled is whole, its originals are kept, the next run takes the rest.

The crash tests strike between system calls; here the run is broken off between two lines of its own, where Python
raises ``KeyboardInterrupt``. The suite strikes at every twentieth line, ``make soak`` at each.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from clerk import Ledger
from commands import Ran, ledgergen
from ledgergen.campaign import chunk, collect

COLLECT = ("collect", "--received", "2022-07-01")  # else what came in the earlier run would count as the earlier return
STEP = 1 if os.environ.get("LEDGERGEN_SOAK") else 20
WATCHED = {str(Path(module.__file__ or "").resolve()) for module in (collect, chunk)}


@pytest.fixture
def returned(issued_campaign: Path) -> Path:
    """Make the campaign with six returns in its inbox: of each unit two, the second of which says something else."""
    for version in range(2):
        for path in sorted((issued_campaign / "ledgers" / "2022Q2").glob("*.xlsx")):
            said = f"公开了{version + 1}条信息"
            Ledger(path).type({("3", "progress"): said}).save(issued_campaign / "inbox" / f"{version}{path.name}")
    return issued_campaign


@contextmanager
def struck(line: int) -> Iterator[Callable[[], int]]:
    """Raise ``KeyboardInterrupt`` at the so-manieth line that runs in the watched modules; gives how many have run."""
    count = 0

    def in_frame(_frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 - as Python has it
        nonlocal count
        if event == "line":
            count += 1
            if count == line:
                raise KeyboardInterrupt
        return in_frame

    def entered(frame: FrameType, _event: str, _argument: object) -> Any:  # noqa: ANN401 - as Python has it
        return in_frame if frame.f_code.co_filename in WATCHED else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield lambda: count
    finally:
        sys.settrace(before)


def collected(campaign: Path, line: int = 0) -> tuple[Ran, int]:
    with struck(line) as lines:
        ran = ledgergen(*COLLECT, at=campaign)
    return ran, lines()


def entries(campaign: Path) -> object:
    ran = ledgergen("show", "--entries", "--json", at=campaign)
    assert ran.code == 0, ran.err
    return ran.json


def test_a_run_broken_off_at_any_line_is_taken_up(returned: Path, tmp_path: Path) -> None:
    peaceful = shutil.copytree(returned, tmp_path / "peaceful")
    _, lines = collected(peaceful)
    assert lines > 200  # else it strikes nowhere
    wanted = entries(peaceful)
    for line in range(1, lines + 1, STEP):
        campaign = shutil.copytree(returned, tmp_path / f"struck-{line}")
        ran, _ = collected(campaign, line)
        assert ran.code == 3, (line, ran)
        sound = ledgergen("verify", at=campaign)
        assert sound.code == 0, (line, sound)
        assert ledgergen(*COLLECT, at=campaign).code == 0, line
        assert entries(campaign) == wanted, line
        shutil.rmtree(campaign)
