"""Measure how often the right unit is among the first three suggestions, one document left out at a time.

Read from ``../shared``: the seeds and their truths. The units of a task are proposed from its words, the table of
duties and the assignments of the other two documents; the document itself gives none, nor a list of its units. Groups
that nobody can be expanded to (有关部门) and towns of a place are not counted. ``python -m benchmarks.suggestions``
prints the figures and writes them beside this file.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ledgergen.document.abbreviations import load_abbreviations
from ledgergen.document.bodies import is_group
from ledgergen.document.draft import Draft
from ledgergen.document.duties import Duties, load_duties
from ledgergen.document.reading import read_document
from ledgergen.document.suggest import AssignedTask, Home, Suggester
from ledgergen.records import Role
from ledgergen.resources import resource_folder

SHARED: Final = Path(__file__).resolve().parents[2] / "shared"
RESULTS: Final = Path(__file__).with_name("suggestions.json")
DOCUMENTS: Final = ("taierzhuang-2023", "zaozhuang-2022", "zichuan-2022")


def measure() -> list[dict[str, Any]]:
    """Give a row for each document: tasks counted and tasks with one of their units among the first three."""
    drafts = {name: _draft(name) for name in DOCUMENTS}
    truths = {name: _truth(name) for name in DOCUMENTS}
    tasks = {name: _assigned(name, drafts[name], truths[name]) for name in DOCUMENTS}
    table = load_duties((resource_folder("templates") / "duties.yaml").read_bytes())[0]
    rows = []
    for left_out in DOCUMENTS:
        others = [task for name in DOCUMENTS if name != left_out for task in tasks[name]]
        for label, duties in (("with duties", table), ("without duties", Duties())):
            counts = _counted(drafts[left_out], tasks[left_out], others, duties or Duties())
            rows.append({"document": left_out, "table": label, **counts})
    return rows


def _draft(name: str) -> Draft:
    draft, _ = read_document(f"{name}.txt", (SHARED / "seeds" / f"{name}.txt").read_bytes())
    if draft is None:
        raise ValueError(name)
    return draft


def _truth(name: str) -> list[Mapping[str, Any]]:
    stored = json.loads((SHARED / "truth" / f"{name}.expected.json").read_text(encoding="utf-8"))
    return list(stored["tasks"])


def _assigned(name: str, draft: Draft, truth: Sequence[Mapping[str, Any]]) -> list[AssignedTask]:
    return [
        AssignedTask(
            name,
            str(place),
            "\n".join([*task.section[-1:], task.name, task.requirement]),
            tuple((unit, role) for role in Role for unit in known.get(str(role), ())),
        )
        for place, (task, known) in enumerate(zip(draft.tasks, truth, strict=True), start=1)
    ]


def _counted(
    draft: Draft, tasks: Sequence[AssignedTask], others: Sequence[AssignedTask], duties: Duties
) -> dict[str, int]:
    """Count: any unit or group; where single bodies are named, one of these; and the first-named of them."""
    tables = load_abbreviations((resource_folder("templates") / "abbreviations.yaml").read_bytes())[0]
    if tables is None:
        raise ValueError("abbreviations")
    suggester = Suggester(Home(draft.facts.region, (), tuple(task.text for task in tasks)), others, duties, tables)
    counts = dict.fromkeys(("tasks", "found", "with_bodies", "body_found", "first_found"), 0)
    for task in tasks:
        names = [name for name, _ in task.units if suggester.same(name, name)]
        bodies = [name for name in names if not is_group(name)]
        proposed = [each.name for each in suggester.suggest(task.text)]
        hits = [name for name in names if any(suggester.same(name, each) for each in proposed)]
        counts["tasks"] += bool(names)
        counts["found"] += bool(hits)
        counts["with_bodies"] += bool(bodies)
        counts["body_found"] += any(name in hits for name in bodies)
        counts["first_found"] += bool(bodies) and bodies[0] in hits
    return counts


def main() -> int:
    """Print the figures and write them down."""
    if not SHARED.is_dir():
        print("the shared documents are not there", file=sys.stderr)
        return 1
    rows = measure()
    for row in rows:
        print(*row.values(), sep="  ")
    RESULTS.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
