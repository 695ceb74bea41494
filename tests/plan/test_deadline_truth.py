"""Time limits of whole documents, against what a careful reader made of them; they lie beside the repository."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledgergen.plan.deadline import Deadline, read_limit

SHARED = Path(__file__).resolve().parents[3] / "shared"
FILES = sorted([*SHARED.glob("truth/*.expected.json"), *SHARED.glob("corpus/*.expected.json")])
# Doubts about who or whence, or about two days of the document: nobody can see them in the words of the limit.
_NOT_OF_THE_WORDS = re.compile("unit|cell|filled|printed|signing|clause|item|group|list|name")

needs_documents = pytest.mark.skipif(not FILES, reason="the shared documents are not there")


def limits(file: Path) -> list[tuple[dict[str, Any], Deadline]]:
    """Give the tasks of a document that the truth has a limit for, each with our reading."""
    truth = json.loads(file.read_text(encoding="utf-8"))
    issued = date.fromisoformat(truth["issued"])
    tasks = [task for task in truth["tasks"] if task.get("deadline") and "time_limit" in task]
    return [(task, read_limit(task["time_limit"], truth["year"], issued)) for task in tasks]


def agrees(told: dict[str, Any], found: dict[str, Any]) -> bool:
    """Tell whether a reading has all that the truth says, in every part."""
    also, ours = told.get("also", []), found.get("also", [])
    alike = all(found[key] == value for key, value in told.items() if key != "also")
    return alike and len(also) == len(ours) and all(map(agrees, also, ours))


@needs_documents
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".expected.json"))
def test_every_limit_of_a_document_is_read_as_a_careful_reader_reads_it(file: Path) -> None:
    wrong = [task["time_limit"] for task, found in limits(file) if not agrees(task["deadline"], found.to_json())]
    assert wrong == []


@needs_documents
def test_all_documents_together_are_read_rightly_and_doubted_rightly() -> None:
    counts: Counter[str] = Counter()
    unmarked = []
    for task, found in (pair for file in FILES for pair in limits(file)):
        counts["all"] += 1
        counts["right"] += agrees(task["deadline"], found.to_json())
        counts["needless"] += bool(found.doubt and not task.get("doubtful"))
        if task.get("doubtful") and task["time_limit"] and not _NOT_OF_THE_WORDS.search(task.get("doubt", "")):
            unmarked += [task["time_limit"]] * (not found.doubt)
    assert counts["all"] >= 380
    assert counts["right"] / counts["all"] >= 0.98
    assert unmarked == []
    assert counts["needless"] / counts["all"] <= 0.05
