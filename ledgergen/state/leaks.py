"""Nothing of one unit is in what another unit is sent (safety rules, invariant 7): asked of the very bytes that go out.

Two things are looked for in every string of every part: codes of other units' books and rows, and texts that were
prefilled for other units and not for this one. And the ledger's own rows must all be there.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergen.returns.shelf import Issued
from ledgergen.workbook.codes import fold, parse_book_number, parse_row_code
from ledgergen.workbook.strings import every_string

_CODE: Final = re.compile(r"[0-9A-Za-z]{6}-[0-9A-Za-z.]{1,12}-[0-9A-Za-z]{1,5}-[0-9A-Za-z]")
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{6}-[0-9A-Za-z]{4}-[0-9A-Za-z]")
_SHORTEST: Final = 7  # a shorter number is an index or a width of the file's own


@dataclass(frozen=True, slots=True)
class Leaks:
    """What belongs to whom, of all books of a round: units by folded token, and by text prefilled for them."""

    units: Mapping[str, str]
    texts: Mapping[str, frozenset[str]]

    @staticmethod
    def of(issued: Iterable[Issued]) -> "Leaks":
        """Learn whose every book, row and prefilled text is."""
        units: dict[str, str] = {}
        texts: dict[str, set[str]] = {}
        for item in issued:
            units[fold(item.book.token)] = item.book.unit
            for text in _own_texts(item):
                texts.setdefault(text, set()).add(item.book.unit)
        return Leaks(units, {text: frozenset(owners) for text, owners in texts.items()})

    def others_in(self, data: bytes, item: Issued) -> list[str]:
        """Give what a file for one unit holds of others: their codes and texts, each once; empty where all is well.

        A row of the book that is not in the file is given as ``-CODE``: then the file is not this unit's ledger.
        """
        unit, own = item.book.unit, _explained(item)
        rows = {fold(row.code) for row in item.book.rows if row.code}
        found: dict[str, None] = {}
        for text in every_string(data):
            if self._is_foreign(text, unit) and text not in own:
                found[text] = None
            for code in _codes(text):
                rows.discard(fold(code.text))
                if self.units.get(code.token, unit) != unit:
                    found[code.text] = None
        return [*found, *(f"-{code}" for code in sorted(rows))]

    def _is_foreign(self, text: str, unit: str) -> bool:
        owners = self.texts.get(text)
        return bool(owners) and unit not in (owners or ()) and not _is_index(text)


@dataclass(frozen=True, slots=True)
class _Code:
    text: str
    token: str


def _codes(text: str) -> Iterator[_Code]:
    """Find the codes of rows and the numbers of books in a text."""
    if "-" not in text:
        return
    for found in _CODE.findall(text):
        if code := parse_row_code(found):
            yield _Code(found, code.token)
    for found in _NUMBER.findall(text):
        if number := parse_book_number(found):
            yield _Code(found, number[0])


def _own_texts(item: Issued) -> Iterator[str]:
    """Give the texts that stand in a book for its unit alone: prefilled cells and the prefilled head block."""
    for row in item.book.rows:
        yield from (text for text in row.own.values() if text)
    inputs = {each.id for each in item.layout.entire.head_items if each.is_input}
    yield from (text for name, text in item.book.head.items() if text and name in inputs)


def _explained(item: Issued) -> frozenset[str]:
    """Give the texts that this book has a right to: its own, the plan's, the layout's."""
    book = item.book
    texts = {book.title, book.unit, book.number, *book.head.values(), *book.instructions, *book.beside}
    for row in (*book.rows, *book.left_out):
        texts.update((*row.office.values(), *row.own.values(), row.code, row.role_text, row.text("task_full")))
    texts.update(_words(item.layout.entire))
    return frozenset(texts)


def _words(value: object) -> Iterator[str]:
    """Give every text of a layout: titles, choices, prompts."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, Mapping):
        yield from _words([*value.keys(), *value.values()])
    elif isinstance(value, Iterable):
        for each in value:
            yield from _words(each)
    elif dataclasses.is_dataclass(value):
        yield from _words([getattr(value, each.name) for each in dataclasses.fields(value)])


def _is_index(text: str) -> bool:
    return len(text) < _SHORTEST and text.replace(".", "").isdecimal()
