"""The public page: Raw → 核定 → 审查 → 批准 → 公开. Only what was approved is ever written into the page's folder.

What stands is shown to the office as a draft beside it, marked as one; ``--diff`` tells what would become public;
``report approve page`` freezes it, unless a number of a person is in it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from ledgergen.campaign.approval import approvals, read_snapshot, signed_files
from ledgergen.campaign.folder import Folder, read_files
from ledgergen.campaign.official import worded_events
from ledgergen.campaign.outcome import Occasion
from ledgergen.campaign.papers import PAGE, Asked, Done, Sitting, put, sitting
from ledgergen.campaign.report_files import Made
from ledgergen.findings import Finding, finding
from ledgergen.report import page
from ledgergen.report.paper_values import DRAFT, Values
from ledgergen.report.papers import ARTICLE, cleaned, paper_files, said_dropped
from ledgergen.report.public_values import Change, Rules, page_changes, page_values
from ledgergen.state.moments import day_of
from ledgergen.state.official import RowId, official_words

FOLDER: Final = "公开页"
INDEX: Final = "index.html"


class Compared(NamedTuple):
    """What would become public by approving the page now, and what is to be said of it."""

    changes: list[Change]
    findings: tuple[Finding, ...]


def write_page(folder: Folder, asked: Asked, occasion: Occasion, *, dry_run: bool = False) -> Done:
    """Write the page as it was approved, or a marked draft beside it.

    Raises:
        InputFaults: plan or units have errors. Otherwise as :func:`.papers.write_paper`.
    """
    with sitting(folder, asked, occasion, dry_run=dry_run) as run:
        signature = run.approval(PAGE)
        if signature:
            return put(run, PAGE, signed_files(folder, signature), [], signature)
        _, files, findings = made_page(run)
        return put(run, PAGE, files, [*findings, finding("page-not-approved")], None)


def compare_page(folder: Folder, asked: Asked, occasion: Occasion) -> Compared:
    """Compare what stands with the page that was approved last, whichever round that was of.

    Raises:
        As :func:`write_page`.
    """
    with sitting(folder, asked, occasion, dry_run=True) as run:
        signed = [each for each in approvals(run.desk.chronicle.events, run.desk.journal).values() if each.what == PAGE]
        before: Mapping[str, object] = read_snapshot(folder, signed[-1]) if signed else {}
        values, findings = _values(run, None)
        return Compared(page_changes(before, values), (*findings, *run.pictured.findings))


def made_page(run: Sitting, signed: date | None = None) -> tuple[Values, list[Made], list[Finding]]:
    """Make the page from what stands: its values, its files (page, article as HTML and Word), what is to be said."""
    values, findings = _values(run, signed)
    clean, dropped = cleaned(values)
    names = (page.INDEX, page.ARTICLE, page.STYLE, page.SCRIPT)
    templates = {name: run.template(name).text for name in names}
    article, more = paper_files(ARTICLE.stem, run.template(ARTICLE.template), None, clean)
    place = FOLDER if signed else f"{FOLDER}_{DRAFT}"
    files = {INDEX: page.page_html(clean, templates), f"{ARTICLE.stem}.html": page.article_html(clean, templates)}
    made = [Made(f"{place}/{name}", data) for name, data in {**files, **article}.items()]
    return values, made, [*findings, *said_dropped(dropped, INDEX), *more]


def _values(run: Sitting, signed: date | None) -> tuple[Values, list[Finding]]:
    files = run.pictured.files
    if files is None:
        files, _ = read_files(run.folder)  # says what is wrong with them
    tasks = {task.id: task for task in files.plan.tasks}
    rules = Rules(run.pictured.settings.page, tasks, _official(run))
    return page_values(run.pictured.picture, run.head(signed), rules)


def _official(run: Sitting) -> Mapping[RowId, str]:
    """Give the office's own words (核定表述) by row, of the day asked for."""
    events, day = worded_events(run.desk.chronicle, run.desk.journal), run.asked.as_of
    return official_words(event for event in events if day is None or (day_of(event.at) or day) <= day)
