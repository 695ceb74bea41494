"""What the tests of the plan room say again and again: files as YAML in the test's text, findings as places."""

from collections.abc import Iterable
from textwrap import dedent

from ledgergen.findings import Finding
from ledgergen.plan.documents import Document
from ledgergen.plan.expand import expand
from ledgergen.plan.load import load_plan, load_units
from ledgergen.plan.units import Registry
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.records import Assignment, Plan

FACTS = "plan: {title: 政务公开工作方案, year: 2022}\n"


def text(yaml: str) -> bytes:
    """Give the bytes of a file; the first line of the text is line 1 of the file."""
    return dedent(yaml.removeprefix("\n")).encode()


def places(findings: Iterable[Finding]) -> list[tuple[str, int, int]]:
    """Give code, line and column of each finding, in the order of the file."""
    return sorted(
        ((found.code, found.where.line, found.where.column) for found in findings), key=lambda one: (one[1:], one[0])
    )


def document_of(yaml: str) -> Document:
    """Read a file that has no fault."""
    document, findings = read_yaml(text(yaml), "a.yaml")
    assert document is not None, findings
    return document


def refused(yaml: str) -> list[tuple[str, int, int]]:
    """Read a file that must be refused."""
    return refused_bytes(text(yaml))


def refused_bytes(data: bytes) -> list[tuple[str, int, int]]:
    """Read bytes that must be refused."""
    document, findings = read_yaml(data, "a.yaml")
    assert document is None
    assert {found.where.file for found in findings} == {"a.yaml"}
    return places(findings)


def plan_of(tasks: str) -> Plan:
    """Load a plan of tasks that has no fault; its facts are line 1."""
    plan, findings = load_plan(FACTS.encode() + text(tasks))
    assert plan is not None, findings
    return plan


def registry_of(units: str) -> Registry:
    """Load units without fault."""
    registry, findings = load_units(text(units))
    assert registry is not None, findings
    assert findings == []
    return registry


def shares(assignments: Iterable[Assignment]) -> list[str]:
    """Give assignments in words: ``5 区财政局 lead``, with ``pending`` and ``common`` where it is so."""
    return [
        " ".join(
            [one.task.id, one.unit.name, str(one.role), *["pending"] * one.pending, *["common"] * one.common],
        )
        for one in assignments
    ]


def expanded(units: str, tasks: str) -> tuple[list[str], list[tuple[str, int, int]], list[str]]:
    """Expand and give the shares in words, the places in the plan, and who has no task."""
    assignments, findings = expand(plan_of(tasks), registry_of(units))
    idle = [str(found.facts["name"]) for found in findings if found.code == "unit-without-tasks"]
    return shares(assignments), places(found for found in findings if found.where.file == "plan.yaml"), idle
