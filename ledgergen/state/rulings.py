"""What the office has decided about returns: which of two values stands, which return does not count, which one does.

Rulings are events of the journal like returns, and name what they were made about, so that the order in which things
were collected does not matter and a return that comes later is not silently ruled upon.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from ledgergen.journal.events import Event
from ledgergen.returns.decisions import Json
from ledgergen.state.standing import Origin, RowKey, Standing

RESOLVED: Final = "resolved"
WITHDRAWN: Final = "withdrawn"
CONFIRMED: Final = "confirmed"
KINDS: Final = (RESOLVED, WITHDRAWN, CONFIRMED)


class ReturnId(NamedTuple):
    """Names one return: the parcel's hash and the book's token."""

    sha256: str
    token: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """A value that the office chose for one field of one book, knowing the returns ``seen`` (hashes of parcels).

    ``standing`` is the value with the source it was chosen from; one that the office wrote itself has no hash. ``at``
    and ``who`` are the event's.
    """

    token: str
    key: RowKey
    field: str
    standing: Standing
    seen: frozenset[str]
    at: str = ""
    who: str = ""

    def to_json(self) -> Json:
        """Give the stored form."""
        text, value, origin, cell = self.standing
        place = [self.token, *self.key, self.field]
        return {"field": place, "text": text, "value": value, "from": [*origin, cell], "seen": sorted(self.seen)}

    @staticmethod
    def from_json(stored: Json, at: str = "", who: str = "") -> "Resolution":
        """Read the stored form; ``at`` and ``who`` as the event has them."""
        token, task, measure, name = cast("Sequence[str]", stored["field"])
        *origin, cell = cast("Sequence[str]", stored["from"])
        value = stored["value"]
        standing = Standing(str(stored["text"]), None if value is None else str(value), Origin(*origin), cell)
        seen = frozenset(cast("Sequence[str]", stored["seen"]))
        return Resolution(token, (task, measure), name, standing, seen, at, who)


@dataclass(frozen=True, slots=True)
class Rulings:
    """All rulings that stand, by book token where they are resolutions."""

    resolutions: Mapping[str, Sequence[Resolution]] = field(default_factory=dict)
    withdrawn: frozenset[ReturnId] = frozenset()
    confirmed: frozenset[ReturnId] = frozenset()

    @staticmethod
    def of(events: Iterable[Event]) -> "Rulings":
        """Read the rulings among the standing events; the later of two about one field comes later in its book's."""
        resolutions: dict[str, list[Resolution]] = {}
        named: dict[str, set[ReturnId]] = {WITHDRAWN: set(), CONFIRMED: set()}
        for event in events:
            if event.kind == RESOLVED:
                for stored in cast("Sequence[Json]", event.facts["choices"]):
                    made = Resolution.from_json(stored, event.at, event.who)
                    resolutions.setdefault(made.token, []).append(made)
            elif event.kind in named:
                pairs = cast("Sequence[Sequence[str]]", event.facts["returns"])
                named[event.kind] |= {ReturnId(sha256, token) for sha256, token in pairs}
        return Rulings(resolutions, frozenset(named[WITHDRAWN]), frozenset(named[CONFIRMED]))
