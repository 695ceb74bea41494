"""Ids for the tasks of a draft: the numbers that a reader sees, as 2.7.1; distinct, short, the same on every run."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ledgergen.document.draft import DraftTask
from ledgergen.document.numbering import number_at_start

_LONGEST: Final = 12  # characters of an id (plan schema)
_FIT: Final = re.compile("[0-9A-Za-z.]{1,12}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3}){0,3}")
# O counts as 0, I and L as 1 when a row code is typed by hand.
_ALIKE: Final = str.maketrans("OIL", "011")


def identifiers(tasks: Sequence[DraftTask], taken: Iterable[str] = ()) -> list[str]:
    """Give every task an id; none of those ``taken``, nor one that a row code could not tell from them.

    Item 1 under （七） under 二、 is ``2.7.1``, its second part ``2.7.1.2``; row 5 of a table is ``5``. Where that is
    taken (a second table begins anew) the section's number goes before it, else a count.
    """
    used = {_code(each) for each in taken}
    given: list[str] = []
    for task in tasks:
        chosen = next(
            each for each in _candidates(task, len(given) + 1) if _FIT.fullmatch(each) and _code(each) not in used
        )
        used.add(_code(chosen))
        given.append(chosen)
    return given


def _candidates(task: DraftTask, count: int) -> Iterable[str]:
    own = _own(task.number)
    above = [str(number.value) for heading in task.section if (number := number_at_start(heading))]
    is_row = bool(_NUMBER.fullmatch(task.number)) and not _is_outline(task, above)
    part = [str(task.part)] if task.part else []
    if own:
        yield ".".join([own, *part] if is_row else [*above, own, *part])
        yield ".".join([*above, own, *part])
        for table in range(2, 100):
            yield ".".join([f"{table}T", *above, own])[:_LONGEST]
    for other in range(count, count + 10_000):
        yield f"N{other}"


def _is_outline(task: DraftTask, above: Sequence[str]) -> bool:
    """Tell whether a task stands in an outline: its number begins anew under every heading."""
    return bool(above) and not task.in_table


def _own(number: str) -> str:
    if _NUMBER.fullmatch(number):
        return number
    found = number_at_start(f"{number}、") or number_at_start(number)
    return str(found.value) if found else ""


def _code(written: str) -> str:
    return written.upper().translate(_ALIKE)
