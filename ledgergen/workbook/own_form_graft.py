"""Put back into a filled copy what openpyxl does not carry, and make its bytes the same for the same ledger.

Pictures and shapes are put back as the form has them; what is anchored below the table moves with it. Headers and
footers are put back as they were written. Rows of the table lose the mark that fixes their height, so that they grow
when somebody types. The dates in the container and of the last change are fixed.
"""

import io
import posixpath
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.inspect import xml_root
from ledgergen.workbook.own_form_drawing import Drawing
from ledgergen.workbook.own_form_package import FormPackage
from ledgergen.workbook.own_form_parts import MAIN, RELATED, RELATION, SHAPES, appended, written
from ledgergen.workbook.own_form_stretch import Stretch

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_KIND: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING: Final = "application/vnd.openxmlformats-officedocument.drawing+xml"
_IMAGE_TYPES: Final = {
    "jpg": "image/jpeg",
    "emf": "image/x-emf",
    "wmf": "image/x-wmf",
    "tif": "image/tiff",
}
_IN_FONT: Final = "b i strike condense extend outline shadow u vertAlign sz color name rFont family charset scheme"
_FONT: Final = {tag: place for place, tag in enumerate(_IN_FONT.split())}
_MODIFIED: Final = "{http://purl.org/dc/terms/}modified"
_DATED: Final = (1980, 1, 1, 0, 0, 0)
_FIRST_SHEET: Final = "xl/worksheets/sheet{}.xml"
_PICTURE_CODE: Final = "&G"


def graft(data: bytes, package: FormPackage, name: str, by: Stretch, dated: date) -> bytes:
    """Finish a copy that openpyxl has written; ``name`` is the sheet whose table was stretched."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = {info.filename: container.read(info) for info in container.infolist()}
    types = _parsed(parts["[Content_Types].xml"])
    for number, sheet in enumerate(package.sheets, start=1):
        part = _FIRST_SHEET.format(number)
        root = _parsed(parts[part])
        own = by if sheet.name == name else None
        if own:
            _let_grow(root, own)
        if sheet.header_footer:
            _restore_footer(root, sheet.header_footer)
        if sheet.drawing:
            _restore_drawing(parts, root, number, sheet.drawing, own)
            _declare(types, number, sheet.drawing)
        _order_fonts(root)
        parts[part] = written(root)
    parts["[Content_Types].xml"] = written(types)
    styles = _parsed(parts["xl/styles.xml"])
    _order_fonts(styles)
    parts["xl/styles.xml"] = written(styles)
    parts["docProps/core.xml"] = _dated(parts["docProps/core.xml"], dated)
    return _packed(parts)


def _let_grow(root: "Element", by: Stretch) -> None:
    table = range(by.body.first + 1, by.body.first + by.count + 1)
    for row in root.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        if int(row.get("r", "0")) in table:
            row.attrib.pop("customHeight", "")


def _restore_footer(root: "Element", as_written: bytes) -> None:
    own, old = _parsed(as_written), root.find(f"{MAIN}headerFooter")
    for element in own.iter():
        element.text = (element.text or "").replace(_PICTURE_CODE, "")
    if old is not None:
        root.replace(old, own)


def _restore_drawing(
    parts: dict[str, bytes], root: "Element", number: int, drawing: Drawing, by: Stretch | None
) -> None:
    """Add the drawing's part with its pictures, and the sheet's relation to it."""
    name, related = f"xl/drawings/drawing{number}.xml", _relations()
    for place, (relation, ending, content) in enumerate(drawing.images, start=1):
        media = f"xl/media/form{number}_{place}.{ending}"
        parts[media] = content
        _relate(related, relation, "image", f"../media/{posixpath.basename(media)}")
    parts[name] = _moved(drawing.xml, by) if by else drawing.xml
    if drawing.images:
        parts[f"xl/drawings/_rels/drawing{number}.xml.rels"] = written(related)
    rels = f"xl/worksheets/_rels/sheet{number}.xml.rels"
    of_sheet = _parsed(parts[rels]) if rels in parts else _relations()
    _relate(of_sheet, "form", "drawing", f"/{name}")
    parts[rels] = written(of_sheet)
    element = appended(root, f"{MAIN}drawing")  # the last of what a sheet written by openpyxl has here
    element.set(f"{RELATED}id", "form")


def _moved(xml: bytes, by: Stretch) -> bytes:
    """Move what is anchored below the table."""
    root = _parsed(xml)
    for corner in (*root.iter(f"{SHAPES}from"), *root.iter(f"{SHAPES}to")):
        row = corner.find(f"{SHAPES}row")
        if row is not None and (row.text or "").isdecimal():
            row.text = str(by.moved(int(row.text or "0")))
    return written(root)


def _declare(types: "Element", number: int, drawing: Drawing) -> None:
    known = {str(each.get("Extension", "")).lower() for each in types.iterfind(f"{_TYPES}Default")}
    for ending in sorted({ending for _, ending, _ in drawing.images} - known):
        kind = _IMAGE_TYPES.get(ending, f"image/{ending}")
        types.insert(0, appended(types, f"{_TYPES}Default", Extension=ending, ContentType=kind))
    appended(types, f"{_TYPES}Override", PartName=f"/xl/drawings/drawing{number}.xml", ContentType=_DRAWING)


def _order_fonts(root: "Element") -> None:
    """Put what a font consists of into the order of the schema (ECMA-376 part 1, 18.8.22); openpyxl has its own."""
    for font in root.iter(f"{MAIN}font", f"{MAIN}rPr"):
        font[:] = sorted(font, key=lambda item: _FONT.get(str(item.tag).removeprefix(MAIN), 0))


def _relations() -> "Element":
    return _parsed(f'<Relationships xmlns="{RELATION.strip("{}")}"/>'.encode())


def _relate(relations: "Element", relation: str, kind: str, target: str) -> None:
    appended(relations, f"{RELATION}Relationship", Id=relation, Type=f"{_KIND}/{kind}", Target=target)


def _dated(core: bytes, dated: date) -> bytes:
    root = _parsed(core)
    for element in root.iter(_MODIFIED):
        element.text = f"{dated.isoformat()}T00:00:00Z"
    return written(root)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _DATED)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            container.writestr(info, content)
    return target.getvalue()


def _parsed(data: bytes) -> "Element":
    return xml_root(data.decode("utf-8"), "part")
