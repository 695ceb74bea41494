"""The facts of a document: title, number, issuer, day of signing and of printing, year, region."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from ledgergen.document.blocks import Paragraph, Source, Table
from ledgergen.document.characters import number_of, tidy
from ledgergen.document.headers import is_header
from ledgergen.document.numbering import number_at_start
from ledgergen.document.simplified import simplified

_PLAN: Final = (
    r"(?:方案|要点|计划|清单|分解表|分工表|任务表|一览表|意见|办法|细则|措施|安排|台账|规划|目录|分工|分解|要求|纲要|任务"
    r"|表|行动|部署|制度)"
)
_NUMBER: Final = re.compile(r"[一-鿿]{2,14}[〔\[（(【［﹝][0-9]{4}[〕\]）)】］﹞]第?[0-9]{1,4}号")
_DAY: Final = (
    r"(?:[0-9]{4}|[〇○零一二三四五六七八九O]{4})年(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})日"
)
_ISO_DAY: Final = r"20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
_DATE: Final = re.compile(_DAY)
_ISO_DATE: Final = re.compile(_ISO_DAY)
_DATE_MARKS: Final = re.compile("[年月日/.-]")
_SIGNED: Final = re.compile(rf"(?:成文日期|发文日期|签发日期|印发日期|发布日期|生成日期)[:：]?({_DAY}|{_ISO_DAY})")
_PRINTED: Final = re.compile(rf"({_DAY})(?:印发|印制|印)(?:$|[^给〈《])")
_BODY_NAME: Final = (
    r"[一-鿿“”]{2,24}?(?:人民政府办公室|人民政府办公厅|人民政府|政府办公室|政府办公厅|委员会办公室|委员会|管委会|管理委员会|领导小组办公室|领导小组"
    r"|办公室|办公厅|(?:督导|研究|参事|文史|接待)室|局|厅|委|部|中心|大学|学院|学校|医院|院|办事处|党委|集团|公司)"
)
_ISSUED_BY: Final = re.compile(rf"^({_BODY_NAME})(?=关于|《)")
_ISSUER_FACT: Final = re.compile(
    rf"(?:发布机构|发文机关|发文单位|制发机关|印发单位|发布单位)[:：]?({_BODY_NAME})(?=$|[^一-鿿]|索引|文号|成文|发文|发布|标题|主题|公开)"
)
_FILE_HEAD: Final = re.compile(rf"^({_BODY_NAME})文件$")
_BODY_ALONE: Final = re.compile(rf"^{_BODY_NAME}$")
_QUOTED: Final = re.compile(rf"《((?:[^《》]|《[^《》]*》){{4,80}}{_PLAN}(?:[（(][^（）()]{{1,20}}[）)])?)》")
_DECREE: Final = re.compile(
    r"关于(?:印发|下发|发布|公布|转发)(?:《([^《》]{4,60})》|((?:(?!印发|下发|转发)[^《》，。；]){4,60}?))的?(?:通知|公告|函)"
)
_APPROVED: Final = re.compile(
    rf"(?:现将)?《([^《》]{{4,60}}{_PLAN}(?:[（(][^（）()]{{1,20}}[）)])?)》(?=[^《》。]{{0,30}}(?:印发|同意|通过|审议|下发|发给))"
)
_TITLE_LINE: Final = re.compile(rf"^[^，。；：]{{6,50}}{_PLAN}(?:[（(][^（）()]{{1,20}}[）)])?$")
_NOTICE: Final = re.compile(r"(?:[一-鿿]{2,40}?)?关于[^。；;：:]{4,70}的?(?:通知|意见|公告|通告|函|报告|决定|批复)")
_ISSUING: Final = re.compile("印发|下发|发布|公布|转发")
_UNFINISHED: Final = re.compile(r"(?!附件|附表|[^一-鿿0-9])[^，。；：:、！？]{4,36}(?<![号日页])")
_FRAGMENT: Final = re.compile("^(工作|实施|活动|专项|任务|责任|重点|行动|分工|分解|考核|整治|整改).{0,8}$")
_YEAR: Final = re.compile(r"(20[0-9]{2}|19[0-9]{2})(?=年|[—－-]|~|至)")
_HAN_YEAR: Final = re.compile(r"([二][〇○零一二三四五六七八九]{3})年")
_REGION: Final = re.compile(
    r"(?:[一-鿿]{2,7}?(?:省|自治区))?(?:[一-鿿]{2,6}?(?:市|州|盟|地区))?([一-鿿]{1,7}?(?:新区|[市区县旗镇乡]|街道))(?=人民政府|政府|委|人大|办|街道|$)"
)
_STEM_END: Final = re.compile("(市|区|县|旗|镇|乡|街道|新区)$")
_HEAD_BLOCKS: Final = 60
_HEAD_ROWS: Final = 12
_APART: Final = re.compile(r"\n|\s{2,}|\u3000+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says of itself; empty or None where it does not say it.

    ``issued`` is the day of signing (成文日期), ``printed`` that of printing (印发), ``region`` the place the issuer
    belongs to (淄川区).
    """

    title: str = ""
    document_number: str = ""
    issuer: str = ""
    issued: date | None = None
    printed: date | None = None
    year: int | None = None
    region: str = ""

    @property
    def place(self) -> str:
        """Give the stem of the region's name: 淄川."""
        stem = _STEM_END.sub("", self.region)
        return stem if len(stem) > 1 else ""


def facts_of(source: Source) -> Facts:
    """Find the facts of a document."""
    lines = [line for line in _head_lines(source) if line]
    everything = "".join(lines)
    title = _title(lines, everything, source)
    issuer, issued = _signature(lines, everything)
    year = _year(title) or (issued.year if issued else None) or _year(everything[:2000])
    number = _number(lines, everything)
    region = _region(issuer) or _region_in_title(title)
    return Facts(title, number, issuer, issued, _printed(source), year, region)


def _head_lines(source: Source) -> Iterator[str]:
    """Give the lines before the plan's own text: enough of the beginning, with the first rows of tables."""
    yield from map(_line, source.titles)
    for block in source.blocks[:_HEAD_BLOCKS]:
        if isinstance(block, Paragraph):
            yield from (_line(line) for line in block.text.split("\n"))
        else:
            yield _line(block.caption)
            yield from _table_lines(block)


def _table_lines(table: Table) -> Iterator[str]:
    """Give the lines above a table's header, and the cells of a table that only holds facts (索引号, 发文机关)."""
    header = next((row for row, cells in enumerate(table.rows) if is_header(cells)), None)
    for row in table.rows[: _HEAD_ROWS if header is None else header]:
        yield from (_line(part) for cell in row for part in _APART.split(cell))


def _line(text: str) -> str:
    return simplified(tidy(text))


def _title(lines: Sequence[str], everything: str, source: Source) -> str:
    """Give the plan's title: the words in 《》 of the covering notice, else of its heading, else the plan's line."""
    for pattern in (_APPROVED, _DECREE):
        if found := pattern.search(everything[:6000]):
            return next(group for group in found.groups() if group)
    candidates = [line for line in _whole_lines(lines) if _is_title(line)]
    with_year = [line for line in candidates if _year(line)]
    if with_year or candidates:
        return (with_year or candidates)[0]
    notice = _notice(lines)
    if notice and not _ISSUING.search(notice):  # the notice is the plan itself; what it cites is another's
        return notice
    if found := _QUOTED.search(everything[:3000]):
        return found[1]
    if notice:
        return notice
    return next((block.sheet for block in source.blocks if isinstance(block, Table) and len(block.sheet) > 8), "")  # noqa: PLR2004


def _whole_lines(lines: Sequence[str]) -> Iterator[str]:
    """Give the lines, a title on two lines as one: 2023年平安建设 / 考核评价实施细则."""
    for above, below in pairwise([*lines, ""]):
        cut = _UNFINISHED.fullmatch(above) and not _TITLE_LINE.match(above) and not _BODY_ALONE.match(above)
        rest = _FRAGMENT.match(below) or (_year(above) and not _year(below))
        if cut and rest and _is_title(above + below):
            yield above + below
        yield above


def _is_title(line: str) -> bool:
    return bool(_TITLE_LINE.match(line)) and not number_at_start(line) and not _is_decree(line)


def _notice(lines: Sequence[str]) -> str:
    """Give the title of a notice that is the plan itself; it may stand on several lines."""
    for place in range(len(lines)):
        for end in range(place + 1, min(place + 4, len(lines) + 1)):
            if _NOTICE.fullmatch(text := "".join(lines[place:end])):
                return text
    return ""


def _is_decree(line: str) -> bool:
    return line.endswith("的通知") or "关于印发" in line


def _number(lines: Sequence[str], everything: str) -> str:
    """Give the document's own number: one that stands alone or behind 文号, not one that is cited."""
    for line in lines:
        found = _NUMBER.search(line)
        if found and (found.start() == 0 or line[: found.start()].endswith(("文号：", "文号:", "字号：", "号：", " "))):
            return found[0]
    found = next(
        (
            each
            for each in _NUMBER.finditer(everything[:3000])
            if everything[each.start() - 1 : each.start()] not in "（(》"
        ),
        None,
    )
    return _own_number(found[0]) if found else ""


def _own_number(number: str) -> str:
    """Cut off what runs into the number from before: 通知菏区政办发〔2022〕15号."""
    return re.sub(r"^.*(?:通知|文件|方案|要点|文号)", "", number)


def _signature(lines: Sequence[str], everything: str) -> tuple[str, date | None]:
    """Give who signed and when: a body's name on a line of its own with a day below it, or facts of a web page."""
    signed = _SIGNED.search(everything[:6000])
    issued = _date_in(signed[1]) if signed else None
    issuer = _named_issuer(lines)
    for above, below in pairwise(lines):
        day = _DATE.fullmatch(below) or _ISO_DATE.fullmatch(below)
        if day and (_BODY_ALONE.match(above) or above == issuer):
            return issuer or above, issued or _date_in(below)
    for line in lines:
        if (
            (day := _DATE.search(line))
            and day.end() == len(line)
            and (body := _BODY_ALONE.match(line[: day.start()].split(" ")[-1]))
        ):
            return issuer or body[0], issued or _date_in(day[0])
    if issued is None:
        issued = next((_date_in(line) for line in lines if _DATE.fullmatch(line)), None)
    if issued is None and issuer and (day := re.search(re.escape(issuer) + f"({_DAY})", everything)):
        issued = _date_in(day[1])
    return issuer, issued


def _named_issuer(lines: Sequence[str]) -> str:
    for line in lines:
        if found := _ISSUER_FACT.search(line):
            return found[1]
    for pattern in (_ISSUED_BY, _FILE_HEAD):
        if found := next((match for line in lines if (match := pattern.match(line))), None):
            return found[1]
    for above, below in pairwise(lines):
        if _BODY_ALONE.match(above) and below.startswith("关于"):
            return above
    return ""


def _printed(source: Source) -> date | None:
    """Give the day of printing in the copy list: 2022年5月23日印发."""
    paragraphs = [_line(block.text) for block in source.blocks if isinstance(block, Paragraph)]
    for text in reversed(paragraphs[-400:]):
        if len(text) < 200 and (found := _PRINTED.search(text)):  # noqa: PLR2004 - not in the text itself
            return _date_in(found[1])
    return None


def _date_in(text: str) -> date | None:
    found = _DATE.search(text) or _ISO_DATE.search(text)
    numbers = [number_of(part) for part in _DATE_MARKS.split(found[0]) if part] if found else []
    if len(numbers) != 3 or None in numbers:  # noqa: PLR2004 - year, month, day
        return None
    try:
        return date(*(number or 0 for number in numbers))
    except ValueError:
        return None


def _year(text: str) -> int | None:
    if found := _YEAR.search(text):
        return int(found[1])
    found = _HAN_YEAR.search(text)
    return number_of(found[1]) if found else None


def _region(issuer: str) -> str:
    found = _REGION.match(issuer)
    return found[1] if found else ""


def _region_in_title(title: str) -> str:
    found = re.search(r"(?:年|^)([一-鿿]{2,6}?[市区县镇乡])(?=.{4,})", title)
    return found[1] if found else ""
