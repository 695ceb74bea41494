"""Who is who: found by any name, exactly; groups and what can be wrong with them."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.findings import Where, message
from ledgergen.plan.load import load_units
from ledgergen.plan.phrases import Phrase, place_of, plain_name
from ledgergen.plan.units import Registry
from ledgergen.records import Group, Unit
from plan_texts import places, registry_of, text

UNITS = """
    units:
    - {name: 区住房城乡建设局, aliases: [区住建局], former_names: [区建设局], kind: 部门}
    - {name: 区人力资源社会保障局, kind: 部门}
    - {name: 区地方金融监管局〈区金融服务中心〉, kind: 部门}
    - {name: 双杨镇, kind: 镇}
    - {name: 罗村镇, kind: 镇}
    - {name: 般阳路街道, kind: 街道}
    - {name: 区档案馆}
    groups:
    - {name: 各镇（街道）, kinds: [镇, 街道]}
    - {name: 区直部门, kinds: [部门], except: [区住建局]}
    - {name: 试点单位, members: [区档案馆, 双杨镇]}
    - {name: 混合, kinds: [镇], members: [区建设局], except: [罗村镇]}
    - {name: 有关职能部门, pending: lead}
"""


def names(registry: Registry, group: str) -> list[str]:
    found = registry.find(group)
    assert isinstance(found, Group)
    return [unit.name for unit in registry.members(found)]


def unit_faults(yaml: str) -> list[tuple[str, int, int]]:
    registry, findings = load_units(text(yaml))
    assert registry is not None
    return places(findings)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("区住房城乡建设局", "区住房城乡建设局"),
        ("区住建局", "区住房城乡建设局"),
        ("区建设局", "区住房城乡建设局"),
        ("区 住建\n局", "区住房城乡建设局"),
        ("区\u200b住建局\ufeff", "区住房城乡建设局"),
        ("区地方金融监管局（区金融服务中心）", "区地方金融监管局〈区金融服务中心〉"),
        ("区地方金融监管局(区金融服务中心)", "区地方金融监管局〈区金融服务中心〉"),
        ("区地方金融监管局【区金融服务中心】", "区地方金融监管局〈区金融服务中心〉"),
        ("各镇〔街道〕", "各镇（街道）"),
        ("各镇(街道)", "各镇（街道）"),
    ],
)
def test_a_name_is_found_however_it_is_written(phrase: str, name: str) -> None:
    found = registry_of(UNITS).find(phrase)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("phrase", ["", " ", "区人社局", "住建局", "区住建", "镇", "各镇街道"])
def test_near_is_not_found(phrase: str) -> None:
    assert registry_of(UNITS).find(phrase) is None


def test_members_come_in_the_order_of_the_file() -> None:
    registry = registry_of(UNITS)
    assert names(registry, "各镇（街道）") == ["双杨镇", "罗村镇", "般阳路街道"]
    assert names(registry, "区直部门") == ["区人力资源社会保障局", "区地方金融监管局〈区金融服务中心〉"]
    assert names(registry, "试点单位") == ["双杨镇", "区档案馆"]
    assert names(registry, "混合") == ["区住房城乡建设局", "双杨镇"]


def test_a_pending_group_has_nobody_yet() -> None:
    assert names(registry_of(UNITS), "有关职能部门") == []


def test_units_of_a_kind() -> None:
    assert [unit.name for unit in registry_of(UNITS).by_kind(" 镇")] == ["双杨镇", "罗村镇"]
    assert registry_of(UNITS).by_kind("") == ()


def test_records_carry_their_places() -> None:
    registry = registry_of(UNITS)
    assert registry.units[3].where == Where("units.yaml", 5, 3)
    assert registry.groups[4].where == Where("units.yaml", 14, 3)


@pytest.mark.parametrize(
    ("phrase", "first"),
    [
        ("区人社局", "区人力资源社会保障局"),
        ("区住房和城乡建设局", "区住房城乡建设局"),
        ("区住建局区人社局", "区住房城乡建设局"),
        ("各镇（街道、开发区）", "各镇（街道）"),
        ("区地方金融监管局", "区地方金融监管局〈区金融服务中心〉"),
    ],
)
def test_near_names_are_suggested(phrase: str, first: str) -> None:
    assert registry_of(UNITS).suggest(phrase)[0] == first


@pytest.mark.parametrize("phrase", ["", "  ", "Ministry of Truth", "国务院"])
def test_what_is_like_nothing_suggests_nothing(phrase: str) -> None:
    assert registry_of(UNITS).suggest(phrase) == ()


def test_two_units_of_one_name_both_places() -> None:
    _, findings = load_units(
        text("""
            units:
            - {name: 区住建局, aliases: [区住建局]}
            - {name: 区建委, aliases: [区建设局, 区 住建局]}
            - {name: 某中心, former_names: [区建委]}
        """)
    )
    assert places(findings) == [("unit-name-twice", 3, 31), ("unit-name-twice", 4, 30)]
    assert message(findings[0]) == "Two units go by the name “区 住建局”; the other is in line 2."


def test_a_registry_of_ambiguous_names_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="区财政局"):
        Registry([Unit("区财政局"), Unit("甲", aliases=("区财政局",))])


def test_group_names_are_nobody_elses() -> None:
    registry, findings = load_units(
        text("""
            units:
            - {name: 双杨镇, aliases: [各镇〈街道〉], kind: 镇}
            groups:
            - {name: 各镇（街道）, kinds: [镇]}
            - {name: 乡镇, kinds: [镇]}
            - {name: 乡 镇, kinds: [镇]}
        """)
    )
    assert registry is None
    assert places(findings) == [("group-name-taken", 4, 10), ("group-name-twice", 6, 10)]


def test_groups_that_say_nobody_or_too_much() -> None:
    assert unit_faults("""
        units:
        - {name: 双杨镇, kind: 镇}
        groups:
        - {name: 各村}
        - {name: 各校, except: [双杨镇], members: []}
        - {name: 有关部门, pending: lead, kinds: [镇]}
        - {name: 各乡, kinds: [镇], except: [双杨镇]}
    """) == [
        ("group-without-members", 4, 3),
        ("group-without-members", 5, 3),
        ("group-pending-with-members", 6, 25),
        ("group-empty", 7, 3),
    ]


def test_groups_that_name_whom_nobody_knows() -> None:
    registry, findings = load_units(
        text("""
            units:
            - {name: 区住房城乡建设局, kind: 部门}
            - {name: 双杨镇, kind: 乡镇}
            groups:
            - {name: 甲, members: [区住建局, 国务院, 双杨镇]}
            - {name: 乙, kinds: [乡镇, 部门], except: [双扬镇]}
            - {name: 丙, kinds: [镇, 学校, 部门]}
            - {name: 丁, members: [甲, 双杨镇]}
            - {name: 戊, members: [国务院]}
        """)
    )
    assert registry is not None  # the rest of the campaign is still checked against it
    assert places(findings) == [
        ("group-member-near-miss", 5, 23),
        ("group-member-unknown", 5, 29),
        ("group-member-near-miss", 6, 39),
        ("group-kind-near-miss", 7, 21),
        ("group-kind-unknown", 7, 24),
        ("group-in-group", 8, 23),
        ("group-member-unknown", 9, 23),
    ]
    assert message(findings[0]) == (
        "No unit goes by the name “区住建局”, which the group “甲” names. Near: 区住房城乡建设局."
    )


def test_a_phrase_is_a_text_with_a_place() -> None:
    place = Where("plan.yaml", 5, 9)
    phrase = Phrase("区财政局", place)
    assert phrase == "区财政局"
    assert {phrase: 1} == {"区财政局": 1}
    assert place_of(phrase, Where()) == place
    assert place_of("区财政局", place) == place
    for other in (copy.deepcopy(phrase), pickle.loads(pickle.dumps(phrase))):  # noqa: S301 - our own bytes
        assert (other, other.where) == (phrase, place)


@given(st.text(max_size=20))
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)
