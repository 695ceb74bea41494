"""The cells of a sheet of an .xlsx (ECMA-376).

Cells as programs usually write them are taken by a pattern that accounts for every tag; a sheet that it cannot account
for goes through lxml. That is exact, and takes about as long as looking into the container, calamine, and spelling its
values as text would together. (What calamine gets wrong is told in :mod:`ledgergen.workbook.read`.)
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ledgergen.workbook.grid import PLACES, cell_name, date_text, duration_text, number_text, percent_text, unescaped
from ledgergen.workbook.inspect import Refused, xml_root
from ledgergen.workbook.iso import iso_text
from ledgergen.workbook.raw_sheet import RawSheet
from ledgergen.workbook.xlsx_texts import text_of

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

Range: TypeAlias = tuple[int, int, int, int]  # first and last row and column

_VALUED_CELL: Final = re.compile(r'<c r="([^"]*+)"([^>]*+)><v>([^<]*+)</v></c>')
# What stands between two values, without its first character and without digits: a blank cell, a row's begin or end.
_BETWEEN: Final = re.compile(
    r'(?:c r="[A-Z]{1,3}+"(?: s="")?+(?: t="[a-z]{1,3}+")?+ ?+/'
    r'|row((?: [\w:]++="[^"<>&]*+")*+) ?+/?+|/row)>[^<]*+'
)
_BLANK_ROW: Final = re.compile(r"<row[^>]*+(?<=/)>")
_ATTRIBUTES: Final = re.compile(r'(?: s="([0-9]{1,6})")?(?: t="([a-z]{1,3})")?')
_RANGE: Final = re.compile(r"([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})")
_FOOT: Final = re.compile(r"<headerFooter><oddFooter>(?:[^<&]|&amp;)*+</oddFooter></headerFooter>")
_DATA, _DATA_END = "<sheetData>", "</sheetData>"
_ALIKE: Final = 20_000  # characters around the rows that are worth remembering
_SHORT: Final = 30  # characters of a number that is worth remembering
_NO_DIGITS: Final = str.maketrans("", "", "0123456789")


class Ways(dict[str, str | None]):
    """Tell by a cell's attributes how its value is read, so that they are taken apart once and not in every cell.

    None: the value is the number of a shared text. ``b``, ``e``, ``str``, ``iso``: a boolean, an error, a text, an
    ISO date. ``""``, ``d``, ``d1904``, ``t``, ``%``: a number, as its format shows it.
    """

    def __init__(self, shown: Sequence[str], since_1904: bool) -> None:  # noqa: FBT001 - the file's own switch
        self._shown = [f"{each}1904" if each == "d" and since_1904 else each for each in shown]
        super().__init__()

    def __missing__(self, attributes: str) -> str | None:
        found = _ATTRIBUTES.fullmatch(attributes)
        if not found:
            raise ValueError("a cell of another kind")
        kind = found[2] or "n"
        way = {"s": None, "b": "b", "e": "e", "str": "str", "d": "iso", "n": ""}[kind]
        if kind == "n" and self._shown:
            way = self._shown[int(found[1] or 0)]
        self[attributes] = way
        return way


class Cells(NamedTuple):
    """The cells that hold a value, side by side as the file spells them: references, further attributes, values."""

    references: Sequence[str]
    attributes: Sequence[str]
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shared:
    """What the sheets of an .xlsx share: its texts by number as the file writes it, and how cells are read."""

    strings: Mapping[str, str]
    ways: Ways


def fill_sheet(sheet: RawSheet, text: str, shared: Shared) -> RawSheet:
    """Read the cells of a sheet.

    Raises:
        Refused: ``file-damaged`` at the cell that cannot be, ``file-inconsistent`` for a cell that is there twice.
    """
    cells = _plain_cells(text)
    formulas: Mapping[str, str] = {}
    try:
        if cells is None:
            root = xml_root(text, sheet.name)
            cells, formulas = _any_cells(root)
            sheet.merges = _merges(root)
        else:
            around = _around(text)
            read = _merges_of if len(around) < _ALIKE else _merges_of.__wrapped__
            sheet.merges = list(read(around, sheet.name))
        _fill(sheet, cells, shared)
        valued = set(cells.references) if formulas else set()
        for reference, formula in formulas.items():
            place = PLACES[reference]
            if reference in valued:
                sheet.cached[place] = sheet.texts.get(place, "")
            sheet.texts[place], sheet.kinds[place] = formula, "f"
    except ValueError as fault:  # a reference or a row's number that is none
        raise Refused("file-damaged", sheet=sheet.name, part=sheet.name[:120]) from fault
    return sheet


def _fill(sheet: RawSheet, cells: Cells, shared: Shared) -> None:
    """Put every cell's text in its place. Nothing here is done twice for a shared text, which most cells hold."""
    texts, strings, ways, places = sheet.texts, shared.strings, shared.ways, PLACES
    reference, blank = "", 0
    try:
        for reference, attributes, value in zip(*cells, strict=True):
            way = ways[attributes]
            if way is None:
                text = strings[value]
            else:
                text, mark = _unshared(way, value)
                if text and mark:
                    sheet.kinds[places[reference]] = mark
            if text:
                texts[places[reference]] = text
            else:
                blank += 1
    except (ValueError, KeyError, IndexError) as fault:
        raise Refused("file-damaged", sheet=sheet.name, cell=reference, part=sheet.name[:120]) from fault
    if len(texts) + blank != len(cells.references):
        raise Refused("file-inconsistent", sheet=sheet.name, part=sheet.name[:120])


def _unshared(way: str, value: str) -> tuple[str, str]:
    """Spell a cell whose text is not among the shared ones; gives text and kind."""
    if way == "b":
        return ("TRUE" if value in ("1", "true") else "FALSE"), "b"
    if way == "iso":
        return iso_text(value), "d"
    if way in ("e", "str"):
        return unescaped(value), ("e" if way == "e" else "")
    return _number(way, value) if len(value) < _SHORT else _number.__wrapped__(way, value)


@functools.lru_cache(maxsize=10_000)
def _number(way: str, value: str) -> tuple[str, str]:
    """Spell a number as its format shows it; the same days and counts come again and again."""
    if way == "%":
        return percent_text(value), "n"
    text = None
    if way in ("d", "d1904"):
        text = date_text(value, since_1904=way == "d1904")
    elif way == "t":
        text = duration_text(value)
    return (text, "d") if text else (number_text(value), "n")


def _plain_cells(text: str) -> Cells | None:
    """Take the cells that hold a value by pattern; None unless every tag between them is accounted for.

    A value costs four tags, a blank cell, a row's beginning and its end one each; formulas, inline texts, prefixes,
    comments or a sheet that breaks off make the sum wrong, and lxml has to say what they are. What stands between two
    values is joined by a character that no tag may have, so that none comes about that the file has not. Most of it
    differs in numbers only, and is looked at once.
    """
    start, end = text.find(_DATA), text.find(_DATA_END)
    body = text[start + len(_DATA) : end]
    if not 0 <= start < end or "&" in body or "\r" in body or _ends_cdata(body):
        return None
    pieces = _VALUED_CELL.split(body)
    cells, between = Cells(pieces[1::4], pieces[2::4], pieces[3::4]), "&".join(pieces[::4])
    opened, closed = between.count("<row"), between.count("</row>")
    if opened != closed and opened != closed + len(_BLANK_ROW.findall(between)):
        return None
    tags = between.translate(_NO_DIGITS).split("<")[1:]
    if body.count("<") != len(tags) + 4 * len(cells.references) or not all(map(_is_known, set(tags))):
        return None
    return cells if all(map(_ATTRIBUTES.fullmatch, set(cells.attributes))) else None


def _is_known(tag: str) -> bool:
    """Tell whether a tag between two values is one that may be there, and names no attribute twice (ill-formed)."""
    found = _BETWEEN.fullmatch(tag)
    names = (found[1] or "").split('"')[::2] if found else ()
    return found is not None and len(set(names)) == len(names)


def _ends_cdata(text: str) -> bool:
    """Tell whether a text has what no XML text may have outside a CDATA section. The sign alone is found far faster."""
    return "]" in text and "]]>" in text


def _around(text: str) -> str:
    """Give a sheet without its rows, which the pattern has taken, and without its foot line: that names the ledger."""
    return text[: text.find(_DATA) + len(_DATA)] + _FOOT.sub("<headerFooter/>", text[text.find(_DATA_END) :], count=1)


@functools.lru_cache(maxsize=64)
def _merges_of(around: str, name: str) -> list[Range]:
    """Take the merged ranges from what stands around the rows; ledgers of one program mostly have it alike.

    Seen in mutants: where it was damaged, merged ranges went lost in silence. So lxml has to find it sound.
    """
    return _merges(xml_root(around, name))


def _merges(root: "Element") -> list[Range]:
    """Take the merged ranges; what is no range of two cells merges nothing."""
    items = next(root.iterchildren("{*}mergeCells"), ())
    found = (_RANGE.fullmatch(item.get("ref", "")) for item in items)
    return [(*PLACES[each[1]], *PLACES[each[2]]) for each in found if each]


def _any_cells(root: "Element") -> tuple[Cells, dict[str, str]]:
    """Take the cells that hold a value, and the formulas by reference, from a parsed sheet."""
    cells: list[tuple[str, str, str]] = []
    formulas: dict[str, str] = {}
    masters: dict[str, tuple[str, str]] = {}
    row = column = 0
    for line in root.iterfind("{*}sheetData/{*}row"):
        row, column = int(line.get("r", row + 1)), 0
        for cell in line.iterfind("{*}c"):
            reference = cell.get("r") or cell_name(row - 1, column)
            column = PLACES[reference][1] + 1
            value, inline = cell.find("{*}v"), cell.find("{*}is")
            if inline is not None:
                cells.append((reference, ' t="str"', text_of(inline)))
            elif value is not None:
                attributes = "".join(f' {name}="{cell.get(name)}"' for name in "st" if cell.get(name))
                cells.append((reference, attributes, value.text or ""))
            formula = cell.find("{*}f")
            if formula is not None:
                formulas[reference] = _formula(formula, reference, masters)
    return Cells(*map(list, zip(*cells, strict=True))) if cells else Cells((), (), ()), formulas


def _formula(element: "Element", reference: str, masters: dict[str, tuple[str, str]]) -> str:
    """Give a formula's text; one that was dragged over several cells is written once, and moved for the others."""
    text, shared = unescaped(element.text or ""), element.get("si", "")
    if element.get("t") != "shared":
        return f"={text}"
    if text:
        masters[shared] = reference, text
        return f"={text}"
    from openpyxl.formula.tokenizer import TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    origin, text = masters.get(shared, (reference, ""))
    try:
        return str(Translator(f"={text}", origin).translate_formula(reference))
    except (TokenizerError, TranslatorError):
        return f"={text}"
