"""Notice, brief, annual report, page, status and JSON agree on every number, on days around a holiday week."""

import re
from pathlib import Path

import pytest

from builders import SMALL_CAMPAIGN, make_folder
from commands import ledgergen
from report_clerk import FIRST, ROUND, SECOND, files, filled, report, returns
from word_files import paragraphs, tables

STAGES = ("closed", "claimed", "on-track", "overdue", "silent", "not-concerned")
DAYS = ("2022-09-29", "2022-10-04", "2022-10-10")  # before, in and after the National Day holiday
PLAN = """\
plan: {title: 2022年工作方案, region: 淄川区, year: 2022, issued: 2022-06-08}
tasks:
- {id: "1", section: [一、公开], name: 部署, responsible: [区财政局, 区发改局], time_limit: 形成之日起20个工作日内公开}
- {id: "2", section: [一、公开], name: 减税降费, lead: [区财政局], responsible: [各单位], time_limit: 9月底前}
- {id: "3", section: [二、政策解读], name: 收费清单, responsible: [各单位], time_limit: 10月8日前}
- {id: "4", section: [二、政策解读], name: 住房保障, responsible: [昆仑镇], time_limit: 长期坚持}
"""
PLAIN = {**SMALL_CAMPAIGN, "plan.yaml": PLAN}
CAMPAIGNS = {
    "zichuan": PLAIN,
    "standard": {**PLAIN, "ledgergen.yaml": SMALL_CAMPAIGN["ledgergen.yaml"].replace("zichuan", "standard")},
}


@pytest.fixture(scope="module", params=sorted(CAMPAIGNS))
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a campaign in which some have answered before, some within the week."""
    made = make_folder(tmp_path_factory.mktemp(request.param), CAMPAIGNS[request.param])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGERGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        assert ledgergen("generate", at=made).code == 0
        if request.param == "zichuan":
            days = {"formed_on": "2022-09-01"}
            returns(made, FIRST, {**filled("1", **days), **filled("2"), **filled("3")})
            done = {"status": "已完成", "published_on": "2022-10-03", "progress": "已公开"}
            returns(made, SECOND, {**filled("1", **days), **filled("2", **done), **filled("3", **done)}, "2022-10-05")
    return made


@pytest.mark.parametrize("day", DAYS)
def test_every_form_says_the_same_numbers(campaign: Path, day: str) -> None:
    status = ledgergen("status", "--json", "--as-of", day, at=campaign).json
    for kind in ("notice", "brief", "annual", "page"):
        ran = report(campaign, kind, as_of=day)
        assert ran.code == 0, ran.err
    found = files(campaign)
    by_stage = [str(status["by_stage"]["tasks"][stage]) for stage in STAGES]
    row = [str(status["tasks"]["total"]), *by_stage]
    assert tables(found[f"简报_{ROUND}_送审稿.docx"])[0][1] == row
    (annual,) = tables(found[f"年度报告素材_{ROUND}_送审稿.docx"])
    assert annual[-1][1:] == row
    assert [sum(int(line[place]) for line in annual[1:-1]) for place in range(1, 8)] == list(map(int, row))
    assert [line[1:] for line in annual[1:-1]] == [
        [str(each["tasks"]["total"]), *(str(each["tasks"]["by_stage"][stage]) for stage in STAGES)]
        for each in status["by_section"]
    ]
    notice = "".join(paragraphs(found[f"通报_{ROUND}_送审稿.docx"]))
    overdue = re.search(r"逾期未完成的任务分工有([0-9]+)项", notice)
    assert int(overdue[1] if overdue else 0) == len(status["overdue"]) == status["by_light"]["assignments"]["red"]
    for unit in status["without_return"]:
        assert unit in notice
    page = found["公开页_送审稿/index.html"].decode()
    lights = {colour: len(re.findall(f'data-unit="[^"]*" data-light="{colour}"', page)) for colour in ("red", "green")}
    assert lights == {colour: status["by_light"]["assignments"][colour] for colour in ("red", "green")}
    assert len(re.findall('<article class="task', page)) == status["tasks"]["total"]


def test_the_holiday_week_moves_a_day_limit_and_not_a_working_day_limit(campaign: Path) -> None:
    red = {}
    for day in DAYS:
        status = ledgergen("status", "--json", "--as-of", day, at=campaign).json
        red[day] = {(each["task"], each["unit"]) for each in status["overdue"]}
    assert ("2", FIRST) not in red["2022-09-29"]
    assert ("2", FIRST) in red["2022-10-04"]
    assert not any(task == "3" for task, _ in red["2022-10-04"])
    assert ("3", FIRST) in red["2022-10-10"]
