"""Who may return what: every rule of the table in the reference, with one case each."""

import pytest

from ledgergen.findings import Where
from ledgergen.mail.authority import Sender, Senders
from ledgergen.plan.units import Registry
from ledgergen.records import Group, MailSettings, Unit

CITY = Registry(
    [
        Unit("财政局", "部门", mail=("cz@gov.example", "@cz.gov.example", "@qq.com", "shared@gov.example")),
        Unit("发改局", "部门", aliases=("发改委",), mail=("fg@gov.example", "@office.example", "shared@gov.example")),
        Unit("昆仑镇", "镇", mail=("kl@gov.example",)),
        Unit("甲村", "村"),
        Unit("乙村", "村"),
    ],
    [Group("各村", kinds=("村",))],
)
SETTINGS = MailSettings(
    trusted_authserv=("MX.gov.example",), on_behalf={"昆仑镇": ("各村",)}, public_domains=("office.example",)
)
SENDERS = Senders(CITY, SETTINGS, {"out-cz": "财政局", "out-kl": "昆仑镇", "out-jia": "甲村"})


@pytest.mark.parametrize(
    ("unit", "address", "replied", "held", "said"),
    [
        ("财政局", "cz@gov.example", "", "", ""),
        ("财政局", "CZ@gov.example", "out-cz", "", ""),
        ("财政局", "anybody@cz.gov.example", "", "", ""),
        ("财政局", "anybody@qq.com", "", "sender-unknown", "sender-unknown"),
        ("发改局", "anybody@office.example", "", "sender-unknown", "sender-unknown"),
        ("发改局", "cz@gov.example", "", "sender-mismatch", "sender-mismatch"),
        ("发改局", "fg@gov.example", "out-cz", "sender-other-mail", "sender-other-mail"),
        ("发改委", "fg@gov.example", "", "", ""),
        ("发改局", "shared@gov.example", "out-cz", "", ""),
        ("财政局", "private@qq.com", "out-cz", "", "sender-by-reply"),
        ("财政局", "kl@gov.example", "out-cz", "sender-mismatch", "sender-mismatch"),
        ("发改局", "private@qq.com", "out-cz", "sender-other-mail", "sender-other-mail"),
        ("甲村", "kl@gov.example", "", "", "sender-on-behalf"),
        ("乙村", "kl@gov.example", "out-jia", "", "sender-on-behalf"),
        ("甲村", "private@qq.com", "out-kl", "", "sender-on-behalf"),
        ("财政局", "kl@gov.example", "", "sender-mismatch", "sender-mismatch"),
        ("甲村", "", "", "sender-unknown", "sender-unknown"),
        ("撤销的单位", "cz@gov.example", "", "sender-mismatch", "sender-mismatch"),
    ],
)
def test_the_table(unit: str, address: str, replied: str, held: str, said: str) -> None:
    sender = Sender(address, "none", SENDERS.replied_for([replied]))
    judgement = SENDERS.judge(sender, unit, Where("a.eml"))
    assert (judgement.held, judgement.finding.code if judgement.finding else "") == (held, said)


def test_forged_is_forged_whatever_else_fits() -> None:
    judgement = SENDERS.judge(Sender("cz@gov.example", "fail", frozenset({"财政局"}), "dmarc=fail"), "财政局", Where())
    assert judgement.held == "sender-forged"


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ([], "none"),
        (["mx.other.example; dmarc=pass"], "none"),
        (["mx.gov.example; none"], "none"),
        (["mx.gov.example 1; dmarc=pass (p=none) header.from=gov.example"], "pass"),
        (["mx.gov.example; spf=fail smtp.mailfrom=x@evil.example; dkim=pass header.d=gov.example"], "pass"),
        (["mx.gov.example; dkim=pass header.d=evil.example; spf=fail smtp.mailfrom=gov.example"], "fail"),
        (["mx.gov.example; spf=pass smtp.mailfrom=x@evil.example"], "none"),
        (["mx.gov.example (dmarc=pass); dmarc=fail"], "fail"),
        (["mx.gov.example; dkim=temperror; spf=neutral"], "none"),
        (["mx.gov.example; dmarc=fail", "mx.gov.example; dmarc=pass"], "fail"),
        (["; dmarc=pass"], "none"),
    ],
)
def test_the_topmost_result_of_a_trusted_server_counts(headers: list[str], verdict: str) -> None:
    assert SENDERS.authenticated("cz@gov.example", headers)[0] == verdict


def test_without_a_trusted_server_nothing_is_asked() -> None:
    assert Senders(CITY, MailSettings()).authenticated("cz@gov.example", ["mx; dmarc=fail"]) == ("", "")
