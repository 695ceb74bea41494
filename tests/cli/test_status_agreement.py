"""Terminal, JSON, status workbook and summary sheets say the same numbers, and they are those of the merged truth."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from commands import ledgergen
from test_report_agreement import DAYS, STAGES, campaign  # noqa: F401 - the fixture is used by its name

LIGHTS = ("red", "yellow", "green", "grey")
WORDS = ("已销号", "报完成待核查", "按时序推进", "逾期", "未报送", "不涉及")
NAMES = ("按单位", "按任务", "按章节", "按分管领导", "按填报期")


def status(campaign: Path, day: str) -> Any:  # noqa: ANN401, F811 - whatever the command prints
    ran = ledgergen("status", "--json", "--as-of", day, at=campaign)
    assert ran.code == 0, ran.err
    return ran.json


def truth(campaign: Path, day: str) -> dict[tuple[str, str], tuple[str, str]]:  # noqa: F811
    """Give light and state of every assignment, from the merged truth."""
    ran = ledgergen("show", "--entries", "--json", "--as-of", day, at=campaign)
    return {(row["task"], row["unit"]): (row["light"], row["state"]) for row in ran.json}


def rows(path: Path, sheet: str, header: int = 3) -> list[dict[str, Any]]:
    lines = list(load_workbook(path)[sheet].iter_rows(min_row=header, values_only=True))
    return [dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[1:]]


@pytest.mark.parametrize("day", DAYS)
def test_json_is_the_sum_of_the_merged_truth(campaign: Path, day: str) -> None:  # noqa: F811
    told, known = status(campaign, day), truth(campaign, day)
    lights = Counter(light for light, _ in known.values())
    assert told["by_light"]["assignments"] == {name: lights.get(name, 0) for name in ("red", "yellow", "grey", "green")}
    assert told["assignments"] == {"total": len(known), "by_state": dict(Counter(state for _, state in known.values()))}
    assert sum(told["by_stage"]["assignments"].values()) == len(known)
    assert {(row["task"], row["unit"]) for row in told["overdue"]} == {
        key for key, (light, _) in known.items() if light == "red"
    }
    for unit in told["units"]:
        own = [light for (_, name), (light, _) in known.items() if name == unit["unit"]]
        assert (unit["assignments"], unit["by_light"]["red"]) == (len(own), own.count("red"))
    for task in told["by_task"]:
        own = [state for (name, _), (_, state) in known.items() if name == task["task"]]
        assert task["by_state"] == dict(Counter(own))


@pytest.mark.parametrize("day", DAYS)
def test_the_terminal_says_what_json_says(campaign: Path, day: str) -> None:  # noqa: F811
    told = status(campaign, day)
    out = ledgergen("status", "--as-of", day, at=campaign).out
    for what in ("tasks", "assignments"):
        line = next(line for line in out.splitlines() if line.split()[:1] == [what])
        stages, lights = told["by_stage"][what], told["by_light"][what]
        numbers = [*stages.values(), told[what]["total"], *lights.values(), told["done_late"][what]]
        assert list(map(int, re.findall(r"[0-9]+", line))) == numbers
    overdue = re.search(r"Overdue: ([0-9]+)", out)
    assert int(overdue[1] if overdue else 0) == len(told["overdue"])


@pytest.mark.parametrize("day", DAYS)
def test_the_workbook_says_what_json_says(campaign: Path, day: str) -> None:  # noqa: F811
    told = status(campaign, day)
    ran = ledgergen("merge", "--as-of", day, "--json", at=campaign)
    path = campaign / ran.json["files"][0]["path"]
    cells = [[cell for cell in row if cell is not None] for row in load_workbook(path)["总体情况"].values]
    page = {row[0]: row[1:] for row in cells if row}
    for stage, word in zip(STAGES, WORDS, strict=True):
        assert page[word][:2] == [told["by_stage"][what][stage] for what in ("tasks", "assignments")]
    assert page["合计"][:2] == [told["tasks"]["total"], told["assignments"]["total"]]
    assert page["预警灯（任务）"][:4] == [
        f"{word}灯 {told['by_light']['tasks'][light]}" for word, light in zip("红黄绿灰", LIGHTS, strict=True)
    ]
    assert [(row["总表序号"], row["单位"]) for row in rows(path, "逾期清单")] == [
        (row["task"], row["unit"]) for row in told["overdue"]
    ]
    assert len(rows(path, "即将到期事项清单")) == len(told["due_soon"])
    assert len(rows(path, "未报送")) == len(told["unreported"])
    by_unit = {row["单位"]: row for row in rows(path, "单位进度")}
    for unit in told["units"]:
        shown = by_unit[unit["unit"]]
        assert [shown[word] for word in WORDS] == [unit["by_stage"][stage] for stage in STAGES]
    by_task = {row["总表序号"]: row for row in rows(path, "任务进度")}
    colours = dict(zip(LIGHTS, "红黄绿灰", strict=True))
    assert {task["task"]: (task["state"], colours[task["light"]]) for task in told["by_task"]} == {
        number: (row["任务状态"], row["预警灯"]) for number, row in by_task.items()
    }


@pytest.mark.parametrize("day", DAYS)
def test_every_total_of_the_summary_is_the_sum_of_its_rows_and_of_the_truth(campaign: Path, day: str) -> None:  # noqa: F811
    told, known = status(campaign, day), truth(campaign, day)
    ran = ledgergen("report", "summary", "--as-of", day, "--json", at=campaign)
    assert ran.code == 0, ran.err
    for by in ("unit", "task", "section", "leader"):
        table = ran.json[f"by_{by}"]
        numbers = [name for name, value in table["total"].items() if isinstance(value, int)]
        assert numbers
        for name in numbers:
            assert table["total"][name] == sum(row[name] for row in table["rows"]), (by, name)
    for by in ("unit", "task", "leader"):
        total = ran.json[f"by_{by}"]["total"]
        assert total["total"] == len(known)
        assert [total[stage] for stage in STAGES] == [told["by_stage"]["assignments"][stage] for stage in STAGES]
    section = ran.json["by_section"]["total"]
    assert [section[f"tasks_{stage}"] for stage in STAGES] == [told["by_stage"]["tasks"][stage] for stage in STAGES]
    assert section["assignments_total"] == len(known)
    (only,) = ran.json["by_round"]["rows"]
    assert (only["asked"], only["silent_units"]) == (len(told["units"]), len(told["without_return"]))
    assert [only[f"tasks_{light}"] for light in LIGHTS] == [told["by_light"]["tasks"][light] for light in LIGHTS]


def test_every_format_of_the_summary_has_the_same_rows(campaign: Path) -> None:  # noqa: F811
    ran = ledgergen(
        *("report", "summary", "--as-of", DAYS[1], "--format", "xlsx", "--format", "csv", "--format", "json"),
        *("--json",),
        at=campaign,
    )
    paths = [campaign / each["path"] for each in ran.json["files"]]
    (book,), sheets = [path for path in paths if path.suffix == ".xlsx"], load_workbook(paths[0]).sheetnames
    assert tuple(sheets) == NAMES
    assert [path.stem for path in paths if path.suffix == ".csv"] == list(NAMES)
    stored = json.loads(next(path for path in paths if path.suffix == ".json").read_text(encoding="utf-8"))
    assert stored == {key: value for key, value in ran.json.items() if key != "files"}
    for name, by in zip(NAMES, ("unit", "task", "section", "leader", "round"), strict=True):
        text = next(path for path in paths if path.stem == name).read_bytes().decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text)))
        shown = [[str(value or "") if value != 0 else "0" for value in row.values()] for row in rows(book, name)]
        assert shown == lines[1:]
        table = stored[f"by_{by}"]
        told = [*table["rows"], *([table["total"]] if "total" in table else [])]
        assert [list(map(str, row.values())) for row in told] == lines[1:]


def test_only_the_tables_that_are_wanted_are_written_and_a_second_run_adds_nothing(campaign: Path) -> None:  # noqa: F811
    arguments = ("report", "summary", "--as-of", DAYS[2], "--by", "unit", "--by", "leader", "--json")
    first = ledgergen(*arguments, at=campaign)
    assert {key for key in first.json if key.startswith("by_")} == {"by_unit", "by_leader"}
    before = len(ledgergen("log", "--json", at=campaign).json)
    second = ledgergen(*arguments, at=campaign)
    assert [each["verb"] for each in second.json["files"]] == ["same"]
    assert len(ledgergen("log", "--json", at=campaign).json) == before
