"""Which words of an outline make a time limit: a date, a number of days after something, or a rhythm.

A document with a time column says its limits there; only where there is none are they looked for in the sentences
(truth format, "Which words make a time limit"). Soft words (定期, 及时, 适时, 第一时间, 持续, 年内 alone) make none;
nor do targets (压缩至3个工作日以内), counts (48小时留样), least lengths, how long something is valid or kept.
"""

import re
from typing import Final, NamedTuple

from ledgergen.document.characters import plain_digits

_HAN: Final = "〇○零一二三四五六七八九十百两"
_N: Final = rf"(?:[0-9]{{1,4}}|[{_HAN}]{{1,5}}|半)"
_YEAR: Final = r"(?:(?:[0-9]{4}|[〇○零一二三四五六七八九]{4})年度?|[今本明次当]年度?|每年度?)"
_MONTH: Final = r"(?:(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?)"
_DAY: Final = r"(?:(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号])"
_BEFORE: Final = r"(?:之前|以前|前)"
_HOUR: Final = r"(?:上午|下午|中午)?(?:下班|上班)?"
_QUARTER: Final = r"(?:第?[一二三四1-4]季度|[上下]半年)"
_WORKING: Final = r"(?:个?工作日|个?自然日|日|天|周|个?星期|个?月|个?小时)"
_INSIDE: Final = r"(?:以内|之内|内)"
_LEAST: Final = r"(?:至少|不少于|不低于)"
_TIMES: Final = rf"{_N}(?:轮次|场次|[次轮场])(?:以上)?"

_SPAN: Final = rf"{_YEAR}?{_MONTH}{_DAY}?(?:至|到|—|－|-|~|～){_YEAR}?{_MONTH}{_DAY}?"
# 每季度末（分别在3月、6月、9月和12月底）, 每年1月31日前, 每季度末月20日前, 每月后10个工作日内, 每年至少1次
_EVERY: Final = (
    r"(?:[从自][^，,。；;]{1,12}起[，,]?)?(?:在)?每(?:个?(?:季度|半年|学[年期](?![^，,。；;]{0,6}[前后])|年度?|月度?|周|星期|旬|日|天)"
    r"|[两双二三四六][个]?月|[0-9]个月)(?:[春夏秋冬]{1,2}[两二]?季)?(?:年底|年末|月底|月末|末月|末|底|初|[上中下]旬)?的?"
    rf"(?:{_MONTH}(?:[、和及]{_MONTH})+|第?[0-9一二三]个?月|首月)?的?{_MONTH}?的?{_DAY}?(?:底|末|[上中下]旬)?{_BEFORE}?(?:[（(][^（）()]{{1,30}}[）)])?"
    rf"(?:(?:结束|终了)?(?:之后|后)的?{_N}{_WORKING}{_INSIDE}?)?"
    rf"(?:[^，,。；;、]{{0,12}}?{_LEAST}[^，,。；;、]{{0,6}}?{_TIMES})?"
)
_BY_PERIOD: Final = (
    r"按(?:季度?|月度?|年度?|周|半年|旬)(?=公开|更新|报送|公布|发布|通报|调度|向|对|开展|汇总|报告|公示|组织|进行|梳理"
    r"|统计|上报|推送|[，,。；;、]|$)"
)
_RHYTHMS: Final = (
    _EVERY,
    rf"{_MONTH}(?:[、和及]{_MONTH})+(?=各|分别)",
    _BY_PERIOD,
    rf"次(?:月|年|季度?)(?:首月)?{_MONTH}?{_DAY}{_BEFORE}",
    r"逐[月季年](?=公开|更新|报送|公布|发布|通报|调度|[，,。；;]|$)",
    rf"(?:年内|全年)[^，,。；;]{{0,24}}?{_LEAST}[^，,。；;、]{{0,4}}?{_TIMES}",
)
_DATES: Final = (
    rf"{_QUARTER}(?:[、和及]{_QUARTER})+",
    rf"(?:{_YEAR}的?)?{_MONTH}{_DAY}{_HOUR}{_BEFORE}",
    rf"(?:{_YEAR}的?)?{_MONTH}(?:底|末|[上中下]旬|月中|初){_BEFORE}?",
    rf"(?:{_YEAR}的?)?{_MONTH}{_BEFORE}",
    rf"(?:{_YEAR}的?|当)?(?:年底|年末|年终|年中){_BEFORE}?|{_YEAR}(?:底|末|终){_BEFORE}?",
    rf"{_YEAR}{_BEFORE}",
    rf"(?:{_YEAR}的?)?{_QUARTER}(?:末月?{_DAY}?|底)?{_BEFORE}",
    rf"(?<=[于在至到])(?:{_YEAR}的?)?{_MONTH}{_DAY}(?!起)",
    rf"(?:本|下|下个)?(?:周|星期)[一二三四五六日天末]{_HOUR}{_BEFORE}",
    rf"(?:春节|国庆节?|元旦|五一|中秋节?|清明节?|端午节?|“?十一”?){_BEFORE}",
)
# What counts only at the beginning of its part of the sentence.
_BEGINNINGS: Final = (rf"(?:{_YEAR}的?)?{_QUARTER}(?!的|工作|总结|数据|情况|以来)", rf"(?:{_YEAR}的?)?{_MONTH}(?<=份)")
_AFTER: Final = (
    rf"[^，。；：,;:\s]{{1,40}}?(?:之日起|之日后|之后|以后|后|起|发布|公布|印发|下发)的?{_N}{_WORKING}{_INSIDE}",
    rf"(?<![至到了达过足超])(?:在)?{_N}(?:个?工作日|日|天|周|个月|小时){_INSIDE}",
)
_READINGS: Final = tuple(
    re.compile(f"(?:{pattern})") for pattern in (_SPAN, *_RHYTHMS, *_AFTER[:1], *_DATES, *_BEGINNINGS, *_AFTER[1:])
)
_FIRST_ONLY: Final = frozenset(map(re.compile, (f"(?:{pattern})" for pattern in _BEGINNINGS)))
_QUOTED: Final = re.compile(r"《[^《》]{0,200}》|“[^“”]{0,80}”")
_STOPS: Final = "，,。；;：:（）()！？!?\n"
_LEAD_IN: Final = re.compile(r"(?:务必|务|力争|原则上|确保|应当|应|须|需|要)?(?:于|在|到|至|截至|截止)?$")
_OWN_LEAD_IN: Final = re.compile(r"(?:务必于|务于|于|到|至)$")
# A report or a number of times goes with its rhythm as a whole (于每月8日前报送上月统计表, 每季度通报一次情况); other
# actions only where nothing stands behind them (按季度公开, 2022年底前完成改造).
_ACTION: Final = re.compile(
    r"(?:上报|报送|报告|通报|提交|报|[^，,。；;]{0,3}[一二三1-9]次)[^，,。；;、：:]{0,10}$"
    r"|(?:全面|全部|基本|率先)?(?:公开|公布|发布|更新|投入使用|调度|汇总|公示|完成(?!率)[^，,。；;、：:]{0,3})$"
)
_LONGEST_ACTION: Final = 12
_LONGEST_DATED: Final = (
    5  # 2022年底前完成改造 is a limit as a whole, 6月底前完成全部方案的制定 is one with a task behind it
)
_MARKER: Final = re.compile(
    r".*?(?:应当|(?<![相对反响供适效])应|须|(?<![所急必供刚])需要?|(?<![重主必简概提纪摘紧将])要)(?=[^，,。；;]{2,})(?![求点素件闻])|^.*?(?=[于自](?=[^，,。；;]{2,}(?:后|起|发布|公布|印发)))"
)
_TARGET: Final = re.compile(
    r"(压缩|缩短|压减|减少|降低|控制|提速|缩减|精简|优化|减)(至|到|为|在|了)?[^，,。；;]{0,12}$|有效期[^，,。；;]{0,6}$|保[留存管][^，,。；;]{0,6}$|截[至止]$(?<!截至)|已[于在]?$|近$"
)
_EFFECTIVE: Final = re.compile(r"^起?(施行|实施|执行|生效|废止)|^以来|^期间|^已|^完成率")
_SOFT: Final = re.compile(r"(?<!一)年内(?![^，,。；;]{0,24}?(?:至少|不少于|不低于))")


class _Found(NamedTuple):
    start: int
    end: int


def limits_in(text: str) -> list[str]:
    """Find the words that make a time limit, in their order; each with the short words that go with it."""
    plain = _masked(plain_digits(text))
    found = [each for each in _resolved(plain) if not _is_no_limit(plain, each)]
    ends = [0, *(each.end for each in found)]
    whole = [_whole(plain, each, before) for each, before in zip(found, ends, strict=False)]
    return list(dict.fromkeys(text[start:end].strip("，, ") for start, end in whole))


def has_soft_year(text: str) -> bool:
    """Tell whether 年内 stands alone, which some read as the end of the year."""
    return bool(_SOFT.search(_masked(text)))


def _masked(text: str) -> str:
    """Blank out titles and quotations, whose dates are none of the task's; the length stays."""
    return _QUOTED.sub(lambda found: "\x00" * len(found[0]), text)


def _resolved(text: str) -> list[_Found]:
    """Find all readings; where two overlap the one of the earlier pattern stays."""
    taken: list[_Found] = []
    for pattern in _READINGS:
        for match in pattern.finditer(text):
            found = _Found(match.start(), match.end())
            if pattern in _FIRST_ONLY and not _begins_part(text, found.start):
                continue
            if all(found.end <= other.start or found.start >= other.end for other in taken):
                taken.append(found)
    return sorted(taken)


def _begins_part(text: str, start: int) -> bool:
    part = text[_part_start(text, start) : start]
    return not part.strip() or bool(_LEAD_IN.fullmatch(part.strip()))


def _is_no_limit(text: str, found: _Found) -> bool:
    before = text[max(_part_start(text, found.start), found.start - 24) : found.start]
    inside = text[found.start : found.end]
    return bool(
        _TARGET.search(before)
        or _EFFECTIVE.match(text[found.end : found.end + 6])
        or re.search(r"压缩|缩短|压减|控制在|有效期", inside)
    )


def _whole(text: str, found: _Found, before: int) -> tuple[int, int]:
    """Give the words as written: with 于 before them, with a short action behind them where they begin the part.

    ``before`` is the end of the limit before it: behind 、 in the same part begins another (1日内回访、15日内办结).
    """
    start, end = found
    part, stop = _part_start(text, start), _part_end(text, end)
    if part < before <= start and (mark := text.rfind("、", before, start)) >= 0:
        part = mark + 1
    if re.search(rf"{_N}{_WORKING}{_INSIDE}$", text[start:end]) and not text[start:end].startswith("每"):
        start = _event_start(text, part, start, end)
    ahead = text[part:start]
    if own := _OWN_LEAD_IN.search(ahead):
        start = part + own.start()
    rest = text[end:stop]
    begins = not text[part:start].strip() or bool(_LEAD_IN.fullmatch(text[part:start].strip()))
    longest = _LONGEST_ACTION if "每" in text[start:end] or text[start:end].startswith("按") else _LONGEST_DATED
    if begins and rest and len(rest) <= longest and _ACTION.match(rest):
        end = stop
    return start, end


def _event_start(text: str, part: int, start: int, end: int) -> int:
    """Give where the words of an event begin: behind 要, with 于 and 自; else with the part of the sentence."""
    words = text[part:end]
    if marker := _MARKER.match(words):
        rest = marker.end()
        again = _MARKER.match(words[rest:])
        return part + rest + (again.end() if again and again.end() < end - part - rest else 0)
    return part if start - part <= 40 else start  # noqa: PLR2004 - as in the pattern


def _part_start(text: str, place: int) -> int:
    return max((text.rfind(stop, 0, place) for stop in _STOPS), default=-1) + 1


def _part_end(text: str, place: int) -> int:
    return min((end for stop in _STOPS if (end := text.find(stop, place)) >= 0), default=len(text))
