"""Chasing: who owes what on a day, whose turn it is, what goes out, what those who telephone get."""

from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from clerk import Ledger
from commands import Ran, ledgergen
from ledgergen.records import RemindSettings
from ledgergen.state.chase import step_reached
from mail_rounds import (
    FINANCE,
    REFORM,
    ROUND,
    TOWN,
    addresses,
    codes,
    mail_campaign,
    mails_to,
    secrets,
    subject_of,
    text_of,
)
from smtp_server import PostOffice


@pytest.fixture
def mail(user: str) -> dict[str, str]:
    return addresses(user)


@pytest.fixture
def chasing(tmp_path: Path, mail: dict[str, str], post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a campaign with its ledgers out since 2022-06-15, due on 2022-07-10, a Sunday."""
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    return mail_campaign(tmp_path / "campaign", mail, port=post_office.starttls)


def returns(campaign: Path, unit: str, typed: dict[tuple[str, str], str], day: str = "2022-07-05") -> None:
    (path,) = (campaign / "ledgers" / ROUND).glob(f"{unit}_*")
    saved = Ledger(path).type(typed).save(campaign / "inbox" / f"{unit}.xlsx")
    assert ledgergen("collect", saved, "--received", day, at=campaign).code == 0


def remind(campaign: Path, day: str, *arguments: str) -> Ran:
    return ledgergen("remind", "--as-of", day, "--json", *arguments, at=campaign)


def turns(ran: Ran) -> dict[str, tuple[str, str]]:
    return {each["unit"]: (each["kind"], each["turn"]) for each in ran.json["reminders"]}


def items(ran: Ran, unit: str) -> list[tuple[str, str, Any]]:
    (one,) = [each for each in ran.json["reminders"] if each["unit"] == unit]
    return [(each["kind"], each["what"], each["due"]) for each in one["items"]]


def test_before_the_day_units_are_reminded_after_it_they_are_chased(chasing: Path) -> None:
    early = remind(chasing, "2022-07-01", "--dry-run")
    assert turns(early) == dict.fromkeys((FINANCE, REFORM, TOWN), ("before", "wait"))
    near = remind(chasing, "2022-07-04", "--dry-run")
    assert turns(near)[TOWN] == ("before", "send")
    assert items(near, TOWN) == [("before", "报送2022年第二季度台账", "2022-07-10")]
    after = remind(chasing, "2022-07-12", "--dry-run")
    assert turns(after)[TOWN] == ("missing", "send")


def test_one_mail_holds_all_that_a_unit_owes(chasing: Path, mail: dict[str, str], post_office: PostOffice) -> None:
    ran = remind(chasing, "2023-01-04", FINANCE)
    assert ran.code == 0, ran.err
    assert [each[0] for each in items(ran, FINANCE)] == ["overdue", "missing"]
    (one,) = mails_to(post_office, mail[FINANCE])
    assert subject_of(one).startswith("督办：")
    text = text_of(one)
    assert "任务3“减税降费”（时限2022年12月31日，已逾期4天）" in text
    assert "报送2022年第二季度台账" in text
    assert TOWN not in text
    assert len(post_office.received) == 1


def test_of_what_nobody_has_reported_nobody_is_urged_before_the_ledger_was_chased(chasing: Path) -> None:
    plan = chasing / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("年底前", "6月底前"), encoding="utf-8")
    assert items(remind(chasing, "2022-07-15", "--dry-run"), TOWN) == [
        ("missing", "报送2022年第二季度台账", "2022-07-10")
    ]
    assert items(remind(chasing, "2022-07-18", "--dry-run"), TOWN)[0] == ("overdue", "任务3“减税降费”", "2022-06-30")


def test_what_was_reported_and_is_overdue_is_urged_at_once(chasing: Path) -> None:
    plan = chasing / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("年底前", "6月底前"), encoding="utf-8")
    returns(chasing, TOWN, {("3", "status"): "推进中", ("3", "progress"): "正在办"})
    ran = remind(chasing, "2022-07-12", "--dry-run")
    assert items(ran, TOWN) == [("overdue", "任务3“减税降费”", "2022-06-30")]


def test_what_was_sent_is_not_sent_again_until_the_next_step(chasing: Path, post_office: PostOffice) -> None:
    assert set(turns(remind(chasing, "2022-07-12")).values()) == {("missing", "send")}
    events = len(list((chasing / ".ledgergen" / "journal").iterdir()))
    assert set(turns(remind(chasing, "2022-07-12")).values()) == {("missing", "done")}
    assert len(list((chasing / ".ledgergen" / "journal").iterdir())) == events
    assert set(turns(remind(chasing, "2022-07-13", "--dry-run")).values()) == {("missing", "send")}
    assert len(post_office.received) == 3


def test_nobody_is_reminded_twice_within_the_gap(chasing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2022-07-13")
    assert turns(ledgergen("remind", TOWN, "--json", at=chasing))[TOWN] == ("missing", "send")
    at(monkeypatch, "2022-07-14")
    settings = chasing / "ledgergen.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "remind: {after: [1, 3, 4], gap: 3}\n", encoding="utf-8")
    assert turns(ledgergen("remind", TOWN, "--json", at=chasing))[TOWN] == ("missing", "wait")
    at(monkeypatch, "2022-07-18")
    assert turns(ledgergen("remind", TOWN, "--dry-run", "--json", at=chasing))[TOWN] == ("missing", "send")


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Let it be noon in Beijing on a day."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls.fromisoformat(f"{day}T04:00:00+00:00").astimezone(tz)

    monkeypatch.setattr("ledgergen.cli.root.datetime", Clock)


def test_on_quiet_days_nothing_goes_out_unless_it_must(chasing: Path, post_office: PostOffice) -> None:
    sunday = remind(chasing, "2022-07-17")
    assert (sunday.code, codes(sunday)) == (0, ["remind-quiet"])
    assert set(turns(sunday).values()) == {("missing", "quiet")}
    assert not post_office.received
    assert turns(remind(chasing, "2022-07-17", "--now", TOWN))[TOWN] == ("missing", "send")
    assert turns(remind(chasing, "2022-07-17", "--now", TOWN))[TOWN] == ("missing", "done")
    assert len(post_office.received) == 1


def test_a_unit_can_be_left_in_peace_and_taken_up_again(chasing: Path, post_office: PostOffice) -> None:
    assert ledgergen("remind", "--stop", TOWN, "--note", "机构改革", at=chasing).code == 0
    assert ledgergen("remind", "--stop", TOWN, "--note", "机构改革", at=chasing).out.startswith("known already")
    assert turns(remind(chasing, "2022-07-12"))[TOWN] == ("missing", "stopped")
    assert len(post_office.received) == 2
    assert TOWN not in ledgergen("remind", "--as-of", "2022-07-12", "--text", at=chasing).out
    assert ledgergen("undo", "--dry-run", at=chasing).code == 2  # the last event is mail
    assert ledgergen("remind", "--resume", TOWN, at=chasing).code == 0
    assert turns(remind(chasing, "2022-07-12"))[TOWN] == ("missing", "send")
    assert ledgergen("remind", "--stop", at=chasing).code == 2
    assert ledgergen("remind", "--stop", "--text", at=chasing).code == 2


def test_a_unit_that_returned_owes_what_it_left_blank_and_what_is_wrong(chasing: Path) -> None:
    returns(chasing, TOWN, {("3", "status"): "推进中", ("3", "progress"): "已公开目录"})
    returns(chasing, FINANCE, {("1", "status"): "推进中", ("1", "published_on"): "2012-07-01"})
    ran = remind(chasing, "2022-07-12", "--dry-run")
    assert TOWN not in turns(ran)
    assert items(ran, FINANCE) == [
        ("missing", "2022年第二季度台账有1处须补正（见退回文件）", None),
        ("missing", "2022年第二季度台账尚有2项未填报（编号：2、3）", "2022-07-10"),
    ]


def test_who_handed_in_on_paper_is_not_chased_for_the_ledger(chasing: Path) -> None:
    assert ledgergen("send", "--mark-received", TOWN, at=chasing).code == 0
    assert TOWN not in turns(remind(chasing, "2022-07-12", "--dry-run"))


def test_those_who_telephone_get_a_list_and_the_chat_a_text(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    units = "units:\n- {name: 区财政局, kind: 部门, contact: 王某, phone: 0533-1234567, channel: mail}\n"
    units += "- {name: 区发改局, kind: 部门, channel: chat}\n- {name: 昆仑镇, kind: 镇}\n"
    units += "groups:\n- {name: 各单位, kinds: [部门, 镇]}\n"
    campaign = mail_campaign(tmp_path / "campaign", {FINANCE: user}, port=post_office.starttls, units=units)
    ran = remind(campaign, "2022-07-12")
    assert {unit: turn for unit, (_, turn) in turns(ran).items()} == {
        FINANCE: "send",
        REFORM: "by-hand",
        TOWN: "no-address",
    }
    assert ledgergen("remind", "--called", FINANCE, REFORM, "--note", "答应周五报", at=campaign).code == 0
    assert ledgergen("remind", "--called", FINANCE, "--note", "答应周五报", at=campaign).out.startswith("known already")

    made = remind(campaign, "2022-07-12", "--list")
    assert made.json["path"] == f"reports/reminders/催报名单_{ROUND}_0712.xlsx"
    sheet = openpyxl.load_workbook(campaign / made.json["path"]).active
    assert sheet is not None
    rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert [row[1:5] + row[7:8] for row in rows] == [
        [FINANCE, "王某", "0533-1234567", "催报", 2],
        [REFORM, "", "", "催报", 1],
        [TOWN, "", "", "催报", 0],
    ]
    assert rows[0][5] == "1. 报送2022年第二季度台账（已过2天）"
    assert remind(campaign, "2022-07-12", "--list").json["verb"] == "same"

    text = ledgergen("remind", "--as-of", "2022-07-12", "--text", at=campaign).out
    assert "下列3家单位" in text
    assert f"1. {FINANCE}（催报，1项）" in text


def test_the_history_names_every_mail_and_every_call(
    chasing: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    assert "Nobody was reminded yet" in ledgergen("remind", "--history", at=chasing).err
    post_office.answers[mail[REFORM]] = "550 no"
    assert remind(chasing, "2022-07-12").code == 1
    assert ledgergen("remind", "--called", REFORM, "--note", "关机", at=chasing).code == 0
    told = ledgergen("remind", "--history", "--json", at=chasing).json
    assert sorted((each["unit"], each["outcome"], each["about"][:7]) for each in told) == sorted(
        [
            (FINANCE, "accepted", "missing"),
            (TOWN, "accepted", "missing"),
            (REFORM, "refused", "missing"),
            (REFORM, "accepted", "phone-2"),
        ]
    )
    shown = ledgergen("remind", "--history", REFORM, at=chasing).out
    assert ("refused" in shown, "telephone" in shown, "关机" in shown, TOWN in shown) == (True, True, True, False)


def test_reminders_can_be_drafts(chasing: Path, tmp_path: Path, post_office: PostOffice) -> None:
    target = tmp_path / "drafts"
    ran = remind(chasing, "2022-07-12", "--drafts", str(target))
    assert sorted(each["verb"] for each in ran.json["files"]) == ["new"] * 3
    assert (target / f"{TOWN}_催报.eml").read_bytes().startswith(b"Content-Type")
    assert not post_office.received


def test_a_reminder_answers_the_mail_that_brought_the_ledger(
    chasing: Path, mail: dict[str, str], post_office: PostOffice
) -> None:
    assert ledgergen("send", TOWN, at=chasing).code == 0
    assert remind(chasing, "2022-07-12", TOWN).code == 0
    ledger, reminder = mails_to(post_office, mail[TOWN])
    assert reminder["In-Reply-To"] == ledger["Message-ID"]


def test_nobody_is_bothered_when_nobody_owes_anything(chasing: Path) -> None:
    for unit, tasks in ((FINANCE, "123"), (REFORM, "13"), (TOWN, "3")):
        returns(chasing, unit, {(task, "status"): "推进中" for task in tasks})
    ran = ledgergen("remind", "--as-of", "2022-07-12", at=chasing)
    assert (ran.code, ran.out) == (0, "")
    assert "Nobody owes anything" in ran.err


@pytest.mark.parametrize(
    ("day", "step"),
    [
        ("2022-07-02", ""),
        ("2022-07-03", "before-7-2022-07-10"),
        ("2022-07-06", "before-7-2022-07-10"),
        ("2022-07-07", "before-3-2022-07-10"),
        ("2022-07-10", "before-1-2022-07-10"),
        ("2022-07-11", "after-1-2022-07-10"),
        ("2022-07-12", "after-1-2022-07-10"),
        ("2022-07-17", "after-7-2022-07-10"),
        ("2022-07-23", "after-7-2022-07-10"),
        ("2022-07-24", "after-14-2022-07-10"),
        ("2022-07-31", "after-21-2022-07-10"),
    ],
)
def test_a_day_has_reached_its_step(day: str, step: str) -> None:
    assert step_reached(date(2022, 7, 10), date.fromisoformat(day), RemindSettings()) == step


def test_without_steps_there_is_none() -> None:
    none = RemindSettings(before=(), after=())
    assert step_reached(date(2022, 7, 10), date(2022, 7, 9), none) == ""
    assert step_reached(date(2022, 7, 10), date(2022, 7, 11), none) == ""
    assert step_reached(None, date(2022, 7, 11), none) == "day-2022-07-11"
