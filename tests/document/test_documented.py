"""What the reference says of documents is what the code does: kinds of numbers, bounds, the abbreviations shown."""

import re
from pathlib import Path
from typing import Final

from ledgergen.document import blocks, pdf, reader, reading
from ledgergen.document.numbering import KINDS, number_at_start

REFERENCE: Final = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
SIGNS: Final = {"circled", "roman"}  # kinds that are single characters, not patterns


def rows(heading: str) -> list[list[str]]:
    """Give the body rows of the first table below a heading."""
    text = REFERENCE.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [
        [cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in lines if not line.startswith("| ---")
    ]


def test_every_kind_of_number_is_in_the_reference_and_read_as_it_says() -> None:
    table = rows("Numbers of an outline")[1:]
    assert {kind for kind, _ in table} == {kind.name for kind in KINDS} - {"arabic_blank"} | SIGNS
    for kind, written in table:
        for number in written.split(" "):
            found = number_at_start(f"{number}甲乙")
            assert found is not None, number
            assert found.kind == kind, number


def test_the_bounds_are_those_of_the_code() -> None:
    table = {row[0]: row[1] for row in rows("Formats")}
    assert table["a file"] == f"{reader.MAX_FILE:,} bytes"
    assert table["a page or text"] == f"{reading.MAX_TEXT:,} bytes"
    assert table["text of a document"] == f"{blocks.MAX_CHARACTERS:,} characters"
    assert table["a paragraph or cell"] == f"{blocks.MAX_PARAGRAPH:,} characters"
    assert table["pages of a PDF"] == str(pdf.MAX_PAGES)
    assert table["time"] == f"{reader.SECONDS} seconds"
    assert table["memory"] == f"{reader.MEGABYTES:,} MiB"


def test_the_abbreviations_shown_are_a_table() -> None:
    from ledgergen.document.abbreviations import load_abbreviations

    shown = re.search(r"```text\n(families:\n.*?)```", REFERENCE, re.DOTALL)
    assert shown
    table, findings = load_abbreviations(shown[1].encode())
    assert (findings, table is not None) == ([], True)
