"""Old formats (.doc, .wps, .rtf, .odt) through LibreOffice, in a process whose memory and time are limited."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from ledgergen.findings import Finding, Where, finding

SECONDS: Final = 90
MEGABYTES: Final = 4_096  # of address space: LibreOffice maps far more than it uses
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_STREAMS: Final = (b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", b"W\0P\0S\0", b"w\0p\0s\0")
_PROGRAMS: Final = ("soffice", "libreoffice")
_LIMITS: Final = """
import os, sys
try:
    import resource
    size = int(sys.argv[1]) << 20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
except (ImportError, ValueError, OSError):
    pass
os.execv(sys.argv[3], sys.argv[3:])
"""


def office_kind(data: bytes) -> str:
    """Tell whether LibreOffice is needed, and for what kind of file by its bytes; empty where it is not."""
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(_OLE) and any(stream in data for stream in _WORD_STREAMS):
        return ".doc"
    if data.startswith(b"PK") and b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
        return ".odt"
    return ""


def converted(name: str, data: bytes, kind: str) -> tuple[bytes | None, Finding | None]:
    """Convert a file to .docx; None and the finding where there is no LibreOffice, or it cannot.

    The file gets a name of our own in a folder of its own, with a profile of its own: no macro is run, and what
    LibreOffice remembers is thrown away.
    """
    program = next((found for each in _PROGRAMS if (found := shutil.which(each))), None)
    if program is None:
        return None, finding("document-needs-office", Where(name), kind=kind)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        source = folder / f"document{kind}"
        source.write_bytes(data)
        profile = (folder / "profile").as_uri()
        options = ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile}"]
        command = [*options, "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source)]
        _run([program, *command])
        made = folder / "document.docx"
        if made.is_file():
            return made.read_bytes(), None
    return None, finding("document-office-failed", Where(name), seconds=SECONDS)


def _run(command: list[str]) -> None:
    """Run a program within its limits; it and all it has started are ended when its time is over."""
    process = subprocess.Popen(  # noqa: S603 - a program of this machine, no shell
        [sys.executable, "-I", "-c", _LIMITS, str(MEGABYTES), str(SECONDS), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=os.name == "posix",
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
