"""Word documents for tests: made of paragraphs and tables of runs, as Word splits them."""

import io
import zipfile
from collections.abc import Sequence
from typing import TypeAlias

from docx import Document
from docx.table import Table

Runs: TypeAlias = str | tuple[str, ...]


def word_file(*blocks: Runs | Sequence[Sequence[Runs]]) -> bytes:
    """Make a document: a text, or the texts of its runs, for a paragraph; a list of rows of cells for a table."""
    document = Document()
    for block in blocks:
        if isinstance(block, str | tuple):
            paragraph = document.add_paragraph()
            for text in _texts(block):
                paragraph.add_run(text)
        else:
            _fill(document.add_table(len(block), max(map(len, block))), block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _fill(table: Table, rows: Sequence[Sequence[Runs]]) -> None:
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, runs in zip(row.cells, cells, strict=False):
            for text in _texts(runs):
                cell.paragraphs[0].add_run(text)


def _texts(runs: Runs) -> tuple[str, ...]:
    return (runs,) if isinstance(runs, str) else runs


def paragraphs(data: bytes) -> list[str]:
    """Read the paragraphs of the body, without those in tables."""
    return [each.text for each in Document(io.BytesIO(data)).paragraphs]


def tables(data: bytes) -> list[list[list[str]]]:
    """Read the tables."""
    found = Document(io.BytesIO(data)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def part(data: bytes, name: str) -> str:
    """Read a part of the package."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return container.read(name).decode()
