"""Drive LibreOffice through UNO; run by the system's Python, which has the bindings. Prints one JSON object.

write_uno.py heights FILE   the height each row wants (points), and the one it was opened with
write_uno.py edit FILE      sort, insert and delete a row, type into the title, type much into a cell: as a user would
write_uno.py lock FILE PASSWORD   saves it behind a password beside itself, as .xls and as .ods
"""
# ruff: noqa: ANN401 - UNO has no types

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue

POINTS = 72 / 2540  # LibreOffice counts hundredths of a millimetre


def prop(name: str, value: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


@contextmanager
def office() -> Iterator[Any]:
    """Start a LibreOffice of our own, with a profile of its own, and end that one only."""
    profile, pipe = tempfile.mkdtemp(), f"ledgergen{os.getpid()}"
    command = ["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}"]
    running = subprocess.Popen([*command, f"--accept=pipe,name={pipe};urp;"], stderr=subprocess.DEVNULL)
    try:
        context = connected(pipe, running)
        yield context
        with suppress(Exception):  # it ends before it can answer
            service(context, "com.sun.star.frame.Desktop").terminate()
        running.wait(30)
    finally:
        running.kill()
        shutil.rmtree(profile, ignore_errors=True)


def connected(pipe: str, running: "subprocess.Popen[bytes]") -> Any:
    """Wait for the program to listen, and give its component context."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - UNO's own exceptions have no common class
            if running.poll() is not None:
                break
            time.sleep(0.2)
    raise SystemExit("LibreOffice does not listen")


def service(context: Any, name: str) -> Any:
    return context.ServiceManager.createInstanceWithContext(name, context)


def opened(context: Any, path: str) -> Any:
    url = Path(path).resolve().as_uri()
    desktop = service(context, "com.sun.star.frame.Desktop")
    # As a template, so that no lock file is left beside it.
    return desktop.loadComponentFromURL(url, "_blank", 0, (prop("Hidden", value=True), prop("AsTemplate", value=True)))


def rows_used(sheet: Any) -> int:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)  # noqa: FBT003 - UNO knows no keywords
    return int(cursor.RangeAddress.EndRow) + 1


def heights(context: Any, path: str) -> dict[str, object]:
    sheet = opened(context, path).Sheets.getByIndex(0)
    before, wanted = [], []
    for index in range(rows_used(sheet)):
        row = sheet.Rows.getByIndex(index)
        before.append(row.Height * POINTS)
        row.OptimalHeight = True
        wanted.append(row.Height * POINTS)
    return {"before": before, "wanted": wanted}


def edit(context: Any, path: str) -> dict[str, object]:
    document = opened(context, path)
    sheet, frame = document.Sheets.getByIndex(0), document.CurrentController.Frame
    dispatcher = service(context, "com.sun.star.frame.DispatchHelper")
    last = rows_used(sheet)
    first = next(row for row in range(last) if sheet.getCellByPosition(0, row).String == "序号") + 2  # from 1
    end = next(name for name in range(100) if not sheet.getCellByPosition(name, first - 2).String) - 1

    def do(command: str, **arguments: object) -> None:
        sent = tuple(prop(name, value) for name, value in arguments.items())
        dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, sent)

    def lines() -> list[list[str]]:
        used = range(first - 1, rows_used(sheet))
        return [[sheet.getCellByPosition(column, row).String for column in range(end + 1)] for row in used]

    seen: dict[str, object] = {"protected": bool(sheet.isProtected()), "issued": lines()}
    do("GoToCell", ToPoint=f"A{first}:{chr(65 + end)}{last}")
    do("DataSort", ByRows=True, HasHeader=False, UserDefIndex=0, Col1=1, Ascending1=False)
    seen["sorted"] = lines()
    do("GoToCell", ToPoint=f"A{first + 1}")
    do("InsertRowsBefore")
    seen["inserted"] = lines()
    do("GoToCell", ToPoint=f"A{first + 1}")
    do("DeleteRows")
    seen["deleted"] = lines()
    do("GoToCell", ToPoint="A1")
    do("EnterString", StringName="x")
    seen["title"] = sheet.getCellByPosition(0, 0).String
    row = sheet.Rows.getByIndex(first - 1)
    before = row.Height
    do("GoToCell", ToPoint=f"L{first}")
    do("EnterString", StringName="六月二十日召开局党组会议专题研究，" * 12)
    seen["grown"] = [before * POINTS, row.Height * POINTS]
    return seen


def lock(context: Any, path: str, password: str) -> dict[str, object]:
    document = opened(context, path)
    for extension, kind in (("xls", "MS Excel 97"), ("ods", "calc8")):
        target = Path(path).resolve().with_suffix(f".{extension}").as_uri()
        document.storeToURL(target, (prop("FilterName", kind), prop("Password", password)))
    return {}


def main() -> None:
    job, path, *further = sys.argv[1:]
    with office() as context:
        jobs: dict[str, Callable[..., object]] = {"heights": heights, "edit": edit, "lock": lock}
        answer = jobs[job](context, path, *further)
        print(json.dumps(answer))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
