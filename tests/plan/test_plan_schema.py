"""The JSON Schemas for editors agree with what is accepted; and nothing heavy is imported before a file is read."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from ledgergen.plan.schema import schemas


def definition(file: str, name: str) -> dict[str, Any]:
    found = json.loads(json.dumps(schemas()[file]))
    assert isinstance(found, dict)
    return found["$defs"][name] if name else found


def test_one_schema_for_each_file() -> None:
    assert list(schemas()) == ["ledgergen", "plan", "units", "prefill"]
    for schema in schemas().values():
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("file", "name", "required"),
    [
        ("ledgergen", "", ["id", "name", "layout"]),
        ("ledgergen", "RoundShape", ["id", "name", "opens", "due"]),
        ("plan", "", ["plan"]),
        ("plan", "FactsShape", ["title", "year"]),
        ("plan", "TaskShape", ["id", "name"]),
        ("plan", "DeadlineShape", ["kind"]),
        ("units", "UnitShape", ["name"]),
        ("units", "GroupShape", ["name"]),
        ("prefill", "EntryShape", ["task", "fields"]),
    ],
)
def test_what_is_required(file: str, name: str, required: list[str]) -> None:
    assert definition(file, name)["required"] == required


def test_every_key_is_described_in_english() -> None:
    for file in schemas().values():
        for shape in (file, *file.get("$defs", {}).values()):  # type: ignore[attr-defined] # JSON
            assert shape["description"]
            for key, value in shape["properties"].items():
                assert re.match("[A-Z]", value.get("description", "")), key


def test_an_id_may_look_like_a_number_and_a_key_may_be_empty() -> None:
    task = definition("plan", "TaskShape")["properties"]
    assert task["id"]["type"] == ["string", "number", "boolean"]
    assert task["id"]["pattern"] == "^[0-9A-Za-z.]{1,12}$"
    assert task["lead"]["anyOf"][1] == {"type": "null"}
    assert definition("units", "GroupShape")["properties"]["except"]["anyOf"][1] == {"type": "null"}


def test_nothing_heavy_is_imported_before_a_file_is_read() -> None:
    code = (
        "import sys\n"
        "import ledgergen.plan.load, ledgergen.plan.expand, ledgergen.plan.units, ledgergen.plan.yaml_files\n"
        "print(sorted({'pydantic', 'ruamel', 'rapidfuzz'} & {name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
