"""What a run of collecting remembers of what came before, so that nothing is decided or journalled twice."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from ledgergen.returns.decisions import Parcel, Return, Verdict

# Of bytes that were accepted, what may come out better when they come again: with a password, with more time, with what
# was missing on this machine.
_UNREAD: Final = frozenset(
    {"file-encrypted", "archive-not-opened", "archive-timeout", "reader-died", "reader-timeout", "reader-memory"}
)


@dataclass(slots=True)
class Memory:
    """What was collected before: every receipt, and the verdict on the bytes.

    Bytes that were refused are tried again when they come again (a ledger may have been issued since, or the reader
    bettered); only another verdict is news. So are accepted bytes of which a part could not be read (``unread``); only
    further returns are news. So are those that wait because of who sent them (``held``, by place); news is a mail from
    somebody who may send them.
    """

    receipts: set[tuple[str, str, str]] = field(default_factory=set)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    unread: dict[str, Parcel] = field(default_factory=dict)
    held: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    @staticmethod
    def of(parcels: Iterable[Parcel]) -> "Memory":
        """Remember what the journal tells."""
        memory = Memory()
        for parcel in parcels:
            memory.learns(parcel)
        return memory

    def is_settled(self, sha256: str) -> bool:
        """Tell whether these bytes were accepted, all of them, or set aside by the office."""
        return self.verdicts.get(sha256) in (Verdict.ACCEPTED, Verdict.IGNORED) and sha256 not in self.unread

    def with_earlier(self, parcel: Parcel) -> Parcel:
        """Add the returns that were read of the same bytes before; a duplicate where there are no others."""
        earlier = self.unread.get(parcel.sha256)
        if earlier is None:
            return parcel
        found = set(map(_place, parcel.returns))
        if found <= set(map(_place, earlier.returns)):
            return replace(parcel, verdict=Verdict.DUPLICATE, returns=())
        kept = (returned for returned in earlier.returns if _place(returned) not in found)
        return replace(parcel, returns=(*parcel.returns, *kept))

    def learns(self, parcel: Parcel) -> bool:
        """Take in a parcel; tell whether it is news: a new receipt, or something else about the same bytes."""
        key = (parcel.sha256, parcel.name, parcel.letter)
        held = frozenset(_place(each) for each in parcel.returns if each.held)
        known = parcel.verdict in (self.verdicts.get(parcel.sha256), Verdict.DUPLICATE)
        known = known and held >= self.held.get(parcel.sha256, held)  # as much is held as ever
        if key in self.receipts and known and (parcel.sha256 not in self.unread or not parcel.returns):
            return False
        self.receipts.add(key)
        if parcel.verdict is not Verdict.DUPLICATE:
            self.verdicts[parcel.sha256] = parcel.verdict
            self.held[parcel.sha256] = held & self.held.get(parcel.sha256, held)
            self.unread.pop(parcel.sha256, None)
            if parcel.returns and any(found.code in _UNREAD for found in parcel.findings):
                self.unread[parcel.sha256] = parcel
        return True


def _place(returned: Return) -> tuple[str, str]:
    return returned.member, returned.sheet
