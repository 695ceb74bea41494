"""Collecting saved mails: what they bring counts like any file, whoever may not send it waits, nothing is lost."""

import itertools
import os
import zipfile
from pathlib import Path

import pytest

import specimens as made
from archive_builders import encrypted_zip, locked, rarred, zipped, zipped_raw
from commands import ledgergen
from post import FINANCE, REFORM, TOWN, blank, codes, collected, drop, events, filled, office, progress_of

__all__ = ["office"]

CAIZHENG, FAGAI, KUNLUN = "caizheng@example.gov.cn", "fagai@example.gov.cn", "kunlun@example.gov.cn"


def by_name(told: list[dict[str, object]]) -> dict[str, str]:
    return {str(each["name"]): str(each["verdict"]) for each in told}


def test_a_saved_mail_is_a_return_and_its_scan_is_filed(office: Path) -> None:
    scan = b"%PDF-1.4 a scan"
    letter = made.mail(
        made.text_part("请查收"),
        made.attached(filled(office)),
        made.attached(scan, "任务3 盖章件.pdf"),
        sender=CAIZHENG,
    )
    drop(office, a__eml=letter)
    ledger, paper = collected(office)
    assert (ledger["verdict"], ledger["from"], ledger["received"]) == ("accepted", CAIZHENG, "2022-07-04T02:00:00.000Z")
    assert (paper["verdict"], codes(paper)) == ("ignored", ["attachment-filed"])
    assert progress_of(office, FINANCE) == "已公开"
    assert (office / "evidence" / FINANCE / "3 减税降费" / "任务3 盖章件.pdf").read_bytes() == scan
    assert letter in [path.read_bytes() for path in (office / ".ledgergen" / "originals").rglob("*") if path.is_file()]
    assert ledgergen("verify", at=office).code == 0


def test_a_second_run_adds_nothing(office: Path) -> None:
    mails = {
        "a__eml": made.mail(made.attached(filled(office)), made.attached(b"%PDF-1.4", "证明.pdf"), sender=CAIZHENG),
        "b__eml": made.mail(made.attached(filled(office, REFORM)), sender="x@qq.com", identity="b"),
        "c__eml": made.mail(made.text_part("开会"), sender="y@qq.com", identity="c"),
        "d__mbox": made.mbox([made.mail(made.attached(filled(office, TOWN)), sender=KUNLUN, identity="d")]),
        "e__eml": made.bounce(made.mail(made.attached(blank(office))), CAIZHENG),
    }
    drop(office, **mails)
    collected(office)
    before = events(office), sorted(path.name for path in (office / ".ledgergen" / "originals").rglob("*"))
    again = collected(office)
    assert {each["verdict"] for each in again} <= {"duplicate", "review", "ignored"}
    assert (events(office), sorted(path.name for path in (office / ".ledgergen" / "originals").rglob("*"))) == before


def test_a_dry_run_writes_nothing(office: Path) -> None:
    drop(
        office, a__eml=made.mail(made.attached(filled(office)), made.attached(b"%PDF-1.4", "证明.pdf"), sender=CAIZHENG)
    )
    before = events(office)
    assert [each["verdict"] for each in collected(office, "--dry-run")] == ["accepted", "ignored"]
    assert events(office) == before
    assert not (office / "evidence").exists()


def test_mails_of_nobody_are_not_kept(office: Path) -> None:
    private = made.mail(made.text_part("晚上吃饭"), made.attached(b"%PDF-1.4 menu", "菜单.pdf"), sender="friend@qq.com")
    drop(office, a__eml=private)
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("ignored", ["letter-no-return"])
    kept = [path.read_bytes() for path in (office / ".ledgergen").rglob("*") if path.is_file()]
    assert not any("晚上吃饭".encode() in each or b"menu" in each for each in kept)


# Who may return what.


def test_a_stranger_waits_and_may_be_accepted_with_a_reason(office: Path) -> None:
    drop(office, a__eml=made.mail(made.attached(filled(office)), sender="somebody@qq.com"))
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("review", ["sender-unknown"])
    assert progress_of(office, FINANCE) == ""
    assert FINANCE in ledgergen("status", "--json", at=office).json["without_return"]
    assert str(told["sha256"])[:12] in ledgergen("review", at=office).out
    assert ledgergen("review", "accept", str(told["sha256"])[:12], "--reason", "打电话问过", at=office).code == 0
    assert progress_of(office, FINANCE) == "已公开"
    assert ledgergen("review", "--json", at=office).json == []
    assert "打电话问过" in "".join(
        path.read_text("utf-8") for path in (office / ".ledgergen" / "journal").glob("*.json")
    )


def test_a_stranger_may_be_rejected(office: Path) -> None:
    drop(office, a__eml=made.mail(made.attached(filled(office)), sender="somebody@qq.com"))
    (told,) = collected(office)
    assert ledgergen("review", "reject", str(told["sha256"])[:12], "--reason", "冒名", at=office).code == 0
    assert ledgergen("review", "--json", at=office).json == []
    assert progress_of(office, FINANCE) == ""


def test_a_domain_is_a_units_and_a_public_providers_is_nobodys(office: Path) -> None:
    drop(office, a__eml=made.mail(made.attached(filled(office)), sender="li@czj.example.gov.cn"))
    assert [each["verdict"] for each in collected(office)] == ["accepted"]
    drop(office, b__eml=made.mail(made.attached(filled(office, text="别的")), sender="li@qq.com", identity="b"))
    assert by_name(collected(office))["b.eml › 台账.xlsx"] == "review"


def test_one_unit_sends_the_book_of_another(office: Path) -> None:
    drop(office, a__eml=made.mail(made.attached(filled(office, REFORM)), sender=CAIZHENG))
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("review", ["sender-mismatch"])
    assert told["findings"][0]["message"].count(FINANCE) == 1
    assert progress_of(office, REFORM) == ""


def test_a_town_returns_for_others_where_the_office_says_so(office: Path) -> None:
    allow(office, "on_behalf: {昆仑镇: [区财政局, 区发改局]}")
    books = {f"{unit}.xlsx": filled(office, unit) for unit in (FINANCE, REFORM, TOWN)}
    drop(office, a__eml=made.mail(made.attached(zipped(books), "全部.zip"), sender=KUNLUN))
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("accepted", ["sender-on-behalf", "sender-on-behalf"])
    assert [progress_of(office, unit) for unit in (FINANCE, REFORM, TOWN)] == ["已公开"] * 3


def test_of_a_mixed_archive_only_what_the_sender_may_return_counts(office: Path) -> None:
    books = {f"{unit}.xlsx": filled(office, unit) for unit in (FINANCE, TOWN)}
    drop(office, a__eml=made.mail(made.attached(zipped(books), "全部.zip"), sender=KUNLUN))
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("review", ["sender-mismatch"])
    assert (progress_of(office, TOWN), progress_of(office, FINANCE)) == ("已公开", "")
    assert ledgergen("review", "accept", str(told["sha256"])[:12], "--reason", "已核实", at=office).code == 0
    assert progress_of(office, FINANCE) == "已公开"


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        (["mx.example.gov.cn; spf=fail smtp.mailfrom=evil.example; dmarc=fail header.from=example.gov.cn"], "review"),
        (["mx.example.gov.cn; spf=pass smtp.mailfrom=example.gov.cn"], "accepted"),
        (["mx.example.gov.cn; spf=softfail smtp.mailfrom=evil.example", "mx.example.gov.cn; dmarc=pass"], "review"),
        (["mx.evil.example; dmarc=pass", "mx.example.gov.cn; dmarc=fail (p=reject) header.from=x"], "review"),
        (["mx.evil.example; dmarc=fail"], "accepted"),
    ],
    ids=["forged", "genuine", "forged beneath the genuine", "forged by another name", "nobody we trust"],
)
def test_what_the_offices_own_server_says_of_the_sender(office: Path, results: list[str], verdict: str) -> None:
    allow(office, "trusted_authserv: [mx.example.gov.cn]")
    more = [f"Authentication-Results: {each}" for each in results]
    drop(office, a__eml=made.mail(made.attached(filled(office)), sender=CAIZHENG, more=more))
    (told,) = collected(office)
    assert told["verdict"] == verdict
    assert ("sender-forged" in codes(told)) is (verdict == "review")


def test_a_reply_from_an_unlisted_address_counts_and_is_said(office: Path) -> None:
    tell_sent(office, FINANCE, "out1@office.example")
    more = ["In-Reply-To: <out1@office.example>"]
    drop(office, a__eml=made.mail(made.attached(filled(office)), sender="clerk@qq.com", more=more))
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("accepted", ["sender-by-reply"])


def test_a_reply_to_the_mail_of_another_unit_waits(office: Path) -> None:
    tell_sent(office, FINANCE, "out1@office.example")
    more = ["References: <x@y> <out1@office.example>"]
    drop(office, a__eml=made.mail(made.attached(filled(office, REFORM)), sender="clerk@qq.com", more=more))
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("review", ["sender-other-mail"])


def test_where_no_unit_has_an_address_nobody_is_asked(issued_campaign: Path) -> None:
    drop(issued_campaign, a__eml=made.mail(made.attached(filled(issued_campaign)), sender="clerk@qq.com"))
    (told,) = collected(issued_campaign)
    assert (told["verdict"], codes(told)) == ("accepted", ["sender-unlisted"])


def test_the_same_bytes_from_somebody_who_may_send_them_count(office: Path) -> None:
    book = filled(office)
    strange = made.mail(made.attached(book), sender="somebody@qq.com", identity="s")
    proper = made.mail(made.attached(book), sender=CAIZHENG, identity="p")
    drop(office, a__eml=strange)
    assert [each["verdict"] for each in collected(office)] == ["review"]
    drop(office, b__eml=proper)
    assert by_name(collected(office))["b.eml › 台账.xlsx"] == "accepted"
    assert progress_of(office, FINANCE) == "已公开"
    assert ledgergen("review", "--json", at=office).json == []


def allow(office: Path, rule: str) -> None:
    path = office / "ledgergen.yaml"
    path.write_text(path.read_text("utf-8") + f"mail: {{{rule}}}\n", "utf-8")


def tell_sent(office: Path, unit: str, identity: str) -> None:
    """Journal that a mail went out to a unit, as sending does."""
    from datetime import UTC, datetime

    from ledgergen.journal.journal import Journal
    from ledgergen.state.outbox import Fate, Posted, sent_facts

    post = Posted(unit, "2022Q2", "ledger", Fate.ACCEPTED, identity, (CAIZHENG,))
    Journal(office).append("sent", sent_facts([post]), at=datetime(2022, 6, 20, tzinfo=UTC), who="office")


# One return, whatever way it comes.


def test_resent_forwarded_and_in_two_folders_it_is_one_return(office: Path) -> None:
    book = filled(office)
    first = made.mail(made.attached(book), sender=CAIZHENG)
    again = made.mail(made.attached(book, "台账(1).xlsx"), sender=CAIZHENG, identity="again")
    fwd = made.mail(made.forwarded(first), sender=CAIZHENG, subject="转发", identity="fwd", boundary=b"=_f")
    drop(office, a__eml=first, b__eml=again, c__eml=fwd, d__mbox=made.mbox([first, fwd]))
    drop(office, 台账__xlsx=book)
    verdicts = [each["verdict"] for each in collected(office)]
    assert verdicts.count("accepted") == 1
    assert set(verdicts) == {"accepted", "duplicate"}
    entry = next(each for each in ledgergen("show", "--entries", "--json", at=office).json if each["task"] == "3")
    assert entry["fields"]["progress"]["source"]["from"] == CAIZHENG


def test_the_order_of_collecting_changes_nothing(office: Path, tmp_path: Path) -> None:
    mails = [
        made.mail(made.attached(filled(office, text="早")), sender=CAIZHENG, identity="1",
                  received="Fri, 1 Jul 2022 09:00:00 +0800", dated="Fri, 31 Dec 2038 09:00:00 +0800"),
        made.mail(made.attached(filled(office, text="晚")), sender=CAIZHENG, identity="2",
                  received="Sat, 2 Jul 2022 09:00:00 +0800", dated="Thu, 1 Jan 1970 00:00:00 +0000"),
        made.mail(made.attached(filled(office, text="早")), sender="who@qq.com", identity="3",
                  received="Sun, 3 Jul 2022 09:00:00 +0800"),
    ]  # fmt: skip
    results = set()
    for number, order in enumerate(itertools.permutations(mails)):
        twin = tmp_path / str(number)
        import shutil

        shutil.copytree(office, twin)
        for place, each in enumerate(order):
            drop(twin, **{f"{place}__eml": each})
            collected(twin)
        entries = ledgergen("show", "--entries", "--json", at=twin).json
        field = next(each for each in entries if (each["unit"], each["task"]) == (FINANCE, "3"))["fields"]["progress"]
        results.add((field["text"], field["source"]["received"], field["source"]["sha256"]))
    assert len(results) == 1
    assert next(iter(results))[:2] == ("晚", "2022-07-02T01:00:00.000Z")


def test_two_versions_are_both_kept_and_the_servers_date_decides(office: Path) -> None:
    late = made.mail(made.attached(filled(office, text="新")), sender=CAIZHENG, identity="late",
                     received="Fri, 8 Jul 2022 09:00:00 +0800", dated="Thu, 1 Jan 1970 00:00:00 +0000")  # fmt: skip
    early = made.mail(made.attached(filled(office, text="旧")), sender=CAIZHENG, identity="early",
                      received="Fri, 1 Jul 2022 09:00:00 +0800", dated="Fri, 31 Dec 2038 00:00:00 +0000")  # fmt: skip
    drop(office, a__eml=late, b__eml=early)
    collected(office)
    assert progress_of(office, FINANCE) == "新"
    assert (
        "旧" in ledgergen("resolve", "--json", at=office).out + ledgergen("show", "--entries", "--json", at=office).out
    )


# What mails are made of.


@pytest.mark.parametrize(
    "form", ["eml", "msg", "gbk msg", "mbox", "foxmail", "zip", "winmail", "bom", "utf-16", "maildir"]
)
def test_a_mail_in_whatever_form_programs_save_it(office: Path, form: str) -> None:
    book = filled(office)
    letter = made.mail(made.attached(book), sender=CAIZHENG)
    inbox = office / "inbox"
    inbox.mkdir(exist_ok=True)
    forms = {
        "eml": ("a.eml", letter),
        "msg": ("a.msg", made.message_file([("台账.xlsx", book)], sender=CAIZHENG)),
        "gbk msg": ("a.msg", made.message_file([("台账.xlsx", book)], sender=CAIZHENG, gbk=True)),
        "mbox": ("收件箱", made.mbox([letter, made.mail(made.text_part("x"), sender="a@qq.com", identity="x")])),
        "foxmail": ("In.box", made.foxmail([letter, letter])),
        "zip": ("邮件.zip", zipped({"信/a.eml": letter, "信/b.txt": b"hello"})),
        "winmail": (
            "a.eml",
            made.mail(made.attached(made.winmail([("台账.xlsx".encode("gbk"), book)]), "winmail.dat"), sender=CAIZHENG),
        ),
        "bom": ("a.eml", b"\xef\xbb\xbf" + letter),
        "utf-16": ("a.eml", letter.decode("ascii").encode("utf-16")),
        "maildir": ("Maildir/cur/1656900000.M1P1.mx:2,S", letter),
    }
    name, content = forms[form]
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if form == "maildir":
        (inbox / "Maildir" / "new").mkdir()
        (inbox / "Maildir" / "tmp").mkdir()
        (inbox / "Maildir" / "tmp" / "half").write_bytes(letter[:200])
        (inbox / "Maildir" / "dovecot-uidlist").write_bytes(b"3 V1")
    told = collected(office)
    assert [(each["verdict"], each["from"]) for each in told if each["returns"]] == [("accepted", CAIZHENG)], told
    assert progress_of(office, FINANCE) == "已公开"
    assert not [each for each in told if "file-not-a-workbook" in codes(each)]


def test_of_a_zipped_folder_of_many_mails_all_are_counted_and_the_unreadable_named(office: Path) -> None:
    count = 5_000 if os.environ.get("LEDGERGEN_SOAK") else 60
    note = made.mail(made.text_part("会议通知"), sender="x@qq.com")
    files = {f"{number:04}.eml": note.replace(b"a1@mail", b"%d@mail" % number) for number in range(count)}
    files["坏.msg"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "__properties_version1.0".encode("utf-16-le")
    files["台账.eml"] = made.mail(made.attached(filled(office)), sender=CAIZHENG)
    drop(office, 全部邮件__zip=zipped(files))
    told = collected(office)
    assert len(told) == count + 2
    assert [each["name"] for each in told if "file-damaged" in codes(each)] == ["全部邮件.zip › 坏.msg"]
    assert progress_of(office, FINANCE) == "已公开"


def test_ledgers_beside_the_mails_of_a_zip_count_too(office: Path) -> None:
    letter = made.mail(made.attached(filled(office)), sender=CAIZHENG)
    drop(office, 全部__zip=zipped({"a.eml": letter, "发改局.xlsx": filled(office, REFORM), "说明.txt": b"x"}))
    assert [each["verdict"] for each in collected(office)] == ["accepted", "accepted"]
    assert [progress_of(office, unit) for unit in (FINANCE, REFORM)] == ["已公开"] * 2
    before = events(office)
    assert {each["verdict"] for each in collected(office)} == {"duplicate"}
    assert events(office) == before


def test_forwarded_within_a_forward_and_as_octets(office: Path) -> None:
    inner = made.mail(made.attached(filled(office)), sender="x@y.example", identity="i")
    middle = made.mail(made.attached(inner, "原始邮件.eml"), sender="z@y.example", identity="m", boundary=b"=_m")
    drop(office, a__eml=made.mail(made.forwarded(middle), sender=CAIZHENG, boundary=b"=_o", identity="o"))
    (told,) = collected(office)
    assert (told["verdict"], told["from"]) == ("accepted", CAIZHENG)
    assert str(told["name"]).endswith("台账.xlsx")


def test_nested_two_hundred_deep_it_survives_and_says_so(office: Path) -> None:
    drop(office, a__eml=made.nested(filled(office), 200).replace(b"zhujian@", b"caizheng@"))
    (told,) = collected(office)
    assert "letter-too-deep" in codes(told)


def test_cut_short_on_its_way_it_is_named_and_nothing_garbled_counts(office: Path) -> None:
    book = filled(office)
    whole = made.mail(made.attached(book), sender=CAIZHENG)
    drop(office, a__eml=whole[: whole.rindex(b"--=_part_1--") - 2_001])
    (told,) = collected(office)
    assert (told["verdict"], told["returns"]) == ("rejected", [])
    assert {"letter-cut", "file-damaged"} <= set(codes(told))


def test_a_link_is_reported_and_never_fetched(office: Path) -> None:
    page = '<p>从QQ邮箱发来的超大附件</p><a href="https://mail.qq.com/cgi-bin/ftnExs_download?t=1">台账汇总.xlsx</a>'
    drop(office, a__eml=made.mail(made.text_part(page, "html"), sender=CAIZHENG))
    (told,) = collected(office)
    assert codes(told) == ["attachment-link"]
    assert "台账汇总.xlsx" in told["findings"][0]["message"]


def test_a_mail_without_its_ledger_is_said_for_a_unit_only(office: Path) -> None:
    drop(office, a__eml=made.mail(made.text_part("附件已发"), sender=CAIZHENG))
    drop(office, b__eml=made.mail(made.text_part("开会"), sender="x@qq.com", identity="b"))
    first, second = collected(office)
    assert (codes(first), codes(second)) == (["letter-without-ledger"], ["letter-no-return"])


# Bounces and machines.


def test_a_bounce_with_our_blank_ledger_is_no_return_and_marks_the_address(office: Path) -> None:
    tell_sent(office, FINANCE, "a1@mail.example.gov.cn")
    drop(office, a__eml=made.bounce(made.mail(made.attached(blank(office))), CAIZHENG))
    (told,) = collected(office)
    assert (told["verdict"], told["returns"], codes(told)) == ("ignored", [], ["mail-bounced"])
    assert FINANCE in told["findings"][0]["message"]
    assert "550 5.1.1" in told["findings"][0]["message"]
    assert [each["address"] for each in ledgergen("status", "--json", at=office).json["unreachable"]] == [CAIZHENG]
    drop(office, b__eml=made.mail(made.text_part("换了办公室"), sender=CAIZHENG, identity="alive",
                                  received="Tue, 5 Jul 2022 10:00:00 +0800"))  # fmt: skip
    collected(office)
    assert "unreachable" not in ledgergen("status", "--json", at=office).json


def test_a_chinese_bounce_with_the_mail_as_a_file(office: Path) -> None:
    ours = made.mail(made.attached(blank(office))).replace(b"<office@example.gov.cn>", CAIZHENG.encode())
    text = f"很抱歉，您的邮件被退回。收件人 {CAIZHENG} 不存在。\n退信原因：550 Mailbox not found"
    letter = made.mail(
        made.text_part(text), made.forwarded(ours, made.word("原邮件.eml")), sender=b"PostMaster@qq.com",
        subject="系统退信", identity="tx1",
    )  # fmt: skip
    drop(office, a__eml=letter)
    (told,) = collected(office)
    assert (told["verdict"], codes(told)) == ("ignored", ["mail-bounced"])
    assert "550 Mailbox not found" in told["findings"][0]["message"]


@pytest.mark.parametrize(
    ("more", "subject", "code"),
    [
        (["Auto-Submitted: auto-replied"], "出差", "letter-automatic"),
        ([], "自动回复：报送台账", "letter-automatic"),
        (["In-Reply-To: <out@office.example>"], "已读：报送台账", "letter-automatic"),
        (["Auto-Submitted: no"], "自动回复：报送台账", "letter-without-ledger"),
        ([], "Re: 自动回复：报送台账", "letter-without-ledger"),
    ],
    ids=["by its header", "by its subject", "read receipt", "a person says so", "a person answers"],
)
def test_machines_are_passed_over_and_persons_are_not(office: Path, more: list[str], subject: str, code: str) -> None:
    drop(office, a__eml=made.mail(made.text_part("您好"), sender=CAIZHENG, subject=subject, more=more))
    (told,) = collected(office)
    assert codes(told) == [code]


def test_a_person_whose_program_says_automatic_still_returns(office: Path) -> None:
    more = ["Auto-Submitted: auto-generated", "Precedence: bulk"]
    drop(office, a__eml=made.mail(made.attached(filled(office)), sender=CAIZHENG, more=more))
    assert [each["verdict"] for each in collected(office)] == ["accepted"]


# Hostile files.


def test_names_never_become_paths(office: Path) -> None:
    names = ["../../../etc/cron.d/x.pdf", "C:\\Windows\\x.pdf", "CON.pdf", "NUL", "．．／x.pdf", "长" * 300 + ".pdf"]
    parts = [made.attached(b"%%PDF-1.4 %d" % number, name) for number, name in enumerate(names)]
    before = {path for path in office.parent.rglob("*") if office not in path.parents and path != office}
    drop(office, a__eml=made.mail(*parts, sender=CAIZHENG))
    told = collected(office)
    assert [each["verdict"] for each in told] == ["ignored"] * len(names)
    after = {path for path in office.parent.rglob("*") if office not in path.parents and path != office}
    assert after == before
    laid = [path.name for path in (office / "evidence" / FINANCE).rglob("*") if path.is_file()]
    assert len(laid) == len(names)
    assert not {"CON.pdf", "NUL"} & set(laid)
    assert all(len(name.encode()) <= 255 for name in laid)


def test_three_thousand_attachments_are_bounded(office: Path) -> None:
    small = made.attached(b"%PDF-1.4", "a.pdf")
    letter = made.mail(made.attached(filled(office)), *[small] * 3_000, sender=CAIZHENG)
    drop(office, a__eml=letter)
    told = collected(office)
    assert told[0]["verdict"] == "accepted"
    assert "letter-too-many" in codes(told[0])
    assert len(told) == 1_000


@pytest.mark.parametrize("lie", [None, 100], ids=["honest", "lying"])
def test_a_bomb_in_a_mail_is_named(office: Path, lie: int | None) -> None:
    bomb = zipped_raw([(b"a.xlsx", bytes(70_000_000))], lie=lie)
    drop(office, a__eml=made.mail(made.attached(bomb, "台账.zip"), made.attached(filled(office)), sender=CAIZHENG))
    bad, good = collected(office)
    assert (bad["verdict"], good["verdict"]) == ("rejected", "accepted")


def test_locked_and_foreign_archives_are_named_in_a_mail(office: Path, tmp_path: Path) -> None:
    book = filled(office)
    letter = made.mail(
        made.attached(encrypted_zip({"台账.xlsx": book}, b"1234"), "加密2.zip"),
        made.attached(made.zip_crypto("台账.xlsx", book, b"1234"), "加密.zip"),
        made.attached(locked(book, "1234"), "台账.xlsx"),
        made.attached(rarred({"a.xlsx": book}), "台账.rar"),
        made.attached(b"Rar!\x1a\x07\x01\x00" + bytes(40), "坏.rar"),
        sender=CAIZHENG,
    )
    drop(office, a__eml=letter)
    told = collected(office)
    assert [codes(each) for each in told][:3] == [["file-encrypted"]] * 3
    assert told[3]["verdict"] == "accepted"
    assert told[4]["verdict"] == "rejected"
    words = tmp_path / "passwords"
    words.write_text("1234\n")
    again = collected(office, "--password-file", words)
    assert [bool(each["returns"]) for each in again] == [True] * 3 + [False] * 2


def test_a_zip_with_a_name_of_chinese_windows(office: Path) -> None:
    name = "誠信台账.xlsx"  # its GBK has a backslash among its bytes
    assert b"\\" in name.encode("gbk")
    archive = zipped_raw([(name.encode("gbk"), filled(office))])
    drop(office, a__eml=made.mail(made.attached(archive, "台账.zip"), sender=CAIZHENG))
    (told,) = collected(office)
    assert told["returns"][0]["member"] == name


def test_magic_decides_what_a_file_is_and_no_name(office: Path) -> None:
    book = filled(office)
    parts = [
        made.attached(book, disposition=b"inline", kind=b"text/plain"),
        made.attached(filled(office, REFORM), "tcmime.bin"),
        made.attached(b"\x89PNG\r\n" + os.urandom(400), "图.xlsx"),
    ]
    allow(office, "on_behalf: {区财政局: [区发改局]}")
    drop(office, a__eml=made.mail(*parts, sender=CAIZHENG))
    told = collected(office)
    assert [each["verdict"] for each in told] == ["accepted", "accepted", "ignored"]


def test_a_stranger_cannot_fill_the_disk(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgergen.campaign.letters.QUOTA", 40_000)
    for number in range(6):
        book = filled(office, text=f"第{number}次")
        drop(office, **{f"{number}__eml": made.mail(made.attached(book), sender="evil@qq.com", identity=str(number))})
    told = [codes(each) for each in collected(office)]
    assert told[0] == ["sender-unknown"]
    assert told[-1] == ["sender-quota"]


def test_any_damage_to_a_mail_ends_in_a_finding(office: Path) -> None:
    whole = made.mail(made.text_part("您好"), made.attached(filled(office)), sender=CAIZHENG)
    for number, place in enumerate(range(0, len(whole), len(whole) // 25)):
        drop(office, **{f"{number}__eml": whole[:place] + b"\xff\x00" + whole[place + 2 :]})
    for each in collected(office):
        assert each["verdict"] in ("accepted", "duplicate", "rejected", "ignored", "review")
        assert not {"collect-failed", "reader-failed", "reader-died"} & set(codes(each)), each
    assert zipfile.is_zipfile(next((office / "ledgers" / "2022Q2").glob("*.xlsx")))
