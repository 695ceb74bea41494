"""The outbox: what went out by mail or by hand, folded from the ``sent`` events.

A mail goes queued → sending → accepted | refused | unknown; each step is an event of its own, and ``sending`` is on the
disk before the first byte goes out. A ``sending`` that nothing follows is ``unknown``: the program, the machine or the
line ended in between, and nobody can tell whether the server took the mail over. Nothing unknown is sent again unless
somebody says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, cast

from ledgergen.journal.events import Event

SENT: Final = "sent"


class Purpose(StrEnum):
    """What a mail is for: the ledger of a round, the answer to a return, a reminder, a trial to oneself."""

    LEDGER = "ledger"
    ANSWER = "answer"
    REMIND = "remind"
    TEST = "test"


class Fate(StrEnum):
    """What became of a mail."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail, or one handing over by other means, as the journal has it.

    ``identity``: its Message-ID without brackets, empty for what a person marked (``by_hand``). ``about``: the hash of
    the return that an answer answers, or what kind and step of reminder it is. ``attachments``: hashes. ``refused``:
    addresses that the server did not take, with its words. ``at``: when this last became so, UTC. ``subject``: as the
    reader sees it.
    """

    unit: str
    round: str
    purpose: str
    fate: Fate
    identity: str = ""
    addresses: tuple[str, ...] = ()
    about: str = ""
    reason: str = ""
    refused: Mapping[str, str] = field(default_factory=dict, hash=False)
    subject: str = ""
    attachments: tuple[str, ...] = ()
    by_hand: bool = False
    at: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether it has not gone out and may be tried again."""
        return self.fate in (Fate.QUEUED, Fate.REFUSED)

    def to_json(self) -> dict[str, object]:
        """Give the stored form; what is empty is left out."""
        whole: dict[str, object] = {
            "unit": self.unit,
            "round": self.round,
            "purpose": self.purpose,
            "outcome": str(self.fate),
            "message_id": self.identity,
            "addresses": list(self.addresses),
        }
        seldom: dict[str, object] = {
            "about": self.about,
            "reason": self.reason,
            "refused": dict(self.refused),
            "subject": self.subject,
            "attachments": list(self.attachments),
            "by_hand": self.by_hand,
        }
        return whole | {name: value for name, value in seldom.items() if value}

    @staticmethod
    def from_json(stored: Mapping[str, object], at: str) -> "Posted":
        """Read the stored form."""
        return Posted(
            unit=str(stored["unit"]),
            round=str(stored["round"]),
            purpose=str(stored["purpose"]),
            fate=Fate(str(stored["outcome"])),
            identity=str(stored["message_id"]),
            addresses=tuple(map(str, cast("Sequence[object]", stored["addresses"]))),
            about=str(stored.get("about", "")),
            reason=str(stored.get("reason", "")),
            refused=dict(cast("Mapping[str, str]", stored.get("refused", {}))),
            subject=str(stored.get("subject", "")),
            attachments=tuple(map(str, cast("Sequence[object]", stored.get("attachments", ())))),
            by_hand=bool(stored.get("by_hand")),
            at=at,
        )


def sent_facts(posts: Iterable[Posted]) -> dict[str, object]:
    """Give the facts of a ``sent`` event."""
    return {"mails": [each.to_json() for each in posts]}


@dataclass(frozen=True, slots=True)
class Outbox:
    """Everything that went out, each mail as it last was, in the order in which they were first named."""

    posts: tuple[Posted, ...] = ()

    @staticmethod
    def of(events: Iterable[Event]) -> "Outbox":
        """Fold the standing events, whole; those of other kinds are passed over."""
        found: dict[str, Posted] = {}
        for event in (each for each in events if each.kind == SENT):
            for number, stored in enumerate(cast("Sequence[Mapping[str, object]]", event.facts["mails"])):
                post = Posted.from_json(stored, event.at)
                key = post.identity or f"{event.digest}:{number}"
                found.pop(key, None)
                found[key] = post
        return Outbox(tuple(_settled(each) for each in found.values()))

    def by_identity(self, identity: str) -> Posted | None:
        """Find a mail by its Message-ID."""
        wanted = identity.strip("<>")
        return next((each for each in self.posts if each.identity == wanted), None) if wanted else None

    def last(self, purpose: str, round_id: str, unit: str, about: str | None = None) -> Posted | None:
        """Give what was last sent to a unit for a purpose, in a round; ``about`` one thing where it is given."""
        fitting = [
            each
            for each in self.posts
            if (each.purpose, each.round, each.unit) == (purpose, round_id, unit) and about in (None, each.about)
        ]
        return fitting[-1] if fitting else None

    def of_round(self, round_id: str, purpose: str = "") -> Iterator[Posted]:
        """Give what was sent in a round, trials left out unless they are asked for."""
        for each in self.posts:
            if each.round == round_id and (each.purpose == purpose if purpose else each.purpose != Purpose.TEST):
                yield each


def _settled(post: Posted) -> Posted:
    """Take a mail that was on its way when the record ends for what it is."""
    return replace(post, fate=Fate.UNKNOWN) if post.fate is Fate.SENDING else post


def went_out(event: Event) -> bool:
    """Tell whether an event is about mail, so that undoing it would make the journal lie; a note by hand is none."""
    if event.kind != SENT:
        return False
    return not all(stored.get("by_hand") for stored in cast("Sequence[Mapping[str, object]]", event.facts["mails"]))
