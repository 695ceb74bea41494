"""What a mail is: bounces with and without reports, automatic answers, receipts; and what is opened within a mail."""

import base64
import os

import pytest

import specimens as made
from archive_builders import zipped, zipped_raw
from ledgergen.mail.letter import Kind, Letter
from ledgergen.mail.opening import open_letter
from ledgergen.mail.opening import zipped as mails_of_zip
from ledgergen.mail.plain import extension_of, plain_message, text_of_html
from ledgergen.workbook.inspect import Refused

OURS = made.mail(made.attached(b"PK\3\4 blank ledger"), identity="out1@office.example", sender="office@example.gov.cn")
BOOK = b"PK\3\4 no real workbook"


def codes(letter: Letter) -> list[str]:
    return [found.code for found in letter.findings]


def test_a_report_names_whom_it_did_not_reach() -> None:
    letter = open_letter(made.bounce(OURS, "Caizheng@example.gov.cn"))
    assert letter.kind is Kind.BOUNCE
    assert letter.bounced == {"caizheng@example.gov.cn": "550 5.1.1 no such user here"}
    assert (letter.about, letter.attachments) == (("out1@office.example",), ())


@pytest.mark.parametrize("action", ["delivered", "relayed", "delayed"])
def test_a_report_of_success_or_delay_is_a_receipt(action: str) -> None:
    letter = open_letter(made.bounce(OURS, "caizheng@example.gov.cn", action=action))
    assert (letter.kind, letter.bounced, letter.about) == (Kind.RECEIPT, {}, ("out1@office.example",))


def test_a_report_with_only_the_head_of_our_mail() -> None:
    head = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <out1@office.example>\r\nTo: a@b.example\r\n"
    data = made.bounce(OURS, "a@b.example").replace(made.forwarded(OURS), head)
    assert open_letter(data).about == ("out1@office.example",)


def chinese(text: str, *parts: bytes, subject: str = "系统退信", sender: bytes = b"PostMaster@qq.com") -> Letter:
    return open_letter(made.mail(made.text_part(text), *parts, sender=sender, subject=subject))


def test_a_bounce_for_people_names_of_several_recipients_the_one_in_its_text() -> None:
    ours = OURS.replace(b"<office@example.gov.cn>\r\nSubject", b"<a@b.example>, <c@d.example>\r\nSubject")
    letter = chinese("收件人 c@d.example 不存在\n退信原因：邮箱不存在", made.forwarded(ours))
    assert letter.bounced == {"c@d.example": "邮箱不存在"}
    assert letter.about == ("out1@office.example",)


def test_a_bounce_for_people_without_our_mail_names_the_first_address_of_others() -> None:
    letter = chinese("发往 x@y.example 的邮件 550 User unknown")
    assert letter.bounced == {"x@y.example": "550 User unknown"}


def test_a_bounce_by_its_header_and_by_an_empty_return_path() -> None:
    data = made.mail(made.text_part("failed"), subject="hello", more=["X-Failed-Recipients: a@b.example"])
    assert open_letter(data).bounced == {"a@b.example": ""}
    data = made.mail(made.text_part("a@b.example"), subject="Undelivered mail", more=["Return-Path: <>"])
    assert open_letter(data).kind is Kind.BOUNCE


def test_somebody_who_writes_about_a_bounce_is_a_person() -> None:
    assert chinese("我们收到了系统退信", sender=b"clerk@example.gov.cn").kind is Kind.LETTER
    assert chinese("通知", subject="关于台账", sender=b"postmaster@example.gov.cn").kind is Kind.LETTER


@pytest.mark.parametrize(
    ("more", "subject", "kind"),
    [
        (["Auto-Submitted: auto-replied; owner-email=a@b"], "x", Kind.AUTO_REPLY),
        (["Auto-Submitted: auto-generated"], "x", Kind.AUTO_REPLY),
        (["X-Autoreply: yes"], "x", Kind.AUTO_REPLY),
        (["Precedence: auto_reply"], "x", Kind.AUTO_REPLY),
        ([], "Automatic reply: ledger", Kind.AUTO_REPLY),
        (["X-Autoreply: yes", "Auto-Submitted: no"], "自动回复", Kind.LETTER),
        (["Precedence: list"], "x", Kind.LETTER),
        (["In-Reply-To: <a@b>"], "已读: 台账", Kind.RECEIPT),
        ([], "已读: 台账", Kind.LETTER),
    ],
)
def test_machines_and_persons(more: list[str], subject: str, kind: Kind) -> None:
    assert open_letter(made.mail(made.text_part("您好"), subject=subject, more=more)).kind is kind


def test_a_read_receipt_by_its_part() -> None:
    part = b"Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent; displayed\r\n"
    letter = open_letter(made.mail(made.text_part("displayed"), part, more=["References: <out1@office.example>"]))
    assert (letter.kind, letter.about) == (Kind.RECEIPT, ("out1@office.example",))


def test_a_receipt_with_a_file_is_a_letter() -> None:
    assert (
        open_letter(made.mail(made.attached(BOOK), subject="已读：", more=["In-Reply-To: <a@b>"])).kind is Kind.LETTER
    )


# What is opened within a mail.


def test_files_that_are_mails_are_opened_whatever_they_are_called() -> None:
    inner = made.mail(made.attached(BOOK), subject="里面", boundary=b"=_in")
    outlook = made.message_file([("b.xlsx", BOOK * 300)], subject="信")
    folder = zipped({"a.eml": inner, "b.msg": outlook, "说明.txt": b"x", "坏.eml": b"no mail"})
    parts = [
        made.attached(inner, "a.dat"), made.attached(outlook, "b.dat"), made.attached(folder, "信.zip"),
        made.forwarded(inner),
    ]  # fmt: skip
    letter = open_letter(made.mail(*parts))
    assert [each.path for each in letter.attachments] == [
        "里面 › 台账.xlsx", "b.dat › b.xlsx", "信.zip › 里面 › 台账.xlsx", "信.zip › b.msg › b.xlsx", "信.zip",
        "里面 › 台账.xlsx",
    ]  # fmt: skip


def test_damaged_mails_within_a_mail_are_named() -> None:
    broken = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "__properties_version1.0".encode("utf-16-le")
    torn = made.winmail([(b"a.xlsx", BOOK)]).replace(b"\x02\x90\x06\x00", b"\x00\x00\x00\x00")
    letter = open_letter(made.mail(made.attached(broken, "坏.msg"), made.attached(torn, "w.dat")))
    assert codes(letter) == ["file-damaged", "file-damaged"]
    assert [each.name for each in letter.attachments] == ["w.dat"]


def test_every_kind_of_nesting_is_bounded() -> None:
    outlook = made.message_file([("台账.xlsx", BOOK * 300)])
    folder = zipped({"a.eml": made.mail(made.attached(BOOK))})
    for inner, name in ((outlook, "a.msg"), (folder, "a.zip")):
        data = made.mail(made.attached(inner, name), boundary=b"=_0")
        for level in range(1, 6):
            data = made.mail(made.forwarded(data), boundary=b"=_%d" % level)
        assert codes(open_letter(data)) == ["letter-too-deep"]


def test_an_outlook_message_forwarded_too_deep() -> None:
    place, streams = "", {"__properties_version1.0": bytes(32)}
    for _ in range(8):
        place += "__attach_version1.0_#00000000/__substg1.0_3701000D/"
        streams[f"{place}__properties_version1.0"] = bytes(24)
        streams[f"{place}__substg1.0_0037001F"] = "信".encode("utf-16-le")
    letter = open_letter(made.outlook(streams))
    assert (letter.attachments, codes(letter)) == ((), ["letter-too-deep"])


def test_too_many_parts_are_not_walked_through() -> None:
    letter = open_letter(made.mail(*[made.text_part("x")] * 6_000))
    assert codes(letter) == ["letter-too-many"]


def test_files_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgergen.mail.opening._MAX_TOTAL", 10_000)
    letter = open_letter(made.mail(*[made.attached(os.urandom(4_000), f"{number}.bin") for number in range(4)]))
    assert (len(letter.attachments), codes(letter)) == (2, ["letter-too-many"])


def test_an_empty_file_is_said() -> None:
    letter = open_letter(made.mail(made.attached(b"", "空.xlsx")))
    assert (codes(letter), letter.attachments) == (["attachment-empty"], ())


def test_a_bomb_in_a_zipped_folder_is_refused_and_the_rest_read() -> None:
    entries = [(b"a.eml", made.mail()), (b"b.eml", bytes(70_000_000)), (b"__MACOSX/._a.eml", b"x")]
    found = list(mails_of_zip(zipped_raw(entries)))
    assert [(label, refusal.code if refusal else "") for label, _, refusal in found] == [
        ("a.eml", ""), ("b.eml", "file-too-large"),
    ]  # fmt: skip
    with pytest.raises(Refused):
        raise found[1][2] or AssertionError


def test_base64_with_rubbish_in_it() -> None:
    encoded = base64.b64encode(BOOK)
    part = (
        b"Content-Type: a/b; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + encoded[:10]
        + b"\xff !"
        + encoded[10:]
    )
    (attachment,) = open_letter(made.mail(part)).attachments
    assert attachment.data == BOOK


def test_what_stands_before_a_mail_is_dropped() -> None:
    letter = made.mail(made.text_part("x"))
    for before in (b"\xef\xbb\xbf", b"\r\n\r\n", b"From a@b.example Mon Jul  4 10:00:00 2022\r\n", b">From a@b x\n"):
        assert plain_message(before + letter) == letter
    assert plain_message(letter.decode("ascii").encode("utf-16-le")) == letter


def test_words_of_a_page() -> None:
    page = "<head><title>t</title></head><style>x{}</style><p>您好&nbsp;！</p><div>请<b>查收</b></div><!-- c -->"
    assert text_of_html(page) == "您好 ！\n请查收"
    letter = open_letter(made.mail(made.text_part(page, "html")))
    assert letter.text == "您好 ！\n请查收"


@pytest.mark.parametrize(
    ("data", "ending"),
    [(zipped({"xl/workbook.xml": b""}), ".xlsx"), (zipped({"a": b""}), ".zip"), (b"%PDF", ".pdf"), (b"?", "")],
)
def test_the_ending_that_bytes_call_for(data: bytes, ending: str) -> None:
    assert extension_of(data) == ending
