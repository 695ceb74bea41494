"""Files read together are read as each would be alone; what is no plain workbook is left to be looked at alone."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgergen.workbook import worker
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.reading import Reading


def book(text: str, rows: int = 1) -> bytes:
    made = openpyxl.Workbook()
    for _ in range(rows):
        made.worksheets[0].append([text, 1])
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


FILES = {
    "plain": book("已公开"),
    "csv": "序号,任务\n1,公开\n".encode("gb18030"),
    "empty": b"",
    "broken": book("x")[:900],
    "picture": b"\xff\xd8\xff\xe0",
    "delete": book("a\x7fb"),
}


@settings(max_examples=25)
@given(kinds=st.lists(st.sampled_from(sorted(FILES)), max_size=8))
def test_together_is_as_alone(kinds: Sequence[str]) -> None:
    files = [(f"{number}.xlsx", FILES[kind]) for number, kind in enumerate(kinds)]
    with BoundedReader() as reader:
        together = list(reader.read_together(files))
        for (name, data), reading in zip(files, together, strict=True):
            (alone,) = reader.read_all(name, data)
            assert reading == (alone if alone.workbook else None)


def test_a_long_answer_is_left_to_be_asked_for_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [book("短"), book("长" * 100), book("短")]
    monkeypatch.setattr(worker, "MOST_TOGETHER", 200)
    wish = {"names": ["a", "b", "c"], "lengths": list(map(len, data))}
    answers = list(worker._answers("", json.dumps(wish).encode(), b"".join(data), 1024, lambda: None))
    assert [answer == (b"[null,[]]", b"") for answer in answers] == [False, True, False]


def test_a_file_that_kills_the_reader_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dying.py").write_text(
        "import os, ledgergen.workbook.worker as worker\n"
        "plain = worker.read_workbook\n"
        "def read_workbook(name, data):\n"
        "    if data == b'deadly': os._exit(1)\n"
        "    return plain(name, data)\n"
        "worker.read_workbook = read_workbook\n"
        "worker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    files = [("a", FILES["plain"]), ("b", b"deadly"), ("c", FILES["csv"]), ("d", b"deadly"), ("e", FILES["plain"])]

    def told(reading: Reading | None) -> str:
        assert reading
        return reading.workbook.format if reading.workbook else reading.findings[0].code

    with BoundedReader(module="dying") as reader:
        assert list(map(told, reader.read_together(files))) == ["xlsx", "reader-died", "csv", "reader-died", "xlsx"]
        assert list(map(told, reader.read_together(files[:1]))) == ["xlsx"]


def test_an_answer_that_makes_no_sense_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lying.py").write_text(
        "import ledgergen.workbook.worker as worker\n"
        "worker._packed = lambda *a: (b'[{\"format\":5},[]]', b'')\n"
        "worker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with BoundedReader(module="lying") as reader:
        assert list(reader.read_together([("a", FILES["plain"]), ("b", FILES["csv"])])) == [None, None]
