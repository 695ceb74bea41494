"""Collect mails as a server gives them, and say what the journal knows of mails: which were seen, whom none reaches."""

from collections.abc import Iterable, Sequence

from ledgergen.campaign.chronicle import read_journal
from ledgergen.campaign.collect import Collection, collect_items
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.letters import Fetched
from ledgergen.campaign.outcome import Occasion, Progress, silent
from ledgergen.journal.journal import Journal
from ledgergen.mail.receipt import Place
from ledgergen.state.bounces import Bounce, unreachable

__all__ = ["Bounce", "Fetched", "collect_letters", "places_seen", "unreachable"]


def collect_letters(  # noqa: PLR0913 - wishes for one run, each by its name
    folder: Folder,
    letters: Iterable[Fetched],
    *,
    occasion: Occasion,
    passwords: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = silent,
    total: int = 0,
) -> Collection:
    """Collect mails into the journal, as they come; nothing is changed where they are.

    The mails are taken one by one, under the campaign's lock, and journalled chunk by chunk; where taking the next one
    fails, what came before is journalled first. Each is journalled, whatever it holds, so that none is fetched twice.

    Raises:
        Surroundings: disk, lock, journal, nothing issued yet; whatever ``letters`` raises.
    """
    return collect_items(
        folder, letters, total, occasion=occasion, passwords=passwords, dry_run=dry_run, progress=progress
    )


def places_seen(folder: Folder) -> list[Place]:
    """Give the place of every mail that was journalled.

    Raises:
        Surroundings: the journal cannot be read.
    """
    _, history, _ = read_journal(folder.root, Journal(folder.root))
    return [each.place for each in history.letters]
