"""Events: what was decided, when and by whom, each one write-once file.

An event's file is canonical JSON (keys sorted, no spaces, Chinese as itself, a newline at the end) and is named by its
sequence and the first 16 characters of the sha256 of its bytes. Its ``digest``, the whole sha256, is derived and not
stored. It names its parents by digest, so that whoever knows the heads can prove everything before them.

An event has a *list* of parents. Usually it is one; the first event has none; the event written after a fork (two
machines wrote to one synced folder) names every head and so settles the fork.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from ledgergen import canonical

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[0-9]{6,}-([0-9a-f]{16})\.json")


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the campaign. ``at`` is UTC as ISO 8601 text, ``facts`` whatever JSON its ``kind`` calls for."""

    sequence: int
    at: str
    who: str
    kind: str
    facts: Mapping[str, object] = field(hash=False)
    parents: tuple[str, ...]
    digest: str

    @property
    def name(self) -> str:
        """Give the name of the event's file."""
        return f"{self.sequence:06d}-{self.digest[:16]}.json"

    @property
    def moment(self) -> datetime:
        """Give ``at`` as a time that can be compared."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is not written yet; ``at`` carries its time zone."""

    sequence: int
    at: datetime
    who: str
    kind: str
    facts: Mapping[str, object]
    parents: tuple[str, ...]


def encode(draft: Draft) -> bytes:
    """Give the bytes of an event's file (:mod:`ledgergen.canonical`).

    Raises:
        ValueError: a time without a zone, or a number that JSON does not know; a bug of the caller, like ``TypeError``.
    """
    if draft.at.tzinfo is None:
        raise ValueError("an event's time needs a zone")
    stored = {
        "sequence": draft.sequence,
        "at": time_text(draft.at),
        "who": draft.who,
        "kind": draft.kind,
        "facts": draft.facts,
        "parents": list(draft.parents),
    }
    return canonical.dumps(stored)


def drafted(draft: Draft, data: bytes) -> Event:
    """Give the event that a draft became, without reading its bytes back."""
    digest = hashlib.sha256(data).hexdigest()
    return Event(draft.sequence, time_text(draft.at), draft.who, draft.kind, draft.facts, draft.parents, digest)


def time_text(moment: datetime) -> str:
    """Spell a time as UTC, always in the same width: two such texts compare as the times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def decode(data: bytes) -> Event:
    """Read an event back from the bytes of its file; keys that a later version may add are passed over.

    Raises:
        ValueError: it is no JSON, or JSON of another shape.
    """
    stored = canonical.loads(data)
    if not isinstance(stored, dict) or not isinstance(stored.get("facts"), dict):
        raise ValueError("an event is an object with facts")  # noqa: TRY004 - one exception for every unfit file
    event = Event(
        sequence=_sequence(stored.get("sequence")),
        at=_text(stored.get("at")),
        who=_text(stored.get("who")),
        kind=_text(stored.get("kind")),
        facts=stored["facts"],
        parents=_parents(stored.get("parents")),
        digest=hashlib.sha256(data).hexdigest(),
    )
    if event.moment.tzinfo is None:
        raise ValueError("a time without a zone")
    if (event.sequence == 1) is not (not event.parents):
        raise ValueError("the first event, and no other, has no parent")
    return event


def named_digest(name: str) -> str | None:
    """Give the start of the digest that a file's name promises; ``None`` where it is no name of an event."""
    fit = _NAME.fullmatch(name)
    return fit[1] if fit else None


def _sequence(value: object) -> int:
    if type(value) is not int or value < 1:  # bool is an int as well
        raise ValueError("a sequence is a number from 1 on")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - as above
    return value


def _parents(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and _DIGEST.fullmatch(each) for each in value):
        raise ValueError("parents are digests")
    return tuple(value)
