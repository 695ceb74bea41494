"""What collecting decides, in the shapes the journal keeps for ever.

A decision says: this cell of this return gave this value to this field. It is taken against what was issued only, so it
is the same whatever else has come in; how several returns of one book lie over each other is the fold's business
(:mod:`ledgergen.state.fold`). A newer reader therefore never rewrites history, and the order of collecting does not
matter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from sys import intern
from typing import Final, NamedTuple, TypeAlias, cast

from ledgergen.findings import Finding

Json: TypeAlias = Mapping[str, object]


class Act(StrEnum):
    """What a returned cell does to its field.

    ``set``: it holds a text other than the issued one. ``clear``: it is blank where the issued ledger showed a text.
    ``erase``: it holds the word 清空, which clears whatever stands.
    """

    SET = "set"
    CLEAR = "clear"
    ERASE = "erase"


class Verdict(StrEnum):
    """What becomes of a parcel (product.md, ``collect --json``)."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    REVIEW = "review"
    REJECTED = "rejected"
    IGNORED = "ignored"


class Decision(NamedTuple):
    """One decided cell: the text as typed, the value as read (None where it could not be read), and its cell."""

    act: Act
    text: str
    value: str | None
    cell: str


# Half the time of a NamedTuple's own constructor; a ledger has two hundred of them.
decision_of: Final[Callable[[tuple[Act, str, str | None, str]], Decision]] = partial(tuple.__new__, Decision)


class How(StrEnum):
    """How a row was matched."""

    CODE = "code"
    TEXT = "text"
    NEW = "new"


class RowReturn(NamedTuple):
    """One returned row that has something to say: its task and measure, its place, its decided cells by field."""

    task: str
    measure: str
    row: int
    how: How
    cells: Mapping[str, Decision]

    def to_json(self) -> list[object]:
        """Give the stored form: task, measure, row, how, cells."""
        cells = _stored_cells(self.cells)
        return [self.task, self.measure, self.row, str(self.how), cells]

    @staticmethod
    def from_json(stored: Sequence[object]) -> "RowReturn":
        """Read the stored form."""
        task, measure, row, how, cells = stored
        decided = cast("Mapping[str, Sequence[str]]", cells)
        return RowReturn(
            intern(str(task)),
            intern(str(measure)),
            cast("int", row),
            How(str(how)),
            {intern(name): _decision(decision) for name, decision in decided.items()},
        )


@dataclass(frozen=True, slots=True)
class Return:
    """One filled ledger recognised in a parcel (报送件).

    ``reason`` says by what it was recognised; ``saved`` is the time its client wrote into it (ISO 8601, may be empty);
    ``matched`` counts the rows found again, with or without news; ``missing`` names (task, measure) of rows that are
    absent; ``doubtful`` counts rows quoted in findings because their task is not clear; ``new`` the inserted ones.
    ``member`` is the file's path inside an archive, empty where the parcel is the file; ``absent`` names the input
    columns that the sheet does not have. ``held``: the code of the finding for which it does not count before the
    office confirms it, because of who sent it; empty where nothing is against it.
    """

    token: str
    edition: str
    unit: str
    round: str
    sheet: str
    reason: str
    saved: str = ""
    rows: tuple[RowReturn, ...] = ()
    head: Mapping[str, Decision] = field(default_factory=dict)
    matched: int = 0
    missing: tuple[tuple[str, str], ...] = ()
    doubtful: int = 0
    new: int = 0
    member: str = ""
    absent: tuple[str, ...] = ()
    held: str = ""

    def without_cells(self) -> "Return":
        """Give the return without its decided cells."""
        return replace(self, rows=(), head={})

    def to_json(self) -> Json:
        """Give the stored form; what is seldom there is left out where it is not."""
        seldom = {"member": self.member, "absent": list(self.absent), "held": self.held}
        return {name: value for name, value in seldom.items() if value} | {
            "token": self.token,
            "edition": self.edition,
            "unit": self.unit,
            "round": self.round,
            "sheet": self.sheet,
            "reason": self.reason,
            "saved": self.saved,
            "rows": [row.to_json() for row in self.rows],
            "head": _stored_cells(self.head),
            "matched": self.matched,
            "missing": [list(key) for key in self.missing],
            "doubtful": self.doubtful,
            "new": self.new,
        }

    @staticmethod
    def from_json(stored: Json) -> "Return":
        """Read the stored form."""
        head = cast("Mapping[str, Sequence[str]]", stored["head"])
        missing = cast("Sequence[Sequence[str]]", stored["missing"])
        return Return(
            token=str(stored["token"]),
            edition=str(stored["edition"]),
            unit=str(stored["unit"]),
            round=str(stored["round"]),
            sheet=str(stored["sheet"]),
            reason=str(stored["reason"]),
            saved=str(stored["saved"]),
            rows=tuple(RowReturn.from_json(row) for row in cast("Sequence[Sequence[object]]", stored["rows"])),
            head={name: _decision(decision) for name, decision in head.items()},
            matched=cast("int", stored["matched"]),
            missing=tuple((task, measure) for task, measure in missing),
            doubtful=cast("int", stored["doubtful"]),
            new=cast("int", stored["new"]),
            member=str(stored.get("member", "")),
            absent=tuple(cast("Sequence[str]", stored.get("absent", ()))),
            held=str(stored.get("held", "")),
        )


@dataclass(frozen=True, slots=True)
class Arrival:
    """How bytes arrived: their hash and name, when their batch began, and from mail the server's date and sender.

    ``letter``, ``message_id`` and ``authentication`` as in :class:`Parcel`.
    """

    sha256: str
    name: str
    collected: str
    received: str = ""
    sender: str = ""
    letter: str = ""
    message_id: str = ""
    authentication: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Bytes received (来件), known by their hash, as one receipt saw them.

    ``received``: the date the mail server received it, empty for a folder; ``sender``: the mail address, empty for a
    folder; ``collected``: when the batch that first collected it began. Times are ISO 8601 in UTC. From mail also
    ``letter``, the hash of the mail, ``message_id``, and ``authentication``, what the office's own server found about
    the sender: ``pass``, ``fail``, ``none``; empty where none was asked.
    """

    sha256: str
    name: str
    collected: str
    verdict: Verdict
    received: str = ""
    sender: str = ""
    returns: tuple[Return, ...] = ()
    findings: tuple[Finding, ...] = ()
    letter: str = ""
    message_id: str = ""
    authentication: str = ""

    @staticmethod
    def of(
        arrival: Arrival, verdict: Verdict, returns: Iterable[Return] = (), findings: Iterable[Finding] = ()
    ) -> "Parcel":
        """Make the parcel that an arrival turned out to be."""
        return Parcel(
            sha256=arrival.sha256,
            name=arrival.name,
            collected=arrival.collected,
            verdict=verdict,
            received=arrival.received,
            sender=arrival.sender,
            returns=tuple(returns),
            findings=tuple(findings),
            letter=arrival.letter,
            message_id=arrival.message_id,
            authentication=arrival.authentication,
        )

    def without_rows(self) -> "Parcel":
        """Give the parcel without its decided cells, where only what it was is of interest: they take the memory."""
        return replace(self, returns=tuple(each.without_cells() for each in self.returns))

    def to_json(self) -> Json:
        """Give the stored form; what only mails have is left out where there is none."""
        mail = {"letter": self.letter, "message_id": self.message_id, "authentication": self.authentication}
        return {name: value for name, value in mail.items() if value} | {
            "sha256": self.sha256,
            "name": self.name,
            "collected": self.collected,
            "verdict": str(self.verdict),
            "received": self.received,
            "sender": self.sender,
            "returns": [item.to_json() for item in self.returns],
            "findings": [item.to_json() for item in self.findings],
        }

    @staticmethod
    def from_json(stored: Json) -> "Parcel":
        """Read the stored form."""
        return Parcel(
            sha256=str(stored["sha256"]),
            name=str(stored["name"]),
            collected=str(stored["collected"]),
            verdict=Verdict(str(stored["verdict"])),
            received=str(stored["received"]),
            sender=str(stored["sender"]),
            returns=tuple(Return.from_json(item) for item in cast("Sequence[Json]", stored["returns"])),
            findings=tuple(Finding.from_json(item) for item in cast("Sequence[Json]", stored["findings"])),
            letter=str(stored.get("letter", "")),
            message_id=str(stored.get("message_id", "")),
            authentication=str(stored.get("authentication", "")),
        )


def _stored_cells(cells: Mapping[str, Decision]) -> dict[str, list[str | None]]:
    """Give the stored form of cells, the journal's most frequent: no word is written twice.

    ``[cell, text]`` a text that is its own reading, ``[cell, text, value]`` another reading (null where there is none),
    ``[cell, text, null, act]`` a clearing.
    """
    return {
        name: ([cell, text] if text == value else [cell, text, value])
        if act is Act.SET
        else [cell, text, None, str(act)]
        for name, (act, text, value, cell) in cells.items()
    }


def _decision(stored: Sequence[str]) -> Decision:
    """Read the stored form; the inverse of :func:`_stored_cells`."""
    cell, text, *rest = stored
    act = Act(rest[1]) if len(rest) > 1 else Act.SET
    text = intern(text)  # a thousand units write the same few words
    return decision_of((act, text, rest[0] if rest else text, cell))
