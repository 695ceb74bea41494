"""Give back: each unit gets what its filling-in is good for — its standing ledger, a draft of its own plan, its report.

Nothing of another unit is in a unit's folder. Nothing is sent.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from ledgergen.campaign.folder import Folder, read_layout
from ledgergen.campaign.naming import distinct_stems
from ledgergen.campaign.outcome import Occasion, Progress, silent
from ledgergen.campaign.papers import Asked, Done, Sitting, sitting
from ledgergen.campaign.report_files import Made
from ledgergen.campaign.standing import unit_name
from ledgergen.findings import Finding
from ledgergen.report.facts import day_text
from ledgergen.report.paper_values import in_plan_order, unit_values
from ledgergen.report.papers import ANNUAL_UNIT, UNIT_PLAN, Paper, paper_files
from ledgergen.report.standing_ledger import FORM, standing_ledger
from ledgergen.state.picture import AssessedUnit
from ledgergen.texts import placed_in
from ledgergen.workbook.layout import Layout

GIVEN_BACK: Final = "返还单位"
ANNUALS: Final = "年度报告素材_各单位"
_LEDGER: Final = "台账.xlsx"


def give_back(
    folder: Folder,
    units: Sequence[str],
    asked: Asked,
    occasion: Occasion,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Done:
    """Write for each of these units, or for all, a folder with its ledger, its draft plan and its report's paragraph.

    Raises:
        WrongUse: ``unit-unknown-asked``, a template is faulty. Otherwise as :func:`.papers.sitting`.
    """
    with sitting(folder, asked, occasion, dry_run=dry_run) as run:
        wanted = {unit_name(folder, run.pictured.chronicle, unit) for unit in units}
        files: list[Made] = []
        findings: list[Finding] = []
        layout, _ = read_layout(folder, FORM)
        places = _places(run, wanted)
        for number, (unit, place) in enumerate(places, start=1):
            files.append(Made(str(place / _LEDGER), _ledger(run, unit, layout)))
            for paper in (UNIT_PLAN, ANNUAL_UNIT):
                made, said = _paper(run, unit, paper, paper.stem)
                files += [Made(str(place / name), data) for name, data in made.items()]
                findings += said
            progress(number, len(places))
        return _put(run, "giveback", files, findings)


def write_unit_reports(folder: Folder, asked: Asked, occasion: Occasion, *, dry_run: bool = False) -> Done:
    """Write the annual report's paragraph and table for every unit, one file each, for the office to hand out.

    Raises:
        As :func:`give_back`.
    """
    with sitting(folder, asked, occasion, dry_run=dry_run) as run:
        files: list[Made] = []
        findings: list[Finding] = []
        for unit, place in _places(run, set()):
            made, said = _paper(run, unit, ANNUAL_UNIT, place.name)
            files += [Made(str(PurePosixPath(ANNUALS, run.round_id, name)), data) for name, data in made.items()]
            findings += said
        return _put(run, "annual-units", files, findings)


def _put(run: Sitting, what: str, files: list[Made], findings: list[Finding]) -> Done:
    written, kept = run.desk.put(files, {"what": what, "round": run.round_id})
    return Done(tuple(written), (*findings, *kept, *run.pictured.findings))


def _places(run: Sitting, wanted: set[str]) -> list[tuple[AssessedUnit, PurePosixPath]]:
    """Give each unit with its folder; names of all units are made together, so that no two share one."""
    found = run.pictured.picture.units
    stems = distinct_stems({unit.unit: unit.unit for unit in found})
    place = PurePosixPath(GIVEN_BACK, run.round_id)
    return [(unit, place / stems[unit.unit]) for unit in found if not wanted or unit.unit in wanted]


def _ledger(run: Sitting, unit: AssessedUnit, layout: Layout) -> bytes:
    head = run.head()
    region = head.plan.region if head.plan else ""
    title = f"{placed_in(unit.unit, region)}{head.facts.name}工作任务台账"
    items = in_plan_order(run.pictured.picture, unit)
    return standing_ledger(items, layout, title, f"截至{day_text(run.pictured.picture.as_of)}", head.facts.dated)


def _paper(run: Sitting, unit: AssessedUnit, paper: Paper, stem: str) -> tuple[dict[str, bytes], list[Finding]]:
    values = unit_values(run.pictured.picture, unit, run.head())
    return paper_files(stem, run.template(paper.template), None, values)
