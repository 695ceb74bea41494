"""Measure, in CPU time, writing ledgers against loading a template with openpyxl and filling it. Prints JSON."""

import json
import time
from collections.abc import Callable
from io import BytesIO

import openpyxl

from ledgergen.records import Book
from write_cases import book, header_row, ledger, zichuan

BOOKS = 20


def main() -> None:
    books = [book(27, f"区第{number}局", later=True) for number in range(BOOKS)]
    template = ledger(books[0])
    first, ids = header_row(template) + 1, [column.id for column in zichuan().columns]

    def filled(made: Book) -> bytes:
        opened = openpyxl.load_workbook(BytesIO(template))
        sheet = opened[zichuan().sheet]
        sheet.cell(1, 1).value = made.title
        for number, row in enumerate(made.rows, start=first):
            for column, column_id in enumerate(ids, start=1):
                sheet.cell(number, column).value = row.text(column_id) or None
        target = BytesIO()
        opened.save(target)
        return target.getvalue()

    def best(way: Callable[[Book], bytes]) -> float:
        spent = []
        for _ in range(3):
            start = time.process_time()
            for made in books:
                way(made)
            spent.append((time.process_time() - start) / BOOKS * 1000)
        return min(spent)

    ours, theirs = best(ledger), best(filled)
    print(json.dumps({"rows": len(books[0].rows), "ours_ms": ours, "openpyxl_ms": theirs, "ratio": theirs / ours}))  # noqa: T201


if __name__ == "__main__":
    main()
