"""What the templates of the reports may name: texts, numbers, lists and dicts, all taken from the one picture.

Nothing is counted here. Stages and days come in words, in Chinese, the language of the templates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledgergen.records import PlanFacts
from ledgergen.report.conclusion import conclusion
from ledgergen.report.facts import ReportFacts, day_text
from ledgergen.report.merit import PRAISE_RULE, TALK_RULE, Merit
from ledgergen.report.wording import LIGHTS, STAGES, days_of, why
from ledgergen.state.entries import Entry
from ledgergen.state.light import Colour, Stage
from ledgergen.state.picture import Assessed, AssessedUnit, Counts, Picture, Wanted

DRAFT: Final = "送审稿"
UNSIGNED: Final = "\u3000\u3000年\u3000\u3000月\u3000\u3000日"
MOST: Final = 100  # rows of a list in a report; the workbook has them all
_UNSAID: Final = "未说明"
_SHORT: Final = 26  # characters of a text that a one-page report quotes
_LINE: Final = 14  # characters of a task that it names
Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What stands in the head and at the foot of a report; ``signed`` is None as long as nobody has signed it."""

    facts: ReportFacts
    plan: PlanFacts | None = None
    signed: date | None = None

    @property
    def values(self) -> Values:
        """Give it by the names that the templates use."""
        plan, facts = self.plan, self.facts
        return {
            "campaign": facts.name,
            "plan_title": plan.title if plan else facts.plan_title,
            "document_number": plan.document_number if plan else "",
            "issuer": plan.issuer if plan else "",
            "region": plan.region if plan else "",
            "year": plan.year if plan else 0,
            "round": facts.round_id,
            "round_name": facts.round_name,
            "office": facts.contact_office,
            "phone": facts.contact_phone,
            "draft": "" if self.signed else DRAFT,
            "signed": day_text(self.signed) if self.signed else UNSIGNED,
            "titles": {_name(stage): STAGES[stage] for stage in Stage},
        }


def paper_values(found: Picture, head: PaperHead, merits: Merit) -> Values:
    """Give everything that a report of the office may name."""
    soon, overdue = found.due_soon, found.overdue
    return {
        **head.values,
        "as_of": day_text(found.as_of),
        "conclusion": conclusion(head.facts, found),
        "tasks": counts_values(found.task_counts),
        "assignments": counts_values(found.assignment_counts),
        "units": _units(found),
        "silent_units": [unit.unit for unit in found.silent_units],
        "late_units": [unit.unit for unit in found.late_units],
        "overdue": [_item(item) for item in overdue[:MOST]],
        "overdue_count": len(overdue),
        "soon": [_item(item) for item in soon[:MOST]],
        "soon_count": len(soon),
        "coordination": [_wanted(each) for each in found.wanted[:MOST]],
        "sections": [
            {"section": " ".join(section) or "全部任务", **counts_values(Counts.of(tasks))}
            for section, tasks in found.by_section().items()
        ],
        "rounds": list(merits.rounds),
        "praise_rule": PRAISE_RULE,
        "praised": [{"unit": each.unit, "why": each.why} for each in merits.praised],
        "talk_rule": TALK_RULE,
        "talked": [{"unit": each.unit, "why": each.why} for each in merits.talked],
    }


def unit_values(found: Picture, unit: AssessedUnit, head: PaperHead) -> Values:
    """Give everything that a report about one unit may name; nothing of another unit is in it."""
    return {
        **head.values,
        "as_of": day_text(found.as_of),
        "unit": unit.unit,
        "own": counts_values(unit.counts) | {"lead": sum(item.role == "lead" for item in unit.assignments)},
        "rows": [_unit_row(item) for item in in_plan_order(found, unit)],
    }


def in_plan_order(found: Picture, unit: AssessedUnit) -> list[Assessed]:
    """Give a unit's assignments in the order of the plan; its ledger has what is due first."""
    places = {task.task: place for place, task in enumerate(found.tasks)}
    return sorted(unit.assignments, key=lambda item: places[item.task])


def counts_values(counts: Counts) -> Values:
    """Give counts by name: the stages, which add up to ``total``; the colours, which do as well; ``late``."""
    stages = {_name(stage): counts.by_stage.get(stage, 0) for stage in Stage}
    colours = {str(colour): counts.by_colour.get(colour, 0) for colour in Colour}
    return {"total": counts.total, **stages, **colours, "late": counts.late, "finished": counts.finished}


def progress_of(entries: Iterable[Entry]) -> str:
    """Give what a unit says of its progress in a task, each text once, in its own words."""
    return "\n".join(dict.fromkeys(filter(None, (entry.text("progress").strip() for entry in entries))))


def _name(stage: Stage) -> str:
    return str(stage).replace("-", "_")


def _units(found: Picture) -> Values:
    silent = len(found.silent_units)
    return {
        "total": len(found.units),
        "returned": len(found.units) - silent,
        "late": len(found.late_units),
        "silent": silent,
    }


def _item(item: Assessed) -> Values:
    return {
        "number": item.number,
        "task": item.name,
        "short": _short(f"{item.number} {item.name}", _LINE),
        "unit": item.unit,
        "kind": item.kind,
        "role": _role(item),
        "state": item.state,
        "stage": STAGES[item.stage],
        "light": LIGHTS[item.light.colour],
        "due": day_text(item.light.due),
        "days": days_of(item.light),
        "left": item.light.left if item.light.left is not None else "",
        "reason": why(item.light),
        "note": item.note,
        "why": item.note or (_UNSAID if item.stage is not Stage.SILENT else STAGES[item.stage]),
    }


def _role(item: Assessed) -> str:
    row = item.progress.entries[0].row
    return row.text("role") or item.progress.entries[0].book.issued.layout.roles.get(item.role, "")


def _wanted(each: Wanted) -> Values:
    text = each.text if each.code == "asked" else f"待牵头单位明确其他责任单位（{each.item.name}）"
    short = _short(text, _SHORT)
    return {"unit": each.item.unit, "number": each.item.number, "task": each.item.name, "text": text, "short": short}


def _short(text: str, most: int) -> str:
    """Give a text in one line of so many characters at most."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[:most]}…"


def _unit_row(item: Assessed) -> Values:
    entries: Sequence[Entry] = item.progress.entries
    row = entries[0].row
    return {
        **_item(item),
        "status": STAGES[item.stage],
        "requirement": row.text("requirement"),
        "time_limit": row.text("time_limit"),
        "progress": progress_of(entries),
        "measures": [_measure(entry) for entry in entries],
    }


def _measure(entry: Entry) -> Mapping[str, str]:
    return {
        "text": entry.text("measure"),
        "limit": entry.text("unit_limit"),
        "leader": entry.text("leader"),
        "office": entry.text("office"),
    }
