"""Read a foreign workbook into grids of text. Runs inside the worker process only (:mod:`ledgergen.workbook.pool`).

Why .xlsx and .ods are not read with calamine, which reads .xls here. Seen with calamine 0.9: formulas, error cells and
long numbers are dropped or rounded, ``-3`` shown as a date becomes 00:00, tabs in .ods vanish, uncached formulas read
as 0.0, a 6 KB file aborts the process; so the XML had to be read anyhow. The container is inflated and checked once
(:mod:`ledgergen.workbook.inspect`); cells as programs usually write them are then taken by a pattern that accounts for
every tag, and whatever it cannot account for goes through lxml. That is exact, and takes about as long as looking
into the container, calamine, and spelling its values as text would together.
"""

import csv
import functools
import io
import posixpath
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from ledgergen.findings import Finding
from ledgergen.workbook import inspect
from ledgergen.workbook.grid import (
    MAX_CELLS,
    MAX_SHEETS,
    PLACES,
    Grid,
    Merge,
    Place,
    Workbook,
    cell_name,
    date_text,
    duration_text,
    number_text,
    percent_text,
    shown_as,
    unescaped,
)
from ledgergen.workbook.inspect import Refused

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from python_calamine import CalamineWorkbook

_T = TypeVar("_T")
Cell: TypeAlias = tuple[str, str, str]  # reference, further attributes, value, all as the file spells them
Parts: TypeAlias = Mapping[str, bytes]

_PLAIN_CELL: Final = re.compile(
    r'<c r="([^"]*+)"([^>]*+)><v>([^<]*+)</v></c>|<c [^>]*+>|</?row[^>]*+>'  # nothing here ever tries twice
)
_ATTRIBUTES: Final = re.compile(r'(?: s="([0-9]{1,6})")?(?: t="([a-z]{1,3})")?')
_LOOKS: Final = re.compile(r"<rPr>(?:<\w[^<>]*+>)*+</rPr>")
_PHONETIC: Final = re.compile(r"<phoneticPr [^<>]*/>")
_MERGE: Final = re.compile(r'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"')
_ENTITY: Final = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_SAVED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_ISO: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})[.,\d]*)?")
_TIME: Final = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_CONSTANT: Final = re.compile(r'"((?:[^"]|"")*)"')
_MOST_BLANKS: Final = 32_767  # characters that a cell can hold
_REFERENCE_OF: Final = itemgetter(0)
_SHORT: Final = 30  # characters of a number that is worth remembering
_MOST_NOTES, _LONGEST_NOTE = 200, 2_000
_OFFICE, _TABLE, _TEXT, _STYLE, _META = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text", "style", "meta")
)
_CALCEXT: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def read_workbook(name: str, data: bytes) -> tuple[Workbook | None, list[Finding]]:
    """Read a file by its bytes, whatever its name says: .xlsx and .xlsm, .xls, .ods, and CSV.

    Gives None and the finding that says why where it cannot be read. Unforeseen faults are raised; the worker makes
    findings of them.
    """
    readers = {"zip": _read_package, "ole": _read_compound, "text": _read_csv}
    try:
        workbook = readers[inspect.sniff(data)](data)
    except Refused as refusal:
        return None, [refusal.finding(name)]
    return workbook, []


def _read_package(data: bytes) -> Workbook:
    parts = inspect.open_package(data)
    return {"xlsx": _read_xlsx, "ods": _read_ods}[inspect.package_format(parts)](parts)


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is read: what is in its cells, by place."""

    name: str
    hidden: bool
    texts: dict[Place, str] = field(default_factory=dict)
    kinds: dict[Place, str] = field(default_factory=dict)
    cached: dict[Place, str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    def grid(self) -> Grid:
        """Lay the cells out in rows; merged ranges are cut to them."""
        if not self.texts:
            return Grid(self.name, self.hidden, ())
        height = max(map(itemgetter(0), self.texts)) + 1
        width = max(map(itemgetter(1), self.texts)) + 1
        inspect.check_area(self.name, height - 1, width - 1)
        rows = [[""] * width for _ in range(height)]
        for (row, column), text in self.texts.items():
            rows[row][column] = text
        merged = [
            (top, left, min(bottom, height - 1), min(right, width - 1))
            for top, left, bottom, right in self.merges
            if top < height and left < width and (top, left) != (bottom, right)
        ]
        if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in merged) > MAX_CELLS:
            raise Refused("file-too-complex", sheet=self.name, part="mergeCells", limit=MAX_CELLS)
        return Grid(self.name, self.hidden, tuple(map(tuple, rows)), self.kinds, self.cached, tuple(merged))


def _bounded(sheets: list[_T]) -> list[_T]:
    """Give the sheets, if there are any and not too many."""
    if not sheets:
        raise Refused("workbook-without-sheets")
    if len(sheets) > MAX_SHEETS:
        raise Refused("file-too-many-parts", limit=MAX_SHEETS)
    return sheets


# --- xlsx (ECMA-376) ---


class _Ways(dict[str, str | None]):
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


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of an .xlsx share: its texts by number as the file writes it, and how cells are read."""

    strings: Mapping[str, str]
    ways: _Ways


def _read_xlsx(parts: Parts) -> Workbook:
    book_part = _main_part(parts)
    root = inspect.xml_root(inspect.xml_text(parts, book_part), book_part)
    related = _related(parts, book_part)
    book = _shared(parts, dict(related.values()), root)
    sheets = []
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        target = next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        kind, part = related.get(target, ("worksheet", ""))
        if kind == "worksheet":
            sheets.append((_Sheet(sheet.get("name", ""), sheet.get("state", "visible") != "visible"), part))
    grids = [_xlsx_sheet(sheet, inspect.xml_text(parts, part), book).grid() for sheet, part in _bounded(sheets)]
    properties, saved = _xlsx_properties(parts)
    notes = tuple(islice(_xlsx_notes(parts), _MOST_NOTES))
    return Workbook("xlsx", tuple(grids), saved, properties, _xlsx_names(root), notes)


def _shared(parts: Parts, by_kind: Mapping[str, str], root: "Element") -> _Book:
    strings = _strings(inspect.xml_text(parts, by_kind["sharedStrings"])) if "sharedStrings" in by_kind else ()
    shown = _shown(inspect.xml_text(parts, by_kind["styles"])) if "styles" in by_kind else ()
    settings = root.find("{*}workbookPr")
    since_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    return _Book(dict(zip(_numerals(len(strings) // 1000 + 1), strings, strict=False)), _Ways(shown, since_1904))


def _main_part(parts: Parts) -> str:
    if "xl/workbook.xml" in parts:
        return "xl/workbook.xml"
    return dict(_related(parts, "").values()).get("officeDocument", "")


def _related(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Give the relations of a part by id: their kind (the last word of its address) and the part they lead to."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    return _relations(inspect.xml_text(parts, name), name, folder)


@functools.lru_cache(maxsize=64)
def _relations(text: str, name: str, folder: str) -> dict[str, tuple[str, str]]:
    related = {}
    for relation in inspect.xml_root(text, name):
        target = relation.get("Target", "").replace("\\", "/")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
        related[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], path
    return related


def _xlsx_sheet(sheet: _Sheet, text: str, book: _Book) -> _Sheet:
    """Read the cells of a sheet.

    Raises:
        Refused: ``file-damaged`` at the cell that cannot be, ``file-inconsistent`` for a cell that is there twice.
    """
    cells = _plain_cells(text)
    formulas: Mapping[str, str] = {}
    try:
        if cells is None:
            cells, formulas = _any_cells(inspect.xml_root(text, sheet.name))
        _fill(sheet, cells, book)
        valued = {cell[0] for cell in cells} if formulas else set()
        for reference, formula in formulas.items():
            place = PLACES[reference]
            if reference in valued:
                sheet.cached[place] = sheet.texts.get(place, "")
            sheet.texts[place], sheet.kinds[place] = formula, "f"
        found = _MERGE.findall(text, text.rfind("sheetData"))
        sheet.merges = [(*PLACES[first], *PLACES[last]) for first, last in found]
    except ValueError as fault:  # a reference or a row's number that is none
        raise Refused("file-damaged", sheet=sheet.name, part=sheet.name) from fault
    return sheet


def _fill(sheet: _Sheet, cells: Sequence[Cell], book: _Book) -> None:
    """Put every cell's text in its place. This loop is a third of the time that reading takes."""
    texts, strings, ways, places = sheet.texts, book.strings, book.ways, PLACES
    reference, blank = "", 0
    try:
        for reference, attributes, value in cells:
            way = ways[attributes]
            text, mark = (strings[value], "") if way is None else _unshared(way, value)
            if not text:
                blank += 1
                continue
            place = places[reference]
            texts[place] = text
            if mark:
                sheet.kinds[place] = mark
    except (ValueError, KeyError, IndexError) as fault:
        raise Refused("file-damaged", sheet=sheet.name, cell=reference, part=sheet.name) from fault
    if len(texts) + blank != len(cells):
        raise Refused("file-inconsistent", sheet=sheet.name, part=sheet.name)


def _unshared(way: str, value: str) -> tuple[str, str]:
    """Spell a cell whose text is not among the shared ones; gives text and kind."""
    if way == "b":
        return ("TRUE" if value in ("1", "true") else "FALSE"), "b"
    if way == "iso":
        return _iso(value), "d"
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


def _plain_cells(text: str) -> list[Cell] | None:
    """Take the cells that hold a value by pattern; None unless every tag between them is accounted for.

    A value costs four tags, a blank cell, a row's beginning and its end one each; formulas, inline texts, prefixes,
    comments or a sheet that breaks off make the sum wrong, and lxml has to say what they are.
    """
    start, end = text.find("<sheetData>"), text.find("</sheetData>")
    body = text[start + len("<sheetData>") : end]
    if not (0 <= start < end and text.endswith("</worksheet>", end)) or "&" in body or "\r" in body:
        return None
    found: list[Cell] = _PLAIN_CELL.findall(body)
    cells = list(filter(_REFERENCE_OF, found))
    if body.count("<") != len(found) + 3 * len(cells):
        return None
    return cells if all(map(_ATTRIBUTES.fullmatch, {cell[1] for cell in cells})) else None


def _any_cells(root: "Element") -> tuple[list[Cell], dict[str, str]]:
    """Take the cells that hold a value, and the formulas by reference, from a parsed sheet."""
    cells: list[Cell] = []
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
                cells.append((reference, ' t="str"', _string(inline)))
            elif value is not None:
                attributes = "".join(f' {name}="{cell.get(name)}"' for name in "st" if cell.get(name))
                cells.append((reference, attributes, value.text or ""))
            formula = cell.find("{*}f")
            if formula is not None:
                formulas[reference] = _formula(formula, reference, masters)
    return cells, formulas


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


def _strings(text: str) -> list[str]:
    """Read the shared texts; ``uniqueCount`` is not asked. Rich text is joined, phonetic runs are left out.

    What programs usually write is brought into one plain form by replacing tags, which no text can contain, and then
    split; where the tags do not add up, lxml reads it. (Seen: LibreOffice makes rich text of every text that mixes
    Chinese and Latin letters, Chinese Excel adds phonetic properties to every text.)
    """
    plain = text.replace('<t xml:space="preserve">', "<t>")
    if "<phoneticPr" in plain:
        plain = _PHONETIC.sub("", plain)
    if "<r>" in plain:
        plain = _LOOKS.sub("", plain).replace("</t></r><r><t>", "")
        plain = plain.replace("<si><r><t>", "<si><t>").replace("</t></r></si>", "</t></si>")
    start, end = plain.find("<si><t>") + len("<si><t>"), plain.rfind("</t></si>")
    found = plain[start:end].split("</t></si><si><t>")
    tags = 4 * len(found) + 2 + plain.count("<?", 0, start)
    is_plain = plain.count("<") == tags and plain[end:].strip() == "</t></si></sst>"
    if is_plain and "&" in plain:
        is_plain = len(_ENTITY.findall(plain)) == plain.count("&")
        found = [_ENTITY.sub(_character, each) if "&" in each else each for each in found]
    if not is_plain or "\r" in plain:
        found = [_string(item) for item in inspect.xml_root(text, "sharedStrings").iterfind("{*}si")]
    return [unescaped(each) for each in found] if "_x" in plain else found


@functools.lru_cache(maxsize=16)
def _numerals(thousands: int) -> list[str]:
    return [str(number) for number in range(thousands * 1000)]


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _ENTITIES[found[3]]
    number = int(found[1], 16) if found[1] else int(found[2])
    return chr(number) if not 0xD800 <= number < 0xE000 and number <= sys.maxunicode else "\ufffd"  # noqa: PLR2004


def _string(item: "Element") -> str:
    runs = [*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t")]
    return "".join(run.text or "" for run in runs)


@functools.lru_cache(maxsize=64)
def _shown(text: str) -> list[str]:
    """Tell for each cell style what it shows numbers as; files of one program mostly share their styles."""
    root = inspect.xml_root(text, "styles")
    codes = {item.get("numFmtId", ""): item.get("formatCode", "") for item in root.iterfind("{*}numFmts/{*}numFmt")}
    ids = [style.get("numFmtId", "0") for style in root.iterfind("{*}cellXfs/{*}xf")]
    return [shown_as(int(each) if each.isdecimal() else 0, codes.get(each, "")) for each in ids]


def _xlsx_properties(parts: Parts) -> tuple[dict[str, str], str]:
    """Read the custom properties, the keywords and the time of saving; hints all, so a broken part is passed over."""
    properties: dict[str, str] = {}
    saved = ""
    for part in ("docprops/custom.xml", "docprops/core.xml"):
        try:
            root = inspect.xml_root(inspect.xml_text(parts, part), part)
        except Refused:
            continue
        properties |= {item.get("name", ""): _all_text(item) for item in root.iterfind("{*}property")}
        if keywords := root.findtext("{*}keywords"):
            properties["keywords"] = keywords
        saved = root.findtext("{*}modified", "")
    return properties, saved if _SAVED.fullmatch(saved) else ""


def _xlsx_names(root: "Element") -> dict[str, str]:
    names = {}
    for item in root.iterfind("{*}definedNames/{*}definedName"):
        text = (item.text or "").strip()
        if constant := _CONSTANT.fullmatch(text):
            names[item.get("name", "")] = constant[1].replace('""', '"')
    return names


def _xlsx_notes(parts: Parts) -> Iterator[str]:
    """Quote what a unit may have written beside the cells: comments and text boxes (safety rules, invariant 6)."""
    for name in parts:
        if name.startswith(("xl/comments", "xl/drawings/drawing")) and name.endswith(".xml"):
            try:
                root = inspect.xml_root(inspect.xml_text(parts, name), name)
            except Refused:
                yield name
                continue
            yield from (_note(f"comment {item.get('ref', '')}", item) for item in root.iter("{*}comment"))
            yield from (_note("text box", item) for item in root.iter("{*}txBody"))
    if "xl/vbaproject.bin" in parts:
        yield "macros"


def _note(what: str, item: "Element") -> str:
    return f"{what}: {_all_text(item)}"[:_LONGEST_NOTE]


def _all_text(item: "Element") -> str:
    return "".join(map(str, item.itertext()))


def _tag(item: "Element") -> str:
    return str(item.tag).rpartition("}")[2]


# --- ods (OpenDocument 1.3, part 3) ---


def _read_ods(parts: Parts) -> Workbook:
    root = inspect.xml_root(inspect.xml_text(parts, "content.xml"), "content.xml")
    hidden = {
        style.get(_STYLE + "name", "")
        for style in root.iterfind("{*}automatic-styles/{*}style")
        if any(item.get(_TABLE + "display") == "false" for item in style)
    }
    tables = _bounded(root.findall("{*}body/{*}spreadsheet/{*}table"))
    names = {
        item.get(_TABLE + "name", ""): constant[1].replace('""', '"')
        for item in root.iterfind("{*}body/{*}spreadsheet/{*}named-expressions/{*}named-expression")
        if (constant := _CONSTANT.fullmatch(item.get(_TABLE + "expression", "").removeprefix("of:=")))
    }
    grids = [_ods_sheet(table, table.get(_TABLE + "style-name", "") in hidden).grid() for table in tables]
    quoted = (_note("comment", part) for item in root.iter("{*}annotation") for part in item.iterfind("{*}p"))
    notes = tuple(islice(quoted, _MOST_NOTES))
    properties, saved = _ods_properties(parts)
    return Workbook("ods", tuple(grids), saved, properties, names, notes)


def _ods_sheet(table: "Element", hidden: bool) -> _Sheet:  # noqa: FBT001 - the record's own field
    """Read the cells of a table; repetitions count only where there is a value to repeat."""
    sheet = _Sheet(table.get(_TABLE + "name", ""), hidden)
    row = 0
    for line in _ods_rows(table):
        rows = _count(line, "number-rows-repeated")
        column = 0
        for cell in line:
            columns = _count(cell, "number-columns-repeated")
            text, kind, cached = _ods_cell(cell)
            if text:
                if len(sheet.texts) + rows * columns > MAX_CELLS:
                    inspect.check_area(sheet.name, row + rows, MAX_CELLS)
                places = [(each, other) for each in range(row, row + rows) for other in range(column, column + columns)]
                sheet.texts |= dict.fromkeys(places, text)
                sheet.kinds |= dict.fromkeys(places if kind else (), kind)
                sheet.cached |= dict.fromkeys(places if cached is not None else (), cached or "")
            below, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            if below > 1 or right > 1:
                sheet.merges.append((row, column, row + below - 1, column + right - 1))
            column += columns
        row += rows
    return sheet


def _ods_rows(table: "Element") -> Iterator["Element"]:
    for item in table:
        tag = _tag(item)
        if tag == "table-row":
            yield item
        elif tag in ("table-header-rows", "table-row-group", "table-rows"):
            yield from _ods_rows(item)


def _ods_cell(cell: "Element") -> tuple[str, str, str | None]:
    """Give text, kind, and what a formula came to (None where it is no formula)."""
    kind = cell.get(_OFFICE + "value-type", "")
    text = cell.get(_OFFICE + "string-value") or "\n".join(map(_ods_paragraph, cell.iterfind("{*}p")))
    mark = {"float": "n", "currency": "n", "percentage": "n", "date": "d", "time": "d", "boolean": "b"}.get(kind, "")
    if kind in ("float", "currency"):
        text = number_text(cell.get(_OFFICE + "value", text))
    elif kind == "percentage":
        text = percent_text(cell.get(_OFFICE + "value", text))
    elif kind in ("date", "time"):
        text = _iso(cell.get(f"{_OFFICE}{kind}-value", text))
    elif kind == "boolean":
        text = cell.get(_OFFICE + "boolean-value", text).upper()
    elif cell.get(_CALCEXT + "value-type") == "error":
        mark = "e"
    formula = cell.get(_TABLE + "formula")
    return (text, mark, None) if formula is None else ("=" + formula.partition("=")[2], "f", text)


def _ods_paragraph(paragraph: "Element") -> str:
    """Give the text of a paragraph, notes left out.

    White space is taken as it stands. The standard would collapse it (part 3, 6.1.2), but LibreOffice neither does so
    nor writes what it means as elements: seen in cells of several lines.
    """
    pieces = [paragraph.text or ""]
    for item in paragraph.iterdescendants():
        tag = _tag(item)
        if tag == "s":
            pieces.append(" " * min(_count(item, "c", _TEXT), _MOST_BLANKS))
        else:
            pieces.append({"tab": "\t", "line-break": "\n"}.get(tag) or item.text or "")
        pieces.append(item.tail or "")
    return "".join(pieces)


def _ods_properties(parts: Parts) -> tuple[dict[str, str], str]:
    """Read the user-defined properties, the keywords and the time of saving; hints, as in .xlsx."""
    try:
        root = inspect.xml_root(inspect.xml_text(parts, "meta.xml"), "meta.xml")
    except Refused:
        return {}, ""
    properties = {item.get(_META + "name", ""): _all_text(item) for item in root.iter("{*}user-defined")}
    if keywords := [item.text for item in root.iter("{*}keyword") if item.text]:
        properties["keywords"] = " ".join(keywords)
    saved = next((item.text or "" for item in root.iter("{*}date")), "")
    return properties, saved if _SAVED.fullmatch(saved) else ""


def _count(element: "Element", name: str, space: str = _TABLE) -> int:
    """Read how often something is repeated; at least once, and never more than a sheet has rows."""
    written = element.get(space + name, "1")
    return max(1, min(int(written), 1 << 20)) if written.isdecimal() and len(written) < 9 else 1  # noqa: PLR2004


def _iso(written: str) -> str:
    """Spell an ISO date, time or duration as the grid does; what is none of them stays as it is."""
    if found := _ISO.fullmatch(written.strip()):
        return found[1] + (f" {found[2]}" if found[2] and found[2] != "00:00:00" else "")
    if found := _TIME.fullmatch(written.strip()):
        return f"{found[1]:>02}:{found[2]:>02}:{found[3]:>02}"
    return written


# --- xls ([MS-XLS], through calamine) ---


def _read_compound(data: bytes) -> Workbook:
    compound = inspect.Compound(data)
    if "EncryptedPackage" in compound:
        raise Refused("file-encrypted")
    stream = next((name for name in ("Workbook", "Book") if name in compound), None)
    if stream is None:
        raise Refused("file-not-a-workbook", kind=compound.kind())
    looked_into = inspect.look_into_xls(compound.stream(stream))
    sheets = _through_calamine(data, stream)
    if looked_into and len(looked_into) == len(sheets):
        for sheet, cells in zip(sheets, looked_into, strict=True):
            if sheet:
                _overlay(sheet, cells)
    found = _bounded([sheet for sheet in sheets if sheet])
    notes = ("formulas",) if looked_into is None or any(sheet.cached for sheet in found) else ()
    return Workbook("xls", tuple(sheet.grid() for sheet in found), notes=notes)


def _through_calamine(data: bytes, stream: str) -> list[_Sheet | None]:
    """Read each sheet of an .xls; None for those that hold charts or macros."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            _xls_sheet(_Sheet(about.name, about.visible != SheetVisibleEnum.Visible), book, position)
            if about.typ == SheetTypeEnum.WorkSheet  # equal, not the same: calamine 0.4 makes them anew
            else None
            for position, about in enumerate(book.sheets_metadata)
        ]
    except PasswordError as fault:
        raise Refused("file-encrypted") from fault
    except CalamineError as fault:
        raise Refused("file-damaged", part=stream) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # what a panic in Rust becomes; seen: on an .xls that breaks off
            raise
        raise Refused("file-damaged", part=stream) from fault


def _xls_sheet(sheet: _Sheet, book: "CalamineWorkbook", position: int) -> _Sheet:
    """Spell the values that calamine gives of a sheet; an .xls holds every number as a float, so 15 digits are true."""
    found = book.get_sheet_by_index(position)
    for row, line in enumerate(found.to_python(skip_empty_area=False)):
        for column, value in enumerate(line):
            text, kind = (value, "") if isinstance(value, str) else _xls_text(value)
            if text:
                sheet.texts[row, column] = text
            if kind:
                sheet.kinds[row, column] = kind
    sheet.merges = [(*first, *last) for first, last in found.merged_cell_ranges or ()]
    return sheet


def _xls_text(value: float | date | time | timedelta) -> tuple[str, str]:
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "b"
    if isinstance(value, int | float):
        return number_text(repr(value)), "n"
    if isinstance(value, timedelta):
        return duration_text(str(value / timedelta(days=1))) or str(value), "d"
    return _iso(value.isoformat()), "d"


def _overlay(sheet: _Sheet, cells: inspect.XlsCells) -> None:
    """Lay formulas and error cells over what calamine gave."""
    for place, text in cells.formulas.items():
        sheet.cached[place] = sheet.texts.get(place, "") if text is None else text
        sheet.texts[place], sheet.kinds[place] = "=", "f"
    sheet.texts |= cells.errors
    sheet.kinds |= dict.fromkeys(cells.errors, "e")


# --- csv ---


def _read_csv(data: bytes) -> Workbook:
    """Read a CSV file with commas, semicolons or tabs between the cells: whichever splits its first lines into more.

    What looks like a number counts as one, for 9.30 came out of a spreadsheet as 9.3; its text stays as it is.
    """
    text = inspect.plain_text(data)
    sheet = _Sheet("", hidden=False)
    try:
        delimiter = max(",;\t", key=lambda mark: sum(len(line) - 1 for line in _head(text, mark)))
        for row, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            sheet.texts |= {(row, column): cell for column, cell in enumerate(line) if cell}
            sheet.kinds |= {(row, column): "n" for column, cell in enumerate(line) if _NUMBER.fullmatch(cell)}
    except csv.Error as fault:  # a quote that is never closed swallows the rest
        raise Refused("file-damaged", part="csv") from fault
    if not sheet.texts:
        raise Refused("file-empty")
    return Workbook("csv", (sheet.grid(),))


def _head(text: str, delimiter: str) -> Iterable[list[str]]:
    return islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 40)
