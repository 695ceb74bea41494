"""What a body's name is like: how it ends, which level it belongs to, whether it is one body or a group."""

import re
from typing import Final

from ledgergen.document.characters import CLOSING, OPENING, fold

LEVELS: Final = "省市区县州盟旗镇乡"
# Words that begin with the character of a level and have nothing to do with it.
_LEVEL_WORDS: Final = re.compile(
    r"市(场|容|值|面|政(工程|公用|园林|管理|设施|建设|环卫|集团)|民(投诉|服务|中心|热线|之家|卡))|区(域|划|块|间|别)|县域|乡(村|镇|土|贤|愁|音)"
    r"|镇(村|街|域|区)|州际|旗下|省际"
)
# 淄川区, 单县; but not the 城乡 of 住房城乡建设局, the 园区 of a park, the 村镇 of a town's office.
_PLACE: Final = re.compile(
    rf"(?:[一-鿿]{{2,7}}?(?<![城社园地景街辖库林灾校片厂矿郊特村乡])(?:自治[州县旗]|[{LEVELS}])|[一-鿿](?<![城乡村])县)(?=[一-鿿(]{{2,}})"
)
_END: Final = re.compile(
    r"(局|委|办|厅|部|院|馆|中心|站|所|队|处|室|科|股|会|政府|公司|银行|支行|分行|集团|台|社|团|联|校|大学|学院|镇|乡|街道|街|开发区|高新区|园区|新区|示范区|度假区|保税区"
    r"|[一-鿿]{2}[区县市]|村|社区|组|专班|厂|场|园|库|审计署|公署|总署|海关|部门|单位|企业|机关|科协|分局|监狱|指挥部|热线|基地|事务所|营商办|卫健|人行)$"
)
_BARE: Final = frozenset(
    {"政府", "单位", "企业", "机关", "部门", "委员会", "管委会", "办公室", "社会", "园区", "社区", "机构", "院", "会"}
)
_GROUP: Final = re.compile(
    r"^([省市区县镇乡]、|各|有关|相关|其他|其它|所有|全体|全[省市区县镇乡]|辖区|驻[^地]|乡镇|镇(?=[(街])|镇街|村(?=[(居])|村居|区(?=\())|各|有关|相关|成员单位|其他|其它"
    r"|(部门|单位|机关|企业|高校|中小学校?|科室|处室|站所|镇街|街镇|乡镇|村居|机构)$"
)
_PARTY: Final = frozenset({
    "组织部", "宣传部", "统战部", "政法委", "网信办", "编办", "社会工作部", "社工部", "老干部局", "党校", "巡察办",
    "机关工委", "直属机关工委", "改革办", "财经办", "国安办", "台办", "农办", "办公室", "办", "政研室", "保密局",
    "机要局", "信访局", "两新工委",
    "教育工委", "党史研究中心", "党史研究院", "融媒体中心", "文明办",
})  # fmt: skip
_OWN_MASTER: Final = re.compile(
    r"^(国家|中国|国网|人民银行|中央|共青团|团[省市区县]|驻|武警)|((?<!办公)[科股室]|派出所|供电所|卫生院|公司|银行|支行|分行|集团|大学|学院|管委会|开发区|高新区|园区|新区|人民政府|政府|办事处|街道|镇|乡|村|社区)$"
)
_CARRIED_AREA: Final = re.compile(
    r"^(乡镇|街道|镇|乡|村|社区|办事处)(人民政府|政府|办事处|办|党委|党工委|居委会|村委会|\(.*\))?$"
)
SHARED_ENDS: Final = (
    "人民政府办公室", "人民政府", "政府办公室", "政府办", "政府", "管委会", "街道办事处", "办事处", "党工委",
    "党委", "镇", "街道", "分局", "支行", "法院",
    "检察院",
)  # fmt: skip
_PLACE_ALONE: Final = re.compile(rf"^[一-鿿]{{1,6}}[{LEVELS}]$|^[一-鿿]{{2,6}}(街道|开发区|高新区|园区|新区)$")


def bare(name: str) -> str:
    """Give a name without the brackets at its end and the spaces: ``区应急局〈区防汛办〉`` → ``区应急局``."""
    text = name.strip()
    while text and text[-1] in CLOSING:
        start = _opening_of(text)
        if start <= 0:
            break
        text = text[:start].rstrip()
    return text


def is_complete(name: str) -> bool:
    """Tell whether a text ends as the name of a body does."""
    text = bare(name)
    return len(text) > 1 and text not in _BARE and bool(_END.search(text))


def is_group(name: str) -> bool:
    """Tell whether a name stands for several bodies: 各镇（街道）, 有关部门, 市属各高校, …成员单位."""
    return bool(_GROUP.search(fold(name)))


def level_of(name: str) -> str:
    """Give the level with which a name begins: ``区`` of 区财政局, ``清泽县`` of 清泽县财政局; empty without one."""
    if _LEVEL_WORDS.match(name):
        return ""
    if name[:1] in LEVELS and len(name) > 1:
        return name[0]
    found = _PLACE.match(name)
    return found[0] if found and not _LEVEL_WORDS.match(name, found.end() - 1) else ""


def has_own_level(name: str) -> bool:
    """Tell whether a name begins with a bare level (区财政局), not with a place (清泽县财政局)."""
    return name[:1] in LEVELS and len(name) > 1 and not _LEVEL_WORDS.match(name)


def takes_level(name: str, place: str) -> bool:
    """Tell whether a level may be carried over to a name: it has none, is one body, and nobody's own master.

    ``place`` is the stem of the region's name (清泽): who bears it needs no level.
    """
    if level_of(name) or is_group(name) or not is_complete(name) or _OWN_MASTER.search(bare(name)):
        return False
    return not (place and place in name)


def carried(before: str, level: str, name: str) -> str:
    """Give a name with the level of the one before: of the party's offices the party as well (区委宣传部、组织部)."""
    party = before.startswith(f"{level}委") and not before.startswith(f"{level}委员")
    return f"{level}委{name}" if party and name in _PARTY else f"{level}{name}"


def takes_each(name: str) -> bool:
    """Tell whether 各 may be carried over to a name: 各乡镇人民政府、街道办事处."""
    return bool(_CARRIED_AREA.match(fold(name)))


def is_place_alone(name: str) -> bool:
    """Tell whether a text is a place that waits for the end of the next: 望川区、芦汀区人民政府."""
    return bool(_PLACE_ALONE.match(name)) and not is_group(name)


def is_fragment(name: str) -> bool:
    """Tell whether a text is no name by itself: 各镇党委、政府."""
    return name in {"政府", "单位", "企业", "机关", "机构"}


def _opening_of(text: str) -> int:
    """Give the place of the bracket that the last character closes; -1 where none does."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        if text[place] in CLOSING:
            depth += 1
        elif text[place] in OPENING:
            depth -= 1
            if depth == 0:
                return place
    return -1
