"""Phrases about units, as documents write them: names, roles, groups, what is left out and what runs together."""

import pytest

from ledgergen.document.abbreviations import Abbreviations, load_abbreviations
from ledgergen.document.bodies import is_group, level_of
from ledgergen.document.clauses import find_clauses, is_clause_alone, parted
from ledgergen.document.draft import DraftTask
from ledgergen.document.names import Reader
from ledgergen.document.register import register
from ledgergen.document.roles import looks_like_units, read_share
from ledgergen.records import Role
from ledgergen.resources import resource_folder

A, B, C = Role.LEAD, Role.RESPONSIBLE, Role.SUPPORTING


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        # delimiters, and none at all
        ("区发改局、区财政局，区审计局；区统计局", ["区发改局", "区财政局", "区审计局", "区统计局"]),
        ("县行政审批局\n县消防救援大队", ["县行政审批局", "县消防救援大队"]),
        ("区交通运输局 区公路中心", ["区交通运输局", "区公路中心"]),
        ("区 发 改 局、区 教 体 局", ["区发改局", "区教体局"]),
        ("区人社局区住建局区审计局", ["区人社局", "区住建局", "区审计局"]),
        ("省通信管理局岚州市通信建设管理办公室", ["省通信管理局岚州市通信建设管理办公室"]),
        ("县公安局交通管理大队", ["县公安局交通管理大队"]),
        ("社会事务办公室社保所", ["社会事务办公室", "社保所"]),
        ("民办教育科", ["民办教育科"]),
        ("区安委会各成员单位", ["区安委会各成员单位"]),
        ("区委办区政府办", ["区委办", "区政府办"]),
        ("区委区政府督查室", ["区委区政府督查室"]),
        # 和 between names and inside them
        ("区科技局及相关部门单位", ["区科技局", "相关部门单位"]),
        ("各区〈市〉政府、高新区管委会和市商务局", ["各区〈市〉政府", "高新区管委会", "市商务局"]),
        ("市文化和旅游局", ["市文化和旅游局"]),
        ("教务与科研处、学生工作部（处）", ["教务与科研处", "学生工作部（处）"]),
        ("市直各有关部门和单位", ["市直各有关部门和单位"]),
        ("办公室及起草科室", ["办公室", "起草科室"]),
        # brackets
        ("市市场监管局（市食安办、市知识产权局）、市教育局", ["市市场监管局（市食安办、市知识产权局）", "市教育局"]),
        ("区地方金融监管局〈区金融服务中心〉", ["区地方金融监管局〈区金融服务中心〉"]),
        # what names share
        ("市住房城乡建设局、自然资源和规划局", ["市住房城乡建设局", "市自然资源和规划局"]),
        ("市财政局、住房城乡建设局", ["市财政局", "市住房城乡建设局"]),
        ("区委宣传部、网信办、教体局", ["区委宣传部", "区委网信办", "区教体局"]),
        ("市财政局、市场监管局、民政局", ["市财政局", "市市场监管局", "市民政局"]),
        ("清泽县财政局、审计局", ["清泽县财政局", "清泽县审计局"]),
        ("望川区、芦汀区人民政府", ["望川区人民政府", "芦汀区人民政府"]),
        ("各乡镇人民政府、街道办事处", ["各乡镇人民政府", "各街道办事处"]),
        ("市、县（区）人民政府", ["市、县（区）人民政府"]),
        ("各镇党委、政府", ["各镇党委、政府"]),
        # nobody's level is carried to those who have their own masters
        ("县税务局、人民银行清泽县支行、清泽水务有限公司", ["县税务局", "人民银行清泽县支行", "清泽水务有限公司"]),
        ("县应急局、有关部门", ["县应急局", "有关部门"]),
        ("市政府教育督导室、人事科", ["市政府教育督导室", "人事科"]),
        ("无", []),
        # areas: one group where the end is shared, several where each has its own
        ("省卫生健康委，各市、县（市、区）人民政府", ["省卫生健康委", "各市、县（市、区）人民政府"]),
        ("市有关部门及各县（市、区）", ["市有关部门", "各县（市、区）"]),
        ("国网青山供电公司及各县（市、区）", ["国网青山供电公司", "各县（市、区）"]),
        # a branch and its master are one
        ("人民银行市中心支行、市财政局", ["人民银行市中心支行", "市财政局"]),
        ("市公安局青山分局区司法局", ["市公安局青山分局", "区司法局"]),
        ("国家税务总局青山县税务局", ["国家税务总局青山县税务局"]),
        ("区人社局区公安分局", ["区人社局", "区公安分局"]),
        ("镇规建办、派出所", ["镇规建办", "派出所"]),
    ],
)
def test_a_list_of_bodies(phrase: str, names: list[str]) -> None:
    assert Reader("清泽").read(phrase).names == names


@pytest.mark.parametrize(
    ("phrase", "names", "is_open"),
    [
        ("市财政局等", ["市财政局"], True),
        ("市财政局等有关部门单位", ["市财政局"], True),
        ("市财政局等12个部门", ["市财政局"], True),
        ("市财政局等市有关部门单位", ["市财政局", "市有关部门单位"], True),
        ("市住房城乡建设局、市水务局等行业主管部门", ["市住房城乡建设局", "市水务局"], True),
        ("市属高等学校", ["市属高等学校"], False),
        ("县发改、财政、住建等部门", ["县发改", "财政", "住建"], True),
    ],
)
def test_an_open_list(phrase: str, names: list[str], is_open: bool) -> None:  # noqa: FBT001
    found = Reader().read(phrase)
    assert (found.names, found.is_open) == (names, is_open)


def test_an_english_word_in_a_name_is_repaired_and_doubtful() -> None:
    found = Reader().read("区政府各 departments 单位")
    assert found.names == ["区政府各部门单位"]
    assert [code for code, _ in found.doubts] == ["doubt-english"]


@pytest.mark.parametrize(
    ("clause", "roles"),
    [
        ("牵头单位：市住建局；责任单位：各区政府、市有关部门", {A: ["市住建局"], B: ["各区政府", "市有关部门"]}),
        ("市商务局牵头，市投促中心、市发改委配合", {A: ["市商务局"], C: ["市投促中心", "市发改委"]}),
        (
            "县财政局牵头，县审计局配合，各镇按职责分工负责",
            {A: ["县财政局"], B: ["各镇"], C: ["县审计局"]},
        ),
        ("区发改局牵头、有关职能部门落实", {A: ["区发改局"], B: ["有关职能部门"]}),
        ("区司法局牵头、承办部门具体落实区政府决策公开相关工作", {A: ["区司法局"], B: ["承办部门"]}),
        ("责任单位：市发改委会同有关部门", {A: ["市发改委"], B: ["有关部门"]}),
        ("区政府办公室牵头，会同区司法局落实", {A: ["区政府办公室"], B: ["区司法局"]}),
        ("由区政府办公室负责，各镇街参与", {B: ["区政府办公室"], C: ["各镇街"]}),
        ("区教体局（牵头）、区民政局、区财政局（配合）", {A: ["区教体局"], B: ["区民政局"], C: ["区财政局"]}),
        ("营商指标牵头部门牵头、各职能部门落实", {A: ["营商指标牵头部门"], B: ["各职能部门"]}),
        ("牵头部门：党政办；配合部门：各科室", {A: ["党政办"], C: ["各科室"]}),
        ("责任领导：×××；责任单位：区教体局", {B: ["区教体局"]}),
        ("区城管局牵头；各街道办事处按职责分工配合", {A: ["区城管局"], C: ["各街道办事处"]}),
        ("研究生院、国际教育学院负责，按招生工作进度", {B: ["研究生院", "国际教育学院"]}),
    ],
)
def test_roles(clause: str, roles: dict[Role, list[str]]) -> None:
    share = read_share(clause, Role.RESPONSIBLE, Reader())
    assert {role: names for role, names in share.names.items() if names} == roles


@pytest.mark.parametrize(
    ("clause", "limits"),
    [
        ("责任单位：区教体局、区民政局，6月底完成", ["6月底完成"]),
        ("责任单位：区教体局；完成时限：2022年6月底", ["2022年6月底"]),
        ("牵头单位：区财政局，完成时限：持续推进", ["持续推进"]),
        ("责任单位：区教体局", []),
    ],
)
def test_a_limit_among_the_units(clause: str, limits: list[str]) -> None:
    share = read_share(clause, Role.RESPONSIBLE, Reader())
    assert share.limits == limits
    assert share


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("县财政局牵头，县审计局配合", True),
        ("县财政局、县审计局", True),
        ("有关部门、县大数据局", True),
        ("各单位按职责分工负责", True),
        ("试行", False),
        ("按照统一部署", False),
        ("即双随机、一公开", False),
        ("长期坚持", False),
        ("省、市、县", False),
    ],
)
def test_a_bracket_without_a_label(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert looks_like_units(text) is is_one


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("做好公开。（责任单位：区教体局）", [("做好公开。", "责任单位：区教体局")]),
        ("做好公开（责任单位：区教体局）。", [("做好公开。", "责任单位：区教体局")]),
        ("做好公开。（责任单位：各镇〈街〉、区教体局〉", [("做好公开。", "责任单位：各镇〈街〉、区教体局")]),
        ("做好公开。〔责任单位：区教体局〕", [("做好公开。", "责任单位：区教体局")]),
        (
            "做好公开。（责任单位：各区〈市〉政府、市局（市办）",
            [("做好公开。", "责任单位：各区〈市〉政府、市局（市办）")],
        ),
        ("甲事。（区财政局）乙事。（区审计局牵头）", [("甲事。", "区财政局"), ("乙事。", "区审计局牵头")]),
        ("做好公开。责任单位：区教体局", [("做好公开。", "责任单位：区教体局")]),
        ("做好公开（试行）工作。", [("做好公开（试行）工作。", None)]),
    ],
)
def test_where_a_clause_stands(text: str, parts: list[tuple[str, str | None]]) -> None:
    assert [tuple(part) for part in parted(text)] == parts


def test_a_clause_alone() -> None:
    assert is_clause_alone("（责任单位：各区〈市〉政府和市民政局）")
    assert is_clause_alone("责任单位：区教体局")
    assert not is_clause_alone("做好公开。（责任单位：区教体局）")
    assert find_clauses("完善制度（2022年版），规范流程。") == ()


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("区财政局", "区"), ("清泽县财政局", "清泽县"), ("单县财政局", "单县"), ("市民政局", "市"),
        ("市政府办公室", "市"), ("市场监管局", ""), ("市民投诉中心", ""), ("乡村振兴局", ""), ("村镇建设办公室", ""),
        ("住房城乡建设局", ""), ("财政所", ""), ("区域协调办", ""),
    ],
)  # fmt: skip
def test_the_level_of_a_name(name: str, level: str) -> None:
    assert level_of(name) == level


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("各镇（街道、开发区）", True), ("市政府各部门单位", True), ("市属各高校", True), ("有关部门", True),
        ("各科室", True), ("双随机联席会议各成员单位", True), ("行政规范性文件制定部门", True), ("乡镇（街道）", True),
        ("区财政局", False), ("清泽开发区管委会", False), ("县总工会", False), ("市市场监管局（市知识产权局）", False),
    ],
)  # fmt: skip
def test_a_group_is_told_from_a_body(name: str, expected: bool) -> None:  # noqa: FBT001
    assert is_group(name) is expected


@pytest.fixture(scope="module")
def table() -> Abbreviations:
    """Load the table that ships with the product."""
    found, findings = load_abbreviations((resource_folder("templates") / "abbreviations.yaml").read_bytes())
    assert findings == []
    assert found is not None
    return found


def test_abbreviations_are_one_unit_at_one_level(table: Abbreviations) -> None:
    assert table.key("区住建局") == table.key("区住房城乡建设局") == table.key("区住房和城乡建设局")
    assert table.key("区金融监管局") == table.key("区地方金融监管局〈区金融服务中心〉")
    assert table.key("区住建局") != table.key("市住建局")
    assert table.key("区教体局") != table.key("区教育局")
    assert table.near("区教育局", "区教体局") is False or table.near("区教体局", "区教育局")
    assert table.near("区自然资源局", "区自然资源和规划局")
    assert not table.near("区财政局", "区审计局")


def test_a_table_of_ones_own_joins_families_and_takes_names_out(table: Abbreviations) -> None:
    own, _ = load_abbreviations("families:\n- [县教育局, 教育局, 教育和体育局]\n- [应急局]\n- [乡建局]\n".encode())
    assert own is not None
    both = table.extended(own)
    assert both.key("区教体局") == both.key("区教委") == both.key("区教育局")
    assert both.key("区应急局") != both.key("区应急管理局")
    assert both.key("区住建局") == both.key("区住房城乡建设局") != both.key("区乡建局")


def test_a_name_in_two_families_is_a_finding() -> None:
    found, findings = load_abbreviations("families:\n- [发改局, 发展改革局]\n- [财政局, 发改局]\n".encode(), "a.yaml")
    assert found is None
    assert [(finding.code, finding.where.line) for finding in findings] == [("unit-name-twice", 3)]


def test_the_first_register_of_units_and_groups(table: Abbreviations) -> None:
    tasks = [
        DraftTask("1", "甲", responsible=("区住建局", "区财政局", "各镇（街道）")),
        DraftTask("2", "乙", lead=("区住房城乡建设局",), responsible=("有关部门", "区政府各部门", "昆河镇")),
        DraftTask("3", "丙", responsible=("区住建局", "区自然资源局", "区自然资源和规划局")),
    ]
    found = register(tasks, table, "甲山区", "方案.docx")
    units = {unit.name: (unit.aliases, unit.kind, unit.tasks) for unit in found.units}
    assert units["区住建局"] == (("区住房城乡建设局",), "部门", 3)
    assert units["昆河镇"][1] == "镇"
    groups = {group.name: (group.kinds, group.pending) for group in found.groups}
    assert groups == {
        "各镇（街道）": (("镇", "街道"), False),
        "有关部门": ((), True),
        "区政府各部门": (("部门",), False),
    }
    assert [(each.code, each.facts["name"]) for each in found.findings] == [
        ("document-unit-near", "区自然资源和规划局"),
        ("document-group-pending", "有关部门"),
    ]


def test_the_offices_of_a_town_are_its_sections(table: Abbreviations) -> None:
    found = register([DraftTask("1", "甲", responsible=("党政办公室", "财政所", "各科室"))], table, "漪桥镇")
    assert {unit.kind for unit in found.units} == {"科室"}
    assert found.groups[0].kinds == ("科室",)
