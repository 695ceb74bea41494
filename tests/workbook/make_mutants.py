"""Try the 100,000 mutants block by block, and keep the figures that the docs show.

``python tests/workbook/make_mutants.py [FOLDER]``: with a folder, a run that was broken off goes on where it was. Exit
status 1 where a mutant was read wrongly or broke the reader's bounds.
"""
# ruff: noqa: T201, E402 - its answers; modules of tests beside it

import json
import logging
import os
import pickle
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

for _folder in ("workbook", "."):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / _folder))

from mutants import HEADING, Figures, Original, Trial, numbered
from mutants_originals import LAYERS, originals

RESULTS: Final = Path(__file__).with_name("mutants.json")
WHOLE: Final = 100_000
_BLOCK: Final = 1_000


def main() -> int:
    """Try, print, store."""
    logging.disable(logging.CRITICAL)  # what the reader's child complained of is counted
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        figures = tried(kept_originals(folder), folder / "mutants.json")
    faults = [fault for each in figures.values() for fault in each.faults]
    print(page_part(figures), *faults, sep="\n")
    RESULTS.write_text(as_text({name: figures[name].to_json() for name in figures}), encoding="utf-8")
    return int(bool(faults))


def kept_originals(folder: Path) -> dict[str, Original]:
    """Make the sound files, or take those of the run that goes on: LibreOffice saves no file twice alike."""
    kept = folder / "originals.pickle"
    if not kept.exists():
        os.environ["LEDGERGEN_CACHE"] = str(folder / "cache")
        (folder / "files").mkdir()
        kept.write_bytes(pickle.dumps(originals(folder / "files")))
    made: dict[str, Original] = pickle.loads(kept.read_bytes())  # noqa: S301 - its own
    return made


def tried(files: Mapping[str, Original], progress: Path) -> dict[str, Figures]:
    """Try all mutants, in an order of chance, so that a part of them stands for all; block by block."""
    todo = [*numbered(LAYERS, WHOLE)]
    random.Random(WHOLE).shuffle(todo)  # noqa: S311
    known: dict[str, Any] = {"done": 0, "figures": {}}
    if progress.exists():
        known = json.loads(progress.read_text(encoding="utf-8"))
    figures = figures_of(known["figures"])
    for start in range(known["done"], len(todo), _BLOCK):
        block = todo[start : start + _BLOCK]
        with Trial(files) as trial:
            for layer, name, number in block:
                trial.run(layer, name, number)
        for name, found in trial.figures.items():
            figures[name].add(found)
        told = {"done": start + len(block), "figures": {name: each.to_json() for name, each in figures.items()}}
        progress.write_text(as_text(told), encoding="utf-8")
        print(f"{start + len(block):,} of {len(todo):,}", file=sys.stderr, flush=True)
    return figures


def figures_of(told: Mapping[str, Any]) -> dict[str, Figures]:
    """Give the figures of every layer, in their order."""
    return {layer.name: Figures.from_json(told[layer.name]) if layer.name in told else Figures() for layer in LAYERS}


def stored() -> dict[str, Figures]:
    """Read the figures of the last run of all of them."""
    return figures_of(json.loads(RESULTS.read_text(encoding="utf-8")))


def page_part(figures: Mapping[str, Figures]) -> str:
    """Write what the docs show of the figures."""
    return "\n".join([HEADING, *(each.line(name) for name, each in figures.items())]) + "\n"


def as_text(told: object) -> str:
    """Spell JSON as it is kept in files."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
