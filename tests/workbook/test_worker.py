"""The bounded reader: whatever a file does to the child that reads it, the next file is read."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ledgergen.findings import message, remedy
from ledgergen.workbook import worker
from ledgergen.workbook.grid import LENGTH, MAX_ANSWER
from ledgergen.workbook.pool import BoundedReader, _believed
from ledgergen.workbook.read import read_workbook
from test_read_builders import GOOD, GOOD_ROWS, package, resaved, written, xlsx, xlsx_parts

posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")

# A child that does what its file's name says, or else what the real one does.
_MISCHIEF = """
import os, signal, sys, time
from ledgergen.workbook import worker

class Panic(BaseException):
    pass

real = worker.read_workbook

def read_workbook(name, data):
    if name == "hang":
        time.sleep(600)
    if name == "spin":
        while True:
            pass
    if name == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "abort":
        os.abort()
    if name == "panic":
        raise Panic("a serial number beyond all days")
    if name == "bug":
        return real(None, None)
    if name == "memory":
        return bytearray(4 << 30)
    if name == "chatter":
        os.write(1, b"to stdout " * 10_000)
        os.write(2, b"to stderr \\x1b[2J" * 10_000)
    return real(name, data)

worker.read_workbook = read_workbook
worker.main()
"""

# A child that answers whatever the environment tells it.
_LIAR = """
import os, sys
from ledgergen.workbook import worker

while all(worker.receive(sys.stdin.buffer) is not None for _ in range(3)):
    sys.stdout.buffer.write(bytes.fromhex(os.environ["ANSWER"]))
    sys.stdout.buffer.flush()
"""


@pytest.fixture
def mischief(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoundedReader]:
    """Give a reader whose child does what the file's name says."""
    (tmp_path / "mischief.py").write_text(_MISCHIEF, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with BoundedReader(seconds=4, megabytes=600, module="mischief") as reader:
        yield reader


def _reads_on(reader: BoundedReader) -> None:
    workbook, findings = reader.read("good.xlsx", GOOD)
    assert workbook is not None, findings
    assert findings == []
    assert workbook.grids[0].rows == GOOD_ROWS


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("hang", "reader-timeout"),
        ("spin", "reader-timeout"),
        ("panic", "reader-failed"),
        ("bug", "reader-failed"),
        pytest.param("die", "reader-died", marks=posix),
        pytest.param("abort", "reader-died", marks=posix),
        pytest.param("memory", "reader-memory", marks=posix),
    ],
)
def test_a_child_that_comes_to_grief_is_a_finding(mischief: BoundedReader, name: str, code: str) -> None:
    _reads_on(mischief)
    workbook, (found,) = mischief.read(name, GOOD)
    assert workbook is None
    assert (found.code, found.where.file) == (code, name)
    assert message(found)
    assert remedy(found)
    _reads_on(mischief)


def test_what_a_library_prints_disturbs_nothing(mischief: BoundedReader, caplog: pytest.LogCaptureFixture) -> None:
    workbook, findings = mischief.read("chatter", GOOD)
    assert workbook is not None, findings
    mischief.close()
    (said,) = [record.getMessage() for record in caplog.records]
    assert "to stderr \ufffd[2J" in said
    assert len(said) < 10_000


@posix
def test_a_child_killed_from_outside_in_the_middle(mischief: BoundedReader) -> None:
    _reads_on(mischief)
    child = mischief._child
    assert child is not None
    threading.Timer(0.3, child._process.kill).start()
    _, (found,) = mischief.read("hang", GOOD)
    assert found.code == "reader-died"
    _reads_on(mischief)


def test_a_child_killed_between_two_files_goes_unnoticed(mischief: BoundedReader) -> None:
    _reads_on(mischief)
    child = mischief._child
    assert child is not None
    child._process.kill()
    child._process.wait()
    _reads_on(mischief)


def test_one_child_reads_many_files_and_outlives_its_clock() -> None:
    with BoundedReader(seconds=2) as reader:
        _reads_on(reader)
        child = reader._child
        assert child is not None
        for _ in range(4):
            time.sleep(0.8)
            _reads_on(reader)
        assert reader._child is child
    assert child._process.poll() is not None


def test_files_that_are_hostile_in_themselves(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    serial = '<row r="1"><c r="A1" s="1"><v>2E+18</v></c></row>'
    old = resaved(written([["甲"]]), "xls", tmp_path)
    hostile = {
        "far": (xlsx(far), {"sheet-too-large"}),
        "broken-off": (GOOD[:-30], {"file-damaged"}),
        "nodes": (package(xlsx_parts() | {"xl/worksheets/sheet1.xml": "<a/>" * 5_000_000}), {"file-unpacks-oddly"}),
        "bomb": (package(xlsx_parts() | {"xl/bomb.bin": bytes(100 << 20)}), {"file-unpacks-too-large"}),
        "picture": (b"\xff\xd8\xff\xe0" + bytes(100), {"file-not-a-workbook"}),
        "empty": (b"", {"file-empty"}),
        # calamine panics on some of these
        **{f"xls-{cut}": (old[:cut], {"file-damaged"}) for cut in range(600, 3000, 400)},
    }
    with BoundedReader() as reader:
        for name, (data, codes) in hostile.items():
            workbook, findings = reader.read(name, data)
            assert (workbook is None) == bool(findings)
            assert {found.code for found in findings} <= codes
            _reads_on(reader)
        workbook, _ = reader.read("serial", xlsx(serial))
        assert workbook is not None
        assert workbook.grids[0].rows == (("2000000000000000000",),)


def test_a_file_beyond_all_reason_is_not_even_sent() -> None:
    with BoundedReader(module="no.such.module") as reader:
        _, (found,) = reader.read("a.xlsx", bytes(64_000_001))
    assert found.code == "file-too-large"


def test_a_child_that_cannot_start_is_a_finding() -> None:
    with BoundedReader(module="no.such.module") as reader:
        _, (found,) = reader.read("a.xlsx", GOOD)
        assert found.code == "reader-died"


def _framed(answer: object, cells: bytes = b"") -> bytes:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return LENGTH.pack(len(body)) + body + LENGTH.pack(len(cells)) + cells


def _book(cells: object = ("x", "y"), **changed: object) -> list[object]:
    grid = {"name": "a", "hidden": False, "size": [1, 2], "kinds": {}, "cached": [], "merged": []}
    book = {"format": "xlsx", "saved": "", "properties": {}, "names": {}, "notes": [], "cells": cells}
    return [book | {"grids": [grid | changed]}, []]


@pytest.mark.parametrize(
    "answer",
    [
        _framed(b"no json"),
        _framed(b"[" * 100_000),
        _framed(b"1" * 5_000),
        _framed([None, []]),
        _framed([1, []]),
        _framed([None, [{"code": "no-such-code", "where": {}, "facts": {}}]]),
        _framed([None, [{"code": "file-damaged", "where": {"file": []}, "facts": {"part": ["x"]}}]]),
        _framed([None, [{"code": "file-damaged", "where": {}, "facts": {"part": "x" * 5_000}}]]),
        _framed([None, [{"code": "file-empty", "where": {"door": 1}, "facts": {}}]]),
        _framed([None, ["file-empty"]]),
        _framed([None, [{"code": "file-empty", "where": {}, "facts": {}}] * 2_000]),
        _framed(_book(["x", "y", "z"])),
        _framed(_book(["x", 1])),
        _framed(_book({"x": 1})),
        _framed(_book("x\x7fy\x7fz")),
        _framed(_book("x")),
        _framed(_book("")),
        _framed(_book(size=[2, 1, 1])),
        _framed(_book(size=[-1, -2])),
        _framed(_book(size=[1, 0])),
        _framed(_book("", size=[0, 1])),
        _framed(_book(size=["1", 2])),
        _framed(_book(size=[4_000_000, 2])),
        _framed(_book(kinds={"n": [0, 2]})),
        _framed(_book(kinds={"n": [0]})),
        _framed(_book(kinds={"q": [0, 0]})),
        _framed(_book(kinds={"n": ["0", 0]})),
        _framed(_book(cached=[[9, 9, "x"]])),
        _framed(_book(merged=[[0, 0, 5, 5]])),
        _framed(_book(name=None)),
        LENGTH.pack(MAX_ANSWER + 1) + b"x",
        LENGTH.pack(0),
    ],
)
def test_answers_are_not_believed(answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "liar.py").write_text(_LIAR, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("ANSWER", answer[:60_000].hex() if len(answer) < 60_000 else _framed(b"[" * 20_000).hex())
    with BoundedReader(module="liar") as reader:
        workbook, (found,) = reader.read("a.xlsx", GOOD)
    assert workbook is None
    assert (found.code, found.where.file) in (("reader-failed", "a.xlsx"), ("reader-died", "a.xlsx"))


def test_a_believed_answer_is_placed_in_the_file_that_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {
        "code": "sheet-too-large",
        "where": {"file": "other", "sheet": "台账"},
        "facts": {"corner": "Z9", "limit": 1},
    }
    (tmp_path / "liar.py").write_text(_LIAR, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("ANSWER", _framed([None, [said]]).hex())
    with BoundedReader(module="liar") as reader:
        _, (found,) = reader.read("a.xlsx", GOOD)
    assert str(found.where) == "a.xlsx › 台账"


def test_reading_through_the_pipe_changes_nothing(tmp_path: Path) -> None:
    data = written([["序号", "a\x7fb", "\u2028"], ["1", "", "😀"]])
    with BoundedReader() as reader:
        for each in (data, resaved(data, "ods", tmp_path), resaved(data, "xls", tmp_path), "甲,乙\n".encode("gb18030")):
            assert reader.read("a", each) == read_workbook("a", each)


@posix
def test_ctrl_c_leaves_no_child(tmp_path: Path) -> None:
    (tmp_path / "mischief.py").write_text(_MISCHIEF, encoding="utf-8")
    script = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored, where tests run behind
        "from ledgergen.workbook.pool import BoundedReader\n"
        "with BoundedReader(module='mischief') as reader:\n"
        "    reader.read('good', b'a,b')\n"
        "    print(reader._child._process.pid, flush=True)\n"
        "    reader.read('hang', b'a,b')\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        start_new_session=True,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    time.sleep(0.5)
    os.killpg(parent.pid, signal.SIGINT)
    _, complaints = parent.communicate(timeout=60)
    assert b"KeyboardInterrupt" in complaints
    psutil.wait_procs([child], timeout=30)
    assert not child.is_running()


@posix
def test_a_parent_that_is_killed_leaves_no_child() -> None:
    script = (
        "import time\nfrom ledgergen.workbook.pool import BoundedReader\n"
        "reader = BoundedReader()\nreader.read('good', b'a,b')\n"
        "print(reader._child._process.pid, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([child], timeout=5)
    assert not child.is_running()


def test_the_folder_one_stands_in_is_not_searched_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('foreign code ran')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with BoundedReader() as reader:
        _reads_on(reader)


@posix
def test_the_child_limits_itself() -> None:
    with BoundedReader(megabytes=777, seconds=5) as reader:
        _reads_on(reader)
        child = reader._child
        assert child is not None
        limits = psutil.Process(child._process.pid)
        assert limits.rlimit(psutil.RLIMIT_AS)[0] == 777 << 20
        assert 5 <= limits.rlimit(psutil.RLIMIT_CPU)[0] <= 10


def test_an_answer_too_long_for_the_pipe_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_ANSWER", 50)
    (answer,) = worker._answers("a", b"", GOOD, 1024, lambda: None)
    stored = json.loads(answer[0])
    assert stored[0] is None
    assert stored[1][0]["code"] == "reader-memory"


def test_frames_that_break_off_end_the_child(tmp_path: Path) -> None:
    source, sink = tmp_path / "source", tmp_path / "sink"
    answered = b""
    asked = b"".join(LENGTH.pack(len(part)) + part for part in (b"a", b"", GOOD))
    for cut, answers in ((0, 0), (3, 0), (8, 0), (11, 0), (len(asked) - 1, 0), (len(asked), 1)):
        source.write_bytes(asked[:cut])
        with source.open("rb") as incoming, sink.open("wb") as outgoing, pytest.MonkeyPatch.context() as patch:
            patch.setattr(worker, "limit", lambda *_: lambda: None)
            worker.serve(incoming, outgoing, 1024, 20)
        answered = sink.read_bytes()
        assert bool(answered) == bool(answers)
    (length,) = LENGTH.unpack(answered[: LENGTH.size])
    stored, cells = answered[LENGTH.size :][:length], answered[2 * LENGTH.size + length :]
    assert _believed("a", stored, cells) == ("", *read_workbook("a", GOOD))
