"""The Open XML SDK's validator finds no fault in any workbook that the example's round makes.

It is the nearest thing to Excel's own opinion that runs here. A file takes it half a second of computing, so the suite
asks about every fourth ledger, and ``make soak`` about all.
"""

import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from office_cases import ledgers, schema_faults, shown_round


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shown_round(tmp_path_factory)


def faults(path: Path, folder: Path) -> list[object]:
    folder.mkdir(parents=True)
    return schema_faults(path.read_bytes(), folder)


def assert_clean(paths: Sequence[Path], folder: Path) -> None:
    """Ask about many files, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(faults, paths, (folder / str(number) for number in range(len(paths)))))
    assert {path.name: each for path, each in zip(paths, found, strict=True) if each} == {}


def test_a_quarter_of_the_ledgers_and_the_status_workbook_are_clean_files(demo: Path, tmp_path: Path) -> None:
    made = [*list(ledgers(demo).values())[::4], *(demo / "reports").glob("*.xlsx")]
    assert len(made) == 12 + 1
    assert_clean(made, tmp_path)


@pytest.mark.soak
def test_every_ledger_and_the_status_workbook_are_clean_files(demo: Path, tmp_path: Path) -> None:
    made = [*ledgers(demo).values(), *(demo / "reports").glob("*.xlsx")]
    assert len(made) == 48 + 1
    assert_clean(made, tmp_path)


def test_a_spoilt_file_is_not_clean(demo: Path, tmp_path: Path) -> None:
    # Shows that the test above can fail.
    path = next(iter(ledgers(demo).values()))
    spoilt = tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<sheetProtection ", b'<sheetProtection unheard="1" '))
    assert faults(spoilt, tmp_path / "answer") != []
