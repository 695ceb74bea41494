"""Summary sheets (``report summary``): the numbers of a round as a workbook, as CSV files, as JSON."""

import json
from collections.abc import Collection
from typing import Final

from ledgergen.campaign.folder import Folder
from ledgergen.campaign.merge import report_facts
from ledgergen.campaign.naming import safe_stem
from ledgergen.campaign.outcome import Occasion
from ledgergen.campaign.papers import Asked, Done, put, sitting
from ledgergen.campaign.picturing import Pictured, grounds_of, round_of, verdicts_of
from ledgergen.campaign.report_files import Made
from ledgergen.records import CONSULT_ROUND
from ledgergen.report.sums import BY, NAMES, SumTable, sums, sums_csv, sums_json, sums_workbook
from ledgergen.state.picture import Picture, picture

FORMATS: Final = ("xlsx", "csv", "json")
STEM: Final = "汇总表"


def write_sums(
    folder: Folder,
    asked: Asked,
    wanted: Collection[str],
    formats: Collection[str],
    occasion: Occasion,
    *,
    dry_run: bool = False,
) -> tuple[Done, dict[str, object]]:
    """Write the tables that are wanted (:data:`~ledgergen.report.sums.BY`, none is all) in some formats; and give them.

    Raises:
        Surroundings, InputFaults: as :func:`.papers.sitting`.
    """
    with sitting(folder, asked, occasion, dry_run=dry_run) as run:
        found = run.pictured.picture
        tables = [each for each in sums(found, _rounds(run.pictured)) if each.by in (wanted or BY)]
        stem = safe_stem("_".join([STEM, found.round, *([asked.as_of.isoformat()] if asked.as_of else [])]))
        files = _files(stem, run.pictured, tables, formats)
        return put(run, "summary", files, [], None), sums_json(found, tables)


def _files(stem: str, pictured: Pictured, tables: list[SumTable], formats: Collection[str]) -> list[Made]:
    found = pictured.picture
    files = []
    if "xlsx" in formats:
        files.append(Made(f"{stem}.xlsx", sums_workbook(report_facts(pictured), found, tables)))
    if "csv" in formats:
        files += [Made(f"{stem}/{NAMES[each.by]}.csv", sums_csv(each)) for each in tables]
    if "json" in formats:
        text = json.dumps(sums_json(found, tables), ensure_ascii=False, indent=2)
        files.append(Made(f"{stem}.json", f"{text}\n".encode("utf-8", "replace")))
    return files


def _rounds(pictured: Pictured) -> list[tuple[str, Picture]]:
    """Give every round that was issued, in the order of issue, as it stands on the same day."""
    chronicle, shown = pictured.chronicle, pictured.picture
    found = []
    for each in chronicle.history.rounds:
        if each == CONSULT_ROUND:
            continue
        own = round_of(pictured.settings, each)
        grounds = grounds_of(pictured.settings, pictured.files, own, verdicts_of(chronicle))
        made = shown if each == shown.round else picture(chronicle.state, each, shown.as_of, grounds)
        found.append((own.name, made))
    return found
