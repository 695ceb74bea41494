"""The workbook of plan and units: its sheets and columns, and how each value is spelled in a cell.

The contract that :mod:`.plan_book_write` and :mod:`.plan_book_read` share; neither spells a title itself. What the
fields are is said by :mod:`ledgergen.plan.fields`; here is how a clerk sees them.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergen.plan.deadline_words import CONFIRMED, reading_of, words_of
from ledgergen.plan.fields import FACTS, GROUPS, TASKS, UNITS, Content, Field, Sort, Table
from ledgergen.workbook import limits

PROPERTY: Final = "ledgergen-plan"
NUMBER_LABEL: Final = "表格编号"
HELP_SHEET: Final = "说明"
KEY: Final = "key"  # the column by which a row is known again, as exported
SETTLED: Final = "settled"  # the column in which a clerk confirms what is marked 待核
DOUBT: Final = "doubt"
READING: Final = "reading"
OPINIONS: Final = "opinions"
TALLY: Final = "tally"
ITEM, CONTENT = "item", "content"  # of the facts, which stand one below the other
YES: Final = "是"

_YES: Final = frozenset({YES, "√", "✓", "✔", "对", "Y", "YES", "TRUE", "LEAD", "1", *CONFIRMED})
_NO: Final = frozenset({"", "否", "不", "无", "×", "N", "NO", "FALSE", "0"})
_SEPARATORS: Final = frozenset("、，,；;\n\t")
_OPENING, _CLOSING = frozenset("（(〈〔【[《<“"), frozenset("）)〉〕】]》>”")


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column: the key of its field, title, width in characters; ``computed`` ones are only shown, never read."""

    key: str
    title: str
    width: float
    hint: str = ""
    computed: bool = False
    centred: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet: its name, the table it shows, its columns; ``frozen`` of them stay in view."""

    name: str
    table: Table
    about: str
    columns: tuple[BookColumn, ...]
    paper: str = "A4"
    frozen: int = 1

    def column(self, key: str) -> BookColumn:
        """Give a column by its key; ``KeyError`` where there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


_NAMES: Final = "写单位名称、简称或单位类别，几个单位之间用顿号隔开"
_DOUBT: Final = BookColumn(DOUBT, "待核", 26, computed=True)
_SETTLED: Final = BookColumn(
    SETTLED, "核定", 7, "核对过“待核”的内容、认为无误的，选“确认”", centred=True, choices=("确认",)
)
TASK_SHEET: Final = BookSheet(
    "任务",
    TASKS,
    "一行一项任务，改好存盘即可；可以排序、筛选、插入行。灰色的栏由程序填写，改了不起作用。",
    (
        BookColumn("id", "编号", 6, "任务编号，定了就不再改；新增的任务写一个没有用过的编号", centred=True),
        BookColumn("section", "章节", 13, "任务上面的各级标题，每行一个"),
        BookColumn("name", "工作任务", 14),
        BookColumn("requirement", "工作要求", 42),
        BookColumn("lead", "牵头单位", 14, _NAMES),
        BookColumn("responsible", "责任单位", 26, _NAMES),
        BookColumn("supporting", "配合单位", 14, _NAMES),
        BookColumn("time_limit", "时限要求", 19, "照方案的原文写"),
        BookColumn(READING, "时限读法", 13, computed=True),
        BookColumn(
            "deadline",
            "时限核定",
            13,
            "读法不对的，在此写明：2022-12-31、每季度、信息形成后20个工作日、长期、无时限；几个之间用分号隔开",
        ),
        BookColumn("measures", "工作举措", 20, "要求所有承担单位照做的举措，每行一条"),
        BookColumn("publish", "公开网页", 7, "不上公开网页的任务选“不公开”", centred=True, choices=("公开", "不公开")),
        _DOUBT,
        _SETTLED,
        BookColumn(OPINIONS, "征求意见", 22, computed=True),
        BookColumn(KEY, "原编号", 7, computed=True, centred=True),
    ),
    "A3",
    1,
)
UNIT_SHEET: Final = BookSheet(
    "单位",
    UNITS,
    "一行一个单位。单位改名的，直接改名称，原来的名称会自动记为曾用名；一个名称只能属于一个单位。",
    (
        BookColumn("name", "单位名称", 22, "现在的全称"),
        BookColumn("kind", "单位性质", 10, "部门、镇、街道等，单位类别按它归类", centred=True),
        BookColumn("aliases", "简称和其他写法", 24, "方案里用过的其他写法，用顿号隔开"),
        BookColumn("former_names", "曾用名", 20, "以前的名称，用顿号隔开"),
        BookColumn("mail", "邮箱", 31, "收台账的邮箱，几个之间用顿号隔开"),
        BookColumn("cc", "抄送", 20, "同时抄送的邮箱，几个之间用顿号隔开"),
        BookColumn("contact", "联系人", 9, "填台账的人", centred=True),
        BookColumn("phone", "联系电话", 14, "联系人的电话", centred=True),
        BookColumn(
            "channel",
            "送达方式",
            8,
            "留空即用邮件；用 OA、工作群送的，由主办科室自己送",
            centred=True,
            choices=("邮件", "OA", "工作群"),
        ),
        BookColumn(TALLY, "任务数", 7, computed=True, centred=True),
        _DOUBT,
        _SETTLED,
        BookColumn(KEY, "原名称", 14, computed=True, centred=True),
    ),
)
GROUP_SHEET: Final = BookSheet(
    "单位类别",
    GROUPS,
    "方案里不点名、只写类别的责任单位。按性质或按名单写明有哪些单位；由牵头单位明确的，在那一栏选“是”。",
    (
        BookColumn("name", "单位类别", 28, "照方案的写法"),
        BookColumn("kinds", "按性质", 18, "这些性质的单位都算，用顿号隔开"),
        BookColumn("members", "按名单", 34, "写单位名称，用顿号隔开"),
        BookColumn("except", "除外", 18, "不算在内的单位，用顿号隔开"),
        BookColumn("pending", "由牵头单位明确", 9, "名单要等牵头单位明确的，选“是”", centred=True, choices=(YES, "否")),
        BookColumn(TALLY, "单位数", 7, computed=True, centred=True),
        _DOUBT,
        _SETTLED,
        BookColumn(KEY, "原名称", 14, computed=True, centred=True),
    ),
)
FACT_SHEET: Final = BookSheet(
    "计划",
    FACTS,
    "方案本身的情况。",
    (
        BookColumn(ITEM, "项目", 16, computed=True, centred=True),
        BookColumn(CONTENT, "内容", 70),
        BookColumn(KEY, "字段", 16, computed=True, centred=True),
    ),
)
SHEETS: Final = (TASK_SHEET, UNIT_SHEET, GROUP_SHEET, FACT_SHEET)
FACT_TITLES: Final[Mapping[str, str]] = {
    "title": "方案标题",
    "year": "年份",
    "region": "地区",
    "document_number": "文号",
    "issuer": "印发单位",
    "issued": "印发日期",
}
HELP: Final = (
    "改什么：任务、单位、单位类别、计划四张表里白色的格子都可以改，改好存盘。灰色的栏由程序填写，只供查看。",
    "几个单位写在一格里的，用顿号隔开，括号里的顿号不算；章节和工作举措每行一个（格内换行按 Alt+Enter）。",
    "新增：插入一行，写好编号或名称。删除：把整行删掉；程序先问一遍，加 --delete 才真的删。排序、筛选不影响内容。",
    "待核：这一栏写着还拿不准的地方。核对无误的，在“核定”栏选“确认”；时限读法不对的，在“时限核定”栏写明。",
    "单位改名：直接改“单位名称”，原来的名称会自动记为曾用名，方案里的旧名称照样认得。最右一栏（原编号、原名称）不要改。",
    "改好以后：运行 ledgergen plan apply 本文件。加 --dry-run 只看会改什么。有问题的会写明是哪一格。",
)


def shown(content: Content, field: Field) -> str:
    """Spell a value as its cell shows it."""
    if field.sort is Sort.WORD:
        return limits.writable(dict(field.words).get(str(content), str(content)))
    if isinstance(content, str):
        return limits.writable(YES if field.sort is Sort.FLAG and content else content)
    if isinstance(content, Mapping):
        return limits.writable(words_of(content))
    return limits.writable(("\n" if field.sort is Sort.LINES else "、").join(content))


def as_read(text: str, field: Field, known: Collection[str] = ()) -> Content | None:
    """Read what a cell holds; None where it cannot be read.

    ``known``: names that hold a separator themselves, so that they are not taken apart at it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    match field.sort:
        case Sort.TEXT:
            return text
        case Sort.NAMES:
            return split_names(text, known)
        case Sort.LINES:
            return tuple(line for each in text.split("\n") if (line := each.strip()))
        case Sort.FLAG:
            plain = unicodedata.normalize("NFKC", text).upper().rstrip("。.")
            return "lead" if plain in _YES else ("" if plain in _NO else None)
        case Sort.WORD:
            plain = unicodedata.normalize("NFKC", text).lower()
            return next((value for value, word in field.words if plain in (value, word.lower())), None if plain else "")
        case Sort.DEADLINE:
            return reading_of(text) if text else {}


def is_confirmed(text: str) -> bool:
    """Tell whether a clerk confirms; whatever else stands there does not."""
    return unicodedata.normalize("NFKC", text).strip().upper().rstrip("。.!") in _YES


def split_names(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Take a list of names apart: at 、 and other separators, but not within brackets, nor within a ``known`` name."""
    kept = [name for name in known if any(mark in name for mark in _SEPARATORS)]
    pattern = "|".join(map(re.escape, sorted(kept, key=len, reverse=True)))
    names, depth, part = [], 0, ""
    balanced = sum(mark in _OPENING for mark in text) == sum(mark in _CLOSING for mark in text)
    for piece in re.split(f"({pattern})", text) if pattern else [text]:
        if piece in kept:
            part += piece
            continue
        for character in piece:
            depth += (character in _OPENING) - (character in _CLOSING)
            if character in _SEPARATORS and (depth <= 0 or not balanced):
                names.append(part)
                part = ""
            else:
                part += character
    return tuple(name for each in [*names, part] if (name := " ".join(each.split())))
