"""Attachment names: the nineteen forms that were seen, and new ones made of the same faults."""

import base64
import binascii
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens as made
from ledgergen.mail.heading import addresses
from ledgergen.mail.names import attachment_name, decoded, is_made_up, last_of_path
from ledgergen.mail.opening import open_letter

NAME = "2022年第三季度台账（住建局）.xlsx"
RARE = "朱镕基、陶喆的台账.xlsx"  # two characters that GB 2312 has not

Form = Callable[[str], tuple[bytes, bytes]]  # name → Content-Disposition, Content-Type


def words(name: str, charset: str, label: str, size: int = 0, between: bytes = b"\r\n ") -> bytes:
    """Write encoded words of so many bytes each, wherever that cuts a character."""
    data = name.encode(charset)
    pieces = [data[start : start + size] for start in range(0, len(data), size)] if size else [data]
    return between.join(b"=?%s?B?%s?=" % (label.encode(), base64.b64encode(piece)) for piece in pieces)


def quoted_printable(name: str, charset: str, label: str) -> bytes:
    text = "".join(f"={byte:02X}" if byte > 0x7E or byte < 0x21 or byte in b"=?_" else chr(byte)
                   for byte in name.encode(charset))  # fmt: skip
    return f"=?{label}?Q?{text}?=".encode()


def percent(name: str, charset: str) -> bytes:
    return quote(name.encode(charset), safe="").encode()


def continued(name: str, charset: str, label: str, size: int = 23) -> bytes:
    """Write a parameter in sections (RFC 2231), cut wherever it falls."""
    text = percent(name, charset)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    first = b"filename*0*=%s''%s" % (label.encode(), pieces[0])
    return b";\r\n ".join([first, *(b"filename*%d*=%s" % (number, each) for number, each in enumerate(pieces[1:], 1))])


def by(disposition: Callable[[str], bytes]) -> Form:
    return lambda name: (b"attachment; " + disposition(name), b"application/octet-stream")


FORMS: dict[str, Form] = {
    "raw gbk": by(lambda name: b'filename="%s"' % name.encode("gbk")),
    "raw utf-8": by(lambda name: b'filename="%s"' % name.encode()),
    "raw, not quoted": by(lambda name: b"filename=%s; size=12" % name.encode("gbk")),
    "word utf-8": by(lambda name: b'filename="%s"' % words(name, "utf-8", "utf-8")),
    "word not quoted": by(lambda name: b"filename=" + words(name, "gbk", "GB2312")),
    "gb2312 over gbk": by(lambda name: b'filename="%s"' % words(name, "gbk", "gb2312")),
    "gb18030": by(lambda name: b'filename="%s"' % words(name, "gb18030", "gb18030")),
    "utf-8 over gbk": by(lambda name: b'filename="%s"' % words(name, "gbk", "utf-8")),
    "gbk over utf-8": by(lambda name: b'filename="%s"' % words(name, "utf-8", "gbk")),
    "unknown label": by(lambda name: b'filename="%s"' % words(name, "gbk", "x-unknown")),
    "split in a character, utf-8": by(lambda name: b'filename="%s"' % words(name, "utf-8", "utf-8", 10)),
    "split in a character, gbk": by(lambda name: b'filename="%s"' % words(name, "gbk", "gb2312", 7)),
    "split without a blank": by(lambda name: b'filename="%s"' % words(name, "utf-8", "utf-8", 10, b"")),
    "quoted-printable": by(lambda name: b'filename="%s"' % quoted_printable(name, "gbk", "gbk")),
    "rfc 2231": by(lambda name: b"filename*=utf-8''" + percent(name, "utf-8")),
    "rfc 2231 gbk": by(lambda name: b"filename*=gb2312'zh-cn'" + percent(name, "gbk")),
    "rfc 2231 mislabelled": by(lambda name: b"filename*=utf-8''" + percent(name, "gbk")),
    "rfc 2231 quoted": by(lambda name: b"filename*=\"utf-8''%s\"" % percent(name, "utf-8")),
    "rfc 2231 continued": by(lambda name: continued(name, "utf-8", "utf-8")),
    "rfc 2231 continued, mislabelled": by(lambda name: continued(name, "gbk", "utf-8", 7)),
    "rfc 2231 without a charset": by(lambda name: b"filename*=''" + percent(name, "gbk")),
    "rfc 2231 in a plain name": by(lambda name: b"filename=\"utf-8''%s\"" % percent(name, "utf-8")),
    "per cent signs": by(lambda name: b'filename="%s"' % percent(name, "utf-8")),
    "question marks": lambda name: (
        b'attachment; filename="%s"' % b"".join(each.encode() if each.isascii() else b"?" for each in name),
        b'application/octet-stream; name="%s"' % words(name, "gbk", "gb2312"),
    ),
    "tcmime.bin": lambda name: (
        b'attachment; filename="tcmime.bin"', b'application/vnd.ms-excel; name="%s"' % words(name, "utf-8", "utf-8")
    ),
    "name only": lambda name: (b"", b'application/octet-stream; name="%s"' % name.encode("gbk")),
    "html entities": by(lambda name: b'filename="%s"' % name.encode("ascii", "xmlcharrefreplace")),
    "gbk taken for latin-1": by(lambda name: b'filename="%s"' % words(latin(name, "gbk"), "utf-8", "utf-8")),
    "utf-8 taken for latin-1": by(lambda name: b'filename="%s"' % words(latin(name, "utf-8"), "utf-8", "utf-8")),
    "a path of windows": by(lambda name: b'filename="C:\\%s\\%s"' % ("用户".encode("gbk"), name.encode("gbk"))),
}  # fmt: skip


def latin(name: str, charset: str) -> str:
    return name.encode(charset).decode("latin-1")


def name_of(disposition: bytes, kind: bytes) -> str:
    """Give the name of a file whose part has these headers, through the parser."""
    (attachment,) = open_letter(made.mail(made.attached(b"PK", disposition=disposition, kind=kind))).attachments
    return attachment.name


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_that_were_seen(form: str) -> None:
    assert name_of(*FORMS[form](NAME)) == NAME
    if not form.startswith("gbk taken"):  # what was lost then is lost
        assert name_of(*FORMS[form](RARE)) == RARE


# What clerks call their files: common characters, figures, marks; an ending by which a name is known.
_LETTERS = st.sampled_from(
    "区财政局住房城乡建设教育卫生健康发展改革公安司法民政台账工作任务进展情况汇总表报送第一二三四季度年月日上下半份新建"
    "（）《》、—0123456789-_ 最终版盖章扫描件附件说明街道镇人民政府办公室"
)
_NAMES = st.text(_LETTERS, min_size=4, max_size=40).map(lambda text: f"台账{text.strip()}.xlsx")


@given(name=_NAMES, form=st.sampled_from(sorted(FORMS)))
def test_any_name_in_any_form(name: str, form: str) -> None:
    assert attachment_name_of(form, name) == name.strip()


@given(name=_NAMES, size=st.integers(3, 30), charset=st.sampled_from(["utf-8", "gbk"]), seed=st.integers(5, 40))
def test_words_and_sections_cut_anywhere(name: str, size: int, charset: str, seed: int) -> None:
    cut = b'attachment; filename="%s"' % words(name, charset, charset, size)
    assert attachment_name(cut.decode("latin-1"), "") == name
    sections = b"attachment; " + continued(name, charset, charset, seed)
    assert attachment_name(sections.decode("latin-1"), "") == name


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_any_bytes_end_in_a_label(junk: bytes, more: bytes) -> None:
    for header in (junk, b"attachment; filename=" + junk, b'a; filename*0*="' + junk + b"; filename*1=" + more):
        name = attachment_name(header.decode("ascii", "surrogateescape"), more.decode("ascii", "surrogateescape"))
        assert "/" not in name
        assert "\n" not in name
        name.encode("utf-8")


def attachment_name_of(form: str, name: str) -> str:
    headers = [each.decode("ascii", "surrogateescape") for each in FORMS[form](name)]
    return attachment_name(*headers)


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\..\\台账.xlsx", "台账.xlsx"),
        ("．．／台账.xlsx", "台账.xlsx"),
        ("a/b/", "b"),
        ("", ""),
        ("\u202excod.xlsx", "\ufffdxcod.xlsx"),
    ],
)
def test_only_the_last_part_of_a_path_is_a_name(written: str, last: str) -> None:
    assert last_of_path(written) == last


def test_a_nameless_file_is_named_by_what_it_is() -> None:
    letter = open_letter(made.mail(made.attached(b"%PDF-1.4", disposition=b"attachment", kind=b"application/pdf")))
    assert [each.name for each in letter.attachments] == ["附件1.pdf"]
    assert is_made_up("ATT00001.bin")
    assert not is_made_up("台账.xlsx")


@pytest.mark.parametrize(
    ("sender", "address", "name"),
    [
        (b"=?gb2312?B?%s?= <a@b.example>" % base64.b64encode("朱镕".encode("gbk")), "a@b.example", "朱镕"),
        ("区住建局".encode("gbk") + b"<A@B.example>", "a@b.example", "区住建局"),
        (b'"=?utf-8?B?%s?=" <a@b.example>' % base64.b64encode(b"<boss@gov.example>"), "a@b.example",
         "<boss@gov.example>"),
        (b"a@b.example (=?utf-8?Q?=E5=8C=BA?=)", "a@b.example", "区"),
    ],
)  # fmt: skip
def test_the_sender_is_the_address_outside_of_any_encoded_word(sender: bytes, address: str, name: str) -> None:
    letter = open_letter(made.mail(made.text_part("x"), sender=sender))
    assert (letter.sender, letter.sender_name) == (address, name)


def test_several_senders_are_nobody() -> None:
    letter = open_letter(made.mail(made.text_part("x"), sender=b"a@b.example, c@d.example"))
    assert letter.sender == ""
    assert [found.code for found in letter.findings] == ["letter-senders"]


def test_a_word_whose_base64_is_broken_is_still_a_text() -> None:
    assert decoded("=?utf-8?B?5Y+w6LSmLnhsc3g?=") == "台账.xlsx"
    assert decoded("=?utf-8?B?5Y+w6L\r\n SmLnhsc3g=?=") == "台账.xlsx"
    with pytest.raises(binascii.Error):
        base64.b64decode("5Y+w6LSmLnhsc3g", validate=True)


def test_addresses_of_a_header_that_is_not_in_order() -> None:
    from email import message_from_string

    message = message_from_string("To: 张三 <a@b.example>; 李四 <c@d.example>\n\n")
    assert [address for _, address in addresses(message, "to")] == ["a@b.example", "c@d.example"]
