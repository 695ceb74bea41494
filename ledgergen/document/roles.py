"""A clause or a cell about units → who leads, who is responsible, who supports, and a limit that stands among them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from ledgergen.document.bodies import has_own_level, is_complete, is_group, is_place_alone, level_of
from ledgergen.document.characters import CLOSING, OPENING, fold, split_outside, tidy
from ledgergen.document.names import Names, Reader
from ledgergen.document.simplified import simplified
from ledgergen.records import Role

_BODY: Final = r"(?:单位|部门|部室|科室|处室|股室|站所|机构|主体|方|办公室)"
_LEADS: Final = rf"(?:总?牵头(?:及?责任)?(?:负责)?|主办){_BODY}"
_SUPPORTS: Final = rf"(?:(?:协同|配合|协办|协助|参与|参加|会办|支持){{1,2}}(?:责任)?){_BODY}"
_ANSWERS: Final = (
    r"(?:(?:主要|具体|各)?(?:责任|主责|主要责任|承办|落实|实施|执行|承担|负责|负责落实|责任落实|建设|公开)"
    rf"{_BODY}|责任(?:分工|主体)|任务分工)"
)
_TIMES: Final = (
    r"(?:(?:完成|办理|公开|办结|整改|落实|工作|报送|实施)?(?:时限|期限|时间|时间节点|时间要求|时限要求|进度要求))"
)
LABEL: Final = re.compile(
    rf"(?P<lead>{_LEADS})|(?P<supporting>{_SUPPORTS})|(?P<responsible>{_ANSWERS})|(?P<time>{_TIMES})"
)
LABELLED: Final = re.compile(
    rf"(?:(?P<lead>{_LEADS})|(?P<supporting>{_SUPPORTS})|(?P<responsible>{_ANSWERS})|(?P<time>{_TIMES}))\s*[:：]"
)
ANOTHER: Final = re.compile(
    r"((分管|责任|联系|包保|牵头)?(领导|负责人|责任人|联系人|联络员|电话)"
    r"|(督导|督办|督查|监督|监管|考核|验收|指导|汇总|审核)(单位|部门|科室))\s*[:：]"
)

_LEAD_VERB: Final = r"(?:总?牵头(?:负责|落实|组织|实施|抓总|协调|办理|推进|抓落实|组织实施)*)"
_ANSWER_VERB: Final = (
    r"(?:(?:按|按照|根据|依据|结合)(?:照)?(?:各自)?(?:的)?(?:部门|工作)?职(?:责|能)(?:任务)?(?:分工)?(?:要求)?(?:分别|共同|各负其责|负责|落实|抓好|做好|组织|实施)*"
    r"|(?:分别|共同|具体|组织|各自|主要|全面|协同|按分工|分工)*(?:负责|落实|实施|承担|承办|抓好|做好|推进|主责|主办|执行)+(?:落实|实施|办理|推进)*)"
)
_SUPPORT_VERB: Final = (
    r"(?:(?:按照?(?:各自)?职[责能](?:分工)?)?(?:积极|共同|协同|予以|做好|主动)*"
    r"(?:配合|协办|协助|参与|参加|支持)+(?:落实|做好|实施|推进)*)"
)
_OBJECT: Final = r"(?:[^、，；,;]{0,40}?(?:工作|任务|事项|责任|等))?"
_VERBS: Final = (
    (Role.LEAD, re.compile(rf"(?:{_LEAD_VERB}){_OBJECT}$")),
    (Role.SUPPORTING, re.compile(rf"(?:{_SUPPORT_VERB}){_OBJECT}$")),
    (Role.RESPONSIBLE, re.compile(rf"(?:{_ANSWER_VERB}){_OBJECT}$")),
)
_TOGETHER: Final = re.compile("会同|联合|会商")
_WITH: Final = re.compile("由?(?P<lead>[^、]{3,24}?)(?:牵头)?(?:会同|联合)(?P<others>.+)")
_DOING: Final = re.compile(
    "对|开展|组织|制定|负责|做好|加快|推[进动]|落实|建立|健全|完善|归集|梳理|依法|按|每|于|在|将|定期|共同|及时|全面"
)
# Whom a clause serves, before its label: 6—8项牵头单位：…
_ITEMS: Final = re.compile("以?上?第?[0-9一二三四五六七八九十、,，—–~～至到-]{0,16}[项条款](任务|工作|内容)?")
_AND: Final = re.compile("[和与及会同]+")
_BY: Final = re.compile("^由")
_VERB_MARK: Final = re.compile(r"(?<=牵头|配合|负责|落实|参与|协办|协助|实施)[、和]")
_IN_BRACKETS: Final = re.compile(r"[(（]\s*(?P<role>牵头|主办|负责|责任|配合|协办|参与)(?:单位|部门)?\s*[)）]")
_BRACKET_ROLES: Final = {"牵头": Role.LEAD, "主办": Role.LEAD, "负责": Role.RESPONSIBLE, "责任": Role.RESPONSIBLE}
_LIMIT: Final = re.compile(
    r"[年月]底|[0-9一二三四五六七八九十]+(日|天|个工作日|个月|月)(前|内|以前|之前|底)?|年内|季度|每[年月周日季半]|长期|持续|常态|上半年|下半年|年前|全年|动态|[月年](完成|末)"
)
_FIRST_LEADS: Final = re.compile(r"(列|排)(在)?(第一位|首位|第一)(者|的)?(单位|部门)?(的)?(为|是)牵头(单位|部门)?")
_OFFICE: Final = re.compile("(局|委|办公室|办|所|站|中心|科|处)$")
_AS_IT_GOES: Final = re.compile(
    "^(按|按照|根据|依据|依|随|结合|视).{2,}(进度|要求|时间|时限|节点|规定|程序|实际|情况|需要|安排)$"
)
_RULE: Final = re.compile(r"(列|排)(在)?(第一位|首位|第一)|下同|以下(任务|各项|均)|无牵头单位|不再(一一)?列出|略$")


class Said(NamedTuple):
    """One role with the names that have it, in written order."""

    role: Role
    names: tuple[str, ...]


@dataclass(slots=True)
class Share:
    """What a clause or cell says: names by role, limits, whether a list is open, doubts, the labels it has."""

    names: dict[Role, list[str]] = field(default_factory=lambda: {role: [] for role in Role})
    limits: list[str] = field(default_factory=list)
    is_open: bool = False
    doubts: list[tuple[str, str]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    labelled_limit: bool = False
    first_leads: bool = False

    def add(self, role: Role, found: Names) -> None:
        """Add names to a role; a unit keeps the role it was given first."""
        taken = {fold(name) for names in self.names.values() for name in names}
        self.names[role] += [name for name in found.names if fold(name) not in taken]
        self.is_open = self.is_open or found.is_open
        self.doubts += found.doubts

    @property
    def groups(self) -> list[str]:
        """Give the names that are groups, in the order of lead, responsible, supporting."""
        return [name for names in self.names.values() for name in names if is_group(name)]

    def __bool__(self) -> bool:
        """Tell whether anybody is named."""
        return any(self.names.values())


def read_share(written: str, role: Role, reader: Reader) -> Share:
    """Read a clause (牵头单位：A；责任单位：B) or a cell (A牵头，B配合); ``role`` is that of names without any word."""
    share = Share()
    reader.begin()
    text = simplified(written)
    labels = list(_labels(text))
    share.labels = {kind for _, _, kind in labels if kind not in ("time", "another")}
    begin = labels[0][0] if labels else len(text)
    if not (labels and _ITEMS.fullmatch(tidy(text[:begin]))):
        _read_part(text[:begin], role, reader, share)
    for (_, start, kind), (end, _, _) in pairwise([*labels, (len(text), 0, "")]):
        if kind == "time":
            _add_limit(text[start:end], share)
            share.labelled_limit = bool(share.limits)
        elif kind != "another":
            _read_part(text[start:end], Role(kind), reader, share)
    return share


def spoken_share(text: str, reader: Reader) -> Share:
    """Read who leads in the sentences of a task without any clause: 由信用监管处牵头，各处室配合，…; else nobody."""
    share = Share()
    reader.begin()
    for part in split_outside(simplified(text), "，,。；;：:\n"):
        if _read_together(part, reader, share):
            continue
        role, names = _verb_of(part)
        names = _BY.sub("", tidy(names))
        pieces = [each for whole in split_outside(names, "、") for each in _AND.split(whole)]
        bodies = all(is_complete(each) or is_group(each) or is_place_alone(each) for each in pieces)
        if bodies and (role in (Role.LEAD, Role.SUPPORTING) or (role and tidy(part).startswith("由"))):
            _read_names(names, role, reader, share)
    return share if share.names[Role.LEAD] else Share()


def _read_together(part: str, reader: Reader, share: Share) -> bool:
    """Read a sentence that begins with who does it with whom: 县消防大队会同县教育局、县民政局开展检查."""
    found = _WITH.match(tidy(part))
    if found is None or not is_complete(found["lead"]) or is_group(found["lead"]):
        return False
    others: list[str] = []
    for piece in split_outside(found["others"], "、"):
        ends = [end for end in range(2, len(piece)) if is_complete(piece[:end]) and _DOING.match(piece, end)]
        others.append(piece[: ends[0]] if ends else piece)
        if ends:
            share.add(Role.LEAD, reader.read(found["lead"]))
            share.add(Role.RESPONSIBLE, reader.read("、".join(others)))
            return True
        if not is_complete(piece) and not is_group(piece):
            return False
    return False


def _labels(text: str) -> Iterator[tuple[int, int, str]]:
    """Find the labels outside brackets: where each begins, where it ends, what it means."""
    depth = _depths(text)
    found = [(each.start(), each.end(), str(each.lastgroup)) for each in LABELLED.finditer(text)]
    found += [(each.start(), each.end(), "another") for each in ANOTHER.finditer(text)]
    end = -1
    for start, stop, kind in sorted(found):
        if start >= end and depth[start] == 0:
            yield start, stop, kind
            end = stop


def _depths(text: str) -> list[int]:
    depths, depth = [], 0
    for character in text:
        depth = max(depth - (character in CLOSING), 0)
        depths.append(depth)
        depth += character in OPENING
    return depths


def _read_part(text: str, role: Role, reader: Reader, share: Share) -> None:
    """Read what stands behind one label: parts with verbs of their own, and the names before them."""
    waiting: list[str] = []
    for part in _parts(text):
        if _RULE.search(part):
            share.first_leads = share.first_leads or bool(_FIRST_LEADS.search(part))
            continue
        if _is_limit(part):
            _add_limit(part, share)
            continue
        if _AS_IT_GOES.match(tidy(part)):
            continue
        said, names = _verb_of(part)
        if said is None:
            waiting.append(part)
            continue
        if said is not Role.RESPONSIBLE and waiting:
            _read_names("、".join(waiting), role, reader, share)
            waiting = []
        _read_names("、".join([*waiting, names]), said, reader, share)
        waiting = []
    if waiting:
        _read_names("、".join(waiting), role, reader, share)


def _parts(text: str) -> list[str]:
    """Part a text at commas and semicolons, and at 、 behind a verb: A牵头、B落实."""
    parts = [part for each in split_outside(text, "，,；;。") for part in _VERB_MARK.split(each)]
    return [part for part in parts if part.strip(" \t\r\n：:")]


def _verb_of(part: str) -> tuple[Role | None, str]:
    """Find the verb at the end of a part, and the names before it; 负责 in the end of a name is no verb."""
    text = tidy(part).rstrip("。.")
    for role, pattern in _VERBS:
        for start in range(1, len(text)):
            if pattern.match(text, start) and _can_end(text[:start]):
                return role, _BY.sub("", _raw_until(part, start))
    if not is_complete(text) and not is_group(text):
        for role, pattern in _VERBS:
            if pattern.match(text):
                return role, ""
    return None, part


def _can_end(names: str) -> bool:
    text = re.sub(r"等[^等]{0,12}$", "", names) or names
    return is_complete(text) or is_group(names) or names.endswith(("等", "单位", "部门", *CLOSING))


def _raw_until(part: str, length: int) -> str:
    """Give the beginning of a part, blanks and line ends included, that makes so many characters when tidied."""
    for end in range(length, len(part) + 1):
        if len(tidy(part[:end])) >= length:
            return part[:end]
    return part


def _read_names(written: str, role: Role, reader: Reader, share: Share) -> None:
    """Read names: behind 会同 they are responsible, a role in brackets (A（牵头）) is that of its name."""
    text = _BY.sub("", written.strip())
    if _TOGETHER.match(text):
        share.add(Role.RESPONSIBLE, reader.read(_TOGETHER.sub("", text, count=1)))
        return
    together = _TOGETHER.search(text)
    if together and is_complete(tidy(text[: together.start()])):
        share.add(Role.LEAD, reader.read(text[: together.start()]))
        share.add(Role.RESPONSIBLE, reader.read(text[together.end() :]))
        return
    for piece, own in _bracketed(text, role):
        share.add(own, reader.read(piece))


def _bracketed(text: str, role: Role) -> Iterator[tuple[str, Role]]:
    if not _IN_BRACKETS.search(text):
        yield text, role
        return
    for piece in split_outside(text, "、，,；;"):
        found = _IN_BRACKETS.search(piece)
        own = _BRACKET_ROLES.get(found["role"], Role.SUPPORTING) if found else role
        yield _IN_BRACKETS.sub("", piece), own


def _is_limit(part: str) -> bool:
    text = tidy(part)
    return bool(_LIMIT.search(text)) and not is_complete(text) and not is_group(text) and _verb_of(text)[0] is None


def _add_limit(part: str, share: Share) -> None:
    if text := tidy(part).strip("；;，,。 "):
        share.limits.append(text)


def looks_like_units(text: str) -> bool:
    """Tell whether a text without any label says who does something: verbs behind bodies, or nothing but bodies."""
    parts = [part for part in _parts(text) if not _is_limit(part)]
    if any(role is not None and names.strip() for role, names in map(_verb_of, parts)):
        return True
    pieces = [tidy(piece) for part in parts for piece in split_outside(part, "、")]
    pieces = [*pieces[:-1], pieces[-1].removesuffix("等")] if len(pieces) > 1 else pieces
    if not pieces or not all(is_complete(piece) or is_group(piece) or is_place_alone(piece) for piece in pieces):
        return False
    if len(pieces) > 1 and max(map(len, pieces)) > 2:  # noqa: PLR2004 - 省、市、县 are no bodies
        return True
    return (
        has_own_level(pieces[0])
        or bool(level_of(pieces[0]))
        or is_group(pieces[0])
        or _OFFICE.search(pieces[0]) is not None
    )
