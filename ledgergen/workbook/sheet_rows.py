"""The rows of a sheet as xlsxwriter writes them, but for what it does not do, or does slowly.

The lower part of :mod:`.sheets`; no other module knows xlsxwriter. A status workbook has a million cells, and most of
their texts come again in every row: escaping a text once and leaving the conversion of cell names out halves the time.
:mod:`.sheets` therefore calls ``_write_string`` and ``_write_blank``, to which xlsxwriter's own public methods come
when they have converted ``A1`` to row and column.
"""

import functools
from collections.abc import Iterable
from io import StringIO
from typing import Any

from xlsxwriter.worksheet import Worksheet

from ledgergen.workbook import limits
from ledgergen.workbook.grid import column_name


class GrowingSheet(Worksheet):  # type: ignore[misc] # xlsxwriter has no types
    """A sheet some of whose rows have a height without being fixed to it, as rows that Excel itself has fitted.

    xlsxwriter marks every height as the user's own (``customHeight``), and then a row no longer grows when a clerk
    types a long text. Excel, and LibreOffice 7.4 as seen, show the declared height either way.
    """

    fh: Any
    previous_row: int
    table: dict[int, Any]

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()
        self._ready = ""

    def write_ready_row(self, row: int, cells: str, last: int) -> int:
        """Write all cells of a row at once, of :func:`row_cells`, in constant memory.

        ``last`` is the column of the last one. Gives 0, or -1 outside the sheet and where something stands in the row.
        """
        if self._check_dimensions(row, 0) or self._check_dimensions(row, last):
            return -1
        if row > self.previous_row:
            self._write_single_row(row)
        if self.table.get(row):
            return -1
        self._ready = cells
        return 0

    def _xml_start_tag_unencoded(self, tag: str, attributes: Iterable[tuple[str, object]] = ()) -> None:
        attributes = list(attributes)
        if tag == "row" and self.growing and attributes[0][1] in self.growing:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _write_formula_element(self, formula: str) -> None:
        # xlsxwriter searches every rule's formula for 150 functions younger than Excel 2007, a tenth of a ledger's
        # time; rules here use none.
        self._xml_data_element("formula", formula.removeprefix("="))

    def _write_single_row(self, current_row_num: int = 0) -> None:
        # A row goes to the temporary file in one piece: a text file takes long over a million small ones.
        file, row = self.fh, StringIO()
        self.fh = row
        try:
            if self._ready:
                self._finish_ready(current_row_num)
            else:
                super()._write_single_row(current_row_num)
        finally:
            self.fh = file
        file.write(row.getvalue())

    def _finish_ready(self, following: int) -> None:
        cells, self._ready = self._ready, ""
        row, self.previous_row = self.previous_row, following
        self._write_row(row, None, self.row_info.get(row))
        self.fh.write(cells)
        self.fh.write("</row>")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        look = cell.format
        if look is None or not self.constant_memory:
            super()._write_cell(row, col, cell)
            return
        kind = cell.__class__.__name__
        if kind == "String":
            text = _inline(cell.string)
            self.fh.write(f'<c r="{column_name(col)}{row + 1}" s="{look._get_xf_index()}" t="inlineStr">{text}</c>')  # noqa: SLF001
        elif kind == "Blank":
            self.fh.write(f'<c r="{column_name(col)}{row + 1}" s="{look._get_xf_index()}"/>')  # noqa: SLF001
        else:
            super()._write_cell(row, col, cell)


def row_cells(row: int, cells: Iterable[tuple[str | float, int]]) -> str:
    """Give the cells of a row, from its first column on, as they stand in the file: values with their formats' numbers.

    A text is made writable (:func:`.limits.writable`), an empty one is a blank cell; numbers must be finite.
    """
    number, written = row + 1, []
    for column, (value, look) in enumerate(cells):
        start = f'<c r="{column_name(column)}{number}" s="{look}"'
        if not isinstance(value, str):
            written.append(f"{start}><v>{value:.16G}</v></c>")
        elif text := _inline(value):
            written.append(f'{start} t="inlineStr">{text}</c>')
        else:
            written.append(f"{start}/>")
    return "".join(written)


@functools.lru_cache(maxsize=1 << 13)
def _inline(text: str) -> str:
    """Write a text as the element of a cell that holds it itself, as xlsxwriter does; nothing for an empty one."""
    if not text:
        return ""
    text = Worksheet._escape_control_characters(limits.writable(text))  # noqa: SLF001 - its rules, not ours
    keep = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<is><t{keep}>{escaped}</t></is>"
