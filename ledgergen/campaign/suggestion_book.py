"""The suggestions as a workbook (单位建议) that a clerk decides in, and what was decided read back."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.accepting import Chosen, Decision, split_picks
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.outcome import Verb, Written
from ledgergen.campaign.placing import place
from ledgergen.campaign.suggesting import Suggested, SuggestedTask, reason_text
from ledgergen.errors import Surroundings, WrongUse
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.messages import translator
from ledgergen.records import Role
from ledgergen.workbook.choice_book import ChoiceColumn, ChoiceTable, ChosenRow, read_choices, write_choices
from ledgergen.workbook.grid import MAX_FILE
from ledgergen.workbook.pool import BoundedReader

DEFAULT_NAME: Final = "单位建议.xlsx"
_NOTE: Final = (
    "一行是一项没有写责任单位的任务。“建议”按职责、原文和别的台账推测，括号里是把握（满分100），只供参考。"
    "黄色的三列由您填：采用哪条建议就填它的号（1、2、3，可填几个，如 1、3），采用的写成责任单位；"
    "或者直接写单位名称，几个单位用顿号隔开。空着的不写入。改好存盘，运行 ledgergen suggest --apply 本文件。"
)
_OFFERS: Final = ("first", "second", "third")
_NUMBERS: Final = ("1", "2", "3")
_ROLES: Final = {"lead": Role.LEAD, "responsible": Role.RESPONSIBLE, "supporting": Role.SUPPORTING}
TABLE: Final = ChoiceTable(
    "单位建议",
    _NOTE,
    (
        ChoiceColumn("task", "任务编号", 8),
        ChoiceColumn("name", "工作任务", 20),
        ChoiceColumn("requirement", "工作要求", 48),
        ChoiceColumn("first", "建议1", 24),
        ChoiceColumn("second", "建议2", 24),
        ChoiceColumn("third", "建议3", 24),
        ChoiceColumn("responsible", "责任单位（建议的号或名称）", 22, asked=True),
        ChoiceColumn("lead", "牵头单位（建议的号或名称）", 16, asked=True),
        ChoiceColumn("supporting", "配合单位（建议的号或名称）", 16, asked=True),
    ),
)


def export_suggestions(
    folder: Folder, suggested: Suggested, path: Path | None, *, dry_run: bool = False
) -> tuple[Written, tuple[Finding, ...]]:
    """Write the workbook, ``单位建议.xlsx`` in the campaign's folder where no ``path`` is given.

    A file that is there and differs is kept, and the new one gets a new name.

    Raises:
        WrongUse: ``plan-book-name``. Surroundings: disk.
    """
    wanted = (path or folder.root / DEFAULT_NAME).resolve()
    if wanted.suffix.lower() != ".xlsx":
        raise WrongUse("plan-book-name", name=wanted.name)
    settings, facts = suggested.files.settings, suggested.files.plan.facts
    rows = [dict(_cells(each)) for each in suggested.tasks]
    dated = facts.issued or date(facts.year, 1, 1)
    data = write_choices(TABLE, f"{settings.name}单位建议表", settings.id, rows, dated)
    sha256 = hashlib.sha256(data).hexdigest()
    placed = place(wanted, sha256, (), sha256[:6])
    if not dry_run:
        placed.write(data, sha256)
    said = []
    if placed.verb is Verb.KEPT:
        said = [finding("file-kept", Where(folder.shown(placed.wanted)), name=placed.path.name)]
    return Written(folder.shown(placed.path), placed.verb, rows=len(rows)), tuple(said)


def booked_decision(path: Path) -> Decision:
    """Read what a clerk decided in a workbook.

    Raises:
        Surroundings: ``cannot-read``.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as fault:
        raise Surroundings("cannot-read", Where(path.name), reason=fault.strerror or str(fault)) from fault

    def choose(suggested: Suggested) -> tuple[list[Chosen], list[Finding]]:
        with BoundedReader() as reader:
            workbook, findings = reader.read(path.name, data)
        if workbook is None:
            return [], findings
        rows, more = read_choices(workbook, TABLE, suggested.files.settings.id, path.name)
        findings += more
        if rows is None or has_errors(findings):
            return [], findings
        return list(_chosen(rows)), findings

    return Decision(path.name, data, choose)


def _cells(each: SuggestedTask) -> Iterator[tuple[str, str]]:
    chinese = translator("zh")
    task = each.task
    yield from (("task", task.id), ("name", task.name), ("requirement", task.requirement))
    for column, found in zip(_OFFERS, each.suggestions, strict=False):
        reasons = "\n".join(reason_text(reason, chinese) for reason in found.reasons)
        yield column, f"{found.name}（{found.score}）\n{reasons}"


def _offered(text: str) -> str:
    """Give the unit that a cell proposes; what the clerk saw counts, whatever would be proposed by now."""
    name, bracket, _ = text.partition("\n")[0].rpartition("（")
    return name.strip() if bracket else ""


def _chosen(rows: Sequence[ChosenRow]) -> Iterator[Chosen]:
    """Give what was chosen, the strongest role first; rows that are left blank choose nothing."""
    for row in rows:
        offered = [_offered(row.texts.get(key, "")) for key in _OFFERS]
        picks = [
            (role, offered[int(pick) - 1] if pick in _NUMBERS and offered[int(pick) - 1] else pick)
            for key, role in _ROLES.items()
            for pick in split_picks(row.texts.get(key, ""))
        ]
        if picks:
            column = next(key for key in _ROLES if row.texts.get(key, ""))
            yield Chosen(row.key, tuple(picks), row.where(column))
