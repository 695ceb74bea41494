"""The door to the disk: wholly there or not at all."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from journal_steps import Calls, attempt, leftovers, names
from ledgergen.errors import Surroundings
from ledgergen.journal import durable

Write = Callable[[Path, bytes], None]
WRITERS = [durable.write_once, durable.replace_whole, durable.replace_unsynced]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("data", [b"", b"a\r\n\x1a\x00b", "台账".encode() * 100_000])
def test_the_bytes_arrive(tmp_path: Path, write: Write, data: bytes) -> None:
    write(tmp_path / "a.bin", data)
    assert (tmp_path / "a.bin").read_bytes() == data
    assert names(tmp_path) == ["a.bin"]


def test_write_once_does_not_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    durable.write_once(path, b"first")
    with pytest.raises(Surroundings) as stop:
        durable.write_once(path, b"second")
    assert (stop.value.finding.code, stop.value.finding.where.file) == ("cannot-write", str(path))
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["a.json"]


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.EACCES])
def test_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def link(*_: object) -> None:
        raise OSError(code, "no links on FAT")

    monkeypatch.setattr(os, "link", link)
    path = tmp_path / "a.json"
    durable.write_once(path, b"first")
    with pytest.raises(Surroundings):
        durable.write_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["a.json"]


def test_a_short_write_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data)[:7]))
    durable.write_once(tmp_path / "a", b"x" * 100)
    monkeypatch.undo()
    assert (tmp_path / "a").read_bytes() == b"x" * 100


@pytest.mark.parametrize("write", WRITERS)
def test_a_short_write_that_nobody_reports_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    real = os.write

    def half(descriptor: int, data: bytes) -> int:
        real(descriptor, bytes(data)[: len(data) // 2])
        return len(data)

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(Surroundings) as stop:
        write(tmp_path / "a", b"x" * 100)
    monkeypatch.undo()
    assert stop.value.finding.code == "write-not-kept"
    assert names(tmp_path) == []
    write(tmp_path / "a", b"x" * 100)
    assert (tmp_path / "a").read_bytes() == b"x" * 100


def test_a_write_of_nothing_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda *_: 0)
    with pytest.raises(Surroundings) as stop:
        durable.write_once(tmp_path / "a", b"x")
    assert stop.value.finding.facts["reason"] == os.strerror(errno.ENOSPC)


def test_replace_whole_is_wholly_old_or_wholly_new_at_every_call(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "状态.xlsx"
    failed = []
    for number in range(1, 30):
        durable.replace_whole(path, b"old")
        with Calls(number).watching() as calls:
            found = attempt(lambda: durable.replace_whole(path, b"newer"))
        assert path.read_bytes() in (b"old", b"newer")
        assert leftovers(tmp_path) == []
        if not calls.reached:
            break
        failed.append(calls.log[number - 1])
        assert found
        assert (found.code, found.facts) == ("cannot-write", {"reason": os.strerror(errno.ENOSPC)})
        durable.replace_whole(path, b"newer")
        assert path.read_bytes() == b"newer"
    reading_back = ["open", "close"]
    assert failed == ["open", "write", "fsync", "close", *reading_back, "replace", "open", "fsync", "close"]


def test_an_interrupt_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    for write in WRITERS:
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "a", b"x")
        assert names(tmp_path) == []


def test_a_missing_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    durable.replace_whole(tmp_path / "a" / "b" / "c.txt", b"x")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"x"


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(Surroundings) as stop:
        durable.make_folder(tmp_path / "a" / "b")
    assert stop.value.finding.code == "cannot-write"


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EOPNOTSUPP])
def test_a_share_that_knows_no_fsync_of_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refused(_: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, "fsync", refused)
    durable.sync_folder(tmp_path)


def test_any_other_fault_of_the_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: int) -> None:
        raise OSError(errno.EIO, "bad sector")

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(Surroundings) as stop:
        durable.sync_folder(tmp_path)
    assert stop.value.finding.facts == {"reason": "bad sector"}


def test_windows_opens_no_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY")
    durable.sync_folder(tmp_path / "not there")
    durable.write_once(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


def test_only_temporary_files_of_our_own_are_swept(tmp_path: Path) -> None:
    for name in (".tmp-0123456789abcdef", ".tmp-mine", ".tmp-0123456789abcdef.xlsx", "a.tmp-0123456789abcdef"):
        (tmp_path / name).write_bytes(b"")
    durable.sweep(tmp_path)
    durable.sweep(tmp_path / "not there")
    assert names(tmp_path) == [".tmp-0123456789abcdef.xlsx", ".tmp-mine", "a.tmp-0123456789abcdef"]
