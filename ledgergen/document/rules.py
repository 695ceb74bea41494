"""Rules that a document states once for all its tasks: who leads where nobody says so, who shares in every task."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledgergen.document.simplified import simplified
from ledgergen.records import Role

_FIRST: Final = re.compile(
    r"(?:(?:列|排|居|位列|排名|排序)(?:在)?(?:第一位?|首位|最前|前)|第一(?:个|家)(?:责任)?(?:单位|部门)?|第一(?:责任)?(?:单位|部门)|首个单位)(?:的|者)?(?:责任)?(?:单位|部门)?(?:的)?(?:即?为|是)[^，。；]{0,4}牵头"
    r"|牵头(?:单位|部门|科室)?(?:列|排)?(?:在)?(?:第一|首位|最前)"
)
_OTHERS_SUPPORT: Final = re.compile(r"(其余|其他|其它)[^，。；]{0,8}(为|是)[^，。；]{0,4}(配合|协办|参与)")
_EVERYBODY: Final = re.compile(
    r"(?:以下(?:各项|所有|全部)?(?:任务|工作|事项|内容|措施)?，?|以下[^。；]{2,40}，)(?:均|都)(?:需要?|须|要|应|由|涉及)*(?P<who>[^，。；,;]{2,60}?)(?:共同|分别|具体|按职责)*(?P<verb>负责|落实|配合|参与|实施|承担)"
)
_NO_LEAD: Final = re.compile(
    r"(无|没有|未(明确|列|注明))牵头(单位|部门)的?[，,]?[^。；]{0,12}责任(单位|部门)[^。；]{0,6}(即?为|是|负责)[^。；]{0,4}牵头"
)
_STARRED: Final = re.compile(
    r"(?:标注|标有|标|加|带|注)[“\"]?(?P<mark>[*＊★☆▲△●])[”\"]?(?:号)?(?:的|者)?(?:单位|部门)?(?:的)?(?:为|是)牵头"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold for a task.

    ``first_leads``: the first unit leads; the others then have the role ``others``. ``everybody``: who shares in every
    task, as written, with the role. ``responsible_leads``: without a lead the responsible units lead. ``mark``: the
    sign that marks the lead.
    """

    first_leads: bool = False
    others: Role = Role.RESPONSIBLE
    everybody: tuple[tuple[Role, str], ...] = ()
    responsible_leads: bool = False
    mark: str = ""


def rules_at(statements: Sequence[tuple[tuple[int, ...], str]], order: tuple[int, ...]) -> Rules:
    """Give the rules that are stated before a place of the document, or in the clause at that very place."""
    return _rules(text for place, text in statements if place <= order)


def states_rule(text: str) -> bool:
    """Tell whether a text states a rule."""
    plain = simplified(text)
    return any(pattern.search(plain) for pattern in (_FIRST, _EVERYBODY, _NO_LEAD, _STARRED))


def _rules(texts: Iterable[str]) -> Rules:
    first, others, no_lead, mark = False, Role.RESPONSIBLE, False, ""
    everybody: dict[str, Role] = {}
    for text in map(simplified, texts):
        if _FIRST.search(text):
            first = True
            others = Role.SUPPORTING if _OTHERS_SUPPORT.search(text) else others
        no_lead = no_lead or bool(_NO_LEAD.search(text))
        if starred := _STARRED.search(text):
            mark = starred["mark"]
        for found in _EVERYBODY.finditer(text):
            everybody[found["who"]] = Role.SUPPORTING if found["verb"] in ("配合", "参与") else Role.RESPONSIBLE
    return Rules(first, others, tuple((role, who) for who, role in everybody.items()), no_lead, mark)
