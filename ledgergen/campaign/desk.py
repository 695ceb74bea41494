"""The desk where mails are opened, made ready when the first one comes: most runs collect plain files only."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledgergen.campaign.folder import UNITS_FILE, Folder, read_bytes, read_settings
from ledgergen.campaign.letters import Fetched
from ledgergen.errors import InputFaults
from ledgergen.findings import Finding
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.standing import standing
from ledgergen.plan.load import load_units
from ledgergen.plan.units import Registry
from ledgergen.state.history import History
from ledgergen.state.outbox import SENT, Outbox

if TYPE_CHECKING:
    from ledgergen.campaign.letters import Mailroom


class Desk:
    """Gives the mailroom of a run; a thing to be closed."""

    def __init__(self, folder: Folder, history: History, events: Sequence[Event], journal: Journal) -> None:
        self._folder, self._history, self._events, self._journal = folder, history, events, journal
        self._is_open = False

    @functools.cached_property
    def mailroom(self) -> "Mailroom":
        """Open the mailroom.

        Raises:
            InputFaults: ``ledgergen.yaml`` or ``units.yaml``. Surroundings: one cannot be read.
        """
        from ledgergen.campaign.evidence import Files
        from ledgergen.campaign.letters import Mailroom
        from ledgergen.mail.authority import Senders

        senders = Senders(read_registry(self._folder), read_settings(self._folder).mail, self._sent())
        room = Mailroom.of(senders, Files.of(self._history.generated), self._history.letters)
        self._is_open = True
        return room

    def close(self) -> None:
        """Close the mailroom, if it was opened."""
        if self._is_open:
            self.mailroom.close()

    def _sent(self) -> dict[str, str]:
        """Give the units of the mails that went out, by Message-ID."""
        told = [self._journal.whole(event) for event in standing(self._events) if event.kind == SENT]
        return {post.identity: post.unit for post in Outbox.of(told).posts if post.identity}


def read_registry(folder: Folder) -> Registry:
    """Read ``units.yaml`` alone.

    Raises:
        InputFaults: it has faults. Surroundings: it cannot be read.
    """
    registry, findings = load_units(read_bytes(folder.root / UNITS_FILE), UNITS_FILE)
    if registry is None:
        raise InputFaults(findings)
    return registry


def letters_in(path: Path, data: bytes | Finding) -> Fetched | None:
    """Give a file that is a mail or holds mails; a large one is left where it is. None for any other."""
    from ledgergen.mail.boxes import HEAD
    from ledgergen.mail.opener import LARGE, holds_letters

    place = {"file": path.name}
    if isinstance(data, bytes):
        if not holds_letters(data[:HEAD], data):
            return None
        return Fetched(data if len(data) <= LARGE else path, place=place, name=path.name)
    if data.code != "file-too-large":
        return None
    with path.open("rb") as file:
        head = file.read(HEAD)
    return Fetched(path, place=place, name=path.name) if holds_letters(head) else None
