"""The commands to disturb, each with the small campaign as it stands before: three units, three tasks."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builders import SMALL_CAMPAIGN, make_folder
from clerk import Ledger
from crash_checks import Tree, read_tree
from crash_strace import Subject
from plan_clerk import PlanBook

_FIRST: Final = {("1", "status"): "推进中", ("1", "progress"): "已印发通知", ("3", "status"): "未启动"}
_LATER: Final = {("3", "status"): "办结", ("3", "progress"): "已公开\n两次", ("3", "measure"): "公开目录清单"}
_OTHERWISE: Final = {("1", "progress"): "尚未印发"}
_FAULTY: Final = {("1", "progress"): "公开12条，经办人身份证370303199001011239"}  # invented; its check digit agrees
WORKBOOK: Final = "plan.xlsx"
RESOLVE: Final = ("resolve", "区财政局", "1", "progress", "--take", "1")
QUESTIONS: Final = (("show", "--entries", "--json"), ("status", "--json"))


@dataclass(frozen=True, slots=True)
class Scene:
    """A command, the campaign before it, and what an undisturbed run of it leaves and lets the questions tell."""

    name: str
    arguments: tuple[str, ...]
    start: Path
    before: Tree
    final: Tree
    told: tuple[str, ...]


def make_scenes(subject: Subject, folder: Path) -> Iterator[Scene]:
    """Play the round up to each command that is to be disturbed, and on.

    ``first merge`` makes the folder ``reports`` and a new workbook; ``collect`` then finds two new returns and one that
    it knows; ``merge`` replaces the workbook that it wrote before; ``resolve`` chooses between two values, ``undo``
    takes the choice back. ``answer`` sends one ledger back and gives a receipt to two units; ``plan apply`` changes
    both of the office's files.
    """
    campaign = make_folder(folder / "campaign", SMALL_CAMPAIGN)
    _done(subject, ("generate",), campaign)
    ledgers = sorted((campaign / "ledgers" / "2022Q2").iterdir())
    _return(ledgers[1], campaign / "inbox" / "财政局.xlsx", _FIRST)
    _done(subject, ("collect",), campaign)
    yield _scene("first merge", ("merge",), subject, campaign, folder)
    _return(ledgers[0], campaign / "inbox" / "发改局.xlsx", _LATER)
    _return(ledgers[2], campaign / "inbox" / "镇" / "昆仑镇 (1).xlsx", _LATER)
    yield _scene("collect", ("collect",), subject, campaign, folder)
    yield _scene("merge", ("merge",), subject, campaign, folder)
    _return(ledgers[1], campaign / "inbox" / "财政局 (1).xlsx", _OTHERWISE)
    subject.run(("collect",), campaign, learns=True)  # it warns that two returns disagree
    yield _scene("resolve", RESOLVE, subject, campaign, folder)
    yield _scene("undo", ("undo", str(_last_event(campaign))), subject, campaign, folder)
    _return(ledgers[0], campaign / "inbox" / "发改局 (1).xlsx", _FAULTY)
    subject.run(("collect",), campaign, learns=True)  # it says what is wrong
    yield _scene("answer", ("answer",), subject, campaign, folder)
    _done(subject, ("plan", "export"), campaign)
    _edit(campaign / WORKBOOK)
    yield _scene("plan apply", ("plan", "apply", str(subject.campaign / WORKBOOK)), subject, campaign, folder)


def ask(subject: Subject) -> tuple[str, ...]:
    """Ask the questions whose answers are the state of the subject's campaign, and merge: the hash of the workbook."""
    told = [subject.run(question).out for question in QUESTIONS]
    subject.run(("merge",))
    reports = sorted(subject.campaign.glob("reports/*.xlsx"))
    return (*told, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in reports))


def _scene(name: str, arguments: tuple[str, ...], subject: Subject, campaign: Path, folder: Path) -> Scene:
    start = folder / name.replace(" ", "-")
    shutil.copytree(campaign, start)
    before = read_tree(campaign)
    subject.set_up(campaign)  # where a file that the command is given is looked for
    _done(subject, arguments, campaign)
    subject.set_up(campaign)
    return Scene(name, arguments, start, before, read_tree(campaign), ask(subject))


def _last_event(campaign: Path) -> int:
    return max(int(path.name[:6]) for path in (campaign / ".ledgergen" / "journal").glob("*.json"))


def _done(subject: Subject, arguments: tuple[str, ...], campaign: Path) -> str:
    ran = subject.run(arguments, campaign, learns=True)
    if ran.code or ran.err.startswith(("warning", "error")):
        raise AssertionError(ran)
    return ran.out


def _return(ledger: Path, target: Path, typed: dict[tuple[str, str], str]) -> None:
    """Fill a ledger in; always to the same bytes, so that every run of these tests meets the same calls."""
    book = Ledger(ledger)
    tasks = book.rows()
    book.type({place: text for place, text in typed.items() if place[0] in tasks}).save(target)
    _freeze(target, ledger)


def _edit(path: Path) -> None:
    """Change a task and a unit in the workbook of the plan."""
    book = (
        PlanBook(path)
        .type("任务", "1", "工作要求", "按季度公开重点任务的进展和结果")
        .type("单位", "昆仑镇", "简称和其他写法", "昆仑")
    )
    copied = path.with_suffix(".bak")
    path.rename(copied)
    book.workbook.save(path)
    _freeze(path, copied)
    copied.unlink()


def _freeze(target: Path, source: Path) -> None:
    """Take the times of saving out of a workbook that openpyxl made of ``source``."""
    with zipfile.ZipFile(target) as saved:
        parts = {name: saved.read(name) for name in saved.namelist() if name != "docProps/core.xml"}
        parts["docProps/core.xml"] = zipfile.ZipFile(source).read("docProps/core.xml")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as frozen:
        for name, data in parts.items():
            frozen.writestr(zipfile.ZipInfo(name, (2022, 7, 1, 0, 0, 0)), data)
