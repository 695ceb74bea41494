"""The superior's plan beside one's own: what is the same, what is refined, what is missing."""

import pytest

from ledgergen.document.linking import Link, LinkText, Relation, link

OWN = [
    LinkText("1", "预算", "公布财政预算和决算，说明三公经费增减的原因。"),
    LinkText("2", "住房", "做好保障性租赁住房政策的发布解读；公布老旧小区改造的项目清单和进度。"),
    LinkText("3", "教育", "公布义务教育招生入学政策。"),
]


@pytest.mark.parametrize(
    ("text", "relation", "tasks"),
    [
        ("公布财政预算和决算，说明三公经费增减的原因", Relation.SAME, ("1",)),
        ("公布老旧小区改造的项目清单", Relation.SAME, ("2",)),
        ("加强保障性租赁住房政策的发布和解读", Relation.REFINED, ("2",)),
        ("公布城乡低保对象和标准", Relation.MISSING, ()),
    ],
)
def test_how_a_task_is_taken_over(text: str, relation: Relation, tasks: tuple[str, ...]) -> None:
    (found,) = link([LinkText("9", "甲", text)], OWN)
    assert (found.superior, found.name, found.relation, found.tasks) == ("9", "甲", relation, tasks)


def test_a_task_parted_in_two_is_linked_with_both() -> None:
    own = [LinkText("a", "", "公布教育经费安排和使用情况"), LinkText("b", "", "公布教师招聘和职称评审信息"), *OWN]
    both = LinkText("1", "", "公布教育经费安排和使用情况、教师招聘和职称评审信息")
    (found,) = link([both], own)
    assert (found.relation, set(found.tasks)) == (Relation.REFINED, {"a", "b"})


def test_nothing_beside_nothing() -> None:
    assert link([LinkText("1", "甲", "做好工作")], []) == [Link("1", "甲", Relation.MISSING)]
    assert link([], OWN) == []
