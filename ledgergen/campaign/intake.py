"""What arrives becomes parcels: a file is one, a mail may bring several, and what was settled before is a duplicate."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ledgergen.campaign.ahead import Ahead, Read
from ledgergen.campaign.desk import Desk, letters_in
from ledgergen.campaign.incoming import read_file
from ledgergen.campaign.letters import Delivered, Fetched, Mailroom
from ledgergen.campaign.memory import Memory
from ledgergen.findings import Finding, Where, finding
from ledgergen.returns.accept_archive import accept_all
from ledgergen.returns.decisions import Arrival, Parcel, Verdict
from ledgergen.returns.shelf import Shelf
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.reading import Reading

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """Makes parcels for one run of collecting.

    ``collected`` and ``received`` are the times its arrivals bear, ``years`` the plan's year by book token, ``memory``
    what is known by now; whoever takes the parcels tells it what was news.
    """

    reader: BoundedReader
    desk: Desk
    memory: Memory
    shelf: Shelf
    years: Mapping[str, int]
    collected: str
    received: str

    def take(self, items: Iterable[Path | Fetched]) -> Iterator[Iterator[Delivered]]:
        """Give what each file or mail brings, in their order."""
        ahead = Ahead(self.reader, self._mailroom, self.memory.is_settled)
        for item in ahead.read(map(self._taken, items)):
            if isinstance(item, Read):
                yield iter([self._of_file(item)])
            else:
                arrival = self._arrival(item.fetched.name)
                yield self.desk.mailroom.deliver(item, self._read_and_decide, arrival, self.memory.is_settled)

    def _mailroom(self) -> Mailroom:
        return self.desk.mailroom

    def _taken(self, item: Path | Fetched) -> Read | Fetched:
        """Take the bytes of a file, if they are all there; a file of mails is as good as a mail that was fetched."""
        if isinstance(item, Fetched):
            return item
        data = read_file(item)
        if letters := letters_in(item, data):
            return letters
        return Read(self._arrival(item.name, "" if isinstance(data, Finding) else sha256(data).hexdigest()), data)

    def _arrival(self, name: str, digest: str = "") -> Arrival:
        return Arrival(digest, name, self.collected, self.received)

    def _of_file(self, read: Read) -> Delivered:
        """Make a parcel of one file; its bytes come along unless there are none to keep."""
        if isinstance(read.data, Finding):
            return Delivered(None, ((Parcel.of(read.arrival, Verdict.REJECTED, findings=[read.data]), None),))
        return Delivered(None, ((self._decide(read.arrival, read.readings), read.data),))

    def _read_and_decide(self, arrival: Arrival, data: bytes) -> Parcel:
        with closing(self.reader.read_all(arrival.name, data)) as readings:
            return self._decide(arrival, readings)

    def _decide(self, arrival: Arrival, readings: Iterable[Reading]) -> Parcel:
        if self.memory.is_settled(arrival.sha256):
            return Parcel.of(arrival, Verdict.DUPLICATE)
        return self.memory.with_earlier(self._trapped(arrival, readings))

    def _trapped(self, arrival: Arrival, readings: Iterable[Reading]) -> Parcel:
        """Decide one parcel behind a trap: an unforeseen fault is a finding, its traceback goes to the log."""
        try:
            return accept_all(readings, arrival, self.shelf, self.years)
        except Exception as fault:  # noqa: BLE001 - the trap around each incoming file
            _log.exception("collecting %s", arrival.name)
            said = finding("collect-failed", Where(arrival.name), reason=type(fault).__name__)
            return Parcel.of(arrival, Verdict.REJECTED, findings=[said])
