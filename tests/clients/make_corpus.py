"""Make the whole corpus of client files, judge it, and write the table into the docs.

``python tests/clients/make_corpus.py [FOLDER]``: with a folder the files stay there. Exit status 1 where a row was
taken wrongly, a canary was lost, or too few rows were accepted.
"""
# ruff: noqa: T201, E402 - its answers; modules of tests beside it

import sys
import tempfile
from pathlib import Path

for _folder in ("clients", "."):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / _folder))

from client_corpus import Workshop, chains, issue, running_workshop
from client_programs import missing_tools
from client_table import figures_of, page_part, write
from client_verdicts import Judged, judge, totals

LEAST_ACCEPTED = 0.97


def main() -> int:
    """Make, judge, print, write."""
    missing = missing_tools()
    if missing:
        print("not installed:", ", ".join(missing), file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        with running_workshop(folder, issue(folder)) as workshop:
            judged = judged_all(workshop)
            not_made = len(chains()) - len(judged)
            for told in workshop.failed:
                print("not made:", told.splitlines()[0], file=sys.stderr)
    figures = figures_of(judged, not_made)
    print(page_part(figures))
    write(figures)
    whole = totals(judged)
    taken = whole["accepted"] + whole["marked"]
    return int(bool(whole["wrong"] or whole["lost"]) or taken < LEAST_ACCEPTED * whole["rows"])


def judged_all(workshop: Workshop) -> list[Judged]:
    """Make and judge chain by chain, and say what fails."""
    judged: list[Judged] = []
    for chain in chains():
        specimen = workshop.make(chain)
        if specimen is None:
            continue
        found = judge(specimen, workshop.ground.histories[chain.round], workshop.reader)
        judged.append(found)
        for fault in (*found.wrong, *found.lost):
            print(f"FAULT {chain.name}: {fault}", file=sys.stderr)
        if len(judged) % 50 == 0:
            print(f"{len(judged)} files", file=sys.stderr)
    return judged


if __name__ == "__main__":
    sys.exit(main())
