"""The picture of a round for whoever tells of it: what stands on a day, with its lights, and how it stood before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import Folder, OfficeFiles, check_files, read_settings
from ledgergen.campaign.garbage import few_collections
from ledgergen.campaign.standing import issued_round
from ledgergen.findings import Finding
from ledgergen.journal.journal import Journal
from ledgergen.records import CONSULT_ROUND, Round, Settings
from ledgergen.state.light import Verdict
from ledgergen.state.picture import Grounds, Picture, picture

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture with what it was made of; ``files`` is None where plan or units have faults just now."""

    picture: Picture
    chronicle: Chronicle
    settings: Settings
    round: Round
    files: OfficeFiles | None
    findings: tuple[Finding, ...]


def read_picture(
    folder: Folder, round_id: str | None, today: date, as_of: date | None = None, journal: Journal | None = None
) -> Pictured:
    """Make the picture of a round: the one asked for, else the last that was issued.

    ``as_of`` is the day asked for, with what was known on it; without it everything that is known, judged ``today``.

    Raises:
        Surroundings: ``nothing-issued``, ``round-not-issued``, or the journal cannot be read. InputFaults:
        ``ledgergen.yaml``.
    """
    with few_collections():
        journal = journal or Journal(folder.root)
        settings = read_settings(folder)
        chronicle = read_chronicle(folder.root, journal, as_of)
        chosen = issued_round(chronicle, round_id or _opened(settings, chronicle, as_of))
        files, _ = check_files(folder)
        own = round_of(settings, chosen)
        verdicts = verdicts_of(chronicle)
        grounds = grounds_of(settings, files, own, verdicts)
        before = _before(folder, journal, settings, files, (chosen, chronicle), as_of or today)
        found = picture(chronicle.state, chosen, as_of or today, grounds, before)
        return Pictured(found, chronicle, settings, own, files, chronicle.findings)


def grounds_of(
    settings: Settings, files: OfficeFiles | None, own: Round, verdicts: Mapping[tuple[str, str], Verdict]
) -> Grounds:
    """Take what the lights are judged by from the office's files."""
    due = own if own.due < date.max else None
    if files is None:
        return Grounds.of(settings, None, chosen=due, verdicts=verdicts)
    return Grounds.of(settings, files.plan, files.registry.units, files.assignments, due, verdicts)


def verdicts_of(chronicle: Chronicle) -> Mapping[tuple[str, str], Verdict]:
    """Give the office's newest verdict by task and unit; none is journalled yet, so every claim is 报完成待核查."""
    del chronicle
    return {}


def round_of(settings: Settings, round_id: str) -> Round:
    """Give a round; one that was issued and has since been taken out of ``ledgergen.yaml`` has no days."""
    own = next((each for each in settings.rounds if each.id == round_id), None)
    return own or Round(round_id, round_id, date.max, date.max)


def _opened(settings: Settings, chronicle: Chronicle, as_of: date | None) -> str | None:
    """Choose the last issued round that had opened by the day asked for; without a day the last one issued."""
    if as_of is None:
        return None
    issued = [each for each in chronicle.history.rounds if each != CONSULT_ROUND]
    opened = [each for each in issued if round_of(settings, each).opens <= as_of]
    return opened[-1] if opened else issued[0] if issued else None


def _before(
    folder: Folder,
    journal: Journal,
    settings: Settings,
    files: OfficeFiles | None,
    now: tuple[str, Chronicle],
    as_of: date,
) -> Picture | None:
    """Make the picture of the round before, at its end: the day before this one opened. None for a first round."""
    chosen, chronicle = now
    issued = [each for each in chronicle.history.rounds if each != CONSULT_ROUND]
    earlier = issued[: issued.index(chosen)] if chosen in issued else []
    opens = round_of(settings, chosen).opens
    if not earlier or opens in (date.min, date.max):
        return None
    end = min(as_of, opens - _DAY)
    then = read_chronicle(folder.root, journal, end)
    own = round_of(settings, earlier[-1])
    return picture(then.state, earlier[-1], end, grounds_of(settings, files, own, verdicts_of(then)))
