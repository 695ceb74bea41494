"""Days counted from something that happens, in the words of a time limit: after it, before it, together with it."""

import re
from datetime import date
from typing import Any, Final

from ledgergen.plan.limit_words import (
    ANY_LENGTH,
    HAPPENS,
    LENGTH,
    NOISE,
    WITHIN,
    Limit,
    Place,
    Strength,
    days_after,
    length,
    months_after,
)

_AFTER: Final = re.compile(
    rf"(?:之日起算?|之日后|之日|当日起|次日起|日起|之后起?|以后|后起?|起){NOISE}{LENGTH}(?:{WITHIN}|之前|前)?"
)
_ALONE: Final = re.compile(
    rf"(?P<latest>最迟|最长|最晚)?(?P<most>不超过|不得超过|不应超过)?{LENGTH}(?(most){WITHIN}?|{WITHIN})"
)
_BARE_LENGTH: Final = re.compile(rf"{LENGTH}(?={WITHIN}|$|[,;。)])")
_BACK: Final = re.compile(
    rf"(?:(?:之前|以前|(?<!提)前)(?:的)?|(?:至少|最少)?提前)(?:至少|不少于|最迟)?{LENGTH}(?:{WITHIN}|以上)?"
)
_BACK_LAST: Final = re.compile(rf"{LENGTH.replace('日(?!前)', '日')}(?:之前|以前|前)")
_EVENT_BEFORE: Final = re.compile("(?<![目以提当日先此之年月号末底提])(?:之前|以前|前)(?![期置往台端后述三提来沿线])")
_SAME_DAY: Final = re.compile(rf"(?:的)?(?:当日|当天|同日)(?:{WITHIN})?")
_NEXT_DAY: Final = re.compile(rf"(?:的)?(?:(?P<work>次一?个?工作日|下一?个?工作日)|次日|第二天)(?:{WITHIN}|前|起)?")
_WITH: Final = re.compile(
    "(?:与|和|同|跟|随)(?P<what>[^,;。与]{1,40}?)(?:同步|同时|一并|同日|一同)(?P<verb>[^,;。与()]{0,4})"
)
_TOGETHER: Final = re.compile("同步(?!机制|推进落实|性)|的同时")
_LEAST: Final = re.compile(
    rf"(?:不少于|不得少于|不应少于|应不少于|不低于|不得低于|不短于|不得短于|至少|最少)(?!提前)(?P<verb>[^0-9,;。一二三四五六七八九十两]{{0,6}}){LENGTH}(?!{WITHIN})"
)
_AT_LEAST: Final = re.compile(rf"{LENGTH}以上")
_SHOWN: Final = re.compile(
    rf"(?P<what>公示|公告|公开征求意见|征求意见)(?:时间|期限|期)?(?:为|:)?{LENGTH}(?!{WITHIN}|以上)"
)
_TARGET: Final = re.compile(
    rf"(?:压缩|缩短|缩减|精简|减少|控制|压减|压降|提速|降低|降)[^,;。]{{0,8}}?{ANY_LENGTH}(?:{WITHIN}|以下)?"
    rf"|(?:办理|办结|审批|承诺|法定|答复|处理|审核|服务|平均)(?:办理)?(?:时限|时间|期限|时长|用时|周期)"
    rf"(?:为|不超过|不得超过|:)?{ANY_LENGTH}{WITHIN}?|有效期[^,;。]{{0,20}}"
)
_LONGER: Final = re.compile(rf"(?:延长|延期)[^,;。]{{0,14}}?{LENGTH}(?:{WITHIN})?")

# Words that part who or what from the event: 行政处罚信息于处罚决定作出后. Not inside words such as 现在, 关于, 自治区.
_SINCE: Final = re.compile("(?<!各)自(?![治然主行查评检身动觉愿学])")
_MARK: Final = re.compile(
    "(?<![存现所正内潜])在(?![建线职校册岗编地场])|(?<![关对由基至位属处便利用易])于|(?<!服)从(?![业事])"
)
_LEADING: Final = re.compile(
    "(?:应当|应该|应|须|需要|需|并|且|及时|原则上|一般|力争|各单位|各部门|要|请|的|:|务必|最迟|至少|即|,)+(?!急|求)"
)
_TRAILING: Final = re.compile("(?:的|之|时|之时|的同时|同时|应|应当|须|需|要)+$")
_DOES: Final = re.compile(f"(?:{HAPPENS})$")
_TAKES_PLACE: Final = re.compile(f"(?:{HAPPENS}|(?:举办|召开|举行|开展|组织)[^,;。]{{1,12}})$")
_RECEIVES: Final = re.compile("(?:收到|接到|收悉)[^,;。]{1,20}$")
_ENDS_IN_VERB: Final = re.compile("(?:公开|发布|印发|公布|下发|出台|上线|公示|签订|审议|实施|上报|报送)$")
_PERIOD_OF: Final = re.compile("(?:的)?(?:时间|时限|期限|时长|期间|日期|期|周期)?(?:应当|应|须|需|要|原则上|一般|为)*$")
_OWN: Final = re.compile("本(?![级市区县省镇街乡单部年月周季])[^,;。]{0,12}?(?:印发|发布|公布|下发|颁布|出台|发文)")
_OWN_BARE: Final = frozenset({"印发", "发文", "下发"})
_REPEATED: Final = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}


def is_own_issue(event: str | None) -> bool:
    """Tell whether an event is the issuing of the plan itself: 本方案印发, or 印发 with nothing named."""
    return event is not None and (event in _OWN_BARE or _OWN.fullmatch(event) is not None)


def read_after(place: Place) -> Limit | None:
    """Read days after an event: 信息形成之日起20个工作日内, 会后7日内; from the plan's own issue with a date."""
    found = place.match(_AFTER)
    said = length(found) if found else None
    if not found or said is None:
        return None
    event = event_words(place.before)
    if not event:
        return _without_event(found, said)
    event = event + "后" if len(event) == 1 else event
    return Limit(found.end(), (_counted(event, said, place.anchors.issued),), _doubt_of(said))


def read_length(place: Place) -> Limit | None:
    """Read days with nothing between them and the event (本要点发布20个工作日内), or with no event at all."""
    found = place.match(_ALONE)
    said = length(found) if found else None
    if found and said is not None:
        before = _last_clause(place.before)
        if (
            not found["latest"]
            and (_DOES.search(before) or _RECEIVES.search(before))
            and (event := event_words(before))
        ):
            return Limit(found.end(), (_counted(event, said, place.anchors.issued),), _doubt_of(said))
        if found["latest"] and said[1] == "months" and said[0] in _REPEATED:
            part = {"kind": "recurring", "every": _REPEATED[said[0]]}
            return Limit(found.end(), (part,), "limit-without-start")
        return _without_event(found, said)
    bare = place.match(_BARE_LENGTH)
    if bare and not re.search("[第每]$", place.before):
        return Limit(bare.end(), ({"kind": "unclear"},), "limit-without-start", Strength.WEAK)
    return None


def read_backwards(place: Place) -> Limit | None:
    """Read days before an event (届满前30日, 会议召开3日前, 提前5日, 会前): they stay doubtful and have no date."""
    found = place.match(_BACK) or (place.match(_BACK_LAST) if _TAKES_PLACE.search(place.before) else None)
    event = event_words(place.before) or None
    if found and (said := length(found)):
        if event is None and "提前" not in found[0]:
            return None
        part = _part("on_event", event=event, within=said[0], unit=said[1]) | {"before": True}
        return Limit(found.end(), (part,), "limit-backwards")
    found = place.match(_EVENT_BEFORE)
    if not found or event is None or len(event) > 16:  # noqa: PLR2004 - a longer one is a sentence
        return None
    part = _part("on_event", event=event + "前" if len(event) == 1 else event) | {"before": True}
    return Limit(found.end(), (part,), "limit-backwards", Strength.WEAK)


def read_same_day(place: Place) -> Limit | None:
    """Read the day of the event or the one after it: 办结当日, 作出次日, 下一个工作日."""
    words = event_words(place.before)
    event = (re.sub("(?<=..)(?:之后|以后|后)$", "", words) or None) if words else None
    doubt = "" if event else "limit-without-start"
    if found := place.match(_NEXT_DAY):
        unit = "working_days" if found["work"] else "calendar_days"
        return Limit(found.end(), (_part("on_event", event=event, within=1, unit=unit),), doubt)
    found = place.match(_SAME_DAY)
    if not found:
        return None
    return Limit(found.end(), (_part("on_event", event=event, within=0, unit="calendar_days"),), doubt)


def read_together(place: Place) -> Limit | None:
    """Read what happens together with something else: 与政策文件同步公开 is 0 days after 政策文件公开."""
    found = place.match(_WITH)
    if found:
        what = _TRAILING.sub("", found["what"])
        verb = (
            re.match("公开|发布|印发|公布|解读|公示|推送|上线|报送|上报|更新|部署|起草|审批", found["verb"]) or [""]
        )[0]
        event = what if _ENDS_IN_VERB.search(what) or verb == "解读" else what + verb
        end = found.end("verb") - len(found["verb"]) + len(verb)
        return Limit(end, (_part("on_event", event=event, within=0, unit="calendar_days"),))
    found = place.match(_TOGETHER)
    if not found:
        return None
    event = event_words(place.before)
    named = bool(event) and (_DOES.search(event) or (place.before.endswith("时") or found[0] == "的同时")) is not None
    if not named:
        part = _part("on_event", within=0, unit="calendar_days")
        return Limit(found.end(), (part,), "limit-without-start", Strength.WEAK)
    return Limit(found.end(), (_part("on_event", event=event, within=0, unit="calendar_days"),))


def read_least(place: Place) -> Limit | None:
    """Read a least length: 公示期不少于7日 is a period, and no limit that could be missed by being longer."""
    for pattern in (_LEAST, _AT_LEAST, _SHOWN):
        found = place.match(pattern)
        said = length(found) if found else None
        if not found or said is None:
            continue
        if pattern is _SHOWN:
            return Limit(
                found.end(), (_part("period", event=found["what"], within=said[0], unit=said[1]),), "limit-length"
            )
        verb = found["verb"] if pattern is _LEAST else ""
        event = _PERIOD_OF.sub("", _last_clause(event_words(place.before))) or verb
        return Limit(
            found.end(), (_part("period", event=event or None, within=said[0], unit=said[1]),), _doubt_of(said)
        )
    return None


def read_target(place: Place) -> Limit | None:
    """Recognise lengths that are targets of the work, not limits of the task: 压缩至3个工作日以内."""
    found = place.match(_TARGET)
    return Limit(found.end(), ({"kind": "unclear"},), "limit-length") if found else None


def read_extension(place: Place) -> Limit | None:
    """Read a second limit on condition: 确需延长的，延长期限最长不超过20个工作日."""
    found = place.match(_LONGER)
    said = length(found) if found else None
    if not found or said is None:
        return None
    what = re.search("答复|办理|审查|审批|公示|办结|处理", place.text[: found.start()])
    event = found[0][:2] + (what[0] if what else "")
    return Limit(found.end(), (_part("on_event", event=event, within=said[0], unit=said[1]),), _doubt_of(said))


def event_words(before: str) -> str:
    """Cut the words before a limit down to what happens: 行政处罚信息于处罚决定作出 -> 处罚决定作出."""
    marks = list(_SINCE.finditer(before)) or list(_MARK.finditer(before))
    words = before[marks[-1].end() :] if marks else before
    words = words.rpartition(")")[2] if words.count(")") > words.count("(") else words
    while (found := _LEADING.match(words)) and found.end() < len(words):
        words = words[found.end() :]
    return _TRAILING.sub("", words).strip(",、:")


def _last_clause(words: str) -> str:
    return re.split("[,;。]", words)[-1]


def _without_event(found: re.Match[str], said: tuple[int | None, str | None]) -> Limit:
    return Limit(found.end(), (_part("on_event", within=said[0], unit=said[1]),), "limit-without-start")


def _doubt_of(said: tuple[int | None, str | None]) -> str:
    return "" if said[1] else "limit-hours"


def _counted(event: str, said: tuple[int | None, str | None], issued: date | None) -> dict[str, Any]:
    """Give an on-event part; days and months after the plan's own issue have a date (``truth/FORMAT.md``)."""
    within, unit = said
    part = _part("on_event", event=event, within=within, unit=unit)
    if issued is None or within is None or not is_own_issue(event):
        return part
    if unit == "calendar_days":
        return part | {"due": days_after(issued, within)}
    return part | {"due": months_after(issued, within)} if unit == "months" else part


def _part(kind: str, **keys: object) -> dict[str, Any]:
    return {"kind": kind} | {key: value for key, value in keys.items() if value is not None}
