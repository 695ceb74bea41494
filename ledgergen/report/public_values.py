"""What the public page may show: of each task the fields of a whitelist, looked through for numbers of persons.

Only what stands here ever reaches the page, so nothing becomes public by being added elsewhere: tasks with ``publish:
false`` are left out, and so is every field that ``page: fields`` does not name. Leaders and what a unit explains to the
office are not among the fields that are shown where nothing is said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.records import PageSettings, Role, Task
from ledgergen.report.facts import day_text
from ledgergen.report.page import links_in
from ledgergen.report.paper_values import PaperHead, Values
from ledgergen.report.wording import CHINESE, LIGHTS, STAGES
from ledgergen.state.entries import Entry
from ledgergen.state.light import Colour, Light, Stage
from ledgergen.state.light_words import reason_text
from ledgergen.state.official import RowId
from ledgergen.state.personal import PHONE, masked, personal_numbers
from ledgergen.state.picture import Assessed, AssessedTask, Counts, Picture

WHOLE: Final = "工作任务"  # the heading where the plan has none
TITLES: Final[Mapping[str, str]] = {
    "name": "工作任务",
    "requirement": "工作要求",
    "division": "任务分工",
    "plan": "工作计划",
    "state": "落实状态",
    "light": "预警灯",
    "reason": "预警原因",
    "measures": "落实措施",
    "progress": "进展情况",
    "published_on": "完成（公开）日期",
    "evidence": "佐证材料",
    "office": "责任科室",
    "leader": "分管领导",
    "note": "说明",
}
_ROLES: Final = {Role.LEAD: "牵头", Role.RESPONSIBLE: "责任", Role.SUPPORTING: "配合"}
_FURTHER: Final = ("published_on", "office", "leader", "note")  # shown one below the other, in this order
_OF_TASK: Final = ("name", "requirement", "division", "plan", "state", "light", "reason")
_OF_ROW: Final = ("state", "light", "reason", "progress")
_LAMPS: Final = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.GREY)


@dataclass(frozen=True, slots=True)
class Rules:
    """By what the page is made: the office's settings, the plan's tasks by id, and the office's own words.

    ``official`` (核定表述), by row, stands in place of what the unit says of its progress there.
    """

    settings: PageSettings
    tasks: Mapping[str, Task]
    official: Mapping[RowId, str]

    def progress(self, entry: Entry) -> tuple[str, bool]:
        """Give what is said of a row's progress, and whether it is in the office's own words."""
        row = entry.row
        words = self.official.get(RowId(entry.book.issued.book.token, row.task, row.measure), "")
        return (words, True) if words else (entry.text("progress").strip(), False)

    def shows(self, field: str) -> bool:
        """Tell whether a field is on the whitelist."""
        return field in self.settings.fields


def page_values(found: Picture, head: PaperHead, rules: Rules) -> tuple[Values, list[Finding]]:
    """Give what the page's templates may name, and the numbers of persons that were found and masked.

    A task that the plan no longer has is not shown: nobody has said that it may be.
    """
    chosen = [
        task for task in found.tasks if task.light.counts and (known := rules.tasks.get(task.task)) and known.publish
    ]
    scan = _Scan(rules.settings.phones, [])
    parts: dict[str, list[Values]] = {}
    for task in chosen:
        parts.setdefault(" ".join(task.section) or WHOLE, []).append(_task(task, rules, scan))
    tasks = [task for part in parts.values() for task in part]
    lights = [{"colour": str(each), "name": _lamp(each)} for each in _LAMPS] if rules.shows("light") else []
    units = dict.fromkeys(item.unit for unit in found.units for item in unit.assignments if item.task in _ids(chosen))
    values: Values = {
        **head.values,
        "title": f"{head.facts.name}重点任务落实情况",
        "as_of": day_text(found.as_of),
        "counts": _counts(chosen) if rules.shows("state") else [],
        "lights": lights,
        "units": list(units),
        "parts": [{"name": name, "tasks": own} for name, own in parts.items()],
        "tasks": tasks,
    }
    if scan.unworded:
        scan.findings.append(finding("page-unworded", count=scan.unworded))
    return values, scan.findings


@dataclass(slots=True)
class _Scan:
    """Looks through every text that is to become public."""

    phones: bool
    findings: list[Finding]
    unworded: int = 0

    def clean(self, text: str, field: str, task: AssessedTask, unit: str = "") -> str:
        """Give a text with every number of a person masked; each is a finding."""
        for each in reversed(personal_numbers(text)):
            if each.code == PHONE and self.phones:
                continue
            shown = masked(text[each.start : each.end])
            facts = {"task": f"{task.number} {task.name}", "title": TITLES[field], "text": shown}
            self.findings.append(finding("page-personal", Where(unit), **facts))
            text = text[: each.start] + shown + text[each.end :]
        return text


def _ids(tasks: Iterable[AssessedTask]) -> frozenset[str]:
    return frozenset(task.task for task in tasks)


def _task(task: AssessedTask, rules: Rules, scan: _Scan) -> Values:
    known = rules.tasks[task.task]

    def shown(field: str, text: str) -> str:
        return scan.clean(text, field, task) if rules.shows(field) else ""

    return {
        "id": task.task,
        "number": task.number,
        "name": scan.clean(task.name, "name", task),
        "requirement": shown("requirement", known.requirement),
        "division": shown("division", _division(task)),
        "plan": shown("plan", task.time_limit),
        **_light(task.light, rules),
        "state": STAGES[task.stage] if rules.shows("state") else "",
        "rows": [_row(item, task, rules, scan) for item in task.assignments if item.light.counts],
    }


def _division(task: AssessedTask) -> str:
    """Give the units by role: 牵头：甲；责任：乙、丙."""
    units: dict[Role, list[str]] = {role: [] for role in Role}
    for item in task.assignments:
        units[item.role].append(item.unit)
    return "；".join(f"{_ROLES[role]}：{'、'.join(named)}" for role, named in units.items() if named)


def _row(item: Assessed, task: AssessedTask, rules: Rules, scan: _Scan) -> Values:
    entries = item.progress.entries

    def shown(field: str, text: str) -> str:
        return scan.clean(text, field, task, item.unit) if rules.shows(field) else ""

    def each(field: str) -> list[str]:
        return list(dict.fromkeys(text for entry in entries if (text := entry.text(field).strip())))

    further = {field: "、".join(each(field)) for field in _FURTHER}
    said = [rules.progress(entry) for entry in entries]
    scan.unworded += sum(bool(text) and not official for text, official in said) if rules.shows("progress") else 0
    progress = "\n".join(dict.fromkeys(text for text, _ in said if text))
    return {
        "unit": item.unit,
        "role": _ROLES[item.role] if rules.shows("division") else "",
        **_light(item.light, rules),
        "state": STAGES[item.stage] if rules.shows("state") else "",
        "measures": [text for text in (shown("measures", text) for text in each("measure")) if text],
        "progress": shown("progress", progress),
        "more": [
            {"field": field, "title": TITLES[field], "text": text}
            for field, whole in further.items()
            if whole and (text := shown(field, whole))
        ],
        "links": links_in(each("evidence")) if rules.shows("evidence") else [],
    }


def _light(found: Light, rules: Rules) -> Values:
    if not rules.shows("light"):
        return {"colour": "", "light": "", "reason": ""}
    told = rules.shows("reason") and found.colour in (Colour.RED, Colour.YELLOW)
    reason = reason_text(found, CHINESE).rstrip("。") if told else ""
    return {"colour": str(found.colour), "light": _lamp(found.colour), "reason": reason}


def _lamp(colour: Colour) -> str:
    name = LIGHTS[colour]
    return name if name.endswith("灯") else f"{name}灯"


def _counts(tasks: Sequence[AssessedTask]) -> list[Values]:
    counts = Counts.of(tasks).by_stage
    return [{"name": STAGES[stage], "count": counts[stage]} for stage in Stage if counts.get(stage)]


@dataclass(frozen=True, slots=True)
class Change:
    """A text that becomes public, changes or vanishes: of which task and unit (empty: of the task), which field."""

    task: str
    unit: str
    field: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """Say which: ``new``, ``changed``, ``gone``."""
        return "new" if not self.before else "changed" if self.after else "gone"


def page_changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """Compare two snapshots of the page text by text, in the order of the new one; then what is gone."""
    old, new = dict(_texts(before)), dict(_texts(after))
    keys = [*new, *(key for key in old if key not in new)]
    pairs = ((key, old.get(key, ""), new.get(key, "")) for key in keys)
    return [Change(*key, was, now) for key, was, now in pairs if was != now]


def _texts(values: Mapping[str, object]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Give every text of a snapshot by task, unit and field."""
    for task in _dicts(values.get("tasks")):
        number = str(task.get("number", ""))
        yield from (((number, "", field), text) for field, text in _plain(task, _OF_TASK))
        for row in _dicts(task.get("rows")):
            unit = str(row.get("unit", ""))
            yield from (((number, unit, field), text) for field, text in _row_texts(row))


def _row_texts(row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from _plain(row, _OF_ROW)
    measures = row.get("measures")
    if isinstance(measures, list) and measures:
        yield "measures", "\n".join(map(str, measures))
    yield from ((str(more.get("field")), str(more.get("text"))) for more in _dicts(row.get("more")))
    if links := [str(link.get("address")) for link in _dicts(row.get("links"))]:
        yield "evidence", "\n".join(links)


def _plain(values: Mapping[str, object], fields: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((field, str(text)) for field in fields if (text := values.get(field)))


def _dicts(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
