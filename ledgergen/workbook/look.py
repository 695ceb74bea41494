"""The look of a text in a cell: how many lines it takes, and so how high its row must be.

xlsxwriter does not fit rows, and LibreOffice believes the heights that a file declares, so every height is computed.
The model may waste a little and must never clip:

- a Chinese character is 1 em wide, a Latin one 0.6 em, capitals 0.75, the widest Latin ones and symbols 1 em;
- no closing mark begins a line and no opening mark ends one (the lists of LibreOffice's Chinese rules; Excel's are
  shorter); a Latin word is never broken unless it is longer than a line, an address then where LibreOffice would;
- a column of ``width`` characters is 7 · width + 5 pixels wide, 5 of which are padding and grid line (ECMA-376 part 1,
  18.3.1.13, for the default font whose digits are 7 pixels wide);
- a line is 1.45 em high, rounded up to whole pixels, and a cell needs 6 points more. Seen in LibreOffice 7.4: 1.42 to
  1.49 em a line with Noto CJK, which stands in on machines without the Windows fonts; 仿宋 and 宋体 in Excel need 1.2.
"""

import functools
import math
import re
from collections.abc import Iterable
from typing import Final

from ledgergen.workbook.limits import ROW_HEIGHT

LINE_HEIGHT: Final = 1.45
CELL_PADDING: Final = 6.0
_PIXELS_PER_POINT: Final = 96 / 72
_PIXELS_PER_CHARACTER: Final = 7

_OPENING: Final = r"$(\[{£¥‘“〈《「『【〔〖〝﹙﹛﹝＄（［｛￡￥"
_CLOSING: Final = r"!%),.:;?\]}¢°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞—～﹚﹜﹞！＂％＇），．：；？］｀｜｝￠"
# A run of Latin letters, digits and marks; everything from U+2000 on is taken for a wide character of its own.
_LATIN: Final = r"[\x21-\u1fff]+"
# A digit stays with the closing mark before it: so LibreOffice 7.4 breaks 坚持。2022年, as seen.
_PIECE: Final = re.compile(rf" +|[{_OPENING}]*(?:{_LATIN}|[^ ])(?:[{_CLOSING}]+(?:[0-9]{_LATIN}|[0-9])?)*")
# Where an address may be broken: a part of the places of UAX #14, for a model with fewer of them needs more lines.
_PART: Final = re.compile(r".*?(?:[/?](?![0-9/?])|$)", re.DOTALL)
_BROAD: Final = frozenset("mwMW@%&©®")
_EMOJI: Final = "\U0001f000"


def lines_of(text: str, width_chars: float, points: float) -> int:
    """Count the lines a text takes in a column of ``width_chars`` characters at ``points``; at least 1.

    Never too few, perhaps one too many.
    """
    # A plan's texts come again in the ledger of every unit; codes, which are ASCII, never do.
    return (_count_lines if text.isascii() else _remembered_lines)(text, width_chars, points)


def _count_lines(text: str, width_chars: float, points: float) -> int:
    room = width_chars * _PIXELS_PER_CHARACTER / (points * _PIXELS_PER_POINT)
    return sum(_lines_of_paragraph(paragraph, room) for paragraph in text.split("\n"))


_remembered_lines = functools.lru_cache(maxsize=1 << 12)(_count_lines)


def height_of_lines(lines: int, points: float) -> float:
    """Give the height in points that so many lines need, before Excel's cap."""
    return lines * _line_height(points) + CELL_PADDING


def row_height(cells: Iterable[tuple[str, float, float, int]]) -> float:
    """Give the height in points of a row of cells: text, column width in characters, points, lines kept free at least.

    Whole pixels (multiples of 0.75 points), at most 409 points, which is Excel's own limit.
    """
    height = 0.0
    for text, width, points, least in cells:
        lines = lines_of(text, width, points)
        height = max(height, max(lines, least) * _line_height(points))
    return min(height + CELL_PADDING, ROW_HEIGHT)


@functools.cache
def _line_height(points: float) -> float:
    return math.ceil(points * LINE_HEIGHT * _PIXELS_PER_POINT) / _PIXELS_PER_POINT


def _lines_of_paragraph(text: str, room: float) -> int:
    """Pack the pieces between which a line may break; ``room`` is the width of a line in em."""
    if len(text) <= room and text < _EMOJI:
        return 1
    lines, used = 1, 0.0
    for piece in _PIECE.findall(text.replace("\t", "    ")):
        width = _width_of(piece)
        if used + width <= room:
            used += width
        elif piece == " ":
            used = room  # one blank at the end of a line hangs over its edge
        elif width <= room:
            lines, used = lines + 1, width
        else:
            lines, used = _broken(piece, lines + bool(used), room), room  # what follows gets a line of its own
    return lines


def _broken(piece: str, lines: int, room: float) -> int:
    """Break a piece that is longer than a line, from the beginning of one; gives the lines so far."""
    used = 0.0
    for part in _PART.findall(piece):
        width = _width_of(part)
        if used + width > room and used:
            lines, used = lines + 1, 0.0
        if width <= room:
            used += width
            continue
        # Anywhere now, but less well than one might: each line loses about a character.
        place = max(1.0, room - 1)
        for character in part:
            if used and used + _character_width(character) > place:
                lines, used = lines + 1, 0.0
            used += _character_width(character)
    return lines


def _width_of(piece: str) -> float:
    """Give the width of a piece in em."""
    return sum(map(_character_width, piece)) if piece.isascii() else _remembered_width(piece)


@functools.lru_cache(maxsize=1 << 12)
def _remembered_width(piece: str) -> float:
    return sum(map(_character_width, piece))


@functools.lru_cache(maxsize=1 << 12)
def _character_width(character: str) -> float:
    if character >= _EMOJI:
        return 1.3
    if character >= "\u2000" or character in _BROAD:
        return 1.0
    return 0.75 if character.isupper() else 0.6
