"""Two at once, and disks that are read-only, full, or shared: real processes, as two people at two desks start them.

Whatever the order, nothing that was sent in may be lost or taken twice: in the end the journal is sound and the entries
are those of a campaign that one person collected in peace.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from clerk import Ledger
from commands import Ran, ledgergen

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

_OTHER_CLOCK = """
import sys
from datetime import datetime
from ledgergen.cli import root

class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.fromisoformat(sys.argv[1])

root.datetime = Clock
sys.exit(root.run(sys.argv[2:]))
"""


def start(*words: str | Path, at: Path, clock: str = "") -> "subprocess.Popen[str]":
    """Start the program as a process of its own; ``clock`` is what its machine takes for the time."""
    program = ["-c", _OTHER_CLOCK, clock] if clock else ["-m", "ledgergen"]
    return subprocess.Popen(
        [sys.executable, *program, "--lang", "en", "-C", at, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def end(process: "subprocess.Popen[str]") -> Ran:
    out, err = process.communicate(timeout=120)
    return Ran(process.returncode, out, err)


def run(*words: str | Path, at: Path, clock: str = "") -> Ran:
    return end(start(*words, at=at, clock=clock))


def fill(campaign: Path, into: Path, versions: int = 4) -> None:
    """Fill the ledgers of all three units, each several times, one better than the other."""
    for path in sorted((campaign / "ledgers" / "2022Q2").glob("*.xlsx")):
        for version in range(versions):
            Ledger(path).type({("3", "progress"): f"{path.name[:4]} {version}"}).save(into / f"{version}_{path.name}")


@pytest.fixture
def returned(issued_campaign: Path) -> Path:
    """Make the campaign with twelve returns in its inbox."""
    fill(issued_campaign, issued_campaign / "inbox")
    return issued_campaign


def twin(campaign: Path) -> Path:
    return Path(shutil.copytree(campaign, campaign.with_name("twin")))


def entries(campaign: Path) -> list[tuple[str, str, str]]:
    """Give what stands: unit, task, progress."""
    ran = ledgergen("show", "--entries", "--json", at=campaign)
    assert ran.code == 0, ran.err
    return sorted(
        (row["unit"], row["task"], row["fields"].get("progress", {}).get("text", "")) for row in ran.json if row["code"]
    )


def taken(campaign: Path) -> Counter[str]:
    """Count by hash how often the journal says that a file was taken in."""
    hashes: list[str] = []
    for path in (campaign / ".ledgergen" / "journal").glob("*.json"):
        event = json.loads(path.read_text(encoding="utf-8"))
        if event["kind"] == "collected":
            hashes += [each["sha256"] for each in event["facts"]["parcels"]]
    return Counter(hashes)


def codes(ran: Ran) -> list[str]:
    """Give the codes of what a command that stopped says, or a report has as findings."""
    said: Any = ran.json
    return [each["code"] for each in said["findings"]]


def sound(campaign: Path) -> None:
    """See that every event and original is as it was written."""
    ran = ledgergen("verify", at=campaign)
    assert ran.code == 0, ran.out + ran.err


def in_peace(campaign: Path) -> list[tuple[str, str, str]]:
    """Collect on a copy of the campaign, alone; gives what then stands."""
    copy = twin(campaign)
    assert ledgergen("collect", at=copy).code in (0, 1)
    found = entries(copy)
    shutil.rmtree(copy)
    return found


def complete(campaign: Path, expected: list[tuple[str, str, str]]) -> None:
    """Collect once more, and see that nothing is lost and nothing there twice."""
    assert run("collect", at=campaign).code in (0, 1)
    before = taken(campaign)
    assert run("collect", at=campaign).code in (0, 1)
    assert taken(campaign) == before
    assert sorted(before.values()) == [1] * 12
    assert entries(campaign) == expected
    sound(campaign)


@contextmanager
def stopped_while_collecting(campaign: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start a ``collect`` and hold it where it has the campaign's lock."""
    process = start("collect", "--json", at=campaign)
    lock = FileLock(campaign / ".ledgergen" / "lock")
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            break
        lock.release()
        time.sleep(0.02)  # or this one would hold it each time that the other asks
    process.send_signal(signal.SIGSTOP)
    try:
        assert process.poll() is None, process.communicate()
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()


@posix
def test_a_second_writer_is_sent_away_and_questions_are_answered(returned: Path) -> None:
    expected = in_peace(returned)
    with stopped_while_collecting(returned) as first:
        one = ["区财政局", "3", "progress", "--take", "1"]
        deciding = (["answer"], ["withdraw", "x.xlsx"], ["review", "accept", "x.xlsx"], ["resolve", *one])
        for words in (["collect"], ["merge"], ["generate"], ["undo"], *deciding):
            second = run(*words, at=returned)
            assert second.code == 3, second.err
            assert "Another ledgergen is writing to this campaign" in second.err
        assert codes(run("collect", "--json", at=returned)) == ["campaign-locked"]
        for words in (["status", "--json"], ["show", "--entries", "--json"], ["log"], ["check"]):
            assert run(*words, at=returned).code == 0
        first.send_signal(signal.SIGCONT)
        assert end(first).code in (0, 1)
    complete(returned, expected)


@pytest.mark.parametrize("other", ["collect", "merge", "generate", "answer", "status"])
def test_a_race_loses_nothing_and_takes_nothing_twice(returned: Path, other: str) -> None:
    expected = in_peace(returned)
    first, second = start("collect", at=returned), start(other, at=returned)
    ends = [end(first), end(second)]
    assert {ran.code for ran in ends} <= {0, 1, 3}, ends
    assert any(ran.code != 3 for ran in ends), ends
    assert all("Another ledgergen" in ran.err for ran in ends if ran.code == 3), ends
    complete(returned, expected)


@posix
def test_a_collect_that_is_killed_is_completed_by_the_next(returned: Path) -> None:
    expected = in_peace(returned)
    with stopped_while_collecting(returned) as first:
        first.kill()
        assert end(first).code == -signal.SIGKILL
    complete(returned, expected)


def mounted(*words: str | Path) -> None:
    """Mount a file system; skips the test where that is not allowed."""
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root may mount")
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")


@contextmanager
def read_only(campaign: Path) -> Iterator[Path]:
    """Give the campaign in a folder in which nobody may write. Root may write everywhere, so it is mounted so."""
    if os.geteuid() != 0:
        every = [*campaign.rglob("*"), campaign]
        for each in every:
            each.chmod(0o555 if each.is_dir() else 0o444)
        try:
            yield campaign
        finally:
            for each in reversed(every):
                each.chmod(0o755)
        return
    place = Path(tempfile.mkdtemp())
    try:
        mounted("--bind", campaign, place)
        try:
            mounted("-o", "remount,bind,ro", place)
            yield place
        finally:
            subprocess.run(["umount", place], check=True)
    finally:
        place.rmdir()


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@posix
def test_a_read_only_campaign_answers_and_refuses_to_write(returned: Path) -> None:
    fill(returned, returned / "inbox")
    assert run("collect", returned / "inbox", at=returned).code in (0, 1)
    fill(returned, returned / "more", versions=1)
    expected, before = entries(returned), tree(returned)
    with read_only(returned) as place:
        for asked in (["status", "--json"], ["log"], ["check"], ["show", "--entries", "--json"], ["verify"]):
            assert run(*asked, at=place).code == 0, asked
        assert entries(place) == expected
        wishes: list[list[str | Path]] = [["collect", place / "more"], ["merge"], ["undo"], ["generate"], ["answer"]]
        for words in wishes:
            ran = run(*words, at=place)
            assert ran.code == 3, (words, ran)
            assert "This cannot be written: " in ran.err, (words, ran)
            assert "Traceback" not in ran.err
        assert codes(run("collect", place / "more", "--json", at=place)) == ["cannot-write"]
    assert tree(returned) == before


@contextmanager
def small_disk(kilobytes: int) -> Iterator[Path]:
    """Give the folder of a disk of that size."""
    place = Path(tempfile.mkdtemp())
    try:
        mounted("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place)
        try:
            yield place
        finally:
            subprocess.run(["umount", place], check=True)
    finally:
        place.rmdir()


@posix
@pytest.mark.parametrize("left", [0, 4, 12, 24, 48, 96, 160])
def test_a_full_disk_loses_nothing(returned: Path, left: int) -> None:
    expected = in_peace(returned)
    with small_disk(4096) as disk:
        campaign = Path(shutil.copytree(returned, disk / "campaign"))
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        assert shutil.disk_usage(disk).free == 0
        os.truncate(ballast, ballast.stat().st_size // 4096 * 4096 - left * 1024)
        ran = run("collect", at=campaign)
        assert ran.code in (0, 1, 3), ran.err
        assert "Traceback" not in ran.err
        if ran.code == 3:
            assert "This cannot be written: " in ran.err or "not what was written" in ran.err, ran.err
        sound(campaign)
        merged = run("merge", at=campaign)
        assert merged.code in (0, 1, 3), merged.err
        assert "Traceback" not in merged.err
        ballast.unlink()
        complete(campaign, expected)
        assert run("merge", at=campaign).code == 0


def test_two_copies_that_both_collected_are_taken_together(returned: Path) -> None:
    other = twin(returned)
    (own, theirs) = (sorted((each / "inbox").iterdir()) for each in (returned, other))
    assert run("collect", *own[:8], at=returned).code in (0, 1)
    assert run("collect", *theirs[5:], at=other).code in (0, 1)  # three of the files reach both
    both = Path(shutil.copytree(other, other.with_name("both")))
    shutil.copytree(returned / ".ledgergen", both / ".ledgergen", dirs_exist_ok=True)
    shutil.copytree(other / ".ledgergen", returned / ".ledgergen", dirs_exist_ok=True)
    expected = entries(both)
    assert {unit for unit, _, _ in expected} == {"区财政局", "区发改局", "昆仑镇"}
    assert all(text for _, task, text in expected if task == "3")
    ran = run("log", "--json", at=returned)
    assert ran.code == 0
    assert "Two machines wrote to this campaign at the same time" in ran.err
    assert entries(returned) == expected
    assert "Two machines wrote" in run("verify", at=returned).err
    assert set(taken(returned).values()) == {1, 2}
    # The next event follows both, and says nothing again of what either has.
    events = len([*(returned / ".ledgergen" / "journal").iterdir()])
    assert run("collect", at=returned).code in (0, 1)
    assert len([*(returned / ".ledgergen" / "journal").iterdir()]) == events
    assert run("merge", at=returned).code == 0
    assert "Two machines wrote" not in run("log", "--json", at=returned).err
    assert entries(returned) == expected
    sound(returned)


def test_a_clock_that_jumps_back_is_told_and_changes_no_order(returned: Path) -> None:
    expected = in_peace(returned)
    early, late = sorted((returned / "inbox").iterdir())[:6], sorted((returned / "inbox").iterdir())[6:]
    assert run("collect", *early, at=returned, clock="2031-01-01T00:00:00+00:00").code in (0, 1)
    ran = run("collect", *late, at=returned, clock="2030-06-01T00:00:00+00:00")
    assert ran.code in (0, 1)
    told = run("log", "--json", at=returned)
    assert told.code == 0
    assert "The clock went back: " in told.err
    numbers = [each["number"] for each in told.json]
    assert numbers == sorted(numbers)
    assert Counter(taken(returned).values()) == {1: 12}
    assert sorted((unit, task) for unit, task, _ in entries(returned)) == sorted(
        (unit, task) for unit, task, _ in expected
    )
    sound(returned)
