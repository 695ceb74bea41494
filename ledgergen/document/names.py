"""A list of bodies as written → names: delimiters, brackets, what is left out before and behind, what runs together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ledgergen.document.bodies import (
    LEVELS,
    SHARED_ENDS,
    bare,
    carried,
    has_own_level,
    is_complete,
    is_fragment,
    is_group,
    is_place_alone,
    level_of,
    takes_each,
    takes_level,
)
from ledgergen.document.characters import CLOSING, OPENING, closing_of, fold, split_outside, tidy
from ledgergen.document.simplified import simplified

_LIST_MARKS: Final = "、，,；;。\t|/·"
_ENGLISH: Final = re.compile(r"[A-Za-z][A-Za-z ]{2,}")
_REPAIRED: Final = {
    "departments": "部门", "department": "部门", "units": "单位", "unit": "单位", "and": "和", "relevant": "有关",
    "related": "相关", "bureau": "局", "office": "办公室", "offices": "办公室", "all": "各", "other": "其他",
    "government": "政府", "governments": "政府",
}  # fmt: skip
_AND: Final = re.compile("和|及|与|以及|并")
_OPEN_END: Final = re.compile(
    r"等(?P<group>(?P<level>(?:[省市区县镇州](?:政府|直|级|委)?)|本级)?(?:各)?(?:有关|相关)?(?:行业|业务|综合)?(?:职能|责任|成员|主管|监管|管理|执法|审批)?(?:部门和单位|部门、单位|部门单位|部门|单位|机构|企业|科室)?)"
    r"(?:[0-9一二三四五六七八九十]+(?:个|家)?(?:部门|单位|部门单位))?$"
)
_NOBODY: Final = frozenset({"", "无", "—", "——", "-", "/", "－", "暂无", "无。", "…", "……", "同上"})
_SMALL_END: Final = re.compile(r"(办公室|办|所|站|中心|队|科|室|股)$")
_RUN_TOGETHER: Final = re.compile(
    r"局|委|办公室|办|厅|部|院|馆|中心|站|所|队|处|室|科|会|政府|公司|联|社|法院|支行|银行"
)
_BRANCH: Final = re.compile("[一-鿿]{0,4}[省市区县](分局|分院|分中心|支局)$|[^银公]{0,8}(支行|分行|分公司|支公司)$")
_AREA_BEFORE: Final = re.compile("各[市县区州盟]$")
_AREA_BEHIND: Final = re.compile("[市县区州盟旗](([(（][^()（）]*[)）])?(人民政府|政府|党委)|[(（])")
_EACH_AREA: Final = re.compile("各(乡|镇|街|区|县|市|村|园|功能区|开发区|社区)")
_NO_NAME: Final = re.compile(r"[^一-鿿A-Za-z0-9]+")
_MOST: Final = 5_000  # characters of one list


@dataclass(slots=True)
class Names:
    """The names of one list in their order, whether the list is open (等), and what is doubtful: (code, words)."""

    names: list[str] = field(default_factory=list)
    is_open: bool = False
    doubts: list[tuple[str, str]] = field(default_factory=list)
    closed_by: str = ""


@dataclass(slots=True)
class Reader:
    """Reads the lists of one document; ``place`` is the stem of its region's name (清泽).

    ``level`` is what the last single body of the clause began with; :meth:`begin` forgets it for a new clause.
    """

    place: str = ""
    known: frozenset[str] = frozenset()
    _level: str = ""
    _before: str = ""

    def begin(self) -> None:
        """Forget what was carried over: a new clause or cell begins."""
        self._level = self._before = ""

    def read(self, written: str) -> Names:
        """Read a list of bodies."""
        found = Names()
        each = False
        for piece in _with_shared_ends(_with_fragments(self._pieces(written[:_MOST], found))):
            each = piece.startswith("各") or (each and takes_each(piece))
            name = f"各{piece}" if each and not piece.startswith("各") else self._carried(piece)
            if fold(name) not in map(fold, found.names):
                found.names.append(name)
        return found

    def _pieces(self, written: str, found: Names) -> Iterator[str]:
        for line in _stacked(written):
            for part in split_outside(line, _LIST_MARKS):
                yield from self._parted(part, found)

    def _parted(self, part: str, found: Names) -> Iterator[str]:
        for blank_free in _stacked(part.replace("\u3000", " ").replace(" ", "\n")):
            text = _repaired(simplified(tidy(blank_free)), found)
            text = _opened(text.strip("：:.。 、，；;—–·•●"), found)
            for name in _at_ands(text):
                if fold(name) not in _NOBODY and _NO_NAME.sub("", name):
                    yield from _run_together(name, self.known)

    def _carried(self, name: str) -> str:
        """Give a name with the level it shares with those before it: 市住房城乡建设局、自然资源和规划局."""
        if self._level and takes_level(name, self.place):
            name = carried(self._before, self._level, name)
        elif (level := level_of(name)) and not is_group(name) and is_complete(name):
            self._level, self._before = level, name
        return name


def _stacked(written: str) -> Iterator[str]:
    """Part names that stand below or beside one another, and put those together that a line's end has cut."""
    current = ""
    for piece in re.split(r"[\r\n]+", written):
        text = piece.strip()
        if current and is_complete(current) and _begins(text):
            yield current
            current = text
        else:
            current += text
    yield current


def _begins(text: str) -> bool:
    """Tell whether a text can be the beginning of another name."""
    first = re.split(f"[{_LIST_MARKS}]", text)[0]
    return len(first) > 1 and (is_complete(first) or has_own_level(first) or is_group(first))


def _repaired(text: str, found: Names) -> str:
    """Repair what optical recognition has put into English; that it was is doubtful."""

    def chinese(english: re.Match[str]) -> str:
        words = english[0].split()
        if all(word.lower() in _REPAIRED for word in words):
            found.doubts.append(("doubt-english", text))
            return "".join(_REPAIRED[word.lower()] for word in words)
        return english[0]

    return _ENGLISH.sub(chinese, text)


def _opened(text: str, found: Names) -> str:
    """Take 等 and what stands for nobody off the end; what is named behind it (等市有关部门单位) is a group."""
    end = _OPEN_END.search(text)
    if end is None:
        return text
    named = not end.start() or is_complete(text[: end.start()]) or end["group"].endswith(("部门", "单位"))
    if not named and text != "等":
        return text
    found.is_open = True
    group = end["group"] if end["level"] else ""
    return f"{text[: end.start()]}、{group}" if group else text[: end.start()]


def _at_ands(text: str) -> Iterator[str]:
    """Part names joined by 和, 及, 与; those in a name (文化和旅游局, 部门和单位) do not part."""
    start = place = 0
    while place < len(text):
        if text[place] in OPENING and (end := closing_of(text, place)) > 0:
            place = end + 1
            continue
        joint = _AND.match(text, place)
        joint = re.compile("、").match(text, place) or joint
        if joint and _is_joint(text[start:place], text[joint.end() :], joint[0]):
            yield text[start:place]
            start = joint.end()
        place = joint.end() if joint else place + 1
    yield text[start:]


def _is_joint(left: str, right: str, joint: str) -> bool:
    if joint == "、":
        return True
    if _EACH_AREA.match(right) and is_group(left):  # 有关部门及各县（市、区）
        return True
    first = _AND.split(right)[0]
    if not (is_complete(left) or left == "办公室") or len(first) < 3:  # noqa: PLR2004 - 单位, 部门: no names
        return False
    return bool(_EACH_AREA.match(right)) or (
        is_complete(right) and (has_own_level(right) or is_group(right) or bool(level_of(right)) or is_complete(first))
    )


def _run_together(name: str, known: frozenset[str]) -> Iterator[str]:
    """Part two names without anything between: 区人社局区住建局, but not 省通信管理局澜汀市通信建设管理办公室."""
    for found in _RUN_TOGETHER.finditer(name):
        left, right = name[: found.end()], name[found.end() :]
        if right[:1] in OPENING and (end := closing_of(right, 0)) > 0:
            left, right = left + right[: end + 1], right[end + 1 :]
        if right and _are_two(left, right, known):
            yield left
            yield from _run_together(right, known)
            return
    yield name


def _are_two(left: str, right: str, known: frozenset[str]) -> bool:
    if not is_complete(left) or not is_complete(right) or len(bare(right)) < 3 or left[-1:] in OPENING:  # noqa: PLR2004
        return False
    if right.startswith("各"):
        return bool(_EACH_AREA.match(right))
    if _BRANCH.match(bare(right)) or left.endswith("总局"):  # 人民银行市中心支行, 国家税务总局青山县税务局
        return False
    return (has_own_level(right) and not re.fullmatch(rf"[{LEVELS}]委", left)) or _are_two_by_name(left, right, known)


def _are_two_by_name(left: str, right: str, known: frozenset[str]) -> bool:
    """Tell whether two texts are two names by what they are called: by their places, from elsewhere, by their ends."""
    if has_own_level(right):
        return False
    if level_of(right) and level_of(left) and not has_own_level(left):
        return level_of(left)[-1] == level_of(right)[-1] and level_of(right) != right
    if fold(left) in known and fold(right) in known:
        return True
    # Below a town's office there is no other, so two of them are two: 社会事务办公室社保所.
    return (
        len(bare(left)) > len("民办")
        and not level_of(left)
        and bool(_SMALL_END.search(bare(left)))
        and bool(_SMALL_END.search(bare(right)))
    )


def _with_fragments(pieces: Iterator[str]) -> Iterator[str]:
    """Put back together what is one: 各镇党委、政府."""
    current = ""
    for piece in pieces:
        level_alone = current.rpartition("、")[2] in set(LEVELS)  # 市、县（区）人民政府
        of_areas = _AREA_BEFORE.fullmatch(current) and _AREA_BEHIND.match(piece)  # 各市、县（市、区）人民政府
        if current and (is_fragment(piece) or level_alone or of_areas):
            current = f"{current}、{piece}"
            continue
        if current:
            yield current
        current = piece
    if current:
        yield current


def _with_shared_ends(pieces: Iterator[str]) -> Iterator[str]:
    """Give to places that stand alone the end of the next name: 望川区、芦汀区人民政府."""
    waiting: list[str] = []
    for piece in pieces:
        if is_place_alone(piece):
            waiting.append(piece)
            continue
        end = next((end for end in SHARED_ENDS if piece.endswith(end) and is_place_alone(piece[: -len(end)])), "")
        yield from (place + end for place in waiting)
        waiting = []
        yield piece
    yield from waiting


__all__ = ["CLOSING", "Names", "Reader"]
