"""Files with many mails in them: mbox, and what Foxmail keeps (.box, .fox). Read in a stream: they may be gigabytes.

Only lines are looked at here; what a mail holds is opened in the worker.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

HEAD: Final = 4_096  # bytes by which a file is known
_FOXMAIL: Final = b"\x10\x10\x10\x10\x10\x10\x10\x11\x11\x11\x11\x11\x11S\r\n"  # before every mail
_FOX_ARCHIVE: Final = b"ARCF"
# What a mail program writes before every mail of an mbox; where a person begins a line so, it puts a > before it.
_FROM: Final = re.compile(rb"From (- |\S{1,300} ).{0,60}[0-9]{1,2}:[0-9]{2}.{0,60}")
_QUOTED: Final = re.compile(rb">+From ")
_LONGEST_LINE: Final = 1 << 16
_BLANK: Final = (b"\n", b"\r\n", b"")


def box_kind(head: bytes) -> str:
    """Tell by its first bytes whether a file holds many mails: ``mbox``, ``foxmail``, or empty for neither."""
    if head.startswith(_FOXMAIL) or (head.startswith(_FOX_ARCHIVE) and _FOXMAIL in head):
        return "foxmail"
    return "mbox" if _FROM.match(head.lstrip(b"\r\n\xef\xbb\xbf")) else ""


def split_box(file: BinaryIO) -> Iterator[Iterator[bytes]]:
    """Give the mails of a file, each as its lines; those of one are to be taken before the next is asked for."""
    reader = _Reader(file)
    while reader.is_at_start or reader.find_start():
        lines = reader.lines()
        yield lines
        for _ in lines:  # what was not asked for
            pass


class _Reader:
    """Reads lines up to the next mark, and knows whether it stands at one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._before = b""
        self.is_at_start = False

    def find_start(self) -> bool:
        """Go on to the first mark; False where there is none."""
        for _ in self.lines():
            pass
        return self.is_at_start

    def lines(self) -> Iterator[bytes]:
        """Give the lines up to the next mark, without it, as they were before they were put into the box."""
        self.is_at_start = False
        while line := self._file.readline(_LONGEST_LINE):
            begins = self._before.endswith(b"\n") or not self._before
            foxmail = begins and line.endswith(_FOXMAIL)
            if foxmail or (self._before in _BLANK and _FROM.match(line)):
                self._before, self.is_at_start = line, True
                return
            self._before = line
            yield line[1:] if begins and _QUOTED.match(line) else line
