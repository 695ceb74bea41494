"""Approval (批准): what somebody signed is frozen, with its figures and its files, and no later data changes it.

The event ``approved`` names who signed which report of which round on which day, the snapshot of its values, and the
files as signed, all of them originals by their hashes. The newest that stands of a report counts; ``undo`` takes it
back, and then the report is a draft again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ledgergen.campaign.folder import Folder
from ledgergen.campaign.report_files import APPROVED, Desk, Made
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import standing


@dataclass(frozen=True, slots=True)
class Approval:
    """A signature: on what of which round, by whom, on which day (ISO), about the data up to ``as_of``.

    ``sha256`` is the snapshot's, ``files`` the signed files by their places below ``reports/``; ``at`` is the event's
    time.
    """

    what: str
    round: str
    by: str
    on: str
    as_of: str
    sha256: str
    files: Mapping[str, str]
    at: str = ""

    def to_json(self) -> dict[str, object]:
        """Give the facts of the event."""
        files = [{"name": name, "sha256": sha256} for name, sha256 in self.files.items()]
        stored = {"what": self.what, "round": self.round, "by": self.by, "on": self.on, "as_of": self.as_of}
        return {**stored, "name": f"{self.what} {self.round}", "sha256": self.sha256, "files": files}

    @staticmethod
    def of(event: Event) -> "Approval":
        """Read an event."""
        facts = cast("Mapping[str, str]", event.facts)
        files = cast("Sequence[Mapping[str, str]]", event.facts["files"])
        named = {each["name"]: each["sha256"] for each in files}
        signed = (facts["what"], facts["round"], facts["by"], facts["on"], facts["as_of"], facts["sha256"])
        return Approval(*signed, named, event.at)


def approvals(events: Iterable[Event], journal: Journal) -> dict[tuple[str, str], Approval]:
    """Give the approval that stands of each report by (what, round), in the order of signing."""
    found: dict[tuple[str, str], Approval] = {}
    for event in standing(list(events)):
        if event.kind == APPROVED:
            made = Approval.of(journal.whole(event))
            found.pop((made.what, made.round), None)
            found[made.what, made.round] = made
    return found


def snapshot(values: Mapping[str, object], about: Mapping[str, str]) -> bytes:
    """Give the snapshot of what is signed: canonical JSON of its values."""
    stored = {**about, "values": values}
    return json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def read_snapshot(folder: Folder, approval: Approval) -> Mapping[str, object]:
    """Give the values that were signed.

    Raises:
        Surroundings: the original is missing or damaged.
    """
    stored = json.loads(Originals(folder.root).read(approval.sha256))
    return cast("Mapping[str, object]", stored["values"])


def signed_files(folder: Folder, approval: Approval) -> list[Made]:
    """Give the files as they were signed.

    Raises:
        Surroundings: an original is missing or damaged.
    """
    originals = Originals(folder.root)
    return [Made(name, originals.read(sha256)) for name, sha256 in approval.files.items()]


def approve(desk: Desk, approval: Approval, values: Mapping[str, object], files: Sequence[Made]) -> Approval:
    """Freeze a report: keep snapshot and files, then journal the signature; the same one again adds no event.

    ``approval`` comes without hashes, which are filled in here.

    Raises:
        Surroundings: disk, journal.
    """
    about = {"what": approval.what, "round": approval.round, "as_of": approval.as_of}
    data = [snapshot(values, about), *(made.data for made in files)]
    hashes = [hashlib.sha256(each).hexdigest() for each in data]
    named = dict(zip((made.name for made in files), hashes[1:], strict=True))
    made = Approval(approval.what, approval.round, approval.by, approval.on, approval.as_of, hashes[0], named)
    known = approvals(desk.chronicle.events, desk.journal).get((made.what, made.round))
    if desk.dry_run or (known and known.to_json() == made.to_json()):
        return made
    Originals(desk.folder.root).keep_all(data)
    desk.append(APPROVED, made.to_json())
    return made
