"""The checks of what units returned, as grave as the office says: for a round, and for a run of collecting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ledgergen.campaign.folder import SETTINGS_FILE, Folder, read_bytes
from ledgergen.catalogue import Severity
from ledgergen.findings import Finding, graded
from ledgergen.plan.load import load_settings
from ledgergen.returns.decisions import Parcel, Verdict
from ledgergen.state.checks import CHECKS_OF_ARRIVALS, check_book
from ledgergen.state.fold import BookState
from ledgergen.state.history import History, books_before
from ledgergen.state.remarks import Remark

_OFF: Final = "off"


def read_levels(folder: Folder) -> Mapping[str, str]:
    """Give how grave the office takes each check; as the product has it where its settings are being edited."""
    settings, _ = load_settings(read_bytes(folder.root / SETTINGS_FILE), SETTINGS_FILE)
    return settings.checks if settings else {}


def checked(books: Iterable[BookState], years: Mapping[str, int], levels: Mapping[str, str]) -> list[Remark]:
    """Check books; ``years`` gives the plan's year by token, ``levels`` the severities that the office sets."""
    found = (remark for book in books for remark in check_book(book, years.get(book.issued.book.token, 0)))
    return list(_graded(found, levels))


def by_parcel(remarks: Iterable[Remark]) -> dict[str, list[Finding]]:
    """Sort what was found by the hash of the parcel that brought the value."""
    sorted_: dict[str, list[Finding]] = {}
    for remark in remarks:
        sorted_.setdefault(remark.sha256, []).append(remark.finding)
    return sorted_


def _graded(remarks: Iterable[Remark], levels: Mapping[str, str]) -> Iterable[Remark]:
    for remark in remarks:
        level = levels.get(remark.finding.code)
        if level != _OFF:
            yield remark._replace(finding=graded(remark.finding, Severity(level) if level else None))


@dataclass(slots=True)
class Watch:
    """Checks the books whose returns a run of collecting takes; a later word about a book replaces the earlier."""

    years: Mapping[str, int]
    before: Mapping[str, str]
    remarks: dict[str, list[Remark]] = field(default_factory=dict)

    @staticmethod
    def of(history: History) -> "Watch":
        """Begin with what was issued."""
        return Watch(history.years, books_before(history.issued))

    def with_earlier(self, tokens: Iterable[str]) -> set[str]:
        """Add to books those of the same units in the rounds before, on which theirs may rest."""
        found: set[str] = set()
        for each in tokens:
            token = each
            while token and token not in found:
                found.add(token)
                token = self.before.get(token, "")
        return found

    def look(self, books: Mapping[str, BookState], tokens: Iterable[str]) -> None:
        """Check books as they stand now."""
        for token in tokens:
            if token in books:
                self.remarks[token] = check_book(books[token], self.years.get(token, 0), CHECKS_OF_ARRIVALS)

    def told(self, folder: Folder, parcels: Sequence[Parcel]) -> dict[int, list[Finding]]:
        """Give what is to be said of each parcel of the run, by its place.

        A finding belongs to the parcel that brought the value; where that is none of the run's, to the last one that
        has a return of the same book.
        """
        if not any(self.remarks.values()):
            return {}
        levels = read_levels(folder)
        places = {each.sha256: place for place, each in enumerate(parcels) if each.verdict is not Verdict.DUPLICATE}
        books = {each.token: place for place, parcel in enumerate(parcels) for each in parcel.returns}
        said: dict[int, list[Finding]] = {}
        for token, remarks in self.remarks.items():
            for remark in _graded(remarks, levels):
                place = places.get(remark.sha256, books.get(token))
                if place is not None:
                    said.setdefault(place, []).append(remark.finding)
        return said
