"""Passwords for encrypted files: where they come from. They are kept nowhere; no event, log or finding names one."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ledgergen.errors import WrongUse
from ledgergen.findings import Where

MOST: Final = 20  # each costs half a second for a file that none of them fits
_LARGEST: Final = 100_000  # bytes of a list


def gather(listed: Path | None, given: str, typed: Iterable[str] = ()) -> tuple[str, ...]:
    """Give the passwords of a file with one in each line, of the environment (likewise), and those typed.

    Raises:
        WrongUse: ``passwords-unreadable``, ``passwords-too-many``.
        OSError: the file cannot be read.
    """
    lines = [*_lines(listed), *_split(given), *typed]
    found = tuple(dict.fromkeys(line for line in lines if line))
    if len(found) > MOST:
        raise WrongUse("passwords-too-many", Where(str(listed or "")), count=len(found), limit=MOST)
    return found


def _lines(listed: Path | None) -> list[str]:
    if listed is None:
        return []
    with listed.open("rb") as file:
        data = file.read(_LARGEST + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise WrongUse("passwords-unreadable", Where(str(listed))) from fault
    if len(data) > _LARGEST or "\0" in text:
        raise WrongUse("passwords-unreadable", Where(str(listed)))
    return _split(text)


def _split(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]
