"""Where the files of reports go: each written wholly, remembered by its hash, never over one that somebody edited.

What was written is kept among the originals and journalled, so that the next run tells our file from an edited one,
and what a leader or a unit was given can be shown again.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from ledgergen.campaign.chronicle import Chronicle
from ledgergen.campaign.folder import Folder, read_bytes
from ledgergen.campaign.outcome import Occasion, Written
from ledgergen.campaign.placing import Placed, place
from ledgergen.findings import Finding
from ledgergen.journal.durable import sweep
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import standing
from ledgergen.resources import resource_folder

REPORTED: Final = "reported"
APPROVED: Final = "approved"  # names files as well: those that were signed
NO_FILES: Final[Mapping[str, str]] = MappingProxyType({})
_MARK: Final = 6  # characters of the hash behind the name of a file that may not have its own


class Made(NamedTuple):
    """A file as made: its place in ``reports/`` with forward slashes, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run of reports has at hand; who runs it holds the campaign's lock, unless it is a dry run."""

    folder: Folder
    journal: Journal
    chronicle: Chronicle
    occasion: Occasion
    dry_run: bool = False

    def append(self, kind: str, facts: Mapping[str, object]) -> None:
        """Write an event."""
        self.journal.append(kind, facts, at=self.occasion.now, who=self.occasion.who)

    def put(
        self, files: Iterable[Made], about: Mapping[str, str], known: Mapping[str, str] = NO_FILES
    ) -> tuple[list[Written], list[Finding]]:
        """Write files below ``reports/``; ``about`` says in the journal what they are (``what``, ``round``).

        The same files again write nothing and add no event. ``known``: files by name that an event names already.

        Raises:
            Surroundings: disk, journal.
        """
        ours = self._hashes(self.chronicle.events)
        last = {name: hashes[-1] for name, hashes in self._hashes(standing(self.chronicle.events)).items()}
        last.update(known)
        planned = [self._planned(each, ours) for each in files]
        if not self.dry_run:
            self._keep([(made, sha256) for made, _, sha256 in planned if last.get(made.name) != sha256], about)
            for folder in {placed.path.parent for _, placed, _ in planned}:
                sweep(folder)
            for made, placed, sha256 in planned:
                placed.write(made.data, sha256)
        written = [Written(self.folder.shown(placed.path), placed.verb) for _, placed, _ in planned]
        return written, [found for _, placed, _ in planned for found in placed.findings(self.folder.root)]

    def _planned(self, made: Made, ours: Mapping[str, Sequence[str]]) -> tuple[Made, Placed, str]:
        sha256 = hashlib.sha256(made.data).hexdigest()
        wanted = self.folder.reports.joinpath(*made.name.split("/"))
        return made, place(wanted, sha256, ours.get(made.name, ()), sha256[:_MARK]), sha256

    def _keep(self, news: Sequence[tuple[Made, str]], about: Mapping[str, str]) -> None:
        if not news:
            return
        Originals(self.folder.root).keep_all([made.data for made, _ in news])
        files = [{"name": made.name, "sha256": sha256} for made, sha256 in news]
        self.append(REPORTED, {**about, "files": files})

    def _hashes(self, events: Iterable[Event]) -> dict[str, list[str]]:
        """Give by place the hashes under which files were written, oldest first."""
        found: dict[str, list[str]] = {}
        for event in (each for each in events if each.kind in (REPORTED, APPROVED)):
            for each in cast("Sequence[Mapping[str, str]]", self.journal.whole(event).facts["files"]):
                found.setdefault(each["name"], []).append(each["sha256"])
        return found


def read_template(folder: Folder, name: str) -> tuple[bytes, str]:
    """Read a template of the reports, the campaign's own before the product's, and the name that findings give it.

    Raises:
        Surroundings: ``cannot-read``, the installation is incomplete.
    """
    own = folder.root / "templates" / name
    path = own if own.is_file() else resource_folder("templates") / Path(name)
    return read_bytes(path), folder.shown(own) if path is own else name
