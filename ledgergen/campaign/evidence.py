"""Attachments that are no ledgers (盖章扫描件, 佐证材料): filed by unit and task, under their own names.

The bytes are kept like those of any parcel; what lies in ``evidence/`` are copies for people to open.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ledgergen.campaign.naming import safe_stem
from ledgergen.campaign.placing import place
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.durable import sync_folder
from ledgergen.journal.originals import Originals
from ledgergen.plan.phrases import plain_name
from ledgergen.returns.decisions import Parcel, Verdict
from ledgergen.returns.shelf import Issued
from ledgergen.workbook.codes import parse_row_code
from ledgergen.workbook.grid import BESIDE

FOLDER: Final = "evidence"
FILED: Final = "attachment-filed"
_NOBODY: Final = "待分单位"
_NO_TASK: Final = "未分任务"
_NO_WORKBOOK: Final = frozenset({"file-not-a-workbook", "file-unrecognised", "file-empty"})
_CODE: Final = re.compile(r"[0-9A-Za-z.]+(?:-[0-9A-Za-z.]+){2,3}")
_NUMBER: Final = re.compile(r"(?:任务|第|序号|编号)\s*([0-9A-Za-z.]{1,12})(?![0-9A-Za-z.])|^([0-9]{1,3})(?=[-_ .、．])")
_SHORTEST: Final = 3  # letters of a task's name by which a file may be told


@dataclass(frozen=True, slots=True)
class Files:
    """Knows by unit its tasks, by id and name, from the ledgers that were issued."""

    tasks: Mapping[str, Mapping[str, str]]

    @staticmethod
    def of(issued: Iterable[Issued]) -> "Files":
        """Take the tasks of the units' ledgers."""
        tasks: dict[str, dict[str, str]] = {}
        for item in issued:
            own = tasks.setdefault(item.book.unit, {})
            own.update((row.task, row.text("task")) for row in item.book.rows)
        return Files(tasks)

    def filed(self, parcel: Parcel, unit: str) -> Parcel:
        """File a parcel that is no workbook at all; any other stays as it is."""
        codes = {found.code for found in parcel.findings}
        if parcel.verdict is not Verdict.REJECTED or not codes or not codes <= _NO_WORKBOOK:
            return parcel
        kind = next((str(found.facts["kind"]) for found in parcel.findings if "kind" in found.facts), "?")
        where = "/".join((FOLDER, *self.place(parcel.name, unit)))
        said = finding(FILED, Where(parcel.name), kind=kind, place=where, unit=unit)
        return replace(parcel, verdict=Verdict.IGNORED, findings=(said,))

    def place(self, name: str, unit: str) -> tuple[str, str, str]:
        """Give the folders of unit and task, and the file's name, as a disk can have them."""
        last = name.rsplit(BESIDE, 1)[-1].rsplit("/", 1)[-1]
        task = self.task_of(last, unit)
        title = self.tasks.get(unit, {}).get(task, "")
        stem, dot, ending = last.rpartition(".")
        if not dot or not ending.isalnum() or len(ending) > 5:  # noqa: PLR2004 - letters of an ending
            stem, ending = last, ""
        file = safe_stem(stem) + (f".{ending.lower()}" if ending else "")
        return safe_stem(unit or _NOBODY), safe_stem(f"{task} {title}" if task else _NO_TASK), file

    def task_of(self, name: str, unit: str) -> str:
        """Tell by its name which task of its unit a file is about: by row code, name, or number; empty if not clear."""
        tasks = self.tasks.get(unit, {})
        codes = (parse_row_code(found[0]) for found in _CODE.finditer(name))
        coded = {code.task for code in codes if code and code.task in tasks}
        plain = plain_name(name)
        named = {
            task for task, title in tasks.items() if len(plain_name(title)) >= _SHORTEST and plain_name(title) in plain
        }
        numbered = {found[1] or found[2] for found in _NUMBER.finditer(name)} & set(tasks)
        return next((next(iter(found)) for found in (coded, named, numbered) if len(found) == 1), "")


def lay_out(root: Path, parcels: Iterable[Parcel], dry_run: bool = False) -> list[Finding]:  # noqa: FBT001, FBT002 - as every writer
    """Copy filed parcels to where people open them; a copy that somebody has edited is kept.

    Raises:
        Surroundings: ``cannot-read``, ``cannot-write``, ``original-missing``.
    """
    findings: list[Finding] = []
    touched: set[Path] = set()
    try:
        for sha256, wanted in _wanted(root, parcels):
            placed = place(wanted, sha256, (), sha256[:6])
            if not dry_run and placed.write_unsynced(Originals(root).read(sha256), sha256):
                touched.add(placed.path.parent)
            findings += placed.findings(root)
    finally:
        for folder in sorted(touched):  # once for each, not for each file
            sync_folder(folder)
    return findings


def _wanted(root: Path, parcels: Iterable[Parcel]) -> Iterator[tuple[str, Path]]:
    for parcel in parcels:
        for each in parcel.findings:
            if each.code == FILED and parcel.verdict is not Verdict.DUPLICATE:
                yield parcel.sha256, root / str(each.facts["place"])
