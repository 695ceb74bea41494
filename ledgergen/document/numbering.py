"""The numbers at the beginning of paragraphs: which kinds there are, and how the kinds nest in a document.

Documents mix （三） with (三) and number their headings with ## to ##### at random, so the kind of a number and the
order in which the kinds first nest decide the level, never brackets or heading marks (documents: "Shapes").
"""

import re
from dataclasses import dataclass
from typing import Final

from ledgergen.document.characters import number_of, plain_digits

_HAN: Final = "[〇零一二三四五六七八九十百两]{1,5}"
_ANY: Final = rf"(?:{_HAN}|[0-9]{{1,3}})"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_HAN_SIGNS: Final = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_BRACKETED: Final = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_POINTED: Final = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_ROMAN: Final = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_NOT_A_QUANTITY: Final = r"(?![0-9%％.亿万千百十个倍元项件家年月日号米吨度版版‰])"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as found: its kind, its value, how a reader sees it (without ``.`` and ``、``), and where it ends."""

    kind: str
    value: int
    shown: str
    end: int


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    pattern: re.Pattern[str]


def _kind(name: str, pattern: str) -> _Kind:
    return _Kind(name, re.compile(pattern))


# The order matters where one pattern is the beginning of another. Texts come with half-width digits and brackets.
KINDS: Final = (
    _kind("volume", rf"(?P<shown>第(?P<value>{_ANY})[编篇卷])[、.:\s]*"),
    _kind("part", rf"(?P<shown>第(?P<value>{_ANY})(?:大?部分|板块))[、.:\s]*"),
    _kind("chapter", rf"(?P<shown>第(?P<value>{_ANY})章)[、.:\s]*"),
    _kind("section", rf"(?P<shown>第(?P<value>{_ANY})节)[、.:\s]*"),
    _kind("article", rf"(?P<shown>第(?P<value>{_ANY})条)[、.:\s]*"),
    _kind("item", rf"(?P<shown>第(?P<value>{_ANY})项)(?!任务|工作|内容|要求|规定|所列|[的是为中和、第])[.:\s]*"),
    _kind("task", rf"(?P<shown>(?:任务|举措|措施|行动|工程|专项|项目|实事|事项)(?P<value>{_ANY}))[、.:]\s*"),
    _kind("han_bracket", rf"(?P<shown>[(〔【\[](?P<value>{_HAN})[)〕】\]])[、.]?\s*"),
    _kind("han", rf"(?P<shown>(?P<value>{_HAN}))\s?[、.]\s*"),
    _kind("decimal3", rf"(?P<shown>[0-9]{{1,2}}\.[0-9]{{1,2}}\.(?P<value>[0-9]{{1,2}})){_NOT_A_QUANTITY}[、\s]*"),
    _kind("decimal2", rf"(?P<shown>[0-9]{{1,2}}\.(?P<value>[0-9]{{1,2}})){_NOT_A_QUANTITY}[、\s]*"),
    _kind("arabic", r"(?P<shown>(?P<value>[0-9]{1,3}))\s?(?:[.](?![0-9]|[a-z]{2,})|[.](?=[0-9]{1,4}[年月日])|、)\s*"),
    _kind("arabic_blank", r"(?P<shown>(?P<value>[0-9]{1,2})) (?=[^\s0-9])"),
    _kind("arabic_bracket", r"(?P<shown>[(〔【\[](?P<value>[0-9]{1,3})[)〕】\]])[、.]?\s*"),
    _kind("arabic_half", r"(?P<shown>(?P<value>[0-9]{1,3})\))[、.]?\s*"),
    _kind("letter", r"(?P<shown>(?P<value>[A-Za-z]))(?:[.](?![A-Za-z0-9])|、|\))\s*"),
    _kind("ordinal", rf"(?P<shown>(?P<value>{_HAN})是)(?!否)"),
)
_SIGNS: Final = (
    ("circled", _CIRCLED), ("han_bracket", _HAN_SIGNS), ("arabic_bracket", _BRACKETED), ("arabic", _POINTED),
    ("roman", _ROMAN),
)  # fmt: skip
_SHOWN_SIGNS: Final = {"arabic": "{}", "arabic_bracket": "({})"}
_AFTER_SIGN: Final = re.compile(r"[、.．\s]*")
_CAPITALS: Final = "abcdefghijklmnopqrstuvwxyz"


def number_at_start(text: str) -> Number | None:
    """Find the number with which a paragraph begins; None where there is none.

    ``第一章`` and volume, part, section, article · ``第一项`` · ``任务一：`` · ``一、`` · ``（一）`` ``㈠`` · ``1.``
    ``1、`` ``⒈`` · ``（1）`` ``⑴`` · ``1）`` · ``1`` and blank · ``①`` · ``1.1`` ``1.1.1`` · ``Ⅰ`` · ``A.`` · ``一是``.
    """
    for kind, signs in _SIGNS:
        if text and text[0] in signs:
            value = signs.index(text[0]) + 1
            after = _AFTER_SIGN.match(text, 1)
            shown = _SHOWN_SIGNS.get(kind, text[0]).format(value)
            return Number(kind, value, shown, after.end() if after else 1)
    plain = plain_digits(text[:40])
    for each in KINDS:
        if found := each.pattern.match(plain):
            return Number(each.name, _value(found["value"]), found["shown"], found.end())
    return None


def follows(before: Number | None, after: Number) -> bool:
    """Tell whether a number is the next of its kind, or begins anew."""
    return after.value in (1, (before.value if before else 0) + 1)


def _value(written: str) -> int:
    number = number_of(written)
    return number if number is not None else _CAPITALS.find(written.lower()) + 1
