"""Complaints about a file's shape, put as findings with places."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from ledgergen.findings import Fact, Finding, finding
from ledgergen.plan.documents import Document, Steps, shortened

KeysAt = Callable[[Steps], tuple[str, ...]]

# What pydantic calls a fault of kind, and our code; the codes of the schema's own checks stand for themselves.
_CODES: Final = {
    "string_type": "value-not-text",
    "tuple_type": "value-not-list",
    "dict_type": "value-not-mapping",
    "model_type": "value-not-mapping",
    "model_attributes_type": "value-not-mapping",
    "literal_error": "value-unknown",
}
# A key that has less in common with a known one is not that key misspelt (alias/aliases 83, limit/time_limit 67).
_NEAR: Final = 65
_LONGEST: Final = 40


class Complaint(NamedTuple):
    """What a schema says against a value: a type of fault, the path, facts, and whether there is no value at all."""

    type: str
    steps: Steps
    facts: Mapping[str, object]
    empty: bool


def in_findings(complaints: Sequence[Complaint], document: Document, keys_at: KeysAt) -> list[Finding]:
    """Turn complaints into findings, each at the place to look at.

    A misspelt key is one fault, not two: that the key it stands for is missing is not said as well.
    """
    found, explained = [], set()
    for complaint in complaints:
        if complaint.type == "extra_forbidden":
            parent = complaint.steps[:-1]
            fault = _unknown_key(complaint.steps, document, keys_at(parent))
            explained.add((*parent, fault.facts.get("suggestion")))
            found.append(fault)
    others = (one for one in complaints if one.type != "extra_forbidden" and one.steps not in explained)
    return [*found, *(_fault(one, document) for one in others)]


def _unknown_key(steps: Steps, document: Document, known: tuple[str, ...]) -> Finding:
    from rapidfuzz import fuzz, process

    key, parent = str(steps[-1]), document.written(steps[:-1])
    free = [name for name in known if not isinstance(parent, dict) or name not in parent]
    near = process.extractOne(key[:_LONGEST].lower().replace("-", "_"), free, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if near:
        return finding("key-near-miss", document.where_key(steps), key=shortened(key), suggestion=near[0])
    return finding("key-unknown", document.where_key(steps), key=shortened(key), keys=", ".join(known))


def _fault(complaint: Complaint, document: Document) -> Finding:
    steps, key = complaint.steps, _key(complaint.steps)
    if complaint.type == "missing":
        code = "value-empty" if document.holds(steps) else "key-missing"
        return finding(code, document.where(steps), key=key)
    if complaint.empty:
        return finding("value-empty", document.where(steps), key=key)
    if not steps:
        return finding("file-not-mapping", document.where())
    facts: dict[str, Fact] = {name: shortened(str(value)) for name, value in complaint.facts.items()}
    if "key" in facts:  # a fault between two values of a mapping is shown at the later one
        steps, key = (*steps, facts["key"]), str(facts["key"])
    if complaint.type == "literal_error":
        value = document.written(steps)
        choices = str(complaint.facts["expected"]).replace("'", "")
        facts = {"choices": choices, "value": shortened(value) if isinstance(value, str) else ""}
    return finding(_CODES.get(complaint.type, complaint.type), document.where(steps), **{**facts, "key": key})


def _key(steps: Steps) -> str:
    """Give the key a value stands under: of an item of a list, the list's."""
    return next((step for step in reversed(steps) if isinstance(step, str)), "")
