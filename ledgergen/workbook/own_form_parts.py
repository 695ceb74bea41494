"""The parts of a workbook's package, for what openpyxl does not carry: read, parsed, written, related to each other.

Only of packages that :func:`~.inspect.open_package` has let pass.
"""

import io
import posixpath
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.grid import PLACES, Place
from ledgergen.workbook.inspect import xml_root, xml_text

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHAPES: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def place_of(reference: str) -> Place | None:
    """Give the row and column that a reference such as ``K7`` names, from 0; None where it is no reference."""
    try:
        return PLACES[reference]
    except ValueError:
        return None


def parts_of(data: bytes) -> dict[str, bytes]:
    """Read every part under its own name; sizes and checksums have been looked at."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {info.filename.replace("\\", "/").lstrip("/"): container.read(info) for info in container.infolist()}


def root_of(parts: Mapping[str, bytes], name: str) -> "Element":
    """Parse a part."""
    return xml_root(xml_text(parts, name), name)


def written(root: "Element") -> bytes:
    """Write a part."""
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str, bool]]:
    """Give the relations of a part by id: kind, target (a part's name or an address), whether it lies outside."""
    name = relations_part(part)
    if name not in parts:
        return {}
    found = {}
    for relation in root_of(parts, name):
        outside, target = relation.get("TargetMode") == "External", relation.get("Target", "").replace("\\", "/")
        if not outside:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
        found[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], target, outside
    return found


def relations_part(part: str) -> str:
    """Name the part that holds the relations of another."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def appended(parent: "Element", tag: str, **attributes: str) -> "Element":
    """Append an element to another."""
    from lxml import etree

    element = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        element.set(name, value)
    return element
