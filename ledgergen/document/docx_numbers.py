"""Automatic numbers of Word: what a reader sees before a paragraph that has a number only in its format.

Sources: ECMA-376, 17.9 (numbering); the formats that Chinese Word and WPS write (ST_NumberFormat).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_HAN: Final = "〇一二三四五六七八九"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_COUNTED_IN_HAN: Final = frozenset({
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "ideographDigital", "japaneseDigitalTenThousand", "koreanCounting",
    "ideographTraditional",
})  # fmt: skip
_UNNUMBERED: Final = frozenset({"bullet", "none"})
_LEVELS: Final = 9
_MOST_STYLES: Final = 20  # a style is based on so many others at most
_TENS: Final = 100


@dataclass(slots=True)
class _Level:
    """One level of a list: its format, its text with ``%1``, where it begins."""

    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    """One list definition with the counters that all lists made of it share."""

    levels: dict[int, _Level] = field(default_factory=dict)
    counters: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a document as Word does."""

    def __init__(self, numbering: "Element | None", styles: "Element | None") -> None:
        """Read the definitions; either part may be missing."""
        self._lists: dict[str, _List] = {}
        self._numbers: dict[str, tuple[str, dict[int, int]]] = {}
        self._begun: set[str] = set()
        self._styles: dict[str, Element] = {}
        if numbering is not None:
            self._read_numbering(numbering)
        for style in styles.iter(f"{W}style") if styles is not None else ():
            self._styles[style.get(f"{W}styleId", "")] = style

    def of(self, properties: "Element | None", *, counted: bool) -> tuple[str, bool]:
        """Give the number of the next paragraph (empty where it has none), and whether it is a heading.

        ``counted``: a paragraph without text shows no number, but Word counts it all the same.
        """
        if properties is None:
            return "", False
        style = _value(properties.find(f"{W}pStyle"))
        found = properties.find(f"{W}numPr")
        number, level = _numbered(found)
        chain = list(self._chain(style))
        for each in chain if not number else ():
            number, level = _numbered(each.find(f"{W}pPr/{W}numPr"))
            if number:
                break
        shown = self._next(number, level) if number and number != "0" else ""
        return shown if counted else "", self._is_heading(properties, chain)

    def _read_numbering(self, root: "Element") -> None:
        for definition in root.iter(f"{W}abstractNum"):
            levels = {_int(each.get(f"{W}ilvl")): _level(each) for each in definition.iter(f"{W}lvl")}
            self._lists[definition.get(f"{W}abstractNumId", "")] = _List(levels)
        for each in root.iter(f"{W}num"):
            starts = {
                _int(over.get(f"{W}ilvl")): _int(_value(over.find(f"{W}startOverride")), 1)
                for over in each.iter(f"{W}lvlOverride")
                if over.find(f"{W}startOverride") is not None
            }
            self._numbers[each.get(f"{W}numId", "")] = (_value(each.find(f"{W}abstractNumId")), starts)

    def _chain(self, style: str) -> "list[Element]":
        """Give a style and those it is based on."""
        chain: list[Element] = []
        while style in self._styles and len(chain) < _MOST_STYLES:
            chain.append(self._styles[style])
            style = _value(chain[-1].find(f"{W}basedOn"))
        return chain

    def _is_heading(self, properties: "Element", chain: "list[Element]") -> bool:
        outline = properties.find(f"{W}outlineLvl")
        names = [_value(style.find(f"{W}name")).lower() for style in chain[:1]]
        return any(name.startswith(("heading", "标题")) for name in names) or (
            outline is not None and _int(_value(outline), _LEVELS) < _LEVELS
        )

    def _next(self, number: str, level: int) -> str:
        """Count one on at a level, and give the number as it is shown."""
        definition, starts = self._numbers.get(number, ("", {}))
        found = self._lists.get(definition)
        if found is None or level not in found.levels:
            return ""
        if number not in self._begun:
            self._begun.add(number)
            for each, start in starts.items():
                found.counters[each] = start - 1
        own = found.levels[level]
        found.counters[level] = found.counters.get(level, own.start - 1) + 1
        for deeper in [each for each in found.counters if each > level]:
            del found.counters[deeper]
        if own.form in _UNNUMBERED:
            return ""
        text = own.text
        for each in range(_LEVELS):
            if f"%{each + 1}" in text:
                form = found.levels.get(each, own).form
                count = found.counters.get(each, found.levels.get(each, own).start)
                text = text.replace(f"%{each + 1}", shown(count, form))
        return text.strip()


def shown(count: int, form: str) -> str:
    """Show a count in a number format: 12 is ``十二``, ``12``, ``⑫``, ``L``, ``xii``."""
    if form in _COUNTED_IN_HAN:
        return _in_han(count)
    if form.startswith("decimalEnclosedCircle") and 0 < count <= len(_CIRCLED):
        return _CIRCLED[count - 1]
    if form in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 % 5 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman") and 0 < count < 4000:  # noqa: PLR2004 - no Roman number is larger
        roman = _in_roman(count)
        return roman if form == "upperRoman" else roman.lower()
    return str(count)


def _in_han(count: int) -> str:
    if not 0 < count < _TENS:
        return "".join(_HAN[int(digit)] for digit in str(max(count, 0)))
    tens, ones = divmod(count, 10)
    return ("" if tens < 2 else _HAN[tens]) + ("十" if tens else "") + (_HAN[ones] if ones else "")  # noqa: PLR2004


def _in_roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text


def _numbered(found: "Element | None") -> tuple[str, int]:
    if found is None:
        return "", 0
    return _value(found.find(f"{W}numId")), _int(_value(found.find(f"{W}ilvl")))


def _level(element: "Element") -> _Level:
    form = _value(element.find(f"{W}numFmt")) or "decimal"
    return _Level(form, _value(element.find(f"{W}lvlText"))[:20], _int(_value(element.find(f"{W}start")), 1))


def _value(element: "Element | None") -> str:
    return element.get(f"{W}val", "") if element is not None else ""


def _int(written: str | None, otherwise: int = 0) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 7 else otherwise  # noqa: PLR2004
