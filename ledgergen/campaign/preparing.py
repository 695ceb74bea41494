"""What the ledgers of a round are made of: the office's files, the layout with the round's face, and what is known."""

from dataclasses import dataclass

from ledgergen.campaign.check import changed_id
from ledgergen.campaign.chronicle import Chronicle, read_chronicle
from ledgergen.campaign.design import read_design
from ledgergen.campaign.folder import Folder, OfficeFiles, choose_round, read_files
from ledgergen.campaign.prefill import read_prefill
from ledgergen.catalogue import Severity
from ledgergen.errors import InputFaults
from ledgergen.findings import Finding, has_errors
from ledgergen.journal.journal import Journal
from ledgergen.plan.timetable import Timetable
from ledgergen.plan.workdays import calendar_of
from ledgergen.records import Round
from ledgergen.state.carry import Earlier
from ledgergen.workbook.book import BookSetting
from ledgergen.workbook.layout import Face
from ledgergen.workbook.own_form import OwnForm


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that making the books of a round needs, and the warnings on the way."""

    files: OfficeFiles
    setting: BookSetting
    layout_data: bytes
    chronicle: Chronicle
    earlier: Earlier
    findings: list[Finding]
    form: OwnForm | None = None

    @property
    def round(self) -> Round:
        """Give the round."""
        return self.setting.round


def prepare(folder: Folder, round_id: str | None, today: str, journal: Journal) -> Prepared:
    """Read all that a round's ledgers are made of; ``round_id`` None: the last round that has opened by ``today``.

    Raises:
        InputFaults: the campaign's files have errors. Surroundings: disk, journal, no such round.
    """
    files, findings = read_files(folder)
    chosen = choose_round(files.settings, round_id, today)
    design = read_design(folder, files.settings)
    if design.form:
        files = files._replace(data={**files.data, "form": design.form_data})
    layout = design.layout.for_face(Face(files.settings.face_of(chosen)))
    chronicle = read_chronicle(folder.root, journal)
    if changed := changed_id(files, chronicle):
        raise InputFaults(changed)
    files, prefill, faults = read_prefill(folder, files, layout, chronicle.state)
    if has_errors(faults):
        raise InputFaults(faults)
    facts = files.plan.facts
    timetable = Timetable(facts, chosen.due, calendar_of(files.settings), files.settings.grace)
    setting = BookSetting(files.settings, facts, chosen, layout, files.version, prefill, timetable)
    earlier = Earlier(chronicle.state, files.settings, chosen, layout)
    warnings = [found for found in design.findings if found.severity is Severity.WARNING]
    findings = [*findings, *faults, *warnings]
    return Prepared(files, setting, design.data, chronicle, earlier, findings, design.form)
