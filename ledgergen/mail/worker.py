"""The child process that opens mails: ``python -m ledgergen.mail.worker MEGABYTES SECONDS``.

It answers one file after another until its standard input ends, in the frames of :mod:`ledgergen.workbook.worker`. How
it is asked is JSON ``{"spooled": […], "skip": n, "lengths": […]}``: :mod:`ledgergen.mail.thinning`; mails that an
earlier child has dealt with; how long each of several mails is whose bytes come together, none where it is one file.
Each mail is one answer: JSON with ``letter`` (null where it could not be opened), ``findings``, ``label`` in a zipped
folder, ``raw`` and ``sizes``, the lengths of what follows in the second frame (the mail itself where it came out of an
archive, then its files); the last answer has ``last``. What it says is not believed: :mod:`ledgergen.mail.opener`
checks it.
"""

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from ledgergen.findings import Finding, finding
from ledgergen.mail.boundaries import without_compiling
from ledgergen.mail.letter import Letter
from ledgergen.mail.opening import open_letter, zipped
from ledgergen.mail.plain import is_mail_name, is_message
from ledgergen.workbook.archives import archive_kind
from ledgergen.workbook.grid import LENGTH, MAX_ANSWER, PIPE_BUFFER
from ledgergen.workbook.inspect import Refused
from ledgergen.workbook.worker import limit, receive

_GARBAGE: Final = 100_000  # objects


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one mail."""

    letter: Letter | None
    findings: tuple[Finding, ...] = ()
    label: str = ""
    raw: bytes = b""
    last: bool = True

    def frames(self) -> tuple[bytes, bytes]:
        """Give the two frames that cross the pipe."""
        letter = self.letter
        files = [each.data for each in letter.attachments] if letter else []
        told = {
            "letter": _told(letter) if letter else None,
            "findings": [each.to_json() for each in self.findings],
            "label": self.label,
            "raw": len(self.raw),
            "sizes": list(map(len, files)),
            "last": self.last,
        }
        stored = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return stored, b"".join([self.raw, *files])


def _told(letter: Letter) -> Mapping[str, object]:
    names = ("attachments", "findings", "kind")
    told = {name: getattr(letter, name) for name in Letter.__slots__ if name not in names}
    attachments = [[each.name, each.path] for each in letter.attachments]
    findings = [each.to_json() for each in letter.findings]
    return {**told, "kind": str(letter.kind), "attachments": attachments, "findings": findings}


def serve(source: BinaryIO, sink: BinaryIO, megabytes: int, seconds: int) -> None:
    """Answer every file that comes from ``source`` until it ends."""
    grant = limit(megabytes, seconds)
    while receive(source) is not None and (asked := receive(source)) is not None:
        if (data := receive(source)) is None:
            return
        wish = json.loads(asked)
        grant()
        for answer in _answers(data, wish, megabytes):
            for frame in _bounded(answer):
                sink.write(LENGTH.pack(len(frame)))
                sink.write(frame)
            sink.flush()
            grant()


def _bounded(answer: Answer) -> tuple[bytes, bytes]:
    frames = answer.frames()
    if max(map(len, frames)) <= MAX_ANSWER:
        return frames
    said = finding("reader-memory", megabytes=MAX_ANSWER >> 20)
    return Answer(None, (said,), answer.label, last=answer.last).frames()


def _answers(data: bytes, wish: Mapping[str, object], megabytes: int) -> Iterator[Answer]:
    """Open a mail, or the mails of a zipped folder one by one."""
    skip, spooled, lengths = wish["skip"], wish["spooled"], wish.get("lengths", [])
    if not isinstance(skip, int) or not isinstance(spooled, list) or not isinstance(lengths, list):
        raise TypeError("a wish is due")
    if lengths:
        yield from _several(data, lengths, megabytes)
        return
    if data.startswith(b"PK") and archive_kind(data) == "ZIP":
        yield from _folder(data, skip, megabytes)
        return
    stand_ins = {str(token).encode(): number for number, token in enumerate(spooled)}
    yield _trapped(lambda: Answer(open_letter(data, stand_ins)), megabytes)


def _several(data: bytes, lengths: Sequence[int], megabytes: int) -> Iterator[Answer]:
    start = 0
    for number, length in enumerate(lengths, start=1):
        mail = data[start : start + length]
        start += length
        answer = _trapped(lambda mail=mail: Answer(open_letter(mail)), megabytes)  # type: ignore[misc]
        yield replace(answer, last=number == len(lengths))


def _folder(data: bytes, skip: int, megabytes: int) -> Iterator[Answer]:
    for number, (label, content, refusal) in enumerate(zipped(data)):
        if number < skip:
            continue
        if refusal:
            yield Answer(None, (refusal.finding(""),), label, last=False)
        elif is_message(content) or is_mail_name(label):
            yield _trapped(lambda content=content: Answer(open_letter(content)), megabytes, label, content)  # type: ignore[misc]
    yield Answer(None)


def _trapped(open_it: Callable[[], Answer], megabytes: int, label: str = "", raw: bytes = b"") -> Answer:
    """Open behind a trap: whatever goes wrong concerns this mail only."""
    last = not label
    try:
        return Answer(open_it().letter, (), label, raw, last)
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        return Answer(None, (finding("reader-memory", megabytes=megabytes),), label, b"", last)
    except Refused as refusal:
        return Answer(None, (refusal.finding(""),), label, b"", last)
    except BaseException as fault:  # noqa: BLE001 - of hostile bytes a parser raises anything
        traceback.print_exc()
        return Answer(None, (finding("reader-failed", error=type(fault).__name__),), label, b"", last)


def main() -> None:
    """Serve on standard input and output, and let nothing else write there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb", PIPE_BUFFER)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    without_compiling()
    gc.freeze()
    gc.set_threshold(_GARBAGE)
    megabytes, seconds = (int(argument) for argument in sys.argv[1:3])
    serve(os.fdopen(sys.stdin.fileno(), "rb", PIPE_BUFFER, closefd=False), sink, megabytes, seconds)


if __name__ == "__main__":
    main()
