"""Sending ledgers through a real SMTP server: who gets what, what is remembered, what goes wrong."""

import hashlib
import zipfile
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from builders import SMALL_CAMPAIGN
from commands import ledgergen
from ledgergen.errors import Surroundings
from ledgergen.mail.submission import Submission
from mail_rounds import (
    FINANCE,
    OFFICE,
    REFORM,
    ROUND,
    TOWN,
    addresses,
    codes,
    files_of,
    mail_campaign,
    mails_to,
    outcomes,
    secrets,
    subject_of,
    text_of,
)
from smtp_server import PostOffice


@pytest.fixture
def mail(user: str) -> dict[str, str]:
    return addresses(user)


@pytest.fixture
def sending(tmp_path: Path, mail: dict[str, str], post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a campaign that sends through the server's plain port."""
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls, post_office.tls))
    monkeypatch.setattr("ledgergen.campaign.posting.PAUSES", (0.01, 0.01))
    return mail_campaign(tmp_path / "campaign", mail, port=post_office.starttls)


def ledger_bytes(campaign: Path, unit: str) -> bytes:
    (path,) = (campaign / "ledgers" / ROUND).glob(f"{unit}_*")
    return path.read_bytes()


@pytest.mark.parametrize("security", ["plain", "starttls", "tls"])
def test_every_unit_gets_its_own_ledger_as_issued(
    security: str, tmp_path: Path, mail: dict[str, str], post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = post_office.tls if security == "tls" else post_office.starttls
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(port))
    campaign = mail_campaign(tmp_path / "campaign", mail, port=port, security=security)

    ran = ledgergen("send", "--json", at=campaign)

    assert ran.code == 0, ran.err
    assert outcomes(ran) == dict.fromkeys((FINANCE, REFORM, TOWN), "accepted")
    assert post_office.logins == [OFFICE]
    for unit, address in mail.items():
        (one,) = mails_to(post_office, address)
        assert list(files_of(one).values()) == [ledger_bytes(campaign, unit)]
        assert unit in subject_of(one)
        assert unit in text_of(one)
        assert f"<p>{unit}" in text_of(one, "text/html")


def test_a_second_run_sends_nothing_and_writes_no_event(sending: Path, post_office: PostOffice) -> None:
    assert ledgergen("send", at=sending).code == 0
    events = sorted((sending / ".ledgergen" / "journal").iterdir())

    again = ledgergen("send", "--json", at=sending)

    assert [each["step"] for each in again.json["mails"]] == ["done"] * 3
    assert len(post_office.received) == 3
    assert sorted((sending / ".ledgergen" / "journal").iterdir()) == events


def test_a_dry_run_prints_the_table_of_the_real_run_and_leaves_no_trace(sending: Path, post_office: PostOffice) -> None:
    before = sorted((sending / ".ledgergen" / "journal").iterdir())
    dry = ledgergen("send", "--dry-run", at=sending)
    assert not post_office.received
    assert not post_office.logins
    assert sorted((sending / ".ledgergen" / "journal").iterdir()) == before

    assert ledgergen("send", at=sending).out == dry.out
    assert dry.out.count("to send ") == 3


def test_one_bad_address_stops_nobody_and_is_tried_again(
    sending: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    post_office.answers[mail[REFORM]] = "550 5.1.1 no such user"
    ran = ledgergen("send", "--json", at=sending)
    assert (ran.code, codes(ran)) == (1, ["send-refused"])
    assert outcomes(ran) == {FINANCE: "accepted", REFORM: "refused", TOWN: "accepted"}
    assert "550 5.1.1 no such user" in str(ran.json)

    post_office.answers.clear()
    units = sending / "units.yaml"
    units.write_text(units.read_text(encoding="utf-8").replace(mail[REFORM], "right@example.invalid"), encoding="utf-8")
    again = ledgergen("send", "--json", at=sending)

    assert (again.code, outcomes(again)[REFORM]) == (0, "accepted")
    assert len(mails_to(post_office, "right@example.invalid")) == 1
    assert len(post_office.received) == 3


def test_an_address_of_several_that_is_refused_is_named_and_the_others_get_the_mail(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    good, bad = user, f"bad.{user}"
    campaign = mail_campaign(tmp_path / "campaign", {FINANCE: f"{good}, {bad}"}, port=post_office.starttls)
    post_office.answers[bad] = "550 5.1.1 no such user"

    ran = ledgergen("send", FINANCE, "--json", at=campaign)

    assert (ran.code, codes(ran), outcomes(ran)) == (0, ["send-address-refused"], {FINANCE: "accepted"})
    assert post_office.received[0].recipients == [good]
    assert ledgergen("send", FINANCE, "--json", at=campaign).json["mails"][0]["step"] == "done"


@pytest.mark.parametrize("reply", ["421 4.3.2 closing", "450 4.2.1 try later", "451 4.3.0 busy"])
def test_a_server_that_puts_off_is_asked_again(sending: Path, post_office: PostOffice, reply: str) -> None:
    post_office.deferrals, post_office.deferral = 2, reply

    ran = ledgergen("send", "--json", at=sending)

    assert (ran.code, set(outcomes(ran).values())) == (0, {"accepted"})
    assert len(post_office.received) == 3


def test_an_address_that_is_put_off_waits_at_the_end_and_stays_in_the_queue(
    sending: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    post_office.answers[mail[FINANCE]] = "450 4.2.0 greylisted"
    ran = ledgergen("send", "--json", at=sending)
    assert (ran.code, codes(ran)) == (0, ["send-later"])
    assert outcomes(ran) == {FINANCE: "queued", REFORM: "accepted", TOWN: "accepted"}
    queued = ran.json["mails"][0]["message_id"]

    post_office.answers.clear()
    again = ledgergen("send", "--json", at=sending)

    assert outcomes(again)[FINANCE] == "accepted"
    assert again.json["mails"][0]["message_id"] == queued
    assert len(mails_to(post_office, mail[FINANCE])) == 1


def test_a_server_that_takes_nothing_stops_the_run_and_nothing_is_lost(sending: Path, post_office: PostOffice) -> None:
    post_office.deferrals, post_office.deferral = 99, "451 4.3.0 out of order"
    ran = ledgergen("send", "--json", at=sending)
    assert ran.code == 3
    assert post_office.deferrals == 99 - 2 * 3
    assert "accepted" not in outcomes(ran).values()

    post_office.deferrals = 0
    assert set(outcomes(ledgergen("send", "--json", at=sending)).values()) == {"accepted"}


def test_a_wrong_password_stops_at_once(
    sending: Path, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls).replace("canary", "wrong"))
    events = len(list((sending / ".ledgergen" / "journal").iterdir()))

    ran = ledgergen("send", at=sending)

    assert ran.code == 3
    assert "mail-login-refused" in ran.err
    assert len(post_office.logins) == 1
    assert not post_office.received
    assert len(list((sending / ".ledgergen" / "journal").iterdir())) == events


def test_all_goes_to_oneself_for_a_trial_and_the_round_is_still_to_be_sent(
    sending: Path, user: str, post_office: PostOffice
) -> None:
    ran = ledgergen("send", "--test-to", user, "--json", at=sending)
    assert set(outcomes(ran).values()) == {"accepted"}
    assert {tuple(each.recipients) for each in post_office.received} == {(user,)}
    assert subject_of(mails_to(post_office, user)[0]).startswith("【试发】")
    assert FINANCE in text_of(mails_to(post_office, user)[0]).splitlines()[0]

    ledgergen("send", "--test-to", user, at=sending)
    assert len(post_office.received) == 3
    assert "send-test-bad" in ledgergen("send", "--test-to", "me", at=sending).err
    real = ledgergen("send", "--dry-run", "--json", at=sending)
    assert [each["step"] for each in real.json["mails"]] == ["send"] * 3


def test_units_that_are_not_reached_by_mail_are_handed_over_and_marked(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    units = (
        "units:\n- {name: 区财政局, kind: 部门}\n- {name: 区发改局, channel: chat, contact: 王某}\n- {name: 昆仑镇}\n"
    )
    units += "groups:\n- {name: 各单位, members: [区财政局, 区发改局, 昆仑镇]}\n"
    campaign = mail_campaign(tmp_path / "campaign", {FINANCE: user}, port=post_office.starttls, units=units)

    ran = ledgergen("send", "--json", at=campaign)
    assert [each["step"] for each in ran.json["mails"]] == ["send", "by-hand", "no-address"]
    assert codes(ran) == ["send-no-address"]

    target = tmp_path / "out"
    made = ledgergen("send", "--handover", target, "--json", at=campaign)
    assert made.code == 0
    assert sorted(each.name for each in target.iterdir()) == [REFORM, TOWN]
    (ledger,) = (target / REFORM).glob("*.xlsx")
    assert ledger.read_bytes() == ledger_bytes(campaign, REFORM)
    assert "王某" in (target / REFORM / "说明.txt").read_text(encoding="utf-8-sig")
    assert {each["verb"] for each in ledgergen("send", "--handover", target, "--json", at=campaign).json["files"]} == {
        "same"
    }

    assert ledgergen("send", "--mark-sent", REFORM, TOWN, at=campaign).code == 0
    steps = [each["step"] for each in ledgergen("send", "--json", at=campaign).json["mails"]]
    assert steps == ["done", "done", "done"]
    assert ledgergen("undo", at=campaign).code == 0
    steps = [each["step"] for each in ledgergen("send", "--json", at=campaign).json["mails"]]
    assert steps == ["done", "by-hand", "no-address"]


def test_an_archive_for_each_unit_is_the_same_every_time(sending: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert ledgergen("send", FINANCE, "--handover", target, "--zip", at=sending).code == 0
    with zipfile.ZipFile(target / f"{FINANCE}.zip") as package:
        names = package.namelist()
        (ledger,) = [name for name in names if name.endswith(".xlsx")]
        assert package.read(ledger) == ledger_bytes(sending, FINANCE)
        assert len(names) == 2
    again = ledgergen("send", FINANCE, "--handover", target, "--zip", "--json", at=sending)
    assert [each["verb"] for each in again.json["files"]] == ["same"]


def test_drafts_are_what_a_mail_program_opens_for_sending(sending: Path, mail: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "drafts"
    assert ledgergen("send", "--drafts", target, at=sending).code == 0
    (path,) = target.glob(f"{FINANCE}*.eml")
    draft = message_from_bytes(path.read_bytes())
    assert (draft["X-Unsent"], draft["Date"], draft["Message-ID"]) == ("1", None, None)
    assert draft["To"] == mail[FINANCE]
    assert list(files_of(draft).values()) == [ledger_bytes(sending, FINANCE)]

    path.write_bytes(path.read_bytes() + b"edited\r\n")
    again = ledgergen("send", "--drafts", target, "--json", at=sending)
    assert {each["unit"]: each["verb"] for each in again.json["files"]} == {
        FINANCE: "kept",
        REFORM: "same",
        TOWN: "same",
    }
    assert path.read_bytes().endswith(b"edited\r\n")
    assert ledgergen("send", "--mark-sent", "--all", at=sending).code == 0
    assert not ledgergen("send", "--drafts", tmp_path / "more", "--json", at=sending).json["files"]


def test_the_text_to_paste_says_whose_ledger_it_is(sending: Path) -> None:
    ran = ledgergen("send", "--text", TOWN, at=sending)
    assert (ran.code, ran.out.startswith(f"{TOWN}：附件是贵单位")) == (0, True)


def test_the_campaigns_own_template_is_taken_and_its_html_says_the_same(
    sending: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    own = sending / "templates" / "mail"
    own.mkdir(parents=True)
    text = "主题：请填表 {{ unit }}\n\n{{ unit }}<b>：\n限{{ due.day }}日。\n\n{{ file }}\n"
    (own / "ledger.txt.j2").write_text(text, encoding="utf-8")

    assert ledgergen("send", FINANCE, at=sending).code == 0

    (one,) = mails_to(post_office, mail[FINANCE])
    assert subject_of(one) == f"请填表 {FINANCE}"
    assert text_of(one).splitlines()[:2] == [f"{FINANCE}<b>：", "限10日。"]
    assert f"<p>{FINANCE}&lt;b&gt;：<br>限10日。</p>" in text_of(one, "text/html")


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("没有主题", "template-no-subject"),
        ("主题：{{ nobody }}", "template-faulty"),
        ("主题：{{ ''.__class__.__mro__ }}", "template-faulty"),
    ],
)
def test_a_faulty_template_sends_nothing(sending: Path, post_office: PostOffice, template: str, code: str) -> None:
    own = sending / "templates" / "mail"
    own.mkdir(parents=True)
    (own / "ledger.txt.j2").write_text(template, encoding="utf-8")
    ran = ledgergen("send", at=sending)
    assert (ran.code, code in ran.err, post_office.received) == (2, True, [])


def test_a_ledger_of_another_unit_is_held_back(sending: Path, post_office: PostOffice) -> None:
    """The bytes kept for one unit are another's: what a mixed-up journal would make of it."""
    originals = sending / ".ledgergen" / "originals"
    mine = hashlib.sha256(ledger_bytes(sending, FINANCE)).hexdigest()
    journal = sending / ".ledgergen" / "journal"
    (event,) = journal.iterdir()
    theirs = hashlib.sha256(ledger_bytes(sending, REFORM)).hexdigest()
    text = event.read_text(encoding="utf-8").replace(mine, theirs)
    event.unlink()
    digest = hashlib.sha256(text.encode()).hexdigest()
    (journal / f"000001-{digest[:16]}.json").write_text(text, encoding="utf-8")
    assert (originals / theirs[0] / theirs).exists()

    ran = ledgergen("send", "--json", at=sending)

    assert (ran.code, codes(ran)) == (1, ["send-leak"])
    assert sorted(unit for unit, outcome in outcomes(ran).items() if outcome == "accepted") == sorted((REFORM, TOWN))
    assert len(post_office.received) == 2
    assert ledgergen("send", FINANCE, "--handover", sending / "out", "--json", at=sending).json["files"] == []


def test_names_of_units_cannot_add_headers(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    name = "区财政局\\r\\nBcc: thief@example.invalid\\r\\n\\r\\n<b>"
    units = f'units:\n- {{name: "{name}", mail: [{user}]}}\n- {{name: 区发改局}}\n- {{name: 昆仑镇}}\n'
    units += "groups:\n- {name: 各单位, members: [区发改局, 昆仑镇]}\n"
    plan = SMALL_CAMPAIGN["plan.yaml"].replace("区财政局", f'"{name}"')
    campaign = mail_campaign(tmp_path / "campaign", {}, port=post_office.starttls, units=units, plan=plan)

    ran = ledgergen("send", "--json", at=campaign)

    assert outcomes(ran)[ran.json["mails"][0]["unit"]] == "accepted"
    (one,) = post_office.received
    assert one.recipients == [user]
    mail = message_from_bytes(one.data)
    assert mail["Bcc"] is None
    assert [part.get_content_type() for part in mail.walk()][:2] == ["multipart/mixed", "multipart/alternative"]


@pytest.mark.parametrize(
    "bad", ["nobody", "a b@example.invalid", "王@example.invalid", "a@b", '"a@example.invalid\\r\\nX: y"']
)
def test_what_is_no_address_is_named_and_the_others_are_sent(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    campaign = mail_campaign(tmp_path / "campaign", {FINANCE: bad, REFORM: user}, port=post_office.starttls)
    ran = ledgergen("send", FINANCE, REFORM, "--json", at=campaign)
    assert (ran.code, codes(ran)) == (1, ["send-address-bad"])
    assert outcomes(ran) == {FINANCE: None, REFORM: "accepted"}


def test_copies_and_the_address_for_answers_go_along(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    units = SMALL_CAMPAIGN["units.yaml"].replace("name: 区财政局,", "name: 区财政局, cc: [boss@example.invalid],")
    settings = ", cc: [archive@example.invalid], reply_to: desk@example.invalid, from_name: 政府办"
    campaign = mail_campaign(
        tmp_path / "campaign", {FINANCE: user}, port=post_office.starttls, units=units, settings=settings
    )
    assert ledgergen("send", FINANCE, at=campaign).code == 0
    (one,) = post_office.received
    assert one.recipients == [user, "boss@example.invalid", "archive@example.invalid"]
    mail = message_from_bytes(one.data)
    assert (mail["To"], mail["Reply-To"]) == (user, "desk@example.invalid")
    assert str(make_header(decode_header(str(mail["From"])))).startswith("政府办")


def test_a_ledger_made_anew_is_said_and_sent_again_only_on_command(sending: Path, post_office: PostOffice) -> None:
    ledgergen("send", at=sending)
    plan = sending / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("年底前", "11月底前"), encoding="utf-8")
    ledgergen("generate", at=sending)

    ran = ledgergen("send", "--json", at=sending)
    assert (ran.code, codes(ran), len(post_office.received)) == (0, ["send-edition"] * 3, 3)
    assert ledgergen("send", "--again", at=sending).code == 2
    assert outcomes(ledgergen("send", "--again", TOWN, "--json", at=sending)) == {TOWN: "accepted"}
    assert len(post_office.received) == 4


def test_mail_cannot_be_undone_and_the_log_tells_of_it(sending: Path) -> None:
    ledgergen("send", FINANCE, at=sending)
    ran = ledgergen("undo", at=sending)
    assert (ran.code, "mail-not-undone" in ran.err) == (2, True)
    kinds = [(each["kind"], each.get("mails")) for each in ledgergen("log", "--json", at=sending).json]
    assert kinds == [("issued", None), ("sent", 1), ("sent", 1), ("sent", 1)]
    assert ledgergen("verify", at=sending).code == 0


def test_a_unit_that_handed_in_on_paper_is_noted_once(sending: Path) -> None:
    assert "noted" in ledgergen("send", "--mark-received", TOWN, "--note", "纸质", at=sending).out
    assert "known already" in ledgergen("send", "--mark-received", TOWN, "--note", "纸质", at=sending).out
    assert ledgergen("send", "--mark-received", at=sending).code == 2
    assert [each["kind"] for each in ledgergen("log", "--json", at=sending).json] == ["issued", "received"]


def test_without_a_server_that_sends_the_way_out_is_said(campaign: Path) -> None:
    ledgergen("generate", at=campaign)
    ran = ledgergen("send", "--dry-run", at=campaign)
    assert (ran.code, "mailbox-none" in ran.err) == (3, True)
    assert ledgergen("send", "--drafts", campaign / "out", "--test-to", "a@example.invalid", at=campaign).code == 2


def test_a_server_that_is_gone_in_the_middle_stops_the_run_and_the_rest_goes_later(
    sending: Path, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Submission.open
    calls: list[int] = []

    def gone(line: Submission) -> None:
        calls.append(1)
        if len(calls) > 3:
            line.close()
            raise Surroundings("mail-refused", server=line.place)
        opened(line)

    monkeypatch.setattr(Submission, "open", gone)
    ran = ledgergen("send", "--json", at=sending)
    assert ran.code == 3
    assert sorted(str(each) for each in outcomes(ran).values()) == ["accepted", "accepted", "queued"]
    monkeypatch.setattr(Submission, "open", opened)
    assert set(outcomes(ledgergen("send", "--json", at=sending)).values()) == {"accepted"}
    assert len(post_office.received) == 3
