"""Begin a campaign: a folder with the office's three files, from the starter or from an example."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ledgergen.errors import Surroundings
from ledgergen.findings import Where
from ledgergen.journal.durable import replace_whole
from ledgergen.plan.schema import schemas
from ledgergen.resources import resource_folder
from ledgergen.workbook.schema import layout_schema

_STARTER: Final = "starter"
_FOLDERS: Final = ("inbox", "ledgers", "reports")


def begin(place: Path, example: str | None) -> list[Path]:
    """Make a campaign's folder and give the paths made.

    Raises:
        Surroundings: ``folder-not-empty``, ``example-unknown``, ``cannot-write``.
    """
    source = _source(example)
    if place.exists() and any(place.iterdir()):
        raise Surroundings("folder-not-empty", Where(str(place)))
    made: list[Path] = []
    for each in sorted(source.rglob("*")):
        if each.is_file():
            target = place / each.relative_to(source)
            replace_whole(target, each.read_bytes())
            made.append(target)
    for name in _FOLDERS:
        (place / name).mkdir(parents=True, exist_ok=True)
        made.append(place / name)
    return [*made, *write_schemas(place / ".ledgergen" / "schema")]


def all_schemas() -> dict[str, dict[str, object]]:
    """Give the JSON Schemas of everything that an office writes: the campaign's files, and layouts."""
    return {**schemas(), "layout": layout_schema()}


def write_schemas(folder: Path) -> Iterator[Path]:
    """Write the JSON Schemas of the office's files, to which their first lines point editors.

    Raises:
        Surroundings: ``cannot-write``.
    """
    for name, schema in all_schemas().items():
        path = folder / f"{name}.json"
        replace_whole(path, (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode())
        yield path


def _source(example: str | None) -> Path:
    if example is None:
        return resource_folder("templates") / _STARTER
    examples = resource_folder("examples")
    known = sorted(each.name for each in examples.iterdir() if each.is_dir())
    if example not in known:
        raise Surroundings("example-unknown", name=example, names="、".join(known))
    return examples / example
