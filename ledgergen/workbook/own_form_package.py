"""An office's own form as a package: what of it openpyxl can carry, what is grafted back, what would be lost.

openpyxl reads a workbook into its own records and writes those: shapes, pictures in all their details, charts, controls
and whatever is newer than 2007 are gone, and pictures need Pillow. So it is given only what it carries faithfully; the
drawings of a sheet (pictures, shapes, text boxes: the red line, the emblem) go round it and are put back as they were
(:mod:`.own_form_graft`); the rest is named, so that the office can take it out or live without it. What could make
openpyxl work for hours (a merged range of a whole sheet, a link on a million cells) is refused here.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.grid import Merge
from ledgergen.workbook.inspect import Refused, open_package, package_format
from ledgergen.workbook.own_form_drawing import Drawing, drawing_of
from ledgergen.workbook.own_form_parts import (
    MAIN,
    RELATED,
    parts_of,
    place_of,
    relations,
    relations_part,
    root_of,
    written,
)

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

LARGEST_FORM: Final = 5_000_000  # bytes; a form with its emblem has some 50,000
MOST_CELLS: Final = 200_000  # of all sheets, blank ones with a look included
MOST_MERGED: Final = 50_000  # cells in merged ranges; openpyxl makes an object of each
_MOST_XML: Final = 30_000_000  # bytes, inflated


_WORKBOOK: Final = "xl/workbook.xml"
_KEPT_PARTS: Final = (
    *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"),
    *(_WORKBOOK, "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml", "xl/theme/theme1.xml"),
)
_KEPT_KINDS: Final = frozenset({"worksheet", "styles", "theme", "sharedStrings"})
_LINK: Final = re.compile(r"(https?://|mailto:)", re.IGNORECASE)

# What is not carried: by the kind of the relation that leads to it …
_LOST_RELATIONS: Final = {
    "comments": "批注 (comments)",
    "threadedComment": "批注 (comments)",
    "table": "表格样式 (table)",
    "pivotTable": "数据透视表 (pivot table)",
    "slicer": "切片器 (slicer)",
    "timeline": "日程表 (timeline)",
    "oleObject": "嵌入对象 (embedded object)",
    "package": "嵌入对象 (embedded object)",
    "control": "控件 (form control)",
    "ctrlProp": "控件 (form control)",
    "image": "工作表背景图 (background picture)",
    "externalLink": "引用其他文件的链接 (links to other files)",
    "vbaProject": "宏 (macros)",
    "connections": "数据连接 (data connections)",
    "queryTable": "数据连接 (data connections)",
}
# … and by the elements of the sheet itself. The rest of these goes without a word: nobody sees it.
_LOST_ELEMENTS: Final = {
    "dataValidations": "引用其他工作表的下拉列表 (lists of newer Excel)",
    "conditionalFormattings": "新版条件格式 (newer conditional formats)",
    "sparklineGroups": "迷你图 (sparklines)",
    "legacyDrawingHF": "页眉页脚图片 (pictures in header or footer)",
}
_TAKEN_OUT: Final = (
    *("drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "tableParts", "extLst"),
    *("customSheetViews", "webPublishItems", "customProperties"),
)


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet of a form: its name and XML, what lies over it, its header and footer as written, what is not carried.

    ``merged`` are its merged ranges, whole: first row, first column, last row, last column, from 0; ``merged_looks``
    the cells in them with the number of each one's look.
    """

    name: str
    xml: bytes
    merged: tuple[Merge, ...]
    merged_looks: tuple[tuple[int, int, int], ...]
    drawing: Drawing | None
    header_footer: bytes
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormPackage:
    """A form taken apart: the bytes that openpyxl is given, the sheets in order, what of the whole is not carried."""

    plain: bytes
    styles: bytes
    sheets: tuple[FormSheet, ...]
    lost: tuple[str, ...]

    def sheet(self, name: str) -> FormSheet:
        """Give a sheet by its name; ``KeyError`` where there is none."""
        found = next((sheet for sheet in self.sheets if sheet.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


def open_form(data: bytes) -> FormPackage:
    """Take a form apart, within bounds.

    Raises:
        Refused: it is damaged, encrypted, no .xlsx, too large, or made so that openpyxl would not come to an end.
    """
    if len(data) > LARGEST_FORM:
        raise Refused("file-too-large", size=len(data), limit=LARGEST_FORM)
    if not data.startswith(b"PK"):
        raise Refused("file-not-a-workbook", kind="")
    checked = open_package(data)
    if package_format(checked) != "xlsx":
        raise Refused("file-not-a-workbook", kind="OpenDocument")
    if sum(map(len, checked.values())) > _MOST_XML:
        raise Refused("file-unpacks-too-large", part="", limit=_MOST_XML >> 20)
    parts = parts_of(data)
    root = root_of(parts, _WORKBOOK)
    if root.tag != f"{MAIN}workbook" or "xl/styles.xml" not in parts:  # the strict form of the format, or a stranger's
        raise Refused("file-not-a-workbook", kind="Strict Open XML")
    return _taken_apart(parts, root)


def _too_large(sheet: str) -> Refused:
    return Refused("form-too-large", sheet=sheet, cells=MOST_CELLS, merged=MOST_MERGED)


def _taken_apart(parts: Mapping[str, bytes], root: "Element") -> FormPackage:
    related = relations(parts, _WORKBOOK)
    lost = [_LOST_RELATIONS[kind] for kind, _, _ in related.values() if kind in _LOST_RELATIONS]
    lost += ["数字签名 (digital signature)"] if any(name.startswith("_xmlsignatures/") for name in parts) else []
    kept = {name: parts[name] for name in _KEPT_PARTS if name in parts}
    sheets, cells = [], 0
    for element in root.iterfind(f"{MAIN}sheets/{MAIN}sheet"):
        kind, target, _ = related.get(element.get(f"{RELATED}id", ""), ("", "", False))
        if kind != "worksheet":
            raise Refused("form-sheet-kind", sheet=element.get("name", ""))
        sheet, plain, links = _sheet(parts, element.get("name", ""), target)
        cells += plain.count(b"<c ") + plain.count(b"<row")
        if cells > MOST_CELLS:
            raise _too_large(sheet.name)
        sheets.append(sheet)
        kept |= {target: plain, **links}
    kept[_WORKBOOK] = _plain_workbook(root)
    kept["xl/_rels/workbook.xml.rels"] = _kept_relations(parts, "xl/_rels/workbook.xml.rels", _KEPT_KINDS)
    kept["[Content_Types].xml"] = _content_types(parts, kept)
    styles = written(root_of(parts, "xl/styles.xml"))
    return FormPackage(_zipped(kept), styles, tuple(sheets), tuple(dict.fromkeys(lost)))


def _kept_relations(parts: Mapping[str, bytes], name: str, kinds: frozenset[str]) -> bytes:
    root = root_of(parts, name)
    for relation in list(root):
        if relation.get("Type", "").rpartition("/")[2] not in kinds:
            root.remove(relation)
    return written(root)


def _plain_workbook(root: "Element") -> bytes:
    """Leave out of the workbook's part what leads to parts that are not carried."""
    for element in list(root):
        tag = str(element.tag).rpartition("}")[2]
        gone = {"externalReferences", "pivotCaches", "extLst", "customWorkbookViews", "fileRecoveryPr"}
        if tag in gone or not str(element.tag).startswith(MAIN):
            root.remove(element)
    names = root.find(f"{MAIN}definedNames")
    for name in list(names) if names is not None else ():
        if "[" in (name.text or "") or "#REF!" in (name.text or ""):
            name.getparent().remove(name)  # type: ignore[union-attr] # it is the names' child
    if names is not None and not len(names):
        root.remove(names)
    return written(root)


def _content_types(parts: Mapping[str, bytes], kept: Mapping[str, bytes]) -> bytes:
    root = root_of(parts, "[Content_Types].xml")
    for element in list(root):
        part = element.get("PartName", "").lstrip("/")
        if part and part not in kept:
            root.remove(element)
    return written(root)


def _sheet(parts: Mapping[str, bytes], name: str, part: str) -> tuple[FormSheet, bytes, dict[str, bytes]]:
    """Take one sheet apart: the sheet, its XML without what is not carried, its relations that are."""
    root = root_of(parts, part)
    whole, related = written(root), relations(parts, part)
    lost = [_LOST_RELATIONS[kind] for kind, _, _ in related.values() if kind in _LOST_RELATIONS]
    newer = {str(element.tag).rpartition("}")[2] for element in root.iterfind(f"{MAIN}extLst//*")}
    newer |= {"legacyDrawingHF"} if root.find(f"{MAIN}legacyDrawingHF") is not None else set()
    lost += [word for tag, word in _LOST_ELEMENTS.items() if tag in newer]
    drawing = None
    if found := [target for kind, target, _ in related.values() if kind == "drawing" and target in parts]:
        drawing, gone = drawing_of(parts, found[0])
        lost += gone
    footer = root.find(f"{MAIN}headerFooter")
    as_written = written(footer) if footer is not None else b""
    merged = tuple(_merged(root, name))
    if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in merged) > MOST_MERGED:
        raise _too_large(name)
    links = _plain_sheet(root, related)
    kept = {relations_part(part): _link_relations(parts, part, links)} if links else {}
    looks = tuple(_looks(root, merged))
    return FormSheet(name, whole, merged, looks, drawing, as_written, tuple(dict.fromkeys(lost))), written(root), kept


def _merged(root: "Element", sheet: str) -> Iterator[Merge]:
    for element in root.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell"):
        first, _, last = element.get("ref", "").replace("$", "").partition(":")
        start, end = place_of(first), place_of(last or first)
        if not start or not end:
            raise Refused("file-damaged", sheet=sheet, part="mergeCell")
        yield (*start, *end)


def _looks(root: "Element", merged: tuple[Merge, ...]) -> Iterator[tuple[int, int, int]]:
    """Give the number of the look of each merged cell that the file has; openpyxl works the lines out anew."""
    within = {
        (row, column)
        for top, left, bottom, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    for cell in root.iterfind(f"{MAIN}sheetData/{MAIN}row/{MAIN}c"):
        place, style = place_of(cell.get("r", "")), cell.get("s", "0")
        if place is not None and place in within and style.isdecimal():
            yield (*place, int(style))


def _plain_sheet(root: "Element", related: Mapping[str, tuple[str, str, bool]]) -> set[str]:
    """Take out of a sheet what is not carried; gives the ids of the links that stay."""
    for element in list(root):
        tag = str(element.tag)
        if tag.rpartition("}")[2] in _TAKEN_OUT or not tag.startswith(MAIN):
            root.remove(element)
    for setup in root.iter(f"{MAIN}pageSetup"):
        setup.attrib.pop(f"{RELATED}id", "")  # the printer's own settings, which are another machine's
    return _kept_links(root, related)


def _kept_links(root: "Element", related: Mapping[str, tuple[str, str, bool]]) -> set[str]:
    """Keep the links of single cells to addresses of the web and of mail."""
    links: set[str] = set()
    for group in root.findall(f"{MAIN}hyperlinks"):
        for link in list(group):
            relation = link.get(f"{RELATED}id", "")
            _, target, outside = related.get(relation, ("", "", False))
            if ":" in link.get("ref", "") or (relation and not (outside and _LINK.match(target))):
                group.remove(link)
            elif relation:
                links.add(relation)
        if not len(group):
            root.remove(group)
    return links


def _link_relations(parts: Mapping[str, bytes], part: str, links: set[str]) -> bytes:
    root = root_of(parts, relations_part(part))
    for relation in list(root):
        if relation.get("Id") not in links:
            root.remove(relation)
    return written(root)


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(name, data)
    return target.getvalue()
