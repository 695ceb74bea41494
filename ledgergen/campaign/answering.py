"""Answer units that have returned their ledgers: a kick-back where something must be put right, else a receipt.

The files go into ``reports/answers/ROUND``; nothing is sent. A kick-back is a ledger like any other: it is kept and
journalled as issued, so that what comes back on it is compared with what it showed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, cast

from ledgergen.campaign.checking import checked
from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.folder import Folder, read_bytes, read_settings
from ledgergen.campaign.naming import distinct_stems
from ledgergen.campaign.outcome import Occasion, Verb
from ledgergen.campaign.placing import Placed, place
from ledgergen.campaign.standing import issued_round, unit_name
from ledgergen.findings import Finding, finding
from ledgergen.journal.durable import sweep
from ledgergen.journal.events import Event
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.originals import Originals
from ledgergen.journal.standing import standing
from ledgergen.records import Round, Settings
from ledgergen.report.answers import TEMPLATES, Answer, answer_to
from ledgergen.report.facts import ReportFacts
from ledgergen.report.told import points_of
from ledgergen.resources import resource_folder
from ledgergen.returns.shelf import Issued
from ledgergen.state.correction import counted
from ledgergen.state.fold import BookState
from ledgergen.state.history import issued_facts

ANSWERED: Final = "answered"
FOLDER: Final = "answers"
_KICKBACK: Final = "退回补正"
_RECEIPT: Final = "回执"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as written: whose, its path as shown, what happened to the file, and what it says."""

    unit: str
    path: str
    verb: Verb
    answer: Answer

    @property
    def kind(self) -> str:
        """Give what it is: ``kickback`` or ``receipt``."""
        return "kickback" if self.answer.ledger else "receipt"

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        answer, counts = self.answer, self.answer.tally
        return {
            "unit": self.unit,
            "kind": self.kind,
            "path": self.path,
            "verb": str(self.verb),
            "number": answer.ledger.number if answer.ledger else None,
            "must": answer.must,
            "may": len(answer.points) - answer.must,
            "tasks": counts.tasks,
            "updated": counts.updated,
            "unfilled": list(counts.blank),
        }


@dataclass(frozen=True, slots=True)
class _Made:
    """An answer with its place, its bytes' hash, and whether it is another than the last one of that name."""

    answer: Answer
    placed: Placed
    sha256: str
    is_news: bool


def answer_units(
    folder: Folder, units: Sequence[str], *, round_id: str | None, occasion: Occasion, dry_run: bool = False
) -> tuple[list[Answered], list[Finding]]:
    """Write an answer for each of these units that has returned its ledger, or for all that have.

    A second run changes nothing. A file that somebody has edited is kept, and the new one gets a new name.

    Raises:
        WrongUse: ``unit-unknown-asked``, a template is faulty. Surroundings: disk, lock, journal, nothing issued.
        InputFaults: ``ledgergen.yaml``.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        journal = Journal(folder.root)
        chronicle = read_chronicle(folder.root, journal)
        run = _Run(folder, journal, chronicle, read_settings(folder), issued_round(chronicle, round_id), occasion)
        asked = {unit_name(folder, chronicle, unit) for unit in units}
        books = [each for each in chronicle.state.of_round(run.round_id) if not asked or each.issued.book.unit in asked]
        silent = [each.issued.book.unit for each in books if not counted(each)] if asked else []
        made = run.make([each for each in books if counted(each)])
        if not dry_run:
            sweep(run.place)
            run.keep([each for each in made if each.is_news])
            for each in made:
                each.placed.write(each.answer.data, each.sha256)
    findings = [finding("answer-nothing", unit=unit) for unit in silent]
    findings += [found for each in made for found in each.placed.findings(folder.root)]
    return [_answered(folder, each) for each in made], [*findings, *chronicle.findings]


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: what it found, and for which round."""

    folder: Folder
    journal: Journal
    chronicle: Chronicle
    settings: Settings
    round_id: str
    occasion: Occasion

    @property
    def place(self) -> Path:
        return self.folder.reports / FOLDER / self.round_id

    def make(self, books: Sequence[BookState]) -> list[_Made]:
        """Make every answer, and see what its place holds, before anything is written."""
        templates = {name: _template(self.folder, name) for name in TEMPLATES}
        facts, stems = self._facts(), self._stems()
        ours = self._hashes(self.chronicle.events)
        last = {name: hashes[-1] for name, hashes in self._hashes(standing(self.chronicle.events)).items()}
        made = []
        for book in books:
            remarks = checked([book], self.chronicle.history.years, self.settings.checks)
            answer = answer_to(book, points_of(book, remarks), facts, templates)
            kind = f"{_KICKBACK}.xlsx" if answer.ledger else f"{_RECEIPT}.txt"
            wanted = self.place / f"{stems[book.issued.book.token]}_{kind}"
            sha256 = hashlib.sha256(answer.data).hexdigest()
            placed = place(wanted, sha256, ours.get(wanted.name, ()), sha256[:6])
            made.append(_Made(answer, placed, sha256, last.get(wanted.name) != sha256))
        return made

    def keep(self, news: Sequence[_Made]) -> None:
        """Keep the bytes, journal the kick-backs as issued, then what was answered."""
        if not news:
            return
        Originals(self.folder.root).keep_all([each.answer.data for each in news])
        for (layout, year), issued in self._issued(news).items():
            self._append("issued", issued_facts(issued, layout, {}, year))
        answers = [
            {"unit": each.answer.book.issued.book.unit, "name": each.placed.wanted.name, "sha256": each.sha256}
            for each in news
        ]
        self._append(ANSWERED, {"round": self.round_id, "answers": answers})

    def _append(self, kind: str, facts: Mapping[str, object]) -> None:
        self.journal.append(kind, facts, at=self.occasion.now, who=self.occasion.who)

    def _issued(self, news: Sequence[_Made]) -> dict[tuple[str, int], list[Issued]]:
        """Sort the kick-backs by what an event says of all its books: the layout's file, and the plan's year."""
        known = {item.sha256 for item in self.chronicle.history.issued}
        found: dict[tuple[str, int], list[Issued]] = {}
        for each in news:
            ledger, issued = each.answer.ledger, each.answer.book.issued
            if ledger and each.sha256 not in known:
                at, name, layout = self.occasion.now.isoformat(), each.placed.wanted.name, issued.layout_sha256
                year = self.chronicle.history.years.get(ledger.token, 0)
                item = Issued(ledger, issued.layout, each.sha256, name, at, layout)
                found.setdefault((layout, year), []).append(item)
        return found

    def _facts(self) -> ReportFacts:
        """Give the facts of the round; one that has since been taken out of the settings has its id for a name."""
        own = next((each for each in self.settings.rounds if each.id == self.round_id), None)
        bare = Round(self.round_id, self.round_id, date.max, date.max)
        return ReportFacts.of(self.settings, own or bare, self.chronicle.state.until)

    def _stems(self) -> dict[str, str]:
        """Give by token the stem of each unit's files: its name and the round's, safe for a disk."""
        books = [item.book for item in self.chronicle.history.generated if item.book.round == self.round_id]
        return distinct_stems(
            {each.token: f"{each.unit}_{each.head.get('round') or each.round}_台账" for each in books}
        )

    def _hashes(self, events: Iterable[Event]) -> dict[str, list[str]]:
        """Give by file name the hashes under which answers were written, oldest first."""
        found: dict[str, list[str]] = {}
        for event in (each for each in events if each.kind == ANSWERED):
            for each in cast("Sequence[Mapping[str, str]]", self.journal.whole(event).facts["answers"]):
                found.setdefault(each["name"], []).append(each["sha256"])
        return found


def _template(folder: Folder, name: str) -> str:
    """Read the campaign's own template, else the product's."""
    own = folder.root / "templates" / FOLDER / name
    path = own if own.is_file() else resource_folder("templates") / FOLDER / name
    return read_bytes(path).decode("utf-8-sig", "replace")


def _answered(folder: Folder, made: _Made) -> Answered:
    unit = made.answer.book.issued.book.unit
    return Answered(unit, folder.shown(made.placed.path), made.placed.verb, made.answer)
