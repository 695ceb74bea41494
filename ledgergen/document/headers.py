"""The words at the head of a table's columns: which column holds what."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from ledgergen.document.characters import fold
from ledgergen.document.simplified import simplified


class Column(StrEnum):
    """What a column of a task table holds."""

    NUMBER = "number"
    SECTION = "section"
    NAME = "name"
    REQUIREMENT = "requirement"
    LEAD = "lead"
    RESPONSIBLE = "responsible"
    SUPPORTING = "supporting"
    TIME = "time"
    PERSON = "person"
    PROBLEM = "problem"
    OTHER = "other"


UNIT_COLUMNS: Final = (Column.LEAD, Column.RESPONSIBLE, Column.SUPPORTING)

_BODY: Final = "(?:单位|部门|部室|科室|处室|股室|机构|主体|方|局|镇街|办公室)"
# Titles come folded: half width, no blanks, simplified.
_NOT_ASKED: Final = (
    r".*(备注|说明|依据|来源|电话|联系|网址|链接|格式|方式|渠道|载体|栏目|分值|得分|评分|权重|进展|完成情况"
    r"|落实情况|状态|文号|附件)"
)
_ANSWERING: Final = (
    r"(市[级直]?|区[级直]?|县[级直]?|省[级直]?|主要|具体|直接|相关|有关|整改|治理|整治)?(责任|整改|治理|整治|主责|承办|落实|实施|执行|承担|负责|公开|任务|工作)(责任)?"
    rf"{_BODY}|责任(分工|主体|落实)|(任务)?分工|(牵头|责任|配合)(、|及|和|\(|/)(牵头|责任|配合).*{_BODY}\)?|单位|部门"
)
_ASKED: Final = (
    r".{0,6}(要求|举措|措施|内容|做法|描述|标准|路径|细化|分解|明细)(和|及|与|、)?(要求|标准|内容|目标|措施)?"
    r"|(评估|考核|检查|督导|督查|测评|评价|考评|验收)要点"
    r"|具体(工作)?(任务|事项)|(年度|预期)(目标|成效|效果)(任务)?|二级任务|子任务|工作目标|目标任务|任务目标"
)
# The first that fits counts.
_TITLES: Final = (
    (Column.NUMBER, r"(任务)?(序|编)号|序|号|项次|no\.?|条目号"),
    (Column.RESPONSIBLE, r"(责任|主责)(单位|部门|科室)(及|和|与|/|、)(责任人|负责人|责任领导)"),
    (Column.PROBLEM, r"(存在|主要)?的?(问题|隐患|短板|不足)(隐患|内容|描述|情况|表现|清单|事项)?"),
    (Column.OTHER, _NOT_ASKED),
    (Column.PERSON, r".*(领导|负责人|责任人|联系人|经办人|联络员|姓名|主管|分管|包保|专班)"),
    (Column.SUPPORTING, rf"(主要)?(协同|配合|协办|协助|参与|参加|支持|会办){{1,2}}(责任)?{_BODY}?"),
    (Column.LEAD, rf"(市[级直]?|区[级直]?|县[级直]?|省[级直]?)?总?(牵头|主办|第一责任)(责任|负责)?{_BODY}?"),
    (Column.RESPONSIBLE, _ANSWERING),
    (Column.TIME, r".*(时限|期限|时间|时序|月份|进度(要求|安排)|节点|日期)(要求|安排|节点)?.{0,6}"),
    (Column.SECTION, r".*(类别|领域|板块|条线|分类|类型|章节|方面|一级(任务|指标|目标|事项)|部分|大项|维度|模块)"),
    (Column.REQUIREMENT, _ASKED),
    (
        Column.NAME,
        r".{0,6}(任务|事项|项目|要点|指标|名称|实事|工作)(名称|项目|事项|清单)?|任务项|(工作)?任务(及|和|与)目标",
    ),
)
_PATTERNS: Final = tuple((column, re.compile(pattern, re.IGNORECASE)) for column, pattern in _TITLES)
_LONGEST: Final = 24
SCORES: Final = re.compile("分值|得分|扣分|评分|赋分")
_LEAST: Final = 3  # titles known, lest two words in a sentence make a header


def column_of(title: str) -> Column | None:
    """Tell what a column holds by its title; None where the title is none of the known ones."""
    bare = fold(simplified(title)).strip(":;。")
    bare = re.sub(r"\([^()]*\)$", "", bare) or bare.strip("()")
    if not bare or len(bare) > _LONGEST:
        return None
    return next((column for column, pattern in _PATTERNS if pattern.fullmatch(bare)), None)


def is_header(cells: Sequence[str]) -> bool:
    """Tell whether a row is the header of a task table: enough known titles, and one that tasks are made of."""
    texts = list(dict.fromkeys(cell for cell in cells if cell.strip()))
    known = [column for text in texts if (column := column_of(text))]
    if len(known) < max(_LEAST, (len(texts) + 1) // 2):
        return False
    return bool({Column.REQUIREMENT, Column.NAME, Column.PROBLEM} & set(known))


def columns_of(header: Sequence[Sequence[str]]) -> list[Column]:
    """Tell what each column holds by the rows of its header, the lowest first: 责任分工 › 牵头单位 is the lead.

    Of several name columns before a requirement the last is the name, those before are sections. Without any
    requirement the last name column is the requirement, and a name column before it stays the name. In a list of
    faults to be mended the fault is the name of what is to be done.
    """
    columns = []
    for titles in zip(*header, strict=True):
        distinct = list(dict.fromkeys(title for title in titles if title.strip()))
        found = [column for title in reversed(distinct) if (column := column_of(title))]
        columns.append(found[0] if found else Column.OTHER)
    return _distinct(_without_offices(columns, header))


def _without_offices(columns: list[Column], header: Sequence[Sequence[str]]) -> list[Column]:
    """Leave out the sections inside units where the units themselves have a column: 责任单位, 责任科室."""
    offices = [
        column is Column.RESPONSIBLE and _is_office(titles)
        for column, titles in zip(columns, zip(*header, strict=True), strict=True)
    ]
    units = [column is Column.RESPONSIBLE and not office for column, office in zip(columns, offices, strict=True)]
    return [Column.OTHER if office and any(units) else column for column, office in zip(columns, offices, strict=True)]


def _is_office(titles: Sequence[str]) -> bool:
    return any(re.search("[科处股]室", title) for title in titles)


def _distinct(columns: list[Column]) -> list[Column]:
    """Let there be one name and one requirement; a fault is the name where there is none."""
    unnamed = Column.NAME not in columns
    columns = [(Column.NAME if unnamed else Column.OTHER) if each is Column.PROBLEM else each for each in columns]
    requirements = [place for place, column in enumerate(columns) if column is Column.REQUIREMENT]
    names = [place for place, column in enumerate(columns) if column is Column.NAME]
    if not requirements and len(names) > 1:
        columns[names[-1]] = Column.REQUIREMENT
        requirements, names = names[-1:], names[:-1]
    if not names and len(requirements) > 1:
        columns[requirements[0]] = Column.NAME
    for place in names[:-1]:
        columns[place] = Column.SECTION
    return columns
