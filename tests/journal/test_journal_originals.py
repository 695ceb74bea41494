"""Originals: kept by hash, verified when read, never altered."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from journal_steps import Calls, attempt, leftovers
from ledgergen.errors import Surroundings
from ledgergen.journal.originals import Originals

BLOBS = [b"one", b"two" * 5000, b"", b"one"]
HASHES = [hashlib.sha256(blob).hexdigest() for blob in BLOBS]


def place(folder: Path, sha256: str) -> Path:
    return folder / ".ledgergen" / "originals" / sha256[:1] / sha256


def test_kept_in_the_order_given(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    assert originals.keep_all(iter(BLOBS)) == HASHES
    assert [originals.read(sha256) for sha256 in HASHES] == BLOBS
    assert [place(tmp_path, sha256).read_bytes() for sha256 in HASHES] == BLOBS
    assert originals.check(HASHES) == []
    assert leftovers(tmp_path) == []


def test_keeping_nothing(tmp_path: Path) -> None:
    assert Originals(tmp_path).keep_all([]) == []
    assert Originals(tmp_path).check([]) == []


def test_what_is_kept_is_left_alone(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    originals.keep_all(BLOBS)
    before = [place(tmp_path, sha256).stat() for sha256 in HASHES]
    place(tmp_path, HASHES[0]).write_bytes(b"ONE")  # altered, the same size: not for keep_all to touch
    assert originals.keep_all(BLOBS) == HASHES
    assert place(tmp_path, HASHES[0]).read_bytes() == b"ONE"
    after = [place(tmp_path, sha256).stat() for sha256 in HASHES]
    assert [stat.st_ino for stat in after] == [stat.st_ino for stat in before]
    assert after[1].st_mtime_ns == before[1].st_mtime_ns


def test_half_an_original_gets_its_bytes_back(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    originals.keep_all(BLOBS)
    place(tmp_path, HASHES[1]).write_bytes(b"tw")
    originals.keep_all(BLOBS)
    assert originals.read(HASHES[1]) == BLOBS[1]


def test_an_altered_original(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    originals.keep_all(BLOBS)
    place(tmp_path, HASHES[0]).write_bytes(b"0ne")
    with pytest.raises(Surroundings) as stop:
        originals.read(HASHES[0])
    assert stop.value.finding.code == "original-damaged"
    assert stop.value.finding.where.file == f".ledgergen/originals/{HASHES[0][:1]}/{HASHES[0]}"
    assert originals.check(HASHES) == [stop.value.finding]


def test_a_missing_original(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    originals.keep_all(BLOBS)
    place(tmp_path, HASHES[1]).unlink()
    with pytest.raises(Surroundings) as stop:
        originals.read(HASHES[1])
    assert (stop.value.finding.code, stop.value.finding.facts) == ("original-missing", {"sha256": HASHES[1]})
    assert originals.check(HASHES) == [stop.value.finding]


@pytest.mark.parametrize("sha256", ["", "../../../../etc/passwd", HASHES[0].upper(), f"{HASHES[0]}\n"])
def test_what_is_no_hash_is_no_path(tmp_path: Path, sha256: str) -> None:
    Originals(tmp_path).keep_all(BLOBS)
    with pytest.raises(Surroundings) as stop:
        Originals(tmp_path).read(sha256)
    assert stop.value.finding.code == "original-missing"


def test_an_unreadable_original_is_one_finding_among_others(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    originals.keep_all(BLOBS)
    place(tmp_path, HASHES[0]).unlink()
    place(tmp_path, HASHES[0]).mkdir()
    place(tmp_path, HASHES[2]).unlink()
    assert {found.code for found in originals.check(HASHES)} == {"cannot-read", "original-missing"}


def test_what_a_dead_writer_left_is_swept_by_the_next_one(tmp_path: Path) -> None:
    Originals(tmp_path).keep_all(BLOBS)
    (place(tmp_path, HASHES[0]).parent / ".tmp-0123456789abcdef").write_bytes(b"o")
    Originals(tmp_path).keep_all(BLOBS)
    assert leftovers(tmp_path) == []


def test_an_original_that_goes_while_others_are_kept_is_kept_again(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    originals.keep_all(BLOBS)
    place(tmp_path, HASHES[0]).unlink()  # by a sync tool, or by hand: folders are listed once for all of a run
    originals.keep_named(zip(HASHES, BLOBS, strict=True))
    assert originals.read(HASHES[0]) == BLOBS[0]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_every_call_fails_once(tmp_path: Path, code: int) -> None:
    """After a fault at any call nothing kept before is harmed, nothing half is kept, and a repeat succeeds."""
    swallowed = []
    for number in range(1, 200):
        folder = tmp_path / str(number)
        originals = Originals(folder)
        folder.mkdir()
        originals.keep_all(BLOBS[:1])
        with Calls(number, code).watching() as calls:
            found = attempt(lambda: originals.keep_all(BLOBS))  # noqa: B023 - done at once
        assert originals.read(HASHES[0]) == BLOBS[0]
        assert {found.code for found in originals.check(HASHES)} <= {"original-missing"}
        assert leftovers(folder) == []
        if not calls.reached:
            break
        if not found:
            swallowed.append(calls.log[number - 1])
        else:
            assert (found.code, found.facts) == ("cannot-write", {"reason": os.strerror(code)})
        assert originals.keep_all(BLOBS) == HASHES
        assert originals.check(HASHES) == []
    assert swallowed == ["mkdir"]  # of the folder that is there already


def test_a_full_disk_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    originals = Originals(tmp_path)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data)[:2]) and len(data))
    with pytest.raises(Surroundings) as stop:
        originals.keep_all(BLOBS)
    monkeypatch.undo()
    assert stop.value.finding.code == "write-not-kept"
    assert {found.code for found in originals.check(HASHES)} == {"original-missing"}
    assert leftovers(tmp_path) == []
    originals.keep_all(BLOBS)
    assert originals.check(HASHES) == []
