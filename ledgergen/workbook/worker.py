"""The child process that parses foreign bytes: ``python -m ledgergen.workbook.worker MEGABYTES SECONDS``.

It answers one file after another until its standard input ends. A frame is four bytes of length (big end first) and
that many bytes. Asked with three frames (name in UTF-8, how it is asked, the file's bytes), it answers with two: JSON
``[workbook or null, [finding, …]]`` as :mod:`ledgergen.workbook.grid` and :mod:`ledgergen.findings` have it, but for
the workbook's ``cells``, which come as they are in the second frame (unless they had to be a list).

How it is asked is empty, for a plain file, or JSON ``{"passwords": […], "skip": n}``: then it opens archives and
encrypted files as well. Of an archive it answers more than once: before it reads a member ``[null, [], label]``, then
``[workbook or null, [finding, …], label]``, and last, without a label, what is to be said of the archive. The first
``skip`` members are passed over. JSON ``{"names": […], "lengths": […]}`` asks for several plain files whose bytes come
together: one answer for each, ``[null, []]`` where there is more to be said of it than that it was read.

What it says is not believed (:mod:`ledgergen.workbook.pool` checks it), and what it may use is limited: address space
and processor time by the operating system where there are such limits (POSIX), the time in any case by the parent.
"""

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final, TypeAlias

from ledgergen import canonical
from ledgergen.findings import Finding, finding
from ledgergen.workbook.grid import LENGTH, MAX_ANSWER, PIPE_BUFFER, Workbook
from ledgergen.workbook.read import read_workbook

Result: TypeAlias = tuple[Workbook | None, list[Finding]]

MOST_TOGETHER: Final = 1 << 20  # bytes of an answer beside others
_GARBAGE: Final = 100_000  # objects


def serve(source: BinaryIO, sink: BinaryIO, megabytes: int, seconds: int) -> None:
    """Answer every file that comes from ``source`` until it ends."""
    grant = limit(megabytes, seconds)
    while (name := receive(source)) is not None and (asked := receive(source)) is not None:
        if (data := receive(source)) is None:
            return
        for answer in _answers(name.decode("utf-8", "replace"), asked, data, megabytes, grant):
            for frame in answer:
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


def _answers(
    name: str, asked: bytes, data: bytes, megabytes: int, grant: Callable[[], None]
) -> Iterator[tuple[bytes, bytes]]:
    """Answer for one file: once, or for an archive member by member, each with processor time of its own."""
    wish = json.loads(asked) if asked else {}
    if "lengths" in wish:
        yield from _several(wish, data, megabytes, grant)
        return
    grant()
    result = _trapped(lambda: read_workbook(name, data), megabytes)
    if result[0] is not None or not asked:
        yield _packed(result, megabytes)
        return
    from ledgergen.workbook.unpack import look_again

    for label, said in look_again(
        data, result, wish["passwords"], wish["skip"], lambda read: _trapped(read, megabytes)
    ):
        yield _packed(said or (None, []), megabytes, label)
        grant()


def _several(
    wish: Mapping[str, Sequence[Any]], data: bytes, megabytes: int, grant: Callable[[], None]
) -> Iterator[tuple[bytes, bytes]]:
    start = 0
    for name, length in zip(wish["names"], wish["lengths"], strict=True):
        file = data[start : start + length]
        start += length
        grant()
        answer = _packed(_trapped(lambda name=name, file=file: read_workbook(name, file), megabytes), megabytes)  # type: ignore[misc]
        is_told = not answer[0].startswith(b"[null") and len(answer[1]) <= MOST_TOGETHER
        yield answer if is_told else (b"[null,[]]", b"")


def _trapped(read: Callable[[], Result], megabytes: int) -> Result:
    """Read behind a trap: whatever goes wrong in a parser concerns this file only."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        return None, [finding("reader-memory", megabytes=megabytes)]
    except BaseException as fault:  # noqa: BLE001 - calamine's panics are no Exceptions; seen: on the serial number 2e18
        traceback.print_exc()
        return None, [finding("reader-failed", error=type(fault).__name__)]


def _packed(result: Result, megabytes: int, label: str | None = None) -> tuple[bytes, bytes]:
    """Give the two frames of an answer; a finding instead where it would be too long for the pipe."""
    try:
        answer = _frames(result, label)
    except MemoryError:
        return _frames((None, [finding("reader-memory", megabytes=megabytes)]), label)
    if max(map(len, answer)) > MAX_ANSWER:
        return _frames((None, [finding("reader-memory", megabytes=MAX_ANSWER >> 20)]), label)
    return answer


def _frames(result: Result, label: str | None) -> tuple[bytes, bytes]:
    workbook, findings = result
    record = workbook.to_json() if workbook else None
    cells = record.pop("cells") if record and isinstance(record["cells"], str) else ""
    told = [record, [found.to_json() for found in findings], *([] if label is None else [label])]
    return canonical.dumps(told), str(cells).encode("utf-8", "surrogatepass")


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
