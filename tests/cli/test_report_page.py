"""The public page through the commands: only what was approved and the whitelist names, no number of a person."""

import json
import re
from pathlib import Path

import openpyxl
import pytest

from builders import SMALL_CAMPAIGN, make_folder
from commands import Ran, ledgergen
from report_clerk import DAY, FIRST, ROUND, SECOND, TOWN, files, filled, kinds, report, returns
from word_files import paragraphs

CARD = "370303199001011239"  # invented; its check digit agrees
DRAFT = "公开页_送审稿"
PAGE = "公开页"
INDEX = f"{PAGE}/index.html"


@pytest.fixture
def answered(issued_campaign: Path) -> Path:
    """Let one unit return everything, another one task."""
    returns(issued_campaign, FIRST, {**filled("1"), **filled("2"), **filled("3", note="缺经费")})
    returns(issued_campaign, SECOND, filled("3", status="已完成", progress="目录清单已公开", published_on="2022-06-30"))
    return issued_campaign


def approve(campaign: Path) -> Ran:
    return report(campaign, "approve", "page", "--by", "张三", "--on", "2022-07-21")


def html(campaign: Path, name: str = INDEX) -> str:
    return (campaign / "reports" / name).read_text(encoding="utf-8")


def changes(campaign: Path) -> dict[tuple[str, str, str], tuple[str, str | None, str | None]]:
    ran = report(campaign, "page", "--diff", "--json")
    return {
        (each["task"], each["unit"] or "", each["field"]): (each["kind"], each["before"], each["after"])
        for each in ran.json["changes"]
    }


def set_page(campaign: Path, text: str) -> None:
    path = campaign / "ledgergen.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f"page: {text}\n", encoding="utf-8")


def test_before_the_approval_there_is_a_marked_draft_and_no_page(answered: Path) -> None:
    ran = report(answered, "page")
    assert ran.code == 0
    assert "page-not-approved" in ran.err
    assert set(files(answered)) == {f"{DRAFT}/index.html", f"{DRAFT}/文章.html", f"{DRAFT}/文章.docx"}
    assert "送审稿：未经批准，不得公开" in html(answered, f"{DRAFT}/index.html")
    assert "送审稿" in html(answered, f"{DRAFT}/文章.html")


def test_the_approved_page_has_what_the_plan_and_the_units_say(answered: Path) -> None:
    assert approve(answered).code == 0
    page = html(answered)
    for text in ("重要部署", "按季度公开重点任务的进展", "牵头：区财政局", "长期坚持", "印发通知", "已推送3批减税政策"):
        assert text in page
    assert "送审稿" not in page
    assert f"<option>{FIRST}</option>" in page
    assert 'href="https://www.example.invalid/a.html"' in page
    said = "".join(paragraphs((answered / "reports" / PAGE / "文章.docx").read_bytes()))
    assert "目录清单已公开" in said
    assert "目录清单已公开" in html(answered, f"{PAGE}/文章.html")


def test_leaders_sections_notes_and_reasons_are_not_public_where_nothing_is_said(answered: Path) -> None:
    approve(answered)
    for name in files(answered):
        text = (
            html(answered, name)
            if name.endswith("html")
            else "".join(paragraphs((answered / "reports" / name).read_bytes()))
        )
        for secret in ("赵六", "预算科", "缺经费", "0000-0000000"):
            assert secret not in text, name


def test_the_whitelist_says_what_is_shown(answered: Path) -> None:
    set_page(answered, "{fields: [division, progress, office]}")
    approve(answered)
    page = html(answered)
    assert "预算科" in page
    assert "已推送3批减税政策" in page
    for text in ("印发通知", "按季度公开重点任务的进展", "红灯", "按预警灯看", "example.invalid"):
        assert text not in page


def test_a_field_that_there_is_none_of_is_a_finding(answered: Path) -> None:
    set_page(answered, "{fields: [phone]}")
    ran = ledgergen("check", "--json", at=answered)
    assert ran.code == 1
    assert any("fields" in json.dumps(each) for each in ran.json["findings"])


def test_a_task_that_is_not_to_be_published_is_nowhere(answered: Path) -> None:
    path = answered / "plan.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('{id: "1",', '{id: "1", publish: false,'), encoding="utf-8"
    )
    approve(answered)
    assert all("重要部署" not in html(answered, name) for name in files(answered) if name.endswith("html"))
    assert "减税降费" in html(answered)


def word(campaign: Path, unit: str, task: str, text: str) -> None:
    """Write the office's own words into the status workbook, and let merge take them in."""
    assert ledgergen("merge", at=campaign).code == 0
    path = campaign / "reports" / f"台账落实情况_{ROUND}.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["汇总台账"]
    titles = {str(cell.value): cell.column or 0 for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        if (sheet.cell(row, titles["责任单位"]).value, sheet.cell(row, titles["序号"]).value) == (unit, task):
            sheet.cell(row, titles["核定表述"]).value = text
    book.save(path)
    assert ledgergen("merge", at=campaign).code == 0


def test_the_office_s_own_words_stand_in_place_of_the_unit_s(answered: Path) -> None:
    word(answered, SECOND, "3", "收费目录清单全部公开")
    ran = report(answered, "approve", "page", "--by", "张三", as_of="")
    assert ran.code == 0, ran.err
    page = html(answered)
    assert "收费目录清单全部公开" in page
    assert "目录清单已公开" not in page
    assert "已推送3批减税政策" in page


def test_what_is_in_the_units_own_words_is_said_before_it_is_approved(answered: Path) -> None:
    ran = report(answered, "page", "--json")
    assert [each["message"][0] for each in ran.json["findings"] if each["code"] == "page-unworded"] == ["4"]


def test_later_data_changes_nothing_that_is_public(answered: Path) -> None:
    approve(answered)
    before = files(answered)
    returns(answered, TOWN, filled("3", progress="新的进展"), day="2022-07-15")
    assert report(answered, "page", as_of="").code == 0
    assert files(answered) == before
    assert changes(answered)["3", TOWN, "progress"] == ("new", None, "新的进展")


def test_the_comparison_tells_what_is_new_changed_and_gone(answered: Path) -> None:
    first = changes(answered)
    assert first["3", SECOND, "progress"] == ("new", None, "目录清单已公开")
    assert {kind for kind, _, _ in first.values()} == {"new"}
    approve(answered)
    assert changes(answered) == {}
    returns(answered, SECOND, filled("3", status="已完成", progress="目录清单已更新"), day="2022-07-18")
    path = answered / "plan.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('{id: "1",', '{id: "1", publish: false,'), encoding="utf-8"
    )
    second = changes(answered)
    assert second["3", SECOND, "progress"] == ("changed", "目录清单已公开", "目录清单已更新")
    assert second["1", "", "name"] == ("gone", "重要部署", None)
    told = report(answered, "page", "--diff")
    assert "  - 目录清单已公开\n  + 目录清单已更新" in told.out


@pytest.mark.parametrize("number", [CARD, "13800138000", "0533-5181234"])
def test_a_number_of_a_person_stops_the_approval_and_is_masked_in_the_draft(answered: Path, number: str) -> None:
    returns(answered, TOWN, filled("3", progress=f"联系人{number}"), day="2022-07-15")
    ran = approve(answered)
    assert ran.code == 1
    assert "page-personal" in ran.err
    assert number not in ran.err
    assert "approved" not in kinds(answered)
    assert report(answered, "page").code == 1
    assert all(number.encode() not in data for data in files(answered).values())
    assert INDEX not in files(answered)


def test_an_office_s_public_telephone_may_be_let_through_but_no_identity_card(answered: Path) -> None:
    set_page(answered, "{phones: true}")
    returns(answered, TOWN, filled("3", progress="监督电话0533-5181234"), day="2022-07-15")
    assert approve(answered).code == 0
    assert "0533-5181234" in html(answered)
    returns(answered, TOWN, filled("3", progress=f"经办人{CARD}"), day="2022-07-16")
    assert approve(answered).code == 1


def test_an_approval_that_is_undone_publishes_nothing_more(answered: Path) -> None:
    approve(answered)
    page = html(answered)
    assert ledgergen("undo", at=answered).code == 0
    ran = report(answered, "page", "--json")
    assert ran.json["approved"] is None
    assert {each["path"].split("/")[1] for each in ran.json["files"]} == {DRAFT}
    assert html(answered) == page


def test_the_second_run_changes_nothing(answered: Path) -> None:
    approve(answered)
    before, events = files(answered), kinds(answered)
    assert {each["verb"] for each in report(answered, "page", "--json").json["files"]} == {"same"}
    assert (files(answered), kinds(answered)) == (before, events)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.invalid/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        'https://example.invalid/"onmouseover="alert(1)',
        "https://user:secret@example.invalid/",
        "file:///etc/passwd",
    ],
)
def test_only_plain_web_addresses_become_links(answered: Path, link: str) -> None:
    returns(answered, TOWN, filled("3", evidence=link), day="2022-07-15")
    assert approve(answered).code == 0
    hrefs = set(re.findall(r'href="([^"]*)"', html(answered)))
    assert hrefs <= {"#tasks", "https://www.example.invalid/a.html", "https://example.invalid/"}
    assert "onmouseover" not in re.sub(r"&#34;|&quot;", "", html(answered)) or link.startswith("https")


def test_the_page_needs_nothing_from_anywhere(answered: Path) -> None:
    approve(answered)
    page = html(answered)
    assert not re.search(r"<(?:link|img|iframe|object|embed)\b|\bsrc=|@import|url\(", page)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_faults_in_the_plan_stop_the_page(answered: Path) -> None:
    (answered / "plan.yaml").write_text("plan: {}\n", encoding="utf-8")
    assert report(answered, "page").code == 1
    assert files(answered) == {}


def test_a_round_whose_tasks_left_the_plan_publishes_none_of_them(tmp_path: Path) -> None:
    campaign = make_folder(tmp_path / "c", SMALL_CAMPAIGN)
    assert ledgergen("generate", at=campaign).code == 0
    path = campaign / "plan.yaml"
    text = path.read_text(encoding="utf-8").replace('id: "3"', 'id: "4"')
    path.write_text(text, encoding="utf-8")
    assert report(campaign, "page", as_of=DAY).code == 0
    assert "公开收费目录清单" not in html(campaign, f"{DRAFT}/index.html")


def test_the_approval_names_the_round(answered: Path) -> None:
    approve(answered)
    log = ledgergen("log", "--json", at=answered).json
    assert [each["name"] for each in log if each["kind"] == "approved"] == [f"page {ROUND}"]
