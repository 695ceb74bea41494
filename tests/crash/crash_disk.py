"""A power cut at any system call: what may be left of a campaign, told from strace's log.

A kill shows nothing of a missing fsync, since the system keeps what a dead process has written. This model replays the
log of a real run onto a disk that is bound to nothing but POSIX: a file's bytes are safe once the file was fsynced, a
name is safe once its folder was; of all else any part may be there or not, in any order.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final, TypeAlias

from crash_strace import CHANGING, Call

_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_DESCRIPTOR: Final = re.compile(r"\((\d+)<")


@dataclass(slots=True, eq=False)
class File:
    """A file's bytes as the system has them, and as the disk has them for sure."""

    data: bytes = b""
    kept: bytes = b""

    def pending(self) -> bool:
        """Tell whether there are bytes that are not safe."""
        return self.data != self.kept

    def remains(self, part: str) -> bytes:
        """Give what may be left: what is safe, or of the bytes that are not ``half`` or ``all``."""
        if part == "half" and self.pending():
            return self.data[: len(self.data) // 2]
        return self.data if part == "all" else self.kept


@dataclass(slots=True, eq=False)
class Folder:
    """A folder's names as the system has them, and as the disk has them for sure."""

    names: dict[str, "Node"] = field(default_factory=dict)
    kept: dict[str, "Node"] = field(default_factory=dict)

    def pending(self) -> list[str]:
        """List the names that a power cut may leave either way."""
        return [name for name in {**self.names, **self.kept} if self.names.get(name) is not self.kept.get(name)]


Node: TypeAlias = File | Folder
Name: TypeAlias = tuple[Folder, str]
Left: TypeAlias = dict[str, bytes | None]  # path → bytes; None for a folder


class Disk:
    """A disk with a campaign on it, safe to begin with. ``root`` is the campaign's place in the log."""

    def __init__(self, campaign: Path, root: Path) -> None:
        self._root = root
        self._top = _read(campaign)
        self._open: dict[int, tuple[Node, int]] = {}  # descriptor → what is open, and where in it
        self.useful: list[int] = []  # the numbers of the fsyncs that had anything to make safe

    def apply(self, call: Call) -> None:
        """Do what a call did, if it did anything within the campaign.

        Raises:
            NotImplementedError: the call changes something in a way that is not modelled here.
        """
        if not call.places(self._root) or call.result.startswith("-1"):
            return
        if call.name in CHANGING or call.name in ("openat", "close"):
            doing = getattr(self, f"_{call.name}", None)
            if doing is None:
                raise NotImplementedError(call.line)
            doing(call)

    def left(self) -> Iterator[Left]:
        """Give every state that is looked at of those a power cut could leave at this moment.

        No pending name is there, or all, or one alone, or all but one; each with none, half and all of the bytes that
        are not safe. It is one name too many or too few that tears an event from its original.
        """
        pending = list(self._pending(self._top))
        chosen: list[list[Name]] = [[], pending, *([each] for each in pending)]
        chosen += [[other for other in pending if other is not each] for each in pending]
        for there, part in product(chosen, ("safe", "half", "all")):
            yield dict(_left(self._top, there, part, ""))

    def _pending(self, folder: Folder) -> Iterator[Name]:
        for name in folder.pending():
            yield folder, name
        for node in {**folder.names, **folder.kept}.values():
            if isinstance(node, Folder):
                yield from self._pending(node)

    def _openat(self, call: Call) -> None:
        (path,) = self._paths(call)
        folder, name = self._place(path)
        if "O_CREAT" in call.line and name not in folder.names:
            folder.names[name] = File()
        node = folder.names[name] if name else folder
        if isinstance(node, File) and "O_TRUNC" in call.line:
            node.data = b""
        self._open[int(call.result.partition("<")[0])] = node, 0

    def _close(self, call: Call) -> None:
        self._open.pop(_descriptor(call), None)

    def _write(self, call: Call) -> None:
        node, place = self._open[_descriptor(call)]
        if not isinstance(node, File) or "O_APPEND" in call.line:
            raise NotImplementedError(call.line)
        written = _texts(call)[-1][: int(call.result)]
        node.data = node.data[:place] + written + node.data[place + len(written) :]
        self._open[_descriptor(call)] = node, place + len(written)

    def _fsync(self, call: Call) -> None:
        node, _ = self._open[_descriptor(call)]
        if node.pending():
            self.useful.append(call.number)
        if isinstance(node, File):
            node.kept = node.data
        else:
            node.kept = dict(node.names)

    def _rename(self, call: Call) -> None:
        old, new = map(self._place, self._paths(call))
        new[0].names[new[1]] = old[0].names.pop(old[1])

    def _link(self, call: Call) -> None:
        old, new = map(self._place, self._paths(call))
        new[0].names[new[1]] = old[0].names[old[1]]

    def _unlink(self, call: Call) -> None:
        folder, name = self._place(self._paths(call)[0])
        del folder.names[name]

    def _mkdir(self, call: Call) -> None:
        folder, name = self._place(self._paths(call)[0])
        folder.names[name] = Folder()

    def _paths(self, call: Call) -> list[Path]:
        return [Path(text.decode()) for text in _texts(call)]

    def _place(self, path: Path) -> Name:
        """Find the folder of a path, and the name in it; the campaign's own folder has none."""
        *above, name = path.relative_to(self._root).parts or ("",)
        folder = self._top
        for part in above:
            node = folder.names[part]
            if not isinstance(node, Folder):
                raise NotADirectoryError(path)
            folder = node
        return folder, name


def lay(left: Left, target: Path) -> None:
    """Write what is left into a new folder."""
    target.mkdir()
    for name, data in left.items():
        if data is None:
            (target / name).mkdir()
        else:
            (target / name).write_bytes(data)


def without_fsync(calls: Iterable[Call], number: int) -> list[Call]:
    """Leave the fsync with this number out of a log."""
    return [call for call in calls if (call.name, call.number) != ("fsync", number)]


def _read(folder: Path) -> Folder:
    names: dict[str, Node] = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            names[path.name] = _read(path)
        else:
            data = path.read_bytes()
            names[path.name] = File(data, data)
    return Folder(names, dict(names))


def _left(folder: Folder, there: list[Name], part: str, above: str) -> Iterator[tuple[str, bytes | None]]:
    names = dict(folder.kept)
    for changed, name in there:
        if changed is folder:
            names.pop(name, None)
            if name in folder.names:
                names[name] = folder.names[name]
    for name, node in names.items():
        if isinstance(node, File):
            yield f"{above}{name}", node.remains(part)
        else:
            yield f"{above}{name}", None
            yield from _left(node, there, part, f"{above}{name}/")


def _descriptor(call: Call) -> int:
    if found := _DESCRIPTOR.search(call.line):
        return int(found[1])
    raise NotImplementedError(call.line)


def _texts(call: Call) -> list[bytes]:
    """Read the texts among a call's arguments, which strace writes as C does, and Python so too."""
    if '"...' in call.line:
        raise NotImplementedError("strace was to show all of the bytes")
    arguments = call.line.rpartition(" = ")[0]
    return [ast.literal_eval(f"b{text}") for text in _TEXT.findall(arguments)]
