"""The limits of an xlsx file, and texts made to keep them.

Sources: Microsoft, "Excel specifications and limits" (texts, rows, columns, heights, sheet names), and the lengths at
which xlsxwriter 3.3 merely warns and leaves the thing out (lists, prompts, properties, footers). Excel counts UTF-16
code units, so an emoji is two.
"""

import functools
import re
from collections.abc import Collection
from typing import Final

TEXT: Final = 32_767
LIST: Final = 255
PROMPT: Final = 255
PROMPT_TITLE: Final = 32
PROPERTY: Final = 255
FOOTER: Final = 255
SHEET_NAME: Final = 31
ROWS: Final = 1_048_576
COLUMNS: Final = 16_384
ROW_HEIGHT: Final = 409  # points

CUT_MARK: Final = "……（文字过长，以下略去）"
REPLACEMENT: Final = "\ufffd"

# What XML 1.0 forbids (controls, lone surrogates, the last two of the plane), and DEL with the C1 controls, which it
# allows but no clerk means. A line end of Windows or of an old Mac is a line end.
_LINE_END: Final = re.compile(r"\r\n?")
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NO_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\]")


def length(text: str) -> int:
    """Count a text as Excel does, in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int, mark: str = "") -> str:
    """Cut a text to at most ``most`` UTF-16 units, ``mark`` at its end included; a shorter text stays as it is."""
    if length(text) <= most:
        return text
    data = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - length(mark))]
    return data.decode("utf-16-le", "ignore") + mark


@functools.lru_cache(maxsize=1024)  # a plan's texts come again in every row
def writable(text: str) -> str:
    r"""Make a text one that a cell can hold and every client shows alike.

    Control characters and lone surrogates become ``\ufffd`` (Excel would take the file for damaged, and xlsxwriter
    dies at ``close()``), line ends become ``\n``, and what is over 32,767 is cut and says so. Only for texts of the
    office and for what a report shows: what a unit wrote is kept elsewhere, character for character.
    """
    if text.isalnum():
        return text if len(text) <= TEXT // 2 else cut(text, TEXT, CUT_MARK)
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    text = _UNWRITABLE.sub(REPLACEMENT, text)
    return text if len(text) <= TEXT // 2 else cut(text, TEXT, CUT_MARK)


def bad_sheet_name(name: str) -> bool:
    """Tell whether Excel would refuse a sheet's name, or repair the file and rename the sheet."""
    return (
        not 0 < length(name) <= SHEET_NAME
        or bool(_NO_SHEET_NAME.search(name) or _UNWRITABLE.search(name))
        or name.strip("'") != name
        or name.lower() == "history"  # reserved for the change tracking of shared workbooks
    )


def sheet_name(text: str, taken: Collection[str] = ()) -> str:
    """Make a sheet's name of any text, and one that differs from those ``taken`` (case does not count)."""
    plain = " ".join(_NO_SHEET_NAME.sub(" ", _UNWRITABLE.sub(" ", text)).split()).strip("'")
    plain = cut(plain, SHEET_NAME, "…").strip("'") or "表"
    if plain.lower() == "history":
        plain += "_"
    lowered = {name.lower() for name in taken}
    name, number = plain, 1
    while name.lower() in lowered:
        number += 1
        mark = f"（{number}）"
        name = cut(plain, SHEET_NAME - length(mark)) + mark
    return name
