"""Mails, opened by a process that may die: the parent's side.

As with workbooks (:mod:`ledgergen.workbook.pool`), foreign bytes are parsed only in a child whose memory and time are
limited; its death is a finding, and the next mail goes to a fresh one. A large mail is thinned first, so that neither
of the two ever holds the whole of it.
"""

import itertools
import json
import logging
import shutil
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from ledgergen.catalogue import CATALOGUE
from ledgergen.findings import Finding, Where, finding
from ledgergen.mail.boxes import HEAD, box_kind, split_box
from ledgergen.mail.letter import Attachment, Kind, Letter
from ledgergen.mail.plain import is_mail_name, is_message
from ledgergen.mail.thinning import Thinned, TooLarge, thin
from ledgergen.messages import printable
from ledgergen.workbook.archives import archive_kind, is_left_behind, zip_listing
from ledgergen.workbook.grid import BESIDE, MAX_FILE
from ledgergen.workbook.inspect import Refused
from ledgergen.workbook.pool import Child

LARGE: Final = 8_000_000  # bytes of a mail from which it is thinned
_MODULE: Final = "ledgergen.mail.worker"
_MOST_DEATHS: Final = 20  # of children over one zipped folder
_LONGEST_TEXT: Final = 8_000
_LONGEST_LIST: Final = 5_000
_TEXTS: Final = ("message_id", "sender", "sender_name", "subject", "dated", "received", "in_reply_to", "text")
_LISTS: Final = ("references", "authentication", "links", "about", "recipients")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """One mail that was opened, or why not: its bytes, or the file that holds them until the next one is asked for.

    ``label`` names it in a box or archive, empty where the file is the mail.
    """

    raw: bytes | Path
    letter: Letter | None
    findings: tuple[Finding, ...] = ()
    label: str = ""


class LetterOpener:
    """Open foreign mails in a child process; a context manager. For one thread at a time."""

    def __init__(self, seconds: float = 30, megabytes: int = 1024, module: str = _MODULE) -> None:
        self._seconds, self._megabytes, self._module = seconds, megabytes, module
        self._child: Child | None = None
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child and remove what was spooled."""
        self._end()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def open_all(self, name: str, source: bytes | Path) -> Generator[Opened]:
        """Open a mail, or every mail of a box (mbox, Foxmail) or of a zipped folder; ``name`` is for findings only.

        Raises:
            OSError: a child cannot be started, a file not be read, or nothing be spooled.
        """
        if isinstance(source, Path):
            yield from self._file(name, source)
        elif kind := box_kind(source[:HEAD]):
            import io

            _log.debug("%s is a box: %s", name, kind)
            yield from self._box(name, io.BytesIO(source))
        elif len(source) > LARGE and is_message(source):
            yield self._thinned(name, source, iter(source.splitlines(keepends=True)))
        else:
            yield from self._asked(name, source)

    def open_together(self, mails: Sequence[tuple[str, bytes]]) -> Iterator[Opened]:
        """Open mails that are small (:func:`is_small_mail`), each with its name, in one asking.

        So the child opens one after another without waiting in between.

        Raises:
            OSError: a child cannot be started.
        """
        left = list(mails)
        while left:
            wish = json.dumps({"spooled": (), "skip": 0, "lengths": [len(data) for _, data in left]}).encode()
            answers = self._answers(left[0][0], wish, b"".join(data for _, data in left))
            done = 0
            for (name, data), answer in list(zip(left, answers, strict=False)):  # all taken before any is looked at
                opened, last = self._believed(name, data, answer, None)
                yield opened
                done += 1
                if last:
                    break
            if done < len(left):  # it died, or what it says makes no sense
                self._end()
            del left[:done]

    def _file(self, name: str, path: Path) -> Iterator[Opened]:
        with path.open("rb") as file:
            head = file.read(HEAD)
            size = file.seek(0, 2)
            file.seek(0)
            if box_kind(head):
                yield from self._box(name, file)
            elif size > LARGE and is_message(head):
                yield self._thinned(name, path, file)
            elif size > MAX_FILE:
                yield Opened(path, None, (finding("file-too-large", Where(name), size=size, limit=MAX_FILE),))
            else:
                yield from self._asked(name, file.read())

    def _box(self, name: str, file: BinaryIO) -> Iterator[Opened]:
        for number, lines in enumerate(split_box(file), start=1):
            label = f"#{number}"
            kept: list[bytes] = []
            size = 0
            for line in lines:
                kept.append(line)
                size += len(line)
                if size > LARGE:
                    break
            if size > LARGE:
                yield replace(self._spooled(f"{name}{BESIDE}{label}", itertools.chain(kept, lines)), label=label)
            elif b"".join(kept).strip():
                yield from (
                    replace(each, label=label) for each in self._asked(f"{name}{BESIDE}{label}", b"".join(kept))
                )

    def _spooled(self, name: str, lines: Iterator[bytes]) -> Opened:
        """Write one large mail of a box to a file of its own, then thin it."""
        path = self._scratch() / "mail"
        with path.open("wb") as file:
            file.writelines(lines)
        with path.open("rb") as file:
            return self._thinned(name, path, file)

    def _thinned(self, name: str, raw: bytes | Path, lines: Iterator[bytes] | BinaryIO) -> Opened:
        try:
            made = thin(lines, self._scratch())
        except TooLarge:
            return Opened(raw, None, (finding("file-too-large", Where(name), size=MAX_FILE + 1, limit=MAX_FILE),))
        opened = next(self._asked(name, made.data, made))
        return replace(opened, raw=raw)

    def _scratch(self) -> Path:
        """Give an empty folder for the parts of one mail; those of the last one are gone then."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = Path(tempfile.mkdtemp(prefix="ledgergen-"))
        return self._folder

    def _asked(self, name: str, data: bytes, made: Thinned | None = None) -> Iterator[Opened]:
        """Have the child open a file; one that dies costs the mail it was at."""
        if len(data) > MAX_FILE:
            yield Opened(data, None, (finding("file-too-large", Where(name), size=len(data), limit=MAX_FILE),))
            return
        many = data.startswith(b"PK") and archive_kind(data) == "ZIP"
        done = 0
        for _ in range(_MOST_DEATHS):
            wish = json.dumps({"spooled": made.stand_ins if made else (), "skip": done}).encode()
            last = False
            for answer in self._answers(name, wish, data):
                done += 1
                if answer is None and many:
                    label = f"#{done}"
                    yield Opened(b"", None, (finding("reader-died", Where(f"{name}{BESIDE}{label}")),), label)
                    continue
                opened, last = self._believed(name, data, answer, made)
                if not (many and last):
                    yield opened
            if last or not many:
                return

    def _answers(self, name: str, wish: bytes, data: bytes) -> Iterator[tuple[bytes, bytes] | None]:
        """Give the answers of one child, the last of them None where it died before it was done."""
        child = self._ready()
        try:
            answer = child.ask(name, wish, data, self._seconds)
            while answer is not None and not _is_last(answer):
                yield answer
                answer = child.answer(self._seconds)
        except BaseException:  # Ctrl-C, or nobody wants the rest: what the child would answer now is nobody's
            self._end()
            raise
        if answer is None:
            self._end()
        yield answer

    def _believed(
        self, name: str, data: bytes, answer: tuple[bytes, bytes] | None, made: Thinned | None
    ) -> tuple[Opened, bool]:
        if answer is None:
            return Opened(data, None, (finding("reader-died", Where(name)),)), False
        try:
            return _read_answer(name, data, answer, made)
        except (ValueError, TypeError, KeyError, RecursionError):
            _log.warning("the answer on the mail %s is not in order", name)
            self._end()
            return Opened(data, None, (finding("reader-failed", Where(name), error="answer"),)), True

    def _ready(self) -> Child:
        if self._child is not None and not self._child.is_alive():
            self._end()
        if self._child is None:
            self._child = Child(self._module, self._megabytes, self._seconds)
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _is_last(answer: tuple[bytes, bytes]) -> bool:
    return answer[0].endswith(b'"last":true}')


def is_small_mail(source: bytes | Path) -> bool:
    """Tell whether something can only be one mail, or none: no box, no archive, not too large."""
    if isinstance(source, Path) or len(source) > LARGE:
        return False
    return not (source.startswith(b"PK") or box_kind(source[:HEAD]))


def holds_letters(head: bytes, data: bytes | None = None) -> bool:
    """Tell by its first bytes whether a file is a mail or holds mails; of an archive and OLE by ``data``, if given."""
    if box_kind(head) or is_message(head):
        return True
    if data is None:
        return False
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "__properties_version1.0".encode("utf-16-le") in data
    if data.startswith(b"\x78\x9f\x3e\x22"):
        return True
    return data.startswith(b"PK") and _names_mails(data)


def holds_more(data: bytes) -> bool:
    """Tell whether a zipped folder of mails has other files in it as well, by their names."""
    names = [name for name in _names_in(data) if not is_left_behind(name)]
    return not all(map(is_mail_name, names))


def _names_mails(data: bytes) -> bool:
    """Tell whether a zip archive has mails in it, by the names in its directory."""
    tail = data[-4_000_000:].lower()
    return (b".eml" in tail or b".msg" in tail) and any(map(is_mail_name, _names_in(data)))


def _names_in(data: bytes) -> list[str]:
    try:
        return [info.filename for info in zip_listing(data) if not info.is_dir()]
    except Refused:
        return []


def _read_answer(name: str, data: bytes, answer: tuple[bytes, bytes], made: Thinned | None) -> tuple[Opened, bool]:
    """Check an answer: it comes from a process that has handled foreign bytes."""
    stored = json.loads(answer[0])
    blob = answer[1]
    label = _text(stored["label"])
    called = f"{name}{BESIDE}{label}" if label else name
    raw_size, sizes = stored["raw"], stored["sizes"]
    if type(raw_size) is not int or not _are_sizes([raw_size, *sizes]) or raw_size + sum(sizes) != len(blob):
        raise ValueError("sizes and bytes differ")
    place = raw_size
    contents: list[bytes | Path] = []
    for size in sizes:
        contents.append(_content(blob[place : place + size], made))
        place += size
    letter = None if stored["letter"] is None else _letter(stored["letter"], contents, called)
    findings = tuple(_finding(each, called) for each in _bounded(stored["findings"]))
    raw = blob[:raw_size] if raw_size else data
    return Opened(raw, letter, findings, label), stored["last"] is True


def _are_sizes(sizes: Sequence[object]) -> bool:
    return len(sizes) <= _LONGEST_LIST and all(type(each) is int and each >= 0 for each in sizes)


def _content(data: bytes, made: Thinned | None) -> bytes | Path:
    """Give the file that a stand-in stands for, else the content itself."""
    if made and made.stand_ins and len(data) <= len(made.stand_ins[0]) + 3:
        stood = dict(zip(made.stand_ins, made.files, strict=True)).get(data.decode("ascii", "replace"))
        if stood is not None:
            return stood
    return data


def _letter(stored: Mapping[str, object], contents: list[bytes | Path], called: str) -> Letter:
    named = [_bounded(each) for each in _bounded(stored["attachments"])]
    attachments = [
        Attachment(_text(name), content, _text(path)) for (name, path), content in zip(named, contents, strict=True)
    ]
    bounced = stored["bounced"]
    if not isinstance(bounced, dict):
        raise TypeError("a mapping is due")
    return Letter(
        **{name: _text(stored[name]) for name in _TEXTS},  # type: ignore[arg-type]
        **{name: tuple(map(_text, _bounded(stored[name]))) for name in _LISTS},  # type: ignore[arg-type]
        kind=Kind(_text(stored["kind"])),
        attachments=tuple(attachments),
        findings=tuple(_finding(each, called) for each in _bounded(stored["findings"])),
        bounced={_text(address): _text(reason) for address, reason in bounced.items()},
    )


def _bounded(value: object) -> list[object]:
    if type(value) is not list or len(value) > _LONGEST_LIST:
        raise TypeError("a list of some length is due")
    return cast("list[object]", value)


def _text(value: object) -> str:
    if type(value) is not str or len(value) > _LONGEST_TEXT:
        raise TypeError("a text of some length is due")
    return printable(value).encode("utf-8", "replace").decode()


def _finding(stored: object, called: str) -> Finding:
    if not isinstance(stored, Mapping):
        raise TypeError("a finding is due")
    found = Finding.from_json(stored)
    facts = [fact for fact in found.facts.values() if type(fact) is not int]
    if found.code not in CATALOGUE or not all(type(fact) is str and len(fact) <= _LONGEST_TEXT for fact in facts):
        raise ValueError("no finding of the catalogue")
    within = found.where.file
    return replace(found, where=Where(f"{called}{BESIDE}{_text(within)}" if within else called))
