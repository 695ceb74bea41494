"""The child process that reads one document: ``python -m ledgergen.document.worker MEGABYTES SECONDS NAME``.

The file comes on standard input, the answer goes to standard output (:mod:`ledgergen.document.answer`). Not only the
parsing, the whole reading is done here, within the limits that :func:`ledgergen.workbook.worker.limit` sets: no text
whatever can hold up the program itself.
"""

import os
import signal
import sys
import traceback

from ledgergen.document.answer import MAX_ANSWER, packed
from ledgergen.document.reading import read_document
from ledgergen.findings import finding
from ledgergen.workbook.worker import limit


def answer(name: str, data: bytes, megabytes: int) -> bytes:
    """Read behind a trap: whatever goes wrong in a parser is a finding."""
    fault = ""
    try:
        made = packed(*read_document(name, data))
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        made = b""
    except BaseException as raised:  # noqa: BLE001 - libraries in other languages raise what is no Exception
        traceback.print_exc()
        made, fault = b"", type(raised).__name__
    # Out of the trap, so that what filled the memory is gone.
    if fault:
        return packed(None, [finding("document-failed", error=fault)])
    if not made:
        return packed(None, [finding("document-memory", megabytes=megabytes)])
    return made if len(made) <= MAX_ANSWER else packed(None, [finding("document-memory", megabytes=MAX_ANSWER >> 20)])


def main() -> None:
    """Answer on standard output, and let nothing else write there: a library's words go to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    sink = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    megabytes, seconds = (int(argument) for argument in sys.argv[1:3])
    limit(megabytes, seconds)()
    with os.fdopen(sink, "wb") as file:
        file.write(answer(sys.argv[3], sys.stdin.buffer.read(), megabytes))


if __name__ == "__main__":
    main()
