"""What lies over the sheet of an office's own form: pictures, shapes, text boxes, kept as they are."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.beside import all_text, note
from ledgergen.workbook.grid import Place
from ledgergen.workbook.own_form_parts import RELATED, SHAPES, relations, root_of, written

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_IMAGES: Final = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "emf", "wmf", "tif", "tiff"})
_ROW, _COLUMN = 171_450, 609_600  # of Excel's units of drawing: 13.5 points, 64 pixels
_FARTHEST, _DIGITS = 2_000, 9


@dataclass(frozen=True, slots=True)
class Drawing:
    """What lies over a sheet: the part's XML, its pictures by relation id (ending, bytes), and the texts in it.

    ``corner`` is the last row and the last column that any of it reaches, from 0.
    """

    xml: bytes
    images: tuple[tuple[str, str, bytes], ...]
    texts: tuple[str, ...]
    corner: Place


def drawing_of(parts: Mapping[str, bytes], part: str) -> tuple[Drawing, list[str]]:
    """Keep of a drawing what needs nothing but its own XML and pictures; gives what was left out, too."""
    root, related = root_of(parts, part), relations(parts, part)
    images = {
        relation: (ending, parts[target])
        for relation, (kind, target, outside) in related.items()
        if kind == "image" and not outside and target in parts
        and (ending := posixpath.splitext(target)[1].lstrip(".").lower()) in _IMAGES
    }  # fmt: skip
    lost = []
    for anchor in list(root):
        if word := _not_kept(anchor, images):
            root.remove(anchor)
            lost.append(word)
    for element in root.iter():
        element.attrib.pop("macro", "")
    texts = tuple(note("text box", item) for item in root.iter("{*}txBody") if all_text(item).strip())
    used = tuple((each, *images[each]) for each in sorted(_used(root)))
    return Drawing(written(root), used, texts, _corner(root)), lost


def _corner(root: "Element") -> Place:
    """Work out how far a drawing reaches; a size without a second corner is measured by common rows and columns."""
    rows, columns = [0], [0]
    for anchor in root:
        start, end, size = (anchor.find(f"{SHAPES}{tag}") for tag in ("from", "to", "ext"))
        for corner in (start, end):
            rows.append(_count(corner, "row"))
            columns.append(_count(corner, "col"))
        if end is None and start is not None and size is not None:
            rows.append(_count(start, "row") + _whole(size.get("cy", "")) // _ROW + 1)
            columns.append(_count(start, "col") + _whole(size.get("cx", "")) // _COLUMN + 1)
    return min(max(rows), _FARTHEST), min(max(columns), _FARTHEST)


def _count(corner: "Element | None", tag: str) -> int:
    return _whole(corner.findtext(f"{SHAPES}{tag}", "")) if corner is not None else 0


def _whole(written: str) -> int:
    return int(written[:_DIGITS]) if written.isdecimal() else 0


def _not_kept(anchor: "Element", images: Mapping[str, object]) -> str:
    """Say what an anchored thing is where it cannot be kept; empty where it can."""
    for element in list(anchor.iter("{*}hlinkClick", "{*}hlinkHover")):
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    for element in anchor.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag == "graphicFrame":
            return "图表、智能图形 (charts, diagrams)"
        if tag in ("contentPart", "AlternateContent"):
            return "新版形状、控件、墨迹 (newer shapes, controls, ink)"
    return "" if _used(anchor) <= images.keys() else "外部图片 (pictures from outside)"


def _used(root: "Element") -> set[str]:
    """Give the relation ids that anything in a drawing refers to."""
    return {str(value) for each in root.iter() for name, value in each.items() if str(name).startswith(RELATED)}
