"""New messages fetched from a mailbox: in chunks, over as many lines as it takes, none silently lost, none for ever.

A line that breaks is opened anew. What was being fetched is asked for again in halves, until the one message is found
that breaks it; that one is tried again after all the others, and set aside with a finding after three tries, once the
line has been seen to work. A server that does nothing any more stops the run instead; the next run goes on from there.
"""

import contextlib
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from ledgergen.errors import Surroundings
from ledgergen.findings import Finding, Where, finding
from ledgergen.mail import lines
from ledgergen.mail.lines import Cut, Refused
from ledgergen.records import Mailbox

CHUNK: Final = 50  # messages of a chunk
CHUNK_BYTES: Final = 1_500_000
SPOOLED: Final = 4_000_000  # bytes above which a message lies in a file
TRIES: Final = 3
_CHINA: Final = timezone(timedelta(hours=8))  # in which the office means the days it writes
_IN_A_ROW: Final = 12  # failures one after another, however small the pieces: then it is the line
_SAMPLE: Final = 6  # … and after so many the newest message is tried, in case the oldest are all bad
_PASSING: Final = frozenset({"mail-timeout", "mail-refused", "mail-line-cut"})  # what a line met before may recover
_FEW: Final = 5  # messages that may be set aside where not one came through
_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class Message:
    """One message as fetched, or the finding that says why it was not.

    ``uid`` is the UID, or the UIDL of POP3; ``content`` the bytes, or the file in which they are spooled: it is removed
    when the next message is asked for. ``received`` is the server's date, None where it gives none.
    """

    folder: str
    validity: int
    uid: str
    size: int
    received: datetime | None
    content: bytes | Path = b""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One message to be fetched: its lasting name, size and day."""

    uid: str
    size: int
    received: datetime | None = None


class Source(Protocol):
    """One folder of a mailbox over a line that may break: whatever fails raises ``Cut`` or ``Refused``."""

    @property
    def folder(self) -> str:
        """Give the folder's name."""

    @property
    def validity(self) -> int:
        """Give its UIDVALIDITY."""

    def bodies(self, items: Sequence[Item]) -> dict[str, bytes]:
        """Fetch small messages, by their lasting names."""

    def pieces(self, item: Item, start: int) -> Iterator[bytes]:
        """Fetch a message from a byte on; from its beginning where the protocol can do no other."""

    def can_resume(self) -> bool:
        """Tell whether ``pieces`` goes on from a byte."""

    def has(self, item: Item) -> bool:
        """Tell whether a message is still there, by a list that was asked for on this line."""

    def drop(self) -> None:
        """Let go of the line; the next call opens another."""


@dataclass(slots=True)
class Fetch:
    """The fetching of one folder's new messages. ``good``: how many came through on all lines so far."""

    source: Source
    mailbox: Mailbox
    spool: Path
    queue: deque[list[Item]] = field(default_factory=deque)
    tries: Counter[str] = field(default_factory=Counter)
    aside: list[Message] = field(default_factory=list)
    good: int = 0
    row: int = 0

    def run(self, items: Sequence[Item]) -> Iterator[Message]:
        """Give every message, oldest first but for those that make trouble.

        Raises:
            Surroundings: ``mail-line-cut`` and whatever a new line meets; what was given until then stands.
        """
        small = [item for item in items if item.size <= self.mailbox.largest]
        self.queue.extend(in_chunks(small))
        while self.queue:
            group = self.queue.popleft()
            try:
                yield from self._given(group)
            except (Cut, Refused) as fault:
                self._failed(group, fault)
                continue
            self.row, self.good = 0, self.good + 1
            yield from self._set_aside()
        if self.aside and not self.good and len(self.aside) > _FEW:
            raise self._broken(str(self.aside[0].findings[0].facts.get("reason", "")))
        yield from self._set_aside()
        limit = self.mailbox.largest
        for item in items:
            if item.size > limit:
                yield self._message(item, findings=[finding("mail-too-large", size=item.size, limit=limit)])

    def _given(self, group: Sequence[Item]) -> Iterator[Message]:
        if len(group) == 1 and group[0].size > CHUNK_BYTES:
            yield from self._large(group[0])
            return
        bodies = self.source.bodies(group)
        for item in group:
            if item.uid in bodies:
                yield self._message(item, bodies[item.uid])
            elif len(group) == 1 and item.size:
                raise Refused("an empty answer")
        if len(group) > 1:
            self.queue.extendleft([item] for item in group if item.uid not in bodies and item.size)

    def _large(self, item: Item) -> Iterator[Message]:
        """Stream a message into a file; what a broken line has brought is kept where the server can go on from it."""
        path = self.spool / f"{abs(hash((self.source.folder, item.uid))):x}.eml"
        held = path.stat().st_size if path.exists() and self.source.can_resume() else 0
        with path.open("ab" if held else "wb") as file:
            start = held
            try:
                for piece in self.source.pieces(item, held):
                    held += len(piece)
                    if held > self.mailbox.largest:
                        break
                    file.write(piece)
            except (Cut, Refused):
                if held > start and self.source.can_resume():
                    self.tries[item.uid] = 0  # it goes forward
                raise
        try:
            if held > self.mailbox.largest:
                said = finding("mail-too-large", size=held, limit=self.mailbox.largest)
                yield self._message(item, findings=[said])
            elif not held:
                raise Refused("an empty answer")
            else:
                yield self._message(item, path if held > SPOOLED else path.read_bytes())
        finally:
            path.unlink(missing_ok=True)

    def _failed(self, group: list[Item], fault: Cut | Refused) -> None:
        """Decide how it goes on after a fault: in halves, later, or without this message.

        Raises:
            Surroundings: ``mail-line-cut``: it is not the messages.
        """
        self.source.drop()
        self.row += 1
        if self.row >= _IN_A_ROW:
            raise self._broken(fault.words)
        if len(group) > 1:
            middle = len(group) // 2
            self.queue.extendleft([group[middle:], group[:middle]])
        else:
            item = group[0]
            self.tries[item.uid] += 1
            if self.tries[item.uid] < TRIES:
                self.queue.append(group)
            elif self._is_there(item):
                said = finding("mail-not-fetched", count=TRIES, reason=fault.words)
                self.aside.append(self._message(item, findings=[said]))
        if self.row == _SAMPLE:
            self.queue.rotate(1)

    def _is_there(self, item: Item) -> bool:
        """Tell whether a message is still there; one that somebody has deleted meanwhile is nobody's loss."""
        try:
            return self.source.has(item)
        except (Cut, Refused):
            self.source.drop()
            return True

    def _set_aside(self) -> Iterator[Message]:
        yield from self.aside
        self.aside.clear()

    def _message(self, item: Item, content: bytes | Path = b"", findings: Sequence[Finding] = ()) -> Message:
        source = self.source
        return Message(
            source.folder, source.validity, item.uid, item.size, item.received, content, tuple(findings)
        )  # fmt: skip

    def _broken(self, reason: str) -> Surroundings:
        server = self.mailbox.server
        place = f"{server.host}:{server.port}"
        return Surroundings("mail-line-cut", Where(place), server=place, reason=reason)


def in_chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Group messages: at most fifty and 1.5 MB together; a larger one is alone."""
    chunk: list[Item] = []
    held = 0
    for item in items:
        if chunk and (len(chunk) >= CHUNK or held + item.size > CHUNK_BYTES):
            yield chunk
            chunk, held = [], 0
        chunk.append(item)
        held += item.size
    if chunk:
        yield chunk


def came_since(item: Item, since: date | None) -> bool:
    """Tell whether a message is to be looked at; one without a day is."""
    if since is None or item.received is None:
        return True
    return item.received.astimezone(_CHINA).date() >= since


class Reopened(Generic[_Line]):
    """A line that is opened anew after it broke, a few times and ever more slowly.

    Args:
        opener: opens a line; raises ``Surroundings`` where that fails.
    """

    def __init__(self, opener: Callable[[], contextlib.AbstractContextManager[_Line]]) -> None:
        self._opener = opener
        self._stack = contextlib.ExitStack()
        self._line: _Line | None = None
        self.opened = 0

    def line(self) -> _Line:
        """Give the line, opened if it is not.

        Raises:
            Surroundings: it cannot be opened in three tries.
        """
        if self._line is None:
            self._line = self._open()
        return self._line

    def _open(self) -> _Line:
        for attempt in range(1, TRIES + 1):
            try:
                line = self._stack.enter_context(self._opener())
            except Surroundings as fault:
                passing = fault.finding.code == "mail-line-cut" or (self.opened and fault.finding.code in _PASSING)
                if attempt == TRIES or not passing:
                    raise
            else:
                self.opened += 1
                return line
            time.sleep(lines.PAUSE * 2 ** (attempt - 1))
        raise AssertionError("the last try gives a line or raises")

    def drop(self) -> None:
        """Let go of a broken line."""
        stack, self._stack, self._line = self._stack, contextlib.ExitStack(), None
        with contextlib.suppress(Exception):
            stack.__exit__(Cut, Cut(""), None)

    def close(self) -> None:
        """Take leave of the server."""
        stack, self._stack, self._line = self._stack, contextlib.ExitStack(), None
        stack.close()


@contextlib.contextmanager
def spool_folder() -> Iterator[Path]:
    """Make a folder for large messages, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ledgergen-mail-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def utc_text(moment: datetime | None) -> str:
    """Spell a server's date as the journal does; empty where there is none."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
