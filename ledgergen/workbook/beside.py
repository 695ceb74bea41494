"""What a workbook of XML has beside its cells: notes, names that stand for a text, the time of saving.

Each is a hint, so what does not look as it should is passed over. Where they stand is told by
:mod:`ledgergen.workbook.xlsx` and :mod:`ledgergen.workbook.ods`.
"""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

MOST_NOTES: Final = 200
_LONGEST_NOTE: Final = 2_000  # characters
_SAVED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_CONSTANT: Final = re.compile(r'"((?:[^"]|"")*)"')


def note(what: str, item: "Element") -> str:
    """Quote what someone wrote."""
    return note_text(what, all_text(item))


def note_text(what: str, text: str) -> str:
    """Quote a text, cut where it is beyond all measure."""
    return f"{what}: {text}"[:_LONGEST_NOTE]


def all_text(item: "Element") -> str:
    """Give the text of an element and of all within it."""
    return "".join(map(str, item.itertext()))


def constant(formula: str) -> str | None:
    """Give the text that a name stands for; None where it stands for anything else."""
    found = _CONSTANT.fullmatch(formula)
    return found[1].replace('""', '"') if found else None


def time_of_saving(written: str) -> str:
    """Give a time as it is written; ``""`` where it is none."""
    return written if _SAVED.fullmatch(written) else ""
