"""How the words of a time limit are read, by the rules of ``truth/FORMAT.md``.

From left to right: at each place the readers are asked in turn whether a limit begins there, and what they find is put
together clause by clause. Asked through :func:`.deadline.read_limit`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import Final

from ledgergen.plan.deadline import Deadline
from ledgergen.plan.limit_dates import (
    read_dates,
    read_day_alone,
    read_feast,
    read_garbled,
    read_range,
    read_relative,
    read_times_in_year,
)
from ledgergen.plan.limit_events import (
    read_after,
    read_backwards,
    read_extension,
    read_least,
    read_length,
    read_same_day,
    read_target,
    read_together,
)
from ledgergen.plan.limit_rhythms import read_next_period, read_odd_rhythm, read_rhythm, yearly
from ledgergen.plan.limit_soft import read_during, read_going_on, read_season, read_soft, read_year_long
from ledgergen.plan.limit_words import Anchors, Limit, Place, Reader, Strength, days_after, months_after, plain_limit

# The order decides where two could read the same words: what is longer or more particular stands first.
_READERS: Final[tuple[Reader, ...]] = (
    read_garbled,
    read_year_long,
    read_season,
    read_odd_rhythm,
    read_rhythm,
    read_next_period,
    read_relative,
    read_feast,
    read_range,
    read_times_in_year,
    read_target,
    read_extension,
    read_least,
    read_together,
    read_after,
    read_dates,
    read_backwards,
    read_day_alone,
    read_same_day,
    read_length,
    read_during,
    read_soft,
    read_going_on,
)
_LONGEST: Final = 500  # characters; what is longer is no time limit, and every reader is asked at every place
_CLAUSE: Final = re.compile("[,;。]")
_SEGMENT: Final = re.compile("[,;。]|并|且|[后、和及](?=长期|持续|动态|实时|常态)")
_TITLE: Final = re.compile("《[^》]{0,80}》")
_EARLIER: Final = 1  # a year so far before the plan's is no more an oversight but a slip
_LATER: Final = 15


def read_words(text: str, anchors: Anchors) -> Deadline:
    """Read a time limit; see :func:`.deadline.read_limit`."""
    words = plain_limit(text)
    if not words:
        return Deadline("none")
    limits = _joined(_without_soft(list(_limits(words[:_LONGEST], anchors))), words)
    if not limits:
        return Deadline("unclear", doubt="limit-not-understood")
    parts = [Deadline(**part) for limit in limits for part in limit.parts]
    doubts = [limit.doubt for limit in limits] + [_ill_dated(part, anchors) for part in parts]
    if len(words) > _LONGEST:
        doubts.append("limit-not-understood")
    return replace(parts[0], also=tuple(parts[1:]), doubt=next((doubt for doubt in doubts if doubt), ""))


def _limits(words: str, anchors: Anchors) -> Iterator[Limit]:
    """Give the limits in the words from left to right; a year that is named holds on until another is."""
    at = since = 0
    clauses, segments = _counts(_CLAUSE, words), _counts(_SEGMENT, words)
    while at < len(words):
        if _CLAUSE.match(words, at):
            since = at = at + 1
            continue
        title = _TITLE.match(words, at)  # 《2022年工作要点》 is no date
        place = Place(words, at, since, anchors)
        limit = None if title else next(filter(None, (read(place) for read in _READERS)), None)
        if limit is None:
            at = title.end() if title else at + 1
            continue
        yield replace(limit, start=at, clause=clauses[at], segment=segments[at])
        anchors = replace(anchors, year=limit.says or anchors.year)
        at = limit.end
        since = at if limit.strength is Strength.FIRM else since


def _counts(ends: re.Pattern[str], words: str) -> list[int]:
    """Count for each place the ends of clauses (or segments) before it: two places with one count are in the same."""
    starts = {found.end() for found in ends.finditer(words)}
    return list(accumulate(place in starts for place in range(len(words))))


def _without_soft(limits: list[Limit]) -> list[Limit]:
    """Leave out words that only colour a firmer limit beside them (及时于6月底前), and soft ones said twice.

    What goes on (动态调整) is a part of its own where 并 or a comma sets it off.
    """
    firmest: dict[tuple[str, int], Strength] = {}
    for limit in limits:
        for place in (("clause", limit.clause), ("segment", limit.segment)) if limit.parts else ():
            firmest[place] = max(firmest.get(place, limit.strength), limit.strength)
    kept: list[Limit] = []
    for limit in limits:
        going_on = limit.strength is Strength.SOFT and limit.parts[0]["kind"] == "continuous"
        by_segment = going_on or limit.strength is Strength.WEAK
        place = ("segment", limit.segment) if by_segment else ("clause", limit.clause)
        twice = limit.strength is Strength.SOFT and kept and kept[-1].parts == limit.parts
        if not twice and firmest.get(place, limit.strength) <= limit.strength:
            kept.append(limit)
    return kept


def _explains(limit: Limit, before: list[Limit], words: str) -> bool:
    """Tell whether vague words in brackets only explain a firm limit before them: 1月15日前（春节前）."""
    inside = words.count("(", 0, limit.start) > words.count(")", 0, limit.start)
    vague = bool(limit.parts) and limit.parts[0]["kind"] in ("unclear", "period")
    return inside and vague and any(other.strength is Strength.FIRM for other in before)


def _joined(limits: list[Limit], words: str) -> list[Limit]:
    """Join what belongs together: a beginning to what begins, a day to the rhythm before it."""
    made: list[Limit] = []
    begun: Limit | None = None
    for limit in limits:
        if _explains(limit, made, words):
            continue
        if limit.begins:
            made += [_beginning(begun, words)] if begun else []
            begun = limit
            continue
        joined = _begun(limit, begun, words) if begun else _same_event(limit, made)
        begun = None
        whole = _with_day(made[-1], joined) if made else None
        made = [*made[:-1], whole] if whole else [*made, joined]
    return [*made, _beginning(begun, words)] if begun else made


def _beginning(begun: Limit, words: str) -> Limit:
    """Give a beginning with nothing that it begins: a period without an end."""
    part = {"kind": "period", "event": words[begun.start : begun.end], "start": begun.begins}
    return replace(begun, parts=(part,))


def _same_event(limit: Limit, made: list[Limit]) -> Limit:
    """Give days without an event that of the limit before them: 会议结束后3日内形成纪要，7日内印发."""
    if limit.doubt != "limit-without-start" or not made or limit.parts[0]["kind"] != "on_event":
        return limit
    event = made[-1].parts[-1].get("event") if made[-1].parts[-1]["kind"] == "on_event" else None
    return replace(limit, parts=({**limit.parts[0], "event": event},), doubt="") if event else limit


def _begun(limit: Limit, begun: Limit, words: str) -> Limit:
    """Give a limit its beginning: 从2025年起，每年…; 自9月1日起30日内 is a date."""
    part = limit.parts[0]
    if limit.start != begun.end or part["kind"] != "on_event" or "event" in part or begun.begins is None:
        return replace(limit, parts=tuple({"start": begun.begins, **each} for each in limit.parts))
    within, unit = part.get("within", 0), part.get("unit")
    if unit == "calendar_days":
        return replace(limit, parts=({"kind": "fixed", "due": days_after(begun.begins, within)},), doubt="")
    if unit == "months":
        return replace(limit, parts=({"kind": "fixed", "due": months_after(begun.begins, within)},), doubt="")
    event = words[begun.start : begun.end].lstrip("自从").rstrip("起")
    return replace(limit, parts=({**part, "event": event},), doubt="")


def _with_day(rhythm: Limit, limit: Limit) -> Limit | None:
    """Join a day to the bare rhythm before it: 每年编制报告并于1月31日前公布; 每月汇总，25日前报送."""
    if not (rhythm.bare and limit.by) or limit.says or rhythm.parts[0]["kind"] != "recurring":
        return None
    every, kept = rhythm.parts[0]["every"], rhythm.parts[0]
    if limit.parts[0].get("every") == every:
        return replace(limit, parts=({**kept, "by": limit.by[0]},), doubt=rhythm.doubt)
    listed = len(limit.by) > 1 and kept.get("times") == len(limit.by)  # 每年2次，分别在6月底、12月底前
    near = listed or rhythm.clause == limit.clause
    if every != "year" or not near or limit.parts[0]["kind"] != "fixed":
        return None
    kept = {"kind": "recurring"} if listed else kept
    return replace(limit, parts=tuple({**kept, **part} for part in yearly(limit.by)), doubt=limit.doubt)


def _ill_dated(part: Deadline, anchors: Anchors) -> str:
    """Doubt a date before the plan was issued, or in a year that must be a slip of the pen."""
    issued, year = anchors.issued, anchors.year
    if part.due is None or part.kind not in ("fixed", "period"):
        return ""
    if not year - _EARLIER <= part.due.year <= year + _LATER:
        return "limit-wrong-year"
    return "limit-before-issue" if part.due < (issued or date(year, 1, 1)) else ""
