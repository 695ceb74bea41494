"""Words of a time limit that name no day: going on (长期), up to whoever does it (及时), seasons and other periods."""

import re
from typing import Final

from ledgergen.plan.limit_dates import read_range
from ledgergen.plan.limit_words import Limit, Place, Strength

_GOING_ON: Final = re.compile(
    "长期(?!规划|护理|合同|投资|股权|贷款)|持续(?!时间|期)|动态(?!清零)|实时|常态化?|经常性?|日常(?!工作通知)|不间断|始终|一直|坚持不懈|滚动|永久|常年|不断|全天候|贯穿|长效|常抓不懈|坚持(?=$|[,;。])"
)
_YEAR_LONG: Final = re.compile("年内(?=动态|持续|常态|滚动|实时|长期|不断)")
_SOFT: Final = re.compile(
    "不定期|定期|适时|及时(?!性|雨)|第一时间|尽快|尽早|尽速|抓紧|马上|立即|立刻|立行立改|即时|随时|即行|"
    "按(?:照)?(?:规定|要求|法定|上级|有关|相关|时限|时间|期|时|需|计划|进度|节点|程序|序时|部署|统一)[^,;。]{0,8}|"
    "(?:规定|法定|要求|约定)(?:的)?(?:时限|时间|期限)(?:内)?|一次性|近期|短期|择机|视情况?|根据[^,;。]{0,8}(?:需要|实际|情况|进展|要求|安排|部署)|"
    "待定|另行通知|另行安排|限期|分阶段|分步|逐步|适当时[候机]|必要时|有序"
)
_DURING: Final = re.compile("期间|期内|过程中")
_SEASON: Final = re.compile(
    r"(?:(?:[0-9]{4}年?[—–~/-])?[0-9]{4}年?(?:度)?)?"
    r"(?:今|去|每年)?(?:(?:[今本春夏秋冬]季?)?学期|主汛期|汛期|[春夏秋冬]{1,2}(?:[两二]季|季|天)|采暖季|供暖季|采暖期|供暖期|供热期|防火期|防火季|森林防火期|禁渔期|雨季|旱季|旅游旺季|旺季|淡季|"
    r"农忙季节|农忙|三夏|三秋|寒暑假|寒假|暑假|暑期|开学季|毕业季|冬春|秋冬)(?!前|后|间)"
)
_TERM: Final = re.compile("学期|寒|暑假|暑期|开学")


def read_going_on(place: Place) -> Limit | None:
    """Recognise what goes on without end: 长期坚持, 动态调整, 常态化."""
    found = place.match(_GOING_ON)
    return Limit(found.end(), ({"kind": "continuous"},), strength=Strength.SOFT) if found else None


def read_year_long(place: Place) -> Limit | None:
    """Recognise what goes on within the year: 年内动态调整 is no day."""
    found = place.match(_YEAR_LONG)
    return Limit(found.end(), ({"kind": "continuous"},), strength=Strength.SOFT) if found else None


def read_soft(place: Place) -> Limit | None:
    """Recognise what names no day and leaves it to whoever does it: 定期, 适时, 按规定时限."""
    found = place.match(_SOFT)
    return Limit(found.end(), ({"kind": "unclear"},), strength=Strength.SOFT) if found else None


def read_during(place: Place) -> Limit | None:
    """Read a period without dates by the words before it: 疫情防控期间."""
    found = place.match(_DURING)
    event = re.split("[,;。:]", place.before)[-1]
    event = re.sub("^(?:在|于)", "", event)
    if not found or not event:
        return None
    start = place.at - len(event)
    return _with_dates(place, found.end(), start) or Limit(
        found.end(), ({"kind": "period", "event": event + found[0]},), strength=Strength.WEAK
    )


def read_season(place: Place) -> Limit | None:
    """Recognise a season or school term: nobody has said which days it is, unless brackets behind it do."""
    found = place.match(_SEASON)
    if not found or re.match("(?:结束|开始|来临|到来|期间|开学).{0,2}(?:前|后)", place.text[found.end() :]):
        return None
    doubt = "limit-school-term" if _TERM.search(found[0]) else "limit-season"
    end = found.end()
    end += 2 if place.text.startswith("期间", end) else 0
    return _with_dates(place, end, place.at) or Limit(
        end, ({"kind": "period", "event": place.text[place.at : end]},), doubt
    )


def _with_dates(place: Place, end: int, start: int) -> Limit | None:
    """Take the dates of a period from the brackets behind its name: 汛期（6月1日至9月30日）."""
    if not place.text.startswith("(", end):
        return None
    found = read_range(place.moved(end + 1))
    if found is None or not found.parts or not place.text.startswith(")", found.end):
        return None
    return Limit(found.end + 1, ({**found.parts[0], "event": place.text[start : found.end + 1]},), found.doubt)
