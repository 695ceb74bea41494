"""Boundaries of multipart mails, found without compiling a pattern for each mail.

:mod:`email.feedparser` compiles one for every boundary, and no two mails have the same: a quarter of the time that it
takes to parse a mail. All these patterns are one, but for the separator that they begin with; Python 3.13 finds them so
by itself, and there nothing changes.
"""

import email.feedparser
import re
from typing import Any, Final

_HEAD: Final = "(?P<sep>"
_TAIL: Final = r")(?P<end>--)?(?P<ws>[ \t]*)(?P<linesep>\r\n|\r|\n)?$"
_BEHIND: Final = re.compile(r"(?P<end>--)?(?P<ws>[ \t]*)(?P<linesep>\r\n|\r|\n)?$")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


class Boundary:
    """Matches as the pattern of :mod:`email.feedparser` for a separator does; it has the groups that are asked for."""

    def __init__(self, separator: str) -> None:
        self._separator = separator

    def match(self, line: str) -> "re.Match[str] | None":
        """Match a line that is this boundary, the closing one included."""
        return _BEHIND.match(line, len(self._separator)) if line.startswith(self._separator) else None


class _Patterns:
    """Stands for :mod:`re` in :mod:`email.feedparser`."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(re, name)

    @staticmethod
    def compile(pattern: str, flags: int = 0) -> "re.Pattern[str] | Boundary":
        """Compile a pattern, unless it is that of a boundary."""
        if not flags and pattern.startswith(_HEAD) and pattern.endswith(_TAIL):
            return Boundary(_ESCAPED.sub(r"\1", pattern[len(_HEAD) : -len(_TAIL)]))
        return re.compile(pattern, flags)


def without_compiling() -> None:
    """Let :mod:`email` find boundaries so in this process; where its patterns are others, nothing changes."""
    email.feedparser.re = _Patterns()  # type: ignore[attr-defined]
