"""Mails as they are composed: names whole in every reader, nothing of a name in a header, lines that servers take."""

import base64
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.mail.outgoing import Attachment, Outgoing, compose, encoded, is_address, new_identity, one_line

WHEN = datetime(2022, 7, 5, 8, 0, tzinfo=UTC)
LONG = "区住房城乡建设局（人民防空办公室）_2022年第三季度_政务公开工作任务台账_𠮷野家喆镕.xlsx"
_WORD = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/=]+)\?=")


def written(name: str = "台账.xlsx", data: bytes = b"PK\x03\x04", **other: str) -> bytes:
    return compose(
        Outgoing(
            sender="office@example.invalid",
            to=("a@example.invalid", "b@example.invalid"),
            subject=other.get("subject", "台账"),
            text=other.get("text", "请填报。\n"),
            html=other.get("html", "<p>请填报。</p>"),
            sender_name=other.get("sender_name", "区政府办公室"),
            attachments=(Attachment(name, data),),
            identity=new_identity("7K2F9Q", "office@example.invalid"),
            in_reply_to=other.get("in_reply_to", ""),
            references=(other["in_reply_to"],) if "in_reply_to" in other else (),
        ),
        WHEN,
    )


def raw_parameter(mail: bytes, parameter: str) -> str:
    found = re.search(rf'\s{parameter}="([^"]*)"'.encode(), mail)
    assert found is not None
    return found[1].decode("ascii")


@pytest.mark.parametrize("parameter", ["name", "filename"])
def test_a_long_chinese_name_stands_in_both_places_in_words_of_whole_characters(parameter: str) -> None:
    raw = raw_parameter(written(LONG), parameter)
    words = _WORD.findall(raw)
    assert len(words) > 2
    assert "".join(base64.b64decode(word).decode("utf-8") for word in words) == LONG
    assert all(len(line.strip()) <= 76 for line in raw.splitlines())


def test_every_reader_of_the_standard_library_finds_the_name() -> None:
    for way in (policy.compat32, policy.default):
        mail = message_from_bytes(written(LONG), policy=way)
        (name,) = [part.get_filename() for part in mail.walk() if part.get_filename()]
        assert str(make_header(decode_header(str(name)))) == LONG


@given(st.text(max_size=120))
def test_whatever_a_name_is_it_adds_no_header_and_is_read_back(name: str) -> None:
    mail = message_from_bytes(written(name, subject=f"台账 {name}", sender_name=name), policy=policy.compat32)
    assert sorted(key.lower() for key in mail) == sorted(
        ["content-type", "mime-version", "date", "message-id", "from", "to", "subject"]
    )
    assert str(make_header(decode_header(str(mail["Subject"])))).split() == one_line(f"台账 {name}").split()
    parts = [part.get_content_type() for part in mail.walk()]
    assert parts[:4] == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]
    assert len(parts) == 5


@given(st.text(max_size=300))
def test_a_text_arrives_as_it_was_written(text: str) -> None:
    mail = message_from_bytes(written(text=text, html=""))
    (part,) = [each for each in mail.walk() if each.get_content_type() == "text/plain"]
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    kept = text.encode("utf-8", "replace").decode()
    assert payload.decode().split() == kept.split()


def test_lines_are_short_ascii_and_end_as_servers_want_them() -> None:
    data = written(LONG, data=bytes(range(256)) * 40, text="长" * 5000)
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_the_same_mail_has_the_same_bytes() -> None:
    mail = Outgoing(
        "office@example.invalid", ("a@example.invalid",), "台账", "文字", attachments=(Attachment("a.xlsx", b"x"),)
    )
    assert compose(mail, None) == compose(mail, None)


def test_a_reply_names_the_mail_that_it_answers_and_nothing_else_that_was_claimed() -> None:
    mail = message_from_bytes(written(in_reply_to="r1@example.invalid"))
    assert (mail["In-Reply-To"], mail["References"]) == ("<r1@example.invalid>",) * 2
    forged = message_from_bytes(written(in_reply_to="r1> \r\nBcc: x@example.invalid"))
    assert (forged["In-Reply-To"], forged["Bcc"]) == (None, None)


@pytest.mark.parametrize(
    "bad", ["", "a", "a@b", "a@b..c", "a b@example.invalid", "a@example.invalid\r\nX: y", ".a@b.c", "王@b.c"]
)
def test_what_is_no_address_cannot_be_written_to(bad: str) -> None:
    assert not is_address(bad)
    with pytest.raises(ValueError, match="address"):
        compose(Outgoing("office@example.invalid", (bad,), "s", "t"), WHEN)


def test_identities_are_never_the_same() -> None:
    made = {new_identity("7K2F9Q", "office@example.invalid") for _ in range(50)}
    assert len(made) == 50
    assert all("7k2f9q@example.invalid" in each for each in made)


def test_short_plain_headers_stay_readable() -> None:
    assert encoded("Ledger 2022Q3") == "Ledger 2022Q3"
    assert encoded("=?utf-8?b?5Y+w6LSm?=") != "=?utf-8?b?5Y+w6LSm?="


def test_the_modern_parser_finds_no_defect() -> None:
    mail = message_from_bytes(written(LONG), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not [defect for part in mail.walk() for defect in part.defects]
    assert str(mail["From"]) == "区政府办公室 <office@example.invalid>"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
@pytest.mark.parametrize("place", ["name", "subject", "sender_name"])
def test_a_line_end_in_a_plain_name_begins_no_header(place: str, end: str) -> None:
    hostile = f"x{end}Bcc: thief@example.invalid{end}{end}body"
    values = {"name": "a.xlsx", "subject": "s", "sender_name": "n", place: hostile}
    name, subject, sender_name = (values[key] for key in ("name", "subject", "sender_name"))
    data = written(name, subject=subject, sender_name=sender_name)
    assert message_from_bytes(data)["Bcc"] is None
    head = data.partition(b"\r\n\r\n")[0]
    assert not [line for line in head.split(b"\r\n") if line.lower().startswith((b"bcc", b"body"))]
    (attached,) = [part for part in message_from_bytes(data).walk() if part.get_content_disposition() == "attachment"]
    assert {key.lower() for key in attached} == {
        "content-type",
        "mime-version",
        "content-transfer-encoding",
        "content-disposition",
    }
