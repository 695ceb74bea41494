"""LibreOffice, where it is installed: it prints a workbook to a file. Nothing else of it is used."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from ledgergen.errors import Surroundings

_NAMES: Final = ("soffice", "libreoffice")
_PLACES: Final = (  # where its installers put it, out of the path
    Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / "LibreOffice" / "program" / "soffice.exe",
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
_DRAWER: Final = "pdftoppm"  # of poppler; some LibreOffices come without the filter for pictures
_DOTS_PER_INCH: Final = "110"
_PATIENCE: Final = 180  # seconds
# When a PDF was made, and what follows from that. Fixed values of the same length, for a PDF counts its bytes, make the
# same PDF of the same ledger.
_VOLATILE: Final = (
    (re.compile(rb"(/CreationDate\(D:)[0-9]{14}"), rb"\g<1>20000101000000"),
    (re.compile(rb"(/DocChecksum /)[0-9A-F]{32}"), rb"\g<1>" + b"0" * 32),
    (re.compile(rb"(/ID \[ <)[0-9A-F]{32}(>\s<)[0-9A-F]{32}"), rb"\g<1>" + b"0" * 32 + rb"\g<2>" + b"0" * 32),
)


def printed(workbook: bytes, kind: str) -> bytes:
    """Print a workbook as ``pdf``, or its first page as ``png``; the same workbook gives the same PDF.

    Raises:
        Surroundings: ``no-libreoffice``, ``preview-failed``.
    """
    program = _program()
    if program is None:
        raise Surroundings("no-libreoffice")
    drawer = shutil.which(_DRAWER) if kind == "png" else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        source = Path(place) / "preview.xlsx"
        source.write_bytes(workbook)
        profile = f"-env:UserInstallation={(Path(place) / 'profile').as_uri()}"  # beside one that a person has open
        wanted = "pdf" if drawer else kind
        said = _run([program, profile, "--headless", "--convert-to", wanted, "--outdir", place, str(source)])
        made = source.with_suffix(f".{wanted}")
        if drawer and made.is_file():
            page = ["-r", _DOTS_PER_INCH, "-f", "1", "-l", "1", "-singlefile", "-png"]
            said = _run([drawer, *page, str(made), str(source.with_suffix(""))])
            made = source.with_suffix(".png")
        if not made.is_file():
            raise Surroundings("preview-failed", reason=said.splitlines()[-1] if said else "—")
        return _steady(made.read_bytes()) if kind == "pdf" else made.read_bytes()


def _steady(pdf: bytes) -> bytes:
    for pattern, fixed in _VOLATILE:
        pdf = pattern.sub(fixed, pdf)
    return pdf


def _program() -> str | None:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or next((str(path) for path in _PLACES if path.is_file()), None)


def _run(command: list[str]) -> str:
    """Run a program to its end and give what it said; what hangs is ended, with the processes it began."""
    running = subprocess.Popen(  # noqa: S603 - an installed program, with arguments of our own
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = running.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise Surroundings("preview-failed", reason=f"{_PATIENCE} s") from None
    finally:
        _end(running)
    return said.strip()


def _end(running: "subprocess.Popen[str]") -> None:
    if running.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)  # a group of its own: start_new_session
    else:
        running.kill()
    running.wait()
