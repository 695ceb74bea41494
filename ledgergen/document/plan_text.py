"""A draft as the text of plan.yaml and units.yaml: in the document's order, headings as comments, doubts marked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ledgergen.document.draft import Draft, DraftTask
from ledgergen.document.limits import limits_in
from ledgergen.document.register import DraftGroup, DraftUnit, Register
from ledgergen.findings import message
from ledgergen.messages import printable, translator
from ledgergen.plan.doubts import OPEN
from ledgergen.plan.phrases import plain_name
from ledgergen.plan.spelling import Value, spelled

_PLAN_HEAD: Final = "# yaml-language-server: $schema=.ledgergen/schema/plan.json\n"
_UNITS_HEAD: Final = "# yaml-language-server: $schema=.ledgergen/schema/units.json\n"
_UNFIT: Final = re.compile("[^\t\n -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLAUSE_END: Final = re.compile("[，,。；;：:！？\n]")
# Words with which any sentence of a plan may begin, and which say nothing about the task.
_STOCK: Final = re.compile(
    "(坚持|结合|按照|按|立足|根据|依据|为|对照|参照|聚焦|围绕|针对|依托|通过)[^，]{2,14}$|(进一步|切实|认真|积极)?(加强|强化)领导$"
)
_LONGEST_NAME: Final = 24
_SHORTEST_NAME: Final = 4
_FACTS: Final = {"title": "标题", "year": "年份", "document_number": "文号", "issuer": "发文单位", "issued": "成文日期"}

TASK_KEYS: Final = ("id", "section", "name", "requirement", "lead", "responsible", "supporting", "time_limit")


def plan_text(draft: Draft, ids: Sequence[str], source: str) -> str:
    """Write plan.yaml; ``ids`` are the tasks' ids, ``source`` the document's name."""
    lines = [_PLAN_HEAD.rstrip(), f"# 由 {_comment(source)} 导入，共 {len(draft.tasks)} 项任务。"]
    lines += [f"# 标“{OPEN}”的地方请对照原文看一遍；看过没有问题，把“{OPEN}”改成“已核”或者删去那一行。", "plan:"]
    lines += list(_fact_lines(draft))
    lines.append("tasks:" if draft.tasks else "tasks: []")
    above: tuple[str, ...] = ()
    name = ""
    for task, identity in zip(draft.tasks, ids, strict=True):
        headings = _heading_lines(above, task.section)
        lines += headings or ([""] if task.in_table and task.name != name else [])
        above, name = task.section, task.name
        lines += task_lines(task, identity)
    return "\n".join(lines) + "\n"


def task_lines(task: DraftTask, identity: str) -> list[str]:
    """Write one task: what is doubtful first, as comments, then its keys."""
    values = task_values(task, identity)
    lines = [f"- id: {spelled_id(identity)}", *(f"  {line}" for line in doubt_lines(task))]
    lines += [
        f"  {key}: {spelled(values[key], indent=2, column=len(key) + 4)}" for key in TASK_KEYS[1:] if key in values
    ]
    return lines


def task_values(task: DraftTask, identity: str) -> dict[str, Value]:
    """Give the keys of a task in plan.yaml; what is empty is left out, but for the section."""
    values: dict[str, Value] = {
        "id": identity,
        "section": tuple(fit(heading) for heading in task.section),
        "name": fit(task.name) or name_of(task),
        "requirement": fit(task.requirement),
        "lead": tuple(map(fit, task.lead)),
        "responsible": tuple(map(fit, task.responsible)),
        "supporting": tuple(map(fit, task.supporting)),
        "time_limit": fit(task.time_limit),
    }
    return {key: value for key, value in values.items() if value or key == "section"}


def doubt_lines(task: DraftTask) -> list[str]:
    """Write the doubts about a task as comments, in the language of the files; a list that ends in 等 is a note."""
    chinese = translator("zh")
    texts = [message(doubt, chinese) for doubt in task.doubts]
    if not task.units:
        texts.append("没有写责任单位，请补上")
    notes = ["# 注：原文的单位名单以“等”结尾，可能没有列全"] if task.open_list else []
    return [*(f"# {OPEN}：{_comment(text)}" for text in texts), *notes]


def name_of(task: DraftTask) -> str:
    """Make up a name where the document has none: the first clause of the requirement, cut where it is long."""
    text = fit(task.requirement).strip()
    clauses = [part.strip() for part in _CLAUSE_END.split(text) if len(part.strip()) >= _SHORTEST_NAME]
    telling = [part for part in clauses if not _STOCK.match(part) and not limits_in(part)]
    return next(iter([*telling, *clauses, text]))[:_LONGEST_NAME].strip() or "（无名称）"


def spelled_id(identity: str) -> str:
    """Spell an id in quotes, so that no reader takes 2.10 for a number."""
    return f'"{identity}"'


def units_text(found: Register, source: str) -> str:
    """Write units.yaml: every unit with the names that the document uses for it, every group."""
    lines = [
        _UNITS_HEAD.rstrip(),
        f"# 由 {_comment(source)} 导入。同一单位的几种写法已按简称对照表合在一起（aliases）；mail 请自行补上。",
    ]
    lines += ["units:" if found.units else "units: []", *(line for unit in found.units for line in unit_lines(unit))]
    lines += [
        "groups:" if found.groups else "groups: []",
        *(line for group in found.groups for line in group_lines(group, found)),
    ]
    return "\n".join(lines) + "\n"


def unit_lines(unit: DraftUnit) -> Iterator[str]:
    """Write one unit; names that look like it are said, not taken."""
    for other in unit.near:
        asked = f"“{_comment(unit.name)}”与“{_comment(other)}”是不是一个单位？"
        yield f"# {OPEN}：{asked}是的话并成一个，另一个写法放进 aliases"
    yield f"- {spelled(_nested(unit_values(unit)))}"


def group_lines(group: DraftGroup, found: Register) -> Iterator[str]:
    """Write one group; what only the office can know is marked."""
    kinds = {unit.kind for unit in found.units}
    missing = [kind for kind in group.kinds if kind not in kinds]
    if group.pending:
        asked = f"文件没有说明“{_comment(group.name)}”是哪些单位（{group.tasks} 项任务）"
        yield f"# {OPEN}：{asked}；暂由牵头单位明确，也可以写 members 或 kinds"
    elif missing:
        yield f"# {OPEN}：请在 units 里补上{'、'.join(missing)}（kind 写{'、'.join(missing)}），文件里没有逐个列出"
    yield f"- {spelled(_nested(group_values(group)))}"


def unit_values(unit: DraftUnit) -> dict[str, Value]:
    """Give the keys of a unit in units.yaml."""
    values: dict[str, Value] = {"name": fit(unit.name), "aliases": tuple(map(fit, unit.aliases)), "kind": unit.kind}
    return {key: value for key, value in values.items() if value}


def group_values(group: DraftGroup) -> dict[str, Value]:
    """Give the keys of a group in units.yaml."""
    if group.pending:
        return {"name": fit(group.name), "pending": "lead"}
    return {"name": fit(group.name), "kinds": group.kinds}


def fact_values(draft: Draft) -> dict[str, Value]:
    """Give the keys under ``plan:``."""
    facts = draft.facts
    values: dict[str, Value] = {
        "title": fit(facts.title),
        "region": fit(facts.region),
        "year": str(facts.year) if facts.year else "",
        "document_number": fit(facts.document_number),
        "issuer": fit(facts.issuer),
        "issued": facts.issued.isoformat() if facts.issued else "",
    }
    return {key: value for key, value in values.items() if value}


def fit(text: str) -> str:
    """Take out what no campaign file may hold."""
    return _UNFIT.sub("", text).strip()


def _fact_lines(draft: Draft) -> Iterator[str]:
    values = fact_values(draft)
    for key, label in _FACTS.items():
        if key not in values:
            yield f"  # {OPEN}：文件里没有找到{label}，请补上"
    needed = {"title": "（请填写标题）", "year": "2000", **values}
    for key in ("title", "region", "year", "document_number", "issuer", "issued"):
        if key in needed:
            yield f"  {key}: {spelled(needed[key], indent=2) if key not in ('year', 'issued') else needed[key]}"


def _heading_lines(above: Sequence[str], section: Sequence[str]) -> list[str]:
    """Write the headings that change, each as a comment with a blank line before the outermost."""
    same = 0
    while same < min(len(above), len(section)) and plain_name(above[same]) == plain_name(section[same]):
        same += 1
    new = [f"# {'　' * depth}{_comment(heading)}" for depth, heading in enumerate(section) if depth >= same]
    return ["", *new] if new else []


def _nested(values: Mapping[str, Value]) -> Mapping[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def _comment(text: str) -> str:
    """Put a foreign text into a comment: one line, nothing that could end it."""
    return " ".join(printable(_UNFIT.sub("", text)).split())[:300]
