"""A draft and its findings on their way from the worker: JSON, and on this side checked type by type.

The process that sends it has handled foreign bytes, so nothing of it is believed.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from ledgergen import unbelieved as due
from ledgergen.catalogue import CATALOGUE
from ledgergen.document.draft import Draft, DraftTask
from ledgergen.document.facts import Facts
from ledgergen.findings import Finding, Where

MAX_ANSWER: Final = 64 << 20  # bytes
_MAX_TASKS: Final = 20_000
_MAX_FINDINGS: Final = 100_000
_MAX_FACT: Final = 10_000  # characters


def packed(draft: Draft | None, findings: Sequence[Finding]) -> bytes:
    """Pack an answer: the draft or null, and the findings, as codes and facts without words."""
    stored = [_packed_draft(draft) if draft else None, [found.to_json() for found in findings]]
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unpacked(answer: bytes, file: str) -> tuple[Draft | None, list[Finding]]:
    """Read an answer back and check it; ``file`` is the document's name, whatever the answer says.

    Raises:
        TypeError, ValueError, KeyError: it is not in order.
    """
    pair = due.items(json.loads(answer.decode("utf-8", "surrogatepass")))
    if len(pair) != 2 or len(due.items(pair[1])) > _MAX_FINDINGS:  # noqa: PLR2004 - a pair
        raise ValueError("a draft and findings are due")
    draft = None if pair[0] is None else _draft(pair[0], file)
    findings = [_finding(item, file) for item in pair[1]]
    if draft is None and not findings:
        raise ValueError("neither a draft nor a reason")
    return draft, findings


def _packed_draft(draft: Draft) -> dict[str, object]:
    facts = draft.facts
    return {
        "facts": {
            "title": facts.title,
            "document_number": facts.document_number,
            "issuer": facts.issuer,
            "issued": facts.issued and facts.issued.isoformat(),
            "printed": facts.printed and facts.printed.isoformat(),
            "year": facts.year,
            "region": facts.region,
        },
        "tasks": [_packed_task(task) for task in draft.tasks],
    }


def _packed_task(task: DraftTask) -> dict[str, object]:
    stored = task.to_json()
    del stored["doubtful"], stored["doubt"]
    stored["doubts"] = [doubt.to_json() for doubt in task.doubts]
    stored["in_table"] = task.in_table
    stored["where"] = [task.where.line, task.where.sheet, task.where.cell]
    return stored


def _draft(stored: object, file: str) -> Draft:
    record = due.record(stored)
    facts = due.record(record["facts"])
    tasks = due.items(record["tasks"])
    if len(tasks) > _MAX_TASKS:
        raise ValueError("too many tasks")
    found = Facts(
        title=due.text(facts["title"]),
        document_number=due.text(facts["document_number"]),
        issuer=due.text(facts["issuer"]),
        issued=_day(facts["issued"]),
        printed=_day(facts["printed"]),
        year=None if facts["year"] is None else due.number(facts["year"]),
        region=due.text(facts["region"]),
    )
    return Draft(found, tuple(_task(task, file) for task in tasks))


def _day(stored: object) -> date | None:
    return date.fromisoformat(due.text(stored)) if stored else None


def _task(stored: object, file: str) -> DraftTask:
    record = due.record(stored)
    if type(record["open_list"]) is not bool or type(record["in_table"]) is not bool:
        raise TypeError("a truth value is due")
    line, sheet, cell = due.items(record["where"])
    return DraftTask(
        number=due.text(record["number"]),
        requirement=due.text(record["requirement"]),
        name=due.text(record["name"]),
        part=None if record["part"] is None else due.number(record["part"]),
        section=due.texts(record["section"]),
        lead=due.texts(record["lead"]),
        responsible=due.texts(record["responsible"]),
        supporting=due.texts(record["supporting"]),
        groups=due.texts(record["groups_as_written"]),
        open_list=record["open_list"],
        time_limit=due.text(record["time_limit"]),
        deadline=_deadline(record["deadline"]),
        inherited=due.texts(record["inherited"]),
        doubts=tuple(_finding(doubt, file) for doubt in due.items(record["doubts"])),
        in_table=record["in_table"],
        where=Where(file, due.number(line), sheet=due.text(sheet), cell=due.text(cell)),
    )


def _deadline(stored: object) -> dict[str, Any]:
    """Check a deadline: plain values, and the further parts in ``also``."""
    record = due.record(stored)
    plain = {key: value for key, value in record.items() if key != "also"}
    if not all(value is None or type(value) in (str, int, bool) for value in plain.values()):
        raise TypeError("plain values are due")
    return {**plain, "also": [_deadline(part) for part in due.items(record["also"])]} if "also" in record else plain


def _finding(stored: object, file: str) -> Finding:
    found = Finding.from_json(due.record(stored))
    line, sheet, cell = due.number(found.where.line), due.text(found.where.sheet), due.text(found.where.cell)
    facts = found.facts.values()
    if found.code not in CATALOGUE or not all(type(fact) is int or len(due.text(fact)) <= _MAX_FACT for fact in facts):
        raise ValueError("no finding of the catalogue")
    return replace(found, where=Where(file, line, sheet=sheet, cell=cell))
