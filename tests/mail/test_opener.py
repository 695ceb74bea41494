"""Mails opened by a process that may die: boxes in a stream, large mails in pieces, answers that are not believed."""

import base64
import io
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens as made
from archive_builders import zipped
from ledgergen.mail.boxes import box_kind, split_box
from ledgergen.mail.letter import Kind, Letter
from ledgergen.mail.links import link_names
from ledgergen.mail.opener import LARGE, LetterOpener, Opened, holds_letters
from ledgergen.mail.opening import open_letter
from ledgergen.mail.plain import is_message
from ledgergen.mail.thinning import TooLarge, thin
from ledgergen.mail.tnef import tnef_files
from ledgergen.mail.worker import Answer, serve
from ledgergen.workbook.grid import LENGTH
from ledgergen.workbook.inspect import Refused

BOOK = b"PK\3\4 no real workbook"


def opened(data: bytes | Path) -> list[Opened]:
    with LetterOpener() as opener:
        return list(opener.open_all("a.eml", data))


def codes(letter: Letter | None) -> list[str]:
    assert letter is not None
    return [found.code for found in letter.findings]


def test_what_a_mail_says_of_itself() -> None:
    more = ["In-Reply-To: <o1@x.example>", "References: <o0@x.example>\r\n <o1@x.example>",
            "Authentication-Results: mx.example.gov.cn;\r\n spf=pass"]  # fmt: skip
    data = made.mail(made.text_part("请查收"), made.attached(BOOK), more=more)
    (found,) = opened(data)
    letter = found.letter
    assert letter is not None
    assert (letter.message_id, letter.sender, letter.subject) == (
        "a1@mail.example.gov.cn", "zhujian@example.gov.cn", "报送台账",
    )  # fmt: skip
    assert (letter.in_reply_to, letter.references) == ("o1@x.example", ("o0@x.example", "o1@x.example"))
    assert letter.authentication == ("mx.example.gov.cn; spf=pass",)
    assert (letter.received, letter.dated) == ("2022-07-04T02:00:00.000Z", "2022-07-04T02:00:00.000Z")
    assert (letter.kind, letter.text, letter.recipients) == (Kind.LETTER, "请查收", ("office@example.gov.cn",))
    assert [(each.name, each.data) for each in letter.attachments] == [("台账.xlsx", BOOK)]
    assert found.raw == data


@pytest.mark.parametrize("dated", ["Fri, 99 Foo 20222 10:00", "Mon, 1 Jan 1850 00:00:00 +0000", "", "昨天"])
def test_an_absurd_date_is_none(dated: str) -> None:
    letter = open_letter(made.mail(made.text_part("x"), received=dated or None, dated=dated))
    assert (letter.received, letter.dated) == ("", "")


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_base64_cut_short_gives_the_bytes_there_are(cut: int) -> None:
    content = os.urandom(300)
    encoded = base64.b64encode(content)[:-cut].rstrip(b"=")
    part = b"Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded
    letter = open_letter(made.mail(part))
    (attachment,) = letter.attachments
    assert content.startswith(attachment.data)
    assert len(attachment.data) >= 300 - 3
    assert ("attachment-cut" in codes(letter)) is (len(encoded) % 4 != 0)


def test_what_a_list_server_hangs_on_is_no_part_of_the_file() -> None:
    part = made.attached(BOOK + b"\0") + b"\r\n_______\r\nmailing list\r\n"
    (attachment,) = open_letter(made.mail(part)).attachments
    assert attachment.data.startswith(BOOK)


def test_other_ways_of_packing() -> None:
    uu = b"begin 644 a.bin\n" + __import__("binascii").b2a_uu(BOOK) + b"`\nend\n"
    parts = [
        b"Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n" + uu,
        b"Content-Type: a/b; name=b.bin\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nPK=03=04 a=\r\nb",
        b"Content-Type: message/rfc822; name=c.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + made.b64(made.mail(made.attached(BOOK, "d.bin"), boundary=b"=_in")),
    ]
    found = {each.name: each.data for each in open_letter(made.mail(*parts)).attachments}
    assert found == {"a.bin": BOOK, "b.bin": b"PK\3\4 ab", "d.bin": BOOK}


def test_small_pictures_of_a_signature_are_no_files_and_scans_are() -> None:
    logo = made.attached(b"\x89PNG\r\n\x1a\n" + bytes(500), "logo.png", disposition=b"inline").replace(
        b"Content-Transfer", b"Content-ID: <logo>\r\nContent-Transfer"
    )
    scan = made.attached(b"\xff\xd8\xff" + bytes(40_000), "扫描.jpg", disposition=b"inline")
    assert [each.name for each in open_letter(made.mail(logo, scan)).attachments] == ["扫描.jpg"]


def test_a_mail_without_parts_may_be_the_ledger_itself() -> None:
    data = made.mail().partition(b"Content-Type: multipart")[0]
    data += b"Content-Type: application/octet-stream; name=a.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    (attachment,) = open_letter(data + made.b64(BOOK)).attachments
    assert (attachment.name, attachment.data) == ("a.xlsx", BOOK)


def test_depth_is_bounded_and_five_is_opened() -> None:
    assert [each.data for each in open_letter(made.nested(BOOK, 5)).attachments] == [BOOK]
    six = open_letter(made.nested(BOOK, 6))
    assert (six.attachments, codes(six)) == ((), ["letter-too-deep"])
    assert codes(open_letter(made.nested(BOOK, 200))) == ["letter-too-deep"]


def test_more_than_the_parser_bears_is_only_a_head() -> None:
    (found,) = opened(made.nested(BOOK, 3_000))
    assert found.letter is None or found.letter.subject == "转发3000"


# Boxes.


def test_an_mbox_quotes_what_looks_like_its_own_lines() -> None:
    body = "From 一月到六月\n>From here on\nFrom Monday 10:00:00\n你好"
    mails = [made.mail(made.text_part(body), identity=str(number)) for number in range(3)]
    box = made.mbox(mails)
    found = opened(box)
    assert [each.letter.message_id for each in found if each.letter] == ["0", "1", "2"]
    assert [each.label for each in found] == ["#1", "#2", "#3"]
    assert found[0].letter is not None
    assert found[0].letter.text.replace("\r\n", "\n") == body


@pytest.mark.parametrize("archive", [False, True])
def test_a_box_of_foxmail(archive: bool) -> None:  # noqa: FBT001 - a case
    mails = [made.mail(made.attached(BOOK), identity=str(number)) for number in range(3)]
    box = (b"ARCF" + bytes(36) if archive else b"") + made.foxmail(mails)
    assert [each.letter.message_id for each in opened(box) if each.letter] == ["0", "1", "2"]


@given(st.lists(st.text("ab From>:\n", max_size=40), min_size=1, max_size=4))
def test_what_went_into_an_mbox_comes_out_of_it(bodies: list[str]) -> None:
    mails = [b"Subject: x\nFrom: a@b.example\n\n" + body.encode() + b"\n" for body in bodies]
    box = made.mbox(mails)
    assert box_kind(box) == "mbox"
    assert [b"".join(lines).rstrip(b"\n") for lines in split_box(io.BytesIO(box))] == [
        each.rstrip(b"\n") for each in mails
    ]


def test_a_mail_that_nobody_asks_for_does_not_hide_the_next() -> None:
    box = made.mbox([made.mail(identity="1"), made.mail(identity="2")])
    assert sum(1 for _ in split_box(io.BytesIO(box))) == 2


# Large mails.


def large(size: int, name: str = "大.bin") -> tuple[bytes, bytes]:
    content = os.urandom(size)
    return content, made.mail(made.text_part("请查收"), made.attached(content, name), made.attached(BOOK))


@pytest.mark.parametrize("spooled", [False, True])
def test_a_large_mail_is_opened_in_pieces(tmp_path: Path, spooled: bool) -> None:  # noqa: FBT001 - a case
    content, data = large(LARGE)
    source: bytes | Path = data
    if spooled:
        source = tmp_path / "mail"
        source.write_bytes(data)
    with LetterOpener() as opener:
        found = next(iter(opener.open_all("a.eml", source)))
        letter = found.letter
        assert letter is not None
        big, small = letter.attachments
        assert (big.name, big.data == content, isinstance(big.content, Path)) == ("大.bin", True, True)
        assert (small.name, small.data, letter.text) == ("台账.xlsx", BOOK, "请查收")
    assert not big.content.exists()  # type: ignore[union-attr] # it is a path


def test_a_large_mail_in_a_box(tmp_path: Path) -> None:
    content, data = large(LARGE)
    path = tmp_path / "box"
    path.write_bytes(made.mbox([made.mail(identity="1"), data, made.mail(identity="3")]))
    sizes = []
    with LetterOpener() as opener:
        for found in opener.open_all("box", path):
            assert found.letter is not None
            sizes.append([each.data == content for each in found.letter.attachments])
    assert sizes == [[], [True, False], []]


@given(st.integers(200_000, 200_100), st.sampled_from([60, 64, 72, 76]))
def test_thinning_loses_no_byte(size: int, width: int) -> None:
    import tempfile

    content = os.urandom(size)
    with tempfile.TemporaryDirectory() as folder:
        data = made.b64(content, width)
        thinned = thin([b"head\r\n", b"\r\n", *data.splitlines(keepends=True), b"--end\r\n"], Path(folder))
        assert [path.read_bytes() for path in thinned.files] == [content]
        assert len(thinned.data) < 200


def test_what_cannot_be_thinned_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgergen.mail.thinning._LARGEST_REST", 1_000)
    with pytest.raises(TooLarge):
        thin([b"not base64, but text\r\n"] * 1_000, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_sixty_megabytes_take_little_memory(tmp_path: Path) -> None:
    import subprocess

    path = tmp_path / "mail"
    line = base64.b64encode(os.urandom(57)) + b"\r\n"
    head, _, tail = made.mail(made.attached(b"@", "照片.bin")).partition(made.b64(b"@"))
    with path.open("wb") as file:
        file.write(head)
        file.writelines([line * 1_000] * (60_000_000 // len(line) // 1_000))
        file.write(tail)
    program = (
        "import resource, sys; from pathlib import Path; from ledgergen.mail.opener import LetterOpener\n"
        "start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "with LetterOpener() as opener:\n"
        "    (file,) = [each.letter.attachments[0] for each in opener.open_all('a', Path(sys.argv[1]))]\n"
        "    size = file.content.stat().st_size\n"
        "both = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]\n"
        "print(size, both[0] - start, both[1])"
    )
    ran = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    size, parent, child = map(int, ran.stdout.split())
    assert size > 40_000_000
    assert parent < 64 << 10
    assert child < 160 << 10  # all of it, the interpreter included


# What the child says is not believed; its death costs one mail.


def test_a_child_that_dies_costs_one_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dying.py").write_text(
        "import ledgergen.mail.worker as worker\n"
        "plain = worker.open_letter\n"
        "def open_letter(data, *more):\n"
        "    if b'deadly' in data: worker.os._exit(1)\n"
        "    return plain(data, *more)\n"
        "worker.open_letter = open_letter\n"
        "worker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    mails = {f"{word}.eml": made.mail(made.text_part(word), subject=word) for word in ("a", "deadly", "c")}
    with LetterOpener(module="dying") as opener:
        found = list(opener.open_all("x.zip", zipped(mails)))
        assert [each.letter.subject if each.letter else each.findings[0].code for each in found] == [
            "a", "reader-died", "c",
        ]  # fmt: skip
        again = next(iter(opener.open_all("a.eml", mails["a.eml"])))
        assert again.letter is not None
        together = list(opener.open_together([*mails.items(), *mails.items()]))
        assert [each.letter.subject if each.letter else each.findings[0].code for each in together] == [
            "a", "reader-died", "c", "a", "reader-died", "c",
        ]  # fmt: skip


def test_mails_opened_together_are_as_opened_alone() -> None:
    mails = [
        ("a.eml", made.mail(made.attached(BOOK), subject="a")),
        ("b.eml", b""),
        ("c.eml", b"\0\0"),
        ("d.eml", b"x" * 99),
    ]
    mails += [(f"{number}.eml", made.mail(made.text_part(str(number)))) for number in range(3)]
    with LetterOpener() as opener:
        alone = [opened for name, data in mails for opened in opener.open_all(name, data)]
        assert list(opener.open_together(mails)) == alone
        assert list(opener.open_together([])) == []
    assert [bool(each.letter) for each in alone] == [True, False, False, False, True, True, True]


@pytest.mark.parametrize("last", [True, False])
def test_a_child_that_loses_count_does_not_give_one_mail_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, last: bool
) -> None:
    (tmp_path / "counting.py").write_text(
        "from dataclasses import replace\nimport ledgergen.mail.worker as worker\n"
        "plain = worker._answers\n"
        f"worker._answers = lambda *a: (replace(each, last={last}) for each in plain(*a))\n"
        "worker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    mails = [(f"{number}.eml", made.mail(made.text_part("x"), subject=str(number))) for number in range(4)]
    with LetterOpener(module="counting") as opener:
        for _ in range(2):
            found = list(opener.open_together(mails))
            assert [each.letter.subject for each in found if each.letter] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    "change",
    [
        {"sizes": [1]}, {"sizes": ["x"]}, {"letter": []}, {"letter": {"sender": 5}}, {"findings": [{"code": "no"}]},
        {"label": "x" * 9_000}, {"findings": {}},
    ],
)  # fmt: skip
def test_nonsense_from_the_child_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    answer = json.loads(Answer(open_letter(made.mail(made.text_part("x")))).frames()[0]) | change
    answer["last"] = answer.pop("last")
    (tmp_path / "lying.py").write_text(
        "import ledgergen.mail.worker as worker\n"
        f"said = {json.dumps(answer, separators=(',', ':'))!r}.encode()\n"
        "worker.Answer.frames = lambda self: (said, b'')\n"
        "worker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with LetterOpener(module="lying") as opener:
        (found,) = opener.open_all("a.eml", made.mail(made.text_part("x")))
    assert found.letter is None
    assert [each.code for each in found.findings] == ["reader-failed"]


def test_a_mail_that_takes_for_ever_is_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text(
        "import time, ledgergen.mail.worker as worker\nworker.open_letter = lambda *a: time.sleep(60)\nworker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with LetterOpener(seconds=2, module="slow") as opener:
        (found,) = opener.open_all("a.eml", made.mail(made.text_part("x")))
    assert [each.code for each in found.findings] == ["reader-died"]


def test_the_worker_speaks_in_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [b"a.eml", b'{"spooled": [], "skip": 0}', made.mail(made.attached(BOOK))]
    source = io.BytesIO(b"".join(LENGTH.pack(len(each)) + each for each in asked))
    sink = io.BytesIO()
    monkeypatch.setattr("ledgergen.mail.worker.limit", lambda _megabytes, _seconds: lambda: None)
    serve(source, sink, 100, 10)
    said = sink.getvalue()
    length = LENGTH.unpack(said[:4])[0]
    told = json.loads(said[4 : 4 + length])
    assert (told["letter"]["attachments"], told["sizes"], told["last"]) == (
        [["台账.xlsx", "台账.xlsx"]],
        [len(BOOK)],
        True,
    )
    assert said.endswith(BOOK)


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_letter_or_refused(junk: bytes) -> None:
    for data in (
        junk,
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n" + junk,
        made.winmail([(junk, junk)]),
    ):
        with suppress(Refused):
            assert len(open_letter(data).attachments) <= 1_000


def test_what_is_a_mail_and_what_is_not() -> None:
    letter = made.mail(made.attached(BOOK))
    assert all(map(is_message, (letter, b"\xef\xbb\xbf" + letter, letter.decode().encode("utf-16"), b"\n\n" + letter)))
    for other in (
        b"",
        b"Subject: a note to myself\n\nbuy milk",
        "单位,进展\n财政局,已公开".encode(),
        b"key: value\nother: x\n",
    ):
        assert not holds_letters(other[:4096], other)
    assert not holds_letters(b"PK\3\4", zipped({"a.xlsx": b"x"}))
    assert holds_letters(b"PK\3\4", zipped({"信/a.eml": letter}))
    with pytest.raises(Refused, match="letter-unreadable"):
        open_letter(b"\n\n")


# winmail.dat, Outlook, links.


def test_names_in_a_winmail_are_in_the_code_page_of_its_outlook() -> None:
    packed = made.winmail([("台账（住建）.xlsx".encode("gbk"), BOOK), (b"b.pdf", b"%PDF")])
    assert list(tnef_files(packed)) == [("台账（住建）.xlsx", BOOK), ("b.pdf", b"%PDF")]
    letter = open_letter(packed)
    assert [each.name for each in letter.attachments] == ["台账（住建）.xlsx", "b.pdf"]


def test_without_the_extra_a_winmail_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tnefparse", None)
    letter = open_letter(made.mail(made.attached(made.winmail([(b"a.xlsx", BOOK)]), "winmail.dat")))
    assert codes(letter) == ["archive-not-opened"]
    assert [each.name for each in letter.attachments] == ["winmail.dat"]


def test_an_outlook_message_says_what_came_over_the_wire() -> None:
    headers = f"Received: from a by mx; {made.DAY}\r\nFrom: 财政局 <a@b.example>\r\nMessage-ID: <w1@x>\r\n\r\n"
    letter = open_letter(made.message_file([("台账.xlsx", BOOK * 300)], headers=headers))
    assert (letter.sender, letter.message_id, letter.received) == ("a@b.example", "w1@x", "2022-07-04T02:00:00.000Z")
    assert letter.attachments[0].data.startswith(BOOK * 300)


@pytest.mark.parametrize("keep", [600, 2_000, 8_000])
def test_a_truncated_outlook_message_is_refused_or_opened(keep: int) -> None:
    whole = made.message_file([("台账.xlsx", os.urandom(9_000))])
    (found,) = opened(whole[:keep])
    assert found.letter is not None or [each.code for each in found.findings] == ["file-damaged"]


def test_outlook_within_outlook() -> None:
    inner = {
        "__properties_version1.0": bytes(24), "__substg1.0_0037001F": "里面的信".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__properties_version1.0": bytes(8),
        "__attach_version1.0_#00000000/__substg1.0_3707001F": "台账.xlsx".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__substg1.0_37010102": BOOK * 300,
    }  # fmt: skip
    place = "__attach_version1.0_#00000000/__substg1.0_3701000D/"
    outer = {"__properties_version1.0": bytes(32), "__substg1.0_0037001F": "外面的信".encode("utf-16-le")}
    letter = open_letter(made.outlook(outer | {place + key: value for key, value in inner.items()}))
    assert [each.path for each in letter.attachments] == ["里面的信 › 台账.xlsx"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('超大附件 <a href="https://wx.mail.qq.com/ftn/download?k=1">台账.xlsx</a> 有效期30天', ("台账.xlsx",)),
        ('<a href="https://mail.163.com/large-attachment-download/index.html?p=1">汇总.zip</a>', ("汇总.zip",)),
        ("从网易163邮箱发来的云附件\n年度台账.rar (120M, 2022年8月1日到期)\n下载", ("年度台账.rar",)),
        ("见 https://pan.baidu.com/s/1abc 提取码 1234", ("https://pan.baidu.com/s/1abc",)),
        ("附件太大，下次用超大附件发", ()),
        ('<a href="https://www.example.gov.cn/台账.xlsx">网页</a>', ()),
    ],
)
def test_attachments_that_are_links(body: str, names: tuple[str, ...]) -> None:
    assert link_names(body) == names
