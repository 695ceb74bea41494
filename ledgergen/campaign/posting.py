"""Post mails: every step of every mail is in the journal before it is taken, so that no end of the line loses count.

A mail is queued, then ``sending`` (on the disk before its first byte leaves), then accepted, refused or unknown. What
is surely not accepted goes back to the queue: after a pause where the server or the line says so, at the end of the
queue where only an address is put off. What the server may have accepted is never sent again by itself.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from ledgergen.campaign.folder import Folder
from ledgergen.campaign.outcome import Occasion, Progress, silent
from ledgergen.errors import Stop, Surroundings
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.journal.durable import make_folder
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import held
from ledgergen.journal.places import lock_file
from ledgergen.mail.outgoing import Outgoing, compose, new_identity
from ledgergen.mail.submission import Outcome, Submission, Taken
from ledgergen.state.outbox import SENT, Fate, Posted, Purpose, sent_facts

TRIES: Final = 3  # how often a mail is offered in one run
PAUSES: Final = (10.0, 60.0)  # seconds before the second and the third offer, where the server or the line failed
_PATIENCE: Final = 60.0  # seconds that another command may hold the campaign's lock
_CHUNK: Final = 100  # mails queued by one event
_MINUTE: Final = 60.0
_UNKNOWN: Final[Mapping[str, str]] = {Purpose.ANSWER: "answer-unknown", Purpose.REMIND: "remind-unknown"}
_HOPELESS: Final = 2  # mails in a row that the server does not take, for no reason of their own
_PASSING: Final = frozenset({"mail-refused", "mail-timeout", "mail-line-cut"})
_BUSY: Final = ("421", "451", "454")

Inspect: TypeAlias = Callable[["Post", bytes], list[Finding]]
_FATES: Final = {Outcome.ACCEPTED: Fate.ACCEPTED, Outcome.REFUSED: Fate.REFUSED, Outcome.UNKNOWN: Fate.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Post:
    """A mail that is to go out: what the journal will say of it, and the mail itself."""

    posted: Posted
    mail: Outgoing


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the mails of a run, in its order; what is to be said; and what stopped it, if anything did."""

    posted: tuple[Posted, ...]
    findings: tuple[Finding, ...]
    stop: Stop | None = None


def to_post(wanted: Posted, mail: Outgoing, token: str, known: Posted | None) -> Post:
    """Give a mail its Message-ID: that which it was queued under, if it is the same mail still, else a new one."""
    identity = new_identity(token, mail.sender)
    if known and known.fate is Fate.QUEUED and known.identity:
        same = (known.addresses, known.attachments, known.subject)
        identity = known.identity if same == (wanted.addresses, wanted.attachments, wanted.subject) else identity
    posted = replace(wanted, fate=Fate.QUEUED, identity=identity)
    return Post(posted, replace(mail, identity=identity))


@contextmanager
def one_sender(folder: Folder) -> Iterator[None]:
    """Let one run at a time send mail of a campaign; other commands may go on meanwhile.

    Raises:
        Surroundings: ``campaign-locked``, ``cannot-write``.
    """
    make_folder(folder.hidden)
    with held(folder.hidden / "send.lock"):
        yield


@dataclass(slots=True)
class PostRoom:
    """One run of posting: the campaign, the line, and the time between two mails."""

    folder: Folder
    line: Submission
    occasion: Occasion
    per_minute: int
    inspect: Inspect
    pause: Callable[[float], None] = time.sleep
    _began: float = field(default_factory=time.monotonic)
    _data: dict[str, bytes] = field(default_factory=dict)
    _last: dict[str, Posted] = field(default_factory=dict)
    _findings: list[Finding] = field(default_factory=list)
    _tries: dict[str, int] = field(default_factory=dict)
    _journal: Journal | None = None
    _given_up: int = 0

    def post(self, posts: Sequence[Post], known: Iterable[Posted] = (), progress: Progress = silent) -> Delivery:
        """Send mails one after another; ``known`` are those of them that are in the queue already.

        One that cannot be sent stops none of the others; a server that is gone, or refuses us, stops the run.
        """
        sound = [each for each in posts if self._is_sound(each)]
        stop: Stop | None = None
        try:
            if sound:
                self.line.open()
                queued = {each.identity for each in known}
                self._queue([each.posted for each in sound if each.posted.identity not in queued])
                self._work_off(sound, progress)
        except Stop as fault:
            stop = fault
        finally:
            self.line.close()
        done = [self._last.get(each.posted.identity, each.posted) for each in sound]
        return Delivery(tuple(done), (*self._findings, *findings_of(done)), stop)

    def _is_sound(self, post: Post) -> bool:
        """Look at the very bytes that will go out; what is wrong with them is said, and they stay here."""
        data = self._data[post.posted.identity] = compose(post.mail, self._now())
        found = self.inspect(post, data)
        self._findings += found
        return not has_errors(found)

    def _queue(self, posts: Sequence[Posted]) -> None:
        for start in range(0, len(posts), _CHUNK):
            with self._lock():
                self._note(posts[start : start + _CHUNK])

    def _work_off(self, posts: Sequence[Post], progress: Progress) -> None:
        left, done, first = deque(posts), 0, True
        while left:
            post = left.popleft()
            if not first:
                self.pause(_MINUTE / self.per_minute)
            first = False
            again = self._offer(post)
            if again is None:
                done += 1
                progress(done, len(posts))
            elif again:
                left.append(post)
            else:
                left.appendleft(post)

    def _offer(self, post: Post) -> bool | None:
        """Offer one mail; give None where that settles it, else whether it goes to the end of the queue.

        Raises:
            Stop: the line cannot be opened anew.
        """
        identity = post.posted.identity
        self._open()
        with self._lock():
            self._note([replace(post.posted, fate=Fate.SENDING)])
            taken = self._handed_over(post)
            self._settle(post.posted, taken)
        if taken.outcome is not Outcome.LATER:
            self._given_up = 0
            return None
        tries = self._tries[identity] = self._tries.get(identity, 0) + 1
        only_address = bool(taken.refused) and not taken.reason.startswith(_BUSY)
        if tries >= TRIES:
            self._gives_up(taken, only_address=only_address)
            return None
        if not only_address:
            self.pause(PAUSES[min(tries, len(PAUSES)) - 1])
        return only_address

    def _gives_up(self, taken: Taken, *, only_address: bool) -> None:
        """Leave a mail in the queue; where the next one fares no better, the fault is not the mail's."""
        self._given_up += not only_address
        if self._given_up >= _HOPELESS:
            raise Surroundings("mail-line-cut", server=self.line.place, reason=taken.reason)

    def _open(self) -> None:
        """Open the line anew where it broke; a server that was there a minute ago gets a few tries."""
        for pause in PAUSES:
            try:
                return self.line.open()
            except Surroundings as fault:
                if fault.finding.code not in _PASSING:
                    raise
                self.pause(pause)
        return self.line.open()

    def _handed_over(self, post: Post) -> Taken:
        """Hand a mail over; where that is broken off (Ctrl-C), note what is known before going on breaking off."""
        try:
            data = self._data[post.posted.identity]
            return self.line.hand_over(post.mail.sender, post.mail.recipients, data)
        except BaseException:
            doubt = self.line.is_in_doubt
            self._settle(post.posted, Taken(Outcome.UNKNOWN if doubt else Outcome.LATER, "interrupted"))
            raise

    def _settle(self, posted: Posted, taken: Taken) -> None:
        fate = _FATES.get(taken.outcome, Fate.QUEUED)
        reason = "" if fate is Fate.ACCEPTED else taken.reason
        self._note([replace(posted, fate=fate, reason=reason, refused=dict(taken.refused))])

    def _note(self, posts: Sequence[Posted]) -> None:
        self._journal = self._journal or Journal(self.folder.root)
        self._journal.append(SENT, sent_facts(posts), at=self._now(), who=self.occasion.who)
        self._last.update((each.identity, each) for each in posts)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with held(lock_file(self.folder.root), _PATIENCE):
            yield

    def _now(self) -> datetime:
        return self.occasion.now + timedelta(seconds=time.monotonic() - self._began)


def findings_of(posts: Iterable[Posted]) -> Iterator[Finding]:
    """Say what went wrong with mails, and what is not known of them."""
    for each in posts:
        where = Where("、".join(each.addresses))
        if each.fate is Fate.REFUSED:
            yield finding("send-refused", where, unit=each.unit, reason=each.reason)
        elif each.fate in (Fate.UNKNOWN, Fate.SENDING):
            yield finding(_UNKNOWN.get(each.purpose, "send-unknown"), where, unit=each.unit, reason=each.reason or "—")
        elif each.fate is Fate.QUEUED:
            yield finding("send-later", where, unit=each.unit, reason=each.reason or "—")
        elif each.refused:
            for address, reason in each.refused.items():
                yield finding("send-address-refused", Where(address), unit=each.unit, reason=reason)
