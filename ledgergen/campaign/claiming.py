"""Read a file again for the ledger that a person says it is: the file itself, or one of those in an archive."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from ledgergen.campaign.chronicle import read_journal
from ledgergen.campaign.folder import Folder
from ledgergen.errors import WrongUse
from ledgergen.findings import Finding
from ledgergen.journal.journal import Journal
from ledgergen.journal.originals import Originals
from ledgergen.returns.assign import accept_as
from ledgergen.returns.decisions import Arrival, Parcel, Return, Verdict
from ledgergen.returns.shelf import Issued
from ledgergen.workbook.grid import BESIDE
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.reading import Reading


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose ledger a person says a file is: unit, round (the last issued if None), and sheet where it has several.

    ``member`` names a file of an archive, by its whole label or the last part of it; ``passwords`` open what is
    encrypted.
    """

    unit: str = ""
    round_id: str | None = None
    sheet: str = ""
    member: str = ""
    passwords: Sequence[str] = ()


def claimed(folder: Folder, parcel: Parcel, issued: Issued, years: Mapping[str, int], claim: Claim) -> Parcel:
    """Decide a parcel as the ledger of ``issued``; what else was read of it before stays.

    Raises:
        WrongUse: ``review-not-a-ledger``, ``review-needs-member``. Surroundings: the disk.
    """
    data = Originals(folder.root).read(parcel.sha256)
    with BoundedReader(passwords=claim.passwords) as reader, closing(reader.read_all(parcel.name, data)) as readings:
        found = [each for each in readings if each.workbook and _is_named(each.member, claim.member)]
    year = years.get(issued.book.token, 0)
    decided = {each.member: made for each in found if (made := _as_ledger(each, parcel, issued, year, claim.sheet))}
    taken = {returned.member for returned in parcel.returns}
    likely = {label: made for label, made in decided.items() if label not in taken} or decided
    if not likely:
        raise WrongUse("review-not-a-ledger", name=parcel.name, unit=issued.book.unit)
    if len(likely) > 1:
        raise WrongUse("review-needs-member", name=parcel.name, members="、".join(likely))
    (chosen,) = likely.values()
    return _with_others(chosen, _whole(folder, parcel))


def _is_named(label: str, wanted: str) -> bool:
    return not wanted or label == wanted or label.endswith(("/" + wanted, BESIDE + wanted))


def _as_ledger(reading: Reading, parcel: Parcel, issued: Issued, year: int, sheet: str) -> Parcel | None:
    if reading.workbook is None:
        return None
    name = f"{parcel.name}{BESIDE}{reading.member}" if reading.member else parcel.name
    arrival = Arrival(
        parcel.sha256, name, parcel.collected, parcel.received, parcel.sender,
        letter=parcel.letter, message_id=parcel.message_id, authentication=parcel.authentication,
    )  # fmt: skip
    made = accept_as(reading.workbook, arrival, issued, year, sheet)
    if made.verdict is not Verdict.ACCEPTED:
        return None
    returns = tuple(replace(each, member=reading.member) for each in made.returns)
    return replace(made, name=parcel.name, returns=returns, findings=(*reading.findings, *made.findings))


def _whole(folder: Folder, parcel: Parcel) -> Parcel:
    """Give the newest account of a parcel, with its cells."""
    _, history, _ = read_journal(folder.root, Journal(folder.root))
    same = (each for each in history.parcels if each.sha256 == parcel.sha256)
    return [each for each in same if each.verdict is not Verdict.DUPLICATE][-1]


def _with_others(chosen: Parcel, parcel: Parcel) -> Parcel:
    """Add what other sheets and other files of the parcel returned, and what was said of them."""
    places = {_place(returned) for returned in chosen.returns}
    others = tuple(returned for returned in parcel.returns if _place(returned) not in places)
    said = tuple(_findings_of(parcel, {_place(returned) for returned in others}))
    return replace(chosen, returns=(*chosen.returns, *others), findings=(*chosen.findings, *said))


def _findings_of(parcel: Parcel, places: set[tuple[str, str]]) -> Iterator[Finding]:
    for each in parcel.findings:
        member = each.where.file.removeprefix(parcel.name).removeprefix(BESIDE)
        if (member, each.where.sheet) in places:
            yield each


def _place(returned: Return) -> tuple[str, str]:
    return returned.member, returned.sheet
