"""Read copied text and Markdown: lines into paragraphs, cells of copied tables into tables."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ledgergen.document.blocks import Block, Paragraph, Source
from ledgergen.document.characters import tidy
from ledgergen.document.furniture import is_furniture
from ledgergen.document.joining import Habits, Line, habits_of, join_lines
from ledgergen.document.text_tables import find_tables, flat_table

_HEADING: Final = re.compile(r"^\s{0,3}(#{1,6})\s+")
_QUOTE: Final = re.compile(r"^\s{0,3}>\s?")
_EMPHASIS: Final = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_COMMENT: Final = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)


def read_text(text: str) -> Source:
    """Read a text: its lines are paragraphs, or parts of them where a page or a margin has cut them."""
    lines = _COMMENT.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tables = find_tables(lines)
    inside = {row for start, end, _ in tables for row in range(start, end)}
    flat = []
    while found := flat_table(lines, inside):
        flat.append(found[0] + 1)
        lines[found[0] : found[1]] = [""] * (found[1] - found[0])
    habits = habits_of([line for number, text in enumerate(lines) if number not in inside for line in _line(text, 0)])
    blocks: list[Block] = []
    at = 0
    for start, end, table in tables:
        blocks += _paragraphs(lines[at:start], at, habits)
        blocks.append(table)
        at = end
    blocks += _paragraphs(lines[at:], at, habits)
    return Source("txt", blocks, flat=flat)


def _paragraphs(lines: Sequence[str], first: int, habits: Habits) -> list[Paragraph]:
    read = [line for number, text in enumerate(lines, start=first + 1) for line in _line(text, number)]
    return [Paragraph(line.text, heading=line.heading, line=line.line) for line in join_lines(read, habits, loose=True)]


def _line(text: str, number: int) -> Iterator[Line]:
    """Read one line; nothing where it is blank or furniture."""
    heading = bool(_HEADING.match(text))
    bare = tidy(_EMPHASIS.sub(r"\2", _QUOTE.sub("", _HEADING.sub("", text, count=1), count=1)))
    if bare and not is_furniture(text):
        yield Line(bare, heading, number)
