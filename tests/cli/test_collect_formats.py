"""Collecting whatever units send: archives, encrypted files, files of any program under any name."""

import csv
import io
import os
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook

from archive_builders import encrypted_zip, locked, sevenzipped, tarred, zipped
from clerk import Ledger
from commands import Ran, ledgergen
from test_read_builders import package, resaved, written
from test_read_markup import PAGE, SHEET

UNITS = ("区财政局", "区发改局", "昆仑镇")
WORD = "口令 A-1"


def filled(campaign: Path, unit: str, progress: str, name: str = "filled.xlsx") -> bytes:
    """Fill one cell of a unit's ledger and give the file."""
    (path,) = (campaign / "ledgers" / "2022Q2").glob(f"{unit}_*")
    made = Ledger(path).type({("3", "progress"): progress}).save(campaign / ".." / name)
    return made.read_bytes()


def drop(campaign: Path, name: str, data: bytes, *, age: int = 60) -> Path:
    """Put a file into the inbox, a minute old."""
    path = campaign / "inbox" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def collect(campaign: Path, *words: str | Path) -> Ran:
    return ledgergen("collect", "--json", *words, at=campaign)


def verdicts(ran: Ran) -> list[str]:
    return [each["verdict"] for each in ran.json]


def places(ran: Ran) -> list[tuple[str, str]]:
    """Give code and place of the findings, but those that are about what was filled in."""
    found = [(each["code"], each["where"]) for file in ran.json for each in file["findings"]]
    return [each for each in found if each[0] not in ("not-filled", "nothing-filled")]


def codes(ran: Ran) -> list[str]:
    return [code for code, _ in places(ran)]


def progress(campaign: Path) -> dict[str, tuple[str, str]]:
    """Give by unit what stands as progress of task 3, and the name of its source."""
    rows = ledgergen("show", "--entries", "--json", at=campaign).json
    found = {row["unit"]: row["fields"].get("progress") for row in rows if row["task"] == "3"}
    return {unit: (field["text"], field["source"]["name"]) for unit, field in found.items() if field}


def events(campaign: Path) -> list[str]:
    return sorted(path.name for path in (campaign / ".ledgergen" / "journal").glob("*.json"))


ARCHIVES: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {"zip": zipped, "7z": sevenzipped, "tar.gz": tarred}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_of_several_units_is_one_parcel_with_their_returns(issued_campaign: Path, kind: str) -> None:
    files = {f"报送/{unit}.xlsx": filled(issued_campaign, unit, f"{unit}的进展") for unit in UNITS}
    data = ARCHIVES[kind](files)
    drop(issued_campaign, f"代报.{kind}", data)
    ran = collect(issued_campaign)
    (one,) = ran.json
    assert (ran.code, one["verdict"], codes(ran)) == (0, "accepted", [])
    assert [(each["unit"], each["member"], each["changed"]) for each in one["returns"]] == [
        (unit, f"报送/{unit}.xlsx", 1) for unit in UNITS
    ]
    assert progress(issued_campaign) == {unit: (f"{unit}的进展", f"代报.{kind} › 报送/{unit}.xlsx") for unit in UNITS}
    originals = [path for path in (issued_campaign / ".ledgergen" / "originals").rglob("*") if path.is_file()]
    assert [path for path in originals if path.read_bytes() == data]
    assert ledgergen("verify", at=issued_campaign).code == 0
    before = events(issued_campaign)
    assert verdicts(collect(issued_campaign)) == ["duplicate"]
    assert events(issued_campaign) == before
    assert ledgergen("merge", at=issued_campaign).code == 0


def test_what_else_is_in_an_archive_is_named_and_an_archive_without_a_ledger_is_rejected(issued_campaign: Path) -> None:
    scan = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(100)
    word = package({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
    drop(issued_campaign, "a.zip", zipped({"扫描.jpg": scan, "财政.xlsx": filled(issued_campaign, "区财政局", "有")}))
    drop(issued_campaign, "b.zip", zipped({"扫描.jpg": scan, "说明.docx": word, "__MACOSX/._x": b"x"}))
    ran = collect(issued_campaign)
    assert (ran.code, verdicts(ran)) == (1, ["accepted", "rejected"])
    assert places(ran) == [
        ("not-a-ledger", "a.zip › 扫描.jpg"),
        ("archive-without-ledger", "b.zip"),
        ("not-a-ledger", "b.zip › 扫描.jpg"),
        ("not-a-ledger", "b.zip › 说明.docx"),
    ]


def test_two_ledgers_of_one_unit_in_an_archive(issued_campaign: Path) -> None:
    """The one saved last lies on top; each counts what it changed, and nothing is said twice."""
    older = filled(issued_campaign, "区财政局", "旧")
    time.sleep(1.1)  # the time of saving has no fractions
    newer = filled(issued_campaign, "区财政局", "新")
    drop(issued_campaign, "a.zip", zipped({"改好的.xlsx": newer, "第一稿.xlsx": older}))
    ran = collect(issued_campaign)
    (one,) = ran.json
    assert one["verdict"] == "accepted"
    assert {each["member"]: each["changed"] for each in one["returns"]} == {"改好的.xlsx": 1, "第一稿.xlsx": 0}
    assert progress(issued_campaign)["区财政局"] == ("新", "a.zip › 改好的.xlsx")
    assert min(codes(ran)) == "members-of-one-book"


PASSWORD_WAYS = ("file", "environment", "terminal")


@pytest.mark.parametrize("way", PASSWORD_WAYS)
def test_an_encrypted_return_is_rejected_then_accepted_with_its_password(
    issued_campaign: Path, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(issued_campaign, "锁.xlsx", locked(filled(issued_campaign, "区财政局", "机密"), WORD))
    drop(
        issued_campaign,
        "锁.zip",
        encrypted_zip({"a.xlsx": filled(issued_campaign, "区发改局", "也是")}, WORD.encode()),
    )
    first = collect(issued_campaign)
    assert (first.code, verdicts(first), codes(first)) == (1, ["rejected"] * 2, ["file-encrypted"] * 2)
    before = events(issued_campaign)
    collect(issued_campaign)
    assert events(issued_campaign) == before
    words: list[str] = []
    if way == "file":
        (tmp_path / "口令.txt").write_bytes(f"wrong\r\n\r\n{WORD}\r\n".encode("utf-8-sig"))
        words = ["--password-file", str(tmp_path / "口令.txt")]
    elif way == "environment":
        monkeypatch.setenv("LEDGERGEN_PASSWORDS", f"wrong\n{WORD}")
    else:
        typed = iter(["wrong", WORD, ""])
        monkeypatch.setattr("ledgergen.cli.collecting.click.prompt", lambda *_, **__: next(typed))
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        words = ["--ask-password"]
    ran = collect(issued_campaign, *words)
    assert (ran.code, verdicts(ran)) == (0, ["accepted"] * 2)
    assert {unit: text for unit, (text, _) in progress(issued_campaign).items()} == {
        "区财政局": "机密",
        "区发改局": "也是",
    }
    ledgergen("merge", at=issued_campaign)
    ledgergen("log", at=issued_campaign)
    cache = Path(os.environ["LEDGERGEN_CACHE"])
    kept = [path for root in (issued_campaign, cache) for path in root.rglob("*") if path.is_file()]
    needles = [WORD.encode(), WORD.encode("gb18030"), WORD.encode("unicode_escape"), b"A-1"]
    for path in kept:
        content = path.read_bytes()
        assert not any(needle in content for needle in needles[:3]), path
    assert WORD not in first.out + first.err + ran.out + ran.err


def test_an_archive_of_which_one_file_is_encrypted_gives_the_rest_when_the_password_comes(
    issued_campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "财政.xlsx": filled(issued_campaign, "区财政局", "明文"),
        "发改.xlsx": locked(filled(issued_campaign, "区发改局", "密文"), WORD),
        "昆仑.xlsx": locked(filled(issued_campaign, "昆仑镇", "另一个"), "another"),
    }
    drop(issued_campaign, "a.zip", zipped(files))
    first = collect(issued_campaign)
    assert (verdicts(first), codes(first)) == (["accepted"], ["file-encrypted"] * 2)
    before = events(issued_campaign)
    again = collect(issued_campaign)
    assert (again.code, verdicts(again), codes(again)) == (1, ["duplicate"], ["file-encrypted"] * 2)
    assert events(issued_campaign) == before
    for password, known in ((WORD, 2), ("another", 3)):
        monkeypatch.setenv("LEDGERGEN_PASSWORDS", password)
        ran = collect(issued_campaign)
        assert verdicts(ran) == ["accepted"]
        assert [each["changed"] for each in ran.json[0]["returns"]].count(1) == 1
        assert len(progress(issued_campaign)) == known, "what an earlier password opened is still there"
    assert {text for text, _ in progress(issued_campaign).values()} == {"明文", "密文", "另一个"}
    before = events(issued_campaign)
    drop(issued_campaign, "b.zip", zipped(files))
    monkeypatch.delenv("LEDGERGEN_PASSWORDS")
    collect(issued_campaign)
    assert len(progress(issued_campaign)) == 3
    assert len(events(issued_campaign)) == len(before) + 1


def test_passwords_that_cannot_be_had_are_wrong_use(issued_campaign: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list"
    listed.write_bytes(b"\xff\xfe\0")
    wrong = collect(issued_campaign, "--password-file", listed)
    assert (wrong.code, wrong.json["findings"][0]["code"]) == (2, "passwords-unreadable")
    listed.write_text("\n".join(map(str, range(21))), encoding="utf-8")
    many = collect(issued_campaign, "--password-file", listed)
    assert (many.code, many.json["findings"][0]["code"]) == (2, "passwords-too-many")
    deaf = collect(issued_campaign, "--ask-password")
    assert (deaf.code, deaf.json["findings"][0]["code"]) == (2, "no-terminal")


def as_csv(data: bytes, encoding: str, delimiter: str) -> bytes:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(
        [["" if cell.value is None else cell.value for cell in row] for row in sheet]
    )
    return text.getvalue().encode(encoding)


def as_html(data: bytes) -> bytes:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = (
        "".join(f"<td>{'' if cell.value is None else str(cell.value).replace(chr(10), '<br>')}</td>" for cell in row)
        for row in sheet
    )
    return PAGE.format("gb2312", "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>").encode("gb18030")


def as_xml(data: bytes) -> bytes:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = ("".join(cell.format("" if each.value is None else each.value) for each in row) for row in sheet)
    return SHEET.format(rows="".join(f"<Row>{row}</Row>" for row in rows)).encode()


def as_macro_workbook(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    return package({**parts, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"})


NAMES = ("台账.xlsx", "台账.xls", "台账.et", "台账.xlsm", "台账.csv", "台账.zip", "台账.doc", "台账")


def test_what_a_file_is_is_told_by_its_bytes_whatever_it_is_called(issued_campaign: Path, tmp_path: Path) -> None:
    """Every kind of file under a name of another kind: .et with the bytes of .xls or .xlsx, HTML as .xls, and so on."""
    plain = filled(issued_campaign, "区财政局", "进展")
    kinds = {
        "xlsx": plain,
        "xlsm": as_macro_workbook(plain),
        "xls": resaved(plain, "xls", tmp_path),
        "ods": resaved(plain, "ods", tmp_path),
        "csv": as_csv(plain, "gb18030", ","),
        "csv-bom": as_csv(plain, "utf-8-sig", ";"),
        "txt": as_csv(plain, "utf-16", "\t"),
        "html": as_html(plain),
        "xml": as_xml(plain),
        "zip": zipped({"台账.xlsx": plain}),
        "7z": sevenzipped({"台账.xls": resaved(plain, "xls", tmp_path)}),
        "locked": locked(plain, WORD),
    }
    (tmp_path / "passwords").write_text(WORD, encoding="utf-8")
    for number, (kind, data) in enumerate(kinds.items()):
        for name in (NAMES[number % len(NAMES)], NAMES[(number + 3) % len(NAMES)]):
            inbox = tmp_path / "boxes" / kind / name
            inbox.parent.mkdir(parents=True, exist_ok=True)
            inbox.write_bytes(data)
            ran = ledgergen(
                "collect", "--json", "--dry-run", "--password-file", tmp_path / "passwords", inbox, at=issued_campaign
            )
            assert verdicts(ran) == ["accepted"], (kind, name, ran.out)
            (returned,) = ran.json[0]["returns"]
            assert (returned["unit"], returned["rows"]["matched"]) == ("区财政局", 3), (kind, name)
            assert returned["changed"] >= 1, (kind, name)


def test_macros_are_named_and_never_kept_in_what_goes_out(issued_campaign: Path) -> None:
    drop(issued_campaign, "台账.xlsm", as_macro_workbook(filled(issued_campaign, "区财政局", "进展")))
    ran = collect(issued_campaign)
    assert codes(ran) == ["not-read"]
    assert "macros" in ran.out


def test_what_no_reader_is_for_says_what_it_is(issued_campaign: Path) -> None:
    drop(issued_campaign, "台账.xlsb", package({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"1"}))
    drop(issued_campaign, "台账.mht", b"MIME-Version: 1.0\r\nX: y\r\n")
    ran = collect(issued_campaign)
    assert verdicts(ran) == ["rejected"] * 2
    assert {found["message"].rpartition(": ")[2] for each in ran.json for found in each["findings"]} == {
        "Excel (.xlsb).",
        "MIME.",
    }


@pytest.mark.parametrize("name", ["台账.xlsx.part", "台账.CRDOWNLOAD", "未确认 12.tmp", "a.download"])
def test_a_file_that_is_still_downloaded_is_left_alone(issued_campaign: Path, name: str) -> None:
    data = filled(issued_campaign, "区财政局", "进展")
    path = drop(issued_campaign, name, data[:2_000])
    before = events(issued_campaign)
    ran = collect(issued_campaign)
    assert (ran.code, verdicts(ran), codes(ran)) == (1, ["rejected"], ["file-unfinished"])
    assert events(issued_campaign) == before
    path.write_bytes(data)
    path.rename(path.with_name("台账.xlsx"))
    assert verdicts(collect(issued_campaign)) == ["accepted"]


def test_a_file_of_which_the_end_is_still_to_come_is_not_rejected_for_ever(issued_campaign: Path) -> None:
    data = filled(issued_campaign, "区财政局", "进展")
    drop(issued_campaign, "台账.xlsx", data[:-300], age=0)
    part = collect(issued_campaign)
    assert (verdicts(part), codes(part)) == (["rejected"], ["file-damaged"])
    drop(issued_campaign, "台账.xlsx", data, age=0)
    assert verdicts(collect(issued_campaign)) == ["accepted"]


def test_a_hostile_archive_harms_nobody(issued_campaign: Path) -> None:
    good = filled(issued_campaign, "区财政局", "进展")
    data = zipped(
        {
            "../../../etc/cron.d/x": b"x",
            "/var/evil.xlsx": good,
            "=cmd|' /C calc'!A0.xlsx": b"x",
            "a\x1b[2J\u202e.xlsx": b"",
        }
    )
    drop(issued_campaign, "a.zip", data)
    before = sorted(path for path in issued_campaign.rglob("*") if ".ledgergen" not in path.parts)
    ran = ledgergen("collect", at=issued_campaign)
    assert ran.code == 1
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err
    assert sorted(path for path in issued_campaign.rglob("*") if ".ledgergen" not in path.parts) == before
    assert progress(issued_campaign)["区财政局"] == ("进展", "a.zip › var/evil.xlsx")
    assert ledgergen("merge", at=issued_campaign).code == 0


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.soak)])
def test_a_folder_of_very_many_files_streams(issued_campaign: Path, count: int) -> None:
    """What is collected is let go of: memory does not grow with the bytes that were read, three times as many here."""
    good, other = filled(issued_campaign, "区财政局", "进展"), written([["会议", "记录"]])
    for number in range(count):
        data = good if number == count // 2 else other + number.to_bytes(4, "big") * 10_000
        drop(issued_campaign, f"{number:05}.xlsx", data)
    tracemalloc.start()
    try:
        ran = collect(issued_campaign)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert verdicts(ran).count("accepted") == 1
    assert verdicts(ran).count("rejected") == count - 1
    assert peak < 12_000_000 + count * 12_000
