"""File names of units: every disk takes them, no two are one, and a further unit changes nobody's."""

import json
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import SMALL_CAMPAIGN, make_folder
from clerk import Ledger
from commands import ledgergen
from ledgergen.campaign.naming import clash_key, distinct_stems, safe_stem

WEIRD = (
    "区发改局/区统计局",
    "区发改局:区统计局",
    "区发改局\\区统计局",
    "某局*?<>|",
    "某" * 60,
    "某" * 59 + "局",
    "CON",
    "con",
    "Abc中心",
    "ABC中心",
    "NUL.局",
    "某局...",
    "某局",
    "🏢大厦管理处",
    "._.",
    "=1+1",
    "-某镇",
)


@pytest.mark.parametrize(
    ("wanted", "stem"),
    [
        ("区财政局_2022", "区财政局_2022"),
        ("甲/乙:丙", "甲_乙_丙"),
        ("．．／上级", "_上级"),
        ("CON", "_CON"),
        ("con.局", "_con.局"),
        ("CONSOLE", "CONSOLE"),
        ("某局. .", "某局"),
        (" .", "_"),
        ("甲\u202e乙\u200b", "甲_乙_"),
        ("ＡＢ（１）", "AB(1)"),
    ],
)
def test_what_a_disk_refuses_is_replaced(wanted: str, stem: str) -> None:
    assert safe_stem(wanted) == stem


def test_a_long_name_is_cut_between_characters() -> None:
    assert safe_stem("政" * 100) == "政" * 66
    assert safe_stem("🏢" * 100) == "🏢" * 50


def test_names_that_are_one_on_a_disk_are_told_apart_by_their_owners() -> None:
    assert distinct_stems({"甲/乙": "甲/乙", "甲:乙": "甲:乙", "丙": "丙"}) == {
        "甲/乙": "甲_乙",
        "甲:乙": "甲_乙_12a2",
        "丙": "丙",
    }


def test_names_that_were_used_stay_where_they_still_fit() -> None:
    before = {"甲:乙": "甲_乙", "丙": "旧名"}
    assert distinct_stems({"甲/乙": "甲/乙", "甲:乙": "甲:乙", "丙": "丙"}, before) == {
        "甲/乙": "甲_乙_2627",
        "甲:乙": "甲_乙",
        "丙": "丙",
    }


names = st.text(
    st.sampled_from('甲乙AaＡａéÉ e\u0301 ./:\\*?<>|"\u200b\u202e\t🏢一1１CcOoNn．／') | st.characters(), max_size=90
)


@given(st.lists(names, unique=True, max_size=12), names, st.randoms())
def test_distinct_units_have_distinct_names_that_every_disk_takes(
    units: list[str], further: str, chance: random.Random
) -> None:
    stems = distinct_stems({unit: unit for unit in units})
    assert len({clash_key(stem) for stem in stems.values()}) == len(units)
    for stem in stems.values():
        assert 0 < len(stem.encode()) <= 200
        assert not set(stem) & set('<>:"/\\|?*')
        assert stem == stem.strip(" .")
        assert safe_stem(stem) == stem
    more = list(dict.fromkeys([*units, further]))
    chance.shuffle(more)
    again = distinct_stems({unit: unit for unit in more}, stems)
    assert {unit: again[unit] for unit in units} == stems
    assert len({clash_key(stem) for stem in again.values()}) == len(more)


def weird_campaign(root: Path) -> Path:
    units = "units:\n" + "".join(f"- {{name: {json.dumps(name, ensure_ascii=False)}, kind: 部门}}\n" for name in WEIRD)
    groups = "groups:\n- {name: 各单位, kinds: [部门]}\n"
    plan = """\
plan: {title: 方案, region: 某区, year: 2022, issued: 2022-06-08}
tasks:
- {id: "1", name: 公开, requirement: 公开目录, responsible: [各单位], time_limit: 年底前}
"""
    return make_folder(root, {**SMALL_CAMPAIGN, "units.yaml": units + groups, "plan.yaml": plan})


def test_ledgers_of_oddly_named_units_are_written_and_found_again(tmp_path: Path) -> None:
    campaign = weird_campaign(tmp_path / "c")
    ran = ledgergen("generate", "--json", at=campaign)
    assert ran.code == 0, ran.out
    paths = {each["unit"]: campaign / each["path"] for each in ran.json["ledgers"]}
    assert set(paths) == set(WEIRD)
    assert len({clash_key(path.name) for path in paths.values()}) == len(WEIRD)
    assert all(path.is_file() and path.parent == campaign / "ledgers" / "2022Q2" for path in paths.values())
    for number, (unit, path) in enumerate(paths.items()):
        saved = Ledger(path).type({("1", "progress"): f"{unit}的进展"}).save(campaign / "inbox" / "x.xlsx")
        shutil.move(saved, campaign / "inbox" / (path.name if number % 2 else f"{number}.xlsx"))
    ran = ledgergen("collect", "--json", at=campaign)
    assert {each["verdict"] for each in ran.json} == {"accepted"}
    shown = ledgergen("show", "--entries", "--json", at=campaign).json
    assert {row["unit"]: row["fields"]["progress"]["text"] for row in shown} == {
        unit: f"{unit}的进展" for unit in WEIRD
    }


def test_a_further_unit_changes_no_ledger_that_is_out(tmp_path: Path) -> None:
    campaign = weird_campaign(tmp_path / "c")
    before = {each["unit"]: each["path"] for each in ledgergen("generate", "--json", at=campaign).json["ledgers"]}
    units = campaign / "units.yaml"
    text = units.read_text(encoding="utf-8")
    units.write_text(text.replace("units:\n", "units:\n- {name: '区发改局?区统计局', kind: 部门}\n"), encoding="utf-8")
    ran = ledgergen("generate", "--json", at=campaign)
    after = {each["unit"]: each["path"] for each in ran.json["ledgers"]}
    assert {unit: path for unit, path in after.items() if unit in before} == before
    assert after["区发改局?区统计局"] not in before.values()
    assert ran.json["findings"] == []
