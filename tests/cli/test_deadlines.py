"""The command ``deadlines``, and what ``check`` says about time limits."""

from pathlib import Path

from builders import make_folder
from commands import ledgergen

PLAN = """\
plan: {title: 2022年工作方案, region: 淄川区, year: 2022, issued: 2022-06-08}
tasks:
- {id: "1", name: 重要部署, requirement: 公开进展, responsible: [区财政局], time_limit: 按季度公开}
- {id: "2", name: 减税降费, requirement: 推送政策, lead: [区财政局], time_limit: 11月前}
- {id: "3", name: 收费清单, requirement: 公开清单, lead: [区发改局], time_limit: 每月后10个工作日内}
- id: "4"
  name: 总结
  requirement: 报送总结
  lead: [昆仑镇]
  time_limit: 11月前
  deadline: {kind: fixed, due: 2022-11-30}
- {id: "5", name: 培训, requirement: 组织培训, lead: [昆仑镇]}
"""
RANGE = ("--from", "2022-06-08", "--to", "2022-12-31")


def test_every_limit_is_told_with_its_reading_and_its_days(campaign: Path) -> None:
    make_folder(campaign, {"plan.yaml": PLAN})
    ran = ledgergen("deadlines", *RANGE, "--json", at=campaign)
    assert ran.code == 0
    assert {"from": ran.json["from"], "to": ran.json["to"]} == {"from": "2022-06-08", "to": "2022-12-31"}
    assert [(row["task"], row["reading"], row["own"], row["doubt"]) for row in ran.json["tasks"]] == [
        ("1", "every quarter", False, ""),
        ("2", "by 2022-10-31", False, "limit-before-period"),
        ("3", "within 10 working days after every month", False, ""),
        ("4", "by 2022-11-30", True, ""),
        ("5", "", False, ""),
    ]
    assert [row["dates"] for row in ran.json["tasks"]] == [
        ["2022-06-30", "2022-09-30", "2022-12-31"],
        ["2022-10-31"],
        ["2022-07-14", "2022-08-12", "2022-09-15", "2022-10-19", "2022-11-14", "2022-12-14"],
        ["2022-11-30"],
        [],
    ]
    assert ran.json["tasks"][1]["deadline"]["due"] == "2022-10-31"
    assert [(found["code"], found["where"]) for found in ran.json["findings"]] == [
        ("limit-before-period", "plan.yaml:4:70")
    ]


def test_the_table_shows_the_first_days_and_marks_what_is_doubtful(campaign: Path) -> None:
    make_folder(campaign, {"plan.yaml": PLAN})
    ran = ledgergen("deadlines", *RANGE, at=campaign)
    lines = {line.split()[0]: " ".join(line.split()) for line in ran.out.splitlines() if line.strip()}
    assert lines["2"] == "2 11月前 by 2022-10-31 2022-10-31 doubtful"
    assert lines["4"] == "4 11月前 by 2022-11-30 2022-11-30 own"
    assert "2022-07-14, 2022-08-12, 2022-09-15, 2022-10-19 … (+2)" in lines["3"]
    assert "write what is meant under the task: `deadline: {kind: fixed, due: 2022-10-31}`" in ran.err


def test_grace_and_the_offices_days_count(campaign: Path) -> None:
    settings = (campaign / "ledgergen.yaml").read_text(encoding="utf-8")
    own = "grace: 3\nworkdays: {extra_holidays: [2022-07-14]}\n"
    make_folder(campaign, {"plan.yaml": PLAN, "ledgergen.yaml": settings + own})
    ran = ledgergen("deadlines", "--from", "2022-07-01", "--to", "2022-07-31", "--json", at=campaign)
    assert [row["dates"] for row in ran.json["tasks"]][:3] == [["2022-07-03"], [], ["2022-07-18"]]


def test_without_days_it_is_a_year_from_today(campaign: Path) -> None:
    ran = ledgergen("deadlines", "--json", at=campaign)
    assert ran.code == 0
    assert int(ran.json["to"][:4]) == int(ran.json["from"][:4]) + 1


def test_years_without_holidays_are_said_for_the_days_asked_for(campaign: Path) -> None:
    make_folder(campaign, {"plan.yaml": PLAN})
    ran = ledgergen("deadlines", "--from", "2097-01-01", "--to", "2098-12-31", "--json", at=campaign)
    said = [found["message"] for found in ran.json["findings"] if found["code"] == "calendar-year-unknown"]
    assert len(said) == 2
    assert [year in words for year, words in zip(("2097", "2098"), said, strict=True)] == [True, True]


def test_check_names_doubtful_limits_and_stays_quiet_where_the_office_has_decided(campaign: Path) -> None:
    make_folder(campaign, {"plan.yaml": PLAN})
    ran = ledgergen("check", "--json", at=campaign)
    assert ran.code == 0
    found = [(each["code"], each["severity"], each["where"]) for each in ran.json["findings"]]
    assert ("limit-before-period", "warning", "plan.yaml:4:70") in found
    assert [each for each in found if each[0].startswith(("limit", "calendar"))] == [
        ("limit-before-period", "warning", "plan.yaml:4:70")
    ]


def test_a_plan_with_errors_is_refused(campaign: Path) -> None:
    make_folder(campaign, {"plan.yaml": PLAN.replace("due: 2022-11-30", "due: 2022-11-31")})
    ran = ledgergen("deadlines", "--json", at=campaign)
    assert ran.code == 1
    assert [(found["code"], found["where"]) for found in ran.json["findings"]] == [
        ("value-not-date", "plan.yaml:11:32")
    ]
