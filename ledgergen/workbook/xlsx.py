"""Read an .xlsx (ECMA-376): which sheets it has, what they share, and what it has beside the cells."""

import functools
import posixpath
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from ledgergen.workbook.beside import MOST_NOTES, all_text, constant, note, time_of_saving
from ledgergen.workbook.grid import Workbook, shown_as
from ledgergen.workbook.inspect import Parts, Refused, xml_root, xml_text
from ledgergen.workbook.raw_sheet import RawSheet, bounded
from ledgergen.workbook.xlsx_cells import Shared, Ways, fill_sheet
from ledgergen.workbook.xlsx_texts import shared_texts

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element


def read_xlsx(parts: Parts) -> Workbook:
    """Read the parts of an .xlsx or .xlsm.

    Raises:
        Refused: with what is wrong, and where.
    """
    book_part = _main_part(parts)
    root = xml_root(xml_text(parts, book_part), book_part)
    related = _related(parts, book_part)
    shared = _shared(parts, dict(related.values()), root)
    sheets = []
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        target = next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        kind, part = related.get(target, ("worksheet", ""))
        if kind == "worksheet":
            sheets.append((RawSheet(sheet.get("name", ""), sheet.get("state", "visible") != "visible"), part))
    grids = [fill_sheet(sheet, xml_text(parts, part), shared).grid() for sheet, part in bounded(sheets)]
    properties, saved = _properties(parts)
    notes = tuple(islice(_notes(parts), MOST_NOTES))
    return Workbook("xlsx", tuple(grids), saved, properties, _names(root), notes)


def _shared(parts: Parts, by_kind: Mapping[str, str], root: "Element") -> Shared:
    strings = shared_texts(xml_text(parts, by_kind["sharedStrings"])) if "sharedStrings" in by_kind else ()
    shown = _shown(xml_text(parts, by_kind["styles"])) if "styles" in by_kind else ()
    settings = root.find("{*}workbookPr")
    since_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    return Shared(dict(zip(_numerals(len(strings) // 1000 + 1), strings, strict=False)), Ways(shown, since_1904))


@functools.lru_cache(maxsize=16)
def _numerals(thousands: int) -> list[str]:
    return [str(number) for number in range(thousands * 1000)]


@functools.lru_cache(maxsize=64)
def _shown(text: str) -> list[str]:
    """Tell for each cell style what it shows numbers as; files of one program mostly share their styles."""
    root = xml_root(text, "styles")
    codes = {item.get("numFmtId", ""): item.get("formatCode", "") for item in root.iterfind("{*}numFmts/{*}numFmt")}
    ids = [style.get("numFmtId", "0") for style in root.iterfind("{*}cellXfs/{*}xf")]
    return [shown_as(int(each) if each.isdecimal() else 0, codes.get(each, "")) for each in ids]


def _main_part(parts: Parts) -> str:
    if "xl/workbook.xml" in parts:
        return "xl/workbook.xml"
    return dict(_related(parts, "").values()).get("officeDocument", "")


def _related(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Give the relations of a part by id: their kind (the last word of its address) and the part they lead to."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    return _relations(xml_text(parts, name), name, folder)


@functools.lru_cache(maxsize=64)
def _relations(text: str, name: str, folder: str) -> dict[str, tuple[str, str]]:
    related = {}
    for relation in xml_root(text, name):
        target = relation.get("Target", "").replace("\\", "/")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
        related[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], path
    return related


def _properties(parts: Parts) -> tuple[dict[str, str], str]:
    """Read the custom properties, the keywords and the time of saving; hints all, so a broken part is passed over."""
    properties: dict[str, str] = {}
    saved = ""
    for part in ("docprops/custom.xml", "docprops/core.xml"):
        try:
            root = xml_root(xml_text(parts, part), part)
        except Refused:
            continue
        for item in root.iterchildren("{*}property", "{*}keywords", "{*}modified"):
            if item.tag.endswith("property"):
                properties[item.get("name", "")] = all_text(item)
            elif item.tag.endswith("modified"):
                saved = saved or item.text or ""
            elif item.text:
                properties["keywords"] = item.text
    return properties, time_of_saving(saved)


def _names(root: "Element") -> dict[str, str]:
    names = {}
    for item in root.iterfind("{*}definedNames/{*}definedName"):
        text = constant((item.text or "").strip())
        if text is not None:
            names[item.get("name", "")] = text
    return names


def _notes(parts: Parts) -> Iterator[str]:
    """Quote what a unit may have written beside the cells: comments and text boxes (safety rules, invariant 6)."""
    for name in parts:
        if name.startswith(("xl/comments", "xl/drawings/drawing")) and name.endswith(".xml"):
            try:
                root = xml_root(xml_text(parts, name), name)
            except Refused:
                yield name
                continue
            yield from (note(f"comment {item.get('ref', '')}", item) for item in root.iter("{*}comment"))
            yield from (note("text box", item) for item in root.iter("{*}txBody"))
    if "xl/vbaproject.bin" in parts:
        yield "macros"
