"""A mailbox read: logged in to, its folders listed, what is new in them fetched. IMAP and POP3 look alike from here."""

import contextlib
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from ledgergen.errors import Surroundings
from ledgergen.findings import Finding, Where
from ledgergen.mail.fetching import TRIES, Fetch, Item, Message, Reopened, Source, came_since, spool_folder
from ledgergen.mail.imap import ImapLine
from ledgergen.mail.lines import Cut, LoginRefused, Refused
from ledgergen.mail.pop3 import Pop3Line
from ledgergen.mail.secrets import Secret
from ledgergen.records import Mailbox

Seen: TypeAlias = Callable[[str, int], Container[str]]  # folder, UIDVALIDITY → the lasting names that are known
Explain: TypeAlias = Callable[[str], Finding]  # the server's words when it does not let us in → a finding
_Line = TypeVar("_Line", ImapLine, Pop3Line)


class _Folder(Source, Protocol):
    """A folder that can also say what is new in it."""

    def items(self, seen: Seen) -> list[Item]:
        """List what is not known yet."""


@dataclass(slots=True)
class _ImapFolder:
    """A folder over IMAP; ``opened`` counts the lines, to know whether it is open on the present one."""

    lines: Reopened[ImapLine]
    folder: str
    validity: int = 0
    uids: tuple[int, ...] = ()
    opened: int = 0

    def items(self, seen: Seen) -> list[Item]:
        """List what is not known yet."""
        self.validity = 0
        line = self._examined()
        known = seen(self.folder, self.validity)
        new = [uid for uid in self.uids if str(uid) not in known]
        return [Item(str(listed.uid), listed.size, listed.received) for listed in line.sizes(new)]

    def _examined(self) -> ImapLine:
        """Open the folder on the line that there is; one that was renumbered meanwhile is another folder."""
        line = self.lines.line()
        if self.opened != self.lines.opened or line.folder != self.folder:
            found = line.examine(self.folder)
            if self.validity and found.validity != self.validity:
                raise Cut("UIDVALIDITY")
            self.validity, self.uids, self.opened = found.validity, found.uids, self.lines.opened
        return line

    def bodies(self, items: Sequence[Item]) -> dict[str, bytes]:
        """Fetch small messages, by their UIDs."""
        found = self._examined().messages([int(item.uid) for item in items])
        return {str(uid): body for uid, body in found.items()}

    def pieces(self, item: Item, start: int) -> Iterator[bytes]:
        """Fetch a message from a byte on."""
        return self._examined().pieces(int(item.uid), start)

    def can_resume(self) -> bool:
        """Tell that ``pieces`` goes on from a byte."""
        return True

    def has(self, item: Item) -> bool:
        """Tell whether a message is still there."""
        self._examined()
        return int(item.uid) in self.uids

    def drop(self) -> None:
        """Let go of the line."""
        self.lines.drop()


@dataclass(slots=True)
class _Pop3Folder:
    """The one folder of POP3. Numbers are a line's own, so they are looked up anew on each."""

    lines: Reopened[Pop3Line]
    folder: str = ""
    validity: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    opened: int = 0

    def items(self, seen: Seen) -> list[Item]:
        """List what is not known yet."""
        known = seen(self.folder, self.validity)
        self.opened = 0
        return [Item(uid, size) for uid, size in self._listed().items() if uid not in known]

    def _listed(self) -> dict[str, int]:
        listed = self.lines.line().listed()
        self.numbers = {each.uid: each.number for each in listed}
        self.opened = self.lines.opened
        return {each.uid: each.size for each in listed}

    def _line(self) -> Pop3Line:
        line = self.lines.line()
        if self.opened != self.lines.opened:
            self._listed()
        return line

    def bodies(self, items: Sequence[Item]) -> dict[str, bytes]:
        """Fetch small messages, by their UIDLs; one that is gone meanwhile is left out."""
        line = self._line()
        there = [item for item in items if item.uid in self.numbers]
        return {item.uid: b"".join(line.pieces(self.numbers[item.uid])) for item in there}

    def pieces(self, item: Item, start: int) -> Iterator[bytes]:
        """Fetch a message from its beginning."""
        del start
        line = self._line()
        return line.pieces(self.numbers[item.uid]) if item.uid in self.numbers else iter(())

    def can_resume(self) -> bool:
        """Tell that ``pieces`` always begins at the beginning."""
        return False

    def has(self, item: Item) -> bool:
        """Tell whether a message is still there."""
        self._line()
        return item.uid in self.numbers

    def drop(self) -> None:
        """Let go of the line."""
        self.lines.drop()


@dataclass(slots=True)
class Reading:
    """A mailbox that is read: what is new in it was listed, and is fetched by :meth:`messages`."""

    mailbox: Mailbox
    spool: Path
    work: list[tuple[Source, list[Item]]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Give the number of new messages."""
        return sum(len(items) for _, items in self.work)

    @property
    def validities(self) -> dict[str, int]:
        """Give the UIDVALIDITY of each folder; 0 over POP3."""
        return {source.folder: source.validity for source, _ in self.work}

    def messages(self) -> Iterator[Message]:
        """Fetch what is new, a chunk at a time.

        Raises:
            Surroundings: the line cannot be mended, or the server lets nobody in any more.
        """
        good = 0
        for source, items in self.work:
            fetch = Fetch(source, self.mailbox, self.spool, good=good)
            yield from fetch.run(items)
            good = fetch.good


@contextlib.contextmanager
def read_mailbox(mailbox: Mailbox, secret: Secret, root: Path, seen: Seen, explain: Explain) -> Iterator[Reading]:
    """Log in, list what is new, and give it to be fetched. Nothing on the server is changed.

    Args:
        mailbox: which one.
        secret: what it is opened with.
        root: the campaign's folder, in which the certificate of an own CA lies.
        seen: the lasting names of the messages that are known, by folder and UIDVALIDITY.
        explain: puts a refused login into a finding.

    Raises:
        Surroundings: the server cannot be reached or does not let us in; a folder that is not there.
    """
    with spool_folder() as spool, contextlib.ExitStack() as stack:
        reading = Reading(mailbox, spool)
        folders: list[_Folder] = []
        if mailbox.protocol == "imap":
            lines = Reopened(lambda: _let_in(lambda: ImapLine(mailbox.server, secret, root), mailbox, explain))
            stack.callback(lines.close)
            folders += [_ImapFolder(lines, name) for name in mailbox.folders]
        else:
            stores = Reopened(lambda: _let_in(lambda: Pop3Line(mailbox.server, secret, root), mailbox, explain))
            stack.callback(stores.close)
            folders.append(_Pop3Folder(stores))
        for folder in folders:
            items = _listed(mailbox, folder, seen)
            reading.work.append((folder, [item for item in items if came_since(item, mailbox.since)]))
        yield reading


def _let_in(opened: Callable[[], _Line], mailbox: Mailbox, explain: Explain) -> _Line:
    """Open a line; what goes wrong is put in plain words."""
    try:
        return opened()
    except LoginRefused as no:
        found = explain(no.words)
        raise Surroundings(found.code, found.where, **found.facts) from None
    except Cut as fault:
        raise _broken(mailbox, fault.words) from None
    except Refused as no:
        place = _place(mailbox)
        raise Surroundings("mail-tls", Where(place), server=place, reason=no.words) from None


def _listed(mailbox: Mailbox, folder: _Folder, seen: Seen) -> list[Item]:
    """List what is new, anew on another line where one breaks."""
    for attempt in range(1, TRIES + 1):
        try:
            return folder.items(seen)
        except Cut as fault:
            folder.drop()
            if attempt == TRIES:
                raise _broken(mailbox, fault.words) from None
        except Refused as no:
            raise _not_opened(mailbox, folder, no.words) from None
    raise AssertionError("the last try gives a list or raises")


def _broken(mailbox: Mailbox, words: str) -> Surroundings:
    return Surroundings("mail-line-cut", Where(_place(mailbox)), server=_place(mailbox), reason=words)


def _place(mailbox: Mailbox) -> str:
    return f"{mailbox.server.host}:{mailbox.server.port}"


def _not_opened(mailbox: Mailbox, folder: _Folder, words: str) -> Surroundings:
    """Say why a folder cannot be opened: it is not there, or the server holds us for unsafe (NetEase says so here)."""
    if "unsafe" in words.lower() or not isinstance(folder, _ImapFolder):
        return Surroundings(
            "mail-unsafe-login", Where(_place(mailbox)), server=_place(mailbox), reason=words, advice=""
        )
    try:
        names = "、".join(folder.lines.line().folders())
    except (Cut, Refused):
        names = "?"
    return Surroundings("mail-folder-unknown", Where(mailbox.name), folder=folder.folder, names=names, reason=words)


def count_messages(mailbox: Mailbox, secret: Secret, root: Path, explain: Explain) -> dict[str, int]:
    """Log in and count the messages of each folder; over POP3 there is one, without a name.

    Raises:
        Surroundings: as :func:`read_mailbox`.
    """
    every = replace(mailbox, since=None)
    with read_mailbox(every, secret, root, lambda _folder, _validity: (), explain) as reading:
        return {source.folder: len(items) for source, items in reading.work}
