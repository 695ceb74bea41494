"""The office's side of the mail tests: a campaign whose units have addresses, filled ledgers, and what is collected."""

from pathlib import Path
from typing import Any

import pytest

from builders import SMALL_CAMPAIGN, make_folder
from clerk import Ledger
from commands import Ran, ledgergen

FINANCE, REFORM, TOWN = "区财政局", "区发改局", "昆仑镇"
UNITS = """\
units:
- {name: 区财政局, aliases: [财政局], kind: 部门, mail: [caizheng@example.gov.cn, "@czj.example.gov.cn", "@qq.com"]}
- {name: 区发改局, kind: 部门, mail: [fagai@example.gov.cn]}
- {name: 昆仑镇, kind: 镇, mail: [kunlun@example.gov.cn]}
groups:
- {name: 各单位, kinds: [部门, 镇]}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Make the small campaign with addresses, its ledgers issued."""
    made = make_folder(tmp_path / "campaign", {**SMALL_CAMPAIGN, "units.yaml": UNITS})
    assert ledgergen("generate", at=made).code == 0
    return made


def filled(office: Path, unit: str = FINANCE, text: str = "已公开") -> bytes:
    """Give the bytes of a unit's ledger with a text typed into task 3."""
    path = next((office / "ledgers" / "2022Q2").glob(f"{unit}*.xlsx"))
    return Ledger(path).type({("3", "progress"): text}).save(office.parent / "filled" / f"{unit}.xlsx").read_bytes()


def blank(office: Path, unit: str = FINANCE) -> bytes:
    """Give the bytes of a unit's ledger as it went out."""
    return next((office / "ledgers" / "2022Q2").glob(f"{unit}*.xlsx")).read_bytes()


def drop(office: Path, **files: bytes) -> None:
    """Put files into the inbox; two underscores in a name stand for the dot."""
    for name, content in files.items():
        path = office / "inbox" / name.replace("__", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def collected(office: Path, *arguments: str | Path) -> list[dict[str, Any]]:
    """Collect and give what is told of every file."""
    ran: Ran = ledgergen("collect", "--json", *arguments, at=office)
    assert ran.code in (0, 1), ran.err
    found: list[dict[str, Any]] = ran.json
    return found


def codes(told: dict[str, Any]) -> list[str]:
    """Give the codes of what is said of a file."""
    return [each["code"] for each in told["findings"]]


def progress_of(office: Path, unit: str, task: str = "3") -> str:
    """Give what stands in the progress of a unit's task."""
    entries = ledgergen("show", "--entries", "--json", at=office).json
    found = [each for each in entries if (each["unit"], each["task"]) == (unit, task)]
    return str(found[0]["fields"].get("progress", {}).get("text", ""))


def events(office: Path) -> int:
    """Count the events of the journal."""
    return len(list((office / ".ledgergen" / "journal").glob("*.json")))
