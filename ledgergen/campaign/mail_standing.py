"""How the mail of a round stands: what went out, what is not known, what was refused, what came in by hand."""

from dataclasses import dataclass

from ledgergen.campaign.folder import Folder
from ledgergen.journal.journal import Journal
from ledgergen.journal.standing import standing
from ledgergen.state.outbox import SENT, Fate, Outbox, Posted, Purpose
from ledgergen.state.received import RECEIVED, HandedIn


@dataclass(frozen=True, slots=True)
class MailStanding:
    """The mails of a round, each as it last was, and who handed in by other means.

    ``ledgers``: by unit the last sending of its ledger. ``open``: what is refused, waiting or of unknown fate, of every
    purpose, unless a later mail of the same purpose to the same unit has settled it.
    """

    ledgers: dict[str, Posted]
    open: tuple[Posted, ...]
    answers: int
    reminders: int
    handed_in: dict[str, str]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to say."""
        return not (self.ledgers or self.open or self.answers or self.reminders or self.handed_in)

    def of_fate(self, fate: Fate) -> tuple[Posted, ...]:
        """Give the mails that are not settled and have this fate."""
        return tuple(each for each in self.open if each.fate is fate)

    def units(self, fate: Fate) -> list[str]:
        """Name the units with such a mail, each once."""
        return list(dict.fromkeys(each.unit for each in self.of_fate(fate)))

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        sent = [each for each in self.ledgers.values() if each.fate is Fate.ACCEPTED]
        return {
            "sent": len(sent),
            "by_hand": sum(each.by_hand for each in sent),
            "answers": self.answers,
            "reminders": self.reminders,
            "unknown": self.units(Fate.UNKNOWN),
            "refused": self.units(Fate.REFUSED),
            "queued": self.units(Fate.QUEUED),
            "handed_in": self.handed_in,
        }


def read_mail_standing(folder: Folder, round_id: str) -> MailStanding:
    """Read how the mail of a round stands.

    Raises:
        Surroundings: the journal cannot be read.
    """
    journal = Journal(folder.root)
    events, _ = journal.load(whole=False)
    chosen = [journal.whole(event) for event in standing(events) if event.kind in (SENT, RECEIVED)]
    outbox = Outbox.of(chosen)
    last: dict[tuple[str, str, str], Posted] = {}
    for each in outbox.of_round(round_id):
        about = each.about if each.purpose == Purpose.ANSWER else ""
        last[each.purpose, each.unit, about] = each
    posts = list(last.values())
    accepted = [each for each in outbox.of_round(round_id) if each.fate is Fate.ACCEPTED]
    return MailStanding(
        {each.unit: each for each in posts if each.purpose == Purpose.LEDGER},
        tuple(each for each in posts if each.fate is not Fate.ACCEPTED),
        sum(each.purpose == Purpose.ANSWER for each in accepted),
        sum(each.purpose == Purpose.REMIND for each in accepted),
        HandedIn.of(chosen).of_round(round_id),
    )
