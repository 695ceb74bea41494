"""The score (``report score``): a draft from what stands, or what was approved, as it was approved."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from ledgergen.campaign.approval import read_snapshot, signed_files
from ledgergen.campaign.folder import Folder, read_bytes
from ledgergen.campaign.merge import report_facts
from ledgergen.campaign.naming import safe_stem
from ledgergen.campaign.outcome import Occasion
from ledgergen.campaign.papers import SCORE, Asked, Done, Sitting, put, sitting
from ledgergen.campaign.report_files import Made, read_template
from ledgergen.errors import InputFaults
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.plan.score_rules import ScoreRules, load_score_rules
from ledgergen.plan.units import Registry
from ledgergen.records import Unit
from ledgergen.report.score_book import DRAFT, approved_text, score_values, score_workbook
from ledgergen.state.score import Line, scores
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.grid import Grid, cell_name
from ledgergen.workbook.pool import BoundedReader

RULES: Final = "score.yaml"
TABLE: Final = "扣分表.xlsx"
STEM: Final = "考评得分"
_UNIT: Final = ("单位", "单位名称", "责任单位", "填报单位")
_OFF: Final = ("扣分", "扣分值", "扣减分值")
_ADDED: Final = ("加分", "加分值")
_WHY: Final = ("事由", "扣分事由", "扣分原因", "原因", "说明", "备注")
_HEADER_WITHIN: Final = 20  # rows


def write_score(
    folder: Folder, asked: Asked, occasion: Occasion, *, table: Path | None = None, dry_run: bool = False
) -> tuple[Done, Mapping[str, object]]:
    """Write the score: what was approved if it was, else a draft marked 送审稿; and give its values.

    ``table``: the office's own table of points (扣分表); ``扣分表.xlsx`` in the campaign's folder if there is one.

    Raises:
        InputFaults: rules or table have faults. Otherwise as :func:`.papers.sitting`.
    """
    with sitting(folder, asked, occasion, dry_run=dry_run) as run:
        signature = run.approval(SCORE)
        if signature:
            return put(run, SCORE, signed_files(folder, signature), [], signature), read_snapshot(folder, signature)
        values, files, findings = made_score(run, None, table)
        return put(run, SCORE, files, findings, None), values


def made_score(
    run: Sitting, signed: date | None, table: Path | None = None
) -> tuple[Mapping[str, object], list[Made], list[Finding]]:
    """Make the score from what stands: its values, its workbook, and what is to be said.

    Raises:
        InputFaults: rules or table have faults.
    """
    rules = _rules(run.folder)
    own, findings = _own_lines(run, table)
    if has_errors(findings):
        raise InputFaults(findings)
    picture = run.pictured.picture
    values = score_values(picture, scores(picture, rules, own))
    approved = approved_text("", signed.isoformat()) if signed else ""
    data = score_workbook(report_facts(run.pictured), values, approved)
    stem = safe_stem("_".join([STEM, run.round_id, *([] if signed else [DRAFT])]))
    return values, [Made(f"{stem}.xlsx", data)], findings


def _rules(folder: Folder) -> ScoreRules:
    data, name = read_template(folder, RULES)
    rules, findings = load_score_rules(data, name)
    if rules is None or has_errors(findings):
        raise InputFaults(findings)
    return rules


def _own_lines(run: Sitting, table: Path | None) -> tuple[dict[str, list[Line]], list[Finding]]:
    """Read the office's own lines by unit."""
    path = table or run.folder.root / TABLE
    if table is None and not path.is_file():
        return {}, []
    with BoundedReader() as reader:
        book, findings = reader.read(path.name, read_bytes(path))
    registry = run.pictured.files.registry if run.pictured.files else None
    found: dict[str, list[Line]] = {}
    for grid in book.grids if book else ():
        for unit, line, said in _lines_of(grid, path.name, registry):
            if said:
                findings.append(said)
            else:
                found.setdefault(unit, []).append(line)
    if book and not found and not findings:
        findings.append(finding("score-table-empty", Where(path.name)))
    return found, findings


def _lines_of(grid: Grid, name: str, registry: Registry | None) -> Iterator[tuple[str, Line, Finding | None]]:
    """Give the lines of a sheet with the units that they are about, or what is wrong with them."""
    header = _header(grid)
    if header is None:
        return
    top, columns = header
    for number, cells in enumerate(grid.rows[top + 1 :], start=top + 1):
        unit = cells[columns["unit"]].strip()
        if not unit or unit in ("合计", "总计"):
            continue
        text = cells[columns["why"]].strip() if "why" in columns else ""
        known = registry.unit(unit) if registry else Unit(unit)
        if known is None:
            place = Where(name, sheet=grid.name, cell=cell_name(number, columns["unit"]))
            near = "、".join(registry.suggest(unit)) if registry else ""
            yield unit, _NO_LINE, finding("score-unit-unknown", place, name=unit, near=near or "—")
            continue
        for key, sign in (("off", -1), ("added", 1)):
            typed = cells[columns[key]].strip() if key in columns else ""
            points = _points(typed)
            if points is None:
                place = Where(name, sheet=grid.name, cell=cell_name(number, columns[key]))
                yield unit, _NO_LINE, finding("score-number-bad", place, text=typed)
            elif points:
                # 扣分 is written as 2 and as -2, and both take two points off
                yield known.name, Line("own", sign * abs(points), facts={"text": text or typed}), None


_NO_LINE: Final = Line("own", Decimal(0))


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Find the row of the titles and the columns by what they are."""
    for number, cells in enumerate(grid.rows[:_HEADER_WITHIN]):
        titles = [normalised(cell) for cell in cells]
        columns = {
            key: next(place for place, title in enumerate(titles) if title in names)
            for key, names in (("unit", _UNIT), ("off", _OFF), ("added", _ADDED), ("why", _WHY))
            if any(title in names for title in titles)
        }
        if "unit" in columns and ("off" in columns or "added" in columns):
            return number, columns
    return None


def _points(text: str) -> Decimal | None:
    """Read points as typed; nothing is none of them, None what is no number."""
    plain = normalised(text).removesuffix("分")
    if not plain:
        return Decimal(0)
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10_000 else None  # noqa: PLR2004 - nobody takes more off
