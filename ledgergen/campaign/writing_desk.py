"""The desk at which mail is written: who is to be written to, what they were sent, and what was said to them before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from hashlib import sha256

from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import UNITS_FILE, Folder, read_bytes, read_settings
from ledgergen.campaign.outcome import Occasion
from ledgergen.campaign.standing import issued_round, unit_name
from ledgergen.errors import InputFaults
from ledgergen.findings import Finding, Where, finding
from ledgergen.journal.journal import Journal
from ledgergen.journal.standing import standing
from ledgergen.mail.outgoing import is_address
from ledgergen.plan.load import load_units
from ledgergen.plan.units import Registry
from ledgergen.records import Round, Settings, Unit
from ledgergen.report.facts import ReportFacts
from ledgergen.returns.shelf import Issued
from ledgergen.state.leaks import Leaks
from ledgergen.state.outbox import SENT, Outbox
from ledgergen.state.received import RECEIVED, HandedIn


@dataclass(frozen=True, slots=True)
class WritingDesk:
    """A campaign as whoever writes to its units needs it, for one round."""

    folder: Folder
    settings: Settings
    registry: Registry
    chronicle: Chronicle
    outbox: Outbox
    handed_in: HandedIn
    round_id: str
    occasion: Occasion

    @staticmethod
    def open(folder: Folder, round_id: str | None, occasion: Occasion) -> "WritingDesk":
        """Read all that is needed.

        Raises:
            Surroundings: disk, journal, nothing issued. InputFaults: ``ledgergen.yaml`` or ``units.yaml``.
        """
        journal = Journal(folder.root)
        chronicle = read_chronicle(folder.root, journal)
        registry, faults = load_units(read_bytes(folder.root / UNITS_FILE), UNITS_FILE)
        if registry is None:
            raise InputFaults(faults)
        outbox, handed_in = read_outbox(journal, chronicle)
        chosen = issued_round(chronicle, round_id)
        return WritingDesk(folder, read_settings(folder), registry, chronicle, outbox, handed_in, chosen, occasion)

    @property
    def round(self) -> Round:
        """Give the round; one that has since been taken out of the settings has its id for a name and no due date."""
        own = next((each for each in self.settings.rounds if each.id == self.round_id), None)
        return own or Round(self.round_id, self.round_id, date.max, date.max)

    @property
    def facts(self) -> ReportFacts:
        """Give the facts of the round."""
        return ReportFacts.of(self.settings, self.round, self.chronicle.state.until)

    def books(self, units: Sequence[str] = ()) -> list[Issued]:
        """Give the newest ledger of every unit in the round, in the order of issue; of these ``units`` where named.

        Raises:
            WrongUse: ``unit-unknown-asked``.
        """
        asked = {unit_name(self.folder, self.chronicle, unit) for unit in units}
        generated = self.chronicle.history.generated
        newest = {each.book.token: each for each in generated if each.book.round == self.round_id}
        return [each for each in newest.values() if not asked or each.book.unit in asked]

    def unit(self, name: str) -> Unit:
        """Give the unit of a ledger; one that is no longer in units.yaml has no address."""
        return self.registry.unit(name) or Unit(name)


def read_outbox(journal: Journal, chronicle: Chronicle) -> tuple[Outbox, HandedIn]:
    """Read what went out, and what the office says came in by hand."""
    events = [event for event in standing(chronicle.events) if event.kind in (SENT, RECEIVED)]
    whole = [journal.whole(event) for event in events]
    return Outbox.of(whole), HandedIn.of(whole)


def address_findings(unit: Unit) -> list[Finding]:
    """Say what is wrong with a unit's addresses."""
    where = unit.where
    bad = [each for each in (*unit.addresses, *unit.cc) if not is_address(each)]
    found = [finding("send-address-bad", where, unit=unit.name, address=each) for each in bad]
    if not unit.addresses and unit.channel == "mail":
        found.append(finding("send-no-address", where, unit=unit.name))
    return found


def leak_check(desk: WritingDesk) -> Callable[[bytes, Issued], list[Finding]]:
    """Make the look at a file before it goes out: it is what was issued, and it holds one unit's rows alone."""
    leaks = Leaks.of(desk.books())

    def look(data: bytes, item: Issued) -> list[Finding]:
        where = Where(item.name)
        if sha256(data).hexdigest() != item.sha256:
            return [finding("send-leak", where, unit=item.book.unit, what="sha256")]
        foreign = leaks.others_in(data, item)
        return [finding("send-leak", where, unit=item.book.unit, what="、".join(foreign[:3]))] if foreign else []

    return look


def attachments_of(mail: bytes) -> list[bytes]:
    """Give the files of a mail of our own, from its very bytes."""
    parts = message_from_bytes(mail).walk()
    found = (part.get_payload(decode=True) for part in parts if part.get_content_disposition() == "attachment")
    return [each for each in found if isinstance(each, bytes)]
