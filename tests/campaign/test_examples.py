"""The examples: each passes check, makes its ledgers, says the facts of its document and none of its sentences."""

import re
from pathlib import Path
from typing import Final

import pytest

from commands import ledgergen
from ledgergen.document.bodies import is_group
from ledgergen.document.characters import fold
from ledgergen.document.identifiers import identifiers
from ledgergen.document.reading import read_document
from ledgergen.plan.load import load_plan, load_units
from ledgergen.records import Plan
from ledgergen.resources import resource_folder

SEEDS: Final = Path(__file__).resolve().parents[3] / "shared" / "seeds"
EXAMPLES: Final = sorted(each.name for each in resource_folder("examples").iterdir() if each.is_dir())
OUTLINES: Final = ("haiyang-2022", "mudan-2022", "taierzhuang-2023", "zaozhuang-2022")
OPEN: Final = {"taierzhuang-2023": 3, "zichuan-2022": 2}  # tasks whose document names nobody but 有关部门
SHOWN: Final = 13  # characters in a row that only a copy has; a set phrase is shorter
LED: Final = {("taierzhuang-2023", "4.4")}  # the office leads: the document names nobody who could
NAMES: Final = re.compile(r"《[^》]*》|“[^”]*”|\([^()]*\)|[0-9]+年第[0-9]+号")
needs_seeds: Final = pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared documents are not there")


def plan_of(name: str) -> Plan:
    """Load an example's plan."""
    plan, findings = load_plan((resource_folder("examples") / name / "plan.yaml").read_bytes())
    assert plan is not None, findings
    return plan


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_passes_and_makes_its_ledgers(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    assert ledgergen("new", place, "--example", name).code == 0
    checked = ledgergen("check", "--json", at=place).json
    codes = [each["code"] for each in checked["findings"] if each["severity"] != "note"]
    assert codes == ["pending-without-lead"] * OPEN.get(name, 0)
    made = ledgergen("generate", "--json", at=place)
    assert made.code == 0
    assert len(list((place / "ledgers").rglob("*.xlsx"))) == checked["ledgers"] == checked["units"]


@needs_seeds
@pytest.mark.parametrize("name", OUTLINES)
def test_an_example_says_the_facts_of_its_document(name: str) -> None:
    draft, findings = read_document(f"{name}.txt", (SEEDS / f"{name}.txt").read_bytes())
    assert draft is not None, findings
    plan, facts = plan_of(name), draft.facts
    own = plan.facts
    assert (own.title, own.year, own.region, own.document_number, own.issuer, own.issued) == (
        (facts.title, facts.year, facts.region, facts.document_number, facts.issuer, facts.issued)
    )
    assert [task.id for task in plan.tasks] == identifiers(draft.tasks)
    for task, found in zip(plan.tasks, draft.tasks, strict=True):
        assert (task.section, task.time_limit) == (found.section, found.time_limit)
        assert not found.name or task.name == found.name
        if found.units:
            assert (task.responsible, task.supporting) == (found.responsible, found.supporting)
            assert task.lead == found.lead or (name, task.id) in LED


@needs_seeds
@pytest.mark.parametrize("name", OUTLINES)
def test_an_example_has_no_sentence_of_the_documents(name: str) -> None:
    documents = [fold(path.read_text(encoding="utf-8")) for path in SEEDS.glob("*.txt")]
    copied = [
        (task.id, words)
        for task in plan_of(name).tasks
        for part in NAMES.split(fold(task.requirement))
        for words in (part[at : at + SHOWN] for at in range(len(part) - SHOWN + 1))
        if any(words in document for document in documents)
    ]
    assert copied == []


@pytest.mark.parametrize("name", ["haiyang-2022", "mudan-2022"])
def test_units_given_to_a_plan_that_has_none_are_those_of_no_place(name: str) -> None:
    registry, findings = load_units((resource_folder("examples") / name / "units.yaml").read_bytes())
    assert registry is not None, findings
    level = plan_of(name).facts.region[-1]
    written = {unit for task in plan_of(name).tasks for unit in task.responsible}
    assert all(is_group(unit) or unit.startswith(level) for unit in written)
    assert all(address.endswith("@example.invalid") for unit in registry.units for address in unit.mail)
