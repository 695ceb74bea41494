"""Open a RAR archive: the one door to rarfile, an optional extra, and to the program that unpacks for it.

The format is proprietary: rarfile reads the directory and what is merely stored, all else is unpacked by unrar, 7z,
unar or bsdtar, whichever this machine has. A password would have to be given to that program on its command line,
where every user of the machine may read it; so what is encrypted is not opened.
"""

import contextlib
import io
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.archives import Fetch, Full, Room
from ledgergen.workbook.grid import MAX_MEMBERS
from ledgergen.workbook.inspect import Refused

if TYPE_CHECKING:
    from rarfile import RarFile, RarInfo

_PROGRAMS: Final = ("unrar", "7z", "7zz", "unar", "bsdtar")
_SETTINGS: Final = {"unrar": "UNRAR_TOOL", "7z": "SEVENZIP_TOOL", "7zz": "SEVENZIP2_TOOL", "unar": "UNAR_TOOL"}
_FOLDERS: Final = ("WinRAR", "7-Zip")  # under the programs of Windows, whose installers tell no path
_MOST_LISTED: Final = 20_000


def entries(data: bytes, room: Room, _passwords: Sequence[str]) -> Iterator[tuple[str, Fetch]]:
    """Give the name of each file in the archive, and how to have it.

    Raises:
        Refused: ``archive-not-opened`` (rarfile is not installed), ``file-damaged``, ``archive-volume``,
            ``file-encrypted-kind``, ``archive-too-many``.
    """
    try:
        import rarfile
    except ImportError as fault:
        raise Refused("archive-not-opened", kind="RAR", needed="rarfile") from fault
    rarfile.USE_EXTRACT_HACK = 0  # it would write a piece of the archive to disk
    with _as_file(data) as source, _opened(rarfile, source) as archive:
        listed = archive.infolist()
        if not listed and archive.needs_password():
            raise Refused("file-encrypted-kind", kind="RAR")
        if len(listed) > _MOST_LISTED:
            raise Full("archive-too-many", limit=MAX_MEMBERS)
        for info in listed:
            if not info.is_dir():
                yield info.filename or "?", lambda info=info: _content(rarfile, archive, info, room)  # type: ignore[misc]
        if archive.strerror():  # it gives what it finds before the directory breaks off, and says no more of it
            raise Refused("file-damaged", part="RAR")


def _opened(rarfile: ModuleType, source: "str | io.BytesIO") -> "RarFile":
    try:
        archive: RarFile = rarfile.RarFile(source)
    except rarfile.NeedFirstVolume as fault:
        raise Refused("archive-volume") from fault
    except (rarfile.Error, ValueError, IndexError, OSError) as fault:
        raise Refused("file-damaged", part="RAR") from fault
    return archive


def _content(rarfile: ModuleType, archive: "RarFile", info: "RarInfo", room: Room) -> bytes:
    if not info.is_file():
        raise Refused("file-not-a-workbook", kind="link")
    if info.needs_password():
        raise Refused("file-encrypted-kind", kind="RAR")
    limit = room.allow(info.file_size or 0)
    if info.compress_type != rarfile.RAR_M0:
        _choose_program(rarfile)
    try:
        with archive.open(info) as member:
            content: bytes = member.read(limit + 1)
    except rarfile.RarCannotExec as fault:
        raise Refused("archive-not-opened", kind="RAR", needed="unrar") from fault
    except rarfile.NeedFirstVolume as fault:
        raise Refused("archive-volume") from fault
    except (rarfile.Error, ValueError, EOFError, OSError, subprocess.SubprocessError) as fault:
        raise Refused("file-damaged", part="RAR") from fault
    if len(content) != info.file_size:
        raise Refused("file-damaged", part="RAR")
    return content


def _choose_program(rarfile: ModuleType) -> None:
    """Choose the program that unpacks, by its whole path: never one that lies in the folder one happens to stand in.

    Raises:
        Refused: ``archive-not-opened``, there is none.
    """
    if getattr(rarfile, "CURRENT_SETUP", None) is not None:
        return
    for name in _PROGRAMS:
        if path := _program(name):
            setattr(rarfile, _SETTINGS.get(name, "BSDTAR_TOOL"), path)
            chosen = {"unrar": False, "unar": False, "bsdtar": False, "sevenzip": False, "sevenzip2": False}
            kind = {"7z": "sevenzip", "7zz": "sevenzip2"}.get(name, name)
            with contextlib.suppress(rarfile.RarCannotExec):
                rarfile.tool_setup(**{**chosen, kind: True}, force=True)
                return
    raise Refused("archive-not-opened", kind="RAR", needed="unrar")


def _program(name: str) -> str | None:
    """Find a program in the folders that the system searches, relative ones left out."""
    folders = [each for each in os.environ.get("PATH", "").split(os.pathsep) if Path(each).is_absolute()]
    for variable in ("ProgramFiles", "ProgramFiles(x86)"):
        if root := os.environ.get(variable):
            folders += [str(Path(root, each)) for each in _FOLDERS]
    for folder in folders:
        for each in (name, f"{name}.exe"):
            path = Path(folder, each)
            if path.is_file() and os.access(path, os.X_OK):
                return str(path)
    return None


@contextlib.contextmanager
def _as_file(data: bytes) -> Iterator["str | io.BytesIO"]:
    """Give the archive as a path that another program can open, without a file on disk where the system can do that.

    Elsewhere rarfile itself writes the archive, as it is, to a temporary file for the time of unpacking.
    """
    if not hasattr(os, "memfd_create") or not Path("/proc/self/fd").is_dir():
        yield io.BytesIO(data)
        return
    handle = os.memfd_create("archive.rar")
    try:
        with open(handle, "wb", closefd=False) as file:
            file.write(data)
        yield f"/proc/{os.getpid()}/fd/{handle}"
    finally:
        os.close(handle)
