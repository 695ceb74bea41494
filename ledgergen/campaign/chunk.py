"""Parcels that are looked at and journalled together: an event for each would cost more than what it tells."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from ledgergen.campaign.letters import Delivered
from ledgergen.campaign.memory import Memory
from ledgergen.canonical import Part, loads, part
from ledgergen.mail.receipt import LetterReceipt
from ledgergen.returns.decisions import Json, Parcel

_FILES: Final = 50
_BYTES: Final = 32_000_000


@dataclass(slots=True)
class Item:
    """A parcel of a chunk.

    ``is_news``: the journal does not tell it yet. ``spelled``: as the journal will, where that was done while it was at
    hand. ``changed``: how many cells each of its returns changes, where that is known without the others of the chunk;
    then the cells may have been let go of, for those of fifty files do not fit into the processor's cache.
    """

    parcel: Parcel
    is_news: bool
    spelled: Part | None = None
    changed: tuple[int, ...] | None = None

    @property
    def tokens(self) -> Sequence[str]:
        """Give the tokens of the books that it brings, one for each return."""
        return [returned.token for returned in self.parcel.returns]

    def told(self) -> Part:
        """Give the parcel as the journal will have it."""
        return self.spelled or part(self.parcel.to_json())

    def whole(self) -> Parcel:
        """Give the parcel with its cells."""
        if self.changed is None or self.spelled is None:
            return self.parcel
        return Parcel.from_json(cast("Json", loads(self.spelled)))


@dataclass(slots=True)
class Chunk:
    """Parcels and mails in the order of their coming, and the bytes that are to be kept, by hash."""

    items: list[Item] = field(default_factory=list)
    data: dict[str, bytes | Path] = field(default_factory=dict)
    letters: list[LetterReceipt] = field(default_factory=list)
    files: int = 0
    size: int = 0

    def take(self, delivered: Delivered, memory: Memory) -> Iterator[Item]:
        """Take what a file or a mail brought, and give what of it is news."""
        for parcel, data in delivered.parcels:
            if data is None or not memory.learns(parcel):
                self._add(Item(parcel, is_news=False))
                continue
            item = Item(parcel, is_news=True)
            self._keep(parcel.sha256, data)  # first of all: whatever is added to the chunk may be journalled next
            self._add(item)
            yield item
        if delivered.receipt is not None:
            self._add_letter(delivered.receipt, delivered.raw)
        if delivered.shown is not None:
            self._add(Item(delivered.shown, is_news=False))

    @property
    def news(self) -> list[Item]:
        """Give what the journal does not tell yet."""
        return [item for item in self.items if item.is_news]

    @property
    def tokens(self) -> Counter[str]:
        """Count the returns of each book that are news."""
        return Counter(token for item in self.news for token in item.tokens)

    @property
    def is_full(self) -> bool:
        """Tell whether it is time to journal: many files, many bytes, or a file that is gone when the next comes."""
        return max(self.files, len(self.letters)) >= _FILES or self.size >= _BYTES

    def _add(self, item: Item) -> None:
        self.items.append(item)
        self.files += max(1, len(item.parcel.returns))

    def _add_letter(self, receipt: LetterReceipt, raw: bytes | Path | None) -> None:
        if raw is not None and receipt.sha256:
            self._keep(receipt.sha256, raw)
        self.letters.append(receipt)

    def _keep(self, sha256: str, data: bytes | Path) -> None:
        self.data[sha256] = data
        self.size += _BYTES if isinstance(data, Path) else len(data)
