"""Mails on their way through ``collect``: opened, sorted, their files decided like any other, their senders asked for.

A mail is a container like an archive. What it brings becomes parcels; the mail itself is kept by its hash where the
campaign is concerned and forgotten, but for its digest, where it is somebody else's business.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from ledgergen.campaign.evidence import Files
from ledgergen.findings import Finding, Where, finding
from ledgergen.mail.authority import Sender, Senders
from ledgergen.mail.letter import Attachment, Kind, Letter
from ledgergen.mail.opener import LetterOpener, Opened, holds_more, is_small_mail
from ledgergen.mail.receipt import LetterReceipt, Place
from ledgergen.returns.decisions import Arrival, Parcel, Return, Verdict
from ledgergen.workbook.grid import BESIDE
from ledgergen.workbook.inspect import Refused, sniff

Decide: TypeAlias = Callable[[Arrival, bytes], Parcel]

_PAPERS: Final = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"{\\rtf")
ROOM: Final = 4_000_000  # bytes of files and mails that are read before they are decided
QUOTA: Final = 64_000_000  # bytes that a stranger may have us keep on one day
_SHOWN: Final = 80  # characters of a subject


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as a server or a folder gave it.

    ``data``: its bytes, or the file they were spooled to. ``received``: the server's own date (UTC, as in events); the
    topmost Received in the mail goes before it, so that the same mail has the same date whatever way it is fetched.
    ``place`` says where it lay; it is journalled as it is. ``findings``: why it could not be fetched, with no data.
    """

    data: bytes | Path
    received: str = ""
    place: Place = field(default_factory=dict)
    name: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def may_wait(self) -> bool:
        """Tell whether it is one small mail, or none at all, which may be opened together with others."""
        return bool(self.findings) or is_small_mail(self.data)

    @property
    def room(self) -> float:
        """Give the share of the room for what waits that it takes: its bytes, and again as its parts."""
        return 2 * len(self.data) / ROOM if isinstance(self.data, bytes) else 0


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was opened, or whatever holds mails, whose mails are opened as they are asked for."""

    fetched: Fetched
    opened: tuple[Opened, ...] | Generator[Opened] = ()

    def close(self) -> None:
        """Open nothing more."""
        if not isinstance(self.opened, tuple):
            self.opened.close()


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one mail came to: the parcels with their bytes (None: known, or nobody's), what is journalled of the mail.

    ``raw`` is the mail itself where it is to be kept. ``shown`` is what people are told where there is no parcel.
    """

    receipt: LetterReceipt | None
    parcels: tuple[tuple[Parcel, bytes | Path | None], ...] = ()
    raw: bytes | Path | None = None
    shown: Parcel | None = None


@dataclass(slots=True)
class Mailroom:
    """Opens mails and decides what they bring; remembers those that were looked at before.

    ``known``: the receipts of earlier mails by digest. ``names`` gives by unit what its tasks are called, for filing.
    """

    senders: Senders
    files: Files
    known: dict[str, LetterReceipt] = field(default_factory=dict)
    places: set[tuple[str, str]] = field(default_factory=set)
    kept: dict[tuple[str, str], int] = field(default_factory=dict)
    opener: LetterOpener = field(default_factory=LetterOpener)

    @staticmethod
    def of(senders: Senders, files: Files, letters: Iterable[LetterReceipt]) -> "Mailroom":
        """Remember the mails that the journal tells of."""
        room = Mailroom(senders, files)
        for each in letters:
            room.learn(each)
        return room

    def learn(self, receipt: LetterReceipt) -> None:
        """Take in a receipt."""
        self.known[receipt.digest] = receipt
        self.places.add((receipt.digest, place_key(receipt.place)))
        if receipt.sha256 and not self.is_known_sender(receipt):
            day = (receipt.sender, receipt.received[:10])
            self.kept[day] = self.kept.get(day, 0) + receipt.size

    def is_known_sender(self, receipt: LetterReceipt) -> bool:
        """Tell whether a mail is from a unit, or answers one that a unit got."""
        replied = (receipt.in_reply_to, *receipt.references, *receipt.about)
        return bool(self.senders.units_of(receipt.sender) or self.senders.replied_for(replied))

    def close(self) -> None:
        """End the opener."""
        self.opener.close()

    def open(self, fetched: Fetched) -> Mail:
        """Begin to open what was fetched, whatever it holds."""
        return Mail(fetched, self.opener.open_all(fetched.name, fetched.data))

    def open_together(self, fetched: Sequence[Fetched]) -> Iterator[Mail]:
        """Open mails that may wait (:attr:`Fetched.may_wait`), all at once."""
        small = [(each.name, each.data) for each in fetched if isinstance(each.data, bytes) and not each.findings]
        opened = self.opener.open_together(small)
        for each in fetched:
            yield Mail(each, () if each.findings else (next(opened),))

    def deliver(
        self, mail: Mail, decide: Decide, arrived: Arrival, is_settled: Callable[[str], bool]
    ) -> Iterator[Delivered]:
        """Decide everything in a mail, or in each of many.

        ``arrived`` gives name and times of the file; ``is_settled`` tells of a hash whether its bytes were dealt with.
        """
        fetched = mail.fetched
        if fetched.findings:
            yield self._unfetched(fetched, arrived)
            return
        for opened in mail.opened:
            delivery = _Delivery(self, fetched, opened, arrived, decide, is_settled)
            yield delivery.made()
        if isinstance(fetched.data, bytes) and fetched.data.startswith(b"PK") and holds_more(fetched.data):
            yield from _beside_mails(fetched.data, decide, arrived)

    def _unfetched(self, fetched: Fetched, arrived: Arrival) -> Delivered:
        receipt = LetterReceipt("", verdict="unread", place=fetched.place, findings=fetched.findings)
        shown = Parcel("", arrived.name, arrived.collected, Verdict.REJECTED, findings=fetched.findings)
        if ("", place_key(fetched.place)) in self.places:
            return Delivered(None, shown=shown)
        self.learn(receipt)
        return Delivered(receipt, shown=shown)


class _Delivery:
    """One mail that is being dealt with."""

    def __init__(
        self,
        room: Mailroom,
        fetched: Fetched,
        opened: Opened,
        arrived: Arrival,
        decide: Decide,
        is_settled: Callable[[str], bool],
    ) -> None:
        self._room, self._decide, self._is_settled = room, decide, is_settled
        self._opened, self._letter = opened, opened.letter or Letter()
        self._digest, self._size = _digest(opened.raw)
        self._place = {**fetched.place, **({"within": opened.label} if opened.label else {})}
        letter = self._letter
        subject = " ".join(letter.subject.split())[:_SHOWN]
        self._name = arrived.name if "file" in fetched.place or not subject else subject
        if opened.label:
            self._name = f"{arrived.name}{BESIDE}{opened.label}"
        self._arrived = replace(
            arrived,
            received=letter.received or fetched.received or arrived.received,
            sender=letter.sender,
            letter=self._digest,
            message_id=letter.message_id,
        )

    def made(self) -> Delivered:
        """Give what the mail came to."""
        known = self._room.known.get(self._digest)
        if known and known.sha256 and all(map(self._is_settled, known.parcels)):
            return self._again(known)
        if self._opened.letter is None:
            return self._unread()
        by_kind = {Kind.BOUNCE: self._bounce, Kind.AUTO_REPLY: self._automatic, Kind.RECEIPT: self._automatic}
        return by_kind.get(self._letter.kind, self._return)()

    def _again(self, known: LetterReceipt) -> Delivered:
        """Tell of a mail that was dealt with before; that it lies in another place too is worth a line."""
        shown = Parcel.of(replace(self._arrived, name=self._name, sha256=self._digest), Verdict.DUPLICATE)
        return Delivered(self._news(replace(known, place=self._place, findings=(), parcels=())), shown=shown)

    def _news(self, receipt: LetterReceipt) -> LetterReceipt | None:
        known = self._room.known.get(receipt.digest)
        is_known = (receipt.digest, place_key(receipt.place)) in self._room.places
        if is_known and known and known.verdict == receipt.verdict:
            return None
        self._room.learn(receipt)
        return receipt

    def _receipt(self, verdict: str, **more: object) -> LetterReceipt:
        letter = self._letter
        made = LetterReceipt(
            self._digest,
            message_id=letter.message_id,
            sender=letter.sender,
            subject=letter.subject,
            received=self._arrived.received,
            in_reply_to=letter.in_reply_to,
            references=letter.references,
            kind=str(letter.kind),
            verdict=verdict,
            place=self._place,
            size=self._size,
        )
        return replace(made, **more)  # type: ignore[arg-type]

    def _unread(self) -> Delivered:
        parcel = Parcel.of(
            replace(self._arrived, name=self._name, sha256=self._digest, letter=""),
            Verdict.REJECTED,
            findings=self._opened.findings,
        )
        if not isinstance(self._opened.raw, bytes) or not self._opened.raw:
            return Delivered(self._news(self._receipt("unread")), shown=parcel)
        return Delivered(self._news(self._receipt("unread")), ((parcel, self._opened.raw),))

    def _bounce(self) -> Delivered:
        """Tell whom a mail of ours did not reach; what is nobody's of ours is left alone."""
        letter, room = self._letter, self._room
        by_mail = room.senders.replied_for((*letter.about, *letter.references, letter.in_reply_to))
        owners = {address: room.senders.units_of(address) or by_mail for address in letter.bounced}
        concerned = {address: units for address, units in owners.items() if units}
        if not concerned:
            return self._not_ours()
        said = [
            finding(
                "mail-bounced",
                Where(self._name),
                address=address,
                unit="、".join(sorted(units)),
                reason=letter.bounced[address] or "—",
            )
            for address, units in concerned.items()
        ]
        bounced = {address: letter.bounced[address] for address in concerned}
        unit = _only(set().union(*concerned.values()))
        receipt = self._receipt("bounce", bounced=bounced, about=letter.about, unit=unit, sha256=self._digest)
        return Delivered(self._news(receipt), raw=self._opened.raw, shown=self._shown(said))

    def _automatic(self) -> Delivered:
        said = finding("letter-automatic", Where(self._name), sender=self._letter.sender or "?")
        receipt = self._receipt("automatic", about=self._letter.about)
        return Delivered(self._news(receipt), shown=self._shown([said]))

    def _not_ours(self) -> Delivered:
        said = finding("letter-no-return", Where(self._name), sender=self._letter.sender or "?")
        return Delivered(self._news(self._receipt("empty")), shown=self._shown([said]))

    def _shown(self, findings: Sequence[Finding]) -> Parcel:
        arrival = replace(self._arrived, name=self._name, sha256=self._digest, letter="")
        return Parcel.of(arrival, Verdict.IGNORED, findings=findings)

    def _return(self) -> Delivered:
        """Decide the files of a person's mail."""
        letter, senders = self._letter, self._room.senders
        authentication, reason = senders.authenticated(letter.sender, letter.authentication)
        replied = senders.replied_for(dict.fromkeys((letter.in_reply_to, *letter.references)))
        sender = Sender(letter.sender, authentication, replied, reason)
        self._arrived = replace(self._arrived, authentication=authentication)
        parcels = [self._parcel(each, sender) for each in letter.attachments]
        unit = _only(senders.units_of(letter.sender)) or _only(replied)
        is_ours = bool(unit or replied or senders.units_of(letter.sender)) or any(_is_ours(each) for each, _ in parcels)
        if not is_ours:
            return self._not_ours()
        if not unit and not self._has_room():
            return self._over_quota()
        unit = unit or _only({each.unit for parcel, _ in parcels for each in parcel.returns})
        filed = [(self._room.files.filed(parcel, unit), data) for parcel, data in parcels]
        receipt = self._receipt(
            "collected" if any(_is_ours(each) for each, _ in filed) else "filed" if filed else "empty",
            authentication=authentication,
            unit=unit,
            sha256=self._digest,
            parcels=tuple(dict.fromkeys(parcel.sha256 for parcel, _ in filed)),
        )
        said = self._about_mail(unit, has_ledger=any(_is_ours(each) for each, _ in filed))
        if filed:
            first, data = filed[0]
            filed[0] = (replace(first, findings=(*said, *first.findings)), data)
            return Delivered(self._news(receipt), tuple(filed), self._opened.raw)
        return Delivered(self._news(receipt), raw=self._opened.raw, shown=self._shown(said))

    def _about_mail(self, unit: str, *, has_ledger: bool) -> list[Finding]:
        """Say what is to be said of the mail itself."""
        letter = self._letter
        said = [*self._opened.findings, *letter.findings]
        said += [finding("attachment-link", Where(self._name), name=each) for each in letter.links]
        if not has_ledger and not letter.links and unit:
            facts = {"unit": unit, "sender": letter.sender}
            said.append(finding("letter-without-ledger", Where(self._name), **facts))
        return said

    def _parcel(self, attachment: Attachment, sender: Sender) -> tuple[Parcel, bytes | Path]:
        data = attachment.data
        lies_in_file = bool(self._opened.label or "file" in self._place)
        name = f"{self._name}{BESIDE}{attachment.path}" if lies_in_file else attachment.path
        arrival = replace(self._arrived, sha256=hashlib.sha256(data).hexdigest(), name=name)
        paper = None if self._is_settled(arrival.sha256) else _paper(data, name)
        if paper is not None:
            return Parcel.of(arrival, Verdict.REJECTED, findings=[paper]), attachment.content
        return self._judged(self._decide(arrival, data), sender), attachment.content

    def _judged(self, parcel: Parcel, sender: Sender) -> Parcel:
        """Hold the returns that the sender may not answer for."""
        senders, where = self._room.senders, Where(parcel.name)
        if not parcel.returns:
            suggested = "、".join(sorted(senders.units_of(sender.address)))
            if parcel.verdict is not Verdict.REVIEW or not suggested:
                return parcel
            hint = finding("sender-suggests", where, sender=sender.address, others=suggested)
            return replace(parcel, findings=(*parcel.findings, hint))
        returns: list[Return] = []
        said: list[Finding] = []
        for each in parcel.returns:
            judgement = senders.judge(sender, each.unit, where)
            returns.append(replace(each, held=judgement.held))
            if judgement.finding and judgement.finding not in said:
                said.append(judgement.finding)
        verdict = Verdict.REVIEW if any(each.held for each in returns) else parcel.verdict
        return replace(parcel, verdict=verdict, returns=tuple(returns), findings=(*parcel.findings, *said))

    def _has_room(self) -> bool:
        """Tell whether a stranger has room left: nobody may fill the disk."""
        day = (self._letter.sender, self._arrived.received[:10])
        return self._room.kept.get(day, 0) + self._size <= QUOTA

    def _over_quota(self) -> Delivered:
        said = finding("sender-quota", Where(self._name), sender=self._letter.sender or "?", limit=QUOTA // 1_000_000)
        return Delivered(self._news(self._receipt("empty")), shown=self._shown([said]))


def _paper(data: bytes, name: str) -> Finding | None:
    """Say what a file is whose first bytes show that no reader need look at it: a scan, a document."""
    if not data.startswith(_PAPERS):
        return None
    try:
        sniff(data)
    except Refused as refusal:
        return refusal.finding(name)
    return None


def _beside_mails(data: bytes, decide: Decide, arrived: Arrival) -> Iterator[Delivered]:
    """Decide the ledgers that lie beside the mails of a zipped folder."""
    parcel = decide(replace(arrived, sha256=hashlib.sha256(data).hexdigest()), data)
    if parcel.returns or parcel.verdict in (Verdict.REVIEW, Verdict.DUPLICATE):
        said = tuple(each for each in parcel.findings if each.facts.get("kind") != "MIME")
        yield Delivered(None, ((replace(parcel, findings=said), data),))


def place_key(place: Place) -> str:
    """Spell a place so that two can be compared."""
    return "\n".join(f"{name}={place[name]}" for name in sorted(place))


def _is_ours(parcel: Parcel) -> bool:
    """Tell whether a file has to do with the campaign by what it is, whoever sent it."""
    return bool(parcel.returns) or parcel.verdict in (Verdict.REVIEW, Verdict.DUPLICATE, Verdict.ACCEPTED)


def _only(units: Iterable[str]) -> str:
    """Give the unit where there is exactly one."""
    found = set(units)
    return next(iter(found)) if len(found) == 1 else ""


def _digest(raw: bytes | Path) -> tuple[str, int]:
    """Give the sha256 and the length of a mail, without holding a large one."""
    if isinstance(raw, bytes):
        return hashlib.sha256(raw).hexdigest(), len(raw)
    with raw.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
