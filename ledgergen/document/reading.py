"""Read a policy document into a draft. Runs inside the worker process only (:mod:`ledgergen.document.reader`)."""

import re
from collections.abc import Callable
from typing import Final

from ledgergen.document.blocks import MAX_BLOCKS, MAX_CHARACTERS, MAX_PARAGRAPH, Source
from ledgergen.document.draft import Draft
from ledgergen.document.interpret import interpret
from ledgergen.document.plain_text import read_text
from ledgergen.findings import Finding, Where, finding
from ledgergen.workbook.inspect import Refused, open_package, package_format, plain_text, sniff

_HTML: Final = re.compile(rb"<(!doctype\s+html|html|head|body|table|div|p|meta)[\s>]", re.IGNORECASE)
_HEAD: Final = 4_096  # bytes in which a page shows that it is one
MAX_TEXT: Final = 12_000_000  # bytes of a page or a text; a plan of 100 tasks has 100,000

# What the reader of workbooks says of a file, in the words of somebody who imports a document.
_CODES: Final = {
    "file-empty": "document-empty",
    "file-encrypted": "document-encrypted",
    "file-encrypted-kind": "document-encrypted",
    "file-damaged": "document-damaged",
    "file-inconsistent": "document-damaged",
    "file-part-twice": "document-damaged",
    "file-doctype": "document-damaged",
    "file-unpacks-too-large": "document-too-large",
    "file-unpacks-oddly": "document-too-large",
    "file-too-many-parts": "document-too-large",
    "file-too-complex": "document-too-large",
    "file-too-large": "document-too-large",
    "sheet-too-large": "document-too-large",
    "workbook-without-sheets": "document-empty",
}


def read_document(name: str, data: bytes) -> tuple[Draft | None, list[Finding]]:
    """Read a document by its bytes, whatever its name says: .docx, .pdf, .html, .xlsx, .xls, .ods, text and Markdown.

    Gives None and the finding that says why where it cannot be read. Unforeseen faults are raised; the worker makes
    findings of them.
    """
    try:
        source = _source(name, data)
        _check_length(source)
    except Refused as refusal:
        return None, [_worded(refusal, name)]
    return interpret(source, name)


def _source(name: str, data: bytes) -> Source:
    if data.startswith(b"%PDF"):
        from ledgergen.document.pdf import read_pdf

        return read_pdf(data)
    if _HTML.search(data[:_HEAD].replace(b"\0", b"")) and not data.startswith((b"PK", b"\xd0\xcf")):
        from ledgergen.document.html import read_html

        return read_html(_bounded(data))
    readers: dict[str, Callable[[str, bytes], Source]] = {"zip": _read_package, "ole": _read_sheets, "text": _read_text}
    return readers[sniff(data)](name, data)


def _read_package(name: str, data: bytes) -> Source:
    parts = open_package(data)
    if "word/document.xml" in parts:
        from ledgergen.document.docx import read_docx

        return read_docx(parts)
    package_format(parts)
    return _read_sheets(name, data)


def _read_sheets(name: str, data: bytes) -> Source:
    from ledgergen.document.sheets import read_sheets
    from ledgergen.workbook.read import read_workbook

    workbook, findings = read_workbook(name, data)
    if workbook is None:
        raise Refused(findings[0].code, **dict(findings[0].facts))  # type: ignore[arg-type] # as Refused itself has them
    return read_sheets(workbook, data)


def _read_text(_name: str, data: bytes) -> Source:
    return read_text(plain_text(_bounded(data)))


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_TEXT:
        raise Refused("document-too-much-text", limit=MAX_CHARACTERS)
    return data


def _check_length(source: Source) -> None:
    if len(source.blocks) > MAX_BLOCKS or source.characters > MAX_CHARACTERS:
        raise Refused("document-too-much-text", limit=MAX_CHARACTERS)
    if source.longest > MAX_PARAGRAPH:
        raise Refused("document-paragraph-too-long", limit=MAX_PARAGRAPH)


def _worded(refusal: Refused, name: str) -> Finding:
    code = _CODES.get(refusal.code, refusal.code)
    if code in ("file-not-a-workbook", "file-unrecognised"):
        return finding("document-unreadable", Where(name), kind=refusal.facts.get("kind", "?"))
    if code == "document-damaged":
        return finding(code, Where(name), part=refusal.facts.get("part", "zip"))
    return finding(code, Where(name), **refusal.facts)
