"""Opinions (征求意见): what each unit says of the tasks it is to be given, as it stands.

The ids of the columns are those of ``templates/layouts/consult.yaml``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.units import Registry
from ledgergen.records import CONSULT_ROUND, Unit
from ledgergen.state.entries import Entry, book_entries
from ledgergen.state.fold import State
from ledgergen.state.standing import Source
from ledgergen.workbook.plan_book import split_names

AGREED = "同意"
ADJUST = "建议调整"
UNANSWERED = "未填意见"  # the unit answered, and left this task blank
SILENT = "未反馈"  # the unit has not answered
ANSWERS = (AGREED, ADJUST, UNANSWERED, SILENT)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one unit says of one task.

    ``suggested``: the units it names, as written; ``units``: their present names, by those ``found`` in ``units.yaml``.
    ``source`` says where it stands, None where nothing does.
    """

    task: str
    number: str
    name: str
    unit: str
    role: str
    answer: str
    text: str = ""
    suggested: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    note: str = ""
    source: Source | None = None

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        source = self.source
        return {
            "unit": self.unit,
            "role": self.role,
            "answer": self.answer,
            "text": self.text,
            "suggested": list(self.suggested),
            "units": list(self.units),
            "note": self.note,
            "source": {"name": source.name, "sheet": source.sheet, "cell": source.cell} if source else None,
        }


@dataclass(frozen=True, slots=True)
class Opinions:
    """All of them: by task in the order of the plan; the units asked, those silent, the last day as it was printed."""

    tasks: tuple[tuple[str, tuple[Opinion, ...]], ...]
    asked: tuple[str, ...]
    silent: tuple[str, ...]
    due: str = ""


def opinions(state: State, registry: Registry) -> tuple[Opinions, list[Finding]]:
    """Gather what stands.

    Findings: ``opinion-unit-near``, ``opinion-unit-unknown``, at the cell in which the unit names somebody.
    """
    books = state.of_round(CONSULT_ROUND)
    by_task: dict[str, list[Opinion]] = {}
    findings: list[Finding] = []
    for book in books:
        for entry in book_entries(book):
            found = _opinion(entry, registry)
            by_task.setdefault(found.task, []).append(found)
            findings += _unknown(found, registry)
    ordered = sorted(by_task.items(), key=lambda pair: _plan_order(pair[1][0].number))
    silent = tuple(book.issued.book.unit for book in books if not book.receipts)
    asked = tuple(book.issued.book.unit for book in books)
    due = books[-1].issued.book.head.get("due", "") if books else ""
    return Opinions(tuple((task, tuple(own)) for task, own in ordered), asked, silent, due), findings


def in_a_line(own: Sequence[Opinion]) -> str:
    """Put what units say of a task into a few words: how many agree, and each that does not with its reason."""
    agreed = sum(each.answer == AGREED for each in own)
    waiting = sum(each.answer in (SILENT, UNANSWERED) for each in own)
    counted = (f"{agreed}家同意" if agreed else "", remarks(own), f"{waiting}家未反馈" if waiting else "")
    return "\n".join(filter(None, counted))


def remarks(own: Sequence[Opinion]) -> str:
    """Put what units say that do not merely agree into words, a line each."""
    lines = []
    for each in own:
        if each.answer == ADJUST or each.note or (each.text and each.answer == UNANSWERED):
            suggested = f"建议由{'、'.join(each.units or each.suggested)}承担" if each.suggested else ""
            said = "，".join(filter(None, (suggested, each.note))) or each.text or each.answer
            lines.append(f"{each.unit}：{said}")
    return "\n".join(lines)


def _opinion(entry: Entry, registry: Registry) -> Opinion:
    standing, default = entry.standing("opinion"), entry.standing("default_opinion")
    suggestion, remark = entry.standing("suggested_unit"), entry.standing("opinion_note")
    suggested = (
        split_names(suggestion.text, [name for unit in registry.units for name in unit.names]) if suggestion else ()
    )
    own = standing if standing and (not default or standing.cell != default.cell) else None
    answer = own.value if own else (ADJUST if suggested else (standing.value if standing else None))
    if answer not in (AGREED, ADJUST):
        answer = UNANSWERED if entry.book.receipts else SILENT
    first = suggestion or own or remark or standing
    units = dict.fromkeys(unit.name for name in suggested if (unit := registry.unit(name)))
    return Opinion(
        task=entry.row.task,
        number=entry.row.text("plan_no"),
        name=entry.row.text("task"),
        unit=entry.unit,
        role=entry.row.role_text,
        answer=answer,
        text=own.text.strip() if own else "",
        suggested=suggested,
        units=tuple(units),
        note=remark.text.strip() if remark else "",
        source=first.source if first else None,
    )


def _unknown(found: Opinion, registry: Registry) -> Iterator[Finding]:
    """Say whom nobody knows; a group is nobody who could be given a task, so it is said too."""
    for name in found.suggested:
        if isinstance(registry.find(name), Unit) or found.source is None:
            continue
        where = Where(found.source.name, sheet=found.source.sheet, cell=found.source.cell)
        near = "、".join(registry.suggest(name))
        facts = {"unit": found.unit, "name": name, "id": found.task}
        if near:
            yield finding("opinion-unit-near", where, **facts, suggestions=near)
        else:
            yield finding("opinion-unit-unknown", where, **facts)


def _plan_order(number: str) -> list[tuple[int, str]]:
    """Order 2 before 10 and 1.2 before 1.10."""
    return [(int(part), "") if part.isdecimal() else (1 << 30, part) for part in number.split(".")]
