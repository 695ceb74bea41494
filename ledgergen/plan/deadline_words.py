"""The reading of a time limit in a few words that a clerk can read and type, and back again.

Most readings have plain words (``2022-12-31``, ``每季度``, ``信息形成后20个工作日``, ``长期``), several parts are
joined by ``；``; whatever has none is shown as ``plan.yaml`` writes it (``{kind: recurring, every: month, by: "26"}``).
Every reading comes back from its words as it was. What else a time limit may say is read by :mod:`.deadline`.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, TypeAlias

from ledgergen.plan.spelling import spelled
from ledgergen.plan.yaml_files import read_yaml

Reading: TypeAlias = Mapping[str, object]  # the keys of ``deadline:`` in plan.yaml, those without a value left out

# What a clerk writes to say that the reading shown is right.
CONFIRMED: Final = ("确认", "√", "✓", "✔", "是", "对", "同意")

_JOINT: Final = "；"
_ALONE: Final = {"continuous": "长期", "unclear": "不明确", "none": "无时限"}
_SPELLINGS: Final = {
    **{words: kind for kind, words in _ALONE.items()},
    **dict.fromkeys(("长期坚持", "长期推进", "持续推进", "动态调整", "常态化"), "continuous"),
    "无": "none",
}
_EVERY: Final = {"month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}
_UNITS: Final = {"working_days": "个工作日", "calendar_days": "日", "months": "个月"}
_RHYTHMS: Final = {word: key for key, word in _EVERY.items()}
_UNIT_WORDS: Final = {word: key for key, word in _UNITS.items()}
_DAY: Final = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?(?:前|之前|以前)?")
_BY: Final = re.compile(r"(每月|每季度|每半年|每年)(?:第([1-6])个月|([0-9]{1,2})月)?(?:([0-9]{1,2})日|底)前")
_WRITTEN_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_AFTER: Final = re.compile(
    rf"(.*?)(?:之日起|[之以]?后)([0-9]{{1,4}})(个工作日|日|天|个月)内?(?:（({_WRITTEN_DAY})）)?", re.DOTALL
)
_PERIOD: Final = re.compile(rf"(.+)（({_WRITTEN_DAY})至({_WRITTEN_DAY})）", re.DOTALL)


def words_of(reading: Reading) -> str:
    """Put a reading into words; empty where there is none."""
    if not reading:
        return ""
    also = reading.get("also")
    parts = [{key: value for key, value in reading.items() if key != "also"}, *(also if isinstance(also, list) else [])]
    words = _JOINT.join(_part_words(part) if isinstance(part, Mapping) else "" for part in parts)
    return words if reading_of(words) == dict(reading) else spelled(dict(reading))


def reading_of(words: str) -> dict[str, object] | None:
    """Read the words; None where they are none of those that this module knows."""
    words = words.strip()
    if words.startswith("{"):
        document, _ = read_yaml(f"reading: {words}".encode("utf-8", "replace"), "")
        found = document.resolved(("reading",)) if document and document.holds(("reading",)) else None
        return dict(found) if isinstance(found, dict) and isinstance(found.get("kind"), str) else None
    parts = [_part(part.strip()) for part in re.split("[;；]", words)]
    whole = [part for part in parts if part is not None]
    if not whole or len(whole) < len(parts):
        return None
    return {**whole[0], "also": whole[1:]} if len(whole) > 1 else whole[0]


def _part_words(part: Reading) -> str:
    kind, unit = str(part.get("kind")), _UNITS.get(str(part.get("unit")), "")
    if kind == "fixed":
        return str(part.get("due"))
    if kind in _ALONE:
        return _ALONE[kind]
    rhythm = _EVERY.get(str(part.get("every")), "") if kind == "recurring" else str(part.get("event", ""))
    if "by" in part:
        return f"{rhythm}{_by_words(str(part['by']), rhythm)}前"
    if kind == "period":
        return f"{rhythm}（{part.get('start')}至{part.get('due')}）"
    offset = f"后{part.get('within')}{unit}" if "within" in part else ""
    return f"{rhythm}{offset}" + (f"（{part['due']}）" if "due" in part else "")


def _by_words(by: str, rhythm: str) -> str:
    """Put the last day inside a period into words: ``26`` → 26日, ``02-末`` → 2月底, ``3-20`` → 第3个月20日."""
    month, _, day = by.rpartition("-")
    words = "底" if day == "末" else f"{day}日"
    if not month:
        return words
    return f"{month.removeprefix('0')}月{words}" if rhythm == _EVERY["year"] else f"第{month}个月{words}"


def _part(words: str) -> dict[str, object] | None:
    if words in _SPELLINGS:
        return {"kind": _SPELLINGS[words]}
    if words in _RHYTHMS:
        return {"kind": "recurring", "every": _RHYTHMS[words]}
    if found := _DAY.fullmatch(words):
        return _day(*map(int, found.groups()))
    if found := _BY.fullmatch(words):
        return _by(*found.groups())
    if found := _PERIOD.fullmatch(words):
        return {"kind": "period", "event": found[1], "start": found[2], "due": found[3]}
    found = _AFTER.fullmatch(words)
    return _after(found[1], int(found[2]), found[3], found[4]) if found else None


def _day(year: int, month: int, day: int) -> dict[str, object] | None:
    try:
        return {"kind": "fixed", "due": date(year, month, day).isoformat()}
    except ValueError:
        return None


def _by(rhythm: str, third: str | None, month: str | None, day: str | None) -> dict[str, object]:
    if month is not None:
        by = f"{int(month):02}-{int(day):02}" if day else f"{int(month):02}-末"
    else:
        by = "-".join(filter(None, (third, day or "末")))
    return {"kind": "recurring", "every": _RHYTHMS[rhythm], "by": by}


def _after(event: str, within: int, unit: str, due: str | None) -> dict[str, object]:
    offset = {"within": within, "unit": {**_UNIT_WORDS, "天": "calendar_days"}[unit]}
    if event in _RHYTHMS:
        return {"kind": "recurring", "every": _RHYTHMS[event], **offset}
    return {"kind": "on_event", **({"event": event} if event else {}), **offset, **({"due": due} if due else {})}
