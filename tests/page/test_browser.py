"""The public page in headless Chromium: for everybody, at any width, without script — and deaf to what units typed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builders import SMALL_CAMPAIGN, make_folder
from commands import ledgergen
from conftest import need
from report_clerk import FIRST, SECOND, TOWN, filled, report, returns

HERE = Path(__file__).resolve().parent
HOSTILE = (
    "<script>alert('script')</script>"
    "<img src=x onerror=alert('image')>"
    "<a href=javascript:alert('link')>点我</a>"
    "\"' onmouseover=alert('handler') x='"
    "</textarea></style></script><svg onload=alert('svg')>"
    "<iframe srcdoc=\"<script>parent.alert('frame')</script>\">"
    "{{ title }}"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Make a page of a campaign whose units and plan are hostile, and look at it."""
    chromium, node = need("chromium"), need("node")
    folder = tmp_path_factory.mktemp("page")
    hostile_plan = SMALL_CAMPAIGN["plan.yaml"].replace("name: 重要部署", f"name: {json.dumps('重要部署' + HOSTILE)}")
    campaign = make_folder(folder / "campaign", {**SMALL_CAMPAIGN, "plan.yaml": hostile_plan})
    assert ledgergen("generate", at=campaign).code == 0
    typed = {
        **filled("1", progress=HOSTILE, measure=HOSTILE, evidence=f"https://example.invalid/{HOSTILE}"),
        **filled("2"),
    }
    returns(campaign, FIRST, typed)
    done = {"status": "已完成", "progress": "目录清单已公开", "published_on": "2022-06-30"}
    returns(campaign, SECOND, {**filled("1", evidence="javascript:alert('evidence')"), **filled("3", **done)})
    ran = report(campaign, "approve", "page", "--by", "张三")
    assert ran.code == 0, ran.err
    page = campaign / "reports" / "公开页" / "index.html"
    ran_node = subprocess.run(
        [node, HERE / "browse.js", chromium, page, folder], capture_output=True, check=False, timeout=240, text=True
    )
    assert ran_node.returncode == 0, ran_node.stderr
    found: dict[str, Any] = json.loads(ran_node.stdout)
    return found


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_axe_finds_nothing_against_wcag_2_2_aa(told: dict[str, Any], size: str) -> None:
    assert told[size]["violations"] == []
    assert told[size]["largeViolations"] == []
    assert told["filter"]["filteredViolations"] == []


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_nothing_that_a_unit_typed_runs_or_is_loaded(told: dict[str, Any], size: str) -> None:
    heard = told[size]["heard"]
    assert (heard["dialogs"], heard["errors"]) == ([], [])
    assert [url for url in heard["requests"] if not url.startswith("file://")] == []
    assert len(heard["requests"]) == 1
    assert told["scriptless"]["heard"]["dialogs"] == []


@pytest.mark.parametrize(("size", "width"), [("phone", 390), ("desk", 1280)])
def test_no_width_and_no_size_of_type_makes_one_scroll_sideways(told: dict[str, Any], size: str, width: int) -> None:
    assert told[size]["width"] <= width
    assert told[size]["largeWidth"] <= width
    assert told[size]["large"] >= 24


def test_the_page_is_filtered_by_unit(told: dict[str, Any]) -> None:
    by_unit = told["filter"]["byUnit"]
    assert set(by_unit) == {FIRST, SECOND, TOWN}
    assert all(found["rows"] == [unit] for unit, found in by_unit.items())
    assert [name[0] for name in by_unit[TOWN]["tasks"]] == ["3"]
    assert len(told["filter"]["all"]) == 3


def test_the_page_is_filtered_by_light_and_says_how_much_is_shown(told: dict[str, Any]) -> None:
    assert told["filter"]["green"]["lights"] == ["green"]
    shown = len(told["filter"]["green"]["tasks"])
    assert told["filter"]["said"] == ["显示3项任务，共3项", f"显示{shown}项任务，共3项"]


def test_what_is_printed_is_what_is_shown_without_the_tools(told: dict[str, Any]) -> None:
    printed = told["filter"]["printed"]
    assert printed["tools"] is False
    assert printed["tasks"] == told["filter"]["green"]["tasks"]


def test_everything_is_reached_by_the_keyboard_and_is_seen_to_be(told: dict[str, Any]) -> None:
    reached = told["keyboard"]["reached"]
    assert [each["name"] for each in reached[:6]] == ["skip", "unit", "light", "all", "print", "large"]
    assert all(each["ring"] for each in reached[:6])
    assert told["keyboard"]["chosen"]


def test_without_script_everything_is_readable_and_no_dead_control_is_shown(told: dict[str, Any]) -> None:
    text = told["scriptless"]["text"]
    for words in (
        "重要部署",
        "目录清单已公开",
        "任务分工",
        "工作计划",
        "落实措施",
        "进展情况",
        "<script>alert('script')</script>",
    ):
        assert words in text
    assert told["scriptless"]["tools"] is False


def test_a_spoilt_page_is_found_out(tmp_path: Path) -> None:
    # Shows that the tests above can fail: no language, a label that names nothing, a picture from elsewhere, a script.
    page = tmp_path / "index.html"
    page.write_text(
        "<!doctype html><html><head><title>页</title></head><body><main id=tasks><div id=tools>"
        "<label for=nothing>单位</label><select id=unit><option>甲</option></select>"
        "<select id=light><option value=green>绿</option></select><button id=all>全部</button>"
        "<input type=checkbox id=large></div><p id=said></p><p style='color:#bbb'>很淡的字</p>"
        "<script>alert('script')</script><img src='https://example.invalid/a.png'></main></body></html>",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [need("node"), HERE / "browse.js", need("chromium"), page],
        capture_output=True,
        check=False,
        timeout=240,
        text=True,
    )
    desk = json.loads(ran.stdout)["desk"]
    found = {each.partition(":")[0] for each in desk["violations"]}
    assert found >= {"html-has-lang", "color-contrast", "image-alt", "select-name", "label"}
    assert desk["heard"]["dialogs"] == ["script"]
    assert "https://example.invalid/a.png" in desk["heard"]["requests"]
