"""Units proposed for tasks that name nobody: what speaks for whom, how loudly, and how often that is right."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from benchmarks import suggestions
from ledgergen.document.abbreviations import Abbreviations, load_abbreviations
from ledgergen.document.duties import Duties, Duty, load_duties
from ledgergen.document.likeness import Likeness
from ledgergen.document.suggest import AssignedTask, Home, Suggester
from ledgergen.records import Role
from ledgergen.resources import resource_folder

REFERENCE: Final = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
needs_seeds: Final = pytest.mark.skipif(not suggestions.SHARED.is_dir(), reason="the shared documents are not there")


def tables() -> tuple[Duties, Abbreviations]:
    """Load the published tables."""
    folder = resource_folder("templates")
    duties, findings = load_duties((folder / "duties.yaml").read_bytes())
    abbreviations, more = load_abbreviations((folder / "abbreviations.yaml").read_bytes())
    assert (findings, more) == ([], [])
    assert duties is not None
    assert abbreviations is not None
    return duties, abbreviations


def proposed(text: str, *others: AssignedTask, names: tuple[str, ...] = (), region: str = "青山县") -> list[str]:
    """Propose units for one task of a plan that has others as well."""
    duties, abbreviations = tables()
    home = Home(region, names, (text, *(f"别的任务{number}" for number in range(9))))
    return [each.name for each in Suggester(home, others, duties, abbreviations).suggest(text)]


def test_duties_speak_for_a_unit_at_the_plans_own_level() -> None:
    assert proposed("公开义务教育招生入学政策")[0] == "县教育局"
    assert proposed("公开义务教育招生入学政策", region="海阳市")[0] == "市教育局"


def test_the_name_is_the_one_that_the_campaign_itself_uses() -> None:
    assert proposed("公开义务教育招生入学政策", names=("县财政局", "县教体局"))[0] == "县教体局"
    assert proposed("公布保障性租赁住房和燃气安全信息", names=("县住建局",))[0] == "县住建局"


def test_a_unit_that_the_task_names_comes_first() -> None:
    assert proposed("县司法局牵头，公开财政预算、决算和政府采购", names=("县司法局", "县财政局")) == [
        "县司法局",
        "县财政局",
    ]


def test_like_tasks_elsewhere_speak_for_whoever_has_them_there() -> None:
    text = "把河道采砂的许可结果按月向社会公布"
    other = AssignedTask("x-2022", "7", text, (("市水利局", Role.LEAD), ("某某镇", Role.RESPONSIBLE)))
    duties, abbreviations = tables()
    (found, *_) = Suggester(Home("青山县"), [other], duties, abbreviations).suggest(text)
    assert (found.name, found.reasons[0].facts) == ("县水利局", {"percent": "100", "task": "7", "campaign": "x-2022"})
    assert "某某镇" not in proposed(text, other)


def test_what_every_task_of_a_plan_says_tells_none_from_another() -> None:
    duties, abbreviations = tables()
    texts = tuple(f"政务公开第{number}项" for number in range(20))
    assert Suggester(Home("青山县", (), texts), [], duties, abbreviations).suggest(texts[0]) == ()
    other = (*texts[1:10], *(f"第{number}项" for number in range(20)), texts[0])
    assert Suggester(Home("青山县", (), other), [], duties, abbreviations).suggest(texts[0])[0].score < 34


def test_nothing_speaks_for_anybody() -> None:
    assert proposed("甲乙丙丁") == []


def test_groups_of_nobody_are_never_proposed() -> None:
    text = "把河道采砂的许可结果按月向社会公布"
    other = AssignedTask("x", "1", text, (("有关部门", Role.RESPONSIBLE), ("各镇（街道）", Role.RESPONSIBLE)))
    assert proposed(text, other) == ["各镇（街道）"]


def test_a_campaigns_own_duties_add_words_and_take_some_away() -> None:
    duties, abbreviations = tables()
    own, findings = load_duties("duties:\n- {units: [教体局], words: [研学, -学生]}\n".encode())
    assert (findings, own) == ([], Duties((Duty(("教体局",), ("研学",), ("学生",)),)))
    assert own is not None
    (row,) = [each for each in duties.extended(own, abbreviations).rows if "教育局" in each.units]
    assert "研学" in row.words
    assert "学生" not in row.words
    assert "招生" in row.words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("words: []", "key-missing"),
        ("duties: 3", "value-not-list"),
        ("duties:\n- {units: 教育局, words: [a]}", "value-not-list"),
        ("duties:\n- {units: [教育局]}", "value-not-list"),
        ("duties: [", "yaml-syntax"),
    ],
)
def test_faults_of_a_table_of_duties(text: str, code: str) -> None:
    table, findings = load_duties(text.encode())
    assert (table, [found.code for found in findings]) == (None, [code])


def test_every_unit_of_the_table_stands_in_one_row() -> None:
    duties, abbreviations = tables()
    keys = [abbreviations.key(unit) for row in duties.rows for unit in row.units]
    assert len(set(keys)) == len(keys)


def test_likeness_of_texts() -> None:
    texts = Likeness(["公开财政预算", "公开教育信息", "整治燃气安全隐患"])
    assert [place for _, place in texts.nearest("公布财政预算和决算", 1)] == [0]
    likeness, place = texts.nearest("公开教育信息", 3)[0]
    assert (round(likeness, 6), place) == (1.0, 1)
    assert texts.nearest("", 3) == []
    assert texts.coverage("财政预算", "今年的财政预算公开") == 1.0
    assert texts.coverage("", "x") == 0.0


@needs_seeds
def test_how_often_the_right_unit_is_among_the_first_three_is_as_written_down() -> None:
    assert suggestions.measure() == json.loads(suggestions.RESULTS.read_text(encoding="utf-8"))


def test_the_reference_shows_the_figures_that_were_measured() -> None:
    table = REFERENCE.partition("\n### How good the suggestions are\n")[2].partition("\n##")[0]
    shown = re.findall(r"^\| ([\w-]+) \| (with|without) \| (.*) \|$", table, re.MULTILINE)
    keys = (("found", "tasks"), ("body_found", "with_bodies"), ("first_found", "with_bodies"))
    assert shown == [
        (
            row["document"],
            row["table"].partition(" ")[0],
            " | ".join(f"{row[part]} of {row[whole]} ({row[part] / row[whole]:.0%})" for part, whole in keys),
        )
        for row in json.loads(suggestions.RESULTS.read_text(encoding="utf-8"))
    ]
