"""Archives of returned files: what is in them is read, whatever else is in them, and however they are made."""

import gzip
import os
import random
import stat
import zipfile
from pathlib import Path

import psutil
import py7zr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_builders import (
    Files,
    codes,
    encrypted_zip,
    rarred,
    readings,
    sevenzipped,
    tarred,
    told,
    zipped,
    zipped_raw,
)
from ledgergen.findings import message, remedy
from ledgergen.workbook import archives
from ledgergen.workbook.archives import MAX_DEPTH, archive_kind, label_of, members
from ledgergen.workbook.grid import MAX_MEMBERS
from ledgergen.workbook.pool import BoundedReader
from test_read_builders import package, written, xlsx_parts


def book(word: str) -> bytes:
    return written([[word, "行"]])


FINANCE, PLANNING = book("财政"), book("发改")
TWO: Files = {"报送/财政局.xlsx": FINANCE, "报送/发改局.xlsx": PLANNING}
SAID = [("报送/财政局.xlsx", "财政"), ("报送/发改局.xlsx", "发改")]


@pytest.mark.parametrize(
    "data",
    [
        zipped(TWO),
        zipped(TWO, zipfile.ZIP_STORED),
        zipped(TWO, zipfile.ZIP_BZIP2),
        zipped(TWO, zipfile.ZIP_LZMA),
        sevenzipped(TWO),
        tarred(TWO, "w"),
        tarred(TWO, "w:gz"),
        tarred(TWO, "w:bz2"),
        tarred(TWO, "w:xz"),
    ],
    ids=["zip", "zip stored", "zip bzip2", "zip lzma", "7z", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
@pytest.mark.parametrize("name", ["报送.zip", "报送.xlsx"])
def test_every_file_of_an_archive_is_read_whatever_it_is_called(data: bytes, name: str) -> None:
    assert told(readings(data, name=name)) == SAID


def test_a_rar_archive_of_stored_files() -> None:
    assert told(readings(rarred({"a.xlsx": FINANCE, "b\\c.xlsx": PLANNING}))) == [
        ("a.xlsx", "财政"),
        ("b/c.xlsx", "发改"),
    ]


@pytest.mark.skipif(os.name != "posix", reason="the program that stands in for unrar is a script")
def test_a_packed_rar_is_handed_to_a_program_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = rarred({"a.xlsx": FINANCE}, method=0x33)
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    trap = tmp_path / "unrar"
    trap.write_text(f"#!/bin/sh\n/bin/touch {tmp_path}/ran\n", encoding="utf-8")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    (found,) = readings(data)[:1]
    assert (codes(found.findings), found.findings[0].facts["needed"]) == ("archive-not-opened", "unrar")
    assert not (tmp_path / "ran").exists()
    tools = tmp_path / "tools"
    tools.mkdir()
    (tmp_path / "content").write_bytes(FINANCE)
    # What it prints is what was packed; and it keeps the words it was called with.
    stand_in = tools / "unrar"
    stand_in.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/words\n[ "$1" = p ] && /bin/cat {tmp_path}/content\n[ -n "$1" ]\n', "utf-8"
    )
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f":relative:{tools}")
    assert told(readings(data)) == [("a.xlsx", "财政")]
    words = (tmp_path / "words").read_text(encoding="utf-8").split()
    assert words[:4] == ["p", "-inul", "-p-", "--"]
    assert words[-1] == "a.xlsx"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "tools", "unrar", "words"]


@pytest.mark.parametrize(("module", "data"), [("py7zr", sevenzipped(TWO)), ("rarfile", rarred({"a.xlsx": FINANCE}))])
def test_without_the_extra_it_says_what_to_install(
    module: str, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{module}.py").write_text("raise ImportError('not here')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (found,) = readings(data)
    assert (found.member, codes(found.findings)) == ("", "archive-not-opened")
    assert module in message(found.findings[0])
    assert "ledgergen[archives]" in remedy(found.findings[0])


def test_archives_within_archives() -> None:
    inner = sevenzipped({"财政局.xlsx": FINANCE})
    data = zipped({"一组.7z": inner, "二组/更多.zip": zipped({"三组.tar.gz": tarred({"发改局.xlsx": PLANNING})})})
    assert told(readings(data)) == [
        ("一组.7z › 财政局.xlsx", "财政"),
        ("二组/更多.zip › 三组.tar.gz › 发改局.xlsx", "发改"),
    ]


def test_archives_deeper_than_anybody_packs_them() -> None:
    data = zipped({"财政局.xlsx": FINANCE})
    for level in range(MAX_DEPTH + 3):
        data = zipped({f"{level}.zip": data, "发改局.xlsx": PLANNING})
    found = told(readings(data))
    assert [word for _, word in found] == ["archive-too-deep"] + ["发改"] * MAX_DEPTH
    assert found[0][0] == "5.zip › 4.zip › 3.zip"


@pytest.mark.parametrize(
    ("branches", "code"), [(1, "archive-too-deep"), (2, "archive-too-large"), (16, "archive-too-many")]
)
def test_archives_that_unfold_without_end(branches: int, code: str) -> None:
    """What 42.zip does with 16 branches at each of six levels; with one it is what an archive in itself would do."""
    data = zipped({"bomb.bin": bytes(60_000_000)})
    for level in range(6 if branches != 2 else 2):
        data = zipped_raw((b"%d-%d.zip" % (level, number), data) for number in range(branches if branches != 2 else 4))
    found = told(readings(data))
    assert found[-1][1] == code
    assert len(found) <= MAX_MEMBERS + 1


def test_more_files_than_anybody_sends() -> None:
    data = zipped({f"{number}.txt": b"x" for number in range(MAX_MEMBERS + 5)} | {"财政局.xlsx": FINANCE})
    found = readings(data)
    assert len(found) == MAX_MEMBERS + 1
    assert told(found)[-1] == ("", "archive-too-many")


def test_a_directory_of_a_million_entries_is_not_even_read() -> None:
    entry = zipped_raw([(b"a", b"")])
    start = entry.index(b"PK\1\2")
    central = entry[start : entry.index(b"PK\5\6")]
    data = entry[:start] + central * 200_000
    data += entry[-22:-12] + b"\xff\xff\xff\xff"[:2] + (len(central) * 200_000).to_bytes(4, "little")
    data += start.to_bytes(4, "little") + b"\0\0"
    assert told(readings(data)) == [("", "archive-too-many")]


@pytest.mark.parametrize("lie", [None, 1_000])
def test_a_bomb_honest_or_lying_stops_nobody_else(lie: int | None) -> None:
    bomb = zipped_raw([(b"bomb.bin", bytes(80_000_000))], lie=lie)
    inner = zipped({"a.zip": bomb, "财政局.xlsx": FINANCE})
    with BoundedReader() as reader:
        found = list(reader.read_all("a.zip", inner))
        child = reader._child
        assert child is not None
        assert psutil.Process(child._process.pid).memory_info().rss < 300 << 20
    code = "file-too-large" if lie is None else "file-inconsistent"
    assert told(found) == [("a.zip › bomb.bin", code), ("财政局.xlsx", "财政")]


def test_bombs_together_are_bounded() -> None:
    """Each is as large as one file may be; together they are not what anybody sends."""
    big = {f"{number}.bin": bytes(52_000_000) for number in range(5)}
    for data in (zipped(big), sevenzipped(big, method=py7zr.FILTER_ZSTD), tarred(big)):
        found = told(readings(data))
        assert found[-1] == ("", "archive-too-large")
        assert len(found) <= 5


def test_a_gzip_bomb() -> None:
    data = gzip.compress(bytes(300_000_000), 6)
    assert told(readings(data, name="a.xlsx.gz")) == [("", "archive-too-large")]
    assert told(readings(gzip.compress(FINANCE), name="a.xlsx.gz")) == [("?", "财政")]
    assert told(readings(gzip.compress(FINANCE)[:-30], name="a.xlsx.gz")) == [("", "file-damaged")]


def test_names_are_labels_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = {
        "../../etc/passwd": "etc/passwd",
        "/root/台账.xlsx": "root/台账.xlsx",
        "C:\\Windows\\..\\台账.xlsx": "Windows/台账.xlsx",
        "a/./b//c.xlsx": "a/b/c.xlsx",
        "..": "?",
        "台账\u202exslx.exe": "台账\ufffdxslx.exe",
        "行\n列\x1b[2J.xlsx": "行\ufffd列\ufffd[2J.xlsx",
        "长" * 300: "…" + "长" * 199,
    }
    for name, label in names.items():
        assert label_of(name) == label
    data = zipped_raw((name.encode(), FINANCE) for name in names)
    found = readings(data)
    assert {label for label, _ in told(found)} == set(names.values())
    assert {word for _, word in told(found)} == {"财政"}
    for make in (sevenzipped, lambda files: tarred(files, "w")):
        kept = {name: FINANCE for name in names if len(name) < 90 and name != ".."}
        assert {label for label, _ in told(readings(make(kept)))} == {names[name] for name in kept}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_as_chinese_windows_writes_them(encoding: str) -> None:
    data = zipped_raw([("镕 区财政局①.xlsx".encode(encoding), FINANCE)])
    assert told(readings(data)) == [("镕 区财政局①.xlsx", "财政")]


def test_two_files_of_one_name_are_two() -> None:
    data = zipped_raw([(b"a.xlsx", FINANCE), (b"a.xlsx", PLANNING), (b"A.xlsx", PLANNING)])
    assert told(readings(data)) == [("a.xlsx", "财政"), ("a.xlsx (2)", "发改"), ("A.xlsx", "发改")]
    data = sevenzipped([("a.xlsx", FINANCE), ("a.xlsx", PLANNING)])
    assert told(readings(data)) == [("a.xlsx", "财政"), ("a.xlsx (2)", "发改")]


def test_what_systems_and_programs_leave_is_passed_over_and_links_are_named() -> None:
    left = {
        "__MACOSX/._a.xlsx": b"x",
        "报送/Thumbs.db": b"x",
        "desktop.ini": b"x",
        ".DS_Store": b"x",
        "~$财政局.xlsx": b"x",
        ".~lock.财政局.xlsx#": b"x",
        "空文件夹/": b"",
    }
    assert told(readings(zipped({**left, **TWO}))) == SAID
    link = ("别处.xlsx", "/etc/passwd")
    assert told(readings(tarred(TWO, "w", dict([link])))) == [*SAID, ("别处.xlsx", "not-a-ledger")]
    linked = zipped_raw([(b"b.xlsx", b"/etc/passwd")], mode=0xA1FF)
    assert told(readings(linked)) == [("b.xlsx", "not-a-ledger")]


def test_what_is_no_workbook_is_a_note_each_and_says_what_it_is() -> None:
    others = {
        "扫描件.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(100),
        "说明.docx": package({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
        "通知.pdf": b"%PDF-1.7\n",
        "怪.dat": b"\x01\x02\x03\x04",
    }
    found = readings(zipped({**others, **TWO}))
    notes = [each.findings[0] for each in found if each.findings]
    assert [codes([each]) for each in notes] == ["not-a-ledger"] * 4
    assert [each.facts["kind"] for each in notes] == ["JPEG", "Word (.docx)", "PDF", "?"]
    assert str(notes[0].where) == "a.zip › 扫描件.jpg"


def test_one_bad_file_never_stops_the_others() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    bad = {
        "空.xlsx": b"",
        "断.xlsx": FINANCE[:-40],
        "远.xlsx": package(xlsx_parts(far)),
        "套娃.zip": b"PK\3\4" + b"x" * 50,
        "坏.7z": b"7z\xbc\xaf\x27\x1c" + bytes(40),
        "坏.rar": b"Rar!\x1a\x07\x01\0" + b"x" * 50,
    }
    expected = [
        ("空.xlsx", "file-empty"),
        ("断.xlsx", "file-damaged"),
        ("远.xlsx", "sheet-too-large"),
        ("套娃.zip", "file-damaged"),
        ("坏.7z", "file-damaged"),
        ("坏.rar", "file-damaged"),
        *SAID,
    ]
    for make in (zipped, sevenzipped, tarred):
        assert told(readings(make({**bad, **TWO}))) == expected


def test_a_file_of_a_7z_that_is_damaged_costs_that_file() -> None:
    noise = random.Random(7).randbytes(20_000)  # noqa: S311 - the same bytes every time
    files = {"a.xlsx": FINANCE, "noise.bin": noise, "b.xlsx": PLANNING}
    data = bytearray(sevenzipped(files, method=py7zr.FILTER_COPY))
    data[data.index(noise) + 100] ^= 1
    assert told(readings(bytes(data))) == [("a.xlsx", "财政"), ("noise.bin", "file-damaged"), ("b.xlsx", "发改")]


_DEADLY = """
from ledgergen.workbook import unpack, worker
import os, signal, time

real = unpack.read_workbook

def read_workbook(name, data):
    if name == "die.xlsx":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "hang.xlsx":
        time.sleep(600)
    if name == "memory.xlsx":
        return bytearray(4 << 30)
    if name == "panic.xlsx":
        raise BaseException("a panic")
    return real(name, data)

unpack.read_workbook = read_workbook
worker.main()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
def test_a_file_that_the_reader_dies_of_costs_that_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deadly.py").write_text(_DEADLY, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    files = ["die.xlsx", "a.xlsx", "memory.xlsx", "hang.xlsx", "panic.xlsx", "b.xlsx"]
    with BoundedReader(seconds=3, megabytes=600, module="deadly") as reader:
        for data in (zipped(dict.fromkeys(files, FINANCE)), sevenzipped(dict.fromkeys(files, FINANCE))):
            found = list(reader.read_all("甲.zip", data))
            assert told(found) == [
                ("die.xlsx", "reader-died"),
                ("a.xlsx", "财政"),
                ("memory.xlsx", "reader-memory"),
                ("hang.xlsx", "reader-timeout"),
                ("panic.xlsx", "reader-failed"),
                ("b.xlsx", "财政"),
            ]
            assert str(found[0].findings[0].where) == "甲.zip › die.xlsx"
        workbook, _ = reader.read("c.xlsx", PLANNING)
        assert workbook is not None


def test_an_archive_that_takes_for_ever_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgergen.workbook.pool._ARCHIVE", 0)
    with BoundedReader() as reader:
        assert told(reader.read_all("a.zip", zipped(TWO))) == [("", "archive-timeout")]
        monkeypatch.undo()
        assert told(reader.read_all("a.zip", zipped(TWO))) == SAID


def test_readings_that_are_not_read_to_their_end_leave_nothing_behind() -> None:
    with BoundedReader() as reader:
        some = reader.read_all("a.zip", zipped(TWO))
        assert next(some).member == "报送/财政局.xlsx"
        some.close()
        assert told(reader.read_all("b.zip", zipped({"b.xlsx": PLANNING}))) == [("b.xlsx", "发改")]


def test_an_archive_is_no_plan_book_and_no_form() -> None:
    """Only what is collected may be an archive."""
    with BoundedReader() as reader:
        for data in (zipped(TWO), sevenzipped(TWO), tarred(TWO), rarred({"a": b"b"})):
            workbook, findings = reader.read("a.zip", data)
            assert workbook is None
            assert codes(findings) in ("file-not-a-workbook", "file-unrecognised")


def test_a_part_of_a_split_archive() -> None:
    data = bytearray(zipped(TWO))
    data[data.rindex(b"PK\5\6") + 4] = 2
    assert told(readings(bytes(data))) == [("", "archive-volume")]


def test_an_empty_archive_says_nothing_of_its_own() -> None:
    for data in (zipped({}), zipped({"空/": b""}), tarred({}, "w:gz")):
        assert all(not each.member for each in readings(data))


def test_a_way_of_packing_that_cannot_be_undone() -> None:
    data = bytearray(zipped(TWO))
    for magic, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        at = data.index(magic)
        data[at + place] = 98
    found = readings(bytes(data))
    assert told(found) == [("报送/财政局.xlsx", "member-not-unpacked"), SAID[1]]
    assert found[0].findings[0].facts["method"] == "PPMd"


@pytest.mark.parametrize(
    "whole",
    [zipped(TWO), sevenzipped(TWO), tarred(TWO, "w"), rarred({"a.xlsx": FINANCE})],
    ids=["zip", "7z", "tar", "rar"],
)
def test_any_byte_of_an_archive_may_be_another(whole: bytes) -> None:
    chance = random.Random(20220930)  # noqa: S311 - the same mutants every time
    with BoundedReader() as reader:
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(chance.choice([1, 1, 1, 8])):
                data[chance.randrange(len(data))] = chance.randrange(256)
            found = list(
                reader.read_all("a", bytes(data[: chance.choice([len(data), len(data), chance.randrange(len(data))])]))
            )
            assert found
            read = {word for _, word in told(found)}
            assert all(word in ("财政", "发改") or "-" in word or word == "" for word in read), read


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"", b"PK\3\4", b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\0", b"\x1f\x8b\x08\0", b"BZh9", b"\xfd7zXZ\0"]
    ),
)
def test_any_bytes_at_all_end_in_members_or_refusals(junk: bytes, magic: bytes) -> None:
    data = magic + junk
    if kind := archive_kind(data):
        found = list(members(data, kind, ["x"]))
        assert all(each.refusal is not None or each.content is not None for each in found)


def test_the_walk_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for data in (zipped(TWO), sevenzipped(TWO), tarred(TWO), rarred({"a.xlsx": FINANCE}), encrypted_zip(TWO, b"x")):
        assert readings(data, ["x"])
    assert list(tmp_path.iterdir()) == []


def test_the_kinds_are_those_that_can_be_opened() -> None:
    for kind, module in archives._OPENERS.items():
        assert (Path(archives.__file__).parent / f"{module}.py").is_file(), kind
    assert archive_kind(FINANCE) == ""
    assert archive_kind(b"") == ""
