"""The words of the reports: states, signs, verdicts and severities in Chinese; lists of names that stay short."""

from collections.abc import Iterable, Mapping
from typing import Final

from ledgergen.catalogue import Severity
from ledgergen.returns.decisions import Verdict
from ledgergen.state.entries import CONTINUING, DONE, NOT_CONCERNED, NOT_RETURNED, NOT_STARTED, UNDER_WAY

# What a unit says is done is a claim until the office has looked at it.
DONE_IN_FULL: Final = "已完成（报完成待核查）"

SIGNS: Final[Mapping[str, str]] = {
    DONE: "完",
    CONTINUING: "续",
    UNDER_WAY: "推",
    NOT_STARTED: "未",
    NOT_CONCERNED: "—",
    NOT_RETURNED: "缺",
}
SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "错误",
    Severity.WARNING: "警告",
    Severity.NOTE: "提示",
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.ACCEPTED: "采用",
    Verdict.DUPLICATE: "重复（内容与先前来件相同）",
    Verdict.SUPERSEDED: "已被后来的报送件取代",
    Verdict.REVIEW: "待人工核定",
    Verdict.REJECTED: "未采用（不能读取或不能识别）",
    Verdict.IGNORED: "已搁置",
}
HELD: Final = "旧文件或旧版台账，待确认，未改变填报内容"
REASONS: Final[Mapping[str, str]] = {
    "codes": "编码",
    "number": "台账编号",
    "marks": "文件标记",
    "name": "单位名称",
    "texts": "任务文字",
}
COUNTING: Final = tuple(
    """\
先数任务，后数任务分工。任务是方案中的一项工作任务；任务分工是一项任务与一个单位的对应，同一任务、同一单位只计一次，角色取其最强者（牵头、责任、配合）。
各行举措的状态以单位填报的“落实状态”为准；未收到可判读的状态的，计“未报送”。“已完成”是单位报完成，待核查。
状态合并：各行相同的取其相同；“不涉及”与其他状态并存时不计；只有“已完成”和“持续推进”的，计“持续推进”；只有“未报送”和“未启动”的，计“未启动”；其余不一致的，计“推进中”。
一项任务分工的状态由本单位各行举措合并；一项任务的状态由牵头单位的状态合并，没有牵头单位的由全部责任单位合并，二者都没有的由全部单位合并。
首次报送日（邮件以服务器收到日、其他以首次收取日为准，北京时间）晚于报送截止日的，计迟报。重复来件不计差错。
""".splitlines()
)


def named(names: Iterable[str], most: int, counter: str = "家") -> str:
    """List names, at most so many, and say how many there are where some are left out: 甲、乙等35家."""
    found = list(names)
    listed = "、".join(found[:most])
    return listed if len(found) <= most else f"{listed}等{len(found)}{counter}"
