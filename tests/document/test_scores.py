"""The reading held against what a careful reader finds: our own specimens, and the shared documents where they are."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import need
from ledgergen.document.reading import read_document
from ledgergen.findings import worded
from ledgergen.messages import activate
from specimen_files import SPECIMENS, kind_of, specimen

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCORER = SHARED / "tools" / "score_import.py"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in SPECIMENS.glob("*.expected.json"))
FIELDS = ("number", "name", "section", "requirement", "lead", "responsible", "supporting", "time_limit")
ROLES = ("lead", "responsible", "supporting")

# Where a truth and the rules by which truths are made (FORMAT.md) disagree, the rules are followed. Tasks 3, 9 and 26:
# 等市有关部门单位 gives the group 市有关部门单位 (Units 5), as the truth of d02 has it in task 3 for the same words;
# no reading of the words can be right for both. Task 42: an English word in a name is repaired and doubtful (Units 7).
AGAINST_THE_RULES = {"zaozhuang-2022": {"responsible": 4, "needless_doubt": 1}}


def _shared_documents() -> list[tuple[Path, Path]]:
    found = [(SHARED / "seeds" / f"{_name(truth)}.txt", truth) for truth in (SHARED / "truth").glob("*.expected.json")]
    for truth in (SHARED / "corpus").glob("*.expected.json"):
        found += [(path, truth) for path in truth.parent.glob(f"{_name(truth)}.*") if path.suffix != ".json"]
    return sorted(found)


def _name(truth: Path) -> str:
    return truth.name.removesuffix(".expected.json")


def _read(path: Path) -> dict[str, Any]:
    activate("en")
    draft, findings = read_document(path.name, path.read_bytes())
    assert draft is not None, findings
    return {**draft.to_json(), "findings": [worded(found) for found in findings]}


@pytest.mark.parametrize("name", NAMES)
def test_a_specimen_is_read_as_a_careful_reader_does(name: str, tmp_path: Path) -> None:
    path = specimen(name, tmp_path, need("soffice") if kind_of(name) == "pdf" else "")
    expected = json.loads((SPECIMENS / f"{name}.expected.json").read_text(encoding="utf-8"))
    found = _read(path)
    facts = ("title", "document_number", "issuer", "issued", "year")
    assert {key: found[key] for key in facts} == {key: expected[key] for key in facts}
    assert [_shown(task, wanted) for task, wanted in zip(found["tasks"], expected["tasks"], strict=True)] == [
        _shown(wanted, wanted) for wanted in expected["tasks"]
    ]


def _shown(task: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Give what is compared: the fields that the truth holds, white space and width aside."""
    fields = {key: _plain(task[key]) for key in FIELDS if key in wanted and (key != "name" or wanted["name"])}
    return {**fields, "doubtful": task["doubtful"]}


def _plain(value: Any) -> Any:  # noqa: ANN401 - texts and lists of texts
    from ledgergen.plan.phrases import plain_name

    return [plain_name(each) for each in value] if isinstance(value, list) else plain_name(value).rstrip("。;")


@pytest.mark.skipif(not SCORER.exists(), reason="the shared documents are not there")
@pytest.mark.parametrize(("path", "truth"), [pytest.param(*each, id=_name(each[1])) for each in _shared_documents()])
def test_a_shared_document_scores_without_a_miss(path: Path, truth: Path, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    result.write_text(json.dumps(_read(path), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(SCORER), str(truth), str(result), "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    score = json.loads(ran.stdout)
    allowed = AGAINST_THE_RULES.get(_name(truth), {})
    missed = {key: value["of"] - value["right"] for key, value in score.items() if isinstance(value, dict)}
    assert {key: count for key, count in missed.items() if count > allowed.get(key, 0)} == {}, ran.stderr
    assert score["invented"] == 0
    assert score["needless_doubt"] <= allowed.get("needless_doubt", 0)


@pytest.mark.skipif(not SCORER.exists(), reason="the shared documents are not there")
def test_units_over_all_shared_documents() -> None:
    """Seeds and corpus together: the F1 of (role, unit) over every task that a document and its truth both have."""
    hit = false = missed = 0
    for path, truth in _shared_documents():
        wanted = json.loads(truth.read_text(encoding="utf-8"))["tasks"]
        for want, got in zip(wanted, _read(path)["tasks"], strict=True):
            ours, theirs = ({(role, name) for role in ROLES for name in _units(task, role)} for task in (got, want))
            hit, false, missed = hit + len(ours & theirs), false + len(ours - theirs), missed + len(theirs - ours)
    assert hit > 1_000
    assert 2 * hit / (2 * hit + false + missed) >= 0.995


def _units(task: dict[str, Any], role: str) -> list[str]:
    names: list[str] = _plain(task.get(role) or [])
    return names


@pytest.mark.skipif(not SCORER.exists(), reason="the shared documents are not there")
@pytest.mark.parametrize("name", ["haiyang-2022", "mudan-2022"])
def test_a_plan_without_units_gives_a_task_for_every_numbered_paragraph(name: str) -> None:
    found = _read(SHARED / "seeds" / f"{name}.txt")
    assert len(found["tasks"]) == 17
    assert [task["number"] for task in found["tasks"]][:2] == ["(一)", "(二)"]
    assert not any(task[role] for task in found["tasks"] for role in ROLES)
    codes = [each["code"] for each in found["findings"]]
    assert codes.count("document-task-without-units") == 17
