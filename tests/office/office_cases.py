"""What the tests with a real LibreOffice share: the example as a campaign, an open office, what commands say."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from filelock import FileLock

from commands import ledgergen
from conftest import need

sys.path.append(str(Path(__file__).resolve().parents[1] / "workbook"))
from write_cases import missing, schema_faults

__all__ = [
    "EXAMPLE",
    "FINANCE",
    "ROUND",
    "Office",
    "Step",
    "collected",
    "converted",
    "copied",
    "events",
    "issued_example",
    "ledgers",
    "made_once",
    "opened_office",
    "own_cache",
    "schema_faults",
    "shown",
    "shown_round",
]

EXAMPLE = "zichuan-2022"
ROUND = "2022Q2"
FINANCE = "区财政局"  # it has a task of every kind but those of a lead
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8", "xls": "MS Excel 97"}
Step: TypeAlias = Sequence[object]

_PYTHON = Path("/usr/bin/python3")
_PATIENCE = 120  # seconds for one order; a slow machine under load needs ten


@contextmanager
def own_cache() -> Iterator[None]:
    """Keep the user's cache folder out of what is made once for a whole module."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as cache:
        patch.setenv("LEDGERGEN_CACHE", cache)
        yield


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all modules, and for all workers where several run; nobody may write into it."""
    root = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent
    place = root / f"office-{name}"
    with FileLock(f"{place}.lock"):
        if not place.exists():
            part = factory.mktemp(name)
            make(part)
            part.rename(place)
    return place


def issued_example(factory: pytest.TempPathFactory) -> Path:
    """Begin a campaign from the example and issue its ledgers, by the commands that a user types."""

    def make(folder: Path) -> None:
        with own_cache():
            assert ledgergen("new", "c", "--example", EXAMPLE, at=folder).code == 0
            ran = ledgergen("generate", "--round", ROUND, at=folder / "c")
            assert ran.code == 0, ran.err

    return made_once(factory, "example", make) / "c"


def shown_round(factory: pytest.TempPathFactory) -> Path:
    """Show the whole round on the example, as ``ledgergen demo`` does."""

    def make(folder: Path) -> None:
        with own_cache():
            ran = ledgergen("demo", folder / "c", "--example", EXAMPLE)
            assert ran.code == 0, ran.err

    return made_once(factory, "demo", make) / "c"


def copied(campaign: Path, place: Path) -> Path:
    """Copy a campaign's folder, so that a test has one of its own."""
    shutil.copytree(campaign, place)
    return place


def ledgers(campaign: Path) -> dict[str, Path]:
    """Give the generated ledgers by unit, as the file names begin."""
    return {path.name.partition("_")[0]: path for path in sorted((campaign / "ledgers" / ROUND).glob("*.xlsx"))}


def collected(campaign: Path, *paths: Path) -> list[dict[str, Any]]:
    """Collect files and give what is said of each."""
    ran = ledgergen("collect", "--json", *paths, at=campaign)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = ran.json
    return found


def shown(campaign: Path, unit: str = FINANCE) -> list[dict[str, Any]]:
    """Give a unit's entries as other programs get them."""
    ran = ledgergen("show", "--entries", "--json", "--unit", unit, at=campaign)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = ran.json
    return found


def events(campaign: Path) -> list[Path]:
    """Give the journal's files in order."""
    return sorted((campaign / ".ledgergen" / "journal").glob("*.json"))


class Office:
    """A LibreOffice that is open, with a profile of its own; orders go to ``office_uno.py``."""

    def __init__(self, running: "subprocess.Popen[str]") -> None:
        self._running = running

    def edit(self, path: Path, steps: Sequence[Step], **saved: Path) -> list[Any]:
        """Open a file, take the steps, save it under the names; gives what each step gave.

        ``saved`` names where to save by format: ``xlsx=…, ods=…, xls=…``. A copy is opened, in a folder of its own:
        LibreOffice locks what it opens, and another worker may want the same ledger.
        """
        with tempfile.TemporaryDirectory() as folder:
            order = {
                "open": shutil.copy(path, folder),
                "steps": list(steps),
                "save": [[str(target), FILTERS[kind]] for kind, target in saved.items()],
            }
            return self._answer(order)

    def _answer(self, order: Mapping[str, object]) -> list[Any]:
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._running.stdin.write(json.dumps(order) + "\n")
        self._running.stdin.flush()
        ready, _, _ = select.select([self._running.stdout], [], [], _PATIENCE)
        answer = json.loads(self._running.stdout.readline() or "{}") if ready else {}
        assert "fault" not in answer, answer["fault"]
        assert "given" in answer, "LibreOffice does not answer"
        given: list[Any] = answer["given"]
        return given


def _has_uno() -> bool:
    if not _PYTHON.exists():
        return False
    return subprocess.run([_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0


@contextmanager
def opened_office() -> Iterator[Office]:
    """Open one LibreOffice, and end that one only."""
    need("soffice")
    if not _has_uno():
        missing("python3-uno is not installed for /usr/bin/python3")
    script = Path(__file__).with_name("office_uno.py")
    running = subprocess.Popen(
        [_PYTHON, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield Office(running)
    finally:
        ended(running)


def converted(paths: Sequence[Path], kind: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Have one run of LibreOffice convert many files, each to one of the same name in ``folder``."""
    soffice = need("soffice")
    with tempfile.TemporaryDirectory() as profile:
        command = [soffice, "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}"]
        running = subprocess.Popen(
            [*command, "--convert-to", kind, "--outdir", str(folder), *map(str, paths)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
        ended(running, 4 * _PATIENCE)
    assert sorted(path.stem for path in folder.glob(f"*.{kind}")) == sorted(path.stem for path in paths)


def ended(running: "subprocess.Popen[Any]", patience: float = 30) -> None:
    """Let a program of ours end by itself; what is left of it after a while is ended by its id."""
    if running.stdin is not None:
        running.stdin.close()
    try:
        running.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)  # its own group: start_new_session
        running.wait()
    finally:
        if running.stdout is not None:
            running.stdout.close()
