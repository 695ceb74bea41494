"""One writer at a time, and folders in which nobody may write."""

import errno
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from journal_steps import write
from ledgergen.errors import Surroundings
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals

HOLDER = """
import sys
from pathlib import Path
from ledgergen.journal.lock import one_writer
with one_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_writer(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "held\n"
        try:
            yield writer
        finally:
            writer.kill()


def test_the_second_writer_is_told_soon(tmp_path: Path) -> None:
    with another_writer(tmp_path) as writer:
        began = time.monotonic()
        with pytest.raises(Surroundings) as stop, one_writer(tmp_path):
            pytest.fail("two writers")
        assert time.monotonic() - began < 5
        assert stop.value.finding.code == "campaign-locked"
        assert Journal(tmp_path).load() == ([], [])  # readers need no lock
        writer.communicate()
    with one_writer(tmp_path):
        write(tmp_path, "a")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_writer_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    with another_writer(tmp_path) as writer:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    with one_writer(tmp_path):
        pass


def test_the_lock_is_let_go_after_a_fault_which_passes_unchanged(tmp_path: Path) -> None:
    fault = OSError(errno.EIO, "something inside")
    with pytest.raises(OSError, match="something inside") as raised, one_writer(tmp_path):
        raise fault
    assert raised.value is fault
    with one_writer(tmp_path):
        pass
    assert (tmp_path / ".ledgergen" / "lock").exists()


def test_a_lock_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / ".ledgergen").write_bytes(b"")
    with pytest.raises(Surroundings) as stop, one_writer(tmp_path):
        pytest.fail("held")
    assert stop.value.finding.code == "cannot-write"


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def acquire(*_: object, **__: object) -> None:
        raise NotImplementedError("no flock here")

    monkeypatch.setattr("ledgergen.journal.lock.FileLock.acquire", acquire)
    with pytest.raises(Surroundings) as stop, one_writer(tmp_path):
        pytest.fail("held")
    assert (stop.value.finding.code, stop.value.finding.facts) == ("cannot-write", {"reason": "no flock here"})


READER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from ledgergen.errors import Surroundings
from ledgergen.journal.index import Index
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals

folder, elsewhere, sha256 = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
if os.geteuid() == 0:  # root may write everywhere: become nobody, with all modules loaded
    Index.open(elsewhere, [], cache=elsewhere).close()
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)

events, findings = Journal(folder).load()
print([event.kind for event in events], findings, Originals(folder).read(sha256))
with Index.open(folder, events, cache=folder / "cache") as index:
    print([event.kind for event in index.events()])

def hold():
    with one_writer(folder):
        pass

for step in (
    hold,
    lambda: Journal(folder).append("b", {}, at=datetime(2022, 7, 1, tzinfo=UTC), who=""),
    lambda: Originals(folder).keep_all([b"new"]),
):
    try:
        step()
    except Surroundings as stop:
        print(stop.finding.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders are made read-only by their owner, on POSIX")
def test_a_read_only_folder_answers_and_refuses_to_write(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp())  # tmp_path is closed to all but its owner
    try:
        write(folder, "a")
        (sha256,) = Originals(folder).keep_all([b"kept"])
        for each in [*folder.rglob("*"), folder]:
            each.chmod(0o555 if each.is_dir() else 0o444)
        before = sorted(folder.rglob("*"))
        command = [sys.executable, "-c", READER, str(folder), str(tmp_path), sha256]
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        answers = ["['a'] [] b'kept'", "['a']"]
        assert run.stdout.splitlines() == [*answers, "cannot-write", "cannot-write", "cannot-write"]
        assert sorted(folder.rglob("*")) == before
    finally:
        for each in [folder, *folder.rglob("*")]:
            each.chmod(0o755)
        shutil.rmtree(folder)
