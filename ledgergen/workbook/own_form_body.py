"""Where the table of an office's own form ends: its sample and empty rows, and what stands below them."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledgergen.findings import Finding, finding
from ledgergen.workbook.form_words import FormWords
from ledgergen.workbook.grid import cell_name
from ledgergen.workbook.inline_labels import inline_items
from ledgergen.workbook.own_form_header import Header
from ledgergen.workbook.own_form_sheet import OwnSheet, Terms

_QUOTED = 200  # characters of an example


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a form's table below its header: ``first`` to ``foot`` (not included) are replaced by a ledger's.

    There may be none. What stands from ``foot`` on is moved down or up with the table's end.
    """

    first: int
    foot: int


def body_of(sheet: OwnSheet, terms: Terms, header: Header, seq: int | None) -> tuple[Body, list[Finding]]:
    """Find the rows that a form has drawn for its table; examples in them are named, for they are replaced.

    ``seq`` is the column of numbers, where rows are often numbered beforehand. Where the rows have lines, the table
    goes as far as the lines do; else up to the next row that holds something other than an example.
    """
    first = header.bottom + 1
    lined = _is_lined(sheet, header, first)
    row = first
    while row < sheet.used_rows and _belongs(sheet, header, row, terms.words, lined=lined):
        row += 1
    if not lined:
        row = _without_blank_end(sheet, header, first, row)
    return Body(first, row), list(_examples(sheet, terms, header, seq, range(first, row)))


def _belongs(sheet: OwnSheet, header: Header, row: int, words: FormWords, *, lined: bool) -> bool:
    columns = range(header.left, header.right + 1)
    if any(area[3] > area[1] for area in (sheet.area(row, column) for column in columns)):
        return False  # merged across: a signature, a note, a second heading
    if lined and not _is_lined(sheet, header, row):
        return False
    texts = [text for column in columns if (text := sheet.text(row, column))]
    return not texts or not _is_foot(texts, words, alone=len(texts) == 1 and not lined)


def _is_foot(texts: list[str], words: FormWords, *, alone: bool) -> bool:
    """Tell whether a row's texts are labels or a note; in a table without lines a single text is one, too."""
    first = texts[0]
    labelled = any(words.label(item.label) for item in inline_items(first, frozenset(), any_label=True)[1])
    return alone or labelled or words.begins_foot(first)


def _is_lined(sheet: OwnSheet, header: Header, row: int) -> bool:
    columns = range(header.left, header.right + 1)
    return 2 * sum(sheet.is_bordered(row, column) for column in columns) >= len(columns)


def _without_blank_end(sheet: OwnSheet, header: Header, first: int, after: int) -> int:
    """Leave one blank row to a table without lines; further ones are the distance to what stands below."""
    columns = range(header.left, header.right + 1)
    filled = [row for row in range(first, after) if any(sheet.text(row, column) for column in columns)]
    return min(after, (filled[-1] if filled else first) + 1)


def _examples(sheet: OwnSheet, terms: Terms, header: Header, seq: int | None, rows: range) -> Iterator[Finding]:
    for row in rows:
        texts, formulas = [], []
        for column in range(header.left, header.right + 1):
            if sheet.grid.kinds.get((row, column)) == "f":
                formulas.append(cell_name(row, column))
            elif column != seq and (text := sheet.text(row, column)):
                texts.append(text)
        where = terms.where(sheet.name, cell_name(row, header.left))
        if formulas:
            yield finding("form-formula", terms.where(sheet.name, formulas[0]), cells="、".join(formulas))
        if texts:
            yield finding("form-example", where, row=row + 1, text="；".join(texts)[:_QUOTED])
