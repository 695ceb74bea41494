"""The programs in which clerks open a ledger, each driven through what it really is; started once for many files."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from client_hand import Action
from client_python import OpenpyxlHand, PandasHand, acted
from client_wps import as_wps, with_class_id

HERE: Final = Path(__file__).resolve().parent
NODE_MODULES: Final = HERE.parent / "node" / "node_modules"
SYSTEM_PYTHON: Final = Path("/usr/bin/python3")
_PATIENCE: Final = 120  # seconds for one file

_UNO_FILTERS: Final = {
    "xlsx": ("Calc MS Excel 2007 XML", ""),
    "xls": ("MS Excel 97", ""),
    "ods": ("calc8", ""),
    "csv": ("Text - txt - csv (StarCalc)", "44,34,UTF-8,1,,0,false,true,false"),
    "csv-gb18030": ("Text - txt - csv (StarCalc)", "44,34,GB18030,1,,0,false,true,false"),
}
_GNUMERIC: Final = {
    "xlsx": "Gnumeric_Excel:xlsx2",
    "xls": "Gnumeric_Excel:excel_biff8",
    "ods": "Gnumeric_OpenCalc:odf",
    "csv": "Gnumeric_stf:stf_csv",
}


class ProgramFault(Exception):  # noqa: N818 - as the tests call it
    """A program could not do what it was told; the order is no specimen then."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one program is to do with one file: open it, act on one sheet, save it as a kind."""

    open: Path
    sheet: int
    actions: Sequence[Action]
    save: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Client:
    """A program: the kinds of files that it opens, those that it saves, and whether it can do more than save."""

    name: str
    opens: tuple[str, ...]
    saves: tuple[str, ...]
    edits: bool = True


CLIENTS: Final = (
    Client("LibreOffice", ("xlsx", "xls", "ods"), ("xlsx", "xls", "ods", "csv", "csv-gb18030")),
    Client("exceljs", ("xlsx",), ("xlsx", "csv")),
    Client("SheetJS", ("xlsx", "xls", "ods"), ("xlsx", "xls", "ods", "csv", "csv-gb18030")),
    Client("Gnumeric", ("xlsx", "xls", "ods"), ("xlsx", "xls", "ods", "csv"), edits=False),
    Client("openpyxl", ("xlsx",), ("xlsx",)),
    Client("pandas", ("xlsx", "xls", "ods"), ("xlsx", "csv", "csv-gb18030")),
    Client("as WPS writes", ("xlsx",), ("xlsx", "xls")),
)


def missing_tools() -> list[str]:
    """Name what is not installed of what the corpus needs."""
    missing = [name for name in ("soffice", "ssconvert", "node") if shutil.which(name) is None]
    missing += [f"npm package {name}" for name in ("exceljs", "xlsx") if not (NODE_MODULES / name).is_dir()]
    python = SYSTEM_PYTHON.exists() and subprocess.run(
        [SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False
    )
    return missing if python and python.returncode == 0 else [*missing, "python3-uno"]


class _Talker:
    """A program that stays open and takes an order a line."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def ask(self, order: Mapping[str, object]) -> None:
        """Have an order carried out."""
        asked, answers = self._running.stdin, self._running.stdout
        if asked is None or answers is None:
            raise AssertionError("both are pipes")
        asked.write(json.dumps(order) + "\n")
        asked.flush()
        ready, _, _ = select.select([answers], [], [], _PATIENCE)
        line = answers.readline() if ready else ""
        answer: dict[str, Any] = json.loads(line) if line else {"fault": "no answer"}
        if "fault" in answer:
            raise ProgramFault(answer["fault"])

    def end(self) -> None:
        """Let it end by itself; what is left of it is ended by its id."""
        for pipe in (self._running.stdin, self._running.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
        try:
            self._running.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._running.pid, 9)  # its own group: start_new_session
            self._running.wait()


@dataclass
class Programs:
    """The programs of a run; each is started when it is first wanted."""

    folder: Path
    _stack: ExitStack = field(default_factory=ExitStack)
    _talkers: dict[str, _Talker] = field(default_factory=dict)

    def do(self, client: str, order: Order) -> None:
        """Have a client carry out an order; :class:`ProgramFault` where it cannot."""
        if client in ("openpyxl", "pandas", "as WPS writes"):
            try:
                with warnings.catch_warnings(action="ignore"):  # of files that others wrote
                    _in_python(client, order, self)
            except Exception as fault:  # whatever it is that the library cannot read
                raise ProgramFault(repr(fault)) from fault
        elif client == "Gnumeric":
            _converted(order)
        else:
            self._told(client, order)
        if not order.save.exists() or not order.save.stat().st_size:
            raise ProgramFault(f"{client} saved nothing")

    def _told(self, client: str, order: Order) -> None:
        commands: dict[str, list[str | Path]] = {
            "LibreOffice": [SYSTEM_PYTHON, HERE / "client_uno.py"],
            "exceljs": ["node", HERE / "client_exceljs.js"],
            "SheetJS": ["node", HERE / "client_sheetjs.js"],
        }
        if client not in self._talkers:
            self._talkers[client] = _Talker(commands[client])
            self._stack.callback(self._talkers[client].end)
        kind, _, encoding = order.kind.partition("-")
        told: dict[str, object] = {
            "open": str(order.open),
            "sheet": order.sheet,
            "actions": order.actions,
            "save": str(order.save),
            "kind": kind,
            "encoding": encoding,
        }
        if client != "LibreOffice":
            self._talkers[client].ask(told)
            return
        with tempfile.TemporaryDirectory(dir=self.folder) as place:  # LibreOffice locks what it opens
            copied = shutil.copy(order.open, place)
            try:
                self._talkers[client].ask({**told, "open": str(copied), "filter": _UNO_FILTERS[order.kind]})
            except ProgramFault:  # it may have crashed; the next order goes to a fresh one
                self._talkers.pop(client).end()
                raise

    def end(self) -> None:
        """End all that were started."""
        self._stack.close()


@contextmanager
def running_programs(folder: Path) -> Iterator[Programs]:
    """Give the programs for a while."""
    programs = Programs(folder)
    try:
        yield programs
    finally:
        programs.end()


def _in_python(client: str, order: Order, programs: Programs) -> None:
    kind, _, encoding = order.kind.partition("-")
    if client == "pandas":
        hand = PandasHand(order.open, order.sheet)
        acted(hand, order.actions)
        hand.save(order.save, {"csv": encoding or "utf-8-sig"}.get(kind, ""))
        return
    book = OpenpyxlHand(order.open, order.sheet)
    acted(book, order.actions)
    if kind == "xlsx":
        book.save(order.save)
        if client == "as WPS writes":
            as_wps(order.save)
        return
    between = order.save.with_suffix(".between.xlsx")
    book.save(between)
    programs.do("SheetJS", Order(between, order.sheet, (), order.save, "xls"))
    between.unlink()
    with_class_id(order.save)


def _converted(order: Order) -> None:
    """Have Gnumeric open a file and save it."""
    command = ["ssconvert", "-T", _GNUMERIC[order.kind], str(order.open), str(order.save)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    if done.returncode:
        raise ProgramFault(done.stderr)
