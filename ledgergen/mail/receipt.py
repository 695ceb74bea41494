"""What the journal keeps of one mail: never its text, and its bytes only where the campaign is concerned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from ledgergen.findings import Finding

Json: TypeAlias = Mapping[str, object]
Place: TypeAlias = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class LetterReceipt:
    """One mail as it was collected.

    ``digest`` is the sha256 of its bytes; ``sha256`` the same where they are kept as an original, else empty. ``place``
    says where it lay: account, folder, number on a server; the path of a file. ``verdict``: ``collected`` (it brought
    files), ``filed``, ``bounce``, ``automatic``, ``empty`` (nothing for us), ``unread``. ``unit``: whose it is, as far
    as its sender and what it replies to say. ``bounced`` and ``about`` as in :class:`ledgergen.mail.letter.Letter`;
    ``parcels``: the hashes of the files it brought.
    """

    digest: str
    sha256: str = ""
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    received: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    kind: str = "letter"
    verdict: str = "collected"
    authentication: str = ""
    unit: str = ""
    place: Place = field(default_factory=dict)
    bounced: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    size: int = 0

    def to_json(self) -> Json:
        """Give the stored form; what is empty is left out."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "findings"}
        told["findings"] = [each.to_json() for each in self.findings]
        return {name: _plain(value) for name, value in told.items() if value or name in ("digest", "sha256")}

    @staticmethod
    def from_json(stored: Json) -> "LetterReceipt":
        """Read the stored form."""
        texts = {name: str(stored[name]) for name in _TEXTS if name in stored}
        lists = {name: tuple(map(str, cast("Sequence[str]", stored[name]))) for name in _LISTS if name in stored}
        return LetterReceipt(
            **texts,  # type: ignore[arg-type]
            **lists,  # type: ignore[arg-type]
            place=cast("Place", stored.get("place", {})),
            bounced=cast("Mapping[str, str]", stored.get("bounced", {})),
            findings=tuple(Finding.from_json(item) for item in cast("Sequence[Json]", stored.get("findings", ()))),
            size=cast("int", stored.get("size", 0)),
        )


_TEXTS = (
    "digest", "sha256", "message_id", "sender", "subject", "received", "in_reply_to", "kind", "verdict",
    "authentication", "unit",
)  # fmt: skip
_LISTS = ("references", "about", "parcels")


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
