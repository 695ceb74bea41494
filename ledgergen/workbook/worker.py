"""The child process that parses foreign bytes: ``python -m ledgergen.workbook.worker MEGABYTES SECONDS``.

It answers one file after another until its standard input ends. A frame is four bytes of length (big end first) and
that many bytes. Asked with two frames (name in UTF-8, the file's bytes), it answers with two: JSON
``[workbook or null, [finding, …]]`` as :mod:`ledgergen.workbook.grid` and :mod:`ledgergen.findings` have it, but for
the workbook's ``cells``, which come as they are in the second frame (unless they had to be a list).

What it says is not believed (:mod:`ledgergen.workbook.pool` checks it), and what it may use is limited: address space
and processor time by the operating system where there are such limits (POSIX), the time in any case by the parent.
"""

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO, Final

from ledgergen.findings import Finding, finding
from ledgergen.workbook.grid import LENGTH, MAX_ANSWER, PIPE_BUFFER, Workbook
from ledgergen.workbook.read import read_workbook

_GARBAGE: Final = 100_000  # objects


def serve(source: BinaryIO, sink: BinaryIO, megabytes: int, seconds: int) -> None:
    """Answer every file that comes from ``source`` until it ends."""
    grant = limit(megabytes, seconds)
    while (name := receive(source)) is not None and (data := receive(source)) is not None:
        grant()
        for frame in _answer(name.decode("utf-8", "replace"), data, megabytes):
            sink.write(LENGTH.pack(len(frame)))
            sink.write(frame)
        sink.flush()


def limit(megabytes: int, seconds: int) -> Callable[[], None]:
    """Limit this process's memory now; gives a function that grants it ``seconds`` of processor time from then on.

    Where the operating system has no such limits (Windows), both do nothing and the parent's clock alone counts.
    """
    try:
        import resource
    except ImportError:
        return lambda: None
    try:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ValueError, OSError):  # macOS refuses
        sys.stderr.write("the memory of this process is not limited\n")

    def grant() -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))

    return grant


def receive(source: BinaryIO) -> bytes | None:
    """Receive one frame; None where the stream ends."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = source.read(length)
    return body if len(body) == length else None


def _answer(name: str, data: bytes, megabytes: int) -> tuple[bytes, bytes]:
    """Read behind a trap: whatever goes wrong in a parser concerns this file only."""
    try:
        answer = _packed(*read_workbook(name, data))
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        return _packed(None, [finding("reader-memory", megabytes=megabytes)])
    except BaseException as fault:  # noqa: BLE001 - calamine's panics are no Exceptions; seen: on the serial number 2e18
        traceback.print_exc()
        return _packed(None, [finding("reader-failed", error=type(fault).__name__)])
    if max(map(len, answer)) > MAX_ANSWER:
        return _packed(None, [finding("reader-memory", megabytes=MAX_ANSWER >> 20)])
    return answer


def _packed(workbook: Workbook | None, findings: list[Finding]) -> tuple[bytes, bytes]:
    record = workbook.to_json() if workbook else None
    cells = record.pop("cells") if record and isinstance(record["cells"], str) else ""
    stored = json.dumps([record, [found.to_json() for found in findings]], ensure_ascii=False, separators=(",", ":"))
    return stored.encode("utf-8", "surrogatepass"), str(cells).encode("utf-8", "surrogatepass")


def main() -> None:
    """Serve on standard input and output, and let nothing else write there: a library's words go to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb", PIPE_BUFFER)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.freeze()
    gc.set_threshold(_GARBAGE)  # a ledger's cells are no garbage, and looking for it costs a tenth of the reading
    megabytes, seconds = (int(argument) for argument in sys.argv[1:3])
    serve(os.fdopen(sys.stdin.fileno(), "rb", PIPE_BUFFER, closefd=False), sink, megabytes, seconds)


if __name__ == "__main__":
    main()
