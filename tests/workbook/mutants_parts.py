"""Mutants of the parts of a container, zipped again with right checksums: bytes, and changes that know XML.

What another spelling of the same XML is (prefixes, entities, encodings, comments, counts that nobody needs) touches no
cell: it must read as the original. What means something else names the cells that it touches.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergen.workbook.grid import PLACES
from mutants import NOWHERE, Cell, Chance, Mutant, Original, change_bytes
from test_read_builders import package

_TAG: Final = re.compile(r"<[A-Za-z][^<>]*>")
_TEXT: Final = re.compile(r">([^<>]+)<")
_ATTRIBUTE: Final = re.compile(r'\s([\w:.-]+)="([^"<>]*)"')
_CELL: Final = re.compile(r'<c r="([A-Z]+[0-9]+)"[^<>]*?(?:/>|>.*?</c>)', re.DOTALL)
_ROW: Final = re.compile(r'<row r="([0-9]+)"[^<>]*?(?:/>|>.*?</row>)', re.DOTALL)
_ITEM: Final = re.compile(r"<si>.*?</si>", re.DOTALL)
_COUNT: Final = re.compile(r'\b((?:unique)?[cC]ount|spans|ref)="[^"]*"')
SHEET: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"
_EXTREMES: Final = (
    "", "0", "-1", "1", "4294967295", "99999999999999999999", "1E400", "NaN", "A1", "XFD1048576", "A1:XFD1048576",
    "ZZZZ9", "A0", "r", "true", "\u0661", "a" * 5000, "&#1;", "&#xD800;", "../../x", "_x0000_",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Markup:
    """The text of one part while it is changed."""

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A part's new bytes, and the cells that they touch (None: any)."""

    data: bytes
    touched: frozenset[Cell] | None = NOWHERE


Way = Callable[[Markup, Chance], Change | None]


def of_part(original: Original, chance: Chance) -> Mutant:
    """Change bytes of one part; its twin has a comment in it, so that it is read in the other way."""
    part = _any_part(original, chance)
    content, how = change_bytes(original.parts[part], chance)
    parts = {**original.parts, part: content}
    return Mutant(package(parts), f"{part} {how}", None, twin=package(_commented(parts)))


def of_markup(original: Original, chance: Chance) -> Mutant:
    """Change one part as XML."""
    is_xlsx = SHEET in original.parts
    while True:
        part = chance.choice((SHEET, SHEET, STRINGS)) if is_xlsx and chance.random() < 0.8 else ""
        part = part if part in original.parts else _any_part(original, chance)
        ways = [*_SPELLINGS, *_MEANINGS, *(_SHEET_WAYS if part == SHEET else ())]
        ways += _STRING_WAYS if part == STRINGS else ()
        way = chance.choice(ways)
        change = way(Markup(part, original.parts[part].decode()), chance)
        if change is None or change.data == original.parts[part]:
            continue
        parts = {**original.parts, part: change.data}
        twin = package(_commented(parts)) if change.touched is None else None
        return Mutant(package(parts), f"{part} {way.__name__}", change.touched, twin=twin)


def _any_part(original: Original, chance: Chance) -> str:
    return chance.choice([name for name in original.parts if name.lower().endswith((".xml", ".rels"))])


def _commented(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Put a comment into the sheets and shared texts: the pattern that reads plain cells cannot account for it."""
    ends = b"</sheetData>", b"</sst>"
    made = {name: content.replace(ends[0], b"<!---->" + ends[0]) for name, content in parts.items()}
    return {name: content.replace(ends[1], b"<!---->" + ends[1]) for name, content in made.items()}


# ---------------------------------------------------------------- other spellings of the same document


def _as_prefix(markup: Markup, _chance: Chance) -> Change | None:
    if ' xmlns="' not in markup.text:
        return None
    text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1q:\2", markup.text).replace(' xmlns="', ' xmlns:q="')
    return Change(text.encode())


def _as_entities(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_TEXT, markup.text, chance)
    if found is None or "&" in found[1]:
        return None
    spelled = "".join(
        chance.choice((each, f"&#{ord(each)};", f"&#x{ord(each):X};", f"&#x{ord(each):04x};")) for each in found[1]
    )
    return _put(markup, found.span(1), spelled)


def _as_cdata(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_TEXT, markup.text, chance)
    if found is None or "&" in found[1]:
        return None
    return _put(markup, found.span(1), f"<![CDATA[{found[1]}]]>")


def _as_encoding(markup: Markup, chance: Chance) -> Change | None:
    codec = chance.choice(("utf-16", "gb18030", "utf-8-sig", "utf-16-le"))
    declared = codec.removesuffix("-sig").removesuffix("-le")
    text = re.sub(r"^<\?xml[^>]*\?>\s*", "", markup.text)
    data = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(codec)
    return Change(b"\xff\xfe" + data if codec == "utf-16-le" else data)


def _with_counts(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_COUNT, re.sub(r"<mergeCell .*?>|<autoFilter.*?>|<comment .*?>", _blank, markup.text), chance)
    return _put(markup, found.span(), f'{found[1]}="{chance.choice(_EXTREMES[:11])}"') if found else None


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _with_comments(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_TAG, markup.text, chance)
    foreign = chance.choice(("<!-- <c r='A1'> -->", "<?office <v>1</v>?>"))
    return _put(markup, (found.start(), found.start()), foreign) if found and found.start() else None


def _with_attribute(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_TAG, markup.text, chance)
    if not found:
        return None
    end = found.end() - (2 if found[0].endswith("/>") else 1)
    return _put(markup, (end, end), chance.choice((' ledgergen-test="&lt;v&gt;"', " ", ' xml:lang="zh"', " x='\"'")))


def _with_other_quotes(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_ATTRIBUTE, markup.text, chance)
    if not found or "'" in found[2]:
        return None
    return _put(markup, found.span(), chance.choice((f"\n {found[1]} = '{found[2]}'", f" {found[1]}='{found[2]}'")))


_SPELLINGS: Final[tuple[Way, ...]] = (
    _as_prefix, _as_entities, _as_cdata, _as_encoding, _with_counts, _with_comments, _with_attribute,
    _with_other_quotes,
)  # fmt: skip


# ---------------------------------------------------------------- other documents


def _any_attribute(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_ATTRIBUTE, markup.text, chance)
    return _put(markup, found.span(2), chance.choice(_EXTREMES), None) if found else None


def _any_tag(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_TAG, markup.text, chance)
    if not found:
        return None
    tag = chance.choice(("", found[0] * 2, found[0].replace(">", "/>"), f"{found[0]}<x>", "<!DOCTYPE a>" + found[0]))
    return _put(markup, found.span(), tag, None)


def _any_nesting(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_TAG, markup.text, chance)
    depth = chance.choice((10, 300, 5000))
    return _put(markup, (found.start(), found.start()), "<x>" * depth + "</x>" * depth, None) if found else None


def _any_text(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_TEXT, markup.text, chance)
    return (
        _put(markup, found.span(1), chance.choice((*_EXTREMES, "&undeclared;", "]]>", "\x01")), None) if found else None
    )


def _other_encoding(markup: Markup, chance: Chance) -> Change | None:
    text = re.sub(r"^<\?xml[^>]*\?>\s*", "", markup.text)
    declared = chance.choice(("iso-8859-1", "gb2312", "utf-7", "utf-32", "ebcdic-cp-us", "us-ascii", "utf-16"))
    return Change(f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(), None)


_MEANINGS: Final[tuple[Way, ...]] = (_any_attribute, _any_tag, _any_nesting, _any_text, _other_encoding)


def _cell_dropped(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_CELL, markup.text, chance)
    return _put(markup, found.span(), "", {_place(found[1])}) if found else None


def _cell_twice(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_CELL, markup.text, chance)
    return _put(markup, found.span(), found[0] * 2) if found else None


def _cells_turned(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_ROW, markup.text, chance)
    if not found:
        return None
    cells = [each[0] for each in _CELL.finditer(found[0])]
    start = found[0].find(cells[0]) if cells else 0
    text = found[0][:start] + "".join(reversed(cells)) + "</row>" if cells else found[0]
    return _put(markup, found.span(), text)


def _rows_turned(markup: Markup, chance: Chance) -> Change | None:
    rows = [*_ROW.finditer(markup.text)]
    first = chance.randrange(len(rows) - 1) if len(rows) > 1 else 0
    if len(rows) < 2 or rows[first].end() != rows[first + 1].start():
        return None
    span = rows[first].start(), rows[first + 1].end()
    return _put(markup, span, rows[first + 1][0] + rows[first][0])


def _row_dropped(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_ROW, markup.text, chance)
    return _put(markup, found.span(), "", {_place(each[1]) for each in _CELL.finditer(found[0])}) if found else None


def _cell_moved(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_CELL, markup.text, chance)
    target = chance.choice(("A1", "B2", "C1000", "XFD1", "A1048576", "XFD1048576", "A0", "A1048577", "XFE1", "a1", "1"))
    if not found:
        return None
    touched = {_place(found[1])} | ({_place(target)} if target not in ("A0", "A1048577", "XFE1", "a1", "1") else set())
    return _put(markup, found.span(1), target, touched)


def _cell_of_kind(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_CELL, markup.text, chance)
    if not found:
        return None
    kind = chance.choice(("s", "n", "b", "e", "str", "d", "inlineStr", "x", "", "S", "ss"))
    cell = re.sub(r'(<c r="[^"]*")([^<>]*?)( t="\w*")?(?=[^<>]*>)', rf'\1\2 t="{kind}"', found[0], count=1)
    return _put(markup, found.span(), cell, {_place(found[1])})


def _cell_of_style(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_CELL, markup.text, chance)
    if not found or ' s="' not in found[0]:
        return None
    style = chance.choice(("0", "1", "7", "99999", "-1", "", "4294967296", "x"))
    return _put(markup, found.span(), re.sub(r' s="\d+"', f' s="{style}"', found[0], count=1), {_place(found[1])})


def _cell_of_another_text(markup: Markup, chance: Chance) -> Change | None:
    found = _pick(_CELL, markup.text, chance)
    if not found or 't="s"' not in found[0]:
        return None
    value = chance.choice(("0", "1", "00", "+1", "-1", " 1", "1.0", "1e0", "99999", "4294967295", "", "x", "\u0661"))
    return _put(markup, found.span(), re.sub(r"<v>\d+</v>", f"<v>{value}</v>", found[0]), {_place(found[1])})


def _string_change(markup: Markup, chance: Chance) -> Change | None:
    """Drop, repeat or turn round shared texts: the numbers of the cells then name others."""
    found = _pick(_ITEM, markup.text, chance)
    return (
        _put(markup, found.span(), chance.choice(("", found[0] * 2, "<si/>", "<si><t/></si>")), None) if found else None
    )


_SHEET_WAYS: Final[tuple[Way, ...]] = (
    _cell_dropped, _cell_twice, _cells_turned, _rows_turned, _row_dropped, _cell_moved, _cell_of_kind, _cell_of_style,
    _cell_of_another_text,
)  # fmt: skip
_STRING_WAYS: Final[tuple[Way, ...]] = (_string_change,)


def _pick(pattern: re.Pattern[str], text: str, chance: Chance) -> re.Match[str] | None:
    found = [*pattern.finditer(text, _root(text) if pattern is _TEXT else 0)]
    return chance.choice(found) if found else None


def _root(text: str) -> int:
    """Give where the root's tag ends: before it there is no text in XML, not even a blank as an entity."""
    tag = _TAG.search(text)
    return tag.end() - 1 if tag else 0


def _put(
    markup: Markup, span: tuple[int, int], text: str, touched: frozenset[Cell] | set[Cell] | None = NOWHERE
) -> Change:
    data = (markup.text[: span[0]] + text + markup.text[span[1] :]).encode()
    return Change(data, None if touched is None else frozenset(touched))


def _place(reference: str) -> Cell:
    return (0, *PLACES[reference])
