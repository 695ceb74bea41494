"""What stands in a cell, and where it is from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from ledgergen.returns.decisions import Parcel, Return

RowKey: TypeAlias = tuple[str, str]  # task id, measure number
HEAD: Final[RowKey] = ("", "")  # in place of a row: the head block


class Source(NamedTuple):
    """Where a value came from: the parcel's hash and file name, the sheet, the cell; and who sent it when."""

    sha256: str
    name: str
    sheet: str
    cell: str
    received: str = ""
    sender: str = ""

    def __str__(self) -> str:
        return " › ".join(part for part in (self.name, self.sheet, self.cell) if part)


class Origin(NamedTuple):
    """What all values of one return have in common: the parcel, the sheet, and who sent it when."""

    sha256: str
    name: str
    sheet: str
    received: str = ""
    sender: str = ""


class Standing(NamedTuple):
    """A value that stands: the text as typed, its reading (None where it has none), and where it came from."""

    text: str
    value: str | None
    origin: Origin
    cell: str

    @property
    def source(self) -> Source:
        """Give where the value came from, as one record."""
        sha256, name, sheet, received, sender = self.origin
        return Source(sha256, name, sheet, self.cell, received, sender)


# As :data:`ledgergen.returns.decisions.decision_of`.
standing_of: Final[Callable[[tuple[str, str | None, Origin, str]], Standing]] = partial(tuple.__new__, Standing)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One return with the parcel that brought it."""

    parcel: Parcel
    returned: Return

    @property
    def order(self) -> tuple[str, ...]:
        """Give the precedence key: the server's date, else when first collected; then saved, hash, place within."""
        parcel, returned = self.parcel, self.returned
        arrived = parcel.received or parcel.collected
        return (arrived, returned.saved, parcel.sha256, returned.member, returned.sheet)

    @property
    def origin(self) -> Origin:
        """Give where its values are from."""
        parcel, returned = self.parcel, self.returned
        name = f"{parcel.name} › {returned.member}" if returned.member else parcel.name
        return Origin(parcel.sha256, name, returned.sheet, parcel.received, parcel.sender)
