"""Read a document from outside: in a bounded process of its own; old formats through LibreOffice first."""

import logging
import subprocess
import sys
import tempfile
from typing import IO, Final

from ledgergen.document.answer import MAX_ANSWER, unpacked
from ledgergen.document.draft import Draft
from ledgergen.document.office import converted, office_kind
from ledgergen.findings import Finding, Where, finding
from ledgergen.messages import printable

SECONDS: Final = 60
MEGABYTES: Final = 1_536
MAX_FILE: Final = 64_000_000  # bytes
_KEPT_WORDS: Final = 4_000  # bytes of what the child wrote to stderr
_LONGEST_NAME: Final = 200

_log = logging.getLogger(__name__)


def read_draft(
    name: str, data: bytes, *, seconds: int = SECONDS, megabytes: int = MEGABYTES
) -> tuple[Draft | None, list[Finding]]:
    """Read a document into a draft; None and the finding that says why where it cannot be read.

    ``name`` is only what findings call it; ``seconds`` and ``megabytes`` bound the process that reads it. No file
    makes this raise.

    Raises:
        OSError: a process cannot be started at all.
    """
    if len(data) > MAX_FILE:
        return None, [finding("document-too-large", Where(name))]
    if kind := office_kind(data):
        made, fault = converted(name, data, kind)
        if made is None:
            return None, [fault] if fault else []
        data = made
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as sink, tempfile.TemporaryFile() as words:
        source.write(data)
        source.seek(0)
        # -P: the folder one stands in holds foreign files, and must not be searched for modules.
        command = [sys.executable, "-P", "-m", "ledgergen.document.worker", str(megabytes), str(seconds)]
        try:
            ended = subprocess.run(  # noqa: S603 - this very interpreter, no shell
                [*command, printable(name)[:_LONGEST_NAME]],
                stdin=source,
                stdout=sink,
                stderr=words,
                timeout=seconds,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired:
            return None, [finding("document-timeout", Where(name), seconds=seconds)]
        _log_words(words)
        return _answer(sink, name, died=ended.returncode != 0)


def _answer(sink: IO[bytes], name: str, *, died: bool) -> tuple[Draft | None, list[Finding]]:
    """Take what the child answered, where it is in order."""
    size = sink.seek(0, 2)
    sink.seek(0)
    if died or size > MAX_ANSWER:
        return None, [finding("document-died", Where(name))]
    try:
        return unpacked(sink.read(), name)
    except (ValueError, TypeError, KeyError, RecursionError):
        _log.warning("the reader's answer on %s is not in order", name)
        return None, [finding("document-failed", Where(name), error="answer")]


def _log_words(words: IO[bytes]) -> None:
    size = words.seek(0, 2)
    words.seek(max(0, size - _KEPT_WORDS))
    if said := words.read(_KEPT_WORDS):
        _log.warning("the reader said: %s", printable(said.decode("utf-8", "backslashreplace")))
