"""The other forms of a report that is written in Word: plain text for mail and chat, HTML for a site's editor.

Both are made of the filled document, never of the values, so that no form says another thing than the others.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from ledgergen.report.docx_file import Grid, Line
from ledgergen.texts import render_report

_LEVELS: Final = {"title": "h1", "heading 1": "h2", "heading 2": "h3", "heading 3": "h4"}
_RIGHT: Final = "signature"
_MARK: Final = "draft"
_GAP: Final = "\u3000\u3000"  # an official document's first line is two characters in


def as_text(body: Iterable[Line | Grid]) -> bytes:
    """Give a document as the simplest editors of Windows show it rightly: byte order mark, its line ends.

    The cells of a table row stand in one line between tabs.
    """
    lines: list[str] = []
    for each in body:
        if isinstance(each, Grid):
            lines += ["\t".join(" ".join(cell.split()) for cell in row) for row in each.rows]
        else:
            plain = each.style.lower() in (*_LEVELS, _RIGHT, _MARK, "salutation")
            lines.append(each.text if plain else f"{_GAP}{each.text}" if each.text else "")
    return ("\r\n".join(line.rstrip() for line in lines) + "\r\n").encode("utf-8-sig", "replace")


def as_html(body: Sequence[Line | Grid], template: str, where: str) -> bytes:
    """Give a document as HTML through a template, which gets ``title`` and ``blocks``.

    A block is ``{kind, text, rows}``: ``kind`` is the element's name (``h1``, ``h2``, ``h3``, ``p``, ``table``), or
    ``right`` for a signature and ``mark`` for the mark of a draft.

    Raises:
        WrongUse: ``template-faulty``.
    """
    blocks = [_block(each) for each in body]
    title = next((each["text"] for each in blocks if each["kind"] == "h1"), "")
    return render_report(template, {"title": title, "blocks": blocks}, where, html=True).encode("utf-8", "replace")


def _block(each: Line | Grid) -> dict[str, object]:
    if isinstance(each, Grid):
        return {"kind": "table", "text": "", "rows": [list(row) for row in each.rows]}
    style = each.style.lower()
    kind = _LEVELS.get(style) or {_RIGHT: "right", _MARK: "mark"}.get(style, "p")
    return {"kind": kind, "text": each.text, "rows": []}
