"""Read a CSV file, whatever stands between its cells."""

import csv
import io
import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from ledgergen.workbook.grid import Workbook
from ledgergen.workbook.inspect import Refused, plain_text
from ledgergen.workbook.raw_sheet import RawSheet

NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def read_csv(data: bytes) -> Workbook:
    """Read a CSV file with commas, semicolons or tabs between the cells: whichever splits its first lines into more.

    What looks like a number counts as one, for 9.30 came out of a spreadsheet as 9.3; its text stays as it is.
    """
    text = plain_text(data)
    sheet = RawSheet("", hidden=False)
    try:
        delimiter = max(",;\t", key=lambda mark: sum(len(line) - 1 for line in _head(text, mark)))
        for row, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            sheet.texts |= {(row, column): cell for column, cell in enumerate(line) if cell}
            sheet.kinds |= {(row, column): "n" for column, cell in enumerate(line) if NUMBER.fullmatch(cell)}
    except csv.Error as fault:  # a quote that is never closed swallows the rest
        raise Refused("file-damaged", part="csv") from fault
    if not sheet.texts:
        raise Refused("file-empty")
    return Workbook("csv", (sheet.grid(),))


def _head(text: str, delimiter: str) -> Iterable[list[str]]:
    return islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 40)
