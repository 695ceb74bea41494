"""The words of the reports: states, signs, verdicts and severities in Chinese; lists of names that stay short."""

from collections.abc import Iterable, Mapping
from typing import Final

from ledgergen.catalogue import Severity
from ledgergen.messages import translator
from ledgergen.returns.decisions import Verdict
from ledgergen.state.entries import CONTINUING, DONE, NOT_CONCERNED, NOT_RETURNED, NOT_STARTED, UNDER_WAY
from ledgergen.state.light import Colour, Light, Stage
from ledgergen.state.light_words import colour_text, days_text, marks_text, reason_text, stage_text

CHINESE: Final = translator("zh")  # what goes to leaders and units is in Chinese whatever the terminal speaks
LIGHTS: Final[Mapping[Colour, str]] = {colour: colour_text(colour, CHINESE) for colour in Colour}
STAGES: Final[Mapping[Stage, str]] = {stage: stage_text(stage, CHINESE) for stage in Stage}
WANTED: Final[Mapping[str, str]] = {"asked": "单位请求协调", "pending": "其他责任单位待牵头单位明确"}
MOVES: Final[Mapping[str, str]] = {"better": "好转", "worse": "变差", "state": "状态变动", "new": "新增"}
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
先数任务，后数任务分工：一项任务与一个单位的对应是一项任务分工，角色取其最强者。各阶段互不重复，相加等于总数；经认可不涉及的不计。
状态以单位所填“落实状态”为准，“已完成”是单位报完成、待核查；一项任务的状态和灯按牵头单位（没有牵头的按全部责任单位）取其最差。
红灯：已过时限未完成，未报送的同；黄灯：距时限{yellow}天以内，或没有日期而{stale}天以上无进展，或下发时临期；绿灯：已完成或按时序；灰灯：尚未报送，或报不涉及待认可。
按信息形成日期起算的，只看最新一条；按季度、按月的，看最早一个未公开的期。工作日按法定日历数；有日期的时限，“持续推进”不算完成。
首次报送日（邮件以服务器收到日、其他以首次收取日为准，北京时间）晚于报送截止日的，计迟报。
""".splitlines()
)


def named(names: Iterable[str], most: int, counter: str = "家") -> str:
    """List names, at most so many, and say how many there are where some are left out: 甲、乙等35家."""
    found = list(names)
    listed = "、".join(found[:most])
    return listed if len(found) <= most else f"{listed}等{len(found)}{counter}"


def why(light: Light) -> str:
    """Say why a light has its colour, with its marks behind, in Chinese."""
    marks = marks_text(light, CHINESE)
    return reason_text(light, CHINESE) + (f"（{marks}）" if marks else "")


def days_of(light: Light) -> str:
    """Write how many days a light is overdue or late; empty where it is neither."""
    return "" if light.days is None else days_text(light.days, light.unit, CHINESE)
