"""Rows that are not due: hidden by the filter of the sheet itself, and a note that says so.

An outline would be the other way, but on a protected sheet Excel opens none, and LibreOffice 7.4 shows no rows either;
a filter everybody may change. It goes by the rows' numbers, and lets blank ones pass: rows that a unit inserts.
"""

from ledgergen.records import Book, BookRow
from ledgergen.texts import render
from ledgergen.workbook.layout import Layout


def shown_rows(book: Book) -> list[BookRow]:
    """Give the rows that show when the ledger is opened: those that are due, or all where none is."""
    return [row for row in book.rows if row.due] or list(book.rows)


def hidden_note(book: Book, layout: Layout) -> str:
    """Word the note that rows are hidden, and how to see them; empty where none is.

    Raises:
        WrongUse: the layout's pattern is faulty.
    """
    count = len(book.rows) - len(shown_rows(book))
    if not count or not layout.not_due:
        return ""
    return render(layout.not_due, {"count": count, "title": layout.column("seq").title}, layout.id).strip()
