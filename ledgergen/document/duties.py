"""The table of duties: which words of a task speak for which unit (templates/duties.yaml)."""

from dataclasses import dataclass, field
from typing import Final

from ledgergen.document.abbreviations import Abbreviations
from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.documents import Document, Written
from ledgergen.plan.phrases import plain_name
from ledgergen.plan.yaml_files import read_yaml

FILE: Final = "duties.yaml"
_KEY: Final = "duties"
_NOT: Final = "-"


@dataclass(frozen=True, slots=True)
class Duty:
    """One unit or group under its names without level, the words that speak for it, and those that no longer do."""

    units: tuple[str, ...]
    words: tuple[str, ...]
    not_words: tuple[str, ...] = ()

    def found_in(self, text: str) -> tuple[str, ...]:
        """Give the words that a folded text holds, in the table's order; one that stands in another counts with it."""
        found = [word for word in self.words if word in text]
        return tuple(word for word in found if not any(word != other and word in other for other in found))


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties of all units of the table."""

    rows: tuple[Duty, ...] = field(default=())

    def extended(self, own: "Duties", abbreviations: Abbreviations) -> "Duties":
        """Add a campaign's own table: rows that have a unit in common, under any of its names, are put together."""
        rows = list(self.rows)
        for row in own.rows:
            keys = set(map(abbreviations.key, row.units))
            same = [each for each in rows if keys & set(map(abbreviations.key, each.units))]
            units = dict.fromkeys([*row.units, *(unit for each in same for unit in each.units)])
            words = dict.fromkeys([*(word for each in same for word in each.words), *row.words])
            joined = Duty(tuple(units), tuple(word for word in words if word not in row.not_words))
            rows = [*(each for each in rows if each not in same), joined]
        return Duties(tuple(rows))


def load_duties(data: bytes, file: str = FILE) -> tuple[Duties | None, list[Finding]]:
    """Read a table; every fault of its shape is a finding."""
    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    if not document.holds((_KEY,)):
        return None, [finding("key-missing", Where(file, 1, 1), key=_KEY)]
    if not isinstance(document.written((_KEY,)), list):
        return None, [finding("value-not-list", document.where((_KEY,)), key=_KEY)]
    rows = []
    for index, row in document.items(_KEY):
        duty, faults = _duty(row, index, document)
        findings += faults
        rows += [duty] if duty else []
    return (None if findings else Duties(tuple(rows))), findings


def _duty(row: dict[str, Written], index: int, document: Document) -> tuple[Duty | None, list[Finding]]:
    """Read one row."""
    texts: dict[str, list[str]] = {}
    for key in ("units", "words"):
        listed = row.get(key)
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            return None, [finding("value-not-list", document.where((_KEY, index)), key=key)]
        texts[key] = [str(each).strip() for each in listed if str(each).strip()]
    words = list(map(plain_name, texts["words"]))
    kept = tuple(word for word in words if not word.startswith(_NOT))
    return Duty(tuple(texts["units"]), kept, tuple(word[1:] for word in words if word.startswith(_NOT))), []
