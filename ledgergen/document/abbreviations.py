"""The table of abbreviations: which names at one level are one body (templates/abbreviations.yaml)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ledgergen.document.bodies import bare, level_of
from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.documents import Document
from ledgergen.plan.phrases import plain_name
from ledgergen.plan.yaml_files import read_yaml

FILE: Final = "abbreviations.yaml"
_KEY: Final = "families"


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The families of names: each name without its level, folded, with the number of its family."""

    families: dict[str, int] = field(default_factory=dict)

    def key(self, name: str) -> tuple[str, str]:
        """Give what makes two names one body: the level, and the family or the name itself.

        A second name in brackets does not count: 区地方金融监管局〈区金融服务中心〉 is 区金融监管局.
        """
        own = bare(name)
        level = level_of(own)
        stem = plain_name(own.removeprefix(level))
        family = self.families.get(stem)
        return level, stem if family is None else f"#{family}"

    def extended(self, own: "Abbreviations") -> "Abbreviations":
        """Add a campaign's own table: a line joins the families that its names are in; a name alone leaves its own."""
        lines: dict[int, list[str]] = {}
        for name, number in own.families.items():
            lines.setdefault(number, []).append(name)
        families = dict(self.families)
        count = max(families.values(), default=0)
        for names in sorted(lines.values(), key=lambda names: len(names) > 1):
            count += 1
            joined = {families[name] for name in names if name in families} if len(names) > 1 else set()
            families |= dict.fromkeys((name for name, number in families.items() if number in joined), count)
            families |= dict.fromkeys(names, count)
        return Abbreviations(families)

    def near(self, one: str, other: str) -> bool:
        """Tell whether one name may be short for the other, though the table does not say so: 区教育局, 区教体局."""
        if self.key(one) == self.key(other) or level_of(bare(one)) != level_of(bare(other)):
            return False
        short, long = sorted((_stem(one), _stem(other)), key=len)
        return len(short) > 2 and short[-1] == long[-1] and short[0] == long[0] and _is_within(short[:-1], long[:-1])  # noqa: PLR2004


def load_abbreviations(data: bytes, file: str = FILE) -> tuple[Abbreviations | None, list[Finding]]:
    """Read a table; a name in two families is a finding, and so is what is no list of lists of names."""
    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    if not document.holds((_KEY,)):
        return None, [finding("key-missing", Where(file, 1, 1), key=_KEY)]
    rows = document.written((_KEY,))
    if not isinstance(rows, list):
        return None, [finding("value-not-list", document.where((_KEY,)), key=_KEY)]
    families: dict[str, int] = {}
    for number, row in enumerate(rows):
        if not isinstance(row, list):
            findings.append(finding("value-not-list", document.where((_KEY, number)), key=_KEY))
            continue
        for place, name in enumerate(row):
            if fault := _taken(families, name, number, document, place):
                findings.append(fault)
    return (None if findings else Abbreviations(families)), findings


def _taken(families: dict[str, int], name: object, number: int, document: Document, place: int) -> Finding | None:
    """Take a name into its family; give what is wrong with it."""
    where = document.where((_KEY, number, place))
    if not isinstance(name, str):
        return finding("value-not-text", where, key=_KEY)
    first = families.setdefault(plain_name(name), number)
    if first != number:
        return finding("unit-name-twice", where, name=name, line=document.where((_KEY, first)).line)
    return None


def _stem(name: str) -> str:
    own = bare(name)
    return own.removeprefix(level_of(own))


def _is_within(short: str, long: Iterable[str]) -> bool:
    """Tell whether the characters of a text stand in another in the same order."""
    rest = iter(long)
    return all(character in rest for character in short)
