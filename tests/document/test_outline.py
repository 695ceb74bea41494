"""Outlines as text: numbers, clauses wherever they stand, rules stated once, limits in sentences, facts."""

from datetime import date

import pytest

from ledgergen.document.draft import Draft, DraftTask
from ledgergen.document.limits import limits_in
from ledgergen.document.numbering import number_at_start
from ledgergen.document.reading import read_document
from ledgergen.findings import Finding

HEAD = """\
岚溪县人民政府办公室关于印发岚溪县2023年工作要点的通知
岚政办发〔2023〕4号
各乡镇人民政府，县政府各部门：
《岚溪县2023年工作要点》已经县政府同意，现印发给你们。
岚溪县人民政府办公室
2023年3月6日
岚溪县2023年工作要点
"""


def read(text: str) -> tuple[Draft, list[Finding]]:
    """Read an outline behind a covering notice."""
    draft, findings = read_document("plan.txt", (HEAD + text).encode())
    assert draft is not None
    return draft, findings


def tasks(text: str) -> tuple[DraftTask, ...]:
    """Give the tasks of an outline."""
    return read(text)[0].tasks


def codes(task: DraftTask) -> list[str]:
    """Give the codes of a task's doubts."""
    return [doubt.code for doubt in task.doubts]


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("第一章 总则", "chapter", "第一章"), ("第十二条 各单位", "article", "第十二条"),
        ("第二部分　优化", "part", "第二部分"), ("一、总体", "han", "一"), ("十二、总体", "han", "十二"),
        ("（一）抓", "han_bracket", "(一)"), ("(三) 围绕", "han_bracket", "(三)"), ("㈠抓", "han_bracket", "㈠"),
        ("1．锚定", "arabic", "1"), ("2、抓", "arabic", "2"), ("⒊抓", "arabic", "3"),
        ("2.2023年6月底前", "arabic", "2"), ("4．5月底前", "arabic", "4"), ("（1）抓", "arabic_bracket", "(1)"),
        ("⑵抓", "arabic_bracket", "(2)"), ("3)抓", "arabic_half", "3)"), ("①抓", "circled", "①"),
        ("1.1抓", "decimal2", "1.1"), ("2.1.3 抓", "decimal3", "2.1.3"), ("3 人事信息", "arabic_blank", "3"),
        ("A.抓", "letter", "A"),
        ("第三项 饮水工程", "item", "第三项"), ("实事2：饮水", "task", "实事2"),
        ("任务三：抓", "task", "任务三"), ("一是抓", "ordinal", "一是"),
    ],
)  # fmt: skip
def test_every_kind_of_number(text: str, kind: str, shown: str) -> None:
    found = number_at_start(text)
    assert found is not None
    assert (found.kind, found.shown) == (kind, shown)


@pytest.mark.parametrize(
    "text", ["2022年是关键之年", "12345热线", "5G网络", "VR展示", "3.5亿元", "一般情况", "十分重视"]
)
def test_what_is_no_number(text: str) -> None:
    assert number_at_start(text) is None


def test_numbers_decide_the_level_not_heading_marks_or_brackets() -> None:
    found = tasks("""\
##### 一、甲
（一）乙
1.抓好一件事。（责任单位：县财政局）
## (二)丙
1．抓好二件事。（责任单位：县财政局）
二、丁
（三）抓好三件事。（责任单位：县财政局）
""")
    assert [(task.number, task.section) for task in found] == [
        ("1", ("一、甲", "（一）乙")),
        ("1", ("一、甲", "(二)丙")),
        ("(三)", ("二、丁",)),
    ]


def test_a_heading_on_its_own_line_is_the_name_and_no_part_of_the_requirement() -> None:
    (own, same) = tasks("""\
一、甲
（一）统一文件出口。
集中公布文件，标明效力。（责任单位：县司法局）
（二）加强领导。主要负责人听取汇报。（责任单位：县财政局）
""")
    assert (own.name, own.requirement) == ("统一文件出口", "集中公布文件，标明效力。")
    assert (same.name, same.requirement) == ("加强领导", "加强领导。主要负责人听取汇报。")


def test_several_clauses_in_one_paragraph_are_several_tasks() -> None:
    found = tasks("一、甲\n（一）健全机制。建立知识库。（县财政局牵头）编写问答。（责任单位：县审计局）\n")
    assert [(task.part, task.name, task.requirement, task.lead, task.responsible) for task in found] == [
        (1, "健全机制", "健全机制。建立知识库。", ("县财政局",), ()),
        (2, "健全机制", "编写问答。", (), ("县审计局",)),
    ]


def test_a_clause_below_serves_the_items_above_it() -> None:
    found = tasks("""\
一、甲
1.完善信息发布。
（1）公布清单。
（2）公布结果。
（责任单位：县民政局）
2.公布目录。（责任单位：县医保局）
""")
    assert [(task.number, task.responsible, codes(task)) for task in found] == [
        ("(1)", ("县民政局",), []),
        ("(2)", ("县民政局",), []),
        ("2", ("县医保局",), []),
    ]
    assert found[0].section == ("一、甲", "1.完善信息发布")
    assert "responsible" in found[0].inherited


def test_a_clause_at_the_end_of_the_last_item_serves_all_and_is_doubtful() -> None:
    found = tasks("一、甲\n（一）校园安全。\n1.公布食堂信息\n2.公布校车信息\n3.公布电话（责任单位：县教育局）\n")
    assert [task.responsible for task in found] == [("县教育局",)] * 3
    assert [codes(task) for task in found] == [["doubt-shared-clause"], ["doubt-shared-clause"], []]


def test_a_clause_on_the_heading_serves_the_items_below_it() -> None:
    found = tasks("一、优化审批（牵头单位：县行政审批局）\n1.精简材料，年底前压减三成。\n2.推行告知承诺。\n")
    assert [(task.section, task.lead, task.time_limit) for task in found] == [
        (("一、优化审批",), ("县行政审批局",), "年底前"),
        (("一、优化审批",), ("县行政审批局",), ""),
    ]


def test_an_item_without_a_clause_among_others_is_a_doubtful_task() -> None:
    found = tasks("一、甲\n1.做甲事。（责任单位：县财政局）\n2.做乙事。\n3.做丙事。（责任单位：县审计局）\n")
    assert [codes(task) for task in found] == [[], ["doubt-no-units"], []]


def test_a_section_in_which_nobody_is_named_is_left_out_and_said() -> None:
    draft, findings = read("""\
一、总体要求
坚持稳中求进。
二、任务
（一）做甲事。（责任单位：县财政局）
三、保障
（一）加强领导。各单位要高度重视。
""")
    assert [task.number for task in draft.tasks] == ["(一)"]
    assert [found.facts["item"] for found in findings if found.code == "document-item-left-out"] == ["（一）加强领导"]


def test_clauses_on_lines_of_their_own_with_leaders_and_a_limit() -> None:
    (task,) = tasks("""\
一、甲
1.实施链长制。围绕八条产业链招商。
牵头领导：×××
牵头单位：县工信局
责任单位：县商务局、各乡镇人民政府
完成时限：2023年12月
""")
    assert (task.name, task.requirement) == ("实施链长制", "实施链长制。围绕八条产业链招商。")
    assert (task.lead, task.responsible) == (("县工信局",), ("县商务局", "各乡镇人民政府"))
    assert task.time_limit == "2023年12月"


def test_a_plan_without_units_has_a_task_for_every_item() -> None:
    draft, findings = read("一、总体要求\n坚持稳中求进。\n二、重点\n（一）甲事。抓好落实。\n（二）乙事。抓好落实。\n")
    assert [(task.number, task.name) for task in draft.tasks] == [("(一)", "甲事"), ("(二)", "乙事")]
    assert [found.code for found in findings].count("document-task-without-units") == 2


def test_the_first_leads_where_the_plan_says_so_once() -> None:
    found = tasks("""\
任务分工中列第一位者为牵头单位，下同。
一、甲
1.做甲事。（县财政局、县审计局）
2.做乙事。（牵头单位：县司法局；责任单位：县民政局）
3.做丙事。（有关部门、县审计局）
4.做丁事。（县统计局）
5.做戊事。（责任单位：县水利局）
""")
    assert [(task.lead, task.responsible) for task in found] == [
        (("县财政局",), ("县审计局",)),
        (("县司法局",), ("县民政局",)),
        ((), ("有关部门", "县审计局")),
        (("县统计局",), ()),
        ((), ("县水利局",)),
    ]
    assert codes(found[2]) == ["doubt-first-group"]
    assert "lead" in found[0].inherited


def test_who_shares_in_every_task_is_added_to_all_that_follow() -> None:
    found = tasks("一、要求\n以下任务均需各乡镇人民政府落实，不再列出。\n二、甲\n1.做甲事。（责任单位：县财政局）\n")
    assert found[0].responsible == ("县财政局", "各乡镇人民政府")


def test_without_a_lead_the_responsible_unit_leads_where_the_plan_says_so() -> None:
    found = tasks("""\
无牵头单位的，责任单位即为牵头单位。
一、甲
1.做甲事。（责任单位：县财政局）
2.做乙事。（牵头单位：县审计局；责任单位：县民政局）
""")
    assert [(task.lead, task.responsible) for task in found] == [(("县财政局",), ()), (("县审计局",), ("县民政局",))]


def test_a_limit_from_the_issue_is_doubtful_where_two_days_are_named() -> None:
    text = "一、甲\n1.本要点印发后30日内，列出台账。（责任单位：县财政局）\n抄送：县委办公室。\n"
    (task,) = tasks(text + "岚溪县人民政府办公室 2023年3月9日印发\n")
    assert task.deadline["due"] == "2023-04-05"
    assert codes(task) == ["doubt-two-days"]


def test_the_year_alone_is_no_limit_and_doubtful() -> None:
    (task,) = tasks("一、甲\n1.各单位于年内专题研究。（责任单位：县财政局）\n")
    assert (task.time_limit, codes(task)) == ("", ["doubt-soft-year"])


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("2022年9月底前，各区要建立专栏", ["2022年9月底前"]),
        ("参照要求，2022年年底前市政府各部门要公开", ["2022年年底前"]),
        ("2022年年底以前以村为单位公开", ["2022年年底以前"]),
        ("按季度向社会公开报告", ["按季度"]),
        ("按季度公开,汇集政策", ["按季度公开"]),
        ("每季度报送一次工作进展情况，核对信息", ["每季度报送一次工作进展情况"]),
        ("于每月8日前报送上月统计表，按期公布", ["于每月8日前报送上月统计表"]),
        ("每月10日前公布归集进度。", ["每月10日前"]),
        ("每季度末（分别在3月、6月、9月和12月底），核对", ["每季度末（分别在3月、6月、9月和12月底）"]),
        ("每季度首月10日前报送", ["每季度首月10日前报送"]),
        ("信息形成或变更之日起20个工作日内，按批次", ["信息形成或变更之日起20个工作日内"]),
        ("途径。决策文件出台后的10个工作日内，要公开", ["决策文件出台后的10个工作日内"]),
        ("各部门要于本要点发布20个工作日内，分解任务", ["于本要点发布20个工作日内"]),
        ("重要政策文件公布后3个工作日内，发布解读", ["重要政策文件公布后3个工作日内"]),
        ("问题自发现之日起15个工作日内，核实更正", ["自发现之日起15个工作日内"]),
        ("每月26日前公布。11月30日前，集中宣讲。", ["每月26日前公布", "11月30日前"]),
        ("专题培训年内不少于１次。", ["年内不少于１次"]),
        ("主要负责人每年至少听取1次汇报", ["每年至少听取1次"]),
        ("每年开展综合演练不少于2次", ["每年开展综合演练不少于2次"]),
        ("从2023年起，每年2月底前公布", ["从2023年起，每年2月底前公布"]),
        ("8月底前制定全部方案，11月底前全面完成", ["8月底前", "11月底前全面完成"]),
        ("二〇二三年十月底前完成改造", ["二〇二三年十月底前完成改造"]),
        ("建立专栏（6月底前），", ["6月底前"]),
        ("每年3月、9月各开展一次抽查。", ["每年3月、9月各开展一次抽查"]),
        ("上半年、下半年各组织一次培训。", ["上半年、下半年"]),
        # what is none
        ("定期公开，适时更新，第一时间发布，实时更新，持续推进", []),
        ("审批时间压缩至3个工作日以内", []),
        ("食品48小时留样，档案保留三年以上", []),
        ("有效期至2023年12月31日", []),
        ("本要点自2023年5月1日起施行", []),
        ("落实《2022年9月底前工作安排》", []),
        ("将8月份定为“政府开放月”", []),
        ("2022年政府工作报告", []),
    ],
)
def test_which_words_make_a_limit(text: str, limits: list[str]) -> None:
    assert limits_in(text) == limits


def test_facts_are_the_plans_own() -> None:
    draft, findings = read("一、甲\n1.落实《省要点》（省政办发〔2022〕9号）。（责任单位：县财政局）\n")
    facts = draft.facts
    assert (facts.title, facts.document_number) == ("岚溪县2023年工作要点", "岚政办发〔2023〕4号")
    assert (facts.issuer, facts.issued, facts.year) == ("岚溪县人民政府办公室", date(2023, 3, 6), 2023)
    assert (facts.region, facts.place) == ("岚溪县", "岚溪")
    assert [found.code for found in findings] == []


def test_a_fact_that_is_not_there_is_said() -> None:
    _, findings = read_document("plan.txt", "一、甲\n1.做甲事。（责任单位：县财政局）\n".encode())
    missing = {found.facts["fact"] for found in findings if found.code == "document-fact-missing"}
    assert missing == {"title", "document_number", "issuer", "issued", "year"}


def test_a_paragraph_cut_by_a_page_is_put_together() -> None:
    task, _ = tasks("""\
一、甲
1.定期公布政策执行的具

·  12 —

体情况，接受监督。（责任单位：县财

政局、县审计局）
2.公布年度目录，标明效力和文号。（责任单位：县司法局）
""")
    assert task.requirement == "定期公布政策执行的具体情况，接受监督。"
    assert task.responsible == ("县财政局", "县审计局")


def test_nothing_that_could_be_a_task_is_an_error() -> None:
    draft, findings = read_document("plan.txt", "关于召开会议的通知\n请准时参加。\n".encode())
    assert draft is not None
    assert draft.tasks == ()
    assert "document-without-tasks" in [found.code for found in findings]


def test_a_labelled_limit_on_the_last_line_is_no_signature() -> None:
    (task,) = tasks("任务1：完善清单\n工作内容：10月底前公布。\n责任单位：县司法局\n完成时限：2023年10月31日\n")
    assert (task.time_limit, task.responsible) == ("2023年10月31日", ("县司法局",))


def test_whom_to_ask_is_not_who_does_it() -> None:
    found = tasks("1.甲。做甲事。\n2.总结。请按时报送。联系人：赵某，电话：12345678。\n")
    assert [(task.units, codes(task)) for task in found] == [((), []), ((), [])]


def test_who_leads_in_a_sentence_is_taken_and_doubtful() -> None:
    found = tasks("1.计划。由信用监管处牵头，各有关处室配合，于3月10日前公布。\n2.总结。各单位牵头人要重视。\n")
    assert [(task.lead, task.supporting) for task in found] == [(("信用监管处",), ("各有关处室",)), ((), ())]
    assert [codes(task) for task in found] == [["doubt-units-in-sentence"], []]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2024年青川区数字政府建设\n任务分工方案\n一、甲\n", "2024年青川区数字政府建设任务分工方案"),
        ("平安建设\n工作实施方案\n一、甲\n", "平安建设工作实施方案"),
        ("关于开展“双随机”监管工作的通知\n各科室：\n1.甲\n", "关于开展“双随机”监管工作的通知"),
    ],
)
def test_a_title_on_two_lines_and_a_notice_that_is_the_plan(text: str, title: str) -> None:
    draft, _ = read_document("plan.txt", text.encode())
    assert draft is not None
    assert draft.facts.title == title


def test_without_a_year_no_day_is_guessed() -> None:
    draft, _ = read_document("plan.txt", "1.做甲事，12月底前完成。（责任单位：县财政局）\n".encode())
    assert draft is not None
    assert [draft.tasks[0].deadline[key] for key in ("kind", "due")] == ["fixed", None]


def test_who_does_it_with_whom_at_the_beginning_of_a_sentence() -> None:
    first, second = tasks(
        "一、排查\n1.县消防救援大队会同县教育局、县民政局对学校、医院开展检查，6月30日前完成，全年不少于2轮。\n"
        "2.整改隐患。（责任单位：县应急局）\n"
    )
    assert (first.lead, first.responsible) == (("县消防救援大队",), ("县教育局", "县民政局"))
    assert codes(first) == ["doubt-units-in-sentence"]
    assert first.time_limit == "6月30日前完成；全年不少于2轮"
    assert second.responsible == ("县应急局",)


def test_a_task_that_says_itself_who_leads_is_not_served_by_the_last_ones_clause() -> None:
    first, second = tasks(
        "一、服务\n1.由县行政审批局牵头，各部门配合，3月底前梳理清单。\n"
        "2.设置综合窗口。（责任单位：县人社局；完成时限：6月底前）\n"
    )
    assert (first.lead, first.responsible, first.supporting) == (("县行政审批局",), (), ("各部门",))
    assert (first.time_limit, first.inherited) == ("3月底前", ())
    assert (second.responsible, second.time_limit) == (("县人社局",), "6月底前")


def test_a_paper_of_projects_with_a_label_on_every_line() -> None:
    first, second = tasks(
        "第一项  饮水工程\n建设内容：更换管网18公里。\n责任单位：水利站    配合单位：财政所\n完成时限：8月底\n"
        "责任人：某人\n"
        "第二项  敬老院改造\n建设内容：新增床位40张。\n责任单位：民政办、应急办\n完成时限：10月底前投入使用\n"
    )
    assert (first.number, first.name, first.requirement) == ("第一项", "饮水工程", "建设内容：更换管网18公里。")
    assert (first.responsible, first.supporting, first.time_limit) == (("水利站",), ("财政所",), "8月底")
    assert (second.responsible, second.time_limit) == (("民政办", "应急办"), "10月底前投入使用")


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("自收到之日起1个工作日内回访、15个工作日内办结。", ["自收到之日起1个工作日内", "15个工作日内"]),
        ("持续整治环境，每年冬春两季开展集中行动。", ["每年冬春两季"]),
        ("开展检查，全年不少于2轮。", ["全年不少于2轮"]),
        ("3月、6月、9月、12月各举办一场活动。", ["3月、6月、9月、12月"]),
    ],
)
def test_limits_that_stand_beside_others(text: str, limits: list[str]) -> None:
    assert limits_in(text) == limits


def test_a_clause_without_a_label_may_end_in_deng() -> None:
    first, second = tasks("1.新增“一件事”10项。（县行政审批局，县人社局、县公安分局等）\n2.做好热线。（县热线中心）\n")
    assert (first.responsible, first.open_list) == (("县行政审批局", "县人社局", "县公安分局"), True)
    assert second.responsible == ("县热线中心",)


def test_who_only_supervises_is_nobody_responsible() -> None:
    (task,) = tasks("1.完善标线。责任单位：县公安局、县城管局；督导单位：县教育督导办\n")
    assert task.units == ("县公安局", "县城管局")


def test_two_rules_in_one_bracket() -> None:
    (task,) = tasks(
        "（以下任务排在第一位的为牵头单位，均需各街道办事处落实，不再列出）\n1.编制目录。（责任单位：县数据局、县财政局）\n"
    )
    assert (task.lead, task.responsible) == (("县数据局",), ("县财政局", "各街道办事处"))


def test_labels_behind_dashes_and_a_clause_for_several_items() -> None:
    first, *others = tasks(
        "1.开展促消费活动。\n——牵头单位：县商务局\n——配合单位：县文旅局、县融媒体中心\n"
        "2.实施技改项目60个；\n3.新增企业20家。\n（2—3项牵头单位：县工信局，责任单位：各镇街）\n"
    )
    assert (first.lead, first.supporting) == (("县商务局",), ("县文旅局", "县融媒体中心"))
    assert [(task.lead, task.responsible) for task in others] == [(("县工信局",), ("各镇街",))] * 2
