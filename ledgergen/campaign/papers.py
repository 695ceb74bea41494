"""Write the reports of the office: drafts (送审稿) from what stands, and what was signed, as it was signed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from ledgergen.campaign.approval import Approval, approvals, approve, signed_files
from ledgergen.campaign.folder import Folder, read_bytes
from ledgergen.campaign.naming import safe_stem
from ledgergen.campaign.outcome import Occasion, Written
from ledgergen.campaign.picturing import Pictured, read_picture
from ledgergen.campaign.report_files import NO_FILES, Desk, Made, read_template
from ledgergen.errors import InputFaults
from ledgergen.findings import Finding, has_errors
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.report.facts import ReportFacts
from ledgergen.report.merit import Merit, merit
from ledgergen.report.paper_values import DRAFT, PaperHead, Values, paper_values
from ledgergen.report.papers import HTML, PAPERS, Template, edited_files, paper_files
from ledgergen.state.moments import today

PAGE: Final = "page"
SCORE: Final = "score"
WHAT: Final = (*PAPERS, PAGE, SCORE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: which round, and the day; None for the last round issued, and for everything known today."""

    round_id: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did: the files, what is to be said, and the signature under them, if there is one."""

    files: tuple[Written, ...]
    findings: tuple[Finding, ...]
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One run over a picture: what was read, and the desk at which its files are written."""

    pictured: Pictured
    desk: Desk
    asked: Asked

    @property
    def folder(self) -> Folder:
        """Give the campaign's folder."""
        return self.desk.folder

    @property
    def round_id(self) -> str:
        """Give the round that the picture is of."""
        return self.pictured.picture.round

    def head(self, signed: date | None = None) -> PaperHead:
        """Give what stands in the head of every report."""
        found = self.pictured
        plan = found.files.plan.facts if found.files else None
        kinds = {unit.name: unit.kind for unit in found.files.registry.units} if found.files else {}
        title = plan.title if plan else ""
        return PaperHead(ReportFacts.of(found.settings, found.round, found.picture.until, title, kinds), plan, signed)

    def merits(self) -> Merit:
        """Apply the rules of praise and talk."""
        return merit(self.pictured.picture, {each.id: (each.name, each.due) for each in self.pictured.settings.rounds})

    def template(self, name: str) -> Template:
        """Read a template, the campaign's own before the product's."""
        return Template(*read_template(self.folder, name))

    def approval(self, what: str) -> Approval | None:
        """Give the signature under a report of this round, unless another day is asked for than the one signed."""
        found = approvals(self.desk.chronicle.events, self.desk.journal).get((what, self.round_id))
        asked = self.asked.as_of
        return found if found and (asked is None or asked.isoformat() == found.as_of) else None


@contextmanager
def sitting(folder: Folder, asked: Asked, occasion: Occasion, *, dry_run: bool) -> Iterator[Sitting]:
    """Read what stands and hold the campaign's lock while files are written.

    Raises:
        Surroundings: ``nothing-issued``, ``round-not-issued``, disk, lock, journal. InputFaults: ``ledgergen.yaml``.
    """
    with nullcontext() if dry_run else one_writer(folder.root):
        journal = Journal(folder.root)
        pictured = read_picture(folder, asked.round_id, today(occasion.now), asked.as_of, journal)
        yield Sitting(pictured, Desk(folder, journal, pictured.chronicle, occasion, dry_run), asked)


def write_paper(folder: Folder, what: str, asked: Asked, occasion: Occasion, *, dry_run: bool = False) -> Done:
    """Write a report (:data:`PAPERS`): the signed one if it was signed, else a draft that is marked as one.

    Raises:
        WrongUse: ``template-not-word``, ``template-faulty``. Otherwise as :func:`sitting`.
    """
    with sitting(folder, asked, occasion, dry_run=dry_run) as run:
        signature = run.approval(what)
        if signature:
            return put(run, what, signed_files(folder, signature), [], signature)
        _, files, findings = made_paper(run, what)
        return put(run, what, files, findings, None)


def put(run: Sitting, what: str, files: list[Made], findings: list[Finding], signature: Approval | None) -> Done:
    """Write files at the desk and tell what was done."""
    known = signature.files if signature else NO_FILES
    written, kept = run.desk.put(files, {"what": what, "round": run.round_id}, known)
    return Done(tuple(written), (*findings, *kept, *run.pictured.findings), signature)


def made_paper(run: Sitting, what: str, signed: date | None = None) -> tuple[Values, list[Made], list[Finding]]:
    """Make a report from what stands: its values, its files, and what is to be said."""
    paper = PAPERS[what]
    values = paper_values(run.pictured.picture, run.head(signed), run.merits())
    stem = safe_stem("_".join([paper.stem, run.round_id, *([] if signed else [DRAFT])]))
    files, findings = paper_files(stem, run.template(paper.template), run.template(HTML), values)
    return values, [Made(name, data) for name, data in files.items()], findings


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs on which day (None: today), and the file that was edited in Word, if it is that which is signed."""

    by: str
    on: date | None = None
    file: Path | None = None


def sign(
    folder: Folder, what: str, asked: Asked, signature: Signature, occasion: Occasion, *, dry_run: bool = False
) -> Done:
    """Sign a report: freeze its figures and files, journal the signature, write the signed files.

    Raises:
        InputFaults: what is to become public may not (:mod:`.publishing`). Otherwise as :func:`write_paper`.
    """
    with sitting(folder, asked, occasion, dry_run=dry_run) as run:
        day = signature.on or today(occasion.now)
        values, files, findings = _made(run, what, day)
        if signature.file:
            files, findings = _edited(run, what, signature.file)
        if has_errors(findings):
            raise InputFaults(findings)
        as_of = run.pictured.picture.as_of.isoformat()
        made = Approval(what, run.round_id, signature.by, day.isoformat(), as_of, "", {})
        return put(run, what, files, findings, approve(run.desk, made, values, files))


def _edited(run: Sitting, what: str, path: Path) -> tuple[list[Made], list[Finding]]:
    """Take the file that somebody edited as what is signed."""
    stem = safe_stem(f"{PAPERS[what].stem}_{run.round_id}")
    edited = Template(read_bytes(path), run.folder.shown(path.resolve()))
    files, findings = edited_files(stem, edited, run.template(HTML))
    return [Made(name, data) for name, data in files.items()], findings


def _made(run: Sitting, what: str, day: date) -> tuple[Mapping[str, object], list[Made], list[Finding]]:
    """Make what is to be signed; each kind in its own module."""
    if what == PAGE:
        from ledgergen.campaign.publishing import made_page

        return made_page(run, day)
    if what == SCORE:
        from ledgergen.campaign.scoring import made_score

        return made_score(run, day)
    return made_paper(run, what, day)
