"""What each format tells: numbers and merged cells of Word, spans of a page, days of a workbook, copied tables."""

import pytest

from ledgergen.document.blocks import Paragraph, Table
from ledgergen.document.characters import number_of, tidy
from ledgergen.document.docx import read_docx
from ledgergen.document.docx_numbers import shown
from ledgergen.document.draft import DraftTask
from ledgergen.document.headers import column_of
from ledgergen.document.html import read_html
from ledgergen.document.plain_text import read_text
from ledgergen.document.reading import read_document
from ledgergen.document.sheet_days import shown_day
from ledgergen.workbook.inspect import open_package
from specimen_files import docx, paragraph, run, word, xlsx


def blocks_of(data: bytes) -> list[Paragraph | Table]:
    """Read a Word file into blocks."""
    return list(read_docx(open_package(data)).blocks)


def texts(data: bytes) -> list[str]:
    """Give the paragraphs of a Word file, with their automatic numbers."""
    return [block.number + block.text for block in blocks_of(data) if isinstance(block, Paragraph)]


def rows_of(name: str, data: bytes) -> tuple[DraftTask, ...]:
    """Read a document's tasks."""
    draft, findings = read_document(name, data)
    assert draft is not None, findings
    return draft.tasks


def test_automatic_numbers_are_counted_as_word_counts_them() -> None:
    lines = ["#han 甲", "#sub 乙", "#sub 丙", "#item 丁", "#item 戊", "#han 己", "#sub 庚"]
    assert texts(docx(lines)) == ["一、甲", "（一）乙", "（二）丙", "1.丁", "2.戊", "二、己", "（三）庚"]


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        (12, "chineseCounting", "十二"), (20, "chineseCountingThousand", "二十"), (3, "decimal", "3"),
        (7, "decimalEnclosedCircleChinese", "⑦"), (28, "upperLetter", "BB"), (14, "lowerRoman", "xiv"),
    ],
)  # fmt: skip
def test_the_formats_of_numbers(count: int, form: str, text: str) -> None:
    assert shown(count, form) == text


def test_what_is_inserted_counts_and_what_is_deleted_does_not() -> None:
    body = (
        f"<w:p>{run('做好')}<w:ins w:id='1' w:author='x'>{run('信息')}</w:ins>"
        f"<w:del w:id='2' w:author='x'><w:r><w:delText>文件</w:delText></w:r></w:del>{run('公开')}</w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('控件里的段落')}</w:sdtContent></w:sdt>"
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>{run('看得见')}</w:p>"
    )
    assert texts(word(body)) == ["做好信息公开", "控件里的段落", "看得见"]


def test_headers_and_footers_are_left_out() -> None:
    assert texts(docx(["正文"], header="某县人民政府文件")) == ["正文"]


def test_merged_cells_of_word_fill_down_and_blank_ones_stay_blank() -> None:
    table = """\
|序号|工作任务|工作要求|责任单位|时限要求
|一、重点领域|<|<|<|<
|1|政策公开|公布文件|县财政局、审计局|年底前
|2|^|公布解读|^|^
|3|财务公开|公布预算||
|序号|工作任务|工作要求|责任单位|时限要求
|4||公布决算|县审计局|6月底前
|注：一式两份。|<|<|<|<
""".splitlines()
    found = rows_of("a.docx", docx(["2023年任务表", *table]))
    assert [(task.number, task.name, task.responsible, task.time_limit) for task in found] == [
        ("1", "政策公开", ("县财政局", "县审计局"), "年底前"),
        ("2", "政策公开", ("县财政局", "县审计局"), "年底前"),
        ("3", "财务公开", (), ""),
        ("4", "", ("县审计局",), "6月底前"),
    ]
    assert {task.section for task in found} == {("一、重点领域",)}  # though 领域 would be a column's title
    assert found[1].inherited == ("name", "responsible", "time_limit", "deadline")
    assert [doubt.code for task in found for doubt in task.doubts if doubt.code.startswith("doubt")] == []


def test_roles_in_columns_of_their_own_and_two_columns_of_time() -> None:
    lines = """\
=任务
|序号|重点任务|工作举措|责任分工|<|<|时间|<|备注
|^|^|^|牵头单位|责任单位|配合单位|启动时间|完成时限|^
|1|甲|做甲事|县财政局|县审计局|无|3月|d:2023-06-30:yyyy"年"m"月"d"日"|重点
|2|乙|做乙事|县民政局|||4月|d:2023-09-15:m"月"d"日"|
""".splitlines()
    found = rows_of("a.xlsx", xlsx(lines))
    assert [(task.lead, task.responsible, task.supporting, task.time_limit) for task in found] == [
        (("县财政局",), ("县审计局",), (), "3月；2023年6月30日"),
        (("县民政局",), (), (), "4月；9月15日"),
    ]


def test_hidden_sheets_and_forms_hold_no_tasks() -> None:
    form = """\
=附件2 台账（示例）
|序号|工作任务|工作举措|时限要求|责任科室
|1|双随机|督促更新结果|4月底|
|2||||
=任务
|序号|工作任务|工作要求|责任单位|时限
|1|甲|做甲事|县财政局|年底前
""".splitlines()
    draft, findings = read_document("a.xlsx", xlsx(form))
    assert draft is not None
    assert [task.requirement for task in draft.tasks] == ["做甲事"]
    assert "document-form-left-out" in [found.code for found in findings]


@pytest.mark.parametrize(
    ("day", "code", "text"),
    [
        ("2023-06-30", 'yyyy"年"m"月"d"日"', "2023年6月30日"), ("2023-06-30", 'm"月"d"日"', "6月30日"),
        ("2023-06-03", "yyyy-mm-dd", "2023-06-03"), ("2023-06-03", "yyyy/m/d", "2023/6/3"),
        ("2023-06-30", "[$-804]yyyy年m月d日;@", "2023年6月30日"), ("2023-06-30", "General", "2023年6月30日"),
        ("08:15:00", "h:mm", ""),
    ],
)  # fmt: skip
def test_a_day_reads_as_it_is_shown(day: str, code: str, text: str) -> None:
    assert shown_day(day, code) == text


def test_spans_of_a_web_page() -> None:
    page = """<html><body><div class="nav">1.假任务（责任单位：假局）</div><table>
    <tr><th rowspan=2>序号</th><th rowspan=2>任务</th><th rowspan=2>举措</th><th colspan=2>分工</th></tr>
    <tr><th>牵头单位</th><th>配合单位</th></tr>
    <tr><td>1</td><td rowspan=2>甲</td><td>做甲事<br>到位</td><td rowspan=2>县财政局</td>
    <td>县审计局<br>县税务局</td></tr>
    <tr><td>2</td><td>做乙事</td><td>无</td></tr></table></body></html>"""
    found = rows_of("a.html", page.encode())
    assert [(task.name, task.requirement, task.lead, task.supporting) for task in found] == [
        ("甲", "做甲事到位", ("县财政局",), ("县审计局", "县税务局")),
        ("甲", "做乙事", ("县财政局",), ()),
    ]


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_the_encodings_of_web_pages(codec: str) -> None:
    declared = "" if codec == "utf-16" else f'<meta charset="{codec}">'
    page = f"<html><head>{declared}</head><body><p>一、甲</p><p>1.做甲事。（责任单位：县财政局）</p></body></html>"
    assert [task.responsible for task in rows_of("a.html", page.encode(codec))] == [("县财政局",)]


def test_layout_tables_are_walked_through_and_what_is_hidden_is_not_read() -> None:
    page = """<html><body><table><tr><td><div style="display:none">1.假事。（责任单位：假局）</div>
    <table><tr><td><p>一、甲</p><p>1.做甲事。（责任单位：县财政局）</p></td></tr></table></td></tr></table>
    <script>1.假事。（责任单位：假局）</script></body></html>"""
    assert [task.requirement for task in rows_of("a.html", page.encode())] == ["做甲事。"]


TABLE = [
    ("序号", "工作任务", "工作要求", "责任单位", "时限要求"),
    ("1", "政策公开", "公布现行有效的规范性文件，标明文号和效力", "县司法局、县政府办公室", "年底前"),
    ("2", "", "公布政策解读材料，附上咨询电话和办理流程", "", ""),
    ("3", "财务公开", "公布本级财政预算和决算，说明增减变化的原因", "县财政局", ""),
]


def _tabbed_cells() -> str:
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in TABLE)


def _tabbed_rows() -> str:
    return "\n".join("\t".join(row) for row in TABLE)


def _barred() -> str:
    rule = "|---|---|---|---|---|"
    rows = [f"| {' | '.join(row)} |" for row in TABLE]
    return "\n".join([rows[0], rule, *rows[1:]])


def _bare() -> str:
    return "\n".join(cell for row in TABLE for cell in row if cell)


@pytest.mark.parametrize("text", [_tabbed_cells(), _tabbed_rows(), _barred(), _bare()])
def test_blank_cells_of_copied_tables_go_on_from_above(text: str) -> None:
    found = rows_of("a.txt", f"2023年任务分解表\n{text}\n".encode())
    assert [(task.name, task.responsible, task.time_limit) for task in found] == [
        ("政策公开", ("县司法局", "县政府办公室"), "年底前"),
        ("政策公开", ("县司法局", "县政府办公室"), "年底前"),
        ("财务公开", ("县财政局",), "年底前"),
    ]
    assert [[doubt.code for doubt in task.doubts] for task in found] == [[], [], ["doubt-limit-from-above"]]


def test_a_row_of_copied_text_is_found_by_its_line() -> None:
    found = rows_of("a.txt", f"2023年任务分解表\n{_tabbed_cells()}\n".encode())
    assert [task.where.line for task in found] == [8, 14, 20]


def test_a_text_whose_lines_are_broken_anywhere_is_put_together() -> None:
    whole = (
        "计划的通知一、压实责任（一）明确责任。每季度检查一次。（责任单位：县安委会）"
        "二、整治隐患（二）整治燃气。完成改造。（责任单位：县住建局）"
    )
    lines = [whole[at : at + 20] for at in range(0, len(whole), 20)]
    text = "\n".join(["青山县关于印发计划的通知" + "补" * 8] * 12 + lines)
    source = read_text(text)
    assert len(source.blocks) == 1


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("2023 年 6 月", "2023年6月"), ("行 政 审 批", "行政审批"), ("VR 展示 show", "VR展示show"),
        ("[bookmark: _GoBack]2．强化", "2．强化"), ("区(qū)财政局", "区财政局"), ("open data 平台", "open data平台"),
        ("3 人事信息", "3 人事信息"), ("5 月底前", "5月底前"),
    ],
)  # fmt: skip
def test_only_what_is_no_word_of_the_author_is_taken_away(written: str, text: str) -> None:
    assert tidy(written) == text


@pytest.mark.parametrize(
    ("written", "number"),
    [("十二", 12), ("二十", 20), ("二〇二三", 2023), ("１２", 12), ("百", 100), ("甲", None), ("", None)],
)
def test_numbers_in_words(written: str, number: int | None) -> None:
    assert number_of(written) == number


def test_an_ordered_list_of_a_page_has_numbers() -> None:
    source = read_html("<html><body><ol start=3><li>甲事</li><li>乙事</li></ol></body></html>".encode())
    assert [block.number for block in source.blocks if isinstance(block, Paragraph)] == ["3.", "4."]


def test_a_list_of_faults_and_a_copied_row_whose_cells_have_several_lines() -> None:
    rows = """\
2023年安全隐患整改清单
序号\t隐患类别\t存在问题\t整改措施\t整改责任单位\t整改责任人\t整改时限
一、消防
1\t消防\t通道堵塞\t"立即清理，
设置标识"\t"应急办
派出所"\t张三\t6月底前
2\t消防\t灭火器过期\t更换\t市场监管所\t李四\t5月底前开工；
8月底前完工
3\t交通\t无信号灯\t增设\t派出所\t王五\t立行立改
"""
    found = rows_of("a.txt", rows.encode())
    assert [(task.name, task.requirement, task.responsible, task.time_limit) for task in found] == [
        ("通道堵塞", "立即清理，设置标识", ("应急办", "派出所"), "6月底前"),
        ("灭火器过期", "更换", ("市场监管所",), "5月底前开工；8月底前完工"),
        ("无信号灯", "增设", ("派出所",), "立行立改"),
    ]


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("任务序号", "number"), ("牵头部门（单位）", "lead"), ("责任单位（第一个为牵头单位）", "responsible"),
        ("市直责任单位", "responsible"), ("整改责任单位", "responsible"), ("责任单位及责任人", "responsible"),
        ("整改责任人", "person"), ("推进时序", "time"), ("一级事项", "section"), ("年度目标", "requirement"),
        ("存在问题", "problem"), ("完成情况", "other"), ("随便什么", None),
    ],
)  # fmt: skip
def test_what_a_column_holds_by_its_title(title: str, column: str | None) -> None:
    assert column_of(title) == column


def test_the_first_leads_where_the_header_says_so() -> None:
    rows = "|序号|改革事项|主要举措|责任单位（第一个为牵头单位）|完成时限\n|1|甲|做甲事|县医保局、县卫健局|年底前"
    (task,) = rows_of("a.docx", docx(["2023年改革台账", *rows.splitlines()]))
    assert (task.lead, task.responsible) == (("县医保局",), ("县卫健局",))


def test_numbers_in_the_cells_of_a_table_without_a_column_for_them() -> None:
    rows = "|重点工作|具体任务|牵头部门|完成时间\n|大气|1.改造锅炉4台|县环保局|10月底前\n|水|2.新建管网|县水务局|年底前"
    found = rows_of("a.docx", docx(["2024年任务表", *rows.splitlines()]))
    assert [(task.number, task.name, task.requirement) for task in found] == [
        ("1", "大气", "改造锅炉4台"),
        ("2", "水", "新建管网"),
    ]
    jumped = rows.replace("2.新建", "7.新建")
    found = rows_of("a.docx", docx(["2024年任务表", *jumped.splitlines()]))
    assert [(task.number, task.requirement) for task in found] == [("", "1.改造锅炉4台"), ("", "7.新建管网")]


def test_sums_below_a_table_are_no_task_and_expected_results_belong_to_it() -> None:
    rows = """\
|牵头领导|序号|工作任务|具体措施|预期目标|牵头部室|配合部室|完成时限
|县领导|1|粮食生产|落实面积|稳定在85万亩|宣教部|各部室|11月底
|合计||2项|||||
""".splitlines()
    (task,) = rows_of("a.docx", docx(["2024年任务表", *rows]))
    assert (task.name, task.requirement) == ("粮食生产", "落实面积；稳定在85万亩")
    assert (task.lead, task.supporting) == (("宣教部",), ("各部室",))


def test_numbers_in_the_names_of_a_table_without_a_column_for_them() -> None:
    rows = "|重点工作|工作内容|牵头部室|完成时限\n|1.宣讲|进企业|宣教部|年底\n|2.阵地|建书屋|宣教部|10月底"
    found = rows_of("a.docx", docx(["2024年任务表", *rows.splitlines()]))
    assert [(task.number, task.name) for task in found] == [("1", "宣讲"), ("2", "阵地")]


def test_a_notice_that_is_the_plan_itself_has_its_own_title() -> None:
    text = "甲县教育局\n关于开展2023年校园安全督导的通知\n各学校：\n"
    text += "1.排查隐患，按照《教育督导问责办法》问责。（责任单位：各学校）\n"
    draft, _ = read_document("a.txt", text.encode())
    assert draft is not None
    assert draft.facts.title == "甲县教育局关于开展2023年校园安全督导的通知"


def test_contents_and_points_of_an_evaluation() -> None:
    rows = "|序号|督导内容|评估要点|责任科室|时间安排\n|1|学前教育|公办园占比达到55%|基教股|9月底前"
    (task,) = rows_of("a.docx", docx(["2024年督导评估任务表", *rows.splitlines()]))
    assert (task.name, task.requirement, task.responsible) == ("学前教育", "公办园占比达到55%", ("基教股",))


def test_a_table_copied_cell_by_cell_that_cannot_be_put_together_is_a_finding() -> None:
    titles = ["类别", "序号", "改革事项", "主要举措", "责任分工", "完成时限", "", "牵头单位", "责任单位"]
    text = "\n".join(["2024年重点任务分工方案", *titles, "一、市场", "1", "甲", "做甲事", "县财政局"])
    draft, findings = read_document("a.txt", text.encode())
    assert draft is not None
    assert (draft.tasks, draft.facts.title) == ((), "2024年重点任务分工方案")
    assert ("document-table-flat", 2) in [(found.code, found.where.line) for found in findings]


def test_lists_of_a_page_that_take_turns_are_of_two_levels() -> None:
    page = """<html><body><ol><li>深化公开</li></ol><ol><li>公布预算。（责任单位：县财政局）</li>
    <li>公布决算。（责任单位：县审计局）</li></ol><ol start=2><li>强化保障</li></ol>
    <ol start=3><li>组织培训。（责任单位：县政府办公室）</li></ol></body></html>"""
    found = rows_of("a.html", page.encode())
    assert [(task.number, task.section) for task in found] == [
        ("1", ("1.深化公开",)),
        ("2", ("1.深化公开",)),
        ("3", ("2.强化保障",)),
    ]
    nested = """<html><body><ol><li>深化公开<ol><li>公布预算。（责任单位：县财政局）</li></ol></li>
    <li>强化保障<ol><li>组织培训。（责任单位：县政府办公室）</li></ol></li></ol></body></html>"""
    assert [task.section for task in rows_of("a.html", nested.encode())] == [("1.深化公开",), ("2.强化保障",)]


def test_a_label_on_a_line_of_its_own_does_not_go_on_with_the_line_above() -> None:
    page = """<html><body>
    <div>任务一：开展巡查<br>具体要求：查培训机构。<br>牵头科室：监管科<br>完成时限：10月31日前</div>
    <div>任务二：规范服务<br>具体要求：公布清单。<br>牵头科室：基教科<br>完成时限：长期坚持</div></body></html>"""
    found = rows_of("a.html", page.encode())
    assert [(task.name, task.requirement, task.lead) for task in found] == [
        ("开展巡查", "具体要求：查培训机构。", ("监管科",)),
        ("规范服务", "具体要求：公布清单。", ("基教科",)),
    ]


@pytest.mark.parametrize("issuer", ["南屏县人民政府教育督导室", "平湖区深化“放管服”改革协调小组办公室"])
def test_issuers_of_other_kinds(issuer: str) -> None:
    text = f"{issuer}\n关于印发2024年工作要点的通知\n各单位：\n请认真落实。\n{issuer}\n2024年5月6日\n1.做好工作。\n"
    draft, _ = read_document("a.txt", text.encode())
    assert draft is not None
    assert draft.facts.issuer == issuer


@pytest.mark.parametrize(
    ("title", "note"), [("责任科室（牵头第一）", ""), ("责任科室", "注：1.责任科室排名第一的为牵头科室。")]
)
def test_who_leads_is_said_in_the_header_or_in_the_note_below(title: str, note: str) -> None:
    rows = ["|条线|序号|工作任务|" + title + "|完成时间", "|党建|1|发展党员|党建办、各社区|11月底前"]
    (task,) = rows_of("a.docx", docx(["2024年任务清单", *rows, note]))
    assert (task.section, task.lead, task.responsible) == (("党建",), ("党建办",), ("各社区",))
