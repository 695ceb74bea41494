"""A small campaign in which units have answered, for tests of what is reported of it."""

from collections.abc import Mapping
from pathlib import Path

from clerk import Ledger
from commands import Ran, ledgergen

ROUND = "2022Q2"
DAY = "2022-07-20"  # the day asked for, unless a test says otherwise
FIRST, SECOND, TOWN = "区财政局", "区发改局", "昆仑镇"
FIELDS = {
    "measure": "印发通知",
    "leader": "赵六",
    "office": "预算科",
    "status": "推进中",
    "progress": "已推送3批减税政策",
    "evidence": "https://www.example.invalid/a.html",
}


def returns(
    campaign: Path, unit: str, typed: Mapping[tuple[str, str], object], day: str = "2022-07-05", round_id: str = ROUND
) -> None:
    """Let a unit's ledger of the round come back, filled in."""
    (path,) = (campaign / "ledgers" / round_id).glob(f"{unit}_*")
    name = f"{unit}{len(list((campaign / 'inbox').glob('*')))}.xlsx"
    filled = Ledger(path).type(typed).save(campaign / "inbox" / name)
    assert ledgergen("collect", filled, "--received", day, at=campaign).code in (0, 1)


def filled(task: str, **other: str) -> dict[tuple[str, str], object]:
    """Fill in the row of a task; ``other`` texts by column."""
    return {(task, column): text for column, text in {**FIELDS, **other}.items()}


def report(campaign: Path, *arguments: str, as_of: str = DAY) -> Ran:
    """Write a report of what stood on a day."""
    day = ("--as-of", as_of) if as_of else ()
    return ledgergen("report", *arguments, *day, at=campaign)


def files(campaign: Path) -> dict[str, bytes]:
    """Give every file below reports/ by its place."""
    found = sorted(path for path in (campaign / "reports").rglob("*") if path.is_file())
    return {path.relative_to(campaign / "reports").as_posix(): path.read_bytes() for path in found}


def kinds(campaign: Path) -> list[str]:
    """Give the kinds of the events that stand."""
    return [each["kind"] for each in ledgergen("log", "--json", at=campaign).json if not each["cancelled"]]
