"""A first register of units and groups from the names in a draft."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledgergen.document.abbreviations import Abbreviations
from ledgergen.document.bodies import bare, is_group, level_of
from ledgergen.document.draft import DraftTask
from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.phrases import plain_name

_KINDS: Final = (
    ("镇", re.compile("镇(人民政府|政府)?$")),
    ("乡", re.compile("乡(人民政府|政府)?$")),
    ("街道", re.compile("街道(办事处|办)?$")),
    ("开发区", re.compile("(开发区|高新区|园区|产业园|示范区|度假区|保税区|新区|管委会|管理委员会)$")),
    ("区县", re.compile("[一-鿿]{2,}[区县市旗](人民政府|政府)$")),
    ("企业", re.compile("(公司|集团|银行|支行|分行)$")),
    ("学院", re.compile("(学院|学部|大学|学校|中学|小学|党校)$")),
    ("医院", re.compile("医院$")),
    ("科室", re.compile("((?<!办公)[科股室]|所|站)$")),
)
_OFFICE: Final = "部门"
_INNER: Final = "科室"
_AREAS: Final = (
    ("镇", "镇"),
    ("乡", "乡"),
    ("街", "街道"),
    ("开发区", "开发区"),
    ("园区", "开发区"),
    ("功能区", "开发区"),
)
_TOWNSHIP: Final = re.compile("^各?(乡镇|镇|街道|乡)|镇街|街镇|乡镇")
_COUNTIES: Final = re.compile(r"^各(区|县|市)|县\(市")
_OFFICES: Final = re.compile("部门|单位|局|委办")
_INNER_GROUP: Final = re.compile("科室|处室|站所|股室")
_UNKNOWN: Final = re.compile("有关|相关|成员|承办|制定|起草|主管|牵头|其他|其它|许可|职能|责任|涉")


@dataclass(frozen=True, slots=True)
class DraftUnit:
    """A unit as the document names it: its commonest name, the others, its kind, how many tasks name it."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    tasks: int = 0
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """A group as the document writes it: kinds, or nobody knows who (``pending``)."""

    name: str
    kinds: tuple[str, ...] = ()
    pending: bool = False
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class Register:
    """The units and groups of a draft, with what is to be asked about them."""

    units: tuple[DraftUnit, ...]
    groups: tuple[DraftGroup, ...]
    findings: tuple[Finding, ...]


def register(tasks: Sequence[DraftTask], abbreviations: Abbreviations, place: str = "", file: str = "") -> Register:
    """Make the register of a draft's tasks, in the order in which the names first stand in it.

    ``place`` is the region's name: the offices of a town are its sections. Names that the table of abbreviations has
    in one family, at one level, are one unit; near ones are said, never taken together.
    """
    counts = Counter(name for task in tasks for name in dict.fromkeys(task.units))
    written: dict[str, str] = {}
    for task in tasks:
        for name in task.units:
            written.setdefault(plain_name(name), name)
    spelled = Counter(
        {
            first: sum(count for name, count in counts.items() if plain_name(name) == plain)
            for plain, first in written.items()
        }
    )
    units = _units([name for name in written.values() if not is_group(name)], spelled, abbreviations, place)
    groups = tuple(draft_group(name, spelled[name]) for name in written.values() if is_group(name))
    findings = [
        finding("document-unit-near", Where(file), name=unit.name, other=other) for unit in units for other in unit.near
    ]
    findings += [
        finding("document-group-pending", Where(file), name=group.name, count=group.tasks)
        for group in groups
        if group.pending
    ]
    return Register(tuple(units), groups, tuple(findings))


def _units(names: Sequence[str], counts: Counter[str], abbreviations: Abbreviations, place: str) -> list[DraftUnit]:
    families: dict[tuple[str, str], list[str]] = {}
    for name in names:
        families.setdefault(abbreviations.key(name), []).append(name)
    units: list[DraftUnit] = []
    for family in families.values():
        first = max(family, key=lambda name: (counts[name], -family.index(name)))
        near = tuple(unit.name for unit in units if abbreviations.near(unit.name, first))
        aliases = tuple(name for name in family if name != first)
        units.append(DraftUnit(first, aliases, kind_of(first, place), sum(counts[name] for name in family), near))
    return units


def kind_of(name: str, place: str = "") -> str:
    """Give the kind (单位性质) that a body's name says; ``place`` is the region's name."""
    own = bare(name)
    for kind, pattern in _KINDS:
        if pattern.search(own):
            return kind
    in_town = place.endswith(("镇", "乡", "街道")) and not level_of(own)
    return _INNER if in_town and own.endswith(("办公室", "办", "中心", "队", "室")) else _OFFICE


def draft_group(name: str, tasks: int = 0) -> DraftGroup:
    """Make a group: by the kinds that its name says, or pending where only the lead can say who is meant."""
    plain = plain_name(name)
    if _UNKNOWN.search(plain):
        return DraftGroup(name, pending=True, tasks=tasks)
    kinds: list[str] = []
    if _TOWNSHIP.search(plain):
        kinds += dict.fromkeys(kind for sign, kind in _AREAS if sign in plain)
    elif _COUNTIES.search(plain):
        kinds.append("区县")
    elif _INNER_GROUP.search(plain):
        kinds.append(_INNER)
    elif _OFFICES.search(plain):
        kinds.append(_OFFICE)
    return DraftGroup(name, tuple(kinds), pending=not kinds, tasks=tasks)


def group_names(groups: Iterable[DraftGroup]) -> set[str]:
    """Give the folded names of groups."""
    return {plain_name(group.name) for group in groups}
