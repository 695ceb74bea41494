"""The workbook of plan and units in a real LibreOffice: saved again it changes nothing, edited it changes just that.

Sorted, a row inserted, a cell typed into, saved as each of the three formats.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from commands import ledgergen
from office_cases import EXAMPLE, Office, copied, made_once, opened_office, own_cache

KINDS = ("xlsx", "ods", "xls")
TASKS = 58
FIRST, LAST = 5, 5 + TASKS - 1


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Begin a campaign from the example and export its plan."""

    def make(folder: Path) -> None:
        with own_cache():
            assert ledgergen("new", "c", "--example", EXAMPLE, at=folder).code == 0
            assert ledgergen("plan", "export", at=folder / "c").code == 0

    return made_once(tmp_path_factory, "plan", make) / "c"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def saved(exported: Path, office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Save it again in the three formats: unedited, and with the rows sorted, one inserted and one cell typed into."""
    folder = tmp_path_factory.mktemp("plan-saved")
    targets = {f"{name}-{kind}": folder / f"{name}.{kind}" for name in ("same", "edited") for kind in KINDS}
    office.edit(exported / "plan.xlsx", [], **{kind: targets[f"same-{kind}"] for kind in KINDS})
    how = {"ByRows": True, "HasHeader": False, "UserDefIndex": 0, "Col1": 3, "Ascending1": True}
    steps = (
        ("go", f"A{FIRST}:{last_column(exported)}{LAST}"),
        ("do", "DataSort", how),
        ("enter", f"D{FIRST}", "改过的要求，甲、乙"),
        ("go", f"A{FIRST + 1}"),
        ("do", "InsertRowsBefore"),
        ("enter", f"A{FIRST + 1}", "59"),
        ("enter", f"C{FIRST + 1}", "新任务"),
        ("enter", f"F{FIRST + 1}", "区财政局"),
    )
    office.edit(exported / "plan.xlsx", steps, **{kind: targets[f"edited-{kind}"] for kind in KINDS})
    return targets


def last_column(exported: Path) -> str:
    """Give the letter of the column of keys, the last of the sheet of tasks."""
    return get_column_letter(load_workbook(exported / "plan.xlsx")["任务"].max_column)


def applied(exported: Path, place: Path, path: Path) -> Any:  # noqa: ANN401 - whatever the command prints
    campaign = copied(exported, place)
    ran = ledgergen("plan", "apply", path, "--json", at=campaign)
    assert ran.code == 0, ran.out
    return ran.json


@pytest.mark.parametrize("kind", KINDS)
def test_saving_again_changes_nothing(exported: Path, saved: dict[str, Path], tmp_path: Path, kind: str) -> None:
    found = applied(exported, tmp_path / "c", saved[f"same-{kind}"])
    assert found == {"changes": [], "written": [], "findings": []}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_edited_and_nothing_else_is_changed(
    exported: Path, saved: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    found = applied(exported, tmp_path / "c", saved[f"edited-{kind}"])
    changes = [(each["verb"], each["table"], each["field"], each["new"]) for each in found["changes"]]
    assert changes == [("set", "tasks", "requirement", "改过的要求，甲、乙"), ("add", "tasks", "", "新任务")]
    assert found["changes"][0]["key"] != "1"  # it was sorted
    assert found["written"] == ["plan.yaml"]
    assert found["findings"] == []
